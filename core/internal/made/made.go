// Package made makes people and accounts for the tests of the stages.
package made

import (
	"strings"

	"rollcall/core"
)

// Attributes is a small directory's schema.
var Attributes = []core.Attribute{
	{ID: "login", Label: "User name", Required: true, Unique: true, Login: true},
	{ID: "name", Label: "Display name", Required: true},
	{ID: "mail", Label: "E-mail", Kind: core.Email, Unique: true},
	{ID: "number", Label: "Employee number", Unique: true, CaseExact: true},
	{ID: "title", Label: "Title"},
	{ID: "groups", Label: "Groups", Kind: core.List},
	{ID: "manager", Label: "Manager", Kind: core.Reference},
}

// Rules maps every attribute from the field of the same name.
func Rules() []core.Rule {
	rules := make([]core.Rule, len(Attributes))
	for i, a := range Attributes {
		rules[i] = core.Rule{Attribute: a.ID, Field: a.ID}
	}
	return rules
}

// Keys matches by number, then by mail.
var Keys = []core.Key{{Fields: []string{"number"}, Attribute: "number"}, {Fields: []string{"mail"}, Attribute: "mail"}}

// Desired makes desired accounts of lines such as "number=1 name=Ada status=terminated":
// attributes by name, and person, status, start, end for the labels. The person's id is
// p<number> unless given; a value of - is stated and empty; ~ stands for a blank.
func Desired(lines ...string) []core.Desired {
	var fields []core.Field
	for _, a := range Attributes {
		fields = append(fields, core.Field{ID: a.ID})
	}
	for _, l := range []string{core.LabelPerson, core.LabelStatus, core.LabelStart, core.LabelEnd} {
		fields = append(fields, core.Field{ID: l})
	}
	s := core.NewSchema(fields)
	s.Alias(core.LabelName, "name")
	s.Alias(core.LabelNumber, "number")
	s.Alias(core.LabelEmail, "mail")
	s.Alias(core.LabelKeyBase+"0", "number")
	s.Alias(core.LabelKeyBase+"1", "mail")
	pack := core.NewPacker(s)
	out := make([]core.Desired, len(lines))
	for i, line := range lines {
		fill(pack, line, map[string]string{"person": core.LabelPerson, "status": core.LabelStatus, "start": core.LabelStart, "end": core.LabelEnd})
		if pack.Value(s.Index(core.LabelPerson)) == "" {
			pack.Put(core.LabelPerson, "p"+pack.Value(s.Index("number")))
		}
		out[i] = core.Desired{Record: pack.Pack()}
	}
	return out
}

// Accounts makes accounts of lines such as "id=a1 number=1 active=false"; they are
// active unless the line says otherwise, and the id is a<number> unless given.
func Accounts(lines ...string) []core.Account {
	s := core.AccountSchema(Attributes)
	pack := core.NewPacker(s)
	out := make([]core.Account, len(lines))
	for i, line := range lines {
		pack.Put(core.AccountActive, "true")
		fill(pack, line, map[string]string{"id": core.AccountID, "active": core.AccountActive, "protected": core.AccountProtected})
		if pack.Value(s.Index(core.AccountID)) == "" {
			pack.Put(core.AccountID, "a"+pack.Value(s.Index("number")))
		}
		if pack.Value(s.Index(core.AccountName)) == "" {
			pack.Put(core.AccountName, pack.Value(s.Index("name")))
		}
		out[i] = core.Account{Record: pack.Pack()}
	}
	return out
}

func fill(pack *core.Packer, line string, names map[string]string) {
	for _, pair := range strings.Fields(line) {
		key, value, _ := strings.Cut(pair, "=")
		if long, ok := names[key]; ok {
			key = long
		}
		if value == "-" {
			value = ""
		}
		pack.Put(key, strings.ReplaceAll(value, "~", " "))
	}
}
