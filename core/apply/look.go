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

// look reads the accounts as they are now. A try is to be written where its account is as
// the plan saw it, is done already where it is as the plan wants it, and has a Stale
// problem where it is neither.
func (r *run) look(ctx context.Context, tries []try) {
	var questions []core.Question
	of := make([]int, len(tries)+1) // the questions of tries[i] are those from of[i] to of[i+1]
	for i := range tries {
		questions = append(questions, r.questions(&tries[i])...)
		of[i+1] = len(questions)
	}
	var answers []core.Looked
	for part := range slices.Chunk(questions, r.size) {
		answers = append(answers, r.batch.Look(ctx, part, r.attrs)...)
	}
	for i := range tries {
		t := &tries[i]
		t.ready, t.problem = r.judge(t, questions[of[i]:of[i+1]], answers[of[i]:of[i+1]])
	}
}

// questions are what has to be known before an entry is written: how its account is, or
// for a new one, whether another is in its way.
func (r *run) questions(t *try) []core.Question {
	if t.Verb != core.Create {
		return []core.Question{{ID: t.Account}}
	}
	var all []core.Question
	for _, a := range r.searched() {
		if v := valueOf(t.Cells, a.ID); v != "" {
			all = append(all, core.Question{Attribute: a.ID, Value: v})
		}
	}
	return all
}

func (r *run) judge(t *try, questions []core.Question, answers []core.Looked) (readiness, *core.Problem) {
	if t.Verb == core.Create {
		return r.judgeNew(t, questions, answers)
	}
	if p := core.AsProblem(answers[0].Err); p != nil {
		if p.Code != core.NotFound {
			return write, p
		}
		if t.Verb == core.Delete {
			return already, nil
		}
		return write, stale(&t.Entry, "its account is gone")
	}
	return r.judgeOld(t, answers[0].Accounts[0])
}

func (r *run) judgeOld(t *try, a core.Account) (readiness, *core.Problem) {
	e := &t.Entry
	e.Version = a.Value(core.AccountVersion)
	switch {
	case e.Verb == core.Delete && a.Deleted():
		return already, nil
	case e.Verb == core.Delete:
		return write, r.drift(t, a)
	case a.Deleted() && !slices.ContainsFunc(e.Cells, func(c core.Cell) bool { return c.Attribute == core.Deleted }):
		return write, stale(e, "its account was deleted")
	case r.reached(a, e.Cells):
		return already, nil
	}
	return write, r.drift(t, a)
}

// drift tells of the first cell that is neither as the plan saw it nor as it wants it. Of
// a try that may have been under way, a list may be anything in between.
func (r *run) drift(t *try, a core.Account) *core.Problem {
	for _, c := range t.Cells {
		now := a.Value(c.Attribute)
		if r.same(c.Attribute, now, c.Before) || r.same(c.Attribute, now, c.After) {
			continue
		}
		if t.open && r.kind(c.Attribute) == core.List && between(core.SplitList(now), core.SplitList(c.Before), core.SplitList(c.After)) {
			continue
		}
		return stale(&t.Entry, fmt.Sprintf("%s is no longer what the preview showed", r.label(c.Attribute)))
	}
	return nil
}

// between says that a list is on its way from one to the other.
func between(now, before, after []string) bool {
	for _, v := range now {
		if !slices.Contains(before, v) && !slices.Contains(after, v) {
			return false
		}
	}
	return !slices.ContainsFunc(before, func(v string) bool { return slices.Contains(after, v) && !slices.Contains(now, v) })
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

// judgeNew looks for an account that would be in the way. One that is in all as the plan
// wants it is done already, by another computer that had the same plan. After a try whose
// outcome is not known, the one account that has all the unique values is that try's; what
// it still lacks of the rest is written to it.
func (r *run) judgeNew(t *try, questions []core.Question, answers []core.Looked) (readiness, *core.Problem) {
	for i, answer := range answers {
		if answer.Err != nil {
			return write, core.AsProblem(answer.Err)
		}
		found := answer.Accounts
		if len(found) == 0 {
			continue
		}
		if len(found) == 1 && r.isOurs(found[0], t.Cells) {
			switch lacks := r.lacking(found[0], t.Cells); {
			case len(lacks) == 0 && (t.open || lives(found[0], t.Cells)):
				t.Account = found[0].ID()
				return already, nil
			case t.open:
				t.Account, t.rest = found[0].ID(), lacks
				return write, nil
			}
		}
		return write, stale(&t.Entry, fmt.Sprintf("an account with the %s %s exists by now", r.label(questions[i].Attribute), questions[i].Value))
	}
	return write, nil
}

// lives says that an account is there and enabled, or disabled where the plan wants that.
func lives(a core.Account, cells []core.Cell) bool {
	return !a.Deleted() && (a.Value(core.AccountActive) == "false") == (valueOf(cells, core.Enabled) == "false")
}

// lacking are the cells that an account which was made is still without.
func (r *run) lacking(a core.Account, cells []core.Cell) []core.Cell {
	var rest []core.Cell
	for _, c := range cells {
		if !pending(c) && !r.attribute(c.Attribute).AtCreate && !r.same(c.Attribute, a.Value(c.Attribute), c.After) {
			rest = append(rest, c)
		}
	}
	return rest
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
