package expression

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dateFormat is a .NET or Joda pattern cut into its parts. The two agree but for Joda's E
// (weekday), a (AM/PM), S (fraction), Z and X (offset), which .NET does not use.
type dateFormat []datePart

// datePart is a run of one pattern letter, or literal text when letter is 0.
type datePart struct {
	letter  byte
	count   int
	literal string
}

// standardPatterns are the one-letter names of .NET that do not depend on a culture.
var standardPatterns = map[string]string{
	"d": "MM/dd/yyyy", "o": "yyyy-MM-ddTHH:mm:ss.fffffffK", "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
	"s": "yyyy-MM-ddTHH:mm:ss", "u": "yyyy-MM-dd HH:mm:ssZ", "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}

const patternLetters = "yYuMdEHhkKmsfFStazZXK"

var dateFormats memo[dateFormat]

func datePattern(s string) (dateFormat, error) {
	if p, ok := dateFormats.get(s); ok {
		return p, nil
	}
	p, err := cutPattern(s)
	if err == nil {
		dateFormats.put(s, p)
	}
	return p, err
}

func cutPattern(s string) (dateFormat, error) {
	if standard, ok := standardPatterns[s]; ok {
		s = standard
	}
	var p dateFormat
	literal := func(t string) {
		if n := len(p); n > 0 && p[n-1].letter == 0 {
			p[n-1].literal += t
			return
		}
		p = append(p, datePart{literal: t})
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\'' || c == '"':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return nil, refuse("Close the quote.", "the pattern %s has an open quote.", quoted(s))
			}
			if end == 0 {
				literal(string(c))
			}
			literal(s[i+1 : i+1+end])
			i += end + 2
		case c == '\\' && i+1 < len(s):
			literal(s[i+1 : i+2])
			i += 2
		case c == '%':
			i++
		case strings.IndexByte(patternLetters, c) >= 0:
			n := 1
			for i+n < len(s) && s[i+n] == c {
				n++
			}
			p = append(p, datePart{letter: c, count: n})
			i += n
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' && c != 'T' && c != 'G':
			return nil, refuse("Use y M d H h m s f t z, and put other letters in quotes.", "the letter %s in the pattern %s is not known.", string(c), quoted(s))
		default:
			literal(s[i : i+1])
			i++
		}
	}
	return p, nil
}

// format writes a time.
func (p dateFormat) format(t time.Time) string {
	var out strings.Builder
	for _, part := range p {
		out.WriteString(part.format(t))
	}
	return out.String()
}

func (d datePart) format(t time.Time) string {
	number := func(n int) string { return fmt.Sprintf("%0*d", min(d.count, 9), n) }
	switch d.letter {
	case 'y', 'Y', 'u':
		if d.count == 2 {
			return t.Format("06")
		}
		return number(t.Year())
	case 'M':
		if d.count >= 3 {
			return name(d.count >= 4, t.Month().String())
		}
		return number(int(t.Month()))
	case 'd':
		if d.count >= 3 {
			return name(d.count >= 4, t.Weekday().String())
		}
		return number(t.Day())
	case 'E':
		return name(d.count >= 4, t.Weekday().String())
	case 'H', 'k':
		return number(t.Hour())
	case 'h':
		return number((t.Hour()+11)%12 + 1)
	case 'm':
		return number(t.Minute())
	case 's':
		return number(t.Second())
	case 'f', 'S':
		return fmt.Sprintf("%09d", t.Nanosecond())[:min(d.count, 9)]
	case 'F':
		return strings.TrimRight(fmt.Sprintf("%09d", t.Nanosecond())[:min(d.count, 9)], "0")
	case 't', 'a':
		half := t.Format("PM")
		if d.letter == 't' && d.count == 1 {
			half = half[:1]
		}
		return half
	case 'z':
		return t.Format(map[bool]string{true: "-07:00", false: "-07"}[d.count >= 3])
	case 'Z', 'X', 'K':
		return d.offset(t)
	}
	return d.literal
}

func name(whole bool, s string) string {
	if whole {
		return s
	}
	return s[:3]
}

// offset writes the offset letters: Joda's Z and ZZ, Java's X, and .NET's K. A single Z
// beside a UTC time is how people write the letter Z of ISO 8601.
func (d datePart) offset(t time.Time) string {
	_, seconds := t.Zone()
	switch {
	case d.letter != 'Z' || d.count == 1 && seconds == 0:
		return t.Format("Z07:00")
	case d.count == 1:
		return t.Format("-0700")
	case d.count == 2:
		return t.Format("-07:00")
	}
	return t.Location().String()
}

// dateReader reads a text by a pattern.
type dateReader struct {
	text                           string
	year, month, day, hour, minute int
	second, nanosecond             int
	pm, hasHalf, hasTime           bool
	location                       *time.Location
}

// parse reads a text; a pattern without hours gives a date without time.
func (p dateFormat) parse(s string, location *time.Location) (Value, error) {
	r := &dateReader{text: s, year: 1, month: 1, day: 1, location: location}
	ok := true
	for _, part := range p {
		if ok = r.read(part); !ok {
			break
		}
	}
	if ok && r.hasHalf {
		ok = r.hour >= 1 && r.hour <= 12
		r.hour %= 12
		if r.pm {
			r.hour += 12
		}
	}
	t := time.Date(r.year, time.Month(r.month), r.day, r.hour, r.minute, r.second, r.nanosecond, r.location)
	switch {
	case !ok || r.text != "" || r.month < 1 || r.month > 12 || t.Day() != r.day && !r.hasTime || r.hour > 23 || r.minute > 59 || r.second > 59,
		time.Date(r.year, time.Month(r.month), r.day, 0, 0, 0, 0, time.UTC).Day() != r.day:
		return Value{}, refuse("Check the pattern against the data.", "%s is not written in that pattern.", quoted(s))
	case !r.hasTime:
		return day(t), nil
	}
	return instant(t), nil
}

func (r *dateReader) read(d datePart) bool {
	switch d.letter {
	case 0:
		rest, ok := strings.CutPrefix(r.text, d.literal)
		r.text = rest
		return ok
	case 'y', 'Y', 'u':
		return r.readYear(d.count)
	case 'M':
		if d.count >= 3 {
			return r.readName(d.count >= 4, 12, func(i int) string { return time.Month(i + 1).String() }, &r.month)
		}
		return r.number(d.count, 2, &r.month)
	case 'd', 'E':
		if d.count >= 3 || d.letter == 'E' {
			var ignored int
			return r.readName(d.count >= 4, 7, func(i int) string { return time.Weekday(i).String() }, &ignored)
		}
		return r.number(d.count, 2, &r.day)
	case 'H', 'h', 'k':
		r.hasTime = true
		return r.number(d.count, 2, &r.hour)
	case 'm':
		return r.number(d.count, 2, &r.minute)
	case 's':
		return r.number(d.count, 2, &r.second)
	case 'f', 'F', 'S':
		return r.readFraction()
	case 't', 'a':
		return r.readHalf()
	}
	return r.readOffset()
}

// number reads digits: exactly two for a doubled letter, else as many as there are up to most.
func (r *dateReader) number(count, most int, to *int) bool {
	n := spanOf(r.text, func(c rune) bool { return c >= '0' && c <= '9' })
	n = min(n, max(most, count))
	if n == 0 || count >= 2 && n < count {
		return false
	}
	v, err := strconv.Atoi(r.text[:n])
	*to = v
	r.text = r.text[n:]
	return err == nil
}

func (r *dateReader) readYear(count int) bool {
	if count != 2 {
		return r.number(count, 4, &r.year)
	}
	ok := r.number(2, 2, &r.year)
	if r.year += 1900; r.year < 1950 { // .NET's window: 00–49 are of this century
		r.year += 100
	}
	return ok
}

func (r *dateReader) readName(whole bool, n int, nameOf func(int) string, to *int) bool {
	for i := range n {
		word := name(whole, nameOf(i))
		if len(r.text) >= len(word) && strings.EqualFold(r.text[:len(word)], word) {
			*to, r.text = i+1, r.text[len(word):]
			return true
		}
	}
	return false
}

func (r *dateReader) readFraction() bool {
	n := min(9, spanOf(r.text, func(c rune) bool { return c >= '0' && c <= '9' }))
	v, err := strconv.Atoi((r.text[:n] + "000000000")[:9])
	r.nanosecond, r.text = v, r.text[n:]
	return err == nil
}

func (r *dateReader) readHalf() bool {
	upper := strings.ToUpper(r.text)
	r.hasHalf = true
	switch {
	case strings.HasPrefix(upper, "PM"), strings.HasPrefix(upper, "AM"):
		r.pm, r.text = upper[0] == 'P', r.text[2:]
	case strings.HasPrefix(upper, "P"), strings.HasPrefix(upper, "A"):
		r.pm, r.text = upper[0] == 'P', r.text[1:]
	default:
		return false
	}
	return true
}

func (r *dateReader) readOffset() bool {
	if rest, ok := strings.CutPrefix(r.text, "Z"); ok {
		r.location, r.text = time.UTC, rest
		return true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if len(r.text) < len(layout) {
			continue
		}
		if t, err := time.Parse(layout, r.text[:len(layout)]); err == nil {
			_, seconds := t.Zone()
			r.location, r.text = time.FixedZone("", seconds), r.text[len(layout):]
			return true
		}
	}
	return r.text == ""
}
