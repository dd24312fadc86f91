package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/core"
)

// still is a clock that moves when it is slept by.
type still struct {
	mu  sync.Mutex
	now time.Time
}

func (s *still) Now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }

func (s *still) Sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
	return ctx.Err()
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// talk makes a client of a server that answers so.
func talk(t *testing.T, cfg Config, answer http.HandlerFunc) (context.Context, *Client, *still) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	cfg.Vendor, cfg.Env.Base = "Acme HR", server.URL
	if cfg.Base == "" {
		cfg.Base = "https://api.acmehr.example/v1"
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &still{now: noon}
	return WithClock(t.Context(), s, 5*time.Second), c, s
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, body) }
}

func TestEveryFailureBecomesAProblemWithANextStep(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   core.Code
		says   string
		calls  int
	}{
		"wrong key":            {says(401, ""), core.BadCredentials, "refuses the credentials", 1},
		"missing permission":   {says(403, `{"detail":"No scope."}`), core.MissingScope, "“No scope”", 1},
		"no such tenant":       {says(404, ""), core.NotFound, "nothing at the address", 1},
		"wrong parameter":      {says(422, `{"error":{"message":"limit is bad"}}`), core.Refused, "limit is bad", 1},
		"conflict":             {says(409, ""), core.Conflict, "in the way", 1},
		"too many, always":     {says(429, ""), core.RateLimited, "too many requests", triesLimited},
		"fault, always":        {says(500, "oops"), core.ServerFault, "fault on its side", triesFault},
		"web page":             {says(200, "<!DOCTYPE html><p>Sign in"), core.BadData, "web page", 1},
		"truncated":            {says(200, `{"a":[1,2`), core.BadData, "breaks off", 1},
		"not as agreed":        {says(200, `{"a":"x"}`), core.BadData, "not in the form", 1},
		"sent elsewhere":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://login.other.example/", 302) }, core.BadData, "login.other.example", 1},
		"sent in a circle":     {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, 302) }, core.BadData, "circle", 6},
		"sleeps for ever":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, core.Unreachable, "did not answer", triesNetwork},
		"breaks off each time": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, core.Unreachable, "broke off", triesNetwork},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls, mu := 0, sync.Mutex{}
			ctx, client, clock := talk(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				calls++
				mu.Unlock()
				_, _ = io.Copy(io.Discard, r.Body)
				c.answer(w, r)
			})
			if name == "sleeps for ever" {
				ctx = WithClock(t.Context(), clock, 30*time.Millisecond)
			}
			var out struct{ A []int }
			_, err := client.Get(ctx, "/people", nil, &out)
			p := core.AsProblem(err)
			if p == nil || p.Code != c.code || !strings.Contains(p.What, c.says) || !strings.HasSuffix(p.Fix, ".") {
				t.Errorf("got %v (%v)", p, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if calls != c.calls {
				t.Errorf("%d calls, and %d are right", calls, c.calls)
			}
		})
	}
}

func TestRequestsGoWhereTheyAreToGo(t *testing.T) {
	var got *http.Request
	ctx, client, _ := talk(t, Config{Sign: Basic("key", "x"), Header: http.Header{"X-App": {"Rollcall"}}}, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(context.Background())
		fmt.Fprint(w, "{}")
	})
	for _, path := range []string{"/people?a=1", "https://api.acmehr.example/v1/people?a=1", client.over.String() + "/v1/people?a=1"} {
		if _, err := client.Get(ctx, path, url.Values{"b": {"2 3"}}, nil); err != nil {
			t.Fatal(err)
		}
		user, _, _ := got.BasicAuth()
		if got.URL.RequestURI() != "/v1/people?a=1&b=2+3" || got.Header.Get("X-Forwarded-Host") != "api.acmehr.example" || user != "key" ||
			got.Header.Get("Accept") != "application/json" || got.Header.Get("X-App") != "Rollcall" {
			t.Errorf("%s: %s %v", path, got.URL, got.Header)
		}
	}
	got = nil
	if _, err := client.Get(ctx, "https://evil.example/v1/people", nil, nil); !core.HasCode(err, core.BadData) || got != nil {
		t.Errorf("another host: %v", err)
	}
}

func TestOnlySafeAddressesAreAccepted(t *testing.T) {
	for address, ok := range map[string]bool{"https://x.example": true, "http://127.0.0.1:80": true, "http://[::1]:80": true, "http://localhost:1": true,
		"http://x.example": false, "ftp://x.example": false, "x.example": false, "https://u:p@x.example": false, "http://127.0.0.1.evil.example": false, "": false} {
		if _, err := New(Config{Vendor: "Acme HR", Base: address}); (err == nil) != ok || err != nil && !core.HasCode(err, core.BadOption) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestWritesAreNotRepeatedBlindly(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		opts   []Option
		calls  int
		code   core.Code
	}{
		"a fault leaves the outcome unknown": {500, nil, 1, core.Unknown},
		"not available is not carried out":   {503, nil, 1, core.ServerFault},
		"too many is repeated":               {429, nil, triesLimited, core.RateLimited},
		"repeatable is repeated":             {500, []Option{Repeatable()}, triesFault, core.ServerFault},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			ctx, client, _ := talk(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
				calls++
				body, _ := io.ReadAll(r.Body)
				if string(body) != `{"name":"Ada"}` || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("body %s", body)
				}
				w.WriteHeader(c.status)
			})
			_, err := client.Do(ctx, http.MethodPost, "/people", nil, map[string]string{"name": "Ada"}, nil, c.opts...)
			if calls != c.calls || !core.HasCode(err, c.code) {
				t.Errorf("%d calls, %v", calls, err)
			}
			var f *Failure
			if !errors.As(err, &f) || f.Status != c.status {
				t.Errorf("the cause is %v", err)
			}
		})
	}
	t.Run("a broken connection leaves the outcome unknown", func(t *testing.T) {
		ctx, client, _ := talk(t, Config{}, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		if _, err := client.Do(ctx, http.MethodPost, "/people", nil, nil, nil); !core.HasCode(err, core.Unknown) {
			t.Error(err)
		}
	})
}

func TestTokenIsRenewedOnceInTheMiddle(t *testing.T) {
	given, calls := 0, 0
	sign := Exchange(func(ctx context.Context, c *Client) (Token, error) {
		var answer struct{ Token string }
		_, err := c.Do(ctx, http.MethodPost, "/token", nil, url.Values{"secret": {"s"}}, &answer, Unsigned(), Repeatable())
		return Lasting(answer.Token, 3600, c.Now(ctx)), err
	})
	refuse := map[string]bool{}
	ctx, client, clock := talk(t, Config{Sign: sign}, func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("Authorization")
		switch {
		case r.URL.Path == "/v1/token" && token == "":
			given++
			fmt.Fprintf(w, `{"token":"t%d"}`, given)
		case refuse[token]:
			w.WriteHeader(401)
		default:
			calls++
			fmt.Fprint(w, "{}")
		}
	})
	get := func() error { _, err := client.Get(ctx, "/people", nil, nil); return err }
	if err := errors.Join(get(), get()); err != nil || given != 1 {
		t.Fatalf("%v, %d tokens for two calls", err, given)
	}
	refuse["Bearer t1"] = true
	if err := get(); err != nil || given != 2 || calls != 3 {
		t.Fatalf("%v, %d tokens, %d calls after the first was refused", err, given, calls)
	}
	clock.now = clock.now.Add(3600*time.Second - spare/2)
	if err := get(); err != nil || given != 3 {
		t.Fatalf("%v, %d tokens shortly before the second ended", err, given)
	}
	refuse["Bearer t3"], refuse["Bearer t4"] = true, true
	if err := get(); !core.HasCode(err, core.BadCredentials) || given != 4 {
		t.Fatalf("%v, %d tokens where every one is refused", err, given)
	}
}

func TestPaceIsKept(t *testing.T) {
	ctx, client, clock := talk(t, Config{Pace: []Pace{{Calls: 5, Per: time.Second}, {Calls: 60, Per: time.Minute, Burst: 10}}}, says(200, "{}"))
	for range 31 {
		if _, err := client.Get(ctx, "/", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if took := clock.Now().Sub(noon); took < 20*time.Second || took > 22*time.Second {
		t.Errorf("31 calls took %v", took)
	}
}

func TestNoCallsAreMadeWhereNoneAreLeft(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		waits  time.Duration
	}{
		"seconds":        {http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"30"}}, 30 * time.Second},
		"time of day":    {http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(noon.Add(time.Minute).Unix())}}, time.Minute},
		"refill":         {http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Replenish-Rate": {"4"}}, 250 * time.Millisecond},
		"some are left":  {http.Header{"X-Ratelimit-Remaining": {"7"}, "X-Ratelimit-Reset": {"30"}}, 0},
		"longer than ok": {http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(noon.Add(time.Hour).Unix())}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, client, clock := talk(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range c.header {
					w.Header()[k] = v
				}
			})
			for range 2 {
				if _, err := client.Get(ctx, "/", nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			if took := clock.Now().Sub(noon); took != c.waits {
				t.Errorf("waited %v, and should wait %v", took, c.waits)
			}
		})
	}
}

func TestAskedToWaitTooLongGivesUp(t *testing.T) {
	ctx, client, clock := talk(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(429)
	})
	if _, err := client.Get(ctx, "/", nil, nil); !core.HasCode(err, core.RateLimited) || clock.Now() != noon {
		t.Errorf("%v after %v", err, clock.Now().Sub(noon))
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	server := httptest.NewTLSServer(says(200, "{}"))
	defer server.Close()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	file := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for ca, code := range map[string]core.Code{"": core.Untrusted, file: ""} {
		c, err := New(Config{Vendor: "Acme HR", Base: server.URL, Env: core.Env{CAFile: ca}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = c.Get(t.Context(), "/", nil, nil); code == "" && err != nil || code != "" && !core.HasCode(err, code) {
			t.Errorf("with CA file %q: %v", ca, err)
		}
	}
	if _, err := New(Config{Vendor: "Acme HR", Base: server.URL, Env: core.Env{CAFile: "nowhere.pem"}}); !core.HasCode(err, core.BadOption) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestUnknownHostIsNamed(t *testing.T) {
	c, err := New(Config{Vendor: "Acme HR", Base: "https://no-such-host.invalid"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(WithClock(t.Context(), &still{now: noon}, 5*time.Second), "/", nil, nil)
	if !core.HasCode(err, core.Unreachable) || !strings.Contains(err.Error(), "no-such-host.invalid") && !strings.Contains(err.Error(), "proxy") {
		t.Error(err)
	}
}

func TestLargeAnswersAreRefused(t *testing.T) {
	ctx, client, _ := talk(t, Config{MaxBody: 1 << 20}, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20+1)) })
	if _, err := client.Get(ctx, "/", nil, nil); !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), "1 MB") {
		t.Error(err)
	}
}

func TestSecretsAndPeopleStayOutOfLogsAndSentences(t *testing.T) {
	var log bytes.Buffer
	ctx, client, _ := talk(t, Config{Sign: Bearer("s3cr3t-key"), Hide: []core.Secret{"s3cr3t-key"},
		Env: core.Env{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}},
		says(400, `{"message":"The key s3cr3t-key may not see ada@corp.example"}`))
	_, err := client.Get(ctx, "/people/ada@corp.example/4711", url.Values{"email": {"ada@corp.example"}}, nil)
	told := log.String() + err.Error()
	if strings.Contains(told, "s3cr3t") || strings.Contains(log.String(), "ada") || strings.Contains(log.String(), "4711") || !strings.Contains(log.String(), "Acme HR") {
		t.Errorf("told: %s", told)
	}
}

func TestVendorsOwnSentencesWin(t *testing.T) {
	ctx, client, _ := talk(t, Config{
		Sentences: map[int]core.Problem{403: {Code: core.NotFound, What: "Own words.", Fix: "Own step."}},
		Explain: func(a *Answer) *core.Problem {
			if bytes.Contains(a.Body, []byte("no!")) {
				return &core.Problem{Code: core.Refused, What: "It said no.", Fix: "Ask."}
			}
			return nil
		},
	}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/no" {
			fmt.Fprint(w, "no!")
			return
		}
		w.WriteHeader(403)
	})
	if _, err := client.Get(ctx, "/yes", nil, nil); !core.HasCode(err, core.NotFound) || err.Error() != "Own words. Own step." {
		t.Error(err)
	}
	if _, err := client.Get(ctx, "/no", nil, nil); !core.HasCode(err, core.Refused) {
		t.Error(err)
	}
}

func TestWhatNoRepeatingMendsIsAskedOnceEvenWithAFaultsStatus(t *testing.T) {
	for code, want := range map[core.Code]int{core.BadCredentials: 1, core.MissingScope: 1, core.NotFound: 1} {
		asked := 0
		ctx, client, _ := talk(t, Config{Explain: func(*Answer) *core.Problem {
			return &core.Problem{Code: code, What: "It is a fault of SOAP.", Fix: "Ask."}
		}},
			func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.WriteHeader(500)
			})
		if _, err := client.Get(ctx, "/soap", nil, nil); !core.HasCode(err, code) || asked != want {
			t.Errorf("%s: asked %d times, %v", code, asked, err)
		}
	}
}

func TestParallelKeepsTheOrderAndStopsAtTheFirstError(t *testing.T) {
	numbers := func(yield func(int, error) bool) {
		for i := range 100 {
			if !yield(i, nil) {
				return
			}
		}
	}
	next := 0
	for got, err := range Parallel(t.Context(), numbers, 7, func(_ context.Context, i int) (int, error) {
		if i == 50 {
			return 0, errors.New("fifty")
		}
		return i * 2, nil
	}) {
		if err != nil {
			break
		}
		if got != next*2 {
			t.Fatalf("got %d at %d", got, next)
		}
		next++
	}
	if next != 50 {
		t.Errorf("%d came before the error", next)
	}
}

func TestParallelThatIsStoppedNeverLooksWhole(t *testing.T) {
	for round := range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		numbers := func(yield func(int, error) bool) {
			for i := range 20 {
				if i == 10 {
					cancel()
				}
				if !yield(i, ctx.Err()) {
					return
				}
			}
		}
		var last error
		for _, err := range Parallel(ctx, numbers, 1+round%5, func(_ context.Context, i int) (int, error) { return i, nil }) {
			last = err
		}
		if last == nil {
			t.Fatalf("round %d ended without an error", round)
		}
		cancel()
	}
}

func FuzzErrorBodiesNeverPanic(f *testing.F) {
	f.Add(`{"errors":[{"detail":"x"}]}`)
	f.Add(`{"error":{"message":"x"}}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, body string) {
		c := &Client{}
		c.cfg.Vendor = "Acme HR"
		if said := c.said(&Answer{Body: []byte(body)}); len([]rune(said)) > 230 {
			t.Errorf("too long: %d", len(said))
		}
		_ = c.decode(&Answer{Status: 200, Header: http.Header{}, Body: []byte(body)}, &json.RawMessage{})
	})
}
