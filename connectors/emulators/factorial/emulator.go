// Package factorial is Factorial's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package factorial

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiKey       = "made-up.factorial.key"
	clientID     = "made-up-factorial-client"
	clientSecret = "made-up-factorial-secret"
	apiHost      = "api.factorialhr.com"
	demoHost     = "api.demo.factorial.dev"
	purpose      = "api"
	root         = "/api/2026-07-01/resources"
	lifetime     = 3600
	companyID    = "31"
)

// OAuth is the way of signing in with a registered application; the usual way is a key.
const OAuth = "oauth"

type emulator struct {
	*wire.World
	routes *http.ServeMux

	mu         sync.Mutex
	spent      map[string]bool   // refresh tokens that were used
	challenges map[string]string // code -> challenge
}

// New makes the emulator of one customer's Factorial.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), spent: map[string]bool{}, challenges: map[string]string{}}
	if world.Way != OAuth {
		world.Tokens.Admit(apiKey, purpose)
	}
	e.routes.HandleFunc("GET /oauth/authorize", e.consent)
	e.routes.HandleFunc("POST /oauth/token", e.token)
	e.routes.HandleFunc("POST /oauth/revoke", e.revoke)
	e.routes.Handle("GET "+root+"/employees/employees", e.signedIn(e.employees))
	for path, rows := range map[string]func() []wire.Object{
		"/api_public/credentials": e.credentials, "/contracts/contract_versions": e.contracts, "/teams/teams": e.teams,
		"/teams/memberships": e.memberships, "/locations/locations": e.locations, "/companies/legal_entities": e.legalEntities,
		"/finance/cost_centers": e.costCenters, "/finance/cost_center_memberships": e.costCenterMemberships,
		"/custom_fields/fields": fields, "/custom_fields/values": e.values, "/custom_fields/options": options,
		"/job_catalog/roles": e.roles, "/job_catalog/levels": none, "/job_catalog/tree_nodes": e.nodes, "/timeoff/leaves": e.leaves,
	} {
		e.routes.Handle("GET "+root+path, e.signedIn(e.list(sync.OnceValue(rows))))
	}
	e.routes.Handle("/", e.signedIn(func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) }))
	return e
}

// Options are the key, or the application.
func (e *emulator) Options() map[string]string {
	if e.Way == OAuth {
		return map[string]string{"auth": OAuth, "clientId": clientID, "clientSecret": clientSecret}
	}
	return map[string]string{"auth": "key", "apiKey": apiKey}
}

// ServeHTTP answers for Factorial's own host names only; the demo knows none of the keys of the other host.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); host {
	case "", apiHost:
		e.routes.ServeHTTP(w, r)
	case demoHost:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		e.Refuse(w, r, http.StatusNotFound)
	}
}

// GivesTokens is true for the consent page and the token calls.
func (e *emulator) GivesTokens(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/oauth/") }

// Truth is the canonical record by the fact sheet's Fields and Employment status, with leaves read.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

// signedIn lets a call pass that carries the key in a header of its own, or the application's token.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential := r.Header.Get("x-api-key")
		if e.Way == OAuth {
			credential = wire.Bearer(r)
		}
		switch {
		case !e.Tokens.Valid(credential, purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case !wire.WantsJSON(r):
			wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"message": "Accept must be application/json."})
		default:
			answer(w, r)
		}
	})
}

// consent is the page on which a person allows an app; this one always says yes.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	to, err := url.Parse(q.Get("redirect_uri"))
	if e.Way != OAuth || q.Get("client_id") != clientID || q.Get("response_type") != "code" || err != nil || to.Host == "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	code := e.Tokens.Code(q.Get("redirect_uri"))
	e.mu.Lock()
	e.challenges[code] = q.Get("code_challenge")
	e.mu.Unlock()
	back := to.Query()
	back.Set("code", code)
	if q.Has("state") {
		back.Set("state", q.Get("state"))
	}
	to.RawQuery = back.Encode()
	http.Redirect(w, r, to.String(), http.StatusFound)
}

// token redeems a code, or a refresh token, which is good for one time only.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	if e.Way != OAuth || r.PostFormValue("client_id") != clientID || r.PostFormValue("client_secret") != clientSecret {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	granted := false
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		granted = e.Tokens.Redeem(r.PostFormValue("code"), r.PostFormValue("redirect_uri")) && e.verified(r)
	case "refresh_token":
		granted = e.unspent(r.PostFormValue("refresh_token"))
	}
	if !granted {
		wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"error": "invalid_grant", "error_description": "The grant is not valid."})
		return
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "Bearer", "expires_in": lifetime,
		"refresh_token": e.Tokens.Refresh(), "scope": "read", "created_at": time.Now().Unix()})
}

// verified checks the proof of a client that sent a challenge with its question for consent.
func (e *emulator) verified(r *http.Request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	challenge := e.challenges[r.PostFormValue("code")]
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	return challenge == "" || challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

func (e *emulator) unspent(token string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	fresh := e.Tokens.Refreshes(token) && !e.spent[token]
	e.spent[token] = true
	return fresh
}

func (e *emulator) revoke(w http.ResponseWriter, r *http.Request) {
	e.Tokens.Revoke(r.PostFormValue("token"))
	answer(w, wire.Object{})
}

// Refuse answers with a message, a list of errors, or both, as each status has it.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	body, ok := map[int]wire.Object{
		400: {"message": "A parameter is not valid."},
		401: {"errors": []any{"The credential is not valid."}},
		403: {"errors": []any{"Not allowed."}},
		404: {"errors": []any{"Not found."}},
		422: {"message": "A parameter is not valid.", "errors": wire.Object{}},
		429: {"message": "Rate limit exceeded."},
	}[status]
	if !ok {
		body = wire.Object{"message": "Something went wrong."}
	}
	wire.JSON(w, status, "application/json", body)
}

func refuse(w http.ResponseWriter, name, why string) {
	wire.JSON(w, http.StatusUnprocessableEntity, "application/json",
		wire.Object{"message": "A parameter is not valid.", "errors": wire.Object{name: []any{why}}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }
