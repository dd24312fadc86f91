package nmbrs

import (
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record that all lists of REST together tell.
func (e *emulator) truth(p seed.Employee, today string) map[string]string {
	r := e.personal(p)
	r.Set("externalId", guid("e1", p.ID))
	r.Set("jobTitle", p.Title)
	r.Set("employmentType", employeeType(p))
	if p.Department.ID != 0 {
		r.Set("departmentId", guid("c1", p.Department.ID))
	}
	if len(p.CostCentres) > 0 {
		most := slices.MaxFunc(p.CostCentres, func(a, b seed.Share) int { return a.Percent - b.Percent })
		code, _, _ := strings.Cut(most.Name, " ")
		r.Set("costCenter", code)
	}
	r.Set("addressLine1", strings.TrimSpace(p.Address.Line1+" "+p.Address.Line2))
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("country", p.Address.CountryCode)
	e.setManager(r, p)
	setDates(r, p, today)
	r.Set("employmentStatus", status(p, today))
	return r
}

// personal is what the names, contacts and companies of both APIs tell.
func (e *emulator) personal(p seed.Employee) wire.Record {
	r := wire.Record{}
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("birthDate", p.Birth)
	if p.Gender == "male" || p.Gender == "female" {
		r.Set("gender", p.Gender)
	}
	r.Set("department", p.Department.Name)
	r.Set("legalEntity", e.company(p).Name)
	return r
}

// setManager names the manager by his address, and by the employee who has that address.
func (e *emulator) setManager(r wire.Record, p seed.Employee) {
	if p.ManagerID == 0 || p.OwnManager() {
		return
	}
	email := "former.colleague@corp.example"
	if m := p.Manager(); m != nil {
		email = cardEmail(*m)
	}
	r.Set("managerEmail", email)
	if id := e.byEmail[strings.ToLower(email)]; id != 0 && id != p.ID {
		r.Set("managerId", guid("e1", id))
	}
}

// chosen is the employment that began last and not after today, or the earliest if none has begun.
func chosen(p seed.Employee, today string) (s stint, begun, ok bool) {
	for _, next := range stints(p) {
		starts := next.start <= today
		switch {
		case !ok, starts && !begun, starts && begun && next.start > s.start, !starts && !begun && next.start < s.start:
			s, begun, ok = next, starts, true
		}
	}
	return s, begun, ok
}

func setDates(r wire.Record, p seed.Employee, today string) {
	s, _, _ := chosen(p, today)
	r.Set("startDate", s.start)
	r.Set("endDate", s.end)
}

// status follows the sheet's rules in their order.
func status(p seed.Employee, today string) string {
	s, begun, ok := chosen(p, today)
	kind := employeeType(p)
	switch {
	case strings.HasPrefix(kind, "former") || s.end != "" && s.end < today:
		return "terminated"
	case kind == "onHold" && !ok:
		return "unknown"
	case !begun:
		return "future"
	}
	return "active"
}
