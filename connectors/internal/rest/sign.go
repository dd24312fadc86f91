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

// Fixed signs with a header that never changes.
func Fixed(name string, value core.Secret) Signer { return fixed{name, value} }

// Bearer signs with a token that never changes.
func Bearer(token core.Secret) Signer { return fixed{"Authorization", "Bearer " + token} }

// Basic signs with a user name and a password.
func Basic(user string, password core.Secret) Signer {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password.Reveal())
	return fixed{"Authorization", core.Secret(r.Header.Get("Authorization"))}
}

type fixed struct {
	name  string
	value core.Secret
}

func (f fixed) Sign(_ context.Context, _ *Client, r *http.Request) (core.Secret, error) {
	r.Header.Set(f.name, f.value.Reveal())
	return f.value, nil
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
	return &exchange{fetch: fetch}
}

type exchange struct {
	fetch func(ctx context.Context, c *Client) (Token, error)
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
	r.Header.Set("Authorization", "Bearer "+e.token.Value.Reveal())
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
