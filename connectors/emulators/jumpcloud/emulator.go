// Package jumpcloud is JumpCloud's side of its APIs v1 (people) and v2 (groups and bulk jobs), written from the fact sheet
// and from nothing else, so that a connector that uses them has been checked against a second statement of the same API.
package jumpcloud

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	organization = "5f0000000000000000000001"
	purpose      = "api"
)

// The ways: the key of an administrator in the United States is the usual one; EU and India are the other regions, and the
// administrator in the EU looks after several organisations and has to name one.
const (
	Key   = "key"
	EU    = "eu"
	India = "in"
)

// region is where an organisation lives. A key of one is unknown in the others.
type region struct{ name, host, key string }

var regions = map[string]region{
	Key:   {"US", "console.jumpcloud.com", "a1b2c3made0up0key0of0forty0characters0us"},
	EU:    {"EU", "console.eu.jumpcloud.com", "a1b2c3made0up0key0of0forty0characters0eu"},
	India: {"IN", "console.in.jumpcloud.com", "a1b2c3made0up0key0of0forty0characters0in"},
}

type emulator struct {
	*wire.World
	region region
	routes *http.ServeMux
	gate   wire.Gate

	mu sync.Mutex
	*state
}

// route is one call for data and the parameters that it takes.
type route struct {
	pattern string
	takes   string
	answer  func(call) reply
}

const (
	people  = "/api/systemusers"
	person  = people + "/{id}"
	groups  = "/api/v2/usergroups"
	ofGroup = groups + "/{group}"
	bulk    = "/api/v2/bulk/users"
	paged   = "limit skip sort"
)

// calls is the whole API that there is here.
func (e *emulator) calls() []route {
	return []route{
		{"GET /api/organizations", paged, e.organizations},
		{"GET /api/organizations/{id}", "", e.organization},
		{"GET " + people, paged, e.listPeople},
		{"GET " + person, "", e.getPerson},
		{"POST /api/search/systemusers", "", e.search},
		{"POST " + people, "", e.createPerson},
		{"PUT " + person, "", e.updatePerson},
		{"DELETE " + person, "", e.deletePerson},
		{"GET " + groups, paged, e.listGroups},
		{"POST " + groups, "", e.createGroup},
		{"GET " + ofGroup, "", e.getGroup},
		{"GET " + ofGroup + "/members", paged, e.listMembers},
		{"GET " + ofGroup + "/membership", paged, e.membership},
		{"GET /api/v2/users/{id}/memberof", paged, e.memberOf},
		{"POST " + ofGroup + "/members", "", e.changeMembers},
		{"POST " + bulk, "", e.bulkCreate},
		{"PATCH " + bulk, "", e.bulkUpdate},
		{"GET " + bulk + "/{job}/results", paged, e.bulkResults},
	}
}

// New makes the emulator of one organisation.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), region: regions[Key], state: begin(world)}
	if r, ok := regions[world.Way]; ok {
		e.region = r
	}
	world.Tokens.Admit(e.region.key, purpose)
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	for _, c := range e.calls() {
		e.routes.Handle(c.pattern, e.signedIn(c))
	}
	return e
}

// Options are the key and its region, and the organisation where the administrator has several.
func (e *emulator) Options() map[string]string {
	options := map[string]string{"apiKey": e.region.key, "region": e.region.name}
	if e.Way == EU {
		options["orgId"] = organization
	}
	return options
}

// ServeHTTP answers under the hosts of JumpCloud; one of another region knows no key of this one.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := wire.Host(r)
	known := host == "" || host == e.region.host
	for _, other := range regions {
		if !known && host == other.host {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
	}
	if !known {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: the key is all there is.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

func (e *emulator) signedIn(c route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(r.Header.Get("x-api-key"), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		if over, wait := e.gate.Enter(organization, e.Limits, e.Now()); over != "" {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			e.Refuse(w, r, http.StatusTooManyRequests)
			return
		}
		defer e.gate.Leave()
		time.Sleep(e.Limits.Latency)
		e.answered(c, r).write(w, r)
	})
}

func (e *emulator) answered(c route, r *http.Request) reply {
	anyOrg := strings.HasPrefix(r.URL.Path, "/api/organizations")
	org := r.Header.Get("x-org-id")
	changes := r.Method != http.MethodGet && r.URL.Path != "/api/search/systemusers"
	switch {
	case !anyOrg && org != organization && (org != "" || e.Way == EU), changes && e.ReadOnly:
		return refused(http.StatusForbidden, refusals[http.StatusForbidden])
	case wire.Unknown(r.URL.Query(), strings.Fields(c.takes)...) != "":
		return refused(http.StatusBadRequest, "Unknown parameter: "+wire.Unknown(r.URL.Query(), strings.Fields(c.takes)...))
	}
	var body any
	if slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, r.Method) {
		var bad reply
		if body, bad = read(r); bad.status != 0 {
			return bad
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	return c.answer(call{r, r.URL.Query(), body})
}

var refusals = map[int]string{
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests",
	500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}

// Refuse answers with the error object of the API's version.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	refused(status, refusals[status]).write(w, r)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status; who was deleted has none.
func (e *emulator) Truth(p seed.Employee, _ time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p)
}

func (e *emulator) organizations(call) reply {
	return said(wire.Object{"totalCount": 1, "results": []any{e.ownOrganization()}})
}

func (e *emulator) organization(c call) reply {
	if c.PathValue("id") != organization {
		return notFound
	}
	return said(e.ownOrganization())
}

func (e *emulator) ownOrganization() wire.Object {
	return wire.Object{"_id": organization, "id": organization, "displayName": "Corp",
		"settings": wire.Object{"newSystemUserStateDefaults": wire.Object{"manualEntry": usualState}}}
}
