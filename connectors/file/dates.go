package file

import (
	"bytes"
	"slices"
	"time"
)

// dateStyle is the order of day, month and year. Dates that begin with the year are
// understood in every style.
type dateStyle uint8

const (
	anyDate dateStyle = iota // not known yet
	dmy
	mdy
	ymd
)

var dateStyles = map[string]dateStyle{"dmy": dmy, "mdy": mdy, "ymd": ymd}

var dateWords = map[dateStyle]string{dmy: "day, month, year", mdy: "month, day, year", ymd: "year, month, day"}

// rawDate is a date as it was read: three parts and which of them say what they are.
type rawDate struct {
	part  [3]int
	long  [3]bool // four digits: the year
	month int     // which part was a month's name; -1: none
}

// splitDate finds the three parts of a date, with or without a time after it.
func splitDate(b []byte) (rawDate, bool) {
	d := rawDate{month: -1}
	i := 0
	for n := range 3 {
		start := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' && i-start < 5 {
			d.part[n] = d.part[n]*10 + int(b[i]-'0')
			i++
		}
		switch length := i - start; {
		case length == 0 && d.month < 0 && n < 2:
			word := i
			for i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z' || b[i] >= 0x80) {
				i++
			}
			if d.part[n] = monthOf(b[word:i]); d.part[n] == 0 {
				return d, false
			}
			d.month = n
		case length == 4:
			d.long[n] = true
		case length == 0 || length > 2:
			return d, false
		}
		if n == 2 {
			break
		}
		gap := i
		for i < len(b) && (b[i] == '.' || b[i] == '/' || b[i] == '-' || b[i] == ' ' || b[i] == ',') {
			i++
		}
		if i == gap || i-gap > 2 {
			return d, false
		}
	}
	return d, timeFollows(b[i:])
}

// timeFollows says that b is empty or a time of day, which dates are cut off from.
func timeFollows(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	colon := false
	for _, c := range b[1:] {
		colon = colon || c == ':'
	}
	return (b[0] == ' ' || b[0] == 'T') && colon && len(b) < 40
}

var monthPrefixes = []struct {
	prefix string
	month  int
}{
	{"jan", 1}, {"ene", 1}, {"gen", 1}, {"feb", 2}, {"fev", 2}, {"fév", 2}, {"mar", 3}, {"mär", 3}, {"mrz", 3}, {"maa", 3}, {"mrt", 3},
	{"apr", 4}, {"avr", 4}, {"abr", 4}, {"may", 5}, {"mai", 5}, {"mei", 5}, {"maj", 5}, {"jun", 6}, {"juin", 6}, {"jul", 7}, {"juil", 7},
	{"aug", 8}, {"aou", 8}, {"aoû", 8}, {"ago", 8}, {"sep", 9}, {"oct", 10}, {"okt", 10}, {"out", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"déc", 12}, {"dic", 12},
}

// monthOf knows months by how they begin, in English, German, French, Dutch, Spanish
// and the Nordic languages; 0 for other words.
func monthOf(word []byte) int {
	if len(word) < 3 || len(word) > 12 {
		return 0
	}
	var low [12]byte
	for i, c := range word {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	for _, m := range monthPrefixes {
		if len(word) >= len(m.prefix) && string(low[:len(m.prefix)]) == m.prefix {
			return m.month
		}
	}
	return 0
}

// fits says that the date can be read in that style.
func (d rawDate) fits(style dateStyle) bool {
	_, _, _, ok := d.read(style, 0)
	return ok
}

// sure says that only one style fits, because of a year first or a month's name.
func (d rawDate) sure() bool { return d.long[0] || d.month >= 0 }

// read gives the date in that style. Years of two digits lie within 100 years up to
// latest, or end in 2068 where latest is 0.
func (d rawDate) read(style dateStyle, latest int) (year, month, day int, ok bool) {
	order := [3]int{2, 1, 0} // where year, month and day stand: day first
	switch {
	case d.long[0] || style == ymd && d.month < 0 && !d.long[2]:
		order = [3]int{0, 1, 2}
	case d.month == 0 || style == mdy && d.month < 0:
		order = [3]int{2, 0, 1}
	}
	year, month, day = d.part[order[0]], d.part[order[1]], d.part[order[2]]
	if d.long[order[1]] || d.long[order[2]] || d.month >= 0 && d.month != order[1] {
		return 0, 0, 0, false
	}
	if !d.long[order[0]] {
		if latest == 0 {
			latest = 2068
		}
		year += latest / 100 * 100
		if year > latest {
			year -= 100
		}
	}
	return year, month, day, validDate(year, month, day)
}

// never is the year of the last day of the calendar, which SAP and others write where
// there is no end.
const never = 9999

func validDate(year, month, day int) bool {
	if year < 1 || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	return day <= 28 || time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// noDates are words for a date that there is not.
var noDates = [][]byte{[]byte("null"), []byte("none"), []byte("n/a"), []byte("nan"), []byte("nat")}

// noDate says that b is how some systems write that there is no date: a dash, zeros or a
// word.
func noDate(b []byte) bool {
	if len(b) <= 4 {
		dash := len(bytes.Trim(b, "-–—./ ")) == 0
		return dash || slices.ContainsFunc(noDates, func(word []byte) bool { return bytes.EqualFold(b, word) })
	}
	zeros := 0
	for _, c := range b {
		switch c {
		case '0':
			zeros++
		case '.', '/', '-', ' ', ':', 'T':
		default:
			return false
		}
	}
	return zeros >= 6
}

// isISO says that b is a date written YYYY-MM-DD.
func isISO(b []byte) bool {
	if len(b) != 10 || b[4] != '-' || b[7] != '-' {
		return false
	}
	n := [3]int{}
	for i, c := range b {
		switch {
		case i == 4 || i == 7:
		case c < '0' || c > '9':
			return false
		default:
			p := min(i/4, 1) + i/8
			n[p] = n[p]*10 + int(c-'0')
		}
	}
	return validDate(n[0], n[1], n[2])
}

// compactDate reads YYYYMMDD.
func compactDate(b []byte) (year, month, day int, ok bool) {
	if len(b) != 8 {
		return 0, 0, 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, 0, 0, false
		}
		n = n*10 + int(c-'0')
	}
	year, month, day = n/10000, n/100%100, n%100
	return year, month, day, (year >= 1900 && year < 2200 || year == never) && validDate(year, month, day)
}

// appendISO writes a date as YYYY-MM-DD.
func appendISO(b []byte, year, month, day int) []byte {
	digits := func(n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }
	b = digits(year / 100)
	b = digits(year)
	b = append(b, '-')
	b = digits(month)
	b = append(b, '-')
	return digits(day)
}
