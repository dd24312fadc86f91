// Package rest is the one HTTP client of all connectors, so that no connector has a
// sleep, a retry loop, a header of its own or an error without a next step: it signs,
// paces, retries, pages, decodes and explains.
package rest

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"rollcall/core"
)

// Config says whom a client talks to and how.
type Config struct {
	Vendor string      // the name in sentences
	Base   string      // https://host/path that relative paths are appended to
	Env    core.Env    // base override, proxy, extra certificates, log
	Sign   Signer      // puts the credentials on each request; nil: none are needed
	Header http.Header // sent with every request
	Pace   []Pace      // the published limits; all hold at once
	// Buckets are limits that the vendor tells with every answer; nil: it tells none.
	Buckets *Buckets

	// Learn finds the pace from the vendor's "too many requests", where no limit is published.
	Learn bool
	// LeastWait is how long to wait at least after "too many requests"; zero: a second.
	LeastWait time.Duration
	// Explain turns an answer into a problem, before the general rules do; nil where it
	// is none or the general rules will do. It also sees answers with a good status, for
	// vendors that say no with 200.
	Explain func(*Answer) *core.Problem
	// Sentences replace What and Fix (and Code where it is set) of the general rules, by status.
	Sentences map[int]core.Problem
	// Hide are secrets that the vendor's own words are cleared of.
	Hide []core.Secret
	// Hosts are other hosts that absolute addresses may name, beside that of Base.
	Hosts []string
	// MaxBody limits an answer in bytes; zero: 64 MB.
	MaxBody int64
	// JSONType replaces application/json as the content type of JSON bodies.
	JSONType string
	// Certificates are the client's own, shown to a server that asks for one (mutual TLS).
	Certificates []tls.Certificate
}

// Answer is what came back: never kept longer than the call, for its body holds people.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Failure is the cause of each problem that a status caused; its text holds no body.
type Failure struct{ Answer }

// Error gives the status.
func (f *Failure) Error() string { return fmt.Sprintf("answered with status %d", f.Status) }

// Client makes the requests of one connection. It is safe for several goroutines.
type Client struct {
	cfg   Config
	base  *url.URL
	over  *url.URL // the address that replaces scheme and host, or nil
	http  *http.Client
	pace  pacer
	learn learner
	log   *slog.Logger
	until hold
}

// New makes a client. An address that is neither https nor loopback, or a certificate
// file that cannot be read, is a BadOption problem.
func New(cfg Config) (*Client, error) {
	c := &Client{cfg: cfg, log: cfg.Env.Log, pace: newPacer(cfg.Pace)}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.base, err = address(cfg.Vendor, cfg.Base); err != nil {
		return nil, err
	}
	if cfg.Env.Base != "" {
		if c.over, err = address(cfg.Vendor, cfg.Env.Base); err != nil {
			return nil, err
		}
	}
	if c.http, err = httpClient(cfg.Env, cfg.Certificates); err != nil {
		return nil, err
	}
	if c.cfg.MaxBody == 0 {
		c.cfg.MaxBody = 64 << 20
	}
	if c.cfg.LeastWait == 0 {
		c.cfg.LeastWait = time.Second
	}
	return c, nil
}

// Option changes one request.
type Option func(*request)

// Header sets a header of this request.
func Header(name, value string) Option {
	return func(r *request) { r.header.Set(name, value) }
}

// Repeatable says that a POST or PATCH changes nothing more when it is sent twice, so that
// it is retried like a GET.
func Repeatable() Option { return func(r *request) { r.repeatable = true } }

// Unsigned sends the request without credentials, as calls for a token are.
func Unsigned() Option { return func(r *request) { r.unsigned = true } }

// Get is Do with GET and without a body.
func (c *Client) Get(ctx context.Context, path string, query url.Values, out any, opts ...Option) (*Answer, error) {
	return c.Do(ctx, http.MethodGet, path, query, nil, out, opts...)
}

// Do makes one request, signed, paced, and repeated where that is safe. A path that
// begins with https:// or http:// is taken as it is, if its host is the vendor's. The
// body is sent as a form (url.Values), as it is ([]byte) or as JSON. The answer is
// decoded into out as JSON, unless out is nil; numbers in an any stay as they were written.
//
// Every error is a *core.Problem. Where a status is its reason, the cause is a *Failure.
// Where a request that is not repeatable was sent and no clear answer came, the code is
// core.Unknown.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body, out any, opts ...Option) (*Answer, error) {
	r, err := c.request(method, path, query, body)
	if err != nil {
		return nil, err
	}
	for _, o := range opts {
		o(r)
	}
	a, err := c.exchange(ctx, r)
	if err != nil {
		return a, err
	}
	return a, c.decode(a, out)
}

// Local gives the address of a path at the vendor's own host, beside the path of Base.
func (c *Client) Local(path string) string {
	return c.base.Scheme + "://" + c.base.Host + "/" + strings.TrimLeft(path, "/")
}

// Vendor gives the name in sentences.
func (c *Client) Vendor() string { return c.cfg.Vendor }

// address checks a base address: https, or http to this computer.
func address(vendor, s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, &core.Problem{Code: core.BadOption, Cause: err,
			What: fmt.Sprintf("The address %q cannot be used for %s.", s, vendor),
			Fix:  "Give an address that begins with https://. http:// is accepted for this computer only."}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawQuery, u.Fragment = "", ""
	return u, nil
}

// hold is the time before which nothing may be sent, as the vendor told last.
type hold struct {
	mu   sync.Mutex
	time time.Time
}

func (h *hold) set(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t.After(h.time) {
		h.time = t
	}
}

func (h *hold) left(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time.Sub(now)
}

// Now gives the time by which the client waits.
func (c *Client) Now(ctx context.Context) time.Time { return clock(ctx).Now() }
