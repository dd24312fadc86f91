package alexishr

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

var centerNames = map[int]string{82950: "1000 Management", 82957: "4100", 82958: "4200 Data"}

// truth is the record that the list of people and the lists beside it tell.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", employeeID(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", phone(p.WorkPhone, p))
	r.Set("mobilePhone", phone(p.MobilePhone, p))
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("departmentId", idOf(ofDepartment, p.Department.ID))
	r.Set("division", p.Division)
	r.Set("costCenter", centerNames[center(p)])
	r.Set("legalEntity", company(p).Name)
	r.Set("office", p.Office.Name)
	r.Set("location", p.Office.Name)
	if p.Office.ID != 0 {
		r.Set("timeZone", p.TimeZone)
	}
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentType", p.Type)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("country", p.Address.CountryCode)
	r.Set("birthDate", p.Birth)
	r.Set("gender", p.Gender)
	r.Set("photoUrl", p.Photo)
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	var teams []string
	for _, u := range teamsOf(p) {
		teams = append(teams, u.Name)
	}
	r.Set("team", strings.Join(teams, ", "))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", employeeID(p.ManagerID))
	}
	setCustom(r, p)
	return r
}

func phone(number string, p seed.Employee) string {
	if number == "" {
		return ""
	}
	return sanitized(number, p)
}

func setCustom(r wire.Record, p seed.Employee) {
	c := p.Custom
	r.Set("custom.badge", c.Badge)
	r.Set("custom.building", c.Building.Name)
	r.Set("custom.anniversary", c.Anniversary)
	r.Set("custom.note", c.Note)
	r.Set("custom.languages", strings.Join(c.Languages, ", "))
	r.Set("custom.hours", strings.TrimSuffix(c.Hours, ".0"))
	if c.Hours != "" {
		r.Set("custom.shirt.size", "M")
		r.Set("custom.shirt.fit.cut", fmt.Sprintf("cut %d", p.ID%5))
	}
	if c.Bicycles != nil {
		r.Set("custom.bicycles", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.onSite", strconv.FormatBool(*c.OnSite))
	}
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.Hire > today:
		return "future"
	case p.End != "" && p.End < today, !active(p):
		return "terminated"
	}
	for _, a := range absences(p) {
		if (a.status == "APPROVED" || a.status == "CONFIRMED") && a.kind != "VACATION" && a.start <= today && today <= a.end {
			return "on_leave"
		}
	}
	return "active"
}
