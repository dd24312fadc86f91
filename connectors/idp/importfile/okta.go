package importfile

import (
	"regexp"

	"rollcall/core"
)

var (
	fiveOrMore = regexp.MustCompile(`^.{5,}$`)
	mail       = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	locale     = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`)
)

// okta is “Import users from CSV” of Directory › People.
//
// help.okta.com/en-us/content/topics/users-groups-profiles/usgp-import-users-csv.htm and
// support.okta.com/help/s/article/How-to-Import-Users-From-a-CSV-File say: the first row
// holds the attributes of the profile as in the template and must not be removed; login,
// firstName, lastName and email are mandatory; one user in each row; quotes are not needed;
// ,, and ,"", are both an empty text; columns are not to be left empty unless they are so
// in every row and not mandatory. That existing users are found by login and updated stands
// in support.okta.com/help/s/article/bulk-update-okta-user-profiles-via-csv-import. The
// columns are those of the template of an org without attributes of its own, as quoted in
// support.okta.com/help/s/question/0D51Y00008ciESjSAM, which also has UTF-8. The lengths
// are those of the schema of the Users API.
//
// A cell of a column that others fill holds what the account has now; where that is
// nothing it stays empty, against the advice, for there is nothing to put in.
func okta() Format {
	return Format{
		ID: "okta", Label: "Okta: Import users from CSV", System: "Okta", Verbs: []core.Verb{core.Create, core.Update},
		Columns: []Column{
			{Heading: "login", From: []string{"userName", "user.login", "primaryEmail"}, Required: true, Max: 100, part: login, looks: fiveOrMore, form: "have five characters or more"},
			{Heading: "firstName", From: []string{"givenName", "name.givenName"}, Required: true, Max: 50},
			{Heading: "lastName", From: []string{"surname", "familyName", "name.familyName"}, Required: true, Max: 50},
			{Heading: "middleName"}, {Heading: "honorificPrefix"}, {Heading: "honorificSuffix"},
			{Heading: "email", From: []string{"mail"}, Required: true, Max: 100, looks: mail, form: "be an e-mail address"},
			{Heading: "title", From: []string{"jobTitle"}}, {Heading: "displayName"}, {Heading: "nickName", From: []string{"preferredName"}}, {Heading: "profileUrl"},
			{Heading: "secondEmail", From: []string{"personalEmail"}, Max: 100, looks: mail, form: "be an e-mail address"},
			{Heading: "mobilePhone", Max: 100}, {Heading: "primaryPhone", From: []string{"workPhone"}, Max: 100},
			{Heading: "streetAddress", From: []string{"addressLine1"}, Max: 1024}, {Heading: "city", Max: 128}, {Heading: "state", From: []string{"region"}, Max: 128}, {Heading: "zipCode", From: []string{"postalCode"}, Max: 50},
			{Heading: "countryCode", looks: twoLetters, form: "be a country in two capital letters, as in SE"},
			{Heading: "postalAddress", Max: 4096}, {Heading: "preferredLanguage"}, {Heading: "locale", looks: locale, form: "be a language and a country, as in sv_SE"}, {Heading: "timezone", From: []string{"timeZone"}},
			{Heading: "userType", From: []string{"employmentType"}}, {Heading: "employeeNumber", From: []string{"employeeId"}}, {Heading: "costCenter"}, {Heading: "organization", From: []string{"legalEntity"}}, {Heading: "division"}, {Heading: "department"},
			{Heading: "managerId", part: number}, {Heading: "manager"},
		},
		rows: 10_000, whole: true, own: true,
		unsayable: map[core.Verb]string{core.Deactivate: "The import does not deactivate users; do it in the console under Directory › People.",
			core.Reactivate: "The import does not reactivate users; do it in the console under Directory › People.",
			core.Delete:     "The import does not delete users; do it in the console under Directory › People."},
		Notes: []string{"No password is in the file: tick “Automatically activate new users” and Okta sends each new user a mail to set one; without it they wait as staged."},
		Sources: []string{"https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-import-users-csv.htm", "https://support.okta.com/help/s/article/How-to-Import-Users-From-a-CSV-File",
			"https://support.okta.com/help/s/article/bulk-update-okta-user-profiles-via-csv-import", "https://support.okta.com/help/s/question/0D51Y00008ciESjSAM/import-csv-attributes-format"},
		Doubts: []string{"How many rows a file may have: Okta's pages give no number; 10,000 is what users of the import report.", "Whether a template of an org with attributes of its own is accepted without those that the plan does not write.",
			"What stands in managerId is each org's own choice; the file has Okta's id of the manager.", "How attributes with several values, and line breaks, are written; they are left out."},
	}
}
