package gusto

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// custom is one of the company's own fields; a value is always a text.
type custom struct {
	name, kind string
	options    []string
	of         func(c seed.Custom) string
}

var customs = []custom{
	{"Badge", "text", nil, func(c seed.Custom) string { return c.Badge }},
	{"Building", "radio", []string{"Gent HQ", "Liège"}, func(c seed.Custom) string { return c.Building.Name }},
	{"Bicycles", "number", nil, func(c seed.Custom) string {
		if c.Bicycles == nil {
			return ""
		}
		return strconv.Itoa(*c.Bicycles)
	}},
	{"Hours", "number", nil, func(c seed.Custom) string { return strings.TrimSuffix(c.Hours, ".0") }},
	{"Anniversary", "date", nil, func(c seed.Custom) string { return c.Anniversary }},
	{"Note", "text", nil, func(c seed.Custom) string { return c.Note }},
}

func definitionID(i int) string { return part(definitionPart, i+1) }

func (c custom) selection() any {
	if c.options == nil {
		return nil
	}
	return c.options
}

func (e *emulator) definitions(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for i, c := range customs {
		list = append(list, wire.Object{"uuid": definitionID(i), "name": c.name, "type": c.kind, "description": nil, "selection_options": c.selection()})
	}
	answer(w, wire.Object{"custom_fields": list})
}

// customValues hold null where the person has none, or nothing at all.
func customValues(p seed.Employee) []any {
	list := []any{}
	for i, c := range customs {
		if value := c.of(p.Custom); value != "" || p.Void == seed.Null {
			list = append(list, wire.Object{"id": part(valuePart, p.ID*10+i), "company_custom_field_id": definitionID(i), "name": c.name, "type": c.kind,
				"description": nil, "value": orNull(value), "selection_options": c.selection()})
		}
	}
	return list
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("mobilePhone", digits(p.MobilePhone))
	r.Set("jobTitle", p.Title)
	if p.Office.ID != 0 {
		r.Set("location", fmt.Sprintf("%s, %s", p.Office.Name, state(p.Office)))
	}
	if p.Department.ID != 0 {
		r.Set("department", p.Department.Name)
		r.Set("departmentId", id(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
	}
	r.Set("legalEntity", companyName)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", e.status(p, day.Format(time.DateOnly)))
	r.Set("employmentType", employmentType(p))
	r.Set("birthDate", p.Birth)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	for i, c := range customs {
		r.Set("custom."+definitionID(i), c.of(p.Custom))
	}
	return r
}

// status follows the sheet's table in its order.
func (e *emulator) status(p seed.Employee, today string) string {
	switch {
	case e.gone(p):
		return "terminated"
	case p.Hire > today:
		return "future"
	case !onboarded(p) && p.Hire == "":
		return "unknown"
	}
	return "active"
}
