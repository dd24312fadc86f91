// Package afas is AFAS Profit's side of its REST services, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package afas

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	environment = "12345"
	host        = environment + ".rest.afas.online"
	base        = "/profitrestservices"
	token       = "<token><version>1</version><data>0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F9</data></token>"
	purpose     = "app connector"
	longest     = 2049 // characters of a query; a longer one is not found
	employees   = "Profit_Employees"
	copied      = "Identity_Employees" // the customer's own copy, with free fields
	chart       = "Profit_OrganizationChart"
	employers   = "Profit_Employers"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
	units  map[int]bool // who heads a unit
}

// New makes the emulator of one environment.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux(), units: heads(world.People)}
	world.Tokens.Admit(token, purpose)
	e.routes.HandleFunc("GET "+base+"/metainfo", e.metaInfo)
	e.routes.HandleFunc("GET "+base+"/metainfo/get/{connector}", e.fields)
	e.routes.HandleFunc("GET "+base+"/connectors/{connector}", e.rows)
	e.routes.HandleFunc("GET "+base+"/profitversion", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, wire.Object{"version": "22.22.5"})
	})
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

// Options are the environment, the token as Profit shows it, and the connectors.
func (e *emulator) Options() map[string]string {
	return map[string]string{"environment": environment, "environmentType": "production", "token": token,
		"employeeConnector": copied, "orgConnector": chart, "employerConnector": employers}
}

// ServeHTTP answers for the production host of the environment; the case of a path does not count.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if meant := wire.Host(r); meant != "" && meant != host || len(r.URL.RawQuery) > longest {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	if !e.letsIn(r) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	if !wire.WantsJSON(r) {
		refuse(w, http.StatusBadRequest, "Send Accept: application/json.")
		return
	}
	lower := r.Clone(r.Context())
	lower.URL.Path, lower.URL.RawPath = strings.ToLower(r.URL.Path), ""
	e.routes.ServeHTTP(w, lower)
}

func (e *emulator) letsIn(r *http.Request) bool {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AfasToken ")
	given, err := base64.StdEncoding.DecodeString(text)
	return ok && err == nil && e.Tokens.Valid(string(given), purpose)
}

// GivesTokens is never true: the token is sent with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var reasons = map[int]string{
	400: "Part of the request is missing.",
	403: "The IP address is not allowed.",
	404: "Not found.",
	500: "The time of the call is over.",
}

// Refuse answers in Profit's shape; how long to wait stands in the body.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	switch status {
	case http.StatusUnauthorized:
		wire.JSON(w, status, "application/json", wire.Object{})
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		body := wire.Object{"error": wire.Object{"code": strconv.Itoa(status), "message": "Service temporarily unavailable due to maintenance."}}
		if seconds, err := strconv.Atoi(w.Header().Get("Retry-After")); err == nil {
			body["retry_after"] = seconds
		} else if status == http.StatusServiceUnavailable {
			body["retry_after"] = 5
		}
		wire.JSON(w, status, "application/json", body)
	default:
		refuse(w, status, reasons[status])
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json", wire.Object{"externalMessage": message, "errorNumber": 0, "profitLogReference": "B0A1C2D3E4F5061728394A5B6C7D8E9F"})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return e.truth(p, day.Format(time.DateOnly))
}
