package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"rollcall/core"
	"rollcall/core/apply"
	"rollcall/core/engine"
	"rollcall/core/plan"
	"rollcall/localstore"
)

// begun is a run that can be gone through.
type begun struct {
	localstore.Run
	plan     *core.Plan
	approval core.Approval
	target   core.Target
	to       end
	resumed  bool
}

// begin starts a run of an approved plan, or takes up the one that was cut off or
// stopped before its end: with this approval, or the one it had where this one is zero.
//
// Before anything is written down, each kind of write is compared with the rights that
// the target was found to have: see rehearse.
func (d *desk) begin(ctx context.Context, p *core.Plan, a core.Approval) (begun, error) {
	runs, err := d.store.Runs(ctx)
	if err != nil {
		return begun{}, err
	}
	at := slices.IndexFunc(runs, func(r localstore.Run) bool { return r.Plan == p.ID })
	if at >= 0 && a.Hash == "" {
		if a, err = d.store.RunApproval(ctx, runs[at].ID); err != nil {
			return begun{}, err
		}
	}
	b := begun{plan: p, approval: a, resumed: at >= 0}
	if b.target, b.to, err = d.rehearse(ctx, p, a); err != nil {
		return begun{}, err
	}
	if b.resumed {
		b.Run, b.approval, err = d.store.ResumeRun(ctx, runs[at].ID, a)
	} else {
		b.Run, err = d.store.StartRun(ctx, p.ID, a)
	}
	return b, err
}

// rehearse opens the target of a plan, and refuses an approval of changes that need
// rights which the target does not grant.
func (d *desk) rehearse(ctx context.Context, p *core.Plan, a core.Approval) (core.Target, end, error) {
	target, to, err := d.target(ctx, p.Setup.Target)
	if err != nil {
		return nil, to, err
	}
	health, err := target.Check(ctx)
	if err != nil {
		return nil, to, err
	}
	if lacks := apply.Rehearse(p, a, health.Rights); len(lacks) > 0 {
		return nil, to, lacking(to, lacks)
	}
	return target, to, nil
}

// rights asks the target of a plan which rights it grants.
func (d *desk) rights(ctx context.Context, p *core.Plan) ([]core.Right, error) {
	target, _, err := d.target(ctx, p.Setup.Target)
	if err != nil {
		return nil, err
	}
	health, err := target.Check(ctx)
	return health.Rights, err
}

// imports tells what the own engine of a plan's target takes; the zero value where it has none.
func (d *desk) imports(ctx context.Context, p *core.Plan) (core.Imports, error) {
	target, _, err := d.target(ctx, p.Setup.Target)
	if err != nil {
		return core.Imports{}, err
	}
	if engine, is := target.(core.Importer); is {
		return engine.Imports(ctx)
	}
	return core.Imports{}, nil
}

// lacking names the rights that are missing, for nothing was written yet.
func lacking(to end, lacks []apply.Lack) error {
	words, grants := make([]string, len(lacks)), make([]string, 0, len(lacks))
	for i, l := range lacks {
		words[i] = fmt.Sprintf("“%s” (%s), which %d of the changes need", l.Label, l.ID, l.Rows)
		if l.Right.Grant != "" {
			grants = append(grants, l.Right.Grant)
		}
	}
	return &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("Nothing was written: %s does not grant %s.", to.name(), strings.Join(words, "; ")),
		Fix: strings.TrimSpace(strings.Join(grants, " ") + " Or leave these changes out of the run.")}
}

// cutOff says that a run of the plan was cut off or stopped before its end.
func (d *desk) cutOff(ctx context.Context, plan string) (bool, error) {
	runs, err := d.store.Runs(ctx)
	return slices.ContainsFunc(runs, func(r localstore.Run) bool { return r.Plan == plan && r.State != localstore.Ended }), err
}

// tally counts the outcomes of a run.
type tally map[string]int

// add counts an outcome. A row that was handed over counts as such until it is known what
// became of it.
func (t tally) add(o core.Outcome, handed map[int]bool) {
	if word := core.HandedOver.String(); handed[o.Row] && !o.Second {
		if t[word]--; t[word] == 0 {
			delete(t, word)
		}
	}
	handed[o.Row] = o.State == core.HandedOver
	t[o.State.String()]++
}

// words lists what there is any of: "create=12, update=3".
func (t tally) words() string {
	t = maps.Clone(t)
	maps.DeleteFunc(t, func(_ string, n int) bool { return n == 0 })
	return inWords(t)
}

// apply goes through a run and tells each outcome. What was done stays done when it ends
// early; the same plan can be applied again to do the rest.
func (d *desk) apply(ctx context.Context, b begun, tell func(core.Outcome)) (tally, error) {
	done, handed := tally{}, map[int]bool{}
	state := localstore.Ended
	for o, err := range engine.Apply(ctx, engine.ApplyInput{Plan: b.plan, Approval: b.approval, Target: b.target, Journal: d.store.Journal(b.ID), Now: d.now, Workers: b.to.spec.Workers}) {
		if err != nil {
			return done, d.ended(b, localstore.Stopped, done, err)
		}
		done.add(o, handed)
		if o.Problem != nil {
			d.log.Warn("row not done", "run", b.ID, "row", o.Row, "verb", o.Verb.String(), "code", string(o.Problem.Code))
		}
		tell(o)
	}
	return done, d.ended(b, state, done, nil)
}

// ended notes how the run ended and remembers who has which account now.
func (d *desk) ended(b begun, state localstore.RunState, done tally, cause error) error {
	ctx := context.Background() // the run may have been cancelled
	all, err := d.tallied(b, done)
	if err == nil {
		err = d.store.EndRun(ctx, b.ID, state, all)
	}
	if err == nil && b.Sync != "" {
		err = d.remember(ctx, b)
	}
	if cause != nil {
		return cause
	}
	return err
}

// tallied counts the latest outcome of every row, those of earlier tries included.
func (d *desk) tallied(b begun, done tally) (tally, error) {
	if !b.resumed {
		return done, nil
	}
	type step struct {
		row    int
		second bool
	}
	latest := map[step]core.OutcomeState{}
	for n, err := range d.store.Journal(b.ID).Entries() {
		if err != nil {
			return done, err
		}
		if !n.Open {
			latest[step{n.Row, n.Second}] = n.Outcome.State
		}
	}
	all := tally{}
	for _, state := range latest {
		all[state.String()]++
	}
	return all, nil
}

func (d *desk) remember(ctx context.Context, b begun) error {
	memory, err := d.store.Memory(ctx, b.Sync)
	if err != nil {
		return err
	}
	memory, err = engine.Remember(memory, b.plan, d.store.Journal(b.ID).Entries())
	if err != nil {
		return err
	}
	return d.store.SaveMemory(ctx, b.Sync, memory)
}

// undo makes and stores the plan that takes a run back.
func (d *desk) undo(ctx context.Context, run string) (planned, error) {
	runs, err := d.store.Runs(ctx)
	if err != nil {
		return planned{}, err
	}
	ids := make([]string, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	if run, err = oneID(ids, run, "run"); err != nil {
		return planned{}, err
	}
	r, err := d.store.Run(ctx, run)
	if err != nil {
		return planned{}, err
	}
	of, head, err := d.stored(ctx, r.Plan)
	if err != nil {
		return planned{}, err
	}
	e, err := d.side(ctx, of.Setup.Target)
	if err != nil {
		return planned{}, err
	}
	p, err := engine.Undo(plan.UndoInput{ID: newID(), Run: run, Of: *of, Notes: d.store.Journal(run).Entries(), Spec: e.spec, Now: d.now()})
	if err != nil {
		return planned{}, err
	}
	if len(p.Rows) == 0 {
		return planned{}, &core.Problem{Code: core.NotFound, What: "This run changed nothing that could be taken back.", Fix: "There is nothing to undo."}
	}
	next := localstore.Plan{ID: p.ID, Name: p.Name, Hash: p.Hash, Undo: run, Sync: head.Sync, Source: head.Source, Target: head.Target, Made: p.Made, Counts: counts(p)}
	err = d.store.SavePlan(ctx, next, func(w io.Writer) error { return plan.Encode(w, p) })
	return planned{Plan: p, spec: e.spec}, err
}

// approve makes the approval of a plan as it is ticked.
func (d *desk) approve(p *core.Plan, who string) core.Approval {
	return core.Approval{Hash: p.Hash, By: who, At: d.now()}
}

// allow lets a plan through a guard. Unknown guards and empty reasons are refused.
func allow(p *core.Plan, a *core.Approval, guard, reason string) error {
	for _, t := range p.Tripped {
		if t.Guard != guard {
			continue
		}
		if reason == "" {
			return &core.Problem{Code: core.BadOption, What: "Allowing a held plan needs a reason.", Fix: "Say in a few words why; it is kept in the history."}
		}
		if a.Allowed == nil {
			a.Allowed = map[string]string{}
		}
		a.Allowed[guard] = reason
		return nil
	}
	return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The guard %q does not hold this plan.", guard), Fix: "See which guards do: they stand above the plan's counts."}
}
