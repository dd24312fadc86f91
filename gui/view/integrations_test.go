package view

import (
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

var testNow = time.Date(2026, 11, 23, 9, 42, 0, 0, time.UTC)

func testSystems() Systems {
	return Systems{
		Specs: []core.Spec{
			{ID: "acme", Name: "Acme HR", Category: core.HRSystem, Description: "Reads employees.", Regions: []string{"Europe"}, Source: true},
			{ID: "cloud", Name: "Directory Cloud", Category: core.Directory, Description: "Writes accounts over SCIM.", Target: true},
			{ID: "csv", Name: "CSV file", Category: core.File, Source: true},
		},
		Connections: []Connection{
			{ID: "1", Name: "Acme North", Connector: "acme", Checked: testNow.Add(-time.Hour), LastSync: testNow.Add(-3 * time.Hour), Summary: "12 people"},
			{ID: "2", Name: "Acme South", Connector: "acme", Checked: testNow, Code: core.BadCredentials, Summary: "Acme HR refuses the key."},
			{ID: "3", Name: "Cloud", Connector: "cloud", Checked: testNow, Expires: testNow.Add(48 * time.Hour)},
		},
		Syncs: []Sync{{ID: "s", Setup: core.Setup{Source: core.Side{Connection: "Acme North"}, Target: core.Side{Connection: "Cloud"}}}},
		Now:   testNow,
	}
}

func TestCardsAreFoundByEveryWordOfASearch(t *testing.T) {
	s := testSystems()
	for search, want := range map[string]string{"": "Acme HR, Directory Cloud, CSV file", "europe": "Acme HR", "scim cloud": "Directory Cloud", "csv": "CSV file", "acme scim": "", "hr system": "Acme HR"} {
		var names []string
		for _, c := range s.Cards(search, "") {
			names = append(names, c.Spec.Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("search %q gives %q, want %q", search, got, want)
		}
	}
	s.Connections = nil
	s.Specs = append(s.Specs, core.Spec{ID: "vma", Name: "Zeta", Aliases: []string{"Visma"}}, core.Spec{ID: "other", Name: "Aha", Description: "Used with Visma."}, core.Spec{ID: "v", Name: "Visma Youforce"})
	if got := s.Cards("visma", ""); len(got) != 3 || got[0].Spec.ID != "v" || got[1].Spec.ID != "vma" || got[2].Spec.ID != "other" {
		t.Errorf("what is called so should come first: %+v", got)
	}
	if got := s.Cards("", string(core.File)); len(got) != 1 || got[0].Spec.ID != "csv" {
		t.Errorf("the category Files gives %v", got)
	}
}

func TestCategoriesCountWhatTheSearchLeaves(t *testing.T) {
	got := testSystems().Categories("cloud")
	if got[0].Count != 1 || got[1].Count != 0 || got[2].Count != 1 || got[3].Count != 0 {
		t.Errorf("counts %v", got)
	}
}

func TestCardTellsTheWorstOfItsConnections(t *testing.T) {
	s := testSystems()
	c := s.Card(s.Specs[0])
	if c.State != NeedsAttention || c.Status != "Needs attention" || c.Action() != "Fix" || len(c.Connections) != 2 {
		t.Errorf("with a refused key: %+v", c)
	}
	s.Connections = s.Connections[:1]
	if c = s.Card(s.Specs[0]); c.State != Connected || c.Status != "Last sync 3 hours ago" || c.Action() != "Manage" {
		t.Errorf("with one that works: %+v", c)
	}
	if c = s.Card(s.Specs[2]); c.State != NotSetUp || c.Action() != "Set up" {
		t.Errorf("with none: %+v", c)
	}
}

func TestCredentialsThatExpireSoonNeedAttention(t *testing.T) {
	s := testSystems()
	if state, text := s.StateOf(s.Connections[2]); state != NeedsAttention || !strings.Contains(text, "25 Nov 2026") {
		t.Errorf("got %v %q", state, text)
	}
	if len(s.SyncsOf(s.Connections[2])) != 1 || len(s.SyncsOf(s.Connections[1])) != 0 {
		t.Error("syncs of a connection are found by either end")
	}
}

func TestTimesAndCountsAreSaidInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Second: "just now", 90 * time.Second: "a minute ago", 5 * time.Minute: "5 minutes ago", 26 * time.Hour: "yesterday", 80 * time.Hour: "3 days ago", 400 * time.Hour: "6 Nov 2026"} {
		if got := Ago(testNow.Add(-d), testNow); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	if Count(1, "person", "people") != "1 person" || Count(1204, "person", "people") != "1,204 people" || Thousands(1234567) != "1,234,567" {
		t.Error("numbers are written wrongly")
	}
}
