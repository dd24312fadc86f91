// Package breathehr is Breathe's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package breathehr

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiKey       = "prod-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-made-up-breathe"
	purpose      = "api"
	host         = "api.breathehr.com"
	sandboxHost  = "api.sandbox.breathehr.info"
	usualRows    = 25
	largestRows  = 100
	farthestPage = 1 << 20
)

type emulator struct {
	*wire.World
	routes   *http.ServeMux
	managers map[int]bool
}

// New makes the emulator of one customer's Breathe.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), managers: map[int]bool{}}
	for _, p := range world.People {
		e.managers[p.ManagerID] = true
	}
	world.Tokens.Admit(apiKey, purpose)
	e.routes.HandleFunc("GET /v1/employees", e.employees)
	e.routes.HandleFunc("GET /v1/employees/{id}", e.employee)
	lists := map[string]func() []any{
		"departments": e.units(func(p seed.Employee) seed.Unit { return p.Department }),
		"divisions":   e.units(division),
		"locations":   e.units(func(p seed.Employee) seed.Unit { return p.Office }),
	}
	for _, name := range []string{"absences", "leave_requests", "sicknesses"} {
		lists[name] = func() []any { return nil }
	}
	for name, rows := range lists {
		e.routes.HandleFunc("GET /v1/"+name, func(w http.ResponseWriter, r *http.Request) { e.list(w, r, name, rows()) })
	}
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

// Options are the key.
func (e *emulator) Options() map[string]string { return map[string]string{"apiKey": apiKey} }

// ServeHTTP answers for the live host; the sandbox does not know a live key.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch meant := wire.Host(r); {
	case meant != "" && meant != host && meant != sandboxHost:
		e.Refuse(w, r, http.StatusNotFound)
	case meant == sandboxHost || !e.Tokens.Valid(r.Header.Get("X-API-KEY"), purpose):
		e.Refuse(w, r, http.StatusUnauthorized)
	case !wire.WantsJSON(r):
		invalid(w, "Accept")
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is never true: the key is sent with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var reasons = map[int]string{
	400: "Record Invalid", 401: "Unauthorized", 403: "Forbidden", 404: "Record Not Found", 429: "Rate Limit Reached",
	500: "Internal Server Error", 503: "Service Unavailable",
}

// Refuse answers with Breathe's error object.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"error": wire.Object{"type": reasons[status]}})
}

func invalid(w http.ResponseWriter, field string) {
	wire.JSON(w, http.StatusBadRequest, "application/json; charset=utf-8", wire.Object{"error": wire.Object{"type": reasons[400], field: []string{"invalid"}}})
}

// page reads page and per_page, or refuses them.
func page(w http.ResponseWriter, r *http.Request, more ...string) (number, size int, ok bool) {
	q := r.URL.Query()
	if wrong := wire.Unknown(q, append(more, "page", "per_page")...); wrong != "" {
		invalid(w, wrong)
		return 0, 0, false
	}
	number, size = 1, usualRows
	for name, into := range map[string]struct {
		n    *int
		most int
	}{"page": {&number, farthestPage}, "per_page": {&size, largestRows}} {
		if !q.Has(name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 1 || n > into.most {
			invalid(w, name)
			return 0, 0, false
		}
		*into.n = n
	}
	return number, size, true
}

// answer gives a page of a list, with the count and the links in the headers.
func answer(w http.ResponseWriter, r *http.Request, name string, rows []any, number, size, total int) {
	last := max((total+size-1)/size, 1)
	var links []string
	link := func(rel string, n int) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(n))
		q.Set("per_page", strconv.Itoa(size))
		links = append(links, fmt.Sprintf(`<https://%s%s?%s>; rel="%s"`, host, r.URL.Path, q.Encode(), rel))
	}
	if number > 1 {
		link("first", 1)
		link("prev", number-1)
	}
	if number < last {
		link("last", last)
		link("next", number+1)
	}
	w.Header().Set("Total", strconv.Itoa(total))
	w.Header().Set("Per-Page", strconv.Itoa(size))
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
	if rows == nil {
		rows = []any{}
	}
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{name: rows})
}

func (e *emulator) list(w http.ResponseWriter, r *http.Request, name string, rows []any) {
	if number, size, ok := page(w, r); ok {
		from := min((number-1)*size, len(rows))
		answer(w, r, name, rows[from:min(from+size, len(rows))], number, size, len(rows))
	}
}

func (e *emulator) units(of func(seed.Employee) seed.Unit) func() []any {
	return func() (rows []any) {
		seen := map[int]bool{}
		for _, p := range e.Living() {
			if u := of(p); u.ID != 0 && !seen[u.ID] {
				seen[u.ID], rows = true, append(rows, wire.Object{"id": u.ID, "name": u.Name})
			}
		}
		return rows
	}
}

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	number, size, ok := page(w, r, "filter")
	if !ok {
		return
	}
	people, filter := e.Living(), r.URL.Query().Get("filter")
	if filter != "" {
		if !slices.Contains([]string{"hr", "line_manager", "either", "neither"}, filter) {
			invalid(w, "filter")
			return
		}
		people = slices.DeleteFunc(people, func(p seed.Employee) bool {
			return filter == "hr" && !isHR(p) || filter == "line_manager" && !e.managers[p.ID] ||
				(filter == "either") != (isHR(p) || e.managers[p.ID]) && (filter == "either" || filter == "neither")
		})
	}
	size = e.PageSize(size)
	some, total := e.Pages.At(people, (number-1)*size, size)
	rows := make([]any, 0, len(some))
	for _, p := range some {
		rows = append(rows, row(p))
	}
	answer(w, r, "employees", rows, number, size, total)
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	p, ok := e.Find(r.PathValue("id"))
	if !ok || p.Removed {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"employees": []any{row(p)}})
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}
