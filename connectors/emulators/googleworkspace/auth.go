package googleworkspace

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/emulators/wire"
)

const (
	purpose      = "directory"
	keyID        = "6f1d0c2e9b7a4853a1d2c3b4e5f60718293a4b5c"
	accountEmail = "rollcall@made-up-project.iam.gserviceaccount.com"
	tokenURL     = "https://oauth2.googleapis.com/token"
	lifetime     = 3599
	longest      = 3600 // seconds that an assertion may be good for
	jwtBearer    = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

var tokenRefusals = map[int][2]string{
	400: {"invalid_grant", "Invalid grant: account not found"},
	401: {"unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested."},
	403: {"access_denied", "The account may not be used."},
	404: {"not_found", "There is nothing here."},
	429: {"rate_limit_exceeded", "Too many requests."},
	500: {"internal_failure", "Something went wrong."},
	503: {"internal_failure", "The service is not available."},
}

func refuseToken(w http.ResponseWriter, status int, code, why string) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"error": code, "error_description": why})
}

// serviceAccount is the key as its owner downloaded it, and the half that Google keeps.
type serviceAccount struct {
	file   string
	public *rsa.PublicKey
}

// account makes the key once for all emulators, as that takes its time; it is new each time the program runs.
var account = sync.OnceValue(func() serviceAccount {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic("no key can be made: " + err.Error())
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic("the key cannot be written: " + err.Error())
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "made-up-project", "private_key_id": keyID,
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": accountEmail, "client_id": "100000000000000000001", "auth_uri": "https://accounts.google.com/o/oauth2/auth",
		"token_uri": tokenURL, "universe_domain": "googleapis.com",
	})
	if err != nil {
		panic("the key cannot be written: " + err.Error())
	}
	return serviceAccount{string(file), &key.PublicKey}
})

// claims are what an assertion says; numbers are seconds.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Scope    string `json:"scope"`
	Audience string `json:"aud"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// verify reads a signed assertion. Its times are compared with each other only: the day of a test is not today.
func verify(assertion string) (claims, bool) {
	var header struct{ Alg, Kid string }
	var said claims
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 || !decode(parts[0], &header) || !decode(parts[1], &said) {
		return claims{}, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || header.Alg != "RS256" || header.Kid != keyID {
		return claims{}, false
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	err = rsa.VerifyPKCS1v15(account().public, crypto.SHA256, digest[:], signature)
	fits := said.Issuer == accountEmail && said.Audience == tokenURL && said.Expires > said.Issued && said.Expires-said.Issued <= longest
	return said, err == nil && fits
}

func decode(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	switch r.PostFormValue("grant_type") {
	case jwtBearer:
		e.assert(w, r)
	case "authorization_code":
		e.redeem(w, r)
	case "refresh_token":
		e.refresh(w, r)
	default:
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "Invalid grant_type.")
	}
}

// assert gives a token to the service account, for the scopes that were delegated to it.
func (e *emulator) assert(w http.ResponseWriter, r *http.Request) {
	said, ok := verify(r.PostFormValue("assertion"))
	scopes := strings.Fields(said.Scope)
	may := delegated
	if e.ReadOnly {
		may = reading
	}
	undelegated := slices.ContainsFunc(scopes, func(s string) bool { return !slices.Contains(may, s) })
	switch {
	case !ok || said.Subject != "" && said.Subject != adminEmail:
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "Invalid JWT: the signature, a claim or the account is wrong.")
	case len(scopes) == 0:
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
	case undelegated:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		answer(w, e.issue(grant{scopes: said.Scope, powerless: said.Subject == ""}))
	}
}

func (e *emulator) issue(g grant) wire.Object {
	token := e.Tokens.Issue(purpose)
	e.remember(token, g)
	return wire.Object{"access_token": token, "expires_in": lifetime, "token_type": "Bearer"}
}

func (e *emulator) remember(token string, g grant) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rights[token] = g
}

func (e *emulator) granted(token string) grant {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rights[token]
}

// anyOf tells whether one of the wanted scopes is among those given.
func anyOf(given string, wanted []string) bool {
	return slices.ContainsFunc(strings.Fields(given), func(s string) bool { return slices.Contains(wanted, s) })
}

// consent is the page on which a person allows the app; this one always says yes.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" || !slices.Contains([]string{"127.0.0.1", "[::1]", "::1", "localhost"}, back.Hostname()) {
		refuseToken(w, http.StatusBadRequest, "redirect_uri_mismatch", "A desktop app comes back to this computer.")
		return
	}
	method := q.Get("code_challenge_method")
	if q.Get("client_id") != clientID || q.Get("response_type") != "code" || q.Get("scope") == "" || method != "" && method != "S256" {
		refuseToken(w, http.StatusBadRequest, "invalid_request", "client_id, response_type, scope or code_challenge_method is wrong.")
		return
	}
	code := e.Tokens.Code(q.Get("redirect_uri"))
	allowed := strings.Fields(q.Get("scope"))
	if e.ReadOnly {
		allowed = slices.DeleteFunc(allowed, func(s string) bool { return !slices.Contains(reading, s) })
	}
	e.mu.Lock()
	e.asked[code] = grant{scopes: strings.Join(allowed, " "), challenge: q.Get("code_challenge"), offline: q.Get("access_type") == "offline"}
	e.mu.Unlock()
	to := back.Query()
	to.Set("code", code)
	to.Set("scope", q.Get("scope"))
	if q.Has("state") {
		to.Set("state", q.Get("state"))
	}
	back.RawQuery = to.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func isApp(r *http.Request) bool {
	return r.PostFormValue("client_id") == clientID && r.PostFormValue("client_secret") == clientSecret
}

// redeem gives tokens for a code, once, to whom can show the verifier of its challenge.
func (e *emulator) redeem(w http.ResponseWriter, r *http.Request) {
	code, redirect := r.PostFormValue("code"), r.PostFormValue("redirect_uri")
	e.mu.Lock()
	g := e.asked[code]
	e.mu.Unlock()
	digest := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case !isApp(r):
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "The OAuth client was not found.")
	case g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(digest[:]):
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "Invalid code verifier.")
	case redirect == "" || !e.Tokens.Redeem(code, redirect):
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "Malformed auth code.")
	default:
		given := e.issue(g)
		given["scope"] = g.scopes
		if g.offline {
			refresh := e.Tokens.Refresh()
			e.remember(refresh, g)
			given["refresh_token"] = refresh
		}
		answer(w, given)
	}
}

// refresh gives a new access token and no new refresh token.
func (e *emulator) refresh(w http.ResponseWriter, r *http.Request) {
	old := r.PostFormValue("refresh_token")
	switch g := e.granted(old); {
	case !isApp(r):
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "The OAuth client was not found.")
	case !e.Tokens.Refreshes(old) || g.scopes == "":
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
	default:
		given := e.issue(g)
		given["scope"] = g.scopes
		answer(w, given)
	}
}

// revoke ends a token of either kind.
func (e *emulator) revoke(w http.ResponseWriter, r *http.Request) {
	token := r.FormValue("token")
	if e.granted(token).scopes == "" {
		refuseToken(w, http.StatusBadRequest, "invalid_token", "Token expired or revoked")
		return
	}
	e.Tokens.Revoke(token)
	e.remember(token, grant{})
	answer(w, wire.Object{})
}
