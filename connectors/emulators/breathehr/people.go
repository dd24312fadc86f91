package breathehr

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func isHR(p seed.Employee) bool { return p.ID%50 == 1 }

func division(p seed.Employee) seed.Unit {
	if p.Division == "" {
		return seed.Unit{}
	}
	return seed.Unit{ID: 700 + len(p.Division), Name: p.Division}
}

func orNull(value string) any {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return value
}

func unit(u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return wire.Object{"id": u.ID, "name": u.Name}
}

// status is the vendor's word; a record that somebody has begun to enter has a word of its own.
func status(p seed.Employee) string {
	switch {
	case p.State == seed.Left:
		return "Ex-employee"
	case p.State == seed.Odd:
		return p.Word
	case p.State == seed.Starting && p.Hire == "":
		return "Draft"
	case p.End != "":
		return "Pending leaver"
	}
	return "Current employee"
}

// numbers are the two places in which a staff number can stand.
func numbers(p seed.Employee) (employeeRef, refNumber string) {
	switch {
	case p.Number != "" && p.ID%3 == 0:
		return "", p.Number
	case p.Number != "" && p.ID%3 == 1:
		return p.Number, fmt.Sprintf("R-%d", p.ID)
	}
	return p.Number, ""
}

// mobiles are the work's and the private mobile number; the work's goes first.
func mobiles(p seed.Employee) (work, private string) {
	switch {
	case p.MobilePhone != "" && p.ID%4 == 1:
		return "", p.MobilePhone
	case p.MobilePhone != "":
		return p.MobilePhone, "07700 900000"
	}
	return "", ""
}

func fullOrPart(p seed.Employee) string {
	return map[string]string{"Full-Time": "Full time", "Part-Time": "Part time", "Contractor": "Part time", "Intern": "Full time"}[p.Type]
}

func thirdLine(p seed.Employee) string {
	if p.Address.Line2 != "" && p.ID%2 == 0 {
		return "Old Town"
	}
	return ""
}

func manager(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	m := seed.Employee{First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	return wire.Object{"id": p.ManagerID, "first_name": m.First, "last_name": m.Last}
}

// row is an employee: every key is there, except an e-mail address or a date that this customer's version leaves out.
func row(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": p.ID, "account_id": 7001, "hr": isHR(p), "line_manager": manager(p), "holiday_approver": nil,
		"department": unit(p.Department), "division": unit(division(p)), "location": unit(p.Office), "gender": gender(p),
		"length_of_service_in_months": 12, "age": nil, "notice_period": nil, "receives_statutory_holidays": true,
		"working_pattern":   wire.Object{"id": 31, "name": "Standard week", "total_hours": "37.5", "default": true},
		"holiday_allowance": wire.Object{"name": "Standard", "id": 41}, "statutory_holiday_country": nil, "custom_fields": customFields(p),
		"remuneration_currency": wire.Object{"id": 2, "currency_code": "GBP", "currency_symbol": "£", "description": "British Pound",
			"created_at": nil, "updated_at": nil, "deleted_at": nil},
		"created_at": "2021-01-04T09:00:00+00:00", "updated_at": p.Changed.UTC().Format(time.RFC3339),
	}
	ref, number := numbers(p)
	work, private := mobiles(p)
	for key, value := range map[string]string{
		"first_name": p.First, "middle_name": p.Middle, "last_name": p.Last, "email": p.Email, "known_as": p.Preferred, "dob": p.Birth,
		"join_date": p.Hire, "leaving_date": p.End, "status": status(p), "job_title": p.Title, "job_start_date": "", "full_or_part_time": fullOrPart(p),
		"employee_ref": ref, "ref_number": number, "ddi": p.WorkPhone, "work_ext": "", "work_mobile": work, "personal_mobile": private,
		"home_telephone": "", "personal_email": p.PersonalEmail, "address1": p.Address.Line1, "address2": p.Address.Line2, "address3": thirdLine(p),
		"city": p.Address.City, "county": p.Address.Region, "postcode": p.Address.PostalCode, "country": p.Address.Country,
		"salary": "SENSITIVE-SALARY", "marital_status": "SENSITIVE-MARITAL", "nationality": "SENSITIVE-NATIONALITY", "ethnicity": "SENSITIVE-ETHNICITY",
		"national_insurance_no": "SENSITIVE-NINO", "driving_license": "SENSITIVE-LICENCE", "bank_name": "SENSITIVE-BANK", "bank_branch": "",
		"sort_code": "SENSITIVE-SORT", "account_number": "SENSITIVE-ACCOUNT", "building_society": "", "linked_in": "", "facebook": "", "skype": "",
		"twitter": "", "contract_provider": "", "probation_date": "",
	} {
		o[key] = orNull(value)
	}
	o["photo_url"] = p.Photo
	if p.Photo == "" && p.Void == seed.Null {
		o["photo_url"] = nil
	}
	if p.Email == "" && p.Void == seed.Missing {
		delete(o, "email")
	}
	if p.ID%10 == 0 {
		o["company_join_date"] = o["join_date"]
		delete(o, "join_date")
	}
	return o
}

// gender is a text, and of every ninth person an object.
func gender(p seed.Employee) any {
	if p.Gender == "" {
		return nil
	}
	word := genderWord(p)
	if p.ID%9 == 0 {
		return wire.Object{"id": len(word), "name": word}
	}
	return word
}

func genderWord(p seed.Employee) string {
	return map[string]string{"female": "Female", "male": "Male", "diverse": "Non-binary"}[p.Gender]
}

// customFields lists the company's own fields, or is null where a person has none of them.
func customFields(p seed.Employee) any {
	c := p.Custom
	var values []any
	add := func(name string, value any) {
		values = append(values, wire.Object{"id": len(values) + 1, "name": name, "value": value})
	}
	if p.Type == "" {
		return nil
	}
	add("Badge", orNull(c.Badge))
	add("Anniversary", orNull(c.Anniversary))
	add("Note", orNull(c.Note))
	add("Languages", c.Languages)
	if c.Building.ID != 0 {
		add("Desk", wire.Object{"building": c.Building.Name, "number": c.Building.ID})
	}
	if c.Hours != "" {
		add("Hours", json.Number(c.Hours))
	}
	if c.Bicycles != nil {
		add("Bicycles", *c.Bicycles)
	}
	if c.OnSite != nil {
		add("On site", *c.OnSite)
	}
	return values
}

// truth is the record that a row tells.
func truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("division", p.Division)
	r.Set("location", p.Office.Name)
	r.Set("office", p.Office.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, today))
	r.Set("employmentType", fullOrPart(p))
	r.Set("birthDate", p.Birth)
	r.Set("gender", genderWord(p))
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("addressLine3", thirdLine(p))
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.Country)
	r.Set("photoUrl", p.Photo)
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	c := p.Custom
	r.Set("custom.Badge", c.Badge)
	r.Set("custom.Anniversary", c.Anniversary)
	r.Set("custom.Note", c.Note)
	r.Set("custom.Languages", strings.Join(c.Languages, ", "))
	r.Set("custom.Hours", strings.TrimSuffix(c.Hours, ".0"))
	if c.Building.ID != 0 {
		r.Set("custom.Desk.building", c.Building.Name)
		r.Set("custom.Desk.number", strconv.Itoa(c.Building.ID))
	}
	if c.Bicycles != nil {
		r.Set("custom.Bicycles", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.On site", strconv.FormatBool(*c.OnSite))
	}
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	switch word := status(p); {
	case p.Hire > today:
		return "future"
	case word == "Ex-employee" || p.End != "" && p.End < today:
		return "terminated"
	case word == "Current employee" || word == "Pending leaver" || p.Hire != "":
		return "active"
	}
	return "unknown"
}
