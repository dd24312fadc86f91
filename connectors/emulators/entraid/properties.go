package entraid

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// property is one that a person can be asked for by name.
type property struct {
	name  string
	usual bool // comes without being selected
	put   func(o wire.Object, name string, p seed.Employee)
}

var properties = append([]property{
	{"id", true, always(func(p seed.Employee) any { return userID(p.ID) })},
	{"userPrincipalName", true, always(func(p seed.Employee) any { return principalName(p) })},
	{"displayName", true, always(func(p seed.Employee) any { return displayName(p) })},
	{"givenName", true, text(func(p seed.Employee) string { return p.First })},
	{"surname", true, text(func(p seed.Employee) string { return p.Last })},
	{"mail", true, text(func(p seed.Employee) string { return p.Email })},
	{"jobTitle", true, text(func(p seed.Employee) string { return p.Title })},
	{"mobilePhone", true, text(func(p seed.Employee) string { return p.MobilePhone })},
	{"officeLocation", true, text(func(p seed.Employee) string { return p.Office.Name })},
	{"preferredLanguage", true, text(language)},
	{"businessPhones", true, always(func(p seed.Employee) any { return list(p.WorkPhone) })},
	{"mailNickname", false, always(func(p seed.Employee) any { return fmt.Sprintf("person.%d", p.ID) })},
	{"accountEnabled", false, always(func(p seed.Employee) any { return enabled(p) })},
	{"employeeId", false, text(func(p seed.Employee) string { return p.Number })},
	{"employeeType", false, text(func(p seed.Employee) string { return p.Type })},
	{"employeeHireDate", false, always(func(p seed.Employee) any { return moment(p.Hire, p.ID) })},
	{"employeeLeaveDateTime", false, always(func(p seed.Employee) any { return moment(p.End, p.ID) })},
	{"employeeOrgData", false, always(orgData)},
	{"department", false, text(func(p seed.Employee) string { return p.Department.Name })},
	{"companyName", false, text(func(p seed.Employee) string { return p.LegalEntity.Name })},
	{"streetAddress", false, text(func(p seed.Employee) string { return p.Address.Line1 })},
	{"city", false, text(func(p seed.Employee) string { return p.Address.City })},
	{"state", false, text(func(p seed.Employee) string { return p.Address.Region })},
	{"postalCode", false, text(func(p seed.Employee) string { return p.Address.PostalCode })},
	{"country", false, text(func(p seed.Employee) string { return p.Address.CountryCode })},
	{"usageLocation", false, text(func(p seed.Employee) string { return p.Address.CountryCode })},
	{"otherMails", false, always(func(p seed.Employee) any { return list(p.PersonalEmail) })},
	{"userType", false, always(func(p seed.Employee) any { return userType(p) })},
	{"createdDateTime", false, always(func(seed.Employee) any { return "2019-01-07T08:12:44Z" })},
	{"onPremisesSyncEnabled", false, always(onPremises)},
	{"onPremisesImmutableId", false, always(func(seed.Employee) any { return nil })},
	{"proxyAddresses", false, always(func(seed.Employee) any { return []string{} })},
	{"onPremisesExtensionAttributes", false, extensionAttributes},
	{"faxNumber", false, nothing},
	{"ageGroup", false, nothing},
	{"consentProvidedForMinor", false, nothing},
	{"deletedDateTime", false, nothing},
}, directoryExtensions...)

// inSharePoint live elsewhere: a request that names one of them names no other property.
var inSharePoint = []string{"birthday", "hireDate", "aboutMe", "skills", "mySite", "interests"}

func known(name string) (property, bool) {
	i := slices.IndexFunc(properties, func(c property) bool { return c.name == name })
	if i < 0 {
		return property{}, false
	}
	return properties[i], true
}

func always(of func(seed.Employee) any) func(wire.Object, string, seed.Employee) {
	return func(o wire.Object, name string, p seed.Employee) { o[name] = of(p) }
}

func nothing(o wire.Object, name string, _ seed.Employee) { o[name] = nil }

func text(of func(seed.Employee) string) func(wire.Object, string, seed.Employee) {
	return func(o wire.Object, name string, p seed.Employee) { wire.Put(o, name, of(p), p.Void) }
}

func userID(id int) string { return fmt.Sprintf("0a6e1f0c-1111-4aaa-8bbb-%012d", id) }

// isGuest is true of those whom the directory calls a guest, or who sign in with another tenant's name.
func isGuest(p seed.Employee) bool { return p.ID%50 == 41 || p.ID%50 == 42 }

func principalName(p seed.Employee) string {
	if p.ID%50 == 42 {
		return fmt.Sprintf("person.%d_partner.example#EXT#@%s", p.ID, tenantDomain)
	}
	return fmt.Sprintf("person.%d@%s", p.ID, tenantDomain)
}

func userType(p seed.Employee) string {
	if p.ID%50 == 41 {
		return "Guest"
	}
	return "Member"
}

func displayName(p seed.Employee) string {
	if p.Preferred != "" {
		return p.Preferred
	}
	return p.Name()
}

// enabled is false of everybody who cannot sign in: who left, is on leave or suspended, or whose account waits for the first day.
func enabled(p seed.Employee) bool {
	switch p.State {
	case seed.Left, seed.OnLeave, seed.Odd:
		return false
	case seed.Starting:
		return p.Hire == "" || p.ID%2 == 1
	}
	return true
}

func language(p seed.Employee) string {
	if p.Language == "" || p.Address.CountryCode == "" {
		return p.Language
	}
	return p.Language + "-" + p.Address.CountryCode
}

func list(value string) []string {
	if value == "" {
		return []string{}
	}
	return []string{value}
}

// moment writes a day as the midnight before it, and of every eleventh person as a later hour of that day.
func moment(day string, id int) any {
	switch {
	case day == "":
		return nil
	case id%11 == 0:
		return day + "T17:30:00Z"
	}
	return day + "T00:00:00Z"
}

func orgData(p seed.Employee) any {
	if p.Division == "" && len(p.CostCentres) == 0 {
		return nil
	}
	return wire.Object{"division": orNull(p.Division), "costCenter": orNull(costCentre(p))}
}

func costCentre(p seed.Employee) string {
	if len(p.CostCentres) == 0 {
		return ""
	}
	return p.CostCentres[0].Name
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func onPremises(p seed.Employee) any {
	if p.ID%3 == 0 {
		return true
	}
	return nil
}

// extensionAttributes are the fifteen old ones; of some people there are none at all.
func extensionAttributes(o wire.Object, name string, p seed.Employee) {
	if p.Void == seed.Missing {
		return
	}
	all := wire.Object{}
	for i := range 15 {
		all[fmt.Sprintf("extensionAttribute%d", i+1)] = nil
	}
	wire.Put(all, "extensionAttribute1", p.Team.Name, p.Void)
	wire.Put(all, "extensionAttribute2", shortened(p.Custom.Note), p.Void)
	o[name] = all
}

// shortened keeps what an extension attribute can hold.
func shortened(note string) string {
	if all := []rune(note); len(all) > 1024 {
		return string(all[:1024])
	}
	return note
}

var extensionPrefix = "extension_" + strings.ReplaceAll(clientID, "-", "") + "_"

// directoryExtensions are the company's own properties; one without a value is left out.
var directoryExtensions = []property{
	extension("badge", func(p seed.Employee) (any, bool) { return p.Custom.Badge, p.Custom.Badge != "" }),
	extension("building", func(p seed.Employee) (any, bool) { return p.Custom.Building.Name, p.Custom.Building.ID != 0 }),
	extension("bicycles", func(p seed.Employee) (any, bool) { return p.Custom.Bicycles, p.Custom.Bicycles != nil }),
	extension("onSite", func(p seed.Employee) (any, bool) { return p.Custom.OnSite, p.Custom.OnSite != nil }),
	extension("anniversary", func(p seed.Employee) (any, bool) {
		return p.Custom.Anniversary + "T00:00:00Z", p.Custom.Anniversary != ""
	}),
	extension("languages", func(p seed.Employee) (any, bool) { return p.Custom.Languages, len(p.Custom.Languages) > 0 }),
	extension("hours", func(p seed.Employee) (any, bool) { return p.Custom.Hours, p.Custom.Hours != "" }),
}

func extension(name string, of func(seed.Employee) (any, bool)) property {
	return property{extensionPrefix + name, false, func(o wire.Object, name string, p seed.Employee) {
		if value, there := of(p); there {
			o[name] = value
		}
	}}
}
