package diff

import (
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rollcall/core"
)

// likeness is how two values of an attribute compare.
type likeness uint8

const (
	differ likeness = iota
	caseOnly
	same
)

// compare says whether two values mean the same to the directory: composed and
// decomposed letters are one, list values have no order, booleans and dates have one
// meaning in several spellings. Upper and lower case is told apart, but for addresses
// and sign-in names it is only a matter of form.
func compare(a core.Attribute, before, after string) likeness {
	if before == after {
		return same
	}
	switch a.Kind {
	case core.List:
		return sameIf(slices.Equal(sorted(before), sorted(after)))
	case core.Bool:
		return sameIf(strings.EqualFold(before, after))
	case core.Date:
		return sameIf(day(before) == day(after))
	}
	if ascii(before) && ascii(after) {
		return caseMatters(a, strings.EqualFold(before, after))
	}
	before, after = norm.NFC.String(before), norm.NFC.String(after)
	if before == after {
		return same
	}
	fold := cases.Fold()
	return caseMatters(a, fold.String(before) == fold.String(after))
}

func caseMatters(a core.Attribute, equalFolded bool) likeness {
	if equalFolded && !a.CaseExact && (a.Login || a.Kind == core.Email) {
		return caseOnly
	}
	return differ
}

func sameIf(equal bool) likeness {
	if equal {
		return same
	}
	return differ
}

func sorted(list string) []string {
	v := core.SplitList(list)
	slices.Sort(v)
	return slices.Compact(v)
}

// day cuts the time from a date that a directory gives with one.
func day(s string) string {
	if len(s) > 10 && s[10] == 'T' {
		return s[:10]
	}
	return s
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
