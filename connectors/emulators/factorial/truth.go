package factorial

import (
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that the list of people, their contracts and the lists beside them tell.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	r.Set("custom.pronouns", pronouns(p))
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("country", strings.ToLower(p.Address.CountryCode))
	r.Set("location", p.Office.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("team", p.Team.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	if !contractless(p) {
		r.Set("jobTitle", p.Title)
		r.Set("endDate", p.ContractEnd)
		r.Set("endDate", p.End)
	}
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	r.Set("costCenter", best.Name)
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
	}
	r.Set("custom.41", p.Custom.Badge)
	r.Set("custom.42", p.Custom.Note)
	r.Set("custom.43", p.Custom.Anniversary)
	r.Set("custom.44", p.Custom.Building.Name)
	r.Set("custom.45", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.46", bicycles(p.Custom))
	r.Set("custom.47", onSite(p.Custom))
	r.Set("custom.48", cents(p.Custom))
	return r
}

// canonicalStatus follows the sheet's table in its order; who has no contract has no first day either.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.End != "" && p.End <= today, p.State == seed.Left:
		return "terminated"
	case !contractless(p) && len(p.Earlier) == 0 && p.Hire > today:
		return "future"
	case p.State == seed.OnLeave:
		return "on_leave"
	}
	return "active"
}
