package eurecia

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truth is the record that the full record and the two trees tell.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", userID(p.ID))
	r.Set("employeeNumber", p.Number)
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("displayName", p.Name())
	r.Set("email", p.Email)
	r.Set("personalEmail", p.PersonalEmail)
	r.Set("gender", genders[p.Gender])
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	if p.Department.ID != 0 && p.ID%9 != 0 {
		r.Set("departmentId", "dep-"+strconv.Itoa(p.Department.ID))
	}
	r.Set("location", p.Office.Name)
	r.Set("workPhone", p.WorkPhone)
	r.Set("mobilePhone", p.MobilePhone)
	setAddress(r, p)
	r.Set("startDate", p.Hire)
	r.Set("endDate", p.End)
	r.Set("birthDate", p.Birth)
	r.Set("employmentType", contracts[p.Type])
	r.Set("timeZone", p.TimeZone)
	r.Set("locale", locales[p.Language])
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", userID(p.ManagerID))
		if p.Manager() != nil && !onlyManagerIDs(p) {
			r.Set("managerEmail", p.Manager().Email)
		}
	}
	r.Set("custom.professionalStatus", p.Custom.Badge)
	r.Set("custom.qualification", p.Custom.Building.Name)
	r.Set("custom.coefficient", coefficient(p))
	r.Set("custom.analyticCodeSuffix", largest(p.CostCentres))
	r.Set("custom.otherAccount", p.Division)
	r.Set("custom.additionalField1", p.Custom.Note)
	r.Set("custom.additionalField2", p.Custom.Anniversary)
	r.Set("custom.additionalField3", strings.Join(p.Custom.Languages, "; "))
	return r
}

func setAddress(r wire.Record, p seed.Employee) {
	r.Set("addressLine1", p.Address.Line1)
	if num, name := road(p); name != "" {
		r.Set("addressLine1", num+" "+name)
		r.Set("addressLine2", p.Address.Line2)
	}
	r.Set("postalCode", p.Address.PostalCode)
	r.Set("city", p.Address.City)
	r.Set("country", p.Address.CountryCode)
	r.Set("region", p.Address.Region)
}

// canonicalStatus follows the sheet's table in its order; leave is not in these calls.
func canonicalStatus(p seed.Employee, today string) string {
	switch {
	case p.End != "" && p.End < today || archived(p):
		return "terminated"
	case p.Hire > today:
		return "future"
	}
	return "active"
}
