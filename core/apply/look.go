package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// step that look found to be right.
type readiness uint8

const (
	write   readiness = iota
	already           // the target is as it should be: nothing to write
)

// look reads the account as it is now. It says write where it is as the plan saw it,
// already where it is as the plan wants it, and gives a Stale problem where it is neither.
func (r *run) look(ctx context.Context, e *core.Entry, tried bool) (readiness, *core.Problem) {
	if e.Verb == core.Create {
		return r.lookForNew(ctx, e, tried)
	}
	a, err := r.Target.Account(ctx, e.Account, r.attrs)
	if err != nil {
		p := core.AsProblem(err)
		if p.Code != core.NotFound {
			return write, p
		}
		if e.Verb == core.Delete {
			return already, nil
		}
		return write, stale(e, "its account is gone")
	}
	if a.Deleted() && e.Verb != core.Delete && !slices.ContainsFunc(e.Cells, func(c core.Cell) bool { return c.Attribute == core.Deleted }) {
		return write, stale(e, "its account was deleted")
	}
	e.Version = a.Value(core.AccountVersion)
	if e.Verb == core.Delete {
		if a.Deleted() {
			return already, nil
		}
		return write, r.drift(e, a)
	}
	if r.reached(a, e.Cells) {
		return already, nil
	}
	return write, r.drift(e, a)
}

func (r *run) drift(e *core.Entry, a core.Account) *core.Problem {
	for _, c := range e.Cells {
		if now := a.Value(c.Attribute); !r.same(c.Attribute, now, c.Before) && !r.same(c.Attribute, now, c.After) {
			return stale(e, fmt.Sprintf("%s is no longer what the preview showed", r.label(c.Attribute)))
		}
	}
	return nil
}

func stale(e *core.Entry, what string) *core.Problem {
	return &core.Problem{Code: core.Stale, What: fmt.Sprintf("%s was left alone: %s.", e.Name, what), Fix: "Make the plan again to see the account as it is now."}
}

// reached says that every cell is as it should be already.
func (r *run) reached(a core.Account, cells []core.Cell) bool {
	for _, c := range cells {
		if !r.same(c.Attribute, a.Value(c.Attribute), c.After) {
			return false
		}
	}
	return true
}

// lookForNew searches for an account that would be in the way. After a try whose
// outcome is not known, the one account that has all the unique values is that try's.
func (r *run) lookForNew(ctx context.Context, e *core.Entry, tried bool) (readiness, *core.Problem) {
	for _, a := range r.searched() {
		v := valueOf(e.Cells, a.ID)
		if v == "" {
			continue
		}
		found, err := r.Target.Find(ctx, a.ID, v, r.attrs)
		if err != nil {
			return write, core.AsProblem(err)
		}
		if len(found) == 0 {
			continue
		}
		if tried && len(found) == 1 && r.isOurs(found[0], e.Cells) {
			e.Account = found[0].ID()
			return already, nil
		}
		return write, stale(e, fmt.Sprintf("an account with the %s %s exists by now", a.Label, v))
	}
	return write, nil
}

func (r *run) isOurs(a core.Account, cells []core.Cell) bool {
	for _, u := range r.searched() {
		if v := valueOf(cells, u.ID); v != "" && !strings.EqualFold(v, a.Value(u.ID)) {
			return false
		}
	}
	return true
}

// searched are the attributes by which a new account is looked for: the unique ones,
// else the sync key's.
func (r *run) searched() []core.Attribute {
	if len(r.unique) > 0 {
		return r.unique
	}
	for _, k := range r.Plan.Setup.Identity.Keys {
		for _, a := range r.Plan.Attributes {
			if a.ID == k.Attribute {
				return []core.Attribute{a}
			}
		}
	}
	return nil
}

func valueOf(cells []core.Cell, attribute string) string {
	for _, c := range cells {
		if c.Attribute == attribute {
			return c.After
		}
	}
	return ""
}

func (r *run) attribute(id string) core.Attribute {
	for _, a := range r.Plan.Attributes {
		if a.ID == id {
			return a
		}
	}
	return core.Attribute{ID: id, Label: id}
}

func (r *run) kind(id string) core.Kind { return r.attribute(id).Kind }

func (r *run) label(id string) string {
	switch id {
	case core.Enabled:
		return "whether it is enabled"
	case core.Deleted:
		return "whether it is deleted"
	}
	return r.attribute(id).Label
}

// same compares a value with what a cell says. Of a deleted account only that it is
// deleted counts.
func (r *run) same(attribute, now, cell string) bool {
	if attribute == core.Deleted {
		return (now == "") == (cell == "")
	}
	return sameValue(r.kind(attribute), now, cell)
}

// sameValue compares two values; lists have no order.
func sameValue(k core.Kind, a, b string) bool {
	if a == b {
		return true
	}
	switch k {
	case core.List:
		return sameSet(core.SplitList(a), core.SplitList(b))
	case core.Email, core.Bool:
		return strings.EqualFold(a, b)
	default:
		return false
	}
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[string]bool{}
	for _, v := range a {
		have[v] = true
	}
	for _, v := range b {
		if !have[v] {
			return false
		}
	}
	return true
}
