package emulate_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
)

const (
	jumpPeople = "/api/systemusers"
	jumpGroups = "/api/v2/usergroups"
	jumpAda    = `{"username":"ada.berg","email":"Ada.Berg@corp.example","firstname":"Ada","lastname":"Berg","state":"STAGED","employeeIdentifier":"1001"}`
)

// jump is an organisation to which a test writes.
type jump struct {
	*testing.T
	s *emulate.Server
}

func organisation(t *testing.T, setup emulate.Setup) jump {
	setup.Empty = true
	return jump{t, start(t, "jumpcloud", setup)}
}

func (j jump) send(method, path, body string) reply {
	j.Helper()
	headers := []string{"x-api-key: " + j.s.Options["apiKey"], sendJSON, "Accept: application/json"}
	if org := j.s.Options["orgId"]; org != "" {
		headers = append(headers, "x-org-id: "+org)
	}
	return ask(j, j.s, method, path, body, headers...)
}

// do sends a call and wants that status.
func (j jump) do(method, path, body string, status int) reply {
	j.Helper()
	got := j.send(method, path, body)
	if got.status != status {
		j.Fatalf("%s %s %s: %d, want %d: %s", method, path, body, got.status, status, got.body)
	}
	return got
}

func (j jump) create(body string) string {
	j.Helper()
	return at(j, j.do("POST", jumpPeople, body, 200).json(j), "_id").(string)
}

// firstGroup is the id of the group of everybody.
func (j jump) firstGroup() string {
	return at(j, j.do("GET", jumpGroups, "", 200).json(j), 0, "id").(string)
}

func TestJumpCloudAnswersInTheShapeOfItsSamples(t *testing.T) {
	j := jump{t, start(t, "jumpcloud", emulate.Setup{Day: anyDay})}
	sameShape(t, j.do("GET", jumpPeople+"?limit=100&sort=_id", "", 200).json(t), []any{sample(t, "jumpcloud", "systemusers-page.json")},
		"/recoveryEmail", "/alternateEmail", "/employee", "/jobTitle", "/department", "/costCenter", "/company", "/location")
	sameShape(t, j.do("GET", jumpGroups+"/"+j.firstGroup()+"/members?limit=100&skip=0", "", 200).json(t), []any{sample(t, "jumpcloud", "usergroup-members.json")})
	j.do("POST", "/api/v2/bulk/users", encode(t, sample(t, "jumpcloud", "bulk-create.request.json")), 200)
}

func TestJumpCloudTruthSaysWhatTheRecordsSay(t *testing.T) {
	j := jump{t, start(t, "jumpcloud", emulate.Setup{Day: anyDay})}
	var everybody []any
	for _, skip := range []string{"0", "100"} {
		everybody = append(everybody, at(t, j.do("GET", jumpPeople+"?limit=500&sort=_id&skip="+skip, "", 200).json(t), "results").([]any)...)
	}
	agree(t, j.s.Truth(anyDay), everybody, "_id", map[string]string{"externalId": "id", "email": "email", "firstName": "firstname", "lastName": "lastname",
		"displayName": "displayname", "employeeNumber": "employeeIdentifier", "employmentType": "employeeType", "jobTitle": "jobTitle",
		"department": "department", "costCenter": "costCenter", "legalEntity": "company", "office": "location", "custom.username": "username",
		"custom.status": "state"}, strings.Clone)
}

func TestJumpCloudChecksWhatItIsAsked(t *testing.T) {
	for way, host := range map[string]string{"key": "console.jumpcloud.com", "eu": "console.eu.jumpcloud.com", "in": "console.in.jumpcloud.com"} {
		s := start(t, "jumpcloud", emulate.Setup{Way: way})
		key, org := "x-api-key: "+s.Options["apiKey"], "x-org-id: 5f0000000000000000000001"
		for name, c := range map[string]struct {
			path, key, org, host string
			status               int
		}{
			"good":               {jumpPeople + "?limit=1", key, org, host, 200},
			"no key":             {jumpPeople, "X: y", org, host, 401},
			"another region":     {jumpPeople, key, org, "console." + map[string]string{"key": "eu.", "eu": "in.", "in": ""}[way] + "jumpcloud.com", 401},
			"another host":       {jumpPeople, key, org, "api.jumpcloud.com", 404},
			"another org":        {jumpPeople, key, "x-org-id: 5f0000000000000000000002", host, 403},
			"no org":             {jumpPeople, key, "X: y", host, map[string]int{"key": 200, "eu": 403, "in": 200}[way]},
			"organisations":      {"/api/organizations", key, "X: y", host, 200},
			"unknown parameter":  {jumpPeople + "?page=2", key, org, host, 400},
			"no limit":           {jumpPeople + "?limit=0", key, org, host, 400},
			"over 100 in v2":     {jumpGroups + "?limit=101", key, org, host, 400},
			"nobody":             {jumpPeople + "/65a4e8f0c0ffee00000000ff", key, org, host, 404},
			"sorted by nonsense": {jumpPeople + "?sort=shoeSize", key, org, host, 400},
		} {
			if got := ask(t, s, "GET", c.path, "", c.key, c.org, "X-Forwarded-Host: "+c.host); got.status != c.status {
				t.Errorf("%s, %s: %d, want %d: %.200s", way, name, got.status, c.status, got.body)
			}
		}
	}
	j := jump{t, start(t, "jumpcloud", emulate.Setup{})}
	if got := j.do("GET", jumpPeople, "", 200).json(t); len(at(t, got, "results").([]any)) != 10 || at(t, got, "totalCount") != 119.0 {
		t.Errorf("a page without a limit has %d of %v", len(at(t, got, "results").([]any)), at(t, got, "totalCount"))
	}
}

func TestJumpCloudCreatesChangesAndDeletes(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	boss, id := j.create(strings.NewReplacer("ada.berg", "bo", "Ada.Berg", "bo", "1001", "1002").Replace(jumpAda)), j.create(jumpAda)
	j.do("PUT", jumpPeople+"/"+id, `{"manager":"`+boss+`","jobTitle":"Lead","phoneNumbers":[{"type":"work","number":"1"},{"type":"mobile","number":"2"}],
		"attributes":[{"name":"hireDate","value":"2026-12-01"}],"recoveryEmail":{"address":"ada@home.example"}}`, 200)
	j.do("PUT", jumpPeople+"/"+id, `{"state":"ACTIVATED","phoneNumbers":[{"type":"work","number":"3"}],"jobTitle":""}`, 200)
	j.do("PUT", jumpPeople+"/"+id, `{"state":"SUSPENDED","suspended":true}`, 200)
	got := j.do("GET", jumpPeople+"/"+id, "", 200).json(t)
	for _, c := range []struct {
		want any
		path []any
	}{
		{boss, []any{"manager"}}, {"", []any{"jobTitle"}}, {"3", []any{"phoneNumbers", 0, "number"}}, {"2026-12-01", []any{"attributes", 0, "value"}},
		{"ada@home.example", []any{"recoveryEmail", "address"}}, {"SUSPENDED", []any{"state"}}, {true, []any{"suspended"}}, {"1001", []any{"employeeIdentifier"}},
	} {
		if is := at(t, got, c.path...); is != c.want {
			t.Errorf("%v is %v, want %v", c.path, is, c.want)
		}
	}
	j.do("PUT", jumpPeople+"/"+id, `{"state":"ACTIVATED","suspended":false}`, 200)
	j.do("DELETE", jumpPeople+"/"+boss, "", 400)
	j.do("PUT", jumpPeople+"/"+id, `{"manager":""}`, 200)
	j.do("DELETE", jumpPeople+"/"+boss, "", 200)
	j.do("GET", jumpPeople+"/"+boss, "", 404)
	if again := j.create(strings.NewReplacer("ada.berg", "bo", "Ada.Berg", "bo", "1001", "1002").Replace(jumpAda)); again == boss {
		t.Error("an id is given twice")
	}
	eu := organisation(t, emulate.Setup{Way: "eu"})
	eu.do("POST", jumpPeople, jumpAda, 201)
}

func TestJumpCloudRefusesWhatIsWrong(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	id := j.create(jumpAda)
	admin := at(t, j.do("GET", jumpPeople+"?sort=_id", "", 200).json(t), "results", 0, "_id").(string)
	group := jumpGroups + "/" + j.firstGroup()
	j.do("PUT", jumpPeople+"/"+id, `{"state":"ACTIVATED"}`, 200)
	put := jumpPeople + "/" + id
	for name, c := range map[string]struct {
		method, path, body string
		status             int
	}{
		"no email":              {"POST", jumpPeople, `{"username":"x","firstname":"X","lastname":"Y"}`, 400},
		"upper case":            {"POST", jumpPeople, `{"username":"Bo","email":"b@corp.example","firstname":"B","lastname":"C"}`, 400},
		"username taken":        {"POST", jumpPeople, `{"username":"ada.berg","email":"b@corp.example","firstname":"B","lastname":"C"}`, 409},
		"email taken":           {"POST", jumpPeople, `{"username":"b","email":"ADA.berg@corp.example","firstname":"B","lastname":"C"}`, 409},
		"number taken":          {"POST", jumpPeople, `{"username":"b","email":"b@corp.example","firstname":"B","lastname":"C","employeeIdentifier":"1001"}`, 409},
		"another username":      {"PUT", put, `{"username":"ada.oak"}`, 400},
		"unknown attribute":     {"PUT", put, `{"shoeSize":"44"}`, 400},
		"read only":             {"PUT", put, `{"created":"2026-01-01"}`, 400},
		"no address":            {"PUT", put, `{"email":"ada"}`, 400},
		"null":                  {"PUT", put, `{"jobTitle":null}`, 400},
		"long description":      {"PUT", put, `{"description":"` + strings.Repeat("x", 1025) + `"}`, 400},
		"unknown state":         {"PUT", put, `{"state":"LEFT"}`, 400},
		"conflict":              {"PUT", put, `{"state":"ACTIVATED","suspended":true}`, 400},
		"staged again":          {"PUT", put, `{"state":"STAGED"}`, 400},
		"manager nobody":        {"PUT", put, `{"manager":"65a4e8f0c0ffee00000000ff"}`, 400},
		"phone type":            {"PUT", put, `{"phoneNumbers":[{"type":"pager","number":"1"}]}`, 400},
		"attribute's name":      {"PUT", put, `{"attributes":[{"name":"hire date","value":"1"}]}`, 400},
		"attribute is a number": {"PUT", put, `{"attributes":[{"name":"fte","value":1}]}`, 400},
		"nobody":                {"PUT", jumpPeople + "/65a4e8f0c0ffee00000000ff", `{}`, 404},
		"another directory":     {"PUT", jumpPeople + "/" + admin, `{"jobTitle":"x"}`, 403},
		"group taken":           {"POST", jumpGroups, `{"name":"Everybody"}`, 409},
		"group without name":    {"POST", jumpGroups, `{}`, 400},
		"member of nobody":      {"POST", group + "/members", `{"op":"add","type":"user","id":"x"}`, 404},
		"not a member":          {"POST", group + "/members", `{"op":"remove","type":"user","id":"` + id + `"}`, 404},
		"op":                    {"POST", group + "/members", `{"op":"put","type":"user","id":"` + id + `"}`, 400},
		"a list for one":        {"POST", jumpPeople, `[]`, 400},
		"one for a list":        {"POST", "/api/v2/bulk/users", jumpAda, 400},
		"no such job":           {"GET", "/api/v2/bulk/users/1/results", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			got := jump{t, j.s}.do(c.method, c.path, c.body, c.status)
			if at(t, got.json(t), "message") == "" || strings.HasPrefix(c.path, "/api/v2") == strings.Contains(string(got.body), `"status"`) {
				t.Errorf("the error is %s", got.body)
			}
		})
	}
	reader := organisation(t, emulate.Setup{Writing: wire.Writing{ReadOnly: true}})
	reader.do("POST", jumpPeople, jumpAda, 403)
	reader.do("POST", "/api/search/systemusers", `{}`, 200)
}

func TestJumpCloudSearches(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	id := j.create(jumpAda)
	for body, want := range map[string]float64{
		`{"filter":[{"employeeIdentifier":"1001"}],"limit":10,"skip":0}`:                        1,
		`{"filter":[{"employeeIdentifier":"1001"},{"state":"ACTIVATED"}]}`:                      0,
		`{"filter":{"or":[{"email":"ada.berg@corp.example"},{"username":"nobody"}]}}`:           1,
		`{"filter":{"or":[{"email":"x@corp.example"},{"lastname":"Berg"}]}}`:                    1,
		`{"searchFilter":{"searchTerm":"@CORP.example","fields":["email"]},"sort":"-_id"}`:      2,
		`{"filter":[{"lastname":"Berg"}],"searchFilter":{"searchTerm":"x","fields":["email"]}}`: 1,
	} {
		if got := j.do("POST", "/api/search/systemusers", body, 200).json(t); at(t, got, "totalCount") != want || want == 1 && at(t, got, "results", 0, "_id") != id {
			t.Errorf("%s finds %v", body, at(t, got, "totalCount"))
		}
	}
	for _, body := range []string{`{"filter":[{"shoeSize":"44"}]}`, `{"filter":"email:x"}`, `{"searchFilter":{"searchTerm":"x"}}`, `{"page":1}`} {
		j.do("POST", "/api/search/systemusers", body, 400)
	}
}

func TestJumpCloudKeepsGroups(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	id := j.create(jumpAda)
	members := jumpGroups + "/" + at(t, j.do("POST", jumpGroups, `{"name":"New"}`, 201).json(t), "id").(string) + "/members"
	add, remove := `{"op":"add","type":"user","id":"`+id+`"}`, `{"op":"remove","type":"user","id":"`+id+`"}`
	j.do("POST", members, add, 204)
	j.do("POST", members, add, 409)
	got := j.do("GET", members+"?limit=100&skip=0", "", 200)
	if at(t, got.json(t), 0, "to", "id") != id || got.header.Get("X-Total-Count") != "1" {
		t.Errorf("members %s", got.body)
	}
	j.do("POST", members, remove, 204)
	j.do("POST", members, add, 204)
	j.do("DELETE", jumpPeople+"/"+id, "", 200)
	if got := j.do("GET", members, "", 200); strings.TrimSpace(string(got.body)) != "[]" {
		t.Errorf("the deleted one is a member: %s", got.body)
	}
}

func TestJumpCloudRunsJobs(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	results := func(method, body string) []any {
		job := at(t, j.do(method, "/api/v2/bulk/users", body, 200).json(t), "jobId").(string)
		path := "/api/v2/bulk/users/" + job + "/results?limit=100&skip=0"
		if got := j.do("GET", path, "", 200).json(t); at(t, got, 0, "status") != "pending" {
			t.Errorf("at once: %v", got)
		}
		return j.do("GET", path, "", 200).json(t).([]any)
	}
	made := results("POST", "["+jumpAda+","+jumpAda+"]")
	if at(t, made, 0, "status") != "finished" || at(t, made, 1, "status") != "failed" {
		t.Errorf("made %v", made)
	}
	id := at(t, made, 0, "result", "_id").(string)
	changed := results("PATCH", `[{"id":"`+id+`","state":"ACTIVATED"},{"id":"x"}]`)
	if at(t, changed, 0, "status") != "finished" || at(t, changed, 1, "status") != "failed" || at(t, j.do("GET", jumpPeople+"/"+id, "", 200).json(t), "state") != "ACTIVATED" {
		t.Errorf("changed %v", changed)
	}
}

func TestJumpCloudSaysInWhichGroupsSomebodyIs(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	id, group := j.create(jumpAda), j.firstGroup()
	in := "/api/v2/users/" + id + "/memberof"
	if got := j.do("GET", in, "", 200).json(t); len(got.([]any)) != 0 {
		t.Errorf("a new person is in %v", got)
	}
	j.do("POST", jumpGroups+"/"+group+"/members", `{"op":"add","type":"user","id":"`+id+`"}`, 204)
	got := j.do("GET", in, "", 200).json(t)
	if at(t, got, 0, "id") != group || at(t, got, 0, "type") != "user_group" || at(t, got, 0, "paths", 0, 0, "to", "id") != group {
		t.Errorf("then it is %v", got)
	}
	j.do("GET", "/api/v2/users/65a4e8f0c0ffee00000000ff/memberof", "", 404)
}

func TestJumpCloudLagsAndHasLimits(t *testing.T) {
	j := organisation(t, emulate.Setup{Writing: wire.Writing{Lag: 2}})
	id := j.create(jumpAda)
	for i, want := range []float64{0, 0, 1} {
		if got := j.do("POST", "/api/search/systemusers", `{"filter":[{"username":"ada.berg"}]}`, 200).json(t); at(t, got, "totalCount") != want {
			t.Errorf("search %d finds %v", i, at(t, got, "totalCount"))
		}
	}
	j.do("GET", jumpPeople+"/"+id, "", 200)
	j = organisation(t, emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Calls: 2, Window: time.Hour}}})
	statuses := []int{j.send("GET", jumpPeople, "").status, j.send("GET", jumpPeople, "").status}
	got := j.send("GET", jumpPeople, "")
	if !slices.Equal(append(statuses, got.status), []int{200, 200, http.StatusTooManyRequests}) || got.header.Get("Retry-After") != "3600" {
		t.Errorf("%v %d %v", statuses, got.status, got.header)
	}
}

func TestJumpCloudHoldsTenThousand(t *testing.T) {
	j := organisation(t, emulate.Setup{})
	for i := range 10_000 {
		id := j.create(fmt.Sprintf(`{"username":"p%d","email":"p%d@corp.example","firstname":"P","lastname":"%d","employeeIdentifier":"%d"}`, i, i, i, i))
		if i%10 == 0 {
			j.do("POST", "/api/search/systemusers", fmt.Sprintf(`{"filter":[{"employeeIdentifier":"%d"}]}`, i), 200)
			j.do("PUT", jumpPeople+"/"+id, `{"state":"SUSPENDED","suspended":true}`, 200)
		}
	}
	if got := j.do("GET", jumpPeople+"?limit=100&skip=9950&sort=_id", "", 200).json(t); len(at(t, got, "results").([]any)) != 51 {
		t.Errorf("the last page has %d", len(at(t, got, "results").([]any)))
	}
}
