package ldap

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/biter777/countries"

	"rollcall/core"
)

// guidText prints the bytes of an objectGUID: its first three parts are little-endian
// (MS-DTYP §2.3.4). It gives "" for what is none.
func guidText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:])
}

// guidBytes gives the bytes of a printed objectGUID; ok is false for what is none.
func guidBytes(text string) (b [16]byte, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return b, false
	}
	printed, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(printed) != len(b) {
		return b, false
	}
	for i, from := range []int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15} {
		b[i] = printed[from]
	}
	return b, true
}

// guidFilter gives the bytes of a printed objectGUID as a filter has them (RFC 4515 §3);
// ok is false for what is none.
func guidFilter(text string) (filter string, ok bool) {
	b, ok := guidBytes(text)
	if !ok {
		return "", false
	}
	return escapedBytes(b[:]), true
}

// escapedBytes gives bytes as a filter has them.
func escapedBytes(b []byte) string {
	var f strings.Builder
	for _, c := range b {
		fmt.Fprintf(&f, `\%02x`, c)
	}
	return f.String()
}

// splitDN takes a name of the extended form <GUID=…>;<SID=…>;CN=… apart (MS-ADTS
// §3.1.1.3.4.1.5). A plain name comes back as it is, without an id.
func splitDN(extended string) (guid, dn string) {
	for strings.HasPrefix(extended, "<") {
		part, rest, ok := strings.Cut(extended, ">;")
		if !ok {
			return "", extended
		}
		if g, is := strings.CutPrefix(part, "<GUID="); is {
			guid = strings.ToLower(g)
		}
		extended = rest
	}
	return guid, extended
}

// Active Directory keeps points in time as steps of 100 ns since 1601.
const (
	ticksPerSecond = 10_000_000
	unixEpoch      = 11_644_473_600 // seconds from 1601 to 1970
	never          = "9223372036854775807"
)

// expiry gives what accountExpires holds for an account whose last day this is: the
// midnight after it, as Windows' own tools have it.
func expiry(day string, where *time.Location) (string, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, where)
	if err != nil || t.Year() < 1602 {
		return "", false
	}
	return strconv.FormatInt((t.AddDate(0, 0, 1).Unix()+unixEpoch)*ticksPerSecond, 10), true
}

// lastDay gives the day that expiry was made of; "" for an account that never ends.
func lastDay(expires string, where *time.Location) string {
	ticks, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || ticks <= 0 || expires == never {
		return ""
	}
	return time.Unix((ticks-1)/ticksPerSecond-unixEpoch, 0).In(where).Format(time.DateOnly)
}

// Bits of userAccountControl.
const (
	disabledBit   = 2
	normalAccount = 512
)

// stateValue gives userAccountControl with the one bit set or not.
func stateValue(control string, active bool) string {
	bits, err := strconv.ParseInt(control, 10, 64)
	if err != nil {
		bits = normalAccount
	}
	if bits |= disabledBit; active {
		bits &^= disabledBit
	}
	return strconv.FormatInt(bits, 10)
}

func enabled(control string) bool {
	bits, err := strconv.ParseInt(control, 10, 64)
	return err == nil && bits&disabledBit == 0
}

// passwordValue gives what unicodePwd takes: the password in quotes as UTF-16
// (MS-ADTS §3.1.1.3.1.5.1).
func passwordValue(p core.Secret) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(`"` + p.Reveal() + `"`)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return string(b)
}

// accountNameFault says what is wrong with a sAMAccountName, after "it"; "" for nothing.
func accountNameFault(name string) string {
	switch i := strings.IndexAny(name, `"/\[]:;|=,+*?<>`); {
	case i >= 0:
		return fmt.Sprintf("has the character %q, which it cannot have", name[i])
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return "has a character that cannot be seen"
	case strings.Trim(name, ". ") == "":
		return "has nothing but points and blanks"
	case strings.HasSuffix(name, "."):
		return "ends with a point"
	}
	return ""
}

// countryValues gives the three attributes of a country by its two letters: ISO 3166's
// letters, name and number. ok is false where there is no such country.
func countryValues(code string) (values map[string][]string, ok bool) {
	c := countries.ByName(code)
	if len(code) != 2 || !c.IsValid() || !strings.EqualFold(c.Alpha2(), code) {
		return nil, false
	}
	return map[string][]string{"c": {c.Alpha2()}, "co": {c.String()}, "countryCode": {strconv.Itoa(int(c))}}, true
}

const (
	primaryMark = "SMTP:"
	furtherMark = "smtp:"
)

// furtherAddresses are those of proxyAddresses without the primary one, which is mail's.
func furtherAddresses(all []string, mail string) []string {
	var further []string
	for _, a := range all {
		if !strings.HasPrefix(a, primaryMark) || !strings.EqualFold(a[len(primaryMark):], mail) {
			further = append(further, a)
		}
	}
	return further
}

// withPrimary puts the primary address before the others, unless they name one.
func withPrimary(mail string, further []string) []string {
	if mail == "" {
		return further
	}
	all := []string{primaryMark + mail}
	for _, a := range further {
		if strings.HasPrefix(a, primaryMark) {
			return further
		}
		if !strings.EqualFold(a, primaryMark+mail) {
			all = append(all, a)
		}
	}
	return all
}

// movedPrimary gives proxyAddresses after mail has changed: the former primary address
// stays as a further one, so that post to it still comes.
func movedPrimary(all []string, mail string) []string {
	var others []string
	for _, a := range all {
		if rest, was := strings.CutPrefix(a, primaryMark); was {
			a = furtherMark + rest
		}
		others = append(others, a)
	}
	return withPrimary(mail, others)
}

const longestName = 64 // of cn (MS-ADA1, Common-Name)

// numbered gives the n-th candidate for a name that is taken.
func numbered(name string, n int) string {
	if n < 2 {
		return name
	}
	end := fmt.Sprintf(" %d", n)
	if runes := []rune(name); len(runes)+len(end) > longestName {
		name = strings.TrimSpace(string(runes[:longestName-len(end)]))
	}
	return name + end
}

// withoutNumber gives a name without the number that numbered appended to one of these.
func withoutNumber(name string, plain ...string) string {
	n, err := strconv.Atoi(name[strings.LastIndexByte(name, ' ')+1:])
	for _, p := range plain {
		if err == nil && n > 1 && p != "" && numbered(p, n) == name {
			return p
		}
	}
	return name
}
