package rest

import (
	"context"
	"sync"
	"time"
)

// learner finds the pace of a vendor that publishes none from its "too many requests":
// what it took from one of them to the next, waiting included, is what it allows. From
// there the pace grows slowly, and faster the longer nothing is refused.
type learner struct {
	mu    sync.Mutex
	rate  float64   // calls a second; 0: not known, nothing is held back
	next  time.Time // of the next call
	since time.Time // of the stretch that is counted
	good  int       // calls that were taken in it
	until time.Time // the vendor's hold after it refused
	grown time.Time
	step  float64

	first   float64 // the pace that was found first
	before  int     // calls that were taken until then
	unpaced bool    // refusals do not hang on the pace; nothing is held back but what was asked
}

const (
	growEvery = 10 * time.Second
	leastStep = 0.01
	mostStep  = 0.25
	slack     = 250 * time.Millisecond // of lost time is caught up with
	idle      = time.Second            // without a call, after which a stretch is counted anew
	leastRate = 1
	margin    = 0.98
)

// wait waits for the call's turn.
func (l *learner) wait(ctx context.Context, c Clock) error {
	l.mu.Lock()
	now := c.Now()
	if now.Sub(later(l.next, l.until)) > idle { // also at the very first
		l.since, l.good = now, 0
	}
	if l.rate > 0 && now.Sub(l.grown) >= growEvery {
		l.rate *= 1 + l.step
		l.step, l.grown = min(2*l.step, mostStep), now
	}
	at := later(later(l.next, l.until), now.Add(-slack))
	l.next = later(at, now)
	if l.rate > 0 {
		l.next = at.Add(time.Duration(float64(time.Second) / l.rate))
	}
	l.mu.Unlock()
	if left := at.Sub(now); left > 0 {
		return c.Sleep(ctx, left)
	}
	return ctx.Err()
}

// heard takes what became of a call: a zero hold, or for how long nothing is sent, and
// how long the vendor asked to wait. Refusals of calls that were under way together
// count once.
func (l *learner) heard(now time.Time, hold, told time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case hold == 0:
		l.good++
	case now.After(l.until):
		l.until = now.Add(hold)
		if told == 0 {
			told = hold
		}
		took := float64(l.good) / now.Add(told).Sub(l.since).Seconds()
		if l.rate > 0 {
			took = max(min(took, l.rate), l.rate/2)
		}
		l.rate = max(took*margin, leastRate)
		if l.first == 0 {
			l.first, l.before = l.rate, l.good
		}
		if l.rate <= l.first/2 && l.good <= l.before+l.before/4+1 {
			l.unpaced = true // at half the pace as few are taken as before, as where every so-manieth is refused
		}
		if l.unpaced {
			l.rate = 0
		}
		l.since, l.good = l.until, 0
		l.grown, l.step, l.next = l.until, leastStep, l.until
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
