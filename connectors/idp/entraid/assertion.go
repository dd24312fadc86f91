package entraid

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// identity is the certificate of an application, by its thumbprint, and its key.
type identity struct {
	key   *rsa.PrivateKey
	print string
}

// readIdentity reads both as PEM.
func readIdentity(certificate, key string) (identity, error) {
	id, err := identityOf(certificate, key)
	if err != nil {
		return id, &core.Problem{Code: core.BadOption, What: "The certificate of the application in Microsoft Entra ID, or its private key, cannot be read.", Cause: err,
			Fix: "Give both as PEM, from -----BEGIN to the end of -----END-----; they must belong together, and the key must be RSA and have no password."}
	}
	return id, nil
}

func identityOf(certificate, key string) (id identity, err error) {
	block, _ := pem.Decode([]byte(certificate))
	if block == nil {
		return id, errors.New("the certificate is no PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return id, errors.New("the certificate is none")
	}
	if id.key, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(key)); err != nil {
		return id, errors.New("the key is none, or not RSA")
	}
	if !id.key.PublicKey.Equal(c.PublicKey) {
		return id, errors.New("the key is that of another certificate")
	}
	print := sha256.Sum256(c.Raw)
	id.print = base64.RawURLEncoding.EncodeToString(print[:])
	return id, nil
}

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionLife = 10 * time.Minute
)

// token signs in as the application, each time with an assertion of its own.
func (i identity) token(m *manifest.Manifest, a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	address := manifest.Fill("https://{login}/{tenantId}/oauth2/v2.0/token", a)
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		now, client := c.Now(ctx), a.Get("clientId")
		assertion := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{"iss": client, "sub": client, "aud": address,
			"nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(), "jti": rand.Text()})
		assertion.Header["x5t#S256"] = i.print
		signed, err := assertion.SignedString(i.key)
		if err != nil {
			return rest.Token{}, err
		}
		var said struct {
			Token   string `json:"access_token"`
			Expires int    `json:"expires_in"`
		}
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "scope": {manifest.Fill("https://{graph}/.default", a)},
			"client_assertion_type": {assertionType}, "client_assertion": {signed}}
		_, err = c.Do(ctx, http.MethodPost, address, nil, form, &said, rest.Unsigned(), rest.Repeatable())
		return rest.Lasting(said.Token, said.Expires, now), m.SignInFailed(err)
	}
}
