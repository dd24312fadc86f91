package emulate_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	googleDirectory = "/admin/directory/v1"
	googleUsers     = googleDirectory + "/users?customer=my_customer&projection=full&maxResults=500"
	googleScope     = "https://www.googleapis.com/auth/admin.directory."
	googleScopes    = googleScope + "user.readonly " + googleScope + "userschema.readonly " + googleScope + "orgunit.readonly " + googleScope + "domain.readonly"
)

// googleAssertion signs an assertion with the key of the options; change says what is to be wrong about it.
func googleAssertion(t testing.TB, s *emulate.Server, change map[string]any) string {
	t.Helper()
	var key map[string]string
	if err := json.Unmarshal([]byte(s.Options["serviceAccountJson"]), &key); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(key["private_key"]))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{"iss": key["client_email"], "sub": s.Options["adminEmail"], "scope": googleScopes, "aud": key["token_uri"], "iat": 1000, "exp": 4600}
	maps.Copy(claims, change)
	part := func(v any) string {
		return base64.RawURLEncoding.EncodeToString([]byte(strings.TrimSpace(encode(t, v))))
	}
	text := part(map[string]string{"alg": "RS256", "typ": "JWT", "kid": key["private_key_id"]}) + "." + part(claims)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, private.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func googleAssert(t testing.TB, s *emulate.Server, assertion string) reply {
	t.Helper()
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	return ask(t, s, "POST", "/token", form.Encode(), sendForm, "X-Forwarded-Host: oauth2.googleapis.com")
}

func googleToken(t testing.TB, s *emulate.Server, change map[string]any) string {
	t.Helper()
	return "Authorization: Bearer " + at(t, googleAssert(t, s, googleAssertion(t, s, change)).json(t), "access_token").(string)
}

func TestGoogleWorkspaceAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{PageCap: 60})
	token := googleToken(t, s, nil)
	sameShape(t, ask(t, s, "GET", googleUsers, "", token).json(t), []any{sample(t, "googleworkspace", "users-page.json")}, "/customSchemas/",
		"Time", "/displayName", "/gender", "/aliases", "/recovery", "/thumbnailPhotoUrl", "/customType", "/country", "/region", "/emails[]/type",
		"/organizations[]/", "/relations", "/addresses[]/", "/locations[]/", "/suspensionReason")
	sameShape(t, ask(t, s, "GET", googleDirectory+"/customer/my_customer/schemas", "", token).json(t),
		[]any{sample(t, "googleworkspace", "schemas.json")}, "/readAccessType", "/multiValued")
}

func TestGoogleWorkspaceTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{Day: anyDay, PageCap: 50})
	var people []any
	token, next := googleToken(t, s, nil), googleUsers
	for next != "" {
		page := ask(t, s, "GET", next, "", token).json(t)
		people = append(people, at(t, page, "users").([]any)...)
		next = ""
		if more, ok := at(t, page, "nextPageToken").(string); ok {
			next = googleUsers + "&pageToken=" + url.QueryEscape(more)
		}
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{"firstName": "name/givenName", "displayName": "name/fullName", "preferredName": "name/displayName",
		"email": "primaryEmail", "gender": "gender/type", "photoUrl": "thumbnailPhotoUrl", "custom.orgUnitPath": "orgUnitPath",
		"custom.Employment.bicycles": "customSchemas/Employment/bicycles", "custom.Facilities.note": "customSchemas/Facilities/note",
		"custom.Facilities.onSite": "customSchemas/Facilities/onSite", "custom.Employment.hireDate": "customSchemas/Employment/hireDate"}, strings.TrimSpace)
}

func TestGoogleWorkspaceIsStrict(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{PageCap: 50})
	token := googleToken(t, s, nil)
	more := url.QueryEscape(at(t, ask(t, s, "GET", googleUsers, "", token).json(t), "nextPageToken").(string))
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"no token":                   {googleUsers, "X: y", "X: y", 401},
		"another host":               {googleUsers, token, "X-Forwarded-Host: www.googleapis.com", 404},
		"own host":                   {googleUsers, token, "X-Forwarded-Host: admin.googleapis.com", 200},
		"neither customer nor":       {googleDirectory + "/users", token, "X: y", 400},
		"another customer":           {googleDirectory + "/users?customer=C0", token, "X: y", 404},
		"501 a page":                 {googleDirectory + "/users?customer=my_customer&maxResults=501", token, "X: y", 400},
		"unknown parameter":          {googleUsers + "&page=2", token, "X: y", 400},
		"custom without a mask":      {googleDirectory + "/users?customer=my_customer&projection=custom", token, "X: y", 400},
		"next page":                  {googleUsers + "&pageToken=" + more, token, "X: y", 200},
		"next page of another list":  {googleUsers + "&showDeleted=true&pageToken=" + more, token, "X: y", 400},
		"page token of our own":      {googleUsers + "&pageToken=2", token, "X: y", 400},
		"scope for people only":      {googleDirectory + "/customer/my_customer/schemas", googleToken(t, s, map[string]any{"scope": googleScope + "user.readonly"}), "X: y", 403},
		"acting as nobody":           {googleUsers, googleToken(t, s, map[string]any{"sub": ""}), "X: y", 403},
		"somebody by his address":    {googleDirectory + "/users/person.5102@corp.example", token, "X: y", 200},
		"nobody":                     {googleDirectory + "/users/1", token, "X: y", 404},
		"org units":                  {googleDirectory + "/customer/my_customer/orgunits?type=all", token, "X: y", 200},
		"domains":                    {googleDirectory + "/customer/C03az79cb/domains", token, "X: y", 200},
		"query that is not a clause": {googleUsers + "&query=ada", token, "X: y", 400},
		"query":                      {googleUsers + "&query=isSuspended%3Dtrue", token, "X: y", 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", c.header, c.more); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
	if got := ask(t, s, "GET", googleDirectory+"/users?customer=my_customer", "", token); strings.Contains(string(got.body), "customSchemas") {
		t.Error("custom fields come without projection=full")
	}
	if got := at(t, ask(t, s, "GET", googleUsers+"&showDeleted=true", "", token).json(t), "users").([]any); len(got) != 1 {
		t.Errorf("%d deleted people", len(got))
	}
}

func TestGoogleWorkspaceChecksTheAssertion(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{})
	good := googleAssertion(t, s, nil)
	for name, c := range map[string]struct {
		assertion string
		status    int
		code      string
	}{
		"good":                   {good, 200, ""},
		"another signature":      {good[:strings.LastIndex(good, ".")] + ".AAAA", 400, "invalid_grant"},
		"another audience":       {googleAssertion(t, s, map[string]any{"aud": "https://accounts.google.com"}), 400, "invalid_grant"},
		"two hours":              {googleAssertion(t, s, map[string]any{"exp": 8200}), 400, "invalid_grant"},
		"unknown administrator":  {googleAssertion(t, s, map[string]any{"sub": "x@corp.example"}), 400, "invalid_grant"},
		"scope nobody delegated": {googleAssertion(t, s, map[string]any{"scope": googleScope + "device.chromeos"}), 401, "unauthorized_client"},
	} {
		t.Run(name, func(t *testing.T) {
			got := googleAssert(t, s, c.assertion)
			if code, _ := at(t, got.json(t), "error").(string); got.status != c.status || code != c.code {
				t.Errorf("%d %s, want %d %s", got.status, got.body, c.status, c.code)
			}
		})
	}
}

func TestGoogleWorkspaceGivesTokensToAnApp(t *testing.T) {
	s := start(t, "googleworkspace", emulate.Setup{Way: "oauth"})
	digest := sha256.Sum256([]byte("a-verifier-of-some-length"))
	q := url.Values{"client_id": {s.Options["clientId"]}, "redirect_uri": {"http://127.0.0.1:4711/"}, "response_type": {"code"}, "scope": {googleScopes}, "state": {"abc"},
		"access_type": {"offline"}, "prompt": {"consent"}, "code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(digest[:])}}
	to, err := url.Parse(ask(t, s, "GET", "/o/oauth2/v2/auth?"+q.Encode(), "").header.Get("Location"))
	if err != nil || to.Host != "127.0.0.1:4711" || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %v, %v", to, err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {"http://127.0.0.1:4711/"},
		"client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "code_verifier": {"another"}}
	if got := ask(t, s, "POST", "/token", form.Encode(), sendForm); got.status != 400 {
		t.Errorf("another verifier is answered %d", got.status)
	}
	form.Set("code_verifier", "a-verifier-of-some-length")
	token := ask(t, s, "POST", "/token", form.Encode(), sendForm).json(t)
	form = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {at(t, token, "refresh_token").(string)}, "client_id": form["client_id"], "client_secret": form["client_secret"]}
	fresh := ask(t, s, "POST", "/token", form.Encode(), sendForm).json(t)
	if got := ask(t, s, "GET", googleUsers, "", "Authorization: Bearer "+at(t, fresh, "access_token").(string)); got.status != 200 || at(t, fresh, "expires_in") != 3599.0 {
		t.Errorf("the fresh token is answered %d", got.status)
	}
}
