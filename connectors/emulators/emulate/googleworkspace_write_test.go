package emulate_test

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
)

const (
	googleWriting   = googleScope + "user " + googleScope + "user.security " + googleScope + "group " + googleScope + "userschema " + googleScope + "orgunit"
	googleAda       = `{"primaryEmail":"ada.berg@corp.example","name":{"givenName":"Ada","familyName":"Berg"},"password":"made-up-1",` + googleLists + `}`
	googleLists     = `"phones":[{"value":"+46 8 123","type":"work"},{"value":"+46 70 123","type":"mobile"}],"externalIds":[{"value":"1001","type":"organization"}]`
	googleEverybody = googleDirectory + "/groups/everybody@corp.example/members"
)

// google is an account to which a test writes.
type google struct {
	*testing.T
	s     *emulate.Server
	token string
}

func googleAccount(t *testing.T, setup emulate.Setup) google {
	setup.Empty = true
	s := start(t, "googleworkspace", setup)
	return google{t, s, googleToken(t, s, map[string]any{"scope": googleWriting})}
}

// do sends a call below the directory and wants that status.
func (g google) do(method, path, body string, status int) reply {
	g.Helper()
	got := ask(g, g.s, method, googleDirectory+path, body, g.token, sendJSON)
	if got.status != status {
		g.Fatalf("%s %s %s: %d, want %d: %s", method, path, body, got.status, status, got.body)
	}
	return got
}

func (g google) create(body string) string {
	g.Helper()
	return at(g, g.do("POST", "/users", body, 200).json(g), "id").(string)
}

func (g google) full(key string) any {
	g.Helper()
	return g.do("GET", "/users/"+key+"?projection=full", "", 200).json(g)
}

func reason(t testing.TB, r reply) string {
	return at(t, r.json(t), "error", "errors", 0, "reason").(string)
}

func TestGoogleWorkspaceKeepsWhatIsLeftOut(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	id := g.create(googleAda)
	g.do("PUT", "/users/"+id, `{"name":{"displayName":"Ada B."},"orgUnitPath":"/engineering","recoveryPhone":"+4670123","customSchemas":{"Employment":{"hireDate":"2026-12-01","bicycles":2,
		"projects":[{"value":"Alpha","type":"work"}]},"Facilities":{"badge":"B"}},"relations":[{"type":"manager","value":"it-admin@corp.example"}]}`, 200)
	g.do("PUT", "/users/ADA.BERG@corp.example", `{"phones":[{"value":"+46 8 999","type":"work"}],"recoveryPhone":null,"customSchemas":{"Employment":{"hireDate":null},"Facilities":null}}`, 200)
	g.do("PATCH", "/users/"+id, `{"phones":[],"externalIds":null}`, 200)
	got := g.full(id)
	for _, c := range []struct {
		want any
		path []any
	}{
		{"Ada Berg", []any{"name", "fullName"}}, {"Ada B.", []any{"name", "displayName"}}, {"/Engineering", []any{"orgUnitPath"}}, {nil, []any{"recoveryPhone"}},
		{"+46 8 999", []any{"phones", 0, "value"}}, {"1001", []any{"externalIds", 0, "value"}}, {"it-admin@corp.example", []any{"relations", 0, "value"}},
		{"2", []any{"customSchemas", "Employment", "bicycles"}}, {nil, []any{"customSchemas", "Employment", "hireDate"}}, {nil, []any{"customSchemas", "Facilities"}},
		{"Alpha", []any{"customSchemas", "Employment", "projects", 0, "value"}}, {true, []any{"emails", 0, "primary"}}, {nil, []any{"password"}},
		{"1970-01-01T00:00:00.000Z", []any{"lastLoginTime"}},
	} {
		if is := at(t, got, c.path...); is != c.want {
			t.Errorf("%v is %v, want %v", c.path, is, c.want)
		}
	}
	if n := len(at(t, got, "phones").([]any)); n != 1 {
		t.Errorf("%d phones", n)
	}
	g.do("PUT", "/users/"+id, `{"phones":[],"externalIds":null}`, 200)
	if got := g.full(id); at(t, got, "phones") != nil || at(t, got, "externalIds") != nil {
		t.Error("PUT does not clear lists")
	}
}

func TestGoogleWorkspaceRefusesWhatIsWrong(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	id := g.create(googleAda)
	long := strings.Repeat("x", 61)
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		reason             string
	}{
		"no password":         {"POST", "/users", strings.Replace(googleAda, `"password"`, `"x"`, 1), 400, "required"},
		"no family name":      {"POST", "/users", `{"primaryEmail":"b@corp.example","password":"x","name":{"givenName":"B"}}`, 400, "required"},
		"taken":               {"POST", "/users", strings.Replace(googleAda, "ada.berg", "Ada.Berg", 1), 409, "duplicate"},
		"a group's address":   {"POST", "/users", strings.Replace(googleAda, "ada.berg", "everybody", 1), 409, "duplicate"},
		"another domain":      {"POST", "/users", strings.Replace(googleAda, "corp.example", "other.example", 1), 404, "domainNotFound"},
		"no address":          {"POST", "/users", strings.Replace(googleAda, "ada.berg@corp.example", "ada", 1), 400, "invalid"},
		"personal account":    {"POST", "/users", strings.Replace(googleAda, "ada.berg", "unmanaged.ada", 1), 409, "duplicate"},
		"unknown attribute":   {"PUT", "/users/" + id, `{"shoeSize":"44"}`, 400, "invalid"},
		"read only":           {"PUT", "/users/" + id, `{"creationTime":"2026-01-01T00:00:00.000Z"}`, 400, "invalid"},
		"full name":           {"PUT", "/users/" + id, `{"name":{"fullName":"X"}}`, 400, "invalid"},
		"long name":           {"PUT", "/users/" + id, `{"name":{"givenName":"` + long + `"}}`, 400, "invalid"},
		"empty name":          {"PUT", "/users/" + id, `{"name":{"givenName":""}}`, 400, "invalid"},
		"unknown unit":        {"PUT", "/users/" + id, `{"orgUnitPath":"/Nowhere"}`, 400, "invalid"},
		"unknown schema":      {"PUT", "/users/" + id, `{"customSchemas":{"Payroll":{"x":"y"}},"suspended":true}`, 400, "invalid"},
		"unknown field":       {"PUT", "/users/" + id, `{"customSchemas":{"Employment":{"salary":"1"}}}`, 400, "invalid"},
		"no date":             {"PUT", "/users/" + id, `{"customSchemas":{"Employment":{"hireDate":"1.2.2026"}}}`, 400, "invalid"},
		"no number":           {"PUT", "/users/" + id, `{"customSchemas":{"Employment":{"bicycles":"two"}}}`, 400, "invalid"},
		"one of several":      {"PUT", "/users/" + id, `{"customSchemas":{"Employment":{"projects":"Alpha"}}}`, 400, "invalid"},
		"phone without value": {"PUT", "/users/" + id, `{"phones":[{"type":"work"}]}`, 400, "invalid"},
		"custom without name": {"PUT", "/users/" + id, `{"externalIds":[{"type":"custom","value":"1"}]}`, 400, "invalid"},
		"type of our own":     {"PUT", "/users/" + id, `{"relations":[{"type":"boss","value":"it-admin@corp.example"}]}`, 400, "invalid"},
		"key of our own":      {"PUT", "/users/" + id, `{"organizations":[{"team":"x"}]}`, 400, "invalid"},
		"over 1 KB of phones": {"PUT", "/users/" + id, `{"phones":[{"value":"` + strings.Repeat("1", 1024) + `"}]}`, 400, "invalid"},
		"recovery phone":      {"PUT", "/users/" + id, `{"recoveryPhone":"070 123"}`, 400, "invalid"},
		"hash function":       {"PUT", "/users/" + id, `{"password":"x","hashFunction":"SHA-256"}`, 400, "invalid"},
		"no hash":             {"PUT", "/users/" + id, `{"password":"x","hashFunction":"SHA-1"}`, 400, "invalid"},
		"text for a flag":     {"PUT", "/users/" + id, `{"suspended":"true"}`, 400, "invalid"},
		"nobody":              {"PUT", "/users/1", `{"suspended":true}`, 404, "notFound"},
		"parameter":           {"PUT", "/users/" + id + "?notify=true", `{}`, 400, "invalid"},
		"no object":           {"PUT", "/users/" + id, `[]`, 400, "parseError"},
		"super administrator": {"PUT", "/users/it-admin@corp.example", `{"suspended":true}`, 412, "conditionNotMet"},
		"delete an admin":     {"DELETE", "/users/it-admin@corp.example", "", 412, "conditionNotMet"},
		"undelete the living": {"POST", "/users/" + id + "/undelete", `{"orgUnitPath":"/"}`, 404, "notFound"},
		"group address taken": {"POST", "/groups", `{"email":"ada.berg@corp.example"}`, 409, "duplicate"},
		"group without":       {"POST", "/groups", `{"name":"x"}`, 400, "required"},
		"long description":    {"PATCH", "/groups/everybody@corp.example", `{"description":"` + strings.Repeat("x", 4097) + `"}`, 400, "invalid"},
		"unknown member":      {"POST", "/groups/everybody@corp.example/members", `{"email":"x@corp.example"}`, 404, "notFound"},
		"unknown group":       {"POST", "/groups/x@corp.example/members", `{"id":"` + id + `"}`, 404, "notFound"},
		"unknown role":        {"POST", "/groups/everybody@corp.example/members", `{"id":"` + id + `","role":"BOSS"}`, 400, "invalid"},
		"schema again":        {"POST", "/customer/my_customer/schemas", `{"schemaName":"employment","displayName":"E","fields":[{"fieldName":"a","fieldType":"BOOL"}]}`, 409, "duplicate"},
		"field type":          {"POST", "/customer/my_customer/schemas", `{"schemaName":"Hr","displayName":"HR","fields":[{"fieldName":"a","fieldType":"TEXT"}]}`, 400, "invalid"},
		"unit again":          {"POST", "/customer/my_customer/orgunits", `{"name":"Sales","parentOrgUnitPath":"/"}`, 409, "duplicate"},
	} {
		t.Run(name, func(t *testing.T) {
			g := google{t, g.s, g.token}
			if got := g.do(c.method, c.path, c.body, c.status); reason(t, got) != c.reason {
				t.Errorf("the reason is %s, want %s", reason(t, got), c.reason)
			}
		})
	}
	if g.full(id); at(t, g.full(id), "suspended") != false {
		t.Error("a refused update has changed something")
	}
	if got := ask(t, g.s, "POST", googleDirectory+"/users", googleAda, g.token, "Content-Type: text/plain"); got.status != 400 {
		t.Errorf("text/plain is answered %d", got.status)
	}
	for _, scope := range []string{"user.readonly", "group"} {
		token := googleToken(t, g.s, map[string]any{"scope": googleScope + scope})
		if got := ask(t, g.s, "PUT", googleDirectory+"/users/"+id, `{}`, token, sendJSON); got.status != 403 || reason(t, got) != "insufficientPermissions" {
			t.Errorf("with %s: %d %s", scope, got.status, got.body)
		}
	}
}

func TestGoogleWorkspaceSuspendsRenamesDeletesAndRestores(t *testing.T) {
	g := googleAccount(t, emulate.Setup{Writing: wire.Writing{Seats: 3}})
	id, other := g.create(googleAda), g.create(strings.Replace(googleAda, "ada.berg", "bo.lund", 1))
	if got := g.do("POST", "/users", strings.Replace(googleAda, "ada.berg", "cy.oak", 1), 412); reason(t, got) != "limitExceeded" {
		t.Errorf("one too many: %s", got.body)
	}
	g.do("PUT", "/users/"+id, `{"suspended":true}`, 200)
	g.do("POST", "/users/"+id+"/signOut", "", 204)
	if got := g.full(id); at(t, got, "suspensionReason") != "ADMIN" {
		t.Errorf("suspended: %v", got)
	}
	g.do("PUT", "/users/"+id, `{"suspended":false,"archived":true,"primaryEmail":"ada.oak@corp.example"}`, 200)
	got := g.full("ada.berg@corp.example") // by its alias
	if at(t, got, "primaryEmail") != "ada.oak@corp.example" || at(t, got, "aliases", 0) != "ada.berg@corp.example" || at(t, got, "suspensionReason") != nil || at(t, got, "archived") != true {
		t.Errorf("renamed: %v", got)
	}
	g.do("PUT", "/users/"+other, `{"primaryEmail":"ada.berg@corp.example"}`, 409) // somebody's alias
	g.do("PUT", "/users/"+id, `{"primaryEmail":"ada.berg@corp.example"}`, 200)    // back
	g.do("DELETE", "/users/"+id+"/aliases/ada.oak@corp.example", "", 204)
	g.do("PUT", "/users/"+other, `{"primaryEmail":"ada.oak@corp.example"}`, 200)

	g.do("DELETE", "/users/"+id, "", 204)
	g.do("GET", "/users/"+id, "", 404)
	if got := g.do("GET", "/users?customer=my_customer&showDeleted=true", "", 200).json(t); at(t, got, "users", 0, "id") != id || at(t, got, "users", 0, "deletionTime") == nil {
		t.Errorf("deleted: %v", got)
	}
	g.do("POST", "/users/ada.berg@corp.example/undelete", `{"orgUnitPath":"/"}`, 404)
	g.do("POST", "/users/"+id+"/undelete", `{"orgUnitPath":"/x"}`, 400)
	g.do("POST", "/users/"+id+"/undelete", `{"orgUnitPath":"/Leavers"}`, 204)
	if got := g.full("ada.berg@corp.example"); at(t, got, "orgUnitPath") != "/Leavers" || at(t, got, "deletionTime") != nil {
		t.Errorf("restored: %v", got)
	}
}

func TestGoogleWorkspaceKeepsGroups(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	id := g.create(googleAda)
	at(t, g.do("POST", "/groups", `{"email":"new@corp.example","description":"x"}`, 200).json(t), "id")
	g.do("POST", "/groups/everybody@corp.example/members", `{"email":"new@corp.example"}`, 200)
	g.do("POST", "/groups/new@corp.example/members", `{"email":"everybody@corp.example"}`, 412)
	g.do("POST", "/groups/new@corp.example/members", `{"email":"ada.berg@corp.example","role":"MANAGER"}`, 200)
	if got := g.do("POST", "/groups/new@corp.example/members", `{"id":"`+id+`"}`, 409); reason(t, got) != "duplicate" {
		t.Errorf("twice: %s", got.body)
	}
	g.do("PATCH", "/groups/new@corp.example/members/"+id, `{"role":"OWNER"}`, 200)
	got := g.do("GET", "/groups/new@corp.example/members?maxResults=200", "", 200).json(t)
	if at(t, got, "members", 0, "id") != id || at(t, got, "members", 0, "role") != "OWNER" || at(t, got, "members", 0, "type") != "USER" {
		t.Errorf("members: %v", got)
	}
	if got := g.do("GET", "/groups/everybody@corp.example/hasMember/ada.berg@corp.example", "", 200); at(t, got.json(t), "isMember") != true {
		t.Errorf("nested: %s", got.body)
	}
	if got := g.do("GET", "/groups?userKey="+id, "", 200).json(t); at(t, got, "groups", 0, "email") != "new@corp.example" || at(t, got, "groups", 0, "directMembersCount") != "1" {
		t.Errorf("groups: %v", got)
	}
	g.do("DELETE", "/groups/new@corp.example/members/ada.berg@corp.example", "", 204)
	g.do("DELETE", "/groups/new@corp.example/members/ada.berg@corp.example", "", 404)
	g.do("DELETE", "/groups/new@corp.example", "", 204)
	g.do("GET", "/groups/new@corp.example", "", 404)
	if got := g.do("GET", "/groups?customer=my_customer", "", 200).json(t); len(at(t, got, "groups").([]any)) != 3 {
		t.Errorf("groups: %v", got)
	}
}

func TestGoogleWorkspaceKeepsSchemasAndUnits(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	const account = "/customer/my_customer"
	g.do("POST", account+"/schemas", `{"schemaName":"Hr","displayName":"HR","fields":[{"fieldName":"grade","fieldType":"STRING","readAccessType":"ADMINS_AND_SELF"}]}`, 200)
	g.do("PUT", account+"/schemas/Hr", `{"fields":[{"fieldName":"grade","fieldType":"STRING"},{"fieldName":"start","fieldType":"DATE"}]}`, 200)
	id := g.create(strings.Replace(googleAda, `"password"`, `"orgUnitPath":"/Sales","customSchemas":{"Hr":{"grade":"A","start":"2026-02-28"}},"password"`, 1))
	if got := g.do("GET", "/users?customer=my_customer&query="+url.QueryEscape(`Hr.grade=A externalId='1001'`), "", 200).json(t); at(t, got, "users", 0, "id") != id {
		t.Errorf("found %v", got)
	}
	g.do("DELETE", account+"/schemas/Hr", "", 204)
	if got := g.full(id); at(t, got, "customSchemas") != nil {
		t.Errorf("values without their schema: %v", got)
	}
	g.do("POST", account+"/orgunits", `{"name":"North","parentOrgUnitPath":"/Sales"}`, 200)
	g.do("DELETE", account+"/orgunits/Sales", "", 412)
	g.do("PUT", account+"/orgunits/Sales", `{"name":"Commercial"}`, 200)
	if got := g.full(id); at(t, got, "orgUnitPath") != "/Commercial" {
		t.Errorf("moved to %v", at(t, got, "orgUnitPath"))
	}
	g.do("GET", account+"/orgunits/Commercial/North", "", 200)
	g.do("DELETE", account+"/orgunits/Commercial/North", "", 204)
}

func TestGoogleWorkspaceLags(t *testing.T) {
	g := googleAccount(t, emulate.Setup{Writing: wire.Writing{Lag: 4}})
	id := g.create(googleAda)
	found := func() bool {
		return strings.Contains(string(g.do("GET", "/users?customer=my_customer", "", 200).body), id)
	}
	if found() {
		t.Error("the list shows a new account at once")
	}
	g.full(id)
	g.do("POST", googleEverybody[len(googleDirectory):], `{"id":"`+id+`"}`, 412)
	if got := g.do("PUT", "/users/"+id, `{"suspended":true}`, 412); !strings.Contains(string(got.body), "User creation is not complete") {
		t.Errorf("%s", got.body)
	}
	g.do("PUT", "/users/"+id, `{"suspended":true}`, 200)
	if !found() {
		t.Error("the list never shows the account")
	}
}

func TestGoogleWorkspaceHasLimits(t *testing.T) {
	g := googleAccount(t, emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Calls: 3, Window: 200 * time.Millisecond}}})
	for range 3 {
		g.do("GET", "/users/it-admin@corp.example", "", 200)
	}
	got := g.do("GET", "/users/it-admin@corp.example", "", 403)
	if reason(t, got) != "userRateLimitExceeded" || at(t, got.json(t), "error", "errors", 0, "domain") != "usageLimits" {
		t.Errorf("%s", got.body)
	}
	time.Sleep(210 * time.Millisecond)
	g.do("GET", "/users/it-admin@corp.example", "", 200)
	if n := g.s.Counts()["GET "+googleDirectory+"/users/{key}"]; n != (wire.Count{Calls: 5, Refused: 1}) {
		t.Errorf("counted %v", n)
	}
	g = googleAccount(t, emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{AtOnce: 1, Latency: 100 * time.Millisecond}}})
	statuses := make(chan int, 3)
	for range 3 {
		go func() {
			got, _ := try(t, g.s, "GET", googleUsers, "", g.token) // no answer has no status
			statuses <- got.status
		}()
	}
	all := []int{<-statuses, <-statuses, <-statuses}
	if slices.Sort(all); !slices.Equal(all, []int{200, 429, 429}) {
		t.Errorf("statuses %v", all)
	}
}

func TestGoogleWorkspaceFailsInTheMiddleOfAWrite(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	g.s.Fault(emulate.Lose("POST", "/users", 1))
	if got, err := try(t, g.s, "POST", googleDirectory+"/users", googleAda, g.token, sendJSON); err == nil {
		t.Errorf("the lost answer came: %d %s", got.status, got.body)
	}
	g.full("ada.berg@corp.example")
	g.s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 500, Method: "PUT", Times: 1}, emulate.Fault{Kind: emulate.Refused, Status: 403, Method: "DELETE"})
	g.do("PUT", "/users/ada.berg@corp.example", `{"suspended":true}`, 500)
	g.do("DELETE", "/users/ada.berg@corp.example", "", 403)
	if at(t, g.full("ada.berg@corp.example"), "suspended") != false {
		t.Error("the fault came after the change")
	}
	want := []emulate.Write{{Method: "POST", Path: googleDirectory + "/users", Body: googleAda},
		{Method: "PUT", Path: googleDirectory + "/users/ada.berg@corp.example", Body: `{"suspended":true}`},
		{Method: "DELETE", Path: googleDirectory + "/users/ada.berg@corp.example"}}
	if got := g.s.Writes(); !slices.Equal(got, want) {
		t.Errorf("writes %v", got)
	}
}

func TestGoogleWorkspaceTakesBatches(t *testing.T) {
	g := googleAccount(t, emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Calls: 5, Window: time.Hour}}})
	id := g.create(googleAda)
	part := func(n int, call string) string {
		return fmt.Sprintf("--batch_one\r\nContent-Type: application/http\r\nContent-ID: <%d>\r\n\r\n%s\r\n", n, call)
	}
	body := part(1, "PUT "+googleDirectory+"/users/"+id+" HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"suspended\": true}") +
		part(2, "DELETE "+googleDirectory+"/groups/everybody@corp.example/members/"+id+" HTTP/1.1\r\n\r\n") +
		part(3, "GET "+googleDirectory+"/users/"+id+"\r\n") + "--batch_one--"
	got := ask(t, g.s, "POST", "/batch/admin/directory_v1", body, g.token, "Content-Type: multipart/mixed; boundary=batch_one")
	_, parameters, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || got.status != 200 {
		t.Fatalf("%d %s, %v", got.status, got.body, err)
	}
	statuses := map[string]int{}
	in := multipart.NewReader(strings.NewReader(string(got.body)), parameters["boundary"])
	for p, err := in.NextPart(); err != io.EOF; p, err = in.NextPart() {
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(p), nil)
		if err != nil {
			t.Fatal(err)
		}
		statuses[p.Header.Get("Content-ID")] = answer.StatusCode
		_ = answer.Body.Close()
	}
	if statuses["<response-1>"] != 200 || statuses["<response-2>"] != 404 || statuses["<response-3>"] != 200 {
		t.Errorf("answered %v", statuses)
	}
	g.do("GET", "/users/"+id, "", 200)
	g.do("GET", "/users/"+id, "", 403) // three calls of the batch, a creation and a reading are five
}

func TestGoogleWorkspaceChangesThoseWhoWereThere(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{Day: anyDay})
	g := google{t, s, googleToken(t, s, map[string]any{"scope": googleWriting})}
	before := g.full("person.5104@corp.example").(map[string]any)
	g.do("PUT", "/users/"+before["id"].(string), `{"suspended":true,"organizations":`+encode(t, before["organizations"])+`}`, 200)
	after := g.full(before["id"].(string)).(map[string]any)
	for key := range after {
		if changed := encode(t, before[key]) != encode(t, after[key]); changed && !slices.Contains([]string{"suspended", "suspensionReason", "suspensionTime", "etag"}, key) {
			t.Errorf("%s was %v and is %v", key, before[key], after[key])
		}
	}
}

func TestGoogleWorkspaceForReadersOnly(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{Writing: wire.Writing{ReadOnly: true}})
	if got := googleAssert(t, s, googleAssertion(t, s, map[string]any{"scope": googleScope + "user"})); got.status != 401 {
		t.Errorf("a scope to write is answered %d", got.status)
	}
	ask(t, s, "GET", googleUsers, "", googleToken(t, s, nil))
}

func TestGoogleWorkspaceHoldsTenThousand(t *testing.T) {
	g := googleAccount(t, emulate.Setup{})
	for i := range 10_000 {
		body := fmt.Sprintf(`{"primaryEmail":"p%d@corp.example","name":{"givenName":"P","familyName":"%d"},"password":"made-up-1","externalIds":[{"value":"%d","type":"organization"}]}`, i, i, i)
		g.create(body)
	}
	n, next := 0, googleUsers
	for next != "" {
		page := ask(t, g.s, "GET", next, "", g.token).json(t)
		n += len(at(t, page, "users").([]any))
		more, _ := at(t, page, "nextPageToken").(string)
		if next = ""; more != "" {
			next = googleUsers + "&pageToken=" + url.QueryEscape(more)
		}
	}
	if n != 10_001 {
		t.Errorf("%d accounts", n)
	}
}
