package importfile

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// oktaTemplate is what the template of an org without attributes of its own has.
const oktaTemplate = "login,firstName,lastName,middleName,honorificPrefix,honorificSuffix,email,title,displayName,nickName,profileUrl,secondEmail,mobilePhone,primaryPhone,streetAddress,city,state,zipCode,countryCode,postalAddress,preferredLanguage,locale,timezone,userType,employeeNumber,costCenter,organization,division,department,managerId,manager"

// validOkta checks a file by “Import users from a CSV file”: the template's headings first,
// one user a row, and no mandatory column empty.
func validOkta(t *testing.T, content string) table {
	t.Helper()
	if !utf8.ValidString(content) || !strings.HasPrefix(content, oktaTemplate) {
		t.Fatalf("UTF-8 and the template's row are wanted: %.60q", content)
	}
	tb := read(t, content, 0)
	logins := map[string]bool{}
	for i, row := range tb.rows {
		for _, h := range []string{"login", "firstName", "lastName", "email"} {
			if tb.of(i, h) == "" {
				t.Errorf("row %d has no %s", i+1, h)
			}
		}
		if login := strings.ToLower(tb.of(i, "login")); logins[login] || len(login) < 5 || len(login) > 100 {
			t.Errorf("login %q", login)
		} else {
			logins[login] = true
		}
		if slices.ContainsFunc(row, func(v string) bool { return strings.ContainsAny(v, "\r\n\x1f") }) {
			t.Errorf("row %d has a line break or a list", i+1)
		}
	}
	return tb
}
