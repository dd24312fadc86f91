package lucca

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table.
func truth(p seed.Employee, today string) map[string]string {
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", displayName(p))
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("birthDate", p.Birth)
	r.Set("addressLine1", home(p))
	r.Set("employmentStatus", status(p, today))
	if g := gender(p); g != "Undefined" {
		r.Set("gender", g)
	}
	if c := culture(p); c.ID != 1053 {
		r.Set("locale", c.Name)
	}
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	if p.Photo != "" {
		address, there := picture(p)["href"].(string)
		if !there {
			address, _ = picture(p)["url"].(string)
		}
		r.Set("photoUrl", address)
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.e_badge", p.Custom.Badge)
	r.Set("custom.e_batiment", p.Custom.Building.Name)
	r.Set("custom.e_langues", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.e_anniversaire", p.Custom.Anniversary)
	r.Set("custom.e_heures", strings.TrimSuffix(p.Custom.Hours, ".0"))
	r.Set("custom.e_note", p.Custom.Note)
	if p.Custom.Bicycles != nil {
		r.Set("custom.e_velos", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.e_teletravail", strconv.FormatBool(*p.Custom.OnSite))
	}
}

// status is told by the dates alone.
func status(p seed.Employee, today string) string {
	switch {
	case p.End != "" && p.End < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	case p.Hire == "":
		return "unknown"
	}
	return "active"
}
