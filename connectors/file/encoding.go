package file

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings, by their answer in the form.
const (
	autoEncoding = "auto"
	utf8Text     = "utf-8"
	utf16Text    = "utf-16"
	windows1252  = "windows-1252"
)

// script says how the bytes of a file become UTF-8.
type script struct {
	encoding  string
	bigEndian bool // UTF-16
	mark      int  // bytes of the byte order mark
	found     bool // by looking, not chosen: UTF-8 may still turn out to be Windows-1252
	oldMac    bool // lines end in \r alone
}

var (
	markUTF8 = []byte{0xef, 0xbb, 0xbf}
	markLE   = []byte{0xff, 0xfe}
	markBE   = []byte{0xfe, 0xff}
)

// findScript looks at the first bytes of a file.
func findScript(head []byte, chosen string) script {
	s := script{encoding: chosen, found: chosen == autoEncoding || chosen == ""}
	switch {
	case bytes.HasPrefix(head, markUTF8) && (s.found || chosen == utf8Text):
		s.encoding, s.mark = utf8Text, len(markUTF8)
	case bytes.HasPrefix(head, markLE) && (s.found || chosen == utf16Text):
		s.encoding, s.mark = utf16Text, len(markLE)
	case bytes.HasPrefix(head, markBE) && (s.found || chosen == utf16Text):
		s.encoding, s.mark, s.bigEndian = utf16Text, len(markBE), true
	case s.found:
		s.encoding, s.bigEndian = guessEncoding(head)
	case chosen == utf16Text:
		_, s.bigEndian = zeroBytes(head)
	}
	return s
}

func guessEncoding(head []byte) (encoding string, bigEndian bool) {
	if mostly, big := zeroBytes(head); mostly {
		return utf16Text, big
	}
	if head = wholeRunes(head); utf8.Valid(head) || mostlyUTF8(head) {
		return utf8Text, false
	}
	return windows1252, false
}

// mostlyUTF8 says that b has more characters in good UTF-8 than bytes that are not: a
// damaged text, not one in another encoding.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		switch {
		case n > 1:
			good++
		case c == utf8.RuneError:
			bad++
		}
		b = b[n:]
	}
	return good > bad
}

// zeroBytes says whether every second byte is mostly zero, as in UTF-16 of Latin text,
// and whether those are the first of each pair.
func zeroBytes(head []byte) (mostly, first bool) {
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	half := len(head) / 2
	return half > 0 && (zero[0] > half/2 && zero[1] == 0 || zero[1] > half/2 && zero[0] == 0), zero[0] > zero[1]
}

// wholeRunes cuts off a character that the end of b tears.
func wholeRunes(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-n:]) {
				return b[:len(b)-n]
			}
			break
		}
	}
	return b
}

// text gives r without its byte order mark, and UTF-16 as UTF-8; Windows-1252 stays as
// it is, because rows can be told apart in it and are decoded block by block.
func (s script) text(r io.Reader) (io.Reader, error) {
	if _, err := io.CopyN(io.Discard, r, int64(s.mark)); err != nil {
		return nil, err
	}
	if s.encoding != utf16Text {
		return r, nil
	}
	order := unicode.LittleEndian
	if s.bigEndian {
		order = unicode.BigEndian
	}
	return transform.NewReader(r, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder()), nil
}

// words says the encoding as a person knows it.
func (s script) words() string {
	switch s.encoding {
	case utf16Text:
		return "UTF-16"
	case windows1252:
		return "Windows-1252"
	default:
		return "UTF-8"
	}
}

func decode1252(b []byte) []byte {
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return b // not reached: every byte has a character or the replacement character
	}
	return out
}

// checkUTF8 says whether b is UTF-8, and whether it has more than ASCII. It skips ASCII
// eight bytes at a time, also after the first letter beyond, as utf8.Valid does not.
func checkUTF8(b []byte) (letters, ok bool) {
	for i := 0; i < len(b); {
		if i+8 <= len(b) && binary.LittleEndian.Uint64(b[i:])&(0x80*eachByte) == 0 {
			i += 8
			continue
		}
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, n := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && n == 1 {
			return letters, false
		}
		letters = true
		i += n
	}
	return letters, true
}
