package kenjo

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Kinds of things that ids are of.
const (
	ofPerson = iota
	ofCompany
	ofOffice
	ofDepartment
	ofTeam
	ofContract
	ofType
	ofField
	ofCalendar
)

// hexID is an id of 24 hexadecimal digits.
func hexID(kind, id int) string { return fmt.Sprintf("60a2db290da29e1%d%08d", kind, id) }

func personID(id int) string { return hexID(ofPerson, id) }

// section is a part of everybody's record that is asked for by itself.
type section struct {
	name   string // in the record of one person; empty: not there
	keys   []string
	strays bool // the rows of those whose account was removed are still there
	row    func(p seed.Employee) wire.Object
}

var sections = map[string]section{
	"/employees":                {"", []string{"email", "externalId", "isActive", "language"}, false, listed},
	"/employees/accounts":       {"account", []string{"email", "externalId", "isActive", "language"}, false, account},
	"/employees/personals":      {"personal", []string{"firstName", "lastName", "displayName", "gender", "birthdate"}, true, personal},
	"/employees/works":          {"work", workKeys, true, work},
	"/employees/addresses":      {"address", []string{"street", "postalCode", "city", "country"}, false, address},
	"/employees/homes":          {"home", []string{"maritalStatus", "personalEmail", "personalPhone", "personalMobile"}, false, home},
	"/employees/financials":     {"financial", nil, false, financial},
	"/employees/work-schedules": {"workSchedule", nil, false, schedule},
}

var workKeys = []string{"companyId", "officeId", "departmentId", "startDate", "jobTitle", "workPhone", "workMobile", "isAssistant", "probationPeriodEnd", "reportsToId", "weeklyHours"}

// section answers everybody's rows of one section, in one answer; a row may be missing.
func (e *emulator) section(s section) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if strange := wire.Unknown(q, s.keys...); strange != "" {
			refuse(w, http.StatusBadRequest, "The param '"+strange+"' is not valid.")
			return
		}
		data := []any{}
		for _, p := range e.People {
			row := s.row(p)
			if row == nil || p.Removed && !s.strays {
				continue
			}
			row["_id"] = personID(p.ID)
			if !slices.ContainsFunc(slices.Collect(maps.Keys(q)), func(key string) bool { return fmt.Sprint(row[key]) != q.Get(key) }) {
				data = append(data, row)
			}
		}
		answer(w, wire.Object{"data": data})
	}
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if len(id) != 24 || strings.Trim(id, "0123456789abcdef") != "" {
		refuse(w, http.StatusBadRequest, "The param 'id' is not valid.")
		return
	}
	for _, p := range e.Living() {
		if personID(p.ID) == id {
			answer(w, whole(p))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func whole(p seed.Employee) wire.Object {
	o := wire.Object{}
	for _, s := range sections {
		if s.name == "" {
			continue
		}
		row := s.row(p)
		if row == nil {
			row = wire.Object{}
		}
		o[s.name] = row
	}
	o["account"].(wire.Object)["_id"] = personID(p.ID)
	return o
}

// active is "" of those of whom Kenjo does not say.
func active(p seed.Employee) string {
	switch {
	case p.State == seed.Odd:
		return ""
	case p.State == seed.Left, p.State == seed.Starting && p.Hire != "" && p.ID%2 == 0:
		return "false"
	}
	return "true"
}

// language is one of the three that Kenjo speaks.
func language(p seed.Employee) string {
	switch p.Language {
	case "", "de", "en":
		return p.Language
	case "fr":
		return "es"
	}
	return "en"
}

func account(p seed.Employee) wire.Object {
	o := wire.Object{}
	wire.Put(o, "email", p.Email, p.Void)
	wire.Put(o, "externalId", p.Number, p.Void)
	wire.Put(o, "language", language(p), p.Void)
	if state := active(p); state != "" {
		o["isActive"] = state == "true"
	}
	return o
}

// listed is the account with isActive as a text.
func listed(p seed.Employee) wire.Object {
	o := account(p)
	if state := active(p); state != "" {
		o["isActive"] = state
	}
	return o
}

// moment writes a day as one of the two forms that Kenjo has.
func moment(day string, id int) string {
	switch {
	case day == "":
		return ""
	case id%2 == 0:
		return day + "T00:00:00"
	}
	return day + "T00:00:00.000Z"
}

func gender(p seed.Employee) string {
	return map[string]string{"female": "Female", "male": "Male", "diverse": "Other"}[p.Gender]
}

func personal(p seed.Employee) wire.Object {
	o := wire.Object{"displayName": p.Name()}
	wire.Put(o, "firstName", p.First, p.Void)
	wire.Put(o, "lastName", p.Last, p.Void)
	wire.Put(o, "gender", gender(p), p.Void)
	wire.Put(o, "birthdate", moment(p.Birth, p.ID), p.Void)
	return addCustom(o, "personal", p)
}

// deletedDepartment is one whose id stayed in records after it was deleted.
var deletedDepartment = seed.Unit{ID: 280000}

// department is a person's; every 17th still has the one that was deleted.
func department(p seed.Employee) seed.Unit {
	if p.Department.ID != 0 && p.ID%17 == 3 {
		return deletedDepartment
	}
	return p.Department
}

func reference(kind, id int) string {
	if id == 0 {
		return ""
	}
	return hexID(kind, id)
}

// workMobile is the company's telephone; every third person has only his own.
func workMobile(p seed.Employee) string {
	if p.ID%3 == 0 {
		return ""
	}
	return p.MobilePhone
}

func work(p seed.Employee) wire.Object {
	o := wire.Object{"isAssistant": false, "probationPeriodEnd": nil}
	for key, value := range map[string]string{"companyId": reference(ofCompany, p.LegalEntity.ID), "officeId": reference(ofOffice, p.Office.ID),
		"departmentId": reference(ofDepartment, department(p).ID), "startDate": moment(p.Hire, p.ID), "jobTitle": p.Title, "workPhone": p.WorkPhone,
		"workMobile": workMobile(p), "reportsToId": reference(ofPerson, p.ManagerID)} {
		wire.Put(o, key, value, p.Void)
	}
	if p.Custom.Hours != "" {
		o["weeklyHours"] = json.Number(p.Custom.Hours)
	}
	return addCustom(o, "work", p)
}

func address(p seed.Employee) wire.Object {
	if p.Address.Line1 == "" && p.Custom.Building.Name == "" && p.Void == seed.Missing {
		return nil
	}
	o := wire.Object{}
	wire.Put(o, "street", p.Address.Line1, p.Void)
	wire.Put(o, "postalCode", p.Address.PostalCode, p.Void)
	wire.Put(o, "city", p.Address.City, p.Void)
	wire.Put(o, "country", p.Address.CountryCode, p.Void)
	return addCustom(o, "address", p)
}

// home holds the private telephone too, also of those who have one of the company's.
func home(p seed.Employee) wire.Object {
	if p.PersonalEmail == "" && p.MobilePhone == "" && p.Custom.Note == "" && p.Void == seed.Missing {
		return nil
	}
	o := wire.Object{"maritalStatus": "SENSITIVE-MARITAL", "spouseFirstName": "SENSITIVE-SPOUSE", "spouseLastName": nil, "spouseBirthdate": nil, "spouseGender": nil}
	private := p.MobilePhone
	if workMobile(p) != "" {
		private = "+49 160 5550000"
	}
	wire.Put(o, "personalEmail", p.PersonalEmail, p.Void)
	wire.Put(o, "personalPhone", "", p.Void)
	wire.Put(o, "personalMobile", private, p.Void)
	return addCustom(o, "home", p)
}

// financial is what nobody should ask for.
func financial(seed.Employee) wire.Object {
	return wire.Object{"iban": "SENSITIVE-IBAN", "accountHolderName": "SENSITIVE-HOLDER", "c_Payroll": "SENSITIVE-PAYROLL"}
}

func schedule(seed.Employee) wire.Object {
	o := wire.Object{}
	for i, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		o[day+"WorkingDay"] = i < 5
	}
	return o
}

// custom is one of the company's own fields.
type custom struct {
	section, label, name, kind string
	values                     []string
	of                         func(p seed.Employee) any // nil: no value
}

var customs = []custom{
	{"personal", "Badge", "c_Badge", "Text", nil, func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	{"personal", "Languages", "c_Languages", "List", []string{"English", "German", "Portuguese"}, func(p seed.Employee) any { return orNone(p.Custom.Languages) }},
	{"work", "Bicycles", "c_Bicycles", "Number", nil, func(p seed.Employee) any { return at(p.Custom.Bicycles) }},
	{"work", "Hours", "c_Hours", "Number", nil, func(p seed.Employee) any { return number(p.Custom.Hours) }},
	{"work", "On site", "c_Onsite", "Boolean", nil, func(p seed.Employee) any { return at(p.Custom.OnSite) }},
	{"work", "Anniversary", "c_Anniversary", "Date", nil, func(p seed.Employee) any { return orNull(moment(p.Custom.Anniversary, p.ID)) }},
	{"address", "Building", "c_Building", "List", []string{"Gent HQ", "Liège"}, func(p seed.Employee) any { return orNull(p.Custom.Building.Name) }},
	{"home", "Note", "c_Note", "TextArea", nil, func(p seed.Employee) any { return orNull(p.Custom.Note) }},
	{"financial", "Payroll", "c_Payroll", "Text", nil, nil},
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func orNone(list []string) any {
	if list == nil {
		return nil
	}
	return list
}

func at[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}

func number(text string) any {
	if text == "" {
		return nil
	}
	return json.Number(text)
}

// addCustom adds the company's own fields of a section; a key without a value may be missing.
func addCustom(o wire.Object, section string, p seed.Employee) wire.Object {
	for _, c := range customs {
		if c.section != section {
			continue
		}
		if value := c.of(p); value != nil || p.Void == seed.Null {
			o[c.name] = value
		}
	}
	return o
}
