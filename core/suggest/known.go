package suggest

import "strings"

// known says which canonical fields an attribute of a schema that we know is made of,
// by the attribute's id in small letters; the first that the source has. It holds the
// practice directory, SCIM 2.0, inetOrgPerson and Active Directory, Microsoft Entra,
// Okta and Google Workspace, which hardly contradict each other.
var known = map[string][]string{
	// Names.
	"firstname": {"firstName", givenName}, "givenname": {"firstName", givenName}, "name.givenname": {"firstName", givenName},
	"lastname": {"lastName", familyName}, "sn": {"lastName", familyName}, "surname": {"lastName", familyName}, "familyname": {"lastName", familyName}, "name.familyname": {"lastName", familyName},
	"displayname": {"displayName", fullName}, "cn": {"displayName", fullName}, "name.formatted": {"displayName", fullName}, "name.fullname": {"displayName", fullName},
	"nickname": {"preferredName"},
	// Signing in, and finding.
	"username": {login, "email", madeLogin}, "login": {login, "email", madeLogin}, "userprincipalname": {"email", madeLogin}, "primaryemail": {"email"},
	"uid": {login, madeLogin}, "samaccountname": {login, shortLogin},
	"externalid": {"externalId", "employeeNumber"}, "employeenumber": {"employeeNumber"}, "employeeid": {"employeeNumber"}, "employeeidentifier": {"employeeNumber"}, "enterprise.employeenumber": {"employeeNumber"},
	"externalids.organization": {"employeeNumber"},
	// Reaching.
	"email": {"email"}, "mail": {"email"}, "emails.work": {"email"}, "emails": {"email"}, "emails.value": {"email"}, "secondemail": {"personalEmail"}, "emails.home": {"personalEmail"}, "alternateemail": {"personalEmail"},
	"workphone": {"workPhone"}, "telephonenumber": {"workPhone"}, "phonenumbers.work": {"workPhone"}, "businessphones": {"workPhone"}, "primaryphone": {"workPhone"}, "phones.work": {"workPhone"},
	"mobilephone": {"mobilePhone"}, "mobile": {"mobilePhone"}, "phonenumbers.mobile": {"mobilePhone"}, "phones.mobile": {"mobilePhone"},
	// The job.
	"title": {"jobTitle"}, "jobtitle": {"jobTitle"}, "organizations.title": {"jobTitle"},
	"department": {"department"}, "departmentnumber": {"department", "departmentId"}, "ou": {"department"}, "enterprise.department": {"department"}, "organizations.department": {"department"},
	"division": {"division"}, "enterprise.division": {"division"}, "employeeorgdata.division": {"division"},
	"costcenter": {"costCenter"}, "enterprise.costcenter": {"costCenter"}, "employeeorgdata.costcenter": {"costCenter"}, "organizations.costcenter": {"costCenter"},
	"organization": {"legalEntity"}, "enterprise.organization": {"legalEntity"}, "o": {"legalEntity"}, "company": {"legalEntity"}, "companyname": {"legalEntity"}, "organizations.name": {"legalEntity"},
	"manager": {"managerId", "managerEmail"}, "enterprise.manager": {"managerId", "managerEmail"}, "managerid": {"managerId", "managerEmail"}, "relations.manager": {"managerId", "managerEmail"},
	"employmenttype": {"employmentType"}, "employeetype": {"employmentType"}, "usertype": {"employmentType"}, "organizations.description": {"employmentType"},
	"startdate": {"startDate"}, "employeehiredate": {"startDate"}, "hiredate": {"startDate"}, "enddate": {"endDate"}, "employeeleavedatetime": {"endDate"},
	// The place.
	"office": {"office", "location"}, "physicaldeliveryofficename": {"office", "location"}, "officelocation": {"office", "location"}, "locations.desk.buildingid": {"office", "location"}, "location": {"office", "location"},
	"city": {"city"}, "l": {"city"}, "addresses.work.locality": {"city"}, "country": {"country"}, "co": {"country"}, "addresses.work.country": {"country"},
	"c": {countryCode}, "countrycode": {countryCode}, "addresses.work.countrycode": {countryCode}, "usagelocation": {countryCode},
	"st": {"region"}, "state": {"region"}, "addresses.work.region": {"region"}, "postalcode": {"postalCode"}, "zipcode": {"postalCode"}, "addresses.work.postalcode": {"postalCode"},
	"preferredlanguage": {"locale"}, "languages.preferred": {"locale"}, "timezone": {"timeZone"},
	// What HR does not decide, or what nobody should see who has no need to.
	// Directories make the mail nickname of the sign-in name; Okta's locale wants an underscore, and means formats.
	"mailnickname": nil, "locale": nil, "groups": nil, "orgunitpath": nil, "role": nil, "roles": nil, "entitlements": nil, "street": nil, "streetaddress": nil, "postaladdress": nil, "addresses.work.streetaddress": nil, "homephone": nil,
	"phonenumbers.work_mobile": nil, "phonenumbers.work_fax": nil, "recoveryemail": nil, "recoveryphone": nil, "addresses.home.streetaddress": nil, "addresses.home.extendedaddress": nil,
	"addresses.home.pobox": nil, "addresses.home.locality": nil, "addresses.home.region": nil, "addresses.home.postalcode": nil, "addresses.home.country": nil,
	"addresses.work.formatted": nil, "phonenumbers.home": nil, "homepostaladdress": nil, "initials": nil, "description": nil, "profileurl": nil, "middlename": nil, "name.middlename": nil,
	"name.honorificprefix": nil, "name.honorificsuffix": nil, "userpassword": nil, "x500uniqueidentifier": nil, "jpegphoto": nil, "carlicense": nil, "roomnumber": nil,
}

// What an attribute can be made of beside a field.
const (
	fullName   = "@fullName"
	givenName  = "@givenName"
	familyName = "@familyName"
	madeLogin  = "@madeLogin"
	shortLogin = "@shortLogin"
	mailLogin  = "@mailLogin"
	// Of the country.
	countryCode = "@countryCode"
)

// names are expressions for the two halves of a person's name, and for the e-mail address.
type names struct {
	first, last string
	email       string
	cut         bool // out of the whole name
}

// made gives the expression for what is made of the names; none where the source gives
// it by itself or not well enough.
func made(what string, n names) (expression, why string) {
	of := "Made of first and last name"
	if n.cut {
		of = "Made of the full name"
	}
	switch {
	case what == givenName && n.cut:
		return n.first, "Cut out of the full name: check names of several words."
	case what == familyName && n.cut:
		return n.last, "Cut out of the full name: check names of several words."
	case what == fullName && !n.cut:
		return "Join(\" \", " + n.first + ", " + n.last + ")", of + "."
	case what == mailLogin && n.email != "":
		return "LCase(EmailLocal(" + n.email + "))", "The e-mail address before the @, in small letters."
	case what == madeLogin:
		return "SelectUniqueValue(LCase(CleanUPN(Join(\".\", " + n.first + ", " + n.last + "))))", of + ", where the source has no login."
	case what == shortLogin:
		return "SelectUniqueValue(Left(LCase(CleanUPN(Join(\".\", " + n.first + ", " + n.last + "))), 20))", of + ", at most 20 characters."
	}
	return "", ""
}

// name writes a field's name as an expression reads it.
func name(field string) string {
	for _, r := range field {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return "[" + field + "]"
		}
	}
	return field
}

func knownAttribute(id string) ([]string, bool) {
	fields, ok := known[strings.ToLower(id)]
	return fields, ok
}
