// Package okta is Okta's side of its Management API, as far as people are read from it and written to it, made from the fact
// sheet and from nothing else, so that a connector that uses it has been checked against a second statement of the same API.
package okta

import (
	"bytes"
	"crypto/rsa"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	org    *org

	buckets wire.Buckets
	atOnce  atomic.Int32

	mu     sync.Mutex
	scopes map[string][]string // access or refresh token -> what it may do
	used   map[string]bool     // ids of assertions that have been redeemed
	asked  map[string]asked    // code -> what it was given for
}

// New makes the emulator of one customer's org.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), org: newOrg(world), scopes: map[string][]string{}, used: map[string]bool{}, asked: map[string]asked{}}
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

// calls is the whole API that there is here.
func (e *emulator) calls() map[string]call {
	const users, groups, schemas, types, links = "okta.users.read", "okta.groups.read", "okta.schemas.read", "okta.userTypes.read", "okta.linkedObjects.read"
	const writeUsers, writeGroups, writeSchemas, writeLinks = "okta.users.manage", "okta.groups.manage", "okta.schemas.manage", "okta.linkedObjects.manage"
	all := map[string]call{
		"GET /api/v1/users":                                     {users, e.users},
		"POST /api/v1/users":                                    {writeUsers, e.create},
		"GET /api/v1/users/{id}":                                {users, e.one(e.user)},
		"POST /api/v1/users/{id}":                               {writeUsers, e.one(e.update)},
		"PUT /api/v1/users/{id}":                                {writeUsers, e.one(e.replace)},
		"DELETE /api/v1/users/{id}":                             {writeUsers, e.one(e.delete)},
		"GET /api/v1/users/{id}/groups":                         {users, e.one(e.groupsOf)},
		"POST /api/v1/users/{id}/lifecycle/activate":            {writeUsers, e.one(e.activate)},
		"POST /api/v1/users/{id}/lifecycle/reactivate":          {writeUsers, e.one(e.reactivate)},
		"POST /api/v1/users/{id}/lifecycle/deactivate":          {writeUsers, e.one(e.deactivate)},
		"POST /api/v1/users/{id}/lifecycle/suspend":             {writeUsers, e.one(e.suspend)},
		"POST /api/v1/users/{id}/lifecycle/unsuspend":           {writeUsers, e.one(e.unsuspend)},
		"GET /api/v1/users/{id}/linkedObjects/{name}":           {users, e.one(e.linked)},
		"PUT /api/v1/users/{id}/linkedObjects/{name}/{primary}": {writeUsers, e.one(e.setLink)},
		"DELETE /api/v1/users/{id}/linkedObjects/{name}":        {writeUsers, e.one(e.dropLink)},
		"GET /api/v1/groups":                                    {groups, e.listGroups},
		"POST /api/v1/groups":                                   {writeGroups, e.createGroup},
		"GET /api/v1/groups/{group}":                            {groups, e.inGroup(e.group)},
		"PUT /api/v1/groups/{group}":                            {writeGroups, e.inGroup(e.renameGroup)},
		"DELETE /api/v1/groups/{group}":                         {writeGroups, e.inGroup(e.deleteGroup)},
		"GET /api/v1/groups/{group}/users":                      {groups, e.inGroup(e.members)},
		"PUT /api/v1/groups/{group}/users/{id}":                 {writeGroups, e.inGroup(e.join)},
		"DELETE /api/v1/groups/{group}/users/{id}":              {writeGroups, e.inGroup(e.leave)},
		"GET /api/v1/meta/schemas/user/{id}":                    {schemas, e.schema},
		"POST /api/v1/meta/schemas/user/{id}":                   {writeSchemas, e.changeSchema},
		"GET /api/v1/meta/schemas/user/linkedObjects":           {links, e.linkDefinitions},
		"POST /api/v1/meta/schemas/user/linkedObjects":          {writeLinks, e.defineLink},
		"GET /api/v1/meta/types/user":                           {types, e.types},
		"GET /api/v1/iam/assignees/users":                       {"okta.roles.read", e.administrators},
		"/":                                                     {"", e.elsewhere},
	}
	maps.Copy(all, e.sourceCalls())
	return all
}

// administrators are the users who have a role: here the chief one alone.
func (e *emulator) administrators(w http.ResponseWriter, r *http.Request) {
	if !asks(w, r, "limit", "after") {
		return
	}
	list := []any{}
	if e.org.owner != nil {
		list = append(list, wire.Object{"id": e.org.owner.id, "_links": wire.Object{"self": wire.Object{"href": base + "/api/v1/users/" + e.org.owner.id}}})
	}
	answer(w, wire.Object{"value": list, "_links": wire.Object{}})
}

// elsewhere answers what no call is for, or not by this method.
func (e *emulator) elsewhere(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := e.routes.Handler(other); pattern != "/" {
			e.Refuse(w, r, http.StatusMethodNotAllowed)
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
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
		passed, leave := e.enter(w, r)
		defer leave()
		switch {
		case !passed:
			e.tooMany(w)
		case !e.Tokens.Valid(token, purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case c.scope != "" && !e.allows(token, c.scope):
			e.Refuse(w, r, http.StatusForbidden)
		default:
			e.alone(w, r, c.answer)
		}
	})
}

// alone lets a call have the org to itself while it is answered; its client reads the answer afterwards.
func (e *emulator) alone(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	ready := &prepared{header: w.Header()}
	func() {
		e.org.mu.Lock()
		defer e.org.mu.Unlock()
		e.org.tick(e.stamp())
		e.imports()
		answer(ready, r)
	}()
	if ready.status != 0 {
		w.WriteHeader(ready.status)
	}
	_, _ = w.Write(ready.body.Bytes()) // the client may be gone
}

// prepared is an answer that nobody has read yet.
type prepared struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (p *prepared) Header() http.Header                { return p.header }
func (p *prepared) WriteHeader(status int)             { p.status = status }
func (p *prepared) Write(text []byte) (n int, _ error) { return p.body.Write(text) }

// allows tells whether a token has a scope, to manage where to read is enough; an API token has the rights of the
// administrator who made it.
func (e *emulator) allows(token, scope string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	manage := strings.TrimSuffix(scope, ".read") + ".manage"
	return e.isKey() || slices.Contains(e.scopes[token], scope) || slices.Contains(e.scopes[token], manage)
}

// stamp is the present moment as the API writes it.
func (e *emulator) stamp() string { return e.Now().UTC().Format(stamp) }

// one lets a call pass that names somebody by id or by login.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, *account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		a := e.org.find(id)
		if a == nil && id == "me" && e.Way != Service {
			a = e.org.owner
		}
		if a == nil {
			notFound(w, id, "User")
			return
		}
		answer(w, r, a)
	}
}

func notFound(w http.ResponseWriter, id, kind string) {
	refuse(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+id+" ("+kind+")")
}

var refusals = map[int][2]string{
	400: {"E0000001", "Api validation failed"},
	401: {"E0000011", "Invalid token provided"},
	403: {"E0000006", "You do not have permission to perform the requested action"},
	404: {"E0000007", "Not found: Resource not found"},
	405: {"E0000022", "The endpoint does not support the provided HTTP method"},
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
		setLimits(w, usualLimit, 0, now.Add(waitOf(w.Header().Get("Retry-After"), now)))
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

func invalid(w http.ResponseWriter, field, cause string) { invalids(w, []flaw{{field, cause}}) }

// invalids refuses a body or a query for what is wrong with its fields.
func invalids(w http.ResponseWriter, flaws []flaw) {
	var causes []string
	for _, f := range flaws {
		causes = append(causes, f.field+": "+f.cause)
	}
	refuse(w, http.StatusBadRequest, "E0000001", "Api validation failed: "+flaws[0].field, causes...)
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
