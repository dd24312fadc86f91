// Package personio is Personio's side of its APIs v1 and v2, written from the fact sheet and from nothing else, so that a
// connector that reads them has been checked against a second statement of the same API.
package personio

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "papi-1b7e0c52-made-up"
	clientSecret = "papi-9f02d4e8-made-up"
	v1, v2       = "v1", "v2"
	vendorHost   = "https://api.personio.de"
	lifetime     = 86400
)

// V2 is the way of reading through the newer API; the usual way is v1. The emulator answers both, whatever the way: the
// way decides about its options and its truth.
const V2 = "v2"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Personio.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST /v1/auth", e.tokenV1)
	e.routes.HandleFunc("POST /v2/auth/token", e.tokenV2)
	e.routes.HandleFunc("POST /v2/auth/revoke", e.revoke)
	calls := map[string]http.HandlerFunc{
		"GET /v1/company/employees":                              e.employees,
		"GET /v1/company/employees/attributes":                   e.attributes,
		"GET /v1/company/employees/custom-attributes":            e.attributes,
		"GET /v1/company/employees/{id}":                         e.employee,
		"GET /v1/company/employees/{id}/profile-picture":         e.picture,
		"GET /v1/company/employees/{id}/profile-picture/{width}": e.picture,
		"GET /v2/persons":                                        e.persons,
		"GET /v2/persons/{id}/employments":                       e.employments,
		"GET /v2/legal-entities":                                 e.legalEntities,
		"GET /v2/org-units":                                      e.beta(e.orgUnits),
		"GET /v2/org-units/{id}":                                 e.orgUnit,
		"GET /v2/cost-centers":                                   e.beta(e.costCentres),
		"GET /v2/workplaces":                                     e.beta(e.workplaces),
		"/":                                                      func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the credential and the API to read through.
func (e *emulator) Options() map[string]string {
	api := v1
	if e.Way == V2 {
		api = v2
	}
	return map[string]string{"clientId": clientID, "clientSecret": clientSecret, "api": api}
}

// ServeHTTP answers for Personio's own host names only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := wire.Host(r); host != "" && !slices.Contains([]string{"api.personio.de", "api.personio.com"}, host) {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token calls of both APIs.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return r.URL.Path == "/v1/auth" || strings.HasPrefix(r.URL.Path, "/v2/auth/")
}

// Truth is the canonical record by the fact sheet, as far as the chosen API tells it.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	switch {
	case p.Removed:
		return nil
	case e.Way == V2:
		return truthV2(p, day)
	}
	return truthV1(p, day)
}

// version is the API that a path belongs to; a token of one is no token of the other.
func version(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/v2/") {
		return v2
	}
	return v1
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), version(r)) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		addHeaders(w, version(r))
		answer(w, r)
	})
}

// addHeaders adds what comes beside the answers: v2 tells its limits, and v1 may still bring a token of the kind that it
// stopped exchanging in 2023, which is good for nothing.
func addHeaders(w http.ResponseWriter, version string) {
	if version == v1 {
		w.Header().Set("Authorization", "Bearer made-up-token-of-2023")
		return
	}
	for name, value := range map[string]string{"replenish-rate": "5", "burst-capacity": "300", "requested-tokens": "1", "remaining": "299"} {
		w.Header().Set("x-ratelimit-"+name, value)
	}
}

func (e *emulator) tokenV1(w http.ResponseWriter, r *http.Request) {
	id, secret := credential(r)
	if id != clientID || secret != clientSecret {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	answer(w, wire.Object{"success": true, "data": wire.Object{
		"token": e.Tokens.Issue(v1), "expires_in": lifetime, "scope": "employees:read",
	}})
}

// credential reads the id and the secret of a JSON or a form body.
func credential(r *http.Request) (id, secret string) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	var body struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return "", ""
	}
	return body.ID, body.Secret
}

func (e *emulator) tokenV2(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != clientID || r.PostFormValue("client_secret") != clientSecret {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	scope := r.PostFormValue("scope")
	if scope == "" {
		scope = "personio:persons:read personio:org-units:read personio:cost-centers:read personio:legal-entities:read"
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(v2), "expires_in": lifetime, "token_type": "Bearer", "scope": scope})
}

func (e *emulator) revoke(w http.ResponseWriter, r *http.Request) {
	e.Tokens.Revoke(r.PostFormValue("token"))
	w.WriteHeader(http.StatusOK)
}

var refusals = map[int]struct {
	code                      int
	message, title, kind, why string
}{
	200: {1, "The request could not be processed", "", "", ""},
	400: {400, "The request is not valid", "Bad Request", "common.bad_request", "The request is not valid"},
	401: {0, "The supplied client credentials are not valid", "Unauthorized", "common.unauthorized", "The access token is not valid"},
	403: {403, "The token may not read this resource", "Forbidden", "common.missing_scope", "The access token lacks a scope this call needs"},
	404: {404, "No such employee", "Not Found", "common.not_found", "There is nothing here"},
	422: {422, "A parameter is not valid", "Unprocessable Entity", "common.invalid_parameter", "A parameter is not valid"},
	429: {429, "Too many requests", "Too Many Requests", "common.rate_limit", "The limit of this endpoint was reached"},
	500: {500, "Something went wrong", "Internal Server Error", "common.internal", "Something went wrong"},
	503: {503, "The service is not available", "Service Unavailable", "common.unavailable", "The service is not available"},
}

const moment = "2026-11-22T09:00:00.000Z"

// Refuse answers v1 with success false, v2 with a list of errors, and v2's token call as OAuth does. A refused credential
// is 401 to v1 and 400 to the token call of v2. With the status 200 only v1 has a way of refusing.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	said := refusals[status]
	switch {
	case version(r) == v1:
		wire.JSON(w, status, "application/json", wire.Object{"success": false, "error": wire.Object{"code": said.code, "message": said.message}})
	case e.GivesTokens(r) && (status == http.StatusUnauthorized || status == http.StatusBadRequest):
		wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{
			"error": "invalid_client", "error_description": "The client id or secret is not known",
			"error_uri": "https://developer.personio.de", "timestamp": moment, "trace_id": "made-up-trace-0002",
		})
	default:
		wire.JSON(w, status, "application/json", wire.Object{"personio_trace_id": "made-up-trace-0001", "timestamp": moment, "errors": []any{
			wire.Object{"title": said.title, "detail": said.why, "type": said.kind, "_meta": wire.Object{}},
		}})
	}
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

func (e *emulator) find(id string) (seed.Employee, bool) {
	p, ok := e.Find(id)
	return p, ok && !p.Removed
}

// whole reads a number among the query parameters; one that is not in the range makes ok false.
func whole(text string, missing, least, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}
