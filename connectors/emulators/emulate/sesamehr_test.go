package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const sesameID = "3f6a0001-91c2-4e0b-8d55-00000000"

func sesame(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+s.Options["apiToken"], "X-Forwarded-Host: api-eu1.sesametime.com")
}

// sesameRows reads a list to its end.
func sesameRows(t *testing.T, s *emulate.Server, path string) []any {
	t.Helper()
	var rows []any
	for page, last := 1, 1; page <= last; page++ {
		got := sesame(t, s, path+"?limit=50&page="+string(rune('0'+page))).json(t)
		last = int(at(t, got, "meta", "lastPage").(float64))
		rows = append(rows, at(t, got, "data").([]any)...)
	}
	return rows
}

func TestSesameHRAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "sesamehr", emulate.Setup{})
	texts := []string{"/value", "nid", "Nid", "/pin", "/ssn", "accountNumber", "/bic", "pricePerHour", "salaryRange", "maritalStatus", "emergencyPhone", "/email", "/address",
		"/city", "postalCode", "/province", "/country", "/personalMail", "/phone", "workPhone", "jobCharge", "/gender", "dateOfBirth", "imageProfileURL",
		"/language", "secondLastName", "nationalit", "startDate", "endDate", "endAt", "socialSecurityNumber", "contractTypeName", "/data[]/code"}
	for path, files := range map[string][]string{
		"/core/v3/employees?limit=100":                {"employees.1.json", "employees.2.json"},
		"/core/v3/employee-department-assignations":   {"employee-department-assignations.json"},
		"/core/v3/employee-office-assignations":       {"employee-office-assignations.json"},
		"/core/v3/departments":                        {"departments.json"},
		"/core/v3/offices":                            {"offices.json"},
		"/core/v3/info":                               {"info.json"},
		"/core/v3/employee-managers":                  {"employee-managers.json"},
		"/contract/v1/contracts/" + sesameID + "5119": {"contracts.102.json"},
		"/contract/v1/contract-terminated/c0470001-91c2-4e0b-8d55-000000051070": {"contract-terminated.103.json"},
		"/core/v3/employees?limit=many":                                         {"error.422.json"},
		"/core/v3/employees/1/managers":                                         {"error.404.json"}, // there is no such call
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "sesamehr", file))
			}
			sameShape(t, sesame(t, s, path).json(t), samples, texts...)
		})
	}
}

func TestSesameHRIsStrict(t *testing.T) {
	s := start(t, "sesamehr", emulate.Setup{})
	token := "Authorization: Bearer " + s.Options["apiToken"]
	for name, c := range map[string]struct {
		path, header, host string
		status             int
	}{
		"all is well":       {"/core/v3/employees", token, "api-eu1.sesametime.com", 200},
		"another region":    {"/core/v3/employees", token, "api-eu2.sesametime.com", 401},
		"the web app":       {"/core/v3/employees", token, "back-eu1.sesametime.com", 404},
		"another token":     {"/core/v3/employees", "Authorization: Bearer guess", "api-eu1.sesametime.com", 401},
		"no token":          {"/core/v3/employees", "X: y", "api-eu1.sesametime.com", 401},
		"page 0":            {"/core/v3/employees?page=0", token, "api-eu1.sesametime.com", 422},
		"unknown parameter": {"/core/v3/employees?offset=10", token, "api-eu1.sesametime.com", 422},
		"another approval":  {"/core/v3/employee-managers?permission=manager", token, "api-eu1.sesametime.com", 422},
		"nobody":            {"/contract/v1/contracts/5101", token, "api-eu1.sesametime.com", 404},
		"who was removed":   {"/contract/v1/contracts/" + sesameID + "5122", token, "api-eu1.sesametime.com", 404},
		"an open contract":  {"/contract/v1/contract-terminated/c0470001-91c2-4e0b-8d55-000000051010", token, "api-eu1.sesametime.com", 404},
	} {
		if got := ask(t, s, "GET", c.path, "", c.header, "X-Forwarded-Host: "+c.host); got.status != c.status {
			t.Errorf("%s: status %d, want %d: %.200s", name, got.status, c.status, got.body)
		}
	}
	s.Fault(emulate.TooManyCalls(1, ""))
	sameShape(t, sesame(t, s, "/core/v3/employees").json(t), []any{sample(t, "sesamehr", "error.429.json")})
}

func TestSesameHRTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "sesamehr", emulate.Setup{Day: anyDay, PageCap: 25})
	people := sesameRows(t, s, "/core/v3/employees")
	first := map[string]any{}
	for _, row := range sesameRows(t, s, "/core/v3/employee-department-assignations") {
		if id := told(row, "employee/id"); first[id] == nil {
			first[id] = row
		}
	}
	for _, p := range people {
		p.(map[string]any)["assigned"] = first[told(p, "id")]
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{"externalId": "id", "employeeNumber": "code", "firstName": "firstName", "email": "email",
		"jobTitle": "jobChargeName", "legalEntity": "company/name", "department": "assigned/department/name", "departmentId": "assigned/department/id",
		"gender": "gender", "locale": "language", "country": "country", "photoUrl": "imageProfileURL"}, strings.TrimSpace)
	met := map[string]int{}
	for _, r := range s.Truth(anyDay) {
		met[r["employmentStatus"]]++
	}
	for _, status := range []string{"active", "terminated", "future", "unknown"} {
		if met[status] == 0 {
			t.Errorf("nobody is %s: %v", status, met)
		}
	}
	if of := s.Truth(anyDay)[sesameID+"5119"]; of["startDate"] != "2018-10-01" || of["employmentType"] != "Contractor" && of["employmentType"] != "Part-Time" && of["employmentType"] != "Full-Time" {
		t.Errorf("of two contracts: %v", of)
	}
}
