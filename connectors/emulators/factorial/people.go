package factorial

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// id is a number as text, or nothing for none.
func id(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func employee(p seed.Employee) wire.Object {
	o := wire.Object{"id": id(p.ID), "access_id": id(p.ID + 40000), "full_name": p.Name(), "birth_name": nil, "gender": null(gender(p)),
		"identifier": "SENSITIVE-identifier", "identifier_type": "dni", "birthday_on": null(p.Birth), "nationality": "SENSITIVE-nationality",
		"bank_number": "SENSITIVE-bank", "swift_bic": nil, "bank_number_format": nil, "company_id": companyID, "legal_entity_id": null(id(p.LegalEntity.ID)),
		"location_id": null(id(p.Office.ID)), "default_work_area_id": nil, "created_at": "2024-10-06T00:00:00.000Z", "updated_at": stamp(p.Changed),
		"social_security_number": "SENSITIVE-social", "is_terminating": p.End != "" && p.State != seed.Left, "terminated_on": null(p.End),
		"termination_reason_type": nil, "termination_reason": nil, "termination_observations": nil, "termination_type_description": nil,
		"manager_id": null(id(p.ManagerID)), "timeoff_manager_id": null(id(p.ManagerID)), "age_number": nil, "contact_name": nil, "contact_number": nil,
		"seniority_calculation_date": null(seniority(p)), "pronouns": null(pronouns(p)), "active": active(p), "disability_percentage_cents": nil,
		"identifier_expiration_date": nil, "attendable": true, "country_of_birth": nil, "birthplace": nil}
	login, other := emails(p)
	for key, value := range map[string]string{"first_name": p.First, "last_name": p.Last, "preferred_name": p.Preferred, "email": other,
		"login_email": login, "personal_email": p.PersonalEmail, "communications_email": p.Email, "address_line_1": p.Address.Line1,
		"address_line_2": p.Address.Line2, "postal_code": p.Address.PostalCode, "city": p.Address.City, "state": p.Address.Region,
		"country": strings.ToLower(p.Address.CountryCode), "phone_number": p.MobilePhone, "company_identifier": p.Number} {
		wire.Put(o, key, value, p.Void)
	}
	if seniority(p) == "" && p.Void == seed.Missing {
		delete(o, "seniority_calculation_date")
	}
	return o
}

// emails are the address to sign in with, and the second choice, which may be another one or the only one.
func emails(p seed.Employee) (login, other string) {
	switch {
	case p.Email != "" && p.ID%5 == 0:
		return "", p.Email
	case p.Email != "" && p.ID%5 == 1:
		return p.Email, "second." + strconv.Itoa(p.ID) + "@home.example"
	}
	return p.Email, p.Email
}

func gender(p seed.Employee) string {
	if p.Gender == "diverse" {
		return ""
	}
	return p.Gender
}

func pronouns(p seed.Employee) string {
	if p.ID%6 == 0 {
		return "they/them"
	}
	return ""
}

// active is not told of everybody.
func active(p seed.Employee) any {
	if p.State != seed.Left && p.ID%25 == 0 {
		return nil
	}
	return p.State != seed.Left
}

// seniority is the day of hire, unless an earlier contract counts too.
func seniority(p seed.Employee) string {
	if p.Hire != "" && p.ID%3 == 0 && !contractless(p) {
		return "2001-01-01"
	}
	return p.Hire
}

func contractless(p seed.Employee) bool { return p.Hire == "" || p.ID%10 == 3 }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// contracts are versions of contracts: those of an earlier employment, the first title, the present one, a promised one.
func (e *emulator) contracts() []wire.Object {
	var rows []wire.Object
	for _, p := range e.Living() {
		if contractless(p) {
			continue
		}
		for i, was := range p.Earlier {
			rows = append(rows, version(p, i, was.Start, was.Start, was.End, was.Title))
		}
		from := p.Hire
		if p.ID%4 == 0 && p.State == seed.Working && p.Hire < "2026" {
			rows = append(rows, version(p, 4, p.Hire, p.Hire, "", "Junior"))
			from = shifted(p.Hire, 50)
		}
		if p.ID%13 == 0 {
			rows = append(rows, version(p, 5, "2090-01-01", p.Hire, "", "Promised Job"))
		}
		rows = append(rows, present(p, from))
	}
	return rows
}

// present is the version that counts; the title of every seventh stands in the job catalogue.
func present(p seed.Employee, from string) wire.Object {
	end := p.ContractEnd
	if p.End != "" {
		end = "2099-12-31"
	}
	o := version(p, 6, from, p.Hire, end, p.Title)
	o["is_reference"] = true
	if inCatalogue(p) {
		o["job_title"], o["job_catalog_role_id"], o["job_catalog_tree_node_uuid"] = nil, id(p.ID), nodeID(p)
	}
	return o
}

func version(p seed.Employee, n int, effective, start, end, title string) wire.Object {
	o := wire.Object{"id": id(p.ID*10 + n), "company_id": companyID, "employee_id": id(p.ID), "effective_on": effective, "country": "es",
		"job_catalog_role_id": nil, "job_catalog_level_id": nil, "job_catalog_tree_node_uuid": nil, "starts_on": start, "ends_on": null(end),
		"has_payroll": false, "has_trial_period": false, "trial_period_ends_on": nil, "salary_amount": nil, "salary_frequency": "yearly",
		"working_week_days": "monday,tuesday,wednesday,thursday,friday", "working_hours": 4000, "working_hours_frequency": "week",
		"max_legal_yearly_hours": nil, "max_legal_yearly_hours_policy": nil, "bank_holiday_treatment": "non_workable",
		"working_time_percentage_in_cents": 10000, "min_rest_minutes_between_days": nil, "max_work_minutes_per_day": nil,
		"max_work_minutes_per_week": nil, "is_reference": false, "created_at": "2024-10-06T00:00:00.000Z", "updated_at": stamp(p.Changed)}
	wire.Put(o, "job_title", title, p.Void)
	return o
}

func inCatalogue(p seed.Employee) bool { return p.ID%7 == 0 && p.Title != "" }

func nodeID(p seed.Employee) string {
	return "00000000-0000-4000-8000-" + strings.Repeat("0", 12-len(id(p.ID))) + id(p.ID)
}

func shifted(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}
