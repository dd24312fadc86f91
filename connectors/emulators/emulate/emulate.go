// Package emulate starts the emulators: servers on this machine that speak as a vendor does, can be told to fail in the
// ways that vendors fail, and count the calls they get. Tests and `go run ./connectors/emulators` share it; the program
// does not contain it.
package emulate

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// IDs are the vendors that have an emulator, sorted.
func IDs() []string { return slices.Sorted(maps.Keys(vendors)) }

// Ways are a vendor's ways of signing in or of being read, the usual one first; none for an unknown vendor.
func Ways(id string) []Way { return vendors[id].ways }

func names(ways []Way) []string {
	var names []string
	for _, w := range ways {
		names = append(names, w.Name)
	}
	return names
}

// Setup is what an emulator holds. The zero Setup is the made-up company of today, read in the vendor's usual way.
type Setup struct {
	People  []seed.Employee // nil: seed.Company of 120 people
	Day     time.Time       // around which the made-up company lives; zero: today
	Way     string          // one of Ways
	PageCap int             // rows a page at most, though the client asks for more; 0: the vendor's own limit
	Hidden  []string        // fields, by the vendor's names, that these credentials may not see (BambooHR, Personio v1)
	Address string          // host and port to listen on; empty: a free port of this machine

	wire.Writing // of directories: how they begin and behave when they are written to
}

// Call is one call that arrived. Codes, tokens and bodies are not kept.
type Call struct {
	Method, Path, Query string
	Token               bool // it asked for a token or for consent, not for data
}

// Server is a running emulator.
type Server struct {
	// URL stands in for the scheme and host of the vendor's addresses.
	URL string
	// Options are the answers that a person would type into the form.
	Options map[string]string

	world  *wire.World
	vendor wire.Vendor
	http   *http.Server
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	calls  []Call
	writes []Write
	faults []*fault
}

// Start starts the emulator of a vendor. It fails for a vendor or a way that it does not know, and if it cannot listen.
func Start(id string, setup Setup) (*Server, error) {
	known, ok := vendors[id]
	if !ok {
		return nil, fmt.Errorf("no emulator is called %q; there are %s", id, strings.Join(IDs(), ", "))
	}
	if setup.Way != "" && !slices.Contains(names(known.ways), setup.Way) {
		return nil, fmt.Errorf("%s has no way called %q; it has %s", id, setup.Way, strings.Join(names(known.ways), ", "))
	}
	listener, err := net.Listen("tcp", address(setup.Address))
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", id, err)
	}
	world := worldOf(setup)
	vendor := known.make(world)
	s := &Server{URL: "http://" + listener.Addr().String(), Options: vendor.Options(), world: world, vendor: vendor, closed: make(chan struct{})}
	world.Door, world.Part = s, s.part
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go s.serve(listener)
	return s, nil
}

func address(asked string) string {
	if asked == "" {
		return "127.0.0.1:0"
	}
	return asked
}

func worldOf(setup Setup) *wire.World {
	day := setup.Day
	if day.IsZero() {
		day = time.Now()
	}
	people := setup.People
	switch {
	case setup.Empty:
		people = nil
	case people == nil:
		people = seed.Company(120, day)
	}
	hidden := map[string]bool{}
	for _, name := range setup.Hidden {
		hidden[name] = true
	}
	return &wire.World{People: seed.Link(people), Way: setup.Way, PageCap: setup.PageCap, Hidden: hidden,
		Pages: &wire.Pages{}, Tokens: wire.NewTokens(), Writing: setup.Writing}
}

func (s *Server) serve(listener net.Listener) {
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.Close()
	}
}

// Close ends the server and every call that hangs in it. It may be called more than once.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		_ = s.http.Close() // the listener is gone either way
	})
}

// Done is closed once the server has ended.
func (s *Server) Done() <-chan struct{} { return s.closed }

// Calls are the calls that arrived so far, in order.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// People is the company that the emulator holds.
func (s *Server) People() []seed.Employee { return slices.Clone(s.world.People) }

// ID is the vendor's own id of a person of the company.
func (s *Server) ID(e seed.Employee) string { return s.vendor.Truth(e, time.Time{})["externalId"] }

// Truth is what a right reading gives on that day: the canonical record of everybody, by externalId. It is what the
// credentials of the usual scopes see, with nothing hidden.
func (s *Server) Truth(day time.Time) map[string]map[string]string {
	truth := map[string]map[string]string{}
	for _, e := range s.world.People {
		if record := s.vendor.Truth(e, day); record != nil {
			truth[record["externalId"]] = record
		}
	}
	return truth
}

// ServeHTTP counts a call and answers it, or lets a fault answer it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count(r)
	s.note(r)
	metered := &meter{ResponseWriter: w, status: http.StatusOK}
	defer func() { s.world.Meter.Add(route(r), metered.status) }()
	if f := s.due(r); f == nil || !s.fail(f, metered, r) {
		s.vendor.ServeHTTP(metered, r)
	}
}

func (s *Server) count(r *http.Request) {
	q := r.URL.Query()
	for _, secret := range []string{"code", "client_secret", "access_token", "refresh_token"} {
		q.Del(secret)
	}
	call := Call{Method: r.Method, Path: r.URL.Path, Query: readable(q), Token: s.vendor.GivesTokens(r)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

func readable(q url.Values) string {
	text, err := url.QueryUnescape(q.Encode())
	if err != nil {
		return q.Encode()
	}
	return text
}
