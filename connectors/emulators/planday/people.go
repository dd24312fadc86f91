package planday

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func isActive(p seed.Employee) bool { return p.State != seed.Left }

func isDeactivated(p seed.Employee) bool { return p.State == seed.Left }

func (e *emulator) list(belongs func(seed.Employee) bool, times ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		limit, offset, ok := e.pageAsked(w, q, append(times, "special", "includeSecurityGroups", "searchQuery")...)
		if !ok {
			return
		}
		for _, name := range times {
			if _, err := instant(q.Get(name)); err != nil {
				wrong(w, name, "The value is no time")
				return
			}
		}
		birthDates, ok := e.special(w, r)
		if !ok {
			return
		}
		people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !belongs(p) || !matches(p, q) })
		rows, total := e.Pages.At(people, offset, limit)
		data := make([]any, 0, len(rows))
		for _, p := range rows {
			data = append(data, row(p, birthDates))
		}
		answer(w, paged(data, limit, offset, total))
	}
}

func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse("2006-01-02T15:04:05Z", text)
}

func matches(p seed.Employee, q url.Values) bool {
	from, _ := instant(q.Get("modifiedFrom"))
	to, _ := instant(q.Get("modifiedTo"))
	left, _ := instant(q.Get("deactivatedFrom"))
	return !p.Changed.Before(from) && (to.IsZero() || p.Changed.Before(to)) &&
		(left.IsZero() || p.End >= left.Format(time.DateOnly)) && strings.Contains(strings.ToLower(p.Name()), strings.ToLower(q.Get("searchQuery")))
}

// common is what list and details say in the same words.
func common(p seed.Employee, birthDates bool) wire.Object {
	o := wire.Object{
		"id": p.ID, "deactivationDate": orNull(p.End), "securityGroups": []any{}, "primaryDepartmentId": nil, "dateTimeCreated": "2019-03-04",
		"dateTimeModified": changed(p), "dateTimeDeleted": nil, "employeeTypeId": typeID(p), "firstName": p.First, "lastName": p.Last,
		"departments": departmentsOf(p), "employeeGroups": groupsOf(p),
	}
	if p.Department.ID != 0 && !firstCounts(p) {
		o["primaryDepartmentId"] = p.Department.ID
	}
	if isDeactivated(p) {
		o["dateTimeDeleted"] = "2024-10-01T00:12:09.7001234Z"
	}
	for key, value := range map[string]string{"salaryIdentifier": p.Number, "userName": userName(p), "email": p.Email,
		"street1": p.Address.Line1, "street2": p.Address.Line2, "zip": p.Address.PostalCode, "city": p.Address.City} {
		wire.Put(o, key, value, p.Void)
	}
	addPhone(o, "cellPhone", p.MobilePhone, p.ID%4 == 0)
	addPhone(o, "phone", p.WorkPhone, p.ID%5 == 0)
	if birthDates && p.Birth != "" {
		o["birthDate"] = p.Birth
	}
	return o
}

// userName is what a person signs in with: not always his address.
func userName(p seed.Employee) string {
	if p.Email == "" || p.ID%9 == 0 {
		return "user" + strconv.Itoa(p.ID)
	}
	return strings.TrimSpace(p.Email)
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// changed is the time of the last change, in one of the forms that times have.
func changed(p seed.Employee) string {
	return p.Changed.UTC().Format([]string{"2006-01-02T15:04:05Z", time.DateOnly, "2006-01-02T15:04:05.0000000Z"}[p.ID%3])
}

var countries = map[string]string{"+49": "DE", "+32": "BE"}

// addPhone writes a number, with its country's prefix or apart from it.
func addPhone(o wire.Object, key, number string, apart bool) {
	o[key], o[key+"CountryPrefix"], o[key+"CountryCode"] = nil, nil, nil
	if number == "" {
		return
	}
	o[key], o[key+"CountryPrefix"], o[key+"CountryCode"] = number, number[:3], countries[number[:3]]
	if apart {
		o[key] = strings.TrimSpace(number[3:])
	}
}

// firstCounts is true for those who have no primary department, so that their first one counts.
func firstCounts(p seed.Employee) bool { return p.ID%6 == 0 }

func departmentsOf(p seed.Employee) []int {
	list := []int{}
	if p.Department.ID != 0 {
		list = append(list, p.Department.ID, 1)
	}
	return list
}

func groupsOf(p seed.Employee) []int {
	list := []int{}
	if p.Team.ID != 0 {
		list = append(list, p.Team.ID, 2)
	}
	return list
}

func typeID(p seed.Employee) any {
	if at := slices.Index(kinds, p.Type); at >= 0 {
		return 21 + at
	}
	return nil
}

func row(p seed.Employee, birthDates bool) wire.Object {
	o := common(p, birthDates)
	o["hiredDate"], o["supervisorId"] = orNull(p.Hire), nil
	if p.ManagerID != 0 {
		o["supervisorId"] = supervisorID(p.ManagerID)
	}
	return o
}

// supervisorID is the number of the record that makes an employee a supervisor.
func supervisorID(employee int) int { return 3_000_000 + employee }

func (e *emulator) details(w http.ResponseWriter, r *http.Request) {
	if name := wire.Unknown(r.URL.Query(), "special"); name != "" {
		wrong(w, name, "The parameter is not known")
		return
	}
	p, known := e.Find(r.PathValue("id"))
	birthDates, ok := e.special(w, r)
	if !ok {
		return
	}
	if !known || p.Removed {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	o := common(p, birthDates)
	o["hiredFrom"], o["gender"], o["supervisorEmployeeId"], o["skillIds"] = orNull(p.Hire), orNull(gender(p)), nil, []any{}
	wire.Put(o, "jobTitle", p.Title, p.Void)
	if p.ManagerID != 0 {
		o["supervisorEmployeeId"] = p.ManagerID
	}
	for _, c := range customs {
		o[c.key] = wire.Object{"name": c.name, "type": c.kind, "value": c.of(p), "url": nil}
	}
	o["custom_90299"] = wire.Object{"name": "Contract", "type": "File", "value": "SENSITIVE-FILE", "url": "https://openapi.planday.com/SENSITIVE-URL"}
	answer(w, wire.Object{"data": o})
}

func gender(p seed.Employee) string {
	return map[string]string{"female": "Female", "male": "Male"}[p.Gender]
}

// custom is one of the portal's own fields.
type custom struct {
	key, name, kind string
	of              func(p seed.Employee) any
}

var customs = []custom{
	{"custom_90210", "Badge", "Text", func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	{"custom_90211", "Bicycles", "Numeric", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}},
	{"custom_90212", "On site", "Boolean", func(p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}},
	{"custom_90213", "Anniversary", "Date", func(p seed.Employee) any {
		if p.Custom.Anniversary != "" && p.ID%3 == 0 {
			return p.Custom.Anniversary + "T00:00:00Z"
		}
		return orNull(p.Custom.Anniversary)
	}},
	{"custom_90214", "Hours", "Numeric", func(p seed.Employee) any {
		if hours, err := strconv.ParseFloat(p.Custom.Hours, 64); err == nil {
			return hours
		}
		return nil
	}},
	{"custom_90215", "Note", "Text", func(p seed.Employee) any { return orNull(p.Custom.Note) }},
	{"custom_90216", "Building", "Text", func(p seed.Employee) any { return p.Custom.Building.Name }},
}

func (e *emulator) definitions(w http.ResponseWriter, r *http.Request) {
	if kind := r.URL.Query().Get("type"); kind != "Put" && kind != "Post" || wire.Unknown(r.URL.Query(), "type") != "" {
		wrong(w, "type", "The value is Put or Post")
		return
	}
	refer := func(to string) wire.Object { return wire.Object{"$ref": "#/definitions/" + to} }
	properties := wire.Object{"firstName": refer("string"), "lastName": refer("string"), "email": refer("optionalEmail"), "cellPhone": refer("optionalString")}
	for _, c := range append(slices.Clone(customs), custom{key: "custom_90299", name: "Contract", kind: "Text"}) {
		o := refer(map[string]string{"Text": "optionalString", "Numeric": "optionalNumeric", "Boolean": "optionalBoolean", "Date": "optionalDate"}[c.kind])
		o["description"] = c.name
		properties[c.key] = o
	}
	maybe := func(kind string) wire.Object { return wire.Object{"type": []string{kind, "null"}} }
	answer(w, wire.Object{"data": wire.Object{
		"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": []string{"firstName", "lastName", "userName", "departments"},
		"properties": properties, "portalId": 4711, "readOnly": []string{"email", "cellPhone"}, "unique": []any{},
		"definitions": wire.Object{"string": wire.Object{"type": "string"}, "optionalString": maybe("string"), "optionalEmail": maybe("string"),
			"optionalNumeric": maybe("number"), "optionalBoolean": maybe("boolean"), "optionalDate": maybe("string")},
	}})
}

func (e *emulator) supervisors() []any {
	seen, list := map[int]bool{}, []any{}
	for _, p := range e.Living() {
		if p.ManagerID == 0 || seen[p.ManagerID] {
			continue
		}
		name := "Former Colleague"
		if m := p.Manager(); m != nil {
			name = m.Name()
		}
		seen[p.ManagerID] = true
		list = append(list, wire.Object{"id": supervisorID(p.ManagerID), "employeeId": p.ManagerID, "name": name})
	}
	return list
}

func (e *emulator) departments() []any {
	list := []any{wire.Object{"id": 1, "name": "Everywhere", "number": "1"}}
	for _, u := range e.units(func(p seed.Employee) seed.Unit { return p.Department }) {
		list = append(list, wire.Object{"id": u.ID, "name": u.Name, "number": strconv.Itoa(u.ID % 100)})
	}
	return list
}

func (e *emulator) groups() []any {
	list := []any{wire.Object{"id": 2, "name": "Second group"}}
	for _, u := range e.units(func(p seed.Employee) seed.Unit { return p.Team }) {
		list = append(list, wire.Object{"id": u.ID, "name": u.Name})
	}
	return list
}

func (e *emulator) units(of func(seed.Employee) seed.Unit) []seed.Unit {
	var list []seed.Unit
	for _, p := range e.Living() {
		if u := of(p); u.ID != 0 && !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}

var kinds = []string{"Full-Time", "Part-Time", "Contractor", "Intern"}

func (e *emulator) types() []any {
	list := []any{}
	for i, name := range kinds {
		list = append(list, wire.Object{"id": 21 + i, "name": name, "description": ""})
	}
	return list
}

func (e *emulator) info(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": wire.Object{"id": 4711, "name": "northlake", "companyName": "Northlake Optik GmbH", "country": "DK", "timeZone": "Europe/Copenhagen"}})
}
