package rest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"rollcall/core"
)

// Signer puts credentials on requests.
type Signer interface {
	// Sign puts the credentials on the request and gives what it used, for Renew.
	Sign(ctx context.Context, c *Client, r *http.Request) (used core.Secret, err error)
	// Renew is called when the vendor refused what was used. It says whether it is worth
	// trying again.
	Renew(ctx context.Context, c *Client, used core.Secret) (bool, error)
}

// Fixed signs with headers that never change.
func Fixed(headers map[string]core.Secret) Signer { return fixed(headers) }

// Bearer signs with a token that never changes.
func Bearer(token core.Secret) Signer { return fixed{"Authorization": "Bearer " + token} }

// Basic signs with a user name and a password.
func Basic(user string, password core.Secret) Signer {
	return fixed{"Authorization": basic(user, password.Reveal())}
}

// BasicAuth puts a user name and a password on this request alone, as calls for a token do.
func BasicAuth(user, password string) Option {
	return func(r *request) { r.header.Set("Authorization", basic(user, password).Reveal()) }
}

func basic(user, password string) core.Secret {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return core.Secret(r.Header.Get("Authorization"))
}

type fixed map[string]core.Secret

func (f fixed) Sign(_ context.Context, _ *Client, r *http.Request) (core.Secret, error) {
	for name, value := range f {
		r.Header.Set(name, value.Reveal())
	}
	return "", nil
}

func (f fixed) Renew(context.Context, *Client, core.Secret) (bool, error) { return false, nil }

// Token is an access token; a zero Expires means that its life is not known.
type Token struct {
	Value   core.Secret
	Expires time.Time
}

// Lasting makes a token of an answer's access token and its life in seconds; zero or
// less: not known.
func Lasting(value string, seconds int, now time.Time) Token {
	t := Token{Value: core.Secret(value)}
	if seconds > 0 {
		t.Expires = now.Add(time.Duration(seconds) * time.Second)
	}
	return t
}

// Exchange signs with a bearer token that fetch gets, again when it is about to end or
// when the vendor refuses it. Fetch must mark its own request as Unsigned.
func Exchange(fetch func(ctx context.Context, c *Client) (Token, error)) Signer {
	return Put(nil, fetch)
}

// Put is Exchange for a token that stands elsewhere than in a bearer's header.
func Put(put func(http.Header, core.Secret), fetch func(ctx context.Context, c *Client) (Token, error)) Signer {
	if put == nil {
		put = func(h http.Header, token core.Secret) { h.Set("Authorization", "Bearer "+token.Reveal()) }
	}
	return &exchange{fetch: fetch, put: put}
}

type exchange struct {
	fetch func(ctx context.Context, c *Client) (Token, error)
	put   func(http.Header, core.Secret)
	mu    sync.Mutex
	token Token
}

// spare is how long before its end a token is no longer used.
const spare = 30 * time.Second

func (e *exchange) Sign(ctx context.Context, c *Client, r *http.Request) (core.Secret, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ending := !e.token.Expires.IsZero() && e.token.Expires.Sub(clock(ctx).Now()) < spare
	if e.token.Value == "" || ending {
		if err := e.renew(ctx, c); err != nil {
			return "", err
		}
	}
	e.put(r.Header, e.token.Value)
	return e.token.Value, nil
}

// Renew gets another token, unless somebody else has done so meanwhile.
func (e *exchange) Renew(ctx context.Context, c *Client, used core.Secret) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.token.Value != used {
		return true, nil
	}
	return true, e.renew(ctx, c)
}

func (e *exchange) renew(ctx context.Context, c *Client) error {
	e.token = Token{}
	t, err := e.fetch(ctx, c)
	if err != nil {
		return err
	}
	if t.Value == "" {
		return c.unreadable("its answer to the sign-in holds no token", nil)
	}
	e.token = t
	return nil
}
