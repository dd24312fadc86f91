package entraid

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const (
	lifetime     = 3599
	defaultScope = graphURL + "/.default"
)

func knownTenant(name string) bool { return name == tenantID || strings.EqualFold(name, tenantDomain) }

// consent is the page on which a person signs in; this one always says yes.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case !knownTenant(r.PathValue("tenant")):
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant not found.")
	case q.Get("client_id") != clientID:
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
	case err != nil || back.Scheme != "http" || back.Hostname() != "localhost": // whatever the port
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS50011: The redirect URI is not registered.")
	case q.Get("response_type") != "code" || q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256" || !graphScopes(q.Get("scope")):
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS900144: response_type, scope or the code challenge is wrong.")
	default:
		code := e.Tokens.Code(q.Get("redirect_uri"))
		e.mu.Lock()
		e.challenges[code] = q.Get("code_challenge")
		e.mu.Unlock()
		back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}, "session_state": {"made-up-session"}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	}
}

// graphScopes tells whether a scope is asked for at all, and none of another resource.
func graphScopes(scope string) bool {
	for name := range strings.FieldsSeq(scope) {
		if strings.Contains(name, "://") && !strings.HasPrefix(name, graphURL+"/") {
			return false
		}
	}
	return strings.TrimSpace(scope) != ""
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	switch grant := r.PostFormValue("grant_type"); {
	case !form:
		e.Refuse(w, r, http.StatusBadRequest)
	case !knownTenant(r.PathValue("tenant")):
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant not found.")
	case r.PostFormValue("client_id") != clientID:
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
	case e.Way == OAuth:
		e.tokenOfPerson(w, r, grant)
	default:
		e.tokenOfApp(w, r, grant)
	}
}

func (e *emulator) tokenOfApp(w http.ResponseWriter, r *http.Request, grant string) {
	switch {
	case grant != "client_credentials":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: This grant is not supported.")
	case e.Way == Certificate && !madeUpIdentity().vouches(r):
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "AADSTS700027: The assertion is not signed by a certificate of the application, or not valid.")
	case e.Way != Certificate && r.PostFormValue("client_secret") != clientSecret:
		e.Refuse(w, r, http.StatusUnauthorized)
	case r.PostFormValue("scope") != defaultScope:
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "AADSTS70011: The scope is not valid.")
	default:
		wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"token_type": "Bearer",
			"expires_in": lifetime, "ext_expires_in": lifetime, "access_token": e.Tokens.Issue(purpose)})
	}
}

func (e *emulator) tokenOfPerson(w http.ResponseWriter, r *http.Request, grant string) {
	switch {
	case r.PostFormValue("client_secret") != "":
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "AADSTS700025: The client is public, so a secret should not be presented.")
	case grant != "authorization_code" && grant != "refresh_token":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: This grant is not supported.")
	case !e.granted(r, grant):
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "AADSTS70008: The code or refresh token is not valid.")
	default:
		wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"token_type": "Bearer",
			"scope": graphURL + "/User.Read.All", "expires_in": lifetime, "ext_expires_in": lifetime,
			"access_token": e.Tokens.Issue(purpose), "refresh_token": e.Tokens.Refresh()})
	}
}

func (e *emulator) granted(r *http.Request, grant string) bool {
	if grant == "refresh_token" {
		return e.Tokens.Refreshes(r.PostFormValue("refresh_token"))
	}
	code := r.PostFormValue("code")
	e.mu.Lock()
	challenge := e.challenges[code]
	delete(e.challenges, code)
	e.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	redirect := r.PostFormValue("redirect_uri")
	return redirect != "" && e.Tokens.Redeem(code, redirect) && challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

// refuseToken answers as the token endpoint does, which tells the reason by its AADSTS number.
func refuseToken(w http.ResponseWriter, status int, code, description string) {
	number, _, _ := strings.Cut(strings.TrimPrefix(description, "AADSTS"), ":")
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{
		"error": code, "error_description": description + " Trace ID: made-up-trace-0001", "error_codes": []json.Number{json.Number(number)},
		"timestamp": "2026-11-22 09:00:00Z", "trace_id": "made-up-trace-0001", "correlation_id": "made-up-correlation-0001",
	})
}
