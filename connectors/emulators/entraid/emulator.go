// Package entraid is the side of Microsoft Entra ID in Microsoft Graph v1.0, as far as people are read from it, written from
// the fact sheet and from nothing else, so that a connector that reads it has been checked against a second statement of the
// same API.
package entraid

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	tenantID     = "11111111-2222-4333-8444-555555555555"
	tenantDomain = "corp.example"
	clientID     = "22222222-3333-4444-8555-666666666666"
	clientSecret = "made-up~entra-secret"
	secretWay    = "secret"
	purpose      = "graph"
	loginHost    = "login.microsoftonline.com"
	graphHost    = "graph.microsoft.com"
	graphURL     = "https://" + graphHost
	appObjectID  = "33333333-4444-4555-8666-777777777777"
)

// OAuth is the way of a person signing in through the browser; the usual way is an application with a secret.
const OAuth = "oauth"

type emulator struct {
	*wire.World
	routes *http.ServeMux

	mu         sync.Mutex
	challenges map[string]string // code -> what its redeemer has to know
}

// New makes the emulator of one customer's tenant.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), challenges: map[string]string{}}
	e.routes.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", e.consent)
	e.routes.HandleFunc("POST /{tenant}/oauth2/v2.0/token", e.token)
	for pattern, answer := range e.calls() {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// calls is the whole of Graph that there is here; what writes comes beside what reads.
func (e *emulator) calls() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /v1.0/organization":                                      e.organization,
		"GET /v1.0/users":                                             e.users,
		"GET /v1.0/users/delta":                                       e.delta,
		"GET /v1.0/users/{id}":                                        e.one(e.user),
		"GET /v1.0/users/{id}/manager":                                e.one(e.manager),
		"GET /v1.0/users/{id}/directReports":                          e.one(e.reports),
		"GET /v1.0/users/{id}/memberOf":                               e.one(e.memberOf),
		"GET /v1.0/groups":                                            e.groups,
		"GET /v1.0/groups/{id}/members":                               e.members,
		"GET /v1.0/directory/deletedItems/microsoft.graph.user":       e.deleted,
		"GET /v1.0/applications/{id}/extensionProperties":             e.extensionsOfApp,
		"POST /v1.0/directoryObjects/getAvailableExtensionProperties": e.availableExtensions,
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
}

// Options are the application, with its secret, its certificate or neither.
func (e *emulator) Options() map[string]string {
	options := map[string]string{"auth": e.Way, "tenantId": tenantID, "clientId": clientID}
	switch e.Way {
	case OAuth:
	case Certificate:
		options["certificate"], options["privateKey"] = madeUpIdentity().certificate(), madeUpIdentity().privateKey()
	default:
		options["auth"], options["clientSecret"] = secretWay, clientSecret
	}
	return options
}

// ServeHTTP answers for the hosts of the global cloud only: one signs in, the other is Graph.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := graphHost
	if e.GivesTokens(r) {
		meant = loginHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the consent page and the token call.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.Contains(r.URL.Path, "/oauth2/v2.0/") && !strings.HasPrefix(r.URL.Path, "/v1.0/")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		w.Header().Set("x-ms-resource-unit", "2")
		answer(w, r)
	})
}

// one lets a call pass that names somebody by id or by user principal name.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, p := range e.Living() {
			if id := r.PathValue("id"); id == userID(p.ID) || strings.EqualFold(id, principalName(p)) {
				answer(w, r, p)
				return
			}
		}
		e.Refuse(w, r, http.StatusNotFound)
	}
}

var refusals = map[int][2]string{
	400: {"Request_BadRequest", "A value or a property of the request is not valid."},
	401: {"InvalidAuthenticationToken", "Access token is missing, has expired or is meant for somebody else."},
	403: {"Authorization_RequestDenied", "Insufficient privileges to complete the operation."},
	404: {"Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present."},
	410: {"syncStateNotFound", "The sync state is not found. Start over."},
	429: {"TooManyRequests", "Too many requests."},
	500: {"InternalServerError", "Something went wrong."},
	503: {"ServiceUnavailable", "The service is not available."},
}

var tokenRefusals = map[int][2]string{
	400: {"invalid_request", "AADSTS900144: The request body is not valid."},
	401: {"invalid_client", "AADSTS7000215: Invalid client secret provided."},
	403: {"invalid_grant", "AADSTS65001: Nobody has consented to use the application."},
	404: {"invalid_request", "AADSTS90002: Tenant not found."},
	429: {"temporarily_unavailable", "AADSTS90055: Too many requests."},
	500: {"server_error", "AADSTS90033: Something went wrong."},
	503: {"temporarily_unavailable", "AADSTS90033: The service is not available."},
}

// Refuse answers as Graph does, and as the token endpoint where a token was asked for.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if e.GivesTokens(r) {
		refuseToken(w, status, tokenRefusals[status][0], tokenRefusals[status][1])
		return
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("x-ms-throttle-scope", "Tenant_Application/ReadWrite/"+clientID+"/"+tenantID)
		w.Header().Set("x-ms-throttle-information", "ResourceUnitLimitExceeded")
	}
	refuse(w, r, status, refusals[status][1])
}

func refuse(w http.ResponseWriter, r *http.Request, status int, message string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": wire.Object{
		"code": refusals[status][0], "message": message,
		"innerError": wire.Object{"date": "2026-11-22T09:00:00", "request-id": "made-up-request-0001", "client-request-id": clientRequestID(r)},
	}})
}

func clientRequestID(r *http.Request) string {
	if id := r.Header.Get("client-request-id"); id != "" {
		return id
	}
	return "made-up-request-0001"
}

func badRequest(w http.ResponseWriter, r *http.Request, message string) {
	refuse(w, r, http.StatusBadRequest, message)
}

func answer(w http.ResponseWriter, r *http.Request, body any) {
	w.Header().Set("request-id", "made-up-request-0001")
	w.Header().Set("client-request-id", clientRequestID(r))
	wire.JSON(w, http.StatusOK, "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8", body)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }
