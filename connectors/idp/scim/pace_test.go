package scim

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"rollcall/core"
)

// limited takes so many calls a second, up to a second's worth at once.
func limited(perSecond float64, taken, refused *int) http.HandlerFunc {
	var mu sync.Mutex
	left, last := perSecond, time.Now()
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		left = min(perSecond, left+now.Sub(last).Seconds()*perSecond)
		last = now
		if left < 1 {
			*refused++
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		left--
		*taken++
		w.WriteHeader(http.StatusNoContent)
	}
}

func TestPaceIsLearned(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	const perSecond, seconds = 100.0, 10
	taken, refused := 0, 0
	target, _ := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": limited(perSecond, &taken, &refused)})
	if _, err := target.discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(seconds * time.Second)
	var writers sync.WaitGroup
	for range Spec().Workers {
		writers.Go(func() {
			for time.Now().Before(end) {
				if _, err := target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: "1"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	used, late := float64(taken)/(perSecond*seconds), float64(refused)/float64(taken+refused)
	t.Logf("used %.1f %% of what is allowed, %.2f %% of the calls were too many", used*100, late*100)
	if used < 0.95 || late > 0.01 {
		t.Errorf("used %.1f %% of what is allowed, %.2f %% of the calls were too many", used*100, late*100)
	}
}
