package entraid

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"rollcall/connectors/internal/rest"
)

// pace keeps the calls of one connection below Microsoft's limits: 95 of 100 parts of
// what an application may do in a small tenant.
type pace struct {
	units   *window // of a tenant of under 50 people: 3,500 in ten seconds
	writes  *window // 3,000 in two and a half minutes
	uploads *window // to the provisioning service: 40 in five seconds
	logs    *window // calls for its log: 5 in ten seconds
}

// paces are shared by all openings of a connection, for Microsoft counts them together.
var paces sync.Map

func paceOf(connection string) *pace {
	p, _ := paces.LoadOrStore(connection, &pace{newWindow(3325, 10*time.Second), newWindow(2850, 150*time.Second), newWindow(38, 5*time.Second), newWindow(4, 10*time.Second)})
	return p.(*pace) //nolint:forcetypeassert // nothing else is stored there
}

// window lets so many pass in any stretch of time of its length. It holds the limit
// whether the other side counts by the clock or by a bucket that fills up evenly.
type window struct {
	mu     sync.Mutex
	length time.Duration
	passed []time.Time // the last ones, as a ring
	next   int
}

func newWindow(most int, length time.Duration) *window {
	return &window{length: length, passed: make([]time.Time, most)}
}

// pass gives how long the last of n who come now has to wait.
func (w *window) pass(now time.Time, n int) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := now
	for range n {
		if free := w.passed[w.next].Add(w.length); free.After(at) {
			at = free
		}
		w.passed[w.next] = at
		w.next = (w.next + 1) % len(w.passed)
	}
	return at.Sub(now)
}

// wait waits until so many units and writes may be used. A write costs a unit too.
func (p *pace) wait(ctx context.Context, c *rest.Client, units, writes int) error {
	now := c.Now(ctx)
	return rest.Sleep(ctx, max(p.units.pass(now, units), p.writes.pass(now, writes)))
}

// near is the share of a limit above which Microsoft's own count is believed rather than
// ours: other programs use the limit too.
const near = 0.95

// heed lets fewer writes pass where an answer says that a limit is near, or was passed.
func (p *pace) heed(ctx context.Context, c *rest.Client, a *rest.Answer) {
	if a == nil {
		return
	}
	if share, err := strconv.ParseFloat(a.Header.Get("x-ms-throttle-limit-percentage"), 64); err == nil && share >= near {
		p.writes.pass(c.Now(ctx), 1)
	}
}

// status gives the status that an error came from, or 0.
func status(err error) int {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

// longest gives the wait that an answer asks for; by itself it is a moment.
func longest(told string) time.Duration {
	seconds, err := strconv.ParseFloat(told, 64)
	if err != nil || seconds <= 0 || seconds > 600 {
		return time.Second
	}
	return time.Duration(seconds * float64(time.Second))
}
