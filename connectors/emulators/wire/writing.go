package wire

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// Writing is how a directory that can be written to begins and behaves. The zero value holds the made-up company, shows
// what was written at once, has no limits and forbids nothing. No emulator has all of it; see its folder.
type Writing struct {
	Empty       bool             // begin with one protected administrator and a few groups, without the company
	ReadOnly    bool             // the credentials may read, and change nothing
	Permissions []string         // what the credentials may do, by the vendor's names; nil: everything
	Lag         int              // so many calls go by before a write is seen everywhere; the next steps on it stumble first
	Delay       time.Duration    // what the vendor does in the background is done after so long
	Seats       int              // accounts that the licence is for; 0: any number
	Limits      Limits           // what is refused as too many calls
	Switches    map[string]bool  // what only one vendor has, by name
	Clock       func() time.Time // of limits, delays and stamps; nil: the time of day
}

// Now is the time by the clock of w.
func (w Writing) Now() time.Time {
	if w.Clock == nil {
		return time.Now()
	}
	return w.Clock()
}

// Limits is how much a vendor takes before it refuses. The zero Limits refuses nothing.
type Limits struct {
	Calls   int              // that a bucket holds; 0: they are not counted
	Window  time.Duration    // how long a bucket lasts; 0: as long as the vendor's own
	AtOnce  int              // calls at the same time; 0: any number
	Latency time.Duration    // how long each call takes at least, without which no two calls of a fast emulator meet
	Real    bool             // the vendor's published limits hold
	Named   map[string]Limit // limits by the vendor's names for them, instead of or beside the real ones
}

// Limit is so many calls, or units, in a window of time.
type Limit struct {
	Calls  int
	Window time.Duration
}

// Buckets counts calls by the name of a bucket and by its window.
type Buckets struct {
	mu   sync.Mutex
	open map[string]*window
}

type window struct {
	spent int
	ends  time.Time
}

// Take takes a call out of a bucket of so many calls for each window. It tells how many are left, when the bucket is full
// again, and whether there was one to take.
func (b *Buckets) Take(name string, calls int, lasting time.Duration, now time.Time) (left int, full time.Time, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		b.open = map[string]*window{}
	}
	is := b.open[name]
	if is == nil || !now.Before(is.ends) {
		is = &window{ends: now.Add(lasting)}
		b.open[name] = is
	}
	if is.spent >= calls {
		return 0, is.ends, false
	}
	is.spent++
	return calls - is.spent, is.ends, true
}

// Bucket is a limit with what is left of it: it fills up evenly, and never above the limit.
type Bucket struct {
	Limit
	left float64
	at   time.Time
}

// NewBucket is a full one.
func NewBucket(l Limit, now time.Time) *Bucket { return &Bucket{l, float64(l.Calls), now} }

// Take takes n out, or tells how long to wait. What is refused counts too, so that whoever does not wait waits longer.
func (b *Bucket) Take(n int, now time.Time) (wait time.Duration, ok bool) {
	full := float64(b.Calls)
	rate := full / b.Window.Seconds()
	b.left = min(full, b.left+rate*now.Sub(b.at).Seconds())
	b.at = now
	if b.left >= float64(n) {
		b.left -= float64(n)
		return 0, true
	}
	b.left = max(b.left-float64(n), -full/10)
	return time.Duration((float64(n) - b.left) / rate * float64(time.Second)), false
}

// Used is the share that is taken, 1 for an empty bucket.
func (b *Bucket) Used() float64 { return 1 - b.left/float64(b.Calls) }

// Gate holds calls to Limits: each key (a token, a tenant, a kind of call) has a bucket of its own, and all of them are
// counted that are under way.
type Gate struct {
	buckets Buckets
	mu      sync.Mutex
	atOnce  int
}

// The limits that a call can meet at a Gate.
const (
	OverCalls  = "calls"
	OverAtOnce = "atOnce"
)

// Enter says whether a call may pass: over is the limit that it met, or "", and wait the time until there is room again.
// A call that may pass has to Leave.
func (g *Gate) Enter(key string, limits Limits, now time.Time) (over string, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limits.AtOnce > 0 && g.atOnce >= limits.AtOnce {
		return OverAtOnce, 0
	}
	if limits.Window == 0 {
		limits.Window = time.Minute
	}
	if limits.Calls > 0 {
		if _, full, ok := g.buckets.Take(key, limits.Calls, limits.Window, now); !ok {
			return OverCalls, full.Sub(now)
		}
	}
	g.atOnce++
	return "", 0
}

// Leave ends a call that Enter let pass.
func (g *Gate) Leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.atOnce--
}

// Count is what happened on a route.
type Count struct {
	Calls   int // all that arrived
	Refused int // those of them that met a limit
	Failed  int // those of them that were refused for another reason
}

// Meter counts calls by route; parts of a batch are counted as calls of their own.
type Meter struct {
	mu     sync.Mutex
	counts map[string]Count
}

// Add counts a call of a route that was answered with that status.
func (m *Meter) Add(route string, status int) {
	switch {
	case status == http.StatusTooManyRequests:
		m.add(route, Count{1, 1, 0})
	case status >= http.StatusBadRequest:
		m.add(route, Count{1, 0, 1})
	default:
		m.add(route, Count{1, 0, 0})
	}
}

// Over says of a call that is counted as a failed one that it met a limit, where the vendor's status does not tell.
func (m *Meter) Over(route string) { m.add(route, Count{0, 1, -1}) }

func (m *Meter) add(route string, more Count) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts == nil {
		m.counts = map[string]Count{}
	}
	c := m.counts[route]
	m.counts[route] = Count{c.Calls + more.Calls, c.Refused + more.Refused, c.Failed + more.Failed}
}

// Counts are the counts so far.
func (m *Meter) Counts() map[string]Count {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.counts)
}
