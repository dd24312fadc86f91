package expression

import (
	"math"
	"strconv"
	"strings"
	"time"

	"rollcall/core"
)

type kind uint8

const (
	kindNull kind = iota
	kindText
	kindNumber
	kindBool
	kindDate
	kindList
)

const (
	flagFloat    uint8 = 1 << iota // number: bits hold a float64
	flagDateOnly                   // date without a time
	flagSecret                     // not to be shown
	flagLeaveOut                   // null that means: keep what is there
)

// Value is what an expression gives: nothing (null), text, a number, true or false, a
// date with or without time, or a list. The zero Value is null.
type Value struct {
	kind kind
	flag uint8
	bits int64
	text string
	ref  *extra
}

// extra holds what few values have, so that a Value stays small.
type extra struct {
	time time.Time
	list []Value
}

// IsNull says that there is no value. Empty text is a value.
func (v Value) IsNull() bool { return v.kind == kindNull }

// LeaveOut says that the attribute is to be kept as it is, whatever the rule for empty
// values says (IgnoreFlowIfNullOrEmpty).
func (v Value) LeaveOut() bool { return v.flag&flagLeaveOut != 0 }

// Secret says that the value may be written to the target but not shown, exported or
// logged (Redact, RandomString).
func (v Value) Secret() bool { return v.flag&flagSecret != 0 }

// Text gives the value as it is stored and written: dates as 2006-01-02 or RFC 3339,
// lists joined with core.ListSeparator, null as empty text.
func (v Value) Text() string {
	switch v.kind {
	case kindText:
		return v.text
	case kindNumber:
		return v.numberText()
	case kindBool:
		return strconv.FormatBool(v.bits != 0)
	case kindDate:
		if v.flag&flagDateOnly != 0 {
			return v.ref.time.Format(time.DateOnly)
		}
		return v.ref.time.Format(time.RFC3339)
	case kindList:
		return core.JoinList(v.texts())
	}
	return ""
}

func (v Value) numberText() string {
	if v.flag&flagFloat == 0 {
		return strconv.FormatInt(v.bits, 10)
	}
	return strconv.FormatFloat(v.float(), 'f', -1, 64)
}

func text(s string) Value   { return Value{kind: kindText, text: s} }
func integer(n int64) Value { return Value{kind: kindNumber, bits: n} }

func boolean(b bool) Value {
	if b {
		return Value{kind: kindBool, bits: 1}
	}
	return Value{kind: kindBool}
}

// float gives a number, as an integer where that loses nothing.
func float(x float64) Value {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return integer(int64(x))
	}
	return Value{kind: kindNumber, flag: flagFloat, bits: int64(math.Float64bits(x))}
}

func instant(t time.Time) Value { return Value{kind: kindDate, ref: &extra{time: t}} }

func day(t time.Time) Value {
	y, m, d := t.Date()
	return Value{kind: kindDate, flag: flagDateOnly, ref: &extra{time: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}}
}

func list(values []Value) Value { return Value{kind: kindList, ref: &extra{list: values}} }

func listOfTexts(texts []string) Value {
	values := make([]Value, len(texts))
	for i, t := range texts {
		values[i] = text(t)
	}
	return list(values)
}

// given makes the value of something a function of the context gave.
func given(s string, present bool) Value {
	if !present {
		return Value{}
	}
	return text(s)
}

func (v Value) float() float64 {
	if v.flag&flagFloat != 0 {
		return math.Float64frombits(uint64(v.bits))
	}
	return float64(v.bits)
}

func (v Value) isInt() bool      { return v.kind == kindNumber && v.flag&flagFloat == 0 }
func (v Value) isDateOnly() bool { return v.flag&flagDateOnly != 0 }

// isEmpty says null or empty text or a list of nothing.
func (v Value) isEmpty() bool {
	switch v.kind {
	case kindNull:
		return true
	case kindText:
		return v.text == ""
	case kindList:
		return len(v.ref.list) == 0
	}
	return false
}

// isList says that the value holds several: a list, or a field that joins several.
func (v Value) isList() bool {
	return v.kind == kindList || v.kind == kindText && strings.Contains(v.text, core.ListSeparator)
}

// items gives the values of a list; anything else is a list of one, null and empty text of none.
func (v Value) items() []Value {
	switch {
	case v.kind == kindList:
		return v.ref.list
	case v.isEmpty():
		return nil
	case v.isList():
		return listOfTexts(core.SplitList(v.text)).ref.list
	}
	return []Value{v}
}

func (v Value) texts() []string {
	items := v.items()
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.Text()
	}
	return out
}

// size estimates the bytes a value takes.
func (v Value) size() int {
	if v.kind != kindList {
		return len(v.text)
	}
	n := 0
	for _, item := range v.ref.list {
		n += 40 + item.size()
	}
	return n
}

// truth reads a value as a condition. Null is false.
func (v Value) truth() (bool, error) {
	switch v.kind {
	case kindNull:
		return false, nil
	case kindBool:
		return v.bits != 0, nil
	case kindNumber:
		return v.float() != 0, nil
	case kindText:
		return truthOfText(v.text)
	}
	return false, refuse("Compare it with something.", "%s is neither true nor false.", quoted(v.Text()))
}

var truthWords = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "ja": true, "j": true, "oui": true, "si": true, "sí": true, "sim": true, "wahr": true, "on": true, "x": true, "tak": true, "vrai": true,
	"false": false, "no": false, "n": false, "0": false, "nein": false, "nee": false, "non": false, "nej": false, "nei": false, "falsch": false, "off": false, "": false, "nie": false, "não": false, "faux": false,
}

func truthOfText(s string) (bool, error) {
	if b, known := truthWords[strings.ToLower(strings.TrimSpace(s))]; known {
		return b, nil
	}
	if n, err := parseNumber(s); err == nil {
		return n.float() != 0, nil
	}
	return false, refuse("Compare it with something, as in status = \"active\".", "%s is neither true nor false.", quoted(s))
}

// number reads a value as a number. Null is an error: callers settle it before.
func (v Value) number() (Value, error) {
	switch v.kind {
	case kindNumber:
		return v, nil
	case kindBool:
		return integer(v.bits), nil
	case kindText:
		if n, err := parseNumber(v.text); err == nil {
			return n, nil
		}
	}
	return Value{}, refuse("Use digits with a decimal point, or ToNumber for other styles.", "%s is not a number.", quoted(v.Text()))
}

func parseNumber(s string) (Value, error) {
	s = strings.TrimSpace(s)
	if len(s) > 2 && s[0] == '&' && (s[1] == 'H' || s[1] == 'h') {
		n, err := strconv.ParseInt(s[2:], 16, 64)
		return integer(n), err
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return integer(n), nil
	}
	if strings.ContainsAny(s, "xXpP_iInN") { // Go's own notations, infinity and NaN
		return Value{}, strconv.ErrSyntax
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Value{}, err
	}
	return float(x), nil
}

// count reads a position or a length; far too big ones are cut to what no text reaches.
func (v Value) count() (int, error) {
	n, err := v.number()
	if err != nil {
		return 0, err
	}
	return int(math.Max(-maxText-1, math.Min(maxText+1, math.Trunc(n.float())))), nil
}
