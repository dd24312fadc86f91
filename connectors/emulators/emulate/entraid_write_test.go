package emulate_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/wire"
)

const graph = "https://graph.microsoft.com"

// tenant is an emulator with a token for it.
type tenant struct {
	*emulate.Server
	t     testing.TB
	token string
}

func emptyTenant(t testing.TB, w wire.Writing) tenant {
	w.Empty = true
	s := start(t, "entraid", emulate.Setup{Writing: w})
	return tenant{s, t, entraidToken(t, s)}
}

func (s tenant) call(method, path string, body any, headers ...string) reply {
	s.t.Helper()
	text := ""
	if body != nil {
		headers = append([]string{"Content-Type: application/json"}, headers...)
		text = encode(s.t, body)
	}
	return ask(s.t, s.Server, method, strings.ReplaceAll(path, " ", "%20"), text, append([]string{s.token}, headers...)...)
}

// must calls and wants a status.
func (s tenant) must(status int, method, path string, body any, headers ...string) any {
	s.t.Helper()
	got := s.call(method, path, body, headers...)
	if got.status != status {
		s.t.Fatalf("%s %s: status %d, want %d: %.300s", method, path, got.status, status, got.body)
	}
	if len(got.body) == 0 {
		return nil
	}
	return got.json(s.t)
}

func person(name string, more ...any) wire.Object {
	o := wire.Object{"accountEnabled": true, "displayName": "Person " + name, "mailNickname": name, "userPrincipalName": name + "@corp.example",
		"passwordProfile": wire.Object{"password": "made-up-Passw0rd!", "forceChangePasswordNextSignIn": true}}
	for i := 0; i < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func (s tenant) create(name string, more ...any) string {
	s.t.Helper()
	return told(s.must(201, "POST", "/v1.0/users", person(name, more...)), "id")
}

func (s tenant) found(filter string) int {
	s.t.Helper()
	return len(at(s.t, s.must(200, "GET", "/v1.0/users?$select=id&$filter="+filter, nil), "value").([]any))
}

func ref(set, id string) wire.Object {
	return wire.Object{"@odata.id": graph + "/v1.0/" + set + "/" + id}
}

func TestEntraIDAccountLivesAndDies(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	extension := "extension_22222222333344448555666666666666_bicycles"
	id := s.create("ada.berg", "employeeId", "1001", "employeeOrgData", wire.Object{"division": "Product", "costCenter": "4100"}, extension, 2,
		"onPremisesExtensionAttributes", wire.Object{"extensionAttribute3": "x"}, "employeeHireDate", "2026-02-01T00:00:00+01:00", "mail", "Ada@corp.example")
	s.must(204, "PATCH", "/v1.0/users/"+id, wire.Object{"jobTitle": "CTO", "employeeOrgData": wire.Object{"division": nil}, "businessPhones": []string{"+46 8 1"}})
	read := "/v1.0/users/ADA.berg@corp.example?$select=jobTitle,employeeHireDate,employeeOrgData,onPremisesExtensionAttributes,accountEnabled,proxyAddresses," + extension
	got := s.must(200, "GET", read, nil)
	for path, want := range map[string]string{"jobTitle": "CTO", "employeeOrgData/division": "", "employeeOrgData/costCenter": "4100", extension: "2",
		"employeeHireDate": "2026-01-31T23:00:00Z", "onPremisesExtensionAttributes/extensionAttribute3": "x", "accountEnabled": "true", "proxyAddresses": "[SMTP:Ada@corp.example]"} {
		if told(got, path) != want {
			t.Errorf("%s is %q, want %q", path, told(got, path), want)
		}
	}
	s.must(204, "PATCH", "/v1.0/users/"+id, wire.Object{"accountEnabled": false, "jobTitle": nil, extension: nil})
	s.must(200, "POST", "/v1.0/users/"+id+"/revokeSignInSessions", nil)
	if got := s.must(200, "GET", read, nil); told(got, "jobTitle") != "" || told(got, "accountEnabled") != "false" || told(got, extension) != "" {
		t.Errorf("cleared: %v", got)
	}
	s.must(204, "DELETE", "/v1.0/users/"+id, nil)
	s.must(404, "GET", "/v1.0/users/"+id, nil)
	gone := s.must(200, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id&$filter=employeeId eq '1001'", nil)
	if told(at(t, gone, "value", 0), "id") != id || s.found("employeeId eq '1001'") != 0 {
		t.Errorf("deleted ones: %v", gone)
	}
	rival := s.create("ada.berg")
	if got := s.call("POST", "/v1.0/directory/deletedItems/"+id+"/restore", nil); got.status != 400 || !strings.Contains(string(got.body), "ObjectConflict") {
		t.Errorf("restoring beside a rival: %d %s", got.status, got.body)
	}
	s.must(204, "DELETE", "/v1.0/users/"+rival, nil)
	s.must(200, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", nil)
	s.must(204, "DELETE", "/v1.0/directory/deletedItems/"+rival, nil)
	s.must(404, "POST", "/v1.0/directory/deletedItems/"+rival+"/restore", nil)
	if s.found("mail eq 'ada@CORP.example'") != 1 || len(s.Writes()) != 11 {
		t.Errorf("%d writes, the last %v", len(s.Writes()), s.Writes()[len(s.Writes())-1])
	}
}

func TestEntraIDRefusesWrites(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	id := s.create("taken", "mail", "taken@corp.example")
	without := person("a")
	delete(without, "passwordProfile")
	for name, body := range map[string]wire.Object{
		"required missing": without, "taken name": person("TAKEN"), "taken mail": person("a", "mail", "Taken@corp.example"), "unknown": person("a", "nobodyKnows", 1),
		"read-only": person("a", "createdDateTime", "2026-01-01T00:00:00Z"), "SharePoint": person("a", "birthday", "2000-01-01T00:00:00Z"),
		"employee id of 17": person("a", "employeeId", "12345678901234567"), "department of 65": person("a", "department", strings.Repeat("ü", 65)),
		"accents": person("ädä"), "unverified domain": person("a", "userPrincipalName", "a@other.example"), "two phones": person("a", "businessPhones", []string{"1", "2"}),
		"empty text": person("a", "jobTitle", ""), "wrong type": person("a", "accountEnabled", "true"), "country of three": person("a", "usageLocation", "SWE"),
		"weak password": person("a", "passwordProfile", wire.Object{"password": "password"}), "no moment": person("a", "employeeHireDate", "2026-02-01"),
		"extension of another type": person("a", "extension_22222222333344448555666666666666_bicycles", "2"), "attribute 16": person("a", "onPremisesExtensionAttributes", wire.Object{"extensionAttribute16": "x"}),
		"manager in the body": person("a", "manager@odata.bind", graph+"/v1.0/users/"+id), "user type": person("a", "userType", "Employee"),
	} {
		got := s.call("POST", "/v1.0/users", body)
		if got.status != 400 || told(got.json(t), "error/code") != "Request_BadRequest" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if taken := strings.HasPrefix(name, "taken"); taken != strings.Contains(string(got.body), `"ObjectConflict"`) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	for name, c := range map[string]struct {
		method, path, body, kind string
		status                   int
	}{
		"cleared name":       {"PATCH", "/v1.0/users/" + id, `{"displayName":null}`, "application/json", 400},
		"no JSON":            {"PATCH", "/v1.0/users/" + id, `{`, "application/json", 400},
		"content type":       {"PATCH", "/v1.0/users/" + id, `{"jobTitle":"x"}`, "text/plain", 400},
		"query":              {"PATCH", "/v1.0/users/" + id + "?x=1", `{"jobTitle":"x"}`, "application/json", 400},
		"nobody":             {"PATCH", "/v1.0/users/nobody@corp.example", `{"jobTitle":"x"}`, "application/json", 404},
		"own name is free":   {"PATCH", "/v1.0/users/" + id, `{"userPrincipalName":"Taken@corp.example"}`, "application/json", 204},
		"administrator":      {"PATCH", "/v1.0/users/" + entraid.AdminID, `{"accountEnabled":false}`, "application/json", 403},
		"his title":          {"PATCH", "/v1.0/users/" + entraid.AdminID, `{"jobTitle":"x"}`, "application/json", 204},
		"his end":            {"DELETE", "/v1.0/users/" + entraid.AdminID, "", "", 403},
		"birthday by an app": {"PATCH", "/v1.0/users/" + id, `{"birthday":"2000-01-01T00:00:00Z"}`, "application/json", 403},
	} {
		if got := ask(t, s.Server, c.method, c.path, c.body, s.token, "Content-Type: "+c.kind); got.status != c.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	role := emptyTenant(t, wire.Writing{Switches: map[string]bool{entraid.Role: true}})
	role.must(204, "PATCH", "/v1.0/users/"+entraid.AdminID, wire.Object{"accountEnabled": false})
	full := start(t, "entraid", emulate.Setup{})
	f := tenant{full, t, entraidToken(t, full)}
	f.must(400, "PATCH", "/v1.0/users/person.5103@corp.example", wire.Object{"jobTitle": "x"}) // comes from on-premises
	f.must(204, "PATCH", "/v1.0/users/person.5103@corp.example", wire.Object{"usageLocation": "SE"})
	f.must(204, "PATCH", "/v1.0/users/person.5102@corp.example", wire.Object{"jobTitle": "x"})
}

func TestEntraIDWritesOnlyWhatThePermissionsSay(t *testing.T) {
	s := emptyTenant(t, wire.Writing{Permissions: []string{"User.Read.All", "GroupMember.ReadWrite.All", "User.EnableDisableAccount.All"}})
	user := "/v1.0/users/" + entraid.AdminID
	s.must(200, "GET", "/v1.0/users", nil)
	for path, want := range map[string]int{"POST /v1.0/users": 403, "PATCH " + user: 403, "DELETE " + user: 403, "POST /v1.0/groups": 403, "PUT " + user + "/manager/$ref": 403,
		"POST /v1.0/groups/" + entraid.GroupID + "/members/$ref": 204, "GET /v1.0/auditLogs/provisioning": 403} {
		method, path, _ := strings.Cut(path, " ")
		body := any(wire.Object{"jobTitle": "x", "@odata.id": graph + "/v1.0/directoryObjects/" + entraid.AdminID})
		if method == "GET" {
			body = nil
		}
		s.must(want, method, path, body)
	}
}

func TestEntraIDManagersAndGroups(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	ada, bo := s.create("ada"), s.create("bo")
	manager := "/v1.0/users/" + bo + "/manager/$ref"
	s.must(404, "DELETE", manager, nil)
	s.must(204, "PUT", manager, ref("users", ada))
	s.must(404, "PUT", manager, ref("users", strings.Replace(ada, "7d", "00", 1)))
	s.must(400, "PUT", manager, wire.Object{"@odata.id": "/users/" + ada})
	one := s.must(200, "GET", "/v1.0/users/"+bo+"?$expand=manager($select=id,employeeId)", nil)
	if told(one, "manager/id") != ada || len(at(t, s.must(200, "GET", "/v1.0/users/"+ada+"/directReports", nil), "value").([]any)) != 1 {
		t.Errorf("manager: %v", one)
	}
	g := "/v1.0/groups/" + told(s.must(201, "POST", "/v1.0/groups", wire.Object{"displayName": "New", "mailEnabled": false, "mailNickname": "new", "securityEnabled": true}), "id")
	s.must(204, "POST", g+"/members/$ref", ref("directoryObjects", ada))
	s.must(400, "POST", g+"/members/$ref", ref("directoryObjects", ada))
	bind := func(ids ...string) wire.Object {
		var list []string
		for _, id := range ids {
			list = append(list, graph+"/v1.0/directoryObjects/"+id)
		}
		return wire.Object{"members@odata.bind": list}
	}
	s.must(400, "PATCH", g, bind(bo, ada)) // all or none
	s.must(404, "DELETE", g+"/members/"+bo+"/$ref", nil)
	s.must(400, "PATCH", g, bind(slices.Repeat([]string{bo}, 21)...))
	s.must(204, "PATCH", g, bind(bo, entraid.AdminID))
	s.must(204, "DELETE", g+"/members/"+ada+"/$ref", nil)
	if n := len(at(t, s.must(200, "GET", g+"/members?$select=id", nil), "value").([]any)); n != 2 {
		t.Errorf("%d members", n)
	}
	s.must(403, "POST", "/v1.0/groups/"+entraid.DynamicGroupID+"/members/$ref", ref("directoryObjects", ada))
	s.must(400, "POST", "/v1.0/groups/"+entraid.MailGroupID+"/members/$ref", ref("directoryObjects", ada))
	s.must(204, "DELETE", g+"/members/"+bo, nil) // without /$ref the person goes
	s.must(404, "GET", "/v1.0/users/"+bo, nil)
	s.must(204, "DELETE", g, nil)
	s.must(201, "POST", "/v1.0/invitations", wire.Object{"invitedUserEmailAddress": "cy@partner.example", "inviteRedirectUrl": "https://corp.example"})
	s.must(201, "POST", "/v1.0/applications/33333333-4444-4555-8666-777777777777/extensionProperties",
		wire.Object{"name": "costCentre", "dataType": "String", "targetObjects": []string{"User"}})
	own := "extension_22222222333344448555666666666666_costCentre"
	s.must(204, "PATCH", "/v1.0/users/"+ada, wire.Object{own: "4100"})
	if got := told(s.must(200, "GET", "/v1.0/users/"+ada+"?$select="+own, nil), own); got != "4100" {
		t.Errorf("the extension is %q", got)
	}
}

func TestEntraIDBatch(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	post := func(id string, body wire.Object) wire.Object {
		return wire.Object{"id": id, "method": "POST", "url": "/users", "headers": wire.Object{"content-type": "application/json"}, "body": body}
	}
	statuses := func(parts ...any) map[string]int {
		all := map[string]int{}
		for _, r := range at(t, s.must(200, "POST", "/v1.0/$batch", wire.Object{"requests": parts}), "responses").([]any) {
			all[told(r, "id")] = int(at(t, r, "status").(float64))
		}
		return all
	}
	waits := func(o wire.Object, on string) wire.Object { o["dependsOn"] = []string{on}; return o }
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 429, RetryAfter: "12", On: "/users", Times: 1})
	got := fmt.Sprint(statuses(post("1", person("a")), post("2", person("b")), wire.Object{"id": "3", "method": "GET", "url": "users?$filter=employeeId eq '1'"}))
	if got != "map[1:429 2:201 3:200]" {
		t.Errorf("parallel: %s", got)
	}
	if got := fmt.Sprint(statuses(post("1", person("b")), waits(post("2", person("c")), "1"), waits(post("3", person("d")), "2"))); got != "map[1:400 2:424 3:424]" {
		t.Errorf("serial: %s", got)
	}
	noType := post("1", person("x"))
	delete(noType, "headers")
	var many []any
	for i := range 21 {
		many = append(many, post(fmt.Sprint(i), person("x")))
	}
	for name, parts := range map[string][]any{"21": many, "no type": {noType}, "none": {}, "one id": {post("a", person("x")), post("A", person("y"))},
		"waits for nobody": {post("1", person("x")), waits(post("2", person("y")), "9")}, "neither": {many[0], waits(post("z", person("y")), "0"), many[2]}} {
		if got := s.call("POST", "/v1.0/$batch", wire.Object{"requests": parts}); got.status != 400 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if c := s.Counts()["$batch: POST /v1.0/users"]; c != (wire.Count{Calls: 3, Refused: 1, Failed: 1}) {
		t.Errorf("counts: %v", s.Counts())
	}
}

func TestEntraIDTellsWhatChanged(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	ada, bo := s.create("ada", "jobTitle", "CTO"), s.create("bo")
	link := func(v any) string {
		return strings.TrimPrefix(told(v, "@odata.deltaLink"), graph)
	}
	first := s.must(200, "GET", "/v1.0/users/delta?$select=displayName,jobTitle,manager", nil)
	s.must(204, "PATCH", "/v1.0/users/"+ada, wire.Object{"jobTitle": "CEO"})
	s.must(204, "PUT", "/v1.0/users/"+bo+"/manager/$ref", ref("users", ada))
	got := s.must(200, "GET", link(first), nil, "Prefer: return=minimal")
	if n := at(t, got, "value").([]any); len(n) != 2 || told(n[0], "jobTitle") != "CEO" || told(n[0], "displayName") != "" || told(at(t, n[1], "manager@delta", 0), "id") != ada {
		t.Errorf("changes: %v", n)
	}
	s.must(204, "DELETE", "/v1.0/users/"+ada, nil)
	s.must(204, "DELETE", "/v1.0/users/"+bo, nil)
	s.must(204, "DELETE", "/v1.0/directory/deletedItems/"+bo, nil)
	value := at(t, s.must(200, "GET", link(got), nil), "value")
	if told(at(t, value, 0), "@removed/reason") != "changed" || told(at(t, value, 1), "@removed/reason") != "deleted" {
		t.Errorf("removed: %v", value)
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 410, On: "/users/delta", Times: 1})
	if got := s.call("GET", link(got), nil); told(got.json(t), "error/code") != "syncStateNotFound" {
		t.Errorf("an old token: %d %s", got.status, got.body)
	}
}

func TestEntraIDTellsWhatChangedFromNowOn(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	switches := map[string]bool{}
	s := emptyTenant(t, wire.Writing{Clock: func() time.Time { return now }, Switches: switches})
	ada, bo := s.create("ada", "jobTitle", "CTO"), s.create("bo")
	latest := s.must(200, "GET", "/v1.0/users/delta?$deltatoken=latest&$select=jobTitle,manager", nil)
	link := strings.TrimPrefix(told(latest, "@odata.deltaLink"), graph)
	if n := len(at(t, latest, "value").([]any)); n != 0 || strings.Contains(link, "select") {
		t.Errorf("%d people come, and the link is %s", n, link)
	}
	value := func() []any { return at(t, s.must(200, "GET", link, nil), "value").([]any) }
	s.must(204, "PATCH", "/v1.0/users/"+ada, wire.Object{"department": "Sales"})
	if n := value(); len(n) != 0 {
		t.Errorf("a property that was not selected: %v", n)
	}
	s.must(204, "PUT", "/v1.0/users/"+bo+"/manager/$ref", ref("users", ada))
	s.must(204, "DELETE", "/v1.0/users/"+ada, nil)
	if n := value(); len(n) != 2 || told(n[0], "@removed/reason") != "changed" || told(n[1], "id") != bo {
		t.Errorf("a manager who went: %v", n)
	}
	s.must(200, "POST", "/v1.0/directory/deletedItems/"+ada+"/restore", nil)
	if n := value(); len(n) != 2 || told(n[0], "jobTitle") != "CTO" || told(at(t, n[1], "manager@delta", 0), "id") != ada {
		t.Errorf("a manager who came back: %v", n)
	}
	for _, path := range []string{link + "&$select=jobTitle", "/v1.0/users/delta?$expand=manager", "/v1.0/users/delta?$top=5", "/v1.0/users/delta?$deltatoken=latest&$select=none"} {
		if got := s.call("GET", path, nil); got.status != 400 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	switches["resync"] = true
	gone := s.call("GET", link, nil)
	switches["resync"] = false
	now = now.Add(7*24*time.Hour + time.Minute)
	for _, got := range []reply{gone, s.call("GET", link, nil), s.call("GET", strings.Replace(link, "$deltatoken", "$skiptoken", 1), nil)} {
		if got.status != 410 || !strings.HasSuffix(got.header.Get("Location"), "/users/delta?$deltatoken=") {
			t.Errorf("a token that is of no use: %d, %v", got.status, got.header)
		}
	}
}

func TestEntraIDTellsWhatChangedInPages(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{PageCap: 50})
	token := entraidToken(t, s)
	seen, pages, end := map[string]bool{}, 0, ""
	for next := "/v1.0/users/delta?$select=displayName"; next != ""; pages++ {
		got := ask(t, s, "GET", strings.TrimPrefix(next, graph), "", token).json(t)
		for _, o := range at(t, got, "value").([]any) {
			seen[told(o, "id")] = true
		}
		next, end = told(got, "@odata.nextLink"), told(got, "@odata.deltaLink")
		if next != "" && (strings.Contains(next, "select") || end != "") {
			t.Errorf("page %d leads to %s and %s", pages, next, end)
		}
	}
	if pages < 3 || len(seen) < 100 || end == "" {
		t.Errorf("%d people on %d pages, then %q", len(seen), pages, end)
	}
}

func TestEntraIDTellsOfNewcomersOnceTheyAreSeen(t *testing.T) {
	s := emptyTenant(t, wire.Writing{Lag: 5})
	s.create("ada")
	link := strings.TrimPrefix(told(s.must(200, "GET", "/v1.0/users/delta?$deltatoken=latest", nil), "@odata.deltaLink"), graph)
	if n := at(t, s.must(200, "GET", link, nil), "value").([]any); len(n) != 0 {
		t.Errorf("at once: %v", n)
	}
	for range 5 {
		s.must(200, "GET", "/v1.0/groups", nil)
	}
	if n := at(t, s.must(200, "GET", link, nil), "value").([]any); len(n) != 1 {
		t.Errorf("later: %v", n)
	}
}

func TestEntraIDIsConsistentLater(t *testing.T) {
	s := emptyTenant(t, wire.Writing{Lag: 3})
	ada, bo := s.create("ada", "employeeId", "1001"), s.create("bo")
	s.must(200, "GET", "/v1.0/users/"+ada, nil)
	if s.found("employeeId eq '1001'") != 0 {
		t.Error("the filter shows her at once")
	}
	s.must(400, "POST", "/v1.0/users", person("ada"))
	var got []int
	for range 5 {
		got = append(got, s.call("PUT", "/v1.0/users/"+bo+"/manager/$ref", ref("users", ada)).status)
	}
	if s.found("employeeId eq '1001'") != 1 || fmt.Sprint(got) != "[404 404 404 404 204]" {
		t.Errorf("later: %v", got)
	}
}

// hands is a clock that tests turn.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

func (h *hands) turn(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.now = h.now.Add(d) }

func TestEntraIDHasLimits(t *testing.T) {
	clock := &hands{now: anyDay}
	s := emptyTenant(t, wire.Writing{Clock: clock.Now, Limits: wire.Limits{Named: map[string]wire.Limit{entraid.Writes: {Calls: 20, Window: 10 * time.Second}}}})
	var got reply
	made := 0
	for ; made < 30; made++ {
		if got = s.call("POST", "/v1.0/users", person(fmt.Sprint("p", made))); got.status != 201 {
			break
		}
	}
	wait := got.header.Get("Retry-After")
	if made != 20 || got.status != 429 || wait != "1" || got.header.Get("x-ms-throttle-information") != "WriteLimitExceeded" || got.header.Get("x-ms-throttle-limit-percentage") == "" {
		t.Errorf("after %d: %d %v", made, got.status, got.header)
	}
	clock.turn(time.Second)
	s.create("later")
	if c := s.Counts()["POST /v1.0/users"]; c != (wire.Count{Calls: 22, Refused: 1}) {
		t.Errorf("counts: %+v", c)
	}
	for path, units := range map[string]string{"/v1.0/users": "2", "/v1.0/users?$select=id": "1", "/v1.0/users?$expand=manager": "3", "/v1.0/groups/" + entraid.GroupID + "/members": "3"} {
		if got := s.call("GET", path, nil).header.Get("x-ms-resource-unit"); got != units {
			t.Errorf("%s costs %s", path, got)
		}
	}
}

func TestEntraIDLosesAnswers(t *testing.T) {
	s := emptyTenant(t, wire.Writing{})
	s.Fault(emulate.Lose(http.MethodPost, "/v1.0/users", 1), emulate.Fault{Kind: emulate.Refused, Status: 403, Method: emulate.Writes, On: "/manager"})
	if got, err := try(t, s.Server, "POST", "/v1.0/users", encode(t, person("ada")), s.token, "Content-Type: application/json"); err == nil {
		t.Errorf("answered %d", got.status)
	}
	if s.found("userPrincipalName eq 'ada@corp.example'") != 1 {
		t.Error("she is not there")
	}
	s.must(403, "DELETE", "/v1.0/users/ada@corp.example/manager/$ref", nil)
	s.must(404, "GET", "/v1.0/users/ada@corp.example/manager", nil)
}

func TestEntraIDBulkUpload(t *testing.T) {
	clock := &hands{now: anyDay}
	s := emptyTenant(t, wire.Writing{Clock: clock.Now, Delay: 5 * time.Minute, Limits: wire.Limits{Real: true}})
	path := "/servicePrincipals/" + entraid.ServicePrincipalID + "/synchronization/jobs/" + entraid.JobID + "/bulkUpload"
	upload := func(people ...wire.Object) reply {
		operations := []any{}
		for i, p := range people {
			p["schemas"] = []string{"urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}
			operations = append(operations, wire.Object{"method": "POST", "bulkId": fmt.Sprint(i), "path": "/Users", "data": p})
		}
		return s.call("POST", "/beta"+path, wire.Object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "failOnErrors": nil, "Operations": operations},
			"Content-Type: application/scim+json")
	}
	one := func(id, name string, active bool, manager string) wire.Object {
		return wire.Object{"externalId": id, "userName": name, "displayName": name, "active": active, "name": wire.Object{"givenName": "A", "familyName": "B"},
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": wire.Object{"employeeNumber": id, "department": "Sales", "manager": wire.Object{"value": manager}}}
	}
	got := upload(one("1001", "ada@corp.example", true, "1002"), one("1002", "bo@corp.example", true, ""), one("1003", "cy@other.example", true, ""))
	query := strings.TrimPrefix(got.header.Get("Location"), graph)
	if got.status != 202 || len(got.body) != 0 || s.found("employeeId eq '1001'") != 0 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	clock.turn(5 * time.Minute)
	log := s.must(200, "GET", query, nil)
	if told(at(t, log, "value", 0), "provisioningStatusInfo/status") != "success" || told(at(t, log, "value", 2), "provisioningStatusInfo/errorInformation/errorCode") != "AzureActiveDirectoryInvalidUserPrincipalName" {
		t.Errorf("log: %v", log)
	}
	sameShape(t, log, []any{sample(t, "entraid", "provisioning-log.json")}, "errorInformation")
	if m := s.must(200, "GET", "/v1.0/users/ada@corp.example/manager?$select=employeeId", nil); told(m, "employeeId") != "1002" {
		t.Errorf("manager: %v", m)
	}
	upload(one("1001", "ada@corp.example", false, "1002"), one("1002", "bo@corp.example", true, ""))
	clock.turn(5 * time.Minute)
	log = s.must(200, "GET", "/v1.0/auditLogs/provisioning?"+url.Values{"$filter": {"jobId eq '" + entraid.JobID + "' and activityDateTime ge " + clock.Now().Format(time.RFC3339)}}.Encode(), nil)
	if told(at(t, log, "value", 0), "provisioningAction") != "disable" || told(at(t, log, "value", 1), "provisioningStatusInfo/status") != "skipped" {
		t.Errorf("second log: %v", log)
	}
	if got := s.call("POST", "/v1.0"+path, wire.Object{}); got.status != 400 || !strings.Contains(string(got.body), "Invalid Data Format") {
		t.Errorf("JSON: %d %s", got.status, got.body)
	}
	var many []wire.Object
	for range 51 {
		many = append(many, one("1", "a", true, ""))
	}
	if got := upload(many...); got.status != 400 {
		t.Errorf("51 operations: %d", got.status)
	}
	refused := 0
	for range 60 {
		if upload(one("1002", "bo@corp.example", true, "")).status == 429 {
			refused++
		}
	}
	if refused != 22 {
		t.Errorf("%d of 60 calls were refused", refused)
	}
}

func TestEntraIDDeviceCode(t *testing.T) {
	clock := &hands{now: anyDay}
	s := start(t, "entraid", emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true, Clock: clock.Now}})
	form := url.Values{"client_id": {s.Options["clientId"]}, "scope": {graph + "/User.ReadWrite.All offline_access"}}
	given := ask(t, s, "POST", "/"+s.Options["tenantId"]+"/oauth2/v2.0/devicecode", form.Encode(), sendForm).json(t)
	form = url.Values{"client_id": form["client_id"], "grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {told(given, "device_code")}}
	poll := func() any { return entraidAsk(t, s, form).json(t) }
	got := []string{told(poll(), "error"), told(poll(), "error")}
	clock.turn(2 * time.Second)
	got = append(got, told(poll(), "error"))
	if fmt.Sprint(got) != "[authorization_pending slow_down authorization_pending]" {
		t.Errorf("polls: %v", got)
	}
	page := strings.TrimPrefix(told(given, "verification_uri"), "https://login.microsoftonline.com")
	ask(t, s, "GET", page+"?user_code="+told(given, "user_code"), "", "X-Forwarded-Host: login.microsoftonline.com")
	signed := tenant{s, t, "Authorization: Bearer " + told(poll(), "access_token")}
	id := signed.create("ada")
	signed.must(204, "PATCH", "/v1.0/users/"+id, wire.Object{"birthday": "2000-01-01T00:00:00Z"})
	signed.must(403, "POST", "/v1.0/groups", wire.Object{})
}

func TestEntraIDIsWrittenByManyAtOnce(t *testing.T) {
	s := emptyTenant(t, wire.Writing{Lag: 2, Limits: wire.Limits{Real: true}})
	made := make(chan int)
	for i := range 8 {
		go func() {
			n := 0
			for j := range 20 {
				body := encode(t, person(fmt.Sprint("p", (i+j)%25)))
				if got, err := try(t, s.Server, "POST", "/v1.0/users", body, s.token, "Content-Type: application/json"); err == nil && got.status == 201 {
					n++
				}
				_, _ = try(t, s.Server, "GET", "/v1.0/users", "", s.token)
			}
			made <- n
		}()
	}
	all := 0
	for range 8 {
		all += <-made
	}
	if all != 25 {
		t.Errorf("%d were made of 25 names", all)
	}
}

func TestEntraIDHoldsTenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("many calls")
	}
	s := emptyTenant(t, wire.Writing{})
	for i := 0; i < 10_000; i += 20 {
		var parts []any
		for j := i; j < i+20; j++ {
			parts = append(parts, wire.Object{"id": fmt.Sprint(j), "method": "POST", "url": "/users", "headers": wire.Object{"Content-Type": "application/json"},
				"body": person(fmt.Sprint("p", j), "employeeId", fmt.Sprint(j))})
		}
		s.must(200, "POST", "/v1.0/$batch", wire.Object{"requests": parts})
	}
	for i := range 1000 {
		if s.found(fmt.Sprintf("employeeId eq '%d'", i)) != 1 {
			t.Fatalf("%d is not found", i)
		}
	}
	n := 0
	for next := "/v1.0/users?$top=999&$select=id,mail"; next != ""; {
		got := s.must(200, "GET", next, nil)
		n += len(at(t, got, "value").([]any))
		next = strings.TrimPrefix(told(got, "@odata.nextLink"), graph)
	}
	if n != 10_001 {
		t.Errorf("%d people", n)
	}
}
