package paylocity

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truthNextGen is the canonical record by the sheet's table of NextGen. Who is nothing but a name has no work location.
func truthNextGen(p seed.Employee, day time.Time) map[string]string {
	r := common(p, day)
	r.Set("displayName", p.Last+", "+p.First)
	r.Set("mobilePhone", digits(p.MobilePhone))
	r.Set("workPhone", digits(p.WorkPhone))
	if p.Office.ID != 0 {
		r.Set("location", strings.TrimSuffix(p.Office.Name+", "+p.Address.Region, ", "))
	}
	return r
}

// truthWebLink is the canonical record by the sheet's list of WebLink, which alone has custom fields.
func truthWebLink(p seed.Employee, day time.Time) map[string]string {
	r := common(p, day)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("workPhone", p.WorkPhone)
	r.Set("location", p.Office.Name)
	r.Set("custom.Badge", p.Custom.Badge)
	r.Set("custom.Languages", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.Note", p.Custom.Note)
	r.Set("custom.Anniversary", p.Custom.Anniversary)
	r.Set("custom.Building", p.Custom.Building.Name)
	r.Set("custom.Hours", strings.TrimSuffix(p.Custom.Hours, ".0"))
	if p.Custom.Bicycles != nil {
		r.Set("custom.Bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.OnSite", strconv.FormatBool(*p.Custom.OnSite))
	}
	return r
}

// common is what both families tell.
func common(p seed.Employee, day time.Time) wire.Record {
	r := wire.Record{}
	for name, value := range map[string]string{
		"externalId": idOf(p.ID), "employeeNumber": idOf(p.ID), "legalEntity": company, "firstName": p.First, "lastName": p.Last,
		"custom.middleName": p.Middle, "preferredName": p.Preferred, "email": p.Email, "personalEmail": p.PersonalEmail, "jobTitle": p.Title,
		"addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "city": p.Address.City, "region": p.Address.Region,
		"postalCode": p.Address.PostalCode, "country": p.Address.CountryCode, "startDate": p.Hire, "birthDate": p.Birth, "gender": p.Gender,
		"department": p.Department.Name, "division": p.Division, "employmentType": employeeTypes[p.Type],
		"employmentStatus": canonicalStatus(p, day.Format(time.DateOnly)),
	} {
		r.Set(name, value)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if len(p.CostCentres) > 0 {
		r.Set("costCenter", p.CostCentres[0].Name)
	}
	if p.State == seed.Left {
		r.Set("endDate", p.End)
	}
	if p.ManagerID != 0 && !p.OwnManager() && p.ID%29 != 0 {
		r.Set("managerId", idOf(p.ManagerID))
	}
	return r
}

func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.State == seed.Left:
		return "terminated"
	case p.State == seed.OnLeave:
		return "on_leave"
	case p.State == seed.Odd:
		return "unknown"
	case p.Hire > today:
		return "future"
	}
	return "active"
}
