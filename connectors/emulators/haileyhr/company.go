package haileyhr

import (
	"net/http"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// company gives the names of all ids but those of what was deleted.
func (e *emulator) company(w http.ResponseWriter, _ *http.Request) {
	fields := []any{}
	for _, c := range customs {
		fields = append(fields, wire.Object{"id": uuid(ofField, c.id), "name": c.name, "type": c.kind})
	}
	head := personID(e.firstID())
	answer(w, wire.Object{
		"customFields":           fields,
		"customEmploymentFields": []any{wire.Object{"id": uuid(ofField, 901), "name": "Union", "type": "Text"}},
		"teams":                  e.list(ofTeam, "team", func(wire.Object, seed.Unit) {}),
		"locations": e.list(ofLocation, "location", func(o wire.Object, u seed.Unit) {
			o["address"], o["city"], o["postalCode"], o["country"], o["phone"] = "Kungsgatan 1", u.Name, "111 43", "Sweden", ""
		}),
		"titles":        names(ofTitle, e.titles),
		"legalEntities": e.list(ofEntity, "entity", func(o wire.Object, _ seed.Unit) { o["companyRegistrationNumber"] = "556000-0000" }),
		"departments": e.list(ofDepartment, "department", func(o wire.Object, u seed.Unit) {
			o["headOfDepartmentEmployeeId"], o["belongingToDepartmentId"] = nil, nil
			if first := e.units["department"][0]; u == first {
				o["headOfDepartmentEmployeeId"] = head
			} else {
				o["belongingToDepartmentId"] = uuid(ofDepartment, first.ID)
			}
		}),
		"businessAreas": e.businessAreas(head),
		"costCenters": e.list(ofCentre, "centre", func(o wire.Object, u seed.Unit) {
			o["code"], _, _ = strings.Cut(u.Name, " ")
		}),
	})
}

func (e *emulator) firstID() int {
	if len(e.People) == 0 {
		return 0
	}
	return e.People[0].ID
}

func (e *emulator) list(kind int, of string, add func(wire.Object, seed.Unit)) []any {
	list := []any{}
	for _, u := range e.units[of] {
		o := wire.Object{"id": uuid(kind, u.ID), "name": u.Name}
		add(o, u)
		list = append(list, o)
	}
	return list
}

func names(kind int, all []string) []any {
	list := []any{}
	for i, name := range all {
		list = append(list, wire.Object{"id": uuid(kind, i+1), "name": name})
	}
	return list
}

func (e *emulator) businessAreas(head string) []any {
	list := names(ofArea, e.areas)
	for _, area := range list {
		o := area.(wire.Object)
		o["headOfBusinessAreaEmployeeId"] = head
		inside := []any{}
		for _, u := range e.units["department"] {
			inside = append(inside, wire.Object{"departmentId": uuid(ofDepartment, u.ID), "headOfDepartmentInBusinessArea": nil})
		}
		o["departmentsInBusinessArea"] = inside
	}
	return list
}

// timeOff gives the absences between two days; whoever is on leave is away all the time.
func (e *emulator) timeOff(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	_, errFrom := time.Parse(time.DateOnly, q.Get("from"))
	_, errTo := time.Parse(time.DateOnly, q.Get("to"))
	if q.Has("from") && errFrom != nil || q.Has("to") && errTo != nil || wire.Unknown(q, "from", "to") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	list := []any{}
	for _, p := range e.Living() {
		if p.State == seed.OnLeave {
			list = append(list, wire.Object{"employeeId": personID(p.ID), "type": "ParentalLeave", "from": orNull(q.Get("from")), "to": orNull(q.Get("to"))})
		}
	}
	answer(w, list)
}

// employee is the detail, which holds more than a reader of people should ask for.
func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		if personID(p.ID) == r.PathValue("id") {
			answer(w, e.detail(p))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func (e *emulator) detail(p seed.Employee) wire.Object {
	o := e.record(p)
	employments := []any{e.employment(p, o, p.Hire, p.End, 1)}
	for i, job := range p.Earlier {
		employments = append(employments, e.employment(p, o, job.Start, job.End, i+2))
	}
	part := func(keys ...string) wire.Object {
		some := wire.Object{}
		for _, key := range keys {
			some[key] = o[key]
		}
		return some
	}
	general := part("workPhone", "companyEmail", "employmentNumber")
	general["titles"], general["legalEntity"] = o["titleIds"], o["legalEntityId"]
	return wire.Object{
		"employeeId": o["employeeId"], "accountStatus": o["accountStatus"], "lastUpdated": o["lastUpdated"], "customFieldsData": o["customFieldsData"],
		"jobData": wire.Object{"general": general, "employment": wire.Object{"dateOfJoining": orNull(joined(p)), "lastDayOfEmployment": orNull(p.End),
			"employments": employments, "casualEmployments": []any{}}},
		"personal": wire.Object{"general": part("firstName", "lastName"), "sensitive": part("gender", "dateOfBirth", "personalIdentityNumber"),
			"contactInformation": part("privateEmail", "privatePhone", "streetAddress", "postalCode", "city", "country"), "ice": wire.Object{}},
		"organizationalBelonging": wire.Object{}, "salaries": []any{wire.Object{"amount": "SENSITIVE-SALARY"}},
	}
}

func (e *emulator) employment(p seed.Employee, o wire.Object, start, end string, priority int) wire.Object {
	state := "Active"
	switch {
	case priority > 1 || p.State == seed.Left:
		state = "Ended"
	case p.State == seed.Starting:
		state = "WillStart"
	}
	belongs := wire.Object{}
	for _, key := range []string{"titleIds", "teamIds", "locationId", "managerEmployeeId", "departmentId", "legalEntityId", "businessAreaId", "costCenterId"} {
		belongs[key] = o[key]
	}
	return wire.Object{"employmentId": uuid(ofEmployment, p.ID*10+priority), "priority": priority, "startDate": orNull(start), "endDate": orNull(end),
		"lastWorkingDay": orNull(p.LastDay), "organizationalInformation": belongs, "terms": wire.Object{"employmentType": p.Type, "scopePercentage": scope(p)},
		"customFieldsData": wire.Object{uuid(ofField, 901): "SENSITIVE-UNION"}, "status": state}
}
