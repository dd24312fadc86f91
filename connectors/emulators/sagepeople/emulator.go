// Package sagepeople is Sage People's side of its API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package sagepeople

import (
	"net/http"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const (
	loginHost    = "login.salesforce.com"
	instanceHost = "thornbridge.my.salesforce.com"
	clientID     = "3MVG9MadeUp"
	clientSecret = "made-up-sage-secret"
	username     = "api@thornbridge.example"
	password     = "made-up-sage-password"
	purpose      = "api"
	tokenPath    = "/services/oauth2/token"
	base         = "/services/apexrest/spapi/v4"
	queryPath    = "/services/data/v61.0/query"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Sage People. The query call of Salesforce is answered beside the API.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST "+tokenPath, e.token)
	forbidden := func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusForbidden) }
	calls := map[string]http.HandlerFunc{
		"GET " + base + "/employees":       e.employees,
		"GET " + base + "/employees/{id}":  e.employee,
		"GET " + base + "/salaries":        forbidden,
		"GET " + base + "/bonuses":         forbidden,
		"GET " + base + "/absences":        forbidden,
		"GET " + base + "/absenceBalances": forbidden,
		"GET " + base + "/timesheets":      forbidden,
		"GET " + queryPath:                 e.query,
		"GET " + queryPath + "/{cursor}":   e.queryMore,
		"/":                                func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the sign-in address, the connected app and the API user.
func (e *emulator) Options() map[string]string {
	return map[string]string{"loginHost": "https://" + loginHost, "clientId": clientID, "clientSecret": clientSecret,
		"username": username, "password": password}
}

// ServeHTTP gives tokens at the sign-in host and at the customer's own, and data at the latter only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := wire.Host(r)
	if host != "" && host != instanceHost && (host != loginHost || !e.GivesTokens(r)) {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == tokenPath }

// signedIn asks for a session, and of the API itself for the Accept header.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.Tokens.Valid(wire.Bearer(r), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case strings.HasPrefix(r.URL.Path, base) && !wire.WantsJSON(r):
			e.Refuse(w, r, http.StatusNotAcceptable)
		default:
			w.Header().Set("Sforce-Limit-Info", "api-usage=18/15000")
			answer(w, r)
		}
	})
}

// token takes the grants of a password and of the app itself, the latter at the customer's own host only.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.PostFormValue("client_id") != clientID:
		noToken(w, http.StatusBadRequest, "invalid_client_id", "client identifier invalid")
		return
	case r.PostFormValue("client_secret") != clientSecret:
		noToken(w, http.StatusBadRequest, "invalid_client", "invalid client credentials")
		return
	}
	switch grant := r.PostFormValue("grant_type"); {
	case grant == "password" && r.PostFormValue("username") == username && r.PostFormValue("password") == password,
		grant == "client_credentials" && wire.Host(r) != loginHost:
		answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "instance_url": "https://" + instanceHost,
			"id": "https://login.salesforce.com/id/00D7E000000aaaaUAE/0057E000001bbbbQAA", "token_type": "Bearer",
			"issued_at": "1763802000000", "signature": "bWFkZS11cC1zaWduYXR1cmU="})
	case grant == "password" || grant == "client_credentials" || grant == "refresh_token" || grant == "authorization_code":
		noToken(w, http.StatusBadRequest, "invalid_grant", "authentication failure")
	default:
		noToken(w, http.StatusBadRequest, "unsupported_grant_type", "grant type not supported")
	}
}

func noToken(w http.ResponseWriter, status int, code, text string) {
	wire.JSON(w, status, "application/json;charset=UTF-8", wire.Object{"error": code, "error_description": text})
}

// Refuse answers as Salesforce where the platform speaks, and else as Sage. A refused credential is a 400 of the token call.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case e.GivesTokens(r) && status == http.StatusUnauthorized:
		noToken(w, http.StatusBadRequest, "invalid_grant", "authentication failure")
	case e.GivesTokens(r):
		noToken(w, status, "unknown_error", "retry your request")
	case status == http.StatusUnauthorized:
		salesforce(w, status, "INVALID_SESSION_ID", "Session expired or invalid")
	case status == http.StatusTooManyRequests:
		salesforce(w, status, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	case status == http.StatusNotFound:
		salesforce(w, status, "NOT_FOUND", "Could not find a match for URL")
	case status == http.StatusBadRequest:
		sage(w, status, "REQUEST_ERROR", "The query string is not valid", "query", "INVALID_QUERY_STRING", "INVALID_FILTER")
	case status == http.StatusForbidden:
		sage(w, status, "SAGE_PEOPLE_CONFIGURATION", "The user lacks the permission set of this endpoint", "employees", "MISSING_API_PERMISSION", "")
	case status == http.StatusNotAcceptable:
		sage(w, status, "REQUEST_ERROR", "The Accept header is missing or not supported", "Accept", "INVALID_HEADER", "INVALID_ACCEPT_HEADER")
	default:
		sage(w, status, "INTERNAL_API_ERROR", "Unexpected failure", "", "UNKNOWN_EXCEPTION", "")
	}
}

func salesforce(w http.ResponseWriter, status int, code, message string) {
	wire.JSON(w, status, "application/json;charset=UTF-8", []any{wire.Object{"message": message, "errorCode": code}})
}

func sage(w http.ResponseWriter, status int, code, message, target, inner, innermost string) {
	cause := wire.Object{"code": inner}
	if innermost != "" {
		cause["innererror"] = wire.Object{"code": innermost}
	}
	problem := wire.Object{"code": code, "message": message, "innererror": cause}
	if target != "" {
		problem["target"] = target
	}
	wire.JSON(w, status, "application/json", wire.Object{"error": problem})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json;charset=UTF-8", body)
}
