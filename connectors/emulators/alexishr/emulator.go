// Package alexishr is AlexisHR's (Simployer One's) side of its API, written from the fact sheet and from nothing else, so
// that a connector that reads it has been checked against a second statement of the same API.
package alexishr

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	accessToken  = "eyJhbGciOi.made-up-alexishr-token"
	apiHost      = "api.alexishr.com"
	sandboxHost  = "api.sandbox.alexishr.com"
	purpose      = "api"
	defaultLimit = 50
	largestLimit = 100
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	side   map[string]func() []wire.Object
}

// New makes the emulator of one customer's AlexisHR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(accessToken, purpose)
	e.side = map[string]func() []wire.Object{
		"department": e.departments, "office": e.offices, "cost-center": e.costCenters, "company": e.companies,
		"employment": e.employments, "employment-type": e.employmentTypes, "team": e.teams,
		"employee-team-reference": e.teamReferences, "leave": e.leaves, "leave-type": leaveTypes,
	}
	for name, rows := range e.side { // made once, because a long list is asked for in many pages
		e.side[name] = sync.OnceValue(rows)
	}
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /v1/employee":        e.employees,
		"GET /v1/employee/{id}":   e.employee,
		"GET /v1/{resource}":      e.list,
		"GET /v1/{resource}/{id}": e.one,
		"/":                       func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the token.
func (e *emulator) Options() map[string]string { return map[string]string{"accessToken": accessToken} }

// ServeHTTP answers for AlexisHR's own host names only; the sandbox knows none of the tokens of the other host.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); host {
	case "", apiHost:
		e.routes.ServeHTTP(w, r)
	case sandboxHost:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		e.Refuse(w, r, http.StatusNotFound)
	}
}

// GivesTokens is never true: a token is copied from the vendor's screen.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

// Truth is the canonical record by the fact sheet's Fields and Employment status, with leave read.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.Tokens.Valid(wire.Bearer(r), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case !wire.WantsJSON(r):
			refuse(w, http.StatusBadRequest, "Accept must be application/json")
		case strings.ContainsAny(r.URL.RawQuery, "[]$"):
			refuse(w, http.StatusBadRequest, "the query has to be percent-encoded")
		default:
			answer(w, r)
		}
	})
}

// employees answers the list of people, a page at a time.
func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q, wrong := parse(r.URL.Query(), "select", "relations")
	if wrong == "" {
		wrong = badNames(q)
	}
	if wrong != "" {
		refuse(w, http.StatusBadRequest, wrong)
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return len(q.conditions) > 0 && !q.keeps(employee(p)) })
	if q.descending {
		slices.Reverse(people)
	}
	rows, total := e.Pages.At(people, q.offset, e.PageSize(q.limit))
	data := []any{}
	for _, p := range rows {
		data = append(data, q.narrow(employee(p)))
	}
	body := envelope(data, total, q)
	if len(q.relations) > 0 {
		body["relations"] = e.relations(rows, q.relations)
	}
	answer(w, body)
}

func badNames(q query) string {
	for _, name := range q.selected {
		if !slices.Contains(selectable, name) {
			return "select must name known fields, not " + name
		}
	}
	for _, name := range q.relations {
		if !slices.Contains(relatable, name) {
			return "relations must be known, not " + name
		}
	}
	return ""
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		if employeeID(p.ID) == r.PathValue("id") {
			answer(w, wire.Object{"status": "ok", "data": employee(p)})
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// list answers any other list; all work alike.
func (e *emulator) list(w http.ResponseWriter, r *http.Request) {
	of := e.side[r.PathValue("resource")]
	q, wrong := parse(r.URL.Query())
	switch {
	case of == nil:
		e.Refuse(w, r, http.StatusNotFound)
		return
	case wrong != "":
		refuse(w, http.StatusBadRequest, wrong)
		return
	}
	all := slices.DeleteFunc(slices.Clone(of()), func(o wire.Object) bool { return !q.keeps(o) })
	if q.descending {
		slices.Reverse(all)
	}
	from := min(q.offset, len(all))
	data := []any{}
	for _, o := range all[from:min(from+e.PageSize(q.limit), len(all))] {
		data = append(data, o)
	}
	answer(w, envelope(data, len(all), q))
}

func (e *emulator) one(w http.ResponseWriter, r *http.Request) {
	if of := e.side[r.PathValue("resource")]; of != nil {
		for _, o := range of() {
			if o["id"] == r.PathValue("id") {
				answer(w, wire.Object{"status": "ok", "data": o})
				return
			}
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// envelope leaves the offset out where none was asked for.
func envelope(data []any, total int, q query) wire.Object {
	body := wire.Object{"status": "ok", "data": data, "total": total, "count": len(data)}
	if q.hasOffset {
		body["offset"] = q.offset
	}
	return body
}

var messages = map[int]string{
	400: "limit must be a number", 401: "Unauthorized", 403: "Forbidden resource", 404: "Not Found", 429: "Too Many Requests",
	500: "Internal server error", 503: "Service Unavailable",
}

// Refuse answers with AlexisHR's error object.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	refuse(w, status, messages[status])
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"statusCode": status, "message": message, "error": http.StatusText(status)})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", body)
}
