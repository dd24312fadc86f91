package ldap

import (
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

// NewSource makes a source of the answers; nothing is sent yet.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	t, err := newTarget(a, env)
	if err != nil {
		return nil, err
	}
	return people.New(t, fields), nil
}
