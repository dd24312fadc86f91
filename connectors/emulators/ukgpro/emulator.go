// Package ukgpro is UKG Pro's side of its HCM web services, written from the fact sheet and from nothing else, so that a
// connector that reads them has been checked against a second statement of the same API.
package ukgpro

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	host        = "service4.ultipro.com"
	username    = "NORTHLAKE_SYNC"
	password    = "made-up-ukgpro-password"
	customerKey = "5KX2A"
	purpose     = "api"
	largestPage = 10_000
	usualPage   = 100 // of the calls for which no other size is known
	changesPage = 200
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	titles []string // see allTitles
}

// New makes the emulator of one customer's UKG Pro.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.titles = e.allTitles()
	world.Tokens.Admit(password, purpose)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /personnel/v1/person-details":               e.persons,
		"GET /personnel/v1/employment-details":           e.employments,
		"GET /personnel/v1/employee-supervisor-details":  e.supervisors,
		"GET /personnel/v1/employee-multi-phone-numbers": e.phones,
		"GET /personnel/v1/user-defined-fields":          e.customValues,
		"GET /personnel/v1/employee-changes":             e.changes,
		"GET /configuration/v1/company-details":          e.companies,
		"GET /configuration/v1/org-levels":               e.whole(e.orgLevels),
		"GET /configuration/v1/locations":                e.whole(e.locations),
		"GET /configuration/v1/jobs":                     e.whole(e.jobs),
		"/":                                              func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the host and the service account.
func (e *emulator) Options() map[string]string {
	return map[string]string{"host": host, "username": username, "password": password, "customerApiKey": customerKey}
}

// ServeHTTP answers for the customer's own service host only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if meant := wire.Host(r); meant != "" && meant != host {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: the account goes with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

// signedIn lets a call pass that carries the account and the customer's key.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ := r.BasicAuth()
		if user != username || !e.Tokens.Valid(pass, purpose) || r.Header.Get("US-Customer-Api-Key") != customerKey {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

var messages = map[int]string{
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Rate limit exceeded",
	500: "Internal Server Error", 503: "Service Unavailable",
}

// Refuse answers 400 with all that is known about it, and every other status with a message.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusBadRequest {
		refuse(w, "The request is invalid.")
		return
	}
	wire.JSON(w, status, "application/json", wire.Object{"message": messages[status]})
}

func refuse(w http.ResponseWriter, detail string) {
	wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"title": "Bad Request", "type": "about:blank",
		"errorCount": 1, "errors": nil, "detail": detail, "code": 400, "message": "Bad Request"})
}

func answer(w http.ResponseWriter, rows []any) {
	if rows == nil {
		rows = []any{}
	}
	wire.JSON(w, http.StatusOK, "application/json", rows)
}

// paging reads the page parameters, of which one is spelled differently by one call.
func (e *emulator) paging(w http.ResponseWriter, r *http.Request, sizeName string, missing, most int, filters ...string) (from, size int, ok bool) {
	q := r.URL.Query()
	if name := wire.Unknown(q, append(filters, "page", sizeName)...); name != "" {
		refuse(w, "The parameter "+name+" is unknown.")
		return 0, 0, false
	}
	page, okPage := number(q.Get("page"), 1, 1_000_000)
	asked, okSize := number(q.Get(sizeName), missing, most)
	if !okPage || !okSize {
		refuse(w, "The page parameter is invalid.")
		return 0, 0, false
	}
	size = e.PageSize(asked)
	return (page - 1) * size, size, true
}

func number(text string, missing, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
}

// row makes a row of a list once its page is asked for: a large company has too many rows to make them all for each page.
type row func() wire.Object

// rows answers one page of a list that is not the list of people, which always pages honestly.
func rows(w http.ResponseWriter, list []row, from, size int) {
	from = min(from, len(list))
	page := []any{}
	for _, of := range list[from:min(from+size, len(list))] {
		page = append(page, of())
	}
	answer(w, page)
}

// whole answers a list that has no pages; page parameters change nothing.
func (e *emulator) whole(list func() []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if name := wire.Unknown(r.URL.Query(), "page", "per_Page"); name != "" {
			refuse(w, "The parameter "+name+" is unknown.")
			return
		}
		answer(w, list())
	}
}

// chosen keeps the people whom the filters of a call let pass.
func (e *emulator) chosen(r *http.Request) (people []seed.Employee, ok bool) {
	q := r.URL.Query()
	changed, ok := period(q.Get("dateTimeChanged"))
	for _, p := range e.Living() {
		if fits(q.Get("employeeId"), employeeID(p.ID)) && fits(q.Get("companyId"), companyID(company(p))) && changed(written(p)) {
			people = append(people, p)
		}
	}
	return people, ok
}

func fits(wanted, is string) bool { return wanted == "" || strings.EqualFold(wanted, is) }

const american = "01-02-2006"

// period understands the signs that belong to the value of a date filter: > after, < before, {from,to}, or one day.
func period(text string) (func(time.Time) bool, bool) {
	text = strings.TrimPrefix(text, "=")
	if text == "" {
		return func(time.Time) bool { return true }, true
	}
	first, last := strings.Trim(text, "<>{}"), ""
	if strings.HasPrefix(text, "{") {
		first, last, _ = strings.Cut(first, ",")
	}
	from, err := time.Parse(american, first)
	to := from
	if err == nil && last != "" {
		to, err = time.Parse(american, last)
	}
	if err != nil {
		return func(time.Time) bool { return false }, false
	}
	return func(at time.Time) bool {
		switch text[0] {
		case '>':
			return at.After(from)
		case '<':
			return at.Before(from)
		}
		return !at.Before(from) && at.Before(to.AddDate(0, 0, 1))
	}, true
}

// written is the moment at which a person's rows were last changed, in the course of that day.
func written(p seed.Employee) time.Time {
	return p.Changed.Add(14*time.Hour + 22*time.Minute + 31*time.Second + 517*time.Millisecond)
}
