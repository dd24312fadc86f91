package youforce

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// employment is one of a person's; those before and beside the present one are of another unit and another job.
type employment struct {
	code      string
	hire, end string
	main      bool
}

func employmentsOf(p seed.Employee) []employment {
	if p.Hire == "" || p.State == seed.Odd {
		return nil
	}
	end := p.End
	if end == "" {
		end = p.ContractEnd
	}
	all := []employment{{code: personCode(p.ID) + "-1", hire: p.Hire, end: end, main: true}}
	for _, j := range p.Earlier {
		all = append(all, employment{code: personCode(p.ID) + "-2", hire: j.Start, end: j.End})
	}
	if p.ID%11 == 0 && p.State == seed.Working && p.End == "" {
		all = append(all, employment{code: personCode(p.ID) + "-3", hire: "2001-01-01"})
	}
	return all
}

var kinds = []string{"Full-Time", "Part-Time", "Contractor", "Intern"}

// typeOf is an employment's type, as code and as name; every eighth has a code only.
func typeOf(p seed.Employee, e employment) (code, name string) {
	at := slices.Index(kinds, p.Type)
	switch {
	case !e.main:
		return "9", "Second job"
	case at < 0:
		return "", ""
	case p.ID%8 == 0:
		return strconv.Itoa(at + 1), ""
	}
	return strconv.Itoa(at + 1), kinds[at]
}

func (e *emulator) employments(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		for i, m := range employmentsOf(p) {
			list = append(list, func() any { return e.employmentRow(p, m, i) })
		}
	}
	return list
}

func (e *emulator) employmentRow(p seed.Employee, m employment, n int) wire.Object {
	o := wire.Object{
		"id": fmt.Sprint(p.ID*10 + n), "personCode": personCode(p.ID), "personId": personID(p), "employmentCode": m.code, "contractCode": fmt.Sprint(n + 1),
		"hireDate": m.hire, "payrollClientCode": "20001", "workingAmount": workingAmount(), "validFrom": m.hire, "validUntil": open,
	}
	code, name := typeOf(p, m)
	put(o, "employmentType", code, p)
	put(o, "employmentTypeName", name, p)
	if m.end != "" {
		o["dischargeDate"] = m.end
	}
	if !m.main {
		o["organizationUnit"], o["company"], o["costCenter"] = headOffice, "Another company", "9999"
		return o
	}
	put(o, "organizationUnit", unitOf(p), p)
	put(o, "jobProfile", e.profiles[p.Title], p)
	put(o, "company", p.LegalEntity.Name, p)
	if len(p.CostCentres) > 0 {
		o["costCenter"], _ = split(p.CostCentres[0])
	}
	return o
}

func workingAmount() wire.Object {
	return wire.Object{"amountOfWork": 36.0, "unit": "Hours", "periodOfWork": "Week", "parttimePercentage": 100.0}
}

func split(s seed.Share) (code, name string) {
	code, name, _ = strings.Cut(s.Name, " ")
	return code, name
}

func (e *emulator) assignments(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		if p.Department.ID != 0 && p.ID%9 == 0 {
			list = append(list, func() any {
				return wire.Object{"id": fmt.Sprint(p.ID), "personCode": personCode(p.ID), "employmentCode": personCode(p.ID) + "-1", "startDate": "2016-09-01",
					"endDate": open, "isActive": true, "organizationUnit": headOffice, "jobProfile": "900", "costCenter": "9999", "workingAmount": workingAmount()}
			})
		}
	}
	return list
}

// allocated is false for every fourth person, of whose costs only the employment tells.
func allocated(p seed.Employee) bool { return p.ID%4 != 0 }

// allocations are the shares of cost centres; some centres have no name.
func (e *emulator) allocations(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		if !allocated(p) || len(employmentsOf(p)) == 0 {
			continue
		}
		for i, s := range p.CostCentres {
			list = append(list, func() any {
				code, name := split(s)
				o := wire.Object{"id": fmt.Sprint(p.ID*10 + i), "personCode": personCode(p.ID), "employmentCode": personCode(p.ID) + "-1",
					"costCenterCode": code, "percentage": float64(s.Percent), "startDate": "2008-01-01", "endDate": open}
				if p.ID%7 != 0 {
					o["costCenterName"] = name
				}
				return o
			})
		}
	}
	return list
}

// extra is one of the customer's own fields; without an alias it is known by its code.
type extra struct {
	code, alias string
	of          func(p seed.Employee) string
}

func (x extra) key() string {
	if x.alias == "" {
		return x.code
	}
	return x.alias
}

var extras = []extra{
	{"VR001", "BadgeNumber", func(p seed.Employee) string { return p.Custom.Badge }},
	{"VR002", "Building", func(p seed.Employee) string {
		if p.Custom.Building.ID == 0 {
			return ""
		}
		return strconv.Itoa(p.Custom.Building.ID)
	}},
	{"VR003", "", func(p seed.Employee) string { return p.Custom.Anniversary }},
	{"VR004", "Languages", func(p seed.Employee) string { return strings.Join(p.Custom.Languages, ", ") }},
	{"VR005", "Bicycles", func(p seed.Employee) string {
		if p.Custom.Bicycles == nil {
			return ""
		}
		return strconv.Itoa(*p.Custom.Bicycles)
	}},
	{"VR006", "OnSite", func(p seed.Employee) string {
		if p.Custom.OnSite == nil {
			return ""
		}
		return strconv.FormatBool(*p.Custom.OnSite)
	}},
	{"VR007", "Note", func(p seed.Employee) string { return p.Custom.Note }},
}

// personExtras are the customer's fields of the people; the building is a code, which is explained beside it.
func (e *emulator) personExtras(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		for _, x := range extras {
			if value := x.of(p); value != "" {
				list = append(list, func() any {
					o := wire.Object{"personCode": personCode(p.ID), "bo4FieldCode": x.code, "value": value}
					if x.alias != "" {
						o["fieldNameAlias"] = x.alias
					}
					if x.code == "VR002" {
						o["description"] = p.Custom.Building.Name
					}
					return o
				})
			}
		}
	}
	return list
}

// employmentExtras are the customer's fields of the employments: the hours, which the second jobs have too.
func (e *emulator) employmentExtras(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		for _, m := range employmentsOf(p) {
			if value := hours(p, m); value != "" {
				list = append(list, func() any {
					return wire.Object{"personCode": personCode(p.ID), "employmentCode": m.code, "bo4FieldCode": "VR101", "fieldNameAlias": "WeeklyHours",
						"value": value, "description": "Hours a week"}
				})
			}
		}
	}
	return list
}

func hours(p seed.Employee, m employment) string {
	if !m.main {
		return "4"
	}
	return strings.TrimSuffix(p.Custom.Hours, ".0")
}
