package emulate_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func plandayToken(t *testing.T, s *emulate.Server, refresh string) reply {
	t.Helper()
	form := url.Values{"client_id": {s.Options["clientId"]}, "grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	return ask(t, s, "POST", "/connect/token", form.Encode(), sendForm, "X-Forwarded-Host: id.planday.com")
}

func planday(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	token := at(t, plandayToken(t, s, s.Options["refreshToken"]).json(t), "access_token").(string)
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+token, "X-ClientId: "+s.Options["clientId"], "X-Forwarded-Host: openapi.planday.com")
}

func plandayRows(t *testing.T, s *emulate.Server, path string) []any {
	t.Helper()
	var rows []any
	for offset := range 5 {
		rows = append(rows, at(t, planday(t, s, path+"&limit=50&offset="+[]string{"0", "50", "100", "150", "200"}[offset]).json(t), "data").([]any)...)
	}
	return rows
}

func TestPlandayAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "planday", emulate.Setup{})
	texts := []string{"Phone", "phone", "street", "zip", "city", "email", "/salaryIdentifier", "/hiredDate", "deactivationDate", "/birthDate", "primaryDepartmentId",
		"custom_", "employeeTypeId", "/gender", "/jobTitle", "/supervisor", "/dateTimeDeleted", "/hiredFrom", "userName"}
	for path, files := range map[string][]string{
		"/hr/v1.0/employees?special=BirthDate":             {"employees.1.json", "employees.2.json"},
		"/hr/v1.0/employees/deactivated?limit=50&offset=0": {"employees.deactivated.1.json"},
		"/hr/v1.0/employees/5101?special=BirthDate":        {"employees.1502.json", "employees.1505.json"},
		"/hr/v1.0/employees/supervisors":                   {"employees.supervisors.json"},
		"/hr/v1.0/departments":                             {"departments.json"},
		"/hr/v1.0/employeegroups":                          {"employeegroups.json"},
		"/hr/v1.0/employeetypes":                           {"employeetypes.json"},
		"/hr/v1.0/employees/fielddefinitions?type=Put":     {"employees.fielddefinitions.json"},
		"/portal/v1.0/info":                                {"portal.info.json"},
		"/hr/v1.0/employees?limit=51":                      {"error.400.json"},
		"/hr/v1.0/employees/1":                             {"error.404.json"},
		"/hr/v1.0/employees?special=Ssn":                   {"error.403.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "planday", file))
			}
			sameShape(t, planday(t, s, path).json(t), samples, texts...)
		})
	}
	sameShape(t, plandayToken(t, s, s.Options["refreshToken"]).json(t), []any{sample(t, "planday", "token.json")})
	sameShape(t, plandayToken(t, s, "guess").json(t), []any{sample(t, "planday", "token.error.400.json")})
}

func TestPlandayIsStrict(t *testing.T) {
	s := start(t, "planday", emulate.Setup{})
	for path, status := range map[string]int{
		"/hr/v1.0/employees": 200, "/hr/v1.0/employees?page=1": 400, "/hr/v1.0/employees?limit=51": 400, "/hr/v1.0/employees?special=Skills": 400,
		"/hr/v1.0/employees?modifiedFrom=yesterday": 400, "/hr/v1.0/employees?modifiedFrom=2020-01-01T00:00:00Z": 200, "/hr/v1.0/employees/5122": 404,
		"/hr/v1.0/employees/5107": 200, "/hr/v1.0/employees/fielddefinitions": 400, "/hr/v1.0/nothing": 404,
	} {
		if got := planday(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %.200s", path, got.status, status, got.body)
		}
	}
	token := "Authorization: Bearer " + at(t, plandayToken(t, s, s.Options["refreshToken"]).json(t), "access_token").(string)
	if got := ask(t, s, "GET", "/hr/v1.0/employees", "", token); got.status != 401 {
		t.Errorf("without X-ClientId the status is %d", got.status)
	}
	s.Fault(emulate.TooManyCalls(1, "42"))
	if got := planday(t, s, "/hr/v1.0/employees"); got.status != 429 || got.header.Get("x-ratelimit-reset") != "42" {
		t.Errorf("too many calls: %d %v", got.status, got.header)
	}
	if got := plandayToken(t, s, at(t, plandayToken(t, s, s.Options["refreshToken"]).json(t), "refresh_token").(string)); got.status != 200 {
		t.Errorf("the newest refresh token is answered %d", got.status)
	}
	ask(t, s, "POST", "/connect/revocation", "token="+s.Options["refreshToken"], sendForm)
	if got := plandayToken(t, s, s.Options["refreshToken"]); got.status != 400 {
		t.Errorf("after the revocation the token is answered %d", got.status)
	}
}

func TestPlandayTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "planday", emulate.Setup{Day: anyDay})
	people := slices.Concat(plandayRows(t, s, "/hr/v1.0/employees?special=BirthDate"), plandayRows(t, s, "/hr/v1.0/employees/deactivated?special=BirthDate"))
	agree(t, s.Truth(anyDay), people, "id", map[string]string{"externalId": "id", "employeeNumber": "salaryIdentifier", "email": "email",
		"startDate": "hiredDate", "endDate": "deactivationDate", "birthDate": "birthDate", "postalCode": "zip", "addressLine2": "street2"}, strings.TrimSpace)
	var details []any
	for id := range s.Truth(anyDay) {
		details = append(details, at(t, planday(t, s, "/hr/v1.0/employees/"+id).json(t), "data"))
	}
	agree(t, s.Truth(anyDay), details, "id", map[string]string{"jobTitle": "jobTitle", "gender": "gender", "startDate": "hiredFrom",
		"custom.custom_90211": "custom_90211/value", "custom.custom_90212": "custom_90212/value", "custom.custom_90214": "custom_90214/value",
		"custom.custom_90215": "custom_90215/value"}, strings.TrimSpace)
}
