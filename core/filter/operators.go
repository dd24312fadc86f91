package filter

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// How many values an operator takes.
const (
	None = "none"
	One  = "one"
	Two  = "two"
	Many = "many"
)

// The operators, as they stand in a configuration.
const (
	Is             = "is"
	IsNot          = "is not"
	Contains       = "contains"
	ContainsNot    = "does not contain"
	StartsWith     = "starts with"
	EndsWith       = "ends with"
	IsOneOf        = "is one of"
	IsNoneOf       = "is none of"
	Matches        = "matches"
	Equal          = "="
	NotEqual       = "≠"
	Less           = "<"
	AtMost         = "≤"
	Greater        = ">"
	AtLeast        = "≥"
	Between        = "between"
	Before         = "before"
	After          = "after"
	OnOrBefore     = "on or before"
	OnOrAfter      = "on or after"
	InTheLast      = "in the last days"
	InTheNext      = "in the next days"
	IsToday        = "is today"
	Has            = "has"
	HasNoneOf      = "has none of"
	HasAllOf       = "has all of"
	IsEmpty        = "is empty"
	IsNotEmpty     = "is not empty"
	asciiNotEqual  = "!="
	asciiAtMost    = "<="
	asciiAtLeast   = ">="
	mostShownWords = 5
)

// Operator is one way to compare a field.
type Operator struct {
	ID     string
	Label  string
	Values string // None, One, Two or Many
}

// wording is an operator with the words that say that it does not hold.
type wording struct {
	Operator
	fails string
}

// wordings holds %s where the values go.
var wordings = []wording{
	{Operator{Is, "is", One}, "is not %s"},
	{Operator{IsNot, "is not", One}, "is %s"},
	{Operator{Contains, "contains", One}, "does not contain %s"},
	{Operator{ContainsNot, "does not contain", One}, "contains %s"},
	{Operator{StartsWith, "starts with", One}, "does not start with %s"},
	{Operator{EndsWith, "ends with", One}, "does not end with %s"},
	{Operator{IsOneOf, "is one of", Many}, "is none of %s"},
	{Operator{IsNoneOf, "is none of", Many}, "is one of %s"},
	{Operator{Matches, "matches the pattern", One}, "does not match the pattern %s"},
	{Operator{Equal, "=", One}, "is not %s"},
	{Operator{NotEqual, "≠", One}, "is %s"},
	{Operator{Less, "<", One}, "is not below %s"},
	{Operator{AtMost, "≤", One}, "is not %s or below"},
	{Operator{Greater, ">", One}, "is not above %s"},
	{Operator{AtLeast, "≥", One}, "is not %s or above"},
	{Operator{Between, "is between", Two}, "is not between %s"},
	{Operator{Before, "is before", One}, "is not before %s"},
	{Operator{After, "is after", One}, "is not after %s"},
	{Operator{OnOrBefore, "is on or before", One}, "is not on or before %s"},
	{Operator{OnOrAfter, "is on or after", One}, "is not on or after %s"},
	{Operator{InTheLast, "is in the last … days", One}, "is not in the last %s days"},
	{Operator{InTheNext, "is in the next … days", One}, "is not in the next %s days"},
	{Operator{IsToday, "is today", None}, "is not today"},
	{Operator{Has, "has", One}, "does not have %s"},
	{Operator{HasNoneOf, "has none of", Many}, "has one of %s"},
	{Operator{HasAllOf, "has all of", Many}, "does not have all of %s"},
	{Operator{IsEmpty, "is empty", None}, "is not empty"},
	{Operator{IsNotEmpty, "is not empty", None}, "is empty"},
}

// Operators lists the operators that make sense for fields of a kind, in the order in
// which they are offered.
func Operators(kind core.Kind) []Operator {
	var ids []string
	switch kind {
	case core.Number:
		ids = []string{Equal, NotEqual, Less, AtMost, Greater, AtLeast, Between}
	case core.Date:
		ids = []string{Is, Before, After, OnOrBefore, OnOrAfter, Between, InTheLast, InTheNext, IsToday}
	case core.List:
		ids = []string{Has, HasNoneOf, HasAllOf}
	case core.Bool:
		ids = []string{Is}
	default:
		ids = []string{Is, IsNot, Contains, ContainsNot, StartsWith, EndsWith, IsOneOf, IsNoneOf, Matches}
	}
	var ops []Operator
	for _, id := range append(ids, IsEmpty, IsNotEmpty) {
		w, _ := wordingOf(id)
		ops = append(ops, w.Operator)
	}
	return ops
}

func wordingOf(id string) (wording, bool) {
	switch id {
	case asciiNotEqual:
		id = NotEqual
	case asciiAtMost:
		id = AtMost
	case asciiAtLeast:
		id = AtLeast
	}
	i := slices.IndexFunc(wordings, func(w wording) bool { return w.ID == id })
	if i < 0 {
		return wording{}, false
	}
	return wordings[i], true
}

// asks gives a condition in words, fails its contrary.
func (w wording) texts(field string, values []string) (asks, fails string) {
	shown := showValues(w.ID, values)
	asks = w.Label
	switch {
	case strings.Contains(asks, "…"):
		asks = strings.Replace(asks, "…", shown, 1)
	case shown != "":
		asks += " " + shown
	}
	fails = w.fails
	if strings.Contains(fails, "%s") {
		fails = fmt.Sprintf(fails, shown)
	}
	return label(field) + " " + asks, label(field) + " " + fails
}

func showValues(operator string, values []string) string {
	shown := make([]string, len(values))
	for i, v := range values {
		if shown[i] = v; v == "" {
			shown[i] = "nothing"
		}
	}
	if operator == Between {
		return strings.Join(shown, " and ")
	}
	if len(shown) > mostShownWords {
		return fmt.Sprintf("%s and %d more", strings.Join(shown[:mostShownWords], ", "), len(shown)-mostShownWords)
	}
	return strings.Join(shown, ", ")
}

func label(field string) string {
	if f, ok := core.CanonicalField(field); ok {
		return f.Label
	}
	return field
}
