package okta

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// newBrowser signs by what a person allowed in the browser. Where Okta binds tokens to a
// key, the key is kept with the refresh token, which is good with it only.
func newBrowser(a core.Answers, env core.Env, scopes []string) rest.Signer {
	scope := "openid offline_access " + strings.Join(scopes, " ")
	page := url.Values{"client_id": {a.Get("clientId")}, "response_type": {"code"}, "redirect_uri": {a.Get("redirectUri")}, "scope": {scope}}
	d := &door{base: env.Base}
	grant := func(ctx context.Context, c *rest.Client, more url.Values) (rest.Grant, error) {
		g, err := d.ask(ctx, c, func(string, time.Time) (url.Values, error) {
			more.Set("client_id", a.Get("clientId"))
			more.Set("scope", scope)
			return more, nil
		})
		if err != nil {
			return rest.Grant{}, vendor.SignInFailed(err)
		}
		refresh, err := d.withKey(g.Refresh)
		return rest.Grant{Token: g.Token, Refresh: refresh}, err
	}
	d.Signer = rest.Consent{Page: "https://" + a.Get("domain") + "/oauth2/v1/authorize?" + page.Encode(), Redirect: a.Get("redirectUri"), Refresh: core.Secret(a.Get(rest.RefreshOption)), Env: env,
		Redeem: func(ctx context.Context, c *rest.Client, r rest.Reply) (rest.Grant, error) {
			return grant(ctx, c, url.Values{"grant_type": {"authorization_code"}, "code": {r.Code}, "redirect_uri": {r.Redirect}, "code_verifier": {r.Verifier}})
		},
		Renew: func(ctx context.Context, c *rest.Client, refresh core.Secret) (rest.Grant, error) {
			return grant(ctx, c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {d.takeKey(refresh)}})
		},
	}.Signer()
	return d
}

const keyMark = " key "

// withKey gives a refresh token with the key that it is bound to, if it is.
func (d *door) withKey(refresh string) (core.Secret, error) {
	p := d.prover.Load()
	if refresh == "" || p == nil || !d.bound.Load() {
		return core.Secret(refresh), nil
	}
	der, err := x509.MarshalECPrivateKey(p.private)
	return core.Secret(refresh + keyMark + base64.StdEncoding.EncodeToString(der)), err
}

// takeKey takes up the key that was kept with a refresh token, which it gives.
func (d *door) takeKey(kept core.Secret) (refresh string) {
	refresh, text, bound := strings.Cut(kept.Reveal(), keyMark)
	if !bound || d.prover.Load() != nil {
		return refresh
	}
	if der, err := base64.StdEncoding.DecodeString(text); err == nil {
		if private, err := x509.ParseECPrivateKey(der); err == nil {
			if p, err := proverOf(private); err == nil {
				d.prover.Store(p)
			}
		}
	}
	return refresh
}
