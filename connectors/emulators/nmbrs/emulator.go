// Package nmbrs is Nmbrs' side of its APIs, REST and the older SOAP, written from the fact sheet and from nothing else, so
// that a connector that reads them has been checked against a second statement of the same API.
package nmbrs

import (
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
	clientID        = "3a9f-made-up-client"
	clientSecret    = "made-up-nmbrs-secret"
	subscriptionKey = "0f2e4d6c8b0a1f3e5d7c9b0a2f4e6d8c"
	redirectURI     = "http://localhost:8765/callback"
	debtorID        = "61a1b2c3-0d0e-4f0f-8a0a-000000000001"
	purpose         = "api"
	apiHost         = "api.nmbrsapp.com"
	signInHost      = "identityservice.nmbrs.com"
	usualPage       = 50
	largestPage     = 1000
)

// The ways of reading: REST as an app that a person allowed, and SOAP as a user with a token.
const (
	OAuth = "oauth"
	SOAP  = "soap"
)

// consented is what a person allowed: where the code goes, and the challenge that the code's redeemer has to meet.
type consented struct{ redirect, challenge string }

type emulator struct {
	*wire.World
	routes    *http.ServeMux
	companies []seed.Unit
	byEmail   map[string]int // work address in small letters -> id

	mu    sync.Mutex
	asked map[string]consented // by code
	used  map[string]bool      // refresh tokens
}

// New makes the emulator of one customer's Nmbrs, with a company for each legal entity.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), byEmail: map[string]int{}, asked: map[string]consented{}, used: map[string]bool{}}
	for _, p := range world.People {
		if p.LegalEntity.ID != 0 && !slices.Contains(e.companies, p.LegalEntity) {
			e.companies = append(e.companies, p.LegalEntity)
		}
		if email := strings.ToLower(workEmail(p)); email != "" && e.byEmail[email] == 0 {
			e.byEmail[email] = p.ID
		}
	}
	if len(e.companies) == 0 {
		e.companies = []seed.Unit{{ID: 7033, Name: "Northlake Optik GmbH"}}
	}
	slices.SortFunc(e.companies, func(a, b seed.Unit) int { return a.ID - b.ID })
	e.route()
	return e
}

func (e *emulator) route() {
	e.routes.HandleFunc("GET /connect/authorize", e.consent)
	e.routes.HandleFunc("POST /connect/token", e.token)
	e.routes.HandleFunc("POST /connect/revocation", e.revoke)
	e.routes.HandleFunc("GET /.well-known/openid-configuration", discovery)
	e.routes.HandleFunc("POST /soap/v3/{service}", e.soap)
	calls := map[string]http.HandlerFunc{
		"GET /api/companies":                   e.listCompanies,
		"GET /api/debtors/{debtor}/companies":  e.listCompanies,
		"GET /api/companies/{id}/costcenters":  e.codes("costCenterId"),
		"GET /api/companies/{id}/costunits":    e.codes("costUnitId"),
		"GET /api/employees/{id}/personalInfo": e.onePerson,
		"GET /api/user/info":                   e.user,
		"/":                                    func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
		"GET /api/companies/{id}/employees/salaries": func(w http.ResponseWriter, r *http.Request) {
			e.Refuse(w, r, http.StatusForbidden)
		},
	}
	for name, l := range lists {
		calls["GET /api/companies/{id}/employees"+name] = e.people(l)
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
}

// Options are the app, or the user of SOAP.
func (e *emulator) Options() map[string]string {
	if e.Way == SOAP {
		return map[string]string{"auth": SOAP, "username": soapUser, "token": soapToken, "domain": soapDomain}
	}
	return map[string]string{"auth": OAuth, "clientId": clientID, "clientSecret": clientSecret,
		"subscriptionKey": subscriptionKey, "redirectUri": redirectURI}
}

// ServeHTTP answers for each of Nmbrs' host names what belongs to it.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := apiHost
	switch {
	case e.GivesTokens(r):
		meant = signInHost
	case isSOAP(r):
		meant = soapHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for everything that the sign-in answers.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/connect/") || strings.HasPrefix(r.URL.Path, "/.well-known/")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) || r.Header.Get("X-Subscription-Key") != subscriptionKey {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

var refusals = map[int][3]string{
	400: {"badRequest", "Bad Request", "A parameter is missing or wrong."},
	401: {"unauthorized", "Unauthorized", "Access token is missing or invalid."},
	403: {"forbidden", "Forbidden", "Scope employee.info.read is required."},
	404: {"notFound", "Not Found", "There is nothing here."},
	500: {"serverError", "Internal Server Error", "Something went wrong."},
	503: {"unavailable", "Service Unavailable", "Try again later."},
}

// Refuse answers with the problem of REST, with the two keys of the gateway where calls come too fast, with the error of
// the sign-in, or with a fault of SOAP.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	said := refusals[status]
	switch {
	case isSOAP(r):
		fault(w, status)
	case e.GivesTokens(r) && status < http.StatusNotFound:
		refuseToken(w, status, "invalid_client")
	case status == http.StatusTooManyRequests:
		wire.JSON(w, status, "application/json", wire.Object{"statusCode": status, "message": "Rate limit is exceeded. Try again in 12 seconds."})
	default:
		wire.JSON(w, status, "application/json", wire.Object{"type": said[0], "status": status, "code": strconv.Itoa(status),
			"title": said[1], "detail": said[2], "docUrl": nil})
	}
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet, as far as the chosen API tells it.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	switch {
	case p.Removed:
		return nil
	case e.Way == SOAP:
		return e.truthSOAP(p, day.Format(time.DateOnly))
	}
	return e.truth(p, day.Format(time.DateOnly))
}

// company is where a person works; those without a legal entity stand in the first one.
func (e *emulator) company(p seed.Employee) seed.Unit {
	if p.LegalEntity.ID == 0 {
		return e.companies[0]
	}
	return p.LegalEntity
}
