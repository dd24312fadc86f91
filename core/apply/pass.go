package apply

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/core"
)

// result is an outcome on its way to whoever listens, or the end of the run.
type result struct {
	outcome core.Outcome
	err     error
}

// pass makes all writes that next gives, a few at once. It says whether to go on.
func (r *run) pass(ctx context.Context, next func(int) (core.Entry, bool), yield func(core.Outcome, error) bool) bool {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	entries, results := make(chan core.Entry), make(chan result)
	go r.feed(ctx, next, entries)
	var workers sync.WaitGroup
	for range max(r.Workers, 1) {
		workers.Go(func() { r.work(ctx, entries, results) })
	}
	go func() { workers.Wait(); close(results) }()
	going := true
	for res := range results {
		if !going {
			continue // let the writes that are under way end and be written down
		}
		if going = yield(res.outcome, res.err) && res.err == nil; !going {
			stop()
			continue
		}
		if err := r.tooMany(res.outcome); err != nil {
			going = false
			stop()
			yield(core.Outcome{}, err)
		}
	}
	if going && ctx.Err() != nil {
		yield(core.Outcome{}, core.AsProblem(ctx.Err()))
		return false
	}
	return going
}

func (r *run) feed(ctx context.Context, next func(int) (core.Entry, bool), entries chan<- core.Entry) {
	defer close(entries)
	for i := range r.Plan.Rows {
		e, do := next(i)
		if noted, tried := r.done[step{e.Row, e.Second}]; !do || r.handed[step{e.Row, e.Second}] || tried && !noted.Open && noted.Outcome.State == core.Done {
			continue
		}
		select {
		case entries <- e:
		case <-ctx.Done():
			return
		}
	}
}

func (r *run) work(ctx context.Context, entries <-chan core.Entry, results chan<- result) {
	for {
		batch := r.take(entries)
		if len(batch) == 0 || ctx.Err() != nil {
			return
		}
		tries := make([]try, len(batch))
		for i, e := range batch {
			tries[i] = r.newTry(e)
		}
		err := r.several(ctx, tries)
		for i := 0; i < len(tries) && err == nil; i++ {
			var o core.Outcome
			if o, err = r.conclude(&tries[i]); err == nil {
				results <- result{outcome: o}
			}
		}
		if err != nil {
			results <- result{err: err}
			return
		}
	}
}

// take gives the entries of the next request: as many as go into one, or those that are
// left. The next entry is never far, for nothing but taking them holds them up.
func (r *run) take(entries <-chan core.Entry) []core.Entry {
	var batch []core.Entry
	for e := range entries {
		if batch = append(batch, e); len(batch) >= r.size {
			break
		}
	}
	return batch
}

// try is one entry on its way.
type try struct {
	core.Entry
	began   time.Time
	open    bool // an earlier try's outcome is not known, or it made an account and did not finish it
	ready   readiness
	problem *core.Problem
	ticket  string      // of the engine that has it in hand
	rest    []core.Cell // what an account that an earlier try made still lacks
}

func (r *run) newTry(e core.Entry) try {
	noted, tried := r.done[step{e.Row, e.Second}]
	o := noted.Outcome
	open := noted.Open || o.State == core.HandedOver || e.Verb == core.Create && o.State == core.Failed && o.Account != ""
	return try{Entry: e, began: r.Now(), open: tried && open, ticket: o.Ticket}
}

func (t *try) sends() bool { return t.problem == nil && t.ready == write }

// several makes a few writes together: look, write down, write. What became of each
// stands in it.
func (r *run) several(ctx context.Context, tries []try) error {
	r.look(ctx, tries)
	var sent []*try
	var down errgroup.Group // at once, because they then wait for the disk together
	for i := range tries {
		if t := &tries[i]; t.sends() {
			sent = append(sent, t)
			down.Go(func() error { return r.Journal.Before(t.Entry) })
		}
	}
	if err := down.Wait(); err != nil || len(sent) == 0 {
		return err
	}
	writes := make([]core.Write, len(sent))
	for i, t := range sent {
		writes[i] = r.written(t.Entry)
		if len(t.rest) > 0 {
			writes[i] = r.completing(t)
		}
	}
	for i, w := range r.batch.WriteAll(ctx, writes) {
		sent[i].take(w)
	}
	r.askWhoTook(ctx, sent)
	return nil
}

// take keeps the answer to a write. A delete of what is gone already is done. A receipt
// of a failed create names the account that was made all the same.
func (t *try) take(w core.Written) {
	t.problem = core.AsProblem(w.Err)
	if t.problem != nil && t.Verb == core.Delete && t.problem.Code == core.NotFound {
		t.problem = nil
	}
	if (t.problem == nil || t.Verb == core.Create) && w.Receipt.Account != "" {
		t.Account = w.Receipt.Account
	}
}

// askWhoTook looks for the accounts that were in the way of new ones. One that is found
// came after the plan was made, which a new plan shows; or an earlier try, of which
// nothing was heard, has made it at last.
func (r *run) askWhoTook(ctx context.Context, sent []*try) {
	for _, t := range sent {
		if t.problem == nil || t.Verb != core.Create || t.problem.Code != core.Conflict {
			continue
		}
		again := []try{{Entry: t.Entry, open: t.open}}
		r.look(ctx, again)
		switch found := again[0]; {
		case found.problem == nil && found.Account != "":
			t.problem, t.Account = r.complete(ctx, &found), found.Account
		case found.problem != nil && found.problem.Code == core.Cancelled:
			t.problem = found.problem // stays open, and is looked up by the next try
		case found.problem != nil && found.problem.Code == core.Stale:
			found.problem.Cause = t.problem
			t.problem = found.problem
		}
	}
}

// complete writes what an account still lacks.
func (r *run) complete(ctx context.Context, t *try) *core.Problem {
	if len(t.rest) == 0 {
		return nil
	}
	return core.AsProblem(r.batch.WriteAll(ctx, []core.Write{r.completing(t)})[0].Err)
}

// conclude writes down what became of a try.
func (r *run) conclude(t *try) (core.Outcome, error) {
	o := core.Outcome{Row: t.Row, Verb: t.Verb, Person: t.Person, Account: t.Account, Second: t.Second, State: stateOf(t.problem), Problem: t.problem, Took: r.Now().Sub(t.began), Ticket: t.ticket}
	if t.problem == nil && t.ready == already && !t.open {
		r.keep(t.Entry, o) // for those who report to it
		return o, nil      // somebody else's doing, which this run has no part in and undo must leave alone
	}
	if t.problem != nil && t.problem.Code == core.Unknown {
		return o, nil // stays open in the journal: the next try looks it up
	}
	if t.problem != nil && t.problem.Code == core.Cancelled {
		o.State = core.NotRun
		return o, nil // and so does what was perhaps on its way
	}
	r.keep(t.Entry, o)
	return o, r.Journal.After(t.Entry, o)
}

func stateOf(p *core.Problem) core.OutcomeState {
	switch {
	case p == nil:
		return core.Done
	case p.Code == core.Stale:
		return core.Drifted
	default:
		return core.Failed
	}
}

func (r *run) keep(e core.Entry, o core.Outcome) {
	if e.Verb == core.Create && o.State == core.Done {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.made[e.Person] = e.Account
	}
}

// written is the change of an entry as the target has to make it.
func (r *run) written(e core.Entry) core.Write {
	w := core.Write{Verb: e.Verb, Account: e.Account, Version: e.Version, Set: map[string]string{}, Active: true,
		Key: fmt.Sprintf("%s-%d-%t", r.Plan.ID, e.Row, e.Second)}
	for _, c := range e.Cells {
		switch {
		case c.Attribute == core.Enabled:
			w.Active = c.After == "true"
		case e.Verb != core.Delete:
			w.Set[c.Attribute] = c.After
		}
	}
	return w
}

// completing is the write that brings what an earlier try has made to its end.
func (r *run) completing(t *try) core.Write {
	e := t.Entry
	e.Verb, e.Cells = core.Update, t.rest
	w := r.written(e)
	if v := valueOf(t.rest, core.Enabled); v != "" {
		w.Set[core.Enabled] = v
	}
	return w
}

// tooMany ends a run that fails again and again: behaviour.md §3.1, Errors.
func (r *run) tooMany(o core.Outcome) error {
	if o.State == core.HandedOver {
		return nil
	}
	g := r.Plan.Setup.Guards
	r.ended++
	if o.State != core.Failed {
		r.inARow = 0
		return nil
	}
	r.failed++
	r.inARow++
	many := r.ended >= 25 && g.StopPercent > 0 && float64(r.failed)*100 >= g.StopPercent*float64(r.ended)
	if !many && (g.StopAfter <= 0 || r.inARow < g.StopAfter) {
		return nil
	}
	return &core.Problem{Code: core.HeldByGuard, What: fmt.Sprintf("The run was stopped: %d of %d changes failed. The last reason: %s", r.failed, r.ended, o.Problem.What),
		Fix: "Put the cause right, then continue the run: what is done stays done.", Cause: o.Problem}
}
