package emulate_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const luccaFields = "id,name,url,displayName,modifiedAt,lastname,firstName,login,mail,dtContractStart,dtContractEnd,birthDate,employeeNumber,calendarId,calendar," +
	"cultureID,culture,picture,legalEntityId,legalEntity,departmentId,department,managerId,manager,jobTitle,gender,personalEmail,personalMobile," +
	"professionalMobile,directLine,address,seniorityDate,extendedData"

func lucca(t testing.TB, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api/v3"+path, "", "Authorization: lucca application="+s.Options["apiKey"], wantJSON, "X-Forwarded-Host: valdor.ilucca.net")
}

// luccaAll reads the list of users to the count that it tells.
func luccaAll(t testing.TB, s *emulate.Server, query string) []any {
	t.Helper()
	var rows []any
	for {
		page := lucca(t, s, fmt.Sprintf("/users?fields=collection.count,%s&paging=%d,50%s", luccaFields, len(rows), query)).json(t)
		rows = append(rows, at(t, page, "data", "items").([]any)...)
		if float64(len(rows)) >= at(t, page, "data", "count").(float64) {
			return rows
		}
	}
}

func TestLuccaAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "lucca", emulate.Setup{})
	texts := []string{"Name", "mail", "/employeeNumber", "/jobTitle", "/gender", "Mobile", "/directLine", "/address", "/extendedData/", "/dtContractStart", "/seniorityDate", "/picture/href"}
	samples := []any{sample(t, "lucca", "employees.1.json"), sample(t, "lucca", "employees.2.json")}
	sameShape(t, lucca(t, s, "/users?formerEmployees=true&paging=0,1000&fields=collection.count,"+luccaFields).json(t), samples, texts...)
	one := []any{sample(t, "lucca", "user.102.json"), map[string]any{"data": at(t, samples[0], "data", "items", 0)}}
	sameShape(t, lucca(t, s, "/users/5107?fields="+luccaFields).json(t), one, append(texts, "/picture", "/culture", "/birthDate", "/dtContractEnd", "/legalEntity", "/manager")...)
	sameShape(t, lucca(t, s, "/departments").json(t), []any{sample(t, "lucca", "departments.json")})
}

func TestLuccaTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "lucca", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), luccaAll(t, s, "&formerEmployees=true"), "id", map[string]string{"employeeNumber": "employeeNumber", "firstName": "firstName",
		"displayName": "displayName", "email": "mail", "personalEmail": "personalEmail", "workPhone": "directLine", "jobTitle": "jobTitle", "department": "department/name",
		"departmentId": "departmentId", "legalEntity": "legalEntity/name", "addressLine1": "address"}, strings.TrimSpace)
	if leaverless := luccaAll(t, s, ""); len(leaverless) >= 119 || len(luccaAll(t, s, "&dtContractEnd=until,2050-10-15,null")) != 119 {
		t.Errorf("%d people without formerEmployees", len(leaverless))
	}
	if n := len(luccaAll(t, s, "&formerEmployees=true&modifiedAt=since,2999-01-01T00:00:00")); n != 0 {
		t.Errorf("%d people change in a thousand years", n)
	}
}

func TestLuccaIsStrict(t *testing.T) {
	s := start(t, "lucca", emulate.Setup{})
	for path, status := range map[string]int{
		"/users?paging=0,1001":                           400,
		"/users?paging=0":                                400,
		"/users?paging=-1,10":                            400,
		"/users?fields=id,team":                          400,
		"/users?page=1":                                  400,
		"/users?modifiedAt=2025-01-01":                   400,
		"/users?formerEmployees=yes":                     400,
		"/users/5102?fields=id,mail":                     200,
		"/users/1":                                       500,
		"/departments?fields=id,name,code,parentId":      200,
		"/departments?fields=manager":                    400,
		"/departments/tree":                              200,
		"/axes":                                          200,
		"/axisSections?fields=id,code&paging=0,10":       200,
		"/nowhere":                                       404,
		"/users?mail=Person.5102@corp.example&fields=id": 200,
	} {
		t.Run(path, func(t *testing.T) {
			if got := lucca(t, s, path); got.status != status {
				t.Errorf("status %d, want %d: %.300s", got.status, status, got.body)
			}
		})
	}
	if row := at(t, lucca(t, s, "/users").json(t), "data", "items", 0).(map[string]any); len(row) != 3 {
		t.Errorf("without fields a row is %v", row)
	}
	key := "Authorization: lucca application=" + s.Options["apiKey"]
	bearer := ask(t, s, "GET", "/api/v3/users", "", "Authorization: Bearer "+s.Options["apiKey"], wantJSON)
	elsewhere := ask(t, s, "GET", "/api/v3/users", "", key, wantJSON, "X-Forwarded-Host: valdor.ilucca.ch")
	unasked := ask(t, s, "GET", "/api/v3/users", "", key)
	if bearer.status != 401 || elsewhere.status != 404 || unasked.status != 400 {
		t.Errorf("Bearer %d, another host %d, no Accept %d", bearer.status, elsewhere.status, unasked.status)
	}
	sameShape(t, bearer.json(t), []any{sample(t, "lucca", "error.401.json")})
}
