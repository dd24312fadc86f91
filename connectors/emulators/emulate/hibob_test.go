package emulate_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const hibobSearch = "/v1/people/search"

func hibobKey(s *emulate.Server) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Options["serviceUserId"]+":"+s.Options["serviceUserToken"]))
}

func hibob(t testing.TB, s *emulate.Server, method, path, body string) reply {
	t.Helper()
	return ask(t, s, method, path, body, hibobKey(s), wantJSON, sendJSON, "X-Forwarded-Host: api.hibob.com")
}

// hibobFields are the ids of all fields of the metadata.
func hibobFields(t testing.TB, s *emulate.Server) []string {
	var ids []string
	for _, f := range hibob(t, s, "GET", "/v1/company/people/fields", "").json(t).([]any) {
		ids = append(ids, told(f, "id"))
	}
	return ids
}

func hibobEverybody(t testing.TB, s *emulate.Server) []any {
	body := encode(t, map[string]any{"fields": hibobFields(t, s), "showInactive": true, "humanReadable": "APPEND"})
	return at(t, hibob(t, s, "POST", hibobSearch, body).json(t), "employees").([]any)
}

func TestHibobAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "hibob", emulate.Setup{})
	samples := []any{sample(t, "hibob", "employees.1.json"), sample(t, "hibob", "employees.2.json")}
	sameShape(t, map[string]any{"employees": hibobEverybody(t, s)}, samples, "field_16559964613", "secondName", "/about", "usaState", "originalStartDate",
		"reportsToIdInCompany", "humanReadable/personal/pronouns", "pronouns/value", "personal/pronouns", "reportsTo/email", "/displayName", "/displayName/value", "avatarUrl",
		"/custom/", "employment/type", "country", "lifecycleStatus", "birthDate", "email", "employeeIdInCompany", "startDate")
	sameShape(t, hibob(t, s, "GET", "/v1/company/people/fields", "").json(t), []any{sample(t, "hibob", "company-people-fields.json")})
	sameShape(t, hibob(t, s, "GET", "/v1/company/named-lists/department", "").json(t), []any{sample(t, "hibob", "company-named-lists-department.json")})
	sameShape(t, hibob(t, s, "GET", "/v1/people/3332883884010005107/lifecycle", "").json(t), []any{sample(t, "hibob", "people-lifecycle.json")})
}

func TestHibobIsStrict(t *testing.T) {
	s := start(t, "hibob", emulate.Setup{})
	for body, status := range map[string]int{
		`{"fields":["root.id"]}`:                                                                200,
		`{"fields":["root.id"],"limit":5}`:                                                      400,
		`{"humanReadable":"YES"}`:                                                               400,
		`{"fields":[` + strings.Repeat(`"root.id",`, 400) + `"root.id"]}`:                       400,
		`{"filters":[{"fieldPath":"work.site","operator":"equals","values":["x"]}]}`:            400,
		`{"filters":[{"fieldPath":"root.email","operator":"equals","values":["x@y.example"]}]}`: 200,
	} {
		if got := hibob(t, s, "POST", hibobSearch, body); got.status != status {
			t.Errorf("%.60s is answered %d, want %d", body, got.status, status)
		}
	}
	bad := ask(t, s, "POST", hibobSearch, "{}", "Authorization: Basic eDp5", sendJSON)
	sameShape(t, bad.json(t), []any{sample(t, "hibob", "error.401.json")})
	if other := ask(t, s, "POST", hibobSearch, "{}", hibobKey(s), sendJSON, "X-Forwarded-Host: api.sandbox.hibob.com"); bad.status != 401 || other.status != 404 {
		t.Errorf("a wrong key is answered %d, another host %d", bad.status, other.status)
	}
	if got := hibob(t, s, "GET", "/v1/company/named-lists/nothing", ""); got.status != 404 || got.header.Get("X-RateLimit-Remaining") == "" {
		t.Errorf("an unknown list is answered %d, %v", got.status, got.header)
	}
}

func TestHibobShowsLeaversAndTextsWhenAsked(t *testing.T) {
	s := start(t, "hibob", emulate.Setup{Day: anyDay})
	if n := len(at(t, hibob(t, s, "POST", hibobSearch, `{"fields":["root.id"]}`).json(t), "employees").([]any)); n >= 119 || n < 100 {
		t.Errorf("%d people without leavers", n)
	}
	got := hibob(t, s, "POST", "/v1/people/3332883884010005102", `{"fields":["work.startDate","nobody.knows"],"humanReadable":"REPLACE"}`).json(t)
	if day := told(got, "work/startDate"); !strings.Contains(day, "/") || len(got.(map[string]any)) != 2 {
		t.Errorf("replaced: %v", got)
	}
}

func TestHibobTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "hibob", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), hibobEverybody(t, s), "id", map[string]string{
		"externalId": "id", "firstName": "firstName", "email": "email", "jobTitle": "humanReadable/work/title", "department": "humanReadable/work/department",
		"departmentId": "work/department", "location": "work/site", "startDate": "work/startDate", "endDate": "internal/terminationDate",
		"employmentType": "humanReadable/payroll/employment/type", "gender": "humanReadable/home/legalGender", "birthDate": "personal/birthDate",
		"country": "address/country", "employeeNumber": "humanReadable/work/employeeIdInCompany", "custom.middleName": "secondName",
		"custom.work.custom.field_1712045678901":            "humanReadable/work/custom/field_1712045678901",
		"custom.category_1655900000001.field_1655996461308": "category_1655900000001/field_1655996461308",
	}, strings.TrimSpace)
	met := map[string]int{}
	for _, record := range s.Truth(anyDay) {
		met[record["employmentStatus"]]++
	}
	if len(met) != 5 {
		t.Errorf("statuses %v", met)
	}
}
