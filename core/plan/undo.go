package plan

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"rollcall/core"
)

// UndoInput is what an undo is made of.
type UndoInput struct {
	ID    string
	Run   string    // the run to take back
	Of    core.Plan // that run's plan: its setup and attributes
	Notes iter.Seq2[core.Noted, error]
	Spec  core.Spec // of the target: what it can, and what it cannot take back
	Now   time.Time
}

// Undo makes the plan that takes a run back: what was created is deleted, what was
// changed gets its old values, who was disabled is enabled again, last change first.
// What the target cannot take back is in the plan as a held row that says so. The guards
// do not apply: a person asked for exactly these rows.
func Undo(in UndoInput) (*core.Plan, error) {
	attributes := in.Of.Attributes
	schema := core.AccountSchema(attributes)
	p := core.Plan{ID: in.ID, Name: in.Of.Name, Made: in.Now, Setup: in.Of.Setup, Attributes: attributes, Undo: in.Run, Names: in.Of.Names}
	var rows []core.Row
	for note, err := range in.Notes {
		if err != nil {
			return nil, err
		}
		if !note.Open && note.Outcome.State == core.Done {
			rows = append(rows, inverse(note, in.Spec, core.NewPacker(schema)))
		}
	}
	slices.Reverse(rows)
	p.Rows = ordered(folded(rows))
	p.Accounts = len(p.Rows)
	p.Hash = Hash(&p)
	return &p, nil
}

func inverse(n core.Noted, spec core.Spec, pack *core.Packer) core.Row {
	id := n.Account
	if n.Outcome.Account != "" {
		id = n.Outcome.Account
	}
	pack.Put(core.AccountID, id)
	pack.Put(core.AccountName, n.Name)
	row := core.Row{Why: core.Undoes, Detail: "takes back: " + n.Verb.String()}
	for _, c := range n.Cells {
		pack.Put(c.Attribute, c.After)
		row.Cells = append(row.Cells, core.Cell{Attribute: c.Attribute, Before: c.After, After: c.Before})
	}
	row.Account = core.Account{Record: pack.Pack()}
	switch n.Verb {
	case core.Create:
		row.Verb = core.Delete
		for i := range row.Cells {
			row.Cells[i].After = ""
		}
		if !spec.Has(core.CanDelete) {
			return cannot(row, orElse(spec.CannotUndo["create"], fmt.Sprintf("%s cannot delete accounts", spec.Name)))
		}
	case core.Delete:
		if spec.Has(core.CanRestore) {
			row.Verb, row.Cells = core.Update, []core.Cell{{Attribute: core.Deleted, Before: "true"}}
			return row
		}
		return cannot(row, orElse(spec.CannotUndo["delete"], "a deleted account cannot be brought back with its password and memberships"))
	case core.Deactivate:
		row.Verb = core.Reactivate
	case core.Reactivate:
		row.Verb = core.Deactivate
	default:
		row.Verb = core.Update
	}
	return row
}

func cannot(row core.Row, why string) core.Row {
	row.Verb, row.Tick, row.Why, row.Detail, row.Cells = core.Held, core.Off, core.CannotUndo, why, nil
	return row
}

// folded drops updates of accounts that the same undo deletes: the second pass of a
// create needs no taking back of its own.
func folded(rows []core.Row) []core.Row {
	deleted := map[string]bool{}
	for _, r := range rows {
		if r.Verb == core.Delete {
			deleted[r.Account.ID()] = true
		}
	}
	return slices.DeleteFunc(rows, func(r core.Row) bool { return r.Verb != core.Delete && deleted[r.Account.ID()] })
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
