// Package successfactors is SAP SuccessFactors' side of its OData API v2, written from the fact sheet and from nothing
// else, so that a connector that reads it has been checked against a second statement of the same API.
package successfactors

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiServer = "api12.sapsf.eu"
	companyID = "NORTHLAKE01"
	username  = "sfapi_sync"
	password  = "made-up-successfactors-password"
	apiKey    = "bWFkZS11cC1hcGkta2V5LW9mLW5vcnRobGFrZQ"
	base      = "https://" + apiServer + "/odata/v2/"
	lifetime  = 86399
	purpose   = "api"
)

// SAML is the way of signing in with a signed assertion; the usual way is basic.
const SAML = "saml"

// key is made once a run, because making it is slow and keeping it in the source would look like a leak.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic("no randomness for a key: " + err.Error())
	}
	return made
})

type emulator struct {
	*wire.World
	routes *http.ServeMux

	mu    sync.Mutex
	token string // the one that is given back until it ends
	given time.Time
}

// New makes the emulator of one customer's SuccessFactors.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST /oauth/token", e.giveToken)
	calls := map[string]http.HandlerFunc{
		"GET /odata/v2/PerPerson": e.people,
		"GET /odata/v2/EmpJob":    e.jobs,
		"GET /odata/v2/User":      e.users,
		"GET /odata/v2/{entity}":  e.foundation,
		"GET /odata/v2/$metadata": e.metadata,
		"/":                       e.lost,
	}
	for pattern, answer := range calls {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the API user's password, or the registered application and its key.
func (e *emulator) Options() map[string]string {
	o := map[string]string{"apiServer": apiServer, "companyId": companyID, "username": username, "auth": "basic", "password": password}
	if e.Way == SAML {
		delete(o, "password")
		o["auth"], o["apiKey"], o["privateKey"] = SAML, apiKey, privateKey()
	}
	return o
}

func privateKey() string {
	der, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		panic("an RSA key cannot be written: " + err.Error())
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// ServeHTTP answers for the customer's API server only; the host of the browser is a mistake of its own.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch host := wire.Host(r); {
	case strings.HasPrefix(host, "performancemanager"):
		refuse(w, http.StatusForbidden, "LGN0004", "[LGN0004]This is not an API server")
	case host != "" && host != apiServer:
		e.lost(w, r)
	default:
		e.routes.ServeHTTP(w, r)
	}
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == "/oauth/token" }

// Truth is the canonical record by the fact sheet's table of PerPerson, read over all time.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string { return truth(p, day) }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, pass, isBasic := r.BasicAuth()
		_, company, _ := strings.Cut(user, "@")
		switch {
		case r.Header.Get("Authorization") == "":
			refuse(w, http.StatusUnauthorized, "LGN0003", "[LGN0003]No credentials were sent")
		case isBasic && company != companyID:
			refuse(w, http.StatusForbidden, "LGN0008", "[LGN0008]The company is not known")
		case isBasic && (e.Way == SAML || user != username+"@"+companyID || pass != password),
			!isBasic && !e.Tokens.Valid(wire.Bearer(r), purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		default:
			http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: "made-up-session", Path: "/"})
			w.Header().Set("X-CSRF-Token", "made-up-csrf-token")
			answer(w, r)
		}
	})
}

// giveToken gives the same token back until it ends, unless a new one is asked for.
func (e *emulator) giveToken(w http.ResponseWriter, r *http.Request) {
	const grant = "urn:ietf:params:oauth:grant-type:saml2-bearer"
	switch {
	case r.PostFormValue("company_id") != companyID:
		refuse(w, http.StatusForbidden, "LGN0008", "[LGN0008]The company is not known")
		return
	case r.PostFormValue("grant_type") != grant:
		refuse(w, http.StatusBadRequest, "invalid_grant", "The grant type is not supported")
		return
	case r.PostFormValue("client_id") != apiKey || !vouches(r.PostFormValue("assertion"), &key().PublicKey, time.Now()):
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.Tokens.Valid(e.token, purpose) || r.PostFormValue("new_token") == "true" {
		e.token, e.given = e.Tokens.Issue(purpose), time.Now()
	}
	left := lifetime - int(time.Since(e.given).Seconds())
	answer(w, wire.Object{"access_token": e.token, "token_type": "Bearer", "expires_in": left})
}

var refusals = map[int][2]string{
	400: {"COE_PROPERTY_NOT_FOUND", "[COE0021]Invalid property names. Please check the property name and try again."},
	401: {"LGN0007", "[LGN0007]The access token is not valid"},
	403: {"LGN0002", "[LGN0002]This user may not use the OData API"},
	404: {"COE_ENTITY_NOT_FOUND", "[COE0019]Entity is not found"},
	429: {"429", "Too many requests; wait for the time in Retry-After"},
	500: {"COE_GENERAL_SERVER_ERROR", "[COE0004]Metadata is being generated; try again later"},
	503: {"503", "Service unavailable during maintenance"},
}

// Refuse answers with SuccessFactors' error object.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	refuse(w, status, refusals[status][0], refusals[status][1])
}

func (e *emulator) lost(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) }

func refuse(w http.ResponseWriter, status int, code, text string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": wire.Object{"code": code, "message": wire.Object{"lang": "en-US", "value": text}}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }
