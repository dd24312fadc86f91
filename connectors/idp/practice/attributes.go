package practice

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rollcall/core"
)

// The attributes that the directory itself looks at.
const (
	userName = "userName"
	manager  = "manager"
	role     = "role"
)

// attributes is the directory's whole schema; it does not change.
var attributes = []core.Attribute{
	{ID: userName, Label: "User name", Help: "The name a person signs in with.", Required: true, Unique: true, Login: true, MaxLength: 100},
	{ID: "firstName", Label: "First name", Required: true, MaxLength: 64},
	{ID: "lastName", Label: "Last name", Required: true, MaxLength: 64},
	{ID: "displayName", Label: "Display name", MaxLength: 128},
	{ID: "email", Label: "E-mail", Kind: core.Email, Unique: true, MaxLength: 254},
	{ID: "employeeNumber", Label: "Employee number", Unique: true, MaxLength: 32},
	{ID: "title", Label: "Title", MaxLength: 128},
	{ID: "department", Label: "Department", MaxLength: 128},
	{ID: "division", Label: "Division", MaxLength: 128},
	{ID: "costCenter", Label: "Cost centre", MaxLength: 64},
	{ID: "organization", Label: "Organisation", Help: "The legal entity that employs the person.", MaxLength: 128},
	{ID: "office", Label: "Office", MaxLength: 128},
	{ID: "city", Label: "City", MaxLength: 128},
	{ID: "country", Label: "Country", MaxLength: 64},
	{ID: "workPhone", Label: "Work phone", Kind: core.Phone, MaxLength: 40},
	{ID: "mobilePhone", Label: "Mobile phone", Kind: core.Phone, MaxLength: 40},
	{ID: manager, Label: "Manager", Kind: core.Reference},
	{ID: "employmentType", Label: "Employment type", MaxLength: 64},
	{ID: "startDate", Label: "Start date", Kind: core.Date},
	{ID: "endDate", Label: "End date", Kind: core.Date},
	{ID: "groups", Label: "Groups", Kind: core.List, MaxLength: 64},
	{ID: role, Label: "Role", Choices: []core.Choice{
		{Value: "Member", Label: "Member"}, {Value: "Manager", Label: "Manager"}, {Value: "Administrator", Label: "Administrator"},
	}},
}

var attributeOf = func() map[string]core.Attribute {
	m := make(map[string]core.Attribute, len(attributes))
	for _, a := range attributes {
		m[a.ID] = a
	}
	return m
}()

// uniqueIDs are the attributes of which no two accounts share a value.
var uniqueIDs = func() []string {
	var ids []string
	for _, a := range attributes {
		if a.Unique {
			ids = append(ids, a.ID)
		}
	}
	return ids
}()

// wanted gives the attributes of that name, in the directory's order; nil means all.
func wanted(want []string) []core.Attribute {
	if want == nil {
		return attributes
	}
	var chosen []core.Attribute
	for _, a := range attributes {
		if slices.Contains(want, a.ID) {
			chosen = append(chosen, a)
		}
	}
	return chosen
}

// fold makes values equal that the directory takes for the same: case and the ways of
// writing an accent do not count.
func fold(s string) string { return cases.Fold().String(norm.NFC.String(s)) }

// checkValue refuses a value that the attribute cannot hold.
func checkValue(a core.Attribute, v string) error {
	if v == "" {
		if a.Required {
			return refused(a, "cannot be empty", "Give every person a value, or a default in the mapping.")
		}
		return nil
	}
	parts := []string{v}
	if a.Kind == core.List {
		parts = core.SplitList(v)
	}
	for _, part := range parts {
		if n := utf8.RuneCountInString(part); a.MaxLength > 0 && n > a.MaxLength {
			return refused(a, fmt.Sprintf("has %d characters; the directory keeps %d", n, a.MaxLength), "Shorten the value in the mapping.")
		}
	}
	return checkKind(a, v)
}

func checkKind(a core.Attribute, v string) error {
	switch {
	case len(a.Choices) > 0 && !slices.ContainsFunc(a.Choices, func(c core.Choice) bool { return c.Value == v }):
		return refused(a, "is none of the directory's choices", "Choose Member, Manager or Administrator.")
	case a.Kind == core.Date && !isDate(v):
		return refused(a, "is not a date", "Write it as YYYY-MM-DD.")
	case a.Kind == core.Email && !isAddress(v):
		return refused(a, "is not an e-mail address", "Write it as name@domain.")
	}
	return nil
}

func isDate(v string) bool {
	_, err := time.Parse(time.DateOnly, v)
	return err == nil
}

func isAddress(v string) bool {
	a, err := mail.ParseAddress(v)
	return err == nil && a.Address == strings.TrimSpace(v) && a.Name == ""
}

func refused(a core.Attribute, what, fix string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("The practice directory refuses “%s”: it %s.", a.Label, what), Fix: fix}
}

// Standard gives the attributes of every practice directory.
func Standard() []core.Attribute { return attributes }
