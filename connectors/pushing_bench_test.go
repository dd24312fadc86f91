package connectors

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
	"rollcall/core/config"
	"rollcall/core/engine"
)

// pushed is a company on its way to a directory.
type pushed struct {
	spec   core.Spec
	target core.Target
	setup  core.Setup
	people [][]string
}

// newPushed connects to a directory; handOver is from how many changes on its own engine
// gets them.
func newPushed(tb testing.TB, connector, rules string, people, handOver int, answers map[string]string, base string) *pushed {
	tb.Helper()
	given := core.Answers{}
	for id, v := range answers {
		given[id] = core.Secret(v)
	}
	var company lives
	company.found(people)
	p := &pushed{people: company.people}
	var err error
	p.spec, err = All().Spec(connector)
	fatal(tb, err)
	p.target, err = All().Target(connector, given, core.Env{Now: time.Now, Base: base, Shelf: newMemoryShelf()})
	fatal(tb, err)
	p.setup, err = config.Read(strings.NewReader("source: {connector: csv}\ntarget: {connection: Directory}\n" + rules + livesRules))
	fatal(tb, err)
	if p.setup.HandOver = handOver; handOver == 0 {
		p.setup.HandOver = -1
	}
	return p
}

func fatal(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func (p *pushed) plan(ctx context.Context, tb testing.TB, memory core.Memory) *engine.Result {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "people.csv")
	f, err := os.Create(file)
	fatal(tb, err)
	fatal(tb, csv.NewWriter(f).WriteAll(p.people))
	fatal(tb, f.Close())
	source, err := All().Source("csv", core.Answers{"path": core.Secret(file)}, core.Env{Now: time.Now})
	fatal(tb, err)
	made, err := engine.Plan(ctx, engine.Input{ID: "pushed", Name: "Pushed", Setup: p.setup, Source: source, Target: p.target, Memory: memory, Now: time.Now()})
	fatal(tb, err)
	return made
}

// apply carries a plan out until it ends or ctx does, and tells of every row that was done or
// handed over.
func (p *pushed) apply(ctx context.Context, tb testing.TB, plan *core.Plan, journal core.Journal, done func(core.Outcome)) {
	tb.Helper()
	for o, err := range engine.Apply(ctx, engine.ApplyInput{Plan: plan, Approval: core.Approval{Hash: plan.Hash}, Target: p.target, Journal: journal,
		Workers: p.spec.Workers, Now: time.Now, Sleep: rest.Sleep}) {
		switch {
		case ctx.Err() != nil:
		case err != nil:
			tb.Fatal(err)
		case o.Problem != nil:
			tb.Fatalf("%s %s: %s: %v (%v)", o.Verb, o.Person, o.State, o.Problem, o.Problem.Cause)
		default:
			done(o)
		}
	}
}

// fast is the clock on the wall, so many times faster: platforms count in minutes.
type fast struct {
	began time.Time
	times int
}

func (f fast) Now() time.Time { return f.began.Add(time.Since(f.began) * time.Duration(f.times)) }

func (f fast) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d / time.Duration(f.times)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// late answers as late as a platform that is far away.
func late(d time.Duration, to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(d)
		to.ServeHTTP(w, r)
	})
}

// limitedPlatform is a directory that takes so many calls, by its own limits.
type limitedPlatform struct {
	name, connector, rules string
	people, handOver       int
	times                  int           // the clock is so much faster
	from, to               time.Duration // what is measured, by that clock
	binds                  []string      // beginnings of the routes that are counted in the bucket which is used up first
	rate                   float64       // calls a second that it allows
	start                  func(b *testing.B, clock fast) (answers map[string]string, base string, counts func() map[string]wire.Count)
}

func emulated(id string, setup emulate.Setup, latency time.Duration, more map[string]string) func(*testing.B, fast) (map[string]string, string, func() map[string]wire.Count) {
	return func(b *testing.B, clock fast) (map[string]string, string, func() map[string]wire.Count) {
		b.Helper()
		setup := setup
		setup.Clock, setup.Empty = clock.Now, true
		setup.Limits.Latency /= time.Duration(clock.times)
		s, err := emulate.Start(id, setup)
		fatal(b, err)
		b.Cleanup(s.Close)
		maps.Copy(s.Options, more)
		base := s.URL
		if latency > 0 {
			far := httptest.NewServer(late(latency/time.Duration(clock.times), s))
			b.Cleanup(far.Close)
			base = far.URL
		}
		return s.Options, base, s.Counts
	}
}

// usualLatency is how long the platforms take for a call.
const usualLatency = 200 * time.Millisecond

var limitedPlatforms = []limitedPlatform{
	{name: "okta", connector: "okta", rules: oktaLives, people: 3000, times: 10, to: 4 * time.Minute, binds: []string{"POST /api/v1/users"}, rate: 10,
		start: emulated("okta", emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Calls: 600, Window: time.Minute, AtOnce: 75, Latency: usualLatency}}}, 0, map[string]string{"groups": "Staff\nContractors"})},
	{name: "entraid", connector: "entraid", rules: entraLives, people: 6000, times: 15, from: 150 * time.Second, to: 600 * time.Second, binds: entraWrites, rate: 20,
		start: emulated("entraid", emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Real: true}}}, usualLatency, map[string]string{"groups": "Staff\nConsultants"})},
	{name: "googleworkspace", connector: "googleworkspace", rules: googleLives, people: 6000, times: 5, to: 3 * time.Minute, binds: []string{"GET ", "POST ", "PUT ", "PATCH "}, rate: 40,
		start: emulated("googleworkspace", emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Calls: 2400, Window: time.Minute, Latency: usualLatency}}}, 0, map[string]string{"groups": googleGroups})},
	{name: "scim", connector: "scim", rules: scimLives, people: 3000, times: 1, to: 40 * time.Second, binds: []string{"any"}, rate: 50, start: limitedSCIM},
	{name: "bulkUpload", connector: "entraid", rules: entraLives, people: 14_000, handOver: 1, times: 1, from: 5 * time.Second, to: 25 * time.Second, binds: []string{"POST /v1.0/servicePrincipals/"}, rate: 8,
		start: emulated("entraid", emulate.Setup{Writing: wire.Writing{Limits: wire.Limits{Real: true}}}, usualLatency,
			map[string]string{"groups": "Staff\nConsultants", "servicePrincipalId": entraid.ServicePrincipalID, "jobId": entraid.JobID})},
}

var entraWrites = []string{"$batch: POST ", "$batch: PUT ", "$batch: PATCH ", "$batch: DELETE ", "POST /v1.0/users", "POST /v1.0/groups", "PATCH ", "PUT ", "DELETE "}

// limitedSCIM takes 50 calls a second, a second's worth at once.
func limitedSCIM(b *testing.B, clock fast) (map[string]string, string, func() map[string]wire.Count) {
	b.Helper()
	s := servers.Elimity(b, servers.Dialect{Groups: scimGroups})
	to := forwarding(s.URL)
	meter, bucket, mu := &wire.Meter{}, wire.NewBucket(wire.Limit{Calls: 50, Window: time.Second}, clock.Now()), sync.Mutex{}
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		_, free := bucket.Take(1, clock.Now())
		mu.Unlock()
		if !free {
			meter.Add("any", http.StatusTooManyRequests)
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		meter.Add("any", http.StatusOK)
		time.Sleep(20 * time.Millisecond)
		to.ServeHTTP(w, r)
	}))
	b.Cleanup(far.Close)
	return map[string]string{"baseUrl": far.URL, "token": s.Token, "groups": strings.Join(scimGroups, "\n")}, "", meter.Counts
}

// BenchmarkPushingWithinLimits pushes a company to platforms that refuse what is too much,
// and reports how much of what is allowed was used and how much was refused.
func BenchmarkPushingWithinLimits(b *testing.B) {
	for _, l := range limitedPlatforms {
		b.Run(l.name, func(b *testing.B) {
			for b.Loop() {
				l.push(b)
			}
		})
	}
}

func (l limitedPlatform) push(b *testing.B) {
	b.Helper()
	clock := fast{time.Now(), l.times}
	answers, base, counts := l.start(b, clock)
	p := newPushed(b, l.connector, l.rules, l.people, l.handOver, answers, base)
	ctx, stop := context.WithCancel(rest.WithClock(b.Context(), clock, time.Hour))
	defer stop()
	plan := p.plan(ctx, b, core.Memory{}).Plan
	var mu sync.Mutex
	rows, ended := 0, make(chan struct{})
	before := counts()
	go func() {
		defer close(ended)
		p.apply(ctx, b, plan, &memoryJournal{}, func(core.Outcome) { mu.Lock(); rows++; mu.Unlock() })
	}()
	look := func(at time.Duration) (map[string]wire.Count, int) {
		select {
		case <-ended:
			b.Errorf("all was pushed before the time was over: more people are needed")
		case <-time.After(at / time.Duration(l.times)):
		}
		mu.Lock()
		defer mu.Unlock()
		return counts(), rows
	}
	first, done := look(l.from)
	if l.from == 0 {
		first = before
	}
	last, all := look(l.to - l.from)
	stop()
	<-ended
	l.report(b, first, last, all-done)
}

// report tells what became of the calls between two counts.
func (l limitedPlatform) report(b *testing.B, first, last map[string]wire.Count, rows int) {
	b.Helper()
	took := (l.to - l.from).Seconds()
	used, calls, refused := 0, 0, 0
	for route, c := range last {
		f := first[route]
		n := c.Calls - f.Calls
		calls, refused = calls+n, refused+c.Refused-f.Refused
		for _, begins := range l.binds {
			if strings.HasPrefix(route, begins) {
				used += n - (c.Refused - f.Refused)
				break
			}
		}
		if n > 0 {
			b.Logf("%-90s %6d calls, %d refused", route, n, c.Refused-f.Refused)
		}
	}
	b.ReportMetric(100*float64(used)/(l.rate*took), "used-%")
	b.ReportMetric(100*float64(refused)/float64(max(calls, 1)), "refused-%")
	b.ReportMetric(float64(rows)/took*60, "rows/min")
}

// forwarding passes calls on to another address.
func forwarding(to string) http.Handler {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		on, err := http.NewRequestWithContext(r.Context(), r.Method, to+r.URL.RequestURI(), r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		on.Header = r.Header
		got, err := client.Do(on)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer got.Body.Close()
		maps.Copy(w.Header(), got.Header)
		w.WriteHeader(got.StatusCode)
		_, _ = io.Copy(w, got.Body) // the client is gone: nobody is left to tell
	})
}

// noted keeps the calls that come by, in order.
type noted struct {
	mu  sync.Mutex
	all []exchange
}

func (n *noted) passing(to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // the client's own
		r.Body = io.NopCloser(bytes.NewReader(body))
		n.mu.Lock()
		n.all = append(n.all, exchange{method: r.Method, path: r.URL.RequestURI(), header: r.Header.Clone(), body: body})
		n.mu.Unlock()
		to.ServeHTTP(w, r)
	})
}

// unlimited is a server on this machine that takes whatever comes.
type unlimited struct {
	name, connector, rules string
	start                  func(b *testing.B) (answers map[string]string, base string, own http.Handler)
	address                string // the option that holds the address, where it is no base
}

const pushedPeople = 2000

// plain are rules without what needs the id of an account, so that the same calls can be
// made again on another server.
func plain(rules string) string {
	var kept []string
	for line := range strings.Lines(rules) {
		if !strings.Contains(line, "attribute: manager") && !strings.Contains(line, "enterprise.manager") && !strings.Contains(line, "attribute: groups") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

var unlimitedServers = []unlimited{
	{name: "scim", connector: "scim", rules: plain(scimLives), address: "baseUrl", start: func(b *testing.B) (map[string]string, string, http.Handler) {
		s := servers.Elimity(b, servers.Dialect{})
		return map[string]string{"baseUrl": s.URL, "token": s.Token}, s.URL, forwarding(s.URL)
	}},
	{name: "okta", connector: "okta", rules: plain(oktaLives), start: func(b *testing.B) (map[string]string, string, http.Handler) {
		s, err := emulate.Start("okta", emulate.Setup{Way: "token", Writing: wire.Writing{Empty: true}})
		fatal(b, err)
		b.Cleanup(s.Close)
		return s.Options, s.URL, s
	}},
	{name: "jumpcloud", connector: "jumpcloud", rules: plain(jumpCloudLives), start: func(b *testing.B) (map[string]string, string, http.Handler) {
		s, err := emulate.Start("jumpcloud", emulate.Setup{Writing: wire.Writing{Empty: true}})
		fatal(b, err)
		b.Cleanup(s.Close)
		s.Options["attributes"] = "badge"
		return s.Options, s.URL, s
	}},
}

// BenchmarkPushingFreely creates 2,000 accounts on a server without limits, beside a bare
// client that makes the same calls, as many at once.
func BenchmarkPushingFreely(b *testing.B) {
	for _, u := range unlimitedServers {
		b.Run(u.name, func(b *testing.B) {
			calls, workers := u.record(b)
			b.Run("rollcall", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					answers, base, _ := u.start(b)
					p, plan := u.ready(b, answers, base)
					b.StartTimer()
					p.apply(b.Context(), b, plan, &memoryJournal{}, func(core.Outcome) {})
				}
				b.ReportMetric(float64(len(calls)), "calls")
			})
			b.Run("bare", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					_, base, _ := u.start(b)
					b.StartTimer()
					sendAll(b, calls, base, workers)
				}
			})
		})
	}
}

func (u unlimited) ready(b *testing.B, answers map[string]string, base string) (*pushed, *core.Plan) {
	b.Helper()
	if u.address != "" {
		answers[u.address], base = base, ""
	}
	p := newPushed(b, u.connector, u.rules, pushedPeople, 0, answers, base)
	return p, p.plan(b.Context(), b, core.Memory{}).Plan
}

// record gives the calls of a push, and how many are under way at once.
func (u unlimited) record(b *testing.B) ([]exchange, int) {
	b.Helper()
	answers, _, own := u.start(b)
	tape := &noted{}
	server := httptest.NewServer(tape.passing(own))
	defer server.Close()
	p, plan := u.ready(b, answers, server.URL)
	tape.mu.Lock()
	tape.all = nil // of the reading
	tape.mu.Unlock()
	n := 0
	p.apply(b.Context(), b, plan, &memoryJournal{}, func(core.Outcome) { n++ })
	if n != pushedPeople {
		b.Fatalf("%d of %d were created", n, pushedPeople)
	}
	return tape.all, p.spec.Workers
}

// sendAll makes the calls, so many at once, and reads their answers.
func sendAll(b *testing.B, calls []exchange, base string, workers int) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	defer client.CloseIdleConnections()
	next := make(chan exchange)
	var sending sync.WaitGroup
	for range max(workers, 1) {
		sending.Go(func() {
			for e := range next {
				r, err := http.NewRequestWithContext(b.Context(), e.method, base+e.path, bytes.NewReader(e.body))
				if err != nil {
					b.Error(err)
					continue
				}
				r.Header = e.header
				got, err := client.Do(r)
				if err != nil {
					b.Error(err)
					continue
				}
				_, _ = io.Copy(io.Discard, got.Body)
				_ = got.Body.Close()
				if got.StatusCode >= http.StatusBadRequest && got.StatusCode != http.StatusNotFound {
					b.Error(fmt.Sprint(e.method, " ", e.path, ": ", got.Status))
				}
			}
		})
	}
	for _, e := range calls {
		next <- e
	}
	close(next)
	sending.Wait()
}
