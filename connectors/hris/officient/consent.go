package officient

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// consent signs in as a registered app: a person allows it in the browser once. Officient
// sends the browser to the redirect URI that was registered, so none is sent.
func consent(a core.Answers, env core.Env) rest.Signer {
	return rest.Consent{
		Page:     "https://app.officient.io/authorize?" + url.Values{"client_id": {a.Get("clientId")}}.Encode(),
		Redirect: a.Get("redirectUri"), Plain: true, Refresh: a[rest.RefreshOption], Env: env,
		Redeem: func(ctx context.Context, c *rest.Client, r rest.Reply) (rest.Grant, error) {
			return token(ctx, c, a, map[string]string{"grant_type": "authorization_code", "code": r.Code})
		},
		Renew: func(ctx context.Context, c *rest.Client, refresh core.Secret) (rest.Grant, error) {
			return token(ctx, c, a, map[string]string{"grant_type": "refresh_token", "refresh_token": refresh.Reveal()})
		},
	}.Signer()
}

func token(ctx context.Context, c *rest.Client, a core.Answers, body map[string]string) (rest.Grant, error) {
	body["client_id"], body["client_secret"] = a.Get("clientId"), a.Get("clientSecret")
	var answer struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires int    `json:"expires_in"`
	}
	_, err := c.Do(ctx, http.MethodPost, "/token", nil, body, &answer, rest.Unsigned())
	var f *rest.Failure
	if errors.As(err, &f) && (f.Status == http.StatusUnauthorized || f.Status == http.StatusBadRequest) {
		err = &core.Problem{Code: core.BadCredentials, Cause: f, What: "Officient refuses the app, or the consent has ended.",
			Fix: "Check client ID and client secret (avatar, Developers), then press Test connection and allow Rollcall again."}
	}
	return rest.Grant{Token: rest.Lasting(answer.Access, answer.Expires, c.Now(ctx)), Refresh: core.Secret(answer.Refresh)}, err
}
