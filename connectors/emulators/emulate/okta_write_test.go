package emulate_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/okta"
	"rollcall/connectors/emulators/wire"
)

// oktaDo sends a request with the API token; a body is JSON.
func oktaDo(t testing.TB, s *emulate.Server, method, path, body string) reply {
	t.Helper()
	headers := []string{oktaKey(s)}
	if body != "" {
		headers = append(headers, "Content-Type: application/json")
	}
	return ask(t, s, method, path, body, headers...)
}

// oktaWant is oktaDo for a request whose status, and the code or cause of whose error, is known.
func oktaWant(t testing.TB, s *emulate.Server, method, path, body string, status int, says string) reply {
	t.Helper()
	got := oktaDo(t, s, method, path, body)
	if got.status != status || !strings.Contains(string(got.body), says) {
		t.Errorf("%s %s %.200s: status %d, want %d and %q: %.400s", method, path, body, got.status, status, says, got.body)
	}
	return got
}

func oktaBody(n int, more string) string {
	return fmt.Sprintf(`{"profile":{"login":"new.%[1]d@corp.example","email":"new.%[1]d@corp.example","firstName":"New","lastName":"Person %[1]d","employeeNumber":"E%[1]d"%[2]s}}`, n, more)
}

func oktaCreate(t testing.TB, s *emulate.Server, n int) (id string) {
	t.Helper()
	got := oktaWant(t, s, "POST", "/api/v1/users?activate=false", oktaBody(n, ""), 200, `"STAGED"`)
	return told(got.json(t), "id")
}

// oktaIDs are the ids of a list, read to its end.
func oktaIDs(t testing.TB, s *emulate.Server, next string) (ids []string) {
	t.Helper()
	for next != "" {
		got := oktaWant(t, s, "GET", next, "", 200, "")
		for _, one := range got.json(t).([]any) {
			ids = append(ids, told(one, "id"))
		}
		next = oktaNext(got)
	}
	return ids
}

func oktaStatus(t testing.TB, s *emulate.Server, id string) string {
	t.Helper()
	return told(oktaWant(t, s, "GET", "/api/v1/users/"+id, "", 200, "").json(t), "status")
}

func oktaFind(expression string) string { return "/api/v1/users?search=" + url.QueryEscape(expression) }

func TestOktaBeginsEmptyAndHoldsManyAccounts(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	if n := len(oktaIDs(t, s, "/api/v1/users")); n != 1 || len(s.Truth(anyDay)) != 0 {
		t.Fatalf("there are %d people at first", n)
	}
	groups := oktaIDs(t, s, "/api/v1/groups?search="+url.QueryEscape(`type eq "OKTA_GROUP"`))
	const many = 600
	for n := range many {
		if found := oktaIDs(t, s, oktaFind(fmt.Sprintf(`profile.employeeNumber eq "E%d"`, n))); len(found) != 0 {
			t.Fatal(found)
		}
		id := oktaCreate(t, s, n)
		oktaWant(t, s, "PUT", "/api/v1/groups/"+groups[0]+"/users/"+id, "", 204, "")
	}
	ids := oktaIDs(t, s, "/api/v1/users?limit=200")
	slices.Sort(ids)
	if len(slices.Compact(ids)) != many+1 || len(oktaIDs(t, s, "/api/v1/groups/"+groups[0]+"/users?limit=200")) != many {
		t.Errorf("%d people are read", len(ids))
	}
	found := oktaIDs(t, s, oktaFind(`profile.login eq "NEW.7@corp.example" or profile.employeeNumber eq "e599"`))
	if len(found) != 2 || len(s.Writes()) != 2*many {
		t.Errorf("found %v, %d writes", found, len(s.Writes()))
	}
}

func TestOktaRefusesProfilesThatDoNotFit(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	id := oktaCreate(t, s, 1)
	const create = "/api/v1/users?activate=false"
	for name, c := range map[string]struct {
		path, body, says string
		status           int
	}{
		"no body":              {create, "", "E0000003", 415},
		"no JSON":              {create, "{", "E0000003", 400},
		"two objects":          {create, "{}{}", "E0000003", 400},
		"nothing required":     {create, `{"profile":{"title":"x"}}`, "login: The field cannot be left blank", 400},
		"login taken":          {create, oktaBody(1, ""), "login: An object with this field already exists in the current organization", 400},
		"login but for case":   {create, oktaBody(2, `,"login":"NEW.1@corp.example"`), "login: An object", 400},
		"login but for accent": {create, oktaBody(2, `,"login":"néw.1@corp.example"`), "login: An object", 400},
		"login is no e-mail":   {create, oktaBody(2, `,"login":"someone"`), "login: Username", 400},
		"login of four":        {create, oktaBody(2, `,"login":"a@b."`), "login: The field must be at least 5", 400},
		"null login":           {create, oktaBody(2, `,"login":null`), "login: The field cannot be left blank", 400},
		"name too long":        {create, oktaBody(2, `,"firstName":"`+strings.Repeat("x", 51)+`"`), "firstName: The field cannot exceed 50", 400},
		"country of three":     {create, oktaBody(2, `,"countryCode":"SWE"`), "countryCode: The field cannot exceed 2", 400},
		"locale with a hyphen": {create, oktaBody(2, `,"locale":"sv-SE"`), "locale: Does not match", 400},
		"unknown attribute":    {create, oktaBody(2, `,"shoeSize":"44"`), "shoeSize: The property is not in the schema", 400},
		"number for a text":    {create, oktaBody(2, `,"title":7`), "title: Invalid type", 400},
		"text for a number":    {create, oktaBody(2, `,"bicycles":"7"`), "bicycles: Invalid type", 400},
		"not in the list":      {create, oktaBody(2, `,"building":"Oslo"`), "building: The value is not one", 400},
		"read-only member":     {create, `{"id":"1","profile":{}}`, "id: ", 400},
		"unknown parameter":    {create + "&invite=true", oktaBody(2, ""), "invite", 400},
		"short password":       {create, strings.TrimSuffix(oktaBody(2, ""), "}") + `,"credentials":{"password":{"value":"short"}}}`, "E0000080", 403},
		"21 groups":            {create, strings.TrimSuffix(oktaBody(2, ""), "}") + `,"groupIds":["x"` + strings.Repeat(`,"x"`, 20) + `]}`, "E0000093", 400},
		"no such group":        {create, strings.TrimSuffix(oktaBody(2, ""), "}") + `,"groupIds":["x"]}`, "E0000007", 404},
		"change a password":    {create + "&nextLogin=changePassword", oktaBody(2, ""), "E0000125", 400},
		"change no password":   {"/api/v1/users?nextLogin=changePassword", oktaBody(2, ""), "E0000124", 400},
		"update to taken":      {"/api/v1/users/" + id, `{"profile":{"login":"admin@corp.example"}}`, "login: An object", 400},
		"another type":         {"/api/v1/users/" + id, `{"type":{"id":"oty9"}}`, "type: ", 400},
		"nobody":               {"/api/v1/users/00u1rc00000099999999", `{"profile":{}}`, "E0000007", 404},
	} {
		t.Run(name, func(t *testing.T) { oktaWant(t, s, "POST", c.path, c.body, c.status, c.says) })
	}
	oktaWant(t, s, "PATCH", "/api/v1/users/"+id, "{}", 405, "E0000022")
	if n := len(oktaIDs(t, s, "/api/v1/users")); n != 2 {
		t.Errorf("what was refused made somebody: %d people", n)
	}
}

func TestOktaUpdatesWhatIsSentAndReplacesTheRest(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Day: anyDay})
	const id = "00u1rc00000000005102"
	path := "/api/v1/users/" + id
	before := oktaDo(t, s, "GET", path, "")
	got := oktaWant(t, s, "POST", path, `{"profile":{"title":"Lead","bicycles":3,"languages":["German"],"department":null}}`, 200, "").json(t)
	if at(t, got, "profile", "title") != "Lead" || at(t, got, "profile", "bicycles") != 3.0 || at(t, got, "profile", "department") != nil ||
		at(t, got, "profile", "firstName") != at(t, before.json(t), "profile", "firstName") {
		t.Errorf("after the update: %v", got)
	}
	stale := []string{oktaKey(s), "Content-Type: application/json", "If-Match: " + before.header.Get("ETag")}
	if late := ask(t, s, "POST", path, `{"profile":{"title":"Late"}}`, stale...); late.status != 412 {
		t.Errorf("a stale write is answered %d", late.status)
	}
	fresh := "If-Match: " + oktaDo(t, s, "GET", path, "").header.Get("ETag")
	if now := ask(t, s, "POST", path, `{"profile":{"title":"Now"}}`, oktaKey(s), "Content-Type: application/json", fresh); now.status != 200 {
		t.Errorf("a fresh write is answered %d %s", now.status, now.body)
	}
	oktaWant(t, s, "PUT", path, `{"profile":{"title":"x"}}`, 400, "firstName: ")
	whole := oktaWant(t, s, "PUT", path, oktaBody(7, ""), 200, "new.7@corp.example").json(t)
	if _, there := at(t, whole, "profile").(map[string]any)["title"]; there {
		t.Error("a replacement keeps what it left out")
	}
	oktaWant(t, s, "GET", "/api/v1/users/person.5102@corp.example", "", 404, "E0000007")
	oktaWant(t, s, "GET", "/api/v1/users/new.7@corp.example", "", 200, id)
}

func TestOktaLetsOnlyTheRightStepFollow(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	id := oktaCreate(t, s, 1)
	path, lifecycle := "/api/v1/users/"+id, "/api/v1/users/"+id+"/lifecycle/"
	oktaWant(t, s, "POST", lifecycle+"suspend", "", 403, "E0000038")
	oktaWant(t, s, "POST", lifecycle+"reactivate?sendEmail=false", "", 403, "E0000038")
	oktaWant(t, s, "POST", lifecycle+"activate?sendEmail=no", "", 400, "sendEmail")
	oktaWant(t, s, "POST", lifecycle+"activate?sendEmail=false", "", 200, "activationToken")
	oktaWant(t, s, "GET", path, "", 200, "PROVISIONED")
	oktaWant(t, s, "POST", lifecycle+"reactivate?sendEmail=false", "", 200, "activationUrl")
	oktaWant(t, s, "POST", lifecycle+"activate?sendEmail=false", "", 403, "E0000016")
	oktaWant(t, s, "POST", lifecycle+"deactivate?sendEmail=false", "", 200, "{}")
	oktaWant(t, s, "POST", lifecycle+"deactivate", "", 403, "E0000038")
	oktaWant(t, s, "POST", path, `{"profile":{"title":"x"}}`, 403, "E0000038")
	oktaWant(t, s, "POST", lifecycle+"activate", "", 200, "{}")
	oktaWant(t, s, "POST", path, `{"profile":{"title":"x"}}`, 200, "PROVISIONED")
	withPassword := strings.TrimSuffix(oktaBody(2, ""), "}") + `,"credentials":{"password":{"value":"made up 123"}}}`
	other := told(oktaWant(t, s, "POST", "/api/v1/users?activate=true", withPassword, 200, `"password":{}`).json(t), "id")
	for _, step := range [][2]string{{"suspend", "SUSPENDED"}, {"unsuspend", "ACTIVE"}, {"deactivate", "DEPROVISIONED"}} {
		oktaWant(t, s, "POST", "/api/v1/users/"+other+"/lifecycle/"+step[0], "", 200, "")
		if is := oktaStatus(t, s, other); is != step[1] {
			t.Errorf("after %s: %s", step[0], is)
		}
	}
	oktaWant(t, s, "DELETE", path, "", 204, "")
	oktaWant(t, s, "GET", path, "", 200, "DEPROVISIONED")
	oktaWant(t, s, "DELETE", path, "", 204, "")
	oktaWant(t, s, "GET", path, "", 404, "E0000007")
	if again := oktaCreate(t, s, 1); again == id {
		t.Error("an id is given twice")
	}
	if n := len(oktaIDs(t, s, "/api/v1/users")); n != 2 {
		t.Errorf("%d people are listed: the deactivated ones too?", n)
	}
	oktaWant(t, s, "POST", "/api/v1/users/me/lifecycle/deactivate", "", 200, "")
	oktaWant(t, s, "GET", path, "", 401, "E0000011")
}

func TestOktaKeepsGroupsAndMembers(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	id := oktaCreate(t, s, 1)
	group := told(oktaWant(t, s, "POST", "/api/v1/groups", `{"profile":{"name":"Lab","description":"All of them"}}`, 200, "OKTA_GROUP").json(t), "id")
	oktaWant(t, s, "POST", "/api/v1/groups", `{"profile":{"name":"Lab"}}`, 400, "name: An object with this field")
	oktaWant(t, s, "POST", "/api/v1/groups", `{"profile":{"colour":"red"}}`, 400, "E0000001")
	path := "/api/v1/groups/" + group + "/users/"
	for range 2 {
		oktaWant(t, s, "PUT", path+id, "", 204, "")
	}
	if got := oktaIDs(t, s, "/api/v1/users/"+id+"/groups"); len(got) != 2 || got[1] != group {
		t.Errorf("the groups are %v", got)
	}
	oktaWant(t, s, "PUT", path+"00u9", "", 404, "E0000007")
	oktaWant(t, s, "PUT", "/api/v1/groups/00g9/users/"+id, "", 404, "E0000007")
	for kind, status := range map[string]int{"APP_GROUP": 501, "BUILT_IN": 403} {
		other := oktaIDs(t, s, "/api/v1/groups?search="+url.QueryEscape(`type eq "`+kind+`"`))
		oktaWant(t, s, "PUT", "/api/v1/groups/"+other[0]+"/users/"+id, "", status, "errorCode")
	}
	for range 2 {
		oktaWant(t, s, "DELETE", path+id, "", 204, "")
	}
	oktaWant(t, s, "GET", "/api/v1/groups/"+group+"/users", "", 200, "[]")
	if n := len(oktaIDs(t, s, "/api/v1/groups?limit=2")); n != 5 {
		t.Errorf("%d groups come in pages", n)
	}
	oktaWant(t, s, "DELETE", "/api/v1/groups/"+group, "", 204, "")
	oktaWant(t, s, "GET", "/api/v1/groups/"+group, "", 404, "E0000007")
}

func TestOktaAddsAttributes(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	const path = "/api/v1/meta/schemas/user/default"
	properties := func(text string) string {
		return `{"definitions":{"custom":{"id":"#custom","type":"object","properties":{` + text + `},"required":[]}}}`
	}
	oktaWant(t, s, "POST", path, properties(`"badgeColour":{"title":"Colour","type":"string","enum":["red","blue"],"unique":true,"scope":"NONE","permissions":[{"principal":"SELF","action":"READ_ONLY"}]}`), 200, "badgeColour")
	oktaWant(t, s, "GET", path, "", 200, "hireDate")
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(1, `,"badgeColour":"red"`), 200, `"badgeColour":"red"`)
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(2, `,"badgeColour":"red"`), 400, "badgeColour: An object")
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(2, `,"badgeColour":"green"`), 400, "badgeColour: The value is not one")
	if found := oktaIDs(t, s, oktaFind(`profile.badgeColour eq "red"`)); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	oktaWant(t, s, "POST", path, properties(`"x":{"title":"X","type":"text"}`), 400, "x: The type")
	oktaWant(t, s, "POST", path, properties(`"x":{"type":"string"}`), 400, "x: A title")
	oktaWant(t, s, "POST", path, properties(`"title":{"title":"X","type":"string"}`), 400, "title: A base attribute")
	oktaWant(t, s, "POST", path, properties(`"seal":{"title":"Seal","type":"string","mutability":"READ_ONLY"},"must":{"title":"Must","type":"integer","required":true}`), 200, "")
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(2, `,"seal":"x"`), 400, "seal: The property is read-only")
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(2, ""), 400, "must: The field cannot")
	oktaWant(t, s, "POST", path, properties(`"badgeColour":null`), 200, "")
	if got := oktaDo(t, s, "GET", "/api/v1/users/new.1@corp.example", ""); strings.Contains(string(got.body), "badgeColour") {
		t.Errorf("the value outlives its attribute: %s", got.body)
	}
}

func TestOktaLinksPeople(t *testing.T) {
	s := start(t, "okta", emulate.Setup{})
	const links = "/api/v1/users/00u1rc00000000005103/linkedObjects/"
	oktaWant(t, s, "PUT", links+"manager/00u1rc00000000005104", "", 204, "")
	oktaWant(t, s, "GET", links+"manager", "", 200, "00u1rc00000000005104")
	oktaWant(t, s, "GET", "/api/v1/users/00u1rc00000000005104/linkedObjects/subordinate", "", 200, "00u1rc00000000005103")
	oktaWant(t, s, "PUT", links+"subordinate/00u1rc00000000005104", "", 400, "associated")
	oktaWant(t, s, "PUT", links+"manager/00u9", "", 404, "E0000007")
	for range 2 {
		oktaWant(t, s, "DELETE", links+"manager", "", 204, "")
	}
	oktaWant(t, s, "GET", links+"manager", "", 200, "[]")
	const define = "/api/v1/meta/schemas/user/linkedObjects"
	pair := `{"primary":{"name":"mentor","title":"Mentor","type":"USER"},"associated":{"name":"mentee","title":"Mentee","type":"USER"}}`
	oktaWant(t, s, "POST", define, pair, 201, "mentor")
	oktaWant(t, s, "POST", define, pair, 409, "E0000127")
	oktaWant(t, s, "GET", define, "", 200, "mentee")
	oktaWant(t, s, "PUT", links+"mentor/00u1rc00000000005104", "", 204, "")
}

func TestOktaImportsFromAnIdentitySource(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{Window: time.Millisecond}}})
	staying := oktaCreate(t, s, 3)
	root := "/api/v1/identity-sources/" + okta.IdentitySource + "/sessions"
	open := func() string {
		got := oktaWant(t, s, "POST", root, "", 200, "CREATED")
		sameShape(t, got.json(t), []any{sample(t, "okta", "xaas-session.json")})
		return root + "/" + told(got.json(t), "id")
	}
	finish := func(session string) {
		oktaWant(t, s, "POST", session+"/start-import", "", 200, "TRIGGERED")
		oktaWant(t, s, "GET", session, "", 200, "TRIGGERED")
		for range 3 {
			oktaDo(t, s, "GET", session, "")
		}
		oktaWant(t, s, "GET", session, "", 200, "COMPLETED")
		time.Sleep(6 * time.Millisecond)
	}
	session := open()
	oktaWant(t, s, "POST", root, "", 400, "E0000001")
	oktaWant(t, s, "POST", session+"/start-import", "", 400, "CREATED")
	oktaWant(t, s, "POST", session+"/bulk-delete", `{"entityType":"USERS","profiles":[{"externalId":"nobody"}]}`, 202, "")
	oktaWant(t, s, "POST", session+"/start-import", "", 400, "CREATED")
	profile := func(n int) string {
		return fmt.Sprintf(`{"externalId":"%[1]d","profile":{"userName":"new.%[1]d@corp.example","email":"new.%[1]d@corp.example","firstName":"From","lastName":"Afar"}}`, n)
	}
	upsert := func(list ...string) string {
		return `{"entityType":"USERS","profiles":[` + strings.Join(list, ",") + `]}`
	}
	oktaWant(t, s, "POST", session+"/bulk-upsert", upsert(profile(1), strings.Replace(profile(2), `"Afar"`, `7`, 1)), 400, "string type")
	oktaWant(t, s, "POST", session+"/bulk-upsert", upsert(slices.Repeat([]string{profile(1)}, 201)...), 400, "200")
	oktaWant(t, s, "POST", session+"/bulk-upsert", upsert(profile(1), profile(2), profile(3), `{"externalId":"4","profile":{"firstName":"Without"}}`), 202, "")
	oktaWant(t, s, "POST", session+"/bulk-groups-upsert", `{"profiles":[{"externalId":"g1","profile":{"displayName":"Afar"}}]}`, 202, "")
	oktaWant(t, s, "POST", session+"/bulk-group-memberships-upsert", `{"memberships":[{"groupExternalId":"g1","memberExternalIds":["1","2","nobody"]}]}`, 202, "")
	oktaWant(t, s, "GET", "/api/v1/users/new.1@corp.example", "", 404, "E0000007")
	finish(session)
	first := told(oktaWant(t, s, "GET", "/api/v1/users/new.1@corp.example", "", 200, "STAGED").json(t), "id")
	oktaWant(t, s, "GET", "/api/v1/users/"+staying, "", 200, "Afar")
	oktaWant(t, s, "POST", "/api/v1/users/"+first, `{"profile":{"lastName":"Here"}}`, 403, "E0000023")
	oktaWant(t, s, "POST", "/api/v1/users/"+first, `{"profile":{"hireDate":"2026-01-01"}}`, 200, "2026-01-01")
	group := oktaIDs(t, s, "/api/v1/groups?search="+url.QueryEscape(`profile.name eq "Afar"`))
	if n := len(oktaIDs(t, s, "/api/v1/groups/"+group[0]+"/users")); n != 2 || len(oktaIDs(t, s, "/api/v1/users")) != 4 {
		t.Errorf("%d members", n)
	}
	oktaWant(t, s, "DELETE", session, "", 400, "COMPLETED")
	session = open()
	oktaWant(t, s, "POST", session+"/bulk-delete", `{"entityType":"USERS","profiles":[{"externalId":"1"},{"externalId":"nobody"}]}`, 202, "")
	finish(session)
	if is := oktaStatus(t, s, first); is != "DEPROVISIONED" {
		t.Errorf("whom the source deleted is %s", is)
	}
	session = open()
	oktaWant(t, s, "DELETE", session, "", 204, "")
	oktaWant(t, s, "GET", session, "", 200, "CLOSED")
	single := strings.TrimSuffix(root, "/sessions") + "/users"
	oktaWant(t, s, "POST", single, profile(8), 200, "")
	oktaWant(t, s, "PATCH", single+"/8", `{"profile":{"userName":"new.8@corp.example","email":"eight@corp.example"}}`, 200, "eight@corp.example")
	oktaWant(t, s, "GET", single+"/8", "", 200, "Afar")
	oktaWant(t, s, "DELETE", single+"/8", "", 204, "")
	oktaWant(t, s, "GET", single+"/8", "", 404, "E0000007")
}

func TestOktaLagsBehindItsWrites(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 3}})
	search := oktaFind(`profile.employeeNumber eq "E1"`)
	oktaIDs(t, s, search)
	id := oktaCreate(t, s, 1)
	oktaWant(t, s, "GET", "/api/v1/users/"+id, "", 200, "STAGED")
	oktaWant(t, s, "GET", search, "", 200, "[]")
	oktaWant(t, s, "GET", "/api/v1/users?filter="+url.QueryEscape(`profile.login eq "new.1@corp.example"`), "", 200, id)
	oktaWant(t, s, "GET", search, "", 200, id)
	oktaWant(t, s, "POST", "/api/v1/users/"+id+"/lifecycle/activate?sendEmail=false", "", 200, "activationToken")
	oktaWant(t, s, "GET", "/api/v1/users/"+id, "", 200, `"transitioningToStatus":"PROVISIONED"`)
	oktaWant(t, s, "POST", "/api/v1/users/"+id, `{"profile":{"title":"x"}}`, 409, "E0000112")
	oktaWant(t, s, "GET", "/api/v1/users", "", 200, "")
	oktaWant(t, s, "POST", "/api/v1/users/"+id, `{"profile":{"title":"Seen later"}}`, 200, `"PROVISIONED"`)
	if early := oktaDo(t, s, "GET", search, ""); strings.Contains(string(early.body), "Seen later") {
		t.Error("the search knows it at once")
	}
	for range 3 {
		oktaDo(t, s, "GET", "/api/v1/users/"+id, "")
	}
	oktaWant(t, s, "GET", search, "", 200, "Seen later")
}

func TestOktaRefusesTooManyCalls(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{Calls: 3, Window: 300 * time.Millisecond}}})
	var last reply
	for range 5 {
		last = oktaDo(t, s, "GET", "/api/v1/users", "")
	}
	reset, err := strconv.ParseInt(last.header.Get("X-Rate-Limit-Reset"), 10, 64)
	if last.status != 429 || err != nil || last.header.Get("X-Rate-Limit-Remaining") != "0" || last.header.Get("X-Rate-Limit-Limit") != "3" || last.header.Get("Date") == "" {
		t.Fatalf("status %d, headers %v", last.status, last.header)
	}
	oktaWant(t, s, "GET", "/api/v1/groups", "", 200, "")
	if count := s.Counts()["GET /api/v1/users"]; count != (wire.Count{Calls: 5, Refused: 2}) {
		t.Errorf("counted %v", count)
	}
	time.Sleep(min(time.Until(time.Unix(reset, 0)), 2*time.Second))
	oktaWant(t, s, "GET", "/api/v1/users", "", 200, "")
}

func TestOktaTakesSoManyCallsAtOnce(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{AtOnce: 2, Latency: 100 * time.Millisecond}}})
	var wait sync.WaitGroup
	statuses := make(chan reply, 6)
	for range 6 {
		wait.Go(func() {
			if got, err := try(t, s, "GET", "/api/v1/users", "", oktaKey(s)); err == nil {
				statuses <- got
			}
		})
	}
	wait.Wait()
	close(statuses)
	refused := 0
	for got := range statuses {
		if got.status == 429 && got.header.Get("X-Rate-Limit-Limit") == "0" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("none of six is refused")
	}
}

func TestOktaFailsAtWritesWhenToldSo(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	id := oktaCreate(t, s, 1)
	s.Fault(emulate.Fault{Kind: emulate.Lost, Method: "POST", Times: 1})
	if got, err := try(t, s, "POST", "/api/v1/users", oktaBody(2, ""), oktaKey(s), "Content-Type: application/json"); err == nil {
		t.Errorf("the answer is not lost: %d", got.status)
	}
	oktaWant(t, s, "GET", "/api/v1/users/new.2@corp.example", "", 200, "")
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 500, Method: emulate.Writes, Times: 1})
	oktaWant(t, s, "GET", "/api/v1/users", "", 200, "")
	oktaWant(t, s, "POST", "/api/v1/users", oktaBody(3, ""), 500, "E0000009")
	oktaWant(t, s, "GET", "/api/v1/users/new.3@corp.example", "", 404, "")
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 403, Method: "PUT", On: "/groups/"})
	group := oktaIDs(t, s, "/api/v1/groups")[1]
	oktaWant(t, s, "PUT", "/api/v1/groups/"+group+"/users/"+id, "", 403, "E0000006")
	writes := s.Writes()
	if last := writes[len(writes)-2]; last.Method != "POST" || last.Path != "/api/v1/users" || last.Body != oktaBody(3, "") {
		t.Errorf("the log says %v", last)
	}
}

func TestOktaWritesOnlyWithTheScopeForIt(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Way: "service", Writing: wire.Writing{Empty: true}})
	bearer := func(id, scope string) string {
		form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}, "client_assertion": {oktaAssertion(t, s, "https://corp.okta.com/oauth2/v1/token", id)},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
		return "Authorization: Bearer " + told(ask(t, s, "POST", "/oauth2/v1/token", form.Encode(), sendForm).json(t), "access_token")
	}
	reads, writes := bearer("1", "okta.users.read okta.groups.read"), bearer("2", "okta.users.manage")
	for name, c := range map[string]struct {
		method, path, body, who string
		status                  int
	}{
		"create by a reader":    {"POST", "/api/v1/users", oktaBody(1, ""), reads, 403},
		"create by a writer":    {"POST", "/api/v1/users", oktaBody(2, ""), writes, 200},
		"a writer reads":        {"GET", "/api/v1/users", "", writes, 200},
		"a group by a writer":   {"POST", "/api/v1/groups", `{"profile":{"name":"x"}}`, writes, 403},
		"the schema":            {"POST", "/api/v1/meta/schemas/user/default", `{}`, writes, 403},
		"the chief is guarded":  {"POST", "/api/v1/users/admin@corp.example/lifecycle/deactivate", "", writes, 403},
		"a source by a writer":  {"POST", "/api/v1/identity-sources/" + okta.IdentitySource + "/sessions", "", writes, 403},
		"the admin is not I":    {"GET", "/api/v1/users/me", "", writes, 404},
		"membership by a write": {"PUT", "/api/v1/groups/00g1/users/00u1", "", writes, 403},
	} {
		if got := ask(t, s, c.method, c.path, c.body, c.who, "Content-Type: application/json"); got.status != c.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestOktaTellsWhoIsAnAdministrator(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Writing: wire.Writing{Empty: true}})
	me := told(oktaWant(t, s, "GET", "/api/v1/users/me", "", 200, "").json(t), "id")
	oktaWant(t, s, "GET", "/api/v1/iam/assignees/users?limit=100", "", 200, `"id":"`+me+`"`)
	oktaWant(t, s, "GET", "/api/v1/iam/assignees/users?expand=x", "", 400, "E0000001")
}
