// Package bamboohr is BambooHR's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package bamboohr

import (
	"net/http"
	"strings"
	"sync/atomic"

	"rollcall/connectors/emulators/wire"
)

const (
	company      = "alderwick"
	apiKey       = "59d783083f5c1e2a4b6d8f0a1c3e5b7d9f2a4c6e"
	clientID     = "rollcall-emulator"
	clientSecret = "made-up-bamboohr-secret"
	scopes       = "report field company:info employee:photo public.integration offline_access"
	purpose      = "api"
	gatewayHost  = "api.bamboohr.com"
	gatewayPath  = "/api/gateway.php/"
)

// OAuth is the way of signing in with a registered application; the usual way is a key.
const OAuth = "oauth"

type emulator struct {
	*wire.World
	routes *http.ServeMux
	fields []field
	calls  atomic.Int64 // dataset calls that asked for no order
}

// New makes the emulator of one customer's BambooHR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), fields: visible(world.Hidden)}
	if world.Way != OAuth {
		world.Tokens.Admit(apiKey, purpose)
	}
	e.route()
	return e
}

func (e *emulator) route() {
	e.routes.HandleFunc("GET /authorize.php", e.consent)
	e.routes.HandleFunc("POST /token.php", e.token)
	calls := map[string]http.HandlerFunc{
		"POST /api/v2/datasets/employee/data":            e.data,
		"GET /api/v1_2/datasets":                         e.datasets,
		"GET /api/v1_2/datasets/employee/fields":         e.catalogue,
		"POST /api/v1_2/datasets/employee/field-options": e.fieldOptions,
		"POST /api/v1/reports/custom":                    e.report,
		"GET /api/v1/company_information":                e.companyInformation,
		"GET /api/v1/meta/lists":                         e.lists,
		"GET /api/v1/employees/changed":                  e.changed,
		"GET /api/v1/employees/{id}/photo/{size}":        e.photo,
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
}

// Options are the company and the key, or the company and the application.
func (e *emulator) Options() map[string]string {
	if e.Way == OAuth {
		return map[string]string{"auth": OAuth, "companyDomain": company, "clientId": clientID, "clientSecret": clientSecret}
	}
	return map[string]string{"companyDomain": company, "apiKey": apiKey}
}

// ServeHTTP finds the customer in the host name, or in the path behind the gateway's.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, r := wire.Host(r), r.Clone(r.Context())
	if rest, ok := strings.CutPrefix(r.URL.Path, gatewayPath); ok && (host == "" || host == gatewayHost) {
		name, path, _ := strings.Cut(rest, "/")
		host, r.URL.Path = name+".bamboohr.com", "/api/"+path
	}
	if host != "" && host != company+".bamboohr.com" {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the consent page and the token call.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return r.URL.Path == "/authorize.php" || r.URL.Path == "/token.php"
}

// signedIn lets a call pass that carries the key as the user of HTTP Basic, or the application's token.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential := wire.Bearer(r)
		if e.Way != OAuth {
			credential, _, _ = r.BasicAuth()
		}
		if !e.Tokens.Valid(credential, purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

var refusals = map[int][2]string{
	400: {"Bad Request", "A parameter is missing or wrong."},
	401: {"Unauthorized", "Invalid or missing credentials."},
	403: {"Forbidden", "You do not have permission to access this dataset."},
	404: {"Not Found", "The requested resource was not found."},
	413: {"Content Too Large", "The answer is too large."},
	422: {"Unprocessable Content", "A value is not valid."},
	429: {"Too Many Requests", "Request limit reached."},
	500: {"Internal Server Error", "An unexpected error occurred."},
	503: {"Service Unavailable", "The service is not available."},
}

// Refuse answers the dataset calls with a problem object, and the older calls with an empty body and a header.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	refuse(w, r, status, refusals[status][1], nil)
}

func refuse(w http.ResponseWriter, r *http.Request, status int, detail string, fields map[string]string) {
	w.Header().Set("X-Request-ID", "made-up-request-0001")
	if !strings.Contains(r.URL.Path, "/datasets") {
		w.Header().Set("X-BambooHR-Error-Message", detail)
		w.WriteHeader(status)
		return
	}
	problem := wire.Object{"type": "about:blank", "title": refusals[status][0], "status": status, "detail": detail, "instance": r.URL.Path}
	if fields != nil {
		problem["code"], problem["fields"] = "validation_failed", fields
	}
	wire.JSON(w, status, "application/problem+json", problem)
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// older answers one of the older calls, which speak XML to everybody who does not ask for JSON.
func older(w http.ResponseWriter, r *http.Request, body any) {
	if wire.WantsJSON(r) {
		answer(w, body)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write([]byte("<?xml version=\"1.0\"?>\n<answer/>\n")) // the client is gone: nobody is left to tell
}
