package rest

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestCallsOfOneKindWaitUntilTheirBucketIsFullAgain(t *testing.T) {
	calls, refused := map[string]int{}, 0
	var s *still
	ctx, c, clock := talk(t, Config{Buckets: NewBuckets(func(method, path string) string { return method + path })}, func(w http.ResponseWriter, r *http.Request) {
		minute := s.Now().Truncate(time.Minute)
		key := fmt.Sprint(r.URL.Path, minute)
		calls[key]++
		left := 20 - calls[key]
		h := w.Header()
		h.Set("Date", s.Now().UTC().Format(http.TimeFormat))
		h.Set("X-Rate-Limit-Limit", "20")
		h.Set("X-Rate-Limit-Remaining", strconv.Itoa(max(0, left)))
		h.Set("X-Rate-Limit-Reset", strconv.FormatInt(minute.Add(time.Minute).Unix(), 10))
		if left < 0 {
			refused++
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	s = clock
	get := func(path string, times int) time.Duration {
		began := s.Now()
		for range times {
			if _, err := c.Get(ctx, path, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		return s.Now().Sub(began)
	}
	if took := get("/people", 50); took != 2*time.Minute {
		t.Errorf("50 calls of 20 a minute took %v", took)
	}
	if took := get("/groups", 20); took != 0 {
		t.Errorf("calls of another kind waited for %v", took)
	}
	if refused != 0 {
		t.Errorf("%d calls were too many", refused)
	}
}

func TestTooManyAtOnceTellsNothingOfABucket(t *testing.T) {
	n := 0
	ctx, c, s := talk(t, Config{Buckets: NewBuckets(func(string, string) string { return "all" })}, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			w.Header().Set("X-Rate-Limit-Limit", "0")
			w.Header().Set("X-Rate-Limit-Remaining", "0")
			w.Header().Set("X-Rate-Limit-Reset", strconv.FormatInt(noon.Add(time.Hour).Unix(), 10))
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	if _, err := c.Get(ctx, "/people", nil, nil); err != nil || s.Now().Sub(noon) > 5*time.Second {
		t.Errorf("after %v: %v", s.Now().Sub(noon), err)
	}
}
