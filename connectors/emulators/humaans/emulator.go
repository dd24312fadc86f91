// Package humaans is Humaans' side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package humaans

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	accessToken = "P9IAs9bqMadeUpHumaansToken0oVR01"
	purpose     = "api"
	host        = "app.humaans.io"
	usualLimit  = 100
	mostLimit   = 250
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Humaans.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(accessToken, purpose)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /api/me":            e.me,
		"GET /api/people":        e.people,
		"GET /api/people/{id}":   e.one,
		"GET /api/job-roles":     e.list(e.roles),
		"GET /api/locations":     e.list(e.locations),
		"GET /api/companies":     e.list(e.companies),
		"GET /api/custom-fields": e.list(definitions),
		"GET /api/custom-values": e.list(e.values),
		"GET /api/time-away":     e.list(e.absences),
		"/":                      func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the token.
func (e *emulator) Options() map[string]string { return map[string]string{"accessToken": accessToken} }

// ServeHTTP answers for the one host that all customers have.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := wire.Host(r); h != "" && h != host {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: a person makes the token on a screen.
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
	400: {"BadRequest", "Bad request"},
	401: {"NotAuthenticated", "Invalid access token"},
	403: {"Forbidden", "The access token lacks a scope"},
	404: {"NotFound", "Person not found"},
	422: {"Unprocessable", "Validation failed"},
	429: {"TooManyRequests", "Too many requests"},
	500: {"GeneralError", "Something went wrong"},
	503: {"Unavailable", "Service unavailable"},
}

// Refuse answers with a code, a name and a message; what is not found has the id of the request too.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	o := wire.Object{"code": status, "name": refusals[status][0], "message": refusals[status][1]}
	if status == http.StatusNotFound {
		o["id"] = "made-up-request-id"
	}
	wire.JSON(w, status, "application/json; charset=utf-8", o)
}

func refuseParameter(w http.ResponseWriter, name string) {
	wire.JSON(w, http.StatusUnprocessableEntity, "application/json; charset=utf-8", wire.Object{"code": 422, "name": refusals[422][0], "message": refusals[422][1],
		"issues": []any{wire.Object{"path": []any{name}, "message": "is not valid"}}})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", body)
}

// window reads $limit and $skip; wrong names the one that is not valid.
func window(q url.Values) (limit, skip int, wrong string) {
	limit, skip = usualLimit, 0
	var err error
	if q.Has("$limit") {
		if limit, err = strconv.Atoi(q.Get("$limit")); err != nil || limit < 1 || limit > mostLimit {
			return 0, 0, "$limit"
		}
	}
	if q.Has("$skip") {
		if skip, err = strconv.Atoi(q.Get("$skip")); err != nil || skip < 0 || skip > 1<<30 {
			return 0, 0, "$skip"
		}
	}
	return limit, skip, ""
}

// condition is one filter: a field, an operator or none, and what it is compared with.
type condition struct {
	field, operator string
	values          []string
}

// conditions reads the filters; example shows the fields there are.
func conditions(q url.Values, example wire.Object) (list []condition, wrong string) {
	for name, values := range q {
		if name == "$limit" || name == "$skip" {
			continue
		}
		field, rest, _ := strings.Cut(name, "[")
		operator, _, _ := strings.Cut(rest, "]")
		if _, known := example[field]; !known || !slices.Contains([]string{"", "$in", "$nin", "$gt", "$gte", "$lt", "$lte"}, operator) {
			return nil, name
		}
		list = append(list, condition{field, operator, values})
	}
	return list, ""
}

func (c condition) holds(o wire.Object) bool {
	is := ""
	if o[c.field] != nil {
		is = fmt.Sprint(o[c.field])
	}
	switch c.operator {
	case "$nin":
		return !slices.Contains(c.values, is)
	case "$gt":
		return is > c.values[0]
	case "$gte":
		return is >= c.values[0]
	case "$lt":
		return is != "" && is < c.values[0]
	case "$lte":
		return is != "" && is <= c.values[0]
	}
	return slices.Contains(c.values, is)
}

func fits(o wire.Object, list []condition) bool {
	return !slices.ContainsFunc(list, func(c condition) bool { return !c.holds(o) })
}

func page(w http.ResponseWriter, data []any, total, limit, skip int) {
	answer(w, wire.Object{"total": total, "limit": limit, "skip": skip, "data": data})
}

func (e *emulator) people(w http.ResponseWriter, r *http.Request) {
	limit, skip, wrong := window(r.URL.Query())
	filters, wrongFilter := conditions(r.URL.Query(), person(seed.Employee{Void: seed.Null}))
	if wrong+wrongFilter != "" {
		refuseParameter(w, wrong+wrongFilter)
		return
	}
	people := e.Living()
	if len(filters) > 0 {
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return !fits(person(p), filters) })
	}
	limit = e.PageSize(limit)
	rows, total := e.Pages.At(people, skip, limit)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, person(p))
	}
	page(w, data, total, limit, skip)
}

// list answers with a side list, which pages as people do. It is made once, as a large company's has many pages.
func (e *emulator) list(of func() []wire.Object) http.HandlerFunc {
	once := sync.OnceValue(of)
	return func(w http.ResponseWriter, r *http.Request) {
		all := once()
		example := wire.Object{}
		if len(all) > 0 {
			example = all[0]
		}
		limit, skip, wrong := window(r.URL.Query())
		filters, wrongFilter := conditions(r.URL.Query(), example)
		if wrong+wrongFilter != "" {
			refuseParameter(w, wrong+wrongFilter)
			return
		}
		if len(filters) > 0 {
			all = slices.DeleteFunc(slices.Clone(all), func(o wire.Object) bool { return !fits(o, filters) })
		}
		limit = e.PageSize(limit)
		data := []any{}
		for _, o := range all[min(skip, len(all)):min(skip+limit, len(all))] {
			data = append(data, o)
		}
		page(w, data, len(all), limit, skip)
	}
}

// me is the token's own person.
func (e *emulator) me(w http.ResponseWriter, r *http.Request) {
	living := e.Living()
	if len(living) == 0 {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, person(living[0]))
}

func (e *emulator) one(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		if id(p.ID) == r.PathValue("id") {
			answer(w, person(p))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}
