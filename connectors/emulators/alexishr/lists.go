package alexishr

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// home is the company to which everything but people belongs.
var home = hex(ofCompany, 7033)

// inherited are the cost centres of departments that have none of their own.
var (
	centerOf  = map[string]int{"Management": 82950, "Engineering": 82957, "Sales & Service": 82958, "Qualité": 82950}
	inherited = map[string]bool{"Sales & Service": true, "Qualité": true}
	nameless  = 82957
)

func (e *emulator) units(of func(seed.Employee) []seed.Unit) []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		for _, u := range of(p) {
			if u.ID != 0 && !slices.ContainsFunc(units, func(known seed.Unit) bool { return known.ID == u.ID }) {
				units = append(units, u)
			}
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	return units
}

func (e *emulator) departments() []wire.Object {
	var rows []wire.Object
	for i, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Department} }) {
		o := wire.Object{"id": hex(ofDepartment, u.ID), "companyId": home, "name": u.Name}
		if center := centerOf[u.Name]; center != 0 {
			o["effectiveCostCenterId"] = hex(ofCenter, center)
			if !inherited[u.Name] {
				o["costCenterId"] = hex(ofCenter, center)
			}
		}
		if i > 0 {
			o["parentId"], o["description"] = rows[0]["id"], "Part of "+fmt.Sprint(rows[0]["name"])
		}
		rows = append(rows, o)
	}
	return rows
}

func (e *emulator) offices() []wire.Object {
	zones := map[int]string{}
	for _, p := range e.Living() {
		zones[p.Office.ID] = p.TimeZone
	}
	var rows []wire.Object
	for _, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Office} }) {
		rows = append(rows, wire.Object{"id": hex(ofOffice, u.ID), "companyId": home, "name": u.Name, "phone": "", "email": "", "timezone": zones[u.ID],
			"CFAR": "", "SCB": "", "SNI": ""})
	}
	return rows
}

// costCenters are those of people and of departments; one has a code only.
func (e *emulator) costCenters() []wire.Object {
	var rows []wire.Object
	for _, u := range e.units(func(p seed.Employee) []seed.Unit {
		var units []seed.Unit
		for _, s := range p.CostCentres {
			units = append(units, s.Unit)
		}
		return units
	}) {
		code, name, _ := strings.Cut(u.Name, " ")
		o := wire.Object{"id": hex(ofCenter, u.ID), "companyId": home, "code": code}
		if u.ID != nameless {
			o["name"] = name
		}
		rows = append(rows, o)
	}
	return rows
}

// companies have a legal name, apart from one.
func (e *emulator) companies() []wire.Object {
	var rows []wire.Object
	for i, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{company(p)} }) {
		o := wire.Object{"id": hex(ofCompany, u.ID), "name": u.Name}
		if i != 1 {
			o["name"], o["legalName"], o["orgNumber"], o["phone"], o["email"] = "Northlake", u.Name, "000000-0000", "", "info@corp.example"
		}
		rows = append(rows, o)
	}
	return rows
}

var types = []string{"Full-Time", "Part-Time", "Contractor", "Intern"}

func typeID(name string) string { return idOf(ofType, slices.Index(types, name)+1) }

func (e *emulator) employmentTypes() []wire.Object {
	var rows []wire.Object
	for i, name := range types {
		rows = append(rows, wire.Object{"id": hex(ofType, i+1), "companyId": home, "name": name, "vacation": true, "country": "SE", "maxMonths": 24})
	}
	return rows
}

// employments are everybody's, also those that ended before the present one began.
func (e *emulator) employments() []wire.Object {
	var rows, earlier []wire.Object
	for _, p := range e.Living() {
		o := employment(p, employmentID(p.ID), p.Hire)
		if p.End != "" {
			o["terminated"], o["endDate"], o["effectiveEndDate"] = true, moment(p.End), moment(p.End)
		} else if p.ContractEnd != "" {
			o["effectiveEndDate"] = moment(p.ContractEnd)
		}
		rows = append(rows, o)
		for i, was := range p.Earlier {
			old := employment(p, employmentID(p.ID*1000+i), was.Start)
			old["terminated"], old["endDate"], old["effectiveEndDate"] = true, moment(was.End), moment(was.End)
			earlier = append(earlier, old)
		}
	}
	return append(rows, earlier...)
}

func employment(p seed.Employee, id, start string) wire.Object {
	o := wire.Object{"id": id, "companyId": hex(ofCompany, company(p).ID), "employeeId": employeeID(p.ID), "terminated": false, "rate": 100,
		"country": "SE", "updated": stamp(p.Changed)}
	if kind := typeID(p.Type); kind != "" {
		o["typeId"] = kind
	}
	if start != "" {
		o["startDate"] = moment(start)
	}
	return o
}

func (e *emulator) teams() []wire.Object {
	var rows []wire.Object
	for _, u := range e.units(teamsOf) {
		rows = append(rows, wire.Object{"id": hex(ofTeam, u.ID), "companyId": home, "name": u.Name, "description": "", "bgColor": "#dee9fe", "fgColor": "#032f83"})
	}
	return rows
}

// teamsOf is the person's team, and for every eleventh person another one.
func teamsOf(p seed.Employee) []seed.Unit {
	switch {
	case p.Team.ID == 0:
		return nil
	case p.ID%11 == 0:
		return []seed.Unit{p.Team, {ID: 59090, Name: "Fire Wardens"}}
	}
	return []seed.Unit{p.Team}
}

func (e *emulator) teamReferences() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		for i, u := range teamsOf(p) {
			rows = append(rows, wire.Object{"id": hex(ofReference, p.ID*10+i), "companyId": home, "teamId": hex(ofTeam, u.ID),
				"employeeId": employeeID(p.ID), "userId": userID(p.ID)})
		}
	}
	return rows
}

var kinds = []string{"SICK_LEAVE", "PARENTAL_LEAVE", "VACATION", "OFF_DUTY", "CHILDCARE"}

func leaveTypes() []wire.Object {
	var rows []wire.Object
	for i, kind := range kinds {
		rows = append(rows, wire.Object{"id": hex(ofLeaveType, i), "companyId": home, "name": strings.ToLower(kind), "kind": kind})
	}
	return rows
}

// absence is a leave: what kind it is, where it stands, and its days.
type absence struct {
	kind, status string
	start, end   string
}

// absences are those of a person; only some of them tell that he is away.
func absences(p seed.Employee) []absence {
	const from, to, never = "2020-01-01", "2099-12-31", "2020-02-01"
	switch {
	case p.State == seed.OnLeave:
		return []absence{{"VACATION", "APPROVED", from, never}, {[]string{"SICK_LEAVE", "PARENTAL_LEAVE", "CHILDCARE"}[p.ID%3],
			[]string{"APPROVED", "CONFIRMED"}[p.ID%2], from, to}}
	case p.ID%12 == 0:
		return []absence{{"PARENTAL_LEAVE", []string{"PENDING", "DENIED", "CANCELLED"}[p.ID/12%3], from, to}}
	case p.ID%17 == 0:
		return []absence{{"VACATION", "APPROVED", from, to}, {"SICK_LEAVE", "CONFIRMED", from, never}}
	case p.ID%29 == 0:
		return []absence{{"OFF_DUTY", "CONFIRMED", from, to}}
	}
	return nil
}

func (e *emulator) leaves() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		for i, a := range absences(p) {
			rows = append(rows, wire.Object{"id": hex(ofLeave, p.ID*10+i), "companyId": home, "employeeId": employeeID(p.ID),
				"typeId": hex(ofLeaveType, slices.Index(kinds, a.kind)), "startDate": moment(a.start), "endDate": moment(a.end), "status": a.status, "duration": 23})
		}
	}
	return rows
}

// relations are the records that those people name, an array a kind; what is private stays a mark.
func (e *emulator) relations(people []seed.Employee, names []string) wire.Object {
	all := wire.Object{}
	for _, name := range names {
		rows := []any{}
		for _, o := range e.related(name) {
			if slices.ContainsFunc(people, func(p seed.Employee) bool { return named(name, p, o) }) {
				rows = append(rows, o)
			}
		}
		all[name] = rows
	}
	return all
}

func (e *emulator) related(name string) []wire.Object {
	if name == "managerEmployee" {
		var rows []wire.Object
		for _, p := range e.Living() {
			rows = append(rows, employee(p))
		}
		return rows
	}
	of := map[string]func() []wire.Object{"office": e.offices, "costCenter": e.costCenters, "effectiveCostCenter": e.costCenters,
		"department": e.departments, "employment": e.employments, "employmentType": e.employmentTypes, "teamReference": e.teamReferences}[name]
	if of == nil {
		return []wire.Object{{"id": "SENSITIVE-" + name}}
	}
	return of()
}

func named(relation string, p seed.Employee, o wire.Object) bool {
	switch relation {
	case "teamReference", "employment":
		return o["employeeId"] == employeeID(p.ID)
	case "effectiveCostCenter":
		return o["id"] == idOf(ofCenter, center(p))
	case "child", "emergencyContact", "compensation":
		return true
	}
	return o["id"] == employee(p)[relation+"Id"]
}

// center is the person's own cost centre, or else the department's.
func center(p seed.Employee) int {
	if own := ownCenter(p).ID; own != 0 {
		return own
	}
	return centerOf[p.Department.Name]
}
