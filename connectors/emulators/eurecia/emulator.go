// Package eurecia is Eurécia's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package eurecia

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
	apiKey   = "a1b2c3d4-made-up-eurecia-key"
	apiHost  = "api.eurecia.com"
	root     = "/eurecia/rest"
	purpose  = "api"
	pageSize = 50
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Eurécia.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("GET "+root+"/v1/Auth", e.auth)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET " + root + "/v4/users":        e.users(func(seed.Employee) bool { return true }),
		"GET " + root + "/v4/users/active": e.users(func(p seed.Employee) bool { return !archived(p) }),
		"GET " + root + "/v4/users/{id}":   e.user,
		"GET " + root + "/v4/companies":    e.companies,
		"GET " + root + "/v4/departments":  e.departments,
		"GET " + root + "/v4/structures":   e.structures,
		"/":                                func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the key.
func (e *emulator) Options() map[string]string { return map[string]string{"apiKey": apiKey} }

// ServeHTTP answers for the API's host name only; the customers' own hosts are for browsers.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := wire.Host(r); host != "" && host != apiHost {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the call that changes the key into a token.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == root+"/v1/Auth" }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

// auth gives a temporary token. A wrong key is answered 200 without one; no key at all is refused.
func (e *emulator) auth(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("authToken") == "":
		e.Refuse(w, r, http.StatusUnauthorized)
	case !wire.WantsJSON(r):
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><eureciaResponse/>`)) // the client may be gone
	case r.Header.Get("authToken") != apiKey:
		e.Refuse(w, r, http.StatusOK)
	default:
		token := wire.Object{"token": wire.Object{"$": e.Tokens.Issue(purpose)}}
		answer(w, wire.Object{"eureciaResponse": wire.Object{"temporaryToken": token}})
	}
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.Tokens.Valid(r.Header.Get("token"), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case !wire.WantsJSON(r):
			e.Refuse(w, r, http.StatusNotAcceptable)
		case wire.Unknown(r.URL.Query(), "page") != "":
			e.Refuse(w, r, http.StatusBadRequest)
		default:
			answer(w, r)
		}
	})
}

// users answers a list of people, whose pages are numbered from 0.
func (e *emulator) users(shown func(seed.Employee) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		if r.URL.Query().Has("page") && err != nil || page < 0 || page > 1<<20 {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !shown(p) })
		size := e.PageSize(pageSize)
		rows, total := e.Pages.At(people, page*size, size)
		content := []any{}
		for _, p := range rows {
			content = append(content, short(p))
		}
		body := envelope(content, page, size, total)
		body["pageable"] = wire.Object{"sort": unsorted, "offset": page * size, "pageNumber": page, "pageSize": size, "paged": true, "unpaged": false}
		answer(w, body)
	}
}

var unsorted = wire.Object{"empty": true, "sorted": false, "unsorted": true}

// envelope tells only in totalPages where the end is: last is never true where there is more than one page.
func envelope(content []any, page, size, total int) wire.Object {
	pages := (total + size - 1) / size
	return wire.Object{"content": content, "pageable": "INSTANCE", "totalElements": total, "totalPages": pages, "last": pages <= 1, "number": page,
		"sort": unsorted, "size": size, "numberOfElements": len(content), "first": page == 0, "empty": len(content) == 0}
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request) {
	number, _ := strings.CutPrefix(r.PathValue("id"), "usr-")
	p, ok := e.Find(number)
	if !ok || p.Removed || userID(p.ID) != r.PathValue("id") {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, full(p))
}

var messages = map[int]string{
	400: "The request is not valid.", 401: "The token is missing or not valid any more.", 403: "The API is not part of the contract.",
	404: "There is nothing here.", 406: "Accept has to be application/json.", 429: "Too many requests.", 500: "Something went wrong.",
	503: "The service is not available.",
}

// Refuse answers with the status in the body; with the status 200 the token is missing from the answer.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusOK {
		answer(w, wire.Object{"eureciaResponse": wire.Object{"@xmlns": wire.Object{"$": "http://api.eurecia.com/"}}})
		return
	}
	wire.JSON(w, status, "application/json", wire.Object{"status": status, "error": http.StatusText(status), "message": messages[status]})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }
