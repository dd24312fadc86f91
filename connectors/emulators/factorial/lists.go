package factorial

import (
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func none() []wire.Object { return nil }

func (e *emulator) credentials() []wire.Object {
	return []wire.Object{{"id": "1", "company_id": companyID, "full_name": "Northlake"}}
}

func (e *emulator) units(of func(seed.Employee) []seed.Unit) []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		for _, u := range of(p) {
			if u.ID != 0 && !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	return units
}

func (e *emulator) teams() []wire.Object {
	members := map[int][]string{}
	for _, p := range e.Living() {
		members[p.Team.ID] = append(members[p.Team.ID], id(p.ID))
	}
	var rows []wire.Object
	for _, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Team} }) {
		rows = append(rows, wire.Object{"id": id(u.ID), "name": u.Name, "description": nil, "avatar": nil, "employee_ids": members[u.ID],
			"lead_ids": members[u.ID][:1], "company_id": companyID})
	}
	return rows
}

func (e *emulator) memberships() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		if p.Team.ID != 0 {
			rows = append(rows, wire.Object{"id": id(p.ID), "company_id": companyID, "employee_id": id(p.ID), "team_id": id(p.Team.ID), "lead": p.ID%10 == 0})
		}
	}
	return rows
}

func (e *emulator) locations() []wire.Object {
	zones := map[int]seed.Employee{}
	for _, p := range e.Living() {
		zones[p.Office.ID] = p
	}
	var rows []wire.Object
	for i, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Office} }) {
		rows = append(rows, wire.Object{"id": id(u.ID), "company_id": companyID, "name": u.Name, "timezone": zones[u.ID].TimeZone,
			"country": strings.ToLower(zones[u.ID].Address.CountryCode), "state": nil, "city": u.Name, "address_line_1": "Gran Via 1", "address_line_2": nil,
			"postal_code": "08010", "phone_number": nil, "main": i == 0, "latitude": nil, "longitude": nil, "radius": nil, "siret": nil})
	}
	return rows
}

func (e *emulator) legalEntities() []wire.Object {
	var rows []wire.Object
	for _, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.LegalEntity} }) {
		rows = append(rows, wire.Object{"id": id(u.ID), "company_id": companyID, "country": "es", "legal_name": u.Name, "currency": "EUR", "tin": nil,
			"city": nil, "postal_code": nil, "address_line_1": nil, "address_line_2": nil})
	}
	return rows
}

// formerCenter is one that nobody belongs to any more.
var formerCenter = seed.Unit{ID: 82999, Name: "Closed Plant"}

func (e *emulator) costCenters() []wire.Object {
	var rows []wire.Object
	for _, u := range append(e.units(func(p seed.Employee) []seed.Unit {
		var units []seed.Unit
		for _, s := range p.CostCentres {
			units = append(units, s.Unit)
		}
		return units
	}), formerCenter) {
		rows = append(rows, wire.Object{"id": id(u.ID), "name": u.Name, "company_id": companyID, "legal_entity_id": "7033", "code": "CC-" + id(u.ID),
			"description": nil, "active_employees_count": 2, "historical_employees_count": 3, "status": "active", "deactivation_date": nil})
	}
	return rows
}

func (e *emulator) costCenterMemberships() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		if p.ID%6 == 1 {
			rows = append(rows, costCenterMembership(p, 0, formerCenter, "2015-01-01", "2020-12-31", 100))
		}
		for i, s := range p.CostCentres {
			rows = append(rows, costCenterMembership(p, i+1, s.Unit, "2015-01-01", "", s.Percent))
		}
	}
	return rows
}

func costCenterMembership(p seed.Employee, n int, u seed.Unit, from, to string, percent int) wire.Object {
	return wire.Object{"id": id(p.ID*10 + n), "employee_id": id(p.ID), "cost_center_id": id(u.ID), "start_date": from, "end_date": null(to), "percentage": percent}
}

// roles and nodes are the job catalogue; each role here is one person's, because a title need not be written once.
func (e *emulator) roles() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		if inCatalogue(p) {
			rows = append(rows, wire.Object{"id": id(p.ID), "company_id": companyID, "name": p.Title, "description": nil})
		}
	}
	return rows
}

func (e *emulator) nodes() []wire.Object {
	rows := e.roles()
	for i, p := range slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !inCatalogue(p) }) {
		rows[i]["uuid"], rows[i]["node_type"] = nodeID(p), "role"
	}
	return rows
}

// leaves are long ones that go on, and those that tell nothing: not approved, taken back, over.
func (e *emulator) leaves() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		switch {
		case p.State == seed.OnLeave:
			rows = append(rows, leave(p, 0, "2020-02-03", "2020-03-03", true), leave(p, 1, "2021-02-03", "2099-12-31", true))
		case p.ID%12 == 0:
			rows = append(rows, leave(p, 0, "2021-02-03", "2099-12-31", p.ID%24 == 0))
			if p.ID%24 == 0 {
				rows[len(rows)-1]["deleted_at"] = "2025-01-06T09:00:00.000Z"
			}
		case p.ID%17 == 0:
			rows = append(rows, leave(p, 0, "2020-02-03", "2020-03-03", true), leave(p, 1, "2098-02-03", "2099-12-31", true))
		}
	}
	return rows
}

func leave(p seed.Employee, n int, from, to string, approved bool) wire.Object {
	return wire.Object{"id": id(p.ID*10 + n), "company_id": companyID, "employee_id": id(p.ID), "start_on": from, "finish_on": to, "half_day": nil,
		"description": "SENSITIVE-leave", "reason": nil, "leave_type_id": "17", "leave_type_name": "Maternity", "approved": approved,
		"employee_full_name": p.Name(), "deleted_at": nil, "created_at": "2025-01-05T09:00:00.000Z", "updated_at": "2025-01-05T09:00:00.000Z"}
}

const ofEmployees, ofProjects = "employees-questions", "projects-questions"

// custom are the fields that the company made, one of them for projects.
var custom = []struct {
	id                int
	kind, label, slug string
	key               string // of the value
	of                func(c seed.Custom) []string
}{
	{41, "text", "Badge", ofEmployees, "value", func(c seed.Custom) []string { return []string{c.Badge} }},
	{42, "long_text", "Note", ofEmployees, "long_text_value", func(c seed.Custom) []string { return []string{c.Note} }},
	{43, "date", "Anniversary", ofEmployees, "date_value", func(c seed.Custom) []string { return []string{c.Anniversary} }},
	{44, "single_choice", "Building", ofEmployees, "single_choice_value", func(c seed.Custom) []string { return []string{c.Building.Name} }},
	{45, "multiple_choice", "Languages", ofEmployees, "value", func(c seed.Custom) []string { return c.Languages }},
	{46, "rating", "Bicycles", ofEmployees, "value", func(c seed.Custom) []string { return []string{bicycles(c)} }},
	{47, "checkbox", "On Site", ofEmployees, "value", func(c seed.Custom) []string { return []string{onSite(c)} }},
	{48, "cents", "Hours", ofEmployees, "cents_value", func(c seed.Custom) []string { return []string{cents(c)} }},
	{49, "text", "Budget", ofProjects, "value", func(seed.Custom) []string { return []string{"SENSITIVE-budget"} }},
}

func bicycles(c seed.Custom) string {
	if c.Bicycles == nil {
		return ""
	}
	return strconv.Itoa(*c.Bicycles)
}

func onSite(c seed.Custom) string {
	if c.OnSite == nil {
		return ""
	}
	return strconv.FormatBool(*c.OnSite)
}

func cents(c seed.Custom) string { return strings.Replace(c.Hours, ".", "", 1) }

func fields() []wire.Object {
	var rows []wire.Object
	for i, f := range custom {
		choices := []string{}
		switch f.kind {
		case "single_choice":
			choices = []string{"Gent HQ", "Liège"}
		case "multiple_choice":
			choices = []string{"English", "German", "Portuguese"}
		}
		rows = append(rows, wire.Object{"id": id(f.id), "field_type": f.kind, "label_text": f.label, "slug": f.slug, "required": false, "position": i,
			"min_value": nil, "max_value": nil, "choice_options": choices})
	}
	return rows
}

func options() []wire.Object {
	var rows []wire.Object
	for i, label := range []string{"Gent HQ", "Liège"} {
		rows = append(rows, wire.Object{"id": id(i + 1), "field_id": "44", "label": label, "active": true})
	}
	return rows
}

// values are one row a value, so that a choice of two is two rows.
func (e *emulator) values() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		for n, f := range custom {
			for i, text := range f.of(p.Custom) {
				if text == "" && p.Void == seed.Missing {
					continue
				}
				rows = append(rows, value(p, n, i, text))
			}
		}
	}
	return rows
}

func value(p seed.Employee, n, i int, text string) wire.Object {
	f := custom[n]
	o := wire.Object{"id": id(p.ID*100 + n*10 + i), "value": nil, "long_text_value": nil, "custom_field_identifier": nil, "date_value": nil,
		"single_choice_value": nil, "cents_value": nil, "valuable_id": id(p.ID), "field_id": id(f.id), "valuable_type": "Employee", "label": f.label,
		"required": false, "usage_group_id": nil, "usage_group_slug": f.slug, "updated_at": stamp(p.Changed)}
	if f.slug == ofProjects {
		o["valuable_type"] = "Project"
	}
	n, err := strconv.Atoi(text)
	switch {
	case f.key == "cents_value" && err == nil:
		o[f.key] = n
	case f.key == "value" || f.key == "long_text_value":
		wire.Put(o, f.key, text, p.Void)
	case f.key != "cents_value":
		o[f.key] = null(text)
	}
	return o
}
