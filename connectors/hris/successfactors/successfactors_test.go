package successfactors

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func source(t *testing.T, answer http.HandlerFunc) core.Source {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	a, err := vendor.Complete(core.Answers{"apiServer": "api12.sapsf.eu", "companyId": "QUELLBERG01", "username": "sync", "auth": "basic", "password": "secret"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(a, core.Env{Base: server.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPartThatTheCompanyLacksIsLeftOut(t *testing.T) {
	s := source(t, func(w http.ResponseWriter, r *http.Request) {
		expand := r.URL.Query().Get("$expand")
		switch {
		case !strings.HasSuffix(r.URL.Path, "/PerPerson"):
			w.WriteHeader(http.StatusNotFound)
		case strings.Contains(expand, "divisionNav"):
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"code":"COE_PROPERTY_NOT_FOUND","message":{"lang":"en-US","value":"[COE0021]Invalid property names: PerPerson/employmentNav/jobInfoNav/divisionNav. Please check the property name and try again."}}}`)
		case !strings.Contains(expand, "departmentNav"):
			t.Error("more was left out than was refused")
		default:
			fmt.Fprint(w, `{"d":{"results":[{"personIdExternal":"1"}]}}`)
		}
	})
	n := 0
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil || p.ID() != "1" {
			t.Fatal(p.Map(), err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d people", n)
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	for code, want := range map[string]core.Code{"LGN0002": core.MissingScope, "LGN0004": core.BadOption, "LGN0008": core.NotFound, "LGN0010": core.MissingScope} {
		s := source(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"error":{"code":%q,"message":{"lang":"en-US","value":"no"}}}`, code)
		})
		if _, err := s.Check(t.Context()); !core.HasCode(err, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestEmploymentThatCountsIsChosen(t *testing.T) {
	job := func(code, from string) any {
		return map[string]any{"startDate": from, "emplStatusNav": map[string]any{"externalCode": code}}
	}
	employment := func(id, class, from string, jobs ...any) any {
		return map[string]any{"userId": id, "assignmentClass": class, "startDate": from, "jobInfoNav": jobs}
	}
	p := manifest.Pull{Today: "2026-11-22", Answers: core.Answers{"goneCodes": "T,R,O", "leaveCodes": "U, P"}}
	for name, c := range map[string]struct {
		want string
		all  []any
	}{
		"one that goes on rather than one that ended": {"b", []any{employment("a", "ST", "2020-01-01", job("A", "2020-01-01"), job("T", "2024-01-01")), employment("b", "ST", "2019-01-01", job("A", "2019-01-01"))}},
		"active rather than dormant":                  {"b", []any{employment("a", "ST", "2024-01-01", job("D", "2024-01-01")), employment("b", "GA", "2025-01-01", job("A", "2025-01-01"))}},
		"the standard class":                          {"b", []any{employment("a", "GA", "2024-01-01", job("A", "2024-01-01")), employment("b", "ST", "2020-01-01", job("A", "2020-01-01"))}},
		"the latest start":                            {"b", []any{employment("a", "ST", "2020-01-01", job("U", "2020-01-01")), employment("b", "ST", "2024-01-01", job("P", "2024-01-01"))}},
		"one that has begun rather than one ahead":    {"b", []any{employment("a", "ST", "2027-01-01", job("A", "2027-01-01")), employment("b", "ST", "2020-01-01", job("A", "2020-01-01"))}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := manifest.TextAt(counting(c.all, p), "userId"); got != c.want {
				t.Errorf("%s was chosen", got)
			}
		})
	}
}

func TestKeyIsReadOutOfItsFile(t *testing.T) {
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	file := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(made)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"PKCS #8":               {file("PRIVATE KEY", pkcs8), true},
		"PKCS #1":               {file("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(made)), true},
		"behind a certificate":  {file("CERTIFICATE", []byte("any")) + file("PRIVATE KEY", pkcs8), true},
		"encrypted":             {file("ENCRYPTED PRIVATE KEY", pkcs8), false},
		"a certificate alone":   {file("CERTIFICATE", []byte("any")), false},
		"something else":        {"password", false},
		"a key that is damaged": {file("PRIVATE KEY", pkcs8[:100]), false},
	} {
		t.Run(name, func(t *testing.T) {
			key, _, err := keyOf(core.Secret(c.text))
			if c.ok != (key != nil) || !c.ok && !core.HasCode(err, core.BadOption) {
				t.Errorf("%v", err)
			}
		})
	}
}
