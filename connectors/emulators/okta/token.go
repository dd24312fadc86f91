package okta

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/emulators/wire"
)

const (
	clientID      = "0oar95zt9zIpYuz6made"
	keyID         = "made-up-key-1"
	tokenURL      = base + "/oauth2/v1/token"
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	lifetime      = 3600
	longestExp    = 3600 // seconds that an assertion may be good for
)

// granted are the scopes that an administrator gave the applications; those to manage include those to read.
var granted = []string{"okta.users.read", "okta.groups.read", "okta.schemas.read", "okta.userTypes.read", "okta.linkedObjects.read", "okta.identitySources.read", "okta.roles.read",
	"okta.users.manage", "okta.groups.manage", "okta.schemas.manage", "okta.linkedObjects.manage", "okta.identitySources.manage"}

// madeUpKey is the same for every emulator of this run: making one takes a while.
var madeUpKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic("no key can be made: " + err.Error())
	}
	return key
})

func pemOf(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic("the made-up key cannot be written: " + err.Error())
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

var oauthErrors = map[int][2]string{
	400: {"invalid_request", "A parameter of the request is missing or not valid."},
	401: {"invalid_client", "The client_assertion is not valid."},
	403: {"access_denied", "The application may not do this."},
}

func refuseToken(w http.ResponseWriter, status int, code, description string) {
	wire.JSON(w, status, "application/json", wire.Object{"error": code, "error_description": description})
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	scopes := strings.Fields(r.PostFormValue("scope"))
	switch {
	case e.Way == OAuth && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		e.tokenOfPerson(w, r)
	case e.Way != Service:
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "The application is not known.")
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		e.Refuse(w, r, http.StatusBadRequest)
	case r.PostFormValue("grant_type") != "client_credentials":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	case r.PostFormValue("client_assertion_type") != assertionType:
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "The client_assertion_type is not valid.")
	case !e.vouches(r.PostFormValue("client_assertion")):
		e.Refuse(w, r, http.StatusUnauthorized)
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !e.grants(s) }):
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "One or more scopes are not configured for the application.")
	default:
		answer(w, wire.Object{"token_type": "Bearer", "expires_in": lifetime, "access_token": e.issue(scopes), "scope": strings.Join(scopes, " ")})
	}
}

// grants tells whether the application was granted a scope.
func (e *emulator) grants(scope string) bool {
	return slices.Contains(granted, scope) && (e.Permissions == nil || slices.Contains(e.Permissions, scope))
}

// issue makes a token that has these scopes.
func (e *emulator) issue(scopes []string) string {
	token := e.Tokens.Issue(purpose)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.scopes[token] = scopes
	return token
}

// claims are what an assertion says.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience any    `json:"aud"` // a text or, as JWT allows, a list
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	ID       string `json:"jti"`
}

// vouches tells whether an assertion was signed by the application's key for this token call. How long it is good for is
// measured from its own time of issue: tests live on days of their own.
func (e *emulator) vouches(assertion string) bool {
	parts := strings.Split(assertion, ".")
	var head struct{ Alg, Kid string }
	var said claims
	if len(parts) != 3 || !decoded(parts[0], &head) || !decoded(parts[1], &said) || head.Kid != keyID {
		return false
	}
	if !e.signed(head.Alg, parts[0]+"."+parts[1], parts[2]) {
		return false
	}
	lives := said.Expires > 0 && (said.Issued == 0 || said.Expires > said.Issued && said.Expires-said.Issued <= longestExp)
	return lives && said.Issuer == clientID && said.Subject == clientID && meantFor(said.Audience) && e.fresh(said.ID)
}

func decoded(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

func (e *emulator) signed(alg, text, signature string) bool {
	sum256, sum384, sum512 := sha256.Sum256([]byte(text)), sha512.Sum384([]byte(text)), sha512.Sum512([]byte(text))
	sums := map[string]struct {
		hash crypto.Hash
		sum  []byte
	}{"RS256": {crypto.SHA256, sum256[:]}, "RS384": {crypto.SHA384, sum384[:]}, "RS512": {crypto.SHA512, sum512[:]}}
	sig, err := base64.RawURLEncoding.DecodeString(signature)
	chosen, known := sums[alg]
	return err == nil && known && rsa.VerifyPKCS1v15(&e.key.PublicKey, chosen.hash, chosen.sum, sig) == nil
}

func meantFor(audience any) bool {
	if list, ok := audience.([]any); ok {
		return slices.Contains(list, any(tokenURL))
	}
	return audience == tokenURL
}

// fresh tells whether an assertion's id has not been used; an assertion without one is always fresh.
func (e *emulator) fresh(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	seen := e.used[id]
	e.used[id] = id != ""
	return !seen
}
