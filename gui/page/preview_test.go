package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

func preview(t *testing.T, c *canned) (*Preview, *shellStub) {
	t.Helper()
	p, shell := opened(t, c, NewPreview, view.Route{Page: view.Preview}, look.Light, wide)
	return p.(*Preview), shell
}

// button finds a button by its text among what is laid out.
func button(t *testing.T, root fyne.CanvasObject, text string) *parts.Button {
	t.Helper()
	for _, o := range test.LaidOutObjects(root) {
		if b, ok := o.(*parts.Button); ok && b.Visible() && b.Text() == text {
			return b
		}
	}
	t.Fatalf("there is no button %q", text)
	return nil
}

func inDialog(t *testing.T, s *shellStub, text string) *parts.Button {
	t.Helper()
	top := s.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("there is no dialog")
	}
	return button(t, top, text)
}

func pageSays(root fyne.CanvasObject, text string) bool {
	for _, o := range test.LaidOutObjects(root) {
		switch o := o.(type) {
		case *parts.Text:
			if strings.Contains(o.Text(), text) {
				return true
			}
		case *parts.Banner:
			if o.Visible() && strings.Contains(o.Text(), text) {
				return true
			}
		}
	}
	return false
}

func pressKey(s *shellStub, name fyne.KeyName) {
	s.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

func TestPreviewRowIsUntickedByKeyboard(t *testing.T) {
	p, shell := preview(t, cannedWith(picturePlan(false)))
	shell.Canvas().Focus(p.table)
	pressKey(shell, fyne.KeyHome)
	pressKey(shell, fyne.KeyDown)
	pressKey(shell, fyne.KeySpace)
	if p.r.RowTick(1) != view.TickedOff {
		t.Fatal("Space should untick the row")
	}
	if !pageSays(p.content, "create 29, update 118") {
		t.Error("the sentence should follow")
	}
	button(t, p.content, "Sync now: create 29, update 118")
	pressKey(shell, fyne.KeyDown)
	pressKey(shell, fyne.KeySpace)
	if p.r.RowTick(2) != view.TickLocked {
		t.Error("a row that a limit holds must not be ticked one by one")
	}
}

func TestPreviewSearchLeavesTheRowsThatMatch(t *testing.T) {
	p, shell := preview(t, cannedWith(picturePlan(false)))
	shell.Canvas().Focus(p.Find())
	test.Type(p.Find(), "customer care")
	if p.r.Len() != 1 || p.table.Rows() != 1 || p.cell(0, 2).Text != "Sofia Brandt" {
		t.Errorf("%d rows, first %q", p.table.Rows(), p.cell(0, 2).Text)
	}
	p.search.SetText("nobody at all")
	if p.table.Rows() != 0 || p.panel.Visible() {
		t.Error("nothing should be shown, and no panel")
	}
	test.Tap(button(t, p.content, "Show everything"))
	if p.table.Rows() != len(p.r.Plan.Rows) {
		t.Errorf("%d of %d rows", p.table.Rows(), len(p.r.Plan.Rows))
	}
}

func TestPreviewPanelTicksOneField(t *testing.T) {
	p, _ := preview(t, cannedWith(picturePlan(false)))
	var phone *parts.Tick
	for _, o := range test.LaidOutObjects(p.panel) {
		if tick, ok := o.(*parts.Tick); ok {
			phone = tick // the last one is the office phone
		}
	}
	test.Tap(phone)
	if p.r.CellTick(0, 3) != view.TickedOn || p.r.CellTick(0, 0) != view.TickedOn {
		t.Error("the phone should be ticked beside the others")
	}
	if !pageSays(p.panel, "4 of 4 changes ticked") {
		t.Error("the panel should count")
	}
	test.Tap(button(t, p.panel, "Skip person"))
	if p.r.RowTick(0) != view.TickedOff {
		t.Error("the person should be skipped")
	}
	button(t, p.panel, "Include person")
}

func TestPreviewReviewNarrowsToTheHeldRows(t *testing.T) {
	p, _ := preview(t, cannedWith(picturePlan(false)))
	test.Tap(button(t, p.guard, "Review"))
	if p.table.Rows() != 64 {
		t.Errorf("%d rows, want the 64 held", p.table.Rows())
	}
	test.Tap(button(t, p.guard, "Show all"))
	if p.table.Rows() == 64 {
		t.Error("all rows should be back")
	}
}

func TestPreviewGuardIsAllowedWithCountAndReason(t *testing.T) {
	p, shell := preview(t, cannedWith(picturePlan(false)))
	test.Tap(button(t, p.guard, "Allow for this plan"))
	fields := func() (count, reason *parts.Field) {
		for _, o := range test.LaidOutObjects(shell.Canvas().Overlays().Top()) {
			if f, ok := o.(*parts.Field); ok {
				if count == nil {
					count = f
				} else {
					reason = f
				}
			}
		}
		return count, reason
	}
	count, reason := fields()
	count.SetValue("63")
	reason.SetValue("The Oslo site was closed.")
	test.Tap(inDialog(t, shell, "Allow for this plan"))
	if count.Problem() == "" || p.r.TickedRows() != 148 {
		t.Fatal("a wrong count must not be taken")
	}
	count.SetValue("64")
	reason.SetValue(" ")
	test.Tap(inDialog(t, shell, "Allow for this plan"))
	if reason.Problem() == "" || p.r.TickedRows() != 148 {
		t.Fatal("a reason is needed")
	}
	reason.SetValue("The Oslo site was closed.")
	test.Tap(inDialog(t, shell, "Allow for this plan"))
	if shell.Canvas().Overlays().Top() != nil || p.r.TickedRows() != 212 || !pageSays(p.content, "deactivate 64 accounts") {
		t.Fatal("64 deactivations should be ticked")
	}
	test.Tap(button(t, p.guard, "Take it back"))
	if p.r.TickedRows() != 148 {
		t.Error("taken back, the limit holds again")
	}
}

func TestPreviewSyncNowAsksAndGoesToTheRun(t *testing.T) {
	plan := picturePlan(false)
	plan.ID = "sync-now"
	p, shell := preview(t, cannedWith(plan))
	p.toggle(1)
	p.syncNow()
	test.Tap(inDialog(t, shell, "Cancel"))
	if len(shell.went) != 0 {
		t.Fatal("nothing happens without agreement")
	}
	p.syncNow()
	test.Tap(inDialog(t, shell, "Start sync"))
	if got := shell.last(); got.Page != view.RunPage || got.Plan != plan.ID {
		t.Fatalf("went to %+v", got)
	}
	h, ok := takeOver(plan.ID)
	if !ok || h.approval.By != "Mia Hart" || h.approval.Hash != plan.Hash || h.approval.Rows[1] != core.Reject {
		t.Errorf("handed over %+v", h.approval)
	}
}

func TestPreviewImportIsTakenOverOrRefused(t *testing.T) {
	plan := picturePlan(false)
	c := cannedWith(plan)
	p, _ := preview(t, c)
	path := filepath.Join(t.TempDir(), "plan.csv")
	c.savePath = path
	p.export("csv")
	task.Wait()
	if !pageSays(p.content, "Saved as ") {
		t.Fatal("the page should say where the file is")
	}
	c.openPath = path
	p.importDecisions()
	task.Wait()
	if !pageSays(p.content, "Imported plan.csv") {
		t.Errorf("the page says %q", p.message.Text())
	}
	if err := os.WriteFile(path, []byte("nothing,of,ours\n1,2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := p.r.Sentence()
	p.importDecisions()
	task.Wait()
	if pageSays(p.content, "Imported") || p.message.Text() == "" || p.r.Sentence() != before {
		t.Errorf("a foreign file must be refused: %q", p.message.Text())
	}
}

func TestPreviewWithoutAPlan(t *testing.T) {
	empty := func(c *canned) *parts.Button {
		p, _ := preview(t, c)
		return button(t, p.content, map[bool]string{true: "Go to Integrations", false: "Make the preview"}[len(c.syncs) == 0])
	}
	empty(&canned{})
	c := cannedWith(picturePlan(false))
	c.made, c.heads = c.plans[0], nil
	p, shell := preview(t, c)
	test.Tap(button(t, p.content, "Make the preview"))
	task.Wait()
	if p.r == nil || shell.busy != "" || p.table.Rows() == 0 {
		t.Error("the plan should be made and shown")
	}
}

func TestPreviewSaysWhatWentWrongAndTriesAgain(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.heads, c.makeErr = nil, &core.Problem{Code: core.Unreachable, What: "Workday does not answer.", Fix: "Look whether you are online."}
	p, _ := preview(t, c)
	p.makePlan("s1")
	task.Wait()
	c.makeErr, c.made = nil, c.plans[0]
	test.Tap(button(t, p.content, "Try again"))
	task.Wait()
	if p.r == nil {
		t.Error("the second try should show the plan")
	}
}

func TestPreviewOffersOtherSyncsAndKeepsTicks(t *testing.T) {
	c := cannedWith(picturePlan(false))
	other := *picturePlan(false)
	other.ID, other.Name = "plan2", "Personio → Okta"
	c.plans = append(c.plans, &other)
	c.syncs = append(c.syncs, view.Sync{ID: "s2", Name: other.Name, Setup: other.Setup, Updated: other.Made.AddDate(0, 0, -1)})
	c.heads = append(c.heads, view.PlanHead{ID: "plan2", Sync: "s2", Name: other.Name, Made: other.Made.AddDate(0, 0, 0)})
	p, shell := preview(t, c)
	p.toggle(1)
	p.Open(view.Route{Page: view.Preview})
	task.Wait()
	if p.r.RowTick(1) != view.TickedOff {
		t.Fatal("coming back should keep the ticks")
	}
	choice := p.chooser()[0].(*parts.Choice)
	choice.OnChanged("s2")
	test.Tap(inDialog(t, shell, "Leave it"))
	task.Wait()
	if p.r.Plan.ID != "plan2" {
		t.Errorf("shows %s", p.r.Plan.ID)
	}
}

func TestPreviewLaysThePanelOverTheTableWhenNarrow(t *testing.T) {
	main, panel := container.NewStack(), container.NewStack()
	l := beside{wide: 300, gap: 16, least: narrowPage}
	for _, tc := range []struct{ wide, main float32 }{{1011, 695}, {755, 755}} {
		l.Layout([]fyne.CanvasObject{main, panel}, fyne.NewSize(tc.wide, 400))
		if main.Size().Width != tc.main || panel.Position().X+panel.Size().Width != tc.wide {
			t.Errorf("at %v: table %v, panel ends at %v", tc.wide, main.Size().Width, panel.Position().X+panel.Size().Width)
		}
	}
}
