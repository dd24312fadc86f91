package emulate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
)

const eureciaRoot = "/eurecia/rest"

func eureciaToken(t *testing.T, s *emulate.Server) string {
	t.Helper()
	got := ask(t, s, "GET", eureciaRoot+"/v1/Auth", "", "authToken: "+s.Options["apiKey"], wantJSON).json(t)
	return "token: " + at(t, got, "eureciaResponse", "temporaryToken", "token", "$").(string)
}

func TestEureciaAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "eurecia", emulate.Setup{Day: anyDay})
	token := eureciaToken(t, s)
	sameShape(t, ask(t, s, "GET", eureciaRoot+"/v1/Auth", "", "authToken: "+s.Options["apiKey"], wantJSON).json(t), []any{sample(t, "eurecia", "auth.json")})
	for path, files := range map[string][]string{
		"/v4/users?page=0": {"employees.1.json", "employees.2.json"}, "/v4/companies?page=0": {"companies.json"},
		"/v4/departments": {"departments.json"}, "/v4/structures": {"structures.json"},
		"/v4/users/usr-5102": {"user.usr-0001.json", "user.usr-0002.json", "user.usr-0003.json", "user.usr-0006.json"},
		"/v4/users/usr-5107": {"user.usr-0001.json", "user.usr-0002.json", "user.usr-0003.json", "user.usr-0006.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "eurecia", file))
			}
			sameShape(t, ask(t, s, "GET", eureciaRoot+path, "", token, wantJSON).json(t), samples, "nodes", "/content[]/", "birthday", "nationality",
				"matrialStatus", "annualGrossSalary", "benefits1", "qualification", "coefficient", "additionalField", "otherAccount", "/addresses/main",
				"hasLogin", "personalEmail", "professionalStatus", "analytic", "departureDate", "_embedded", "/phones[]")
		})
	}
}

func TestEureciaIsStrict(t *testing.T) {
	s := start(t, "eurecia", emulate.Setup{Day: anyDay})
	token := eureciaToken(t, s)
	for name, c := range map[string]struct {
		path    string
		status  int
		headers []string
	}{
		"no key":          {"/v1/Auth", 401, []string{wantJSON}},
		"no token":        {"/v4/users", 401, []string{wantJSON}},
		"token as bearer": {"/v4/users", 401, []string{wantJSON, "Authorization: Bearer " + strings.TrimPrefix(token, "token: ")}},
		"key as token":    {"/v4/users", 401, []string{wantJSON, "token: " + s.Options["apiKey"]}},
		"no Accept":       {"/v4/users", 406, []string{token}},
		"size":            {"/v4/users?page=0&size=100", 400, []string{token, wantJSON}},
		"page -1":         {"/v4/users?page=-1", 400, []string{token, wantJSON}},
		"active":          {"/v4/users/active?page=0", 200, []string{token, wantJSON}},
		"nobody":          {"/v4/users/usr-1", 404, []string{token, wantJSON}},
		"somebody":        {"/v4/users/usr-5101", 200, []string{token, wantJSON}},
		"removed":         {"/v4/users/usr-5122", 404, []string{token, wantJSON}},
		"another host":    {"/v4/users", 404, []string{token, wantJSON, "X-Forwarded-Host: northlake.eurecia.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", eureciaRoot+c.path, "", c.headers...); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
	got := ask(t, s, "GET", eureciaRoot+"/v1/Auth", "", "authToken: wrong", wantJSON)
	if got.status != 200 || strings.Contains(string(got.body), "temporaryToken") {
		t.Errorf("a wrong key is answered %d %s", got.status, got.body)
	}
}

func TestEureciaTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "eurecia", emulate.Setup{Day: anyDay})
	token, zone := eureciaToken(t, s), time.FixedZone("Paris", 0)
	if paris, err := time.LoadLocation("Europe/Paris"); err == nil {
		zone = paris
	}
	var people []any
	for page, pages := 0, 1; page < pages; page++ {
		got := ask(t, s, "GET", fmt.Sprintf("%s/v4/users?page=%d", eureciaRoot, page), "", token, wantJSON).json(t)
		pages = int(at(t, got, "totalPages").(float64))
		for _, p := range at(t, got, "content").([]any) {
			full := ask(t, s, "GET", eureciaRoot+"/v4/users/"+told(p, "id"), "", token, wantJSON).json(t).(map[string]any)
			for _, name := range []string{"hiringDate", "departureDate", "birthdayDate"} {
				if ms, ok := full[name].(float64); ok {
					full[name] = time.UnixMilli(int64(ms)).In(zone).Format(time.DateOnly)
				}
			}
			people = append(people, full)
		}
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{"employeeNumber": "refNumber", "firstName": "firstName", "email": "email",
		"personalEmail": "personalEmail", "jobTitle": "jobTitle", "gender": "gender", "startDate": "hiringDate", "endDate": "departureDate",
		"birthDate": "birthdayDate", "employmentType": "workContract", "custom.qualification": "qualification", "custom.additionalField1": "additionalField1",
		"timeZone": "timezone", "locale": "locale", "postalCode": "addresses/main/zipCode"}, strings.TrimSpace)
}
