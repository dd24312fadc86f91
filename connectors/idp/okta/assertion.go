package okta

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// key is the private key of a service application.
type key struct {
	private any
	method  jwt.SigningMethod
	id      string
}

// readKey reads a key as PEM or JWK, which may name itself.
func readKey(text, id string) (key, error) {
	k := key{id: id}
	var err error
	if text = strings.TrimSpace(text); strings.HasPrefix(text, "{") {
		err = k.readJWK(text)
	} else if k.private, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(text)); err != nil {
		k.private, err = jwt.ParseECPrivateKeyFromPEM([]byte(text))
	}
	if err != nil {
		return k, &core.Problem{Code: core.BadOption, What: "The private key of the application in Okta cannot be read.", Cause: err,
			Fix: "Copy the whole key from Okta, as PEM (from -----BEGIN to the end of -----END-----) or as JWK; it must have no password."}
	}
	if k.id == "" {
		return k, &core.Problem{Code: core.BadOption, What: "Okta needs the ID of the key (kid), and the key does not name it.",
			Fix: "Read it in the application, General, Client Credentials, beside the key, and put it into the connection."}
	}
	k.method = methodOf(k.private)
	return k, nil
}

func methodOf(private any) jwt.SigningMethod {
	if ec, ok := private.(*ecdsa.PrivateKey); ok {
		switch ec.Curve {
		case elliptic.P384():
			return jwt.SigningMethodES384
		case elliptic.P521():
			return jwt.SigningMethodES512
		}
		return jwt.SigningMethodES256
	}
	return jwt.SigningMethodRS256
}

// number is a number of a JWK.
type number struct{ big.Int }

// UnmarshalJSON reads base64url.
func (n *number) UnmarshalJSON(text []byte) error {
	data, err := base64.RawURLEncoding.DecodeString(string(bytes.Trim(text, `"=`)))
	n.SetBytes(data)
	return err
}

// readJWK reads a key of RFC 7517.
func (k *key) readJWK(text string) error {
	var said struct {
		Kty, Crv, Kid string
		N, E, D, P, Q number
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		return errors.New("it is no JWK") // the error would name a part of the key
	}
	if k.id == "" {
		k.id = said.Kid
	}
	if said.Kty == "RSA" {
		private := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: &said.N.Int, E: int(said.E.Int64())}, D: &said.D.Int, Primes: []*big.Int{&said.P.Int, &said.Q.Int}}
		k.private = private
		return private.Validate()
	}
	curve, ok := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[said.Crv]
	if !ok {
		return errors.New("its kind is not known")
	}
	private, err := ecdsa.ParseRawPrivateKey(curve, said.D.FillBytes(make([]byte, (curve.Params().BitSize+7)/8)))
	k.private = private
	return err
}

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionLife = 5 * time.Minute
)

// scopes are asked for in this order: who has not been granted the second of the first
// can still be read.
var scopes = []string{"okta.users.read okta.schemas.read", "okta.users.read"}

// token signs in as the application, each time with an assertion of its own.
func (k key) token(a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (t rest.Token, err error) {
		for _, scope := range scopes {
			if t, err = k.ask(ctx, c, a, scope); !refusedScope(err) {
				break
			}
		}
		if refusedScope(err) {
			return t, &core.Problem{Code: core.MissingScope, What: "Okta has not granted okta.users.read to the application.", Cause: err,
				Fix: "Applications, the application, Okta API Scopes, okta.users.read, Grant (a Super Administrator has to do it); then test again."}
		}
		return t, vendor.SignInFailed(err)
	}
}

func refusedScope(err error) bool {
	var f *rest.Failure
	return errors.As(err, &f) && f.Status == http.StatusBadRequest && bytes.Contains(f.Body, []byte("invalid_scope"))
}

func (k key) ask(ctx context.Context, c *rest.Client, a core.Answers, scope string) (rest.Token, error) {
	address, now := c.Local("/oauth2/v1/token"), c.Now(ctx)
	assertion := jwt.NewWithClaims(k.method, jwt.MapClaims{"iss": a.Get("clientId"), "sub": a.Get("clientId"), "aud": address,
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(), "jti": rand.Text()})
	assertion.Header["kid"] = k.id
	signed, err := assertion.SignedString(k.private)
	if err != nil {
		return rest.Token{}, err
	}
	var said struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}, "client_assertion_type": {assertionType}, "client_assertion": {signed}}
	_, err = c.Do(ctx, http.MethodPost, address, nil, form, &said, rest.Unsigned(), rest.Repeatable())
	return rest.Lasting(said.Token, said.Expires, now), err
}
