// Package gusto is Gusto's side of its App Integrations API, written from the fact sheet and from nothing else, so that
// a connector that reads it has been checked against a second statement of the same API.
package gusto

import (
	"fmt"
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
	clientID     = "x1y2z3-made-up"
	clientSecret = "made-up-gusto-secret"
	redirectURI  = "http://localhost:8765/callback"
	purpose      = "api"
	apiHost      = "api.gusto.com"
	demoHost     = "api.gusto-demo.com"
	version      = "2025-06-15"
	usualPage    = 25
	largestPage  = 1_000_000 // no figure is known
)

// OAuth is the only way of signing in.
const OAuth = "oauth"

type emulator struct {
	*wire.World
	routes *http.ServeMux
	day    string // on which the company is shown: Gusto itself ends who has left

	mu         sync.Mutex
	challenges map[string]string // code -> what its verifier has to fit
	used       map[string]bool   // refresh tokens work once
}

// New makes the emulator of one company's Gusto.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), day: dayOf(world.People), challenges: map[string]string{}, used: map[string]bool{}}
	e.routes.HandleFunc("GET /oauth/authorize", e.consent)
	e.routes.HandleFunc("POST /oauth/token", e.token)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /v1/token_info":                        e.tokenInfo,
		"GET /v1/companies/{company}":               e.ofCompany(e.company),
		"GET /v1/companies/{company}/employees":     e.ofCompany(e.employees),
		"GET /v1/companies/{company}/departments":   e.ofCompany(e.departments),
		"GET /v1/companies/{company}/locations":     e.ofCompany(e.locations),
		"GET /v1/companies/{company}/custom_fields": e.ofCompany(e.definitions),
		"GET /v1/companies/{company}/contractors":   e.ofCompany(func(w http.ResponseWriter, _ *http.Request) { answer(w, []any{}) }),
		"GET /v1/employees/{id}/work_addresses":     e.one(e.workAddresses),
		"GET /v1/employees/{id}/employment_history": e.one(e.history),
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// dayOf is the day around which a company lives: the one after its last change.
func dayOf(people []seed.Employee) string {
	var last time.Time
	for _, p := range people {
		if p.Changed.After(last) {
			last = p.Changed
		}
	}
	return last.AddDate(0, 0, 1).Format(time.DateOnly)
}

// Options are the application and where its consent sends back to.
func (e *emulator) Options() map[string]string {
	return map[string]string{"clientId": clientID, "clientSecret": clientSecret, "redirectUri": redirectURI, "environment": "production"}
}

// ServeHTTP answers for Gusto's own hosts only; the application is not known to the demo host.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); {
	case host == demoHost:
		e.Refuse(w, r, http.StatusUnauthorized)
	case host != "" && host != apiHost:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is true for the consent page and the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/oauth/") }

// signedIn lets a call pass that has a token and speaks the version of this emulator.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		if r.Header.Get("X-Gusto-API-Version") != version {
			refuse(w, http.StatusBadRequest, "request", "invalid_api_version", "X-Gusto-API-Version has to be "+version+".")
			return
		}
		for name, value := range map[string]string{"Limit": "200", "Remaining": "198", "Reset": "1760000060"} {
			w.Header().Set("X-RateLimit-"+name, value)
		}
		answer(w, r)
	})
}

func (e *emulator) ofCompany(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("company") != companyID {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r)
	}
}

func (e *emulator) one(answer func(http.ResponseWriter, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		digits, ok := strings.CutPrefix(r.PathValue("id"), idPrefix)
		p, found := e.Find(strings.TrimLeft(digits, "0"))
		if !ok || !found || p.Removed {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, p)
	}
}

var refusals = map[int][2]string{
	400: {"bad_request", "The request is not valid."},
	401: {"invalid_token", "The access token is expired, revoked or wrong."},
	403: {"missing_oauth_scopes", "The token lacks a scope for this call."},
	404: {"not_found", "The thing asked for was not found."},
	422: {"invalid_attribute_value", "A parameter is not valid."},
	429: {"rate_limit_exceeded", "Too many requests."},
	500: {"server_error", "Something went wrong."},
	503: {"unavailable", "The service is not available."},
}

// Refuse answers with a list of errors; the sign-in answers as OAuth does.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case e.GivesTokens(r) && status == http.StatusUnauthorized:
		refuseGrant(w, status, "invalid_client")
	case status == http.StatusTooManyRequests:
		w.Header().Set("X-RateLimit-Limit", "200")
		w.Header().Set("X-RateLimit-Remaining", "0")
		refuse(w, status, "request", refusals[status][0], refusals[status][1])
	case status == http.StatusUnprocessableEntity:
		refuse(w, status, "base", refusals[status][0], refusals[status][1])
	default:
		refuse(w, status, "request", refusals[status][0], refusals[status][1])
	}
}

func refuse(w http.ResponseWriter, status int, key, category, message string) {
	wire.JSON(w, status, "application/json", wire.Object{"errors": []any{wire.Object{"error_key": key, "category": category, "message": message}}})
}

func refuseGrant(w http.ResponseWriter, status int, reason string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": reason, "error_description": "The client or the grant is not valid."})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

func number(text string, missing int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= largestPage
}

// paging reads the page parameters; without them a list comes whole.
func (e *emulator) paging(q url.Values, whole int) (page, size int, ok bool) {
	page, okPage := number(q.Get("page"), 1)
	size, okSize := number(q.Get("per"), usualPage)
	if !q.Has("page") && !q.Has("per") {
		size = max(whole, 1)
	}
	return page, e.PageSize(size), okPage && okSize
}

func addPaging(w http.ResponseWriter, page, size, total int) {
	for name, n := range map[string]int{"Page": page, "Per-Page": size, "Total-Count": total, "Total-Pages": (total + size - 1) / size} {
		w.Header().Set("X-"+name, strconv.Itoa(n))
	}
}

var (
	filters  = []string{"search_term", "sort_by", "onboarded", "onboarded_active", "terminated", "terminated_today", "location_uuid", "payroll_uuid", "uuids"}
	includes = []string{"all_compensations", "all_home_addresses", "company_name", "current_home_address", "custom_fields", "portal_invitations"}
	orders   = []string{"", "created_at", "name", "onboarding_status"}
	flags    = []string{"", "true", "false"}
)

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	people, included := e.chosen(q), []string{}
	if text := q.Get("include"); text != "" {
		included = strings.Split(text, ",")
	}
	page, size, ok := e.paging(q, len(people))
	ok = ok && wire.Unknown(q, append(filters, "page", "per", "include")...) == "" && slices.Contains(orders, q.Get("sort_by"))
	for _, name := range included {
		ok = ok && slices.Contains(includes, name)
	}
	for _, name := range filters[2:6] {
		ok = ok && slices.Contains(flags, q.Get(name))
	}
	if !ok {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	rows, total := e.Pages.At(people, (page-1)*size, size)
	list := make([]any, 0, len(rows))
	for _, p := range rows {
		list = append(list, e.employee(p, included))
	}
	addPaging(w, page, size, total)
	answer(w, list)
}

func (e *emulator) chosen(q url.Values) []seed.Employee {
	return slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		for name, is := range map[string]bool{"terminated": e.gone(p), "onboarded": onboarded(p), "onboarded_active": onboarded(p) && !e.gone(p),
			"terminated_today": p.End == e.day} {
			if wanted := q.Get(name); wanted != "" && wanted != fmt.Sprint(is) {
				return true
			}
		}
		uuids := q.Get("uuids")
		return uuids != "" && !slices.Contains(strings.Split(uuids, ","), id(p.ID)) || !strings.Contains(p.Name(), q.Get("search_term")) ||
			q.Get("location_uuid") != "" && q.Get("location_uuid") != id(p.Office.ID)
	})
}
