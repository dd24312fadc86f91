package personio

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // Personio writes dates in its own time zone, also on machines that do not know it

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// attribute is one of the attributes of v1: its entry in the catalogue, and how to read its value from a person.
type attribute struct {
	key, label, kind string
	options          []string
	of               func(p seed.Employee) any
}

var catalogue = []attribute{
	{key: "id", label: "ID", kind: "integer", of: func(p seed.Employee) any { return p.ID }},
	{key: "first_name", label: "First name", kind: "standard", of: text(func(p seed.Employee) string { return p.First })},
	{key: "last_name", label: "Last name", kind: "standard", of: text(func(p seed.Employee) string { return p.Last })},
	{key: "preferred_name", label: "Name (preferred)", kind: "standard", of: func(p seed.Employee) any { return p.Preferred }},
	{key: "email", label: "Email", kind: "standard", of: text(func(p seed.Employee) string { return p.Email })},
	{key: "gender", label: "Gender", kind: "standard", of: text(func(p seed.Employee) string { return p.Gender })},
	{key: "status", label: "Status", kind: "standard", of: func(p seed.Employee) any { return status(p) }},
	{key: "position", label: "Position", kind: "standard", of: text(func(p seed.Employee) string { return p.Title })},
	{key: "supervisor", label: "Supervisor", kind: "standard", of: supervisor},
	{key: "employment_type", label: "Employment type", kind: "standard", of: func(p seed.Employee) any { return employmentType(p) }},
	{key: "weekly_working_hours", label: "Weekly hours", kind: "standard", of: func(seed.Employee) any { return "40" }},
	{key: "hire_date", label: "Hire date", kind: "date", of: date(func(p seed.Employee) string { return p.Hire })},
	{key: "contract_end_date", label: "Contract ends", kind: "date", of: date(func(p seed.Employee) string { return p.ContractEnd })},
	{key: "termination_date", label: "Termination date", kind: "date", of: date(func(p seed.Employee) string { return p.End })},
	{key: "termination_type", label: "Termination type", kind: "standard", of: text(terminationType)},
	{key: "termination_reason", label: "Termination reason", kind: "standard", of: text(func(seed.Employee) string { return "" })},
	{key: "probation_period_end", label: "Probation period end", kind: "date", of: func(seed.Employee) any { return nil }},
	{key: "created_at", label: "created_at", kind: "date", of: func(seed.Employee) any { return "2019-01-07T09:12:44+01:00" }},
	{key: "last_modified_at", label: "Last modified", kind: "date", of: func(p seed.Employee) any { return p.Changed.In(berlin).Format(time.RFC3339) }},
	{key: "subcompany", label: "Subcompany", kind: "standard", of: unit("Subcompany", func(p seed.Employee) seed.Unit { return p.LegalEntity })},
	{key: "office", label: "Office", kind: "standard", of: unit("Office", func(p seed.Employee) seed.Unit { return p.Office })},
	{key: "department", label: "Department", kind: "standard", of: unit("Department", func(p seed.Employee) seed.Unit { return p.Department })},
	{key: "cost_centers", label: "Cost center", kind: "standard", of: shares},
	{key: "last_working_day", label: "Last day of work", kind: "date", of: date(func(p seed.Employee) string { return p.LastDay })},
	{key: "profile_picture", label: "Profile Picture", kind: "standard", of: func(p seed.Employee) any { return orNull(pictureURL(p)) }},
	{key: "team", label: "Team", kind: "standard", of: unit("Team", func(p seed.Employee) seed.Unit { return p.Team })},
	{key: "dynamic_33101", label: "Personnel number", kind: "standard", of: text(func(p seed.Employee) string { return p.Number })},
	{key: "dynamic_33102", label: "Work phone", kind: "standard", of: text(func(p seed.Employee) string { return p.WorkPhone })},
	{key: "dynamic_33103", label: "Language skills", kind: "tags", options: []string{"English", "German", "Portuguese"}, of: languages},
	{key: "dynamic_33104", label: "Anniversary", kind: "date", of: date(func(p seed.Employee) string { return p.Custom.Anniversary })},
	{key: "dynamic_33105", label: "Desk", kind: "list", options: []string{"Gent HQ", "Liège"}, of: text(func(p seed.Employee) string { return p.Custom.Building.Name })},
	{key: "dynamic_33106", label: "Bicycles", kind: "integer", of: bicycles},
	{key: "dynamic_33107", label: "Hours", kind: "decimal", of: hours},
	{key: "dynamic_33108", label: "Note", kind: "multiline", of: text(func(p seed.Employee) string { return p.Custom.Note })},
}

func (a attribute) custom() bool { return strings.HasPrefix(a.key, "dynamic_") }

func (a attribute) universal() any {
	if a.custom() {
		return nil
	}
	return a.key
}

func (a attribute) wrap(value any) wire.Object {
	return wrapped(a.universal(), a.label, a.kind, value)
}

func wrapped(universal any, label, kind string, value any) wire.Object {
	return wire.Object{"label": label, "value": value, "type": kind, "universal_id": universal}
}

func isNone(value any) bool { return value == nil || value == "" }

// text writes an empty text as this person's record holds it: null, "" or blanks.
func text(of func(seed.Employee) string) func(seed.Employee) any {
	return func(p seed.Employee) any {
		o := wire.Object{}
		wire.Put(o, "text", of(p), p.Void)
		return o["text"]
	}
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic("the program carries no time zones: " + err.Error())
	}
	return zone
}()

// date writes a day as the local midnight, and of every eleventh person as the same moment in UTC, which is the day before.
func date(of func(seed.Employee) string) func(seed.Employee) any {
	return func(p seed.Employee) any {
		day, err := time.ParseInLocation(time.DateOnly, of(p), berlin)
		switch {
		case err != nil:
			return nil
		case p.ID%11 == 0:
			return day.UTC().Format("2006-01-02T15:04:05.000Z")
		}
		return day.Format(time.RFC3339)
	}
}

func status(p seed.Employee) string {
	switch p.State {
	case seed.OnLeave:
		return "leave"
	case seed.Left:
		return "inactive"
	case seed.Starting:
		return "onboarding"
	case seed.Odd:
		return strings.ToLower(p.Word)
	}
	return "active"
}

func employmentType(p seed.Employee) string {
	if p.External {
		return "external"
	}
	return "internal"
}

func terminationType(p seed.Employee) string {
	if p.End != "" {
		return "employee"
	}
	return ""
}

// supervisor is a person within the person; his attributes are wrapped again.
func supervisor(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	m := seed.Employee{ID: p.ManagerID, First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	attributes := wire.Object{
		"id":         wrapped("id", "ID", "integer", m.ID),
		"first_name": wrapped("first_name", "First name", "standard", m.First),
		"last_name":  wrapped("last_name", "Last name", "standard", m.Last),
	}
	if m.Email != "" {
		attributes["email"] = wrapped("email", "Email", "standard", m.Email)
	}
	return wire.Object{"type": "Employee", "attributes": attributes}
}

// unit is a part of the company; its attributes are plain.
func unit(kind string, of func(seed.Employee) seed.Unit) func(seed.Employee) any {
	return func(p seed.Employee) any {
		u := of(p)
		if u.ID == 0 {
			return nil
		}
		return wire.Object{"type": kind, "attributes": wire.Object{"id": u.ID, "name": u.Name}}
	}
}

func shares(p seed.Employee) any {
	list := []any{}
	for _, s := range p.CostCentres {
		list = append(list, wire.Object{"type": "CostCenter", "attributes": wire.Object{"id": s.ID, "name": s.Name, "percentage": s.Percent}})
	}
	return list
}

func pictureURL(p seed.Employee) string {
	if p.Photo == "" {
		return ""
	}
	return fmt.Sprintf("%s/v1/company/employees/%d/profile-picture", vendorHost, p.ID)
}

func languages(p seed.Employee) any {
	if p.Custom.Languages == nil {
		return nil
	}
	return p.Custom.Languages
}

func bicycles(p seed.Employee) any {
	if p.Custom.Bicycles == nil {
		return nil
	}
	return *p.Custom.Bicycles
}

func hours(p seed.Employee) any {
	if p.Custom.Hours == "" {
		return nil
	}
	return json.Number(p.Custom.Hours)
}
