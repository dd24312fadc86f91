package gusto

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	companyID   = "5b0c2e6a-1111-4c3d-8e11-000000000001"
	companyName = "Northlake Optik LLC"
	idPrefix    = "5b0c2e6a-2222-4c3d-8e11-"
)

func id(n int) string { return fmt.Sprintf("%s%012d", idPrefix, n) }

// part is the id of something that belongs to a person, such as a job.
func part(kind, of int) string { return id(kind*10_000_000 + of) }

const (
	jobPart = iota + 1
	compensationPart
	terminationPart
	homePart
	valuePart
	definitionPart
	workPart
	sideJobPart
)

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// gone tells whether Gusto shows somebody as terminated, which it does by itself after the last day.
func (e *emulator) gone(p seed.Employee) bool {
	return p.State == seed.Left || p.End != "" && p.End < e.day
}

func onboarded(p seed.Employee) bool { return p.State != seed.Starting }

var steps = []string{"self_onboarding_invited", "admin_onboarding_incomplete", "self_onboarding_pending_invite", "self_onboarding_invited_started",
	"self_onboarding_invited_overdue", "self_onboarding_completed_by_employee", "self_onboarding_awaiting_admin_review"}

func onboardingStatus(p seed.Employee) any {
	if onboarded(p) {
		return "onboarding_completed"
	}
	return steps[p.ID%len(steps)]
}

func employmentType(p seed.Employee) string {
	if p.Type == "Part-Time" && p.ID%2 == 0 {
		return "part_time_under_twenty_hours"
	}
	return map[string]string{"Full-Time": "full_time", "Part-Time": "part_time_twenty_plus_hours", "Contractor": "variable", "Intern": "seasonal"}[p.Type]
}

func digits(phone string) string { return strings.NewReplacer("+", "", " ", "").Replace(phone) }

func (e *emulator) employee(p seed.Employee, included []string) wire.Object {
	o := wire.Object{
		"uuid": id(p.ID), "first_name": p.First, "last_name": p.Last, "middle_initial": orNull(p.Middle[:min(len(p.Middle), 1)]), "company_uuid": companyID,
		"manager_uuid": nil, "version": fmt.Sprintf("e%d-%d", p.ID, p.Changed.Unix()), "department": nil, "department_uuid": nil, "terminated": e.gone(p),
		"two_percent_shareholder": false, "onboarded": onboarded(p), "onboarding_status": onboardingStatus(p), "jobs": jobs(p), "eligible_paid_time_off": []any{},
		"terminations": e.terminations(p), "garnishments": []any{"SENSITIVE-GARNISHMENT"}, "date_of_birth": orNull(p.Birth), "has_ssn": true, "ssn": "SENSITIVE-SSN",
		"payment_method": "SENSITIVE-PAYMENT", "current_employment_status": orNull(employmentType(p)), "historical": false, "hidden_ssn": "SENSITIVE-SSN",
		"flsa_status": "Exempt", "applicable_tax_ids": []any{},
	}
	if p.ManagerID != 0 {
		o["manager_uuid"] = id(p.ManagerID)
	}
	if p.Department.ID != 0 {
		o["department"], o["department_uuid"] = p.Department.Name, id(p.Department.ID)
	}
	for key, value := range map[string]string{"email": p.PersonalEmail, "work_email": p.Email, "phone": digits(p.MobilePhone), "preferred_first_name": p.Preferred,
		"employee_code": p.Number, "title": currentTitle(p), "hired_at": hiredAt(p)} {
		wire.Put(o, key, value, p.Void)
	}
	if slices.Contains(included, "custom_fields") {
		o["custom_fields"] = customValues(p)
	}
	if slices.Contains(included, "current_home_address") && p.Address != (seed.Address{}) {
		o["current_home_address"] = home(p)
	}
	if slices.Contains(included, "company_name") {
		o["company_name"] = companyName
	}
	return o
}

// hasJob is false for those of whom only the name and the first day are known.
func hasJob(p seed.Employee) bool { return p.Type != "" }

// currentTitle is told by the job only, for some.
func currentTitle(p seed.Employee) string {
	if hasJob(p) && p.ID%4 == 0 {
		return ""
	}
	return p.Title
}

// hiredAt is told by the job only, for some.
func hiredAt(p seed.Employee) string {
	if hasJob(p) && p.ID%6 == 0 {
		return ""
	}
	return p.Hire
}

// jobs has the primary job last, where there are two.
func jobs(p seed.Employee) []any {
	list := []any{}
	if !hasJob(p) {
		return list
	}
	if p.ID%5 == 0 {
		side := seed.Employee{ID: p.ID, Title: "Side job", Hire: "2001-01-01"}
		list = append(list, job(side, sideJobPart, false))
	}
	return append(list, job(p, jobPart, true))
}

func job(p seed.Employee, kind int, primary bool) wire.Object {
	o := wire.Object{"uuid": part(kind, p.ID), "version": "v1", "employee_uuid": id(p.ID), "hire_date": orNull(p.Hire), "title": orNull(p.Title), "primary": primary,
		"rate": "SENSITIVE-RATE", "payment_unit": "Year", "current_compensation_uuid": part(compensationPart, p.ID), "two_percent_shareholder": false,
		"state_wc_covered": nil, "state_wc_class_code": nil, "location_uuid": nil, "location": nil, "compensations": []any{wire.Object{
			"uuid": part(compensationPart, p.ID), "version": "c1", "job_uuid": part(kind, p.ID), "rate": "SENSITIVE-RATE", "payment_unit": "Year",
			"flsa_status": "Exempt", "effective_date": orNull(p.Hire), "adjust_for_minimum_wage": false, "minimum_wages": []any{}}}}
	if p.Office.ID != 0 {
		o["location_uuid"], o["location"] = id(p.Office.ID), place(p.Office)
	}
	return o
}

// terminations hold the end of an earlier stay too. One that is still to come is not active.
func (e *emulator) terminations(p seed.Employee) []any {
	list := []any{}
	add := func(n int, day string, active bool) {
		list = append(list, wire.Object{"uuid": part(terminationPart, p.ID+n*1_000_000), "version": "t1", "employee_uuid": id(p.ID), "active": active,
			"cancelable": !active, "effective_date": day, "run_termination_payroll": false})
	}
	for i, stay := range p.Earlier {
		add(i+1, stay.End, true)
	}
	if p.End != "" {
		add(0, p.End, e.gone(p))
	}
	return list
}

var states = []string{"CA", "TX", "NY"}

func state(office seed.Unit) string { return states[office.ID%len(states)] }

func place(u seed.Unit) wire.Object {
	return wire.Object{"uuid": id(u.ID), "street_1": "1 Harbor Way", "street_2": nil, "city": u.Name, "state": state(u), "zip": "94607", "country": "USA",
		"active": true, "inactive": false}
}

func home(p seed.Employee) wire.Object {
	o := wire.Object{"uuid": part(homePart, p.ID), "version": "h1", "effective_date": "2022-01-01", "active": true, "courtesy_withholding": false}
	for key, value := range map[string]string{"street_1": p.Address.Line1, "street_2": p.Address.Line2, "city": p.Address.City, "state": p.Address.Region,
		"zip": p.Address.PostalCode, "country": p.Address.CountryCode} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

func (e *emulator) company(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"uuid": companyID, "name": companyName, "trade_name": "Northlake", "ein": "SENSITIVE-EIN", "entity_type": "LLC", "tier": "plus",
		"is_suspended": false, "company_status": "Approved", "locations": e.allLocations(), "primary_signatory": nil, "primary_payroll_admin": nil})
}

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

func (e *emulator) allLocations() []any {
	list := []any{}
	for i, u := range e.units(func(p seed.Employee) seed.Unit { return p.Office }) {
		o := place(u)
		o["version"], o["company_uuid"], o["phone_number"], o["mailing_address"], o["filing_address"] = "l1", companyID, "5105550100", i == 0, i == 0
		list = append(list, o)
	}
	return list
}

func (e *emulator) locations(w http.ResponseWriter, r *http.Request) {
	list := e.allLocations()
	page, size, ok := e.paging(r.URL.Query(), len(list))
	if !ok || wire.Unknown(r.URL.Query(), "page", "per") != "" {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	addPaging(w, page, size, len(list))
	from := min((page-1)*size, len(list))
	answer(w, list[from:min(from+size, len(list))])
}

func (e *emulator) departments(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for _, u := range e.units(func(p seed.Employee) seed.Unit { return p.Department }) {
		members := []any{}
		for _, p := range e.Living() {
			if p.Department == u {
				members = append(members, wire.Object{"uuid": id(p.ID)})
			}
		}
		list = append(list, wire.Object{"uuid": id(u.ID), "company_uuid": companyID, "title": u.Name, "version": "d1", "employees": members, "contractors": []any{}})
	}
	answer(w, list)
}

func (e *emulator) workAddresses(w http.ResponseWriter, p seed.Employee) {
	list := []any{}
	if p.Office.ID != 0 {
		o := place(p.Office)
		delete(o, "inactive")
		o["uuid"], o["effective_date"], o["location_uuid"], o["employee_uuid"], o["version"] = part(workPart, p.ID), orNull(p.Hire), id(p.Office.ID), id(p.ID), "w1"
		list = append(list, o)
	}
	answer(w, list)
}

func (e *emulator) history(w http.ResponseWriter, p seed.Employee) {
	list := []any{}
	for _, stay := range append(slices.Clone(p.Earlier), seed.Job{Start: p.Hire, End: p.End}) {
		list = append(list, wire.Object{"hire_date": orNull(stay.Start), "termination_date": orNull(stay.End), "file_new_hire_report": true,
			"two_percent_shareholder": false, "employment_status": orNull(employmentType(p))})
	}
	answer(w, list)
}
