package okta

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rollcall/connectors/emulators/emulate"
	emulator "rollcall/connectors/emulators/okta"
	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// strict is a token endpoint and a few calls of an org whose application has been granted
// some scopes and, where it wants proofs, takes nothing without them (RFC 9449).
type strict struct {
	granted []string
	nonce   string // that proofs for tokens need; empty: no proofs are wanted
	seen    map[string]bool
	asked   []string // scopes, in the order in which tokens were asked for
	name    string   // by which it knows itself; empty: the org's own
	keys    []string // of proofs for tokens
	saved   core.Secret
	timely  bool // proofs have to be of now
}

func (s *strict) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/oauth2/v1/token" {
		s.token(w, r)
		return
	}
	if s.nonce != "" && (r.Header.Get("Authorization") != "DPoP made-up-token" || s.flaw(r, "made-up-token", "") != "") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch r.URL.Path {
	case "/api/v1/users":
		_, _ = w.Write([]byte("[]"))
	default:
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"errorCode":"E0000006","errorSummary":"You do not have permission to perform the requested action"}`))
	}
}

func (s *strict) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(code string) {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
	}
	if s.nonce != "" {
		flaw := s.flaw(r, "", s.nonce)
		if flaw == "use_dpop_nonce" {
			w.Header().Set("DPoP-Nonce", s.nonce)
		}
		if flaw != "" {
			refuse(flaw)
			return
		}
	}
	s.asked = append(s.asked, r.PostFormValue("scope"))
	for _, scope := range strings.Fields(r.PostFormValue("scope")) {
		if !slices.Contains(s.granted, scope) {
			refuse("invalid_scope")
			return
		}
	}
	_, _ = w.Write([]byte(`{"token_type":"DPoP","expires_in":3600,"access_token":"made-up-token","refresh_token":"made-up-refresh"}`))
}

// flaw says what is wrong with a proof; empty if nothing is.
func (s *strict) flaw(r *http.Request, token, nonce string) string {
	claims := jwt.MapClaims{}
	made, err := jwt.ParseWithClaims(r.Header.Get("DPoP"), claims, func(t *jwt.Token) (any, error) { return publicOf(t.Header["jwk"]), nil }, jwt.WithValidMethods([]string{"ES256"}))
	id, _ := claims["jti"].(string)
	sum := sha256.Sum256([]byte(token))
	switch {
	case err != nil || made.Header["typ"] != "dpop+jwt" || id == "" || s.seen[id] || claims["iat"] == nil:
		return "invalid_dpop_proof"
	case claims["htm"] != r.Method || claims["htu"] != labelled(s.name, "https://corp.okta.com")+r.URL.Path:
		return "invalid_dpop_proof"
	case s.timely && !isNow(claims["iat"]):
		return "invalid_dpop_proof"
	case token != "" && claims["ath"] != base64.RawURLEncoding.EncodeToString(sum[:]):
		return "invalid_dpop_proof"
	case nonce != "" && claims["nonce"] != nonce:
		return "use_dpop_nonce"
	}
	s.seen[id] = true
	if token == "" {
		s.keys = append(s.keys, fmt.Sprint(made.Header["jwk"]))
	}
	return ""
}

func isNow(issued any) bool {
	at, _ := issued.(float64)
	return time.Since(time.Unix(int64(at), 0)).Abs() < 5*time.Minute
}

func publicOf(jwk any) *ecdsa.PublicKey {
	members, _ := jwk.(map[string]any)
	number := func(name string) *big.Int {
		text, _ := members[name].(string)
		data, _ := base64.RawURLEncoding.DecodeString(text)
		return new(big.Int).SetBytes(data)
	}
	return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number("x"), Y: number("y")}
}

func application(t *testing.T, s *strict, more core.Answers) *Target {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.seen = map[string]bool{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	if s.name != "" {
		s.name = server.URL
	}
	answers := core.Answers{"domain": "corp.okta.com", "clientId": "0oaMadeUp", "keyId": "k", "privateKey": core.Secret(pemOf(t, key))}
	for id, v := range more {
		answers[id] = v
	}
	if answers, err = vendor.Complete(answers); err != nil {
		t.Fatal(err)
	}
	env := core.Env{Base: server.URL, Save: func(_ string, v core.Secret) error { s.saved = v; return nil }}
	target, err := newTarget(answers, env)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestRequestsAreProvenWhereOktaAsksForIt(t *testing.T) {
	s := &strict{granted: strings.Fields("okta.users.read okta.users.manage okta.schemas.read okta.roles.read"), nonce: "made-up-nonce"}
	target := application(t, s, nil)
	if _, err := target.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.nonce = "another-nonce" // Okta changes it after a day
	if _, err := target.service.Renew(t.Context(), target.rest, "made-up-token"); err != nil {
		t.Error(err)
	}
	if _, err := target.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServerAtAnotherAddressIsCalledAsItCallsItself(t *testing.T) {
	s := &strict{granted: strings.Fields("okta.users.read okta.users.manage okta.schemas.read okta.roles.read"), nonce: "made-up-nonce", name: "its own"}
	if _, err := application(t, s, nil).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestClockThatIsWrongIsMadeUpFor(t *testing.T) {
	s := &strict{granted: strings.Fields("okta.users.read okta.users.manage okta.schemas.read okta.roles.read"), nonce: "made-up-nonce", timely: true}
	for _, wrong := range []time.Duration{-time.Hour, 2 * time.Hour} {
		target := timed{application(t, s, nil), conform.NewClock(time.Now().Add(wrong))}
		if _, err := target.Check(target.in(t.Context())); err != nil {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestRefreshTokenIsKeptWithTheKeyThatItIsBoundTo(t *testing.T) {
	s := &strict{granted: strings.Fields("openid offline_access okta.users.read okta.users.manage okta.schemas.read"), nonce: "made-up-nonce"}
	browser := core.Answers{"auth": "oauth", rest.RefreshOption: "from-before"}
	if _, err := application(t, s, browser).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	browser[rest.RefreshOption] = s.saved
	if _, err := application(t, s, browser).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.keys) != 2 || s.keys[0] != s.keys[1] {
		t.Errorf("proofs by %q", s.keys)
	}
}

func TestScopesThatWereNotGrantedAreToldAndBreakNothingElse(t *testing.T) {
	s := &strict{granted: strings.Fields("okta.users.read okta.groups.manage")}
	target := application(t, s, nil)
	h, err := target.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rights := map[string]bool{}
	for _, r := range h.Rights {
		rights[r.ID] = r.Granted
		if r.Unsure && r.ID != adminRole {
			t.Errorf("%s is not sure", r.ID)
		}
	}
	if !rights["okta.users.read"] || rights["okta.users.manage"] || rights["okta.schemas.read"] || len(h.Notes) == 0 {
		t.Errorf("%v, %v", rights, h.Notes)
	}
	if last := s.asked[len(s.asked)-1]; last != "okta.users.read" {
		t.Errorf("the last token was asked for %s", last)
	}
	_, err = target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: "00uMadeUp00000000001"})
	if !core.HasCode(err, core.MissingScope) || !strings.Contains(err.Error(), "okta.users.manage") {
		t.Error(err)
	}
	none := application(t, &strict{granted: []string{"okta.schemas.read"}}, nil)
	if _, err := none.Check(t.Context()); !core.HasCode(err, core.MissingScope) {
		t.Errorf("without users: %v", err)
	}
}

func TestWritingIsAskedForByTargetsAlone(t *testing.T) {
	page := func(more core.Answers) string {
		answers := core.Answers{"domain": "corp.okta.com", "auth": "oauth", "clientId": "0oaMadeUp"}
		for id, v := range more {
			answers[id] = v
		}
		target, err := newTarget(answers, core.Env{})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(target.browserScopes(), " ")
	}
	if got := page(nil); got != "okta.users.read okta.users.manage okta.schemas.read" {
		t.Error(got)
	}
	if got := page(core.Answers{"groups": "Staff"}); !strings.HasSuffix(got, " okta.groups.read okta.groups.manage") {
		t.Error(got)
	}
	for _, way := range vendor.Auth {
		if way.Consent != nil && strings.Contains(way.Consent.Query["scope"], "manage") {
			t.Error("a source asks for", way.Consent.Query["scope"])
		}
	}
}

func TestWhatWasAllowedForReadingIsAskedForAnewToWrite(t *testing.T) {
	s := begin(t, emulate.Setup{Way: emulator.OAuth})
	saved, asked := core.Secret(""), []string{}
	env := core.Env{Base: s.URL, Save: func(_ string, v core.Secret) error { saved = v; return nil }}
	env.Ask.OpenURL = func(page string) error {
		u, err := url.Parse(page)
		if err != nil {
			return err
		}
		asked = append(asked, u.Query().Get("scope"))
		answer, err := http.Get(page) //nolint:gosec,noctx // the emulator's consent page
		if err == nil {
			err = answer.Body.Close()
		}
		return err
	}
	answers := core.Answers{"redirectUri": core.Secret(fmt.Sprintf("http://127.0.0.1:%d/callback", servers.FreePort(t)))}
	for id, v := range s.Options {
		if id != "redirectUri" {
			answers[id] = core.Secret(v)
		}
	}
	answers, err := vendor.Complete(answers)
	if err != nil {
		t.Fatal(err)
	}
	source, err := NewSource(answers, env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		answers[rest.RefreshOption] = saved
		target, err := newTarget(answers, env)
		if err != nil {
			t.Fatal(err)
		}
		n := len(asked)
		if _, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: somebody(n), Active: true}); err != nil {
			t.Error(err)
		}
	}
	if len(asked) != 2 || strings.Contains(asked[0], "manage") || !strings.Contains(asked[1], "okta.users.manage") {
		t.Errorf("asked for %q", asked)
	}
}
