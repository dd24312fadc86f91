package entraid

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
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
		e.challenges[code] = consent{q.Get("code_challenge"), e.permissions(q.Get("scope"))}
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
			"expires_in": lifetime, "ext_expires_in": lifetime, "access_token": e.grant(e.Tokens.Issue(purpose), e.permissions(defaultScope))})
	}
}

func (e *emulator) tokenOfPerson(w http.ResponseWriter, r *http.Request, grant string) {
	switch {
	case r.PostFormValue("client_secret") != "":
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "AADSTS700025: The client is public, so a secret should not be presented.")
	case grant == deviceGrant:
		e.tokenOfDevice(w, r)
	case grant == "refresh_token":
		token := r.PostFormValue("refresh_token")
		e.giveIf(w, e.Tokens.Refreshes(token), e.grants[token])
	case grant == "authorization_code":
		permissions, ok := e.redeemed(r)
		e.giveIf(w, ok, permissions)
	default:
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: This grant is not supported.")
	}
}

// giveIf gives a person's tokens, or refuses them.
func (e *emulator) giveIf(w http.ResponseWriter, ok bool, permissions map[string]bool) {
	if !ok {
		refuseToken(w, http.StatusBadRequest, "invalid_grant", "AADSTS70008: The code or refresh token is not valid.")
		return
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(permissions)) {
		names = append(names, graphURL+"/"+name)
	}
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"token_type": "Bearer",
		"scope": strings.Join(names, " "), "expires_in": lifetime, "ext_expires_in": lifetime,
		"access_token": e.grant(e.Tokens.Issue(purpose), permissions), "refresh_token": e.grant(e.Tokens.Refresh(), permissions)})
}

// consent is what a person agreed to, for whoever knows what lies behind the challenge.
type consent struct {
	challenge   string
	permissions map[string]bool
}

// permissions are those that a scope asks for and that there are for these credentials; nil: everything.
func (e *emulator) permissions(scope string) map[string]bool {
	asked, allowed := map[string]bool{}, e.Permissions
	for name := range strings.FieldsSeq(scope) {
		asked[strings.TrimPrefix(name, graphURL+"/")] = true
	}
	switch {
	case asked[".default"] && allowed == nil:
		return nil
	case asked[".default"]:
		asked = map[string]bool{}
		for _, name := range allowed {
			asked[name] = true
		}
	case allowed != nil:
		maps.DeleteFunc(asked, func(name string, _ bool) bool { return !slices.Contains(allowed, name) })
	}
	return asked
}

// grant notes what a token may do.
func (e *emulator) grant(token string, permissions map[string]bool) string {
	e.grants[token] = permissions
	return token
}

func (e *emulator) redeemed(r *http.Request) (permissions map[string]bool, ok bool) {
	code := r.PostFormValue("code")
	said := e.challenges[code]
	delete(e.challenges, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	redirect := r.PostFormValue("redirect_uri")
	return said.permissions, redirect != "" && e.Tokens.Redeem(code, redirect) && said.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

// refuseToken answers as the token endpoint does, which tells the reason by its AADSTS number.
func refuseToken(w http.ResponseWriter, status int, code, description string) {
	number, _, _ := strings.Cut(strings.TrimPrefix(description, "AADSTS"), ":")
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{
		"error": code, "error_description": description + " Trace ID: made-up-trace-0001", "error_codes": []json.Number{json.Number(number)},
		"timestamp": "2026-11-22 09:00:00Z", "trace_id": "made-up-trace-0001", "correlation_id": "made-up-correlation-0001",
	})
}
