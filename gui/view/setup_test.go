package view

import (
	"slices"
	"strings"
	"testing"

	"rollcall/core"
	"rollcall/core/filter"
)

var testFields = []core.Field{{ID: "externalId", Label: "ID"}, {ID: "employeeNumber", Label: "Employee number"}, {ID: "firstName", Label: "First name"}, {ID: "lastName", Label: "Last name"}, {ID: "email", Label: "Work e-mail", Kind: core.Email},
	{ID: "department", Label: "Department"}, {ID: "startDate", Label: "Start date", Kind: core.Date}, {ID: "legalEntity", Label: "Legal entity"}}

// testPeople packs rows of id, number, first, last, e-mail, department, start, entity.
func testPeople(rows ...string) []core.Person {
	pack := core.NewPacker(core.NewSchema(testFields))
	var people []core.Person
	for _, row := range rows {
		for i, v := range strings.Split(row, "|") {
			if v != "-" {
				pack.Set(i, v)
			}
		}
		people = append(people, core.Person{Record: pack.Pack()})
	}
	return people
}

func testMaterial() Material {
	return Material{
		Source: core.Spec{ID: "acme", Name: "Acme HR"}, Target: core.Spec{ID: "cloud", Name: "Directory Cloud"}, Fields: testFields,
		Attributes: []core.Attribute{{ID: "userName", Label: "User name", Required: true, Unique: true, Login: true}, {ID: "employeeNumber", Label: "Employee number", Unique: true}, {ID: "givenName", Label: "Given name", Required: true},
			{ID: "hireDate", Label: "Hire date", Kind: core.Date}, {ID: "role", Label: "Role", Choices: []core.Choice{{Value: "m", Label: "Member"}}}, {ID: "id", Label: "ID", ReadOnly: true}},
		People: testPeople(
			"1|100|Zoë|Lind|zoe@corp.example|Sales|2020-01-02|North",
			"2|101|Anna|Keller|anna@corp.example|Sales|2021-01-02|North",
			"3|102|Mei|Okafor|anna@corp.example|Care|2022-01-02|South",
			"4|103|Luca|Ferri|-|Care|2023-01-02|South"),
	}
}

func TestFilterCountNamesWhoFallsOutAndWhy(t *testing.T) {
	m := testMaterial()
	c := CountFilter(core.Filter{Conditions: []core.Condition{{Field: "department", Operator: filter.Is, Values: []string{"Sales"}}}}, []string{"North", "South"}, m.People, testNow)
	if c.Kept != 2 || c.Read != 4 || len(c.Out) != 2 || c.Out[0].Name != "Mei Okafor" || !strings.Contains(c.Out[0].Why, "Department") {
		t.Errorf("got %+v", c)
	}
	if c.Sentence() != "2 of 4 people are kept" {
		t.Errorf("sentence %q", c.Sentence())
	}
	if c = CountFilter(core.Filter{}, []string{"South"}, m.People, testNow); c.Kept != 2 {
		t.Errorf("of one legal entity %d are kept", c.Kept)
	}
}

func TestConditionWithoutAValueLeavesNobodyOut(t *testing.T) {
	m := testMaterial()
	f := core.Filter{Conditions: []core.Condition{NewCondition(m.Fields)}, Groups: []core.Filter{{Any: true, Conditions: []core.Condition{{Field: "email", Operator: filter.Contains}}}}}
	if c := CountFilter(f, nil, m.People, testNow); c.Kept != 4 || c.Problem != nil {
		t.Errorf("got %+v", c)
	}
	if !Finished(f).IsZero() {
		t.Error("an unfinished filter should be kept as none")
	}
}

func TestBadPatternIsAProblemNotACount(t *testing.T) {
	m := testMaterial()
	c := CountFilter(core.Filter{Conditions: []core.Condition{{Field: "department", Operator: filter.Matches, Values: []string{"("}}}}, nil, m.People, testNow)
	if c.Problem == nil || c.Problem.Code != core.BadRules {
		t.Errorf("got %+v", c)
	}
}

func TestOperatorThatMakesNoSenseForTheNewFieldIsReplaced(t *testing.T) {
	c := WithField(core.Condition{Field: "department", Operator: filter.Contains, Values: []string{"x"}}, testFields, "startDate")
	if c.Operator != filter.Is || len(c.Values) != 0 {
		t.Errorf("got %+v", c)
	}
	if c = WithField(core.Condition{Field: "department", Operator: filter.IsEmpty}, testFields, "startDate"); c.Operator != filter.IsEmpty {
		t.Errorf("“is empty” fits dates too, got %+v", c)
	}
}

func TestSuggestionsAreTheMostFrequentValues(t *testing.T) {
	got := Suggestions(append(testMaterial().People, testPeople("5|104|A|B|-|Care|-|South")...), "department")
	if len(got) != 2 || got[0] != (Suggestion{"Care", 3}) || got[1] != (Suggestion{"Sales", 2}) {
		t.Errorf("got %v", got)
	}
}

func TestLeaversAreAskedForInDaysOrAll(t *testing.T) {
	s := core.Setup{Modes: core.DefaultModes()}
	if text := LeaversText(s); text != "90" {
		t.Errorf("at first %q", text)
	}
	for text, want := range map[string]int{"14": 14, " ALL ": -1, "0": 0, "-3": 0, "some": 0, "": 0, "9999999": 0} {
		got, ok := WithLeavers(s, text)
		if got.LeaverDays != want || ok != (want != 0) {
			t.Errorf("%q gives %d, %v", text, got.LeaverDays, ok)
		}
		if ok && LeaversText(got) != strings.ToLower(strings.TrimSpace(text)) {
			t.Errorf("%q comes back as %q", text, LeaversText(got))
		}
	}
	if note := LeaversNote(s); !strings.Contains(note, "only reported") {
		t.Error(note)
	}
	s.Modes.Delete, s.Modes.DeleteDaysAfter = true, 100
	if note := LeaversNote(s); !strings.Contains(note, "130 days") {
		t.Error(note)
	}
}

func TestIdentifiersShowHowUniqueTheyAre(t *testing.T) {
	all := Identifiers(testMaterial())
	if len(all) == 0 || all[0].Field.ID != "employeeNumber" || !all[0].Recommended || !all[0].Unique() || all[0].Attribute != "employeeNumber" {
		t.Fatalf("got %+v", all)
	}
	if s := all[0].Sentence(4); s != "4 of 4 different, 0 empty" {
		t.Errorf("sentence %q", s)
	}
	if all[1].Field.ID != "email" || all[1].Unique() || all[1].Sentence(4) != "2 of 4 different, 1 empty, 2 shared" {
		t.Errorf("e-mail: %+v", all[1])
	}
	if slices.ContainsFunc(all, func(i Identifier) bool { return i.Field.ID == "department" }) {
		t.Error("a department tells nobody apart")
	}
}

func TestKeyIsSuggestedAndKeepsTheOnesAfterIt(t *testing.T) {
	s := SuggestKey(testMaterial(), core.Setup{})
	if f, a := FirstKey(s); f != "employeeNumber" || a != "employeeNumber" {
		t.Errorf("suggested %s = %s", f, a)
	}
	s.Identity.Keys = append(s.Identity.Keys, core.Key{Fields: []string{"email"}, Attribute: "userName"})
	s = WithKey(s, "externalId", "userName")
	if len(s.Identity.Keys) != 2 || s.Identity.Keys[1].Fields[0] != "email" {
		t.Errorf("got %v", s.Identity.Keys)
	}
}

func TestScopeSaysWhatIsMissing(t *testing.T) {
	s := core.Setup{Modes: core.DefaultModes()}
	if ScopeProblem(s) == "" {
		t.Error("without an identifier it is not done")
	}
	s = WithKey(s, "email", "userName")
	if p := ScopeProblem(s); p != "" {
		t.Error(p)
	}
	s.Modes = core.Modes{}
	if ScopeProblem(s) == "" {
		t.Error("without any change it is not done")
	}
}

func TestWizardPutsADirectoryOnTheTargetSide(t *testing.T) {
	w := &Wizard{Specs: []core.Spec{{ID: "both", Category: core.Directory, Source: true, Target: true}, {ID: "hr", Name: "HR", Category: core.HRSystem, Source: true}, {ID: "mine", Target: true}}}
	w.chooseFirst(End{Spec: w.Specs[0]})
	if w.Asking != TargetEnd {
		t.Error("a directory that can be read is a target first")
	}
	w.Kept(TargetEnd, Connection{ID: "1", Name: "Okay", Connector: "both"})
	w.Asking = SourceEnd
	for _, o := range w.Offers() {
		if o.Spec.ID == "mine" || o.Connection.ID == "1" {
			t.Errorf("%s is offered as source", o.Spec.ID)
		}
	}
	w.Choose(End{Spec: w.Specs[1]})
	if w.NewName() != "HR" || w.Ready() {
		t.Error("not ready before the source is kept")
	}
	w.Kept(SourceEnd, Connection{ID: "2", Name: "HR", Connector: "hr"})
	if !w.Ready() || w.Sync.Name != "HR → Okay" || w.NewName() != "HR 2" {
		t.Errorf("ready %v, %q, next %q", w.Ready(), w.Sync.Name, w.NewName())
	}
}

func TestPermissionsStandBesideWhatTheTestFound(t *testing.T) {
	spec := core.Spec{Permissions: []core.Permission{{ID: "a", Label: "A", Needed: true}, {ID: "b", Label: "B", Without: "No B."}}}
	if all := Permissions(spec, nil); len(all) != 2 || all[0].State != NotTested {
		t.Errorf("before a test: %+v", all)
	}
	all := Permissions(spec, &core.Health{Rights: []core.Right{{Permission: spec.Permissions[1]}, {Permission: spec.Permissions[0], Granted: true}}})
	if all[0].State != Missing || all[0].Without != "No B." || all[1].State != Granted || GrantedOf(all) != "1 of 2 granted" {
		t.Errorf("after a test: %+v", all)
	}
	if got := Lacks(all); got != "The permission “"+all[0].Label+"” is missing. No B." {
		t.Error(got)
	}
	all = append(all, Permission{Label: "C", State: Missing}, Permission{Label: "D"})
	if got := Lacks(all); !strings.Contains(got, "“"+all[0].Label+"” and “C” are missing") {
		t.Error(got)
	}
	if got := GrantedOf(all); got != "1 of 3 granted, 1 not tested" {
		t.Error(got)
	}
	if got := Lacks(all[1:2]); got != "" {
		t.Error(got)
	}
}

func TestRightsSayWhatTheyAreFor(t *testing.T) {
	rights := []core.Right{{Permission: core.Permission{ID: "r", Label: "Read"}, Granted: true}, {Permission: core.Permission{ID: "w", Label: "Write", For: []string{"create", "update", "delete"}}, Granted: true, Unsure: true},
		{Permission: core.Permission{ID: "g", Label: "Members", For: []string{"reactivate", core.Groups, "manager", "orgUnit"}}}}
	all := Permissions(core.Spec{}, &core.Health{Rights: rights})
	if all[0].For != "" || all[1].For != "create, change and delete accounts" || all[1].State != Untold || all[2].For != "enable accounts, and to change groups, managers and org unit" {
		t.Errorf("got %+v", all)
	}
	if len(ToRead(all)) != 1 || len(ToWrite(all)) != 2 || GrantedOf(all) != "1 of 2 granted, 1 cannot be told" {
		t.Errorf("%s", GrantedOf(all))
	}
}

func TestSystemThatAsksNothingIsOneClick(t *testing.T) {
	if !OneClick(core.Spec{Options: []core.Option{{ID: "n", Default: "250"}, {ID: "x", Optional: true}}}) || OneClick(core.Spec{Options: []core.Option{{ID: "key"}}}) {
		t.Error("only open questions need a form")
	}
}
