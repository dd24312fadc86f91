package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
)

func peoplehr(t *testing.T, s *emulate.Server, path, body string) reply {
	t.Helper()
	body = strings.Replace(body, `{`, `{"APIKey":"`+s.Options["apiKey"]+`",`, 1)
	return ask(t, s, "POST", path, body, sendJSON, "X-Forwarded-Host: api.peoplehr.net")
}

const peoplehrAll = `{"Action":"GetAllEmployeeDetail","IncludeLeavers":"true"}`

func TestPeopleHRAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "peoplehr", emulate.Setup{})
	got := peoplehr(t, s, "/Employee", peoplehrAll).json(t)
	sameShape(t, got, []any{sample(t, "peoplehr", "employees.1.json"), sample(t, "peoplehr", "employees.2.json")}, "/DisplayValue")
	for file, ask := range map[string][2]string{
		"employee-detail.PX2.json":  {"/Employee", `{"Action":"GetEmployeeDetailById","EmployeeId":"00005104"}`},
		"check-authentication.json": {"/Employee", `{"Action":"CheckAuthentication"}`},
		"query-result.json":         {"/Query", `{"Action":"GetQueryResultByQueryName","QueryName":"Cost centres"}`},
		"custom-screen.PX2.json":    {"/CustomScreen", `{"Action":"GetCustomScreenByEmployeeId","ScreenId":"7","EmployeeId":"00005104"}`},
		"error.status-3.json":       {"/Employee", `{"Action":""}`},
		"error.status-10.json":      {"/Employee", `{"Action":"GetEmployeeDetailById","EmployeeId":"1"}`},
	} {
		t.Run(file, func(t *testing.T) {
			sameShape(t, peoplehr(t, s, ask[0], ask[1]).json(t), []any{sample(t, "peoplehr", file)}, "/DisplayValue")
		})
	}
	for status, file := range map[int]string{200: "error.status-6.json", 401: "error.401.json", 403: "error.403.json"} {
		s.Fault(emulate.Fault{Kind: emulate.Refused, Status: status, Times: 1})
		got, want := peoplehr(t, s, "/Employee", peoplehrAll), sample(t, "peoplehr", file)
		if got.status != 200 || at(t, got.json(t), "Status") != at(t, want, "Status") {
			t.Errorf("%d is %d %s", status, got.status, got.body)
		}
		sameShape(t, got.json(t), []any{want})
	}
}

func TestPeopleHRTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "peoplehr", emulate.Setup{Day: anyDay})
	truth, people := s.Truth(anyDay), at(t, peoplehr(t, s, "/Employee", peoplehrAll).json(t), "Result").([]any)
	paths := map[string]string{"employeeNumber": "EmployeeId", "firstName": "FirstName", "email": "EmailId", "preferredName": "KnownAs", "jobTitle": "JobRole",
		"legalEntity": "Company", "location": "Location", "startDate": "StartDate", "gender": "Gender", "addressLine1": "ContactDetail/Address", "mobilePhone": "ContactDetail/Mobile"}
	for field := range paths {
		paths[field] += "/DisplayValue"
	}
	paths["endDate"], paths["custom.APIColumn3"], paths["custom.APIColumn4"] = "LeavingDate", "APIColumn3", "APIColumn4"
	agree(t, truth, people, "EmployeeId/DisplayValue", paths, strings.TrimSpace)
	for id, manager := range map[string]string{"00005101": "", "00005103": "00005220", "00005111": "00999999", "00005102": "00005101"} {
		if got := truth[id]["managerId"]; got != manager {
			t.Errorf("the manager of %s is %q, want %q", id, got, manager)
		}
	}
	for id, status := range map[string]string{"00005102": "active", "00005106": "future", "00005107": "terminated", "00005121": "terminated", "00005130": "unknown"} {
		if got := truth[id]["employmentStatus"]; got != status {
			t.Errorf("%s is %s, want %s", id, got, status)
		}
	}
}

func TestPeopleHRSaysNoInTheBody(t *testing.T) {
	s := start(t, "peoplehr", emulate.Setup{})
	key := `{"APIKey":"` + s.Options["apiKey"] + `"`
	for name, c := range map[string]struct {
		path, body, header string
		status             float64
	}{
		"no key":            {"/Employee", `{"Action":"CheckAuthentication"}`, sendJSON, 1},
		"another key":       {"/Employee", `{"APIKey":"x","Action":"CheckAuthentication"}`, sendJSON, 2},
		"no action":         {"/Employee", key + `}`, sendJSON, 3},
		"unknown action":    {"/Employee", key + `,"Action":"GetEverything"}`, sendJSON, 4},
		"action elsewhere":  {"/Query", key + `,"Action":"CheckAuthentication"}`, sendJSON, 4},
		"no content type":   {"/Employee", key + `}`, "X: y", 7},
		"empty":             {"/Employee", ``, sendJSON, 8},
		"no JSON":           {"/Employee", `APIKey=x`, sendJSON, 9},
		"leavers as a bool": {"/Employee", key + `,"Action":"GetAllEmployeeDetail","IncludeLeavers":true}`, sendJSON, 9},
		"unknown query":     {"/Query", key + `,"Action":"GetQueryResult","QueryName":"x"}`, sendJSON, 10},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, s, "POST", c.path, c.body, c.header)
			if got.status != 200 || at(t, got.json(t), "Status") != c.status || at(t, got.json(t), "isError") != true {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	if n := len(at(t, peoplehr(t, s, "/Employee", `{"Action":"GetAllEmployeeDetail"}`).json(t), "Result").([]any)); n >= len(s.Truth(anyDay)) {
		t.Errorf("without IncludeLeavers there are %d people", n)
	}
	empty := start(t, "peoplehr", emulate.Setup{People: []seed.Employee{}})
	if got := peoplehr(t, empty, "/Employee", peoplehrAll); at(t, got.json(t), "Status") != 10.0 {
		t.Errorf("an empty company is answered %s", got.body)
	}
	for _, r := range []reply{ask(t, s, "GET", "/Employee", ""), ask(t, s, "POST", "/Employee", key+`}`, sendJSON, "X-Forwarded-Host: peoplehr.example")} {
		if r.status != 404 {
			t.Errorf("status %d, want 404", r.status)
		}
	}
}
