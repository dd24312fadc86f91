package emulate_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	gustoCompany = "/v1/companies/5b0c2e6a-1111-4c3d-8e11-000000000001"
	gustoVersion = "X-Gusto-API-Version: 2025-06-15"
	gustoPeople  = gustoCompany + "/employees?include=custom_fields,current_home_address"
	gustoSomeone = "/v1/employees/5b0c2e6a-2222-4c3d-8e11-000000005102"
)

// gustoCode is what the consent page sends back with.
func gustoCode(t testing.TB, s *emulate.Server, challenge string) string {
	t.Helper()
	q := url.Values{"client_id": {s.Options["clientId"]}, "redirect_uri": {s.Options["redirectUri"]}, "response_type": {"code"}, "state": {"abc"}}
	if challenge != "" {
		q.Set("code_challenge", challenge)
		q.Set("code_challenge_method", "S256")
	}
	got := ask(t, s, "GET", "/oauth/authorize?"+q.Encode(), "")
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), s.Options["redirectUri"]) || to.Query().Get("state") != "abc" {
		t.Fatalf("consent is answered %d and leads to %v: %v", got.status, to, err)
	}
	return to.Query().Get("code")
}

func gustoGrant(t testing.TB, s *emulate.Server, name, value string, more ...string) reply {
	t.Helper()
	grant := map[string]string{"code": "authorization_code", "refresh_token": "refresh_token"}[name]
	asked := map[string]string{"client_id": s.Options["clientId"], "client_secret": s.Options["clientSecret"], "redirect_uri": s.Options["redirectUri"],
		"grant_type": grant, name: value}
	for _, verifier := range more {
		asked["code_verifier"] = verifier
	}
	text, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	return ask(t, s, "POST", "/oauth/token", string(text), sendJSON)
}

func gustoToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	return "Authorization: Bearer " + at(t, gustoGrant(t, s, "code", gustoCode(t, s, "")).json(t), "access_token").(string)
}

func TestGustoAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "gusto", emulate.Setup{})
	token := gustoToken(t, s)
	loose := []string{"/garnishments", "/location", "_uuid", "/street_2", "/selection_options", "/description", "/custom_fields[]/value", "/current_home_address/",
		"/jobs[]/hire_date", "/jobs[]/title", "/effective_date", "/preferred_first_name", "[]/title", "[]/hired_at", "/custom_fields"}
	for path, files := range map[string][]string{
		gustoPeople:                          {"employees.1.json", "employees.2.json"},
		gustoCompany:                         {"company.json"},
		gustoCompany + "/departments":        {"departments.json"},
		gustoCompany + "/locations":          {"locations.json"},
		gustoCompany + "/custom_fields":      {"custom_fields.json"},
		"/v1/token_info":                     {"token_info.json"},
		gustoSomeone + "/work_addresses":     {"work_addresses.13.json"},
		gustoSomeone + "/employment_history": {"employment_history.12.json"},
		gustoCompany + "/employees?page=0":   {"error.422.json"},
		"/v1/nowhere":                        {"error.404.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, f := range files {
				samples = append(samples, sample(t, "gusto", f))
			}
			sameShape(t, ask(t, s, "GET", path, "", token, gustoVersion).json(t), samples, append(loose, "/termination_date")...)
		})
	}
	bare := ask(t, s, "GET", gustoCompany+"/employees", "", token, gustoVersion)
	if strings.Contains(string(bare.body), `"current_home_address"`) || strings.Contains(string(bare.body), `"custom_fields"`) {
		t.Error("the address or the custom fields come unasked")
	}
}

func TestGustoCountsItsPagesInHeaders(t *testing.T) {
	s := start(t, "gusto", emulate.Setup{})
	got := ask(t, s, "GET", gustoCompany+"/employees?page=3&per=50", "", gustoToken(t, s), gustoVersion)
	if n := len(got.json(t).([]any)); n != 19 {
		t.Errorf("the last page has %d rows", n)
	}
	for name, want := range map[string]string{"X-Page": "3", "X-Per-Page": "50", "X-Total-Count": "119", "X-Total-Pages": "3", "X-RateLimit-Limit": "200"} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q", name, got.header.Get(name))
		}
	}
}

func TestGustoSignIn(t *testing.T) {
	s := start(t, "gusto", emulate.Setup{})
	sum := sha256.Sum256([]byte("made-up-verifier"))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if got := gustoGrant(t, s, "code", gustoCode(t, s, challenge), "another"); got.status != 400 {
		t.Errorf("the wrong verifier is answered %d", got.status)
	}
	code := gustoCode(t, s, challenge)
	first := gustoGrant(t, s, "code", code, "made-up-verifier")
	sameShape(t, first.json(t), []any{sample(t, "gusto", "oauth-token.json")})
	if life := at(t, first.json(t), "expires_in"); life != 7200.0 {
		t.Errorf("the token lives %v", life)
	}
	refresh := at(t, first.json(t), "refresh_token").(string)
	for name, c := range map[string]struct {
		got  reply
		want int
	}{
		"1 the same code again":    {gustoGrant(t, s, "code", code, "made-up-verifier"), 400},
		"2 refreshed":              {gustoGrant(t, s, "refresh_token", refresh), 200},
		"3 refreshed again":        {gustoGrant(t, s, "refresh_token", refresh), 400},
		"4 secret in the address":  {ask(t, s, "POST", "/oauth/token?client_secret=x", "", sendJSON), 400},
		"5 another client":         {ask(t, s, "POST", "/oauth/token", `{"client_id":"x","client_secret":"y"}`, sendJSON), 401},
		"14 a form":                {ask(t, s, "POST", "/oauth/token", "grant_type=refresh_token&client_id="+s.Options["clientId"]+"&client_secret="+s.Options["clientSecret"], sendForm), 401},
		"6 unregistered address":   {ask(t, s, "GET", "/oauth/authorize?response_type=code&client_id="+s.Options["clientId"]+"&redirect_uri=https://corp.example/callback", ""), 400},
		"7 no token":               {ask(t, s, "GET", "/v1/token_info", "", gustoVersion), 401},
		"8 no version":             {ask(t, s, "GET", "/v1/token_info", "", gustoToken(t, s)), 400},
		"9 another company":        {ask(t, s, "GET", "/v1/companies/1/employees", "", gustoToken(t, s), gustoVersion), 404},
		"10 unknown parameter":     {ask(t, s, "GET", gustoPeople+"&limit=1", "", gustoToken(t, s), gustoVersion), 422},
		"11 unknown include":       {ask(t, s, "GET", gustoCompany+"/employees?include=ssn", "", gustoToken(t, s), gustoVersion), 422},
		"12 the demo host":         {ask(t, s, "GET", "/v1/token_info", "", gustoToken(t, s), gustoVersion, "X-Forwarded-Host: api.gusto-demo.com"), 401},
		"13 nobody's work address": {ask(t, s, "GET", "/v1/employees/1/work_addresses", "", gustoToken(t, s), gustoVersion), 404},
	} {
		if c.got.status != c.want {
			t.Errorf("%s: status %d, want %d: %s", name, c.got.status, c.want, c.got.body)
		}
	}
}

func TestGustoTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "gusto", emulate.Setup{Day: anyDay})
	people := ask(t, s, "GET", gustoPeople, "", gustoToken(t, s), gustoVersion).json(t).([]any)
	agree(t, s.Truth(anyDay), people, "uuid", map[string]string{
		"employeeNumber": "employee_code", "firstName": "first_name", "preferredName": "preferred_first_name", "email": "work_email", "personalEmail": "email",
		"mobilePhone": "phone", "department": "department", "departmentId": "department_uuid", "employmentType": "current_employment_status",
		"birthDate": "date_of_birth", "city": "current_home_address/city", "addressLine2": "current_home_address/street_2",
	}, strings.TrimSpace)
	for _, p := range people {
		if is := s.Truth(anyDay)[told(p, "uuid")]["employmentStatus"]; (is == "terminated") != (told(p, "terminated") == "true") {
			t.Errorf("%s is %s, the record says terminated %s", told(p, "uuid"), is, told(p, "terminated"))
		}
	}
}
