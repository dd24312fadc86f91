package okta

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func TestAdminConsoleIsNotTheDomain(t *testing.T) {
	for copied, want := range map[string]string{
		"corp.okta.com": "corp.okta.com", "corp-admin.okta.com": "corp.okta.com", "https://corp-admin.oktapreview.com/": "corp.oktapreview.com",
		"id-admin.corp.example": "id-admin.corp.example",
	} {
		if got := orgDomain(copied); got != want {
			t.Errorf("%s: %s", copied, got)
		}
	}
}

func TestOnlyWhatIsWantedIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		wanted []string
		want   string
	}{
		{nil, ""},
		{[]string{}, "id,status"},
		{[]string{"firstName", "custom.lastLogin", "custom.badge", "managerId"}, "id,lastLogin,status,profile:(badge,firstName,managerId)"},
		{[]string{"response.created", "response.profile.login"}, "created,id,status,profile:(login)"},
		{[]string{"response.profile"}, ""},
	} {
		if got := selection(c.wanted); got != c.want {
			t.Errorf("%v: %s", c.wanted, got)
		}
	}
}

func TestKeysAreReadInEveryForm(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d, err := ecKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, method string }{
		"RSA as PEM": {pemOf(t, rsaKey), "RS256"},
		"EC as PEM":  {pemOf(t, ecKey), "ES384"},
		"RSA as JWK": {jwk(t, map[string]any{"kty": "RSA", "n": rsaKey.N, "e": big.NewInt(int64(rsaKey.E)), "d": rsaKey.D, "p": rsaKey.Primes[0], "q": rsaKey.Primes[1]}), "RS256"},
		"EC as JWK":  {jwk(t, map[string]any{"kty": "EC", "crv": "P-384", "d": new(big.Int).SetBytes(d)}), "ES384"},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := readKey(c.text, "k1")
			if err != nil || k.method.Alg() != c.method || k.id != "k1" {
				t.Fatalf("%v, %v", k.method, err)
			}
			if _, err := k.method.Sign("text", k.private); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestKeyThatIsNoneIsABadOption(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, id string }{
		"no key": {"hello", "k1"}, "no JSON": {"{hello", "k1"}, "another kind": {`{"kty":"oct"}`, "k1"}, "half a key": {`{"kty":"RSA","n":"AQAB"}`, "k1"}, "no ID": {pemOf(t, rsaKey), ""},
	} {
		if _, err := readKey(c.text, c.id); !core.HasCode(err, core.BadOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if k, err := readKey(fmt.Sprintf(`{"kid":"named",%s`, jwk(t, map[string]any{"kty": "EC", "crv": "P-256", "d": big.NewInt(7)})[1:]), ""); err != nil || k.id != "named" {
		t.Errorf("a JWK that names itself: %q, %v", k.id, err)
	}
}

// managersOf reads the managers of an emulator's people, with what a person answered beside the emulator's own options.
func managersOf(t *testing.T, more core.Answers) map[string]string {
	t.Helper()
	server, err := emulate.Start("okta", emulate.Setup{People: seed.Company(25, time.Now())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	answers := maps.Clone(more)
	for id, v := range server.Options {
		answers[id] = core.Secret(v)
	}
	if answers, err = vendor.Complete(answers); err != nil {
		t.Fatal(err)
	}
	source, err := NewSource(answers, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	managers := map[string]string{}
	for p, err := range source.People(rest.WithClock(t.Context(), conform.NewClock(time.Now()), 0), core.Want{Fields: []string{"managerId"}, Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		managers[p.ID()] = p.Value("managerId")
	}
	return managers
}

func TestManagersAreFoundByLink(t *testing.T) {
	plain, linked := managersOf(t, core.Answers{}), managersOf(t, core.Answers{"links": "true"})
	some := 0
	for id, manager := range linked {
		if manager != "" && manager != plain[id] {
			t.Errorf("%s has %q by link and %q by the profile", id, manager, plain[id])
		}
		if manager != "" {
			some++
		}
	}
	if some < 10 || len(linked) != len(plain) {
		t.Errorf("only %d managers of %d people were found", some, len(linked))
	}
}

func pemOf(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func jwk(t *testing.T, members map[string]any) string {
	t.Helper()
	for name, value := range members {
		if n, ok := value.(*big.Int); ok {
			members[name] = base64.RawURLEncoding.EncodeToString(n.Bytes())
		}
	}
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
