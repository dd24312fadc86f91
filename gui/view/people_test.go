package view

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

func persons(lines ...string) []core.Person {
	var fields []core.Field
	ids := []string{"externalId", "displayName", "department", "office", "managerId", "employmentStatus", "employmentType", "startDate", "endDate"}
	for _, id := range ids {
		f, _ := core.CanonicalField(id)
		fields = append(fields, f)
	}
	pack := core.NewPacker(core.NewSchema(fields))
	var people []core.Person
	for _, line := range lines {
		for i, v := range strings.Split(line, "|") {
			pack.Put(ids[i], v)
		}
		people = append(people, core.Person{Record: pack.Pack()})
	}
	return people
}

var crew = persons("1|Clara Albrecht|Sales|Berlin||active|permanent|2020-01-01|", "2|Emre Groß|Sales|New York|1|on_leave|contractor|2026-10-03|",
	"3|Oskar Dahl|Customer Care|Berlin|1|terminated|permanent|2019-05-01|2026-11-02", "4|Rana Farouk||Berlin|9|active|permanent|2027-01-01|")

func crewRoster() *Roster {
	return NewRoster(Snapshot{ID: "n", Name: "Acme HR", Taken: noon}, crew, map[string]string{"1": "a1"}, noon)
}

func found(r *Roster) string {
	var ids []string
	for i := range r.Len() {
		ids = append(ids, r.At(i).ID())
	}
	return strings.Join(ids, " ")
}

func TestPowerSearch(t *testing.T) {
	for query, want := range map[string]string{
		"": "1 2 3 4", "sales": "1 2", "department:sales": "1 2", "department:Sales office:Berlin": "1", `office:"new york"`: "2", "-department:sales": "3 4", "department:": "4",
		"status:terminated": "3", "tag:contractor": "2", "manager:clara": "2 3", "account:matched": "1", "account:none office:berlin": "3 4", "name:gross": "2", "berlin dahl": "3",
		"colour:red": "", `"emre gross"`: "2", `open"quote`: "",
	} {
		r := crewRoster()
		r.Search(query)
		if got := found(r); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	r := crewRoster()
	r.Search("colour:red")
	if r.Doubt() != "No field is called “colour”." {
		t.Errorf("says %q", r.Doubt())
	}
	if r.Search(TermFor("department", "Customer Care")); found(r) != "3" {
		t.Error("a written term should find its group")
	}
}

func FuzzQuery(f *testing.F) {
	for _, q := range []string{"a", `-office:"x y"`, `:"`, "a:b:c", "é:ß", "- :", "\x00\xff"} {
		f.Add(q)
	}
	r := crewRoster()
	f.Fuzz(func(t *testing.T, q string) {
		r.Search(q)
		if len(ParseQuery(q).Terms) == 0 && r.Len() != len(crew) {
			t.Errorf("%q has no terms and leaves %d", q, r.Len())
		}
	})
}

func TestPeopleAreCountedAndSorted(t *testing.T) {
	r := crewRoster()
	if g := r.Groups("department"); len(g) != 2 || g[0] != (Group{Name: "Sales", Active: 2, Matched: 1}) || g[1].Left != 1 {
		t.Errorf("departments: %+v", g)
	}
	if r.Groups("nothing") != nil || len(r.Groupings()) != 3 {
		t.Errorf("groupings: %+v", r.Groupings())
	}
	m := r.Months()
	if len(m) != 12 || m[11].Label != "Nov" || m[10].Joined != 1 || m[11].Left != 1 {
		t.Errorf("months: %+v", m)
	}
	if with, without, known := r.MatchedCount(); with != 1 || without != 2 || !known {
		t.Errorf("matched %d, not %d", with, without)
	}
	r.SetSort(PersonDepartment, false)
	if got := found(r); got != "3 1 2 4" {
		t.Errorf("by department: %s", got)
	}
	r.SetSort(PersonName, true)
	if got := found(r); got != "4 3 2 1" {
		t.Errorf("by name, descending: %s", got)
	}
	if r.Note() != "4 people from Acme HR · 3 active, 1 left · read just now" {
		t.Error(r.Note())
	}
}

func TestPeopleExportIsSafeToOpen(t *testing.T) {
	r := NewRoster(Snapshot{Name: "Acme HR", Taken: noon}, persons("1|=HYPERLINK(1)|Sales"), nil, noon)
	path := filepath.Join(t.TempDir(), r.FileName())
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "'=HYPERLINK") {
		t.Errorf("%v: %s", err, data)
	}
	if err := r.Write(filepath.Join(t.TempDir(), "no", "such", "folder.csv")); !core.HasCode(err, core.Refused) {
		t.Errorf("got %v", err)
	}
}

// past is the rest of the program for the history's tests.
type past struct {
	People
	Runs
	Plans
	snapshots []Snapshot
	people    map[string][]core.Person
	notes     []core.Noted
}

func (p past) Snapshots(context.Context) ([]Snapshot, error) { return p.snapshots, nil }
func (p past) Open(_ context.Context, id string) ([]core.Person, error) {
	return p.people[id], nil
}

type pastRuns struct{ past }

func (p pastRuns) List(context.Context) ([]Run, error) {
	return []Run{{ID: "7", Plan: "gone", Who: "Mia", Started: noon.Add(-time.Hour), Allowed: map[string]string{"clear:phone": "no desks"}}}, nil
}
func (p pastRuns) Notes(context.Context, string) ([]core.Noted, error) { return p.notes, nil }

type pastPlans struct{ Plans }

func (pastPlans) Open(context.Context, string) (*core.Plan, error) {
	return nil, &core.Problem{Code: core.NotFound, What: "Gone.", Fix: "Never mind."}
}
func (pastPlans) List(context.Context) ([]PlanHead, error) {
	return []PlanHead{{ID: "p1", Name: "A → B", Made: noon, Counts: map[string]int{"create": 2}}, {ID: "gone", Name: "applied", Made: noon}}, nil
}

func pastServices() Services {
	p := past{snapshots: []Snapshot{{ID: "old", Sync: "s", Name: "Acme HR", Taken: noon.AddDate(0, 0, -2)}, {ID: "new", Sync: "s", Name: "Acme HR", Taken: noon}}, people: map[string][]core.Person{
		"old": persons("1|Clara Albrecht|Sales", "2|Emre Groß|Sales"), "new": persons("1|Clara Albrecht|Legal", "3|Oskar Dahl|Sales")},
		notes: []core.Noted{{Entry: core.Entry{Verb: core.Update, Person: "1", Name: "Clara Albrecht", Cells: []core.Cell{{Attribute: "title", Before: "a", After: ""}}}}, {Entry: core.Entry{Person: "2"}}}}
	return Services{People: p, Runs: pastRuns{p}, Plans: pastPlans{}, Now: func() time.Time { return noon }}
}

func TestTwoReadingsAreCompared(t *testing.T) {
	s := pastServices()
	snaps, _ := s.People.Snapshots(t.Context())
	c, err := Compare(t.Context(), s, snaps[1], snaps[0])
	if err != nil || c.Older.ID != "old" || len(c.Joined) != 1 || c.Joined[0].ID != "3" || len(c.Left) != 1 || c.Left[0].ID != "2" || len(c.Changed) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if got := c.Changed[0].Changes; !slices.Equal(got, []Change{{Attribute: "Department", Before: "Sales", After: "Legal"}}) {
		t.Errorf("%+v", got)
	}
}

func TestTimelineGathersReadingsAndWrites(t *testing.T) {
	name, moments, err := Timeline(t.Context(), pastServices(), "1")
	if err != nil || name != "Clara Albrecht" {
		t.Fatalf("%q, %v", name, err)
	}
	var titles []string
	for _, m := range moments {
		titles = append(titles, m.Title)
	}
	if got := strings.Join(titles, ", "); got != "Changed in Acme HR, Update, First seen" {
		t.Error(got)
	}
	if _, moments, _ := Timeline(t.Context(), pastServices(), "2"); moments[0].Title != "No longer in Acme HR" || !moments[0].Bad {
		t.Errorf("%+v", moments)
	}
}

func TestHistoryListsRunsAndPlansThatWereNotApplied(t *testing.T) {
	p, err := OpenPast(t.Context(), pastServices())
	if err != nil || len(p.Events) != 2 || p.Events[0].Kind() != "Preview" || p.Events[0].Numbers() != "2 create" || p.Events[1].Kind() != "Not ended" {
		t.Fatalf("%+v, %v", p.Events, err)
	}
	if got := p.Find("desks", false); len(got) != 1 || got[0].Allowed()[0] != "Cleared values of phone: no desks" {
		t.Errorf("%+v", got)
	}
	if got := p.Find("", true); len(got) != 1 {
		t.Errorf("%d runs", len(got))
	}
}
