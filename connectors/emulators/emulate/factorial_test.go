package emulate_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const factorialPeople = "employees/employees?only_active=false&only_managers=false"

func factorial(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api/2026-07-01/resources/"+path, "", "x-api-key: "+s.Options["apiKey"], wantJSON, "X-Forwarded-Host: api.factorialhr.com")
}

func TestFactorialAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "factorial", emulate.Setup{Day: anyDay})
	people := factorial(t, s, factorialPeople+"&limit=100").json(t)
	sameShape(t, people, []any{sample(t, "factorial", "employees.1.json"), sample(t, "factorial", "employees.2.json")},
		"/identifier", "/nationality", "bank_number", "social_security_number", "termination_reason", "/full_name", "/first_name", "/last_name", "/active")
	for _, list := range []string{"contracts/contract_versions", "teams/teams", "teams/memberships", "locations/locations", "companies/legal_entities",
		"finance/cost_centers", "finance/cost_center_memberships", "custom_fields/fields", "custom_fields/values", "timeoff/leaves"} {
		t.Run(list, func(t *testing.T) {
			got := factorial(t, s, list).json(t)
			sameShape(t, got, []any{sample(t, "factorial", strings.ReplaceAll(list, "/", "-")+".json")}, "value", "job_catalog", "/end_date", "deleted_at",
				"/description", "/choice_options", "/address_line", "/state", "/ends_on", "/job_title")
		})
	}
	sameShape(t, factorial(t, s, factorialPeople+"&updated_at_gteq=x").json(t), []any{sample(t, "factorial", "error.422.json")})
	if n := len(at(t, factorial(t, s, factorialPeople+"&updated_at_gteq=2026-06-01").json(t), "data").([]any)); n == 0 || n > 60 {
		t.Errorf("%d people changed since", n)
	}
}

func TestFactorialIsStrict(t *testing.T) {
	s := start(t, "factorial", emulate.Setup{Day: anyDay})
	for path, status := range map[string]int{
		"employees/employees":                         422,
		factorialPeople + "&limit=101":                422,
		factorialPeople + "&status=active":            422,
		factorialPeople + "&after_id=x":               422,
		factorialPeople + "&page=2&after_id=NTEwMQ==": 400,
		factorialPeople + "&page=2":                   200,
		"api_public/credentials":                      200,
		"job_catalog/roles":                           200,
		"departments/departments":                     404,
	} {
		t.Run(path, func(t *testing.T) {
			if got := factorial(t, s, path); got.status != status {
				t.Errorf("status %d, want %d: %.300s", got.status, status, got.body)
			}
		})
	}
	const path = "/api/2026-07-01/resources/teams/teams"
	for name, c := range map[string]struct {
		status  int
		headers []string
	}{
		"no key":        {401, []string{wantJSON}},
		"key as bearer": {401, []string{wantJSON, "Authorization: Bearer " + s.Options["apiKey"]}},
		"no Accept":     {400, []string{"x-api-key: " + s.Options["apiKey"]}},
		"demo":          {401, []string{wantJSON, "x-api-key: " + s.Options["apiKey"], "X-Forwarded-Host: api.demo.factorial.dev"}},
		"another host":  {404, []string{wantJSON, "x-api-key: " + s.Options["apiKey"], "X-Forwarded-Host: api.elsewhere.example"}},
	} {
		if got := ask(t, s, "GET", path, "", c.headers...); got.status != c.status {
			t.Errorf("%s: status %d, want %d", name, got.status, c.status)
		}
	}
	sameShape(t, ask(t, s, "GET", path, "", wantJSON).json(t), []any{sample(t, "factorial", "error.401.json")})
}

func TestFactorialGivesTokensToAnApp(t *testing.T) {
	s := start(t, "factorial", emulate.Setup{Way: "oauth"})
	sum := sha256.Sum256([]byte("made-up-verifier"))
	consent := ask(t, s, "GET", "/oauth/authorize?response_type=code&state=abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fback&client_id="+s.Options["clientId"]+
		"&code_challenge_method=S256&code_challenge="+base64.RawURLEncoding.EncodeToString(sum[:]), "")
	to, err := url.Parse(consent.header.Get("Location"))
	if err != nil || to.Host != "127.0.0.1:9" || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %q: %v", consent.header.Get("Location"), err)
	}
	form := url.Values{"client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "grant_type": {"authorization_code"},
		"code": {to.Query().Get("code")}, "redirect_uri": {"http://127.0.0.1:9/back"}, "code_verifier": {"made-up-verifier"}}
	got := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm).json(t)
	sameShape(t, got, []any{sample(t, "factorial", "oauth-token.json")})
	if again := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm); again.status != 400 {
		t.Errorf("the same code again is answered %d", again.status)
	}
	form.Set("grant_type", "refresh_token")
	form.Set("refresh_token", at(t, got, "refresh_token").(string))
	fresh := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm).json(t)
	if got := ask(t, s, "GET", "/api/2026-07-01/resources/teams/teams", "", wantJSON, "Authorization: Bearer "+at(t, fresh, "access_token").(string)); got.status != 200 {
		t.Errorf("the fresh token is answered %d", got.status)
	}
	if again := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm); again.status != 400 {
		t.Errorf("the same refresh token again is answered %d", again.status)
	}
}

func TestFactorialTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "factorial", emulate.Setup{Day: anyDay, PageCap: 25})
	var people []any
	for after, more := "", true; more; {
		got := factorial(t, s, factorialPeople+"&after_id="+url.QueryEscape(after)).json(t)
		people = append(people, at(t, got, "data").([]any)...)
		after, more = at(t, got, "meta", "end_cursor").(string), at(t, got, "meta", "has_next_page").(bool)
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{
		"employeeNumber": "company_identifier", "firstName": "first_name", "displayName": "full_name", "preferredName": "preferred_name",
		"personalEmail": "personal_email", "mobilePhone": "phone_number", "birthDate": "birthday_on", "gender": "gender", "custom.pronouns": "pronouns",
		"addressLine1": "address_line_1", "region": "state", "country": "country", "postalCode": "postal_code",
	}, strings.TrimSpace)
}
