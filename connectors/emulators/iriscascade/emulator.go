// Package iriscascade is IRIS Cascade HR's side of the IRIS HR API, written from the fact sheet and from nothing else, so
// that a connector that reads it has been checked against a second statement of the same API.
package iriscascade

import (
	"net/http"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const (
	clientKey    = "0oab7XkMadeUp"
	clientSecret = "made-up-cascade-secret"
	scope        = "iris.hr.read"
	apiHost      = "api.iris.co.uk"
	tokenPath    = "/oauth2/v1/token"
	base         = "/hr/v2"
	context      = "https://api.iris.co.uk/hr/v2/$metadata#"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Cascade database.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST "+tokenPath, e.token)
	calls := map[string]http.HandlerFunc{
		"GET /hr/v2/employees":                 e.employees,
		"GET /hr/v2/employees/{id}":            e.employee,
		"GET /hr/v2/jobs":                      e.jobs,
		"GET /hr/v2/hierarchy":                 e.hierarchy,
		"GET /hr/v2/hierarchy/{id}":            e.node,
		"GET /hr/v2/hierarchy/{id}/path":       e.path,
		"GET /hr/v2/attendance/absences":       nothing("Absences"),
		"GET /hr/v2/attendance/absencereasons": nothing("AbsenceReasons"),
		"/":                                    func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the client that was made for the customer's database.
func (e *emulator) Options() map[string]string {
	return map[string]string{"clientKey": clientKey, "clientSecret": clientSecret}
}

// ServeHTTP answers for the one host; the case of a path does not matter.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.Clone(r.Context())
	r.URL.Path = strings.ToLower(r.URL.Path)
	if host := wire.Host(r); host != "" && host != apiHost {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return strings.EqualFold(r.URL.Path, tokenPath) }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), scope) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

// token gives an hour less a second, and says so in a text.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	key, secret, _ := r.BasicAuth()
	if key != clientKey || secret != clientSecret {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if asked := r.PostFormValue("scope"); !form || r.PostFormValue("grant_type") != "client_credentials" || asked != "" && asked != scope {
		problem(w, http.StatusBadRequest, "The grant has to be client_credentials, sent as a form.")
		return
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(scope), "expires_in": "3599", "scope": scope, "token_type": "Bearer"})
}

var gateway = map[int]string{
	401: "Access token is missing or invalid.",
	429: "Rate limit is exceeded. Try again later.",
}

// Refuse answers as the gateway where that speaks, and else with problem details.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if message := gateway[status]; message != "" {
		wire.JSON(w, status, "application/json", wire.Object{"statusCode": status, "message": message})
		return
	}
	problem(w, status, nil)
}

func problem(w http.ResponseWriter, status int, detail any) {
	kind := map[int]string{400: "section-6.5.1", 403: "section-6.5.3", 404: "section-6.5.4", 500: "section-6.6.1", 503: "section-6.6.4"}[status]
	wire.JSON(w, status, "application/problem+json", wire.Object{"type": "https://tools.ietf.org/html/rfc7231#" + kind,
		"title": http.StatusText(status), "status": status, "detail": detail, "instance": nil})
}

func answer(w http.ResponseWriter, body any) {
	wire.JSON(w, http.StatusOK, "application/json; odata.metadata=minimal", body)
}

func nothing(set string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer(w, wire.Object{"@odata.context": context + set, "value": []any{}})
	}
}
