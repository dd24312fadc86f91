package ukgpro

import (
	"fmt"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", employeeID(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", digits(p.WorkPhone))
	r.Set("mobilePhone", digits(p.MobilePhone))
	r.Set("jobTitle", p.Title)
	levels := levelsOf(p)
	r.Set("department", levels[0].name)
	r.Set("departmentId", levels[0].code)
	r.Set("costCenter", levels[1].code)
	r.Set("division", levels[2].name)
	r.Set("legalEntity", company(p).Name)
	r.Set("location", locationCode(p))
	r.Set("location", p.Office.Name)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", country(p))
	r.Set("startDate", p.Hire)
	r.Set("endDate", endDate(p))
	r.Set("employmentStatus", status(p, day.Format(time.DateOnly)))
	r.Set("employmentType", hours(p))
	r.Set("employmentType", employeeType(p))
	r.Set("locale", strings.ToUpper(p.Language))
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", employeeID(p.ManagerID))
		if p.Manager() != nil {
			r.Set("managerEmail", p.Manager().Email)
		}
	}
	setCustom(r, p.Custom)
	return r
}

func setCustom(r wire.Record, c seed.Custom) {
	r.Set("custom.personnelUDField01", c.Badge)
	if c.Bicycles != nil {
		r.Set("custom.personnelUDField02", fmt.Sprint(*c.Bicycles))
	}
	r.Set("custom.personnelUDField03", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom.personnelUDField05", c.Anniversary)
	r.Set("custom.personnelUDField06", c.Building.Name)
	r.Set("custom.personnelUDField07", c.Note)
	r.Set("custom.internationalUDField01", strings.Join(c.Languages, ", "))
}

// endDate leaves out the end of an earlier stay.
func endDate(p seed.Employee) string {
	if p.End < p.Hire {
		return ""
	}
	return p.End
}

// status follows the sheet's rules in their order.
func status(p seed.Employee, today string) string {
	end := endDate(p)
	switch c := code(p); {
	case p.Hire > today:
		return "future"
	case c == "T" || end != "" && end < today:
		return "terminated"
	case c == "L" || c == "S":
		return "on_leave"
	case c != "A" && p.Hire == "":
		return "unknown"
	}
	return "active"
}
