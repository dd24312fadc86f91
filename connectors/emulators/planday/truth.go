package planday

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that both lists and the details together tell.
func truth(p seed.Employee, today string) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for field, value := range map[string]string{
		"externalId": strconv.Itoa(p.ID), "employeeNumber": p.Number, "firstName": p.First, "lastName": p.Last, "email": p.Email,
		"mobilePhone": phone(p.MobilePhone, p.ID%4 == 0), "workPhone": phone(p.WorkPhone, p.ID%5 == 0), "jobTitle": p.Title,
		"department": p.Department.Name, "team": p.Team.Name, "employmentType": p.Type, "startDate": p.Hire, "endDate": p.End,
		"addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "postalCode": p.Address.PostalCode, "city": p.Address.City,
		"birthDate": p.Birth, "gender": gender(p), "employmentStatus": status(p, today),
		"custom.custom_90210": p.Custom.Badge, "custom.custom_90213": p.Custom.Anniversary, "custom.custom_90215": p.Custom.Note,
		"custom.custom_90214": strings.TrimSuffix(p.Custom.Hours, ".0"), "custom.custom_90216": p.Custom.Building.Name,
	} {
		r.Set(field, value)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	if p.Custom.Bicycles != nil {
		r.Set("custom.custom_90211", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.custom_90212", strconv.FormatBool(*p.Custom.OnSite))
	}
	return r
}

// phone puts prefix and number together where the record holds them apart.
func phone(number string, apart bool) string {
	if !apart || number == "" {
		return number
	}
	return number[:3] + strings.TrimSpace(number[3:])
}

// status follows the sheet: the list decides, then the day of hiring.
func status(p seed.Employee, today string) string {
	switch {
	case isDeactivated(p):
		return "terminated"
	case p.Hire > today:
		return "future"
	}
	return "active"
}
