package sesamehr

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const companyName = "Northlake Óptica S.L."

func company() wire.Object {
	return wire.Object{"id": id("cafe0001", 1), "name": companyName, "notificationEmail": "rrhh@corp.example", "language": "es-ES",
		"createdAt": stamp, "updatedAt": stamp}
}

// record is a person of the list. What he has no value for is null or empty.
func record(p seed.Employee) wire.Object {
	last, second := surnames(p)
	o := wire.Object{
		"id": employeeID(p.ID), "firstName": p.First, "lastName": last, "workStatus": []string{"online", "offline", "paused", "remote"}[p.ID%4],
		"code": code(p), "company": company(), "contractId": nil, "customFields": customFields(p), "createdAt": "2019-06-03T09:12:00+02:00",
		"updatedAt": p.Changed.UTC().Format(time.RFC3339), "status": status(p), "jobChargeId": nil, "jobChargeCompetencies": []any{},
		"nationalities": []any{"ES"}, "mainRecruiter": nil,
	}
	if p.Title != "" {
		o["jobChargeId"] = id("ab010001", p.ID)
	}
	for key, value := range map[string]string{
		"secondLastName": second, "email": p.Email, "personalMail": p.PersonalEmail, "workPhone": p.WorkPhone, "phone": p.MobilePhone,
		"jobChargeName": p.Title, "gender": gender(p), "dateOfBirth": p.Birth, "address": p.Address.Line1, "city": p.Address.City,
		"postalCode": p.Address.PostalCode, "province": p.Address.Region, "country": p.Address.CountryCode, "language": locale(p), "imageProfileURL": p.Photo,
	} {
		wire.Put(o, key, value, p.Void)
	}
	addSensitive(o)
	return o
}

// addSensitive adds what a client has to drop at once, with values that a leak could be found by.
func addSensitive(o wire.Object) {
	for _, key := range []string{"identityNumberType", "secondaryIdentityNumberType", "children", "disability", "description", "studyLevel",
		"professionalCategoryCode", "professionalCategoryDescription", "jobChargeDescription", "nationality"} {
		o[key] = nil
	}
	for key, value := range map[string]string{"nid": "NID", "secondaryNid": "NID", "ssn": "SSN", "accountNumber": "IBAN", "bic": "BIC", "pin": "PIN",
		"pricePerHour": "PRICE", "salaryRange": "SALARY", "maritalStatus": "MARITAL", "emergencyPhone": "PHONE"} {
		o[key] = "SENSITIVE-" + value
	}
}

// surnames are two for some of those whose name has more than one word.
func surnames(p seed.Employee) (first, second string) {
	at := strings.LastIndex(p.Last, " ")
	if at < 0 || p.ID%2 == 1 {
		return p.Last, ""
	}
	return p.Last[:at], p.Last[at+1:]
}

// code is the staff number, which is no text here: zeros before it are lost.
func code(p seed.Employee) any {
	n, err := strconv.Atoi(p.Number)
	if err != nil {
		return nil
	}
	return n
}

func status(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "inactive"
	case seed.Odd:
		return strings.ToLower(p.Word)
	}
	return "active"
}

func gender(p seed.Employee) string {
	if p.Gender == "male" || p.Gender == "female" {
		return p.Gender
	}
	return ""
}

func locale(p seed.Employee) string {
	return map[string]string{"de": "de-DE", "en": "en-GB", "fr": "fr-BE", "nl": "nl-BE"}[p.Language]
}

// custom is one of the company's own fields; nil, an empty text and an empty list are no value.
type custom struct {
	slug, name, kind string
	of               func(p seed.Employee) any
}

var customs = []custom{
	{"numero-de-personal", "Número de personal", "text", func(p seed.Employee) any { return p.Number }},
	{"tarjeta", "Tarjeta", "text", func(p seed.Employee) any { return p.Custom.Badge }},
	{"edificio", "Edificio", "select", func(p seed.Employee) any { return p.Custom.Building.Name }},
	{"idiomas", "Idiomas", "multiselect", func(p seed.Employee) any { return p.Custom.Languages }},
	{"aniversario", "Aniversario", "date", func(p seed.Employee) any { return p.Custom.Anniversary }},
	{"bicicletas", "Bicicletas", "number", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}},
	{"horas", "Horas", "number", func(p seed.Employee) any {
		if hours, err := strconv.ParseFloat(p.Custom.Hours, 64); err == nil {
			return hours
		}
		return nil
	}},
	{"presencial", "Presencial", "boolean", func(p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}},
	{"nota", "Nota", "text", func(p seed.Employee) any { return p.Custom.Note }},
}

func customFields(p seed.Employee) []any {
	list := []any{}
	for i, c := range customs {
		value := c.of(p)
		if (value == nil || value == "") && p.Void == seed.Missing {
			continue
		}
		if value == "" && p.Void == seed.Null {
			value = nil
		}
		list = append(list, wire.Object{"id": id("c0c00001", i+1), "companyId": id("cafe0001", 1), "name": c.name, "slug": c.slug, "type": c.kind,
			"value": value, "createdAt": "2022-03-01T09:00:00+01:00", "updatedAt": "2025-10-01T09:00:00+02:00"})
	}
	return list
}

func short(p seed.Employee) wire.Object {
	return wire.Object{"id": employeeID(p.ID), "firstName": p.First, "lastName": p.Last, "email": p.Email, "status": status(p)}
}

// managers are those who approve what a person asks for, which is all that Sesame HR knows of managers. Every fourth has two
// for his holidays, every third has somebody else for his hours, named before, and every seventh the manager for his hours only.
func managers(p seed.Employee) []wire.Object {
	if p.ManagerID == 0 {
		return nil
	}
	of := wire.Object{"id": employeeID(p.ManagerID), "firstName": "Former", "lastName": "Colleague", "email": "", "status": "inactive"}
	if m := p.Manager(); m != nil {
		of = short(*m)
	}
	other := wire.Object{"id": employeeID(90001), "firstName": "Other", "lastName": "Approver", "email": "other@corp.example", "status": "active"}
	var rows []wire.Object
	add := func(manager wire.Object, permission string, order int) {
		rows = append(rows, wire.Object{"id": id("3a9a0001", p.ID*10+len(rows)), "manager": manager, "employee": short(p), "permission": permission, "order": order,
			"createdAt": stamp, "updatedAt": stamp})
	}
	if p.ID%7 == 0 {
		add(of, "check", 0)
		return rows
	}
	if p.ID%3 == 0 {
		add(other, "check", 0)
	}
	if p.ID%4 == 0 {
		add(other, "vacation", 1)
	}
	add(of, "vacation", 0)
	return rows
}

func department(u seed.Unit) wire.Object {
	return wire.Object{"id": id("de900001", u.ID), "name": u.Name, "company": company(), "createdAt": stamp, "updatedAt": stamp}
}

// departmentAssignations names each person's department; every fifth has a second one, which comes later.
func (e *emulator) departmentAssignations() []func() any {
	var first, second []func() any
	for _, p := range e.Living() {
		if p.Department.ID == 0 {
			continue
		}
		first = append(first, func() any { return assignation(p, 1, "department", department(p.Department)) })
		if p.ID%5 == 0 {
			second = append(second, func() any {
				return assignation(p, 2, "department", department(seed.Unit{ID: 1, Name: "Second department"}))
			})
		}
	}
	return append(first, second...)
}

func assignation(p seed.Employee, n int, key string, to wire.Object) wire.Object {
	return wire.Object{"id": id("a5510001", p.ID*10+n), "employee": short(p), key: to, "createdAt": "2019-06-03T09:12:00+02:00", "updatedAt": "2019-06-03T09:12:00+02:00"}
}

func office(p seed.Employee) wire.Object {
	return wire.Object{"id": id("0ff10001", p.Office.ID), "name": p.Office.Name, "company": company(), "address": p.Office.Name, "coordinates": nil,
		"description": nil, "radio": 50, "defaultEmployeesDateTimeZone": p.TimeZone, "isDeleted": false, "createdAt": stamp, "updatedAt": stamp}
}

func (e *emulator) officeAssignations() []func() any {
	var list []func() any
	for _, p := range e.Living() {
		if p.Office.ID != 0 {
			list = append(list, func() any { return assignation(p, 3, "office", office(p)) })
		}
	}
	return list
}

func (e *emulator) departments() []func() any {
	var seen []seed.Unit
	var list []func() any
	for _, p := range e.Living() {
		if p.Department.ID != 0 && !slices.Contains(seen, p.Department) {
			seen, list = append(seen, p.Department), append(list, func() any { return department(p.Department) })
		}
	}
	return list
}

func (e *emulator) offices() []func() any {
	var seen []seed.Unit
	closed := office(seed.Employee{Office: seed.Unit{ID: 1, Name: "Closed office"}, TimeZone: "Europe/Madrid"})
	closed["isDeleted"] = true
	list := []func() any{func() any { return closed }}
	for _, p := range e.Living() {
		if p.Office.ID != 0 && !slices.Contains(seen, p.Office) {
			seen, list = append(seen, p.Office), append(list, func() any { return office(p) })
		}
	}
	return list
}
