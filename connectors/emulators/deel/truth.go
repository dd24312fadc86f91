package deel

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record that the list, the personal call and the custom fields tell together.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", profileID(p.ID))
	r.Set("custom.worker_id", strconv.Itoa(workerID(p.ID)))
	r.Set("custom.seniority", seniority(p))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", international(p.WorkPhone))
	r.Set("mobilePhone", international(p.MobilePhone))
	r.Set("country", p.Address.CountryCode)
	r.Set("region", p.Address.Region)
	r.Set("city", p.Address.City)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("timeZone", p.TimeZone)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	if p.Department.ID != 0 {
		r.Set("departmentId", departmentID(p.Department))
	}
	r.Set("team", p.Team.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("location", p.Office.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.ContractEnd)
	r.Set("endDate", p.End)
	r.Set("employmentType", hiringType(p))
	r.Set("employmentStatus", status(p, day.Format(time.DateOnly)))
	r.Set("birthDate", p.Birth)
	r.Set("gender", map[string]string{"female": "Female", "male": "Male", "diverse": "Diverse"}[p.Gender])
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", profileID(p.ManagerID))
		if p.Manager() != nil {
			r.Set("managerEmail", p.Manager().Email)
		}
	}
	setCustom(r, p.Custom)
	return r
}

func international(phone string) string {
	if phone == "" {
		return ""
	}
	return "+" + plain(phone)
}

func setCustom(r wire.Record, c seed.Custom) {
	texts := []string{c.Badge, c.Building.Name, strings.Join(c.Languages, ", "), "", strings.TrimSuffix(c.Hours, ".0"), c.Anniversary, c.Note}
	if c.Bicycles != nil {
		texts[3] = strconv.Itoa(*c.Bicycles)
	}
	for i, text := range texts {
		r.Set("custom."+customID(i), text)
	}
}

// status follows the sheet's table; a status of hiring that it does not name is decided by the first day.
func status(p seed.Employee, today string) string {
	switch {
	case p.State == seed.Left:
		return "terminated"
	case p.State == seed.Working && p.End != "" && p.End < today:
		return "terminated"
	case p.State == seed.OnLeave:
		return "on_leave"
	case p.Hire > today:
		return "future"
	case p.Hire == "" && (p.State == seed.Starting || p.State == seed.Odd):
		return "unknown"
	}
	return "active"
}
