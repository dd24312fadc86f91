package iriscascade

import (
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the sheet's Fields, the job chosen by its Quirks, and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for name, value := range map[string]string{
		"externalId": guid(p.ID), "employeeNumber": p.Number, "firstName": p.First, "lastName": p.Last, "preferredName": p.Preferred,
		"email": p.Email, "personalEmail": p.PersonalEmail, "workPhone": p.WorkPhone, "mobilePhone": p.MobilePhone,
		"addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "city": p.Address.City, "region": p.Address.Region,
		"postalCode": p.Address.PostalCode, "startDate": p.Hire, "endDate": p.End, "birthDate": p.Birth, "gender": p.Gender,
		"jobTitle": p.Title, "department": p.Department.Name, "employmentType": p.Type,
		"employmentStatus": canonicalStatus(p, day.Format(time.DateOnly)),
	} {
		r.Set(name, value)
	}
	if len(p.CostCentres) > 0 {
		r.Set("costCenter", p.CostCentres[0].Name)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", nodeID(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", guid(p.ManagerID))
	}
	return r
}

func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.End != "" && p.End < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	case p.Hire == "":
		return "unknown"
	}
	return "active"
}
