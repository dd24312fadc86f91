// Package googleworkspace is Google Workspace's side of the Directory API, written from the fact sheet and from nothing
// else, so that a connector that reads it has been checked against a second statement of the same API.
package googleworkspace

import (
	"net/http"
	"slices"
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

// scopes makes the full names.
func scopes(names ...string) []string {
	for i := range names {
		names[i] = scope + names[i]
	}
	return names
}

// The scopes by which each kind of thing may be read and changed.
var (
	readUsers    = scopes("user.readonly", "user")
	writeUsers   = scopes("user")
	writeAliases = scopes("user.alias", "user")
	signOut      = scopes("user.security")
	readGroups   = scopes("group.readonly", "group")
	writeGroups  = scopes("group")
	readMembers  = scopes("group.member.readonly", "group.member", "group.readonly", "group")
	writeMembers = scopes("group.member", "group")
	readSchemas  = scopes("userschema.readonly", "userschema")
	writeSchemas = scopes("userschema")
	readUnits    = scopes("orgunit.readonly", "orgunit")
	writeUnits   = scopes("orgunit")
	readDomains  = scopes("domain.readonly", "domain")
)

// reading are the scopes that a careful administrator enters for the service account; delegated are all that the sheet names.
var (
	reading   = scopes("user.readonly", "userschema.readonly", "orgunit.readonly", "domain.readonly", "group.readonly", "group.member.readonly")
	delegated = append(scopes("user", "group", "group.member", "userschema", "user.security", "user.alias", "orgunit"), reading...)
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	gate   wire.Gate

	mu sync.Mutex
	*state
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

// route is one call for data: the scopes of which a token needs one, and the parameters that it takes.
type route struct {
	pattern string
	scopes  []string
	takes   string
	answer  func(call) reply
	bare    bool // it may come without a body
}

const (
	directory = "/admin/directory/v1"
	ofUsers   = directory + "/users"
	ofUser    = ofUsers + "/{key}"
	ofGroups  = directory + "/groups"
	ofGroup   = ofGroups + "/{group}"
	ofMembers = ofGroup + "/members"
	ofMember  = ofMembers + "/{key}"
	ofAccount = directory + "/customer/{customer}"
	ofSchema  = ofAccount + "/schemas/{key}"
	ofUnit    = ofAccount + "/orgunits/{path...}"
)

// userCalls is the table of the calls about people.
func (e *emulator) userCalls() []route {
	const projection = "projection customFieldMask viewType"
	return []route{
		{"GET " + ofUsers, readUsers, "customer domain maxResults pageToken orderBy sortOrder showDeleted query event " + projection, e.users, false},
		{"GET " + ofUser, readUsers, projection, e.user, false},
		{"POST " + ofUsers, writeUsers, "resolveConflictAccount", e.insert, false},
		{"PUT " + ofUser, writeUsers, "", e.update, false},
		{"PATCH " + ofUser, writeUsers, "", e.patch, false},
		{"DELETE " + ofUser, writeUsers, "", e.remove, false},
		{"POST " + ofUser + "/undelete", writeUsers, "", e.undelete, false},
		{"POST " + ofUser + "/makeAdmin", writeUsers, "", e.makeAdmin, false},
		{"POST " + ofUser + "/signOut", signOut, "", e.signOut, true},
		{"GET " + ofUser + "/aliases", readUsers, "event", e.listAliases, false},
		{"POST " + ofUser + "/aliases", writeAliases, "", e.addAlias, false},
		{"DELETE " + ofUser + "/aliases/{alias}", writeAliases, "", e.dropAlias, false},
	}
}

// groupCalls is the table of the calls about groups and who is in them.
func (e *emulator) groupCalls() []route {
	return []route{
		{"GET " + ofGroups, readGroups, "customer domain userKey maxResults pageToken orderBy sortOrder query", e.listGroups, false},
		{"GET " + ofGroup, readGroups, "", e.getGroup, false},
		{"POST " + ofGroups, writeGroups, "", e.insertGroup, false},
		{"PUT " + ofGroup, writeGroups, "", e.updateGroup, false},
		{"PATCH " + ofGroup, writeGroups, "", e.updateGroup, false},
		{"DELETE " + ofGroup, writeGroups, "", e.deleteGroup, false},
		{"GET " + ofMembers, readMembers, "maxResults pageToken roles includeDerivedMembership", e.listMembers, false},
		{"GET " + ofMember, readMembers, "", e.getMember, false},
		{"GET " + ofGroup + "/hasMember/{key}", readMembers, "", e.hasMember, false},
		{"POST " + ofMembers, writeMembers, "", e.insertMember, false},
		{"PUT " + ofMember, writeMembers, "", e.updateMember, false},
		{"PATCH " + ofMember, writeMembers, "", e.updateMember, false},
		{"DELETE " + ofMember, writeMembers, "", e.deleteMember, false},
	}
}

// accountCalls is the table of the calls about what the customer made for himself.
func (e *emulator) accountCalls() []route {
	return []route{
		{"GET " + ofAccount + "/schemas", readSchemas, "", e.listSchemas, false},
		{"GET " + ofSchema, readSchemas, "", e.getSchema, false},
		{"POST " + ofAccount + "/schemas", writeSchemas, "", e.insertSchema, false},
		{"PUT " + ofSchema, writeSchemas, "", e.updateSchema, false},
		{"PATCH " + ofSchema, writeSchemas, "", e.updateSchema, false},
		{"DELETE " + ofSchema, writeSchemas, "", e.deleteSchema, false},
		{"GET " + ofAccount + "/orgunits", readUnits, "type orgUnitPath", e.listUnits, false},
		{"GET " + ofUnit, readUnits, "", e.getUnit, false},
		{"POST " + ofAccount + "/orgunits", writeUnits, "", e.insertUnit, false},
		{"PUT " + ofUnit, writeUnits, "", e.updateUnit, false},
		{"PATCH " + ofUnit, writeUnits, "", e.updateUnit, false},
		{"DELETE " + ofUnit, writeUnits, "", e.deleteUnit, false},
		{"GET " + ofAccount + "/domains", readDomains, "", e.domains, false},
	}
}

// New makes the emulator of one customer's Workspace account.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), state: begin(world), rights: map[string]grant{}, asked: map[string]grant{}}
	e.routes.HandleFunc("POST /token", e.token)
	e.routes.HandleFunc("POST /revoke", e.revoke)
	e.routes.HandleFunc("GET /o/oauth2/v2/auth", e.consent)
	e.routes.HandleFunc("POST /batch", e.batch)
	e.routes.HandleFunc("POST /batch/admin/directory_v1", e.batch)
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	for _, c := range slices.Concat(e.userCalls(), e.groupCalls(), e.accountCalls()) {
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

var refusals = map[int][2]string{
	400: {"badRequest", "Bad Request"},
	401: {"authError", "Invalid Credentials"},
	403: {"forbidden", "Not Authorized to access this resource/api"},
	404: {"notFound", "Resource Not Found: userKey"},
	409: {"duplicate", alreadyThere},
	412: {"limitExceeded", "Domain user limit reached"},
	429: {"rateLimitExceeded", "Quota exceeded"},
	500: {"internalError", "Internal error encountered."},
	502: {"backendError", "Bad Gateway"},
	503: {"backendError", "Service unavailable. Please try again"},
	504: {"gatewayTimeout", "Gateway Timeout"},
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
	refused(status, reason, message).write(w)
}

// problem is Google's error object.
func problem(status int, reason, message string) wire.Object {
	return wire.Object{"error": wire.Object{"code": status, "message": message,
		"errors": []any{wire.Object{"message": message, "domain": "global", "reason": reason}}}}
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
