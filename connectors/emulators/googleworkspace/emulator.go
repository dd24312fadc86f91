// Package googleworkspace is Google Workspace's side of the Directory API, written from the fact sheet and from nothing
// else, so that a connector that reads it has been checked against a second statement of the same API.
package googleworkspace

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	customer     = "C03az79cb"
	myCustomer   = "my_customer"
	domain       = "corp.example"
	adminEmail   = "it-admin@corp.example"
	clientID     = "940000000001-madeup.apps.googleusercontent.com"
	clientSecret = "GOCSPX-made-up-secret"
	adminHost    = "admin.googleapis.com"
	tokenHost    = "oauth2.googleapis.com"
	consentHost  = "accounts.google.com"
)

// OAuth is the way of signing in with an installed app; the usual way is Service, a service account that acts as an
// administrator. The emulator answers both, whatever the way: the way decides about its options.
const (
	Service = "service"
	OAuth   = "oauth"
)

// scope begins the names of all scopes.
const scope = "https://www.googleapis.com/auth/admin.directory."

// The scopes by which each kind of thing may be read.
var (
	readUsers   = []string{scope + "user.readonly", scope + "user"}
	readSchemas = []string{scope + "userschema.readonly", scope + "userschema"}
	readUnits   = []string{scope + "orgunit.readonly", scope + "orgunit"}
	readDomains = []string{scope + "domain.readonly", scope + "domain"}
)

// delegated are the scopes that the customer's administrator entered for the service account: those for reading.
var delegated = []string{scope + "user.readonly", scope + "userschema.readonly", scope + "orgunit.readonly", scope + "domain.readonly",
	scope + "group.readonly", scope + "group.member.readonly"}

type emulator struct {
	*wire.World
	routes *http.ServeMux

	mu     sync.Mutex
	rights map[string]grant // by access token, and by refresh token
	asked  map[string]grant // by code
}

// grant is what a token or a code was given for.
type grant struct {
	scopes    string
	challenge string // PKCE
	powerless bool   // the service account acts as nobody
	offline   bool
}

// route is one call for data, and the scopes of which a token needs one.
type route struct {
	pattern string
	scopes  []string
	answer  http.HandlerFunc
}

// calls is the table of all calls for data.
func (e *emulator) calls() []route {
	const directory = "/admin/directory/v1"
	return []route{
		{"GET " + directory + "/users", readUsers, e.users},
		{"GET " + directory + "/users/{key}", readUsers, e.user},
		{"GET " + directory + "/customer/{customer}/schemas", readSchemas, e.ofCustomer(e.schemas)},
		{"GET " + directory + "/customer/{customer}/schemas/{key}", readSchemas, e.ofCustomer(e.schema)},
		{"GET " + directory + "/customer/{customer}/orgunits", readUnits, e.ofCustomer(e.orgUnits)},
		{"GET " + directory + "/customer/{customer}/domains", readDomains, e.ofCustomer(e.domains)},
	}
}

// New makes the emulator of one customer's Workspace account.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), rights: map[string]grant{}, asked: map[string]grant{}}
	e.routes.HandleFunc("POST /token", e.token)
	e.routes.HandleFunc("POST /revoke", e.revoke)
	e.routes.HandleFunc("GET /o/oauth2/v2/auth", e.consent)
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	for _, c := range e.calls() {
		e.routes.Handle(c.pattern, e.signedIn(c))
	}
	return e
}

// Options are the key and whom it acts as, or the app.
func (e *emulator) Options() map[string]string {
	if e.Way == OAuth {
		return map[string]string{"auth": OAuth, "clientId": clientID, "clientSecret": clientSecret, "customerId": customer}
	}
	return map[string]string{"auth": Service, "serviceAccountJson": account().file, "adminEmail": adminEmail}
}

// ServeHTTP answers under Google's own host names only, each for its own calls.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := wire.Host(r); host != "" && host != hostOf(r.URL.Path) {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

func hostOf(path string) string {
	switch {
	case path == "/token" || path == "/revoke":
		return tokenHost
	case strings.HasPrefix(path, "/o/"):
		return consentHost
	}
	return adminHost
}

// GivesTokens is true for the consent page and the token calls.
func (e *emulator) GivesTokens(r *http.Request) bool { return hostOf(r.URL.Path) != adminHost }

// signedIn lets a call pass whose token is good and has one of the scopes.
func (e *emulator) signedIn(c route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := wire.Bearer(r)
		if !e.Tokens.Valid(token, purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		switch given := e.granted(token); {
		case given.powerless:
			e.Refuse(w, r, http.StatusForbidden)
		case !anyOf(given.scopes, c.scopes):
			refuse(w, http.StatusForbidden, "insufficientPermissions", "Request had insufficient authentication scopes.")
		default:
			c.answer(w, r)
		}
	})
}

func (e *emulator) ofCustomer(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if id := r.PathValue("customer"); id != myCustomer && id != customer {
			refuse(w, http.StatusNotFound, "resourceNotFound", "Resource Not Found: customerId")
			return
		}
		answer(w, r)
	}
}

var refusals = map[int][2]string{
	400: {"badRequest", "Bad Request"},
	401: {"authError", "Invalid Credentials"},
	403: {"forbidden", "Not Authorized to access this resource/api"},
	404: {"notFound", "Resource Not Found: userKey"},
	429: {"rateLimitExceeded", "Quota exceeded"},
	500: {"internalError", "Internal error encountered."},
	503: {"backendError", "Service unavailable. Please try again"},
}

// Refuse answers with Google's error object, and the token calls with OAuth's.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if e.GivesTokens(r) {
		said := tokenRefusals[status]
		refuseToken(w, status, said[0], said[1])
		return
	}
	refuse(w, status, refusals[status][0], refusals[status][1])
}

func refuse(w http.ResponseWriter, status int, reason, message string) {
	wire.JSON(w, status, "application/json; charset=UTF-8", wire.Object{"error": wire.Object{"code": status, "message": message,
		"errors": []any{wire.Object{"message": message, "domain": "global", "reason": reason}}}})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=UTF-8", body)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status; a deleted account has none.
func (e *emulator) Truth(p seed.Employee, _ time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p)
}
