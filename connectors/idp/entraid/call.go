package entraid

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// requestID makes the GUID by which Microsoft's support finds a request, and logs it.
func (t *Target) requestID(c call) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	x := hex.EncodeToString(b[:])
	id := x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
	if t.env.Log != nil {
		t.env.Log.Debug("request", "vendor", t.rest.Vendor(), "method", c.method, "client-request-id", id)
	}
	return id
}

// call is one request to Graph, which is sent by itself or as a part of a batch.
type call struct {
	method string
	path   string // below v1.0, escaped
	query  url.Values
	body   any
	about  []string // the users that it names: new ones are not known everywhere at once
	same   bool     // a POST that changes nothing more when it is sent twice
}

func (c call) writes() bool { return c.method != http.MethodGet }

// repeatable says that sending it twice is the same as sending it once. A PATCH sets
// values and so may be repeated.
func (c call) repeatable() bool { return c.method != http.MethodPost || c.same }

// carrier takes a call to Graph.
type carrier interface {
	carry(ctx context.Context, c call) (*rest.Answer, error)
	// pause waits while something becomes known everywhere.
	pause(ctx context.Context, d time.Duration) error
}

// job does the work of one write or question through a carrier.
type job struct {
	*Target
	by carrier
}

func (t *Target) direct() *job { return &job{t, alone{t}} }

// alone sends every call by itself.
type alone struct{ *Target }

func (a alone) carry(ctx context.Context, c call) (*rest.Answer, error) {
	writes := 0
	if c.writes() {
		writes = 1
	}
	if err := a.pace.wait(ctx, a.rest, 2-writes, writes); err != nil {
		return nil, err
	}
	opts := []rest.Option{rest.Header("client-request-id", a.requestID(c))}
	if c.repeatable() {
		opts = append(opts, rest.Repeatable())
	}
	answer, err := a.rest.Do(ctx, c.method, c.path, c.query, c.body, nil, opts...)
	a.pace.heed(ctx, a.rest, answer)
	return answer, err
}

func (a alone) pause(ctx context.Context, d time.Duration) error { return rest.Sleep(ctx, d) }

// waits are how long a call that names new users waits before it is tried again.
// Microsoft's advice is three times within two to ten seconds; a manager may be as new as
// the user, so there is one more.
var waits = []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second}

// do makes a call and decodes the answer. It repeats a call that names a new user who is
// not known everywhere yet, and one that met another change of the same object.
func (j *job) do(ctx context.Context, c call, out any) error {
	for try := 0; ; try++ {
		answer, err := j.by.carry(ctx, c)
		again := status(err) == http.StatusNotFound && j.early(ctx, c) ||
			(status(err) == http.StatusConflict || status(err) == http.StatusPreconditionFailed) && c.repeatable() && c.writes()
		if again && try < len(waits) {
			if err := j.by.pause(ctx, waits[try]); err != nil {
				return err
			}
			continue
		}
		if err != nil || out == nil || answer == nil || len(answer.Body) == 0 {
			return err
		}
		return j.decode(answer, out)
	}
}

// early says that a call which met nobody came too early: it names users whom we made, or
// others, as of an earlier run, who are there all the same when they are asked for.
func (j *job) early(ctx context.Context, c call) bool {
	if j.fresh.any(c.about) {
		return true
	}
	if len(c.about) == 0 || c.method == http.MethodGet && c.path == userPath(c.about[0]) {
		return false
	}
	for _, id := range c.about {
		if _, err := j.by.carry(ctx, call{method: http.MethodGet, path: userPath(id), query: url.Values{"$select": {"id"}}}); err != nil {
			return false
		}
	}
	j.fresh.add(c.about...)
	return true
}

func (t *Target) decode(a *rest.Answer, out any) error {
	d := json.NewDecoder(strings.NewReader(string(a.Body)))
	d.UseNumber()
	if err := d.Decode(out); err != nil {
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("An answer of %s cannot be read.", t.rest.Vendor()), Fix: "Try again, and send us the log if it happens twice."}
	}
	return nil
}

// fresh remembers whom this opening made, brought back or met as new: how long it takes
// until they are known everywhere is not told.
type fresh struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (f *fresh) add(ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		f.ids = map[string]bool{}
	}
	for _, id := range ids {
		f.ids[id] = true
	}
}

func (f *fresh) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.ids, id)
}

func (f *fresh) any(ids []string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(ids, func(id string) bool { return f.ids[id] })
}
