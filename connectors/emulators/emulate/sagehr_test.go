package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func sage(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api"+path, "", "X-Auth-Token: "+s.Options["apiKey"], "X-Forwarded-Host: doveridge.sage.hr")
}

func TestSageAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "sagehr", emulate.Setup{Day: anyDay})
	newer := []string{"/marital_status", "/personal_identification_number", "/tax_number", "/irregular_contract_worker"}
	loose := append(newer, "_page", "/employment_start_date", "/termination_date", "/date_of_birth", "/picture_url", "/email", "/position", "/employee_number")
	employees := []any{sample(t, "sagehr", "employees.1.json"), sample(t, "sagehr", "employees.2.json")}
	const switches = "team_history=true&employment_status_history=true&position_history=true"
	sameShape(t, sage(t, s, "/employees?page=1&"+switches).json(t), employees, append(loose, "/start_date", "/end_date", "/position_code")...)
	for path, file := range map[string]string{
		"/employees/5101": "employees.id.json", "/employees/5101/custom-fields": "employees.id.custom-fields.json", "/terminated-employees": "terminated-employees.1.json",
		"/terminated-employees/5107": "terminated-employees.id.json", "/teams?page=1": "teams.json", "/positions": "positions.json",
		"/leave-management/out-of-office-today?date=2026-06-18": "out-of-office-today.json", "/employees/1": "error.404.json", "/employees?page=0": "error.422.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, sage(t, s, path).json(t), []any{sample(t, "sagehr", file)}, append(loose, "/value", "/reports_to_employee_id", "/post_code", "/errors[]", "/mobile_phone",
				"/work_phone", "/position_code", "/street_second", "/options")...)
		})
	}
	s.Fault(emulate.TooManyCalls(1, "7"))
	sameShape(t, sage(t, s, "/teams").json(t), []any{sample(t, "sagehr", "error.429.json")})
}

func TestSageTruthSaysWhatTheListsSay(t *testing.T) {
	s := start(t, "sagehr", emulate.Setup{Day: anyDay})
	var people []any
	for _, next := range []string{"/employees?page=1", "/employees?page=2", "/employees?page=3", "/terminated-employees?page=1"} {
		people = append(people, at(t, sage(t, s, next).json(t), "data").([]any)...)
	}
	truth := s.Truth(anyDay)
	agree(t, truth, people, "id", map[string]string{
		"firstName": "first_name", "employeeNumber": "employee_number", "email": "email", "jobTitle": "position", "team": "team", "startDate": "employment_start_date",
		"endDate": "termination_date", "birthDate": "date_of_birth", "workPhone": "work_phone", "mobilePhone": "mobile_phone", "gender": "gender",
		"postalCode": "post_code", "country": "country", "employmentType": "employment_status", "photoUrl": "picture_url",
	}, strings.TrimSpace)
	for id, record := range truth {
		values := map[string]string{}
		if record["employmentStatus"] == "terminated" {
			continue
		}
		for _, f := range at(t, sage(t, s, "/employees/"+id+"/custom-fields").json(t), "data").([]any) {
			if list, ok := at(t, f, "value").([]any); !ok {
				values["custom."+told(f, "label")] = told(f, "value")
			} else if len(list) > 0 {
				values["custom."+told(f, "label")] = record["custom."+told(f, "label")]
			}
		}
		for field, value := range values {
			if record[field] != strings.TrimSpace(value) {
				t.Errorf("%s: %s is %q in the truth and %q in the record", id, field, record[field], value)
			}
		}
	}
}

func TestSageIsStrict(t *testing.T) {
	s := start(t, "sagehr", emulate.Setup{})
	for path, status := range map[string]int{
		"/employees?per_page=10": 422, "/employees?page=x": 422, "/employees?team_history=yes": 422, "/employees?page=9": 200, "/employees/5107": 404,
		"/employees/5107/custom-fields": 200, "/terminated-employees/5101": 404, "/nowhere": 404, "/leave-management/out-of-office-today?date=today": 422,
		"/employees/5122": 404,
	} {
		if got := sage(t, s, path); got.status != status {
			t.Errorf("%s is answered %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	if got := ask(t, s, "GET", "/api/employees", "", "X-Auth-Token: nothing"); got.status != 401 {
		t.Errorf("a wrong key is answered %d", got.status)
	} else {
		sameShape(t, got.json(t), []any{sample(t, "sagehr", "error.401.json")})
	}
	got := ask(t, s, "GET", "/api/employees", "", "X-Auth-Token: "+s.Options["apiKey"], "X-Forwarded-Host: dovetail.sage.hr")
	if got.status != 404 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("another subdomain is answered %d, %s", got.status, got.header.Get("Content-Type"))
	}
}
