package nmbrs

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

var scopes = []string{"offline_access", "company.info.read", "employee.info.read", "employee.employment.read", "employee.orgstructure.read"}

// consent is the page on which a person allows an app; this one always says yes, unless a scope is not to be had: openid
// breaks the grant. Programs on this machine may be sent back to any port of it.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || !slices.Contains([]string{"localhost", "127.0.0.1"}, back.Hostname()) || q.Get("client_id") != clientID || q.Get("response_type") != "code" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	said := url.Values{"state": {q.Get("state")}}
	if method := q.Get("code_challenge_method"); !allowed(q.Get("scope")) || q.Has("code_challenge") && method != "S256" {
		said.Set("error", "invalid_scope")
	} else {
		said.Set("code", e.code(back.String(), q.Get("code_challenge")))
	}
	back.RawQuery = said.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func allowed(scope string) bool {
	asked := strings.Fields(scope)
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(scopes, s) })
}

func (e *emulator) code(redirect, challenge string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	code := e.Tokens.Code(redirect)
	e.asked[code] = consented{redirect, challenge}
	return code
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case id != clientID || secret != clientSecret:
		refuseToken(w, http.StatusBadRequest, "invalid_client")
		return
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		refuseToken(w, http.StatusBadRequest, "invalid_request")
		return
	case !e.granted(r):
		refuseToken(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "expires_in": 3600, "token_type": "Bearer",
		"refresh_token": e.Tokens.Refresh(), "scope": strings.Join(scopes, " ")})
}

func refuseToken(w http.ResponseWriter, status int, why string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": why})
}

// granted uses up a code or a refresh token: each is good for one call.
func (e *emulator) granted(r *http.Request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		code := r.PostFormValue("code")
		was := e.asked[code]
		return e.Tokens.Redeem(code, "") && was.redirect == r.PostFormValue("redirect_uri") &&
			(was.challenge == "" || was.challenge == challenge(r.PostFormValue("code_verifier")))
	case "refresh_token":
		token := r.PostFormValue("refresh_token")
		fresh := e.Tokens.Refreshes(token) && !e.used[token]
		e.used[token] = true
		return fresh
	}
	return false
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (e *emulator) revoke(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	token := r.PostFormValue("token")
	e.Tokens.Revoke(token)
	e.used[token] = true
	w.WriteHeader(http.StatusOK)
}

func discovery(w http.ResponseWriter, _ *http.Request) {
	at := "https://" + signInHost + "/connect/"
	answer(w, wire.Object{"issuer": "https://" + signInHost, "authorization_endpoint": at + "authorize",
		"token_endpoint": at + "token", "revocation_endpoint": at + "revocation"})
}
