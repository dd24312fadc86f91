package entraid

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// person reads codes that are shown, and does something with each.
type person struct {
	seen []core.SignInCode
	does func(ctx context.Context, code core.SignInCode) error
	gone atomic.Bool // the code is off the screen
}

func (p *person) ask() core.Ask {
	return core.Ask{ShowCode: func(ctx context.Context, code core.SignInCode) error {
		defer p.gone.Store(true)
		p.seen = append(p.seen, code)
		if err := p.does(ctx, code); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}}
}

func deviceServer(t *testing.T) (*emulate.Server, *ticking, context.Context) {
	t.Helper()
	clock := newTicking()
	server := start(t, emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true, Clock: clock.Now}})
	return server, clock, rest.WithClock(t.Context(), clock, 0)
}

var withCode = map[string]string{"auth": "device"}

// enter types a code in, as the person would in a browser.
func enter(t *testing.T, server *emulate.Server, code, more string) {
	t.Helper()
	get(t, server.URL+"/common/oauth2/deviceauth?user_code="+code+more)
}

func TestCodeIsShownUntilItIsTypedIn(t *testing.T) {
	server, clock, ctx := deviceServer(t)
	began, saved := clock.Now(), core.Secret("")
	p := &person{does: func(_ context.Context, code core.SignInCode) error { enter(t, server, code.User, ""); return nil }}
	env := core.Env{Shelf: shelf{}, Ask: p.ask(), Save: func(_ string, v core.Secret) error { saved = v; return nil }}
	if _, err := open(t, server, env, withCode).Check(ctx); err != nil || saved == "" || !p.gone.Load() {
		t.Fatalf("%v; saved: %v, off the screen: %v", err, saved != "", p.gone.Load())
	}
	if len(p.seen) != 1 {
		t.Fatalf("shown: %+v", p.seen)
	}
	code := p.seen[0]
	if good := code.Expires.Sub(began); code.For != "Microsoft Entra ID" || code.User != "MADEUP001" || !strings.HasPrefix(code.Page, "https://") || good < 14*time.Minute || good > 16*time.Minute {
		t.Errorf("shown: %+v, good for %v", code, good)
	}
	if env.Shelf.(shelf)["device/"+server.Options["tenantId"]+" "+server.Options["clientId"]] != nil {
		t.Error("a code that was used is kept")
	}
	env.Save = nil
	if _, err := open(t, server, env, map[string]string{"auth": "device", "refreshToken": saved.Reveal()}).Check(ctx); err != nil || len(p.seen) != 1 {
		t.Errorf("with the refresh token: %v, %d codes shown", err, len(p.seen))
	}
}

func TestCodeThatWasToldBeforeIsUsedFirst(t *testing.T) {
	server, _, ctx := deviceServer(t)
	env := core.Env{Shelf: shelf{}}
	if _, err := open(t, server, env, withCode).Check(ctx); !core.HasCode(err, core.BadCredentials) {
		t.Fatal(err)
	}
	p := &person{does: func(_ context.Context, code core.SignInCode) error { enter(t, server, code.User, ""); return nil }}
	env.Ask = p.ask()
	if _, err := open(t, server, env, withCode).Check(ctx); err != nil || len(p.seen) != 1 || p.seen[0].User != "MADEUP001" {
		t.Fatalf("%v, shown: %+v", err, p.seen)
	}

	env = core.Env{Shelf: shelf{}}
	_, err := open(t, server, env, withCode).Check(ctx)
	told := userCodeOf(err)
	enter(t, server, told, "")
	p = &person{does: func(context.Context, core.SignInCode) error { return errors.New("nobody is to be asked") }}
	env.Ask = p.ask()
	if _, err := open(t, server, env, withCode).Check(ctx); err != nil || len(p.seen) != 0 {
		t.Errorf("typed in before: %v, shown: %+v", err, p.seen)
	}
}

// userCodeOf finds the code in the words of a problem.
func userCodeOf(err error) string {
	_, after, _ := strings.Cut(core.AsProblem(err).Fix, "the code ")
	code, _, _ := strings.Cut(after, " ")
	return code
}

func TestSignInWithACodeThatComesToNothing(t *testing.T) {
	noScreen := errors.New("no screen")
	for name, c := range map[string]struct {
		does func(ctx context.Context, server *emulate.Server, stop func(), code string) error
		code core.Code
		says string
	}{
		"is declined": {func(_ context.Context, server *emulate.Server, _ func(), code string) error {
			enter(t, server, code, "&decline=1")
			return nil
		}, core.BadCredentials, "was not allowed"},
		"takes too long": {func(context.Context, *emulate.Server, func(), string) error { return nil }, core.BadCredentials, "ended before anybody"},
		"is not wanted": {func(context.Context, *emulate.Server, func(), string) error {
			return &core.Problem{Code: core.Cancelled, What: "Signing in was cancelled.", Fix: "Start again."}
		}, core.Cancelled, "Signing in was cancelled."},
		"is stopped from above": {func(_ context.Context, _ *emulate.Server, stop func(), _ string) error { stop(); return nil }, core.Cancelled, "stopped"},
		"cannot be shown":       {func(context.Context, *emulate.Server, func(), string) error { return noScreen }, core.Internal, "no screen"},
	} {
		t.Run(name, func(t *testing.T) {
			server, _, ctx := deviceServer(t)
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			p := &person{does: func(ctx context.Context, code core.SignInCode) error { return c.does(ctx, server, stop, code.User) }}
			_, err := open(t, server, core.Env{Shelf: shelf{}, Ask: p.ask()}, withCode).Check(ctx)
			if problem := core.AsProblem(err); problem == nil || problem.Code != c.code || !strings.Contains(problem.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if !p.gone.Load() || len(p.seen) != 1 {
				t.Errorf("shown: %+v, off the screen: %v", p.seen, p.gone.Load())
			}
		})
	}
}

func TestCodeIsAskedForAsOftenAsTheVendorSays(t *testing.T) {
	server, clock, ctx := deviceServer(t)
	began := clock.Now()
	var polls []time.Duration
	answers := []string{`{"error":"authorization_pending"}`, `{"error":"slow_down"}`, "", `{"error":"authorization_pending"}`}
	front := standIn(t, server, func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/devicecode"):
			_, _ = io.WriteString(w, `{"device_code":"d","user_code":"U","verification_uri":"https://login.example/device","expires_in":900}`)
		case !strings.HasSuffix(r.URL.Path, "/token"):
			on.ServeHTTP(w, r)
		case len(polls) < len(answers):
			polls = append(polls, clock.Now().Sub(began))
			if answers[len(polls)-1] == "" {
				panic(http.ErrAbortHandler) // the line breaks
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, answers[len(polls)-1])
		default:
			polls = append(polls, clock.Now().Sub(began))
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"access_denied"}`)
		}
	})
	p := &person{does: func(context.Context, core.SignInCode) error { return nil }}
	if _, err := open(t, front, core.Env{Ask: p.ask()}, withCode).Check(ctx); !core.HasCode(err, core.BadCredentials) {
		t.Fatalf("got %v", err)
	}
	// Every five seconds as none were named, ten after slow_down, twice that where no answer came.
	if got := fmt.Sprint(polls); got != "[5s 10s 20s 40s 1m0s]" {
		t.Errorf("asked at %v", got)
	}
}
