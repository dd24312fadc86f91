package officient

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

func (e *emulator) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, err := strconv.ParseInt(q.Get("page"), 10, 32)
	archived := q.Get("include_archived")
	if err != nil || page < 0 || !slices.Contains([]string{"", "0", "1"}, archived) || wire.Unknown(q, "page", "include_archived") != "" {
		refuse(w, http.StatusBadRequest, "page is required and counts from 0; include_archived is 0 or 1.")
		return
	}
	people := e.People
	if archived != "1" {
		people = slices.DeleteFunc(slices.Clone(people), isArchived)
	}
	size := e.PageSize(rowsPerPage)
	rows, total := e.Pages.At(people, int(page)*size, size)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, row(p))
	}
	answer(w, wire.Object{"data": data, "total_record_count": total})
}

func isArchived(p seed.Employee) bool { return p.State == seed.Left }

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// row is a person in the list, which alone says who is archived.
func row(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": p.ID, "name": p.Name(), "archived": flag(isArchived(p)), "linked_payroll_provider_external_id": p.Number,
		"payroll_provider": provider(p, "AcmePay"), "linked_integration_alias": provider(p, "AP"),
		"role_name": strings.TrimSpace(p.Title),
	}
	wire.Put(o, "email", p.Email, p.Void)
	return o
}

func provider(p seed.Employee, name string) string {
	if p.Number == "" {
		return ""
	}
	return name
}

// payrollNumber is the number in the detail: of every fifth person only the list knows it.
func payrollNumber(p seed.Employee) string {
	if p.ID%5 == 0 {
		return ""
	}
	return p.Number
}

func (e *emulator) detail(w http.ResponseWriter, _ *http.Request, p seed.Employee) {
	answer(w, wire.Object{"data": record(p)})
}

func record(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": p.ID, "deleted": flag(p.Removed), "name": p.Name(), "first_name": p.First, "last_name": p.Last,
		"created_at": 1588175657, "linked_payroll_provider": strings.ToLower(provider(p, "AcmePay")), "linked_payroll_employee_id": "",
		"address": address(p), "team": team(p), "employment": employment(p), "current_role": role(p), "current_reports_to": reportsTo(p),
		"custom_fields": customValues(p),
	}
	texts := map[string]string{
		"linked_payroll_employee_number": payrollNumber(p), "preferred_language_code": p.Language, "email": p.Email,
		"personal_email": p.PersonalEmail, "birthdate": p.Birth, "avatar": p.Photo, "phone": p.MobilePhone, "gender": plainGender(p),
	}
	for key, value := range texts {
		wire.Put(o, key, value, p.Void)
	}
	addSensitive(o)
	return o
}

// plainGender is male, female or empty: Officient has no third word.
func plainGender(p seed.Employee) string {
	if p.Gender == "diverse" {
		return ""
	}
	return p.Gender
}

// addSensitive adds what a client has to drop at once, with values that a leak could be found by.
func addSensitive(o wire.Object) {
	for _, key := range []string{"dependent_adults_below_65", "dependent_children", "dependent_adults_above_65",
		"dependent_disabled_children", "dependent_disabled_adults_below_65", "dependent_disabled_adults_above_65"} {
		o[key] = 0
	}
	o["national_number"], o["social_security_nr"] = "SENSITIVE-NATIONAL", "SENSITIVE-SOCIAL"
	o["bank_account_iban"], o["bank_account_bic"] = "SENSITIVE-IBAN", "SENSITIVE-BIC"
	o["birthplace"], o["civil_state"], o["nationality_country_code"], o["spouse_has_income"] = "", "single", "BE", false
	o["emergency_contact"] = wire.Object{"name": "SENSITIVE-CONTACT", "relation": "", "phone": ""}
	o["name_parts"] = wire.Object{"initials": "", "insertion": "", "last_name_composition": "", "insertion_partner": "", "last_name_partner": ""}
}

func address(p seed.Employee) wire.Object {
	o := wire.Object{"date_last_changed": "2020-14-01"}
	for key, value := range map[string]string{"line_1": p.Address.Line1, "line_2": p.Address.Line2, "zipcode": p.Address.PostalCode,
		"city": p.Address.City, "state": p.Address.Region, "country_code": p.Address.CountryCode} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

func team(p seed.Employee) any {
	if p.Team.ID == 0 {
		return nil
	}
	return wire.Object{"id": p.Team.ID, "name": p.Team.Name}
}

func employment(p seed.Employee) wire.Object {
	o := wire.Object{"first_employment_date": nil, "last_employment_date": nil}
	if p.Hire != "" {
		o["first_employment_date"] = p.Hire
	}
	if p.End != "" {
		o["last_employment_date"] = p.End
	}
	return o
}

// role is the present role; every fourth person has one in the list only.
func role(p seed.Employee) any {
	if p.Title == "" || p.ID%4 == 0 {
		return nil
	}
	return wire.Object{"name": p.Title, "start_date": p.Hire}
}

func reportsTo(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	return managerOf(p)
}

func managerOf(p seed.Employee) wire.Object {
	name := "Former Colleague"
	if p.Manager() != nil {
		name = p.Manager().Name()
	}
	return wire.Object{"person_id": p.ManagerID, "person_name": name, "start_date": p.Hire}
}

func (e *emulator) manager(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	if p.ManagerID == 0 {
		refuse(w, http.StatusBadRequest, "This person has no manager.")
		return
	}
	answer(w, wire.Object{"data": managerOf(p)})
}

// search gives a bare array, unlike every other list.
func (e *emulator) search(w http.ResponseWriter, r *http.Request) {
	q, found := r.URL.Query(), []any{}
	for _, p := range e.Living() {
		if q.Get("name") != "" && strings.Contains(p.Name(), q.Get("name")) || q.Get("email") != "" && p.Email == q.Get("email") {
			found = append(found, row(p))
		}
	}
	answer(w, found)
}

func (e *emulator) changeHistory(w http.ResponseWriter, r *http.Request) {
	since, logs := time.Time{}, []any{}
	if text := r.URL.Query().Get("since_timestamp"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			refuse(w, http.StatusBadRequest, "since_timestamp is a date and time.")
			return
		}
	}
	for _, p := range e.People {
		if p.Changed.After(since) {
			logs = append(logs, wire.Object{"timestamp": p.Changed.Unix(), "employee_id": p.ID,
				"changed_values": wire.Object{"email": wire.Object{"old": "", "new": p.Email}}})
		}
	}
	answer(w, wire.Object{"logs": logs})
}

func (e *emulator) calendar(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	day, err := time.Parse("2006-1-2", r.PathValue("year")+"-"+r.PathValue("month")+"-"+r.PathValue("day"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "This is no day.")
		return
	}
	off := []any{}
	if p.State == seed.OnLeave {
		off = append(off, dayOff(day))
	}
	answer(w, wire.Object{"data": wire.Object{"time_off": off, "company_days_off": []any{}}})
}

func dayOff(day time.Time) wire.Object {
	date := day.Format(time.DateOnly)
	return wire.Object{"date": date, "scheduled_minutes": 456, "events": []any{wire.Object{
		"id": 123, "name": "Parental leave", "event_type": "custom", "custom_day_off_type_id": "77", "date": date,
		"duration_minutes": 456, "start_time_minutes": 540, "type": "time_off", "working": 0, "status": "approved", "color": "",
	}}}
}

// wages needs a scope that no token of this emulator has, as a person is told not to tick it.
func (e *emulator) wages(w http.ResponseWriter, r *http.Request) {
	e.Refuse(w, r, http.StatusForbidden)
}

func (e *emulator) account(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": wire.Object{"company_id": 60002, "company_name": "Brightloom", "subdomain": "brightloom"}})
}

func (e *emulator) teams(w http.ResponseWriter, _ *http.Request) {
	seen, data := map[int]bool{}, []any{}
	for _, p := range e.Living() {
		if t := team(p); t != nil && !seen[p.Team.ID] {
			seen[p.Team.ID], data = true, append(data, t)
		}
	}
	answer(w, wire.Object{"data": data})
}

// custom is one of the company's own fields: value is what the record holds, name what an option is called.
type custom struct {
	id         int
	name, kind string
	of         func(p seed.Employee) (value, name any)
}

var customs = []custom{
	{109, "Badge number", "string", func(p seed.Employee) (any, any) { return orNull(p.Custom.Badge), nil }},
	{110, "Building", "select_option", func(p seed.Employee) (any, any) {
		if p.Custom.Building.ID == 0 {
			return "", nil
		}
		return fmt.Sprint(p.Custom.Building.ID), p.Custom.Building.Name
	}},
	{111, "Bicycles", "int", func(p seed.Employee) (any, any) {
		if p.Custom.Bicycles == nil {
			return nil, nil
		}
		return *p.Custom.Bicycles, nil
	}},
	{112, "Anniversary", "date", func(p seed.Employee) (any, any) { return orNull(p.Custom.Anniversary), nil }},
	{113, "Note", "string", func(p seed.Employee) (any, any) { return orNull(p.Custom.Note), "" }},
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func (e *emulator) definitions(w http.ResponseWriter, _ *http.Request) {
	data := []any{wire.Object{"id": 6, "name": "Expiry date", "object_type": "asset", "type": "date", "employee_visibility": "none"}}
	for _, c := range customs {
		data = append(data, wire.Object{"id": c.id, "name": c.name, "object_type": "employee", "type": c.kind, "employee_visibility": "visible"})
	}
	answer(w, wire.Object{"data": data})
}

func (e *emulator) customFields(w http.ResponseWriter, _ *http.Request, p seed.Employee) {
	answer(w, wire.Object{"data": customValues(p)})
}

func customValues(p seed.Employee) []any {
	values := []any{}
	if p.Void == seed.Missing {
		return values
	}
	for _, c := range customs {
		value, name := c.of(p)
		values = append(values, wire.Object{"custom_field_id": c.id, "custom_field_name": c.name, "type": c.kind, "value": value, "value_name": name})
	}
	return values
}
