package okta

import (
	"net/http"
	"strconv"
	"time"

	"rollcall/connectors/emulators/wire"
)

const usualLimit = 600

func setLimits(w http.ResponseWriter, limit, remaining int, reset time.Time) {
	w.Header().Set("X-Rate-Limit-Limit", strconv.Itoa(limit))
	w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	w.Header().Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
}

// window is how long a bucket lasts; tests on a fast clock make it shorter.
func (e *emulator) window() time.Duration {
	if e.Limits.Window > 0 {
		return e.Limits.Window
	}
	return time.Minute
}

// enter takes a call out of the bucket of its path and method, and counts it among those that run; leave ends it. Whoever is
// over the number that may run at once is told a limit of none.
func (e *emulator) enter(w http.ResponseWriter, r *http.Request) (passed bool, leave func()) {
	_, route := e.routes.Handler(r)
	now := e.Now()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	passed = true
	setLimits(w, usualLimit, usualLimit-3, now.Add(time.Minute))
	if e.Limits.Calls > 0 {
		left, full, ok := e.buckets.Take(route, e.Limits.Calls, e.window(), now)
		setLimits(w, e.Limits.Calls, left, full.Add(time.Second-1)) // whole seconds, and never too early
		passed = ok
	}
	running := int(e.atOnce.Add(1))
	if passed && e.Limits.AtOnce > 0 && running > e.Limits.AtOnce {
		setLimits(w, 0, 0, now.Add(time.Second))
		passed = false
	}
	if passed && e.Limits.Latency > 0 {
		select {
		case <-time.After(e.Limits.Latency):
		case <-r.Context().Done():
		}
	}
	return passed, func() { e.atOnce.Add(-1) }
}

// tooMany refuses a call whose headers say already what is left.
func (e *emulator) tooMany(w http.ResponseWriter) {
	refuse(w, http.StatusTooManyRequests, refusals[429][0], refusals[429][1])
}

// asks refuses query parameters that a call does not know.
func asks(w http.ResponseWriter, r *http.Request, known ...string) bool {
	if strange := wire.Unknown(r.URL.Query(), known...); strange != "" {
		invalid(w, strange, "The parameter is not known.")
		return false
	}
	return true
}
