package entraid

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	batchSize     = 20 // of Microsoft
	batchesAtOnce = 4  // our advice: more are refused more often
	triesOfPart   = 7
	singlesAtOnce = 8 // where batches are not known
)

// Batch says that twenty requests go into one.
func (t *Target) Batch(context.Context) (int, error) { return batchSize, nil }

// Look answers the questions; what they ask of Graph goes out in batches.
func (t *Target) Look(ctx context.Context, questions []core.Question, want []string) []core.Looked {
	looked := make([]core.Looked, len(questions))
	t.together(ctx, len(questions), func(ctx context.Context, j *job, i int) {
		q, l := questions[i], &looked[i]
		if q.ID == "" {
			l.Accounts, l.Err = j.find(ctx, q.Attribute, q.Value, want)
			return
		}
		var a core.Account
		if a, l.Err = j.account(ctx, q.ID, want); l.Err == nil {
			l.Accounts = []core.Account{a}
		}
	})
	return looked
}

// WriteAll makes the writes at once. The calls of one write keep their order: a manager
// and groups follow the account they belong to.
func (t *Target) WriteAll(ctx context.Context, writes []core.Write) []core.Written {
	written := make([]core.Written, len(writes))
	t.together(ctx, len(writes), func(ctx context.Context, j *job, i int) {
		written[i].Receipt, written[i].Err = j.write(ctx, writes[i])
	})
	return written
}

// together does several pieces of work, each as if it were alone, and sends the calls of
// those that wait at the same time as one batch.
func (t *Target) together(ctx context.Context, n int, do func(ctx context.Context, j *job, i int)) {
	g := &gather{Target: t, busy: n}
	var work sync.WaitGroup
	for i := range n {
		work.Go(func() {
			defer g.change(-1, nil)
			do(ctx, &job{t, g}, i)
		})
	}
	work.Wait()
}

// gather is a carrier that collects calls until a batch is full, or until nobody is left
// who could add one.
type gather struct {
	*Target
	mu      sync.Mutex
	busy    int // pieces of work that are neither waiting for an answer nor pausing nor done
	waiting []*part
}

// part is a call on its way in a batch.
type part struct {
	call
	ctx  context.Context //nolint:containedctx // the batch goes out by one of its parts' contexts
	done chan result
}

type result struct {
	answer *rest.Answer
	err    error
}

func (g *gather) carry(ctx context.Context, c call) (*rest.Answer, error) {
	p := &part{c, ctx, make(chan result, 1)}
	g.change(-1, p)
	r := <-p.done // always comes: see send
	return r.answer, r.err
}

func (g *gather) pause(ctx context.Context, d time.Duration) error {
	g.change(-1, nil)
	defer g.change(+1, nil)
	return rest.Sleep(ctx, d)
}

// change counts who is busy, takes a further call, and sends what is ready.
func (g *gather) change(busy int, more *part) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy += busy
	if more != nil {
		g.waiting = append(g.waiting, more)
	}
	for len(g.waiting) >= batchSize || g.busy == 0 && len(g.waiting) > 0 {
		n := min(batchSize, len(g.waiting))
		parts := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		go g.send(parts)
	}
}

func (g *gather) deliver(p *part, r result) {
	g.change(+1, nil) // before the answer, so that nobody thinks that all are idle
	p.done <- r
}

// send sends a batch, and again those of it that were refused for being too many, after
// the longest wait that was asked for.
func (g *gather) send(parts []*part) {
	ctx := parts[0].ctx
	g.batches <- struct{}{}
	defer func() { <-g.batches }()
	for try := 1; len(parts) > 0; try++ {
		if g.single.Load() {
			g.apart(parts)
			return
		}
		answers, err := g.post(ctx, parts)
		if unoffered(err) { // nothing of it was done
			g.single.Store(true)
			continue
		}
		if err != nil {
			for _, p := range parts {
				g.deliver(p, result{err: err})
			}
			return
		}
		var again []*part
		wait := time.Second
		for i, p := range parts {
			a := answers[i]
			if a != nil && a.Status == http.StatusUnauthorized { // its credentials are those of the batch; by itself it can be signed anew
				g.apart([]*part{p})
				continue
			}
			if try < triesOfPart && p.again(a) {
				again = append(again, p)
				wait = max(wait, longest(a.Header.Get("Retry-After")))
				continue
			}
			g.deliver(p, g.result(p, a))
		}
		if len(again) > 0 && rest.Sleep(ctx, wait) != nil {
			try = triesOfPart // post tells those who are left that the work was stopped
		} else if len(again) < len(parts) {
			try = 0 // some went through: it is slow, but it goes on
		}
		parts = again
	}
}

// apart sends calls by themselves, where batches are not known.
func (g *gather) apart(parts []*part) {
	for _, p := range parts {
		go func() {
			g.singly <- struct{}{}
			a, err := alone{g.Target}.carry(p.ctx, p.call)
			<-g.singly
			g.deliver(p, result{a, err})
		}()
	}
}

// again says that a part was not carried out and may be sent once more.
func (p *part) again(a *rest.Answer) bool {
	return a != nil && (a.Status == http.StatusTooManyRequests || p.repeatable() && (a.Status == http.StatusServiceUnavailable || a.Status == http.StatusGatewayTimeout))
}

func (g *gather) result(p *part, a *rest.Answer) result {
	if a == nil {
		return result{err: &core.Problem{Code: core.Unknown, What: g.rest.Vendor() + " did not say what became of a part of what it was asked.", Fix: "Read again to see what became of it."}}
	}
	if problem := g.rest.Judge(a, p.repeatable()); problem != nil {
		return result{a, problem}
	}
	return result{answer: a}
}

type batchPart struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

// post sends one batch and gives the answers of its parts, in their order.
func (g *gather) post(ctx context.Context, parts []*part) ([]*rest.Answer, error) {
	var requests []batchPart
	writes, same := 0, true
	for i, p := range parts {
		b := batchPart{ID: strconv.Itoa(i + 1), Method: p.method, URL: p.address(), Headers: map[string]string{"client-request-id": g.requestID(p.call)}, Body: p.body}
		if p.body != nil {
			b.Headers["Content-Type"] = "application/json"
		}
		if p.writes() {
			writes++
		}
		same = same && p.repeatable()
		requests = append(requests, b)
	}
	if err := g.pace.wait(ctx, g.rest, 2*len(parts)-writes, writes); err != nil {
		return nil, err
	}
	var opts []rest.Option
	if same {
		opts = append(opts, rest.Repeatable())
	}
	var said struct {
		Responses []struct {
			ID      any
			Status  int
			Headers map[string]any
			Body    json.RawMessage
		}
	}
	whole, err := g.rest.Do(ctx, http.MethodPost, "/$batch", nil, map[string]any{"requests": requests}, &said, opts...)
	g.pace.heed(ctx, g.rest, whole)
	answers := make([]*rest.Answer, len(parts))
	for _, r := range said.Responses {
		i, _ := strconv.Atoi(manifest.Text(r.ID)) // what is no number is none of ours
		if i < 1 || i > len(parts) {
			continue
		}
		a := &rest.Answer{Status: r.Status, Header: http.Header{}, Body: r.Body}
		for name, value := range r.Headers {
			a.Header.Set(name, manifest.Text(value))
		}
		if string(r.Body) == "null" {
			a.Body = nil
		}
		answers[i-1] = a
	}
	return answers, err
}

// address writes path and query as they stand in a batch.
func (c call) address() string {
	if len(c.query) == 0 {
		return c.path
	}
	return c.path + "?" + strings.NewReplacer("%24", "$", "+", "%20").Replace(c.query.Encode())
}
