// Package sesamehr is Sesame HR's side of its API, core v3 with contract v1, written from the fact sheet and from nothing
// else, so that a connector that reads it has been checked against a second statement of the same API.
package sesamehr

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiToken    = "eyJ0-made-up-sesame-token"
	region      = "eu1"
	purpose     = "api"
	usualPage   = 20
	largestPage = 100
	stamp       = "2019-01-15T10:21:33+01:00"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one company's Sesame HR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(apiToken, purpose)
	calls := map[string]http.HandlerFunc{
		"GET /core/v3/info":                             e.info,
		"GET /core/v3/employees":                        e.employees,
		"GET /core/v3/employee-managers":                e.employeeManagers,
		"GET /core/v3/employee-department-assignations": e.side(e.departmentAssignations),
		"GET /core/v3/employee-office-assignations":     e.side(e.officeAssignations),
		"GET /core/v3/departments":                      e.side(e.departments),
		"GET /core/v3/offices":                          e.side(e.offices),
		"GET /contract/v1/contracts/{id}":               e.one(contractRows),
		"GET /contract/v1/contract-terminated/{id}":     e.terminated,
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the token and the region that was shown with it.
func (e *emulator) Options() map[string]string {
	return map[string]string{"apiToken": apiToken, "region": region}
}

// ServeHTTP answers for the region of the account; the others do not know the token.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := wire.Host(r)
	other := strings.HasPrefix(host, "api-") && strings.HasSuffix(host, ".sesametime.com")
	switch {
	case host == "" || host == "api-"+region+".sesametime.com":
		e.routes.ServeHTTP(w, r)
	case other:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		e.Refuse(w, r, http.StatusNotFound)
	}
}

// GivesTokens is true for nothing: the token comes from a screen.
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
	400: {"bad_request", "The call is wrong"},
	401: {"unauthorized", "The token is not valid"},
	403: {"forbidden", "The token may not read this"},
	404: {"not_found", "No such employee"},
	500: {"server_error", "Something went wrong"},
	503: {"unavailable", "Not available"},
}

// Refuse answers with an error object; too many calls get one key only.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusTooManyRequests {
		wire.JSON(w, status, "application/json", wire.Object{"message": "Too Many Attempts."})
		return
	}
	refuse(w, status, refusals[status][0], refusals[status][1], []any{})
}

func refuse(w http.ResponseWriter, status int, code, message string, errors []any) {
	wire.JSON(w, status, "application/json", wire.Object{"error": wire.Object{"code": code, "message": message, "errors": errors}})
}

func wrong(w http.ResponseWriter, name string) {
	refuse(w, http.StatusUnprocessableEntity, "validation", name+" is wrong", []any{wire.Object{"field": name, "message": "must be a whole number"}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	return truth(p, day.Format(time.DateOnly))
}

func id(kind string, n int) string { return fmt.Sprintf("%s-91c2-4e0b-8d55-%012d", kind, n) }

func employeeID(n int) string { return id("3f6a0001", n) }

// pageAsked reads page and limit; it answers and gives ok as false where they are wrong.
func (e *emulator) pageAsked(w http.ResponseWriter, q url.Values, known ...string) (page, limit int, ok bool) {
	page, okPage := whole(q.Get("page"), 1)
	limit, okLimit := whole(q.Get("limit"), usualPage)
	name := wire.Unknown(q, append(known, "page", "limit")...)
	switch {
	case !okPage:
		wrong(w, "page")
	case !okLimit:
		wrong(w, "limit")
	case name != "":
		wrong(w, name)
	default:
		return page, e.PageSize(min(limit, largestPage)), true
	}
	return 0, 0, false
}

func whole(text string, missing int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0 && n < 1<<30
}

func paged(data []any, page, limit, total int) wire.Object {
	return wire.Object{"data": data, "meta": wire.Object{"currentPage": page, "lastPage": max(1, (total+limit-1)/limit), "total": total, "perPage": limit}}
}

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, limit, ok := e.pageAsked(w, q, "status", "orderBy")
	if !ok {
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return q.Get("status") != "" && q.Get("status") != status(p) })
	rows, total := e.Pages.At(people, (page-1)*limit, limit)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, record(p))
	}
	answer(w, paged(data, page, limit, total))
}

// side answers a list beside the employees, page by page; a row is written only if its page is asked for.
func (e *emulator) side(rows func() []func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if page, limit, ok := e.pageAsked(w, r.URL.Query()); ok {
			all := rows()
			from := min((page-1)*limit, len(all))
			data := []any{}
			for _, row := range all[from:min(from+limit, len(all))] {
				data = append(data, row())
			}
			answer(w, paged(data, page, limit, len(all)))
		}
	}
}

// employeeManagers are asked for like the other lists; permission takes one of two words.
func (e *emulator) employeeManagers(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, limit, ok := e.pageAsked(w, q, "employeeId", "managerId", "permission")
	if !ok {
		return
	}
	if kind := q.Get("permission"); q.Has("permission") && kind != "check" && kind != "vacation" {
		wrong(w, "permission")
		return
	}
	var all []any
	for _, p := range e.Living() {
		for _, row := range managers(p) {
			if asked(q, "employeeId", row["employee"]) && asked(q, "managerId", row["manager"]) && (!q.Has("permission") || row["permission"] == q.Get("permission")) {
				all = append(all, row)
			}
		}
	}
	from := min((page-1)*limit, len(all))
	answer(w, paged(append([]any{}, all[from:min(from+limit, len(all))]...), page, limit, len(all)))
}

// asked tells whether a person is the one that a parameter asks for.
func asked(q url.Values, key string, person any) bool {
	o, _ := person.(wire.Object)
	return !q.Has(key) || o["id"] == q.Get(key)
}

// one answers a list of one person, which has no pages.
func (e *emulator) one(rows func(p seed.Employee) []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, _ := strings.CutPrefix(r.PathValue("id"), "3f6a0001-91c2-4e0b-8d55-")
		p, known := e.Find(strings.TrimLeft(name, "0"))
		switch {
		case !known || p.Removed || employeeID(p.ID) != r.PathValue("id"):
			e.Refuse(w, r, http.StatusNotFound)
		case len(r.URL.Query()) > 0:
			wrong(w, wire.Unknown(r.URL.Query()))
		default:
			answer(w, wire.Object{"data": rows(p)})
		}
	}
}

func (e *emulator) info(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": wire.Object{"company": company()}})
}
