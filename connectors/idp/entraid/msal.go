package entraid

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// appToken signs in as the application, by Microsoft's own library over our client, so
// that proxy, certificate authorities, retries and log are those of every other call. A
// sign-in is a client of the library of its own: how long a token is used is for
// rest.Exchange to say, which also asks for another one when a token is refused. People's
// own sign-ins are not made by the library, for it does not give out the refresh token,
// which we keep with the connection.
func appToken(m *manifest.Manifest, a core.Answers, credential confidential.Credential) func(context.Context, *rest.Client) (rest.Token, error) {
	authority := manifest.Fill("https://{login}/{tenantId}", a)
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		app, err := confidential.New(authority, a.Get("clientId"), credential, confidential.WithHTTPClient(through{ctx, c, authority}), confidential.WithInstanceDiscovery(false))
		if err != nil {
			return rest.Token{}, &core.Problem{Code: core.BadOption, Cause: err, What: "The tenant ID of " + m.Name + " cannot be used.", Fix: "Copy it again from the Overview of the tenant."}
		}
		result, err := app.AcquireTokenByCredential(ctx, []string{manifest.Fill("https://{graph}/.default", a)})
		var p *core.Problem
		switch {
		case errors.As(err, &p):
			return rest.Token{}, m.SignInFailed(p)
		case err != nil:
			return rest.Token{}, &core.Problem{Code: core.BadData, Cause: errors.New("sign-in"), What: "The answer of " + m.Name + " to the sign-in cannot be read.", // the library's words may hold it
				Fix: "Try again, and send us the log if it happens twice."}
		}
		return rest.Token{Value: core.Secret(result.AccessToken), Expires: result.ExpiresOn}, nil
	}
}

// through takes the library's requests to our client.
type through struct {
	ctx       context.Context //nolint:containedctx // the library's own ends after 30 seconds, in the midst of a wait
	client    *rest.Client
	authority string
}

// Do sends a request. Where the endpoints of the tenant are asked for, they are told from
// what is known of the cloud: every sign-in would cost one call more.
func (t through) Do(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		data, err := json.Marshal(map[string]string{"issuer": t.authority + "/v2.0",
			"authorization_endpoint": t.authority + "/oauth2/v2.0/authorize", "token_endpoint": t.authority + "/oauth2/v2.0/token"})
		return answered(http.StatusOK, http.Header{}, data), err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	a, err := t.client.Do(t.ctx, r.Method, r.URL.String(), nil, body, nil, rest.Unsigned(), rest.Repeatable(), rest.Header("Content-Type", "application/x-www-form-urlencoded"))
	if err != nil {
		return nil, err
	}
	return answered(a.Status, a.Header, a.Body), nil
}

func answered(status int, header http.Header, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body))}
}

// CloseIdleConnections is for the client to do.
func (t through) CloseIdleConnections() {}
