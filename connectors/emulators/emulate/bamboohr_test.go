package emulate_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	bambooHost = "X-Forwarded-Host: alderwick.bamboohr.com"
	bambooData = "/api/v2/datasets/employee/data"
	wantJSON   = "Accept: application/json"
	sendJSON   = "Content-Type: application/json"
)

func basic(s *emulate.Server) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Options["apiKey"]+":x"))
}

func bamboo(t *testing.T, s *emulate.Server, method, path, body string) reply {
	t.Helper()
	return ask(t, s, method, path, body, basic(s), bambooHost, wantJSON, sendJSON)
}

func TestBambooHRAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{PageCap: 45})
	body := encode(t, sample(t, "bamboohr", "request.employees.1.json"))
	first := strings.Replace(body, `"pageSize":3`, `"pageSize":60`, 1)
	last := strings.Replace(first, `"page":1`, `"page":3`, 1)
	people := []any{sample(t, "bamboohr", "employees.1.json"), sample(t, "bamboohr", "employees.2.json")}
	texts := []string{"/firstName", "/lastName", "/hireDate", "/jobInformationJobTitle", "/jobInformationLocation", "/employmentStatus", "/status", "/gender", "/dateOfBirth", "/links/prev"}
	sameShape(t, bamboo(t, s, "POST", bambooData, first).json(t), people, texts...)
	sameShape(t, bamboo(t, s, "POST", bambooData, last).json(t), people, append(texts, "/links/next")...)
	for _, c := range []struct{ method, path, body, file string }{
		{"GET", "/api/v1_2/datasets", "", "datasets.json"},
		{"GET", "/api/v1_2/datasets/employee/fields?page=1&page_size=1000", "", "dataset-fields.json"},
		{"GET", "/api/v1/company_information", "", "company-information.json"},
		{"GET", "/api/v1/meta/lists", "", "meta-lists.json"},
	} {
		t.Run(c.file, func(t *testing.T) {
			sameShape(t, bamboo(t, s, c.method, c.path, c.body).json(t), []any{sample(t, "bamboohr", c.file)}, "archivedDate", "next_page")
		})
	}
	t.Run("changed employees", func(t *testing.T) {
		got := bamboo(t, s, "GET", "/api/v1/employees/changed?since=2000-01-01T00:00:00Z&type=deleted", "").json(t)
		sameShape(t, at(t, got, "employees", "5122"), []any{at(t, sample(t, "bamboohr", "employees-changed.json"), "employees", "107")})
	})
}

func TestBambooHRLinksAreAnEmptyArrayWhereThereIsOnePage(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{})
	got := bamboo(t, s, "POST", bambooData, `{"fields":["eeid"],"orderBy":"eeid asc","pageSize":1000}`).json(t)
	if links, ok := at(t, got, "links").([]any); !ok || len(links) != 0 {
		t.Errorf("links is %v, not an empty array", at(t, got, "links"))
	}
}

func TestBambooHRIsStrictAboutTheQuery(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{})
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"bad JSON":                       {`{`, 400},
		"no fields":                      {`{"page":1}`, 400},
		"unknown field":                  {`{"fields":["nobodyKnowsThis"]}`, 400},
		"unknown key":                    {`{"fields":["eeid"],"limit":3}`, 400},
		"page 0":                         {`{"fields":["eeid"],"page":0}`, 422},
		"page size 1001":                 {`{"fields":["eeid"],"pageSize":1001}`, 422},
		"order by a field not asked":     {`{"fields":["eeid"],"orderBy":"lastName asc"}`, 422},
		"filter that nobody can read":    {`{"fields":["eeid"],"filter":"status = Active"}`, 422},
		"filter on an unknown field":     {`{"fields":["eeid"],"filter":"nobody eq 'x'"}`, 422},
		"filter that loses new starters": {`{"fields":["eeid"],"filter":"status eq 'Active'"}`, 200},
	} {
		t.Run(name, func(t *testing.T) {
			got := bamboo(t, s, "POST", bambooData, c.body)
			if got.status != c.status {
				t.Fatalf("status %d, want %d: %s", got.status, c.status, got.body)
			}
			if c.status != 200 && got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("the refusal is %q", got.header.Get("Content-Type"))
			}
		})
	}
	t.Run("custom report wants its content type to the letter", func(t *testing.T) {
		got := ask(t, s, "POST", "/api/v1/reports/custom?format=json", `{"title":"x","fields":["workEmail"]}`, basic(s), wantJSON, sendJSON+"; charset=utf-8")
		if got.status != 400 || got.header.Get("X-BambooHR-Error-Message") == "" || len(got.body) != 0 {
			t.Errorf("status %d, header %q, body %q", got.status, got.header.Get("X-BambooHR-Error-Message"), got.body)
		}
		if got := bamboo(t, s, "POST", "/api/v1/reports/custom?format=json", `{"title":"x","fields":["workEmail"]}`); got.status != 200 {
			t.Errorf("the plain content type is refused with %d", got.status)
		}
	})
}

func TestBambooHRSpeaksXMLInOlderCallsUnlessAskedForJSON(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{})
	got := ask(t, s, "GET", "/api/v1/company_information", "", basic(s), bambooHost)
	if !strings.HasPrefix(string(got.body), "<?xml") {
		t.Errorf("without Accept came %q", got.body)
	}
}

func TestBambooHRFindsTheCustomerInHostOrPath(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{})
	for name, c := range map[string]struct {
		path, host string
		status     int
	}{
		"own host":                    {"/api/v1_2/datasets", "alderwick.bamboohr.com", 200},
		"another company's host":      {"/api/v1_2/datasets", "elsewhere.bamboohr.com", 404},
		"gateway":                     {"/api/gateway.php/alderwick/v1_2/datasets", "api.bamboohr.com", 200},
		"gateway for another company": {"/api/gateway.php/elsewhere/v1_2/datasets", "api.bamboohr.com", 404},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", basic(s), wantJSON, "X-Forwarded-Host: "+c.host); got.status != c.status {
				t.Errorf("status %d, want %d", got.status, c.status)
			}
		})
	}
}

func TestBambooHRLeavesOutHiddenFieldsWithoutAWord(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{Hidden: []string{"gender"}})
	got := bamboo(t, s, "POST", bambooData, `{"fields":["eeid","gender"],"orderBy":"eeid asc"}`)
	if got.status != 200 || strings.Contains(string(got.body), "gender") {
		t.Errorf("status %d, or the hidden field is there", got.status)
	}
}

func TestBambooHRGivesTokensToAnApplication(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{Way: "oauth"})
	back := "http://127.0.0.1:8765/callback"
	consent := ask(t, s, "GET", "/authorize.php?request=authorize&response_type=code&client_id="+s.Options["clientId"]+"&state=abc&redirect_uri="+url.QueryEscape(back), "")
	to, err := url.Parse(consent.header.Get("Location"))
	if err != nil || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %q: %v", consent.header.Get("Location"), err)
	}
	form := url.Values{"client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "grant_type": {"authorization_code"},
		"code": {to.Query().Get("code")}, "redirect_uri": {back}}
	token := ask(t, s, "POST", "/token.php?request=token", form.Encode(), "Content-Type: application/x-www-form-urlencoded").json(t)
	sameShape(t, token, []any{sample(t, "bamboohr", "token.json")})
	form.Set("grant_type", "refresh_token")
	form.Set("refresh_token", at(t, token, "refresh_token").(string))
	fresh := ask(t, s, "POST", "/token.php?request=token", form.Encode(), "Content-Type: application/x-www-form-urlencoded").json(t)
	got := ask(t, s, "GET", "/api/v1_2/datasets", "", "Authorization: Bearer "+at(t, fresh, "access_token").(string))
	if got.status != http.StatusOK {
		t.Errorf("the fresh token is answered %d", got.status)
	}
}
