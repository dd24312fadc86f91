// Package task is the one place of the window that starts goroutines and comes back to the screen's thread. It exists so
// that no page has a race of its own, and so that a test can wait for everything that is under way.
package task

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

var running sync.WaitGroup

// screen keeps what is shown one after another where the driver has no thread of its own, as in tests; on the screen's
// thread nobody ever waits for it.
var screen sync.Mutex

// Run calls load on its own goroutine and then done on the screen's thread. When ctx ends first, done is not called:
// the page that asked has gone.
func Run[T any](ctx context.Context, load func(context.Context) (T, error), done func(T, error)) {
	running.Go(func() {
		value, err := load(ctx)
		show(ctx, func() { done(value, err) })
	})
}

// show calls f on the screen's thread unless the page has gone by then.
func show(ctx context.Context, f func()) {
	if ctx.Err() != nil {
		return
	}
	fyne.Do(func() {
		screen.Lock()
		defer screen.Unlock()
		if ctx.Err() == nil {
			f()
		}
	})
}

// Show calls f on the screen's thread, after what was shown before. It is for what is asked from below, on a goroutine
// that Run started.
func Show(f func()) { show(context.Background(), f) }

// watchEvery is how often Watch looks: often enough to read as live, seldom enough to cost nothing.
const watchEvery = 150 * time.Millisecond

// Watch reads a snapshot about seven times a second and shows each on the screen's thread, at once and until ended says
// so or ctx ends. read is called on a goroutine and must be safe there; the last snapshot, the ended one, is shown too.
func Watch[T any](ctx context.Context, read func() T, ended func(T) bool, shown func(T)) {
	running.Go(func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			snap := read()
			show(ctx, func() { shown(snap) })
			if ended(snap) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// Every calls f on the screen's thread at the interval until the returned function is called.
func Every(interval time.Duration, f func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	running.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				show(ctx, f)
			}
		}
	})
	return cancel
}

// Later runs one thing some time after the last request for it, as a search does after the last key press.
type Later struct {
	mu     sync.Mutex
	cancel context.CancelFunc
}

// After calls f on the screen's thread once wait has passed without another After or Stop.
func (l *Later) After(wait time.Duration, f func()) {
	ctx, cancel := context.WithCancel(context.Background())
	l.replace(cancel)
	running.Go(func() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
			show(ctx, f)
		}
	})
}

// Stop forgets what is waiting.
func (l *Later) Stop() { l.replace(nil) }

func (l *Later) replace(cancel context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		l.cancel()
	}
	l.cancel = cancel
}

// After calls f once on the screen's thread when wait has passed. The returned function calls it off.
func After(wait time.Duration, f func()) (stop func()) {
	later := &Later{}
	later.After(wait, f)
	return later.Stop
}

// Wait returns when every task started so far has come to its end. Tests use it instead of sleeping.
func Wait() { running.Wait() }
