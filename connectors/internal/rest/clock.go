package rest

import (
	"context"
	"time"
)

// Clock is the time by which a client waits.
type Clock interface {
	Now() time.Time
	// Sleep waits for d or until ctx ends, and then gives ctx's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// WithClock gives a context whose requests wait by another clock, so that tests need not
// wait. A patience above zero replaces the time that an answer may take.
func WithClock(ctx context.Context, c Clock, patience time.Duration) context.Context {
	return context.WithValue(ctx, clockKey{}, timing{c, patience})
}

type clockKey struct{}

type timing struct {
	clock    Clock
	patience time.Duration
}

const usualPatience = 60 * time.Second

// Sleep waits by the context's clock; a Cancelled problem where the context ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	if err := clock(ctx).Sleep(ctx, d); err != nil {
		return stopped(err)
	}
	return nil
}

func clock(ctx context.Context) Clock {
	if t, ok := ctx.Value(clockKey{}).(timing); ok {
		return t.clock
	}
	return wall{}
}

func patience(ctx context.Context) time.Duration {
	if t, ok := ctx.Value(clockKey{}).(timing); ok && t.patience > 0 {
		return t.patience
	}
	return usualPatience
}

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func (wall) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
