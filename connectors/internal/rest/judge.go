package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"rollcall/core"
)

// verdict is what is to be made of one try.
type verdict struct {
	problem *core.Problem // nil: the answer is good
	tries   int           // how often such a try is made in all
	told    time.Duration // what Retry-After says; zero: nothing
	limited bool          // too many requests
}

const (
	triesLimited = 7
	triesFault   = 4
	triesNetwork = 3
	longestWait  = 10 * time.Minute
)

// wait gives the time until the next try; patient is false where the vendor asks for
// more than anybody would wait for.
func (v verdict) wait(try int, least time.Duration) (d time.Duration, patient bool) {
	d = time.Second << (try - 1)
	if v.limited {
		d = least << (try - 1)
	}
	d += time.Duration(rand.Int64N(int64(d)/5 + 1)) //nolint:gosec // so that clients do not come back together
	return max(d, v.told), v.told <= longestWait
}

func (c *Client) judge(ctx context.Context, r *request, a *Answer, err error) verdict {
	if err != nil {
		return c.judgeBroken(ctx, r, err)
	}
	if c.cfg.Explain != nil {
		if p := c.cfg.Explain(a); p != nil {
			most := tries(r, a.Status)
			if a.Status >= 500 && slices.Contains(final, p.Code) {
				most = 1
			}
			return verdict{problem: c.caused(p, a), tries: most, told: retryAfter(ctx, a), limited: a.Status == http.StatusTooManyRequests}
		}
	}
	if a.Status/100 == 2 || a.Status == http.StatusNotModified {
		return verdict{}
	}
	p := c.general(r, a)
	if own, ok := c.cfg.Sentences[a.Status]; ok {
		p.What, p.Fix = own.What, own.Fix
		if own.Code != "" {
			p.Code = own.Code
		}
	}
	return verdict{problem: c.caused(p, a), tries: tries(r, a.Status), told: retryAfter(ctx, a), limited: a.Status == http.StatusTooManyRequests}
}

// Judge gives the problem of an answer that came inside another one, as the parts of a
// batch do; nil where it is good. Repeatable says that its request may be sent twice.
func (c *Client) Judge(a *Answer, repeatable bool) *core.Problem {
	return c.judge(context.Background(), &request{repeatable: repeatable}, a, nil).problem
}

// final are problems that no repeating mends, even if they come with a fault's status, as
// in SOAP.
var final = []core.Code{core.BadCredentials, core.MissingScope, core.NotFound}

// tries says how often a request is made that is answered so. "Too many requests" was
// not carried out and is repeated whatever it was.
func tries(r *request, status int) int {
	switch {
	case status == http.StatusTooManyRequests:
		return triesLimited
	case !r.repeatable:
		return 1
	case status >= 500 && status != http.StatusNotImplemented, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return triesFault
	}
	return 1
}

func (c *Client) caused(p *core.Problem, a *Answer) *core.Problem {
	made := *p
	if made.Cause == nil {
		made.Cause = &Failure{*a}
	}
	return &made
}

// general gives the problem of a status as any vendor may mean it.
func (c *Client) general(r *request, a *Answer) *core.Problem {
	name, said := c.cfg.Vendor, c.said(a)
	switch s := a.Status; {
	case s == http.StatusUnauthorized:
		return &core.Problem{Code: core.BadCredentials, What: name + " refuses the credentials." + said,
			Fix: "Check them in the settings of the connection. If they were removed or have expired, make new ones there."}
	case s == http.StatusForbidden:
		return &core.Problem{Code: core.MissingScope, What: name + " let us in, but not to what is asked for." + said,
			Fix: "Ask an administrator of " + name + " to give these credentials the permissions that the connection lists, then test again."}
	case s == http.StatusNotFound, s == http.StatusGone:
		return &core.Problem{Code: core.NotFound, What: fmt.Sprintf("%s has nothing at the address that was asked for.%s", name, said),
			Fix: "Check the address or company name in the settings of the connection."}
	case s == http.StatusConflict:
		return &core.Problem{Code: core.Conflict, What: name + " says that something is in the way." + said, Fix: "Look at the entry in " + name + ", then try again."}
	case s == http.StatusPreconditionFailed:
		return &core.Problem{Code: core.Stale, What: name + " says that the entry has changed meanwhile." + said, Fix: "Read again and look at the new plan."}
	case s == http.StatusTooManyRequests:
		return &core.Problem{Code: core.RateLimited, What: name + " still says that there are too many requests, also after waiting." + said,
			Fix: "Try again in some minutes, and stop other programs that use the same credentials."}
	case s >= 500 && !r.repeatable && s != http.StatusServiceUnavailable && s != http.StatusNotImplemented:
		return &core.Problem{Code: core.Unknown, What: "Nobody can tell whether " + name + " carried out what it was asked: it failed while answering." + said,
			Fix: "Read again to see what became of it."}
	case s >= 500:
		return &core.Problem{Code: core.ServerFault, What: name + " has a fault on its side." + said, Fix: "Try again later. If it lasts, ask the support of " + name + "."}
	case s/100 == 3:
		return &core.Problem{Code: core.BadData, What: name + " sends us to another address instead of answering.", Fix: "Check the address in the settings of the connection."}
	default:
		return &core.Problem{Code: core.Refused, What: name + " does not accept what was asked." + said, Fix: "Check the settings of the connection. If they are right, send us the log."}
	}
}

func (c *Client) judgeBroken(ctx context.Context, r *request, err error) verdict {
	var ready *core.Problem
	if errors.As(err, &ready) {
		return verdict{problem: ready}
	}
	if ctx.Err() != nil {
		return verdict{problem: core.AsProblem(stopped(ctx.Err()))}
	}
	var b *broken
	errors.As(err, &b)
	if b != nil && b.sent && !r.repeatable {
		return verdict{problem: &core.Problem{Code: core.Unknown, Cause: err,
			What: "The connection to " + c.cfg.Vendor + " broke off before it answered, so nobody can tell whether it did what it was asked.",
			Fix:  "Read again to see what became of it."}}
	}
	p, lasting := c.network(ctx, r, err, b != nil && b.timedOut)
	if lasting {
		return verdict{problem: p}
	}
	return verdict{problem: p, tries: triesNetwork}
}

// network explains why there is no answer; lasting says that trying again is no use.
func (c *Client) network(ctx context.Context, r *request, err error, timedOut bool) (p *core.Problem, lasting bool) {
	var (
		dns         *net.DNSError
		op          *net.OpError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		authority   x509.UnknownAuthorityError
		name        = c.cfg.Vendor
	)
	at, _ := c.place(r.url)
	host := at.Hostname()
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority):
		return &core.Problem{Code: core.Untrusted, Cause: err, What: fmt.Sprintf("The certificate of %s could not be verified, so nothing was sent.", host),
			Fix: "Check the date of this computer. If your company inspects traffic, add its certificate authority under Settings, Network."}, true
	case len(c.cfg.Certificates) > 0 && errors.As(err, &op) && op.Op == "remote error": // a TLS alert
		return &core.Problem{Code: core.BadCredentials, Cause: err, What: fmt.Sprintf("%s does not accept the client certificate.", name),
			Fix: "Check that it has not expired, that it belongs to this environment and that the private key is its own; ask for a new one if in doubt."}, true
	case errors.As(err, &record), strings.Contains(err.Error(), "tls: "):
		return &core.Problem{Code: core.Untrusted, Cause: err, What: fmt.Sprintf("No safe connection to %s could be made (TLS 1.2 or newer is needed).", host),
			Fix: "Check the address, and ask your network's administrator whether a proxy stands between."}, true
	case errors.As(err, &dns) && dns.IsNotFound:
		return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("%s cannot be reached: there is no computer called %s.", name, host),
			Fix: "Check how the address or company name is written, and whether this computer is online."}, true
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("%s cannot be reached: the proxy does not answer.", name),
			Fix: "Check the proxy under Settings, Network."}, false
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("The connection to %s broke off while it answered.", name),
			Fix: "Try again. If it lasts, check whether a proxy or firewall cuts connections."}, false
	case timedOut:
		return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("%s did not answer within %v.", name, patience(ctx)),
			Fix: "Try again later. If it lasts, check whether a firewall blocks " + host + "."}, false
	}
	return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("%s cannot be reached at %s.", name, host),
		Fix: "Check whether this computer is online and whether a firewall or proxy blocks the address."}, false
}

// decode reads a good answer.
func (c *Client) decode(a *Answer, out any) error {
	if out == nil || a.Status == http.StatusNoContent {
		return nil
	}
	start := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 200)])))
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") {
		return &core.Problem{Code: core.BadData, Cause: &Failure{*a}, What: c.cfg.Vendor + " answered with a web page instead of data.",
			Fix: "Check the address of the connection, and whether a proxy or a sign-in page stands between."}
	}
	if raw, ok := out.(*json.RawMessage); ok && valid(a.Body) { // a large answer is not copied
		*raw = a.Body
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	switch err := d.Decode(out); {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return c.unreadable("it breaks off", nil)
	default:
		return c.unreadable("it is not in the form that was agreed", shape(err))
	}
}

// valid is json.Valid, several times faster. gjson follows nesting without an end, so what
// nests deeper than encoding/json accepts is not shown to it.
func valid(text []byte) bool { return depth(text) <= 10_000 && gjson.ValidBytes(text) }

// depth says how deep a JSON text nests.
func depth(text []byte) int {
	open, most := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[', '{':
			open++
			most = max(most, open)
		case ']', '}':
			open--
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return most
}

// shape gives the place of a decoding error without the value that was met there.
func shape(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s: not a %s (offset %d)", kind.Field, kind.Type, kind.Offset)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not JSON (offset %d)", syntax.Offset)
	}
	return errors.New("cannot be decoded")
}

func (c *Client) unreadable(why string, cause error) *core.Problem {
	return &core.Problem{Code: core.BadData, Cause: cause, What: fmt.Sprintf("An answer of %s cannot be read: %s.", c.cfg.Vendor, why),
		Fix: "Try again, and send us the log if it happens twice."}
}

// said gives the vendor's own words about a refusal, as a sentence, where it has some.
func (c *Client) said(a *Answer) string {
	text := strings.Join(strings.Fields(message(a)), " ")
	for _, secret := range c.cfg.Hide {
		if s := secret.Reveal(); len(s) > 3 {
			text = strings.ReplaceAll(text, s, "••••")
		}
	}
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	if text == "" {
		return ""
	}
	return fmt.Sprintf(" It says: “%s”.", strings.TrimRight(text, "."))
}

// message finds the sentence in an error body of the usual shapes.
func message(a *Answer) string {
	var body map[string]any
	if json.Unmarshal(a.Body, &body) != nil {
		return ""
	}
	if list, ok := body["errors"].([]any); ok && len(list) > 0 {
		if first, ok := list[0].(map[string]any); ok {
			body = first
		}
	}
	if inner, ok := body["error"].(map[string]any); ok {
		body = inner
	}
	for _, key := range []string{"detail", "error_description", "message", "reason_phrase", "errorSummary", "title"} {
		if s, ok := body[key].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// retryAfter reads the header of that name: seconds, or a date, which is compared with
// the vendor's own clock where it tells.
func retryAfter(ctx context.Context, a *Answer) time.Duration {
	text := strings.TrimSpace(a.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < 1e8 {
		return time.Duration(seconds * float64(time.Second))
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		now = clock(ctx).Now()
	}
	return max(0, until.Sub(now))
}

// heed holds back the next call where the vendor says that none is left.
func (c *Client) heed(ctx context.Context, a *Answer) {
	if first(a.Header, "X-RateLimit-Remaining", "RateLimit-Remaining") != "0" {
		return
	}
	now := clock(ctx).Now()
	if reset, err := strconv.ParseFloat(first(a.Header, "X-RateLimit-Reset", "RateLimit-Reset"), 64); err == nil && reset > 0 {
		until := now.Add(time.Duration(min(reset, longestWait.Seconds()) * float64(time.Second)))
		if reset > 1e9 { // a time of day rather than seconds from now
			until = time.Unix(int64(reset), 0)
		}
		if until.Sub(now) <= longestWait {
			c.until.set(until)
		}
		return
	}
	if refill, err := strconv.ParseFloat(a.Header.Get("X-RateLimit-Replenish-Rate"), 64); err == nil && refill > 0 {
		c.until.set(now.Add(time.Duration(float64(time.Second) / refill)))
	}
}

func first(h http.Header, names ...string) string {
	for _, name := range names {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}
