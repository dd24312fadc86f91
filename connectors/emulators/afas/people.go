package afas

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// employeeID is the number of an employee: digits with leading zeros, or letters and digits.
func employeeID(id int) string {
	if id%17 == 0 {
		return fmt.Sprintf("EXT%d", id)
	}
	return fmt.Sprintf("%07d", id)
}

func orNull(value string) any {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return value
}

// date is local midnight, with a Z that is wrong.
func date(day string) any {
	if day == "" {
		return nil
	}
	return day + "T00:00:00Z"
}

func ends(p seed.Employee) string {
	if p.End == "" {
		return p.ContractEnd
	}
	return p.End
}

// deceased is the day of death of those who left and have no other last day.
func deceased(p seed.Employee) string {
	if p.State == seed.Left && p.End == "" {
		return "2024-11-09"
	}
	return ""
}

// kindOf is the code of an employment and its words.
func kindOf(p seed.Employee) (code, words string) {
	switch p.Type {
	case "":
		return "", ""
	case "Full-Time", "Part-Time":
		return "O", "Onbepaalde tijd"
	}
	return "B", "Bepaalde tijd"
}

func gender(p seed.Employee) string {
	if p.Type == "" {
		return ""
	}
	return map[string]string{"female": "V", "male": "M", "diverse": "O", "": "X"}[p.Gender]
}

// partner is the family name of the partner and its prefix, for half of the people.
func partner(p seed.Employee) (prefix, name string) {
	switch p.ID % 8 {
	case 1, 2:
		return "de", "Groot"
	case 3, 5:
		return "", "Visser"
	}
	return "", ""
}

func birthPrefix(p seed.Employee) string {
	if p.ID%6 == 1 {
		return "van der"
	}
	return ""
}

// nameUse tells which names are used; none means the name at birth.
func nameUse(p seed.Employee) string {
	return []string{"0", "1", "2", "3", "", "0", "0", "0"}[p.ID%8]
}

// house takes the number off the end of a street.
func house(p seed.Employee) (street string, number any) {
	street = p.Address.Line1
	if i := strings.LastIndex(street, " "); i > 0 {
		if n, err := strconv.Atoi(street[i+1:]); err == nil {
			return street[:i], n
		}
	}
	if street == "" {
		return "", nil
	}
	return street, 0
}

func employerID(p seed.Employee) string {
	if p.LegalEntity.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%02d", p.LegalEntity.ID%100)
}

func functionID(p seed.Employee) string {
	if strings.TrimSpace(p.Title) == "" {
		return ""
	}
	return strconv.Itoa(100 + len(p.Title))
}

// row is an employment as the standard connector tells it: all keys are there, and null is no value.
func (e *emulator) row(p seed.Employee) wire.Object {
	unit, unitName := e.unitOf(p)
	prefix, partnerName := partner(p)
	street, number := house(p)
	code, words := kindOf(p)
	o := wire.Object{"HouseNumber": number, "HourPerWeek": nil, "FTE": nil, "BSN": "SENSITIVE-BSN",
		"DateOfBirth": date(p.Birth), "EmploymentStart": date(p.Hire), "EmploymentEnd": date(ends(p)), "DateDeceased": date(deceased(p))}
	if p.Type != "" {
		o["HourPerWeek"], o["FTE"] = 40, json.Number("0.9")
	}
	for key, value := range map[string]string{
		"EmployeeId": employeeID(p.ID), "PersonId": strconv.Itoa(500000 + p.ID), "EmployerId": employerID(p),
		"BirthName": p.Last, "Initials": string([]rune(p.First)[:1]) + ".", "PrefixBirthName": birthPrefix(p), "Gender": gender(p), "MaritalStatus": "SENSITIVE-MARITAL",
		"PrefixPartner": prefix, "BirthNamePartner": partnerName, "NameUse": nameUse(p), "Mobile": p.MobilePhone, "Phone": "",
		"Street": street, "AddNumber": p.Address.Line2, "ZIPCode": p.Address.PostalCode, "City": p.Address.City, "Country": p.Address.CountryCode,
		"EmploymentType": code, "EmploymentTypeDesc": words, "OrgUnit": unit, "OrgUnitDesc": unitName,
		"FunctionId": functionID(p), "FunctionDesc": p.Title, "Mail": p.Email, "FirstName": p.First,
	} {
		o[key] = orNull(value)
	}
	return o
}

// free is a free field of the customer's own connector.
type free struct {
	id, label, kind string
	of              func(p seed.Employee) any
}

var frees = []free{
	{"U0A1B2C3D4E5F60718293A4B5C6D7E8F9", "Badge", "string", func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	{"Building", "Building", "string", func(p seed.Employee) any { return orNull(p.Custom.Building.Name) }},
	{"Languages", "Languages", "string", func(p seed.Employee) any { return orNull(strings.Join(p.Custom.Languages, ", ")) }},
	{"Anniversary", "Anniversary", "date", func(p seed.Employee) any { return date(p.Custom.Anniversary) }},
	{"Bicycles", "Bicycles", "int", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}},
	{"Hours", "Hours", "decimal", func(p seed.Employee) any {
		if p.Custom.Hours == "" {
			return nil
		}
		return json.Number(p.Custom.Hours)
	}},
	{"OnSite", "On site", "boolean", func(p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}},
	{"Note", "Note", "string", func(p seed.Employee) any { return orNull(p.Custom.Note) }},
}

func (e *emulator) copiedRow(p seed.Employee) wire.Object {
	o := e.row(p)
	for _, f := range frees {
		o[f.id] = f.of(p)
	}
	return o
}
