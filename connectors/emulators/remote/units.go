package remote

import (
	"fmt"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// units are the different units of all people, by id.
func (e *emulator) units(of func(seed.Employee) seed.Unit) []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		if u := of(p); u.ID != 0 && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	return units
}

func (e *emulator) companies(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"companies": []any{wire.Object{"id": companyID, "name": "Northlake", "country_code": "DEU", "status": "active"}}})
}

// departments has its counters beside the data, unlike every other list.
func (e *emulator) departments(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("company_id") == "" {
		missing(w, "company_id")
		return
	}
	page, size, ok := e.paging(w, q, "company_id", "paginate")
	if !ok {
		return
	}
	list := []any{}
	if q.Get("company_id") == companyID {
		for _, u := range e.units(func(p seed.Employee) seed.Unit { return p.Department }) {
			list = append(list, wire.Object{"id": id(u.ID), "name": u.Name, "company_id": companyID})
		}
	}
	if q.Get("paginate") != "true" {
		answer(w, wire.Object{"data": wire.Object{"company_departments": list}})
		return
	}
	body := counters(page, size, len(list))
	from := min((page-1)*size, len(list))
	body["data"] = wire.Object{"company_departments": list[from:min(from+size, len(list))]}
	answer(w, body)
}

func (e *emulator) legalEntities(w http.ResponseWriter, r *http.Request) {
	var list []any
	for i, u := range e.units(func(p seed.Employee) seed.Unit { return p.LegalEntity }) {
		list = append(list, wire.Object{"id": id(u.ID), "name": u.Name, "country_code": "DEU", "is_default": i == 0, "global_payroll_enabled": i > 0})
	}
	e.rows(w, r, "legal_entities", list)
}

// allocation is the part of somebody's cost that a cost centre bears.
func allocation(p seed.Employee, s seed.Share, status string) wire.Object {
	o := wire.Object{"id": id(p.ID*100_000 + s.ID%100_000), "cost_center": wire.Object{"slug": id(s.ID), "code": fmt.Sprint(s.ID), "name": s.Name}, "percentage": s.Percent,
		"effective_from": "2023-01-01", "effective_to": nil, "status": status}
	if status == "expired" {
		o["effective_from"], o["effective_to"] = "2021-01-01", "2022-12-31"
	}
	return o
}

// allocationsOf has an expired one beside the active ones, for some.
func allocationsOf(p seed.Employee, status string) []any {
	list := []any{}
	for _, s := range p.CostCentres {
		if fits(status, "active") {
			list = append(list, allocation(p, s, "active"))
		}
	}
	if len(p.CostCentres) > 0 && p.ID%7 == 0 && fits(status, "expired") {
		list = append(list, allocation(p, seed.Share{Unit: seed.Unit{ID: 400, Name: "400 Old"}, Percent: 100}, "expired"))
	}
	return list
}

func hasAllocations(p seed.Employee, status string) bool {
	return len(p.CostCentres) > 0 && (fits(status, "active") || p.ID%7 == 0 && fits(status, "expired"))
}

func (e *emulator) allocations(w http.ResponseWriter, r *http.Request) {
	page, size, ok := e.paging(w, r.URL.Query(), "status")
	if !ok {
		return
	}
	wanted, total, list := r.URL.Query().Get("status"), 0, []any{}
	for _, p := range e.Living() {
		// Only the rows of this page are made: a large company has many.
		if !hasAllocations(p, wanted) {
			continue
		}
		if total++; (total-1)/size != page-1 {
			continue
		}
		o := wire.Object{"employment_id": id(p.ID), "bill_to_legal_entity_id": id(7033), "engaged_by_legal_entity_id": nil, "cost_center_allocations": allocationsOf(p, wanted)}
		if p.LegalEntity.ID != 0 {
			o["engaged_by_legal_entity_id"] = id(p.LegalEntity.ID)
		}
		list = append(list, o)
	}
	data := counters(page, size, total)
	data["employments"] = list
	answer(w, wire.Object{"data": data})
}

func (e *emulator) ownAllocations(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	e.rows(w, r, "cost_center_allocations", allocationsOf(p, r.URL.Query().Get("status")), "status")
}

func optionID(u seed.Unit) string { return fmt.Sprintf("o%d", u.ID) }

func (e *emulator) definitions(w http.ResponseWriter, r *http.Request) {
	var list []any
	for i, c := range customs {
		o := wire.Object{"id": id(customID + i), "name": c.name, "type": c.kind, "required": false, "visibility_scope": "everyone",
			"data_entry_access": "company_admin_only", "metadata": nil}
		if c.options != nil {
			options := []any{}
			for _, u := range c.options {
				options = append(options, wire.Object{"id": optionID(u), "label": u.Name})
			}
			o["metadata"] = wire.Object{"options": options}
		}
		list = append(list, o)
	}
	e.rows(w, r, "custom_fields", list)
}

// offboardings are resignations and terminations, which have different keys.
func (e *emulator) offboardings(w http.ResponseWriter, r *http.Request) {
	q, list := r.URL.Query(), []any{}
	for _, p := range e.Living() {
		kind := []string{"termination", "resignation"}[p.ID%2]
		if p.End == "" || !fits(q.Get("employment_id"), id(p.ID)) || !fits(q.Get("type"), kind) {
			continue
		}
		o := wire.Object{"id": id(p.ID + 1_000_000), "employment_id": id(p.ID), "type": kind, "status": "done", "termination_date": p.End, "submitted_at": "2024-11-01T09:00:00Z",
			"requested_by": p.Name()}
		if kind == "resignation" {
			o["proposed_last_working_day"], o["resignation_reason"] = p.End, "personal_reasons"
		} else {
			o["confidential"], o["proposed_termination_date"], o["termination_reason"], o["reason_description"] = false, p.End, "other", ""
			o["risk_assessment_reasons"], o["will_challenge_termination"], o["additional_comments"] = []string{"none_of_these"}, false, nil
		}
		list = append(list, o)
	}
	e.rows(w, r, "offboardings", list, "employment_id", "type", "include_confidential")
}
