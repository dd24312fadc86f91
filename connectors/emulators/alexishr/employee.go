package alexishr

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Ids are 24 hexadecimal digits; the first eight tell the kind.
func employeeID(id int) string   { return fmt.Sprintf("64a1c0de%016x", id) }
func userID(id int) string       { return fmt.Sprintf("65000000%016x", id) }
func employmentID(id int) string { return fmt.Sprintf("63f0ee00%016x", id) }

func hex(kind string, id int) string { return fmt.Sprintf("%s%016x", kind, id) }

const (
	ofCompany    = "63f0beef"
	ofCenter     = "63f0cc00"
	ofDepartment = "63f0dead"
	ofOffice     = "63f00ff1"
	ofTeam       = "63f07ea0"
	ofReference  = "63f07ef0"
	ofType       = "63f0e701"
	ofLeave      = "63f01ea0"
	ofLeaveType  = "63f01e70"
)

// put leaves a key without value out; a few records hold blanks instead.
func put(o wire.Object, key, value string, p seed.Employee) {
	if value != "" {
		o[key] = value
	} else if p.Void == seed.Blank {
		o[key] = "  "
	}
}

func employee(p seed.Employee) wire.Object {
	o := wire.Object{"id": employeeID(p.ID), "active": active(p), "companyId": hex(ofCompany, company(p).ID), "employeeNumber": p.Number,
		"userId": userID(p.ID), "created": "2019-01-07T08:00:00.000Z", "updated": stamp(p.Changed), "employmentId": employmentID(p.ID),
		"ssn": "SENSITIVE-ssn", "nationality": "SENSITIVE-nationality", "age": 40, "compensationId": "SENSITIVE-compensation",
		"tax": wire.Object{"table": "SENSITIVE-tax"}, "bankAccount": wire.Object{"account": "SENSITIVE-bank"}, "pronoun": "SENSITIVE-pronoun",
		"userName": fmt.Sprintf("login.%d@corp.example", p.ID)}
	for key, value := range map[string]string{"title": p.Title, "division": p.Division, "workEmail": p.Email, "privateEmail": p.PersonalEmail,
		"firstName": p.First, "lastName": p.Last, "gender": p.Gender, "avatarUrl": p.Photo, "employmentCountry": p.Address.CountryCode,
		"organization": "Northlake"} {
		put(o, key, value, p)
	}
	for key, id := range map[string]string{"officeId": idOf(ofOffice, p.Office.ID), "departmentId": idOf(ofDepartment, p.Department.ID),
		"managerEmployeeId": idOf("64a1c0de", p.ManagerID), "costCenterId": idOf(ofCenter, ownCenter(p).ID), "employmentTypeId": typeID(p.Type),
		"hireDate": moment(p.Hire), "birthDate": moment(p.Birth)} {
		if id != "" {
			o[key] = id
		}
	}
	if p.End != "" && !endOnEmployment(p) {
		o["endDate"] = moment(p.End)
	}
	putPhones(o, "workPhone", p.WorkPhone, p)
	putPhones(o, "privatePhone", p.MobilePhone, p)
	putHome(o, p)
	putCustom(o, p)
	return o
}

func idOf(kind string, id int) string {
	if id == 0 {
		return ""
	}
	return hex(kind, id)
}

// company is promised of everybody, so whoever has none belongs to the first.
func company(p seed.Employee) seed.Unit {
	if p.LegalEntity.ID == 0 {
		return seed.Unit{ID: 7033, Name: "Northlake Optik GmbH"}
	}
	return p.LegalEntity
}

func active(p seed.Employee) bool {
	return p.State != seed.Left && !(p.State == seed.Starting && (p.Hire == "" || p.Hire > p.Changed.AddDate(0, 0, 10).Format(time.DateOnly)))
}

// ownCenter is the person's own cost centre; every other one has that of the department.
func ownCenter(p seed.Employee) seed.Unit {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent && p.ID%2 == 0 {
			best = s
		}
	}
	return best.Unit
}

// endOnEmployment tells whether the end stands in the employment only.
func endOnEmployment(p seed.Employee) bool { return p.State == seed.Left && p.ID%4 == 3 }

func moment(day string) string {
	if day == "" {
		return ""
	}
	return day + "T00:00:00.000Z"
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// putPhones writes a number as it was typed, as it was cleaned, or both.
func putPhones(o wire.Object, key, number string, p seed.Employee) {
	if number == "" || p.ID%3 != 0 {
		put(o, key, number, p)
	}
	if clean := sanitized(number, p); number != "" && clean != number {
		o[key+"Sanitized"] = clean
	}
}

func sanitized(number string, p seed.Employee) string {
	if p.ID%3 == 1 {
		return number
	}
	return strings.ReplaceAll(number, " ", "") + "0"
}

func putHome(o wire.Object, p seed.Employee) {
	if p.Address == (seed.Address{}) {
		return
	}
	home := wire.Object{}
	put(home, "street", p.Address.Line1, p)
	put(home, "postalCode", p.Address.PostalCode, p)
	put(home, "city", p.Address.City, p)
	put(home, "country", p.Address.CountryCode, p)
	if p.ID%2 == 0 {
		home["location"] = wire.Object{"lat": 57.7, "lng": 11.9}
	}
	o["homeAddress"] = home
}

// putCustom writes the customer's own keys: texts, a date, numbers, a boolean, a list and an object.
func putCustom(o wire.Object, p seed.Employee) {
	c, custom := p.Custom, wire.Object{}
	put(custom, "badge", c.Badge, p)
	put(custom, "building", c.Building.Name, p)
	put(custom, "anniversary", c.Anniversary, p)
	put(custom, "note", c.Note, p)
	if c.Languages != nil {
		custom["languages"] = c.Languages
	}
	if c.Bicycles != nil {
		custom["bicycles"] = *c.Bicycles
	}
	if c.OnSite != nil {
		custom["onSite"] = *c.OnSite
	}
	if c.Hours != "" {
		custom["hours"] = json.Number(c.Hours)
		custom["shirt"] = wire.Object{"size": "M", "fit": wire.Object{"cut": fmt.Sprintf("cut %d", p.ID%5)}}
	}
	if len(custom) > 0 || p.Void != seed.Missing {
		o["custom"] = custom
	}
}
