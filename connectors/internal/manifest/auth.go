package manifest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Ways are the ways of signing requests; the first whose When holds is taken. One alone
// needs no list.
type Ways []Auth

// UnmarshalYAML reads one way or a list of them.
func (w *Ways) UnmarshalYAML(unmarshal func(any) error) error {
	return oneOrMany((*[]Auth)(w), unmarshal)
}

// Auth says how requests are signed; one way at most.
type Auth struct {
	When    map[string][]string `yaml:"when"` // options that have one of these answers
	Bearer  string              `yaml:"bearer"`
	Basic   *Basic              `yaml:"basic"`
	Header  map[string]string   `yaml:"header"`
	Token   *TokenCall          `yaml:"token"`
	Consent *ConsentCall        `yaml:"consent"`
}

// Basic is a user name and a password.
type Basic struct {
	User     string `yaml:"user"`
	Password string `yaml:"password"`
}

// TokenCall gets a token for the other calls; a form, a JSON body or nothing is sent.
type TokenCall struct {
	Get     string            `yaml:"get"`
	Post    string            `yaml:"post"`
	Query   map[string]string `yaml:"query"`
	Form    map[string]string `yaml:"form"`
	JSON    map[string]string `yaml:"json"`
	Header  map[string]string `yaml:"header"`
	Basic   *Basic            `yaml:"basic"`
	Token   string            `yaml:"token"`   // path of the token in the answer
	Expires string            `yaml:"expires"` // path of its life in seconds
	// Refresh is the path of a refresh token that takes the place of the answer to the
	// option refreshToken, which is kept; an answer without one changes nothing.
	Refresh string `yaml:"refresh"`
	// Keep says that tokens are scarce: one is kept for its whole life, and used again when
	// the program starts anew.
	Keep bool `yaml:"keep"`
	// Into are the headers that carry it, as in {Access-Token: "{token}"}; usually the
	// Authorization as a bearer.
	Into map[string]string `yaml:"into"`
}

// ConsentCall lets a person allow the program in a browser: OAuth's authorization code
// with PKCE (RFC 7636) and a redirect to this computer (RFC 8252).
type ConsentCall struct {
	Page     string            `yaml:"page"`  // the vendor's page
	Query    map[string]string `yaml:"query"` // of the page: scope and others
	Token    string            `yaml:"token"` // where codes and refresh tokens are exchanged
	Client   string            `yaml:"client"`
	Secret   string            `yaml:"secret"`
	Redirect string            `yaml:"redirect"` // empty: any port of 127.0.0.1
	Basic    bool              `yaml:"basic"`    // the client's name and secret as HTTP Basic rather than in the form
	Plain    bool              `yaml:"plain"`    // the vendor knows no PKCE
	JSON     bool              `yaml:"json"`     // the exchange is JSON rather than a form
	Form     map[string]string `yaml:"form"`     // more for the exchange
	Into     map[string]string `yaml:"into"`     // as of TokenCall
}

func (m *Manifest) signer(v vars, env core.Env) rest.Signer {
	for _, w := range m.Auth {
		if !w.holds(m.Options, v.answers) {
			continue
		}
		switch {
		case w.Bearer != "":
			return rest.Bearer(core.Secret(v.fill(w.Bearer)))
		case w.Basic != nil:
			return rest.Basic(v.fill(w.Basic.User), core.Secret(v.fill(w.Basic.Password)))
		case w.Token != nil:
			return rest.Put(v.putter(w.Token.Into, w.Header), m.tokenOf(w.Token, v, env))
		case w.Consent != nil:
			return m.consent(w.Consent, v, env, w.Header)
		default:
			return rest.Fixed(v.secrets(w.Header))
		}
	}
	return nil
}

func (w Auth) holds(options []core.Option, a core.Answers) bool {
	return core.Option{ShowIf: w.When}.Shown(options, a)
}

func (v vars) secrets(header map[string]string) map[string]core.Secret {
	all := map[string]core.Secret{}
	for name, text := range header {
		if value := v.fill(text); value != "" {
			all[name] = core.Secret(value)
		}
	}
	return all
}

// putter puts a token, and the headers that always come with it, on a request.
func (v vars) putter(into, header map[string]string) func(http.Header, core.Secret) {
	if len(into) == 0 {
		into = map[string]string{"Authorization": "Bearer {token}"}
	}
	return func(h http.Header, token core.Secret) {
		for name, text := range header {
			h.Set(name, v.fill(text))
		}
		for name, text := range into {
			h.Set(name, v.with("token", token.Reveal()).fill(text))
		}
	}
}

// tokenOf makes the call for a token.
func (m *Manifest) tokenOf(t *TokenCall, v vars, env core.Env) func(context.Context, *rest.Client) (rest.Token, error) {
	if t.Keep && env.Shelf != nil {
		once := *t
		once.Keep = false
		return kept(env.Shelf, v.mark(t), m.tokenOf(&once, v, env))
	}
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		method, path := http.MethodPost, t.Post
		if t.Get != "" {
			method, path = http.MethodGet, t.Get
		}
		var body any
		switch {
		case t.JSON != nil:
			body = texts(v.query(t.JSON))
		case method == http.MethodPost:
			body = v.query(t.Form)
		}
		opts := []rest.Option{rest.Unsigned(), rest.Repeatable()}
		for name, text := range t.Header {
			opts = append(opts, rest.Header(name, v.fill(text)))
		}
		if t.Basic != nil {
			opts = append(opts, rest.BasicAuth(v.fill(t.Basic.User), v.fill(t.Basic.Password)))
		}
		var answer any
		if _, err := c.Do(ctx, method, v.fill(path), v.query(t.Query), body, &answer, opts...); err != nil {
			return rest.Token{}, m.SignInFailed(err)
		}
		if fresh := TextAt(answer, t.Refresh); t.Refresh != "" && fresh != "" && fresh != v.fill("{"+rest.RefreshOption+"}") {
			v = v.with(rest.RefreshOption, fresh)
			if env.Save != nil {
				if err := env.Save(rest.RefreshOption, core.Secret(fresh)); err != nil {
					return rest.Token{}, err
				}
			}
		}
		return rest.Lasting(TextAt(answer, t.Token), numberAt(answer, t.Expires, 0), c.Now(ctx)), nil
	}
}

// tokenBucket is the bucket of kept tokens.
const tokenBucket = "tokens"

// kept gives the token that was kept under a key for these credentials, once; else it
// fetches one and keeps it. A token that cannot be kept is only asked for again.
func kept(shelf core.Shelf, key string, fetch func(context.Context, *rest.Client) (rest.Token, error)) func(context.Context, *rest.Client) (rest.Token, error) {
	looked := false
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		if !looked {
			looked = true
			var t rest.Token
			data, err := shelf.Get(tokenBucket, key)
			value, expires, ok := strings.Cut(string(data), " ")
			if err == nil && ok {
				t.Value = core.Secret(value)
				if t.Expires, err = time.Parse(time.RFC3339, expires); err == nil && t.Expires.After(c.Now(ctx)) {
					return t, nil
				}
			}
		}
		t, err := fetch(ctx, c)
		if err == nil && !t.Expires.IsZero() {
			_ = shelf.Put(tokenBucket, map[string][]byte{key: []byte(t.Value.Reveal() + " " + t.Expires.UTC().Format(time.RFC3339))})
		}
		return t, err
	}
}

// mark tells the credentials of a token from others, without holding them.
func (v vars) mark(t *TokenCall) string {
	all := []string{v.fill(t.Get + t.Post), v.query(t.Query).Encode(), v.query(t.Form).Encode(), v.query(t.JSON).Encode(), v.query(t.Header).Encode()}
	if t.Basic != nil {
		all = append(all, v.fill(t.Basic.User), v.fill(t.Basic.Password))
	}
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return hex.EncodeToString(sum[:])
}

func texts(q url.Values) map[string]string {
	all := map[string]string{}
	for name := range q {
		all[name] = q.Get(name)
	}
	return all
}

// SignInFailed makes a call for a token that was refused into bad credentials, in the
// words that the manifest has for 401; other errors it gives back.
func (m *Manifest) SignInFailed(err error) error {
	var f *rest.Failure
	if !errors.As(err, &f) || !slices.Contains([]int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}, f.Status) {
		return err
	}
	s, ok := m.Errors[http.StatusUnauthorized]
	if !ok {
		s = Sentence{What: m.Name + " refuses the credentials.", Fix: "Check them in the settings of the connection. If they were removed or have expired, make new ones there."}
	}
	return &core.Problem{Code: core.BadCredentials, What: s.What, Fix: s.Fix, Cause: f}
}

// consent signs by what a person allowed.
func (m *Manifest) consent(w *ConsentCall, v vars, env core.Env, header map[string]string) rest.Signer {
	redirect := v.fill(w.Redirect)
	if redirect == "" {
		redirect = "http://127.0.0.1:0/callback"
	}
	page := v.query(w.Query)
	page.Set("client_id", v.fill(w.Client))
	page.Set("response_type", "code")
	if w.Redirect != "" {
		page.Set("redirect_uri", redirect)
	}
	return rest.Consent{Page: v.fill(w.Page) + "?" + page.Encode(), Redirect: redirect, Plain: w.Plain, Refresh: v.answers[rest.RefreshOption], Env: env,
		Put: v.putter(w.Into, header),
		Redeem: func(ctx context.Context, c *rest.Client, r rest.Reply) (rest.Grant, error) {
			form := map[string]string{"grant_type": "authorization_code", "code": r.Code, "redirect_uri": r.Redirect}
			if r.Verifier != "" {
				form["code_verifier"] = r.Verifier
			}
			return m.grant(ctx, c, w, v, form)
		},
		Renew: func(ctx context.Context, c *rest.Client, refresh core.Secret) (rest.Grant, error) {
			return m.grant(ctx, c, w, v, map[string]string{"grant_type": "refresh_token", "refresh_token": refresh.Reveal()})
		},
	}.Signer()
}

func (m *Manifest) grant(ctx context.Context, c *rest.Client, w *ConsentCall, v vars, form map[string]string) (rest.Grant, error) {
	opts := []rest.Option{rest.Unsigned()}
	client, secret := v.fill(w.Client), v.fill(w.Secret)
	if w.Basic {
		opts = append(opts, rest.BasicAuth(client, secret))
	} else {
		maps.Copy(form, map[string]string{"client_id": client})
		if secret != "" {
			form["client_secret"] = secret
		}
	}
	for name, text := range w.Form {
		form[name] = v.fill(text)
	}
	var body any = form
	if !w.JSON {
		values := url.Values{}
		for name, text := range form {
			values.Set(name, text)
		}
		body = values
	}
	var answer any
	if _, err := c.Do(ctx, http.MethodPost, v.fill(w.Token), nil, body, &answer, opts...); err != nil {
		return rest.Grant{}, m.SignInFailed(err)
	}
	return rest.Grant{Token: rest.Lasting(TextAt(answer, "access_token"), numberAt(answer, "expires_in", 0), c.Now(ctx)),
		Refresh: core.Secret(TextAt(answer, "refresh_token"))}, nil
}
