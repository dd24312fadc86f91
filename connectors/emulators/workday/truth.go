package workday

import (
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truthReport is the record that the report's columns tell.
func truthReport(p seed.Employee, today string) map[string]string {
	r := common(p, today)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("employmentType", strings.ReplaceAll(kinds[p.Type], "_", " "))
	r.Set("country", p.Address.CountryCode)
	r.Set("city", p.Address.City)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("addressLine1", p.Address.Line1)
	switch m := p.Manager(); {
	case p.ManagerID == 0 || p.OwnManager():
	case m == nil || m.Removed:
		r.Set("managerEmail", formerEmail)
	default:
		r.Set("managerEmail", m.Email)
		r.Set("managerId", wid(m.ID))
	}
	return r
}

// truthSOAP is the record that Get_Workers tells with every part included and the integration system named.
func truthSOAP(p seed.Employee, today string) map[string]string {
	r := common(p, today)
	r.Set("displayName", p.Name())
	r.Set("displayName", p.Preferred)
	r.Set("workPhone", phoneTold(p, p.WorkPhone))
	r.Set("mobilePhone", phoneTold(p, p.MobilePhone))
	r.Set("employmentType", kinds[p.Type])
	r.Set("division", p.Division)
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	if p.Office.ID != 0 {
		r.Set("locale", p.Language+"_"+p.Address.CountryCode)
		r.Set("addressLine1", p.Address.Line1)
		r.Set("addressLine2", p.Address.Line2)
		r.Set("city", p.Address.City)
		r.Set("region", p.Address.Region)
		r.Set("postalCode", p.Address.PostalCode)
		r.Set("country", p.Address.CountryCode)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", wid(p.ManagerID))
	}
	return r
}

func common(p seed.Employee, today string) wire.Record {
	r := wire.Record{}
	r.Set("externalId", wid(p.ID))
	r.Set("employeeNumber", workerID(p))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("departmentId", orgID("SUP", p.Department))
	r.Set("costCenter", costCentre(p).Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("location", p.Office.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", ends(p))
	r.Set("employmentStatus", canonicalStatus(p, today))
	for _, c := range customs(p) {
		r.Set("custom."+c.name, c.value)
	}
	return r
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	switch is := flagsOf(p); {
	case is.terminated:
		return "terminated"
	case p.Hire > today:
		return "future"
	case is.onLeave:
		return "on_leave"
	case is.active:
		return "active"
	case ends(p) != "" && ends(p) < today:
		return "terminated"
	}
	return "unknown"
}
