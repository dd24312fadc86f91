package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

var (
	orgUnitRules = view.ByRule{Rules: []view.WhenRule{{Field: "department", Value: "Sales", Give: []string{"/Sales"}}, {Field: "department", Value: "Customer Care", Give: []string{"/Gone"}},
		{Field: "jobTitle", Value: "Rechtsschutzversicherungsbeauftragte", Give: []string{"/Eng"}}}, Otherwise: []string{"/"}}
	groupRules = view.ByRule{Many: true, Rules: []view.WhenRule{{Give: []string{"g1"}}, {Field: "department", Value: "Sales", Give: []string{"g2", "g3", "g4"}}, {Field: "country", Value: "DE", Give: []string{"g3"}}}}
)

// byRule opens the editor on an attribute that has these rules.
func byRule(w *window, attribute string, rules view.ByRule) {
	board := first[*parts.MapBoard](w)
	board.OnEdit(attribute)
	settle()
	first[*parts.Segmented](w).OnChanged("expression")
	settle()
	for _, f := range every[*parts.Field](w) {
		if f.Label() == "Expression" {
			f.SetValue(rules.Expression())
			f.OnChanged(rules.Expression())
		}
	}
	tapText(w, "Apply")
	board.OnEdit(attribute)
	settle()
}

// choiceOf gives the choice that shows a text.
func choiceOf(t *testing.T, w *window, selected string) *parts.Choice {
	t.Helper()
	all := every[*parts.Choice](w)
	i := slices.IndexFunc(all, func(c *parts.Choice) bool { return c.Selected() == selected })
	if i < 0 {
		t.Fatalf("no choice stands at %q", selected)
	}
	return all[i]
}

func TestGroupsAreGivenByRule(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	first[*parts.MapBoard](w).OnEdit(core.Groups)
	settle()
	must(t, w, "Rule 1: choose what it gives.")
	if button(w, "Apply").Disabled() == false {
		t.Error("a rule that gives nothing cannot be applied")
	}
	choiceOf(t, w, "*").OnChanged("department")
	settle()
	choiceOf(t, w, "Customer Care").OnChanged("Sales")
	settle()
	add := func(id string) {
		all := every[*parts.Choice](w)
		i := slices.IndexFunc(all, func(c *parts.Choice) bool { return c.Selected() == "" })
		all[i].OnChanged(id)
		settle()
	}
	add("g2")
	add("g3")
	tapText(w, "Add rule")
	must(t, w, "Rule 2: choose what it gives.")
	choiceOf(t, w, "department").OnChanged("department") // changes nothing but the first rule's value
	for _, b := range every[*parts.Button](w) {
		if b.ToolTip() == "Move up" && !b.Disabled() {
			b.Tapped(&fyne.PointEvent{}) // the second
		}
	}
	settle()
	for _, b := range every[*parts.Button](w) {
		if b.ToolTip() == "Remove this rule" {
			b.Tapped(&fyne.PointEvent{})
			break
		}
	}
	settle()
	kept(t, w, c, core.Groups, `RemoveDuplicates(Flatten(IIF({{department}} = "Customer Care", List("g2", "g3"), null)))`)
}

// kept applies what the editor shows, saves the mapping, and looks at the rule that was kept.
func kept(t *testing.T, w *window, c *canned, attribute, expression string) {
	t.Helper()
	tapText(w, "Apply")
	tapText(w, "Save")
	for _, r := range c.syncs[0].Setup.Mapping {
		if r.Attribute == attribute {
			if r.Expression != expression {
				t.Errorf("kept is %s", r.Expression)
			}
			return
		}
	}
	t.Errorf("no rule of %s is kept", attribute)
}

func TestRulesAreReadIntoTheEditorAndMoved(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	byRule(w, "orgUnit", orgUnitRules)
	must(t, w, "“/Gone” is no longer among the choices of Practice directory.")
	must(t, w, "Otherwise")
	for _, b := range every[*parts.Button](w) {
		if tip := b.ToolTip(); tip == "Move down" && !b.Disabled() {
			b.Tapped(&fyne.PointEvent{})
			break
		}
	}
	settle()
	moved := orgUnitRules
	moved.Rules = []view.WhenRule{orgUnitRules.Rules[1], orgUnitRules.Rules[0], orgUnitRules.Rules[2]}
	kept(t, w, c, "orgUnit", moved.Expression())
}

func TestTabReachesEveryControlOfTheRules(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	byRule(w, core.Groups, groupRules)
	reached := map[fyne.Focusable]bool{}
	for _, f := range tabs(w) {
		reached[f] = true
	}
	n := 0
	top := w.Canvas().Overlays().Top()
	for _, f := range parts.Stops(top) {
		n++
		if !reached[f] {
			t.Errorf("%T is not reached", f)
		}
	}
	if n < 20 {
		t.Errorf("only %d stops", n)
	}
}
