package adp

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// rehired tells who was here before; onlyAssigned whose start stands in the assignment alone.
func rehired(p seed.Employee) bool      { return p.ID%13 == 0 }
func onlyAssigned(p seed.Employee) bool { return p.ID%17 == 0 && !rehired(p) }

func dates(p seed.Employee) wire.Object {
	o := wire.Object{}
	if p.Hire != "" && !onlyAssigned(p) {
		o["originalHireDate"] = p.Hire
	}
	if p.Hire != "" && rehired(p) {
		o["originalHireDate"], o["rehireDate"] = "2009-03-16", p.Hire
	}
	if p.End != "" && p.ID%2 == 0 {
		o["terminationDate"] = p.End
	}
	return o
}

// workerStatus is the worker's own status, which is coarser than that of an assignment.
func workerStatus(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "Terminated"
	case seed.OnLeave:
		return "Inactive"
	case seed.Odd:
		return strings.ToUpper(p.Word)
	}
	return "Active"
}

var shortNames = map[string]string{"A": "Active", "L": "Leave", "T": "Terminated", "D": "Deceased"}

// assignmentCode is empty of some, of whom the worker's own status says it.
func assignmentCode(p seed.Employee) string {
	switch p.State {
	case seed.OnLeave:
		return "L"
	case seed.Odd:
		return "S"
	case seed.Left:
		return []string{"T", "D", ""}[p.ID%3]
	}
	if p.ID%10 == 0 {
		return ""
	}
	return "A"
}

// orgUnit is an organizational unit in an assignment.
type orgUnit struct{ kind, code, name string }

// namelessDepartment tells in whose records the department is a code only, whose name the table has.
func namelessDepartment(p seed.Employee) bool { return p.ID%9 == 0 }

// placedByUnit tells whose place is a unit rather than a work location.
func placedByUnit(p seed.Employee) bool { return p.ID%4 == 1 && p.ID%3 == 0 }

func unitsOf(p seed.Employee) []orgUnit {
	var list []orgUnit
	if p.Department.ID != 0 {
		u := orgUnit{"Department", departmentCode(p), p.Department.Name}
		if namelessDepartment(p) {
			u.name = ""
		}
		list = append(list, u)
	}
	if p.Division != "" {
		list = append(list, orgUnit{"Business Unit", divisionCode(p), p.Division})
	}
	if c := costCentre(p); c.ID != 0 {
		list = append(list, orgUnit{"Cost Number", code(c), c.Name})
	}
	if p.Office.ID != 0 && placedByUnit(p) {
		list = append(list, orgUnit{"Location", code(p.Office), p.Office.Name})
	}
	return list
}

// assignments: the primary one need not be the first, and of some none is called so.
func assignments(p seed.Employee) []any {
	main := primary(p)
	other := wire.Object{"itemID": "9999N", "primaryIndicator": false, "hireDate": "2011-01-01", "actualStartDate": "2011-01-01",
		"assignmentStatus": wire.Object{"statusCode": coded("T", "Terminated")}, "terminationDate": "2012-12-31", "jobTitle": "Apprentice",
		"positionID": "KX1999999", "payrollGroupCode": "OLD", "managementPositionIndicator": false}
	switch {
	case p.ID%11 == 0:
		delete(main, "primaryIndicator")
		return []any{main}
	case p.ID%5 == 0:
		return []any{other, main}
	}
	return []any{main}
}

func primary(p seed.Employee) wire.Object {
	o := wire.Object{"itemID": fmt.Sprintf("%dN", p.ID), "primaryIndicator": true, "positionID": position(p.ID), "managementPositionIndicator": p.ID%7 == 0,
		"payCycleCode": coded("B", "Biweekly"), "customFieldGroup": assignmentFields(p),
		"baseRemuneration": wire.Object{"annualRateAmount": wire.Object{"amountValue": 98765.4, "currencyCode": "SENSITIVE-EUR"}}}
	if p.Hire != "" {
		o["hireDate"], o["actualStartDate"] = p.Hire, p.Hire
	}
	if p.End != "" {
		o["terminationDate"] = p.End
	}
	addStatus(o, p)
	addJob(o, p)
	addUnits(o, p)
	if p.TimeZone != "" {
		o["workerTimeProfile"] = wire.Object{"timeAndAttendanceIndicator": false, "timeZoneCode": p.TimeZone}
	}
	if p.ManagerID != 0 {
		o["reportsTo"] = []any{reportsTo(p)}
	}
	return o
}

func addStatus(o wire.Object, p seed.Employee) {
	value := assignmentCode(p)
	if value == "" {
		return
	}
	name := shortNames[value]
	if p.State == seed.Odd {
		name = p.Word
	}
	status := wire.Object{"statusCode": coded(value, name)}
	if value != "A" {
		status["reasonCode"], status["effectiveDate"] = coded("PAR", "Parental"), "2026-02-02"
	}
	o["assignmentStatus"] = status
}

// titledByCode tells whose title is the name of a job code.
func titledByCode(p seed.Employee) bool { return p.ID%6 == 0 }

func addJob(o wire.Object, p seed.Employee) {
	if titledByCode(p) && p.Title != "" {
		o["jobCode"] = coded("J"+fmt.Sprint(p.ID%100), p.Title)
	} else {
		put(o, "jobTitle", p.Title, p)
	}
	if p.Type != "" {
		o["workerTypeCode"] = coded(p.Type[:1], p.Type)
	}
}

func addUnits(o wire.Object, p seed.Employee) {
	units := []any{}
	for _, u := range unitsOf(p) {
		units = append(units, wire.Object{"nameCode": coded(u.code, u.name), "typeCode": coded(u.kind, u.kind)})
	}
	if len(units) > 0 {
		o["homeOrganizationalUnits"], o["assignedOrganizationalUnits"] = units, units
	}
	if p.Office.ID != 0 && !placedByUnit(p) {
		o["homeWorkLocation"] = wire.Object{"nameCode": coded(code(p.Office), p.Office.Name), "address": wire.Object{"lineOne": "1 Main St",
			"cityName": p.Office.Name, "countrySubdivisionLevel1": wire.Object{"subdivisionType": "StateTerritory", "codeValue": "BY", "shortName": "BY"},
			"countryCode": "DE", "postalCode": "00000"}}
	}
	put(o, "payrollGroupCode", company(p), p)
}

func company(p seed.Employee) string {
	if p.LegalEntity.ID == 0 {
		return ""
	}
	return fmt.Sprintf("K%d", p.LegalEntity.ID)
}

func reportsTo(p seed.Employee) wire.Object {
	number, name := "FORMER", "Colleague, Former"
	if m := p.Manager(); m != nil {
		number, name = m.Number, m.Last+", "+m.First
	}
	return wire.Object{"positionID": position(p.ManagerID), "associateOID": id(p.ManagerID), "reportsToWorkerName": wire.Object{"formattedName": name},
		"workerID": wire.Object{"idValue": number, "schemeCode": coded("Associate ID", "Associate ID")}}
}
