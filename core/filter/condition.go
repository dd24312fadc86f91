package filter

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rollcall/core"
)

// condition is one comparison, compiled. Texts are compared folded: without case and in
// one Unicode form.
type condition struct {
	place    int // among the fields of the sieve
	operator string
	family   family
	negative bool            // holds where the comparison does not
	text     []byte          // the wanted text, folded
	texts    map[string]bool // the wanted texts, folded
	pattern  *regexp.Regexp  //
	low      float64         // numbers: the bounds, both ends included unless open
	high     float64         //
	open     bool            // numbers: the bounds themselves do not count
	from, to string          // dates: the bounds, both included
	asks     string          // what is asked for, in words
	fails    string          // its contrary
}

// family is how a condition is decided.
type family uint8

const (
	byText family = iota
	byNumber
	byDate
	byList
	byEmptiness
)

func (c *compiler) condition(in core.Condition) (condition, error) {
	if in.Field == "" {
		return condition{}, wrong("A condition of the filter names no field.", "Choose the field that it compares.")
	}
	w, ok := wordingOf(in.Operator)
	if !ok {
		return condition{}, wrong(fmt.Sprintf("The filter compares %s by “%s”, which is no operator.", label(in.Field), in.Operator), "Use one of: "+allOperators()+".")
	}
	values := trimmed(in.Values)
	if err := w.count(in.Field, values); err != nil {
		return condition{}, err
	}
	out := condition{place: c.place(in.Field), operator: w.ID}
	out.asks, out.fails = w.texts(in.Field, values)
	err := out.prepare(values, c.today)
	if err != nil {
		return condition{}, wrong(fmt.Sprintf("The filter asks whether %s: %s.", out.asks, err), "Correct the value of that condition.")
	}
	return out, nil
}

func trimmed(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.TrimSpace(v)
	}
	return out
}

func allOperators() string {
	ids := make([]string, len(wordings))
	for i, w := range wordings {
		ids[i] = w.ID
	}
	return strings.Join(ids, ", ")
}

func (w wording) count(field string, values []string) error {
	n, need := len(values), ""
	switch {
	case w.Values == None && n != 0:
		need = "no value"
	case w.Values == One && n != 1:
		need = "one value"
	case w.Values == Two && n != 2:
		need = "two values"
	case w.Values == Many && n == 0:
		need = "at least one value"
	default:
		return nil
	}
	return wrong(fmt.Sprintf("The filter's condition “%s %s” needs %s and has %d.", label(field), w.Label, need, n), "Correct the values of that condition.")
}

func wrong(what, fix string) error {
	return &core.Problem{Code: core.BadRules, What: what, Fix: fix}
}

// prepare reads the values once, so that a person costs only the comparison.
func (c *condition) prepare(values []string, today time.Time) error {
	switch c.operator {
	case IsEmpty, IsNotEmpty:
		c.family, c.negative = byEmptiness, c.operator == IsNotEmpty
		return nil
	case Has, HasNoneOf, HasAllOf:
		c.family, c.negative = byList, c.operator == HasNoneOf
		c.want(values)
		return nil
	case Equal, NotEqual, Less, AtMost, Greater, AtLeast:
		return c.numbers(values)
	case Before, After, OnOrBefore, OnOrAfter, InTheLast, InTheNext, IsToday:
		return c.dates(values, today)
	case Between:
		if c.dates(values, today) == nil {
			return nil
		}
		return c.numbers(values)
	}
	return c.words(values)
}

func (c *condition) words(values []string) error {
	c.family = byText
	c.negative = c.operator == IsNot || c.operator == ContainsNot || c.operator == IsNoneOf
	c.want(values)
	switch c.operator {
	case Contains, ContainsNot, StartsWith, EndsWith:
		if values[0] == "" {
			return errors.New("a text to look for is missing")
		}
		return nil
	case Matches:
	default:
		return nil
	}
	var err error
	if c.pattern, err = regexp.Compile("(?i)" + norm.NFC.String(values[0])); err != nil {
		return fmt.Errorf("the pattern cannot be read (%w)", err)
	}
	return nil
}

func (c *condition) want(values []string) {
	c.text, c.texts = foldInto(nil, values[0]), map[string]bool{}
	for _, v := range values {
		c.texts[string(foldInto(nil, v))] = true
	}
}

// holds decides the condition for one person.
func (c *condition) holds(p core.Person, index []int) bool {
	value := p.At(index[c.place])
	var ok bool
	switch c.family {
	case byText:
		ok = c.anyText(value)
	case byNumber:
		ok = c.inNumbers(value)
	case byDate:
		ok = len(value) >= len(time.DateOnly) && value[:len(time.DateOnly)] >= c.from && value[:len(time.DateOnly)] <= c.to
	case byList:
		ok = c.inList(value)
	case byEmptiness:
		ok = strings.TrimSpace(value) == ""
	}
	return ok != c.negative
}

// anyText compares each value of a list, so that one that fits is enough.
func (c *condition) anyText(value string) bool {
	for {
		one, rest, more := strings.Cut(value, core.ListSeparator)
		if c.oneText(one) {
			return true
		}
		if !more {
			return false
		}
		value = rest
	}
}

// oneText folds into a buffer of its own frame: a person costs no allocation.
func (c *condition) oneText(value string) bool {
	if c.pattern != nil {
		return c.pattern.MatchString(norm.NFC.String(value))
	}
	var room [128]byte
	folded := foldInto(room[:0], value)
	switch c.operator {
	case Is, IsNot:
		return bytes.Equal(folded, c.text)
	case Contains, ContainsNot:
		return bytes.Contains(folded, c.text)
	case StartsWith:
		return bytes.HasPrefix(folded, c.text)
	case EndsWith:
		return bytes.HasSuffix(folded, c.text)
	default:
		return c.texts[string(folded)]
	}
}

func (c *condition) inList(value string) bool {
	found := map[string]bool{}
	for _, one := range core.SplitList(value) {
		if f := string(foldInto(nil, one)); c.texts[f] {
			found[f] = true
		}
	}
	if c.operator == HasAllOf {
		return len(found) == len(c.texts)
	}
	return len(found) > 0
}

// foldInto gives text without blanks around it, without case and in one Unicode form.
func foldInto(buf []byte, s string) []byte {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		b := s[i]
		if b >= utf8.RuneSelf {
			return append(buf[:0], norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))...)
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		buf = append(buf, b)
	}
	return buf
}

func (c *condition) numbers(values []string) error {
	c.family = byNumber
	n := make([]float64, len(values))
	for i, v := range values {
		x, ok := number(v)
		if !ok {
			return fmt.Errorf("“%s” is not a number", v)
		}
		n[i] = x
	}
	const far = 1e308
	switch c.operator {
	case Equal, NotEqual:
		c.low, c.high, c.negative = n[0], n[0], c.operator == NotEqual
	case Less, AtMost:
		c.low, c.high, c.open = -far, n[0], c.operator == Less
	case Greater, AtLeast:
		c.low, c.high, c.open = n[0], far, c.operator == Greater
	case Between:
		c.low, c.high = min(n[0], n[1]), max(n[0], n[1])
	}
	return nil
}

func (c *condition) inNumbers(value string) bool {
	x, ok := number(value)
	if !ok {
		return false
	}
	if c.open {
		return x > c.low && x < c.high
	}
	return x >= c.low && x <= c.high
}

func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s, "xXpPiInN_") { // Go's own notations, infinity and NaN
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func (c *condition) dates(values []string, today time.Time) error {
	c.family = byDate
	const first, last = "0000-00-00", "9999-99-99"
	c.from, c.to = first, last
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	switch c.operator {
	case IsToday:
		c.from, c.to = day(0), day(0)
		return nil
	case InTheLast, InTheNext:
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 0 || n > 36600 {
			return fmt.Errorf("“%s” is no number of days", values[0])
		}
		if c.from, c.to = day(-n), day(0); c.operator == InTheNext {
			c.from, c.to = day(0), day(n)
		}
		return nil
	}
	return c.bounds(values)
}

// bounds makes both ends included: before the 5th is up to the 4th.
func (c *condition) bounds(values []string) error {
	days := make([]time.Time, len(values))
	for i, v := range values {
		d, err := time.Parse(time.DateOnly, v)
		if err != nil {
			return fmt.Errorf("“%s” is not a date like 2026-03-01", v)
		}
		days[i] = d
	}
	on := func(n int) string { return days[0].AddDate(0, 0, n).Format(time.DateOnly) }
	switch c.operator {
	case Before:
		c.to = on(-1)
	case OnOrBefore:
		c.to = on(0)
	case After:
		c.from = on(1)
	case OnOrAfter:
		c.from = on(0)
	case Between:
		c.from, c.to = min(values[0], values[1]), max(values[0], values[1])
	}
	return nil
}
