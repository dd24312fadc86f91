package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"

	"rollcall/core"
)

// Check gives a BadRules problem for the first field of the filter that the source does
// not have. Paths into the vendor's own record are not checked: they exist person by person.
func Check(f core.Filter, fields []core.Field) error {
	var found error
	walk(f, func(c core.Condition) {
		if found == nil && !knows(fields, c.Field) {
			found = wrong(fmt.Sprintf("The filter compares %q, which the source does not have.", c.Field), advice(fields, c.Field))
		}
	})
	return found
}

func knows(fields []core.Field, id string) bool {
	return strings.HasPrefix(id, core.RawPrefix) || slices.ContainsFunc(fields, func(f core.Field) bool { return f.ID == id })
}

// advice names the field that was probably meant.
func advice(fields []core.Field, id string) string {
	best, distance := "", 1+len(id)/3
	for _, f := range fields {
		if d := edlib.OSADamerauLevenshteinDistance(strings.ToLower(f.ID), strings.ToLower(id)); d < distance {
			best, distance = f.ID, d
		}
	}
	if best != "" {
		return fmt.Sprintf("Did you mean %q?", best)
	}
	return "Choose one of the fields that the source offers."
}
