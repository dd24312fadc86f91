package emulate_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func alexishr(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/v1/"+path, "", "Authorization: Bearer "+s.Options["accessToken"], wantJSON, "X-Forwarded-Host: api.alexishr.com")
}

func TestAlexishrAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "alexishr", emulate.Setup{Day: anyDay})
	for path, files := range map[string][]string{
		"employee?limit=100&offset=0&sort%5Bid%5D=asc": {"employees.1.json", "employees.2.json"},
		"employee/64a1c0de00000000000013ed":            {"employee.1004.json"},
		"department?offset=0":                          {"departments.json"},
		"office?offset=0":                              {"offices.json"},
		"cost-center?offset=0":                         {"cost-centers.json"},
		"company?offset=0":                             {"companies.json"},
		"employment?offset=0":                          {"employments.json"},
		"employment-type?offset=0":                     {"employment-types.json"},
		"team?offset=0":                                {"teams.json"},
		"employee-team-reference?offset=0":             {"employee-team-references.json"},
		"leave?offset=0":                               {"leaves.json"},
		"leave-type?offset=0":                          {"leave-types.json"},
		"employee?limit=x":                             {"error.400.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "alexishr", file))
			}
			allowed := []string{"/custom", "/tax", "/bankAccount", "/compensationId", "hasOccupationalPension"}
			if strings.HasPrefix(path, "employee/") {
				allowed = append(allowed, "/data")
			}
			sameShape(t, alexishr(t, s, path).json(t), samples, allowed...)
		})
	}
}

func TestAlexishrIsStrict(t *testing.T) {
	s := start(t, "alexishr", emulate.Setup{Day: anyDay})
	for path, status := range map[string]int{
		"employee?limit=0":                       400,
		"employee?page=1":                        400,
		"employee?select=avatarUrl":              400,
		"employee?select=title&select=workEmail": 200,
		"employee?relations=salary":              400,
		"employee?relations=office&relations=managerEmployee&relations=effectiveCostCenter": 200,
		"employee?sort[id]=asc":                       400,
		"employee?filters%5Bactive%5D%5B%24like%5D=x": 400,
		"employee/1":             404,
		"nothing":                404,
		"department?select=name": 400,
	} {
		t.Run(path, func(t *testing.T) {
			if got := alexishr(t, s, path); got.status != status {
				t.Errorf("status %d, want %d: %.300s", got.status, status, got.body)
			}
		})
	}
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"no token":     {[]string{wantJSON}, 401},
		"wrong token":  {[]string{wantJSON, "Authorization: Bearer x"}, 401},
		"no Accept":    {[]string{"Authorization: Bearer " + s.Options["accessToken"]}, 400},
		"sandbox":      {[]string{wantJSON, "X-Forwarded-Host: api.sandbox.alexishr.com"}, 401},
		"another host": {[]string{wantJSON, "X-Forwarded-Host: api.elsewhere.example"}, 404},
	} {
		if got := ask(t, s, "GET", "/v1/company", "", c.headers...); got.status != c.status {
			t.Errorf("%s: status %d, want %d", name, got.status, c.status)
		}
	}
}

func TestAlexishrTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "alexishr", emulate.Setup{Day: anyDay})
	var people []any
	for _, offset := range []int{0, 100} {
		got := alexishr(t, s, fmt.Sprintf("employee?limit=100&offset=%d", offset)).json(t)
		people = append(people, at(t, got, "data").([]any)...)
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{
		"employeeNumber": "employeeNumber", "firstName": "firstName", "lastName": "lastName", "email": "workEmail", "personalEmail": "privateEmail",
		"jobTitle": "title", "departmentId": "departmentId", "division": "division", "gender": "gender", "photoUrl": "avatarUrl",
		"addressLine1": "homeAddress/street", "postalCode": "homeAddress/postalCode", "custom.bicycles": "custom/bicycles", "custom.onSite": "custom/onSite",
		"custom.shirt.fit.cut": "custom/shirt/fit/cut", "custom.note": "custom/note",
	}, strings.TrimSpace)
	since := alexishr(t, s, "employee?filters%5Bupdated%5D%5B%24gte%5D=2026-06-01T00:00:00.000Z").json(t)
	if n := at(t, since, "total").(float64); n == 0 || n > 60 {
		t.Errorf("%v people changed since", n)
	}
}
