package hrworks

import (
	"strconv"
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
	r.Set("externalId", license(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("jobTitle", p.Title)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	if p.Department.ID != 0 {
		r.Set("department", p.Department.Name)
		r.Set("departmentId", unitNumber(p.Department))
	}
	r.Set("location", p.Office.Name)
	r.Set("office", p.Custom.Building.Name)
	r.Set("costCenter", mainCostCentre(p).Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", status(p, day.Format(time.DateOnly)))
	r.Set("employmentType", employmentType(p))
	r.Set("gender", gender(p))
	r.Set("birthDate", p.Birth)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("region", states[p.Address.Region])
	r.Set("country", countries[p.Address.CountryCode])
	if p.ID%10 == 7 {
		r.Set("country", p.Address.Country)
	}
	r.Set("photoUrl", p.Photo)
	// The superior is named by what he signs in with, so only somebody who is in the list has an id.
	if m := p.Manager(); m != nil && !m.Removed && !p.OwnManager() {
		r.Set("managerId", license(m.ID))
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.personId", personID(p.ID))
	r.Set("custom.datevPersonnelNumber", datev(p))
	r.Set("custom.customNameId", nameID(p))
	r.Set("custom.title", academic(p))
	r.Set("custom.costObjective", objective(p))
	c := p.Custom
	r.Set("custom.Kürzel", c.Badge)
	r.Set("custom.Jubiläum", c.Anniversary)
	r.Set("custom.Notiz", c.Note)
	r.Set("custom.Stunden", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom.Sprachen weitere", strings.Join(c.Languages, ", "))
	if c.Bicycles != nil {
		r.Set("custom.Anzahl Fahrräder", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.Vor Ort", strconv.FormatBool(*c.OnSite))
	}
}

// status asks for a day of joining to come first, as the sheet says below its table.
func status(p seed.Employee, today string) string {
	active, told := isActive(p)
	switch {
	case p.Hire > today:
		return "future"
	case p.End != "" && p.End < today || told && !active:
		return "terminated"
	case p.Hire == "" && !told:
		return "unknown"
	}
	return "active"
}
