// Package paylocity is Paylocity's side of its two API families, NextGen and WebLink, written from the fact sheet and from
// nothing else, so that a connector that reads them has been checked against a second statement of the same API.
package paylocity

import (
	"net/http"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	company      = "S2222"
	nextGenHost  = "dc1prodgwext.paylocity.com"
	webLinkHost  = "api.paylocity.com"
	nextGenToken = "/public/security/v1/token"
	webLinkToken = "/identityserver/connect/token"
	nextGen      = "nextgen"
	scope        = "WebLinkAPI"
	lifetime     = 3600
)

// WebLink is the way of reading through the older family; the usual way is NextGen. The emulator answers both, each with
// credentials of its own, whatever the way: the way decides about its options and its truth.
const WebLink = "weblink"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one company's Paylocity.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST "+nextGenToken, e.tokenNextGen)
	e.routes.HandleFunc("POST "+webLinkToken, e.tokenWebLink)
	calls := map[string]http.HandlerFunc{
		"GET /corehr/v1/companies/{company}/employees":                   e.employees,
		"GET /corehr/v1/companies/{company}/employees/{id}":              e.employee,
		"GET /apihub/corehr/v1/companies/{company}/costcentersandlevels": e.levels,
		"GET /apihub/payroll/v1/companies/{company}/jobs":                e.jobs,
		"GET /api/v2/companies/{company}/employees":                      e.ids,
		"GET /api/v2/companies/{company}/employees/{id}":                 e.full,
		"GET /api/v2/companies/{company}/codes/{resource}":               e.codes,
		"GET /api/v2/companies/{company}/customfields/{category}":        e.definitions,
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

func credential(family string) (id, secret string) {
	return "rollcall-" + family, "made-up-" + family + "-secret"
}

func (e *emulator) family() string {
	if e.Way == WebLink {
		return WebLink
	}
	return nextGen
}

// Options are the company, the credential and the family that it was issued for.
func (e *emulator) Options() map[string]string {
	id, secret := credential(e.family())
	return map[string]string{"companyId": company, "clientId": id, "clientSecret": secret, "apiFamily": e.family(), "environment": "production"}
}

// familyOf tells by the path which family is asked; the case of paths does not matter.
func familyOf(r *http.Request) (family, host string) {
	path := strings.ToLower(r.URL.Path)
	if strings.HasPrefix(path, "/api/v2/") || path == webLinkToken {
		return WebLink, webLinkHost
	}
	return nextGen, nextGenHost
}

// ServeHTTP answers each family at its own production host only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, home := familyOf(r)
	if host := wire.Host(r); host != "" && host != home {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = strings.ToLower(r.URL.Path), ""
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token calls of both families.
func (e *emulator) GivesTokens(r *http.Request) bool {
	path := strings.ToLower(r.URL.Path)
	return path == nextGenToken || path == webLinkToken
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		family, _ := familyOf(r)
		asked := r.PathValue("company")
		switch {
		case !e.Tokens.Valid(wire.Bearer(r), family):
			e.Refuse(w, r, http.StatusUnauthorized)
		case asked != "" && !strings.EqualFold(asked, company):
			e.Refuse(w, r, http.StatusNotFound)
		default:
			answer(w, r)
		}
	})
}

func (e *emulator) tokenNextGen(w http.ResponseWriter, r *http.Request) {
	e.token(w, r, nextGen, r.PostFormValue("client_id"), r.PostFormValue("client_secret"), true)
}

func (e *emulator) tokenWebLink(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	e.token(w, r, WebLink, id, secret, r.PostFormValue("scope") == scope)
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request, family, id, secret string, scoped bool) {
	wantID, wantSecret := credential(family)
	switch {
	case id != wantID || secret != wantSecret:
		e.Refuse(w, r, http.StatusUnauthorized)
	case r.PostFormValue("grant_type") != "client_credentials" || !scoped:
		e.Refuse(w, r, http.StatusBadRequest)
	default:
		answer(w, wire.Object{"access_token": e.Tokens.Issue(family), "token_type": "Bearer", "expires_in": lifetime})
	}
}

var refusals = map[int][2]string{
	400: {"InvalidParameter", "A parameter is not valid."},
	403: {"Forbidden", "Not allowed, or the hourly quota is used up."},
	404: {"NotFound", "There is nothing here."},
	500: {"InternalError", "Something went wrong."},
	503: {"Unavailable", "The service is not available."},
}

// Refuse answers in the family's shape: a list of what is wrong, or a bare message where the gateway speaks.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	refuse(w, r, status, "", refusals[status][1])
}

func refuse(w http.ResponseWriter, r *http.Request, status int, field, message string) {
	family, _ := familyOf(r)
	fields := []string{}
	if field != "" {
		fields = append(fields, field)
	}
	var body any = wire.Object{"message": http.StatusText(status)}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusTooManyRequests:
	case family == nextGen:
		body = []any{wire.Object{"code": refusals[status][0], "message": message, "fields": fields}}
	case status == http.StatusBadRequest:
		body = []any{wire.Object{"field": field, "message": message, "path": "/", "options": []any{}}}
	}
	wire.JSON(w, status, "application/json", body)
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet, as far as the chosen family tells it.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	switch {
	case p.Removed:
		return nil
	case e.Way == WebLink:
		return truthWebLink(p, day)
	}
	return truthNextGen(p, day)
}
