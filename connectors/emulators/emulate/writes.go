package emulate

import (
	"bytes"
	"io"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/wire"
)

// Writes stands for every method that does more than read, as the Method of a Fault.
const Writes = "writes"

// Write is one call that arrived and does more than read, with its body as it was sent.
type Write struct {
	Method, Path, Query, Body string
}

func writes(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// note keeps a write; a body that cannot be read to its end is kept as far as it came.
func (s *Server) note(r *http.Request) {
	if !writes(r) || r.Body == nil || s.vendor.GivesTokens(r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes = append(s.writes, Write{r.Method, r.URL.Path, r.URL.RawQuery, string(body)})
}

// failing is the end of a body: its own error, or none.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// Writes are the calls so far that do more than read, in order; without those for tokens.
func (s *Server) Writes() []Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.writes)
}

// Counts are the calls by route, and how many of them were refused; of a batch also its parts.
func (s *Server) Counts() map[string]wire.Count { return s.world.Meter.Counts() }

// part refuses a part of a batch if a fault says so; other ways of failing are those of whole calls.
func (s *Server) part(w http.ResponseWriter, r *http.Request) bool {
	f := s.due(r)
	return f != nil && f.Kind == Refused && s.fail(f, w, r)
}

// meter remembers the status of an answer.
type meter struct {
	http.ResponseWriter
	status int
}

func (m *meter) WriteHeader(status int) {
	m.status = status
	m.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// route is the pattern that a call met, or its method and path where the vendor has no patterns.
func route(r *http.Request) string {
	if r.Pattern != "" {
		return r.Pattern
	}
	return r.Method + " " + r.URL.Path
}
