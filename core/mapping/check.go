package mapping

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rollcall/core"
)

// trouble is what is wrong with a value; the zero value means nothing.
type trouble uint8

const (
	missing trouble = iota + 1
	tooLong
	bad
)

// fault is a trouble of the person under way.
type fault struct {
	step   *step
	what   trouble
	detail string
}

func (m *Mapper) fault(s *step, what trouble, detail string) {
	m.faults = append(m.faults, fault{s, what, detail})
}

func (m *Mapper) flaws() []core.Flaw {
	if len(m.faults) == 0 {
		return nil
	}
	out := make([]core.Flaw, len(m.faults))
	for i, f := range m.faults {
		out[i] = core.Flaw{Attribute: f.step.rule.Attribute, Why: core.ValueBad, Detail: f.detail}
		if f.what == missing {
			out[i].Why = core.ValueMissing
		}
	}
	return out
}

// check is what an attribute asks of its values.
type check struct {
	attribute core.Attribute
	asks      bool // it asks something at all
	choices   map[string]string
}

func newCheck(a core.Attribute) check {
	c := check{attribute: a, asks: a.MaxLength > 0 || len(a.Choices) > 0}
	switch a.Kind {
	case core.Date, core.Number, core.Bool, core.Email:
		c.asks = true
	}
	if len(a.Choices) > 0 {
		c.choices = make(map[string]string, 2*len(a.Choices))
		for _, ch := range a.Choices {
			c.choices[folded(ch.Label)] = ch.Value
		}
		for _, ch := range a.Choices { // a value is stronger than another one's label
			c.choices[folded(ch.Value)] = ch.Value
		}
	}
	return c
}

// value gives the value as it is written, or what is wrong with it.
func (c *check) value(v string) (good string, what trouble, detail string) {
	switch c.attribute.Kind {
	case core.Date:
		v, detail = date(v)
	case core.Number:
		v, detail = number(v)
	case core.Bool:
		v, detail = boolean(v)
	case core.Email:
		detail = email(v)
	}
	if detail != "" {
		return v, bad, detail
	}
	if limit := c.attribute.MaxLength; limit > 0 && len(v) > limit {
		if n := longest(c.attribute.Kind, v); n > limit {
			return v, tooLong, fmt.Sprintf("%d characters, %d are allowed", n, limit)
		}
	}
	if c.choices != nil {
		return c.choice(v)
	}
	return v, 0, ""
}

// choice finds each value among the attribute's own, by value or label.
func (c *check) choice(v string) (string, trouble, string) {
	if c.attribute.Kind != core.List {
		if good, ok := c.choices[folded(v)]; ok {
			return good, 0, ""
		}
		return v, bad, fmt.Sprintf("“%s” is none of the choices", shown(v))
	}
	list := core.SplitList(v)
	for i, one := range list {
		good, ok := c.choices[folded(one)]
		if !ok {
			return v, bad, fmt.Sprintf("“%s” is none of the choices", shown(one))
		}
		list[i] = good
	}
	return core.JoinList(list), 0, ""
}

// longest gives the characters of a text, or of the longest value of a list.
func longest(kind core.Kind, v string) int {
	if kind != core.List {
		return utf8.RuneCountInString(v)
	}
	n := 0
	for _, one := range core.SplitList(v) {
		n = max(n, utf8.RuneCountInString(one))
	}
	return n
}

const mostShown = 40

func shown(v string) string {
	if utf8.RuneCountInString(v) > mostShown {
		return string([]rune(v)[:mostShown]) + "…"
	}
	return core.ShowValue(v)
}

// date gives the day of a date with or without a time.
func date(v string) (day, detail string) {
	wrong := func() (string, string) {
		return v, fmt.Sprintf("“%s” is not a date like 2026-03-01", shown(v))
	}
	const size = len(time.DateOnly)
	if len(v) < size || len(v) > size && v[size] != 'T' && v[size] != ' ' {
		return wrong()
	}
	d := v[:size]
	for i := range size {
		if dash := i == 4 || i == 7; dash != (d[i] == '-') || !dash && (d[i] < '0' || d[i] > '9') {
			return wrong()
		}
	}
	two := func(at int) int { return int(d[at]-'0')*10 + int(d[at+1]-'0') }
	if month, n := two(5), two(8); month < 1 || month > 12 || n < 1 || n > 28 && !dayExists(d) {
		return wrong()
	}
	return d, ""
}

func dayExists(d string) bool {
	_, err := time.Parse(time.DateOnly, d)
	return err == nil
}

func number(v string) (string, string) {
	t := strings.TrimSpace(v)
	if strings.ContainsAny(t, "xXpPiInN_") { // Go's own notations, infinity and NaN
		return v, fmt.Sprintf("“%s” is not a number", shown(v))
	}
	if _, err := strconv.ParseFloat(t, 64); err != nil {
		return v, fmt.Sprintf("“%s” is not a number", shown(v))
	}
	return t, ""
}

var truths = map[string]string{"true": "true", "yes": "true", "1": "true", "y": "true", "false": "false", "no": "false", "0": "false", "n": "false"}

func boolean(v string) (string, string) {
	if b, ok := truths[strings.ToLower(strings.TrimSpace(v))]; ok {
		return b, ""
	}
	return v, fmt.Sprintf("“%s” is neither true nor false", shown(v))
}

func email(v string) string {
	at := strings.IndexByte(v, '@')
	if at <= 0 || at == len(v)-1 || strings.IndexByte(v[at+1:], '@') >= 0 {
		return fmt.Sprintf("“%s” is not an e-mail address", shown(v))
	}
	for i, r := range v {
		if r <= ' ' || r >= utf8.RuneSelf && (unicode.IsSpace(r) || unicode.IsControl(r)) {
			return fmt.Sprintf("“%s” is not an e-mail address: there is a blank at character %d", shown(v), utf8.RuneCountInString(v[:i])+1)
		}
	}
	return ""
}
