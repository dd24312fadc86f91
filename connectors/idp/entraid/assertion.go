package entraid

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strconv"
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

// readIdentity reads the certificate of an application and its key, both as PEM.
func readIdentity(certificate, key string) (identity, error) {
	id, err := identityOf(certificate, key)
	if err != nil {
		return identity{}, &core.Problem{Code: core.BadOption, What: "The certificate of the application in Microsoft Entra ID, or its private key, cannot be read.", Cause: err,
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
	thumb := sha256.Sum256(c.Raw)
	id.print = base64.RawURLEncoding.EncodeToString(thumb[:])
	return id, nil
}

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionLife = 10 * time.Minute
)

// proof puts an assertion of its own into each sign-in, for the token endpoint of this address.
func (i identity) proof(client, address string) func(time.Time, url.Values) error {
	return func(now time.Time, form url.Values) error {
		assertion := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{"iss": client, "sub": client, "aud": address,
			"nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(), "jti": rand.Text()})
		assertion.Header["x5t#S256"] = i.print
		signed, err := assertion.SignedString(i.key)
		form.Set("client_assertion_type", assertionType)
		form.Set("client_assertion", signed)
		return err
	}
}

// appToken signs in as the application, which prove gives the means for. Microsoft's own
// library is not used: it asks for the scopes of OpenID too, which an application has no
// use for, sends client_info, and pads the thumbprint.
func appToken(m *manifest.Manifest, a core.Answers, prove func(time.Time, url.Values) error) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		now := c.Now(ctx)
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Get("clientId")}, "scope": {manifest.Fill("https://{graph}/.default", a)}}
		if err := prove(now, form); err != nil {
			return rest.Token{}, err
		}
		var said struct {
			Token   string `json:"access_token"`
			Expires any    `json:"expires_in"` // a number, or one in quotes
		}
		if _, err := c.Do(ctx, http.MethodPost, tokenAddress(a), nil, form, &said, rest.Unsigned(), rest.Repeatable()); err != nil {
			return rest.Token{}, m.SignInFailed(err)
		}
		if said.Token == "" {
			return rest.Token{}, &core.Problem{Code: core.BadData, What: "The answer of " + m.Name + " to the sign-in cannot be read: it holds no token.",
				Fix: "Check the tenant ID and the cloud in the settings of the connection; try again, and send us the log if it happens twice."}
		}
		return rest.Lasting(said.Token, seconds(said.Expires), now), nil
	}
}

func tokenAddress(a core.Answers) string {
	return manifest.Fill("https://{login}/{tenantId}/oauth2/v2.0/token", a)
}

// seconds reads how long a token lives; 0: not told.
func seconds(v any) int {
	text, ok := v.(string)
	if n, is := v.(json.Number); is {
		text, ok = n.String(), true
	}
	n, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || n < 0 || n > 1e8 {
		return 0
	}
	return int(n)
}
