package apply

import (
	"context"
	"fmt"
	"sync"

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
		if noted, tried := r.done[step{e.Row, e.Second}]; !do || tried && !noted.Open && noted.Outcome.State == core.Done {
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
	for e := range entries {
		if ctx.Err() != nil {
			return
		}
		o, err := r.one(ctx, e)
		results <- result{o, err}
		if err != nil {
			return
		}
	}
}

// one makes one write: look, write down, write, write down.
func (r *run) one(ctx context.Context, e core.Entry) (core.Outcome, error) {
	began := r.Now()
	o := core.Outcome{Row: e.Row, Verb: e.Verb, Person: e.Person, Account: e.Account, Second: e.Second}
	noted, open := r.done[step{e.Row, e.Second}]
	ready, problem := r.look(ctx, &e, open && noted.Open)
	if problem == nil && ready == write {
		if err := r.Journal.Before(e); err != nil {
			return o, err
		}
		problem = r.write(ctx, &e)
	}
	o.Account, o.Problem, o.Took = e.Account, problem, r.Now().Sub(began)
	o.State = stateOf(problem)
	if problem == nil && ready == already && !(open && noted.Open) {
		return o, nil // somebody else's doing, which this run has no part in and undo must leave alone
	}
	if problem != nil && problem.Code == core.Unknown {
		return o, nil // stays open in the journal: the next try looks it up
	}
	if problem != nil && problem.Code == core.Cancelled {
		o.State = core.NotRun
		if ready != write {
			return o, nil
		}
	}
	r.keep(e, o)
	return o, r.Journal.After(e, o)
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

// write sends the change. A delete of what is gone already is done.
func (r *run) write(ctx context.Context, e *core.Entry) *core.Problem {
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
	receipt, err := r.Target.Write(ctx, w)
	p := core.AsProblem(err)
	if p != nil && e.Verb == core.Delete && p.Code == core.NotFound {
		return nil
	}
	if p == nil && receipt.Account != "" {
		e.Account = receipt.Account
	}
	return p
}

// tooMany ends a run that fails again and again: behaviour.md §3.1, Errors.
func (r *run) tooMany(o core.Outcome) error {
	g := r.Plan.Setup.Guards
	r.written++
	if o.State != core.Failed {
		r.inARow = 0
		return nil
	}
	r.failed++
	r.inARow++
	many := r.written >= 25 && g.StopPercent > 0 && float64(r.failed)*100 >= g.StopPercent*float64(r.written)
	if !many && (g.StopAfter <= 0 || r.inARow < g.StopAfter) {
		return nil
	}
	return &core.Problem{Code: core.HeldByGuard, What: fmt.Sprintf("The run was stopped: %d of %d changes failed. The last reason: %s", r.failed, r.written, o.Problem.What),
		Fix: "Put the cause right, then continue the run: what is done stays done.", Cause: o.Problem}
}
