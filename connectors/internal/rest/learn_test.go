package rest

import (
	"context"
	"testing"
	"time"
)

// virtual is a clock that goes on only by waiting.
type virtual struct{ now time.Time }

func (v *virtual) Now() time.Time { return v.now }
func (v *virtual) Sleep(ctx context.Context, d time.Duration) error {
	v.now = v.now.Add(d)
	return ctx.Err()
}

func TestLearnerUsesWhatIsAllowed(t *testing.T) {
	const perSecond, seconds = 50.0, 120
	begin := time.Unix(1e9, 0)
	for name, allow := range map[string]func() func(time.Time) (bool, time.Duration){
		"so many a second": func() func(time.Time) (bool, time.Duration) {
			left, last := perSecond, begin
			return func(now time.Time) (bool, time.Duration) {
				left = min(perSecond, left+now.Sub(last).Seconds()*perSecond)
				last = now
				if left < 1 {
					return false, time.Second
				}
				left--
				return true, 0
			}
		},
		"so many in ten seconds": func() func(time.Time) (bool, time.Duration) {
			window, taken := begin, 0.0
			return func(now time.Time) (bool, time.Duration) {
				if now.Sub(window) >= 10*time.Second {
					window, taken = now.Truncate(time.Second), 0
				}
				if taken++; taken > perSecond*10 {
					return false, window.Add(10 * time.Second).Sub(now)
				}
				return true, 0
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var l learner
			clock, ask := &virtual{begin}, allow()
			taken, refused := 0, 0
			for clock.now.Sub(begin) < seconds*time.Second {
				if err := l.wait(t.Context(), clock); err != nil {
					t.Fatal(err)
				}
				clock.now = clock.now.Add(2 * time.Millisecond)
				good, hold := ask(clock.now)
				l.heard(clock.now, hold, hold)
				if good {
					taken++
				} else {
					refused++
				}
			}
			if used := float64(taken) / (perSecond * seconds); used < 0.95 || refused*100 > taken {
				t.Errorf("used %.1f %% of what is allowed, %d of %d calls were too many", used*100, refused, taken+refused)
			}
		})
	}
}

func TestLearnerDoesNotCountIdleTime(t *testing.T) {
	var l learner
	clock := &virtual{time.Unix(1e9, 0)}
	for n := range 300 {
		if n == 1 {
			clock.now = clock.now.Add(time.Hour) // between the check and the run
		}
		_ = l.wait(t.Context(), clock)
		clock.now = clock.now.Add(10 * time.Millisecond)
		l.heard(clock.now, 0, 0)
	}
	l.heard(clock.now, time.Second, time.Second)
	if l.rate < 70 || l.rate > 80 { // 299 calls in four seconds
		t.Errorf("learned %.1f calls a second", l.rate)
	}
}

// Some refuse every so-manieth call however slowly they come; waiting longer than they
// ask helps nobody.
func TestLearnerDoesNotSlowDownForWhatHasNothingToDoWithThePace(t *testing.T) {
	for name, every := range map[string]int{"every fifth": 5, "every thirty-seventh": 37} {
		t.Run(name, func(t *testing.T) {
			var l learner
			clock := &virtual{time.Unix(1e9, 0)}
			begin := clock.now
			for n := range 2000 {
				_ = l.wait(t.Context(), clock)
				clock.now = clock.now.Add(5 * time.Millisecond)
				hold := time.Duration(0)
				if n%every == every-1 {
					hold = time.Second
				}
				l.heard(clock.now, hold, hold)
			}
			holds := time.Duration(2000/every) * time.Second
			if took := clock.now.Sub(begin); took > holds+holds/4+30*time.Second {
				t.Errorf("2,000 calls took %s, of which the service asked for %s", took, holds)
			}
		})
	}
}
