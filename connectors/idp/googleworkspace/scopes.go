package googleworkspace

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const scopePrefix = "https://www.googleapis.com/auth/admin.directory."

// What may be asked for, by Google's names.
const (
	readUsers    = scopePrefix + "user.readonly"
	readSchemas  = scopePrefix + "userschema.readonly"
	writeUsers   = scopePrefix + "user"
	endSessions  = scopePrefix + "user.security"
	readUnits    = scopePrefix + "orgunit.readonly"
	readDomains  = scopePrefix + "domain.readonly"
	readGroups   = scopePrefix + "group.readonly"
	readMembers  = scopePrefix + "group.member.readonly"
	writeMembers = scopePrefix + "group.member"
)

// wish is a scope that is asked for; where it is not given, another one may do.
type wish struct{ scope, other string }

// toRead are the scopes of a source with these answers.
func toRead(a core.Answers) []wish {
	all := []wish{{readUsers, writeUsers}}
	if a.Get("customFields") != "false" {
		all = append(all, wish{readSchemas, ""})
	}
	return all
}

// wishes are the scopes of a target with these answers.
func wishes(a core.Answers) []wish {
	all := []wish{{writeUsers, readUsers}, {readUnits, ""}, {readDomains, ""}}
	if a.Get("customFields") != "false" {
		all = append(all, wish{readSchemas, ""})
	}
	if a.Get("signOut") != "false" {
		all = append(all, wish{endSessions, ""})
	}
	if a.Get(core.Groups) != "" {
		all = append(all, wish{readGroups, ""}, wish{writeMembers, readMembers})
	}
	return all
}

// scopes are those that Google gave.
type scopes struct {
	wishes []wish

	mu   sync.Mutex
	have []string // nil: not known yet
}

func (s *scopes) set(have []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.have = have
}

// has says whether one of the scopes was given; before the first sign-in none was.
func (s *scopes) has(any ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(any, func(scope string) bool { return slices.Contains(s.have, scope) })
}

// all gives the scopes that were given, else those to ask for.
func (s *scopes) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have != nil {
		return s.have
	}
	var all []string
	for _, w := range s.wishes {
		all = append(all, w.scope)
	}
	return all
}

// service signs as the service account. Google refuses all scopes where one of them was
// not delegated; then each is asked for alone, and those that are there are used.
func (s *scopes) service(k key, a core.Answers) rest.Signer {
	return rest.Exchange(func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		all := s.all()
		token, have, err := k.ask(ctx, c, a, all)
		if err != nil && !undelegated(err) {
			return token, err
		}
		if err != nil {
			var alone error
			if have, alone = s.delegated(ctx, c, k, a); alone != nil {
				return rest.Token{}, alone
			}
		}
		if s.set(have); !s.has(writeUsers, readUsers) {
			users := s.wishes[0]
			return rest.Token{}, &core.Problem{Code: core.BadCredentials, Cause: err, Fix: permission(users.scope).Grant,
				What: "Google Workspace has not delegated the scope " + users.scope + " to the service account, nor " + users.other + "."}
		}
		if err != nil {
			token, _, err = k.ask(ctx, c, a, have)
		}
		return token, err
	})
}

// delegated finds out which of the wishes come true.
func (s *scopes) delegated(ctx context.Context, c *rest.Client, k key, a core.Answers) (have []string, err error) {
	for _, w := range s.wishes {
		for _, scope := range []string{w.scope, w.other} {
			if scope == "" {
				continue
			}
			_, given, err := k.ask(ctx, c, a, []string{scope})
			if err != nil && !undelegated(err) {
				return nil, err
			}
			if slices.Contains(given, scope) {
				have = append(have, scope)
				break
			}
		}
	}
	return have, nil
}

// undelegated says that Google gave no token, perhaps because of one of the scopes.
func undelegated(err error) bool {
	var f *rest.Failure
	return errors.As(err, &f) && slices.Contains([]string{"unauthorized_client", "access_denied", "invalid_scope"}, word(f.Body))
}

const consentPage = "https://accounts.google.com/o/oauth2/v2/auth"

// consent signs by what a person allowed in the browser. A consent that was given for
// reading is asked for again, once, where somebody is there to be asked.
func (s *scopes) consent(a core.Answers, env core.Env) rest.Signer {
	page := url.Values{"client_id": {a.Get("clientId")}, "response_type": {"code"}, "scope": {strings.Join(s.all(), " ")}, "access_type": {"offline"}, "prompt": {"consent"}}
	asked := false
	return rest.Consent{Page: consentPage + "?" + page.Encode(), Redirect: "http://127.0.0.1:0/callback", Refresh: a[rest.RefreshOption], Env: env,
		Redeem: func(ctx context.Context, c *rest.Client, r rest.Reply) (rest.Grant, error) {
			asked = true
			return s.grant(ctx, c, a, url.Values{"grant_type": {"authorization_code"}, "code": {r.Code}, "redirect_uri": {r.Redirect}, "code_verifier": {r.Verifier}})
		},
		Renew: func(ctx context.Context, c *rest.Client, refresh core.Secret) (rest.Grant, error) {
			g, err := s.grant(ctx, c, a, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh.Reveal()}})
			if err == nil && !s.has(writeUsers) && !asked && env.Ask.OpenURL != nil {
				asked = true
				return g, &core.Problem{Code: core.BadCredentials, What: "Google Workspace was allowed for reading only.", Fix: "Press Test connection and allow Rollcall in the browser."}
			}
			return g, err
		},
	}.Signer()
}

// grant exchanges a code or a refresh token.
func (s *scopes) grant(ctx context.Context, c *rest.Client, a core.Answers, form url.Values) (rest.Grant, error) {
	form.Set("client_id", a.Get("clientId"))
	form.Set("client_secret", a.Get("clientSecret"))
	var answer struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
		Refresh string `json:"refresh_token"`
		Scope   string `json:"scope"`
	}
	if _, err := c.Do(ctx, http.MethodPost, tokenAddress, nil, form, &answer, rest.Unsigned()); err != nil {
		return rest.Grant{}, vendor.SignInFailed(err)
	}
	given := strings.Fields(cmp.Or(answer.Scope, strings.Join(s.all(), " "))) // told only where it is not what was asked for (RFC 6749 §5.1)
	s.set(given)
	return rest.Grant{Token: rest.Lasting(answer.Token, answer.Expires, c.Now(ctx)), Refresh: core.Secret(answer.Refresh)}, nil
}

// lacking is the problem of a scope that was not given, with the step to repeat.
func lacking(scope string) *core.Problem {
	p := permission(scope)
	return &core.Problem{Code: core.MissingScope, What: "Google Workspace does not give the scope " + scope + ". " + p.Without, Fix: p.Grant}
}

func permission(scope string) core.Permission {
	i := slices.IndexFunc(vendor.Permissions, func(p core.Permission) bool { return p.ID == scope })
	return vendor.Permissions[i] // each scope has one; a test looks
}
