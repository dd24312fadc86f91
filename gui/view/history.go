package view

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Past is what the History page holds: runs and plans, newest first.
type Past struct {
	Events    []Event
	Snapshots []Snapshot
	now       time.Time
}

// Event is a run, or a plan that was not applied.
type Event struct {
	Run  *Run
	Plan *PlanHead
	At   time.Time
}

// OpenPast reads the history.
func OpenPast(ctx context.Context, s Services) (Past, error) {
	p := Past{now: s.Now()}
	runs, err := s.Runs.List(ctx)
	if err != nil {
		return p, err
	}
	heads, err := s.Plans.List(ctx)
	if err != nil {
		return p, err
	}
	applied := map[string]bool{}
	for i := range runs {
		applied[runs[i].Plan] = true
		p.Events = append(p.Events, Event{Run: &runs[i], At: runs[i].Started})
	}
	for i := range heads {
		if !applied[heads[i].ID] {
			p.Events = append(p.Events, Event{Plan: &heads[i], At: heads[i].Made})
		}
	}
	slices.SortStableFunc(p.Events, func(a, b Event) int { return b.At.Compare(a.At) })
	if p.Snapshots, err = s.People.Snapshots(ctx); err != nil {
		return p, err
	}
	slices.SortStableFunc(p.Snapshots, func(a, b Snapshot) int { return b.Taken.Compare(a.Taken) })
	return p, nil
}

// Find gives the events of which every word of the search stands in name, person, reason or number.
func (p Past) Find(search string, runsOnly bool) []Event {
	var found []Event
	for _, e := range p.Events {
		if runsOnly && e.Run == nil {
			continue
		}
		reasons := ""
		if e.Run != nil {
			reasons = strings.Join(slices.Collect(maps.Values(e.Run.Allowed)), " ")
		}
		if holdsWords(search, e.Name(), e.Who(), reasons, e.ID()) {
			found = append(found, e)
		}
	}
	return found
}

// ID gives the id of the run or plan.
func (e Event) ID() string {
	if e.Run != nil {
		return e.Run.ID
	}
	return e.Plan.ID
}

// Name says what was synced.
func (e Event) Name() string {
	switch {
	case e.Run != nil:
		return e.Run.Name
	case e.Plan.Undo != "":
		return e.Plan.Name + " (undo)"
	}
	return e.Plan.Name
}

// Who approved it; "" for a plan.
func (e Event) Who() string {
	if e.Run != nil {
		return e.Run.Who
	}
	return ""
}

// Kind says in a word what it is and how it ended.
func (e Event) Kind() string {
	switch {
	case e.Run == nil && e.Plan.Undo != "":
		return "Undo preview"
	case e.Run == nil:
		return "Preview"
	case e.Run.Ended.IsZero():
		return "Not ended"
	case e.Run.Stopped:
		return "Stopped"
	case e.Run.Counts[core.Failed.String()] > 0 || e.Run.Counts[core.Drifted.String()] > 0:
		return "Some failed"
	}
	return "Done"
}

// Numbers says what was done, or would have been.
func (e Event) Numbers() string {
	var parts []string
	if e.Run != nil {
		for _, s := range []core.OutcomeState{core.Done, core.Failed, core.Drifted, core.HandedOver, core.NotRun} {
			if n := e.Run.Counts[s.String()]; n > 0 {
				parts = append(parts, Thousands(n)+" "+s.String())
			}
		}
		return cmp.Or(strings.Join(parts, ", "), "nothing written")
	}
	for _, v := range core.Verbs() {
		if n := e.Plan.Counts[v.String()]; n > 0 && (v.Writes() || v == core.Held) {
			parts = append(parts, Thousands(n)+" "+v.String())
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "nothing to do")
}

// Allowed lists the guards that were allowed, with the reasons: "deactivate: site closed".
func (e Event) Allowed() []string {
	if e.Run == nil {
		return nil
	}
	var list []string
	for _, guard := range slices.Sorted(maps.Keys(e.Run.Allowed)) {
		list = append(list, GuardName(guard)+": "+e.Run.Allowed[guard])
	}
	return list
}

// GuardName gives a guard's name as a person reads it.
func GuardName(guard string) string {
	kind, attribute, _ := strings.Cut(guard, ":")
	words := map[string]string{"deactivate": "Deactivations", "create": "New accounts", "login": "Sign-in names and e-mails", "manager": "Managers", "shrink": "Too few people read", "field": "Changes of " + attribute, "clear": "Cleared values of " + attribute}
	return cmp.Or(words[kind], guard)
}

// RunDetail is one run with what it wrote.
type RunDetail struct {
	Event  Event
	Notes  []core.Noted
	labels map[string]core.Attribute
	names  map[string]string
}

// OpenRun reads what a run wrote. The plan may be gone by then: attributes are shown under their ids.
func OpenRun(ctx context.Context, s Services, e Event) (RunDetail, error) {
	d := RunDetail{Event: e, labels: map[string]core.Attribute{}}
	var err error
	if d.Notes, err = s.Runs.Notes(ctx, e.Run.ID); err != nil {
		return d, err
	}
	p, err := s.Plans.Open(ctx, e.Run.Plan)
	if err != nil {
		if core.HasCode(err, core.NotFound) {
			err = nil
		}
		return d, err
	}
	d.names = p.Names
	for _, a := range p.Attributes {
		d.labels[a.ID] = a
	}
	return d, nil
}

// Changes gives what one note wrote, before and after, and how many more changes there are than most.
func (d RunDetail) Changes(n core.Noted, most int) (changes []Change, more int) {
	r := Review{Plan: &core.Plan{Names: d.names}, labels: d.labels}
	for _, c := range n.Cells {
		ch := Change{Attribute: r.Label(c.Attribute), After: r.value(c.Attribute, c.After), Fresh: n.Verb == core.Create}
		if !ch.Fresh {
			ch.Before = r.value(c.Attribute, c.Before)
		}
		changes = append(changes, ch)
	}
	if len(changes) > most {
		return changes[:most], len(changes) - most
	}
	return changes, 0
}

// Comparison is the difference of two readings of one source.
type Comparison struct {
	Older, Newer          Snapshot
	Joined, Left, Changed []Moved
}

// Moved is a person who came, went or changed.
type Moved struct {
	ID, Name, Number string
	Changes          []Change
}

// Compare reads two snapshots and says who came, who went and what changed.
func Compare(ctx context.Context, s Services, a, b Snapshot) (Comparison, error) {
	if a.Taken.After(b.Taken) {
		a, b = b, a
	}
	c := Comparison{Older: a, Newer: b}
	older, err := s.People.Open(ctx, a.ID)
	if err != nil {
		return c, err
	}
	newer, err := s.People.Open(ctx, b.ID)
	if err != nil {
		return c, err
	}
	before := make(map[string]core.Person, len(older))
	for _, p := range older {
		before[p.ID()] = p
	}
	for _, p := range newer {
		was, known := before[p.ID()]
		delete(before, p.ID())
		if !known {
			c.Joined = append(c.Joined, moved(p, nil))
		} else if changes := fieldChanges(was, p); len(changes) > 0 {
			c.Changed = append(c.Changed, moved(p, changes))
		}
	}
	for _, p := range older {
		if _, gone := before[p.ID()]; gone {
			c.Left = append(c.Left, moved(p, nil))
		}
	}
	return c, ctx.Err()
}

func moved(p core.Person, changes []Change) Moved {
	return Moved{ID: p.ID(), Name: p.Name(), Number: p.Value("employeeNumber"), Changes: changes}
}

// fieldChanges compares what both readings state; raw paths are left out.
func fieldChanges(was, is core.Person) []Change {
	if was.Data() == is.Data() && was.Schema() == is.Schema() {
		return nil
	}
	var changes []Change
	for i, f := range is.Schema().Fields() {
		before, stated := was.Get(f.ID)
		if after := is.At(i); stated && is.Has(i) && before != after && !strings.HasPrefix(f.ID, core.RawPrefix) {
			changes = append(changes, Change{Attribute: cmp.Or(f.Label, fieldLabel(f.ID)), Before: orEmpty(before), After: orEmpty(after)})
		}
	}
	return changes
}

func orEmpty(v string) string { return cmp.Or(core.ShowValue(v), "empty") }

// Moment is one thing that happened to a person: seen in a reading, or written by a run.
type Moment struct {
	At      time.Time
	Title   string
	Note    string
	Changes []Change
	Bad     bool
	Run     string
}

// Timeline gathers what is known of one person, newest first: every change between readings and every write.
func Timeline(ctx context.Context, s Services, person string) (name string, moments []Moment, err error) {
	snapshots, err := s.People.Snapshots(ctx)
	if err != nil {
		return "", nil, err
	}
	slices.SortStableFunc(snapshots, func(a, b Snapshot) int { return a.Taken.Compare(b.Taken) })
	last := map[string]core.Person{}
	for _, snap := range snapshots {
		people, err := s.People.Open(ctx, snap.ID)
		if err != nil {
			return "", nil, err
		}
		at := slices.IndexFunc(people, func(p core.Person) bool { return p.ID() == person })
		was, known := last[snap.Sync]
		switch {
		case at >= 0 && !known:
			moments = append(moments, Moment{At: snap.Taken, Title: "First seen", Note: "in " + snap.Name})
		case at >= 0:
			if changes := fieldChanges(was, people[at]); len(changes) > 0 {
				moments = append(moments, Moment{At: snap.Taken, Title: "Changed in " + snap.Name, Changes: changes})
			}
		case known:
			moments = append(moments, Moment{At: snap.Taken, Title: "No longer in " + snap.Name, Bad: true})
		}
		delete(last, snap.Sync)
		if at >= 0 {
			last[snap.Sync], name = people[at], people[at].Name()
		}
	}
	written, writtenName, err := writesOf(ctx, s, person)
	moments = append(moments, written...)
	slices.SortStableFunc(moments, func(a, b Moment) int { return b.At.Compare(a.At) })
	return cmp.Or(name, writtenName, person), moments, err
}

// writesOf gathers what runs wrote for a person.
func writesOf(ctx context.Context, s Services, person string) (moments []Moment, name string, err error) {
	runs, err := s.Runs.List(ctx)
	if err != nil {
		return nil, "", err
	}
	for i := range runs {
		d, err := OpenRun(ctx, s, Event{Run: &runs[i]})
		if err != nil {
			return nil, "", err
		}
		for _, n := range d.Notes {
			if n.Person != person {
				continue
			}
			name = n.Name
			m := Moment{At: runs[i].Started, Title: RowTitle(n.Verb, n.Cells), Note: "by run " + runs[i].ID + ", approved by " + runs[i].Who, Run: runs[i].ID, Bad: n.Outcome.State != core.Done}
			if m.Bad && n.Outcome.Problem != nil {
				m.Note = n.Outcome.Problem.What
			}
			m.Changes, _ = d.Changes(n, len(n.Cells))
			moments = append(moments, m)
		}
	}
	return moments, name, nil
}
