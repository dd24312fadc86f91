package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// request is one request as it is meant, before it is signed and placed.
type request struct {
	method     string
	url        *url.URL // the vendor's own address, whatever replaces its host
	header     http.Header
	body       []byte
	repeatable bool
	unsigned   bool
}

func (c *Client) request(method, path string, query url.Values, body any) (*request, error) {
	u, err := c.resolve(path)
	if err != nil {
		return nil, err
	}
	if len(query) > 0 {
		q := u.Query()
		for name, values := range query {
			q[name] = values
		}
		u.RawQuery = q.Encode()
	}
	r := &request{method: method, url: u, header: c.cfg.Header.Clone()}
	if r.header == nil {
		r.header = http.Header{}
	}
	if r.header.Get("Accept") == "" {
		r.header.Set("Accept", "application/json")
	}
	r.repeatable = slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions}, method)
	return r, c.encode(r, body)
}

func (c *Client) encode(r *request, body any) error {
	kind := ""
	switch b := body.(type) {
	case nil:
		return nil
	case url.Values:
		r.body, kind = []byte(b.Encode()), "application/x-www-form-urlencoded"
	case []byte:
		r.body = b
		return nil
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return fmt.Errorf("encode a request: %w", err)
		}
		r.body, kind = data, "application/json"
		if c.cfg.JSONType != "" {
			kind = c.cfg.JSONType
		}
	}
	r.header.Set("Content-Type", kind)
	return nil
}

// resolve makes the vendor's own address of a path, or of an absolute address that
// the vendor gave us (a next link, a redirect).
func (c *Client) resolve(path string) (*url.URL, error) {
	if !strings.HasPrefix(path, "https://") && !strings.HasPrefix(path, "http://") {
		u, err := url.Parse(c.base.String() + "/" + strings.TrimLeft(path, "/"))
		if err != nil {
			return nil, c.unreadable("it gave an address that is none", err)
		}
		return u, nil
	}
	u, err := url.Parse(path)
	if err != nil {
		return nil, c.unreadable("it gave an address that is none", err)
	}
	if !c.ours(u) {
		return nil, &core.Problem{Code: core.BadData,
			What: fmt.Sprintf("%s sent us on to %s, which is not its own address.", c.cfg.Vendor, u.Hostname()),
			Fix:  "Your credentials were not sent there. Check the address of the connection, or whether a sign-in page stands between."}
	}
	return u, nil
}

// ours says that an address is the vendor's, so that credentials may go there.
func (c *Client) ours(u *url.URL) bool {
	if c.over != nil && strings.EqualFold(u.Host, c.over.Host) {
		return true
	}
	if c.over == nil && u.Scheme != c.base.Scheme {
		return false
	}
	return strings.EqualFold(u.Host, c.base.Host) || slices.ContainsFunc(c.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, u.Host) })
}

// place gives the address that is really called.
func (c *Client) place(u *url.URL) (at *url.URL, forwarded string) {
	if c.over == nil {
		return u, ""
	}
	placed := *u
	placed.Scheme, placed.Host = c.over.Scheme, c.over.Host
	if strings.EqualFold(u.Host, c.over.Host) {
		return &placed, c.base.Host
	}
	placed.Path, placed.RawPath = c.over.Path+u.Path, ""
	if u.RawPath != "" {
		placed.RawPath = c.over.EscapedPath() + u.RawPath
	}
	return &placed, u.Host
}

// exchange sends a request until there is an answer to give or a problem to tell.
func (c *Client) exchange(ctx context.Context, r *request) (*Answer, error) {
	renewed := false
	for try := 1; ; try++ {
		a, used, err := c.send(ctx, r, try)
		if err == nil && a.Status == http.StatusUnauthorized && c.cfg.Sign != nil && !r.unsigned && !renewed {
			again, err := c.cfg.Sign.Renew(ctx, c, used)
			if err != nil {
				return nil, err
			}
			if renewed = again; again {
				continue
			}
		}
		v := c.judge(ctx, r, a, err)
		if err == nil && a.Status != http.StatusTooManyRequests {
			c.learn.heard(clock(ctx).Now(), 0, 0)
		}
		if v.problem == nil {
			return a, nil
		}
		if ctx.Err() != nil || try >= v.tries {
			return nil, v.problem
		}
		wait, patient := v.wait(try, c.cfg.LeastWait)
		if !patient {
			return nil, v.problem
		}
		if a != nil && a.Status == http.StatusTooManyRequests && !c.cfg.Buckets.counts(a) {
			c.until.set(clock(ctx).Now().Add(wait))
			c.learn.heard(clock(ctx).Now(), wait, v.told)
		}
		if err := clock(ctx).Sleep(ctx, wait); err != nil {
			return nil, stopped(err)
		}
	}
}

// send makes one try: waits for its turn, signs, follows redirects within the vendor.
func (c *Client) send(ctx context.Context, r *request, try int) (*Answer, core.Secret, error) {
	at := r.url
	for hop := 0; ; hop++ {
		a, used, err := c.once(ctx, r, at, try)
		if err != nil || a.Status/100 != 3 || a.Header.Get("Location") == "" || r.method != http.MethodGet && r.method != http.MethodHead {
			return a, used, err
		}
		next, err := at.Parse(a.Header.Get("Location"))
		if err == nil && hop < 5 {
			at, err = c.resolve(next.String())
		} else {
			err = c.unreadable("it sends us in a circle", err)
		}
		if err != nil {
			return nil, used, err
		}
	}
}

func (c *Client) once(ctx context.Context, r *request, u *url.URL, try int) (*Answer, core.Secret, error) {
	if err := c.turn(ctx); err != nil {
		return nil, "", err
	}
	leave, err := c.cfg.Buckets.enter(ctx, clock(ctx), r.method, u.Path)
	if err != nil {
		return nil, "", err
	}
	var a *Answer
	defer func() { leave(a) }()
	limited, cancel := context.WithTimeout(ctx, patience(ctx))
	defer cancel()
	sent := false
	traced := httptrace.WithClientTrace(limited, &httptrace.ClientTrace{WroteHeaders: func() { sent = true }})
	at, forwarded := c.place(u)
	hr, err := http.NewRequestWithContext(traced, r.method, at.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, "", c.unreadable("it gave an address that is none", err)
	}
	hr.Header = r.header.Clone()
	if forwarded != "" {
		hr.Header.Set("X-Forwarded-Host", forwarded)
	}
	var used core.Secret
	if c.cfg.Sign != nil && !r.unsigned {
		if used, err = c.cfg.Sign.Sign(ctx, c, hr); err != nil {
			return nil, "", err
		}
	}
	began := time.Now()
	a, err = c.receive(hr)
	c.tell(hr, a, err, try, time.Since(began))
	if err != nil {
		return nil, used, &broken{cause: err, sent: sent, timedOut: errors.Is(limited.Err(), context.DeadlineExceeded) && ctx.Err() == nil}
	}
	c.heed(ctx, a)
	return a, used, nil
}

// turn waits until nothing the vendor told holds us and the pace allows a call.
func (c *Client) turn(ctx context.Context) error {
	if left := c.until.left(clock(ctx).Now()); left > 0 {
		if err := clock(ctx).Sleep(ctx, left); err != nil {
			return stopped(err)
		}
	}
	if err := c.pace.wait(ctx, clock(ctx)); err != nil {
		return stopped(err)
	}
	if c.cfg.Learn {
		if err := c.learn.wait(ctx, clock(ctx)); err != nil {
			return stopped(err)
		}
	}
	return nil
}

// large is an answer whose memory matters, in bytes.
const large = 16 << 20

func (c *Client) receive(hr *http.Request) (*Answer, error) {
	res, err := c.http.Do(hr)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, c.cfg.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > c.cfg.MaxBody {
		return nil, &core.Problem{Code: core.BadData,
			What: fmt.Sprintf("An answer of %s is larger than %d MB.", c.cfg.Vendor, c.cfg.MaxBody>>20),
			Fix:  "Choose fewer fields to read, and tell us if it happens again."}
	}
	if len(body) > large { // the pieces it came in are as much again, and would let the heap grow to four times as much
		runtime.GC()
	}
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

// tell logs a call without what could name a person or hold a secret: no query values,
// no parts of the path that look like an id, no bodies, no texts of errors.
func (c *Client) tell(hr *http.Request, a *Answer, err error, try int, took time.Duration) {
	parts := strings.Split(hr.URL.Path, "/")
	for i, p := range parts {
		if strings.ContainsAny(p, "0123456789@%") && len(p) > 3 {
			parts[i] = "…"
		}
	}
	status, size := 0, 0
	if a != nil {
		status, size = a.Status, len(a.Body)
	}
	c.log.Debug("request", "vendor", c.cfg.Vendor, "method", hr.Method, "path", strings.Join(parts, "/"), "try", try,
		"status", status, "bytes", size, "ms", took.Milliseconds(), "broken", err != nil)
}

// broken is a try without an answer.
type broken struct {
	cause    error
	sent     bool // at least a part of the request may have arrived
	timedOut bool
}

func (b *broken) Error() string { return b.cause.Error() }
func (b *broken) Unwrap() error { return b.cause }

func stopped(err error) error {
	return &core.Problem{Code: core.Cancelled, What: "The work was stopped before it was done.", Fix: "Start it again when you are ready.", Cause: err}
}
