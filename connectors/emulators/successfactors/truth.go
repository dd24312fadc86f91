package successfactors

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table of PerPerson.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", personID(p))
	r.Set("employeeNumber", personID(p))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("gender", genders[p.Gender])
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("birthDate", p.Birth)
	r.Set("locale", locales[p.Language])
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("custom.user.custom01", p.Number)
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	if p.State != seed.Starting {
		r.Set("displayName", p.Name())
	}
	setPhones(r, p)
	r.Set("timeZone", p.TimeZone)
	if !jobless(p) {
		setJob(r, p)
	}
	return r
}

func setPhones(r wire.Record, p seed.Employee) {
	country, area, number := split(p.WorkPhone)
	r.Set("workPhone", joined(country, area, number, extension(p)))
	country, number = mobile(p)
	r.Set("mobilePhone", joined(country, number))
}

// joined writes the parts of a number with blanks between, and the sign before a country.
func joined(country string, rest ...string) string {
	text := ""
	if country != "" {
		text = "+" + country
	}
	for _, part := range rest {
		text = strings.TrimSpace(text + " " + part)
	}
	return text
}

// setJob is what only a job record tells.
func setJob(r wire.Record, p seed.Employee) {
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	if p.Department.Name == "Engineering" {
		r.Set("department", "Technik")
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	r.Set("division", p.Division)
	r.Set("custom.businessUnit", p.Team.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("costCenter", largest(p.CostCentres).Name)
	r.Set("location", p.Office.Name)
	if p.Office.ID != 0 && hasAddress(p) {
		r.Set("addressLine1", p.Address.Line1)
		r.Set("addressLine2", p.Address.Line2)
		r.Set("city", p.Address.City)
		r.Set("region", p.Address.Region)
		r.Set("postalCode", p.Address.PostalCode)
		r.Set("country", countries[p.Address.CountryCode])
	}
	r.Set("employmentType", p.Type)
	if p.Type != "" && byClass(p) {
		r.Set("employmentType", "Class "+p.Type)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
		if m := p.Manager(); m != nil {
			r.Set("managerId", personID(*m))
			if m.Removed {
				r.Set("managerId", userID(*m))
			}
		}
	}
	setCustom(r, p.Custom)
}

func setCustom(r wire.Record, c seed.Custom) {
	r.Set("custom.empJob.customString1", c.Badge)
	r.Set("custom.empJob.customString2", c.Building.Name)
	r.Set("custom.empJob.customString3", strings.Join(c.Languages, " / "))
	r.Set("custom.empJob.customString4", c.Note)
	r.Set("custom.empJob.customDouble1", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom.empJob.customDate1", c.Anniversary)
	if c.Bicycles != nil {
		r.Set("custom.empJob.customLong1", strconv.Itoa(*c.Bicycles))
	}
}

// canonicalStatus follows the sheet's rules; whoever left is gone the day after his last one.
func canonicalStatus(p seed.Employee, today string) string {
	code := statusCode(p)
	switch {
	case p.Hire == "":
		return "future"
	case jobless(p):
		return "terminated"
	case p.Hire > today:
		return "future"
	case p.End != "" && p.End < today || code == "RNS":
		return "terminated"
	case code == "A":
		return "active"
	case slices.Contains([]string{"U", "P", "S", "F", "D"}, code):
		return "on_leave"
	}
	return "unknown"
}
