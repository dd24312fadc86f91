package hibob

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
		"externalId": idOf(p.ID), "firstName": p.First, "lastName": p.Last, "custom.middleName": p.Middle, "displayName": p.Name(),
		"email": p.Email, "photoUrl": p.Photo, "jobTitle": p.Title, "department": p.Department.Name, "location": p.Office.Name,
		"startDate": p.Hire, "endDate": p.End, "workPhone": p.WorkPhone, "mobilePhone": p.MobilePhone, "employmentType": p.Type,
		"custom.contract": contract(p), "personalEmail": p.PersonalEmail, "gender": p.Gender, "birthDate": p.Birth,
		"addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "city": p.Address.City, "postalCode": p.Address.PostalCode,
		"country": p.Address.Country, "region": p.Address.Region, "employmentStatus": canonicalStatus(p, day.Format(time.DateOnly)),
	} {
		r.Set(name, value)
	}
	r.Set("displayName", displayName(p))
	r.Set("employeeNumber", strings.TrimLeft(p.Number, "0"))
	if id, ok := departmentID(p.Department).(string); ok {
		r.Set("departmentId", id)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", idOf(p.ManagerID))
		if p.Manager() != nil {
			r.Set("managerEmail", p.Manager().Email)
		}
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	c := p.Custom
	if len(p.CostCentres) > 0 {
		r.Set("custom."+costCentre, p.CostCentres[0].Name)
	}
	r.Set("custom."+legalEntity, p.LegalEntity.Name)
	r.Set("custom."+facilities+"00", c.Badge)
	r.Set("custom."+facilities+"01", p.Number)
	r.Set("custom."+facilities+"02", c.Building.Name)
	r.Set("custom."+facilities+"03", strings.Join(c.Languages, ", "))
	r.Set("custom."+facilities+"04", c.Anniversary)
	r.Set("custom."+facilities+"06", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom."+facilities+"08", c.Note)
	if c.Bicycles != nil {
		r.Set("custom."+facilities+"05", strconv.Itoa(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom."+facilities+"07", strconv.FormatBool(*c.OnSite))
	}
}

// canonicalStatus follows the sheet's table.
func canonicalStatus(p seed.Employee, today string) string {
	word := lifecycleStatus(p)
	future := p.Hire > today
	switch {
	case word == "hired", word == "employed" && future:
		return "future"
	case word == "employed":
		return "active"
	case strings.Contains(word, "leave"):
		return "on_leave"
	case word == "terminated", word == "" && (p.State == seed.Left || p.End != "" && p.End < today):
		return "terminated"
	case word == "" && future:
		return "future"
	case word == "":
		return "active"
	}
	return "unknown"
}
