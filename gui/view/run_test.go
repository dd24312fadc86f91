package view

import (
	"context"
	"errors"
	"testing"
	"time"

	"rollcall/core"
)

type applies func(ctx context.Context, tell func(core.Outcome)) (Run, error)

type fakeRuns struct {
	Runs
	do applies
}

func (f *fakeRuns) Apply(ctx context.Context, _ *core.Plan, _ core.Approval, tell func(core.Outcome)) (Run, error) {
	return f.do(ctx, tell)
}

func follow(do applies) (*Follow, *fakeRuns) {
	p, runs, now := samplePlan(), &fakeRuns{do: do}, noon
	s := Services{Runs: runs, Now: func() time.Time { now = now.Add(time.Second); return now }}
	return NewFollow(s, p, core.Approval{Hash: p.Hash}, "s1"), runs
}

func kindsIn(at RunAt) map[core.Verb]KindProgress {
	m := map[core.Verb]KindProgress{}
	for _, k := range at.Kinds {
		m[k.Verb] = k
	}
	return m
}

func TestRunCountsByKindAndRetriesReplace(t *testing.T) {
	refused := &core.Problem{Code: core.Refused, What: "No.", Fix: "Ask."}
	f, runs := follow(func(_ context.Context, tell func(core.Outcome)) (Run, error) {
		tell(core.Outcome{Row: 0, Verb: core.Update})
		tell(core.Outcome{Row: 1, Verb: core.Create, State: core.Failed, Problem: refused})
		tell(core.Outcome{Row: 9, Verb: core.Update, State: core.NotRun})
		return Run{ID: "7"}, nil
	})
	f.Begin()
	if _, err := f.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := f.At()
	if at.Total != 3 || at.Done != 1 || at.Failed != 1 || at.Percent() != "66 %" || at.Run.ID != "7" {
		t.Fatalf("%+v", at)
	}
	k := kindsIn(at)
	if k[core.Create].Note() != "0 done, 1 failed" || k[core.Deactivate].Note() != "2 held by your limit" || k[core.Update].Total != 2 {
		t.Errorf("%+v", at.Kinds)
	}
	if text, _, good := at.Result(); good || text != "Stopped: 1 change was made, 1 were left as they were." {
		t.Error(text)
	}
	runs.do = func(_ context.Context, tell func(core.Outcome)) (Run, error) {
		tell(core.Outcome{Row: 1, Verb: core.Create})
		tell(core.Outcome{Row: 9, Verb: core.Update})
		return Run{ID: "7"}, nil
	}
	f.Begin()
	if _, err := f.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	at = f.At()
	if at.Done != 3 || at.Failed != 0 || at.Retried != 1 || f.Len(FailedOutcomes) != 0 || f.Len(AllOutcomes) != 4 || kindsIn(at)[core.Create].Note() != "1 retried, all done since" {
		t.Errorf("%+v", at)
	}
	if s := f.Outcome(AllOutcomes, 0); s.Row != 9 {
		t.Errorf("the newest should be first: %+v", s)
	}
	if s := f.Outcome(FailedOutcomes, 0); !s.At.IsZero() {
		t.Error("a list that is shorter by now gives nothing")
	}
	if text, _, good := at.Result(); !good || text != "Done: 3 changes were made, none failed." {
		t.Error(text)
	}
}

func TestManagersCountWithTheirRowAndOnlyWhereTheAccountIsMade(t *testing.T) {
	m := newPlanMaker()
	login := core.Cell{Attribute: "login", After: "x"}
	m.person("Chief", core.Create, core.On, core.NewHire, login)
	m.person("Left Out", core.Create, core.Off, core.NewHire, login)
	m.person("Reports Up", core.Create, core.On, core.NewHire, login, core.Cell{Attribute: "manager", Pending: "id10000"})
	m.person("Reports Out", core.Create, core.On, core.NewHire, login, core.Cell{Attribute: "manager", Pending: "id10001"})
	m.person("Only Moves", core.Update, core.On, core.FieldsDiffer, core.Cell{Attribute: "manager", Pending: "id10000"})
	p := &m.plan
	s := Services{Now: func() time.Time { return noon }}
	f := NewFollow(s, p, core.Approval{Hash: p.Hash}, "s1")
	f.Begin()
	for _, o := range []core.Outcome{{Row: 0, Verb: core.Create}, {Row: 2, Verb: core.Create}, {Row: 3, Verb: core.Create}, {Row: 2, Verb: core.Update, Second: true}, {Row: 4, Verb: core.Update, Second: true}} {
		f.take(o)
	}
	at := f.At()
	k := kindsIn(at)
	if at.Total != 5 || at.Done != 5 || k[core.Create].Done != 3 || k[core.Create].Total != 3 || k[core.Update].Done != 1 || k[core.Update].Total != 1 {
		t.Errorf("%+v", at)
	}
	if got := f.What(core.Outcome{Row: 2, Second: true}); got != "Now that the manager's account exists" {
		t.Error(got)
	}
}

func TestRunThatWasCancelledIsNoError(t *testing.T) {
	for _, wrap := range []func(error) error{func(err error) error { return err }, func(err error) error { return core.AsProblem(err) }} {
		var f *Follow
		f, _ = follow(func(ctx context.Context, _ func(core.Outcome)) (Run, error) {
			f.Cancel()
			return Run{}, wrap(ctx.Err())
		})
		f.Begin()
		if _, err := f.Go(t.Context()); err != nil || f.At().Phase != Ended {
			t.Errorf("%v, %+v", err, f.At())
		}
	}
	f, _ := follow(func(context.Context, func(core.Outcome)) (Run, error) { return Run{}, errors.New("disk full") })
	f.Begin()
	if _, err := f.Go(t.Context()); err == nil {
		t.Error("other errors should come through")
	}
	if _, detail, good := f.At().Result(); good || detail == "" {
		t.Error("the result should say what to do")
	}
}

func TestDurationsInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "1 second", 50 * time.Second: "50 seconds", 74 * time.Second: "1 min 14 s", 2*time.Hour + 5*time.Minute: "2 h 5 min"} {
		if got := Lasting(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestSettingsNumbersAsTyped(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "5": 5, " 7,5 % ": 7.5, "100": 100} {
		if got, err := ReadPercentage(text); err != nil || got != want {
			t.Errorf("%q gives %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"-1", "101", "many", "NaN"} {
		if _, err := ReadPercentage(text); !core.HasCode(err, core.BadOption) {
			t.Errorf("%q gives %v", text, err)
		}
	}
	for text, want := range map[string]int{"": 0, "1,200": 1200} {
		if got, err := ReadNumber(text); err != nil || got != want {
			t.Errorf("%q gives %v, %v", text, got, err)
		}
	}
	if _, err := ReadNumber("1.5"); err == nil {
		t.Error("a fraction is no number of days")
	}
	if got := ReadProtected(" admin \n\nroot\nadmin"); len(got) != 2 {
		t.Errorf("%q", got)
	}
}
