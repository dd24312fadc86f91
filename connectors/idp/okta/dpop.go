package okta

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rollcall/core"
)

// prover proves with each request that a token is used by the one who got it (RFC 9449,
// DPoP). Its key lives as long as the program has the connection open,
// or with a refresh token that is bound to it.
type prover struct {
	private *ecdsa.PrivateKey
	public  map[string]string // as JWK

	mu    sync.Mutex
	nonce string // that Okta wants to see in proofs for tokens
}

func newProver() (*prover, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return proverOf(private)
}

func proverOf(private *ecdsa.PrivateKey) (*prover, error) {
	point, err := private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return nil, err
	}
	half := (len(point) - 1) / 2
	return &prover{private: private, public: map[string]string{"kty": "EC", "crv": "P-256",
		"x": base64.RawURLEncoding.EncodeToString(point[1 : 1+half]), "y": base64.RawURLEncoding.EncodeToString(point[1+half:])}}, nil
}

// accept keeps a nonce; it says whether it is a new one.
func (p *prover) accept(nonce string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := nonce != "" && nonce != p.nonce
	if fresh {
		p.nonce = nonce
	}
	return fresh
}

// proof is for one request: for a token where there is none yet, else with one.
func (p *prover) proof(method, address string, token core.Secret, now time.Time) (string, error) {
	claims := jwt.MapClaims{"htm": method, "htu": address, "iat": now.Unix(), "jti": rand.Text()}
	if token == "" {
		p.mu.Lock()
		if p.nonce != "" {
			claims["nonce"] = p.nonce
		}
		p.mu.Unlock()
	} else {
		sum := sha256.Sum256([]byte(token.Reveal()))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	made.Header["typ"], made.Header["jwk"] = "dpop+jwt", p.public
	return made.SignedString(p.private)
}
