package entraid

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Certificate is the way of an application that signs with the key of a certificate.
const Certificate = "certificate"

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	longestLife   = 15 * 60 // seconds: ten minutes, and a clock that is set back a little
)

// identity is a key and the certificate that was uploaded for it.
type identity struct {
	key *rsa.PrivateKey
	der []byte
}

// madeUpIdentity is the same for every emulator of this run: making one takes a while.
var madeUpIdentity = sync.OnceValue(func() identity {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic("no key can be made: " + err.Error())
	}
	plan := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rollcall.example"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	if err != nil {
		panic("no certificate can be made: " + err.Error())
	}
	return identity{key, der}
})

func (i identity) certificate() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.der}))
}

func (i identity) privateKey() string {
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		panic("the made-up key cannot be written: " + err.Error())
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// assertion is a JWT, taken apart.
type assertion struct {
	Alg    string `json:"alg"`
	SHA256 string `json:"x5t#S256"`
	SHA1   string `json:"x5t"`

	Audience string `json:"aud"`
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	From     int64  `json:"nbf"`
	Until    int64  `json:"exp"`
}

// vouches tells whether the application's certificate stands behind a token call. How long an assertion is good for is
// measured from its own beginning: tests live on days of their own.
func (i identity) vouches(r *http.Request) bool {
	parts := strings.Split(r.PostFormValue("client_assertion"), ".")
	var said assertion
	if r.PostFormValue("client_assertion_type") != assertionType || len(parts) != 3 || !decoded(parts[0], &said) || !decoded(parts[1], &said) {
		return false
	}
	lives := said.Until > said.From && (said.From == 0 || said.Until-said.From <= longestLife)
	meant := said.Audience == "https://"+loginHost+r.URL.Path
	return meant && lives && said.ID != "" && said.Issuer == clientID && said.Subject == clientID && i.names(said) && i.signed(said.Alg, parts)
}

func decoded(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

// names tells whether an assertion has the thumbprint of the certificate.
func (i identity) names(said assertion) bool {
	newer, older := sha256.Sum256(i.der), sha1.Sum(i.der)
	return said.SHA256 == base64.RawURLEncoding.EncodeToString(newer[:]) ||
		said.SHA256 == "" && said.SHA1 == base64.RawURLEncoding.EncodeToString(older[:])
}

func (i identity) signed(alg string, parts []string) bool {
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	switch {
	case err != nil:
		return false
	case alg == "PS256":
		return rsa.VerifyPSS(&i.key.PublicKey, crypto.SHA256, sum[:], signature, nil) == nil
	}
	return alg == "RS256" && rsa.VerifyPKCS1v15(&i.key.PublicKey, crypto.SHA256, sum[:], signature) == nil
}
