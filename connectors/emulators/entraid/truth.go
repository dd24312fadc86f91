package entraid

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the canonical record; guests are no employees. Whoever was removed is shown for thirty days, without his manager.
func truth(p seed.Employee, day time.Time) map[string]string {
	if isGuest(p) {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", userID(p.ID))
	r.Set("email", principalName(p))
	r.Set("email", p.Email)
	r.Set("displayName", displayName(p))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("employeeNumber", p.Number)
	r.Set("employmentType", p.Type)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("division", p.Division)
	r.Set("costCenter", costCentre(p))
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("office", p.Office.Name)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	r.Set("addressLine1", p.Address.Line1)
	r.Set("city", p.Address.City)
	r.Set("region", p.Address.Region)
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("country", p.Address.CountryCode)
	r.Set("locale", language(p))
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	if p.ManagerID != 0 && !p.OwnManager() && !p.Removed {
		r.Set("managerId", userID(p.ManagerID))
	}
	setCustom(r, p)
	return r
}

func setCustom(r wire.Record, p seed.Employee) {
	r.Set("custom.userPrincipalName", principalName(p))
	r.Set("custom.accountEnabled", strconv.FormatBool(enabled(p)))
	r.Set("custom.userType", userType(p))
	own := "custom." + extensionPrefix
	r.Set(own+"badge", p.Custom.Badge)
	r.Set(own+"building", p.Custom.Building.Name)
	r.Set(own+"anniversary", p.Custom.Anniversary)
	r.Set(own+"languages", strings.Join(p.Custom.Languages, ", "))
	r.Set(own+"hours", p.Custom.Hours)
	if p.Custom.Bicycles != nil {
		r.Set(own+"bicycles", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set(own+"onSite", strconv.FormatBool(*p.Custom.OnSite))
	}
	if p.Void != seed.Missing {
		r.Set("custom.extensionAttribute1", p.Team.Name)
		r.Set("custom.extensionAttribute2", shortened(p.Custom.Note))
	}
}

// canonicalStatus follows the sheet: of those who are disabled the leave date tells who left and who is suspended only.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.Removed:
		return "terminated"
	case p.Hire > today:
		return "future"
	case enabled(p):
		return "active"
	case p.End != "" && p.End < today:
		return "terminated"
	}
	return "on_leave"
}
