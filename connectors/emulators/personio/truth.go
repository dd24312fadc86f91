package personio

import (
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// truthV1 is the canonical record by the sheet's table of v1.
func truthV1(p seed.Employee, day time.Time) map[string]string {
	r := common(p, day)
	r.Set("gender", p.Gender)
	r.Set("employmentType", employmentType(p))
	r.Set("office", p.Office.Name)
	r.Set("custom.dynamic_33101", p.Number)
	r.Set("custom.dynamic_33102", p.WorkPhone)
	r.Set("custom.dynamic_33103", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.dynamic_33104", p.Custom.Anniversary)
	r.Set("custom.dynamic_33105", p.Custom.Building.Name)
	r.Set("custom.dynamic_33107", strings.TrimSuffix(p.Custom.Hours, ".0"))
	r.Set("custom.dynamic_33108", p.Custom.Note)
	setBicycles(r, p)
	if p.ManagerID != 0 && !p.OwnManager() && p.Manager() != nil {
		r.Set("managerEmail", p.Manager().Email)
	}
	return r
}

// truthV2 is the canonical record as far as v2 tells it: no office name, no manager's address, and words in capitals.
func truthV2(p seed.Employee, day time.Time) map[string]string {
	r := common(p, day)
	r.Set("gender", genderV2(p))
	r.Set("employmentType", strings.ToUpper(employmentType(p)))
	r.Set("custom.dynamic_33101", p.Number)
	r.Set("custom.dynamic_33103", strings.Join(p.Custom.Languages, ", "))
	r.Set("custom.dynamic_33104", p.Custom.Anniversary)
	r.Set("custom.dynamic_33107", strings.TrimSuffix(p.Custom.Hours, ".0"))
	setBicycles(r, p)
	if p.Custom.OnSite != nil {
		r.Set("custom.dynamic_33109", strconv.FormatBool(*p.Custom.OnSite))
	}
	return r
}

// common is what both APIs tell in the same words.
func common(p seed.Employee, day time.Time) wire.Record {
	r := wire.Record{}
	r.Set("externalId", strconv.Itoa(p.ID))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("preferredName", p.Preferred)
	r.Set("email", p.Email)
	r.Set("jobTitle", p.Title)
	r.Set("department", p.Department.Name)
	r.Set("team", p.Team.Name)
	r.Set("legalEntity", p.LegalEntity.Name)
	r.Set("costCenter", largest(p.CostCentres))
	r.Set("startDate", p.Hire)
	r.Set("photoUrl", pictureURL(p))
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	r.Set("endDate", p.ContractEnd)
	r.Set("endDate", p.End)
	if p.Department.ID != 0 {
		r.Set("departmentId", strconv.Itoa(p.Department.ID))
	}
	if p.ManagerID != 0 && !p.OwnManager() {
		r.Set("managerId", strconv.Itoa(p.ManagerID))
	}
	return r
}

func setBicycles(r wire.Record, p seed.Employee) {
	if p.Custom.Bicycles != nil {
		r.Set("custom.dynamic_33106", strconv.Itoa(*p.Custom.Bicycles))
	}
}

func largest(list []seed.Share) string {
	best := seed.Share{}
	for _, s := range list {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

// canonicalStatus follows the sheet's table.
func canonicalStatus(p seed.Employee, today string) string {
	switch status(p) {
	case "active":
		return activeOr("future", p.Hire > today)
	case "onboarding":
		return activeOr("future", p.Hire > today || p.Hire == "")
	case "leave":
		return "on_leave"
	case "inactive":
		return "terminated"
	}
	return "unknown"
}

func activeOr(other string, is bool) string {
	if is {
		return other
	}
	return "active"
}
