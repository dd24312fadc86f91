package sagepeople

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	rowsPerPage = 50
	version     = "4.8"
)

// employees pages by the id of the last employee of the page before; after the last page comes a 204.
func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	all, okFilter := readFilter(q.Get("$filter"))
	if !okFilter || wire.Unknown(q, "marker", "$filter") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !lets(all, p) })
	from := 0
	if marker := q.Get("marker"); marker != "" {
		from = slices.IndexFunc(people, func(p seed.Employee) bool { return idOf(p.ID) == marker }) + 1
		if from == 0 {
			sage(w, http.StatusBadRequest, "REQUEST_ERROR", "The marker names no employee", "marker", "INVALID_QUERY_STRING", "INVALID_MARKER")
			return
		}
	}
	if from == len(people) && e.Pages.Mode() == wire.Endless {
		from = 0 // a marker names the end itself, which is seldom where a page would begin
	}
	rows, _ := e.Pages.After(people, from, e.PageSize(rowsPerPage))
	if len(rows) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	data := []any{}
	for _, p := range rows {
		data = append(data, employee(p))
	}
	answer(w, wire.Object{"data": data, "version": version})
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	p, ok := e.Find(strings.TrimLeft(strings.TrimSuffix(strings.TrimPrefix(id, "a2G7E0000"), "UA0"), "0"))
	if !ok || p.Removed || idOf(p.ID) != id {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, wire.Object{"data": employee(p), "version": version})
}

// idOf is a Salesforce id of 18 characters.
func idOf(id int) string { return fmt.Sprintf("a2G7E0000%06dUA0", id) }

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func employee(p seed.Employee) wire.Object {
	o := wire.Object{"id": idOf(p.ID), "fullName": fullName(p), "firstName": p.First, "lastName": p.Last,
		"currentEmployment": employment(p), "workAddress": address(p), "additionalFields": additional(p)}
	wire.Put(o, "emailAddress", p.Email, p.Void)
	wire.Put(o, "hrDepartment", p.Department.Name, p.Void)
	return o
}

// fullName begins with the preferred name.
func fullName(p seed.Employee) string {
	first := cmp.Or(strings.TrimSuffix(p.Preferred, " "+p.Last), p.First)
	if p.Middle != "" {
		first += " " + p.Middle
	}
	return first + " " + p.Last
}

// unemployed people have no current employment: who is nothing but a name, and who has no day to start on.
func unemployed(p seed.Employee) bool {
	return p.Department.ID == 0 && p.Title == "" || p.State == seed.Starting && p.Hire == ""
}

func employment(p seed.Employee) any {
	if unemployed(p) {
		return nil
	}
	o := wire.Object{"name": fmt.Sprintf("%.7s #%d", strings.ReplaceAll(p.Hire, "-", "."), p.ID%40), "startDate": orNull(p.Hire), "endDate": orNull(p.End)}
	wire.Put(o, "jobTitle", p.Title, p.Void)
	if p.State != seed.OnLeave || p.ID%2 == 0 { // the key may be missing; the word tells then
		o["active"] = p.State != seed.Left && (p.State != seed.Starting || p.Hire <= p.Changed.Format(time.DateOnly))
	}
	return o
}

func address(p seed.Employee) any {
	if p.Office.ID == 0 {
		return nil
	}
	o := wire.Object{"name": p.Office.Name, "line3": nil}
	for key, value := range map[string]string{"line1": p.Address.Line1, "line2": p.Address.Line2, "city": p.Address.City,
		"region": p.Address.Region, "postalCode": p.Address.PostalCode, "country": p.Address.Country} {
		o[key] = orNull(value)
	}
	return o
}

// word is the customer's status word.
func word(p seed.Employee) string {
	switch {
	case unemployed(p) && p.Hire != "":
		return map[seed.Void]string{seed.Null: "Leaver", seed.Blank: "Current"}[p.Void]
	case p.State == seed.Left:
		return "Leaver"
	case p.State == seed.Starting:
		return "Starter"
	case p.Word != "":
		return p.Word
	case p.State == seed.OnLeave:
		return "On leave"
	}
	return "Current"
}

// added is a field of the set of additional fields.
type added struct {
	name, source string
	of           func(p seed.Employee) any
}

var fieldSet = []added{
	{"Unique Id", "fHCM2__Unique_Id__c", func(p seed.Employee) any { return orNull(p.Number) }},
	{"Employment Status", "fHCM2__Employment_Status__c", func(p seed.Employee) any { return orNull(word(p)) }},
	{"Manager", "fHCM2__Manager__c", func(p seed.Employee) any {
		if p.ManagerID == 0 {
			return nil
		}
		return idOf(p.ManagerID)
	}},
	{"Phone Number", "fHCM2__Phone_Number__c", func(p seed.Employee) any { return orNull(p.WorkPhone) }},
	{"Home Email", "fHCM2__Home_Email__c", func(p seed.Employee) any { return orNull(p.PersonalEmail) }},
	{"Preferred Name", "fHCM2__Preferred_Name__c", func(p seed.Employee) any { return orNull(p.Preferred) }},
	{"Hire Date", "fHCM2__Hire_Date__c", func(p seed.Employee) any { return orNull(p.Hire) }},
	{"Division", "fHCM2__Division__c", func(p seed.Employee) any { return orNull(p.Division) }},
	{"Cost Centre", "Cost_Centre__c", func(p seed.Employee) any {
		if len(p.CostCentres) == 0 {
			return nil
		}
		return p.CostCentres[0].Name
	}},
	{"Skills", "Skills__c", func(p seed.Employee) any {
		if p.Custom.Languages == nil {
			return nil
		}
		return p.Custom.Languages
	}},
	{"Badge", "Badge__c", func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	{"Building", "Building__c", func(p seed.Employee) any { return orNull(p.Custom.Building.Name) }},
	{"Anniversary", "Anniversary__c", func(p seed.Employee) any { return orNull(p.Custom.Anniversary) }},
	{"Bicycles", "Bicycles__c", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}},
	{"Weekly Hours", "Weekly_Hours__c", func(p seed.Employee) any {
		if p.Custom.Hours == "" {
			return nil
		}
		return json.Number(p.Custom.Hours)
	}},
	{"On Site", "On_Site__c", func(p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}},
	{"Note", "Note__c", func(p seed.Employee) any { return orNull(p.Custom.Note) }},
}

// additional holds every field of the set, with null when empty; of every fifth person an item is null.
func additional(p seed.Employee) []any {
	list := []any{}
	for _, f := range fieldSet {
		list = append(list, wire.Object{"name": f.name, "value": f.of(p), "source": f.source})
	}
	if p.ID%5 == 0 {
		list = append(list, nil)
	}
	return list
}

type clause struct{ name, is, value string }

var clauses = regexp.MustCompile(`^([\w.]+) (eq|ne|gt|ge|lt|le) ('(?:[^']|'')*'|[^' ]+)$`)

// readFilter reads clauses that are joined by or, and within that by and.
func readFilter(text string) (either [][]clause, ok bool) {
	if text == "" {
		return nil, true
	}
	for _, part := range strings.Split(text, " or ") {
		var all []clause
		for _, one := range strings.Split(part, " and ") {
			m := clauses.FindStringSubmatch(strings.TrimSpace(one))
			if m == nil {
				return nil, false
			}
			all = append(all, clause{m[1], m[2], strings.ReplaceAll(strings.Trim(m[3], "'"), "''", "'")})
		}
		either = append(either, all)
	}
	return either, true
}

func lets(either [][]clause, p seed.Employee) bool {
	if either == nil {
		return true
	}
	o := employee(p)
	return slices.ContainsFunc(either, func(all []clause) bool {
		return !slices.ContainsFunc(all, func(c clause) bool { return !c.holds(value(o, c.name, p)) })
	})
}

// value is what a name with dots, or the source of an additional field, says of somebody.
func value(o wire.Object, name string, p seed.Employee) any {
	for _, f := range fieldSet {
		if f.source == name {
			return f.of(p)
		}
	}
	outer, inner, nested := strings.Cut(name, ".")
	if object, ok := o[outer].(wire.Object); nested && ok {
		return object[inner]
	}
	return o[outer]
}

func (c clause) holds(v any) bool {
	if v == nil {
		v = "null"
	}
	n := cmp.Compare(fmt.Sprint(v), c.value)
	return map[string]bool{"eq": n == 0, "ne": n != 0, "gt": n > 0, "ge": n >= 0, "lt": n < 0, "le": n <= 0}[c.is]
}
