package emulate_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const afasRows = "/ProfitRestServices/connectors/"

func afasToken(s *emulate.Server) string {
	return "Authorization: AfasToken " + base64.StdEncoding.EncodeToString([]byte(s.Options["token"]))
}

func afas(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", afasToken(s), wantJSON, "X-Forwarded-Host: 12345.rest.afas.online")
}

func TestAFASAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "afas", emulate.Setup{Day: anyDay})
	people := []any{sample(t, "afas", "employees.1.json"), sample(t, "afas", "employees.2.json")}
	sameShape(t, afas(t, s, afasRows+"Profit_Employees?orderbyfieldids=EmployeeId&take=1000").json(t), people, "/DateDeceased", "/EmploymentStart", "/Gender", "/OrgUnit")
	for path, file := range map[string]string{
		afasRows + "Profit_OrganizationChart":                     "organization-chart.json",
		afasRows + "Profit_Employers":                             "employers.json",
		afasRows + "Profit_Functions":                             "functions.json",
		afasRows + "Profit_CostCentre":                            "cost-centres.json",
		afasRows + "Profit_Users":                                 "users.json",
		afasRows + "Profit_Employees?orderbyfieldids=EmployeId":   "error.400.json",
		afasRows + "Profit_Nobody":                                "error.500.json",
		"/ProfitRestServices/MetaInfo":                            "metainfo.json",
		"/profitrestservices/metainfo/get/Profit_Employees":       "metainfo-get-profit-employees.json",
		afasRows + "Identity_Employees?skip=500&take=3":           "employees.3.json",
		afasRows + "Profit_Employers?skip=0&take=1&filterjson={}": "error.400.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, afas(t, s, path).json(t), []any{sample(t, "afas", file)}, "/rows[]/AddressLine4", "/rows[]/Manager", "/rows[]/UpperUnit", "/rows[]/EndDate")
		})
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 503})
	sameShape(t, afas(t, s, "/ProfitRestServices/MetaInfo").json(t), []any{sample(t, "afas", "error.503.json")})
}

func TestAFASTruthSaysWhatTheRowsSay(t *testing.T) {
	s := start(t, "afas", emulate.Setup{Day: anyDay})
	got := afas(t, s, afasRows+"Identity_Employees?skip=-1&take=-1&orderbyfieldids=EmployeeId").json(t)
	var present []any
	for _, row := range at(t, got, "rows").([]any) {
		if told(row, "EmploymentEnd") != "2019-12-31T00:00:00Z" {
			present = append(present, row)
		}
	}
	agree(t, s.Truth(anyDay), present, "EmployeeId", map[string]string{"firstName": "FirstName", "email": "Mail", "jobTitle": "FunctionDesc",
		"department": "OrgUnitDesc", "departmentId": "OrgUnit", "gender": "Gender", "custom.Note": "Note", "custom.OnSite": "OnSite", "custom.Bicycles": "Bicycles"}, strings.TrimSpace)
	// The chart, climbed by hand, has to name the managers.
	heads, upper := map[string]string{}, map[string]string{}
	for _, u := range at(t, afas(t, s, afasRows+"Profit_OrganizationChart?take=500").json(t), "rows").([]any) {
		if end := told(u, "EndDate"); told(u, "StartDate") <= "2026-06-18" && (end == "" || end >= "2026-06-18") {
			heads[told(u, "Unitd")], upper[told(u, "Unitd")] = told(u, "Manager"), told(u, "UpperUnit")
		}
	}
	for id, record := range s.Truth(anyDay) {
		unit := record["departmentId"]
		for unit != "" && (heads[unit] == "" || heads[unit] == id) {
			unit = upper[unit]
		}
		if heads[unit] != record["managerId"] {
			t.Errorf("%s has the manager %q by the chart and %q by the truth", id, heads[unit], record["managerId"])
		}
	}
}

func TestAFASPagesAndFilters(t *testing.T) {
	s := start(t, "afas", emulate.Setup{Day: anyDay})
	rows, pages := 0, 0
	for n := 30; n == 30; pages++ {
		n = len(at(t, afas(t, s, fmt.Sprintf(afasRows+"Identity_Employees?skip=%d&take=30&orderbyfieldids=EmployeeId", 30*pages)).json(t), "rows").([]any))
		rows += n
	}
	if rows != 121 { // two people have an earlier employment
		t.Errorf("%d rows in %d pages", rows, pages)
	}
	got := afas(t, s, afasRows+"Identity_Employees?filterfieldids=EmploymentEnd&filtervalues=2020-01-01&operatortypes=5&orderbyfieldids=-EmployeeId").json(t)
	for _, row := range at(t, got, "rows").([]any) {
		if end := told(row, "EmploymentEnd"); end >= "2020" {
			t.Errorf("ended %s", end)
		}
	}
}

func TestAFASIsStrict(t *testing.T) {
	s := start(t, "afas", emulate.Setup{})
	for name, c := range map[string]struct {
		path, header string
		status       int
	}{
		"token":              {"/ProfitRestServices/ProfitVersion", afasToken(s), 200},
		"plain token":        {"/ProfitRestServices/ProfitVersion", "Authorization: AfasToken " + s.Options["token"], 401},
		"another scheme":     {"/ProfitRestServices/ProfitVersion", strings.Replace(afasToken(s), "AfasToken", "Bearer", 1), 401},
		"long query":         {afasRows + "Profit_Users?take=1&filtervalues=" + strings.Repeat("x", 2100), afasToken(s), 404},
		"unknown parameter":  {afasRows + "Profit_Users?limit=1", afasToken(s), 400},
		"skip without end":   {afasRows + "Profit_Users?skip=-1", afasToken(s), 400},
		"unknown connector":  {afasRows + "Nobody", afasToken(s), 500},
		"nothing under here": {"/ProfitRestServices/nowhere", afasToken(s), 404},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", c.header, wantJSON); got.status != c.status {
				t.Errorf("status %d, want %d: %s", got.status, c.status, got.body)
			}
		})
	}
	if got := ask(t, s, "GET", "/ProfitRestServices/MetaInfo", "", afasToken(s), "X-Forwarded-Host: 54321.rest.afas.online", wantJSON); got.status != 404 {
		t.Errorf("another environment is answered %d", got.status)
	}
}
