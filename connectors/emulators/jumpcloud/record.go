package jumpcloud

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	domain = "corp.example"
	staged = "STAGED"
	active = "ACTIVATED"
	held   = "SUSPENDED"
	// usualState is that of people about whom nobody says another.
	usualState = active
)

// id is 24 hexadecimal digits, which grow with the number.
func id(n int) string { return fmt.Sprintf("65a4e8f0c0ffee%010x", n) }

// address is the e-mail address. Nobody is without one, and it has no blanks.
func address(p seed.Employee) string {
	if email := strings.TrimSpace(p.Email); email != "" {
		return email
	}
	return fmt.Sprintf("account.%d@%s", p.ID, domain)
}

// username is in lower case, and not always the beginning of the address.
func username(p seed.Employee) string {
	if p.ID%5 == 0 {
		return fmt.Sprintf("u%d", p.ID)
	}
	return fmt.Sprintf("person.%d", p.ID)
}

// stateOf: JumpCloud knows no reason why somebody is suspended.
func stateOf(p seed.Employee) string {
	switch p.State {
	case seed.Starting:
		return staged
	case seed.Left, seed.Odd:
		return held
	}
	return active
}

// record writes a person.
func record(p seed.Employee) wire.Object {
	state := stateOf(p)
	o := wire.Object{"_id": id(p.ID), "id": id(p.ID), "username": username(p), "email": address(p), "firstname": p.First, "lastname": p.Last,
		"middlename": p.Middle, "displayname": p.Name(), "manager": manager(p), "state": state, "activated": state != staged,
		"suspended": state == held, "account_locked": p.ID%9 == 0, "externally_managed": false, "created": "2024-01-15T08:00:00.000Z",
		"description": "", "phoneNumbers": phones(p), "addresses": addresses(p), "attributes": attributes(p), "organization": organization}
	for key, value := range map[string]string{"employeeIdentifier": p.Number, "employeeType": p.Type, "jobTitle": p.Title,
		"department": p.Department.Name, "costCenter": costCentre(p), "company": p.LegalEntity.Name, "location": p.Office.Name} {
		wire.Put(o, key, value, p.Void)
	}
	addPrivate(o, p)
	return o
}

// addPrivate writes the private address: of some it is only the one for recovery, and of some that is another one.
func addPrivate(o wire.Object, p seed.Employee) {
	switch {
	case p.ID%3 == 0 && p.PersonalEmail != "":
		o["recoveryEmail"] = wire.Object{"address": p.PersonalEmail, "verified": true}
		return
	case p.ID%3 == 1 && p.PersonalEmail != "":
		o["recoveryEmail"] = wire.Object{"address": "second@home.example", "verified": false}
	}
	wire.Put(o, "alternateEmail", p.PersonalEmail, p.Void)
}

// manager is an id, which nobody may have, or null.
func manager(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	return id(p.ManagerID)
}

// costCentre is the one that bears most: there is room for one only.
func costCentre(p seed.Employee) string {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

func phones(p seed.Employee) []any {
	list := []any{}
	if p.ID%7 == 0 {
		list = append(list, wire.Object{"type": "work_fax", "number": "+49 89 5550 9999"}, wire.Object{"type": "home", "number": "+49 89 5550 8888"})
	}
	if p.WorkPhone != "" {
		list = append(list, wire.Object{"type": "work", "number": p.WorkPhone})
	}
	if p.MobilePhone != "" {
		list = append(list, wire.Object{"type": "mobile", "number": p.MobilePhone})
	}
	return list
}

func addresses(p seed.Employee) []any {
	a := p.Address
	if a == (seed.Address{}) {
		return []any{}
	}
	return []any{wire.Object{"type": []string{"home", "work"}[p.ID%2], "streetAddress": a.Line1, "extendedAddress": a.Line2, "locality": a.City,
		"region": a.Region, "postalCode": a.PostalCode, "country": a.CountryCode, "poBox": ""}}
}

// own are the company's own fields, as texts; nobody can ask which there are.
func own(p seed.Employee) [][2]string {
	list := [][2]string{{"hireDate", p.Hire}, {"badge", p.Custom.Badge}, {"building", p.Custom.Building.Name}, {"anniversary", p.Custom.Anniversary},
		{"hours", p.Custom.Hours}, {"note", p.Custom.Note}, {"languages", strings.Join(p.Custom.Languages, ", ")}}
	if p.Custom.Bicycles != nil {
		list = append(list, [2]string{"bicycles", strconv.Itoa(*p.Custom.Bicycles)})
	}
	if p.Custom.OnSite != nil {
		list = append(list, [2]string{"onSite", strconv.FormatBool(*p.Custom.OnSite)})
	}
	return list
}

func attributes(p seed.Employee) []any {
	list := []any{}
	for _, pair := range own(p) {
		if pair[1] != "" {
			list = append(list, wire.Object{"name": pair[0], "value": pair[1]})
		}
	}
	return list
}

var statuses = map[string]string{staged: "future", active: "active", held: "terminated"}

// truth is the canonical record by the sheet's table; there are no dates.
func truth(p seed.Employee) map[string]string {
	r := wire.Record{}
	for field, value := range map[string]string{"externalId": id(p.ID), "email": address(p), "firstName": p.First, "lastName": p.Last,
		"displayName": p.Name(), "employeeNumber": p.Number, "employmentType": p.Type, "jobTitle": p.Title, "department": p.Department.Name,
		"costCenter": costCentre(p), "legalEntity": p.LegalEntity.Name, "office": p.Office.Name, "personalEmail": p.PersonalEmail,
		"workPhone": p.WorkPhone, "mobilePhone": p.MobilePhone, "addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2,
		"city": p.Address.City, "region": p.Address.Region, "postalCode": p.Address.PostalCode, "country": p.Address.CountryCode,
		"employmentStatus": statuses[stateOf(p)], "custom.username": username(p), "custom.status": stateOf(p)} {
		r.Set(field, value)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
	}
	for _, pair := range own(p) {
		r.Set("custom."+pair[0], pair[1])
	}
	return r
}
