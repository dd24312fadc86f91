package view

import (
	"context"
	"strings"
	"testing"

	"rollcall/core"
)

func testBoard() *Mapping {
	s := core.Setup{Modes: core.DefaultModes()}
	return NewMapping(testMaterial(), WithKey(s, "employeeNumber", "employeeNumber"), testNow)
}

func rowOf(t *testing.T, b *Mapping, attribute string) AttributeRow {
	t.Helper()
	rows, _ := b.AttributeRows("", ShowAll)
	for _, r := range rows {
		if r.ID == attribute {
			return r
		}
	}
	t.Fatalf("no attribute %s", attribute)
	return AttributeRow{}
}

func TestMappedFieldShowsItsResultForTheSamplePerson(t *testing.T) {
	b := testBoard()
	b.Map("firstName", "givenName")
	r := rowOf(t, b, "givenName")
	if r.Slot != SlotField || r.Text != "First name" || r.Result != "Zoë" || r.Quiet || len(r.Sources) != 1 {
		t.Errorf("got %+v", r)
	}
	b.SetSample(b.Material.People[3])
	if r = rowOf(t, b, "givenName"); r.Result != "Luca" {
		t.Errorf("for another person %q", r.Result)
	}
	b.Map("email", "userName")
	if r = rowOf(t, b, "userName"); r.Result != "Stays as it is" || !r.Quiet {
		t.Errorf("without a value %+v", r)
	}
}

func TestExpressionThatCannotBeReadSaysSoInItsRow(t *testing.T) {
	b := testBoard()
	b.Set(core.Rule{Attribute: "givenName", Expression: "Lower(firstName"})
	r := rowOf(t, b, "givenName")
	if r.Warning == "" || r.Result != "Cannot be made" {
		t.Errorf("got %+v", r)
	}
	b.Set(core.Rule{Attribute: "givenName", Expression: "{{firstName}} {{lastName}}"})
	r = rowOf(t, b, "givenName")
	if r.Result != "Zoë Lind" || len(r.Sources) != 2 || r.Slot != SlotExpression {
		t.Errorf("got %+v", r)
	}
}

func TestUndoAndRedoGoThroughAllChanges(t *testing.T) {
	b := testBoard()
	b.Map("firstName", "givenName")
	b.SetWrite("givenName", core.CreateOnly)
	b.Clear("givenName")
	if err := b.AddField("Mail 2", "{{response.work.email}}"); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		b.Undo()
	}
	if b.CanUndo() || len(b.Setup().Mapping) != 0 || len(b.Setup().Fields) != 0 {
		t.Fatalf("undone: %+v", b.Setup().Mapping)
	}
	b.Redo()
	b.Redo()
	if r, ok := b.Rule("givenName"); !ok || r.Write != core.CreateOnly {
		t.Errorf("redone: %+v", r)
	}
	b.Map("lastName", "givenName")
	if b.CanRedo() {
		t.Error("a new change leaves nothing to redo")
	}
}

func TestSmartMappingLeavesWhatAPersonMapped(t *testing.T) {
	b := testBoard()
	b.Map("lastName", "givenName")
	if b.Smart() == 0 {
		t.Fatal("nothing was proposed")
	}
	if r, _ := b.Rule("givenName"); r.Field != "lastName" {
		t.Errorf("the person's rule became %+v", r)
	}
	if percent, why := b.Confidence("employeeNumber"); percent < 60 || why == "" {
		t.Errorf("confidence %d, %q", percent, why)
	}
	if percent, _ := b.Confidence("givenName"); percent != 0 {
		t.Error("a person's rule has no confidence")
	}
	b.Undo()
	if _, ok := b.Rule("employeeNumber"); ok {
		t.Error("smart mapping is one step to undo")
	}
}

func TestFieldsThatDoNotFitSayWhatIsNeeded(t *testing.T) {
	b := testBoard()
	for _, c := range []struct {
		field, attribute string
		ok               bool
		why              string
	}{{"startDate", "hireDate", true, ""}, {"firstName", "hireDate", false, "Needs a date"}, {"firstName", "role", false, "Has a list of its own"}, {"firstName", "givenName", true, ""}} {
		if ok, why := b.Accepts(c.field, c.attribute); ok != c.ok || !ok && why != c.why {
			t.Errorf("%s → %s: %v %q", c.field, c.attribute, ok, why)
		}
	}
}

func TestWarningsCountPeopleAndNameThem(t *testing.T) {
	b := testBoard()
	b.Map("email", "userName")
	report, err := b.Checker().Check(context.Background())
	if err != nil || !b.SetReport(report) {
		t.Fatal(err)
	}
	r := rowOf(t, b, "userName")
	if r.About != SharedValue || !strings.HasPrefix(r.Warning, "2 people have the same value") {
		t.Fatalf("got %+v", r)
	}
	people, err := b.Checker().Concerned(context.Background(), "userName", SharedValue)
	if err != nil || len(people) != 2 || people[0].Name != "Anna Keller" {
		t.Errorf("concerned %v, %v", people, err)
	}
	people, _ = b.Checker().Concerned(context.Background(), "userName", EmptyValue)
	if len(people) != 1 || people[0].Name != "Luca Ferri" {
		t.Errorf("without a value %v", people)
	}
	b.Map("employeeNumber", "userName")
	if b.SetReport(report) {
		t.Error("a report of older rules was shown")
	}
}

func TestPillsCountUnmappedAndWarnings(t *testing.T) {
	b := testBoard()
	b.Map("firstName", "givenName")
	rows, counts := b.AttributeRows("", ShowUnmapped)
	if counts[ShowAll] != 5 || counts[ShowUnmapped] != 4 || len(rows) != 4 || counts[ShowWarnings] != 1 {
		t.Errorf("counts %v, %d rows", counts, len(rows))
	}
	if p := b.Progress(); p != (MappingProgress{Mapped: 1, All: 5, Missing: 1}) {
		t.Errorf("progress %+v", p)
	}
	if rows, _ = b.AttributeRows("zoë", ShowAll); len(rows) != 1 {
		t.Errorf("the search finds results too, got %d", len(rows))
	}
}

func TestFieldByPathIsCheckedBeforeItIsKept(t *testing.T) {
	b := testBoard()
	for name, path := range map[string]string{"": "{{x}}", "New": "", "Department": "{{x}}", "Bad": "{{firstName"} {
		if err := b.AddField(name, path); err == nil {
			t.Errorf("%q with %q was taken", name, path)
		}
	}
	if err := b.AddField("Full name", "{{firstName}} {{lastName}}"); err != nil {
		t.Fatal(err)
	}
	rows := b.FieldRows("full name")
	if len(rows) != 1 || rows[0].Sample != "Zoë Lind" || rows[0].Filled >= 0 {
		t.Errorf("got %+v", rows)
	}
	b.Map("Full name", "givenName")
	if r := rowOf(t, b, "givenName"); r.Result != "Zoë Lind" {
		t.Errorf("got %+v", r)
	}
}

func TestConstantShowsItsLabel(t *testing.T) {
	b := testBoard()
	m := "m"
	b.Set(core.Rule{Attribute: "role", Constant: &m})
	if r := rowOf(t, b, "role"); r.Slot != SlotConstant || r.Text != "“Member”" || r.Result != "Member" {
		t.Errorf("got %+v", r)
	}
}

func TestOnlyPeopleWhoAreMeantAreMapped(t *testing.T) {
	m := Meant(testMaterial(), core.Setup{Entities: []string{"South"}}, testNow)
	if len(m.People) != 2 {
		t.Errorf("%d are meant", len(m.People))
	}
	if got := FindPeople(m.People, "ferri care", 5); len(got) != 1 || got[0].ID() != "4" {
		t.Errorf("found %v", len(got))
	}
}
