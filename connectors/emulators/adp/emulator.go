// Package adp is ADP Workforce Now's side of its API, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API. It stands behind a plain address, so
// that it cannot see the client's certificate: it gives one out, and checks the client id and secret only.
package adp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	clientID     = "88a73992-07f2-4000-8000-made-up-adp"
	clientSecret = "a130adb7-aa51-4000-8000-made-up-adp"
	purpose      = "api"
	lifetime     = 3600
	tokenPath    = "/auth/oauth/v2/token"
	tokenHost    = "accounts.adp.com"
	apiHost      = "api.adp.com"
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Workforce Now.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	e.routes.HandleFunc("POST "+tokenPath, e.token)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /hr/v2/workers":                                     e.workers(record),
		"GET /hr/v2/workers/meta":                                e.meta,
		"GET /hr/v2/workers/{id}":                                e.worker,
		"GET /hr/v2/worker-demographics":                         e.workers(demographics),
		"GET /hcm/v1/validation-tables/departments":              e.departments,
		"GET /hcm/v1/validation-tables/associate-work-locations": e.locations,
		"GET /hcm/v1/validation-tables/cost-centers":             e.costCentres,
		"GET /hcm/v1/validation-tables/business-units":           e.businessUnits,
		"GET /wfn/hr/v1/corporate-contact-photos/{name}":         func(w http.ResponseWriter, _ *http.Request) { wire.Picture(w) },
		"/": func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// keyPair is a certificate and its key, made once while the program runs. It is good for long, as the day of a test may be any.
var keyPair = sync.OnceValues(func() (certificate, private string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic("no key can be made: " + err.Error())
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Rollcall emulator"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		panic("no certificate can be made: " + err.Error())
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic("the key cannot be written: " + err.Error())
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
})

// Options are the project's credential, and a certificate that nobody asks for here.
func (e *emulator) Options() map[string]string {
	certificate, private := keyPair()
	return map[string]string{"clientId": clientID, "clientSecret": clientSecret, "certificate": certificate, "privateKey": private, "region": "us"}
}

// ServeHTTP answers for the hosts of the United States only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant := apiHost
	if e.GivesTokens(r) {
		meant = tokenHost
	}
	if host := wire.Host(r); host != "" && host != meant {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is true for the token call.
func (e *emulator) GivesTokens(r *http.Request) bool { return r.URL.Path == tokenPath }

func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.Tokens.Valid(wire.Bearer(r), purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		answer(w, r)
	})
}

// token takes the credential as HTTP Basic or from the form.
func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case r.PostFormValue("grant_type") != "client_credentials":
		e.Refuse(w, r, http.StatusBadRequest)
	case id != clientID || secret != clientSecret:
		e.Refuse(w, r, http.StatusUnauthorized)
	default:
		answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "Bearer", "expires_in": lifetime, "scope": "api"})
	}
}

var reasons = map[int]string{
	400: "The request is not valid.",
	401: "Unauthorized",
	403: "You do not have the authorization to access the server. Contact your system administrator.",
	404: "Canonical URI Not Found",
	429: "Too Many Requests",
	500: "Internal Server Error",
	503: "Service Unavailable",
}

const moment = "2026-10-22T10:42:15.565Z"

// Refuse answers as the application does where it knows the client, and as the gateway before it does elsewhere.
func (e *emulator) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case e.GivesTokens(r) && status == http.StatusBadRequest:
		wire.JSON(w, status, "application/json", wire.Object{"error": "invalid_request", "error_description": "The grant type is not supported"})
	case e.GivesTokens(r) && status == http.StatusUnauthorized:
		wire.JSON(w, status, "application/json", wire.Object{"error": "invalid_client", "error_description": "The given client credentials were not valid"})
	case status == http.StatusBadRequest || status == http.StatusForbidden:
		confirm(w, r, status, reasons[status])
	default:
		wire.JSON(w, status, "application/json", wire.Object{"response": wire.Object{"responseCode": status, "methodCode": r.Method,
			"resourceUri": wire.Object{"href": r.URL.Path}, "serverRequestDateTime": moment,
			"applicationCode":    wire.Object{"code": status, "typeCode": "error", "message": reasons[status]},
			"client_ip_adddress": "192.0.2.10", "adp-correlationID": "81528e10-0000-4000-8000-000000000000"}})
	}
}

// confirm is the application's way of saying what is wrong.
func confirm(w http.ResponseWriter, r *http.Request, status int, why string) {
	wire.JSON(w, status, "application/json", wire.Object{"confirmMessage": wire.Object{
		"createDateTime": moment, "protocolStatusCode": wire.Object{"codeValue": strconv.Itoa(status)},
		"protocolCode": wire.Object{"codeValue": "http"}, "requestMethodCode": wire.Object{"codeValue": r.Method},
		"requestStatusCode": wire.Object{"codeValue": "failed"},
		"resourceMessages": []any{wire.Object{"resourceMessageID": wire.Object{"idValue": "1"}, "resourceStatusCode": wire.Object{"codeValue": "failed"},
			"processMessages": []any{wire.Object{"messageTypeCode": wire.Object{"codeValue": "error"},
				"userMessage": wire.Object{"codeValue": "1", "messageTxt": why}}}}},
		"requestLink": wire.Object{"href": r.URL.Path, "method": r.Method},
	}})
}

func answer(w http.ResponseWriter, body any) { wire.JSON(w, http.StatusOK, "application/json", body) }

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}

// masked tells whether birth dates come without their year; a client has to say that it wants them whole.
func masked(r *http.Request) bool {
	return !strings.Contains(strings.ReplaceAll(r.Header.Get("Accept"), " ", ""), "masked=false")
}
