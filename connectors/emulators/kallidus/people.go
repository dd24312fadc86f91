package kallidus

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const rowsPerPage = 25

func (e *emulator) profiles(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	number, err := strconv.Atoi(q.Get("page"))
	if err != nil || number < 1 || number > 1<<30 {
		number = 1
	}
	status := q.Get("status")
	if status == "" && e.Way == UK {
		status = "active"
	} else if status == "" {
		status = "all"
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !wanted(p, status, q) })
	size := e.PageSize(rowsPerPage)
	rows, total := e.Pages.At(people, (number-1)*size, size)
	users := []any{}
	for _, p := range rows {
		users = append(users, user(p))
	}
	answer(w, wire.Object{"current_page": number, "total_pages": max((total+size-1)/size, 1), "total_users": total, "status": status, "users": users})
}

func wanted(p seed.Employee, status string, q url.Values) bool {
	since, until := q.Get("start_date[since]"), q.Get("start_date[until]")
	switch {
	case since != "" && p.Hire < since, until != "" && (p.Hire == "" || p.Hire > until):
		return false
	case status == "active" || status == "inactive":
		return (p.State == seed.Left) == (status == "inactive")
	}
	return true
}

func guid(id int) string { return fmt.Sprintf("c0ffee00-5a5a-4b4b-8c8c-%012d", id) }

func user(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": p.ID, "guid": guid(p.ID), "first_name": p.First, "last_name": p.Last, "status": word(p), "home_address": address(p),
		"compensation": []any{wire.Object{"pay_rate": "SENSITIVE-PAY", "currency": "GBP"}}, "manager": manager(p),
		"department": unit(p, p.Department), "location": unit(p, p.Office), "division": unit(p, seed.Unit{ID: len(p.Division), Name: p.Division}),
	}
	for key, value := range map[string]string{
		"preferred_name": p.Preferred, "job_title": p.Title, "employment_status": p.Type, "company_email": p.Email, "personal_email": p.PersonalEmail,
		"home_phone_number": homePhone(p), "mobile_phone_number": p.MobilePhone, "gender": p.Gender,
	} {
		wire.Put(o, key, value, p.Void)
	}
	ended, worked := end(p)
	for key, day := range map[string]string{"start_date": p.Hire, "termination_date": ended, "last_day_worked": worked, "date_of_birth": p.Birth} {
		wire.Put(o, key, moment(day, p), p.Void)
	}
	if p.Photo != "" {
		o["profile_image"] = p.Photo
	}
	if s := state(p); s != "" {
		o["state"] = s
	}
	if p.ID%9 == 0 {
		delete(o, "company_email")
		wire.Put(o, "email", p.Email, p.Void)
	}
	if p.ManagerID != 0 && p.ID%4 == 2 {
		o["manager"], o["manager_guid"] = nil, guid(p.ManagerID)
	}
	addCustom(o, p)
	return o
}

func homePhone(p seed.Employee) string {
	if p.PersonalEmail == "" {
		return ""
	}
	return "+44 117 496 0000"
}

// moment writes a day, and of every eleventh person with a time behind it.
func moment(day string, p seed.Employee) string {
	if day != "" && p.ID%11 == 0 {
		return day + "T00:00:00.000Z"
	}
	return day
}

// end gives the day of termination and the last day worked; of every third person only the latter is known.
func end(p seed.Employee) (termination, worked string) {
	if p.ID%3 == 0 {
		return "", p.End
	}
	return p.End, p.LastDay
}

// state is missing of somebody who has no day to start on, and of every thirteenth; a customer may have words of his own.
func state(p seed.Employee) string {
	switch {
	case p.State == seed.Left:
		return "inactive"
	case p.Hire == "", p.ID%13 == 0:
		return ""
	case p.State == seed.Odd:
		return p.Word
	}
	return "active"
}

func word(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "departed"
	case seed.Starting:
		return "preboarding"
	}
	return "active"
}

// unit is a text, and of every third person an object.
func unit(p seed.Employee, u seed.Unit) any {
	switch {
	case u.Name == "" && p.Void == seed.Empty:
		return ""
	case u.Name == "":
		return nil
	case p.ID%3 == 0:
		return wire.Object{"id": u.ID, "name": u.Name}
	}
	return u.Name
}

// manager is a guid, and of every fourth person an object that names the address too.
func manager(p seed.Employee) any {
	switch {
	case p.ManagerID == 0:
		return nil
	case p.ID%4 == 1:
		o := wire.Object{"id": p.ManagerID, "guid": guid(p.ManagerID), "email": nil}
		if m := p.Manager(); m != nil {
			o["email"] = m.Email
		}
		return o
	}
	return guid(p.ManagerID)
}

func address(p seed.Employee) any {
	a := p.Address
	if a == (seed.Address{}) {
		return nil
	}
	o := wire.Object{}
	for key, value := range map[string]string{"line1": a.Line1, "line2": a.Line2, "city": a.City, "state": a.Region, "zip": a.PostalCode, "country": a.Country} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// custom is a field that the company added: an extra key of the user, missing where there is no value.
type custom struct {
	key string
	of  func(c seed.Custom, p seed.Employee) any
}

var customs = []custom{
	{"staff_number", func(_ seed.Custom, p seed.Employee) any { return orNil(p.Number) }},
	{"badge_number", func(c seed.Custom, _ seed.Employee) any { return orNil(c.Badge) }},
	{"building", func(c seed.Custom, _ seed.Employee) any { return orNil(c.Building.Name) }},
	{"languages", func(c seed.Custom, _ seed.Employee) any {
		if c.Languages == nil {
			return nil
		}
		return c.Languages
	}},
	{"work_anniversary", func(c seed.Custom, _ seed.Employee) any { return orNil(c.Anniversary) }},
	{"bicycles", func(c seed.Custom, _ seed.Employee) any {
		if c.Bicycles == nil {
			return nil
		}
		return *c.Bicycles
	}},
	{"weekly_hours", func(c seed.Custom, _ seed.Employee) any {
		if c.Hours == "" {
			return nil
		}
		return json.Number(c.Hours)
	}},
	{"on_site", func(c seed.Custom, _ seed.Employee) any {
		if c.OnSite == nil {
			return nil
		}
		return *c.OnSite
	}},
	{"notes", func(c seed.Custom, _ seed.Employee) any { return orNil(c.Note) }},
	{"emergency_contacts", func(seed.Custom, seed.Employee) any {
		return []any{wire.Object{"name": "SENSITIVE-CONTACT"}}
	}},
	{"bank_account", func(seed.Custom, seed.Employee) any { return wire.Object{"iban": "SENSITIVE-IBAN"} }},
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func pfid(n int) string { return fmt.Sprintf("PFID%05d", 301+n) }

func addCustom(o wire.Object, p seed.Employee) {
	for _, c := range customs {
		if v := c.of(p.Custom, p); v != nil || p.Void == seed.Null {
			o[c.key] = v
		}
	}
}
