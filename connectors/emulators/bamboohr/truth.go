package bamboohr

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the fact sheet's Fields and Employment status, of everybody still in the dataset.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("displayName", p.Name())
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("division", p.Division)
	r.Set("location", p.Office.Name)
	r.Set("office", p.Office.Name)
	r.Set("team", p.Team.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentType", employmentStatus(p))
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.Country)
	r.Set("birthDate", p.Birth)
	r.Set("gender", genders[p.Gender])
	r.Set("timeZone", p.TimeZone)
	r.Set("photoUrl", p.Photo)
	setManager(r, p)
	for _, f := range allFields {
		if strings.HasPrefix(f.name, "customField") {
			r.Set("custom."+f.name, f.of(p))
		}
	}
	return r
}

func setManager(r wire.Record, p seed.Employee) {
	if p.ManagerID == 0 || p.OwnManager() {
		return
	}
	r.Set("managerId", strconv.Itoa(p.ManagerID))
	if p.Manager() != nil {
		r.Set("managerEmail", p.Manager().Email)
	}
}

// canonicalStatus follows the four rules of the sheet in their order.
func canonicalStatus(p seed.Employee, today string) string {
	word := employmentStatus(p)
	switch {
	case p.Hire > today:
		return "future"
	case word == "Terminated" || p.End != "" && p.End < today || status(p) == "Inactive":
		return "terminated"
	case strings.Contains(strings.ToLower(word), "leave"):
		return "on_leave"
	case status(p) == "Active":
		return "active"
	}
	return "unknown"
}
