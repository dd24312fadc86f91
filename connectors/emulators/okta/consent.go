package okta

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// OAuth is the way of a person signing in through the browser, by a native application.
const OAuth = "oauth"

const (
	nativeID = "0oan4t1v3AppMadeUp00"
	redirect = "http://127.0.0.1:8765/callback"
)

// asked is what a consent was given for, and what its redeemer has to know.
type asked struct {
	challenge string
	scopes    []string
}

// consent is the page on which a person signs in; this one always says yes, and grants every scope that the application may
// have. The sheet does not say whether any port may be used; tests choose one that is free.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	scopes := strings.Fields(q.Get("scope"))
	switch {
	case e.Way != OAuth || q.Get("client_id") != nativeID || err != nil || back.Scheme != "http" || back.Hostname() != "127.0.0.1" || back.Path != "/callback":
		refuseToken(w, http.StatusBadRequest, "invalid_request", "The client or its redirect_uri is not known.")
	case q.Get("response_type") != "code" || q.Get("state") == "" || q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		refuseToken(w, http.StatusBadRequest, "invalid_request", "response_type, state or the code challenge is wrong.")
	case !slices.Contains(scopes, "openid") || slices.ContainsFunc(scopes, func(s string) bool { return !mayAsk(s) }):
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "One or more scopes are not configured for the application.")
	default:
		code := e.Tokens.Code(q.Get("redirect_uri"))
		e.mu.Lock()
		e.asked[code] = asked{q.Get("code_challenge"), scopes}
		e.mu.Unlock()
		back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	}
}

func mayAsk(scope string) bool {
	return scope == "openid" || scope == "offline_access" || slices.Contains(granted, scope)
}

// tokenOfPerson redeems a code or a refresh token; who did not ask for offline_access gets none of the latter.
func (e *emulator) tokenOfPerson(w http.ResponseWriter, r *http.Request) {
	given, good := asked{}, false
	switch {
	case r.PostFormValue("client_id") != nativeID || r.PostFormValue("client_secret") != "":
	case r.PostFormValue("grant_type") == "refresh_token":
		good = e.Tokens.Refreshes(r.PostFormValue("refresh_token"))
		e.mu.Lock()
		given.scopes = e.scopes[r.PostFormValue("refresh_token")]
		e.mu.Unlock()
		if asked := strings.Fields(r.PostFormValue("scope")); slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(given.scopes, s) }) {
			refuseToken(w, http.StatusBadRequest, "invalid_scope", "A scope was not granted with the refresh token.")
			return
		}
	case r.PostFormValue("grant_type") == "authorization_code":
		code, back := r.PostFormValue("code"), r.PostFormValue("redirect_uri")
		e.mu.Lock()
		given = e.asked[code]
		delete(e.asked, code)
		e.mu.Unlock()
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		good = back != "" && e.Tokens.Redeem(code, back) && given.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if !good {
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "The code or refresh token is not valid.")
		return
	}
	body := wire.Object{"token_type": "Bearer", "expires_in": lifetime, "access_token": e.issue(given.scopes), "scope": strings.Join(given.scopes, " ")}
	if slices.Contains(given.scopes, "offline_access") {
		token := e.Tokens.Refresh()
		e.mu.Lock()
		e.scopes[token] = given.scopes
		e.mu.Unlock()
		body["refresh_token"] = token
	}
	answer(w, body)
}
