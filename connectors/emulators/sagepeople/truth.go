package sagepeople

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Truth is the canonical record by the sheet's Fields and Employment status, as the API itself tells it.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	for name, value := range map[string]string{
		"externalId": idOf(p.ID), "displayName": fullName(p), "firstName": p.First, "lastName": p.Last, "email": p.Email,
		"department": p.Department.Name, "startDate": p.Hire, "endDate": p.End, "jobTitle": p.Title, "employeeNumber": p.Number,
		"workPhone": p.WorkPhone, "personalEmail": p.PersonalEmail, "preferredName": p.Preferred, "division": p.Division,
		"custom.Skills__c": strings.Join(p.Custom.Languages, ", "), "custom.Badge__c": p.Custom.Badge, "custom.Building__c": p.Custom.Building.Name,
		"custom.Anniversary__c": p.Custom.Anniversary, "custom.Weekly_Hours__c": strings.TrimSuffix(p.Custom.Hours, ".0"), "custom.Note__c": p.Custom.Note,
		"employmentStatus": canonicalStatus(p, day.Format(time.DateOnly)),
	} {
		r.Set(name, value)
	}
	if unemployed(p) {
		delete(r, "endDate")
		delete(r, "jobTitle")
	}
	if p.Office.ID != 0 {
		for name, value := range map[string]string{"location": p.Office.Name, "addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2,
			"city": p.Address.City, "region": p.Address.Region, "postalCode": p.Address.PostalCode, "country": p.Address.Country} {
			r.Set(name, value)
		}
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", idOf(p.ManagerID))
	}
	if len(p.CostCentres) > 0 {
		r.Set("custom.Cost_Centre__c", p.CostCentres[0].Name)
	}
	if p.Custom.Bicycles != nil {
		r.Set("custom.Bicycles__c", strconv.Itoa(*p.Custom.Bicycles))
	}
	if p.Custom.OnSite != nil {
		r.Set("custom.On_Site__c", strconv.FormatBool(*p.Custom.OnSite))
	}
	return r
}

// canonicalStatus follows the sheet's rules in their order.
func canonicalStatus(p seed.Employee, today string) string {
	says := strings.ToLower(word(p))
	onLeave := strings.Contains(says, "leave") && !strings.Contains(says, "leaver")
	switch {
	case !unemployed(p) && p.Hire > today:
		return "future"
	case !unemployed(p) && (p.State == seed.Left || p.End != "" && p.End < today):
		return "terminated"
	case onLeave:
		return "on_leave"
	case !unemployed(p) || says == "current":
		return "active"
	case says == "leaver":
		return "terminated"
	}
	return "unknown"
}
