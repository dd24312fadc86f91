package remote

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record that the full record, the custom fields and the cost centres tell together.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("displayName", p.Name())
	setNames(r, p)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("jobTitle", p.Title)
	if p.Department.ID != 0 {
		r.Set("department", p.Department.Name)
		r.Set("departmentId", id(p.Department.ID))
	}
	r.Set("country", p.Address.CountryCode)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
		if p.Manager() != nil {
			r.Set("managerEmail", p.Manager().Email)
		}
	}
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("employmentType", kind(p))
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	r.Set("costCenter", largest(p))
	setCustom(r, p.Custom)
	return r
}

// setNames splits the full name at its last blank where nothing else is known.
func setNames(r wire.Record, p seed.Employee) {
	if knownInDetail(p) {
		r.Set("firstName", p.First)
		r.Set("lastName", p.Last)
		r.Set("birthDate", p.Birth)
		r.Set("mobilePhone", p.MobilePhone)
		return
	}
	i := strings.LastIndexByte(p.Name(), ' ')
	r.Set("firstName", p.Name()[:i])
	r.Set("lastName", p.Name()[i:])
}

func largest(p seed.Employee) string {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

func setCustom(r wire.Record, c seed.Custom) {
	r.Set("custom.Badge", c.Badge)
	r.Set("custom.Building", c.Building.Name)
	r.Set("custom.Weekly hours", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom.Anniversary", c.Anniversary)
	r.Set("custom.Note", c.Note)
	if c.Bicycles != nil {
		r.Set("custom.Bicycles", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.Works on site", strconv.FormatBool(*c.OnSite))
	}
}

// canonicalStatus follows the sheet's table.
func canonicalStatus(p seed.Employee, today string) string {
	switch p.State {
	case seed.Left:
		return "terminated"
	case seed.Starting:
		return "future"
	case seed.Odd:
		return "unknown"
	}
	switch {
	case p.End != "" && p.End < today:
		return "terminated"
	case p.End == "" && p.Hire > today:
		return "future"
	}
	return "active"
}
