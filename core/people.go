package core

import "strings"

// Person is one person as a source gives them: canonical fields, custom.<key>, columns.
type Person struct{ Record }

// ID gives the source's own stable id of the person.
func (p Person) ID() string { return p.Value("externalId") }

// Name gives the name to show: display name, else first and last name, else the id.
func (p Person) Name() string {
	return cmpOr(p.Value("displayName"), strings.TrimSpace(p.Value("firstName")+" "+p.Value("lastName")), p.Value("email"), p.ID())
}

// Reserved attributes of an account, present in every target's records beside its own.
const (
	AccountID        = "@id"        // the target's stable id, opaque
	AccountActive    = "@active"    // "true" or "false"
	AccountName      = "@name"      // the name to show
	AccountProtected = "@protected" // why nobody may change it; empty for ordinary accounts
	AccountVersion   = "@version"   // ETag or the like, where the target has one
	AccountDeleted   = "@deleted"   // until when it can be brought back, "true" where that is not told; empty for accounts that are there
)

// Reserved lists the fields that every account schema begins with.
var Reserved = []Field{
	{ID: AccountID, Label: "Account ID"},
	{ID: AccountActive, Label: "Enabled", Kind: Bool},
	{ID: AccountName, Label: "Name"},
	{ID: AccountProtected, Label: "Protected"},
	{ID: AccountVersion, Label: "Version"},
	{ID: AccountDeleted, Label: "Deleted"},
}

// AccountSchema makes the schema of a target's accounts: the reserved fields, then its
// attributes under their ids.
func AccountSchema(attributes []Attribute) *Schema {
	fields := append([]Field{}, Reserved...)
	for _, a := range attributes {
		fields = append(fields, Field{ID: a.ID, Label: a.Label, Kind: a.Kind})
	}
	return NewSchema(fields)
}

// Account is one account of a directory: the reserved fields and its attributes. The
// value of a Reference attribute (a manager) is the other account's id.
type Account struct{ Record }

// ID gives the target's stable id.
func (a Account) ID() string { return a.Value(AccountID) }

// Active says that its owner can sign in.
func (a Account) Active() bool { return a.Value(AccountActive) == "true" }

// Deleted says that it was deleted and can be brought back.
func (a Account) Deleted() bool { return a.Value(AccountDeleted) != "" }

// Labels of a desired account: what the plan shows of the person beside the attributes.
const (
	LabelPerson  = "@person" // the person's id in the source
	LabelNumber  = "@number"
	LabelName    = "@name"
	LabelStatus  = "@status" // employmentStatus
	LabelStart   = "@start"
	LabelEnd     = "@end"
	LabelEmail   = "@email"
	LabelGroup   = "@department"
	LabelKeyBase = "@key" // @key0, @key1 …: the values to match by
)

// Desired is the account that a person should have. The value of a Reference attribute
// is the other person, named by id, employee number or e-mail.
type Desired struct{ Record }

// Person gives the id of the person whose account this is.
func (d Desired) Person() string { return d.Value(LabelPerson) }

func cmpOr(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
