package hibob

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
)

// field is one of Bob's fields: its entry among the metadata, and how to read its raw value and its text from a person.
type field struct {
	id, name, kind, list string
	raw                  func(e *emulator, p seed.Employee) any
	text                 func(p seed.Employee) string // nil: the raw value as a person would write it
}

const (
	costCentre  = "work.customColumns.column_1655996461265"
	legalEntity = "work.custom.field_1712045678901"
	facilities  = "category_1655900000001.field_16559964613"
)

// of reads a text from a person; an empty one is no value.
type of = func(p seed.Employee) string

var catalogue = []field{
	plain("root.id", "Employee ID", func(p seed.Employee) string { return idOf(p.ID) }),
	plain("root.firstName", "First name", func(p seed.Employee) string { return p.First }),
	plain("root.surname", "Last name", func(p seed.Employee) string { return p.Last }),
	plain("root.secondName", "Middle name", func(p seed.Employee) string { return p.Middle }),
	plain("root.displayName", "Display name", displayName),
	plain("root.fullName", "Full name", seed.Employee.Name),
	plain("root.email", "Email", func(p seed.Employee) string { return p.Email }),
	plain("root.creationDateTime", "Creation date", func(seed.Employee) string { return "2022-09-16T07:47:44.938494" }),
	plain("root.avatarUrl", "Avatar", photo(true)),
	plain("about.avatar", "Avatar", photo(false)),
	{"work.title", "Job title", "list", "title", func(e *emulator, p seed.Employee) any { return e.titleID(p.Title) }, func(p seed.Employee) string { return p.Title }},
	{"work.department", "Department", "list", "department", func(_ *emulator, p seed.Employee) any { return departmentID(p.Department) }, func(p seed.Employee) string { return p.Department.Name }},
	plain("work.site", "Site", func(p seed.Employee) string { return p.Office.Name }),
	number("work.siteId", "Site ID", func(p seed.Employee) any { return orNull(p.Office.ID, p.Office.ID != 0) }),
	day("work.startDate", "Start date", func(p seed.Employee) string { return p.Hire }),
	day("work.originalStartDate", "Original start date", originalStart),
	{"work.manager", "Reports to", "employee-reference", "", func(_ *emulator, p seed.Employee) any { return orNull(idOf(p.ManagerID), p.ManagerID != 0) }, nil},
	{"work.reportsTo", "Reports to", "employee-reference", "", func(_ *emulator, p seed.Employee) any { return reportsTo(p) }, managerName},
	number("work.employeeIdInCompany", "Employee ID in company", inCompany),
	number("work.reportsToIdInCompany", "Manager ID in company", func(p seed.Employee) any {
		if p.Manager() == nil {
			return nil
		}
		return inCompany(*p.Manager())
	}),
	{"work.isManager", "Is manager", "boolean", "", func(e *emulator, p seed.Employee) any { e.index(); return e.managers[p.ID] }, nil},
	plain("work.workPhone", "Work phone", func(p seed.Employee) string { return p.WorkPhone }),
	plain("work.workMobile", "Work mobile", func(p seed.Employee) string { return p.MobilePhone }),
	listed(costCentre, "Cost centre", func(p seed.Employee) seed.Unit {
		if len(p.CostCentres) == 0 {
			return seed.Unit{}
		}
		return p.CostCentres[0].Unit
	}),
	listed(legalEntity, "Legal entity", func(p seed.Employee) seed.Unit { return p.LegalEntity }),
	plain("internal.status", "Status", status),
	plain("internal.lifecycleStatus", "Lifecycle status", lifecycleStatus),
	day("internal.terminationDate", "Termination date", func(p seed.Employee) string { return p.End }),
	day("employee.lastDayOfWork", "Last day of work", func(p seed.Employee) string { return p.LastDay }),
	{"payroll.employment.type", "Employment type", "list", "employmentType", employmentType, func(p seed.Employee) string { return p.Type }},
	plain("payroll.employment.contract", "Contract", contract),
	plain("home.privateEmail", "Private email", func(p seed.Employee) string { return p.PersonalEmail }),
	plain("home.mobilePhone", "Private mobile", func(p seed.Employee) string { return suffixed(p.PersonalEmail, "+49 170 555 0000") }),
	{"home.legalGender", "Legal gender", "list", "legalGender", func(_ *emulator, p seed.Employee) any { return orNull("gender-"+p.Gender, p.Gender != "") }, func(p seed.Employee) string { return p.Gender }},
	day("personal.birthDate", "Date of birth", func(p seed.Employee) string { return p.Birth }),
	{"personal.pronouns", "Pronouns", "list", "pronouns", func(*emulator, seed.Employee) any { return nil }, func(seed.Employee) string { return "" }},
	plain("address.line1", "Address line 1", func(p seed.Employee) string { return p.Address.Line1 }),
	plain("address.line2", "Address line 2", func(p seed.Employee) string { return p.Address.Line2 }),
	plain("address.city", "City", func(p seed.Employee) string { return p.Address.City }),
	plain("address.postCode", "Post code", func(p seed.Employee) string { return p.Address.PostalCode }),
	plain("address.country", "Country", func(p seed.Employee) string { return p.Address.Country }),
	plain("address.usaState", "State", func(p seed.Employee) string { return p.Address.Region }),
	plain(facilities+"00", "Badge number", func(p seed.Employee) string { return p.Custom.Badge }),
	plain(facilities+"01", "Payroll number", func(p seed.Employee) string { return p.Number }),
	listed(facilities+"02", "Building", func(p seed.Employee) seed.Unit { return p.Custom.Building }),
	{facilities + "03", "Languages", "multi-list", "languages", languageIDs, func(p seed.Employee) string { return strings.Join(p.Custom.Languages, ", ") }},
	day(facilities+"04", "Anniversary", func(p seed.Employee) string { return p.Custom.Anniversary }),
	number(facilities+"05", "Bicycles", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}),
	number(facilities+"06", "Hours", func(p seed.Employee) any { return orNull(json.Number(p.Custom.Hours), p.Custom.Hours != "") }),
	{facilities + "07", "On site", "boolean", "", func(_ *emulator, p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}, nil},
	{facilities + "08", "Note", "text-area", "", text(func(p seed.Employee) string { return p.Custom.Note }), nil},
}

func plain(id, name string, value of) field { return field{id, name, "text", "", text(value), nil} }

func day(id, name string, value of) field {
	return field{id, name, "date", "", func(_ *emulator, p seed.Employee) any { return orNull(value(p), value(p) != "") }, nil}
}

func number(id, name string, value func(p seed.Employee) any) field {
	return field{id, name, "number", "", func(_ *emulator, p seed.Employee) any { return value(p) }, nil}
}

// listed is a custom list; its id is the number at the end of the field's.
func listed(id, name string, unit func(p seed.Employee) seed.Unit) field {
	list := id[strings.LastIndex(id, "_")+1:]
	return field{id, name, "list", list, func(_ *emulator, p seed.Employee) any {
		return orNull(strconv.Itoa(unit(p).ID), unit(p).ID != 0)
	}, func(p seed.Employee) string { return unit(p).Name }}
}

// text writes an empty text as this person's record holds it.
func text(value of) func(*emulator, seed.Employee) any {
	return func(_ *emulator, p seed.Employee) any {
		switch v := value(p); {
		case v != "":
			return v
		case p.Void == seed.Empty:
			return ""
		case p.Void == seed.Blank:
			return "  "
		}
		return nil
	}
}

func orNull(value any, there bool) any {
	if !there {
		return nil
	}
	return value
}

func suffixed(there, value string) string {
	if there == "" {
		return ""
	}
	return value
}

// displayName is missing of every thirteenth person, so that the full name has to do.
func displayName(p seed.Employee) string {
	switch {
	case p.ID%13 == 0:
		return ""
	case p.Preferred != "":
		return p.Preferred
	}
	return p.Name()
}

// photo lies at the root, and of people with an odd id among what they tell about themselves.
func photo(root bool) of {
	return func(p seed.Employee) string {
		if root == (p.ID%2 == 0) {
			return p.Photo
		}
		return ""
	}
}

// departmentID is digits, and of one department a text.
func departmentID(u seed.Unit) any {
	switch {
	case u.ID == 0:
		return nil
	case u.ID%5 == 4:
		return fmt.Sprintf("list-%d", u.ID)
	}
	return strconv.Itoa(u.ID)
}

func originalStart(p seed.Employee) string {
	if len(p.Earlier) > 0 {
		return p.Earlier[0].Start
	}
	return p.Hire
}

func inCompany(p seed.Employee) any {
	n, err := strconv.Atoi(p.Number)
	if err != nil {
		return nil
	}
	return n
}

func reportsTo(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	m := seed.Employee{ID: p.ManagerID, First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	return map[string]any{"id": idOf(m.ID), "firstName": m.First, "surname": m.Last, "email": orNull(m.Email, m.Email != ""), "displayName": m.Name()}
}

func managerName(p seed.Employee) string {
	if p.Manager() == nil {
		return ""
	}
	return p.Manager().Name()
}

func status(p seed.Employee) string {
	if p.State == seed.Left {
		return "Inactive"
	}
	return "Active"
}

// lifecycleStatus is absent of people with an end ahead or just behind, of those who left without a day, and of every
// thirteenth, so that the coarse status and the dates have to do.
func lifecycleStatus(p seed.Employee) string {
	switch {
	case p.State == seed.Left && p.End == "", p.State == seed.Working && (p.End != "" || p.ID%13 == 0):
		return ""
	case p.State == seed.Left:
		return "terminated"
	case p.State == seed.Starting:
		return "hired"
	case p.State == seed.Odd:
		return strings.ToLower(p.Word)
	case p.State == seed.Working && p.ID%17 == 0:
		return "garden leave"
	case p.State == seed.OnLeave && p.Word != "":
		return strings.ToLower(p.Word)
	case p.State == seed.OnLeave:
		return "parental leave"
	}
	return "employed"
}

// employmentType is a text, and of people with an even id the id of a list's item.
func employmentType(_ *emulator, p seed.Employee) any {
	if p.ID%2 == 0 {
		return orNull("type-"+p.Type, p.Type != "")
	}
	return orNull(p.Type, p.Type != "")
}

func contract(p seed.Employee) string {
	switch {
	case p.Type == "":
		return ""
	case p.External:
		return "Part time"
	}
	return "Full time"
}

func languageIDs(_ *emulator, p seed.Employee) any {
	if p.Custom.Languages == nil {
		return nil
	}
	ids := []string{}
	for _, language := range p.Custom.Languages {
		ids = append(ids, "language-"+language)
	}
	return ids
}
