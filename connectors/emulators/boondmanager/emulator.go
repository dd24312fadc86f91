// Package boondmanager is BoondManager's side of its API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API.
package boondmanager

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	userToken   = "3132372e64656d6f"
	clientToken = "64656d6f"
	clientKey   = "made-up-boond-key"
	login       = "sync@lumenor.example"
	password    = "made-up-boond-password"
	purpose     = "api"
	apiHost     = "ui.boondmanager.com"
	jwtHeader   = "X-Jwt-Client-Boondmanager"
)

// Basic is the way of signing in with login and password; the usual way is a JWT of the client.
const Basic = "basic"

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's BoondManager.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(userToken, purpose)
	world.Tokens.Admit(password, purpose)
	calls := map[string]http.HandlerFunc{
		"GET /api/resources":                     e.resources,
		"GET /api/resources/{id}":                e.one(e.profile),
		"GET /api/resources/{id}/information":    e.one(e.profile),
		"GET /api/resources/{id}/administrative": e.one(e.administrative),
		"GET /api/contracts":                     func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusMethodNotAllowed) },
		"GET /api/contracts/{id}":                e.contract,
		"GET /api/agencies":                      e.agencies,
		"GET /api/poles":                         e.poles,
		"GET /api/business-units":                e.nothing,
		"GET /api/roles":                         e.nothing,
		"GET /api/application/dictionary":        e.dictionary,
		"GET /api/application/current-user":      e.currentUser,
		"/":                                      func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the tokens or the login, and the codes of the states that this customer made up.
func (e *emulator) Options() map[string]string {
	o := map[string]string{"leftStates": strconv.Itoa(left), "leaveStates": strconv.Itoa(away)}
	if e.Way == Basic {
		o["auth"], o["login"], o["password"] = Basic, login, password
		return o
	}
	o["auth"], o["userToken"], o["clientToken"], o["clientKey"] = "jwt", userToken, clientToken, clientKey
	return o
}

// ServeHTTP answers for BoondManager's one host only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := wire.Host(r); host != "" && host != apiHost {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: clients make their tokens themselves.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

// signedIn lets a call pass with a JWT, or with login and password. A wrong JWT is no 401 but a 422.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, word, _ := r.BasicAuth()
		jwt := r.Header.Get(jwtHeader)
		switch {
		case e.Way == Basic && (name != login || word != password || !e.Tokens.Valid(word, purpose)), e.Way != Basic && jwt == "":
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		case e.Way != Basic && !e.accepts(jwt):
			refuse(w, http.StatusUnprocessableEntity, "422", "422 - Signature verification failed", "xJwtClient")
			return
		}
		answer(w, r)
	})
}

// accepts checks a JWT: HS256, signed with the client's key, with the two tokens and nothing unknown.
func (e *emulator) accepts(jwt string) bool {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return false
	}
	sign := hmac.New(sha256.New, []byte(clientKey))
	sign.Write([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, sign.Sum(nil)) {
		return false
	}
	var head struct {
		Algorithm string `json:"alg"`
		Type      string `json:"typ"`
	}
	var body struct {
		User   string      `json:"userToken"`
		Client string      `json:"clientToken"`
		Time   json.Number `json:"time"`
		Mode   string      `json:"mode"`
	}
	return decode(parts[0], &head) && decode(parts[1], &body) && head.Algorithm == "HS256" &&
		e.Tokens.Valid(body.User, purpose) && body.User == userToken && body.Client == clientToken
}

func decode(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return false
	}
	in := json.NewDecoder(strings.NewReader(string(text)))
	in.DisallowUnknownFields()
	return in.Decode(into) == nil
}

// one lets a call pass that names a resource.
func (e *emulator) one(answer func(http.ResponseWriter, seed.Employee)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := e.Find(r.PathValue("id"))
		if !ok || p.Removed {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, p)
	}
}

// meta comes with every answer, good or bad.
func meta(logged bool) wire.Object {
	o := wire.Object{"version": "9.1.78.1", "androidMinVersion": "2.31.5", "iosMinVersion": "2.28.6",
		"isLogged": logged, "language": "en", "timestamp": 1793174400000}
	if logged {
		o["language"], o["login"], o["customer"] = "fr", login, "lumenor"
	}
	return o
}

func listMeta(rows int) wire.Object {
	o := meta(true)
	o["solr"], o["conditionalFields"], o["totals"] = false, []any{}, wire.Object{"rows": rows}
	return o
}

// Refuse answers with meta and one error; the missing right has words of its own.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	code := strconv.Itoa(status)
	detail := fmt.Sprintf("HTTP %d (%s %s)", status, r.Method, r.URL.RequestURI())
	if status == http.StatusForbidden {
		detail = "Potential missing contractual feature(s): appsNoCode"
	}
	refuse(w, status, code, detail, "")
}

func refuse(w http.ResponseWriter, status int, code, detail, parameter string) {
	logged := status != http.StatusUnauthorized && status != http.StatusMethodNotAllowed && parameter != "xJwtClient"
	problem := wire.Object{"status": strconv.Itoa(status), "code": code, "detail": detail}
	if parameter != "" {
		problem["source"] = wire.Object{"parameter": parameter}
	} else {
		problem["title"] = code
	}
	wire.JSON(w, status, "application/json", wire.Object{"meta": meta(logged), "errors": []any{problem}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }
