package view

import (
	"context"
	"slices"

	"rollcall/core"
)

// Opening is what the Preview page finds when it is opened: a plan, or the way to one.
type Opening struct {
	Review *Review // nil: there is no plan yet
	Syncs  []Sync  // those that are set up
	Sync   string  // the one that is shown, "" where there is none
	Make   bool    // a plan of Sync is to be made now
	Run    *Run    // the run that applied this plan already
}

// FindPlan finds what a route to the preview means: the plan it names, else the newest plan of its sync, else the newest
// of all. A sync that was changed since its newest plan, or whose plan is too old, gets a new one.
func FindPlan(ctx context.Context, s Services, r Route) (Opening, error) {
	var o Opening
	syncs, err := s.Syncs.List(ctx)
	if err != nil {
		return o, err
	}
	for _, y := range syncs {
		if !y.Draft {
			o.Syncs = append(o.Syncs, y)
		}
	}
	heads, err := s.Plans.List(ctx)
	if err != nil {
		return o, err
	}
	head := o.choose(s, heads, r)
	if r.Plan != "" {
		head = PlanHead{ID: r.Plan}
		if i := slices.IndexFunc(heads, func(h PlanHead) bool { return h.ID == r.Plan }); i >= 0 {
			head = heads[i]
		}
		o.Sync, o.Make = head.Sync, false
	}
	if head.ID == "" || o.Make {
		return o, nil
	}
	if o.Review, err = OpenReview(ctx, s, head.ID); err != nil {
		return o, err
	}
	return o, o.findRun(ctx, s, head.ID)
}

// choose picks a plan where the route names none.
func (o *Opening) choose(s Services, heads []PlanHead, r Route) PlanHead {
	newest := func(of func(PlanHead) bool) (head PlanHead) {
		for _, h := range heads {
			if h.Undo == "" && of(h) && h.Made.After(head.Made) {
				head = h
			}
		}
		return head
	}
	if r.Sync == "" {
		head := newest(func(PlanHead) bool { return true })
		if o.Sync = head.Sync; head.ID == "" && len(o.Syncs) > 0 {
			o.Sync = o.Syncs[0].ID
		}
		return head
	}
	o.Sync = r.Sync
	head := newest(func(h PlanHead) bool { return h.Sync == r.Sync })
	if i := slices.IndexFunc(o.Syncs, func(y Sync) bool { return y.ID == r.Sync }); i >= 0 {
		hours := o.Syncs[i].Setup.Guards.PlanHours
		stale := hours > 0 && s.Now().Sub(head.Made).Hours() > float64(hours)
		o.Make = head.ID == "" || stale || o.Syncs[i].Updated.After(head.Made)
	}
	return head
}

func (o *Opening) findRun(ctx context.Context, s Services, plan string) error {
	runs, err := s.Runs.List(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(runs, func(r Run) bool { return r.Plan == plan }); i >= 0 {
		o.Run = &runs[i]
	}
	return nil
}

// NameOf gives the name of a sync.
func (o Opening) NameOf(sync string) string {
	for _, y := range o.Syncs {
		if y.ID == sync {
			return firstOf(y.Name, SyncName(y.Setup))
		}
	}
	return ""
}

// Empty says that everybody is as they should be.
func (r *Review) Empty() bool {
	for _, v := range core.Verbs() {
		if (v.Writes() || v == core.Held) && r.Sum.Of(v) > 0 {
			return false
		}
	}
	return true
}
