package kallidus

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the sheet's Fields, Custom fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for name, value := range map[string]string{
		"externalId": guid(p.ID), "firstName": p.First, "lastName": p.Last, "preferredName": p.Preferred, "email": p.Email,
		"personalEmail": p.PersonalEmail, "mobilePhone": p.MobilePhone, "jobTitle": p.Title, "department": p.Department.Name,
		"division": p.Division, "location": p.Office.Name, "startDate": p.Hire, "endDate": p.End, "employmentType": p.Type,
		"birthDate": p.Birth, "gender": p.Gender, "addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "city": p.Address.City,
		"region": p.Address.Region, "postalCode": p.Address.PostalCode, "country": p.Address.Country, "photoUrl": p.Photo,
		"custom.staff_number": p.Number, "custom.badge_number": p.Custom.Badge, "custom.building": p.Custom.Building.Name,
		"custom.languages": strings.Join(p.Custom.Languages, ", "), "custom.work_anniversary": p.Custom.Anniversary,
		"custom.weekly_hours": strings.TrimSuffix(p.Custom.Hours, ".0"), "custom.notes": p.Custom.Note,
		"employmentStatus": canonicalStatus(p, day.Format(time.DateOnly)),
	} {
		r.Set(name, value)
	}
	if p.Department.ID != 0 && p.ID%3 == 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", guid(p.ManagerID))
		if m := p.Manager(); m != nil && p.ID%4 == 1 {
			r.Set("managerEmail", m.Email)
		}
	}
	if p.Custom.Bicycles != nil {
		r.Set("custom.bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.on_site", strconv.FormatBool(*p.Custom.OnSite))
	}
	return r
}

// canonicalStatus follows the sheet's rules in their order; leave is not in the record.
func canonicalStatus(p seed.Employee, today string) string {
	over := p.End != "" && p.End < today
	switch {
	case p.Hire > today && !over:
		return "future"
	case p.State == seed.Left || over:
		return "terminated"
	case p.Hire == "" && state(p) != "active":
		return "unknown"
	}
	return "active"
}
