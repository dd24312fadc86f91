package view

import (
	"testing"

	"rollcall/core"
)

func TestRestoreSaysThatADeletedAccountComesBack(t *testing.T) {
	back := []core.Cell{{Attribute: core.Deleted, Before: "2026-12-01T10:00:00Z"}, {Attribute: core.Enabled, Before: "false", After: "true"}}
	p := &core.Plan{Rows: []core.Row{{Verb: core.Reactivate, Tick: core.Off, Why: core.Returned, Detail: "the deleted account is brought back", Cells: back},
		{Verb: core.Reactivate, Why: core.Returned, Cells: back[1:]}, {Verb: core.Update, Why: core.Undoes, Cells: []core.Cell{{Attribute: core.Deleted, Before: "true"}}}}}
	r := NewReview(p, core.Spec{})
	if got := RowTitle(p.Rows[0].Verb, p.Rows[0].Cells) + RowTitle(p.Rows[1].Verb, p.Rows[1].Cells) + RowTitle(p.Rows[2].Verb, p.Rows[2].Cells); got != "Bring backReactivateBring back" {
		t.Error(got)
	}
	changes, _ := r.Changes(0, 2)
	if changes[0].Attribute != "Deletion" || changes[0].Before != "Kept until 1 Dec 2026" || changes[0].After != "Undone" || changes[1].After != "Active" || !changes[0].Off {
		t.Errorf("%+v", changes)
	}
	if why, detail := r.Why(0); why != "Came back" || detail != "tick to bring it back" {
		t.Errorf("%q, %q", why, detail)
	}
	for _, f := range r.Facets() {
		if f.Verb == core.Reactivate && f.Count != 2 {
			t.Errorf("%+v", f)
		}
	}
	if !r.ToggleRow(0) || r.ticked[core.Reactivate] != 2 {
		t.Error("it is ticked by hand")
	}
	if _, detail := r.Why(0); detail != "the deleted account is brought back" {
		t.Error(detail)
	}
	d := RunDetail{}
	if got, _ := d.Changes(core.Noted{Entry: core.Entry{Verb: core.Update, Cells: p.Rows[2].Cells}}, 2); got[0].Before != "Deleted" || got[0].After != "Undone" {
		t.Errorf("%+v", got)
	}
}
