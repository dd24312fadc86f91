package rest

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// Pace is a published limit: so many calls in that time, and how many of them at once
// (zero: as many as a second allows, at least one).
type Pace struct {
	Calls int
	Per   time.Duration
	Burst int
}

type pacer []*rate.Limiter

func newPacer(paces []Pace) pacer {
	p := make(pacer, len(paces))
	for i, pace := range paces {
		perSecond := float64(pace.Calls) / pace.Per.Seconds()
		burst := pace.Burst
		if burst == 0 {
			burst = max(1, int(perSecond))
		}
		p[i] = rate.NewLimiter(rate.Limit(perSecond), burst)
	}
	return p
}

// wait waits until every limit allows one more call.
func (p pacer) wait(ctx context.Context, c Clock) error {
	now := c.Now()
	var longest time.Duration
	for _, limit := range p {
		longest = max(longest, limit.ReserveN(now, 1).DelayFrom(now))
	}
	if longest <= 0 {
		return ctx.Err()
	}
	return c.Sleep(ctx, longest)
}
