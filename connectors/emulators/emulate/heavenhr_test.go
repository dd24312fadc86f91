package emulate_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	heavenhrRoot  = "/api/v2"
	heavenhrToken = heavenhrRoot + "/oauth2/token?grant_type=client_credentials&scope=all"
)

func heavenhrBasic(s *emulate.Server) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Options["clientId"]+":"+s.Options["clientSecret"]))
}

func heavenhrBearer(t *testing.T, s *emulate.Server) string {
	t.Helper()
	return "Authorization: Bearer " + at(t, ask(t, s, "GET", heavenhrToken, "", heavenhrBasic(s)).json(t), "access_token").(string)
}

func TestHeavenhrAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "heavenhr", emulate.Setup{Day: anyDay})
	token := heavenhrBearer(t, s)
	sameShape(t, ask(t, s, "GET", heavenhrToken, "", heavenhrBasic(s)).json(t), []any{sample(t, "heavenhr", "oauth2-token.json")})
	got := ask(t, s, "GET", heavenhrRoot+"/employees?pageNumber=1&pageSize=100", "", token).json(t)
	sameShape(t, got, []any{sample(t, "heavenhr", "employees.1.json"), sample(t, "heavenhr", "employees.2.json")}, "/jobStatus")
	records := []any{sample(t, "heavenhr", "employee.01.json"), sample(t, "heavenhr", "employee.02.json"), sample(t, "heavenhr", "employee.04.json")}
	for _, id := range []int{5101, 5107, 5116} {
		got := ask(t, s, "GET", fmt.Sprintf(heavenhrRoot+"/employees/_kA1aZ2xRANH76y0vD%05d_", id), "", token).json(t)
		sameShape(t, got, records, "/occupation", "/additionalContractInformation", "/department", "/jobTitle", "/permanent", "/gender", "/location",
			"/professionalEmail", "/employeeNumber", "/nationality")
	}
	sameShape(t, ask(t, s, "GET", heavenhrRoot+"/health/check", "").json(t), []any{sample(t, "heavenhr", "health-check.json")})
	sameShape(t, ask(t, s, "GET", heavenhrRoot+"/employees?pageNumber=9", "", token).json(t), []any{sample(t, "heavenhr", "error.404.json")})
	sameShape(t, ask(t, s, "GET", heavenhrRoot+"/employees", "").json(t), []any{sample(t, "heavenhr", "error.401.json")})
}

func TestHeavenhrIsStrict(t *testing.T) {
	s := start(t, "heavenhr", emulate.Setup{Day: anyDay})
	token := heavenhrBearer(t, s)
	for name, c := range map[string]struct {
		method, path string
		status       int
		headers      []string
	}{
		"wrong secret":      {"GET", heavenhrToken, 401, []string{"Authorization: Basic eDp5"}},
		"token by POST":     {"POST", heavenhrToken, 401, []string{heavenhrBasic(s)}},
		"token scope":       {"GET", heavenhrRoot + "/oauth2/token?grant_type=client_credentials", 400, []string{heavenhrBasic(s)}},
		"basic for data":    {"GET", heavenhrRoot + "/employees", 401, []string{heavenhrBasic(s)}},
		"page 0":            {"GET", heavenhrRoot + "/employees?pageNumber=0", 400, []string{token}},
		"another parameter": {"GET", heavenhrRoot + "/employees?page=1", 400, []string{token}},
		"page without any":  {"GET", heavenhrRoot + "/employees?pageNumber=7", 404, []string{token}},
		"nobody":            {"GET", heavenhrRoot + "/employees/_x_", 404, []string{token}},
		"another host":      {"GET", heavenhrRoot + "/employees", 404, []string{token, "X-Forwarded-Host: api.elsewhere.example"}},
		"own host":          {"GET", heavenhrRoot + "/employees", 200, []string{token, "X-Forwarded-Host: api.heavenhr.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, c.method, c.path, "", c.headers...); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
}

func TestHeavenhrTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "heavenhr", emulate.Setup{Day: anyDay})
	token := heavenhrBearer(t, s)
	var people []any
	for id, truth := range s.Truth(anyDay) {
		record := ask(t, s, "GET", heavenhrRoot+"/employees/"+id, "", token).json(t).(map[string]any)
		for _, name := range []string{"startDate", "endOfContract"} {
			if text, ok := record[name].(string); ok {
				record[name], _, _ = strings.Cut(text, "T")
			}
		}
		people = append(people, record)
		if truth["employmentStatus"] == "" {
			t.Errorf("%s has no status", id)
		}
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{"firstName": "firstName", "lastName": "lastName", "email": "professionalEmail",
		"employeeNumber": "employeeNumber", "department": "departmentName", "departmentId": "departmentId", "startDate": "startDate",
		"endDate": "endOfContract", "jobTitle": "jobTitle", "custom.occupation": "occupation", "employmentType": "permanentOrTemporary",
		"location": "locationId", "gender": "gender"}, strings.TrimSpace)
}
