package okta

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// sharedClock is a clock on which those who sleep at the same time wake at the same time,
// and on which a call takes a little.
type sharedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *sharedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *sharedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := c.now.Add(d); d > 0 {
		defer func(from time.Time) {
			if until.After(from) {
				c.now = until
			}
		}(c.now)
	}
	return ctx.Err()
}

func TestPlansGoOutAsFastAsOktaAllowsAndHardlyEverFaster(t *testing.T) {
	const windows, workers, calls = 4, 6, 600
	clock := &sharedClock{now: time.Now()}
	s := begin(t, emulate.Setup{Writing: wire.Writing{Clock: clock.Now, Limits: wire.Limits{Calls: calls, Window: time.Minute, AtOnce: 75}}})
	target := open(t, s, nil)
	ctx := rest.WithClock(t.Context(), clock, 0)
	if _, err := target.Attributes(ctx); err != nil {
		t.Fatal(err)
	}
	numbers := make(chan int)
	began := clock.Now()
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for n := range numbers {
				set := map[string]string{login: fmt.Sprintf("person.%d@corp.example", n), "email": fmt.Sprintf("person.%d@corp.example", n), "firstName": "New", "lastName": "Person"}
				if found, err := target.Find(ctx, login, set[login], nil); err != nil || len(found) != 0 {
					t.Errorf("%d are found, %v", len(found), err)
				}
				if _, err := target.Write(ctx, core.Write{Verb: core.Create, Set: set, Active: true}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	n := 0
	for ; clock.Now().Sub(began) < windows*time.Minute; n++ {
		numbers <- n
	}
	close(numbers)
	work.Wait()
	took := clock.Now().Sub(began)
	all, refused := 0, 0
	for route, count := range s.Counts() {
		t.Log(route, count)
		all, refused = all+count.Calls, refused+count.Refused
		if strings.HasPrefix(route, "POST /api/v1/users") && float64(count.Calls-count.Refused) < 0.95*calls*took.Minutes() {
			t.Errorf("%d creates in %v", count.Calls, took)
		}
	}
	if refused*100 > all {
		t.Errorf("%d of %d calls were too many", refused, all)
	}
}
