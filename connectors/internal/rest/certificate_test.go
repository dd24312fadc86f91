package rest

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
	"testing"
	"time"

	"rollcall/core"
)

// clientCertificate is one that its holder has signed.
func clientCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestOwnCertificateIsShownToWhoAsks(t *testing.T) {
	own := clientCertificate(t)
	leaf, err := x509.ParseCertificate(own.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) != 1 || !r.TLS.PeerCertificates[0].Equal(leaf) {
			t.Errorf("%d certificates came", len(r.TLS.PeerCertificates))
		}
		fmt.Fprint(w, `{}`)
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12} // which refuses before anything is sent
	server.StartTLS()
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		certificates []tls.Certificate
		code         core.Code
	}{
		"its own": {[]tls.Certificate{own}, ""},
		"none":    {nil, core.Untrusted},
		"empty":   {[]tls.Certificate{{}}, core.BadCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := New(Config{Vendor: "Acme HR", Base: server.URL, Env: core.Env{CAFile: ca}, Certificates: c.certificates})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = client.Get(t.Context(), "/", nil, nil); (err == nil) != (c.code == "") || err != nil && !core.HasCode(err, c.code) {
				t.Errorf("got %v, and want %q", err, c.code)
			}
		})
	}
}
