package page

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// runOf opens the run page on a plan that was handed over.
func runOf(t *testing.T, c *canned, id string) (*Run, *shellStub) {
	t.Helper()
	plan := c.plans[0]
	plan.ID = id
	handOver(handedOver{plan: plan, approval: core.Approval{Hash: plan.Hash, At: tea}, sync: "s1"})
	p, shell := opened(t, c, NewRun, view.Route{Page: view.RunPage, Plan: id}, look.Light, wide)
	return p.(*Run), shell
}

func TestRunShowsFailuresWithReasonAndRetriesThem(t *testing.T) {
	c := cannedReadings()
	c.apply = halfRun(true)
	p, shell := runOf(t, c, "retry")
	if p.seen.Phase != view.Ended || p.seen.Failed != 2 || p.seen.Done != 146 || shell.busy != "" {
		t.Fatalf("%+v, busy %q", p.seen, shell.busy)
	}
	if !pageSays(p.content, "2 failed") {
		t.Error("the result should name the failures")
	}
	p.pills.OnChanged("failed", true)
	if p.table.Rows() != 2 || !strings.Contains(p.cell(0, 3).Text, "taken by another account") || p.cell(0, 4).Text != "Failed" {
		t.Errorf("%d rows: %+v", p.table.Rows(), p.cell(0, 3))
	}
	p.table.Select(0)
	if !p.reason.Visible() {
		t.Error("the whole reason should be shown")
	}
	c.apply = func(_ context.Context, _ *core.Plan, _ core.Approval, tell func(core.Outcome)) (view.Run, error) {
		for _, s := range []view.Said{p.follow.Outcome(view.FailedOutcomes, 0), p.follow.Outcome(view.FailedOutcomes, 1)} {
			o := s.Outcome
			o.State, o.Problem = core.Done, nil
			tell(o)
		}
		return view.Run{ID: "212"}, nil
	}
	test.Tap(button(t, p.content, "Retry failed"))
	task.Wait()
	if p.seen.Failed != 0 || p.seen.Done != 148 || p.seen.Retried != 2 || !pageSays(p.content, "none failed") {
		t.Errorf("%+v", p.seen)
	}
}

func TestRunIsPausedAndGoesOn(t *testing.T) {
	c := cannedReadings()
	started := make(chan struct{})
	c.apply = func(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (view.Run, error) {
		tell(core.Outcome{Row: 0, Verb: core.Update})
		close(started)
		<-ctx.Done()
		return view.Run{ID: "212"}, ctx.Err()
	}
	plan := c.plans[0]
	plan.ID = "pause"
	f := view.NewFollow(c.services(), plan, core.Approval{Hash: plan.Hash}, "s1")
	done := make(chan struct{})
	f.Begin()
	go func() { _, _ = f.Go(t.Context()); close(done) }()
	<-started
	f.Pause()
	<-done
	if at := f.At(); at.Phase != view.Paused || at.Done != 1 || at.Problem != nil {
		t.Fatalf("%+v", at)
	}
	c.apply = halfRun(true)
	f.Begin()
	if _, err := f.Go(t.Context()); err != nil || f.At().Phase != view.Ended || f.At().Done+f.At().Failed != 148 {
		t.Errorf("%+v, %v", f.At(), err)
	}
}

func TestRunUndoMakesAPreviewFirst(t *testing.T) {
	c := cannedReadings()
	c.apply = halfRun(true)
	p, shell := runOf(t, c, "undo")
	c.undo = &core.Plan{ID: "undo-plan", Undo: "212"}
	test.Tap(button(t, p.content, "Undo"))
	test.Tap(inDialog(t, shell, "Make the undo preview"))
	task.Wait()
	if got := shell.last(); got.Page != view.Preview || got.Plan != "undo-plan" {
		t.Errorf("went to %+v", got)
	}
}

func TestRunExportsItsOutcomesSafely(t *testing.T) {
	c := cannedReadings()
	c.plans[0].Attributes[0].Label = "=cmd"
	c.apply = halfRun(true)
	p, _ := runOf(t, c, "export")
	c.savePath = filepath.Join(t.TempDir(), "run.csv")
	test.Tap(button(t, p.content, "Export"))
	task.Wait()
	data, err := os.ReadFile(c.savePath)
	if err != nil || strings.Count(string(data), "\n") != 149 || !strings.Contains(string(data), "Anna Keller") {
		t.Errorf("%v: %d lines", err, strings.Count(string(data), "\n"))
	}
}

func TestRunOffersToGoOnWithOneThatWasCutOff(t *testing.T) {
	c := cannedReadings()
	c.runs = []view.Run{{ID: "9", Plan: "plan1", Name: "Workday → Microsoft Entra ID", Started: tea.Add(-time.Hour)}}
	c.notes = c.notes[:1]
	asked := core.Approval{Hash: "not asked"}
	c.apply = func(_ context.Context, _ *core.Plan, a core.Approval, _ func(core.Outcome)) (view.Run, error) {
		asked = a
		return c.runs[0], nil
	}
	page, _ := opened(t, c, NewRun, view.Route{Page: view.RunPage}, look.Light, wide)
	p := page.(*Run)
	test.Tap(button(t, p.content, "Go on"))
	task.Wait()
	if asked.Hash != "" || p.seen.Done != 1 {
		t.Errorf("the stored approval should be used: %+v, %+v", asked, p.seen)
	}
}
