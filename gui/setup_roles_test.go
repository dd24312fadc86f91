package gui

import (
	"slices"
	"testing"

	"rollcall/core"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

func TestSystemsOfAnEndAreSearched(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Setup})
	settle()
	all := len(every[*parts.Tile](w))
	first[*parts.SearchBox](w).SetText("ldap")
	settle()
	if n := len(every[*parts.Tile](w)); n != 1 || all < 4 {
		t.Errorf("%d of %d systems are left", n, all)
	}
	first[*parts.SearchBox](w).SetText("nothing of the kind")
	settle()
	if len(every[*parts.Tile](w)) != 0 {
		t.Error("nothing matches")
	}
}

// bothFaces is a directory that people are read from and accounts written to.
func bothFaces() core.Spec {
	return core.Spec{ID: "both", Name: "Directory of both", Category: core.Directory, Description: "People and accounts.", Source: true, Target: true, Options: append(mailing(), core.Option{ID: "token", Label: "Token", Help: "A token.", Secret: true}),
		Permissions: []core.Permission{{ID: "read", Label: "Read users", Needed: true}, {ID: "write", Label: "Manage users", For: []string{"create", "update", "deactivate"}, Without: "No account can be changed.", Grant: "Give it the role User Administrator."},
			{ID: "members", Label: "Manage members", For: []string{core.Groups}, Without: "Groups stay as they are."}}}
}

func mailing() []core.Option {
	return []core.Option{{ID: "activation", For: []string{"create"}, Label: "New accounts", Help: "What becomes of somebody new.", Kind: core.ChoiceOption, Default: "staged", Advanced: true, Choices: []core.Choice{{Value: "staged", Label: "An administrator activates them", Help: "They are staged; nobody gets a mail."},
		{Value: "silent", Label: "Activate without a mail", Help: "The account is there at once; first passwords are random, and nobody is told them."}, {Value: "mail", Label: "Activate and invite by mail", Help: "The directory sends its mail at once."}}},
		{ID: "groups", For: []string{"groups"}, Label: "Groups to look after", Help: "One a line; other groups are left alone.", Kind: core.TextOption, Optional: true, Advanced: true}}
}

func withBothFaces() *canned {
	c := newCanned()
	c.specs = append(c.specs, bothFaces())
	c.health = &core.Health{Summary: "412 people visible", Rights: []core.Right{{Permission: bothFaces().Permissions[0], Granted: true}, {Permission: bothFaces().Permissions[1]}, {Permission: bothFaces().Permissions[2], Granted: true, Unsure: true}}}
	return c
}

func asks(w *window, label string) bool {
	return slices.ContainsFunc(every[*parts.Field](w), func(f *parts.Field) bool { return f.Label() == label })
}

func TestWhoOnlyReadsIsNotAskedAboutWriting(t *testing.T) {
	w := openWindow(t, withBothFaces())
	w.Go(view.Route{Page: view.Setup, Connector: "both"})
	settle()
	must(t, w, "Directory · accounts are read, and changed when you press Sync now")
	if !asks(w, "New accounts") {
		t.Error("somebody who writes chooses what becomes of new people")
	}
	field(t, w, "Token").SetValue("t")
	tapText(w, "Test connection")
	must(t, w, "Permissions to write")
	must(t, w, "To create, change and disable accounts")
	must(t, w, "How to grant it: Give it the role User Administrator.")
	must(t, w, "Cannot be told")
	must(t, w, "0 of 1 granted, 1 cannot be told")

	tapText(w, "Read people from it instead")
	must(t, w, "Directory · people are read, nothing is written")
	if asks(w, "New accounts") || button(w, "When accounts are written") == nil {
		t.Error("what only writing needs is in the way of somebody who reads")
	}
	field(t, w, "Token").SetValue("t")
	tapText(w, "Test connection")
	if b := first[*parts.Banner](w); b.Text() != "Connected · 412 people visible" || b.Detail() != "" {
		t.Errorf("a reader is told %q, %q", b.Text(), b.Detail())
	}
	must(t, w, "Only where accounts are written")
	tapText(w, "When accounts are written")
	if !asks(w, "New accounts") {
		t.Error("it can be opened")
	}
}

func TestCardSaysWhatASystemCanBe(t *testing.T) {
	w := openWindow(t, withBothFaces())
	first[*parts.SearchBox](w).SetText("directory of both")
	settle()
	kinds := view.Systems{Specs: []core.Spec{bothFaces()}, Connections: []view.Connection{{ID: "b", Name: "B", Connector: "both"}}, Syncs: []view.Sync{{Setup: core.Setup{Source: core.Side{Connection: "HR"}, Target: core.Side{Connection: "B"}}}, {Setup: core.Setup{Source: core.Side{Connection: "B"}, Target: core.Side{Connection: "Cloud"}}}}}
	if got := kinds.Card(bothFaces()).Roles(); got != "people and accounts" {
		t.Error(got)
	}
	if got := kinds.Uses(kinds.Connections[0]); got != "People are read for “Cloud”. Accounts are kept as “HR” says." {
		t.Error(got)
	}
	if got := kinds.Uses(view.Connection{Name: "C"}); got != "No sync uses it yet." {
		t.Error(got)
	}
}
