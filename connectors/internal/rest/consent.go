package rest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"rollcall/core"
)

// Grant is what a vendor gives for a consent: an access token, and a refresh token where
// it gives one.
type Grant struct {
	Token
	Refresh core.Secret
}

// Reply is what the browser brought back, with what its exchange has to repeat.
type Reply struct {
	Code     string
	Redirect string // the address that the browser was sent back to
	Verifier string // of PKCE (RFC 7636); empty where the vendor knows none
}

// Consent is a way of signing in where a person allows the program in the browser, once;
// afterwards a refresh token does. The browser comes back to an address of this computer.
type Consent struct {
	Page string // the vendor's page, complete but for state, challenge and a redirect of any port
	// Redirect is the address of this computer that was registered with the vendor; port 0
	// means any, and then it is sent to the page.
	Redirect string
	Plain    bool                           // the vendor knows no PKCE
	Refresh  core.Secret                    // from the last time, or empty
	Put      func(http.Header, core.Secret) // puts the token on a request; nil: as a bearer
	Redeem   func(ctx context.Context, c *Client, r Reply) (Grant, error)
	Renew    func(ctx context.Context, c *Client, refresh core.Secret) (Grant, error)
	Env      core.Env
}

// RefreshOption is the option under which refresh tokens are saved.
const RefreshOption = "refreshToken"

// consentTime is how long a person may take to allow the program.
const consentTime = 5 * time.Minute

// Signer makes a signer that renews by the refresh token, and asks the person where there
// is none or it has ended. Where nobody can be asked that is a BadCredentials problem.
func (s Consent) Signer() Signer {
	refresh := s.Refresh
	return Put(s.Put, func(ctx context.Context, c *Client) (Token, error) {
		grant, err := s.grant(ctx, c, refresh)
		if err != nil {
			return Token{}, err
		}
		if grant.Refresh != "" && grant.Refresh != refresh {
			refresh = grant.Refresh
			if s.Env.Save != nil {
				err = s.Env.Save(RefreshOption, refresh)
			}
		}
		return grant.Token, err
	})
}

func (s Consent) grant(ctx context.Context, c *Client, refresh core.Secret) (Grant, error) {
	if refresh != "" {
		grant, err := s.Renew(ctx, c, refresh)
		if !core.HasCode(err, core.BadCredentials) && !core.HasCode(err, core.Refused) {
			return grant, err
		}
	}
	if s.Env.Ask.OpenURL == nil {
		return Grant{}, &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("%s has to be allowed in the browser first.", c.cfg.Vendor),
			Fix: "Open the connection in Rollcall and press Test connection; the browser opens then."}
	}
	r, err := s.ask(ctx, c)
	if err != nil {
		return Grant{}, err
	}
	return s.Redeem(ctx, c, r)
}

// reply is what the browser brings back.
type reply struct{ code, refused string }

// ask opens the vendor's page and waits until the browser comes back with this state.
func (s Consent) ask(ctx context.Context, c *Client) (Reply, error) {
	back, err := url.Parse(s.Redirect)
	if err != nil || back.Scheme != "http" || !loopback(back.Hostname()) || back.Port() == "" {
		return Reply{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The redirect address %q is none of this computer.", s.Redirect),
			Fix: "Register and give one like http://localhost:8765/callback."}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", back.Host)
	if err != nil {
		return Reply{}, &core.Problem{Code: core.InUse, Cause: err, What: fmt.Sprintf("Another program uses %s, where the browser should come back to.", back.Host),
			Fix: "Close it, or register another redirect address, and try again."}
	}
	state, replies := rand.Text(), make(chan reply, 1)
	server := &http.Server{Handler: comeBack(back.Path, state, replies), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	defer goodbye(server)
	r := Reply{Redirect: s.Redirect}
	if !s.Plain {
		r.Verifier = rand.Text() + rand.Text()
	}
	if back.Port() == "0" {
		_, port, _ := net.SplitHostPort(listener.Addr().String()) // our own listener's
		back.Host = net.JoinHostPort(back.Hostname(), port)
		r.Redirect = back.String()
	}
	if err := s.open(c, state, r); err != nil {
		return Reply{}, err
	}
	r.Code, err = await(ctx, c.cfg.Vendor, replies)
	return r, err
}

// goodbye ends the server once the browser has its page.
func goodbye(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close() // the browser took too long
	}
}

func (s Consent) open(c *Client, state string, r Reply) error {
	page, err := url.Parse(s.Page)
	if err != nil {
		return c.unreadable("the address of its sign-in page is none", err)
	}
	q := page.Query()
	q.Set("state", state)
	if r.Redirect != s.Redirect {
		q.Set("redirect_uri", r.Redirect)
	}
	if r.Verifier != "" {
		sum := sha256.Sum256([]byte(r.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	page.RawQuery = q.Encode()
	at, _ := c.place(page)
	return s.Env.Ask.OpenURL(at.String())
}

// comeBack takes the code that the browser brings, if it comes with the state that we sent.
func comeBack(path, state string, replies chan<- reply) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path != path || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
			http.Error(w, "This is not the page that Rollcall waits for.", http.StatusNotFound)
			return
		}
		select {
		case replies <- reply{q.Get("code"), q.Get("error")}:
		default: // the first one counts
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, "<!DOCTYPE html><title>Rollcall</title><p>Thank you. You can close this window and go back to Rollcall.")
	})
}

func await(ctx context.Context, vendor string, replies <-chan reply) (string, error) {
	limited, cancel := context.WithTimeout(ctx, consentTime)
	defer cancel()
	select {
	case r := <-replies:
		if r.code != "" {
			return r.code, nil
		}
		return "", &core.Problem{Code: core.BadCredentials, What: vendor + " was not allowed in the browser.", Fix: "Press Test connection again, and allow Rollcall."}
	case <-limited.Done():
		if ctx.Err() != nil {
			return "", stopped(ctx.Err())
		}
		return "", &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("Nobody allowed %s in the browser within %v.", vendor, consentTime),
			Fix: "Press Test connection again, and allow Rollcall in the browser."}
	}
}
