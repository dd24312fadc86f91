// Package planday is Planday's side of its HR API v1.0, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package planday

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "5b1f0c2e-made-up-client"
	refreshToken = "f3Kx-made-up-planday-refresh"
	scopes       = "openid employee:read department:read employeegroup:read employeetype:read birthdate:read portal:read offline_access"
	purpose      = "api"
	apiHost      = "openapi.planday.com"
	signInHost   = "id.planday.com"
	largestPage  = 50
)

type emulator struct {
	*wire.World
	routes  *http.ServeMux
	revoked atomic.Bool // the token that the person copied was taken back
}

// New makes the emulator of one portal's Planday.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST /connect/token", e.token)
	e.routes.HandleFunc("POST /connect/revocation", e.revoke)
	calls := map[string]http.HandlerFunc{
		"GET /hr/v1.0/employees":                  e.list(isActive, "createdFrom", "createdTo", "modifiedFrom", "modifiedTo"),
		"GET /hr/v1.0/employees/deactivated":      e.list(isDeactivated, "createdFrom", "createdTo", "modifiedFrom", "modifiedTo", "deactivatedFrom", "deactivatedTo"),
		"GET /hr/v1.0/employees/{id}":             e.details,
		"GET /hr/v1.0/employees/supervisors":      e.side(e.supervisors),
		"GET /hr/v1.0/employees/fielddefinitions": e.definitions,
		"GET /hr/v1.0/departments":                e.side(e.departments),
		"GET /hr/v1.0/employeegroups":             e.side(e.groups),
		"GET /hr/v1.0/employeetypes":              e.side(e.types),
		"GET /portal/v1.0/info":                   e.info,
		"/":                                       func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the app and the token that its authorization left on the screen.
func (e *emulator) Options() map[string]string {
	return map[string]string{"clientId": clientID, "refreshToken": refreshToken}
}

// ServeHTTP answers for Planday's own host names only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := apiHost
	if e.GivesTokens(r) {
		meant = signInHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for everything that the sign-in answers.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/connect/")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) || r.Header.Get("X-ClientId") != clientID {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		limits(w, 749, "1")
		answer(w, r)
	})
}

func limits(w http.ResponseWriter, left int, reset string) {
	w.Header().Set("x-ratelimit-limit", "750")
	w.Header().Set("x-ratelimit-remaining", strconv.Itoa(left))
	w.Header().Set("x-ratelimit-reset", reset)
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	given := r.PostFormValue("refresh_token")
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	switch {
	case !form || r.PostFormValue("grant_type") != "refresh_token":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type")
	case r.PostFormValue("client_id") != clientID || !e.refreshes(given):
		refuseToken(w, http.StatusBadRequest, "invalid_grant")
	default:
		answer(w, wire.Object{"id_token": "made-up-id-token", "access_token": e.Tokens.Issue(purpose), "expires_in": 3600,
			"token_type": "Bearer", "refresh_token": e.Tokens.Refresh(), "scope": scopes})
	}
}

func (e *emulator) refreshes(token string) bool {
	return !e.revoked.Load() && (token == refreshToken || e.Tokens.Refreshes(token))
}

// revoke ends the authorization, and with it every refresh token that came of it.
func (e *emulator) revoke(w http.ResponseWriter, r *http.Request) {
	if e.refreshes(r.PostFormValue("token")) {
		e.revoked.Store(true)
	}
	w.WriteHeader(http.StatusOK)
}

func refuseToken(w http.ResponseWriter, status int, why string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": why})
}

var messages = map[int]string{
	401: "The access token is missing or has expired", 403: "The app lacks the scope employee:read", 404: "No such employee",
	429: "API calls quota exceeded", 500: "Something went wrong", 503: "Not available",
}

// Refuse answers in the shape of the sign-in, of a wrong value, or of everything else. Too many calls tell when the count
// begins anew: when the call may be repeated, if that is known.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case e.GivesTokens(r):
		refuseToken(w, status, "invalid_grant")
		return
	case status == http.StatusBadRequest:
		wrong(w, "limit", "The value is wrong")
		return
	case status == http.StatusTooManyRequests:
		limits(w, 0, reset(w.Header().Get("Retry-After")))
	}
	wire.JSON(w, status, "application/json", wire.Object{"error": wire.Object{"code": status, "message": messages[status]}})
}

func reset(retryAfter string) string {
	if _, err := strconv.Atoi(retryAfter); err == nil {
		return retryAfter
	}
	if at, err := http.ParseTime(retryAfter); err == nil {
		return strconv.Itoa(int(time.Until(at).Seconds()))
	}
	return "2"
}

func wrong(w http.ResponseWriter, name, why string) {
	wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"title": "One or more values are wrong", "status": 400,
		"modelState": wire.Object{name: []string{why}}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	return truth(p, day.Format(time.DateOnly))
}

// pageAsked reads limit and offset; it answers and gives ok as false where they are wrong.
func (e *emulator) pageAsked(w http.ResponseWriter, q url.Values, known ...string) (limit, offset int, ok bool) {
	limit, okLimit := whole(q.Get("limit"), largestPage, 1, largestPage)
	offset, okOffset := whole(q.Get("offset"), 0, 0, 1<<30)
	name := wire.Unknown(q, append(known, "limit", "offset")...)
	switch {
	case !okLimit:
		wrong(w, "limit", "The value is over the largest allowed")
	case !okOffset:
		wrong(w, "offset", "The value is wrong")
	case name != "":
		wrong(w, name, "The parameter is not known")
	default:
		return e.PageSize(limit), offset, true
	}
	return 0, 0, false
}

func whole(text string, missing, least, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

func paged(data []any, limit, offset, total int) wire.Object {
	return wire.Object{"paging": wire.Object{"offset": offset, "limit": limit, "total": total}, "data": data}
}

// side answers a list of names, page by page.
func (e *emulator) side(rows func() []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if limit, offset, ok := e.pageAsked(w, r.URL.Query()); ok {
			all := rows()
			from := min(offset, len(all))
			answer(w, paged(all[from:min(from+limit, len(all))], limit, offset, len(all)))
		}
	}
}

// special reads what a call asks for beyond the usual; ok is false where it has been answered.
func (e *emulator) special(w http.ResponseWriter, r *http.Request) (birthDates, ok bool) {
	text := r.URL.Query().Get("special")
	if text == "" {
		return false, true
	}
	asked := strings.Split(text, ",")
	for _, a := range asked {
		switch strings.TrimSpace(a) {
		case "BirthDate":
		case "BankAccount", "Ssn":
			e.Refuse(w, r, http.StatusForbidden)
			return false, false
		default:
			wrong(w, "special", "The value is not known")
			return false, false
		}
	}
	return slices.Contains(asked, "BirthDate"), true
}
