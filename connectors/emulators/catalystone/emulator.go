// Package catalystone is CatalystOne's side of its API v3, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package catalystone

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "3f9d-made-up-client"
	clientSecret = "9a8b-made-up-catalystone-secret"
	purpose      = "api"
	baseURL      = "https://havbryn.catalystone.com/mono/api"
	moment       = "2006-01-02T15:04:05.000Z"
)

// bases are the two addresses of the customer: his own host, and a path on a shared one.
var bases = map[string]string{"havbryn.catalystone.com": "/mono/api", "c6.catalystone.com": "/havbryn/api"}

type emulator struct {
	*wire.World
	routes *http.ServeMux
	tokens atomic.Int64
}

// New makes the emulator of one customer's CatalystOne.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("GET /accesstoken", e.token)
	calls := map[string]http.HandlerFunc{
		"GET /employees":      e.employees,
		"GET /employees/{id}": e.employee,
		"GET /organizations":  e.organizations,
		"/":                   func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the address and the API set-up's credential.
func (e *emulator) Options() map[string]string {
	return map[string]string{"baseUrl": baseURL, "clientId": clientID, "clientSecret": clientSecret}
}

// ServeHTTP finds the customer by the host name and the path that belongs to it.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for host, base := range bases {
		path, under := strings.CutPrefix(r.URL.Path, base+"/")
		if meant := wire.Host(r); under && (meant == "" || meant == host) {
			r = r.Clone(r.Context())
			r.URL.Path = "/" + path
			e.routes.ServeHTTP(w, r)
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, "/accesstoken")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Api-Version") != "v3":
			refuse(w, http.StatusBadRequest, "Header Api-Version is missing")
		case !e.Tokens.Valid(r.Header.Get("Access-Token"), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		default:
			answer(w, r)
		}
	})
}

// token gives a token to the credential in the headers; every second life is written as a text.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Api-Version") != "v3" || r.Header.Get("Grant-Type") != "client_credentials":
		refuse(w, http.StatusBadRequest, "Header Api-Version or Grant-Type is missing")
		return
	case r.Header.Get("Client-Id") != clientID || r.Header.Get("Client-Secret") != clientSecret:
		refuse(w, http.StatusUnauthorized, "Invalid client")
		return
	}
	var life, refreshLife any = 3600, 86400
	if e.tokens.Add(1)%2 == 0 {
		life, refreshLife = fmt.Sprint(life), fmt.Sprint(refreshLife)
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "refresh_token": e.Tokens.Refresh(),
		"expires_in": life, "refresh_token_expires_in": refreshLife})
}

var messages = map[int]string{
	400: "Bad request", 401: "Invalid access token", 403: "Access denied", 404: "Not found",
	429: "Too many requests", 500: "Internal error", 503: "Not available",
}

// Refuse answers with the one key of CatalystOne's errors.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	refuse(w, status, messages[status])
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json", wire.Object{"message": message})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	return truth(p, day.Format(time.DateOnly))
}
