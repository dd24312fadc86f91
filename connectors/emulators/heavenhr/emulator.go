// Package heavenhr is HeavenHR's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package heavenhr

import (
	"net/http"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "northlake-api"
	clientSecret = "made-up-heavenhr-secret"
	apiHost      = "api.heavenhr.com"
	root         = "/api/v2"
	purpose      = "api"
	usualSize    = 20
	largestSize  = 100
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's HeavenHR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("GET "+root+"/oauth2/token", e.token)
	e.routes.HandleFunc("GET "+root+"/health/check", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, wire.Object{"message": "OK"})
	})
	e.routes.Handle("GET "+root+"/employees", e.signedIn(e.employees))
	e.routes.Handle("GET "+root+"/employees/{id}", e.signedIn(e.employee))
	e.routes.Handle("/", e.signedIn(func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) }))
	return e
}

// Options are the client's id and secret.
func (e *emulator) Options() map[string]string {
	return map[string]string{"clientId": clientID, "clientSecret": clientSecret}
}

// ServeHTTP answers for HeavenHR's own host name only, and marks each answer for the vendor's support.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-B3-SpanId", "0000made0up00001")
	if host := wire.Host(r); host != "" && host != apiHost {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == root+"/oauth2/token" }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

// token answers a GET with its parameters in the address.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	q := r.URL.Query()
	switch {
	case id != clientID || secret != clientSecret:
		e.Refuse(w, r, http.StatusUnauthorized)
	case q.Get("grant_type") != "client_credentials" || q.Get("scope") != "all" || wire.Unknown(q, "grant_type", "scope") != "":
		e.Refuse(w, r, http.StatusBadRequest)
	default:
		answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "bearer", "expires_in": 3600, "scope": "all"})
	}
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

// employees answers the list, whose pages are numbered from 1; a page without anybody is not found.
func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, okPage := whole(q.Get("pageNumber"), 1)
	size, okSize := whole(q.Get("pageSize"), usualSize)
	if !okPage || !okSize || wire.Unknown(q, "pageNumber", "pageSize") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	size = e.PageSize(min(size, largestSize))
	rows, total := e.Pages.At(e.Living(), (page-1)*size, size)
	if len(rows) == 0 {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	data := []any{}
	for _, p := range rows {
		data = append(data, short(p))
	}
	answer(w, wire.Object{"currentPage": page, "pageSize": size, "totalItems": total, "totalPages": (total + size - 1) / size, "data": data})
}

func whole(text string, missing int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n < 1<<20
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	p, ok := e.Find(seedID(r.PathValue("id")))
	if !ok || p.Removed || personID(p.ID) != r.PathValue("id") {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, full(p))
}

var messages = map[int]string{
	400: "The request is not valid.", 401: "The access token is missing or not valid.", 403: "The client may not read this.",
	404: "No employees for this page.", 429: "Too many requests.", 500: "Something went wrong.", 503: "The service is not available.",
}

// Refuse answers with the status and a message.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	wire.JSON(w, status, "application/json", wire.Object{"status": status, "message": messages[status]})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }
