// Package conform holds the laws that every connector keeps, run over the emulators of
// their vendors: two statements of one API, written by different hands, that have to
// agree. Tests alone import it.
package conform

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Day is the day of reading in all laws.
var Day = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Subject is a connector in one of its vendor's ways of signing in or being read.
type Subject struct {
	ID     string
	Way    emulate.Way
	Spec   core.Spec
	Source func(core.Answers, core.Env) (core.Source, error)
	// Extra are canonical fields that the connector gives and the emulator's truth leaves
	// out, with the reason in the connector's manifest.
	Extra []string
	// Registered says that the emulator sends the browser to the one address that it has
	// registered, so that laws cannot be tried side by side.
	Registered bool
}

// law is one thing that holds for every connector.
type law struct {
	name string
	skip func(Subject) string // why it does not concern a subject; empty: it does
	hold func(*testing.T, *bench)
}

// not says why a law does not concern a subject; empty: it does.
func (l law) not(s Subject) string {
	if l.skip == nil {
		return ""
	}
	return l.skip(s)
}

// Law is a law with the reason why it does not concern a subject; empty: it does, and
// holds, or the tests fail.
type Law struct{ Name, Not string }

// Laws are all laws, as they concern a subject.
func Laws(s Subject) []Law {
	var all []Law
	for _, l := range sourceLaws {
		all = append(all, Law{l.name, l.not(s)})
	}
	return all
}

// Sources runs every law over a connector.
func Sources(t *testing.T, s Subject) {
	for _, l := range sourceLaws {
		t.Run(l.name, func(t *testing.T) {
			if l.name != memoryLaw && (!s.Way.Consent || !s.Registered) {
				t.Parallel()
			}
			if why := l.not(s); why != "" {
				t.Skip(why)
			}
			if racing && l.name == memoryLaw {
				t.Skip("the race detector keeps memory of its own")
			}
			l.hold(t, &bench{Subject: s})
		})
	}
}

// bench is a connector at its emulator.
type bench struct {
	Subject
	server *emulate.Server
	clock  *Clock
	log    *bytes.Buffer
	source core.Source
}

// start starts the emulator and a source that reads it.
func (b *bench) start(t *testing.T, setup emulate.Setup) {
	t.Helper()
	if setup.Day.IsZero() {
		setup.Day = Day
	}
	setup.Way = b.Way.Name
	server, err := emulate.Start(b.ID, setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	b.server, b.clock, b.log = server, NewClock(Day), &bytes.Buffer{}
	answers := core.Answers{}
	for id, v := range server.Options {
		answers[id] = core.Secret(v)
	}
	env := core.Env{Now: func() time.Time { return Day }, Base: server.URL,
		Log: slog.New(slog.NewTextHandler(&locked{w: b.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	b.allow(t, answers, &env)
	if b.source, err = b.Source(answers, env); err != nil {
		t.Fatal(err)
	}
}

// allow answers the questions of an OAuth application, and is the person who allows it.
func (b *bench) allow(t *testing.T, answers core.Answers, env *core.Env) {
	if !b.Way.Consent {
		return
	}
	_, asks := b.server.Options["redirectUri"]
	if asked := b.option("redirectUri"); !b.Registered && (asks || asked) {
		answers["redirectUri"] = core.Secret(freeAddress(t))
	} else if b.Registered {
		b.free(t)
	}
	env.Ask.OpenURL = func(page string) error {
		go b.browse(page, answers.Get("redirectUri"))
		return nil
	}
}

// option says whether the form has a question.
func (b *bench) option(id string) bool {
	return slices.ContainsFunc(b.Spec.Options, func(o core.Option) bool { return o.ID == id })
}

// free skips where the address that the emulator has registered is taken.
func (b *bench) free(t *testing.T) {
	if l, err := net.Listen("tcp", registered); err != nil {
		t.Skipf("another program uses %s, which the emulator has registered", registered)
	} else {
		_ = l.Close()
	}
}

// registered is where the emulators of apps with a registered redirect send the browser.
const registered = "localhost:8765"

// browse is the person's browser: the emulator's page sends it back at once; where the
// page shows an error, the person gives up.
func (b *bench) browse(page, back string) {
	if back == "" {
		back = b.server.Options["redirectUri"]
	}
	if u, err := url.Parse(page); err == nil && u.Query().Has("redirect_uri") {
		back = u.Query().Get("redirect_uri")
	}
	res, err := http.Get(page)
	if err != nil {
		return // the emulator is gone, and so is the law
	}
	_ = res.Body.Close()
	u, err := url.Parse(page)
	if err != nil || res.StatusCode < http.StatusBadRequest {
		return
	}
	if res, err = http.Get(back + "?" + url.Values{"error": {"given up"}, "state": {u.Query().Get("state")}}.Encode()); err == nil {
		_ = res.Body.Close()
	}
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/callback"
}

// patience is how long an answer may take in the laws.
const patience = 5 * time.Second

func (b *bench) context(t *testing.T, patience time.Duration) context.Context {
	return rest.WithClock(t.Context(), b.clock, patience)
}

// records are people by id and field.
type records = map[string]map[string]string

// read reads everybody; an error comes with what was read before it.
func (b *bench) read(ctx context.Context, want core.Want) (records, error) {
	got := records{}
	for p, err := range b.source.People(ctx, want) {
		if err != nil {
			return got, err
		}
		if _, twice := got[p.ID()]; twice {
			return got, &core.Problem{Code: core.Internal, What: "Person " + p.ID() + " came twice."}
		}
		got[p.ID()] = p.Map()
	}
	return got, nil
}

// calls is how many calls for data a reading takes, in pages of so many rows.
func (b *bench) calls(t *testing.T, page int) int {
	b.start(t, emulate.Setup{PageCap: page})
	if _, err := b.read(b.context(t, patience), everyone); err != nil {
		t.Fatal(err)
	}
	return b.dataCalls()
}

// dataCalls is how many calls for data have arrived.
func (b *bench) dataCalls() int {
	n := 0
	for _, c := range b.server.Calls() {
		if !c.Token {
			n++
		}
	}
	return n
}

// truth is what a right reading gives, with what the emulator leaves out taken from got.
func (b *bench) truth(got records) records {
	truth := b.server.Truth(Day)
	for id, record := range truth {
		for _, field := range b.Extra {
			if v := got[id][field]; v != "" {
				record[field] = v
			}
		}
	}
	return truth
}

var everyone = core.Want{Leavers: -1}

// Clock is a clock that does not wait: sleeping moves it on.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

// NewClock makes a clock that stands at a time.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now gives the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// Longest gives the longest sleep.
func (c *Clock) Longest() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var longest time.Duration
	for _, d := range c.slept {
		longest = max(longest, d)
	}
	return longest
}

// locked lets several goroutines write.
type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// Everybody reads everybody from a new emulator, for the golden file.
func Everybody(t *testing.T, s Subject) []map[string]string {
	b := &bench{Subject: s}
	b.start(t, emulate.Setup{})
	got, err := b.read(b.context(t, patience), everyone)
	if err != nil {
		t.Fatal(err)
	}
	return sortedByID(maps.Clone(got))
}
