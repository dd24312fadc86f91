package catalystone

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record of a person's first profile by the sheet's table.
func truth(p seed.Employee, today string) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", guid("a100", p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	setDepartment(r, p)
	r.Set("location", p.Office.Name)
	r.Set("office", office(p))
	r.Set("country", p.Address.Country)
	r.Set("gender", gender(p))
	r.Set("birthDate", p.Birth)
	r.Set("startDate", hired(p))
	r.Set("endDate", p.End)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("employmentType", p.Type)
	r.Set("costCenter", costCentre(p))
	r.Set("employmentStatus", status(p, today))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", guid("a100", p.ManagerID))
	}
	for _, c := range customs {
		r.Set("custom."+strconv.Itoa(c.number), c.of(p))
	}
	return r
}

func setDepartment(r wire.Record, p seed.Employee) {
	if p.Department.ID == 0 {
		return
	}
	r.Set("department", p.Department.Name)
	r.Set("departmentId", guid("c300", p.Department.ID))
	r.Set("department", ownDepartment(p))
	r.Set("departmentId", ownNumber(p))
}

// status follows the sheet's rules in their order.
func status(p seed.Employee, today string) string {
	is := strings.ToLower(word(p))
	switch {
	case hired(p) > today:
		return "future"
	case p.End != "" && p.End < today || strings.Contains(is, "terminated"):
		return "terminated"
	case strings.Contains(is, "leave") && !strings.Contains(is, "leaver"):
		return "on_leave"
	case hired(p) != "" || is == "active":
		return "active"
	}
	return "unknown"
}
