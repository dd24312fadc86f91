// Package haileyhr is Hailey HR's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package haileyhr

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	accessToken = "hailey_pat_made-up-0001"
	purpose     = "api"
	host        = "api.haileyhr.app"
	demoHost    = "api.demo.haileyhr.app"
)

type emulator struct {
	*wire.World
	routes        *http.ServeMux
	titles, areas []string // names whose places are their ids
	units         map[string][]seed.Unit
}

// New makes the emulator of one company's Hailey HR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(accessToken, purpose)
	e.collect()
	e.routes.HandleFunc("GET /PublicEmployeeList/{company}", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	for pattern, answer := range e.calls() {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

func (e *emulator) calls() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /Employees":      e.employees,
		"GET /Employees/{id}": e.employee,
		"GET /Company":        e.company,
		"GET /TimeOff":        e.timeOff,
		"/":                   func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
}

// collect gathers what people have in common, for the lists of the company.
func (e *emulator) collect() {
	e.units = map[string][]seed.Unit{}
	for _, p := range e.Living() {
		e.titles, e.areas = with(e.titles, p.Title), with(e.areas, p.Division)
		for kind, u := range map[string]seed.Unit{"department": p.Department, "team": p.Team, "location": p.Office, "entity": p.LegalEntity, "centre": centre(p)} {
			if u.ID != 0 && !slices.Contains(e.units[kind], u) {
				e.units[kind] = append(e.units[kind], u)
			}
		}
	}
}

func with(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// Options are the token and the environment that it is good in.
func (e *emulator) Options() map[string]string {
	return map[string]string{"accessToken": accessToken, "environment": "production"}
}

// ServeHTTP answers for the vendor's own hosts; the demo host does not know this company's token.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch wire.Host(r) {
	case "", host:
		e.routes.ServeHTTP(w, r)
	case demoHost:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		e.Refuse(w, r, http.StatusNotFound)
	}
}

// GivesTokens is never true: the token comes from a screen.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

var refusals = map[int][2]string{
	400: {"Bad Request", "A parameter is not valid."},
	401: {"Unauthorized", "The access token is missing, wrong or out of date."},
	403: {"Forbidden", "The account lacks the right."},
	404: {"Not Found", "No employees were found."},
	429: {"Too Many Requests", "Too many requests."},
	500: {"Internal Server Error", "Something went wrong."},
	503: {"Service Unavailable", "The service is not available."},
}

// Refuse answers with problem details; the detail of a person says a 401 without a body.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if status == http.StatusUnauthorized && strings.HasPrefix(r.URL.Path, "/Employees/") {
		w.WriteHeader(status)
		return
	}
	said := refusals[status]
	wire.JSON(w, status, "application/problem+json", wire.Object{"type": "https://httpstatuses.example/" + strconv.Itoa(status),
		"title": said[0], "status": status, "detail": said[1], "instance": r.URL.Path})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", body)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }
