package importfile

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The first two lines of the examples in users-bulk-add, users-bulk-delete and
// users-bulk-restore, which have to be kept exactly.
const (
	exampleCreate  = "version:v1.0\r\nName [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Job title [jobTitle],Department [department],Usage location [usageLocation],Street address [streetAddress],State or province [state],Country or region [country],Office [physicalDeliveryOfficeName],City [city],ZIP or postal code [postalCode],Office phone [telephoneNumber],Mobile phone [mobile]\r\n"
	exampleDelete  = "version:v1.0\r\nUser name [userPrincipalName] Required\r\n"
	exampleRestore = "version:v1.0\r\nObject ID [objectId] Required\r\n"
)

// validEntra checks what holds for all of them: the first two rows, no blanks around
// values, one user per row, so no line breaks.
func validEntra(t *testing.T, content, example string) table {
	t.Helper()
	if !utf8.ValidString(content) || !strings.HasPrefix(content, example) {
		t.Fatalf("the first rows are not the template's: %.300q", content)
	}
	tb := read(t, content, 1)
	for _, row := range tb.rows {
		for k, v := range row {
			if v != strings.TrimSpace(v) || strings.ContainsAny(v, "\r\n") {
				t.Errorf("%s: %q", tb.headings[k], v)
			}
		}
	}
	return tb
}

func validEntraCreate(t *testing.T, content string) table {
	t.Helper()
	tb := validEntra(t, content, exampleCreate)
	passwords := map[string]bool{}
	for _, row := range tb.rows {
		entraRow(t, row)
		if passwords[row[2]] {
			t.Error("a password is there twice")
		}
		passwords[row[2]] = true
	}
	return tb
}

var upnLeft, upnRight = regexp.MustCompile(`^[A-Za-z0-9'.\-_!#^~]{1,64}$`), regexp.MustCompile(`^[A-Za-z0-9.\-]{1,48}$`)

func entraRow(t *testing.T, row []string) {
	t.Helper()
	for k, most := range []int{256, 113, 256, 3, 64, 64, 128, 64, 2, 1024, 128, 128, 128, 128, 40, 64, 64} {
		if n := utf8.RuneCountInString(row[k]); n > most || k < 4 && n == 0 {
			t.Errorf("column %d: %q", k+1, row[k])
		}
	}
	user, domain, _ := strings.Cut(row[1], "@")
	if !upnLeft.MatchString(user) || strings.HasSuffix(user, ".") || !upnRight.MatchString(domain) {
		t.Errorf("user principal name %q", row[1])
	}
	kinds := 0
	for _, signs := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "@#$%^&*-_!+=[]{}|\\:',.?/`~\"();<> "} {
		if strings.ContainsAny(row[2], signs) {
			kinds++
		}
	}
	if len(row[2]) < 8 || kinds < 3 || strings.ContainsAny(row[2][:1], "=+-@") {
		t.Error("a password that the policy refuses, or a spreadsheet changes")
	}
	if row[3] != "Yes" && row[3] != "No" {
		t.Errorf("block sign in: %q", row[3])
	}
}
