package engine

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/internal/made"
	"rollcall/core/plan"
)

// payroll is a source that keeps to how far back leavers are wanted.
type payroll struct {
	company
	wanted int
	all    bool // gives everybody all the same, as a file does
}

func (s *payroll) People(ctx context.Context, w core.Want) iter.Seq2[core.Person, error] {
	s.wanted = w.Leavers
	return func(yield func(core.Person, error) bool) {
		for p, err := range s.company.People(ctx, w) {
			old := w.Leavers >= 0 && p.Value("employmentStatus") == core.StatusTerminated && p.Value("endDate") < daysBefore(now, w.Leavers)
			if (!old || s.all) && !yield(p, err) {
				return
			}
		}
	}
}

// staff makes so many people who work here, and one leaver for each number of days ago.
func staff(active int, left ...int) *payroll {
	s := &payroll{company: company{fields: append(columns, "endDate")}}
	for i := range active {
		s.rows = append(s.rows, []string{fmt.Sprint("p", i), fmt.Sprint(i), fmt.Sprint("n", i), core.StatusActive, "Sales", "North", ""})
	}
	for i, days := range left {
		i += 1000
		s.rows = append(s.rows, []string{fmt.Sprint("p", i), fmt.Sprint(i), fmt.Sprint("n", i), core.StatusTerminated, "Sales", "South", daysBefore(now, days)})
	}
	return s
}

func planned(t *testing.T, s core.Source, change func(*Input), accounts ...string) *Result {
	t.Helper()
	in := Input{ID: "x", Setup: fixed(), Source: s, Target: made.NewDirectory(accounts...), Now: now}
	if change != nil {
		change(&in)
	}
	r, err := Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func only(t *testing.T, r *Result, verb core.Verb) core.Row {
	t.Helper()
	for _, row := range r.Plan.Rows {
		if row.Verb == verb {
			return row
		}
	}
	t.Fatalf("no row is %v: %v", verb, r.Plan.Count())
	return core.Row{}
}

func TestLeaversComeAsFarBackAsTheSetupSays(t *testing.T) {
	const account = "number=1000 login=n1000 name=n1000"
	s := staff(3, 40)
	if r := planned(t, s, nil, account); s.wanted != 90 || only(t, r, core.Deactivate).Why != core.HasLeft {
		t.Error("somebody who left 40 days ago should be deactivated", s.wanted)
	}
	r := planned(t, s, func(in *Input) { in.Setup.LeaverDays = 30 }, account)
	if row := only(t, r, core.Held); s.wanted != 30 || row.Why != core.Absent || row.Tick == core.On || row.Detail != "or left over 30 days ago · 1 of 2 readings" {
		t.Errorf("somebody who is not read is only reported: %v %q", row.Why, row.Detail)
	}
	r = planned(t, s, func(in *Input) { in.Setup.LeaverDays = -1 }, account, "number=7 login=x name=x")
	if row := only(t, r, core.Held); s.wanted != -1 || row.Detail != "1 of 2 readings" {
		t.Errorf("where all leavers are read nobody can have left: %q", row.Detail)
	}
	s.all = true
	r = planned(t, s, func(in *Input) { in.Setup.LeaverDays = 30 }, account, "number=7 login=x name=x")
	if row := only(t, r, core.Held); only(t, r, core.Deactivate).Why != core.HasLeft || row.Detail != "1 of 2 readings" {
		t.Errorf("a file gives all its leavers: %q", row.Detail)
	}
}

func TestLeaversWhoDropOutOfTheReadingsAreNoSignOfAShrunkenSource(t *testing.T) {
	shrunk := func(r *Result) bool {
		for _, tripped := range r.Plan.Tripped {
			if tripped.Guard == plan.GuardShrink {
				return true
			}
		}
		return false
	}
	before := planned(t, staff(20, 80, 80, 80, 80, 80, 80), nil).Memory // all of South left 80 days ago
	if before.Last.People != 20 || !before.Last.At.Equal(now) {
		t.Fatalf("%+v", before.Last)
	}
	again := func(s core.Source) *Result { return planned(t, s, func(in *Input) { in.Memory = before }) }
	for name, c := range map[string]struct {
		source core.Source
		want   bool
	}{
		"they dropped out":                  {staff(20), false},
		"a fifth left since":                {staff(16, 1, 1, 5, 20), false},
		"a fifth is missing":                {staff(16), true},
		"earlier leavers do not make it up": {staff(16, 80, 80, 80, 80, 80, 80), true},
	} {
		if r := again(c.source); shrunk(r) != c.want {
			t.Errorf("%s: %+v", name, r.Plan.Tripped)
		}
	}
	old := before
	old.Last = core.Tally{People: 26, Groups: map[string]int{"legalEntity=North": 20, "legalEntity=South": 6}}
	if r := planned(t, staff(20), func(in *Input) { in.Memory = old }); shrunk(r) {
		t.Error("what an earlier version counted, leavers too, cannot be compared")
	}
	quarter := before
	quarter.Last.At = now.Add(-85 * 24 * time.Hour)
	if r := planned(t, staff(16, 80, 80, 80, 80), func(in *Input) { in.Memory = quarter }); shrunk(r) {
		t.Error("those who left since a reading long ago came as leavers")
	}
}
