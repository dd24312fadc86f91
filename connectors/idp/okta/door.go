package okta

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// door signs requests by tokens of the org's own authorization server, with proofs where
// that asks for them (RFC 9449, DPoP).
type door struct {
	rest.Signer
	base   string                 // the address that is called in place of the org's own; usually empty
	prover atomic.Pointer[prover] // nil: Okta has not asked for proofs
	bound  atomic.Bool            // tokens are good with a proof only
	placed atomic.Bool            // the server knows itself by base
	ahead  atomic.Int64           // by how much the server's clock is ahead of ours, where that was in the way
}

// given is what the authorization server gives.
type given struct {
	rest.Token
	Refresh, Scope string
}

// mostAsks is how often a token is asked for: as usual, by the server's clock, by the
// address that is called, with a proof, and with the nonce that the proof lacked.
const mostAsks = 5

// address is what the server is to be called in assertions and proofs.
func (d *door) address(c *rest.Client, path string) string {
	if d.placed.Load() {
		return strings.TrimRight(d.base, "/") + "/" + strings.TrimLeft(path, "/")
	}
	return c.Local(path)
}

// ask asks for a token by a form that is made anew each time.
func (d *door) ask(ctx context.Context, c *rest.Client, form func(address string, now time.Time) (url.Values, error)) (given, error) {
	for try := 1; ; try++ {
		g, err := d.askOnce(ctx, c, form)
		if err == nil || try == mostAsks {
			return g, err
		}
		again, cannot := d.meets(err, c.Now(ctx))
		if !again || cannot != nil {
			return g, errors.Join(cannot, err)
		}
	}
}

// meets takes up what a refusal asks for: proofs at all, a nonce in them, another time, or
// another name of the server.
func (d *door) meets(err error, now time.Time) (again bool, cannot error) {
	p, why := d.prover.Load(), tokenError(err)
	wants := why == "invalid_dpop_proof" || why == "use_dpop_nonce"
	if wants && p == nil {
		if p, cannot = newProver(); cannot != nil {
			return false, cannot
		}
		d.prover.Store(p)
		again = true
	}
	var f *rest.Failure
	switch why {
	case "use_dpop_nonce":
		return errors.As(err, &f) && p.accept(f.Header.Get("DPoP-Nonce")) || again, nil
	case "invalid_dpop_proof", "invalid_client":
		errors.As(err, &f)
		return again || d.reset(f.Header, now) || d.base != "" && !d.placed.Swap(true), nil
	}
	return again, nil
}

// reset takes up the server's clock where ours differs by so much that it may be the reason.
func (d *door) reset(h http.Header, now time.Time) bool {
	date, err := http.ParseTime(h.Get("Date"))
	ahead := date.Sub(now)
	if err != nil || (ahead-time.Duration(d.ahead.Load())).Abs() < time.Minute {
		return false
	}
	d.ahead.Store(int64(ahead))
	return true
}

// now gives the time as the server has it.
func (d *door) now(ctx context.Context, c *rest.Client) time.Time {
	return c.Now(ctx).Add(time.Duration(d.ahead.Load()))
}

func (d *door) askOnce(ctx context.Context, c *rest.Client, form func(string, time.Time) (url.Values, error)) (given, error) {
	address, now := d.address(c, tokenPath), d.now(ctx, c)
	body, err := form(address, now)
	if err != nil {
		return given{}, err
	}
	opts := []rest.Option{rest.Unsigned()}
	if body.Get("grant_type") == "client_credentials" {
		opts = append(opts, rest.Repeatable())
	}
	if p := d.prover.Load(); p != nil {
		proof, err := p.proof(http.MethodPost, address, "", now)
		if err != nil {
			return given{}, err
		}
		opts = append(opts, rest.Header("DPoP", proof))
	}
	var said struct {
		Token   string `json:"access_token"`
		Kind    string `json:"token_type"`
		Refresh string `json:"refresh_token"`
		Expires int    `json:"expires_in"`
		Scope   string
	}
	if _, err = c.Do(ctx, http.MethodPost, tokenPath, nil, body, &said, opts...); err == nil {
		d.bound.Store(strings.EqualFold(said.Kind, "DPoP"))
	}
	return given{rest.Lasting(said.Token, said.Expires, c.Now(ctx)), said.Refresh, said.Scope}, err
}

const tokenPath = "/oauth2/v1/token" //nolint:gosec // no secret

// tokenError gives the code by which a call for a token was refused.
func tokenError(err error) string {
	var f *rest.Failure
	var said struct{ Error string }
	if !errors.As(err, &f) || f.Status != http.StatusBadRequest && f.Status != http.StatusUnauthorized || json.Unmarshal(f.Body, &said) != nil {
		return ""
	}
	return said.Error
}

// Sign signs with the token, and proves that it is ours where it is bound to our key.
func (d *door) Sign(ctx context.Context, c *rest.Client, r *http.Request) (core.Secret, error) {
	used, err := d.Signer.Sign(ctx, c, r)
	p := d.prover.Load()
	if err != nil || p == nil || !d.bound.Load() {
		return used, err
	}
	proof, err := p.proof(r.Method, d.address(c, d.within(r)), used, d.now(ctx, c))
	r.Header.Set("Authorization", "DPoP "+used.Reveal())
	r.Header.Set("DPoP", proof)
	return used, err
}

// within gives the path of a request beside that of base.
func (d *door) within(r *http.Request) string {
	path := r.URL.EscapedPath()
	if base, err := url.Parse(d.base); err == nil {
		path = strings.TrimPrefix(path, strings.TrimRight(base.EscapedPath(), "/"))
	}
	return path
}
