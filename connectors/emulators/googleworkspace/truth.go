package googleworkspace

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record by the sheet's table. The record has no start, no end, no birth date and no managerId.
func truth(p seed.Employee) map[string]string {
	r := wire.Record{}
	r.Set("externalId", id(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("preferredName", p.Preferred)
	r.Set("email", address(p))
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("costCenter", costCentre(p))
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("employmentType", p.Type)
	r.Set("office", p.Office.Name)
	r.Set("locale", p.Language)
	r.Set("gender", gender(p))
	r.Set("photoUrl", p.Photo)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	_, land := country(p)
	r.Set("country", land)
	if !p.OwnManager() {
		r.Set("managerEmail", managerAddress(p))
	}
	r.Set("employmentStatus", status(p))
	setCustom(r, p)
	return r
}

// status: who is suspended and never signed in has not begun; everybody else who is suspended has left.
func status(p seed.Employee) string {
	switch p.State {
	case seed.Starting:
		return "future"
	case seed.Left, seed.Odd:
		return "terminated"
	}
	return "active"
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.orgUnitPath", unitPath(p))
	r.Set("custom.role", role(p))
	r.Set("custom.status", accountStatus(p))
	if p.State != seed.Starting {
		r.Set("custom.lastLoginTime", lastLogin)
	}
	r.Set("custom.Employment.hireDate", p.Hire)
	r.Set("custom.Employment.hours", strings.TrimSuffix(p.Custom.Hours, ".0"))
	r.Set("custom.Employment.projects", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.Facilities.badge", p.Custom.Badge)
	r.Set("custom.Facilities.building", p.Custom.Building.Name)
	r.Set("custom.Facilities.anniversary", p.Custom.Anniversary)
	r.Set("custom.Facilities.note", p.Custom.Note)
	if p.Custom.Bicycles != nil {
		r.Set("custom.Employment.bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.Facilities.onSite", strconv.FormatBool(*p.Custom.OnSite))
	}
}

func role(p seed.Employee) string {
	if isDelegated(p) {
		return "Delegated administrator"
	}
	return "User"
}

func accountStatus(p seed.Employee) string {
	switch {
	case isArchived(p):
		return "Archived"
	case isSuspended(p):
		return "Suspended"
	}
	return "Active"
}
