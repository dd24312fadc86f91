package page

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// withoutGroups is a target that lets nobody change groups or make accounts.
func withoutRights(without ...string) []core.Right {
	rights := []core.Right{
		{Permission: core.Permission{ID: "users.write", Label: "Write users", For: []string{"create", "update"}, Grant: "Add the scope users.write to the application."}, Granted: true},
		{Permission: core.Permission{ID: "licences.write", Label: "Assign licences", For: []string{"licence"}, Grant: "Give the application the role Licence Administrator."}, Granted: true},
		{Permission: core.Permission{ID: "users.disable", Label: "Disable users", For: []string{"deactivate"}}, Unsure: true, Granted: true},
	}
	for i := range rights {
		for _, id := range without {
			rights[i].Granted = rights[i].Granted && rights[i].ID != id
		}
	}
	return rights
}

func TestPreviewNamesTheRightsThatAreMissingAndLeavesRowsOut(t *testing.T) {
	plan := picturePlan(false)
	plan.ID = "rights"
	c := cannedWith(plan)
	c.rights = withoutRights("licences.write")
	p, shell := preview(t, c)
	if c.rehearsed != 1 {
		t.Fatalf("asked %d times when the plan opened", c.rehearsed)
	}
	p.syncNow()
	top := shell.Canvas().Overlays().Top()
	if !pageSays(top, "30 rows need it to change licence") || !pageSays(top, "Licence Administrator") {
		t.Error("the dialog should name the right, the rows and how to grant it")
	}
	if start := inDialog(t, shell, "Start sync"); !start.Disabled() {
		t.Error("a sync that would be refused must not be started")
	}
	test.Tap(inDialog(t, shell, "Leave these rows out"))
	if got := p.r.Lacks(); len(got) != 0 || p.r.TickedRows() != 148 {
		t.Fatalf("left out: still lacking %+v, %d ticked", got, p.r.TickedRows())
	}
	if !pageSays(top, "of 30 rows only the attribute") {
		t.Error("it should say what was left out")
	}
	test.Tap(inDialog(t, shell, "Start sync"))
	if h, ok := takeOver(plan.ID); !ok || len(h.approval.Cells) != 30 {
		t.Errorf("approved %+v", h.approval.Cells)
	}
}

func TestPreviewLeavesOutWholeRowsWhereTheirKindNeedsTheRight(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.rights = withoutRights("users.write")
	p, shell := preview(t, c)
	p.syncNow()
	test.Tap(inDialog(t, shell, "Leave these rows out"))
	if p.r.TickedRows() != 0 || !inDialog(t, shell, "Start sync").Disabled() {
		t.Errorf("%d rows are ticked", p.r.TickedRows())
	}
}

func TestPreviewTestsRightsAgain(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.rightsErr = &core.Problem{Code: core.Unreachable, What: "The server cannot be reached.", Fix: "Check the network."}
	p, shell := preview(t, c)
	p.syncNow()
	task.Wait()
	top := shell.Canvas().Overlays().Top()
	if c.rehearsed != 2 || !pageSays(top, "could not be asked") || inDialog(t, shell, "Start sync").Disabled() {
		t.Errorf("asked %d times", c.rehearsed)
	}
	c.rightsErr, c.rights = nil, withoutRights("users.write")
	test.Tap(inDialog(t, shell, "Test again"))
	task.Wait()
	if !pageSays(top, "148 rows need it to create and change accounts") {
		t.Error("the new answer should be shown")
	}
	c.rights = withoutRights()
	test.Tap(inDialog(t, shell, "Test again"))
	task.Wait()
	if len(p.r.Lacks()) != 0 || inDialog(t, shell, "Start sync").Disabled() {
		t.Error("all is granted now")
	}
}

func TestPreviewSaysWhatTheTargetDoesNotTell(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.rights = withoutRights()
	p, shell := preview(t, c)
	if err := p.r.Allow("deactivate", "64", "The site was closed."); err != nil {
		t.Fatal(err)
	}
	p.syncNow()
	if !noticed(shell, "does not tell whether “Disable users” is granted") {
		t.Error("what is not told should be said")
	}
}

// mailing is a target that writes to new people.
func mailing() core.Spec {
	return core.Spec{Name: "Directory Cloud", Source: true, Target: true, Options: []core.Option{
		{ID: "activation", For: []string{"create"}, Label: "New accounts", Kind: core.ChoiceOption, Default: "staged", Choices: []core.Choice{{Value: "staged", Label: "An administrator activates them", Help: "They are staged; nobody gets a mail."},
			{Value: "mail", Label: "Invite by mail", Help: "The directory sends its mail at once."}}},
		{ID: "signOut", For: []string{"deactivate"}, Label: "End sessions", Kind: core.BoolOption, Help: "People are signed out everywhere."}}}
}

func TestPreviewSaysWhatBecomesOfPeople(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.spec, c.options = mailing(), map[string]string{"activation": "mail", "signOut": "true"}
	p, shell := preview(t, c)
	const mail = "30 new accounts · Invite by mail. The directory sends its mail at once."
	if got := p.r.SentenceNote(tea); got == mail {
		t.Error("what waits comes first")
	}
	if err := p.r.Allow("deactivate", "64", "The site was closed."); err != nil {
		t.Fatal(err)
	}
	if got := p.r.SentenceNote(tea); got != mail {
		t.Errorf("the foot says %q", got)
	}
	p.syncNow()
	if !noticed(shell, mail) || !noticed(shell, "64 deactivations · End sessions. People are signed out everywhere.") {
		t.Errorf("%q", p.r.Consequences())
	}
	c.options = nil
	if p, _ = preview(t, c); p.r.Consequences()[0] != "30 new accounts · An administrator activates them. They are staged; nobody gets a mail." {
		t.Errorf("without an answer the default holds: %q", p.r.Consequences())
	}
}

func noticed(s *shellStub, text string) bool { return pageSays(s.Canvas().Overlays().Top(), text) }

func TestShotsPreviewRights(t *testing.T) {
	for name, rights := range map[string][]core.Right{"missing": withoutRights("licences.write", "users.write"), "well": withoutRights()} {
		shoot(t, "preview-rights-"+name, func() *canned {
			c := cannedWith(picturePlan(false))
			c.rights, c.spec, c.options = rights, mailing(), map[string]string{"activation": "mail"}
			return c
		}, NewPreview, view.Route{Page: view.Preview}, func(p Page, _ *shellStub) { p.(*Preview).syncNow() })
	}
}
