// Package cezannehr is Cezanne HR's side of its OData API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package cezannehr

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	subdomain    = "w3"
	tenant       = "tidewick"
	host         = "w3.cezanneondemand.com"
	service      = "https://" + host + "/cezanneondemand/v7/dataservice.svc"
	tokenURL     = "https://" + host + "/CezanneOnDemand/-/" + tenant + "/OAuth/Token"
	clientID     = "9d1e-made-up-cezanne"
	clientSecret = "vB7-made-up-cezanne"
	readAccess   = "API read access"
	purpose      = "api"
	lifetime     = 3600
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	named  map[string]int // how many people are called so
}

// New makes the emulator of one customer's Cezanne HR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), named: map[string]int{}}
	for _, p := range world.Living() {
		e.named[e.called(p).Name()]++
	}
	e.routes.HandleFunc("POST /-/"+tenant+"/oauth/token", e.token)
	for pattern, answer := range map[string]http.HandlerFunc{
		"$metadata":           e.metadata,
		"allpeoplesearch":     e.list(e.rows, e.searchRow),
		"People":              e.list(e.persons, e.personRow),
		"Employments":         e.list(e.rows, e.employmentRow),
		"orgunits":            e.side("OrgUnitsSearch", e.orgUnits),
		"companydetails":      e.side("companydetails", e.companies),
		"locationdeployments": e.side("locationdeployments", e.locations),
		"personabsenceevents": e.side("personabsenceevents", e.absences),
	} {
		e.routes.Handle("GET /v7/dataservice.svc/"+pattern, e.signedIn(answer))
	}
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

// Options are the account, its token address and the application.
func (e *emulator) Options() map[string]string {
	return map[string]string{"subdomain": subdomain, "tenant": tenant, "tokenUrl": tokenURL, "clientId": clientID, "clientSecret": clientSecret, "scope": readAccess}
}

// ServeHTTP answers for the customer's data centre only. Paths begin with the product's name, in either of its spellings.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	product, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if h := wire.Host(r); h != "" && h != host || !strings.EqualFold(product, "cezanneondemand") {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = "/" + rest
	if e.GivesTokens(r) {
		inner.URL.Path = strings.ToLower(inner.URL.Path)
	}
	e.routes.ServeHTTP(w, inner)
}

// GivesTokens is true for the token address.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return strings.HasSuffix(strings.ToLower(r.URL.Path), "/oauth/token")
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

// token takes the application as HTTP Basic or from the form.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case r.PostFormValue("grant_type") != "client_credentials":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	case id != clientID || secret != clientSecret:
		e.Refuse(w, r, http.StatusBadRequest)
	case r.PostFormValue("scope") != readAccess:
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "The scope is not known.")
	default:
		wire.JSON(w, http.StatusOK, "application/json", wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "bearer", "expires_in": lifetime})
	}
}

func refuseToken(w http.ResponseWriter, status int, code, why string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": code, "error_description": why})
}

var reasons = map[int]string{
	400: "The query is not valid.",
	401: "Authorization has been denied for this request.",
	403: "The scope does not permit this request.",
	404: "Resource not found for the segment.",
	429: "Too many requests.",
	500: "An error has occurred.",
	503: "The service is unavailable.",
}

// Refuse answers as OData does, and at the token address as OAuth does, where a refused application is a bad request.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case e.GivesTokens(r) && status <= http.StatusUnauthorized:
		refuseToken(w, http.StatusBadRequest, "invalid_client", "Client authentication failed.")
	case e.GivesTokens(r):
		refuseToken(w, status, "server_error", reasons[status])
	default:
		wire.JSON(w, status, "application/json;charset=utf-8", wire.Object{"odata.error": wire.Object{"code": strconv.Itoa(status),
			"message": wire.Object{"lang": "en-GB", "value": reasons[status]}}})
	}
}

// metadata names the properties of each set.
func (e *emulator) metadata(w http.ResponseWriter, _ *http.Request) {
	var out strings.Builder
	out.WriteString(`<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>` +
		`<Schema Namespace="Cezanne" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">`)
	var sets strings.Builder
	for _, set := range []struct {
		name string
		row  wire.Object
	}{
		{"allpeoplesearch", e.searchRow(seed.Employee{})}, {"People", e.personRow(seed.Employee{})}, {"Employments", e.employmentRow(seed.Employee{})},
	} {
		fmt.Fprintf(&out, `<EntityType Name="%s">`, set.name)
		for name := range set.row {
			fmt.Fprintf(&out, `<Property Name="%s" Type="%s"/>`, name, edmType(name))
		}
		out.WriteString(`</EntityType>`)
		fmt.Fprintf(&sets, `<EntitySet Name="%s" EntityType="Cezanne.%s"/>`, set.name, set.name)
	}
	out.WriteString(`<EntityContainer Name="Data">` + sets.String() + `</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`)
	w.Header().Set("Content-Type", "application/xml;charset=utf-8")
	_, _ = w.Write([]byte(out.String())) // the client is gone: nobody is left to tell
}

func edmType(name string) string {
	switch {
	case name == "PRIMARYEMPLOYMENT" || name == "ACTIVEEMPLOYEE":
		return "Edm.Int32"
	case strings.HasSuffix(name, "DATE") || strings.HasPrefix(name, "EFFECTIVE"):
		return "Edm.DateTime"
	}
	return "Edm.String"
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return e.truth(e.called(p), day.Format(time.DateOnly))
}
