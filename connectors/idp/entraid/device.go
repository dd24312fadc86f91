package entraid

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// device signs in somebody who types a short code into a browser, on this computer or on
// any other (RFC 8628). Where somebody can be asked the code is shown until it was typed in;
// where nobody can, as in a scheduled run, it is told as a problem, and the next try goes on
// with it. Afterwards a refresh token does.
type device struct {
	m       *manifest.Manifest
	answers core.Answers
	env     core.Env
	refresh core.Secret
}

// pending is a code that somebody may still type in. It is kept on the shelf.
type pending struct {
	Device  string    `json:"device"`
	User    string    `json:"user"`
	Page    string    `json:"page"`
	Every   int       `json:"every"` // seconds between two questions
	Expires time.Time `json:"expires"`
}

const (
	deviceBucket = "device"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	deviceTime   = time.Minute // how long one try waits for somebody who is not asked
	deviceLeast  = time.Minute // what a code has to last yet to be shown again
	usualEvery   = 5           // RFC 8628 §3.2, where the vendor says none
)

func (d *device) signer() rest.Signer { return rest.Exchange(d.token) }

// token renews by the refresh token, else goes on with a code, else gets one.
func (d *device) token(ctx context.Context, c *rest.Client) (rest.Token, error) {
	if d.refresh != "" {
		t, err := d.exchange(ctx, c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {d.refresh.Reveal()}, "scope": {d.scope()}})
		if err = d.m.SignInFailed(err); !core.HasCode(err, core.BadCredentials) {
			return t, err
		}
	}
	if d.env.Ask.ShowCode != nil {
		return d.ask(ctx, c)
	}
	if p, ok := d.kept(c.Now(ctx)); ok {
		t, err := d.await(ctx, c, &p, c.Now(ctx).Add(deviceTime))
		if errors.Is(err, errWaiting) {
			return t, d.untold(p)
		}
		if !errors.Is(err, errEnded) {
			return t, err
		}
	}
	p, err := d.begin(ctx, c)
	if err != nil {
		return rest.Token{}, err
	}
	return rest.Token{}, d.untold(p)
}

// ask shows a code, the one that is kept first, and waits until somebody signed in with it.
func (d *device) ask(ctx context.Context, c *rest.Client) (rest.Token, error) {
	now := c.Now(ctx)
	if p, ok := d.kept(now); ok {
		t, err := d.await(ctx, c, &p, now) // it may have been typed in by now
		if errors.Is(err, errWaiting) && p.Expires.Sub(now) > deviceLeast {
			t, err = d.show(ctx, c, p)
		}
		if !errors.Is(err, errEnded) && !errors.Is(err, errWaiting) {
			return t, err
		}
	}
	p, err := d.begin(ctx, c)
	if err != nil {
		return rest.Token{}, err
	}
	t, err := d.show(ctx, c, p)
	if errors.Is(err, errEnded) || errors.Is(err, errWaiting) {
		d.keep(nil)
		err = &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("The code for %s ended before anybody had signed in with it.", d.m.Name), Fix: "Try again: you get a new one."}
	}
	return t, err
}

// show has the code shown while it waits for the person.
func (d *device) show(ctx context.Context, c *rest.Client, p pending) (rest.Token, error) {
	waiting, stop := context.WithCancelCause(ctx)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if err := d.env.Ask.ShowCode(waiting, core.SignInCode{For: d.m.Name, Page: p.Page, User: p.User, Expires: p.Expires}); err != nil {
			stop(err)
		}
	}()
	err := rest.Sleep(waiting, p.pause())
	var t rest.Token
	if err == nil {
		t, err = d.await(waiting, c, &p, p.Expires)
	}
	stop(nil)
	<-gone // what was shown is off the screen
	if why := context.Cause(waiting); core.HasCode(err, core.Cancelled) && !errors.Is(why, context.Canceled) {
		return t, core.AsProblem(why) // no other error may be taken for one of the network
	}
	return t, err
}

// scope asks for what reading needs, or to write for all that the application was granted.
func (d *device) scope() string {
	what := "User.Read.All"
	if d.answers.Get(forWriting) == "true" {
		what = ".default"
	}
	return manifest.Fill("https://{graph}/", d.answers) + what + " offline_access openid"
}

func (d *device) key() string { return d.answers.Get("tenantId") + " " + d.answers.Get("clientId") }

func (d *device) kept(now time.Time) (p pending, ok bool) {
	if d.env.Shelf == nil {
		return p, false
	}
	data, err := d.env.Shelf.Get(deviceBucket, d.key())
	return p, err == nil && json.Unmarshal(data, &p) == nil && p.Expires.After(now)
}

// keep remembers the code for the next try; nil forgets it.
func (d *device) keep(p *pending) {
	if d.env.Shelf == nil {
		return
	}
	var data []byte
	if p != nil {
		data, _ = json.Marshal(p) // texts and a time
	}
	_ = d.env.Shelf.Put(deviceBucket, map[string][]byte{d.key(): data}) // what is not kept is asked for again
}

// begin gets a code and keeps it.
func (d *device) begin(ctx context.Context, c *rest.Client) (pending, error) {
	var said struct {
		Device  string `json:"device_code"`
		User    string `json:"user_code"`
		Page    string `json:"verification_uri"`
		Expires int    `json:"expires_in"`
		Every   int    `json:"interval"`
	}
	form := url.Values{"client_id": {d.answers.Get("clientId")}, "scope": {d.scope()}}
	if _, err := c.Do(ctx, http.MethodPost, d.address("devicecode"), nil, form, &said, rest.Unsigned(), rest.Repeatable()); err != nil {
		return pending{}, d.m.SignInFailed(err)
	}
	p := pending{said.Device, said.User, said.Page, cmp.Or(max(said.Every, 0), usualEvery), c.Now(ctx).Add(time.Duration(said.Expires) * time.Second)}
	d.keep(&p)
	return p, nil
}

// untold tells a code where there is no other way of showing it.
func (d *device) untold(p pending) error {
	fix := fmt.Sprintf("Open %s in any browser, enter the code %s and sign in; then press Test connection again, before %s.", p.Page, p.User, p.Expires.Local().Format("15:04"))
	return &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("%s has to be allowed with a code first.", d.m.Name), Fix: fix}
}

var (
	errEnded   = errors.New("the code has ended") // it is of no use any more
	errWaiting = errors.New("nobody has typed in the code yet")
)

func (p pending) pause() time.Duration { return time.Duration(p.Every) * time.Second }

// await asks, as often as it may, whether the person has typed in the code: at least once,
// and until a time.
func (d *device) await(ctx context.Context, c *rest.Client, p *pending, until time.Time) (rest.Token, error) {
	form := url.Values{"grant_type": {deviceGrant}, "device_code": {p.Device}}
	for {
		t, err := d.exchange(ctx, c, form)
		switch word := d.word(err); {
		case err == nil:
			d.keep(nil)
			return t, nil
		case word == "authorization_pending":
		case word == "slow_down":
			p.Every += 5 // RFC 8628 §3.5
			d.keep(p)
		case noAnswer(err) && until.Sub(c.Now(ctx)) > 2*p.pause():
			p.Every *= 2 // the same: ask less often where none comes
		case word == "authorization_declined", word == "access_denied":
			d.keep(nil)
			return t, &core.Problem{Code: core.BadCredentials, What: d.m.Name + " was not allowed.", Fix: "Press Test connection again, and allow Rollcall."}
		case word == "expired_token", word == "bad_verification_code":
			d.keep(nil)
			return t, errEnded
		default:
			return t, d.m.SignInFailed(err)
		}
		if !c.Now(ctx).Before(until) {
			return t, errWaiting
		}
		if err := rest.Sleep(ctx, p.pause()); err != nil {
			return t, err
		}
	}
}

func noAnswer(err error) bool {
	return core.HasCode(err, core.Unreachable) || core.HasCode(err, core.Unknown) || core.HasCode(err, core.ServerFault)
}

// word gives OAuth's word for a refusal; none where there is no answer.
func (d *device) word(err error) string {
	var f *rest.Failure
	var body struct{ Error string }
	if errors.As(err, &f) {
		_ = json.Unmarshal(f.Body, &body) // what is no JSON has no word
	}
	return body.Error
}

// exchange gets tokens, and keeps the newest refresh token.
func (d *device) exchange(ctx context.Context, c *rest.Client, form url.Values) (rest.Token, error) {
	form.Set("client_id", d.answers.Get("clientId"))
	var said struct {
		Token   string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires any    `json:"expires_in"`
	}
	if _, err := c.Do(ctx, http.MethodPost, d.address("token"), nil, form, &said, rest.Unsigned()); err != nil {
		return rest.Token{}, err
	}
	if fresh := core.Secret(said.Refresh); fresh != "" && fresh != d.refresh {
		d.refresh = fresh
		if d.env.Save != nil {
			if err := d.env.Save(rest.RefreshOption, fresh); err != nil {
				return rest.Token{}, err
			}
		}
	}
	return rest.Lasting(said.Token, seconds(said.Expires), c.Now(ctx)), nil
}

func (d *device) address(end string) string {
	return manifest.Fill("https://{login}/{tenantId}/oauth2/v2.0/", d.answers) + end
}
