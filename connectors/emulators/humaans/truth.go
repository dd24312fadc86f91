package humaans

import (
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table, with the job role that counts on that day.
func truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
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
	r.Set("team", strings.Join(teams(p), ", "))
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("addressLine1", home(p))
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	r.Set("startDate", begin(p))
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, today))
	r.Set("employmentType", p.Type)
	r.Set("birthDate", p.Birth)
	r.Set("gender", p.Gender)
	r.Set("photoUrl", p.Photo)
	setPlace(r, p)
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
	}
	for _, c := range customs {
		if c.list != nil {
			r.Set("custom."+c.id, strings.Join(c.list(p), ", "))
			continue
		}
		r.Set("custom."+c.id, c.text(p))
	}
	return r
}

// setPlace: who works remotely has no office, and an office that is not in the list has neither name nor time zone.
func setPlace(r wire.Record, p seed.Employee) {
	r.Set("timeZone", ownZone(p))
	switch {
	case isRemote(p):
		r.Set("location", "Remote")
		r.Set("timeZone", away)
	case !isLost(p):
		r.Set("location", p.Office.Name)
		r.Set("office", p.Office.Name)
		r.Set("timeZone", p.TimeZone)
	}
}

// canonicalStatus follows the sheet's rules in their order; leave is not in the person.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.State == seed.Left || p.End != "" && p.End < today:
		return "terminated"
	case p.State == seed.Starting && begin(p) == "" || begin(p) > today:
		return "future"
	case undated(p):
		return "unknown"
	}
	return "active"
}
