package emulate_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func breathe(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/v1"+path, "", "X-API-KEY: "+s.Options["apiKey"], wantJSON, "X-Forwarded-Host: api.breathehr.com")
}

func TestBreatheAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "breathehr", emulate.Setup{Day: anyDay})
	sensitive := []string{"/salary", "/marital_status", "/nationality", "/ethnicity", "/national_insurance_no", "/driving_license", "/bank_name",
		"/sort_code", "/account_number", "/custom_fields[]/value", "/gender", "/company_join_date"}
	people := []any{sample(t, "breathehr", "employees.1.json"), sample(t, "breathehr", "employees.2.json")}
	sameShape(t, breathe(t, s, "/employees?per_page=100").json(t), people, sensitive...)
	sameShape(t, breathe(t, s, "/employees/5101").json(t), []any{sample(t, "breathehr", "employees.1.json")}, append(sensitive, "/middle_name", "/employee_ref", "/ref_number")...)
	for path, file := range map[string]string{
		"/departments?per_page=1": "departments.json", "/divisions": "divisions.json", "/locations": "locations.json",
		"/employees/1": "error.404.json", "/nowhere": "error.404.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, breathe(t, s, path).json(t), []any{sample(t, "breathehr", file)})
		})
	}
}

func TestBreatheTruthSaysWhatTheRowsSay(t *testing.T) {
	s := start(t, "breathehr", emulate.Setup{Day: anyDay})
	var people []any
	for page := 1; ; page++ {
		got := breathe(t, s, fmt.Sprintf("/employees?page=%d&per_page=50", page))
		people = append(people, at(t, got.json(t), "employees").([]any)...)
		if got.header.Get("Total") != "119" || got.header.Get("Per-Page") != "50" {
			t.Errorf("headers %v", got.header)
		}
		if !strings.Contains(got.header.Get("Link"), fmt.Sprintf(`/v1/employees?page=%d&per_page=50>; rel="next"`, page+1)) {
			break
		}
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{
		"firstName": "first_name", "preferredName": "known_as", "email": "email", "personalEmail": "personal_email", "jobTitle": "job_title",
		"department": "department/name", "departmentId": "department/id", "division": "division/name", "office": "location/name",
		"endDate": "leaving_date", "birthDate": "dob", "country": "country", "region": "county", "photoUrl": "photo_url", "workPhone": "ddi",
	}, strings.TrimSpace)
	met := map[string]int{}
	for _, record := range s.Truth(anyDay) {
		met[record["employmentStatus"]]++
	}
	if met["active"] == 0 || met["terminated"] == 0 || met["future"] == 0 || met["unknown"] == 0 {
		t.Errorf("statuses %v", met)
	}
}

func TestBreatheIsStrict(t *testing.T) {
	s := start(t, "breathehr", emulate.Setup{})
	for path, status := range map[string]int{
		"/employees?per_page=101": 400, "/employees?page=0": 400, "/employees?limit=3": 400, "/employees?filter=all": 400,
		"/employees?filter=neither&per_page=100": 200, "/employees/5122": 404, "/absences": 200,
	} {
		if got := breathe(t, s, path); got.status != status {
			t.Errorf("%s is answered %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	key := "X-API-KEY: " + s.Options["apiKey"]
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"no key":          {[]string{wantJSON}, 401},
		"sandbox":         {[]string{wantJSON, key, "X-Forwarded-Host: api.sandbox.breathehr.info"}, 401},
		"another host":    {[]string{wantJSON, key, "X-Forwarded-Host: api.elsewhere.example"}, 404},
		"another scheme":  {[]string{wantJSON, "Authorization: Bearer " + s.Options["apiKey"]}, 401},
		"no Accept":       {[]string{key}, 400},
		"everything fits": {[]string{key, wantJSON}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, s, "GET", "/v1/departments", "", c.headers...)
			if got.status != c.status {
				t.Errorf("status %d, want %d", got.status, c.status)
			}
			if c.status == 401 {
				sameShape(t, got.json(t), []any{sample(t, "breathehr", "error.401.json")})
			}
		})
	}
	s.Fault(emulate.TooManyCalls(1, ""))
	sameShape(t, breathe(t, s, "/employees").json(t), []any{sample(t, "breathehr", "error.429.json")})
}
