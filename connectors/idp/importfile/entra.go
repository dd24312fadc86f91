package importfile

import (
	"regexp"

	"rollcall/connectors/idp/password"
	"rollcall/core"
)

var (
	// learn.microsoft.com/entra/identity/authentication/concept-sspr-policy, username policies.
	principal  = regexp.MustCompile(`^[A-Za-z0-9'._!#^~-]{0,63}[A-Za-z0-9'_!#^~-]@[A-Za-z0-9.-]{1,48}$`)
	twoLetters = regexp.MustCompile(`^[A-Z]{2}$`)
)

const (
	bulkAdd     = "https://learn.microsoft.com/en-us/entra/identity/users/users-bulk-add"
	bulkDelete  = "https://learn.microsoft.com/en-us/entra/identity/users/users-bulk-delete"
	bulkRestore = "https://learn.microsoft.com/en-us/entra/identity/users/users-bulk-restore"
	bulkLimits  = "https://learn.microsoft.com/en-us/entra/fundamentals/bulk-operations-service-limitations"
	// bulkRows is how many rows a file has at most. Microsoft gives no number; it says that
	// an operation that is not done within an hour may fail, and to split it (bulkLimits).
	bulkRows = 5_000

	entraVersion = "version:v1.0"
	entraName    = "User name [userPrincipalName] Required"
	noBulkUpdate = "The admin center creates, deletes and restores in bulk; it offers no file that changes, blocks or unblocks users. Do it there one by one, or give Rollcall the right to."
)

var (
	principalNames = []string{"userPrincipalName", "userName", "login"}
	doubtsOfEntra  = []string{"How the file is to be encoded; UTF-8 without a byte order mark is what the example shows.", "How many rows fit into the hour; 5,000 is Rollcall's choice."}
)

// entraCreate is “Bulk create” of the admin center. Version row, headings and their order
// are those of the example in users-bulk-add (version of 5 December 2025): the first
// four columns are required, neither of the first two rows may be changed, no value may
// begin or end with a blank, one user per row. The lengths are those of the user resource
// of Microsoft Graph. There is no column for the manager and for whatever else is missing.
//
// The initial password has to be in clear: each row has one of its own, drawn at random,
// that no other place has ever held.
func entraCreate() Format {
	return Format{
		ID: "entra-create", Label: "Microsoft Entra: Bulk create", System: "Microsoft Entra", Verbs: []core.Verb{core.Create},
		Columns: []Column{
			{Heading: "Name [displayName] Required", From: []string{"displayName"}, Required: true, Max: 256},
			{Heading: entraName, From: principalNames, Required: true, Max: 113, part: login, looks: principal, form: "be a user principal name: letters, digits and ' . - _ ! # ^ ~, then @ and a domain; 64 before the @ and 48 after it"},
			{Heading: "Initial password [passwordProfile] Required", Required: true, part: fixed, draw: clearPassword},
			{Heading: "Block sign in (Yes/No) [accountEnabled] Required", Required: true, part: state, on: "No", off: "Yes"},
			{Heading: "First name [givenName]", From: []string{"givenName", "firstName"}, Max: 64},
			{Heading: "Last name [surname]", From: []string{"surname", "lastName", "familyName"}, Max: 64},
			{Heading: "Job title [jobTitle]", From: []string{"jobTitle", "title"}, Max: 128},
			{Heading: "Department [department]", From: []string{"department"}, Max: 64},
			{Heading: "Usage location [usageLocation]", From: []string{"usageLocation"}, looks: twoLetters, form: "be a country in two capital letters, as in SE"},
			{Heading: "Street address [streetAddress]", From: []string{"streetAddress", "addressLine1"}, Max: 1024},
			{Heading: "State or province [state]", From: []string{"state", "region"}, Max: 128},
			{Heading: "Country or region [country]", From: []string{"country"}, Max: 128},
			{Heading: "Office [physicalDeliveryOfficeName]", From: []string{"officeLocation", "physicalDeliveryOfficeName", "office"}, Max: 128},
			{Heading: "City [city]", From: []string{"city"}, Max: 128},
			{Heading: "ZIP or postal code [postalCode]", From: []string{"postalCode"}, Max: 40},
			{Heading: "Office phone [telephoneNumber]", From: []string{"businessPhones", "telephoneNumber", "workPhone"}, Max: 64},
			{Heading: "Mobile phone [mobile]", From: []string{"mobilePhone", "mobile"}, Max: 64},
		},
		first: entraVersion, rows: bulkRows, bare: true, whole: true, passwords: true,
		unsayable: map[core.Verb]string{core.Update: noBulkUpdate, core.Deactivate: noBulkUpdate, core.Reactivate: noBulkUpdate + " Deleted users come back with the file entra-restore.",
			core.Delete: "This file creates users; the file entra-delete deletes them."},
		unsayables: map[string]string{"manager": "The file has no column for the manager; set it in the admin center after the upload."},
		Notes: []string{"The file holds the first password of every new user in clear, because Microsoft's upload demands it. Upload it at once, then delete it and empty the recycle bin.",
			"Nobody is told these passwords: give each new user a Temporary Access Pass or reset the password in the admin center."},
		Sources: []string{bulkAdd, bulkLimits, "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy"},
		Doubts:  append([]string{"That the password has to be changed at the first sign-in: the admin center does so for users that it creates; the page does not say it of the file."}, doubtsOfEntra...),
	}
}

// clearPassword gives a random password that begins with a letter, so that it stays as it
// is where somebody opens the file with a spreadsheet all the same.
func clearPassword() string {
	for {
		p := password.New().Reveal()
		if first := p[0] | 0x20; first >= 'a' && first <= 'z' {
			return p
		}
	}
}

// entraDelete is “Bulk delete” (users-bulk-delete, version of 5 March 2026).
func entraDelete() Format {
	return Format{
		ID: "entra-delete", Label: "Microsoft Entra: Bulk delete", System: "Microsoft Entra", Verbs: []core.Verb{core.Delete},
		Columns: []Column{{Heading: entraName, From: principalNames, Required: true, part: login}},
		first:   entraVersion, rows: bulkRows, bare: true, whole: true,
		unsayable: map[core.Verb]string{core.Create: "This file deletes users; the file entra-create creates them.", core.Update: noBulkUpdate, core.Deactivate: noBulkUpdate, core.Reactivate: noBulkUpdate},
		Notes:     []string{"Deleted users can be restored for 30 days, with the file entra-restore or in the admin center under Deleted users."},
		Sources:   []string{bulkDelete, bulkLimits}, Doubts: doubtsOfEntra,
	}
}

// entraRestore is “Bulk restore” of deleted users, by their object ids (users-bulk-restore,
// version of 24 February 2026).
func entraRestore() Format {
	return Format{
		ID: "entra-restore", Label: "Microsoft Entra: Bulk restore", System: "Microsoft Entra", Verbs: []core.Verb{core.Reactivate},
		Columns: []Column{{Heading: "Object ID [objectId] Required", From: []string{"objectId", "id"}, Required: true, part: identity,
			looks: regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`), form: "be an object id, as in 00aa00aa-bb11-cc22-dd33-44ee44ee44ee"}},
		first: entraVersion, rows: bulkRows, bare: true, whole: true, restores: true,
		unsayable: map[core.Verb]string{core.Create: "This file restores users; the file entra-create creates them.", core.Update: noBulkUpdate, core.Deactivate: noBulkUpdate,
			core.Delete: "This file restores users; the file entra-delete deletes them."},
		Sources: []string{bulkRestore, bulkLimits}, Doubts: doubtsOfEntra,
	}
}
