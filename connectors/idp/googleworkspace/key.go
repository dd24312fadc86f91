package googleworkspace

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const tokenAddress = "https://oauth2.googleapis.com/token" //nolint:gosec // an address, no credential

// key is the file that Google gives for a service account.
type key struct {
	ID      string `json:"private_key_id"`
	Private string `json:"private_key"`
	Email   string `json:"client_email"`
	signs   *rsa.PrivateKey
}

func readKey(text string) (k key, err error) {
	if err = json.Unmarshal([]byte(text), &k); err == nil {
		k.signs, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(k.Private))
	}
	if err != nil || k.Email == "" {
		return key{}, &core.Problem{Code: core.BadOption, What: "The service account key for Google Workspace cannot be read.",
			Fix: "Paste the whole content of the JSON file, from the first { to the last }."}
	}
	return k, nil
}

// ask signs a request for a token of these scopes, as the administrator. It gives the
// scopes that the token has.
func (k key) ask(ctx context.Context, c *rest.Client, a core.Answers, scopes []string) (rest.Token, []string, error) {
	now := c.Now(ctx)
	claims := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": k.Email, "sub": a.Get("adminEmail"), "scope": strings.Join(scopes, " "),
		"aud": tokenAddress, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()})
	claims.Header["kid"] = k.ID
	signed, err := claims.SignedString(k.signs)
	if err != nil {
		return rest.Token{}, nil, &core.Problem{Code: core.BadOption, What: "The service account key for Google Workspace cannot sign.", Fix: "Make a new key.", Cause: err}
	}
	var answer struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
		Scope   string `json:"scope"` // told only where it is not what was asked for (RFC 6749 §5.1)
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {signed}}
	if _, err := c.Do(ctx, http.MethodPost, tokenAddress, nil, form, &answer, rest.Unsigned(), rest.Repeatable()); err != nil {
		return rest.Token{}, nil, unsigned(err)
	}
	if answer.Scope != "" {
		scopes = strings.Fields(answer.Scope)
	}
	return rest.Lasting(answer.Token, answer.Expires, now), scopes, nil
}

// word is why a token was refused.
func word(body []byte) string {
	var r struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &r) // a body that is something else says nothing
	return r.Error
}

// unsigned says which step has to be repeated where Google gives no token.
func unsigned(err error) error {
	var f *rest.Failure
	if !errors.As(err, &f) || f.Status >= http.StatusNotFound {
		return err
	}
	p := &core.Problem{Code: core.BadCredentials, Cause: f}
	switch word(f.Body) {
	case "unauthorized_client", "access_denied", "invalid_scope":
		p.What = "Google Workspace has not delegated these scopes to the service account."
		p.Fix = "Enter its numeric client ID and the exact scopes in admin.google.com, Security, Access and data control, API controls, Domain-wide delegation, which can take up to 24 hours."
	case "invalid_grant":
		p.What = "Google Workspace refuses the service account's key, or does not know the administrator to act as."
		p.Fix = "Check the administrator's address and the date of this computer; if the key was removed, make a new one under IAM & Admin, Service accounts, Keys."
	default:
		p.What = "Google Workspace refuses the service account."
		p.Fix = "Check that the account exists and is enabled under IAM & Admin, Service accounts; make a new key if in doubt."
	}
	return p
}
