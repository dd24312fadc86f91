package emulate

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// Kind is a way of failing.
type Kind int

// The ways of failing. Those of paging last until Clear, whatever Times says.
const (
	Refused       Kind = iota // Status, in the vendor's shape
	Hanging                   // no answer until the client gives up
	HTML                      // a page for a browser, with Status or 200
	Truncated                 // the first half of the right answer, as if it were whole
	Dropped                   // the first half of the right answer, and the connection breaks
	TokenExpired              // every token given out so far is refused from now on; happens once unless Times says more
	EndlessPages              // after the last page comes the first one again, and there is always one more
	StuckPage                 // every page is the first one, and there is always one more
	RepeatedPage              // the first page comes twice
	ShrinkingList             // after the first page somebody leaves the list, so that the others move up
	Lost                      // what was asked for is done, and the connection breaks before any answer
)

// Fault tells an emulator how to fail, and when. The zero values of On, After and Times mean every call for data.
type Fault struct {
	Kind       Kind
	Status     int    // of Refused and HTML
	RetryAfter string // header of Refused, as it is sent; empty: none
	On         string // only calls with this in their path
	Method     string // only calls of this method; Writes: only those that do more than read
	Tokens     bool   // calls for tokens too
	After      int    // so many calls pass first
	Times      int    // so often; 0: for ever
}

// BadCredentials refuses every credential, also where tokens are given.
func BadCredentials() Fault {
	return Fault{Kind: Refused, Status: http.StatusUnauthorized, Tokens: true}
}

// MissingPermission lets the client in, but not to the data.
func MissingPermission() Fault { return Fault{Kind: Refused, Status: http.StatusForbidden} }

// UnknownTenant is a host that knows no such customer.
func UnknownTenant() Fault { return Fault{Kind: Refused, Status: http.StatusNotFound, Tokens: true} }

// TooManyCalls refuses the next calls; retryAfter is the header as it is sent, or empty for none.
func TooManyCalls(times int, retryAfter string) Fault {
	return Fault{Kind: Refused, Status: http.StatusTooManyRequests, RetryAfter: retryAfter, Times: times}
}

// Lose does the next calls of a method, or those that write with Writes, and breaks the connection before the answer.
func Lose(method, on string, times int) Fault {
	return Fault{Kind: Lost, Method: method, On: on, Times: times}
}

// Broken answers 500 so many times, or for ever if times is 0.
func Broken(times int) Fault {
	return Fault{Kind: Refused, Status: http.StatusInternalServerError, Times: times}
}

// fault is a Fault with the calls that it has met.
type fault struct {
	Fault
	met int
}

var paging = map[Kind]wire.Paging{EndlessPages: wire.Endless, StuckPage: wire.Stuck, RepeatedPage: wire.Repeated, ShrinkingList: wire.Shrinking}

// Fault makes the emulator fail from now on, beside the faults that it already has; the one given first goes first.
func (s *Server) Fault(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if mode, ok := paging[f.Kind]; ok {
			s.world.Pages.Set(mode)
			continue
		}
		if f.Kind == TokenExpired && f.Times == 0 {
			f.Times = 1
		}
		s.faults = append(s.faults, &fault{Fault: f})
	}
}

// Clear takes all faults away.
func (s *Server) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.world.Pages.Set(wire.Honest)
}

// due gives the fault that this call meets, or nil.
func (s *Server) due(r *http.Request) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.concerns(r, s.vendor) && f.meets() {
			return f
		}
	}
	return nil
}

func (f *fault) concerns(r *http.Request, vendor wire.Vendor) bool {
	meant := f.Method == "" || f.Method == r.Method || f.Method == Writes && writes(r)
	return meant && strings.Contains(r.URL.Path, f.On) && (f.Tokens || !vendor.GivesTokens(r))
}

func (f *fault) meets() bool {
	f.met++
	return f.met > f.After && (f.Times == 0 || f.met <= f.After+f.Times)
}

// fail answers r in the way of f; it reports false if the vendor still has to answer.
func (s *Server) fail(f *fault, w http.ResponseWriter, r *http.Request) bool {
	switch f.Kind {
	case Refused:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		s.vendor.Refuse(w, r, f.Status)
	case Hanging:
		s.hang(r)
	case HTML:
		page(w, f.Status)
	case Truncated, Dropped:
		s.half(w, r, f.Kind == Dropped)
	case Lost:
		s.vendor.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case TokenExpired:
		s.world.Tokens.Expire()
		return false
	}
	return true
}

func (s *Server) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.closed:
	}
	panic(http.ErrAbortHandler)
}

func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if status != 0 {
		w.WriteHeader(status)
	}
	_, _ = w.Write([]byte("<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>")) // the client may be gone
}

// half gives half of what the vendor would have answered.
func (s *Server) half(w http.ResponseWriter, r *http.Request, broken bool) {
	whole := httptest.NewRecorder()
	s.vendor.ServeHTTP(whole, r)
	body := whole.Body.Bytes()
	w.Header().Set("Content-Type", whole.Header().Get("Content-Type"))
	if broken {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(whole.Code)
	_, _ = w.Write(body[:len(body)/2]) // the client may be gone
	if broken {
		panic(http.ErrAbortHandler)
	}
}
