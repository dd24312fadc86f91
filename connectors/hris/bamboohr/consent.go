package bamboohr

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const scopes = "report field company:info offline_access"

// consent signs in as a registered application: a person allows it in the browser once.
func consent(a core.Answers, env core.Env) rest.Signer {
	host := "https://" + a.Get("companyDomain") + ".bamboohr.com"
	page := url.Values{"request": {"authorize"}, "response_type": {"code"}, "client_id": {a.Get("clientId")},
		"redirect_uri": {a.Get("redirectUri")}, "scope": {scopes}}
	return rest.Consent{
		Page: host + "/authorize.php?" + page.Encode(), Redirect: a.Get("redirectUri"), Plain: true, Refresh: a[rest.RefreshOption], Env: env,
		Redeem: func(ctx context.Context, c *rest.Client, r rest.Reply) (rest.Grant, error) {
			return token(ctx, c, host, a, url.Values{"grant_type": {"authorization_code"}, "code": {r.Code}, "redirect_uri": {a.Get("redirectUri")}})
		},
		Renew: func(ctx context.Context, c *rest.Client, refresh core.Secret) (rest.Grant, error) {
			return token(ctx, c, host, a, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh.Reveal()}})
		},
	}.Signer()
}

func token(ctx context.Context, c *rest.Client, host string, a core.Answers, form url.Values) (rest.Grant, error) {
	form.Set("client_id", a.Get("clientId"))
	form.Set("client_secret", a.Get("clientSecret"))
	var answer struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires int    `json:"expires_in"`
	}
	_, err := c.Do(ctx, http.MethodPost, host+"/token.php", url.Values{"request": {"token"}}, form, &answer, rest.Unsigned())
	var f *rest.Failure
	if errors.As(err, &f) && (f.Status == http.StatusUnauthorized || f.Status == http.StatusBadRequest) {
		err = &core.Problem{Code: core.BadCredentials, Cause: f, What: "BambooHR refuses the application, or the consent has ended.",
			Fix: "Check client ID and client secret in BambooHR's developer portal, then press Test connection and allow Rollcall again."}
	}
	return rest.Grant{Token: rest.Lasting(answer.Access, answer.Expires, c.Now(ctx)), Refresh: core.Secret(answer.Refresh)}, err
}
