// Package officient is Officient's side of its API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package officient

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	accessToken  = "made-up-officient-token"
	clientID     = "brightloom-sync"
	clientSecret = "made-up-officient-secret"
	redirectURI  = "http://localhost:8765/callback"
	scopes       = "basics:read personal.info:read calendar:read managers:read"
	purpose      = "api"
	apiHost      = "api.officient.io"
	appHost      = "app.officient.io"
	rowsPerPage  = 30
	unknown      = "Employee not found or you have no access."
)

// OAuth is the way of signing in with a registered app; the usual way is a token.
const OAuth = "oauth"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one company's Officient.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	if world.Way != OAuth {
		world.Tokens.Admit(accessToken, purpose)
	}
	e.route()
	return e
}

func (e *emulator) route() {
	e.routes.HandleFunc("GET /authorize", e.consent)
	e.routes.HandleFunc("POST /1.0/token", e.token)
	calls := map[string]http.HandlerFunc{
		"GET /1.0/account":                            e.account,
		"GET /1.0/people/list":                        e.list,
		"GET /1.0/people/search":                      e.search,
		"GET /1.0/people/change_history":              e.changeHistory,
		"GET /1.0/people/{id}/detail":                 e.one(e.detail),
		"GET /1.0/people/{id}/manager":                e.one(e.manager),
		"GET /1.0/people/{id}/custom_fields":          e.one(e.customFields),
		"GET /1.0/custom_fields/list":                 e.definitions,
		"GET /1.0/teams/list":                         e.teams,
		"GET /1.0/calendar/{id}/{year}/{month}/{day}": e.one(e.calendar),
		"GET /1.0/wages/":                             e.wages,
		"/":                                           func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
}

// Options are the token, or the app.
func (e *emulator) Options() map[string]string {
	if e.Way == OAuth {
		return map[string]string{"auth": OAuth, "clientId": clientID, "clientSecret": clientSecret, "redirectUri": redirectURI}
	}
	return map[string]string{"accessToken": accessToken}
}

// ServeHTTP answers for Officient's own host names only: the app asks for consent, the API does everything else.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := apiHost
	if r.URL.Path == "/authorize" {
		meant = appHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the consent page and the token call.
func (e *emulator) GivesTokens(r *http.Request) bool {
	return r.URL.Path == "/authorize" || r.URL.Path == "/1.0/token"
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		if !wire.WantsJSON(r) {
			refuse(w, http.StatusBadRequest, "Send Accept: application/json.")
			return
		}
		answer(w, r)
	})
}

// one lets a call pass that names a person whom the token may see. Whoever was removed can still be asked for by id.
func (e *emulator) one(answer func(http.ResponseWriter, *http.Request, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := e.Find(r.PathValue("id"))
		if !ok {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		answer(w, r, p)
	}
}

var reasons = map[int]string{
	400: unknown,
	401: "Invalid access token.",
	403: "The scope for this call is missing.",
	404: "Not found.",
	500: "Something went wrong.",
	503: "Not available.",
}

// Refuse answers with the two keys of Officient's errors; too many calls get an empty body.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	if status == http.StatusTooManyRequests {
		w.WriteHeader(status)
		return
	}
	refuse(w, status, reasons[status])
}

func refuse(w http.ResponseWriter, status int, reason string) {
	wire.JSON(w, status, "application/json", wire.Object{"status_code": status, "reason_phrase": reason})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// consent is the page on which a person allows an app; this one always says yes, and sends back to the registered address.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("client_id") != clientID || r.URL.Query().Get("state") == "" {
		refuse(w, http.StatusBadRequest, "client_id or state is wrong.")
		return
	}
	back := url.Values{"code": {e.Tokens.Code(redirectURI)}, "state": {r.URL.Query().Get("state")}}
	http.Redirect(w, r, redirectURI+"?"+back.Encode(), http.StatusFound)
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		ID      string `json:"client_id"`
		Secret  string `json:"client_secret"`
		Grant   string `json:"grant_type"`
		Code    string `json:"code"`
		Refresh string `json:"refresh_token"`
	}
	isJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || !isJSON {
		refuse(w, http.StatusBadRequest, "The body has to be JSON.")
		return
	}
	granted := asked.Grant == "authorization_code" && e.Tokens.Redeem(asked.Code, "") ||
		asked.Grant == "refresh_token" && e.Tokens.Refreshes(asked.Refresh)
	if asked.ID != clientID || asked.Secret != clientSecret || !granted {
		refuse(w, http.StatusUnauthorized, "Invalid client or grant.")
		return
	}
	refresh := asked.Refresh
	if refresh == "" {
		refresh = e.Tokens.Refresh()
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "expires_in": 3600, "token_type": "Bearer",
		"scope": scopes, "refresh_token": refresh})
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }
