// Package workday is Workday's side of its two doors, a custom report as web service and the SOAP operation Get_Workers,
// written from the fact sheet and from nothing else, so that a connector that reads them has been checked against a
// second statement of the same API.
package workday

import (
	"net/http"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	host       = "wd3-impl-services1.workday.com"
	tenant     = "balticworks1"
	username   = "ISU_Roster"
	password   = "made-up-workday-password"
	fieldsOf   = "INT_Roster_Fields"
	reportPath = "/ccx/service/customreport2/" + tenant + "/ISU_Roster/Roster"
	purpose    = "isu"
)

// SOAP is the way of reading by Get_Workers; the usual way is a report.
const SOAP = "soap"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one tenant.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(password, purpose)
	e.routes.HandleFunc("GET "+reportPath, e.report)
	e.routes.HandleFunc("POST /ccx/service/"+tenant+"/Human_Resources/{version}", e.getWorkers)
	e.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) })
	return e
}

// Options are the integration system user, and the report or the integration system.
func (e *emulator) Options() map[string]string {
	options := map[string]string{"host": host, "tenant": tenant, "username": username, "password": password}
	if e.Way == SOAP {
		options["api"], options["integrationSystemId"] = SOAP, fieldsOf
		return options
	}
	options["api"], options["reportUrl"] = "report", "https://"+host+reportPath
	return options
}

// ServeHTTP answers for the tenant's own host only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if meant := wire.Host(r); meant != "" && meant != host {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: both doors take the user and the password with each call.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

var reasons = map[int][2]string{
	400: {"invalid request", "The report has no such parameter"},
	401: {"invalid_token", "The access token is missing, wrong or expired"},
	403: {"permission denied", "permission denied"},
	404: {"not found", "No such tenant or report"},
	429: {"too many requests", "Too many requests; try again later"},
	500: {"internal error", "internal error"},
	503: {"unavailable", "Workday is unavailable"},
}

// Refuse answers in the shape of the door that was knocked at. SOAP says most things in a fault with status 500; what
// stands before it (no such tenant, too many calls, maintenance) answers for itself.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	if strings.Contains(r.URL.Path, "/Human_Resources/") {
		switch status {
		case http.StatusUnauthorized:
			refuseSOAP(w, "SOAP-ENV:Client.authenticationError", "invalid username or password", "")
			return
		case http.StatusForbidden:
			refuseSOAP(w, "SOAP-ENV:Server", "Processing error occurred. The task submitted is not authorized.",
				`<wd:Processing_Fault xmlns:wd="urn:com.workday/bsvc"><wd:Detail_Message>The task submitted is not authorized.</wd:Detail_Message></wd:Processing_Fault>`)
			return
		case http.StatusBadRequest:
			invalid(w, "Invalid request.", "The request does not follow the schema.", "/wd:Get_Workers_Request")
			return
		}
		http.Error(w, reasons[status][0], status)
		return
	}
	more := wire.Object{"error": reasons[status][1]}
	if status == http.StatusForbidden {
		more["code"] = "S22"
	}
	wire.JSON(w, status, "application/json", wire.Object{"error": reasons[status][0], "errors": []any{more}})
}

// Truth is the canonical record by the fact sheet's table of the door that is read.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	if e.Way == SOAP {
		return truthSOAP(p, day.Format(time.DateOnly))
	}
	return truthReport(p, day.Format(time.DateOnly))
}
