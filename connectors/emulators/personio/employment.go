package personio

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// allEmployments are a person's employments, the latest first.
func allEmployments(p seed.Employee) []any {
	list := []any{employment(p, 0)}
	for i, job := range p.Earlier {
		earlier := p
		earlier.Title, earlier.Hire, earlier.State, earlier.End, earlier.ContractEnd, earlier.Team = job.Title, job.Start, seed.Left, "", "", seed.Unit{}
		o := employment(earlier, i+1)
		o["employment_end_date"] = job.End
		list = append(list, o)
	}
	return list
}

func employment(p seed.Employee, i int) wire.Object {
	id := employmentID(p, i)
	person := fmt.Sprintf("/v2/persons/%d", p.ID)
	return wire.Object{
		"id": id, "person": wire.Object{"id": strconv.Itoa(p.ID)}, "position": positionOf(p),
		"status": strings.ToUpper(status(p)), "type": strings.ToUpper(employmentType(p)),
		"employment_start_date": orNull(p.Hire), "employment_end_date": endedOn(p), "contract_end_date": orNull(p.ContractEnd),
		"probation_end_date": nil, "weekly_working_hours": 40, "full_time_weekly_working_hours": 40,
		"supervisor": reference(p.ManagerID), "office": reference(p.Office.ID), "org_units": orgUnitsOf(p), "cost_centers": weights(p),
		"legal_entity": reference(p.LegalEntity.ID), "sub_company": reference(p.LegalEntity.ID), "termination": termination(p),
		"created_at": "2019-01-07T08:12:44Z", "updated_at": p.Changed.UTC().Format(time.RFC3339),
		"_meta": wire.Object{"links": wire.Object{"self": href(person + "/employments/" + id), "person": href(person)}},
	}
}

func positionOf(p seed.Employee) any {
	if p.Title == "" && p.Void == seed.Null {
		return nil
	}
	o := wire.Object{}
	wire.Put(o, "title", p.Title, p.Void)
	return o
}

func reference(id int) any {
	if id == 0 {
		return nil
	}
	return wire.Object{"id": strconv.Itoa(id)}
}

func orgUnitsOf(p seed.Employee) []any {
	list := []any{}
	if p.Department.ID != 0 {
		list = append(list, wire.Object{"type": "department", "id": strconv.Itoa(p.Department.ID)})
	}
	if p.Team.ID != 0 {
		list = append(list, wire.Object{"type": "team", "id": strconv.Itoa(p.Team.ID)})
	}
	return list
}

func weights(p seed.Employee) []any {
	list := []any{}
	for _, s := range p.CostCentres {
		list = append(list, wire.Object{"id": strconv.Itoa(s.ID), "weight": s.Percent})
	}
	return list
}

func endedOn(p seed.Employee) any {
	if p.State != seed.Left {
		return nil
	}
	return orNull(p.End)
}

func termination(p seed.Employee) any {
	if p.End == "" {
		return nil
	}
	return wire.Object{"termination_date": p.End, "last_working_day": orNull(p.LastDay), "terminated_at": nil, "type": "EMPLOYEE", "reason": nil}
}

func (e *emulator) legalEntities(w http.ResponseWriter, r *http.Request) {
	data := []any{}
	for _, u := range e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.LegalEntity} }) {
		data = append(data, wire.Object{"id": strconv.Itoa(u.ID), "name": u.Name, "country": "DE"})
	}
	answer(w, wire.Object{"_data": data, "_meta": wire.Object{"links": wire.Object{"self": href(r.URL.RequestURI())}}})
}

func (e *emulator) costCentres(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, e.units(func(p seed.Employee) []seed.Unit {
		var units []seed.Unit
		for _, s := range p.CostCentres {
			units = append(units, s.Unit)
		}
		return units
	}))
}

func (e *emulator) workplaces(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Office} }))
}

func (e *emulator) orgUnits(w http.ResponseWriter, r *http.Request) {
	departments := e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Department} })
	e.list(w, r, append(departments, e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Team} })...))
}

// orgUnit names one department or team; without a type, or under the wrong one, there is none.
func (e *emulator) orgUnit(w http.ResponseWriter, r *http.Request) {
	kind := r.URL.Query().Get("type")
	of, ok := map[string]func(seed.Employee) []seed.Unit{
		"department": func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Department} },
		"team":       func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Team} },
	}[kind]
	if !ok {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	for _, u := range e.units(of) {
		if strconv.Itoa(u.ID) == r.PathValue("id") {
			answer(w, wire.Object{"id": strconv.Itoa(u.ID), "name": u.Name, "type": kind,
				"_meta": wire.Object{"links": wire.Object{"self": href(r.URL.RequestURI())}}})
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// units are the different units of all people, by id.
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

func (e *emulator) list(w http.ResponseWriter, r *http.Request, units []seed.Unit) {
	data := make([]any, 0, len(units))
	for _, u := range units {
		data = append(data, wire.Object{"id": strconv.Itoa(u.ID), "name": u.Name})
	}
	answer(w, wire.Object{"_data": data, "_meta": wire.Object{"links": wire.Object{"self": href(r.URL.RequestURI())}}})
}
