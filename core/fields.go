package core

import "strings"

// Kind says how the text of a field or attribute is to be understood, compared and shown.
type Kind uint8

// The kinds. Every value is kept as text; dates are YYYY-MM-DD, booleans true or false,
// lists are joined with ListSeparator.
const (
	Text Kind = iota
	Date
	Number
	Bool
	Email
	Phone
	List
	Reference // names another person (fields) or account (attributes)
)

var kindNames = [...]string{"text", "date", "number", "boolean", "e-mail", "phone", "list", "person"}

// String gives the kind's name as shown to a person.
func (k Kind) String() string { return kindNames[k] }

// ListSeparator joins the values of a list inside one text (ASCII unit separator).
const ListSeparator = "\x1f"

// SplitList gives the values of a list; none for the empty text.
func SplitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ListSeparator)
}

// JoinList makes one text of several values.
func JoinList(values []string) string { return strings.Join(values, ListSeparator) }

// ShowValue gives a value as a person reads it: lists with commas.
func ShowValue(s string) string { return strings.ReplaceAll(s, ListSeparator, ", ") }

// Field is one thing that a source knows about a person.
type Field struct {
	ID     string // canonical name, custom.<key>, response.<path> or a column's header
	Label  string
	Kind   Kind
	Custom bool // discovered in the live system
	// Same is the id of another field that this one is only another name of.
	Same string `json:",omitempty"`
}

// Canonical lists the fields that every source gives under the same name, in the order
// in which they are shown. Sources give those that they have.
var Canonical = []Field{
	{ID: "externalId", Label: "ID"},
	{ID: "employeeNumber", Label: "Employee number"},
	{ID: "firstName", Label: "First name"},
	{ID: "lastName", Label: "Last name"},
	{ID: "displayName", Label: "Display name"},
	{ID: "preferredName", Label: "Preferred name"},
	{ID: "email", Label: "Work e-mail", Kind: Email},
	{ID: "personalEmail", Label: "Personal e-mail", Kind: Email},
	{ID: "workPhone", Label: "Work phone", Kind: Phone},
	{ID: "mobilePhone", Label: "Mobile phone", Kind: Phone},
	{ID: "jobTitle", Label: "Job title"},
	{ID: "department", Label: "Department"},
	{ID: "departmentId", Label: "Department ID"},
	{ID: "division", Label: "Division"},
	{ID: "team", Label: "Team"},
	{ID: "costCenter", Label: "Cost centre"},
	{ID: "legalEntity", Label: "Legal entity"},
	{ID: "location", Label: "Location"},
	{ID: "office", Label: "Office"},
	{ID: "country", Label: "Country"},
	{ID: "region", Label: "Region"},
	{ID: "city", Label: "City"},
	{ID: "postalCode", Label: "Postal code"},
	{ID: "addressLine1", Label: "Address line 1"},
	{ID: "addressLine2", Label: "Address line 2"},
	{ID: "addressLine3", Label: "Address line 3"},
	{ID: "managerId", Label: "Manager", Kind: Reference},
	{ID: "managerEmail", Label: "Manager's e-mail", Kind: Email},
	{ID: "startDate", Label: "Start date", Kind: Date},
	{ID: "endDate", Label: "End date", Kind: Date},
	{ID: "employmentStatus", Label: "Employment status"},
	{ID: "employmentType", Label: "Employment type"},
	{ID: "birthDate", Label: "Birth date", Kind: Date},
	{ID: "gender", Label: "Gender"},
	{ID: "locale", Label: "Language"},
	{ID: "timeZone", Label: "Time zone"},
	{ID: "photoUrl", Label: "Photo"},
}

// CanonicalField gives the canonical field of that name.
func CanonicalField(id string) (Field, bool) {
	for _, f := range Canonical {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

// The values of the field employmentStatus. Unknown is a word of the vendor's that its
// fact sheet does not list: such a person is held, never treated as a leaver.
const (
	StatusActive     = "active"
	StatusOnLeave    = "on_leave"
	StatusTerminated = "terminated"
	StatusFuture     = "future"
	StatusUnknown    = "unknown"
)

// RawPrefix begins the names of fields that are paths into the vendor's own record,
// as in response.work.email.
const RawPrefix = "response."
