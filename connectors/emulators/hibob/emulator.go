// Package hibob is HiBob's side of its public API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package hibob

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	userID    = "SERVICE-12345"
	userToken = "made-up-hibob-token"
	purpose   = "api"
	apiHost   = "api.hibob.com"
	perMinute = 50
)

type emulator struct {
	*wire.World
	routes   *http.ServeMux
	indexing sync.Once
	titles   []string
	managers map[int]bool
}

// New makes the emulator of one company's Bob.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(userToken, purpose)
	calls := map[string]http.HandlerFunc{
		"POST /v1/people/search":             e.search,
		"POST /v1/people/{id}":               e.one,
		"GET /v1/people/{id}/lifecycle":      e.lifecycle,
		"GET /v1/company/people/fields":      e.fields,
		"GET /v1/company/named-lists":        e.lists,
		"GET /v1/company/named-lists/{name}": e.list,
		"GET /v1/avatars/{id}":               e.avatar,
		"/":                                  func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the service user and the environment.
func (e *emulator) Options() map[string]string {
	return map[string]string{"serviceUserId": userID, "serviceUserToken": userToken, "environment": "production"}
}

// ServeHTTP answers for the production host only: the sandbox is another company's.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := wire.Host(r); host != "" && host != apiHost {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: the service user's token is sent as it is.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, token, _ := r.BasicAuth()
		if id != userID || !e.Tokens.Valid(token, purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		addLimit(w, perMinute-1, time.Minute)
		answer(w, r)
	})
}

func addLimit(w http.ResponseWriter, remaining int, until time.Duration) {
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(perMinute))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
	w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(until).Unix(), 10))
}

var refusals = map[int][2]string{
	400: {"bob.api.invalid_request", "The request cannot be used."},
	401: {"unauthorized", "The service user ID or token was not accepted."},
	403: {"forbidden", "The service user has no permission for this request."},
	404: {"not_found", "There is nothing here."},
	429: {"too_many_requests", "Too many requests, try again later."},
	500: {"internal_error", "Something went wrong."},
	503: {"unavailable", "The service is not available."},
}

// Refuse answers with the two keys of Bob's errors; too many calls tell when the minute is over.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusTooManyRequests {
		until, err := strconv.Atoi(w.Header().Get("Retry-After"))
		if err != nil {
			until = 3
		}
		addLimit(w, 0, time.Duration(until)*time.Second)
	}
	refuse(w, status, refusals[status][0], refusals[status][1])
}

func refuse(w http.ResponseWriter, status int, key, text string) {
	wire.JSON(w, status, "application/json", wire.Object{"key": key, "error": text})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// index remembers what a record takes from the whole company: the list of titles, and who leads somebody.
func (e *emulator) index() {
	e.indexing.Do(func() {
		e.managers = map[int]bool{}
		for _, p := range e.People {
			e.managers[p.ManagerID] = true
			if p.Title != "" {
				e.titles = append(e.titles, p.Title)
			}
		}
		slices.Sort(e.titles)
		e.titles = slices.Compact(e.titles)
	})
}

func (e *emulator) titleID(title string) any {
	e.index()
	i, found := slices.BinarySearch(e.titles, title)
	if !found {
		return nil
	}
	return strconv.Itoa(245689101 + i)
}

// idOf is a person's id: 19 digits, more than a number of JavaScript holds.
func idOf(id int) string { return "333288388401" + leading(id) }

func leading(id int) string {
	digits := strconv.Itoa(id)
	return strings.Repeat("0", max(7-len(digits), 0)) + digits
}

// find gives the person with that id or address, unless removed.
func (e *emulator) find(identifier string) (seed.Employee, bool) {
	if digits, ok := strings.CutPrefix(identifier, "333288388401"); ok {
		p, found := e.Find(strings.TrimLeft(digits, "0"))
		return p, found && !p.Removed
	}
	for _, p := range e.Living() {
		if p.Email != "" && strings.EqualFold(p.Email, identifier) {
			return p, true
		}
	}
	return seed.Employee{}, false
}
