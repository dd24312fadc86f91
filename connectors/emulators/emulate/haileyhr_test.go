package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
)

func haileyhr(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+s.Options["accessToken"], wantJSON, "X-Forwarded-Host: api.haileyhr.app")
}

func TestHaileyHRAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "haileyhr", emulate.Setup{})
	got := haileyhr(t, s, "/Employees").json(t)
	sameShape(t, got, []any{sample(t, "haileyhr", "employees.json")}, "/customFieldsData/", "/titleIds", "/teamIds", "[]/firstName", "/lastName",
		"/employmentStatus", "/employmentType", "/employmentNumber", "/companyEmail", "/dateOfJoining", "/departmentId", "/legalEntityId", "/locationId",
		"/bankName", "/clearingNumber", "/accountNumber", "/iban", "/bic", "/swift", "/personalIdentityNumber", "/ice", "/fixedTermType", "/gender")
	sameShape(t, haileyhr(t, s, "/Company").json(t), []any{sample(t, "haileyhr", "company.json")}, "/customEmploymentFields")
	sameShape(t, haileyhr(t, s, "/Employees/8d3a0000-77aa-4f10-b0b0-000000005119").json(t), []any{sample(t, "haileyhr", "employee.3.json")},
		"/customFieldsData/", "/salaries", "Id", "/contactInformation/", "/sensitive/", "/endDate", "Day", "/workPhone", "/scopePercentage")
	for status, file := range map[int]string{401: "error.401.json", 403: "error.403.json", 404: "error.404.json"} {
		s.Fault(emulate.Fault{Kind: emulate.Refused, Status: status, Times: 1})
		sameShape(t, haileyhr(t, s, "/Employees").json(t), []any{sample(t, "haileyhr", file)})
	}
}

func TestHaileyHRTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "haileyhr", emulate.Setup{Day: anyDay})
	truth, people := s.Truth(anyDay), haileyhr(t, s, "/Employees").json(t).([]any)
	own := "8d3a0000-77aa-4f10-b0b8-000000000"
	agree(t, truth, people, "employeeId", map[string]string{"employeeNumber": "employmentNumber", "firstName": "firstName", "email": "companyEmail",
		"personalEmail": "privateEmail", "departmentId": "departmentId", "startDate": "dateOfJoining", "endDate": "lastDayOfEmployment", "birthDate": "dateOfBirth",
		"gender": "gender", "country": "country", "custom.scopePercentage": "scopePercentage", "custom." + own + "801": "customFieldsData/" + own + "801",
		"custom." + own + "802": "customFieldsData/" + own + "802", "custom." + own + "804": "customFieldsData/" + own + "804"}, strings.TrimSpace)
	want := map[string]string{"5102": "active", "5106": "future", "5107": "terminated", "5109": "active", "5117": "active", "5121": "terminated",
		"5124": "active", "5129": "future", "5130": "unknown"}
	for id, status := range want {
		if got := truth["8d3a0000-77aa-4f10-b0b0-00000000"+id]["employmentStatus"]; got != status {
			t.Errorf("%s is %s, want %s", id, got, status)
		}
	}
	words := map[string]bool{}
	for _, p := range people {
		words[told(p, "employmentStatus")] = true
	}
	for _, word := range []string{"", "BeingHired", "WillJoin", "InService", "In service", "Leaving", "HasLeft", "Suspended"} {
		if !words[word] {
			t.Errorf("nobody has the status %q: %v", word, words)
		}
	}
}

func TestHaileyHRIsStrict(t *testing.T) {
	s := start(t, "haileyhr", emulate.Setup{})
	for path, status := range map[string]int{"/employees": 404, "/Employees?page=1": 400, "/Employees/5101": 404, "/TimeOff?from=2026-01-01&to=2026-12-31": 200,
		"/TimeOff?from=today": 400, "/PublicEmployeeList/1": 404} {
		if got := haileyhr(t, s, path); got.status != status {
			t.Errorf("%s is answered %d, want %d", path, got.status, status)
		}
	}
	for header, status := range map[string]int{"Authorization: Bearer x": 401, "Authorization: " + s.Options["accessToken"]: 401} {
		if got := ask(t, s, "GET", "/Employees", "", header); got.status != status {
			t.Errorf("%s is answered %d", header, got.status)
		}
	}
	if got := ask(t, s, "GET", "/Employees/8d3a0000-77aa-4f10-b0b0-000000005119", ""); got.status != 401 || len(got.body) != 0 {
		t.Errorf("the detail is refused with %d %q", got.status, got.body)
	}
	for host, status := range map[string]int{"api.demo.haileyhr.app": 401, "api.elsewhere.example": 404} {
		if got := ask(t, s, "GET", "/Company", "", "Authorization: Bearer "+s.Options["accessToken"], "X-Forwarded-Host: "+host); got.status != status {
			t.Errorf("%s answers %d", host, got.status)
		}
	}
	empty := start(t, "haileyhr", emulate.Setup{People: []seed.Employee{}})
	if got := haileyhr(t, empty, "/Employees"); got.status != 404 {
		t.Errorf("an empty company is answered %d", got.status)
	}
}
