package scim

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// sign puts the way of signing in into the client's settings.
func sign(cfg *rest.Config, a core.Answers) error {
	switch a.Get("auth") {
	case "basic":
		cfg.Sign = rest.Basic(a.Get("username"), a["password"])
	case "oauth":
		u, err := url.Parse(a.Get("tokenUrl"))
		if err != nil || u.Host == "" {
			return &core.Problem{Code: core.BadOption, What: "The token URL cannot be read.", Fix: "Copy it again from the application's administration.", Cause: err}
		}
		if u.Scheme != "https" {
			if _, err := rest.New(rest.Config{Vendor: u.Hostname(), Base: u.String()}); err != nil {
				return err
			}
		}
		cfg.Hosts = []string{u.Host}
		cfg.Sign = rest.Exchange(fetch(u.String(), a))
	default:
		cfg.Sign = rest.Bearer(a["token"])
	}
	return nil
}

// fetch gets an access token with the client's credentials, in the header as RFC 6749
// §2.3.1 asks for; servers that want them in the form get them there.
func fetch(tokenURL string, a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		form := url.Values{"grant_type": {"client_credentials"}}
		if scope := a.Get("scope"); scope != "" {
			form.Set("scope", scope)
		}
		id, secret := a.Get("clientId"), a["clientSecret"].Reveal()
		var r http.Request
		r.Header = http.Header{}
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		token, err := ask(ctx, c, tokenURL, form, rest.Header("Authorization", r.Header.Get("Authorization")))
		if status(err) != http.StatusUnauthorized && status(err) != http.StatusBadRequest {
			return token, err
		}
		form.Set("client_id", id)
		form.Set("client_secret", secret)
		token, err = ask(ctx, c, tokenURL, form)
		if s := status(err); s == http.StatusBadRequest || s == http.StatusUnauthorized {
			return token, &core.Problem{Code: core.BadCredentials, Cause: err, What: c.Vendor() + " gives no access token for this client.", Fix: "Check the client ID, the client secret, the scope and the token URL."}
		}
		return token, err
	}
}

func ask(ctx context.Context, c *rest.Client, tokenURL string, form url.Values, opts ...rest.Option) (rest.Token, error) {
	var out struct {
		Token   string      `json:"access_token"`
		Expires json.Number `json:"expires_in"`
	}
	opts = append(opts, rest.Unsigned(), rest.Repeatable(), rest.Header("Accept", "application/json"))
	if _, err := c.Do(ctx, http.MethodPost, tokenURL, nil, form, &out, opts...); err != nil {
		return rest.Token{}, err
	}
	seconds, _ := out.Expires.Int64()
	return rest.Lasting(out.Token, int(seconds), c.Now(ctx)), nil
}

// explainer turns SCIM's own words for a refusal into a problem where the status alone
// would say something else.
func explainer(host string) func(*rest.Answer) *core.Problem {
	return func(a *rest.Answer) *core.Problem {
		if a.Status/100 == 2 {
			return nil
		}
		e := scimError(a)
		switch {
		case a.Status == http.StatusConflict, strings.EqualFold(e.Type, "uniqueness"):
			return &core.Problem{Code: core.Conflict, What: host + " already has a user with one of these values." + e.said(), Fix: "Look for that user there; match it with this person, or give one of the two another value."}
		case a.Status == http.StatusPreconditionFailed:
			return moved(host)
		case a.Status == http.StatusBadRequest && strings.EqualFold(e.Type, "mutability"):
			return &core.Problem{Code: core.Refused, What: host + " does not let one of these attributes be changed." + e.said(), Fix: "Remove that attribute from the mapping, or write it only at creation."}
		case a.Status == http.StatusBadRequest && !slices.Contains([]string{"invalidFilter", "tooMany", "invalidVers"}, e.Type):
			return &core.Problem{Code: core.Refused, What: host + " does not take one of these values." + e.said(), Fix: "Change the value in the HR system or in the mapping."}
		}
		return nil
	}
}

func moved(host string) *core.Problem {
	return &core.Problem{Code: core.Stale, What: "The user was changed in " + host + " since it was read.", Fix: "Make a new plan."}
}

// failure is the error of RFC 7644 §3.12; its status may be text or number, and is not used.
type failure struct {
	Type   string `json:"scimType"`
	Detail string `json:"detail"`
}

func scimError(a *rest.Answer) failure {
	var f failure
	if json.Unmarshal(a.Body, &f) != nil {
		return failure{}
	}
	return f
}

func (f failure) said() string {
	detail := strings.TrimRight(strings.Join(strings.Fields(f.Detail), " "), ".")
	if r := []rune(detail); len(r) > 200 {
		detail = string(r[:200]) + "…"
	}
	if detail == "" {
		return ""
	}
	return " It says: “" + detail + "”."
}
