// Package kenjo is Kenjo's side of its API, written from the fact sheet and from nothing else, so that a connector that reads
// it has been checked against a second statement of the same API.
package kenjo

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiKey      = "f81d4fae-7dec-4d0a-made-up0kenjo0key"
	purpose     = "api"
	root        = "/api/v1"
	host        = "api.kenjo.io"
	sandboxHost = "sandbox-api.kenjo.io"
	lifetime    = time.Hour
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one company's Kenjo.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST "+root+"/auth/login", e.login)
	for pattern, answer := range e.calls() {
		method, path, _ := strings.Cut(pattern, " ")
		e.routes.Handle(method+" "+root+path, e.signedIn(answer))
	}
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

func (e *emulator) calls() map[string]http.HandlerFunc {
	calls := map[string]http.HandlerFunc{
		"POST /auth/logout":                e.logout,
		"GET /employees/{id}":              e.employee,
		"GET /companies":                   e.names(ofCompany),
		"GET /offices":                     e.names(ofOffice),
		"GET /departments":                 e.names(ofDepartment),
		"GET /teams":                       e.names(ofTeam),
		"GET /areas":                       func(w http.ResponseWriter, _ *http.Request) { answer(w, []any{}) },
		"GET /custom-fields":               e.customFields,
		"GET /compensation/contracts":      e.contracts,
		"GET /compensation/contract-types": e.contractTypes,
		"GET /user-accounts":               e.userAccounts,
	}
	for path, s := range sections {
		calls["GET "+path] = e.section(s)
	}
	return calls
}

// Options are the key and the environment that it is good in.
func (e *emulator) Options() map[string]string {
	return map[string]string{"apiKey": apiKey, "environment": "production"}
}

// ServeHTTP answers for Kenjo's own hosts; the sandbox does not know this company's key.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch wire.Host(r) {
	case "", host:
		e.routes.ServeHTTP(w, r)
	case sandboxHost:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		e.Refuse(w, r, http.StatusNotFound)
	}
}

// GivesTokens is true for the log-in.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == root+"/auth/login" }

func (e *emulator) login(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Key string `json:"apiKey"`
	}
	isJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || !isJSON || asked.Key != apiKey {
		refuse(w, http.StatusBadRequest, "The param 'apiKey' is not valid.")
		return
	}
	answer(w, wire.Object{"token": "Bearer " + e.Tokens.Issue(purpose), "X-Expires-After": e.now().Add(lifetime).UTC().Format("2006-01-02T15:04:05.000Z")})
}

// now is not before the day that the company lives on: tests live on days of their own, and the end of a token is a moment.
func (e *emulator) now() time.Time {
	now := time.Now()
	for _, p := range e.People {
		if day := p.Changed.AddDate(0, 0, 2); day.After(now) {
			now = day
		}
	}
	return now
}

func (e *emulator) logout(w http.ResponseWriter, r *http.Request) {
	e.Tokens.Revoke(wire.Bearer(r))
	w.WriteHeader(http.StatusOK)
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

var reasons = map[int]string{
	400: "A param is not valid.", 403: "The plan has no API.", 404: "Not found.", 429: "Too many requests.",
	500: "Something went wrong.", 503: "Not available.",
}

// Refuse answers with a code and a message; a 401 has no body.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusUnauthorized {
		w.WriteHeader(status)
		return
	}
	refuse(w, status, reasons[status])
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"code": status, "message": message})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", body)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }
