package page

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// handedRun is a run of which everything is handed over, and some is answered before it is stopped.
func handedRun(answers int) func(context.Context, *core.Plan, core.Approval, func(core.Outcome)) (view.Run, error) {
	return func(_ context.Context, p *core.Plan, _ core.Approval, tell func(core.Outcome)) (view.Run, error) {
		var rows []int
		for i, r := range p.Rows {
			if r.Tick == core.On && r.Verb.Writes() {
				tell(core.Outcome{Row: i, Verb: r.Verb, State: core.HandedOver, Ticket: "t1"})
				rows = append(rows, i)
			}
		}
		for n, i := range rows[:min(answers, len(rows))] {
			o := core.Outcome{Row: i, Verb: p.Rows[i].Verb, Ticket: "t1", Took: 90 * time.Second}
			if n == 1 {
				o.State, o.Problem = core.Failed, &core.Problem{Code: core.Unknown, What: "The import has not said what became of Jonas Weber.", Fix: "Apply the plan again later; what is done by then counts as done."}
			}
			tell(o)
		}
		return view.Run{ID: "213", Plan: p.ID}, nil
	}
}

func handedOverRun(answers int) *canned {
	c := cannedReadings()
	c.plans[0].Setup.HandOver = 100
	c.engine = core.Imports{Engine: "the provisioning service of the directory", Chunk: 500}
	c.apply = handedRun(answers)
	return c
}

func TestRunSaysWhatTheEngineHasNotAnswered(t *testing.T) {
	p, _ := runOf(t, handedOverRun(0), "handed")
	if got := p.seen.Handed; got.Rows != 148 || got.Answered != 0 || p.seen.Done != 0 {
		t.Fatalf("%+v", p.seen)
	}
	if !pageSays(p.content, "Not answered yet: 148 of 148 changes handed to the provisioning service of the directory.") {
		t.Error("the page should say who has the rows")
	}
	if !strings.Contains(p.result.Detail(), "148 accepted, 0 done, 0 failed") || !strings.Contains(p.result.Detail(), "The provisioning service of the directory goes on") {
		t.Errorf("%q", p.result.Detail())
	}
	button(t, p.content, "Ask again")
	going := p.seen
	going.Phase = view.Running
	p.showHanded(going)
	if !pageSays(p.content, "148 handed to the provisioning service of the directory, 0 answered yet.") {
		t.Error("the page should say how far the engine is")
	}
	going.Phase, going.Handed.For = view.Running, 200*time.Second
	if _, detail := going.HandedOver(); going.Left() != "Waiting for answers" || !strings.Contains(detail, "handed over 3 min 20 s ago. You may leave this page.") {
		t.Errorf("%q, %q", going.Left(), detail)
	}
	if _, kinds := going.Through(); kinds != "0 done, 148 handed over" {
		t.Error(kinds)
	}
}

func TestRunCountsTheAnswersOfTheEngine(t *testing.T) {
	c := handedOverRun(10)
	p, _ := runOf(t, c, "answered")
	if got := p.seen.Handed; got.Open() != 138 || p.seen.Done != 9 || p.seen.Failed != 1 {
		t.Fatalf("%+v", p.seen)
	}
	if p.cell(8, 4).Text != "Not known" {
		t.Errorf("late is not failed: %+v", p.cell(8, 4))
	}
	c.savePath = filepath.Join(t.TempDir(), "run.csv")
	test.Tap(button(t, p.content, "Export"))
	task.Wait()
	data, _ := os.ReadFile(c.savePath)
	if strings.Count(string(data), "handed over") != 138 || strings.Count(string(data), "\n") != 149 {
		t.Errorf("%d lines, %d handed over", strings.Count(string(data), "\n"), strings.Count(string(data), "handed over"))
	}
	c.apply = handedRun(148) // the engine has accepted them again, and answers all
	test.Tap(button(t, p.content, "Ask again"))
	task.Wait()
	if p.seen.Handed.Open() != 0 || p.handed.Visible() || p.seen.Done+p.seen.Failed != 148 {
		t.Errorf("%+v", p.seen)
	}
}

// refusedBySupport is an error that knows its request.
type refusedBySupport struct{ error }

func (refusedBySupport) Trace() string { return "request oaeJz3rTqGmT4eKzYJZ7, error E0000001" }

func refusing() *canned {
	c := cannedReadings()
	c.apply = func(_ context.Context, p *core.Plan, _ core.Approval, tell func(core.Outcome)) (view.Run, error) {
		tell(core.Outcome{Row: 0, Verb: core.Update, State: core.Failed, Problem: &core.Problem{Code: core.Refused, What: "The directory does not take “4120” for “Cost centre”. It says: “not one of the allowed values”.",
			Fix: "Correct the value in the HR system or in the mapping, then retry.", Cause: refusedBySupport{errors.New("400")}}})
		tell(core.Outcome{Row: 1, Verb: core.Create, State: core.Failed, Problem: &core.Problem{Code: core.Conflict, What: "The user name jonas.weber is taken.", Fix: "Choose another."}})
		return view.Run{ID: "214", Plan: p.ID}, nil
	}
	return c
}

func TestRunShowsThePlatformsErrorWithItsAttribute(t *testing.T) {
	c := refusing()
	p, _ := runOf(t, c, "refused")
	p.table.Select(1)
	if !p.reason.Visible() || !pageSays(p.reason, "not one of the allowed values") || !pageSays(p.reason, "request oaeJz3rTqGmT4eKzYJZ7, error E0000001") {
		t.Fatal("the whole reason should stand there")
	}
	r := p.follow.Refusal(p.follow.Outcome(view.AllOutcomes, 1))
	if len(r.About) != 1 || r.About[0].Attribute != "Cost centre" || r.About[0].After != "4120" || r.Others != 3 {
		t.Errorf("%+v", r)
	}
	test.Tap(button(t, p.reason, "Copy"))
	if got := fyne.CurrentApp().Clipboard().Content(); got != "request oaeJz3rTqGmT4eKzYJZ7, error E0000001" {
		t.Errorf("copied %q", got)
	}
	if r = p.follow.Refusal(p.follow.Outcome(view.AllOutcomes, 0)); len(r.About) != 1 || r.About[0].Attribute != "User name" || r.Trace != "" {
		t.Errorf("%+v", r)
	}
	c.savePath = filepath.Join(t.TempDir(), "run.csv")
	test.Tap(button(t, p.content, "Export"))
	task.Wait()
	if data, _ := os.ReadFile(c.savePath); !strings.Contains(string(data), "Cost centre") || !strings.Contains(string(data), "E0000001") {
		t.Errorf("%s", data)
	}
	p.table.Select(0)
	p.pills.OnChanged("failed", true)
	if p.reason.Visible() {
		t.Error("the reason of a row that is not selected any more")
	}
}

func TestShotsRunHanded(t *testing.T) {
	begin := func(c *canned) func() *canned {
		return func() *canned {
			p := c.plans[0]
			handOver(handedOver{plan: p, approval: core.Approval{Hash: p.Hash, At: tea}, sync: "s1"})
			return c
		}
	}
	shoot(t, "run-handed-ended", begin(handedOverRun(40)), NewRun, view.Route{Page: view.RunPage, Plan: "plan1"}, nil)
	shoot(t, "run-handed", begin(handedOverRun(40)), NewRun, view.Route{Page: view.RunPage, Plan: "plan1"}, func(page Page, _ *shellStub) {
		p := page.(*Run)
		at := p.seen
		at.Phase, at.Handed.For = view.Running, 3*time.Minute
		p.show(at)
	})
	shoot(t, "run-refused", begin(refusing()), NewRun, view.Route{Page: view.RunPage, Plan: "plan1"}, func(p Page, _ *shellStub) { p.(*Run).table.Select(1) })
}
