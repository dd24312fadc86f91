package emulate_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
)

func hrworksToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	keys := encode(t, map[string]string{"accessKey": s.Options["accessKey"], "secretAccessKey": s.Options["secretAccessKey"]})
	return at(t, ask(t, s, "POST", "/v2/authentication", keys, sendJSON).json(t), "token").(string)
}

func hrworks(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+hrworksToken(t, s), wantJSON, "X-Forwarded-Host: api.hrworks.de")
}

func TestHRworksAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "hrworks", emulate.Setup{})
	people := []any{sample(t, "hrworks", "employees.1.json"), sample(t, "hrworks", "employees.2.json")}
	loose := []string{"/bankAccount", "/accountPayable", "Number", "/customNameId", "/title", "mail", "/birthday", "Date", "/position", "/buildingOrRoom", "Url", "reason",
		"costCentre", "costObjective", "/address/countryCode", "/address/state", "/address/additionalData", "/endDate", "/dateOfNotice",
		"Kürzel", "Jubiläum", "Notiz", "Fahrräder", "Stunden", "Vor Ort", "Sprachen", "Bereich", "/datev"}
	sameShape(t, hrworks(t, s, "/v2/persons/master-data?onlyActive=false").json(t), people, loose...)
	for path, file := range map[string]string{
		"/v2/organization-units":         "organization-units.json",
		"/v2/permanent-establishments":   "permanent-establishments.json",
		"/v2/cost-objects/cost-centers":  "cost-objects-cost-centers.json",
		"/v2/persons/master-data?page=x": "error.400.json",
		"/v2/persons/00002/master-data":  "employees.1.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, hrworks(t, s, path).json(t), []any{sample(t, "hrworks", file)}, append(loose, "/persons[]")...)
		})
	}
	if list := hrworks(t, s, "/v2/persons").json(t).(map[string]any); told(list["0281521"].([]any)[0], "personId") != "person.5102" {
		t.Errorf("the short list has %v", list["0281521"])
	}
}

func TestHRworksLinksItsPages(t *testing.T) {
	s := start(t, "hrworks", emulate.Setup{})
	for path, want := range map[string][2]any{
		"/v2/persons/master-data?onlyActive=false":        {50, `<https://api.hrworks.de/v2/persons/master-data?onlyActive=false&page=2>; rel="next"`},
		"/v2/persons/master-data?onlyActive=false&page=3": {19, `rel="prev"`},
		"/v2/persons/master-data?onlyActive=false&page=4": {0, `rel="first"`},
		"/v2/persons/master-data?page=3":                  {13, `rel="prev"`},
	} {
		got := hrworks(t, s, path)
		if n := len(at(t, got.json(t), "persons").([]any)); n != want[0] || !strings.Contains(got.header.Get("Link"), want[1].(string)) {
			t.Errorf("%s has %d rows and the link %q", path, n, got.header.Get("Link"))
		}
	}
}

func TestHRworksIsStrict(t *testing.T) {
	s := start(t, "hrworks", emulate.Setup{})
	for path, status := range map[string]int{
		"/v2/persons/master-data?onlyActive=no":             400,
		"/v2/persons/master-data?page_size=100":             400,
		"/v2/persons/master-data?persons%5B%5D=person.5102": 200,
		"/v2/persons/nobody/master-data":                    404,
		"/v1/persons":                                       404,
	} {
		if got := hrworks(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	for header, kind := range map[string]string{"X: y": "MissingAuthorizationHeaderError", "Authorization: Basic x": "MalformedAuthorizationHeaderError",
		"Authorization: Bearer x": "InvalidBearerTokenError"} {
		if got := ask(t, s, "GET", "/v2/persons", "", header); got.status != 401 || told(got.json(t), "type") != kind {
			t.Errorf("%s: %d %s", header, got.status, got.body)
		}
	}
	bad := ask(t, s, "POST", "/v2/authentication", `{"accessKey":"x","secretAccessKey":"y"}`, sendJSON)
	if bad.status != 403 || told(bad.json(t), "type") != "InvalidCredentialsError" {
		t.Errorf("wrong keys are answered %d %s", bad.status, bad.body)
	}
	if got := ask(t, s, "POST", "/v2/authentication", `{}`, sendJSON, "X-Forwarded-Host: api.elsewhere.example"); got.status != 404 {
		t.Errorf("another host is answered %d", got.status)
	}
}

func TestHRworksTokenSaysWhenItEnds(t *testing.T) {
	s := start(t, "hrworks", emulate.Setup{})
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(hrworksToken(t, s), ".")[1])
	var claims struct{ Exp int64 }
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if left := time.Until(time.Unix(claims.Exp, 0)); err != nil || left < 14*time.Minute || left > 16*time.Minute {
		t.Errorf("the token lives %v, %v", left, err)
	}
}

func TestHRworksTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "hrworks", emulate.Setup{Day: anyDay})
	var people []any
	for _, page := range []string{"1", "2", "3"} {
		people = append(people, at(t, hrworks(t, s, "/v2/persons/master-data?onlyActive=false&page="+page).json(t), "persons").([]any)...)
	}
	agree(t, s.Truth(anyDay), people, "personLicenseNumber", map[string]string{
		"employeeNumber": "personnelNumber", "email": "email", "jobTitle": "position", "department": "organizationUnit/name", "departmentId": "organizationUnit/number",
		"location": "permanentEstablishment/name", "startDate": "joinDate", "endDate": "leaveDate", "gender": "gender", "addressLine2": "address/additionalData",
		"region": "address/state", "photoUrl": "profilePictureUrl", "custom.Kürzel": "Kürzel", "custom.Vor Ort": "Vor Ort", "custom.title": "title",
		"custom.costObjective": "costObjective/name", "custom.personId": "personId",
	}, strings.TrimSpace)
}
