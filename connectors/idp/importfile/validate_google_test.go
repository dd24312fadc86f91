package importfile

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// googleTemplate is the blank template of “Bulk update users”, column by column.
const googleTemplate = "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,Building ID,Floor Name,Floor Section,Change Password at Next Sign-In,New Status [UPLOAD ONLY],New Licenses [UPLOAD ONLY],Advanced Protection Program enrollment"

// validGoogle checks a file by support.google.com/a/answer/40057 and 9193374, read anew.
func validGoogle(t *testing.T, content string) table {
	t.Helper()
	if !utf8.ValidString(content) || !strings.HasPrefix(content, "\xef\xbb\xbf") {
		t.Fatal("UTF-8 with a byte order mark is wanted")
	}
	if len(content) > 35_000_000 {
		t.Errorf("%d bytes are over 35 MB", len(content))
	}
	tb := read(t, content[3:], 0)
	if len(tb.rows) > 150_000 {
		t.Errorf("%d records", len(tb.rows))
	}
	template, at := strings.Split(googleTemplate, ","), -1
	for _, h := range tb.headings {
		next := slices.Index(template, h)
		if next <= at {
			t.Errorf("%q is not in the template, or not in its order", h)
		}
		at = next
	}
	for i := range tb.rows {
		googleRow(t, func(heading string) string { return tb.of(i, heading) })
	}
	return tb
}

func googleRow(t *testing.T, of func(string) string) {
	for _, h := range []string{"First Name [Required]", "Last Name [Required]"} {
		if n := utf8.RuneCountInString(of(h)); n == 0 || n > 60 || strings.ContainsAny(of(h), "<>") {
			t.Errorf("%s: %q", h, of(h))
		}
	}
	for _, h := range []string{"Email Address [Required]", "New Primary Email [UPLOAD ONLY]", "Manager Email"} {
		v := of(h)
		if v == "" && h != "Email Address [Required]" {
			continue
		}
		user, domain, ok := strings.Cut(v, "@")
		if !ok || user == "" || len(user) > 64 || !strings.Contains(domain, ".") || strings.Contains(v, "..") || strings.ContainsAny(v, " &=<>+,!") || user[0] == '.' || strings.HasSuffix(user, ".") {
			t.Errorf("%s: %q", h, v)
		}
	}
	password, function := of("Password [Required]"), of("Password Hash Function [UPLOAD ONLY]")
	sha512 := regexp.MustCompile(`^\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{85}[./01]$`)
	switch {
	case password == "****" && function == "":
	case function == "crypt" && sha512.MatchString(password) && of("Change Password at Next Sign-In") == "True":
	default:
		t.Errorf("password %q with function %q", password, function)
	}
	if !strings.HasPrefix(of("Org Unit Path [Required]"), "/") {
		t.Errorf("org unit %q", of("Org Unit Path [Required]"))
	}
	if v := of("Recovery Phone [MUST BE IN THE E.164 FORMAT]"); v != "" && !regexp.MustCompile(`^\+[1-9]\d{1,14}$`).MatchString(v) {
		t.Errorf("recovery phone %q", v)
	}
	for _, h := range []string{"Work Phone", "Home Phone", "Mobile Phone", "Home Secondary Email", "Work Secondary Email"} {
		if strings.Contains(of(h), ", ") || strings.Contains(of(h), "\x1f") {
			t.Errorf("%s: several values have a comma and no blank between them: %q", h, of(h))
		}
	}
	if v := of("New Status [UPLOAD ONLY]"); !slices.Contains([]string{"", "Active", "Suspended"}, v) {
		t.Errorf("status %q", v)
	}
}
