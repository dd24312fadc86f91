package boondmanager

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r, today := wire.Record{}, day.Format(time.DateOnly)
	start, end, status := employment(p, today)
	for name, value := range map[string]string{
		"externalId": strconv.Itoa(p.ID), "employeeNumber": p.Number, "firstName": p.First, "lastName": p.Last, "email": p.Email,
		"workPhone": p.WorkPhone, "mobilePhone": p.MobilePhone, "jobTitle": p.Title, "photoUrl": p.Photo, "legalEntity": p.LegalEntity.Name,
		"department": p.Department.Name, "birthDate": p.Birth, "addressLine1": p.Address.Line1 + "\n" + p.Address.Line2,
		"postalCode": p.Address.PostalCode, "city": p.Address.City, "region": p.Address.Region, "country": p.Address.Country,
		"startDate": start, "endDate": end, "employmentStatus": status,
	} {
		r.Set(name, value)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if k := kindOf(p); k >= 0 {
		r.Set("employmentType", kinds[k])
	}
	if c := civility(p); c >= 0 {
		r.Set("gender", civilities[c])
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	if !strings.HasPrefix(p.Photo, "https://") {
		delete(r, "photoUrl")
	}
	return r
}

// employment follows the sheet's rules: which contract counts, since when its chain runs, and what follows of it.
func employment(p seed.Employee, today string) (start, end, status string) {
	list := terms(p)
	at, planned := chosen(list, today)
	if at >= 0 {
		start, end = list[at].start, list[at].end
		for i := at; i > 0 && list[i-1].end != "" && list[i].start <= later(list[i-1].end, 1); i-- {
			start = list[i-1].start
		}
	}
	switch {
	case planned:
		return start, end, "future"
	case state(p) == left, at >= 0 && end != "" && end < today:
		return start, end, "terminated"
	case state(p) == away:
		return start, end, "on_leave"
	case at < 0 && state(p) < 0:
		return start, end, "unknown"
	}
	return start, end, "active"
}

// chosen is the place of the current contract, or else of the earliest planned one, or else of the last one; -1 for none.
func chosen(list []term, today string) (at int, planned bool) {
	at = len(list) - 1
	for i := len(list) - 1; i >= 0; i-- {
		if t := list[i]; t.start <= today && (t.end == "" || t.end >= today) {
			return i, false
		}
	}
	for i, t := range list {
		if t.start > today {
			return i, true
		}
	}
	return at, false
}
