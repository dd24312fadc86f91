package youforce

import (
	"slices"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that people, employments, units, roles, cost allocations and extensions together tell.
func (e *emulator) truth(p seed.Employee, today string) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for _, f := range [][2]string{
		{"externalId", personCode(p.ID)}, {"employeeNumber", personCode(p.ID)}, {"firstName", initials(p)}, {"firstName", knownAs(p)},
		{"firstName", firstNames(p)}, {"preferredName", knownAs(p)}, {"lastName", p.Last}, {"gender", gender(p)}, {"birthDate", p.Birth},
		{"email", p.Email}, {"personalEmail", p.PersonalEmail}, {"workPhone", p.WorkPhone}, {"mobilePhone", p.MobilePhone}, {"employmentStatus", "unknown"},
	} {
		r.Set(f[0], f[1])
	}
	for _, x := range extras {
		r.Set("custom."+x.key(), x.of(p))
	}
	if m, ok := counting(employmentsOf(p), today); ok {
		e.setEmployment(r, p, m, today)
	}
	return r
}

func (e *emulator) setEmployment(r wire.Record, p seed.Employee, m employment, today string) {
	code, name := typeOf(p, m)
	r.Set("startDate", m.hire)
	r.Set("endDate", m.end)
	r.Set("employmentType", code)
	r.Set("employmentType", name)
	r.Set("employmentStatus", status(m, today))
	r.Set("custom.WeeklyHours", hours(p, m))
	if !m.main {
		r.Set("departmentId", headOffice)
		r.Set("department", "Directie")
		r.Set("legalEntity", "Another company")
		r.Set("costCenter", "9999")
		return
	}
	r.Set("departmentId", unitOf(p))
	r.Set("department", p.Department.Name)
	r.Set("jobTitle", p.Title)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("costCenter", costCentre(p))
	if p.Department.ID != 0 && p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", personCode(p.ManagerID))
	}
}

func status(m employment, today string) string {
	switch {
	case m.hire > today:
		return "future"
	case m.end != "" && m.end < today:
		return "terminated"
	}
	return "active"
}

// counting is the employment of today with the latest hire date, else the next ahead, else the last one.
func counting(all []employment, today string) (m employment, ok bool) {
	for _, want := range []string{"active", "future", "terminated"} {
		for _, next := range all {
			later := next.hire > m.hire
			if status(next, today) == want && (!ok || later == (want != "future")) {
				m, ok = next, true
			}
		}
		if ok {
			return m, true
		}
	}
	return employment{}, false
}

func costCentre(p seed.Employee) string {
	if len(p.CostCentres) == 0 {
		return ""
	}
	if !allocated(p) {
		code, _ := split(p.CostCentres[0])
		return code
	}
	code, name := split(slices.MaxFunc(p.CostCentres, func(a, b seed.Share) int { return a.Percent - b.Percent }))
	if p.ID%7 == 0 {
		return code
	}
	return name
}
