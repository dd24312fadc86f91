package kenjo

import (
	"fmt"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that all sections together tell; who has no account is not shown.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	today := day.Format(time.DateOnly)
	r := wire.Record{}
	r.Set("externalId", personID(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("email", p.Email)
	r.Set("employmentStatus", canonicalStatus(p, today))
	r.Set("locale", language(p))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("gender", gender(p))
	r.Set("birthDate", p.Birth)
	r.Set("jobTitle", p.Title)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("office", p.Office.Name)
	r.Set("location", p.Office.Name)
	r.Set("startDate", p.Hire)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("country", p.Address.CountryCode)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("employmentType", chosen(contractsOf(p), today).kind)
	setDepartment(r, department(p))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", personID(p.ManagerID))
	}
	setCustom(r, p)
	return r
}

// setDepartment keeps the id where nothing has that id any more.
func setDepartment(r wire.Record, d seed.Unit) {
	if d.ID == 0 {
		return
	}
	r.Set("departmentId", hexID(ofDepartment, d.ID))
	r.Set("department", r["departmentId"])
	r.Set("department", d.Name)
}

// chosen is the contract that began last, or of those ahead the first.
func chosen(list []contract, today string) contract {
	best := contract{}
	for _, c := range list {
		begun, bestBegun := c.start <= today, best.start <= today
		switch {
		case best.start == "", begun && !bestBegun:
			best = c
		case begun == bestBegun && (c.start > best.start) == begun:
			best = c
		}
	}
	return best
}

func setCustom(r wire.Record, p seed.Employee) {
	c := p.Custom
	r.Set("custom.c_Badge", c.Badge)
	r.Set("custom.c_Languages", strings.Join(c.Languages, ", "))
	r.Set("custom.c_Hours", strings.TrimSuffix(c.Hours, ".0"))
	r.Set("custom.c_Anniversary", c.Anniversary)
	r.Set("custom.c_Building", c.Building.Name)
	r.Set("custom.c_Note", c.Note)
	if c.Bicycles != nil {
		r.Set("custom.c_Bicycles", fmt.Sprint(*c.Bicycles))
	}
	if c.OnSite != nil {
		r.Set("custom.c_Onsite", fmt.Sprint(*c.OnSite))
	}
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.Hire > today:
		return "future"
	case active(p) == "true":
		return "active"
	case active(p) == "false":
		return "terminated"
	}
	return "unknown"
}
