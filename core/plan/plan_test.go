package plan

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/internal/made"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// mixed makes rows: n of each verb given, all of people with an account but the new ones.
func mixed(counts map[core.Verb]int) []core.Row {
	var rows []core.Row
	n := 0
	for _, v := range core.Verbs() {
		for range counts[v] {
			n++
			r := core.Row{Verb: v, Desired: made.Desired(fmt.Sprintf("number=%d name=P%d", n, n))[0]}
			if v != core.Create {
				r.Account = made.Accounts(fmt.Sprintf("number=%d", n))[0]
			}
			if v == core.Update {
				r.Cells = []core.Cell{{Attribute: "title", Before: "A", After: "B"}}
			}
			if v == core.Deactivate {
				r.Cells = []core.Cell{{Attribute: core.Enabled, Before: "true", After: "false"}}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func planOf(rows []core.Row, change func(*Input)) *core.Plan {
	in := Input{Plan: core.Plan{ID: "x", Made: now, Setup: core.Setup{Guards: core.DefaultGuards()}, Attributes: made.Attributes, Rows: rows, Accounts: len(rows)}}
	if change != nil {
		change(&in)
	}
	return New(in)
}

func tripped(p *core.Plan) []string {
	var names []string
	for _, t := range p.Tripped {
		names = append(names, t.Guard)
	}
	return names
}

func TestGuards(t *testing.T) {
	for _, c := range []struct {
		name string
		rows map[core.Verb]int
		want []string
	}{
		{"two leavers of eight pass", map[core.Verb]int{core.Deactivate: 2, core.Unchanged: 6}, nil},
		{"three leavers of eight stop", map[core.Verb]int{core.Deactivate: 3, core.Unchanged: 5}, []string{"deactivate"}},
		{"four leavers of a hundred pass", map[core.Verb]int{core.Deactivate: 4, core.Unchanged: 96}, nil},
		{"five leavers of a hundred stop", map[core.Verb]int{core.Deactivate: 5, core.Unchanged: 95}, []string{"deactivate"}},
		{"fifty leavers of ten thousand stop", map[core.Verb]int{core.Deactivate: 50, core.Unchanged: 9950}, []string{"deactivate"}},
		{"49 leavers of ten thousand pass", map[core.Verb]int{core.Deactivate: 49, core.Unchanged: 9951}, nil},
		{"24 % new accounts pass", map[core.Verb]int{core.Create: 24, core.Unchanged: 100}, nil},
		{"25 % new accounts stop", map[core.Verb]int{core.Create: 25, core.Unchanged: 100}, []string{"create"}},
		{"200 new accounts stop", map[core.Verb]int{core.Create: 200, core.Unchanged: 9000}, []string{"create"}},
		{"one field changing for 29 % passes", map[core.Verb]int{core.Update: 29, core.Unchanged: 71}, nil},
		{"one field changing for 30 % stops", map[core.Verb]int{core.Update: 30, core.Unchanged: 70}, []string{"field:title"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := planOf(mixed(c.rows), nil)
			if !slices.Equal(tripped(p), c.want) {
				t.Fatalf("tripped %v, want %v", tripped(p), c.want)
			}
			ticked := p.Count().Ticked
			if (ticked[core.Deactivate]+ticked[core.Create]+ticked[core.Update] == 0) != (len(c.want) > 0) {
				t.Errorf("ticked %v", ticked)
			}
		})
	}
}

func TestAnEmptyDirectoryMayBeFilled(t *testing.T) {
	p := planOf(mixed(map[core.Verb]int{core.Create: 300}), func(in *Input) { in.Plan.Accounts = 0 })
	if len(p.Tripped) != 0 {
		t.Error(p.Tripped)
	}
}

func TestABuiltInAdministratorDoesNotMakeADirectoryFull(t *testing.T) {
	p := planOf(mixed(map[core.Verb]int{core.Create: 300}), func(in *Input) { in.Plan.Accounts, in.Plan.Unmanaged, in.Plan.Protected = 1, 1, 1 })
	if len(p.Tripped) != 0 {
		t.Error(p.Tripped)
	}
}

func TestAGuardStopsItsOwnKindOnly(t *testing.T) {
	p := planOf(mixed(map[core.Verb]int{core.Deactivate: 9, core.Update: 1, core.Unchanged: 10}), nil)
	s := p.Count()
	if s.Ticked[core.Update] != 1 || s.Ticked[core.Deactivate] != 0 || s.Stopped[core.Deactivate] != 9 {
		t.Errorf("%+v", s)
	}
}

func TestClearingHasItsOwnLimitAndLeavesOtherCells(t *testing.T) {
	rows := mixed(map[core.Verb]int{core.Update: 10, core.Unchanged: 90})
	for i := range 6 {
		rows[i].Cells = []core.Cell{{Attribute: "title", Before: "A"}, {Attribute: "name", Before: "x", After: "y"}}
	}
	p := planOf(rows, nil)
	if !slices.Equal(tripped(p), []string{"clear:title"}) {
		t.Fatal(tripped(p))
	}
	if c := p.Rows[0].Cells; c[0].Tick != core.Stopped || c[1].Tick != core.On || p.Rows[0].Tick != core.On || p.Rows[9].Cells[0].Tick != core.On {
		t.Errorf("%+v", p.Rows[0])
	}
}

func TestLeaversAreWithheldWhenTooFewPeopleCame(t *testing.T) {
	for name, c := range map[string]struct {
		tally core.Tally
		want  []string
	}{
		"89 of 100":           {core.Tally{People: 89, Groups: map[string]int{"legalEntity=North": 5}}, []string{"shrink"}},
		"90 of 100":           {core.Tally{People: 90, Groups: map[string]int{"legalEntity=North": 5}}, nil},
		"one entity vanished": {core.Tally{People: 100}, []string{"shrink"}},
		"a tiny one may go":   {core.Tally{People: 100, Groups: map[string]int{"legalEntity=North": 1}}, nil},
	} {
		p := planOf(mixed(map[core.Verb]int{core.Deactivate: 1, core.Unchanged: 99}), func(in *Input) {
			in.Memory.Last = core.Tally{People: 100, Groups: map[string]int{"legalEntity=North": 5, "legalEntity=Tiny": 4}}
			in.Tally = c.tally
		})
		if !slices.Equal(tripped(p), c.want) {
			t.Errorf("%s: tripped %v", name, tripped(p))
		}
	}
}

func TestRowsStandByVerbAndTheSumIsWhatWasRead(t *testing.T) {
	rows := mixed(map[core.Verb]int{core.Create: 3, core.Update: 2, core.Skipped: 4, core.Held: 1, core.Unchanged: 5})
	slices.Reverse(rows)
	p := planOf(rows, nil)
	if !slices.IsSortedFunc(p.Rows, byVerb) || p.Count().Read() != 15 {
		t.Errorf("%v", p.Count())
	}
}

func TestPlanReadsBackAsItWasWritten(t *testing.T) {
	p := planOf(mixed(map[core.Verb]int{core.Create: 3, core.Update: 2, core.Deactivate: 1, core.Held: 2, core.Unchanged: 5}), nil)
	p.Names = map[string]string{"a1": "Zoë"}
	p.Hash = Hash(p)
	var b bytes.Buffer
	if err := Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	back, err := Decode(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if back.Hash != Hash(back) || back.Hash != p.Hash || len(back.Rows) != len(p.Rows) || back.Names["a1"] != "Zoë" {
		t.Errorf("read back: %+v", back)
	}
	if name, number := back.Rows[0].Subject(); name != "P1" || number != "1" {
		t.Errorf("labels are lost: %q %q", name, number)
	}
	for cut := 0; cut < len(whole); cut += 97 {
		if _, err := Decode(bytes.NewReader(whole[:cut])); !core.HasCode(err, core.Damaged) {
			t.Fatalf("a plan cut at %d of %d gives %v", cut, len(whole), err)
		}
	}
	whole[bytes.Index(whole, []byte("\x01A\x01B"))+3] ^= 1
	if _, err := Decode(bytes.NewReader(whole)); !core.HasCode(err, core.Damaged) {
		t.Errorf("a changed plan gives %v", err)
	}
}

func FuzzDecodeNeverPanics(f *testing.F) {
	var b bytes.Buffer
	if err := Encode(&b, planOf(mixed(map[core.Verb]int{core.Create: 1, core.Update: 1}), nil)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = Decode(bytes.NewReader(data)) })
}

func TestTheHashChangesWithEverythingThatIsApplied(t *testing.T) {
	base := func() *core.Plan { return planOf(mixed(map[core.Verb]int{core.Update: 2, core.Unchanged: 5}), nil) }
	for name, change := range map[string]func(*core.Plan){
		"a value":      func(p *core.Plan) { p.Rows[0].Cells[0].After = "C" },
		"a tick":       func(p *core.Plan) { p.Rows[0].Tick = core.Off },
		"a verb":       func(p *core.Plan) { p.Rows[0].Verb = core.Deactivate },
		"the setup":    func(p *core.Plan) { p.Setup.Modes.Delete = true },
		"a row less":   func(p *core.Plan) { p.Rows = p.Rows[1:] },
		"an allowance": func(p *core.Plan) { p.Tripped = append(p.Tripped, core.Tripped{Guard: "create"}) },
	} {
		p := base()
		change(p)
		if Hash(p) == base().Hash {
			t.Errorf("%s does not change the hash", name)
		}
	}
}

func TestUndo(t *testing.T) {
	spec := core.Spec{Name: "Practice", Can: []string{core.CanDelete}, CannotUndo: map[string]string{"delete": "The password is gone."}}
	notes := []core.Noted{
		{Entry: core.Entry{Row: 0, Verb: core.Create, Person: "p1", Name: "Ada", Cells: []core.Cell{{Attribute: "login", After: "ada"}}}, Outcome: core.Outcome{State: core.Done, Account: "a1"}},
		{Entry: core.Entry{Row: 0, Second: true, Verb: core.Update, Account: "a1", Cells: []core.Cell{{Attribute: "manager", After: "a9"}}}, Outcome: core.Outcome{State: core.Done, Account: "a1"}},
		{Entry: core.Entry{Row: 1, Verb: core.Update, Account: "a2", Cells: []core.Cell{{Attribute: "title", Before: "A", After: "B"}}}, Outcome: core.Outcome{State: core.Done}},
		{Entry: core.Entry{Row: 2, Verb: core.Deactivate, Account: "a3", Cells: []core.Cell{{Attribute: core.Enabled, Before: "true", After: "false"}}}, Outcome: core.Outcome{State: core.Done}},
		{Entry: core.Entry{Row: 3, Verb: core.Delete, Account: "a4", Name: "Bo"}, Outcome: core.Outcome{State: core.Done}},
		{Entry: core.Entry{Row: 4, Verb: core.Update, Account: "a5", Cells: []core.Cell{{Attribute: "title", After: "B"}}}, Outcome: core.Outcome{State: core.Failed}},
		{Entry: core.Entry{Row: 5, Verb: core.Update, Account: "a6", Cells: []core.Cell{{Attribute: "title", After: "B"}}}, Open: true},
	}
	p, err := Undo(UndoInput{ID: "u", Run: "r1", Of: core.Plan{Attributes: made.Attributes}, Spec: spec, Now: now,
		Notes: func(yield func(core.Noted, error) bool) {
			for _, n := range notes {
				if !yield(n, nil) {
					return
				}
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Rows {
		line := r.Verb.String() + " " + r.Account.ID()
		for _, c := range r.Cells {
			line += fmt.Sprintf(" %s:%s→%s", c.Attribute, c.Before, c.After)
		}
		if r.Verb == core.Held {
			line += ": " + r.Detail
		}
		got = append(got, line)
	}
	want := []string{"update a2 title:B→A", "reactivate a3 @active:false→true", "delete a1 login:ada→", "held a4: The password is gone."}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
