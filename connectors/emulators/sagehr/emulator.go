// Package sagehr is Sage HR's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package sagehr

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	subdomain   = "doveridge"
	host        = subdomain + ".sage.hr"
	apiKey      = "c0ffee00made0up0sagehr"
	purpose     = "api"
	rowsPerPage = 50
)

var histories = []string{"team_history", "employment_status_history", "position_history"}

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Sage HR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(apiKey, purpose)
	for path, answers := range map[string]http.HandlerFunc{
		"/employees":                            e.employees,
		"/employees/{id}":                       e.one(false, func(p seed.Employee) any { return current(p, histories) }),
		"/employees/{id}/custom-fields":         e.customFields,
		"/terminated-employees":                 e.terminated,
		"/terminated-employees/{id}":            e.one(true, formerWithReason),
		"/teams":                                e.list(e.teams),
		"/positions":                            e.list(e.positions),
		"/leave-management/out-of-office-today": e.outOfOffice,
	} {
		e.routes.HandleFunc("GET /api"+path, answers)
	}
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

// Options are the customer's subdomain and the key.
func (e *emulator) Options() map[string]string {
	return map[string]string{"subdomain": subdomain, "apiKey": apiKey}
}

// ServeHTTP answers for the customer's own host; another subdomain is a page for a browser.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if meant := wire.Host(r); meant != "" && meant != host {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<!DOCTYPE html><html><body><h1>Company not found</h1></body></html>")) // the client may be gone
		return
	}
	if !e.Tokens.Valid(r.Header.Get("X-Auth-Token"), purpose) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: the key is sent with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var codes = map[int]string{
	400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 422: "validation_failed", 429: "too_many_requests",
	500: "internal_error", 503: "unavailable",
}

// Refuse answers with Sage's code and its list of errors.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) { refuse(w, status) }

func refuse(w http.ResponseWriter, status int, errors ...string) {
	if errors == nil {
		errors = []string{}
	}
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"error_code": codes[status], "errors": errors})
}

func answer(w http.ResponseWriter, body wire.Object) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", body)
}

// page reads the number of a page, or refuses it or a parameter that the call has not.
func page(w http.ResponseWriter, r *http.Request, more ...string) (number int, ok bool) {
	q := r.URL.Query()
	number = 1
	if q.Has("page") {
		n, err := strconv.Atoi(q.Get("page"))
		if err != nil || n < 1 || n > 1<<20 {
			refuse(w, http.StatusUnprocessableEntity, "page is invalid")
			return 0, false
		}
		number = n
	}
	if wrong := wire.Unknown(q, append(slices.Clone(more), "page")...); wrong != "" {
		refuse(w, http.StatusUnprocessableEntity, wrong+" is invalid")
		return 0, false
	}
	return number, true
}

func paged(w http.ResponseWriter, rows []any, number, size, total int) {
	if rows == nil {
		rows = []any{}
	}
	meta := wire.Object{"current_page": number, "next_page": nil, "previous_page": nil, "total_pages": (total + size - 1) / size,
		"per_page": size, "total_entries": total}
	if number*size < total {
		meta["next_page"] = number + 1
	}
	if number > 1 {
		meta["previous_page"] = number - 1
	}
	answer(w, wire.Object{"data": rows, "meta": meta})
}

func (e *emulator) people(w http.ResponseWriter, number int, left bool, row func(seed.Employee) any) {
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return hasLeft(p) != left })
	size := e.PageSize(rowsPerPage)
	some, total := e.Pages.At(people, (number-1)*size, size)
	rows := make([]any, 0, len(some))
	for _, p := range some {
		rows = append(rows, row(p))
	}
	paged(w, rows, number, size, total)
}

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	number, ok := page(w, r, histories...)
	if !ok {
		return
	}
	var wanted []string
	for _, name := range histories {
		switch r.URL.Query().Get(name) {
		case "true":
			wanted = append(wanted, name)
		case "", "false":
		default:
			refuse(w, http.StatusUnprocessableEntity, name+" is invalid")
			return
		}
	}
	e.people(w, number, false, func(p seed.Employee) any { return current(p, wanted) })
}

func (e *emulator) terminated(w http.ResponseWriter, r *http.Request) {
	if number, ok := page(w, r); ok {
		e.people(w, number, true, func(p seed.Employee) any { return former(p) })
	}
}

// find gives somebody who is in the list of those who left, or in the other one.
func (e *emulator) find(r *http.Request, left bool) (seed.Employee, bool) {
	p, ok := e.Find(r.PathValue("id"))
	return p, ok && !p.Removed && hasLeft(p) == left
}

func (e *emulator) one(left bool, of func(seed.Employee) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := e.find(r, left)
		if !ok {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, wire.Object{"data": of(p)})
	}
}

// customFields gives nothing of those who left.
func (e *emulator) customFields(w http.ResponseWriter, r *http.Request) {
	if _, left := e.find(r, true); left {
		answer(w, wire.Object{"data": []any{}})
		return
	}
	e.one(false, func(p seed.Employee) any { return customs(p) })(w, r)
}

func (e *emulator) list(of func() []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if number, ok := page(w, r); ok {
			rows, size := of(), rowsPerPage
			from := min((number-1)*size, len(rows))
			paged(w, rows[from:min(from+size, len(rows))], number, size, len(rows))
		}
	}
}

func (e *emulator) outOfOffice(w http.ResponseWriter, r *http.Request) {
	day := r.URL.Query().Get("date")
	if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil || wire.Unknown(r.URL.Query(), "date") != "" {
		refuse(w, http.StatusUnprocessableEntity, "date is invalid")
		return
	}
	rows := []any{}
	for _, p := range e.Living() {
		if p.State == seed.OnLeave {
			rows = append(rows, wire.Object{"id": 9000 + p.ID, "policy_id": 77, "policy": wire.Object{"name": "Parental leave"}, "employee_id": p.ID,
				"employee": wire.Object{"first_name": p.First, "last_name": p.Last}, "details": "", "is_multi_date": true, "is_single_day": false,
				"is_part_of_day": false, "first_part_of_day": false, "second_part_of_day": false, "start_date": "2025-09-01", "end_date": "2036-03-01", "hours": 32})
		}
	}
	answer(w, wire.Object{"data": rows})
}

func (e *emulator) teams() []any {
	var order []seed.Unit
	managers, members := map[int][]any{}, map[int][]any{}
	for _, p := range e.Living() {
		u := p.Department
		if u.ID == 0 || hasLeft(p) {
			continue
		}
		if members[u.ID] == nil {
			order, managers[u.ID] = append(order, u), []any{p.ID}
		}
		members[u.ID] = append(members[u.ID], p.ID)
	}
	var rows []any
	for _, u := range order {
		rows = append(rows, wire.Object{"id": u.ID, "name": u.Name, "manager_ids": managers[u.ID], "employee_ids": members[u.ID]})
	}
	return rows
}

func (e *emulator) positions() (rows []any) {
	seen := map[any]bool{}
	for _, p := range e.Living() {
		if id := positionID(p.Title); id != nil && !seen[id] {
			seen[id] = true
			rows = append(rows, wire.Object{"id": id, "title": p.Title, "description": "", "code": fmt.Sprintf("P%d", id)})
		}
	}
	return rows
}

// Truth is the canonical record by the fact sheet's Fields and Employment status, custom fields read as is usual.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}
