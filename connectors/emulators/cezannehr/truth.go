package cezannehr

import (
	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table, of the row that counts. There are no custom fields by default.
func (e *emulator) truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
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
	r.Set("departmentId", unitCode(p.Department))
	r.Set("costCenter", costCentre(p))
	r.Set("location", p.Office.Name)
	r.Set("office", p.Office.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("employmentType", p.Type)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("gender", p.Gender)
	r.Set("birthDate", p.Birth)
	r.Set("employmentStatus", status(p, today))
	// A supervisor is a name only: it names somebody if one other person in the whole list has it.
	if m := p.Manager(); m != nil && !m.Removed && !p.OwnManager() && e.named[e.called(*m).Name()] == 1 {
		r.Set("managerId", id(m.ID))
	}
	return r
}

func status(p seed.Employee, today string) string {
	switch {
	case p.Hire > today:
		return "future"
	case p.End != "" && p.End < today, p.End == "" && p.State == seed.Left:
		return "terminated"
	case p.Hire == "":
		return "unknown"
	}
	return "active"
}
