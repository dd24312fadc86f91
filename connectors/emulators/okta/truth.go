package okta

import (
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record; whoever was removed has been deleted and is not shown.
func truth(p seed.Employee) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", userID(p.ID))
	r.Set("email", login(p))
	r.Set("email", p.Email)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("preferredName", p.Preferred)
	r.Set("displayName", p.Name())
	r.Set("jobTitle", p.Title)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("workPhone", p.WorkPhone)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	r.Set("locale", locale(p))
	r.Set("timeZone", p.TimeZone)
	r.Set("employmentType", p.Type)
	r.Set("employeeNumber", p.Number)
	r.Set("costCenter", costCentre(p))
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("division", p.Division)
	r.Set("department", p.Department.Name)
	r.Set("employmentStatus", canonicalStatus(p))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", userID(p.ManagerID))
	}
	setCustom(r, p)
	setAccount(r, p)
	return r
}

// setAccount is what the account itself tells; who was never activated has not signed in.
func setAccount(r wire.Record, p seed.Employee) {
	r.Set("custom.login", login(p))
	r.Set("custom.status", status(p))
	if at, ok := user(p)["lastLogin"].(string); ok {
		r.Set("custom.lastLogin", at)
	}
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.middleName", p.Middle)
	r.Set("custom.preferredLanguage", p.Language)
	r.Set("custom.hireDate", p.Hire)
	r.Set("custom.badge", p.Custom.Badge)
	r.Set("custom.building", p.Custom.Building.Name)
	r.Set("custom.note", p.Custom.Note)
	r.Set("custom.languages", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.hours", strings.TrimSuffix(p.Custom.Hours, ".0"))
	if p.Custom.Bicycles != nil {
		r.Set("custom.bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.onSite", strconv.FormatBool(*p.Custom.OnSite))
	}
}

// canonicalStatus follows the sheet's table; Okta knows nobody whose status is unknown.
func canonicalStatus(p seed.Employee) string {
	switch p.State {
	case seed.Starting:
		return "future"
	case seed.Left:
		return "terminated"
	case seed.OnLeave, seed.Odd:
		return "on_leave"
	}
	return "active"
}
