package emulate_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	paylocityNext = "/coreHr/v1/companies/S2222/employees"
	paylocityLink = "/api/v2/companies/S2222/employees"
)

// paylocityToken signs in as the family of the emulator's options does.
func paylocityToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	id, secret := s.Options["clientId"], s.Options["clientSecret"]
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	path, basic := "/public/security/v1/token", "X: y"
	if s.Options["apiFamily"] == "weblink" {
		form, path = url.Values{"grant_type": {"client_credentials"}, "scope": {"WebLinkAPI"}}, "/IdentityServer/connect/token"
		basic = "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	}
	got := ask(t, s, "POST", path, form.Encode(), sendForm, basic).json(t)
	sameShape(t, got, []any{sample(t, "paylocity", "token.json")})
	return "Authorization: Bearer " + at(t, got, "access_token").(string)
}

func paylocityEverybody(t testing.TB, s *emulate.Server, token string) (people []any) {
	t.Helper()
	for next := ""; ; {
		got := ask(t, s, "GET", paylocityNext+"?include=info,position,status&nextToken="+url.QueryEscape(next), "", token).json(t)
		people = append(people, at(t, got, "employees").([]any)...)
		if next = told(got, "nextToken"); next == "" || len(people) > 200 {
			return people
		}
	}
}

func TestPaylocityNextGenAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "paylocity", emulate.Setup{})
	token := paylocityToken(t, s)
	samples := []any{sample(t, "paylocity", "employees.1.json"), sample(t, "paylocity", "employees.2.json")}
	sameShape(t, ask(t, s, "GET", paylocityNext+"?include=info,position,status", "", token).json(t), samples, "maritalStatus", "preferredName", "personalEmail",
		"/gender", "workLocation", "position", "/address", "homePhone", "adjustedSeniorityDate", "payGroup", "changeReason", "/effectiveDate", "statusType", "jobTitle")
	if n := len(paylocityEverybody(t, s, token)); n != 119 {
		t.Errorf("%d people", n)
	}
	sameShape(t, ask(t, s, "GET", "/apiHub/corehr/v1/companies/S2222/costCentersAndLevels", "", token).json(t), []any{sample(t, "paylocity", "costCentersAndLevels.json")})
	if got := ask(t, s, "GET", paylocityNext+"/0005102", "", token).json(t); len(got.(map[string]any)) != 5 {
		t.Errorf("without include there is %v", got)
	}
}

func TestPaylocityWebLinkAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "paylocity", emulate.Setup{Way: "weblink"})
	token := paylocityToken(t, s)
	got := ask(t, s, "GET", paylocityLink+"?pagesize=100", "", token)
	sameShape(t, got.json(t), []any{sample(t, "paylocity", "weblink-employees.1.json")}, "statusTypeCode")
	if got.header.Get("X-Pcty-Total-Count") != "119" || !strings.Contains(got.header.Get("Link"), "pagenumber=1>; rel='next'") {
		t.Errorf("headers %v", got.header)
	}
	full := ask(t, s, "GET", paylocityLink+"/0005102", "", token).json(t)
	sameShape(t, full, []any{sample(t, "paylocity", "weblink-employee.1050.json")}, "ssn", "primaryPayRate", "/custom", "Name", "/workAddress/", "/homeAddress/",
		"costCenter", "supervisor", "positionCode", "changeReason")
	sameShape(t, ask(t, s, "GET", "/api/v2/companies/S2222/codes/costcenter1", "", token).json(t), []any{sample(t, "paylocity", "weblink-codes.costcenter1.json")})
	if _, listed := ask(t, s, "GET", paylocityLink+"/0005103", "", token).json(t).([]any); !listed {
		t.Error("nobody comes in a list")
	}
}

func TestPaylocityIsStrict(t *testing.T) {
	s, old := start(t, "paylocity", emulate.Setup{}), start(t, "paylocity", emulate.Setup{Way: "weblink"})
	token, link := paylocityToken(t, s), paylocityToken(t, old)
	for name, c := range map[string]struct {
		s                  *emulate.Server
		path, header, more string
		status             int
		file               string
	}{
		"limit 21":          {s, paylocityNext + "?limit=21", token, "X: y", 400, "error.400.json"},
		"unknown parameter": {s, paylocityNext + "?page=1", token, "X: y", 400, "error.400.json"},
		"unknown part":      {s, paylocityNext + "?include=everything", token, "X: y", 400, "error.400.json"},
		"token of our own":  {s, paylocityNext + "?nextToken=x", token, "X: y", 400, "error.400.json"},
		"no token":          {s, paylocityNext, "X: y", "X: y", 401, "error.401.json"},
		"another company":   {s, strings.Replace(paylocityNext, "S2222", "S1", 1), token, "X: y", 404, "error.403.json"},
		"another host":      {s, paylocityNext, token, "X-Forwarded-Host: api.paylocity.com", 404, "error.403.json"},
		"another family":    {s, paylocityLink, token, "X: y", 401, "error.401.json"},
		"page size 0":       {old, paylocityLink + "?pagesize=0", link, "X: y", 400, "weblink-error.400.json"},
		"nobody":            {old, paylocityLink + "/1", link, "X: y", 404, "error.401.json"},
	} {
		got := ask(t, c.s, "GET", c.path, "", c.header, c.more)
		if got.status != c.status {
			t.Errorf("%s is answered %d, want %d", name, got.status, c.status)
		}
		sameShape(t, got.json(t), []any{sample(t, "paylocity", c.file)}, "fields[]")
	}
	id, secret := old.Options["clientId"], old.Options["clientSecret"]
	if got := ask(t, s, "POST", "/public/security/v1/token", fmt.Sprintf("grant_type=client_credentials&client_id=%s&client_secret=%s", id, secret), sendForm); got.status != 401 {
		t.Errorf("the other family's credential is answered %d", got.status)
	}
}

func TestPaylocityTruthSaysWhatTheRecordsSay(t *testing.T) {
	day := func(s string) string { day, _, _ := strings.Cut(s, "T00:"); return strings.TrimSpace(day) }
	s := start(t, "paylocity", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), paylocityEverybody(t, s, paylocityToken(t, s)), "id", map[string]string{"externalId": "id", "displayName": "displayName",
		"email": "info/workLocation/email", "workPhone": "info/workLocation/phone", "mobilePhone": "info/mobilePhone", "startDate": "info/hireDate", "birthDate": "info/dateOfBirth",
		"departmentId": "position/costCenter1", "employmentType": "position/employeeType", "country": "info/address/country", "preferredName": "info/preferredName"}, day)
	old := start(t, "paylocity", emulate.Setup{Day: anyDay, Way: "weblink"})
	token, records := paylocityToken(t, old), []any{}
	for id := range old.Truth(anyDay) {
		record := ask(t, old, "GET", paylocityLink+"/"+id, "", token).json(t)
		if list, ok := record.([]any); ok {
			record = list[0]
		}
		records = append(records, record)
	}
	agree(t, old.Truth(anyDay), records, "employeeId", map[string]string{"email": "workAddress/emailAddress", "personalEmail": "homeAddress/emailAddress",
		"jobTitle": "departmentPosition/jobTitle", "location": "workAddress/location", "mobilePhone": "homeAddress/mobilePhone", "gender": "gender"}, day)
	met := map[string]int{}
	for _, record := range s.Truth(anyDay) {
		met[record["employmentStatus"]]++
	}
	if len(met) != 5 {
		t.Errorf("statuses %v", met)
	}
}
