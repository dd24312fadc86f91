package charliehr

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// letters writes a number in letters, as the ids of people are.
func letters(id int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, strconv.Itoa(id))
}

func memberID(id int) string {
	if id == 0 {
		return ""
	}
	return "team_member_" + letters(id)
}

func officeID(p seed.Employee) string {
	if p.Office.ID == 0 {
		return ""
	}
	return fmt.Sprintf("office_%d", p.Office.ID)
}

// teamsOf are a person's teams: that of the department first.
func teamsOf(p seed.Employee) []seed.Unit {
	var teams []seed.Unit
	for _, u := range []seed.Unit{p.Department, p.Team} {
		if u.ID != 0 {
			teams = append(teams, u)
		}
	}
	return teams
}

func teamID(u seed.Unit) string { return fmt.Sprintf("team_%d", u.ID) }

func displayName(p seed.Employee) string {
	if p.Preferred != "" {
		return p.Preferred
	}
	return p.Name()
}

// status is a free word; those who left without a day have one of the four that say so.
func status(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return []string{"left", "leaver", "former", "terminated"}[p.ID/2%4]
	case seed.Starting:
		return "upcoming"
	case seed.Odd:
		return strings.ToLower(p.Word)
	}
	return "active"
}

// postcode keeps its zeros, however many there are.
func postcode(p seed.Employee) string {
	if strings.HasPrefix(p.Address.PostalCode, "0") {
		return "00" + p.Address.PostalCode
	}
	return p.Address.PostalCode
}

func addressIsText(p seed.Employee) bool { return p.ID%5 == 0 }

func address(p seed.Employee) any {
	a := p.Address
	switch {
	case a.Line1 == "":
		return nil
	case addressIsText(p):
		return a.Line1 + ", " + a.City
	}
	o := wire.Object{"line1": a.Line1, "line2": nil, "city": a.City, "postcode": postcode(p), "country": a.Country}
	if a.Line2 != "" {
		o["line2"] = a.Line2
	}
	return o
}

// member is a team member in the list.
func member(p seed.Employee) wire.Object {
	teams := []any{}
	for _, u := range teamsOf(p) {
		teams = append(teams, teamID(u))
	}
	o := wire.Object{"id": memberID(p.ID), "first_name": p.First, "last_name": p.Last, "display_name": displayName(p), "teams": teams}
	for key, value := range map[string]string{
		"profile_picture": p.Photo, "date_of_birth": p.Birth, "start_date": p.Hire, "leave_date": p.End, "work_email": p.Email,
		"personal_email": p.PersonalEmail, "phone_number": p.MobilePhone, "office": officeID(p), "manager": memberID(p.ManagerID),
		"gender": p.Gender, "married": "SENSITIVE-MARRIED", "nationality": "SENSITIVE-NATIONALITY", "job_title": p.Title, "employment_status": status(p),
	} {
		wire.Put(o, key, value, p.Void)
	}
	if place := address(p); place != nil || p.Void != seed.Missing {
		o["address"] = place
	}
	return o
}

// detail is a team member by himself, with the company's own fields.
func detail(p seed.Employee) any {
	o := member(p)
	o["notes"] = notes(p)
	return o
}

func companyRecord() any {
	return wire.Object{"id": "company_x1", "name": company, "subdomain": "northlake", "logo": nil}
}

func each(people []seed.Employee, of func(seed.Employee) []any) []any {
	var rows []any
	for _, p := range people {
		rows = append(rows, of(p)...)
	}
	return rows
}

func (e *emulator) teams(*http.Request) []any {
	var order []seed.Unit
	members := map[int][]any{}
	for _, p := range e.Living() {
		for _, u := range teamsOf(p) {
			if members[u.ID] == nil {
				order = append(order, u)
			}
			members[u.ID] = append(members[u.ID], memberID(p.ID))
		}
	}
	var rows []any
	for _, u := range order {
		rows = append(rows, wire.Object{"id": teamID(u), "name": u.Name, "team_members": members[u.ID]})
	}
	return rows
}

func (e *emulator) offices(*http.Request) []any {
	seen := map[int]bool{}
	return each(e.Living(), func(p seed.Employee) []any {
		if p.Office.ID == 0 || seen[p.Office.ID] {
			return nil
		}
		o := wire.Object{"id": officeID(p), "name": p.Office.Name, "head": len(seen) == 0, "address": nil, "timezone": p.TimeZone,
			"phone_number": nil, "email": nil}
		if len(seen) == 0 {
			o["address"] = p.Office.Name
		}
		seen[p.Office.ID] = true
		return []any{o}
	})
}

// salaries are the jobs by date, with pay that a client has to drop.
func salaries(p seed.Employee) []any {
	rows := []any{}
	job := func(title, from, kind string) {
		rows = append(rows, wire.Object{"team_member_id": memberID(p.ID), "job_title": title, "pay_rate": "SENSITIVE-PAY", "pay_period": "year",
			"pay_frequency": "monthly", "pay_currency": "GBP", "effective_date": from, "employment_type": kind})
	}
	for _, was := range p.Earlier {
		job(was.Title, was.Start, "full_time")
	}
	if p.Title != "" && p.Hire != "" {
		job(p.Title, p.Hire, strings.ReplaceAll(strings.ToLower(p.Type), "-", "_"))
	}
	return rows
}

// leave gives the requests within the asked days: a long one of those on leave, and one that nobody approved.
func (e *emulator) leave(r *http.Request) []any {
	from, to := r.URL.Query().Get("start_date"), r.URL.Query().Get("end_date")
	return each(e.Living(), func(p seed.Employee) []any {
		status := "approved"
		if p.State != seed.OnLeave && p.ID%40 != 1 || from > "2036-03-01" || to != "" && to < "2020-09-01" {
			return nil
		}
		if p.State != seed.OnLeave {
			status = "pending"
		}
		return []any{wire.Object{"id": "leave_request_" + letters(p.ID), "team_member": memberID(p.ID), "approver": memberID(p.ID - 1), "status": status,
			"details": nil, "amount": "5.0", "units": "days", "request_type": "parental_leave", "start_date": "2020-09-01", "end_date": "2036-03-01"}}
	})
}

func noteTypes() []any {
	var rows []any
	for i, t := range [][2]string{{"Badge", "Text"}, {"Bicycles", "Number"}, {"On site", "Checklist"}, {"Note", "Text"}} {
		rows = append(rows, wire.Object{"id": fmt.Sprintf("note_type_%d", i+1), "name": t[0], "type": t[1]})
	}
	return rows
}

// notes are the values of the company's own fields.
func notes(p seed.Employee) []any {
	rows, c := []any{}, p.Custom
	add := func(kind int, name, content string) {
		if content != "" {
			rows = append(rows, wire.Object{"id": fmt.Sprintf("note_%s%d", letters(p.ID), kind),
				"team_member_note_type_id": fmt.Sprintf("note_type_%d", kind), "name": name, "content": content})
		}
	}
	add(1, "Badge", c.Badge)
	if c.Bicycles != nil {
		add(2, "Bicycles", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		add(3, "On site", strconv.FormatBool(*c.OnSite))
	}
	add(4, "Note", c.Note)
	return rows
}

// truth is the record that the list of members, the teams, the offices and the company tell.
func truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", memberID(p.ID))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", displayName(p))
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	var teams []string
	for _, u := range teamsOf(p) {
		teams = append(teams, u.Name)
	}
	if len(teams) > 0 {
		r.Set("department", teams[0])
	}
	r.Set("team", strings.Join(teams, ", "))
	r.Set("legalEntity", company)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, today))
	r.Set("birthDate", p.Birth)
	r.Set("gender", p.Gender)
	r.Set("photoUrl", p.Photo)
	if p.Office.ID != 0 {
		r.Set("office", p.Office.Name)
		r.Set("location", p.Office.Name)
		r.Set("timeZone", p.TimeZone)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", memberID(p.ManagerID))
	}
	if addressIsText(p) && p.Address.Line1 != "" {
		r.Set("addressLine1", p.Address.Line1+", "+p.Address.City)
		return r
	}
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("postalCode", postcode(p))
	r.Set("country", p.Address.Country)
	return r
}

// canonicalStatus follows the sheet's rules in their order; leave is not read unless asked for.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.Hire > today:
		return "future"
	case p.End != "" && p.End < today, p.State == seed.Left && p.End == "":
		return "terminated"
	case p.Hire != "":
		return "active"
	}
	return "unknown"
}
