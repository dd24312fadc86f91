package emulate_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func bearerOfOfficient(s *emulate.Server) string {
	return "Authorization: Bearer " + s.Options["accessToken"]
}

func officient(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/1.0"+path, "", bearerOfOfficient(s), wantJSON, "X-Forwarded-Host: api.officient.io")
}

func TestOfficientAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	loose := []string{"/data/custom_fields[]/value"}
	texts := []string{"/email", "/personal_email", "/birthdate", "/avatar", "/phone", "/gender", "/preferred_language_code",
		"/linked_payroll_employee_number", "/address/", "/value_name", "/last_employment_date", "/team", "/current_reports_to", "/current_role"}
	details := []any{sample(t, "officient", "person-detail.70101.json"), sample(t, "officient", "person-detail.70102.json"), sample(t, "officient", "person-detail.70103.json")}
	for _, id := range []int{5101, 5105, 5106} {
		sameShape(t, officient(t, s, fmt.Sprintf("/people/%d/detail", id)).json(t), details, append(loose, texts...)...)
	}
	for path, file := range map[string]string{
		"/people/list?page=0":           "employees.1.json",
		"/people/5102/manager":          "person-manager.70102.json",
		"/custom_fields/list":           "custom-fields.json",
		"/teams/list":                   "teams.json",
		"/account":                      "account.json",
		"/people/change_history":        "change-history.json",
		"/calendar/5109/2026/3/2":       "calendar-day.70102.json",
		"/people/list?page=1&oops=true": "error.400.json",
	} {
		t.Run(path, func(t *testing.T) {
			got := officient(t, s, path).json(t)
			sameShape(t, got, []any{sample(t, "officient", file)}, "/data[]/email", "/changed_values/")
		})
	}
}

func TestOfficientPagesFromZeroThirtyAtATime(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	rows, total := 0, -1
	for page := 0; rows != total; page++ {
		got := officient(t, s, fmt.Sprintf("/people/list?page=%d&include_archived=1", page)).json(t)
		total = int(at(t, got, "total_record_count").(float64))
		n := len(at(t, got, "data").([]any))
		if rows += n; n == 0 || n > 30 {
			t.Fatalf("page %d has %d rows", page, n)
		}
	}
	if total != 120 {
		t.Errorf("%d people, want all 120", total)
	}
}

func TestOfficientIsStrict(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	for path, status := range map[string]int{
		"/people/list":                             400,
		"/people/list?page=-1":                     400,
		"/people/list?page=0&include_archived":     200,
		"/people/list?page=0&include_archived=yes": 400,
		"/people/1/detail":                         400,
		"/people/5122/detail":                      200,
		"/wages/5101/current":                      403,
		"/nowhere":                                 404,
	} {
		t.Run(path, func(t *testing.T) {
			if got := officient(t, s, path); got.status != status {
				t.Errorf("status %d, want %d: %s", got.status, status, got.body)
			}
		})
	}
	if got := ask(t, s, "GET", "/1.0/account", "", bearerOfOfficient(s)); got.status != 400 {
		t.Errorf("without Accept the status is %d", got.status)
	}
	if got := ask(t, s, "GET", "/1.0/account", "", wantJSON, "Authorization: Token x"); got.status != 401 {
		t.Errorf("with another scheme the status is %d", got.status)
	}
}

func TestOfficientGivesTokensToAnApp(t *testing.T) {
	s := start(t, "officient", emulate.Setup{Way: "oauth"})
	consent := ask(t, s, "GET", "/authorize?client_id="+s.Options["clientId"]+"&state=abc", "", "X-Forwarded-Host: app.officient.io")
	to, err := url.Parse(consent.header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), s.Options["redirectUri"]) || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %q: %v", consent.header.Get("Location"), err)
	}
	asked := map[string]string{"client_id": s.Options["clientId"], "client_secret": s.Options["clientSecret"], "grant_type": "authorization_code", "code": to.Query().Get("code")}
	token := ask(t, s, "POST", "/1.0/token", encode(t, asked), sendJSON).json(t)
	sameShape(t, token, []any{sample(t, "officient", "token.json")})
	if again := ask(t, s, "POST", "/1.0/token", encode(t, asked), sendJSON); again.status != 401 {
		t.Errorf("the same code again is answered %d", again.status)
	}
	asked["grant_type"], asked["refresh_token"] = "refresh_token", at(t, token, "refresh_token").(string)
	fresh := ask(t, s, "POST", "/1.0/token", encode(t, asked), sendJSON).json(t)
	if got := ask(t, s, "GET", "/1.0/account", "", wantJSON, "Authorization: Bearer "+at(t, fresh, "access_token").(string)); got.status != 200 {
		t.Errorf("the fresh token is answered %d", got.status)
	}
}
