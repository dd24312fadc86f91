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
	"net/url"
	"slices"
	"strings"
	"sync"
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

// service signs in as an application, with the scopes that it was granted of those that are
// wanted.
type service struct {
	door
	key    key
	client string
	wanted []string
	reads  []string // scopes without one of which nothing works

	mu      sync.Mutex
	granted []string // nil: not known yet
}

func newService(a core.Answers, base string, wanted []string) (*service, error) {
	k, err := readKey(a.Get("privateKey"), a.Get("keyId"))
	s := &service{key: k, client: a.Get("clientId"), wanted: wanted, reads: []string{"okta.users.read", "okta.users.manage"}}
	s.door = door{base: base, Signer: rest.Exchange(s.token)}
	return s, err
}

// has says whether a scope was granted; known is false before the first sign-in.
func (s *service) has(scope string) (granted, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.granted, scope), s.granted != nil
}

// token signs in, each time with an assertion of its own. Okta refuses all scopes where one
// of them is not granted, and does not say which; then each is asked for by itself.
func (s *service) token(ctx context.Context, c *rest.Client) (rest.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.granted == nil {
		s.granted = s.wanted
	}
	t, err := s.asked(ctx, c, s.granted)
	if refusedScope(err) {
		if s.granted, err = s.each(ctx, c); err == nil {
			t, err = s.asked(ctx, c, s.granted)
		}
	}
	if err != nil {
		s.granted = nil
		return rest.Token{}, vendor.SignInFailed(err)
	}
	if less := strings.Fields(t.Scope); len(less) > 0 { // it may give less than it was asked for
		s.granted = slices.DeleteFunc(slices.Clone(s.granted), func(scope string) bool { return !slices.Contains(less, scope) })
	}
	return t.Token, s.enough(s.granted)
}

func (s *service) each(ctx context.Context, c *rest.Client) (granted []string, err error) {
	for _, scope := range s.wanted {
		_, err := s.asked(ctx, c, []string{scope})
		switch {
		case err == nil:
			granted = append(granted, scope)
		case !refusedScope(err):
			return nil, err
		}
	}
	return granted, s.enough(granted)
}

// enough refuses scopes with which nobody can be read.
func (s *service) enough(granted []string) error {
	if slices.ContainsFunc(granted, func(scope string) bool { return slices.Contains(s.reads, scope) }) {
		return nil
	}
	return &core.Problem{Code: core.MissingScope, What: "Okta has not granted okta.users.read to the application.",
		Fix: "Applications, the application, Okta API Scopes, okta.users.read, Grant (a Super Administrator has to do it); then test again."}
}

func refusedScope(err error) bool { return tokenError(err) == "invalid_scope" }

func (s *service) asked(ctx context.Context, c *rest.Client, scopes []string) (given, error) {
	return s.ask(ctx, c, func(address string, now time.Time) (url.Values, error) {
		assertion := jwt.NewWithClaims(s.key.method, jwt.MapClaims{"iss": s.client, "sub": s.client, "aud": address,
			"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(), "jti": rand.Text()})
		assertion.Header["kid"] = s.key.id
		signed, err := assertion.SignedString(s.key.private)
		return url.Values{"grant_type": {"client_credentials"}, "scope": {strings.Join(scopes, " ")}, "client_assertion_type": {assertionType}, "client_assertion": {signed}}, err
	})
}
