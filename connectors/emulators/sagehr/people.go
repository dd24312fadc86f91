package sagehr

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func hasLeft(p seed.Employee) bool { return p.State == seed.Left }

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// positionID is the number of a position, or null for none.
func positionID(title string) any {
	if strings.TrimSpace(title) == "" {
		return nil
	}
	return int(crc32.ChecksumIEEE([]byte(title)) % 100000)
}

func gender(p seed.Employee) string {
	return map[string]string{"female": "Female", "male": "Male", "diverse": "Other"}[p.Gender]
}

// kind is full-time, part-time and so on, which the vendor calls a status.
func kind(p seed.Employee) string { return strings.ReplaceAll(p.Type, "-T", "-t") }

// postCode is a number where the code can be one, of every other person.
func postCode(p seed.Employee) any {
	if n, err := strconv.Atoi(p.Address.PostalCode); err == nil && p.ID%2 == 0 && strconv.Itoa(n) == p.Address.PostalCode {
		return n
	}
	return orNull(p.Address.PostalCode)
}

// current is a person in the list of employees.
func current(p seed.Employee, histories []string) wire.Object {
	o := wire.Object{"id": p.ID, "post_code": postCode(p), "team": nil, "team_id": nil, "position_id": positionID(p.Title), "reports_to_employee_id": nil,
		"picture_url": orNull(p.Photo), "employment_start_date": orNull(p.Hire), "date_of_birth": orNull(p.Birth),
		"nationality": "SENSITIVE-NATIONALITY", "marital_status": "SENSITIVE-MARITAL", "personal_identification_number": "SENSITIVE-PIN",
		"tax_number": "SENSITIVE-TAX", "irregular_contract_worker": p.External}
	if p.ID%2 == 1 { // an account of older days
		for _, key := range []string{"marital_status", "personal_identification_number", "tax_number", "irregular_contract_worker"} {
			delete(o, key)
		}
	}
	if p.Department.ID != 0 {
		o["team"], o["team_id"] = p.Department.Name, p.Department.ID
	}
	if p.ManagerID != 0 {
		o["reports_to_employee_id"] = p.ManagerID
	}
	void := p.Void
	if void == seed.Missing { // every key is always there
		void = seed.Null
	}
	for key, value := range map[string]string{
		"email": p.Email, "first_name": p.First, "last_name": p.Last, "position": p.Title, "work_phone": p.WorkPhone, "home_phone": "",
		"mobile_phone": p.MobilePhone, "gender": gender(p), "street_first": p.Address.Line1, "street_second": p.Address.Line2, "city": p.Address.City,
		"country": p.Address.CountryCode, "employee_number": p.Number, "employment_status": kind(p),
	} {
		wire.Put(o, key, value, void)
	}
	for _, name := range histories {
		o[name] = history(p, name)
	}
	return o
}

// history is what a person was before and is now; the vendor's spelling has a letter less.
func history(p seed.Employee, name string) []any {
	rows := []any{}
	entry := func(from string, to any, title string) wire.Object {
		switch name {
		case "team_history":
			return wire.Object{"team_id": p.Department.ID, "start_date": from, "end_date": to, "team_name": p.Department.Name}
		case "position_history":
			return wire.Object{"position_id": positionID(title), "start_date": from, "end_date": to, "position_name": title, "position_code": nil}
		}
		return wire.Object{"employment_status_id": 1, "start_date": from, "end_date": to, "employment_statu_name": kind(p)}
	}
	for _, was := range p.Earlier {
		rows = append(rows, entry(was.Start, was.End, was.Title))
	}
	if p.Title != "" && p.Hire != "" {
		rows = append(rows, entry(p.Hire, nil, p.Title))
	}
	return rows
}

// former is a person in the list of those who left, of whom little is told.
func former(p seed.Employee) wire.Object {
	return wire.Object{"id": p.ID, "termination_date": orNull(p.End), "employee_number": orNull(p.Number), "email": orNull(p.Email), "first_name": p.First,
		"last_name": p.Last, "picture_url": orNull(p.Photo), "employment_start_date": orNull(p.Hire), "date_of_birth": orNull(p.Birth), "position": orNull(p.Title)}
}

func formerWithReason(p seed.Employee) any {
	o := former(p)
	o["termination"] = wire.Object{"reason": "Voluntary", "comments": ""}
	return o
}

// customs are the company's own fields with a person's values.
func customs(p seed.Employee) []any {
	c := p.Custom
	var rows []any
	add := func(label, kind string, value, options any) {
		rows = append(rows, wire.Object{"id": 501 + len(rows), "label": label, "type": kind, "value": value, "options": options})
	}
	var tags, bicycles, onSite any
	if c.Languages != nil {
		tags = c.Languages
	}
	if c.Bicycles != nil {
		bicycles = *c.Bicycles
	}
	if c.OnSite != nil {
		onSite = *c.OnSite
	}
	add("Building", "CustomDropdownField", orNull(c.Building.Name), []any{"Gent HQ", "Liège"})
	add("Languages", "CustomTags", tags, nil)
	add("Badge number", "CustomTextField", orNull(c.Badge), []any{})
	add("Anniversary", "CustomTextField", orNull(c.Anniversary), []any{})
	add("Note", "CustomTextField", orNull(c.Note), []any{})
	add("Bicycles", "CustomNumberField", bicycles, []any{})
	add("On site", "CustomCheckboxField", onSite, []any{})
	return rows
}

// truth is the record that the lists and the custom fields tell.
func truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("email", p.Email)
	r.Set("photoUrl", p.Photo)
	r.Set("startDate", p.Hire)
	r.Set("birthDate", p.Birth)
	r.Set("jobTitle", p.Title)
	if hasLeft(p) {
		r.Set("endDate", p.End)
		r.Set("employmentStatus", "terminated")
		return r
	}
	r.Set("employmentStatus", "active")
	if p.Hire > today {
		r.Set("employmentStatus", "future")
	}
	r.Set("team", p.Department.Name)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("gender", gender(p))
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	r.Set("employmentType", kind(p))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	c := p.Custom
	r.Set("custom.Building", c.Building.Name)
	r.Set("custom.Languages", strings.Join(c.Languages, ", "))
	r.Set("custom.Badge number", c.Badge)
	r.Set("custom.Anniversary", c.Anniversary)
	r.Set("custom.Note", c.Note)
	if c.Bicycles != nil {
		r.Set("custom.Bicycles", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.On site", fmt.Sprint(*c.OnSite))
	}
	return r
}
