// Package kallidus is Kallidus HR's side of its API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package kallidus

import (
	"net/http"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	subdomain = "moorland"
	apiKey    = "made-up-kallidus-key"
	purpose   = "api"
)

// UK is a customer of the British region, with another host and path; the usual way is the American one. In the UK only
// people in service come where no status is asked for, so that a client has to ask once more for the others.
const UK = "uk"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Kallidus HR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(apiKey, purpose)
	e.routes.HandleFunc("/profiles", e.profiles)
	e.routes.HandleFunc("/profiles/{guid}", e.profile)
	e.routes.HandleFunc("/profiles/fields/{id}", e.field)
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

func (e *emulator) region() (name, host, base string) {
	if e.Way == UK {
		return UK, subdomain + ".kallidus-suite.com", "/hr/api/v1/beta"
	}
	return "us", subdomain + ".saplingapp.io", "/api/v1/beta"
}

// Options are the sub-domain, the region and the key.
func (e *emulator) Options() map[string]string {
	region, _, _ := e.region()
	return map[string]string{"subdomain": subdomain, "region": region, "apiKey": apiKey}
}

// ServeHTTP answers for the host and the path of the customer's region only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, home, base := e.region()
	path, ok := strings.CutPrefix(r.URL.Path, base)
	if host := wire.Host(r); host != "" && host != home || !ok || !strings.HasPrefix(path, "/") {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	if !e.Tokens.Valid(wire.Bearer(r), purpose) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodGet {
		e.Refuse(w, r, http.StatusMethodNotAllowed)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = path, ""
	e.routes.ServeHTTP(w, inner)
}

// GivesTokens is never true: the key is sent as it is.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var messages = map[int]string{401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "Method not allowed", 429: "Too many requests"}

// Refuse answers with the two keys of Kallidus' errors.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	message := messages[status]
	if message == "" {
		message = http.StatusText(status)
	}
	wire.JSON(w, status, "application/json", wire.Object{"message": message, "status": status})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

func (e *emulator) profile(w http.ResponseWriter, r *http.Request) {
	digits, ok := strings.CutPrefix(r.PathValue("guid"), "c0ffee00-5a5a-4b4b-8c8c-")
	p, found := e.Find(strings.TrimLeft(digits, "0"))
	if !ok || !found || p.Removed {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, wire.Object{"user": user(p)})
}

// field tells of one field: a permanent one by its name, a custom one by its id.
func (e *emulator) field(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if i := strings.TrimPrefix(id, "PFID"); i != id {
		for n, c := range customs {
			if id == pfid(n) {
				answer(w, wire.Object{"id": id, "name": c.key, "type": "custom"})
				return
			}
		}
	} else if _, ok := user(seed.Employee{Void: seed.Null})[id]; ok {
		answer(w, wire.Object{"id": id, "name": id, "type": "permanent"})
		return
	}
	e.Refuse(w, r, http.StatusNotFound)
}
