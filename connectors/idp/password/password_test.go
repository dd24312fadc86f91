package password_test

import (
	"strings"
	"testing"
	"unicode"

	"rollcall/connectors/idp/password"
)

func TestAPasswordHasEveryKindOfSignAndIsNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		p := string(password.New())
		for kind, is := range map[string]func(rune) bool{"upper case": unicode.IsUpper, "lower case": unicode.IsLower, "digits": unicode.IsDigit,
			"signs": func(r rune) bool { return strings.ContainsRune("!#%+-=?_", r) }} {
			if n := len(strings.FieldsFunc(p, func(r rune) bool { return !is(r) })); n == 0 {
				t.Fatalf("%s: none", kind)
			}
		}
		if len(p) != password.Length || seen[p] {
			t.Fatalf("%d characters, seen before: %v", len(p), seen[p])
		}
		seen[p] = true
	}
}
