package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
)

const entraFollowed = `
target: {connection: entra}
followFrom: 50
identity: {keys: [{fields: [employeeNumber], attribute: employeeId}]}
mapping:
  - {attribute: userPrincipalName, field: email}
  - {attribute: displayName, expression: '{{firstName}} {{lastName}}'}
  - {attribute: employeeId, field: employeeNumber}
  - {attribute: jobTitle, field: jobTitle}
guards: {deactivate: off, create: off, login: off, field: off, clear: off, manager: off, shrink: 0}
`

// behind changes the tenant past the program, as another administrator would.
func behind(t *testing.T, s *emulate.Server, method, path, body string) map[string]any {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "scope": {"https://graph.microsoft.com/.default"}}
	token, err := http.PostForm(s.URL+"/"+s.Options["tenantId"]+"/oauth2/v2.0/token", form)
	must(t, err)
	defer token.Body.Close()
	var given struct {
		Token string `json:"access_token"`
	}
	must(t, json.NewDecoder(token.Body).Decode(&given))
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/v1.0"+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+given.Token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d", method, path, answer.StatusCode)
	}
	said := map[string]any{}
	_ = json.NewDecoder(answer.Body).Decode(&said) // some say nothing
	return said
}

func TestLargeEntraTenantIsFollowedFromPlanToPlan(t *testing.T) {
	home(t)
	defer func(was time.Duration) { settling = was }(settling)
	settling = 0
	folder := t.TempDir()
	server, err := emulate.Start("entraid", emulate.Setup{Writing: wire.Writing{Empty: true}})
	must(t, err)
	t.Cleanup(server.Close)
	people := "Employee number,First name,Last name,E-mail,Job title,Status\n"
	for i := 1; i <= 60; i++ {
		people += fmt.Sprintf("%05d,Anna%d,Berg,person.%d@corp.example,Clerk,active\n", i, i, i)
	}
	csv := put(t, filepath.Join(folder, "people.csv"), people)
	config := put(t, filepath.Join(folder, "sync.yaml"), "source: {connector: csv, options: {path: "+csv+"}}"+entraFollowed)
	connect := func(more map[string]string) {
		answers := maps.Clone(server.Options)
		maps.Copy(answers, more)
		b, err := json.Marshal(answers)
		must(t, err)
		expect(t, exitDone, "connect", "entra", "entraid", "--base-url", server.URL, "--options", put(t, filepath.Join(folder, "answers.json"), string(b)))
	}
	before := map[string]wire.Count{}
	calls := func(route string) int {
		now := server.Counts()
		n := now[route].Calls - before[route].Calls
		before[route] = now[route]
		return n
	}
	plan := func(code int, how string, listed bool, deltas int) exported {
		t.Helper()
		for _, route := range []string{"GET /v1.0/users", "GET /v1.0/users/delta"} {
			calls(route)
		}
		file := filepath.Join(folder, "plan.json")
		expect(t, code, "plan", "--config", config, "--export", file)
		// One of the calls for users asks whether the leave date may be seen.
		if users, changes := calls("GET /v1.0/users"), calls("GET /v1.0/users/delta"); users > 1 != listed || changes != deltas {
			t.Errorf("%s: %d calls for users, %d for what changed, want %d", how, users, changes, deltas)
		}
		return readExport(t, file)
	}
	connect(nil)
	plan(exitChanges, "the first plan, of a small directory", true, 0)
	expect(t, exitDone, "apply", "last")
	plan(exitDone, "the second plan, of a directory not known to be large", true, 0)
	plan(exitDone, "the third plan, whose reading is kept", true, 1)
	if made := plan(exitDone, "the fourth plan, of nothing new", false, 1); made.Plan.Accounts != 61 {
		t.Errorf("%d accounts are known", made.Plan.Accounts)
	}
	behind(t, server, http.MethodPatch, "/users/person.7@corp.example", `{"jobTitle":"Juggler"}`)
	behind(t, server, http.MethodDelete, "/users/person.8@corp.example", "")
	made := plan(exitChanges, "a plan after changes behind its back", false, 1)
	row := made.of(t, "00007")
	if len(row.Cells) != 1 || row.Cells[0].Before != "Juggler" || row.Cells[0].After != "Clerk" || len(made.Rows) < 2 {
		t.Errorf("the plan is %+v", made.Rows)
	}
	if row := made.of(t, "00008"); row.Change != "reactivate" {
		t.Errorf("of the deleted one: %+v", row)
	}
	expect(t, exitDone, "apply", "last")
	plan(exitDone, "a plan after its changes were made", false, 1)
	connect(map[string]string{"groups": "Staff"})
	plan(exitDone, "a plan with other groups", true, 1)
	plan(exitDone, "the one after it", false, 1)
	settling = time.Hour
	plan(exitDone, "a plan soon after a run", true, 1)
}
