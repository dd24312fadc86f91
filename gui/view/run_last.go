package view

import (
	"context"

	"rollcall/core"
)

// LastRun is the newest run; CutOff is set where it did not end and can go on.
type LastRun struct {
	Run    Run
	CutOff *Follow
}

// FindLastRun finds the newest run, or that of a plan.
func FindLastRun(ctx context.Context, s Services, plan string) (LastRun, error) {
	runs, err := s.Runs.List(ctx)
	if err != nil {
		return LastRun{}, err
	}
	var l LastRun
	for _, r := range runs {
		if (plan == "" || r.Plan == plan) && r.Started.After(l.Run.Started) {
			l.Run = r
		}
	}
	if l.Run.ID == "" || !l.Run.Ended.IsZero() {
		return l, nil
	}
	l.CutOff, err = GoOn(ctx, s, l.Run)
	return l, err
}

// GoOn makes ready to continue a run. The approval it was started with is known to the store alone: an empty one stands
// for it, and the totals are those of the plan as it was ticked at first.
func GoOn(ctx context.Context, s Services, run Run) (*Follow, error) {
	p, err := s.Plans.Open(ctx, run.Plan)
	if err != nil {
		return nil, err
	}
	f := NewFollow(s, p, core.Approval{Hash: p.Hash, At: run.Started, Allowed: run.Allowed}, run.Sync)
	notes, err := s.Runs.Notes(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		if !n.Open && n.Row >= 0 && n.Row < len(p.Rows) {
			o := n.Outcome
			o.Row, o.Second, o.Verb = n.Row, n.Second, n.Verb
			f.take(o)
		}
	}
	f.Approval.Hash, f.run = "", run
	return f, nil
}
