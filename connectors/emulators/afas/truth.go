package afas

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that the present employment, the chart and the employers together tell.
func (e *emulator) truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", employeeID(p.ID))
	r.Set("employeeNumber", employeeID(p.ID))
	r.Set("firstName", p.First)
	r.Set("lastName", lastName(p))
	r.Set("email", p.Email)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", ends(p))
	r.Set("employmentStatus", canonicalStatus(p, today))
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("country", p.Address.CountryCode)
	r.Set("addressLine1", strings.TrimSpace(p.Address.Line1+" "+p.Address.Line2))
	unit, unitName := e.unitOf(p)
	r.Set("departmentId", unit)
	r.Set("department", unitName)
	_, words := kindOf(p)
	r.Set("employmentType", words)
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", employeeID(p.ManagerID))
	}
	for _, f := range frees {
		value := f.of(p)
		if value == nil {
			continue
		}
		text := fmt.Sprint(value)
		switch f.kind {
		case "date":
			text = text[:len("2006-01-02")]
		case "decimal":
			text = strings.TrimSuffix(text, ".0")
		}
		r.Set("custom."+f.id, text)
	}
	return r
}

// lastName is the family name in the way in which the person uses it.
func lastName(p seed.Employee) string {
	prefix, name := partner(p)
	birth, theirs := strings.TrimSpace(birthPrefix(p)+" "+p.Last), strings.TrimSpace(prefix+" "+name)
	switch nameUse(p) {
	case "1":
		return theirs + "-" + birth
	case "2":
		return theirs
	case "3":
		return birth + "-" + theirs
	}
	return birth
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	end := ends(p)
	switch {
	case deceased(p) != "" || end != "" && end < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	case p.Hire != "":
		return "active"
	}
	return "unknown"
}
