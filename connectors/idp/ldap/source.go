package ldap

import (
	"context"
	"iter"

	"rollcall/connectors/idp/people"
	"rollcall/core"
)

// fields are the canonical fields of inetOrgPerson.
var fields = []people.Field{
	{Field: "employeeNumber", Attribute: "employeeNumber"}, {Field: "firstName", Attribute: "givenName"}, {Field: "lastName", Attribute: "sn"},
	{Field: "displayName", Attribute: "displayName"}, {Field: "email", Attribute: "mail"}, {Field: "workPhone", Attribute: "telephoneNumber"},
	{Field: "mobilePhone", Attribute: "mobile"}, {Field: "jobTitle", Attribute: "title"}, {Field: "department", Attribute: "departmentNumber"},
	{Field: "division", Attribute: "businessCategory"}, {Field: "legalEntity", Attribute: "o"}, {Field: "office", Attribute: "physicalDeliveryOfficeName"},
	{Field: "region", Attribute: "st"}, {Field: "city", Attribute: "l"}, {Field: "postalCode", Attribute: "postalCode"}, {Field: "addressLine1", Attribute: "street"},
	{Field: "managerId", Attribute: "manager"}, {Field: "employmentType", Attribute: "employeeType"}, {Field: "locale", Attribute: "preferredLanguage"},
}

// adFields are the canonical fields of Active Directory.
var adFields = []people.Field{
	{Field: "employeeNumber", Attribute: "employeeID"}, {Field: "firstName", Attribute: "givenName"}, {Field: "lastName", Attribute: "sn"},
	{Field: "displayName", Attribute: "displayName"}, {Field: "email", Attribute: mailAddress}, {Field: "workPhone", Attribute: "telephoneNumber"},
	{Field: "mobilePhone", Attribute: "mobile"}, {Field: "jobTitle", Attribute: "title"}, {Field: "department", Attribute: "department"},
	{Field: "division", Attribute: "division"}, {Field: "legalEntity", Attribute: "company"}, {Field: "office", Attribute: "physicalDeliveryOfficeName"},
	{Field: "country", Attribute: countryLetters}, {Field: "region", Attribute: "st"}, {Field: "city", Attribute: "l"}, {Field: "postalCode", Attribute: "postalCode"},
	{Field: "addressLine1", Attribute: "streetAddress"}, {Field: "managerId", Attribute: "manager"}, {Field: "employmentType", Attribute: "employeeType"},
	{Field: "costCenter", Attribute: "departmentNumber"}, {Field: "locale", Attribute: "preferredLanguage"}, {Field: "endDate", Attribute: accountExpires},
}

// source reads people of a directory that says itself what it is.
type source struct{ directory *directory }

// NewSource makes a source of the answers; nothing is sent yet.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	d, err := newDirectory(a, env)
	if err != nil {
		return nil, err
	}
	return source{d}, nil
}

func (s source) people(ctx context.Context) (core.Source, error) {
	t, err := s.directory.target(ctx)
	if err != nil {
		return nil, err
	}
	if t == core.Target(s.directory.domain) {
		return people.New(t, adFields), nil
	}
	return people.New(t, fields), nil
}

func (s source) Check(ctx context.Context) (core.Health, error) { return s.directory.Check(ctx) }

func (s source) Fields(ctx context.Context) ([]core.Field, error) {
	p, err := s.people(ctx)
	if err != nil {
		return nil, err
	}
	return p.Fields(ctx)
}

func (s source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		p, err := s.people(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		p.People(ctx, want)(yield)
	}
}

var _ core.Source = source{}
