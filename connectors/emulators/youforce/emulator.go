// Package youforce is Visma Raet's side of the Youforce IAM API v1.0 and its extensions, written from the fact sheet and
// from nothing else, so that a connector that reads them has been checked against a second statement of the same API.
package youforce

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "isv_rollcall"
	clientSecret = "made-up-youforce-secret"
	tenantID     = "b7c0d1e2-0000-4000-8000-000000000001"
	managerRole  = "MGR"
	scopes       = "Youforce-IAM:Get_Basic Youforce-IAM:GetPrivateContactDetails Youforce-Extensions:files:Get_Basic"
	newer, older = "youforce", "youserve" // what a token is good for
	newHost      = "api.youforce.com"
	oldHost      = "api.youserve.nl"
	connectPath  = "/connect/token"
	oldTokenPath = "/authentication/token"
	usualPage    = 500
	largestPage  = 1000
	stamp        = "2006-01-02T15:04:05.000Z"
)

// The ways of signing in: over Visma Connect, or as the older customers on YouServe.
const (
	Connect  = "connect"
	YouServe = "youserve"
)

type emulator struct {
	*wire.World
	routes   *http.ServeMux
	titles   []string          // in the order of their ids
	profiles map[string]string // job title -> id
}

// New makes the emulator of one customer's Youforce.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), profiles: map[string]string{}}
	for _, p := range world.People {
		if p.Title != "" && e.profiles[p.Title] == "" {
			e.profiles[p.Title] = strconv.Itoa(900 + len(e.titles))
			e.titles = append(e.titles, p.Title)
		}
	}
	e.routes.HandleFunc("POST "+connectPath, e.connect)
	e.routes.HandleFunc("POST "+oldTokenPath, e.oldToken)
	lists := map[string]http.HandlerFunc{
		"/iam/v1.0/persons":                e.persons,
		"/iam/v1.0/employments":            e.list("value", "https://iam.gateway.example/employments", e.employments),
		"/iam/v1.0/organizationUnits":      e.list("value", "", e.units),
		"/iam/v1.0/jobProfiles":            e.list("value", "", e.jobProfiles),
		"/iam/v1.0/roleAssignments":        e.list("value", "", e.roles),
		"/iam/v1.0/costAllocations":        e.list("value", "", e.allocations),
		"/iam/v1.0/assignments":            e.list("value", "", e.assignments),
		"/iam/v1.0/users":                  e.list("value", "", e.users),
		"/extensions/v1.0/iam/persons":     e.list("values", "", e.personExtras),
		"/extensions/v1.0/iam/employments": e.list("values", "", e.employmentExtras),
	}
	for path, answer := range lists {
		e.routes.Handle("GET "+path, e.signedIn(answer))
	}
	e.routes.Handle("/", e.signedIn(func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) }))
	return e
}

// Options are the application, the customer and his word for managers.
func (e *emulator) Options() map[string]string {
	way := Connect
	if e.Way == YouServe {
		way = YouServe
	}
	return map[string]string{"auth": way, "clientId": clientID, "clientSecret": clientSecret, "tenantId": tenantID, "managerRole": managerRole}
}

// ServeHTTP answers for the host names to which a path belongs.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := []string{newHost, oldHost}
	switch r.URL.Path {
	case connectPath:
		meant = []string{"connect.visma.com", "connect.identity.visma.com"}
	case oldTokenPath:
		meant = []string{oldHost}
	}
	if host := wire.Host(r); host != "" && !slices.Contains(meant, host) {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token calls of both sign-ins.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return r.URL.Path == connectPath || r.URL.Path == oldTokenPath
}

// signedIn lets a call pass whose token is good for that host; the older one wants to know again who asks for whom.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, host := wire.Bearer(r), wire.Host(r)
		known := r.Header.Get("X-Client-Id") == clientID && r.Header.Get("X-Raet-Tenant-Id") == tenantID
		if e.Tokens.Valid(token, newer) && host != oldHost || e.Tokens.Valid(token, older) && host != newHost && known {
			answer(w, r)
			return
		}
		e.Refuse(w, r, http.StatusUnauthorized)
	})
}

func (e *emulator) connect(w http.ResponseWriter, r *http.Request) {
	e.give(w, r, newer, r.PostFormValue("tenant_id") == tenantID)
}

// oldToken gives a token of YouServe, which takes the tenant with each call.
func (e *emulator) oldToken(w http.ResponseWriter, r *http.Request) {
	e.give(w, r, older, slices.Contains([]string{"", tenantID}, r.PostFormValue("tenant_id")))
}

func (e *emulator) give(w http.ResponseWriter, r *http.Request, purpose string, tenant bool) {
	scope := r.PostFormValue("scope")
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.PostFormValue("grant_type") != "client_credentials":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type")
	case r.PostFormValue("client_id") != clientID || r.PostFormValue("client_secret") != clientSecret:
		refuseToken(w, http.StatusBadRequest, "invalid_client")
	case !tenant:
		refuseToken(w, http.StatusBadRequest, "invalid_grant")
	case !granted(scope):
		refuseToken(w, http.StatusBadRequest, "invalid_scope")
	default:
		if scope == "" {
			scope = scopes
		}
		answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "expires_in": 3600, "token_type": "Bearer", "scope": scope})
	}
}

func granted(scope string) bool {
	for _, s := range strings.Fields(scope) {
		if !slices.Contains(strings.Fields(scopes), s) {
			return false
		}
	}
	return true
}

func refuseToken(w http.ResponseWriter, status int, why string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": why})
}

var messages = map[int]string{
	400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 429: "Too many requests",
	500: "Internal server error", 503: "Service unavailable",
}

// Refuse answers with one key: a message, or the error of a sign-in.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if e.GivesTokens(r) && status < http.StatusNotFound {
		refuseToken(w, status, "invalid_client")
		return
	}
	wire.JSON(w, status, "application/json", wire.Object{"message": messages[status]})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	return e.truth(p, day.Format(time.DateOnly))
}

// page is what a call asks for: so many rows from an index on.
type page struct{ from, size int }

func (e *emulator) pageAsked(r *http.Request) (asked page, ok bool) {
	q := r.URL.Query()
	take := usualPage
	if text := q.Get("take"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return page{}, false
		}
		take = min(n, largestPage)
	}
	asked.size = e.PageSize(take)
	if token := q.Get("nextToken"); token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return page{}, false
		}
		if asked.from, err = strconv.Atoi(strings.TrimPrefix(string(text), "row ")); err != nil {
			return page{}, false
		}
	}
	return asked, wire.Unknown(q, "take", "nextToken", "from", "to", "personCode", "personId", "organizationUnit") == ""
}

// chosen are the people whom the filters of a call let pass.
func (e *emulator) chosen(r *http.Request) (people []seed.Employee, ok bool) {
	q := r.URL.Query()
	span := [2]time.Time{{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i, name := range []string{"from", "to"} {
		if text := q.Get(name); text != "" {
			at, err := time.Parse(stamp, text)
			if err != nil {
				return nil, false
			}
			span[i] = at
		}
	}
	return slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		return p.Changed.Before(span[0]) || p.Changed.After(span[1]) || !among(q.Get("personCode"), personCode(p.ID)) ||
			!among(q.Get("personId"), personID(p)) || !among(q.Get("organizationUnit"), unitOf(p))
	}), true
}

func among(asked, value string) bool { return asked == "" || asked == value }

// next is the link to the following page, under the given address or the vendor's own.
func next(r *http.Request, at string, from int) string {
	if at == "" {
		at = "https://" + newHost + r.URL.Path
	}
	q := r.URL.Query()
	q.Set("nextToken", base64.RawURLEncoding.EncodeToString([]byte("row "+strconv.Itoa(from))))
	return at + "?" + q.Encode()
}

func (e *emulator) persons(w http.ResponseWriter, r *http.Request) {
	asked, ok := e.pageAsked(r)
	people, fits := e.chosen(r)
	if !ok || !fits {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	rows, more := e.Pages.After(people, asked.from, asked.size)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, person(p))
	}
	body := wire.Object{"value": data}
	switch {
	case more && e.Pages.Mode() == wire.Stuck:
		body["nextLink"] = next(r, "", asked.from)
	case more:
		body["nextLink"] = next(r, "", asked.from+asked.size)
	}
	answer(w, body)
}

// list answers rows that hang on the people, page by page; a row is written only if its page is asked for.
func (e *emulator) list(key, link string, rows func(people []seed.Employee) []func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked, ok := e.pageAsked(r)
		people, fits := e.chosen(r)
		if !ok || !fits {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		all, data := rows(people), []any{}
		from := min(max(asked.from, 0), len(all))
		to := min(from+asked.size, len(all))
		for _, row := range all[from:to] {
			data = append(data, row())
		}
		body := wire.Object{key: data}
		if to < len(all) {
			body["nextLink"] = next(r, link, to)
		}
		answer(w, body)
	}
}
