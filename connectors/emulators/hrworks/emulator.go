// Package hrworks is HRworks' side of its API v2, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package hrworks

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	accessKey   = "aBcD1234madeUp"
	secretKey   = "made-up-hrworks-secret"
	purpose     = "api"
	serial      = "jti" // what a serial number alone is good for: nothing
	apiHost     = "api.hrworks.de"
	lifetime    = 15 * time.Minute
	rowsPerPage = 50
	largestPage = 10_000
)

// demo are the hosts of the demo system, where these keys are not known.
var demo = []string{"api-demo.hrworks.de", "api.demo-hrworks.de"}

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's HRworks.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST /v2/authentication", e.token)
	e.routes.HandleFunc("GET /v2/health-check", func(w http.ResponseWriter, _ *http.Request) { answer(w, wire.Object{}) })
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /v2/persons":                      e.short,
		"GET /v2/persons/master-data":          e.persons,
		"GET /v2/persons/{number}/master-data": e.person,
		"GET /v2/organization-units":           e.organizationUnits,
		"GET /v2/permanent-establishments":     e.establishments,
		"GET /v2/cost-objects/cost-centers":    e.costCentres,
		"/":                                    func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the key pair and where it is good.
func (e *emulator) Options() map[string]string {
	return map[string]string{"accessKey": accessKey, "secretAccessKey": secretKey, "environment": "production"}
}

// ServeHTTP answers for HRworks' own hosts only; the keys are not known in the demo system.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); {
	case slices.Contains(demo, host):
		e.Refuse(w, r, http.StatusUnauthorized)
	case host != "" && host != apiHost:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is true for the call that takes the keys.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == "/v2/authentication" }

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	var keys struct {
		Access string `json:"accessKey"`
		Secret string `json:"secretAccessKey"`
	}
	isJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if err := json.NewDecoder(r.Body).Decode(&keys); err != nil || !isJSON {
		refuse(w, http.StatusBadRequest, "InvalidPayloadError", "The body has to be JSON.")
		return
	}
	if keys.Access == "" || keys.Secret == "" {
		refuse(w, http.StatusBadRequest, "MissingParameterError", "accessKey and secretAccessKey are required.")
		return
	}
	if keys.Access != accessKey || keys.Secret != secretKey {
		e.Refuse(w, r, http.StatusForbidden)
		return
	}
	answer(w, wire.Object{"token": e.issue()})
}

// issue makes a token whose claims say when it ends.
func (e *emulator) issue() string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, time.Now().Add(lifetime).Unix()))
	token := header + "." + claims + "." + e.Tokens.Issue(serial)
	e.Tokens.Admit(token, purpose)
	return token
}

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch given := r.Header.Get("Authorization"); {
		case given == "":
			refuse(w, http.StatusUnauthorized, "MissingAuthorizationHeaderError", "There is no Authorization header.")
		case wire.Bearer(r) == "":
			refuse(w, http.StatusUnauthorized, "MalformedAuthorizationHeaderError", "The Authorization header has another form.")
		case !e.Tokens.Valid(wire.Bearer(r), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		default:
			answer(w, r)
		}
	})
}

var refusals = map[int][2]string{
	400: {"InvalidParameterError", "A parameter is not valid."},
	401: {"InvalidBearerTokenError", "The token is not valid any more."},
	403: {"PermissionDeniedError", "The key pair may not use this call."},
	404: {"InvalidEndpointError", "There is nothing here."},
	429: {"TooManyRequestsError", "There were too many calls."},
	500: {"InternalServerError", "Something went wrong."},
	503: {"InternalServerError", "The service is not available."},
}

// Refuse answers with the type of the error. Keys that are wrong are 403, not 401.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	said := refusals[status]
	if e.GivesTokens(r) && (status == http.StatusUnauthorized || status == http.StatusForbidden) {
		status, said = http.StatusForbidden, [2]string{"InvalidCredentialsError", "The access key or secret key is wrong."}
	}
	refuse(w, status, said[0], said[1])
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	wire.JSON(w, status, "application/json", wire.Object{"errorCode": status, "type": kind, "errorMessage": message, "additionalErrors": []any{}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// page reads the number of a page and checks the names of the parameters.
func page(w http.ResponseWriter, r *http.Request, others ...string) (n int, ok bool) {
	q := r.URL.Query()
	if name := wire.Unknown(q, append(others, "page")...); name != "" {
		refuse(w, http.StatusBadRequest, "InvalidParameterError", "The parameter "+name+" is unknown.")
		return 0, false
	}
	if !q.Has("page") {
		return 1, true
	}
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		refuse(w, http.StatusBadRequest, "InvalidParameterTypeError", "The parameter page is not a number.")
		return 0, false
	}
	return n, true
}

// flag reads a parameter that is true or false.
func flag(w http.ResponseWriter, r *http.Request, name string, missing bool) (value, ok bool) {
	switch r.URL.Query().Get(name) {
	case "":
		return missing, true
	case "true":
		return true, true
	case "false":
		return false, true
	}
	refuse(w, http.StatusBadRequest, "InvalidParameterTypeError", "The parameter "+name+" is not a boolean.")
	return false, false
}

func (e *emulator) persons(w http.ResponseWriter, r *http.Request) {
	n, ok := page(w, r, "onlyActive", "persons[]", "usePersonnelNumbers")
	if !ok {
		return
	}
	onlyActive, ok := flag(w, r, "onlyActive", true)
	if !ok {
		return
	}
	numbers, ok := flag(w, r, "usePersonnelNumbers", false)
	if !ok {
		return
	}
	wanted := r.URL.Query()["persons[]"]
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		name := personID(p.ID)
		if numbers {
			name = p.Number
		}
		active, told := isActive(p)
		return onlyActive && told && !active || len(wanted) > 0 && !slices.Contains(wanted, name)
	})
	size := e.PageSize(rowsPerPage)
	rows, total := e.Pages.At(people, (n-1)*size, size)
	list := make([]any, 0, len(rows))
	for _, p := range rows {
		list = append(list, record(p))
	}
	link(w, r, n, (total+size-1)/size)
	answer(w, wire.Object{"persons": list})
}

// link names the other pages in the header; the body has no counter.
func link(w http.ResponseWriter, r *http.Request, n, pages int) {
	var links []string
	add := func(to int, rel string) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(to))
		links = append(links, fmt.Sprintf("<https://%s%s?%s>; rel=%q", apiHost, r.URL.Path, q.Encode(), rel))
	}
	if n > 1 {
		add(1, "first")
		add(n-1, "prev")
	}
	if n < pages {
		add(n+1, "next")
		add(pages, "last")
	}
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
}

func (e *emulator) person(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		if p.Number == r.PathValue("number") {
			answer(w, wire.Object{"persons": []any{record(p)}})
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}
