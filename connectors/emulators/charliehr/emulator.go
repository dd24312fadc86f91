// Package charliehr is Charlie's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package charliehr

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "b0c1a2d3e4f506172839"
	clientSecret = "made-up-charliehr-secret"
	purpose      = "pair"
	base         = "/api/v1"
	largestRows  = 25
	company      = "Northlake Studio Ltd"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	byID   map[string]seed.Employee
}

// New makes the emulator of one company's Charlie.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), byID: map[string]seed.Employee{}}
	for _, p := range e.Living() {
		e.byID[memberID(p.ID)] = p
	}
	world.Tokens.Admit(clientID+":"+clientSecret, purpose)
	e.route()
	return e
}

func (e *emulator) route() {
	for path, answers := range map[string]http.HandlerFunc{
		"/team_members":                       e.members,
		"/team_members/{id}":                  e.one(detail),
		"/team_members/{id}/notes":            e.one(func(p seed.Employee) any { return notes(p) }),
		"/team_members/{id}/salaries":         e.one(func(p seed.Employee) any { return salaries(p) }),
		"/team_members/{id}/working_location": e.one(func(seed.Employee) any { return nil }),
		"/team_members/{id}/leave_allowances": e.one(func(seed.Employee) any { return []any{} }),
		"/team_members/{id}/bank_accounts":    e.one(func(seed.Employee) any { return []any{wire.Object{"account_number": "SENSITIVE-ACCOUNT"}} }),
		"/teams":                              e.list(e.teams),
		"/teams/{id}":                         e.unit(e.teams),
		"/offices":                            e.list(e.offices),
		"/offices/{id}":                       e.unit(e.offices),
		"/company":                            func(w http.ResponseWriter, _ *http.Request) { answer(w, companyRecord()) },
		"/salaries":                           e.list(func(*http.Request) []any { return each(e.Living(), salaries) }),
		"/leave_requests":                     e.list(e.leave, "start_date", "end_date"),
		"/team_member_note_types":             e.list(func(*http.Request) []any { return noteTypes() }),
	} {
		e.routes.HandleFunc("GET "+base+path, answers)
	}
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
}

// Options are the pair.
func (e *emulator) Options() map[string]string {
	return map[string]string{"clientId": clientID, "clientSecret": clientSecret}
}

// ServeHTTP answers for Charlie's two host names, with the pair in each call.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	pair, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Token token=")
	switch meant := wire.Host(r); {
	case meant != "" && meant != "charliehr.com" && meant != "www.charliehr.com":
		e.Refuse(w, r, http.StatusNotFound)
	case !ok || !e.Tokens.Valid(pair, purpose):
		e.Refuse(w, r, http.StatusUnauthorized)
	case !wire.WantsJSON(r):
		refuse(w, http.StatusBadRequest, "Send Accept: application/json")
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is never true: the pair is sent with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var reasons = map[int]string{
	200: "Something went wrong", 400: "Bad request", 401: "Access denied", 403: "Not allowed", 404: "Not found", 429: "Too many requests",
	500: "Something went wrong", 503: "Not available",
}

// Refuse answers with Charlie's two keys, also with status 200.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	refuse(w, status, reasons[status])
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"success": false, "message": message})
}

func answer(w http.ResponseWriter, data any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"success": true, "data": data})
}

// page reads page and per_page, or refuses them.
func page(w http.ResponseWriter, r *http.Request, more ...string) (number, size int, ok bool) {
	q := r.URL.Query()
	number, size = 1, largestRows
	wrong := wire.Unknown(q, append(more, "page", "per_page")...)
	for name, into := range map[string]*int{"page": &number, "per_page": &size} {
		if !q.Has(name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 1 || name == "per_page" && n > largestRows || n > 1<<20 {
			wrong = name
			continue
		}
		*into = n
	}
	if wrong != "" {
		refuse(w, http.StatusBadRequest, "Bad parameter "+wrong)
	}
	return number, size, wrong == ""
}

// paged answers with a page. The way on is a query of the same path, or a path below the base address.
func paged(w http.ResponseWriter, r *http.Request, rows []any, number, size, total int) {
	if rows == nil {
		rows = []any{}
	}
	link := func(n int) any {
		query := fmt.Sprintf("?page=%d&per_page=%d", n, size)
		if number%2 == 0 {
			return strings.TrimPrefix(r.URL.Path, base) + query
		}
		return query
	}
	meta := wire.Object{"total_results": total, "results_per_page": size, "current_page": number, "total_pages": (total + size - 1) / size,
		"next_url": nil, "prev_url": nil}
	if number*size < total {
		meta["next_url"] = link(number + 1)
	}
	if number > 1 {
		meta["prev_url"] = link(number - 1)
	}
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"success": true, "data": rows, "meta": meta})
}

func (e *emulator) members(w http.ResponseWriter, r *http.Request) {
	number, size, ok := page(w, r)
	if !ok {
		return
	}
	size = e.PageSize(size)
	people, total := e.Pages.At(e.Living(), (number-1)*size, size)
	rows := make([]any, 0, len(people))
	for _, p := range people {
		rows = append(rows, member(p))
	}
	paged(w, r, rows, number, size, total)
}

func (e *emulator) list(of func(*http.Request) []any, more ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if number, size, ok := page(w, r, more...); ok {
			rows := of(r)
			from := min((number-1)*size, len(rows))
			paged(w, r, rows[from:min(from+size, len(rows))], number, size, len(rows))
		}
	}
}

// unit answers with the one of a list that has the id.
func (e *emulator) unit(of func(*http.Request) []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, row := range of(r) {
			if o := row.(wire.Object); o["id"] == r.PathValue("id") {
				answer(w, o)
				return
			}
		}
		e.Refuse(w, r, http.StatusNotFound)
	}
}

func (e *emulator) one(of func(seed.Employee) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := e.byID[r.PathValue("id")]
		if !ok {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, of(p))
	}
}

// Truth is the canonical record by the fact sheet's Fields and Employment status, without what is read only when asked
// for: salaries, notes and leave.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}
