package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rollcall/core"
	"rollcall/core/diff"
	"rollcall/core/internal/made"
	"rollcall/core/match"
	"rollcall/core/plan"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// planned makes a plan for people against what the directory holds.
func planned(t testing.TB, d *made.Directory, people ...string) *core.Plan {
	t.Helper()
	in := diff.Input{Desired: made.Desired(people...), Attributes: made.Attributes, Rules: made.Rules(), Keys: made.Keys, Modes: core.DefaultModes(), Now: now}
	for a, err := range d.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		in.Accounts = append(in.Accounts, a)
	}
	in.Pairs, in.Clashes = match.Pairs(match.Input{Desired: in.Desired, People: match.NewPeople(in.Desired), Accounts: in.Accounts, Known: match.NewAccounts(in.Accounts, in.Keys), Keys: in.Keys})
	in.Find = match.NewPeople(in.Desired).Find
	guards := core.Guards{PlanHours: 24, StopAfter: 3, StopPercent: 20}
	return plan.New(plan.Input{Plan: core.Plan{ID: "p", Made: now, Setup: core.Setup{Guards: guards, Identity: core.Identity{Keys: made.Keys}}, Attributes: made.Attributes, Rows: diff.Rows(in).Rows}})
}

func input(p *core.Plan, d *made.Directory, j *made.Journal) Input {
	return Input{Plan: p, Approval: core.Approval{Hash: p.Hash}, Target: d, Journal: j, Now: func() time.Time { return now }}
}

// ran gives the outcomes as words, and the error that ended the run.
func ran(ctx context.Context, in Input) (string, error) {
	var words []string
	for o, err := range Run(ctx, in) {
		if err != nil {
			return strings.Join(words, ", "), err
		}
		words = append(words, fmt.Sprintf("%s %s", o.Verb, o.State))
	}
	return strings.Join(words, ", "), nil
}

var company = []string{"number=1 login=ada name=Ada title=CTO manager=3", "number=2 login=bo name=Bo manager=1", "number=3 login=cy name=Cy"}

const companyDump = "@active=true login=ada manager=3 name=Ada number=1 title=CTO \n@active=true login=bo manager=1 name=Bo number=2 \n@active=true login=cy name=Cy number=3 "

func TestManagersWhoAreCreatedTooAreSetInASecondPass(t *testing.T) {
	d := made.NewDirectory()
	in := input(planned(t, d, company...), d, &made.Journal{})
	got, err := ran(t.Context(), in)
	if err != nil || got != "create done, create done, create done, update done, update done" {
		t.Fatal(got, err)
	}
	if d.Dump() != companyDump {
		t.Error(d.Dump())
	}
	if n := Tasks(in.Plan, in.Approval); n != 5 {
		t.Errorf("Tasks says %d", n)
	}
	for _, r := range planned(t, d, company...).Rows {
		if r.Verb != core.Unchanged {
			t.Errorf("a second plan wants %s %v", r.Verb, r.Cells)
		}
	}
}

func TestARunThatDiesAnywhereEndsTheSameWhenContinued(t *testing.T) {
	crash := errors.New("killed")
	for _, workers := range []int{1, 4} {
		rapid.Check(t, func(rt *rapid.T) {
			d, j := made.NewDirectory("number=3 login=cy name=Old"), &made.Journal{}
			in := input(planned(t, d, company...), d, j)
			in.Workers = workers
			for left := rapid.IntRange(0, 6).Draw(rt, "writes before the crash"); ; left = rapid.IntRange(0, 6).Draw(rt, "more") {
				dead := dying{Directory: d, crash: crash}
				dead.left.Store(int64(left))
				in.Target = &dead
				in.Journal = &deadJournal{j, &dead}
				if _, err := ran(t.Context(), in); err == nil {
					break
				}
			}
			if d.Dump() != companyDump {
				rt.Fatalf("end state:\n%s", d.Dump())
			}
		})
	}
}

// dying makes its last write and is gone before anyone hears of it.
type dying struct {
	*made.Directory
	left  atomic.Int64
	crash error
}

func (d *dying) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	r, err := d.Directory.Write(ctx, w)
	d.left.Add(-1)
	return r, err
}

// deadJournal is a journal that can no longer be written once the program is dead.
type deadJournal struct {
	*made.Journal
	d *dying
}

func (j *deadJournal) After(e core.Entry, o core.Outcome) error {
	if j.d.left.Load() < 0 {
		return j.d.crash
	}
	return j.Journal.After(e, o)
}

func TestAnAccountThatMovedSinceIsLeftAlone(t *testing.T) {
	d := made.NewDirectory("number=1 login=ada title=A", "number=2 login=bo title=A", "number=3 login=cy title=A")
	p := planned(t, d, "number=1 title=B", "number=2 title=B", "number=3 title=B", "number=4 login=new name=New")
	for _, w := range []core.Write{
		{Verb: core.Update, Account: "a1", Set: map[string]string{"title": "Z"}},
		{Verb: core.Update, Account: "a2", Set: map[string]string{"title": "B"}},
		{Verb: core.Delete, Account: "a3"},
		{Verb: core.Create, Set: map[string]string{"login": "new"}},
	} {
		if _, err := d.Write(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	before := d.Writes
	got, err := ran(t.Context(), input(p, d, &made.Journal{}))
	if err != nil || got != "create changed since, update changed since, update done, update changed since" || d.Writes != before {
		t.Error(got, err, d.Writes-before)
	}
}

func TestAnotherComputerGoesOnWithTheSamePlan(t *testing.T) {
	d := made.NewDirectory()
	p := planned(t, d, company...)
	n := 0
	for _, err := range Run(t.Context(), input(p, d, &made.Journal{})) {
		if n++; err != nil || n == 2 {
			break // two accounts are made, nobody has a manager yet
		}
	}
	got, err := ran(t.Context(), input(p, d, &made.Journal{}))
	if err != nil || got != "create done, create done, create done, update done, update done" || d.Writes != 5 || d.Dump() != companyDump {
		t.Errorf("%s, %v, %d writes\n%s", got, err, d.Writes, d.Dump())
	}
}

func TestOnlyWhatWasApprovedIsWritten(t *testing.T) {
	d := made.NewDirectory("number=1 login=ada title=A name=A", "number=2 login=bo title=A")
	p := planned(t, d, "number=1 title=B name=B login=x", "number=2 title=B")
	in := input(p, d, &made.Journal{})
	in.Approval.Rows = map[int]core.Decision{1: core.Reject}
	in.Approval.Cells = map[int][]string{0: {"name"}}
	if got, err := ran(t.Context(), in); err != nil || got != "update done" {
		t.Fatal(got, err)
	}
	if want := "@active=true login=ada name=A number=1 title=B \n@active=true login=bo number=2 title=A "; d.Dump() != want {
		t.Error(d.Dump())
	}
}

func TestAManagerWhoIsUntickedIsNoTask(t *testing.T) {
	d := made.NewDirectory()
	in := input(planned(t, d, company...), d, &made.Journal{})
	in.Approval.Rows = map[int]core.Decision{2: core.Reject} // Cy, whom Ada reports to
	got, err := ran(t.Context(), in)
	if n := Tasks(in.Plan, in.Approval); err != nil || n != 3 || got != "create done, create done, update done" {
		t.Errorf("%d tasks, ran %s, %v", n, got, err)
	}
}

func TestWhatAGuardStoppedNeedsItsAllowance(t *testing.T) {
	d := made.NewDirectory("number=1", "number=2", "number=3")
	p := planned(t, d, "number=1 status=terminated", "number=2 status=terminated", "number=3 status=terminated")
	p.Setup.Guards = core.DefaultGuards()
	p = plan.New(plan.Input{Plan: *p})
	in := input(p, d, &made.Journal{})
	if got, err := ran(t.Context(), in); err != nil || got != "" {
		t.Fatal(got, err)
	}
	in.Approval.Rows = map[int]core.Decision{0: core.Approve}
	if got, _ := ran(t.Context(), in); got != "" {
		t.Errorf("a stopped row was ticked one by one: %s", got)
	}
	in.Approval.Rows = nil
	in.Approval.Allowed = map[string]string{plan.GuardDeactivate: "The Malmö office closes."}
	if got, err := ran(t.Context(), in); err != nil || got != "deactivate done, deactivate done, deactivate done" {
		t.Error(got, err)
	}
}

func TestARunIsRefused(t *testing.T) {
	d := made.NewDirectory()
	p := planned(t, d, company...)
	for name, change := range map[string]func(*Input){
		"with the approval of another plan": func(in *Input) { in.Approval.Hash = "other" },
		"a day later":                       func(in *Input) { in.Now = func() time.Time { return now.Add(25 * time.Hour) } },
	} {
		in := input(p, d, &made.Journal{})
		change(&in)
		if _, err := ran(t.Context(), in); !core.HasCode(err, core.Stale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	in := input(p, d, &made.Journal{Fail: &core.Problem{Code: core.DiskFull, What: "The disk is full."}})
	if _, err := ran(t.Context(), in); !core.HasCode(err, core.DiskFull) {
		t.Error(err)
	}
	if d.Writes != 0 {
		t.Errorf("%d writes were made", d.Writes)
	}
}

func TestFailuresInARowStopTheRunAndRetryDoesTheRest(t *testing.T) {
	d, j := made.NewDirectory(), &made.Journal{}
	var people []string
	for i := range 10 {
		people = append(people, fmt.Sprintf("number=%d login=l%d", i+1, i+1))
	}
	in := input(planned(t, d, people...), d, j)
	d.Before = func(core.Write) error { return &core.Problem{Code: core.Refused, What: "No licence is free."} }
	got, err := ran(t.Context(), in)
	if !core.HasCode(err, core.HeldByGuard) || got != "create failed, create failed, create failed" || !strings.Contains(err.Error(), "No licence") {
		t.Fatal(got, err)
	}
	d.Before = nil
	if _, err := ran(t.Context(), in); err != nil || d.Writes != 10 {
		t.Error(err, d.Writes)
	}
}

func TestAnUnknownOutcomeIsLookedUpNotSentAgain(t *testing.T) {
	d, j := made.NewDirectory(), &made.Journal{}
	in := input(planned(t, d, "number=1 login=ada"), d, j)
	d.After = func(core.Write) error { return &core.Problem{Code: core.Unknown, What: "The answer was lost."} }
	if got, err := ran(t.Context(), in); err != nil || got != "create failed" {
		t.Fatal(got, err)
	}
	d.After = nil
	if got, err := ran(t.Context(), in); err != nil || got != "create done" || d.Writes != 1 {
		t.Error(got, err, d.Writes)
	}
}

func TestCancelLetsTheWriteUnderWayBeWrittenDown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d, j := made.NewDirectory(), &made.Journal{}
	in := input(planned(t, d, company...), d, j)
	d.After = func(core.Write) error { cancel(); return nil }
	_, err := ran(ctx, in)
	if !core.HasCode(err, core.Cancelled) {
		t.Fatal(err)
	}
	for n, err := range j.Entries() {
		if err != nil || n.Open {
			t.Errorf("left open: %+v", n)
		}
	}
	if d.Writes != 1 {
		t.Errorf("%d writes", d.Writes)
	}
}

func TestWhatSomebodyElseDidMeanwhileIsDoneAndNotOurs(t *testing.T) {
	d := made.NewDirectory("number=2 login=bo name=Bo title=Clerk")
	first, second := planned(t, d, "number=2 login=bo name=Bo title=Lead"), planned(t, d, "number=2 login=bo name=Bo title=Lead")
	for i, p := range []*core.Plan{first, second} {
		j := &made.Journal{}
		if got, err := ran(t.Context(), input(p, d, j)); err != nil || got != "update done" {
			t.Fatal(got, err)
		}
		lines := 0
		for range j.Entries() {
			lines++
		}
		if lines != 1-i {
			t.Errorf("run %d wrote down %d changes", i+1, lines)
		}
	}
}

// halting makes accounts without their name and then fails, and fails once more when the
// name is to follow.
type halting struct {
	*made.Directory
	lost  bool // the first answer is lost, as when the program dies
	fails int  // how often the name is refused
}

func (d *halting) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	refusal := &core.Problem{Code: core.NotFound, What: "There is no such account yet."}
	switch {
	case w.Verb == core.Create:
		w.Set = maps.Clone(w.Set)
		delete(w.Set, "name")
		r, err := d.Directory.Write(ctx, w)
		if err == nil && d.lost {
			return core.Receipt{}, &core.Problem{Code: core.Unknown, What: "No answer came."}
		}
		return r, cmp.Or(err, error(refusal))
	case w.Set["name"] != "" && d.fails > 0:
		d.fails--
		return core.Receipt{}, refusal
	}
	return d.Directory.Write(ctx, w)
}

func TestAnAccountThatWasMadeAndNotFinishedIsFinishedByTheNextTry(t *testing.T) {
	for name, d := range map[string]*halting{
		"which failed halfway":                         {},
		"whose answer was lost":                        {lost: true},
		"whose answer was lost, and which failed then": {lost: true, fails: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d.Directory = made.NewDirectory()
			in := input(planned(t, d.Directory, "number=1 login=ada name=Ada"), d.Directory, &made.Journal{})
			in.Target = d
			var tries []string
			for range 2 + d.fails {
				got, err := ran(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				tries = append(tries, got)
			}
			if last := tries[len(tries)-1]; last != "create done" || d.Writes != 2 || !strings.Contains(d.Dump(), "name=Ada") {
				t.Errorf("tries %q, %d writes, end state %s", tries, d.Writes, d.Dump())
			}
		})
	}
}
