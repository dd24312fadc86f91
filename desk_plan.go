package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"

	"rollcall/core"
	"rollcall/core/engine"
	"rollcall/core/filter"
	"rollcall/core/plan"
	"rollcall/localstore"
)

// planned is a plan with what was around it.
type planned struct {
	*core.Plan
	sync localstore.Sync
	spec core.Spec // of the target
}

// plan makes and stores a plan of a stored sync: the door engine.Plan with both ends
// opened, the snapshot kept and the memory of absences brought on.
func (d *desk) plan(ctx context.Context, y localstore.Sync, tell func(core.Progress)) (planned, error) {
	source, from, err := d.source(ctx, y.Setup.Source)
	if err != nil {
		return planned{}, err
	}
	target, to, err := d.target(ctx, y.Setup.Target)
	if err != nil {
		return planned{}, err
	}
	if y.Setup, err = d.completed(ctx, y.Setup, from.spec, source, target); err != nil {
		return planned{}, err
	}
	fresh := y.ID == ""
	if fresh { // what is stored of the reading names its sync
		if y, err = d.store.SaveSync(ctx, y); err != nil {
			return planned{}, err
		}
	}
	in := engine.Input{ID: newID(), Name: from.name() + " → " + to.name(), Setup: y.Setup, Source: source, Target: target, Now: d.now(), Seed: newSeed(), Progress: tell}
	var kept readings
	if _, is := target.(core.Follower); is {
		if kept, err = d.readings(ctx, y, to); err == nil {
			in.Former, err = d.former(ctx, kept)
		}
		if err != nil {
			return planned{}, err
		}
	}
	made, err := d.remembering(ctx, in, localstore.Snapshot{Connection: from.connection.ID, Sync: y.ID})
	if err == nil {
		err = d.rebase(ctx, kept, made)
	}
	if err == nil {
		y, err = d.store.SaveSync(ctx, y) // only now: rules that do not fit must not take the place of good ones
	} else if fresh {
		_ = d.store.DeleteSync(context.WithoutCancel(ctx), y.ID) // the error that matters is the first
	}
	if err != nil {
		return planned{}, err
	}
	if err := d.keep(ctx, made, y, from, to); err != nil {
		return planned{}, err
	}
	return planned{made.Plan, y, to.spec}, nil
}

// remembering makes the plan with what the sync knows of earlier readings.
func (d *desk) remembering(ctx context.Context, in engine.Input, snapshot localstore.Snapshot) (made *engine.Result, err error) {
	if in.Memory, err = d.store.Memory(ctx, snapshot.Sync); err != nil {
		return nil, err
	}
	return d.keeping(ctx, &in, snapshot)
}

// keeping makes the plan while the people whom the filter keeps are stored.
func (d *desk) keeping(ctx context.Context, in *engine.Input, snapshot localstore.Snapshot) (*engine.Result, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	records := make(chan core.Record, 1024)
	stored := make(chan error, 1)
	in.Keep = func(p core.Person) error {
		select {
		case records <- p.Record:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var failed error
	go func() {
		_, err := d.store.SaveSnapshot(ctx, snapshot, func(yield func(core.Record, error) bool) {
			for r := range records {
				if !yield(r, nil) {
					return
				}
			}
			if failed != nil {
				yield(core.Record{}, failed) // a reading that broke off is not kept
			}
		})
		if err != nil {
			stop() // the reading need not go on
		}
		stored <- err
	}()
	made, err := engine.Plan(ctx, *in)
	failed = err
	close(records)
	if saved := <-stored; err == nil || core.HasCode(err, core.Cancelled) && saved != nil {
		err = saved
	}
	return made, err
}

// keep stores the plan and what the next one has to know of this reading.
func (d *desk) keep(ctx context.Context, made *engine.Result, y localstore.Sync, from, to end) error {
	p := made.Plan
	head := localstore.Plan{ID: p.ID, Name: p.Name, Hash: p.Hash, Undo: p.Undo, Sync: y.ID, Source: from.connection.ID, Target: to.connection.ID, Made: p.Made, Counts: counts(p)}
	if err := d.store.SavePlan(ctx, head, func(w io.Writer) error { return plan.Encode(w, p) }); err != nil {
		return err
	}
	memory := made.Memory
	if slices.ContainsFunc(p.Tripped, func(t core.Tripped) bool { return t.Guard == plan.GuardShrink }) {
		before, err := d.store.Memory(ctx, y.ID)
		if err != nil {
			return err
		}
		memory.Last, memory.Absent = before.Last, before.Absent // not a good reading
	}
	return d.store.SaveMemory(ctx, y.ID, memory)
}

func counts(p *core.Plan) map[string]int {
	sum := p.Count()
	m := map[string]int{}
	for _, v := range core.Verbs() {
		m[v.String()] = sum.Of(v)
	}
	return m
}

// stored opens a plan that was kept. A few first letters of the id are enough.
func (d *desk) stored(ctx context.Context, id string) (*core.Plan, localstore.Plan, error) {
	id, err := d.planID(ctx, id)
	if err != nil {
		return nil, localstore.Plan{}, err
	}
	head, r, err := d.store.OpenPlan(ctx, id)
	if err != nil {
		return nil, head, err
	}
	defer r.Close()
	p, err := plan.Decode(r)
	return p, head, err
}

func (d *desk) planID(ctx context.Context, id string) (string, error) {
	plans, err := d.store.Plans(ctx)
	if err != nil {
		return "", err
	}
	ids := make([]string, len(plans))
	for i, p := range plans {
		ids[i] = p.ID
	}
	return oneID(ids, id, "plan")
}

// oneID finds the one id that begins so; "last" is the newest.
func oneID(ids []string, begin, what string) (string, error) {
	if begin == "last" && len(ids) > 0 {
		return ids[0], nil
	}
	var found []string
	for _, id := range ids {
		if id == begin {
			return id, nil
		}
		if begin != "" && strings.HasPrefix(id, begin) {
			found = append(found, id)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", &core.Problem{Code: core.NotFound, What: fmt.Sprintf("There is no %s %q.", what, begin), Fix: fmt.Sprintf("“rollcall runs” lists plans and runs; “last” means the newest %s.", what)}
}

// difference makes a plan of two files; nothing is stored.
func (d *desk) difference(ctx context.Context, s core.Setup, tell func(core.Progress)) (planned, error) {
	source, from, err := d.source(ctx, s.Source)
	if err != nil {
		return planned{}, err
	}
	target, to, err := d.target(ctx, s.Target)
	if err != nil {
		return planned{}, err
	}
	if s, err = d.completed(ctx, s, from.spec, source, target); err != nil {
		return planned{}, err
	}
	made, err := engine.Plan(ctx, engine.Input{ID: newID(), Name: from.name() + " → " + to.name(), Setup: s, Source: source, Target: target, Now: d.now(), Seed: newSeed(), Progress: tell})
	if err != nil {
		return planned{}, err
	}
	return planned{Plan: made.Plan, spec: to.spec}, nil
}

// newSeed gives the seed of one plan's random values.
func newSeed() (seed [32]byte) {
	_, _ = rand.Read(seed[:]) // never fails
	return seed
}

func newID() string { return strings.ToLower(rand.Text()[:12]) }

const tellEvery = 500

// read keeps a reading of a sync's source with every field, of everybody whom the filter keeps.
func (d *desk) read(ctx context.Context, y localstore.Sync, tell func(core.Progress)) (localstore.Snapshot, string, error) {
	source, from, err := d.source(ctx, y.Setup.Source)
	if err != nil {
		return localstore.Snapshot{}, "", err
	}
	sieve, err := filter.Compile(y.Setup.Filter, y.Setup.Entities, d.now())
	if err != nil {
		return localstore.Snapshot{}, "", err
	}
	kept, err := d.store.SaveSnapshot(ctx, localstore.Snapshot{Connection: from.connection.ID, Sync: y.ID}, func(yield func(core.Record, error) bool) {
		n := 0
		for p, err := range filter.Kept(source.People(ctx, core.Want{Leavers: y.Setup.LeaversBack()}), sieve, nil) {
			if n++; n%tellEvery == 0 && tell != nil {
				tell(core.Progress{Phase: core.PhasePeople, Done: n, Total: -1})
			}
			if !yield(p.Record, err) || err != nil {
				return
			}
		}
	})
	return kept, from.name(), err
}
