package ldap

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// adLabel is an attribute of people in Active Directory that we know, with its label and
// the most characters it takes.
type adLabel struct {
	id, label string
	kind      core.Kind
	most      int
}

// The ids of attributes that are more than the text they hold.
const (
	accountName    = "sAMAccountName"
	principalName  = "userPrincipalName"
	commonName     = "cn"
	mailAddress    = "mail"
	proxyAddresses = "proxyAddresses"
	accountExpires = "accountExpires"
	countryLetters = "c"
	branchName     = "ou"
)

// adLabels are in the order in which they are shown. They hold one value, as far as we
// write them, but for lists.
var adLabels = []adLabel{
	{accountName, "Account name", core.Text, 20}, {principalName, "Sign-in name", core.Email, 1024}, {commonName, "Full name", core.Text, longestName},
	{"givenName", "First name", core.Text, 64}, {"sn", "Last name", core.Text, 64}, {"displayName", "Display name", core.Text, 256},
	{"initials", "Initials", core.Text, 6}, {mailAddress, "E-mail", core.Email, 256}, {proxyAddresses, "Further addresses", core.List, 1123},
	{"employeeID", "Employee ID", core.Text, 16}, {"employeeNumber", "Employee number", core.Text, 512}, {"employeeType", "Employment type", core.Text, 256},
	{"title", "Job title", core.Text, 128}, {"department", "Department", core.Text, 64}, {"division", "Division", core.Text, 256},
	{"company", "Company", core.Text, 64}, {"departmentNumber", "Department number", core.Text, 0}, {"manager", "Manager", core.Reference, 0},
	{"assistant", "Assistant", core.Reference, 0}, {branchName, "Organizational unit", core.Text, 0},
	{"physicalDeliveryOfficeName", "Office", core.Text, 128}, {"roomNumber", "Room", core.Text, 0}, {"streetAddress", "Street", core.Text, 1024},
	{"postOfficeBox", "Post office box", core.Text, 40}, {"l", "City", core.Text, 128}, {"st", "Region", core.Text, 128},
	{"postalCode", "Postal code", core.Text, 40}, {countryLetters, "Country", core.Text, 2}, {"telephoneNumber", "Work phone", core.Phone, 64},
	{"mobile", "Mobile phone", core.Phone, 64}, {"homePhone", "Private phone", core.Phone, 64}, {"facsimileTelephoneNumber", "Fax", core.Phone, 64},
	{"pager", "Pager", core.Phone, 64}, {"ipPhone", "IP phone", core.Text, 64}, {"preferredLanguage", "Language", core.Text, 0},
	{"wWWHomePage", "Web page", core.Text, 2048}, {accountExpires, "Last day", core.Date, 0}, {"description", "Description", core.Text, 1024},
	{"info", "Notes", core.Text, 1024}, {"homeDirectory", "Home folder", core.Text, 0}, {"homeDrive", "Home drive", core.Text, 3},
	{"profilePath", "Profile folder", core.Text, 0}, {"scriptPath", "Logon script", core.Text, 0},
}

var adHelp = map[string]string{
	accountName:    "What people sign in with as CORP\\name. At most 20 characters.",
	principalName:  "What people sign in with as name@corp.example.",
	commonName:     "Names the entry. Where somebody in the same organizational unit has the name, a number is appended, which is not shown here.",
	proxyAddresses: "Addresses with their kind, such as smtp:name@corp.example. The primary one (SMTP:) follows the e-mail and is not shown here.",
	countryLetters: "Two letters of ISO 3166. The country's name and number (co, countryCode) are set with it.",
	accountExpires: "The account ends at midnight after this day.",
	branchName:     "The organizational unit or container in which the account stands. It is moved when this changes.",
}

// attribute makes the description of a known attribute.
func (l adLabel) attribute() core.Attribute {
	return core.Attribute{ID: l.id, Label: l.label, Help: adHelp[l.id], Kind: l.kind, MaxLength: l.most,
		Required: l.id == accountName || l.id == commonName, Unique: l.id == accountName || l.id == principalName, Login: l.id == accountName || l.id == principalName}
}

// adType is an attributeSchema entry.
type adType struct {
	name   string
	syntax string // attributeSyntax
	single bool
	upper  int
	hidden bool // of the system, computed, or of the base schema
}

// bits of systemFlags (MS-ADTS §2.2.10)
const (
	computedFlag   = 4
	baseSchemaFlag = 16
)

func adTypeOf(e *ldap.Entry) adType {
	flags, _ := strconv.Atoi(e.GetEqualFoldAttributeValue("systemFlags")) // absent: none
	upper, _ := strconv.Atoi(e.GetEqualFoldAttributeValue("rangeUpper"))
	is := func(name string) bool { return e.GetEqualFoldAttributeValue(name) == "TRUE" }
	return adType{name: e.GetEqualFoldAttributeValue("lDAPDisplayName"), syntax: e.GetEqualFoldAttributeValue("attributeSyntax"), single: is("isSingleValued"),
		upper: upper, hidden: is("systemOnly") || flags&(computedFlag|baseSchemaFlag) != 0}
}

// The syntaxes of MS-ADTS §3.1.1.2.2.2 whose values a person could read.
var adKinds = map[string]core.Kind{
	"2.5.5.12": core.Text, "2.5.5.4": core.Text, "2.5.5.5": core.Text, "2.5.5.6": core.Text, "2.5.5.3": core.Text,
	"2.5.5.9": core.Number, "2.5.5.16": core.Number, "2.5.5.8": core.Bool,
}

// attribute makes the description of an attribute that somebody added to the schema.
func (y adType) attribute() (core.Attribute, bool) {
	kind, readable := adKinds[y.syntax]
	if !y.single && kind == core.Text {
		kind = core.List
	}
	a := core.Attribute{ID: y.name, Label: y.name, Kind: kind, CaseExact: y.syntax == "2.5.5.3"}
	if kind == core.Text || kind == core.List {
		a.MaxLength = y.upper
	}
	return a, readable && !y.hidden && (y.single || kind == core.List)
}

// schema reads which attributes people can have: the known ones with the lengths that
// this forest allows, then those that were added to its schema.
func (d *domain) schema(ctx context.Context, place string) ([]core.Attribute, error) {
	types := map[string]adType{}
	err := d.all(ctx, []string{place}, "(objectClass=attributeSchema)", []string{"lDAPDisplayName", "attributeSyntax", "isSingleValued", "rangeUpper", "systemOnly", "systemFlags"}, nil, func(e *ldap.Entry) bool {
		y := adTypeOf(e)
		types[strings.ToLower(y.name)] = y
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(types) == 0 {
		return nil, &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("%s does not show its schema to Rollcall's account.", d.session.host), Fix: "Ask the administrator to let it read the schema."}
	}
	names, err := d.ofPeople(ctx, place)
	if err != nil {
		return nil, err
	}
	return offered(types, names), nil
}

// offered gives the attributes of people; names are those that the class user has.
func offered(types map[string]adType, names map[string]bool) []core.Attribute {
	var all, added []core.Attribute
	known := map[string]bool{}
	for _, l := range adLabels {
		y, there := types[strings.ToLower(l.id)]
		known[strings.ToLower(l.id)] = true
		if !there || !names[strings.ToLower(l.id)] {
			continue
		}
		a := l.attribute()
		if y.upper > 0 && a.Kind != core.Date && a.Kind != core.Reference && a.ID != branchName && (a.MaxLength == 0 || y.upper < a.MaxLength) {
			a.MaxLength = y.upper
		}
		all = append(all, a)
	}
	for id, y := range types {
		if a, readable := y.attribute(); readable && names[id] && !known[id] {
			added = append(added, a)
		}
	}
	slices.SortFunc(added, func(a, b core.Attribute) int { return cmp.Compare(a.ID, b.ID) })
	return append(all, added...)
}

// ofPeople gives the names, in lower case, of the attributes of the class user, of the
// classes above it and of those that are mixed in.
func (d *domain) ofPeople(ctx context.Context, place string) (map[string]bool, error) {
	attributes := []string{"mustContain", "systemMustContain", "mayContain", "systemMayContain"}
	above := []string{"subClassOf", "auxiliaryClass", "systemAuxiliaryClass"}
	classes := map[string]*ldap.Entry{}
	err := d.all(ctx, []string{place}, "(objectClass=classSchema)", append(append([]string{"lDAPDisplayName"}, attributes...), above...), nil, func(e *ldap.Entry) bool {
		classes[strings.ToLower(e.GetEqualFoldAttributeValue("lDAPDisplayName"))] = e
		return true
	})
	names, seen := map[string]bool{}, map[string]bool{}
	var walk func(string)
	walk = func(class string) {
		class = strings.ToLower(class)
		e := classes[class]
		if seen[class] || e == nil {
			return
		}
		seen[class] = true
		for _, a := range attributes {
			for _, n := range e.GetEqualFoldAttributeValues(a) {
				names[strings.ToLower(n)] = true
			}
		}
		for _, a := range above {
			for _, c := range e.GetEqualFoldAttributeValues(a) {
				walk(c)
			}
		}
	}
	walk("user")
	return names, err
}
