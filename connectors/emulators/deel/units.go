package deel

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

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

// list answers a list without pages; an empty one is not found.
func list(w http.ResponseWriter, r *http.Request, units []seed.Unit, none string, row func(seed.Unit) wire.Object) {
	if bad := wire.Unknown(r.URL.Query()); bad != "" {
		refuse(w, r, http.StatusBadRequest, messages[http.StatusBadRequest], bad)
		return
	}
	if len(units) == 0 && none != "" {
		refuse(w, r, http.StatusNotFound, none, "")
		return
	}
	data := make([]any, 0, len(units))
	for _, u := range units {
		data = append(data, row(u))
	}
	answer(w, wire.Object{"data": data})
}

func (e *emulator) departments(w http.ResponseWriter, r *http.Request) {
	units := e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Department} })
	list(w, r, units, "No departments were found.", func(u seed.Unit) wire.Object {
		o := wire.Object{"id": departmentID(u), "name": u.Name, "parent": nil}
		if above := parent(u); above.ID != 0 {
			o["parent"] = departmentID(above)
		}
		return o
	})
}

func (e *emulator) teams(w http.ResponseWriter, r *http.Request) {
	units := e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Team} })
	list(w, r, units, "No teams were found.", func(u seed.Unit) wire.Object { return wire.Object{"id": teamID(u), "name": u.Name} })
}

func (e *emulator) workingLocations(w http.ResponseWriter, r *http.Request) {
	units := e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.Office} })
	list(w, r, units, "", func(u seed.Unit) wire.Object { return wire.Object{"id": u.ID, "name": u.Name} })
}

// legalEntities page by a cursor, which is the place where the next page begins.
func (e *emulator) legalEntities(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	bad := flaw(q, "limit", "cursor", "sort_order", "include_archived")
	limit, okLimit := number(q.Get("limit"), entityPage, 1, entityPage)
	from, okFrom := number(strings.TrimPrefix(q.Get("cursor"), "cur"), 0, 0, 1_000_000)
	if bad != "" || !okLimit || !okFrom {
		refuse(w, r, http.StatusBadRequest, messages[http.StatusBadRequest], bad)
		return
	}
	units := e.units(func(p seed.Employee) []seed.Unit { return []seed.Unit{p.LegalEntity} })
	size, data, cursor := e.PageSize(limit), []any{}, any(nil)
	for i, u := range units {
		if i >= from && i < from+size {
			data = append(data, wire.Object{"id": entityID(u), "name": u.Name, "country": "DE", "entity_type": "company", "entity_subtype": "llc",
				"address":     wire.Object{"zip": "80331", "city": "München", "state": nil, "street": "1 Example Street", "country": "DE"},
				"archived_at": nil})
		}
	}
	if from+size < len(units) {
		cursor = fmt.Sprintf("cur%d", from+size)
	}
	answer(w, wire.Object{"data": data, "page": wire.Object{"cursor": cursor}})
}

func (e *emulator) costCentres(w http.ResponseWriter, r *http.Request) {
	known := false
	units := e.units(func(p seed.Employee) []seed.Unit {
		if p.LegalEntity.ID == 0 || entityID(p.LegalEntity) != r.PathValue("id") {
			return nil
		}
		known = true
		var units []seed.Unit
		for _, s := range p.CostCentres {
			units = append(units, s.Unit)
		}
		return units
	})
	if !known {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	list(w, r, units, "", func(u seed.Unit) wire.Object {
		return wire.Object{"id": u.ID, "cost_center_name": u.Name, "cost_center_number": fmt.Sprintf("CC-%d", u.ID),
			"created_at": "2023-01-10T09:00:00.000Z", "updated_at": "2024-02-10T09:00:00.000Z"}
	})
}

func (e *emulator) structures(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": []any{}, "page": wire.Object{"offset": 0, "total_rows": 0, "items_per_page": usualPage}})
}

// custom is one of the company's own fields; of gives the value's form, or nil.
type custom struct {
	name, kind string
	options    []string
	of         func(c seed.Custom) wire.Object
}

func value(key string, there bool, v any) wire.Object {
	if !there {
		return nil
	}
	return wire.Object{key: v}
}

var customs = []custom{
	{"Badge", "text", nil, func(c seed.Custom) wire.Object { return value("value", c.Badge != "", c.Badge) }},
	{"Building", "list", []string{"Gent HQ", "Liège"}, func(c seed.Custom) wire.Object { return value("option", c.Building.ID != 0, c.Building.Name) }},
	{"Languages", "multiselect", []string{"English", "German", "Portuguese"}, func(c seed.Custom) wire.Object { return value("options", c.Languages != nil, c.Languages) }},
	{"Bicycles", "number", nil, func(c seed.Custom) wire.Object {
		if c.Bicycles == nil {
			return nil
		}
		return value("value", true, *c.Bicycles)
	}},
	{"Hours", "number", nil, func(c seed.Custom) wire.Object { return value("value", c.Hours != "", json.Number(c.Hours)) }},
	{"Anniversary", "date", nil, func(c seed.Custom) wire.Object { return value("value", c.Anniversary != "", c.Anniversary) }},
	{"Note", "text", nil, func(c seed.Custom) wire.Object { return value("value", c.Note != "", c.Note) }},
}

func customID(i int) string { return fmt.Sprintf("cf000000-0000-4000-8000-%012d", i+1) }

func (e *emulator) definitions(w http.ResponseWriter, _ *http.Request) {
	data := []any{}
	for i, c := range customs {
		options := append([]string{}, c.options...)
		data = append(data, wire.Object{"id": customID(i), "name": c.name, "type": wire.Object{"name": c.kind, "options": options},
			"settings": wire.Object{"is_required": false, "worker_access": "view"}, "placement": "profile", "created_at": "2023-05-01T10:00:00.000Z", "description": ""})
	}
	answer(w, wire.Object{"data": data})
}

func (e *emulator) customValues(w http.ResponseWriter, _ *http.Request, p seed.Employee) {
	data := []any{}
	for i, c := range customs {
		if v := c.of(p.Custom); v != nil {
			data = append(data, wire.Object{"id": customID(i), "name": c.name, "type": c.kind, "data": v})
		}
	}
	answer(w, wire.Object{"data": data})
}

// scimUsers is the other reading of the same people; its filter knows one comparison.
func (e *emulator) scimUsers(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	start, okStart := number(q.Get("startIndex"), 1, 1, 1_000_000_000)
	count, okCount := number(q.Get("count"), usualPage, 0, largestPage)
	if !okStart || !okCount || wire.Unknown(q, "filter", "startIndex", "count") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	people := e.Living()
	if filter := q.Get("filter"); filter != "" {
		field, email, ok := strings.Cut(filter, " eq ")
		if !ok || !strings.HasPrefix(strings.ToLower(field), "email") && !strings.EqualFold(field, "userName") {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return !strings.EqualFold(p.Email, strings.Trim(email, `"`)) })
	}
	rows, total := e.Pages.At(people, start-1, max(e.PageSize(count), 1))
	users := make([]any, 0, len(rows))
	for _, p := range rows {
		users = append(users, e.user(p))
	}
	wire.JSON(w, http.StatusOK, "application/scim+json", wire.Object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": total, "startIndex": start, "itemsPerPage": len(users), "Resources": users})
}

func (e *emulator) user(p seed.Employee) wire.Object {
	_, hiring := statusWords(p)
	const core, enterprise, own = "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:ietf:params:scim:schemas:extension:2.0:User"
	mails := []any{}
	for _, m := range [][2]string{{"work", p.Email}, {"home", p.PersonalEmail}} {
		if m[1] != "" {
			mails = append(mails, wire.Object{"type": m[0], "value": m[1], "primary": m[0] == "work"})
		}
	}
	values := []any{}
	for i, c := range customs {
		for _, v := range c.of(p.Custom) {
			values = append(values, wire.Object{"id": customID(i), "name": c.name, "value": v})
		}
	}
	company := wire.Object{"department": p.Department.Name, "organization": p.LegalEntity.Name, "costCenter": ""}
	if m, ok := manager(p).(wire.Object); ok {
		company["manager"] = wire.Object{"value": m["id"], "displayName": fmt.Sprint(m["first_name"], " ", m["last_name"]), "email": m["work_email"]}
	}
	end := p.End
	if end == "" {
		end = p.ContractEnd
	}
	return wire.Object{"schemas": []string{core, enterprise, own}, "id": profileID(p.ID), "userName": p.Email, "userType": "employee", "title": p.Title,
		"active": p.State != seed.Left, "name": wire.Object{"givenName": p.First, "familyName": p.Last}, "emails": mails, "addresses": []any{},
		"meta":     wire.Object{"created": "2022-03-21T10:27:25.950Z", "lastModified": stamp(p.Changed), "location": "/scim/v2/Users/" + profileID(p.ID), "resourceType": "User"},
		enterprise: company,
		own: wire.Object{"state": p.Address.Region, "country": p.Address.CountryCode, "startDate": orNull(p.Hire), "endDate": orNull(end), "workerId": strconv.Itoa(workerID(p.ID)),
			"isManager": len(e.reports[p.ID]) > 0, "hiringStatus": hiring, "workLocation": p.Office.Name, "customFields": values, "employments": []any{}},
	}
}
