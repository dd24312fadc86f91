package gusto

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

const scopes = "public companies:read employees:read departments:read jobs:read employments:read"

// registered tells whether the portal has that address. It has every address of this machine, so that tests can run
// beside each other; the path has to be the registered one.
func registered(back *url.URL) bool {
	host := back.Hostname()
	return back.Scheme == "http" && (host == "localhost" || host == "127.0.0.1") && back.Path == "/callback"
}

// consent is the page on which a person allows an app; this one always says yes.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	method := q.Get("code_challenge_method")
	if err != nil || !registered(back) || q.Get("response_type") != "code" || q.Get("client_id") != clientID || method != "" && method != "S256" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	code := e.Tokens.Code(back.String())
	e.mu.Lock()
	e.challenges[code] = q.Get("code_challenge")
	e.mu.Unlock()
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// token gives a token for a code or for a refresh token. A secret in the address is a bad request.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	if len(r.URL.Query()) > 0 {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	asked := body(r)
	if asked.Get("client_id") != clientID || asked.Get("client_secret") != clientSecret {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	if !e.granted(asked) {
		refuseGrant(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "Bearer", "expires_in": 7200,
		"refresh_token": e.Tokens.Refresh(), "scope": "public", "created_at": time.Now().Unix()})
}

// body reads what was sent as JSON; the vendor's description knows no form.
func body(r *http.Request) url.Values {
	values := url.Values{}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return values
	}
	var object map[string]string
	if json.NewDecoder(r.Body).Decode(&object) == nil {
		for name, value := range object {
			values.Set(name, value)
		}
	}
	return values
}

func (e *emulator) granted(asked url.Values) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch asked.Get("grant_type") {
	case "authorization_code":
		code, back := asked.Get("code"), asked.Get("redirect_uri")
		return back != "" && e.Tokens.Redeem(code, back) && fitsChallenge(e.challenges[code], asked.Get("code_verifier"))
	case "refresh_token":
		token := asked.Get("refresh_token")
		good := e.Tokens.Refreshes(token) && !e.used[token]
		e.used[token] = true
		return good
	}
	return false
}

func fitsChallenge(challenge, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return challenge == "" || challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

func (e *emulator) tokenInfo(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"scope": scopes, "resource": wire.Object{"type": "Company", "uuid": companyID},
		"resource_owner": wire.Object{"type": "CompanyAdmin", "uuid": id(9001)}})
}
