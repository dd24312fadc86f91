package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

func TestPeoplePowerSearchAndBars(t *testing.T) {
	page, _ := opened(t, cannedReadings(), NewPeople, view.Route{Page: view.PeoplePage}, look.Light, wide)
	p := page.(*People)
	all := p.table.Rows()
	p.bars.OnTapped("Customer Care")
	if p.search.Text() != `department:"Customer Care"` || p.table.Rows() == 0 || p.table.Rows() >= all {
		t.Fatalf("%q: %d of %d", p.search.Text(), p.table.Rows(), all)
	}
	for i := range p.r.Len() {
		if p.r.At(i).Value("department") != "Customer Care" {
			t.Fatal("somebody of another department is shown")
		}
	}
	p.showTab("team")
	if p.list.Rows() != 3 {
		t.Errorf("%d teams", p.list.Rows())
	}
	p.list.OnOpened(0)
	if !strings.HasPrefix(p.search.Text(), "team:") || p.tab != employeesTab {
		t.Errorf("a press on a team should show its people: %q", p.search.Text())
	}
}

func TestPeopleOlderReadingIsChosenAndExported(t *testing.T) {
	c := cannedReadings()
	page, _ := opened(t, c, NewPeople, view.Route{Page: view.PeoplePage}, look.Light, wide)
	p := page.(*People)
	p.right()[0].(*parts.Choice).OnChanged("n1")
	task.Wait()
	if p.r.Snapshot.ID != "n1" {
		t.Fatalf("shows %s", p.r.Snapshot.ID)
	}
	p.search.SetText("department:sales")
	c.savePath = filepath.Join(t.TempDir(), "people.csv")
	p.export()
	task.Wait()
	data, err := os.ReadFile(c.savePath)
	if err != nil || strings.Count(string(data), "\n") != p.r.Len()+1 {
		t.Errorf("%v: %d lines for %d people", err, strings.Count(string(data), "\n"), p.r.Len())
	}
}

func TestPeopleAreReadForTheFirstTime(t *testing.T) {
	c := cannedReadings()
	kept := c.snapshots
	c.snapshots = nil
	page, shell := opened(t, c, NewPeople, view.Route{Page: view.PeoplePage}, look.Light, wide)
	p := page.(*People)
	c.snapshots = kept
	test.Tap(button(t, p.content, "Read now"))
	task.Wait()
	if p.r == nil || shell.busy != "" {
		t.Error("the reading should be shown")
	}
}

func TestHistoryOpensRunsAndPlans(t *testing.T) {
	c := cannedReadings()
	page, shell := opened(t, c, NewHistory, view.Route{Page: view.History}, look.Light, wide)
	p := page.(*History)
	if p.table.Rows() != 3 || !strings.Contains(p.cell(0, 5).Text, "Oslo site") || p.cell(0, 4).Text != "Mia Hart" {
		t.Fatalf("%d rows, %+v", p.table.Rows(), p.cell(0, 5))
	}
	p.table.OnOpened(1)
	if got := shell.last(); got.Page != view.Preview || got.Plan != "p0" {
		t.Errorf("a plan should open in the preview: %+v", got)
	}
	p.search.SetText("oslo")
	if p.table.Rows() != 1 {
		t.Fatalf("%d rows", p.table.Rows())
	}
	p.table.OnOpened(0)
	task.Wait()
	if !pageSays(p.content, "Limits were allowed") {
		t.Error("the run should name what was allowed")
	}
	c.undo = &core.Plan{ID: "u1"}
	test.Tap(button(t, p.content, "Undo"))
	test.Tap(inDialog(t, shell, "Make the undo preview"))
	task.Wait()
	if shell.last().Plan != "u1" {
		t.Errorf("went to %+v", shell.last())
	}
	c.undo = nil
	test.Tap(button(t, p.content, "Undo"))
	test.Tap(inDialog(t, shell, "Make the undo preview"))
	task.Wait()
	if !pageSays(p.content, "changed nothing that could be taken back") {
		t.Error("a refused undo should say why")
	}
}

func TestHistoryContinuesAStoppedRun(t *testing.T) {
	c := cannedReadings()
	c.runs[1].Plan = "plan1"
	page, shell := opened(t, c, NewHistory, view.Route{Page: view.History, Run: "211"}, look.Light, wide)
	test.Tap(button(t, page.Content(), "Go on"))
	task.Wait()
	if got := shell.last(); got.Page != view.RunPage || got.Plan != "plan1" {
		t.Fatalf("went to %+v", got)
	}
	if h, ok := takeOver("plan1"); !ok || h.follow == nil {
		t.Error("the run should be handed over")
	}
}

func TestSettingsAreSavedOnlyWhenTheyCanBeRead(t *testing.T) {
	c := cannedReadings()
	page, shell := opened(t, c, NewSettings, view.Route{Page: view.SettingsPage}, look.Light, wide)
	p := page.(*Settings)
	var box *parts.Input
	for _, o := range test.LaidOutObjects(p.content) {
		if in, ok := o.(*parts.Input); ok && box == nil {
			box = in
		}
	}
	box.SetText("many")
	if !p.keep.Disabled() {
		t.Error("what cannot be read must not be saved")
	}
	box.SetText("7.5")
	if p.keep.Disabled() {
		t.Fatal("it can be saved now")
	}
	gone := false
	if p.Leave(func() { gone = true }) {
		t.Fatal("leaving should ask first")
	}
	test.Tap(inDialog(t, shell, "Save"))
	task.Wait()
	if !gone || c.settings.Guards.Deactivate.Percent != 7.5 || len(shell.applied) != 1 {
		t.Errorf("gone %t, %+v", gone, c.settings.Guards.Deactivate)
	}
}

func TestSettingsRestoreDefaultsAndSpreadThem(t *testing.T) {
	c := cannedReadings()
	c.settings.Guards.Create.Count = 3
	page, shell := opened(t, c, NewSettings, view.Route{Page: view.SettingsPage}, look.Light, wide)
	p := page.(*Settings)
	test.Tap(button(t, p.content, "Restore defaults"))
	if p.set.Guards != core.DefaultGuards() || !p.set.Changed() {
		t.Error("the defaults should be back, unsaved")
	}
	test.Tap(button(t, p.content, "Use for all syncs"))
	test.Tap(inDialog(t, shell, "Replace them"))
	task.Wait()
	if len(c.saved) != 1 || c.saved[0].Setup.Guards != core.DefaultGuards() {
		t.Errorf("saved %+v", c.saved)
	}
}

func TestSettingsImportOpensTheWizardForANewPair(t *testing.T) {
	c := cannedReadings()
	c.imported = core.Setup{Source: core.Side{Connection: "Personio"}, Target: core.Side{Connection: "Okta"}}
	c.openPath = filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(c.openPath, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	page, shell := opened(t, c, NewSettings, view.Route{Page: view.SettingsPage}, look.Light, wide)
	page.(*Settings).importSync()
	task.Wait()
	if shell.last().Page != view.Setup || len(c.saved) != 1 || !c.saved[0].Draft {
		t.Errorf("went to %+v, saved %+v", shell.last(), c.saved)
	}
}
