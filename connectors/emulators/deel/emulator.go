// Package deel is Deel's side of its REST and SCIM APIs, written from the fact sheet and from nothing else, so that a
// connector that reads them has been checked against a second statement of the same API.
package deel

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiToken    = "deel_tok_made-up-0001"
	purpose     = "api"
	apiHost     = "api.letsdeel.com"
	usualPage   = 50
	largestPage = 200
	entityPage  = 100
)

// sandboxes are the hosts of the other environment, where this token is not known.
var sandboxes = []string{"api-sandbox.demo.deel.com", "api-staging.letsdeel.com"}

type emulator struct {
	*wire.World
	routes  *http.ServeMux
	reports map[int][]seed.Employee
}

// New makes the emulator of one organization's Deel.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), reports: map[int][]seed.Employee{}}
	world.Tokens.Admit(apiToken, purpose)
	for _, p := range world.Living() {
		e.reports[p.ManagerID] = append(e.reports[p.ManagerID], p)
	}
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /rest/v2/people":                           e.people,
		"GET /rest/v2/people/me":                        e.me,
		"GET /rest/v2/people/{id}":                      e.one(e.profile),
		"GET /rest/v2/people/custom_fields":             e.definitions,
		"GET /rest/v2/people/{id}/personal":             e.one(e.personal),
		"GET /rest/v2/people/{id}/custom_fields":        e.profiled(e.one(e.customValues)),
		"GET /rest/v2/departments":                      e.departments,
		"GET /rest/v2/teams":                            e.teams,
		"GET /rest/v2/working-locations":                e.workingLocations,
		"GET /rest/v2/legal-entities":                   e.legalEntities,
		"GET /rest/v2/legal-entities/{id}/cost-centers": e.costCentres,
		"GET /rest/v2/hris/organization_structures":     e.structures,
		"GET /scim/v2/Users":                            e.scimUsers,
		"/":                                             func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the organization's token and where it is good.
func (e *emulator) Options() map[string]string {
	return map[string]string{"apiToken": apiToken, "environment": "production"}
}

// ServeHTTP answers for Deel's own hosts only; the token is not known in the sandbox.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); {
	case slices.Contains(sandboxes, host):
		e.Refuse(w, r, http.StatusUnauthorized)
	case host != "" && host != apiHost:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is never true: the token is made on the vendor's screen.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

// one lets a call pass that names a person by the profile's id or by the worker's number.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if digits, ok := strings.CutPrefix(id, profilePrefix); ok {
			id = strings.TrimLeft(digits, "0")
		} else if n, err := strconv.Atoi(id); err == nil {
			id = strconv.Itoa(n - firstWorker)
		}
		p, ok := e.Find(id)
		if !ok || p.Removed {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r, p)
	}
}

// profiled refuses the number of a worker where the vendor's description wants an ID of the form of a profile's.
func (e *emulator) profiled(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.PathValue("id"), profilePrefix) {
			refuse(w, r, http.StatusBadRequest, messages[http.StatusBadRequest], "worker_id")
			return
		}
		answer(w, r)
	}
}

var messages = map[int]string{
	400: "A parameter is not valid.", 401: "The token is missing or not valid.", 403: "The token lacks the scope this call needs.",
	404: "Not found.", 429: "Too many requests.", 500: "Something went wrong.", 503: "The service is not available.",
}

// Refuse answers REST calls with the request and a list of errors, SCIM calls as SCIM does.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	refuse(w, r, status, messages[status], "")
}

func refuse(w http.ResponseWriter, r *http.Request, status int, message, path string) {
	if strings.HasPrefix(r.URL.Path, "/scim/") {
		wire.JSON(w, status, "application/scim+json", wire.Object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"},
			"status": strconv.Itoa(status), "detail": message})
		return
	}
	flaw := wire.Object{"message": message}
	if path != "" {
		flaw["path"] = path
	}
	wire.JSON(w, status, "application/json", wire.Object{"errors": []any{flaw}, "request": wire.Object{
		"method": r.Method, "url": r.URL.RequestURI(), "status": status, "api_req_id": "00000000-1111-4222-8333-444444444444",
		"docs": "https://developer.deel.com", "source": "api", "code": status}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// number reads a number among the query parameters.
func number(text string, missing, least, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

var allowed = map[string][]string{
	"sort_order": {"asc", "desc"},
	"hiring_statuses[]": {"pending_invite", "draft", "invited", "onboarding", "onboarding_at_risk", "onboarding_overdue", "onboarded",
		"offboarding", "active", "inactive", "in_review", "quote_requires_changes"},
	"hiring_types[]": {"contractor", "eor", "peo", "hris_direct_employee", "hris_direct_contractor", "direct_employee",
		"contractor_outside_deel", "person_without_contract"},
	"person_statuses[]": {"ACTIVE", "OFFBOARDING", "NOT_STARTED", "INACTIVE"},
}

// flaw names the first parameter of a call that is unknown or has a value that it cannot have.
func flaw(q url.Values, known ...string) string {
	if name := wire.Unknown(q, known...); name != "" {
		return name
	}
	for name, values := range allowed {
		for _, v := range q[name] {
			if !slices.Contains(values, v) {
				return name
			}
		}
	}
	return ""
}

func (e *emulator) people(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	bad := flaw(q, "offset", "limit", "search", "teams[]", "fields[]", "sort_by", "sort_order", "hiring_statuses[]", "hiring_types[]", "person_statuses[]")
	offset, okOffset := number(q.Get("offset"), 0, 0, 1_000_000_000)
	limit, okLimit := number(q.Get("limit"), usualPage, 1, largestPage)
	switch {
	case !okOffset:
		bad = "offset"
	case !okLimit:
		bad = "limit"
	}
	if bad != "" {
		refuse(w, r, http.StatusBadRequest, messages[http.StatusBadRequest], bad)
		return
	}
	size := e.PageSize(limit)
	rows, total := e.Pages.At(e.chosen(q), offset, size)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, e.person(p))
	}
	answer(w, wire.Object{"data": data, "page": wire.Object{"offset": offset, "total_rows": total, "items_per_page": size}})
}

func (e *emulator) chosen(q url.Values) []seed.Employee {
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		person, hiring := statusWords(p)
		return !among(q["hiring_statuses[]"], hiring) || !among(q["hiring_types[]"], hiringType(p)) || !among(q["person_statuses[]"], person) ||
			!among(q["teams[]"], teamID(p.Team)) || !strings.Contains(p.Name(), q.Get("search"))
	})
	if q.Get("sort_order") == "desc" {
		slices.Reverse(people)
	}
	return people
}

func among(wanted []string, is string) bool { return len(wanted) == 0 || slices.Contains(wanted, is) }

func (e *emulator) me(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": wire.Object{"id": profileID(1), "worker_id": "100001", "full_name": "Organization token"}})
}

func (e *emulator) profile(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	if bad := flaw(r.URL.Query(), "include_custom_fields", "include_worker_relations"); bad != "" {
		refuse(w, r, http.StatusBadRequest, messages[http.StatusBadRequest], bad)
		return
	}
	answer(w, wire.Object{"data": e.person(p)})
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
