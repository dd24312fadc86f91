package emulate_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const sendForm = "Content-Type: application/x-www-form-urlencoded"

func credentialOf(s *emulate.Server) url.Values {
	return url.Values{"client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "grant_type": {"client_credentials"}}
}

func tokenV1(t testing.TB, s *emulate.Server) string {
	t.Helper()
	got := ask(t, s, "POST", "/v1/auth", credentialOf(s).Encode(), sendForm).json(t)
	return "Authorization: Bearer " + at(t, got, "data", "token").(string)
}

func tokenV2(t testing.TB, s *emulate.Server) string {
	t.Helper()
	got := ask(t, s, "POST", "/v2/auth/token", credentialOf(s).Encode(), sendForm).json(t)
	return "Authorization: Bearer " + at(t, got, "access_token").(string)
}

func TestPersonioV1AnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "personio", emulate.Setup{})
	token := tokenV1(t, s)
	got := ask(t, s, "GET", "/v1/company/employees?limit=100&offset=0", "", token).json(t)
	sameShape(t, got, []any{sample(t, "personio", "employees.1.json"), sample(t, "personio", "employees.2.json")},
		"dynamic_33106", "dynamic_33107", "dynamic_33108", "/probation_period_end", "/first_name/value", "/last_name/value", "/gender/value",
		"/position/value", "/hire_date/value", "/termination_reason/value", "/dynamic_33105/")
	sameShape(t, ask(t, s, "GET", "/v1/company/employees/attributes", "", token).json(t), []any{sample(t, "personio", "attributes.json")})
	sameShape(t, ask(t, s, "POST", "/v1/auth", encode(t, map[string]string{
		"client_id": s.Options["clientId"], "client_secret": s.Options["clientSecret"]}), sendJSON).json(t), []any{sample(t, "personio", "auth.json")})
	t.Run("changed employees come unpaged", func(t *testing.T) {
		got := ask(t, s, "GET", "/v1/company/employees?updated_since=2000-01-01&limit=1&offset=5", "", token).json(t)
		if n := len(at(t, got, "data").([]any)); n != 119 {
			t.Errorf("%d people, want everybody who was not removed", n)
		}
	})
}

func TestPersonioV2AnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "personio", emulate.Setup{Way: "v2"})
	token := tokenV2(t, s)
	sameShape(t, ask(t, s, "POST", "/v2/auth/token", credentialOf(s).Encode(), sendForm).json(t), []any{sample(t, "personio", "v2.token.json")})
	got := ask(t, s, "GET", "/v2/persons?limit=50", "", token).json(t)
	sameShape(t, got, []any{sample(t, "personio", "v2.persons.1.json"), sample(t, "personio", "v2.persons.2.json")},
		"/custom_attributes[]/value", "/first_name", "/last_name")
	employments := []any{sample(t, "personio", "v2.employments.5103.json"), sample(t, "personio", "v2.employments.5106.json")}
	for _, id := range []int{5107, 5119} {
		sameShape(t, ask(t, s, "GET", fmt.Sprintf("/v2/persons/%d/employments", id), "", token).json(t), employments,
			"/termination/", "/supervisor", "/office", "/position", "/employment_end_date")
	}
	sameShape(t, ask(t, s, "GET", "/v2/legal-entities", "", token).json(t), []any{sample(t, "personio", "v2.legal-entities.json")})
}

func TestPersonioIsStrict(t *testing.T) {
	s := start(t, "personio", emulate.Setup{})
	v1, v2 := tokenV1(t, s), tokenV2(t, s)
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"no token":                    {"/v1/company/employees", "X: y", "X: y", 401},
		"v2's token in v1":            {"/v1/company/employees", v2, "X: y", 401},
		"v1's token in v2":            {"/v2/persons", v1, "X: y", 401},
		"token without Bearer":        {"/v1/company/employees", strings.Replace(v1, "Bearer ", "", 1), "X: y", 401},
		"limit 101":                   {"/v1/company/employees?limit=101", v1, "X: y", 422},
		"unknown parameter":           {"/v1/company/employees?page=1", v1, "X: y", 422},
		"unknown attribute":           {"/v1/company/employees?attributes[]=nobody", v1, "X: y", 422},
		"wanted attribute":            {"/v1/company/employees?attributes[]=email", v1, "X: y", 200},
		"v2 limit 51":                 {"/v2/persons?limit=51", v2, "X: y", 422},
		"v2 cursor of our own":        {"/v2/persons?cursor=cur_x", v2, "X: y", 422},
		"beta call without header":    {"/v2/cost-centers", v2, "X: y", 404},
		"beta call with header":       {"/v2/cost-centers", v2, "Beta: true", 200},
		"org unit without type":       {"/v2/org-units/281520", v2, "X: y", 422},
		"org unit":                    {"/v2/org-units/281520?type=department", v2, "X: y", 200},
		"nobody":                      {"/v1/company/employees/1", v1, "X: y", 404},
		"somebody":                    {"/v1/company/employees/5101", v1, "X: y", 200},
		"picture of somebody without": {"/v1/company/employees/5102/profile-picture/75", v1, "X: y", 404},
		"another host":                {"/v1/company/employees", v1, "X-Forwarded-Host: api.elsewhere.example", 404},
		"own host":                    {"/v1/company/employees", v1, "X-Forwarded-Host: api.personio.de", 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", c.header, c.more); got.status != c.status {
				t.Errorf("status %d, want %d: %s", got.status, c.status, got.body)
			}
		})
	}
}

func TestPersonioRefusesACredentialAsEachVersionDoes(t *testing.T) {
	s := start(t, "personio", emulate.Setup{})
	bad := url.Values{"client_id": {"papi-x"}, "client_secret": {"papi-y"}, "grant_type": {"client_credentials"}}.Encode()
	old, newer := ask(t, s, "POST", "/v1/auth", bad, sendForm), ask(t, s, "POST", "/v2/auth/token", bad, sendForm)
	if old.status != 401 || newer.status != 400 {
		t.Errorf("v1 answers %d, v2 %d", old.status, newer.status)
	}
	sameShape(t, old.json(t), []any{sample(t, "personio", "error.401.json")})
	sameShape(t, newer.json(t), []any{sample(t, "personio", "v2.error.400.token.json")})
}

func TestPersonioV2FollowsCursorsToTheEnd(t *testing.T) {
	s := start(t, "personio", emulate.Setup{Way: "v2"})
	token, next, seen := tokenV2(t, s), "/v2/persons?limit=50", map[any]bool{}
	for pages := 0; next != ""; pages++ {
		if pages > 3 {
			t.Fatal("there is no end")
		}
		got := ask(t, s, "GET", next, "", token).json(t)
		for _, p := range at(t, got, "_data").([]any) {
			seen[at(t, p, "id")] = true
		}
		next = ""
		if link, ok := at(t, got, "_meta", "links", "next").(map[string]any); ok {
			next = strings.TrimPrefix(link["href"].(string), "https://api.personio.de")
		}
	}
	if len(seen) != len(s.Truth(anyDay)) {
		t.Errorf("%d people seen, %d are there", len(seen), len(s.Truth(anyDay)))
	}
}

func TestPersonioCanSayNoInA200(t *testing.T) {
	s := start(t, "personio", emulate.Setup{})
	token := tokenV1(t, s)
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 200})
	got := ask(t, s, "GET", "/v1/company/employees", "", token)
	if got.status != 200 {
		t.Errorf("status %d", got.status)
	}
	sameShape(t, got.json(t), []any{sample(t, "personio", "error.200.success-false.json")})
}
