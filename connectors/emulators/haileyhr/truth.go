package haileyhr

import (
	"fmt"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record of the list and the company together.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", personID(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("jobTitle", p.Title)
	r.Set("department", department(p).Name)
	r.Set("division", p.Division)
	r.Set("team", p.Team.Name)
	r.Set("costCenter", centre(p).Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("location", p.Office.Name)
	r.Set("startDate", joined(p))
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	r.Set("employmentType", p.Type)
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	r.Set("addressLine1", p.Address.Line1)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("country", p.Address.Country)
	if d := department(p); d.ID != 0 {
		r.Set("departmentId", uuid(ofDepartment, d.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", personID(p.ManagerID))
	}
	if part := scope(p); part != nil {
		r.Set("custom.scopePercentage", fmt.Sprint(part))
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	c := p.Custom
	values := map[int]string{801: c.Badge, 803: strings.Join(c.Languages, ", "), 805: c.Building.Name, 806: c.Anniversary, 807: c.Note,
		808: strings.TrimSuffix(c.Hours, ".0")}
	if c.OnSite != nil {
		values[802] = fmt.Sprint(*c.OnSite)
	}
	if c.Bicycles != nil {
		values[804] = fmt.Sprint(*c.Bicycles)
	}
	for id, value := range values {
		r.Set("custom."+uuid(ofField, id), value)
	}
}

// canonicalStatus follows the sheet's table, which compares without blanks and case.
func canonicalStatus(p seed.Employee, today string) string {
	switch strings.ToLower(strings.ReplaceAll(status(p), " ", "")) {
	case "beinghired":
		if joined(p) == "" {
			return "unknown"
		}
		return "future"
	case "willjoin":
		return "future"
	case "inservice":
		return "active"
	case "hasleft":
		return "terminated"
	case "leaving":
		if p.End < today {
			return "terminated"
		}
		return "active"
	}
	return byDates(joined(p), p.End, today)
}

func byDates(start, end, today string) string {
	switch {
	case end != "" && end < today:
		return "terminated"
	case start > today:
		return "future"
	case start != "":
		return "active"
	}
	return "unknown"
}
