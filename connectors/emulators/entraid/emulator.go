// Package entraid is the side of Microsoft Entra ID in Microsoft Graph v1.0, as far as people are read from it and written
// to it, made from the fact sheet and from nothing else, so that a connector has been checked against a second statement of
// the same API.
package entraid

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	tenantID     = "11111111-2222-4333-8444-555555555555"
	tenantDomain = "corp.example"
	clientID     = "22222222-3333-4444-8555-666666666666"
	clientSecret = "made-up~entra-secret"
	secretWay    = "secret"
	purpose      = "graph"
	loginHost    = "login.microsoftonline.com"
	graphHost    = "graph.microsoft.com"
	graphURL     = "https://" + graphHost
	appObjectID  = "33333333-4444-4555-8666-777777777777"
)

// OAuth is the way of a person signing in through the browser; the usual way is an application with a secret.
const OAuth = "oauth"

// Switches of wire.Writing that there are here.
const (
	Role     = "role"     // the application has a directory role, so that it may write everything of administrators too
	Paused   = "paused"   // the job of bulkUpload accepts everything and does nothing
	Resync   = "resync"   // no token of delta is good any more, as after a move of the tenant
	External = "external" // the tenant is one for customers, in which changes are not tracked
)

type emulator struct {
	*wire.World
	*directory
	routes *http.ServeMux
	limits limits
	job    job

	mu         sync.Mutex                 // one call at a time
	challenges map[string]consent         // code -> what was consented to
	grants     map[string]map[string]bool // access or refresh token -> its permissions; nil: everything
	devices    map[string]*device
}

// New makes the emulator of one customer's tenant.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, directory: newDirectory(world), routes: http.NewServeMux(), challenges: map[string]consent{},
		grants: map[string]map[string]bool{}, devices: map[string]*device{}}
	e.limits = newLimits(world.Writing, len(e.accounts))
	e.routes.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", e.consent)
	e.routes.HandleFunc("POST /{tenant}/oauth2/v2.0/token", e.token)
	e.routes.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", e.deviceCode)
	e.routes.HandleFunc("GET "+devicePath, e.deviceConsent)
	for pattern, answer := range e.calls() {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	for pattern, write := range e.writes() {
		e.routes.Handle(pattern, e.signedIn(e.permitted(write.handler, write.permissions...)))
	}
	return e
}

// calls is what reads.
func (e *emulator) calls() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /v1.0/organization":                                      e.organization,
		"GET /v1.0/users":                                             e.users,
		"GET /v1.0/users/delta":                                       e.delta,
		"GET /v1.0/users/{id}":                                        e.one(e.user),
		"GET /v1.0/users/{id}/manager":                                e.one(e.managerOf),
		"GET /v1.0/users/{id}/directReports":                          e.one(e.reports),
		"GET /v1.0/users/{id}/memberOf":                               e.one(e.memberOf),
		"GET /v1.0/groups":                                            e.listGroups,
		"GET /v1.0/groups/{id}":                                       e.oneGroup(e.showGroup),
		"GET /v1.0/groups/{id}/members":                               e.oneGroup(e.members),
		"GET /v1.0/directory/deletedItems/microsoft.graph.user":       e.deletedUsers,
		"GET /v1.0/directory/deletedItems/{id}":                       e.gone(e.deletedUser),
		"GET /v1.0/applications/{id}/extensionProperties":             e.extensionsOfApp,
		"POST /v1.0/directoryObjects/getAvailableExtensionProperties": e.availableExtensions,
		"POST /v1.0/$batch":                                           e.batch,
		"/":                                                           func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
}

// write is a call for which one of these permissions is needed.
type write struct {
	handler     http.HandlerFunc
	permissions []string
}

// writes is what writes, and the log of what was written in bulk.
func (e *emulator) writes() map[string]write {
	user, member, group := []string{"User.ReadWrite.All"}, []string{"GroupMember.ReadWrite.All", "Group.ReadWrite.All"}, []string{"Group.ReadWrite.All"}
	some := []string{"User.ReadWrite.All", "User.ReadUpdate.All", "User.EnableDisableAccount.All", "User-PasswordProfile.ReadWrite.All",
		"Directory.AccessAsUser.All", "User-LifeCycleInfo.ReadWrite.All"}
	upload, log := []string{"SynchronizationData-User.Upload", "SynchronizationData-User.Upload.OwnedBy"}, []string{"ProvisioningLog.Read.All", "AuditLog.Read.All"}
	return map[string]write{
		"POST /v1.0/users":                                 {e.create, user},
		"PATCH /v1.0/users/{id}":                           {e.one(e.update), some},
		"DELETE /v1.0/users/{id}":                          {e.one(e.delete), user},
		"POST /v1.0/users/{id}/revokeSignInSessions":       {e.one(e.revoke), some[:3]},
		"PUT /v1.0/users/{id}/manager/$ref":                {e.one(e.setManager), user},
		"DELETE /v1.0/users/{id}/manager/$ref":             {e.one(e.dropManager), user},
		"POST /v1.0/directory/deletedItems/{id}/restore":   {e.gone(e.bringBack), user},
		"DELETE /v1.0/directory/deletedItems/{id}":         {e.gone(e.forget), user},
		"POST /v1.0/groups":                                {e.createGroup, group},
		"PATCH /v1.0/groups/{id}":                          {e.oneGroup(e.updateGroup), member},
		"DELETE /v1.0/groups/{id}":                         {e.oneGroup(e.deleteGroup), group},
		"POST /v1.0/groups/{id}/members/$ref":              {e.oneGroup(e.addMember), member},
		"DELETE /v1.0/groups/{id}/members/{member}/$ref":   {e.oneGroup(e.dropMember), member},
		"DELETE /v1.0/groups/{id}/members/{member}":        {e.deleteMember, user},
		"POST /v1.0/invitations":                           {e.invite, []string{"User.Invite.All", "User.ReadWrite.All"}},
		"POST /v1.0/applications/{id}/extensionProperties": {e.define, []string{"Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"}},
		"POST /v1.0" + jobPath + "/bulkUpload":             {e.bulkUpload, upload},
		"POST /beta" + jobPath + "/bulkUpload":             {e.bulkUpload, upload},
		"GET /v1.0/auditLogs/provisioning":                 {e.provisioning, log},
	}
}

// Options are the application, with its secret, its certificate or neither.
func (e *emulator) Options() map[string]string {
	options := map[string]string{"auth": e.Way, "tenantId": tenantID, "clientId": clientID}
	switch e.Way {
	case OAuth:
	case Certificate:
		options["certificate"], options["privateKey"] = madeUpIdentity().certificate(), madeUpIdentity().privateKey()
	default:
		options["auth"], options["clientSecret"] = secretWay, clientSecret
	}
	return options
}

// ServeHTTP answers for the hosts of the global cloud only: one signs in, the other is Graph.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := graphHost
	if e.GivesTokens(r) {
		meant = loginHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	whole := httptest.NewRecorder()
	e.mu.Lock()
	e.dispatch(whole, r)
	e.mu.Unlock()
	maps.Copy(w.Header(), whole.Header())
	w.WriteHeader(whole.Code)
	_, _ = w.Write(whole.Body.Bytes()) // the client may be gone
}

// byKey is the other way of naming somebody, for names that begin with a dollar sign.
var byKey = regexp.MustCompile(`^/v1\.0/users\('((?:[^']|'')+)'\)`)

// dispatch answers a call, or a part of a batch.
func (e *emulator) dispatch(w http.ResponseWriter, r *http.Request) {
	e.turn++
	e.settle()
	if parts := byKey.FindStringSubmatch(r.URL.Path); parts != nil {
		rest := strings.TrimPrefix(r.URL.Path, parts[0])
		r.URL.Path, r.URL.RawPath = "/v1.0/users/"+strings.ReplaceAll(parts[1], "''", "'")+rest, ""
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the consent pages and the calls for tokens.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return (strings.Contains(r.URL.Path, "/oauth2/v2.0/") || r.URL.Path == devicePath) && !strings.HasPrefix(r.URL.Path, "/v1.0/")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.Tokens.Valid(wire.Bearer(r), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case e.within(w, r):
			answer(w, r)
		}
	})
}

// permitted lets a call pass whose token has one of the permissions.
func (e *emulator) permitted(answer http.HandlerFunc, permissions ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.may(r, permissions...):
			e.Refuse(w, r, http.StatusForbidden)
		case r.Method != http.MethodGet && r.URL.RawQuery != "":
			badRequest(w, r, "A write takes no query parameters.")
		default:
			answer(w, r)
		}
	}
}

// may tells whether the token of a call has one of those permissions.
func (e *emulator) may(r *http.Request, permissions ...string) bool {
	granted := e.grants[wire.Bearer(r)]
	return granted == nil || slices.ContainsFunc(permissions, func(name string) bool { return granted[name] })
}

// one lets a call pass that names somebody by id or by user principal name.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, *account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := e.named(r.PathValue("id"))
		if a == nil {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r, a)
	}
}

var refusals = map[int][2]string{
	400: {"Request_BadRequest", "A value or a property of the request is not valid."},
	401: {"InvalidAuthenticationToken", "Access token is missing, has expired or is meant for somebody else."},
	403: {"Authorization_RequestDenied", "Insufficient privileges to complete the operation."},
	404: {"Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present."},
	409: {"Request_Conflict", "The object was changed at the same time."},
	410: {"syncStateNotFound", "The sync state is not found. Start over."},
	412: {"Request_PreconditionFailed", "The object is not what the request expects."},
	424: {"FailedDependency", "A request that this one depends on failed."},
	429: {"TooManyRequests", "Too many requests."},
	500: {"InternalServerError", "Something went wrong."},
	503: {"ServiceUnavailable", "The service is not available."},
	504: {"GatewayTimeout", "The service did not answer in time."},
}

var tokenRefusals = map[int][2]string{
	400: {"invalid_request", "AADSTS900144: The request body is not valid."},
	401: {"invalid_client", "AADSTS7000215: Invalid client secret provided."},
	403: {"invalid_grant", "AADSTS65001: Nobody has consented to use the application."},
	404: {"invalid_request", "AADSTS90002: Tenant not found."},
	429: {"temporarily_unavailable", "AADSTS90055: Too many requests."},
	500: {"server_error", "AADSTS90033: Something went wrong."},
	503: {"temporarily_unavailable", "AADSTS90033: The service is not available."},
}

// Refuse answers as Graph does, and as the token endpoint where a token was asked for.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if e.GivesTokens(r) {
		refuseToken(w, status, tokenRefusals[status][0], tokenRefusals[status][1])
		return
	}
	if status == http.StatusTooManyRequests && w.Header().Get("x-ms-throttle-information") == "" {
		w.Header().Set("x-ms-throttle-scope", throttleScope)
		w.Header().Set("x-ms-throttle-information", "ResourceUnitLimitExceeded")
	}
	refuse(w, r, status, refusals[status][1])
}

func refuse(w http.ResponseWriter, r *http.Request, status int, message string, details ...any) {
	problem := wire.Object{
		"code": refusals[status][0], "message": message,
		"innerError": wire.Object{"date": "2026-11-22T09:00:00", "request-id": "made-up-request-0001", "client-request-id": clientRequestID(r)},
	}
	if details != nil {
		problem["details"] = details
	}
	wire.JSON(w, status, "application/json", wire.Object{"error": problem})
}

func clientRequestID(r *http.Request) string {
	if id := r.Header.Get("client-request-id"); id != "" {
		return id
	}
	return "made-up-request-0001"
}

func badRequest(w http.ResponseWriter, r *http.Request, message string) {
	refuse(w, r, http.StatusBadRequest, message)
}

func answer(w http.ResponseWriter, r *http.Request, body any) { answerWith(w, r, http.StatusOK, body) }

func answerWith(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("request-id", "made-up-request-0001")
	w.Header().Set("client-request-id", clientRequestID(r))
	wire.JSON(w, status, "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8", body)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }
