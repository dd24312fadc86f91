package remote

import (
	"encoding/json"
	"net/http"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// waiting are the statuses of those who have yet to begin.
var waiting = []string{"created", "pre_hire", "created_awaiting_reserve", "created_reserve_paid", "initiated", "invited", "pending", "review",
	"job_title_review", "pending_post_self_enrollment_actions"}

func status(p seed.Employee) string {
	switch {
	case p.State == seed.Left && p.ID%2 == 0:
		return "deleted"
	case p.State == seed.Left:
		return "archived"
	case p.State == seed.Starting:
		return waiting[p.ID%len(waiting)]
	case p.State == seed.Odd:
		return strings.ToLower(p.Word)
	case p.End != "":
		return "offboarding"
	}
	return "active"
}

// stage and userStatus are further words about where somebody stands, which no field is read from.
func stage(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "offboarded"
	case seed.Starting:
		return "remote_enrollment"
	}
	return "onboarded"
}

func userStatus(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "inactive"
	case seed.Starting:
		return "created"
	}
	return "active"
}

func kind(p seed.Employee) string {
	if k := map[string]string{"Part-Time": "direct_employee", "Contractor": "contractor", "Intern": "global_payroll_employee"}[p.Type]; k != "" {
		return k
	}
	return "employee"
}

func model(p seed.Employee) string {
	switch kind(p) {
	case "contractor":
		return "contractor"
	case "employee":
		return "eor"
	}
	return "global_payroll"
}

func loginEmail(p seed.Employee) string {
	if p.PersonalEmail != "" {
		return p.PersonalEmail
	}
	return p.Email
}

// thin is a person in the list.
func thin(p seed.Employee) wire.Object {
	o := wire.Object{"id": id(p.ID), "short_id": shortID(p), "full_name": p.Name(), "type": kind(p), "employment_model": model(p), "status": status(p),
		"employment_lifecycle_stage": stage(p), "login_email": orNull(loginEmail(p)), "department": nil, "department_id": nil, "country": country(p)}
	for key, value := range map[string]string{"job_title": p.Title, "work_email": p.Email, "personal_email": p.PersonalEmail, "external_id": p.Number} {
		wire.Put(o, key, value, p.Void)
	}
	if p.Department.ID != 0 {
		o["department"], o["department_id"] = p.Department.Name, id(p.Department.ID)
	}
	putDetails(o, "work_address_details", map[string]string{"address": p.Address.Line1, "address_line_2": p.Address.Line2, "city": p.Address.City,
		"state": p.Address.Region, "postal_code": p.Address.PostalCode}, p)
	return o
}

// putDetails writes an object of details: without any it is null, {} or missing.
func putDetails(o wire.Object, key string, texts map[string]string, p seed.Employee) {
	details := wire.Object{}
	for name, value := range texts {
		if value != "" {
			wire.Put(details, name, value, p.Void)
		}
	}
	switch {
	case len(details) > 0 || p.Void == seed.Empty:
		o[key] = details
	case p.Void == seed.Null:
		o[key] = nil
	case p.Void == seed.Blank:
		for name := range texts {
			details[name] = "  "
		}
		o[key] = details
	}
}

var codes = map[string]string{"DE": "DEU", "PL": "POL", "BE": "BEL"}

func country(p seed.Employee) any {
	if p.Address.CountryCode == "" {
		return nil
	}
	return wire.Object{"alpha_2_code": p.Address.CountryCode, "code": codes[p.Address.CountryCode], "name": p.Address.Country, "region": "Europe",
		"subregion": "Western Europe", "country_subdivisions": nil, "supported_json_schemas": []string{"employment_basic_information", "contract_details"}}
}

// knownInDetail is false for those whose form nobody has filled in: only the full name is known of them.
func knownInDetail(p seed.Employee) bool { return p.ID%5 != 0 }

func (e *emulator) employment(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	if name := wire.Unknown(r.URL.Query(), "exclude_files"); name != "" {
		badParam(w, name, "unknown parameter "+name)
		return
	}
	answer(w, wire.Object{"data": wire.Object{"employment": full(p)}})
}

func full(p seed.Employee) wire.Object {
	o := thin(p)
	for key, value := range map[string]any{
		"company_id": companyID, "manager": nil, "manager_email": nil, "manager_employment_id": nil, "provisional_start_date": orNull(p.Hire),
		"seniority_date": nil, "probation_period_end_date": nil, "engaged_by_legal_entity_id": nil, "bill_to_legal_entity_id": id(7033),
		"user_status": userStatus(p), "address_details": wire.Object{"address": "Elsewhere 1", "city": "Elsewhere", "postal_code": "00000"},
		"administrative_details": wire.Object{"national_id": "SENSITIVE-NATIONAL"}, "billing_address_details": nil,
		"emergency_contact_details": wire.Object{"name": "SENSITIVE-CONTACT"}, "bank_account_details": []any{wire.Object{"iban": "SENSITIVE-IBAN"}},
		"basic_information": nil, "contract_details": wire.Object{"annual_gross_salary": "SENSITIVE-SALARY"}, "pricing_plan_details": nil,
		"onboarding_tasks": wire.Object{}, "files": []any{}, "eligible_for_onboarding_cancellation": false, "active_contract_id": nil,
		"termination_date": orNull(p.End), "created_at": "2023-02-01T10:00:00", "updated_at": p.Changed.UTC().Format("2006-01-02T15:04:05"),
	} {
		o[key] = value
	}
	if len(p.Earlier) > 0 {
		o["seniority_date"] = p.Earlier[0].Start
	}
	if p.LegalEntity.ID != 0 {
		o["engaged_by_legal_entity_id"] = id(p.LegalEntity.ID)
	}
	if p.State == seed.Starting {
		o["basic_information"] = wire.Object{"name": p.Name(), "email": orNull(loginEmail(p)), "job_title": orNull(p.Title), "provisional_start_date": orNull(p.Hire)}
	}
	putManager(o, p)
	if knownInDetail(p) {
		o["personal_details"] = personal(p)
	} else {
		putDetails(o, "personal_details", nil, p)
	}
	return o
}

func personal(p seed.Employee) wire.Object {
	o := wire.Object{"first_name": p.First, "last_name": p.Last}
	wire.Put(o, "date_of_birth", p.Birth, p.Void)
	wire.Put(o, "mobile_number", p.MobilePhone, p.Void)
	return o
}

func putManager(o wire.Object, p seed.Employee) {
	if p.ManagerID == 0 {
		return
	}
	o["manager"], o["manager_employment_id"] = "Former Colleague", id(p.ManagerID)
	if m := p.Manager(); m != nil {
		o["manager"], o["manager_email"] = m.Name(), orNull(m.Email)
	}
}

func (e *emulator) customValues(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	var list []any
	for i, c := range customs {
		value := c.of(p.Custom)
		if value == nil && p.Void == seed.Missing {
			continue
		}
		list = append(list, wire.Object{"custom_field_id": id(customID + i), "name": c.name, "type": c.kind, "value": value})
	}
	e.rows(w, r, "custom_field_values", list)
}

// custom is one of the company's own fields.
type custom struct {
	name, kind string
	options    []seed.Unit
	of         func(c seed.Custom) any
}

// customID is the id of the first definition.
const customID = 31

var buildings = []seed.Unit{{ID: 31, Name: "Gent HQ"}, {ID: 32, Name: "Liège"}}

var customs = []custom{
	{"Badge", "string", nil, func(c seed.Custom) any { return orNull(c.Badge) }},
	{"Building", "single_select", buildings, func(c seed.Custom) any {
		if c.Building.ID == 0 {
			return nil
		}
		return wire.Object{"selected_option": optionID(c.Building), "selected_option_label": c.Building.Name}
	}},
	{"Bicycles", "integer", nil, func(c seed.Custom) any {
		if c.Bicycles == nil {
			return nil
		}
		return *c.Bicycles
	}},
	{"Weekly hours", "decimal", nil, func(c seed.Custom) any {
		if c.Hours == "" {
			return nil
		}
		return json.Number(c.Hours)
	}},
	{"Works on site", "boolean", nil, func(c seed.Custom) any {
		if c.OnSite == nil {
			return nil
		}
		return *c.OnSite
	}},
	{"Anniversary", "date", nil, func(c seed.Custom) any { return orNull(c.Anniversary) }},
	{"Note", "text", nil, func(c seed.Custom) any { return orNull(c.Note) }},
}
