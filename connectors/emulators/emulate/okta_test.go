package emulate_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
)

func oktaKey(s *emulate.Server) string { return "Authorization: SSWS " + s.Options["apiToken"] }

// oktaNext is the path of the next page, or "".
func oktaNext(got reply) string {
	for _, link := range got.header.Values("Link") {
		if address, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
			return strings.TrimPrefix(address, "<https://corp.okta.com")
		}
	}
	return ""
}

// oktaEveryone reads the plain list and then those whom it hides.
func oktaEveryone(t *testing.T, s *emulate.Server) (people []any) {
	t.Helper()
	for _, next := range []string{"/api/v1/users?limit=200", "/api/v1/users?limit=200&filter=" + url.QueryEscape(`status eq "DEPROVISIONED"`)} {
		for pages := 0; next != ""; pages++ {
			if pages > 9 {
				t.Fatal("there is no end")
			}
			got := ask(t, s, "GET", next, "", oktaKey(s))
			people = append(people, got.json(t).([]any)...)
			next = oktaNext(got)
		}
	}
	return people
}

func TestOktaAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "okta", emulate.Setup{})
	loose := []string{"Name", "/profile/"}
	sameShape(t, any(oktaEveryone(t, s)), []any{sample(t, "okta", "users-page.json")}, loose...)
	sameShape(t, ask(t, s, "GET", "/api/v1/meta/schemas/user/default", "", oktaKey(s)).json(t), []any{sample(t, "okta", "schema.json")},
		"/properties/", "custom/required")
	s.Fault(emulate.TooManyCalls(1, ""))
	got := ask(t, s, "GET", "/api/v1/users?limit=1", "", oktaKey(s))
	sameShape(t, got.json(t), []any{at(t, sample(t, "okta", "errors.json"), "429")})
	if got.header.Get("X-Rate-Limit-Remaining") != "0" || got.header.Get("X-Rate-Limit-Reset") == "" {
		t.Errorf("the headers are %v", got.header)
	}
}

func TestOktaTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Day: anyDay, PageCap: 25})
	truth := s.Truth(anyDay)
	agree(t, truth, oktaEveryone(t, s), "id", map[string]string{"displayName": "profile/displayName", "jobTitle": "profile/title", "locale": "profile/locale",
		"preferredName": "profile/nickName", "employeeNumber": "profile/employeeNumber", "custom.bicycles": "profile/bicycles", "custom.onSite": "profile/onSite",
		"custom.note": "profile/note", "email": "profile/email", "country": "profile/countryCode", "timeZone": "profile/timezone"}, strings.TrimSpace)
	if truth["00u1rc00000000005101"]["managerId"] != "" || truth["00u1rc00000000005111"]["managerId"] != "00u1rc00000000999999" {
		t.Error("the managers are wrong")
	}
	met := map[string]bool{}
	for _, p := range oktaEveryone(t, s) {
		met[told(p, "status")] = true
	}
	if len(met) != 8 {
		t.Errorf("statuses %v, want all eight", met)
	}
}

func TestOktaIsStrict(t *testing.T) {
	s := start(t, "okta", emulate.Setup{})
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"no token":              {"/api/v1/users", "X: y", "X: y", 401},
		"token as a bearer":     {"/api/v1/users", "Authorization: Bearer " + s.Options["apiToken"], "X: y", 401},
		"the admin's host":      {"/api/v1/users", oktaKey(s), "X-Forwarded-Host: corp-admin.okta.com", 404},
		"own host":              {"/api/v1/users?limit=1", oktaKey(s), "X-Forwarded-Host: corp.okta.com", 200},
		"page of 201":           {"/api/v1/users?limit=201", oktaKey(s), "X: y", 400},
		"unknown parameter":     {"/api/v1/users?page=1", oktaKey(s), "X: y", 400},
		"cursor of our own":     {"/api/v1/users?after=1", oktaKey(s), "X: y", 400},
		"changes":               {"/api/v1/users?filter=lastUpdated+gt+%222026-01-01T00:00:00.000Z%22", oktaKey(s), "X: y", 200},
		"filter by ne":          {"/api/v1/users?filter=status+ne+%22ACTIVE%22", oktaKey(s), "X: y", 400},
		"filter by title":       {"/api/v1/users?filter=profile.title+eq+%22x%22", oktaKey(s), "X: y", 400},
		"search by title":       {"/api/v1/users?search=profile.title+eq+%22x%22+or+(status+lt+%22B%22+and+profile.email+co+%22a%22)", oktaKey(s), "X: y", 200},
		"search by nothing":     {"/api/v1/users?search=profile.Title+eq+%22x%22", oktaKey(s), "X: y", 400},
		"by login":              {"/api/v1/users/person.5102@corp.example", oktaKey(s), "X: y", 200},
		"nobody":                {"/api/v1/users/nobody@corp.example", oktaKey(s), "X: y", 404},
		"groups":                {"/api/v1/groups?limit=200&search=type+eq+%22OKTA_GROUP%22", oktaKey(s), "X: y", 200},
		"members":               {"/api/v1/groups/00g1rc00000000281521/users?limit=200", oktaKey(s), "X: y", 200},
		"linked objects":        {"/api/v1/users/00u1rc00000000005102/linkedObjects/manager", oktaKey(s), "X: y", 200},
		"linked object unknown": {"/api/v1/users/00u1rc00000000005102/linkedObjects/boss", oktaKey(s), "X: y", 404},
		"user types":            {"/api/v1/meta/types/user", oktaKey(s), "X: y", 200},
		"fields":                {"/api/v1/users?fields=id,status,profile:(firstName)", oktaKey(s), "X: y", 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", c.header, c.more); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
}

// oktaAssertion signs claims with the key of the options.
func oktaAssertion(t *testing.T, s *emulate.Server, audience, id string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(s.Options["privateKey"]))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix()
	said := map[string]any{"iss": s.Options["clientId"], "sub": s.Options["clientId"], "aud": audience, "iat": now, "exp": now + 300, "jti": id}
	text := base64.RawURLEncoding.EncodeToString([]byte(encode(t, map[string]string{"alg": "RS256", "kid": s.Options["keyId"]}))) +
		"." + base64.RawURLEncoding.EncodeToString([]byte(encode(t, said)))
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func TestOktaGivesTokensToAServiceWithItsKey(t *testing.T) {
	s := start(t, "okta", emulate.Setup{Way: "service"})
	ask1 := func(assertion, scope string) reply {
		form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}, "client_assertion": {assertion},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
		return ask(t, s, "POST", "/oauth2/v1/token", form.Encode(), sendForm)
	}
	const aud = "https://corp.okta.com/oauth2/v1/token"
	good := oktaAssertion(t, s, aud, "1")
	for name, c := range map[string]struct {
		got  reply
		want string
	}{
		"another audience": {ask1(oktaAssertion(t, s, "https://corp.okta.com", "2"), "okta.users.read"), "invalid_client"},
		"signature broken": {ask1(good[:len(good)-8]+"AAAAAAAA", "okta.users.read"), "invalid_client"},
		"no assertion":     {ask1("", "okta.users.read"), "invalid_client"},
		"scope not given":  {ask1(oktaAssertion(t, s, aud, "3"), "okta.apps.manage"), "invalid_scope"},
	} {
		if c.got.status < 400 || !strings.Contains(string(c.got.body), c.want) {
			t.Errorf("%s: %d %s", name, c.got.status, c.got.body)
		}
	}
	bearer := "Authorization: Bearer " + at(t, ask1(good, "okta.users.read").json(t), "access_token").(string)
	for path, status := range map[string]int{"/api/v1/users?limit=1": 200, "/api/v1/groups": 403, "/api/v1/users/me": 404} {
		if got := ask(t, s, "GET", path, "", bearer); got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if again := ask1(good, "okta.users.read"); again.status != 401 {
		t.Errorf("the same assertion again is answered %d", again.status)
	}
}

func TestOktaPagesGoWrongWhenToldSo(t *testing.T) {
	s := start(t, "okta", emulate.Setup{PageCap: 50})
	follow := func(pages int) (firsts []string) {
		for next := "/api/v1/users?limit=200"; next != "" && len(firsts) < pages; {
			got := ask(t, s, "GET", next, "", oktaKey(s))
			firsts = append(firsts, told(at(t, got.json(t), 0), "id"))
			next = oktaNext(got)
		}
		return firsts
	}
	honest := follow(9)
	for kind, want := range map[emulate.Kind][]int{emulate.EndlessPages: {0, 1, 2, 0}, emulate.StuckPage: {0, 0, 0, 0}, emulate.RepeatedPage: {0, 0, 1, 2}, emulate.ShrinkingList: {0, 1, 2}} {
		s.Fault(emulate.Fault{Kind: kind})
		got := follow(4)
		s.Clear()
		for i, page := range want {
			if len(honest) != 3 || len(got) != len(want) || got[i] != honest[page] {
				t.Errorf("fault %v: pages begin with %v, and honestly with %v", kind, got, honest)
				break
			}
		}
	}
}
