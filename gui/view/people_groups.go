package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Grouping is a way to sort people into groups: a tab of the People page.
type Grouping struct {
	ID    string // the key of the power search
	Title string
	field func(core.Person) []string
}

func oneField(ids ...string) func(core.Person) []string {
	return func(p core.Person) []string {
		for _, id := range ids {
			if v := p.Value(id); v != "" {
				return []string{v}
			}
		}
		return nil
	}
}

// Groupings are the tabs after the employees. Those that a reading has nothing for are left out by Roster.Groupings.
var groupings = []Grouping{
	{"department", "Departments", oneField("department")}, {"team", "Teams", oneField("team")}, {"costcentre", "Cost centres", oneField("costCenter")},
	{"location", "Locations", oneField("location", "office")}, {"tag", "Tags", Tags},
}

// Group is one group with its head count.
type Group struct {
	Name                  string
	Active, Left, Matched int
}

// All is everybody of the group.
func (g Group) All() int { return g.Active + g.Left }

// Groupings gives the groupings that this reading has something for.
func (r *Roster) Groupings() []Grouping {
	var found []Grouping
	for _, g := range groupings {
		if slices.ContainsFunc(r.People, func(p core.Person) bool { return len(g.field(p)) > 0 }) {
			found = append(found, g)
		}
	}
	return found
}

// Groups counts the groups of a grouping, the largest first.
func (r *Roster) Groups(id string) []Group {
	at := slices.IndexFunc(groupings, func(g Grouping) bool { return g.ID == id })
	if at < 0 {
		return nil
	}
	places := map[string]int{}
	var groups []Group
	for _, p := range r.People {
		for _, name := range groupings[at].field(p) {
			i, known := places[name]
			if !known {
				i = len(groups)
				places[name] = i
				groups = append(groups, Group{Name: name})
			}
			if working(p) {
				groups[i].Active++
			} else {
				groups[i].Left++
			}
			if r.matched[p.ID()] != "" {
				groups[i].Matched++
			}
		}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(b.Left, a.Left), strings.Compare(a.Name, b.Name))
	})
	return groups
}

// Searched says whether the query names this group.
func (r *Roster) Searched(key, name string) bool {
	name = fold(name)
	return slices.ContainsFunc(r.query.Terms, func(t Term) bool { return t.Key == key && !t.Not && t.Value == name })
}

// MonthCount is how many came and went in a month.
type MonthCount struct {
	Label        string
	Joined, Left int
}

// Months counts joiners and leavers of the last twelve months, oldest first.
func (r *Roster) Months() []MonthCount {
	first := time.Date(r.now.Year(), r.now.Month()-11, 1, 0, 0, 0, 0, time.UTC)
	months := make([]MonthCount, 12)
	for i := range months {
		months[i].Label = first.AddDate(0, i, 0).Format("Jan")
	}
	place := func(date string) int {
		t, err := time.Parse(time.DateOnly, date)
		if err != nil || t.Before(first) || t.After(r.now) {
			return -1
		}
		return (t.Year()-first.Year())*12 + int(t.Month()) - int(first.Month())
	}
	for _, p := range r.People {
		if i := place(p.Value("startDate")); i >= 0 {
			months[i].Joined++
		}
		if i := place(p.Value("endDate")); i >= 0 {
			months[i].Left++
		}
	}
	return months
}

// MatchedCount counts the people employed now with and without an account; known is false where no sync knows.
func (r *Roster) MatchedCount() (with, without int, known bool) {
	for _, p := range r.People {
		if !working(p) {
			continue
		}
		if r.matched[p.ID()] != "" {
			with++
		} else {
			without++
		}
	}
	return with, without, r.matched != nil
}
