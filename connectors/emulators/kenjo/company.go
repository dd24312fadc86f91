package kenjo

import (
	"net/http"
	"slices"
	"strconv"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// units are the different ones of a kind that people have.
func (e *emulator) units(kind int) []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		u := map[int]seed.Unit{ofCompany: p.LegalEntity, ofOffice: p.Office, ofDepartment: p.Department, ofTeam: p.Team}[kind]
		if u.ID != 0 && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units
}

// names answers a bare array of the units of a kind.
func (e *emulator) names(kind int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		list := []any{}
		for _, u := range e.units(kind) {
			o := wire.Object{"_id": hexID(kind, u.ID), "name": u.Name}
			switch kind {
			case ofCompany:
				o["city"], o["country"] = "Berlin", "DE"
			case ofOffice:
				o["companyId"], o["calendarId"] = hexID(ofCompany, 7033), hexID(ofCalendar, u.ID)
				o["street"], o["postalCode"], o["city"], o["country"] = "Spreeufer 1", "10178", u.Name, "DE"
			}
			list = append(list, o)
		}
		answer(w, list)
	}
}

func (e *emulator) customFields(w http.ResponseWriter, _ *http.Request) {
	data := []any{}
	for i, c := range customs {
		o := wire.Object{"_id": hexID(ofField, i+1), "section": c.section, "label": c.label, "apiName": c.name, "type": c.kind}
		if c.values != nil {
			o["values"] = c.values
		}
		data = append(data, o)
	}
	answer(w, wire.Object{"data": data})
}

var typeNames = []string{"Full-Time", "Part-Time", "Contractor", "Intern", "Working student"}

func typeID(name string) string { return hexID(ofType, slices.Index(typeNames, name)+1) }

// contract is one of a person's contracts.
type contract struct{ start, kind string }

// contractsOf are the present one, those before it, and for every seventh person one that lies far ahead.
func contractsOf(p seed.Employee) []contract {
	var list []contract
	if p.Type == "" || p.Hire == "" {
		return nil
	}
	for _, job := range p.Earlier {
		list = append(list, contract{job.Start, "Working student"})
	}
	if list = append(list, contract{p.Hire, p.Type}); p.ID%7 == 0 {
		list = append(list, contract{"2099-01-01", "Contractor"})
	}
	return list
}

// paging reads offset, which is the number of a page, and limit.
func paging(r *http.Request) (page, limit int, ok bool) {
	q := r.URL.Query()
	page, limit = 1, 50
	var errPage, errLimit error
	if q.Has("offset") {
		page, errPage = strconv.Atoi(q.Get("offset"))
	}
	if q.Has("limit") {
		limit, errLimit = strconv.Atoi(q.Get("limit"))
	}
	sizes := []int{25, 50, 100}
	return page, limit, errPage == nil && errLimit == nil && page >= 1 && page < 1<<24 && slices.Contains(sizes, limit) && wire.Unknown(q, "offset", "limit") == ""
}

func envelope(data []any, page, limit, total int) wire.Object {
	return wire.Object{"data": data, "metadata": wire.Object{"count": len(data), "offset": page, "limit": limit, "total": total}}
}

// contracts are paged; each row of the list of people that is cut into pages stands for one contract, whose number it carries.
func (e *emulator) contracts(w http.ResponseWriter, r *http.Request) {
	page, limit, ok := paging(r)
	if !ok {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	var all []seed.Employee
	for _, p := range e.Living() {
		for i := range contractsOf(p) {
			p.Number = strconv.Itoa(i)
			all = append(all, p)
		}
	}
	rows, total := e.Pages.At(all, (page-1)*limit, limit)
	data := []any{}
	for _, p := range rows {
		i, _ := strconv.Atoi(p.Number) // written above
		c := contractsOf(p)[i]
		data = append(data, wire.Object{"_id": hexID(ofContract, p.ID*10+i), "_userId": personID(p.ID), "_companyId": reference(ofCompany, p.LegalEntity.ID),
			"startDate": moment(c.start, p.ID), "contractTypeId": typeID(c.kind)})
	}
	answer(w, envelope(data, page, limit, total))
}

// contractTypes come in one answer, whose metadata speaks of pages all the same; only isActive may be asked for.
func (e *emulator) contractTypes(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if active := q.Get("isActive"); wire.Unknown(q, "isActive") != "" || q.Has("isActive") && active != "true" && active != "false" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	data := []any{}
	if q.Get("isActive") != "false" {
		for _, name := range typeNames {
			data = append(data, wire.Object{"_id": typeID(name), "name": name, "isActive": true})
		}
	}
	answer(w, envelope(data, 1, 50, len(data)))
}

// userAccounts is a bare array with the account, the name and the ids of work in one row.
func (e *emulator) userAccounts(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for _, p := range e.Living() {
		o, job, self := account(p), work(p), personal(p)
		o["_id"] = personID(p.ID)
		for _, key := range []string{"companyId", "officeId", "departmentId"} {
			o[key] = job[key]
		}
		for _, key := range []string{"firstName", "lastName", "displayName"} {
			o[key] = self[key]
		}
		list = append(list, o)
	}
	answer(w, list)
}
