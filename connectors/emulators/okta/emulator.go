// Package okta is Okta's side of its Management API, as far as people are read from it, written from the fact sheet and from
// nothing else, so that a connector that reads it has been checked against a second statement of the same API.
package okta

import (
	"crypto/rsa"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	domain   = "corp.okta.com"
	base     = "https://" + domain
	apiToken = "00QCjAl4-made-up-token-of-42-characters-00"
	tokenWay = "token"
	purpose  = "api"
)

// Service is the way of an application that signs with a private key; the usual way is an API token.
const Service = "service"

type emulator struct {
	*wire.World
	routes *http.ServeMux
	key    *rsa.PrivateKey // of the service application

	mu     sync.Mutex
	scopes map[string][]string // access token -> what it may do
	used   map[string]bool     // ids of assertions that have been redeemed
	asked  map[string]asked    // code -> what it was given for
}

// New makes the emulator of one customer's org.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), scopes: map[string][]string{}, used: map[string]bool{}, asked: map[string]asked{}}
	switch world.Way {
	case Service:
		e.key = madeUpKey()
	case OAuth:
	default:
		world.Tokens.Admit(apiToken, purpose)
	}
	e.routes.HandleFunc("GET /oauth2/v1/authorize", e.consent)
	e.routes.HandleFunc("POST /oauth2/v1/token", e.token)
	for pattern, c := range e.calls() {
		e.routes.Handle(pattern, e.signedIn(c))
	}
	return e
}

// call is one call of the API and the scope that it needs.
type call struct {
	scope  string
	answer http.HandlerFunc
}

// calls is the whole API that there is here; what writes comes beside what reads.
func (e *emulator) calls() map[string]call {
	const users, groups, schemas, types, links = "okta.users.read", "okta.groups.read", "okta.schemas.read", "okta.userTypes.read", "okta.linkedObjects.read"
	return map[string]call{
		"GET /api/v1/users":                           {users, e.users},
		"GET /api/v1/users/{id}":                      {users, e.one(e.user)},
		"GET /api/v1/users/{id}/groups":               {users, e.one(e.groupsOf)},
		"GET /api/v1/users/{id}/linkedObjects/{name}": {users, e.one(e.linked)},
		"GET /api/v1/groups":                          {groups, e.groups},
		"GET /api/v1/groups/{id}/users":               {groups, e.members},
		"GET /api/v1/meta/schemas/user/{id}":          {schemas, e.schema},
		"GET /api/v1/meta/schemas/user/linkedObjects": {links, e.linkDefinitions},
		"GET /api/v1/meta/types/user":                 {types, e.types},
		"/":                                           {"", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) }},
	}
}

// Options are the org and the token, or the org and the application, with its key or without one.
func (e *emulator) Options() map[string]string {
	switch e.Way {
	case Service:
		return map[string]string{"auth": Service, "domain": domain, "clientId": clientID, "keyId": keyID, "privateKey": pemOf(e.key)}
	case OAuth:
		return map[string]string{"auth": OAuth, "domain": domain, "clientId": nativeID, "redirectUri": redirect}
	}
	return map[string]string{"auth": tokenWay, "domain": domain, "apiToken": apiToken}
}

// ServeHTTP answers for the org's own domain only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Okta-Request-Id", "made-up-request-0001")
	if host := wire.Host(r); host != "" && host != domain {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token call and the consent page.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/oauth2/v1/")
}

// isKey is true where an API token is used rather than OAuth.
func (e *emulator) isKey() bool { return e.Way != Service && e.Way != OAuth }

func (e *emulator) signedIn(c call) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := wire.Bearer(r)
		if e.isKey() {
			token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "SSWS ")
		}
		setLimits(w, 597, time.Now().Add(time.Minute))
		switch {
		case !e.Tokens.Valid(token, purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case c.scope != "" && !e.allows(token, c.scope):
			e.Refuse(w, r, http.StatusForbidden)
		default:
			c.answer(w, r)
		}
	})
}

// allows tells whether a token has a scope; an API token has the rights of the administrator who made it.
func (e *emulator) allows(token, scope string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.isKey() || slices.Contains(e.scopes[token], scope)
}

func setLimits(w http.ResponseWriter, remaining int, reset time.Time) {
	w.Header().Set("X-Rate-Limit-Limit", "600")
	w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	w.Header().Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
}

// one lets a call pass that names somebody by id or by login.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		for _, p := range e.Living() {
			if id == userID(p.ID) || strings.EqualFold(id, login(p)) || id == "me" && e.Way != Service {
				answer(w, r, p)
				return
			}
		}
		refuse(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+id+" (User)")
	}
}

var refusals = map[int][2]string{
	400: {"E0000001", "Api validation failed"},
	401: {"E0000011", "Invalid token provided"},
	403: {"E0000006", "You do not have permission to perform the requested action"},
	404: {"E0000007", "Not found: Resource not found"},
	429: {"E0000047", "API call exceeded rate limit due to too many requests."},
	500: {"E0000009", "Internal Server Error"},
	503: {"E0000181", "The service is not available."},
}

// Refuse answers as the API does, and as OAuth where the application itself is refused. Of too many calls Okta says by a
// header of its own when the next minute begins; a fault that asks for a wait of its own moves that moment.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if e.GivesTokens(r) && status < http.StatusNotFound {
		refuseToken(w, status, oauthErrors[status][0], oauthErrors[status][1])
		return
	}
	if status == http.StatusTooManyRequests {
		now := time.Now()
		w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		setLimits(w, 0, now.Add(waitOf(w.Header().Get("Retry-After"), now)))
	}
	refuse(w, status, refusals[status][0], refusals[status][1])
}

// waitOf is the wait that a fault asks for, or a short one.
func waitOf(retryAfter string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(retryAfter); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if until, err := http.ParseTime(retryAfter); err == nil {
		return until.Sub(now)
	}
	return 2 * time.Second
}

func refuse(w http.ResponseWriter, status int, code, summary string, causes ...string) {
	list := []any{}
	for _, cause := range causes {
		list = append(list, wire.Object{"errorSummary": cause})
	}
	wire.JSON(w, status, "application/json", wire.Object{"errorCode": code, "errorSummary": summary, "errorLink": code,
		"errorId": "oaeMadeUpErrorId0001", "errorCauses": list})
}

func invalid(w http.ResponseWriter, field, cause string) {
	refuse(w, http.StatusBadRequest, "E0000001", "Api validation failed: "+field, field+": "+cause)
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// link adds one of the Link headers of an answer.
func link(w http.ResponseWriter, r *http.Request, rel string, q url.Values) {
	address := base + r.URL.Path
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	w.Header().Add("Link", "<"+address+`>; rel="`+rel+`"`)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, _ time.Time) map[string]string { return truth(p) }
