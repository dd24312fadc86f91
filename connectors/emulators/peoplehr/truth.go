package peoplehr

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func (e *emulator) truth(p seed.Employee, today string) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", employeeID(p.ID))
	r.Set("employeeNumber", employeeID(p.ID))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("addressLine1", address(p))
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("location", p.Office.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("employmentType", p.Type)
	r.Set("birthDate", p.Birth)
	r.Set("gender", gender(p))
	r.Set("employmentStatus", canonicalStatus(p, today))
	if strings.HasPrefix(p.Photo, "https://") {
		r.Set("photoUrl", p.Photo)
	}
	for i, value := range columns(p) {
		r.Set(fmt.Sprintf("custom.APIColumn%d", i+1), value)
	}
	e.setManager(r, p)
	return r
}

// setManager finds the manager of an older record by his name, if only one person has it.
func (e *emulator) setManager(r wire.Record, p seed.Employee) {
	switch {
	case p.ManagerID == 0 || p.OwnManager():
	case !isOlder(p):
		r.Set("managerId", employeeID(p.ManagerID))
		r.Set("managerEmail", managerEmail(p))
	case e.namesakes(p.Manager().Name()) == 1 && !p.Manager().Removed:
		r.Set("managerId", employeeID(p.ManagerID))
	}
}

func (e *emulator) namesakes(name string) int {
	e.counting.Do(func() {
		e.names = map[string]int{}
		for _, p := range e.Living() {
			e.names[p.Name()]++
		}
	})
	return e.names[name]
}

// canonicalStatus follows the sheet's rules in their order; leave is not in the record.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.End != "" && p.End < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	case p.Hire != "":
		return "active"
	}
	return "unknown"
}
