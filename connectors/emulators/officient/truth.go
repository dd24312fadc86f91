package officient

import (
	"fmt"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that list and detail together tell; a removed record is left out.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("team", p.Team.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	r.Set("birthDate", p.Birth)
	r.Set("gender", plainGender(p))
	r.Set("locale", p.Language)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("country", p.Address.CountryCode)
	r.Set("photoUrl", p.Photo)
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	if p.Void != seed.Missing {
		setCustom(r, p)
	}
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	for _, c := range customs {
		value, name := c.of(p)
		if name != nil && name != "" {
			value = name
		}
		if value != nil {
			r.Set(fmt.Sprintf("custom.%d", c.id), fmt.Sprint(value))
		}
	}
}

// canonicalStatus follows the sheet's rules in their order; leave is not in the record.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case isArchived(p) || p.End != "" && p.End < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	}
	return "active"
}
