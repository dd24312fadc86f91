// Package apply makes the changes of an approved plan, each written down before and
// after. It looks at every account again before it writes: what is no longer as the
// plan saw it is left alone and reported.
package apply

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"rollcall/core"
)

// Input is what a run needs.
type Input struct {
	Plan     *core.Plan
	Approval core.Approval
	Target   core.Target
	Journal  core.Journal
	Now      func() time.Time
	Workers  int // requests under way at once; below 2: one after the other
	// Sleep waits, or ends early with the context's error; nil is the clock on the wall.
	Sleep func(context.Context, time.Duration) error
}

// Run yields the outcome of every row that is written, in the order in which they end.
// Rows that an earlier, interrupted try has finished are passed over; one whose outcome
// is not known is looked up first. It stops at the first error it yields: the journal
// cannot be written, the plan is not the approved one or too old, or too many rows failed.
func Run(ctx context.Context, in Input) iter.Seq2[core.Outcome, error] {
	return func(yield func(core.Outcome, error) bool) {
		r, err := newRun(ctx, in)
		if err != nil {
			yield(core.Outcome{}, err)
			return
		}
		if r.handOver(ctx, yield) && r.pass(ctx, r.first, yield) {
			r.pass(ctx, r.second, yield)
		}
	}
}

// Tasks gives how many outcomes a run of this approval would yield from the start. A
// manager whose account the run does not make is not set, and so is no task.
func Tasks(p *core.Plan, a core.Approval) int {
	chosen, made := make([][]core.Cell, len(p.Rows)), map[string]bool{}
	n := 0
	for i := range p.Rows {
		cells, do := Chosen(p, a, i)
		if !do {
			continue
		}
		chosen[i] = cells
		if !allPending(cells) || p.Rows[i].Verb == core.Delete {
			n++
		}
		if p.Rows[i].Verb == core.Create {
			made[p.Rows[i].Desired.Person()] = true
		}
	}
	for _, cells := range chosen {
		if slices.ContainsFunc(cells, func(c core.Cell) bool { return pending(c) && made[c.Pending] }) {
			n++
		}
	}
	return n
}

// pending says that the cell names an account that does not exist yet.
func pending(c core.Cell) bool { return c.Pending != "" }

func allPending(cells []core.Cell) bool {
	return !slices.ContainsFunc(cells, func(c core.Cell) bool { return !pending(c) })
}

type run struct {
	Input
	batch  batch
	size   int // entries in a request
	done   map[step]core.Noted
	handed map[step]bool // what the platform's engine has in hand, or had
	attrs  []string
	unique []core.Attribute

	mu     sync.Mutex
	made   map[string]string // person → account, of this run
	ended  int
	failed int
	inARow int
}

// step is one write of a row: of the first pass or of the second.
type step struct {
	row    int
	second bool
}

func newRun(ctx context.Context, in Input) (*run, error) {
	if err := fresh(in); err != nil {
		return nil, err
	}
	batch, size, err := together(ctx, in.Target)
	if err != nil {
		return nil, err
	}
	r := &run{Input: in, batch: batch, size: size, done: map[step]core.Noted{}, handed: map[step]bool{}, made: map[string]string{}}
	for _, a := range in.Plan.Attributes {
		r.attrs = append(r.attrs, a.ID)
		if a.Unique || a.Login {
			r.unique = append(r.unique, a)
		}
	}
	for noted, err := range in.Journal.Entries() {
		if err != nil {
			return nil, err
		}
		r.done[step{noted.Row, noted.Second}] = noted
		if !noted.Open && noted.Verb == core.Create && noted.Outcome.State == core.Done {
			r.made[noted.Person] = noted.Outcome.Account
		}
	}
	return r, nil
}

func fresh(in Input) error {
	if in.Approval.Hash != in.Plan.Hash {
		return &core.Problem{Code: core.Stale, What: "The approval is for another plan than this one.", Fix: "Look at this plan and approve it."}
	}
	hours := in.Plan.Setup.Guards.PlanHours
	if hours > 0 && in.Now().Sub(in.Plan.Made) > time.Duration(hours)*time.Hour {
		return &core.Problem{Code: core.Stale, What: fmt.Sprintf("The plan is older than %d hours.", hours), Fix: "Make it again, so that it shows people and accounts as they are now."}
	}
	return nil
}

// Chosen gives the cells of a row that a run of this approval would write, and whether
// it would write the row at all.
func Chosen(p *core.Plan, a core.Approval, i int) ([]core.Cell, bool) {
	row := &p.Rows[i]
	if !row.Verb.Writes() || row.Tick == core.Locked || len(a.Only) > 0 && !slices.Contains(a.Only, row.Verb) {
		return nil, false
	}
	if !ticked(p, a, i) {
		return nil, false
	}
	out := a.Cells[i]
	var cells []core.Cell
	for _, c := range row.Cells {
		if !slices.Contains(out, c.Attribute) && cellTicked(p, a, c, a.Rows[i]) {
			cells = append(cells, c)
		}
	}
	return cells, len(cells) > 0 || row.Verb == core.Delete
}

func ticked(p *core.Plan, a core.Approval, i int) bool {
	row := &p.Rows[i]
	decision := a.Rows[i]
	switch {
	case decision == core.Reject || decision == core.HoldBack:
		return false
	case row.Tick == core.Stopped:
		return allowed(p, a, row)
	default:
		return row.Tick == core.On || decision == core.Approve
	}
}

// allowed says that every guard that could have stopped the row was allowed.
func allowed(p *core.Plan, a core.Approval, row *core.Row) bool {
	for _, t := range p.Tripped {
		if t.Stops(p, row) && a.Allowed[t.Guard] == "" {
			return false
		}
	}
	return true
}

func cellTicked(p *core.Plan, a core.Approval, c core.Cell, decision core.Decision) bool {
	switch c.Tick {
	case core.On:
		return true
	case core.Off:
		return decision == core.Approve
	case core.Stopped:
		for _, t := range p.Tripped {
			if t.StopsCell(p, c) && a.Allowed[t.Guard] == "" {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// first gives what the first pass writes of a row: everything but references to
// accounts that do not exist yet.
func (r *run) first(i int) (core.Entry, bool) {
	cells, do := Chosen(r.Plan, r.Approval, i)
	if !do {
		return core.Entry{}, false
	}
	now := slices.DeleteFunc(slices.Clone(cells), pending)
	if len(now) == 0 && r.Plan.Rows[i].Verb != core.Delete {
		return core.Entry{}, false
	}
	return r.entry(i, now, false), true
}

// second gives the references that became known in the first pass.
func (r *run) second(i int) (core.Entry, bool) {
	chosen, do := Chosen(r.Plan, r.Approval, i)
	if !do {
		return core.Entry{}, false
	}
	var cells []core.Cell
	for _, c := range chosen {
		if id := r.made[c.Pending]; c.Pending != "" && id != "" {
			c.After, c.Pending = id, ""
			cells = append(cells, c)
		}
	}
	row := &r.Plan.Rows[i]
	e := r.entry(i, cells, true)
	e.Verb, e.Version = core.Update, ""
	if row.Account.IsZero() {
		e.Account = r.made[row.Desired.Person()]
	}
	return e, len(cells) > 0 && e.Account != ""
}

func (r *run) entry(i int, cells []core.Cell, second bool) core.Entry {
	row := &r.Plan.Rows[i]
	name, _ := row.Subject()
	return core.Entry{Row: i, Second: second, Verb: row.Verb, Person: row.Desired.Person(), Account: row.Account.ID(), Name: name,
		Cells: cells, Version: row.Account.Value(core.AccountVersion)}
}
