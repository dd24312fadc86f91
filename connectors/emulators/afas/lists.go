package afas

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// connector is a GetConnector: rows of people, or a list of other things.
type connector struct {
	id, words string
	blank     wire.Object // a row, for the names of its fields
	row       func(seed.Employee) wire.Object
	list      func() []wire.Object
}

func (e *emulator) connectors() []connector {
	list := []connector{
		{id: employees, words: "Employees", row: e.row},
		{id: copied, words: "Copy for identity sync", row: e.copiedRow},
		{id: "Profit_Employees_basic", words: "Employees, short", row: func(p seed.Employee) wire.Object {
			return wire.Object{"EmployeeId": employeeID(p.ID), "Name": p.Name()}
		}},
		{id: chart, words: "Organisation chart", list: e.chart},
		{id: employers, words: "Employers", list: e.employers},
		{id: "Profit_Functions", words: "Functions", list: e.functions},
		{id: "Profit_CostCentre", words: "Cost centres", list: e.costCentres},
		{id: "Profit_Users", words: "Users", list: e.users},
	}
	return append(list, connector{id: "ProfitGetConnectoren", words: "GetConnectors", list: func() []wire.Object {
		var rows []wire.Object
		for _, c := range list {
			rows = append(rows, wire.Object{"Naam": c.id, "Omschrijving": c.words, "Geblokkeerd": false})
		}
		return rows
	}})
}

// connector finds one by its id; case does not count.
func (e *emulator) connector(id string) (connector, bool) {
	for _, c := range e.connectors() {
		if !strings.EqualFold(c.id, id) {
			continue
		}
		if c.blank = (wire.Object{}); c.row != nil {
			c.blank = c.row(seed.Employee{First: "-"})
		} else if rows := c.list(); len(rows) > 0 {
			c.blank = rows[0]
		}
		return c, true
	}
	return connector{}, false
}

func (e *emulator) metaInfo(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for _, c := range e.connectors() {
		list = append(list, wire.Object{"id": c.id, "description": c.words})
	}
	answer(w, wire.Object{"updateConnectors": []any{}, "getConnectors": list,
		"info": wire.Object{"envid": "O" + environment + "AA", "appName": "Identity sync", "group": "Identity sync (12345.SYNC)", "tokenExpiry": "0"}})
}

var dataTypes = map[string]string{"HouseNumber": "int", "HourPerWeek": "decimal", "FTE": "decimal", "DateOfBirth": "date", "EmploymentStart": "date",
	"EmploymentEnd": "date", "DateDeceased": "date", "StartDate": "date", "EndDate": "date", "Blocked": "boolean"}

func (e *emulator) fields(w http.ResponseWriter, r *http.Request) {
	c, ok := e.connector(r.PathValue("connector"))
	if !ok {
		refuse(w, http.StatusInternalServerError, "GetConnector '"+r.PathValue("connector")+"' is not supported for this app or the user is not authorised.")
		return
	}
	fields := []any{}
	for i, id := range slices.Sorted(maps.Keys(c.blank)) {
		label, kind := id, dataTypes[id]
		for _, f := range frees {
			if f.id == id {
				label, kind = f.label, f.kind
			}
		}
		if kind == "" {
			kind = "string"
		}
		fields = append(fields, wire.Object{"id": id, "fieldId": fmt.Sprintf("U%d", 100+i), "dataType": kind, "label": label, "length": 60,
			"controlType": 5, "decimals": 0, "decimalsFieldId": ""})
	}
	answer(w, wire.Object{"name": c.id, "description": c.words, "fields": fields})
}

// heads are those whom somebody reports to.
func heads(people []seed.Employee) map[int]bool {
	heads := map[int]bool{}
	for _, p := range people {
		if p.ManagerID != 0 {
			heads[p.ManagerID] = true
		}
	}
	return heads
}

// headOf is the head of the unit in which a person works: a head works in his own unit.
func (e *emulator) headOf(p seed.Employee) int {
	switch {
	case p.ManagerID == 0:
		return 0
	case e.units[p.ID]:
		return p.ID
	}
	return p.ManagerID
}

// inBranch tells whether a person works in a branch that has no head, below the unit of his manager.
func (e *emulator) inBranch(p seed.Employee) bool {
	return p.ID%13 == 0 && e.headOf(p) == p.ManagerID && !p.OwnManager() && p.ManagerID != 0
}

func (e *emulator) unitOf(p seed.Employee) (id, name string) {
	head := e.headOf(p)
	switch {
	case head == 0:
		return "", ""
	case e.inBranch(p):
		return "B" + strconv.Itoa(head), e.unitName(head) + " Zuid"
	}
	return strconv.Itoa(head), e.unitName(head)
}

// unitName is the department of a unit's head.
func (e *emulator) unitName(head int) string {
	if p, ok := e.Find(strconv.Itoa(head)); ok && p.Department.Name != "" {
		return p.Department.Name
	}
	return "Overig"
}

const root = "1"

// chart lists the units: one a manager below the unit of his own manager, and branches that have no head. Some units
// have had or will have another head.
func (e *emulator) chart() []wire.Object {
	rows := []wire.Object{unit(root, "Concern", nil, nil, "2001-01-01", "")}
	for _, head := range slices.Sorted(maps.Keys(e.units)) {
		id, upper := strconv.Itoa(head), root
		if p, ok := e.Find(id); ok && p.ManagerID != 0 && !p.OwnManager() {
			upper = strconv.Itoa(p.ManagerID)
		}
		name := e.unitName(head)
		if head%5 == 0 {
			rows = append(rows, unit(id, name, "EXT001", root, "2005-01-01", "2008-12-31"))
		}
		rows = append(rows, unit(id, name, employeeID(head), upper, "2009-01-01", ""))
		if head%7 == 0 {
			rows[len(rows)-1]["EndDate"] = date("2090-12-31")
			rows = append(rows, unit(id, name, "EXT002", root, "2091-01-01", ""))
		}
		rows = append(rows, unit("B"+id, name+" Zuid", nil, id, "2010-01-01", ""))
	}
	return rows
}

func unit(id, name string, manager, upper any, from, to string) wire.Object {
	o := wire.Object{"StartDate": date(from), "EndDate": date(to), "Unitd": id, "UnitDesc": name, "Level": 1, "Manager": manager, "UpperUnit": upper}
	for i := range 10 {
		o[fmt.Sprintf("Level%d", i)] = nil
	}
	return o
}

// distinct gives a row for each different id that the people have.
func (e *emulator) distinct(of func(seed.Employee) (string, wire.Object)) []wire.Object {
	seen, rows := map[string]bool{}, []wire.Object{}
	for _, p := range e.Living() {
		if id, row := of(p); id != "" && !seen[id] {
			seen[id], rows = true, append(rows, row)
		}
	}
	return rows
}

func (e *emulator) employers() []wire.Object {
	return e.distinct(func(p seed.Employee) (string, wire.Object) {
		return employerID(p), wire.Object{"EmployerId": employerID(p), "Name": p.LegalEntity.Name, "OrganisationId": "7" + employerID(p),
			"AddressLine1": "Stadsring 1", "AddressLine3": "3811 HN AMERSFOORT", "AddressLine4": nil, "UnitId": p.LegalEntity.ID}
	})
}

func (e *emulator) functions() []wire.Object {
	return e.distinct(func(p seed.Employee) (string, wire.Object) {
		return functionID(p), wire.Object{"Employer": employerID(p), "FunctionId": functionID(p), "FunctionDesc": p.Title, "Blocked": false, "FunctionType": "F"}
	})
}

func (e *emulator) costCentres() []wire.Object {
	return e.distinct(func(p seed.Employee) (string, wire.Object) {
		if len(p.CostCentres) == 0 {
			return "", nil
		}
		code, name, _ := strings.Cut(p.CostCentres[0].Name, " ")
		return code, wire.Object{"EmployerId": employerID(p), "CostCentre": code, "Description": name, "Blocked": false, "ModifiedDate": "2024-02-01T09:00:00Z"}
	})
}

func (e *emulator) users() []wire.Object {
	return e.distinct(func(p seed.Employee) (string, wire.Object) {
		return strings.TrimSpace(p.Email), wire.Object{"UserId": environment + "." + employeeID(p.ID), "Description": p.Name(), "UPN": p.Email, "Blocked": false,
			"Email": p.Email, "Windows": true, "Connector": false, "OutSite": false, "InSite": true, "PersonId": strconv.Itoa(500000 + p.ID), "EmployeeId": employeeID(p.ID)}
	})
}
