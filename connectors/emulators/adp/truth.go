package adp

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table; money and percentages of the company's own fields are left out.
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
	r.Set("departmentId", departmentCode(p))
	r.Set("division", p.Division)
	r.Set("costCenter", costCentre(p).Name)
	r.Set("location", p.Office.Name)
	if !placedByUnit(p) {
		r.Set("office", p.Office.Name)
	}
	r.Set("legalEntity", company(p))
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentStatus", status(p, today))
	r.Set("employmentType", p.Type)
	r.Set("gender", genders[p.Gender][1])
	r.Set("addressLine1", p.Address.Line1)
	r.Set("addressLine2", p.Address.Line2)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	r.Set("locale", locale(p))
	r.Set("timeZone", p.TimeZone)
	r.Set("photoUrl", photo(p))
	if showsBirth(p) {
		r.Set("birthDate", p.Birth)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", id(p.ManagerID))
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.Badge", p.Custom.Badge)
	r.Set("custom.Note", p.Custom.Note)
	r.Set("custom.Office Building", p.Custom.Building.Name)
	r.Set("custom.Anniversary", p.Custom.Anniversary)
	r.Set("custom.Hours", strings.TrimSuffix(p.Custom.Hours, ".0"))
	if p.Custom.Bicycles != nil {
		r.Set("custom.Bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.On Site", strconv.FormatBool(*p.Custom.OnSite))
	}
}

// status follows the sheet's rules in their order.
func status(p seed.Employee, today string) string {
	switch {
	case p.Hire > today:
		return "future"
	case p.State == seed.Left || p.End != "" && p.End < today:
		return "terminated"
	case p.State == seed.OnLeave:
		return "on_leave"
	case p.State == seed.Odd:
		return "unknown"
	}
	return "active"
}
