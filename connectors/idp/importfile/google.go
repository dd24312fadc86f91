package importfile

import (
	"crypto/rand"
	"regexp"
	"strings"

	"rollcall/core"
)

var (
	// What support.google.com/a/answer/9193374 says of usernames and of names.
	googleAddress = upTo64{regexp.MustCompile(`^[^@\s.<>,;"&=+!]+(\.[^@\s.<>,;"&=+!]+)*@[^@\s.<>,;"&=+!]+(\.[^@\s.<>,;"&=+!]+)+$`)}
	noBrackets    = regexp.MustCompile(`^[^<>]*$`)
	unitPath      = regexp.MustCompile(`^/`)
	e164          = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)
)

// google is “Bulk update users” of the Admin console.
//
// support.google.com/a/answer/40057 says: the file has the columns of the template;
// required are first and last name (60 characters each), address, password (8 characters
// or more, **** keeps what is there, a hash where the function is named: MD5, SHA-1 or
// crypt) and org unit path, which begins with a slash and is “/” at the top; recovery
// phones are E.164, and one that several users have is blocked; several values have commas and no blanks between them; values with
// commas, quotes or line breaks stand in quotes; UTF-8, and in an older version of the page
// “including BOM”; 35 MB and 150,000 records a file, each with the headings. That True
// asks for a new password at the next sign-in stands in
// knowledge.workspace.google.com/kb/update-multiple-password-using-csv-000009033. The
// headings are those of the template as many public programs write it. That crypt may be
// SHA-512 ($6$) stands in the reference of the Directory API, users.hashFunction.
//
// Optional columns that nobody fills are left out, and those that somebody fills hold what
// each account has now, so that it does not matter what an empty cell does to an existing
// value: the page does not say.
func google() Format {
	return Format{
		ID: "google", Label: "Google Admin: Bulk update users", System: "Google",
		Verbs: []core.Verb{core.Create, core.Update, core.Deactivate, core.Reactivate},
		Columns: []Column{
			{Heading: "First Name [Required]", From: []string{"name.givenName", "givenName", "firstName"}, Required: true, Max: 60, looks: noBrackets, form: "be without < and >"},
			{Heading: "Last Name [Required]", From: []string{"name.familyName", "familyName", "lastName", "surname"}, Required: true, Max: 60, looks: noBrackets, form: "be without < and >"},
			{Heading: "Email Address [Required]", From: []string{"primaryEmail", "userName", "email", "mail", "login"}, Required: true, part: login, looks: googleAddress, form: wantedAddress},
			{Heading: "Password [Required]", Required: true, part: fixed, draw: nobodysHash, kept: "****"},
			{Heading: "Password Hash Function [UPLOAD ONLY]", part: fixed, fresh: "crypt"},
			{Heading: "Org Unit Path [Required]", From: []string{"orgUnitPath"}, Required: true, looks: unitPath, form: "begin with /", fresh: "/", empty: map[string]string{"orgUnitPath": "/"}},
			{Heading: "New Primary Email [UPLOAD ONLY]", part: renamed, looks: googleAddress, form: wantedAddress},
			{Heading: "Recovery Email", From: []string{"recoveryEmail"}},
			{Heading: "Home Secondary Email", From: []string{"emails.home", "personalEmail"}, Several: true},
			{Heading: "Work Secondary Email", From: []string{"emails.work"}, Several: true},
			{Heading: "Recovery Phone [MUST BE IN THE E.164 FORMAT]", From: []string{"recoveryPhone"}, looks: e164, form: "begin with + and the country code and have digits only, as in +46701234567", alone: true},
			{Heading: "Work Phone", From: []string{"phones.work", "workPhone"}, Several: true},
			{Heading: "Home Phone", From: []string{"phones.home", "homePhone"}, Several: true},
			{Heading: "Mobile Phone", From: []string{"phones.mobile", "mobilePhone"}, Several: true},
			{Heading: "Work Address", From: []string{"addresses.work.formatted"}},
			{Heading: "Home Address", From: []string{"addresses.home.formatted"}},
			{Heading: "Employee ID", From: []string{"employeeNumber", "employeeId"}},
			{Heading: "Employee Type", From: []string{"organizations.description", "employeeType", "employmentType"}},
			{Heading: "Employee Title", From: []string{"organizations.title", "jobTitle", "title"}},
			{Heading: "Manager Email", From: []string{"manager", "managerEmail"}, part: address},
			{Heading: "Department", From: []string{"organizations.department", "department"}},
			{Heading: "Cost Center", From: []string{"organizations.costCenter", "costCenter"}},
			{Heading: "Building ID", From: []string{"locations.desk.buildingId", "buildingId"}},
			{Heading: "Floor Name", From: []string{"locations.desk.floorName", "floorName"}},
			{Heading: "Floor Section", From: []string{"locations.desk.floorSection", "floorSection"}},
			{Heading: "Change Password at Next Sign-In", part: fixed, fresh: "True"},
			{Heading: "New Status [UPLOAD ONLY]", part: state, on: "Active", off: "Suspended"},
		},
		bom: true, rows: 150_000, size: 35_000_000, breaks: true,
		unsayable: map[core.Verb]string{core.Delete: "The upload of the Admin console does not delete; delete the user in the console."},
		unsayables: map[string]string{
			core.Deleted: "The upload does not bring deleted users back; do it in the console under Directory › Users › Deleted users, within 20 days.",
		},
		Notes: []string{"New users get the hash of a password that never existed, so nobody can sign in with it: reset their passwords in the console, or let them sign in through your identity provider.",
			"Google sends no welcome mail to users of an uploaded file."},
		Sources: []string{"https://support.google.com/a/answer/40057", "https://knowledge.workspace.google.com/kb/update-multiple-password-using-csv-000009033",
			"https://support.google.com/a/answer/9193374", "https://developers.google.com/workspace/admin/directory/reference/rest/v1/users"},
		Doubts: []string{"The words of New Status (Active, Suspended) are those of the console's own download; the page could not be read that far, and whether a new user may be suspended in the same row is not known.",
			"That the upload, like the Directory API, takes SHA-512 for crypt.", "What an empty cell does to an existing value; the file is made so that it does not matter.",
			"That optional columns may be missing: public programs upload such files, no page says so."},
	}
}

// upTo64 wants no more than 64 characters before the @.
type upTo64 struct{ *regexp.Regexp }

// MatchString says whether the address is one that Google takes.
func (u upTo64) MatchString(s string) bool {
	return u.Regexp.MatchString(s) && strings.IndexByte(s, '@') <= 64
}

const wantedAddress = "be an e-mail address without blanks, two dots in a row or any of & = + < > , ! and with at most 64 characters before the @"

const cryptSigns = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// nobodysHash gives what crypt's SHA-512 would give for a password, drawn at random. There
// is no such password: neither this program nor anybody else has ever had it.
func nobodysHash() string {
	b := make([]byte, 16+86)
	_, _ = rand.Read(b) // it ends the program where the system has no randomness
	for i := range b {
		b[i] = cryptSigns[b[i]%64]
	}
	last := &b[len(b)-1] // 512 bits are 85 signs of six bits, and two bits
	*last = cryptSigns[*last%4]
	return "$6$" + string(b[:16]) + "$" + string(b[16:])
}
