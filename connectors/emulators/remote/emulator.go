// Package remote is Remote's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package remote

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiToken    = "ra_live_made-up-0001"
	purpose     = "api"
	apiHost     = "gateway.remote.com"
	idPrefix    = "6f2d0000-5b1e-4c0d-9a77-"
	companyID   = "6f2d0001-5b1e-4c0d-9a77-000000000001"
	usualPage   = 20
	largestPage = 100
)

// sandboxes are the hosts of the other environments, where this token is not known.
var sandboxes = []string{"gateway.remote-sandbox.com", "gateway.partners.remote-sandbox.com"}

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one company's Remote.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(apiToken, purpose)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /v1/employments":                               e.employments,
		"GET /v1/employments/{id}":                          e.one(e.employment),
		"GET /v1/employments/{id}/custom-fields":            e.one(e.customValues),
		"GET /v1/employments/{id}/cost-center-allocations":  e.one(e.ownAllocations),
		"GET /v1/companies":                                 e.companies,
		"GET /v1/company-departments":                       e.departments,
		"GET /v1/companies/{company}/legal-entities":        e.ofCompany(e.legalEntities),
		"GET /v1/company/{company}/cost-center-allocations": e.ofCompany(e.allocations),
		"GET /v1/custom-fields":                             e.definitions,
		"GET /v1/offboardings":                              e.offboardings,
		"/":                                                 func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the company's token and where it is good.
func (e *emulator) Options() map[string]string {
	return map[string]string{"apiToken": apiToken, "environment": "production"}
}

// ServeHTTP answers for Remote's own hosts only; the token is not known in the sandboxes.
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
		for name, value := range map[string]string{"count": "1", "remaining": "299", "reset": "60"} {
			w.Header().Set("x-ratelimit-"+name, value)
		}
		answer(w, r)
	})
}

func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		digits, ok := strings.CutPrefix(r.PathValue("id"), idPrefix)
		p, found := e.Find(strings.TrimLeft(digits, "0"))
		if !ok || !found || p.Removed {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r, p)
	}
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

var messages = map[int]string{
	400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Employment not found", 429: "Too many requests",
	500: "Internal server error", 503: "Service unavailable",
}

// Refuse answers with a message, which for a bad request is an object.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	switch status {
	case http.StatusBadRequest:
		badParam(w, "page", "The request is not valid")
	case http.StatusUnprocessableEntity:
		missing(w, "company_id")
	default:
		wire.JSON(w, status, "application/json", wire.Object{"message": messages[status]})
	}
}

func badParam(w http.ResponseWriter, name, message string) {
	wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"message": wire.Object{"code": "invalid_param", "message": message, "param": name}})
}

func missing(w http.ResponseWriter, name string) {
	wire.JSON(w, http.StatusUnprocessableEntity, "application/json", wire.Object{"errors": wire.Object{name: []string{"can't be blank"}}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// paging reads the page parameters and refuses all other parameters but the filters.
func (e *emulator) paging(w http.ResponseWriter, q url.Values, filters ...string) (page, size int, ok bool) {
	if name := wire.Unknown(q, append(filters, "page", "page_size")...); name != "" {
		badParam(w, name, "unknown parameter "+name)
		return 0, 0, false
	}
	page, okPage := number(q.Get("page"), 1, 1_000_000)
	if !okPage {
		badParam(w, "page", "page must be a positive number")
		return 0, 0, false
	}
	size, okSize := number(q.Get("page_size"), usualPage, largestPage)
	if !okSize {
		badParam(w, "page_size", "page_size must be at most 100")
		return 0, 0, false
	}
	return page, e.PageSize(size), true
}

func number(text string, missing, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
}

func counters(page, size, total int) wire.Object {
	return wire.Object{"current_page": page, "total_count": total, "total_pages": (total + size - 1) / size}
}

// rows answers one page of a list that is not the list of people, which always pages honestly.
func (e *emulator) rows(w http.ResponseWriter, r *http.Request, name string, list []any, filters ...string) {
	page, size, ok := e.paging(w, r.URL.Query(), filters...)
	if !ok {
		return
	}
	data := counters(page, size, len(list))
	from := min((page-1)*size, len(list))
	data[name] = append([]any{}, list[from:min(from+size, len(list))]...)
	answer(w, wire.Object{"data": data})
}

func (e *emulator) employments(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, size, ok := e.paging(w, q, "company_id", "email", "status", "employment_type", "employment_model", "short_id")
	if !ok {
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		return !fits(q.Get("company_id"), companyID) || !fits(q.Get("email"), loginEmail(p)) || !fits(q.Get("status"), status(p)) ||
			!fits(q.Get("employment_type"), kind(p)) || !fits(q.Get("employment_model"), model(p)) || !fits(q.Get("short_id"), shortID(p))
	})
	rows, total := e.Pages.At(people, (page-1)*size, size)
	list := make([]any, 0, len(rows))
	for _, p := range rows {
		list = append(list, thin(p))
	}
	data := counters(page, size, total)
	data["employments"] = list
	answer(w, wire.Object{"data": data})
}

func fits(wanted, is string) bool {
	return wanted == "" || slices.Contains(strings.Split(wanted, ","), is)
}

func id(n int) string { return fmt.Sprintf("%s%012d", idPrefix, n) }

func shortID(p seed.Employee) string { return fmt.Sprintf("R%05d", p.ID) }
