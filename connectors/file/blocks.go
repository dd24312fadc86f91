package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"rollcall/core"
)

// Sizes of reading. A block is what one goroutine parses at a time; a record may grow to
// maxRecord before it is taken for a quotation mark that is never closed.
const (
	blockSize = 1 << 20
	maxRecord = 8 << 20
)

// block is a piece of the file, in UTF-8, that begins and ends with whole records.
type block struct {
	data []byte
	line int // number of its first line
	skip int // bytes of data before the first record: what stands above and in the header
}

// blocks reads a file piece by piece. It keeps the end of each piece that is not a whole
// record for the next one.
type blocks struct {
	name    string
	from    io.Reader
	script  script
	delim   byte
	outside [][2]int // pieces of a buffer outside quotation marks
	line    int
	rest    []byte // read, but not given yet
	letters bool   // a character beyond ASCII was seen, and it was UTF-8
	done    bool
}

func newBlocks(name string, from io.Reader, s script, delim byte) *blocks {
	return &blocks{name: name, from: from, script: s, delim: delim, line: 1}
}

// next gives the next block, in buf or a larger buffer; io.EOF after the last.
func (r *blocks) next(buf []byte) (block, error) {
	buf = append(buf[:0], r.rest...)
	r.rest = r.rest[:0]
	for {
		var err error
		if buf, err = r.fill(buf); err != nil {
			return block{}, err
		}
		if len(buf) == 0 {
			return block{}, io.EOF
		}
		end, err := r.boundary(buf)
		if err != nil {
			return block{}, err
		}
		if end > 0 {
			r.rest = append(r.rest, buf[end:]...)
			return r.finish(buf[:end])
		}
	}
}

// fill reads until the buffer has no room or the file ends; the last line gets its line
// feed where it lacks one.
func (r *blocks) fill(buf []byte) ([]byte, error) {
	if r.done {
		return buf, nil
	}
	if len(buf) >= cap(buf)-1 || cap(buf) < blockSize {
		buf = append(make([]byte, 0, max(blockSize, 2*cap(buf))), buf...)
	}
	for len(buf) < cap(buf)-1 && !r.done {
		n, err := r.from.Read(buf[len(buf) : cap(buf)-1])
		if r.script.oldMac {
			unixLines(buf[len(buf) : len(buf)+n])
		}
		buf = buf[:len(buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			r.done = true
		case err != nil:
			return buf, unreadable(r.name, err)
		}
	}
	if n := len(buf); r.done && n > 0 && buf[n-1] != '\n' {
		buf = append(buf, '\n')
	}
	return buf, nil
}

func unixLines(b []byte) {
	for i, c := range b {
		if c == '\r' {
			b[i] = '\n'
		}
	}
}

// boundary gives the end of the last whole record in buf, 0 where more has to be read.
// It jumps from quotation mark to quotation mark and takes the last line feed between.
func (r *blocks) boundary(buf []byte) (int, error) {
	r.outside = r.outside[:0]
	open := -1
	for pos := 0; ; {
		q := bytes.IndexByte(buf[pos:], '"')
		if q < 0 {
			r.outside = append(r.outside, [2]int{pos, len(buf)})
			break
		}
		q += pos
		r.outside = append(r.outside, [2]int{pos, q})
		if pos = q + 1; q > 0 && buf[q-1] != r.delim && buf[q-1] != '\n' {
			continue // an ordinary character
		}
		end := closingQuote(buf, pos)
		if end < 0 {
			open = q
			break
		}
		pos = end + 1
	}
	for _, s := range slices.Backward(r.outside) {
		if i := bytes.LastIndexByte(buf[s[0]:s[1]], '\n'); i >= 0 && (open < 0 || !r.done) {
			return s[0] + i + 1, nil
		}
	}
	switch {
	case open >= 0 && (r.done || len(buf) > maxRecord):
		return 0, r.problem(buf, open, &tornQuote)
	case len(buf) > maxRecord:
		return 0, r.problem(buf, 0, &flaw{what: "is longer than any row can be", fix: "Check that the file is a table with one row a line."})
	}
	return 0, nil
}

// closingQuote gives the quotation mark that closes a cell whose text begins at pos, -1
// where buf ends before that is certain.
func closingQuote(buf []byte, pos int) int {
	for {
		i := bytes.IndexByte(buf[pos:], '"')
		if i < 0 || pos+i+1 == len(buf) {
			return -1
		}
		if pos += i; buf[pos+1] != '"' {
			return pos
		}
		pos += 2
	}
}

func (r *blocks) problem(buf []byte, at int, f *flaw) error {
	return f.problem(r.name, "Line", r.line+bytes.Count(buf[:at], []byte{'\n'}))
}

// finish checks the characters of a block and counts its lines.
func (r *blocks) finish(data []byte) (block, error) {
	b := block{data: data, line: r.line}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return block{}, r.problem(data, i, &flaw{what: "holds a NUL character, which no text has", fix: "Choose the encoding in the settings of this file, or export it again as UTF-8."})
	}
	r.line += bytes.Count(data, []byte{'\n'})
	if r.script.encoding == windows1252 {
		b.data = decode1252(data)
		return b, nil
	}
	if letters, ok := checkUTF8(data); ok {
		r.letters = r.letters || letters
		return b, nil
	}
	if !r.script.found || r.script.mark > 0 || r.letters || mostlyUTF8(data) {
		return block{}, r.notUTF8(b)
	}
	r.script.encoding = windows1252
	b.data = decode1252(data)
	return b, nil
}

func (r *blocks) notUTF8(b block) error {
	at := 0
	for at < len(b.data) {
		c, n := utf8.DecodeRune(b.data[at:])
		if c == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	line := b.line + bytes.Count(b.data[:at], []byte{'\n'})
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("Line %d of “%s” has a character that is not UTF-8, though the file is.", line, r.name),
		Fix: "Export the file again as UTF-8, or choose Windows-1252 as its encoding."}
}
