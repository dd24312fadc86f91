package adp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// holder holds a certificate of its own making.
type holder struct {
	leaf *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newHolder(t *testing.T) holder {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return holder{leaf, key}
}

// answers are complete ones with the certificate as text.
func (h holder) answers(t *testing.T) core.Answers {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(h.key)
	if err != nil {
		t.Fatal(err)
	}
	return core.Answers{"region": "eu", "clientId": "88a7", "clientSecret": "a130", "certificateForm": "pem",
		"certificate": core.Secret(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.leaf.Raw})),
		"privateKey":  core.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}
}

// file are answers with the certificate in a file.
func (h holder) file(t *testing.T, password string) core.Answers {
	t.Helper()
	data, err := pkcs12.Modern.Encode(h.key, h.leaf, nil, "made up")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "adp.p12")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return core.Answers{"region": "eu", "clientId": "88a7", "clientSecret": "a130", "certificateForm": "pkcs12",
		"pkcs12File": core.Secret(path), "pkcs12Password": core.Secret(password)}
}

// gateway is ADP with mutual TLS: it refuses who does not show the holder's certificate,
// before anything is sent.
func gateway(t *testing.T, h holder) (env core.Env, calls *[]string) {
	t.Helper()
	calls = &[]string{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*calls = append(*calls, r.Header.Get("X-Forwarded-Host")+r.URL.Path)
		switch {
		case len(r.TLS.PeerCertificates) != 1 || !r.TLS.PeerCertificates[0].Equal(h.leaf):
			t.Errorf("%s: %d certificates came", r.URL.Path, len(r.TLS.PeerCertificates))
		case r.URL.Path == "/auth/oauth/v2/token":
			fmt.Fprint(w, `{"access_token":"made-up","expires_in":3600}`)
		case r.URL.Path == "/hr/v2/workers" && r.URL.Query().Get("$skip") == "0":
			fmt.Fprint(w, `{"workers":[{"associateOID":"G3MADEUP00000001"}]}`)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	known := x509.NewCertPool()
	known.AddCert(h.leaf)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: known, MaxVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return core.Env{Now: func() time.Time { return noon }, Base: server.URL, CAFile: ca}, calls
}

func TestCertificateIsShownOnEveryCall(t *testing.T) {
	h := newHolder(t)
	for name, a := range map[string]core.Answers{"as text": h.answers(t), "as a file": h.file(t, "made up")} {
		t.Run(name, func(t *testing.T) {
			env, calls := gateway(t, h)
			source, err := NewSource(a, env)
			if err != nil {
				t.Fatal(err)
			}
			health, err := source.Check(t.Context())
			if err != nil || !health.Expires.Equal(h.leaf.NotAfter) {
				t.Errorf("%+v, %v", health, err)
			}
			want := []string{"accounts.eu.adp.com/auth/oauth/v2/token", "api.eu.adp.com/hcm/v1/validation-tables/departments", "api.eu.adp.com/hr/v2/workers"}
			if !slices.Equal(*calls, want) {
				t.Errorf("called %v", *calls)
			}
		})
	}
}

func TestCertificateOfSomebodyElseIsExplained(t *testing.T) {
	env, calls := gateway(t, newHolder(t))
	source, err := NewSource(newHolder(t).answers(t), env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = source.Check(t.Context()); !core.HasCode(err, core.BadCredentials) || !strings.Contains(err.Error(), "client certificate") || len(*calls) > 0 {
		t.Errorf("%v, after %v", err, *calls)
	}
}

func TestCertificateThatCannotBeUsedIsRefusedAtOnce(t *testing.T) {
	h := newHolder(t)
	foreign := h.answers(t)
	foreign["privateKey"] = newHolder(t).answers(t)["privateKey"]
	absent := h.file(t, "made up")
	absent["pkcs12File"] = "nowhere.p12"
	for name, a := range map[string]core.Answers{"another key": foreign, "a wrong password": h.file(t, "wrong"), "no file": absent} {
		if _, err := NewSource(a, core.Env{}); !core.HasCode(err, core.BadOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyNeededPartsAreAskedFor(t *testing.T) {
	kept := "workers/associateOID,workers/workAssignments/assignmentStatus,workers/workAssignments/hireDate,workers/workAssignments/primaryIndicator," +
		"workers/workAssignments/reportsTo,workers/workAssignments/terminationDate,workers/workerDates,workers/workerStatus"
	for _, c := range []struct {
		wanted []string
		more   []string
	}{
		{[]string{}, nil},
		{[]string{"firstName"}, []string{"workers/person/legalName"}},
		{[]string{"department"}, []string{"workers/workAssignments/homeOrganizationalUnits"}},
		{[]string{"response.workAssignments[0].positionID"}, []string{"workers/workAssignments/positionID"}},
		{[]string{"custom.Badge"}, []string{"workers/customFieldGroup", "workers/person/customFieldGroup", "workers/workAssignments/customFieldGroup"}},
	} {
		want := append(strings.Split(kept, ","), c.more...)
		slices.Sort(want)
		if got := selection(c.wanted); got != strings.Join(want, ",") {
			t.Errorf("for %v we ask for %s", c.wanted, got)
		}
	}
	if all := selection(nil); strings.Contains(all, "governmentIDs") || strings.Contains(all, "Remuneration") || !strings.Contains(all, "workers/person/birthDate") {
		t.Errorf("for everything we ask for %s", all)
	}
}

func TestCorrelationIDIsSaid(t *testing.T) {
	body := []byte(`{"response":{"responseCode":403,"applicationCode":{"message":"No."},"adp-correlationID":"81528e10"}}`)
	if p := explain(&rest.Answer{Status: http.StatusForbidden, Body: body}); p == nil || p.Code != core.MissingScope || !strings.Contains(p.What, "81528e10") {
		t.Errorf("%v", p)
	}
	wrong := &rest.Answer{Status: http.StatusBadRequest, Body: []byte(`{"confirmMessage":{"resourceMessages":[{"processMessages":[{"userMessage":{"messageTxt":"Top is wrong."}}]}]}}`)}
	if p := explain(wrong); p != nil || string(wrong.Body) != `{"message":"Top is wrong."}` {
		t.Errorf("%v, %s", p, wrong.Body)
	}
}
