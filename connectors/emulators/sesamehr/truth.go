package sesamehr

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that the list, the assignations, the managers and the contracts together tell.
func truth(p seed.Employee, today string) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for field, value := range map[string]string{
		"externalId": employeeID(p.ID), "employeeNumber": strings.TrimLeft(p.Number, "0"), "firstName": p.First, "lastName": p.Last, "email": p.Email,
		"personalEmail": p.PersonalEmail, "workPhone": p.WorkPhone, "mobilePhone": p.MobilePhone, "jobTitle": p.Title, "department": p.Department.Name,
		"office": p.Office.Name, "legalEntity": companyName, "gender": gender(p), "birthDate": p.Birth, "addressLine1": p.Address.Line1,
		"city": p.Address.City, "postalCode": p.Address.PostalCode, "region": p.Address.Region, "country": p.Address.CountryCode,
		"locale": locale(p), "photoUrl": p.Photo,
	} {
		r.Set(field, value)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", id("de900001", p.Department.ID))
	}
	if p.Office.ID != 0 {
		r.Set("timeZone", p.TimeZone)
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", employeeID(p.ManagerID))
	}
	setContract(r, p, today)
	for _, c := range customs {
		switch value := c.of(p).(type) {
		case nil:
		case []string:
			r.Set("custom."+c.slug, strings.Join(value, ", "))
		default:
			r.Set("custom."+c.slug, fmt.Sprint(value))
		}
	}
	return r
}

// setContract gives the first day of all contracts, the last one's end, and the kind of the one that counts.
func setContract(r wire.Record, p seed.Employee, today string) {
	first, latest := "", contract{}
	for _, c := range contracts(p) {
		if first == "" || c.start < first {
			first = c.start
		}
		if c.start > latest.start {
			latest = c
		}
	}
	r.Set("startDate", first)
	r.Set("endDate", latest.end)
	r.Set("employmentType", counting(contracts(p), today).kind)
	r.Set("employmentStatus", canonicalStatus(p, first, today))
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, first, today string) string {
	switch is := status(p); {
	case is == "inactive":
		return "terminated"
	case first > today:
		return "future"
	case is == "active":
		return "active"
	}
	return "unknown"
}
