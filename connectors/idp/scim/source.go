package scim

import (
	"rollcall/connectors/idp/people"
	"rollcall/core"
)

// fields are the canonical fields of RFC 7643's users.
var fields = []people.Field{
	{Field: "employeeNumber", Attribute: "enterprise.employeeNumber"}, {Field: "firstName", Attribute: "name.givenName"},
	{Field: "lastName", Attribute: "name.familyName"}, {Field: "displayName", Attribute: "displayName"}, {Field: "preferredName", Attribute: "nickName"},
	{Field: "email", Attribute: "emails.work"}, {Field: "personalEmail", Attribute: "emails.home"}, {Field: "workPhone", Attribute: "phoneNumbers.work"},
	{Field: "mobilePhone", Attribute: "phoneNumbers.mobile"}, {Field: "jobTitle", Attribute: "title"}, {Field: "department", Attribute: "enterprise.department"},
	{Field: "division", Attribute: "enterprise.division"}, {Field: "costCenter", Attribute: "enterprise.costCenter"}, {Field: "legalEntity", Attribute: "enterprise.organization"},
	{Field: "country", Attribute: "addresses.work.country"}, {Field: "region", Attribute: "addresses.work.region"}, {Field: "city", Attribute: "addresses.work.locality"},
	{Field: "postalCode", Attribute: "addresses.work.postalCode"}, {Field: "addressLine1", Attribute: "addresses.work.streetAddress"},
	{Field: "managerId", Attribute: "enterprise.manager"}, {Field: "employmentType", Attribute: "userType"}, {Field: "locale", Attribute: "locale"}, {Field: "timeZone", Attribute: "timezone"},
}

// NewSource makes a source of the answers; nothing is sent yet.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	t, err := newTarget(a, env)
	if err != nil {
		return nil, err
	}
	t.groupLines = nil // they are for writing
	return people.New(t, fields), nil
}
