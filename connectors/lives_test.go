package connectors

import (
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
	"rollcall/core/config"
	"rollcall/core/engine"
	"rollcall/core/plan"
)

// lives is a company whose people join, move, leave and come back, and a directory that
// follows. It goes through the engine and the connector in this process, on a clock by
// which nobody waits; the journeys with the built program are in journey_test.go.
type lives struct {
	subject
	spec   core.Spec
	target core.Target
	setup  core.Setup
	people [][]string
	file   string
	ctx    context.Context
	memory core.Memory
	runs   []*run
	clock  *quick
	// unnamed takes out of values what a directory was made with.
	unnamed *strings.Replacer
}

// run is a plan with what was written down of it.
type run struct {
	plan    *core.Plan
	journal *memoryJournal
}

// subject is a directory to be followed through the lives of a company.
type subject struct {
	connector string
	number    string // the attribute of the employee number
	people    int    // 0: livesPeople
	rules     string // identity and mapping, as in a configuration
	// start makes an empty directory and gives the answers and the base address, if any.
	start func(t *testing.T) (answers map[string]string, base string)
	// groups are two groups of the directory; none where memberships are not kept. {base} in
	// them and in places is the base of the answers, {branch} the name of that.
	groups   []string
	handOver int // from how many changes on plans go to the directory's own engine; 0: never
	// places are two values for the column Place (branches, organizational units).
	places []string
}

// size is how many people there are.
func (s subject) size() int {
	if s.people == 0 {
		return livesPeople
	}
	return min(s.people, mostPeople)
}

func eachOf(texts []string, make func(string) string) []string {
	var made []string
	for _, s := range texts {
		made = append(made, make(s))
	}
	return made
}

// Columns of the company's file.
const (
	lifeNumber = iota
	lifeFirst
	lifeLast
	lifeLogin
	lifeMail
	lifeTitle
	lifeDepartment
	lifeStatus
	lifeManager
	lifeGroups
	lifePlace
)

func newLives(t *testing.T, s subject) *lives {
	t.Helper()
	answers, base := s.start(t)
	branch, _, _ := strings.Cut(strings.TrimPrefix(answers["baseDN"], "OU="), ",")
	named := strings.NewReplacer("{base}", answers["baseDN"], "{branch}", branch)
	unnamed := strings.NewReplacer()
	if branch != "" {
		unnamed = strings.NewReplacer(answers["baseDN"], "{base}", branch, "{branch}")
	}
	s.groups, s.places = eachOf(s.groups, named.Replace), eachOf(s.places, named.Replace)
	given := core.Answers{}
	for id, v := range answers {
		given[id] = core.Secret(v)
	}
	clock := &quick{now: time.Now()}
	l := &lives{subject: s, unnamed: unnamed, file: filepath.Join(t.TempDir(), "people.csv"), clock: clock, ctx: rest.WithClock(t.Context(), clock, time.Hour)}
	var err error
	l.spec, err = All().Spec(s.connector)
	ok(t, err)
	l.target, err = All().Target(s.connector, given, core.Env{Now: time.Now, Base: base, Shelf: newMemoryShelf()})
	ok(t, err)
	l.setup, err = config.Read(strings.NewReader("source: {connector: csv}\ntarget: {connection: Directory}\n" + named.Replace(s.rules) + livesRules))
	ok(t, err)
	if l.setup.HandOver = s.handOver; s.handOver == 0 {
		l.setup.HandOver = -1
	}
	l.found(s.size())
	return l
}

const livesRules = `
modes: {create: true, update: true, deactivate: true, logins: do}
guards: {create: off, login: off, field: off, manager: off, shrink: 0}
`

// quick is a clock on which waiting takes no time; its time goes on all the same.
type quick struct {
	mu  sync.Mutex
	now time.Time
}

func (q *quick) Now() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.now
}

func (q *quick) Sleep(ctx context.Context, d time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.now = q.now.Add(d)
	return ctx.Err()
}

// found makes the company of so many: everybody has a manager but the first, and most managers are
// made in the same plan as those who report to them.
func (l *lives) found(n int) {
	s := l.subject
	l.people = [][]string{{"Employee number", "First name", "Last name", "Login", "E-mail", "Job title", "Department", "Status", "Manager number", "Groups", "Place"}}
	for i := 1; i <= n; i++ {
		boss, group, place := "", "", ""
		if i > 1 {
			boss = fmt.Sprintf("%05d", max(1, (n-i)/10+1)) // some come later in the file than those who report to them
			if boss == fmt.Sprintf("%05d", i) {
				boss = "00001"
			}
		}
		if len(s.groups) == 2 {
			group = s.groups[i%2]
		}
		if len(s.places) == 2 {
			place = s.places[i%2]
		}
		l.people = append(l.people, []string{fmt.Sprintf("%05d", i), fmt.Sprintf("Jörg%d", i), fmt.Sprintf("O'Näs, %d", i), fmt.Sprintf("user.%d", i),
			fmt.Sprintf("user.%d@corp.example", i), "Clerk", []string{"Sales", "R&D"}[i%2], "active", boss, group, place})
	}
}

func (l *lives) write(t *testing.T) {
	t.Helper()
	f, err := os.Create(l.file)
	ok(t, err)
	ok(t, csv.NewWriter(f).WriteAll(l.people))
	ok(t, f.Close())
}

// plans makes a plan of the company's people as they are now.
func (l *lives) plans(t *testing.T) *core.Plan {
	t.Helper()
	l.write(t)
	source, err := All().Source("csv", core.Answers{"path": core.Secret(l.file)}, core.Env{Now: time.Now})
	ok(t, err)
	ok(t, l.clock.Sleep(l.ctx, time.Hour))
	made, err := engine.Plan(l.ctx, engine.Input{ID: fmt.Sprint("plan", l.clock.Now().Unix()), Name: "CSV → " + l.spec.Name, Setup: l.setup, Source: source, Target: l.target, Memory: l.memory, Now: l.clock.Now()})
	ok(t, err)
	l.memory = made.Memory
	return made.Plan
}

// counts says what a plan would do with the company's people, in words.
func counts(p *core.Plan) string {
	sum := p.Count()
	var words []string
	for _, v := range core.Verbs() {
		if n := sum.People[v]; n > 0 && v != core.Unchanged {
			words = append(words, fmt.Sprint(n, " ", v))
		}
	}
	return strings.Join(words, ", ")
}

// applies carries a plan out. Where it is to be cut off, that happens again and again, each
// time a little later, and each time the last outcomes are lost, as in a crash.
func (l *lives) applies(t *testing.T, p *core.Plan, cutOff bool) *run {
	t.Helper()
	r := &run{p, &memoryJournal{}}
	for wait := 1; ; wait = wait*3 + 20 {
		n, stopped := 0, false
		ctx, stop := context.WithCancel(l.ctx)
		for o, err := range engine.Apply(ctx, engine.ApplyInput{Plan: p, Approval: core.Approval{Hash: p.Hash}, Target: l.target, Journal: r.journal, Workers: l.spec.Workers,
			Now: l.clock.Now, Sleep: rest.Sleep}) {
			if stopped {
				continue
			}
			ok(t, err)
			if o.State == core.HandedOver {
				continue
			}
			if o.Problem != nil {
				for _, n := range r.journal.notes {
					if n.Row == o.Row {
						t.Logf("before: %s, second %v, open %v, %s, %v", n.Verb, n.Second, n.Open, n.Outcome.State, n.Outcome.Problem)
					}
				}
				t.Fatalf("%s %s: %s: %v (%v)", o.Verb, o.Person, o.State, o.Problem, o.Problem.Cause)
			}
			if n++; cutOff && n == wait {
				stopped = true
				stop()
				break
			}
		}
		stop()
		if !stopped {
			l.runs = append(l.runs, r)
			var err error
			l.memory, err = engine.Remember(l.memory, p, r.journal.Entries())
			ok(t, err)
			return r
		}
		r.journal.crash()
	}
}

// dump gives what the directory holds of the company's people, by employee number:
// without what the directory gives by itself, and managers by their number.
func (l *lives) dump(t *testing.T) map[string]map[string]string {
	t.Helper()
	byID, all := map[string]map[string]string{}, map[string]map[string]string{}
	ours := map[string]bool{}
	for _, p := range l.people[1:] {
		ours[p[lifeNumber]] = true
	}
	var ids []string
	for _, r := range l.setup.Mapping {
		ids = append(ids, r.Attribute)
	}
	var references []string
	attributes, err := l.target.Attributes(l.ctx)
	ok(t, err)
	for _, a := range attributes {
		if a.Kind == core.Reference {
			references = append(references, a.ID)
		}
	}
	for a, err := range l.target.Accounts(l.ctx, ids) {
		ok(t, err)
		if !ours[a.Value(l.number)] || a.Deleted() {
			continue
		}
		values := map[string]string{core.AccountActive: a.Value(core.AccountActive)}
		for _, id := range ids {
			if v := a.Value(id); v != "" {
				values[id] = l.unnamed.Replace(v)
			}
		}
		if all[values[l.number]] != nil {
			t.Errorf("two accounts have the number %s", values[l.number])
		}
		byID[a.ID()], all[values[l.number]] = values, values
	}
	for _, values := range all {
		for _, r := range references {
			if boss := byID[values[r]]; boss != nil {
				values[r] = "account of " + boss[l.number]
			}
		}
	}
	return all
}

// undoes takes the latest run back.
func (l *lives) undoes(t *testing.T) {
	t.Helper()
	last := l.runs[len(l.runs)-1]
	ok(t, l.clock.Sleep(l.ctx, time.Hour))
	p, err := engine.Undo(plan.UndoInput{ID: fmt.Sprint("undo", l.clock.Now().Unix()), Run: last.plan.ID, Of: *last.plan, Notes: last.journal.Entries(), Spec: l.spec, Now: l.clock.Now()})
	ok(t, err)
	l.applies(t, p, false)
	l.runs = l.runs[:len(l.runs)-2]
}

// each changes some people, from one to another, by their place.
func (l *lives) each(from, to int, change func(p []string, i int)) {
	for i := from; i < to; i++ {
		change(l.people[i], i)
	}
}

// move is the second plan: 5 are renamed, 50 get another title, department, group and
// place, 20 leave.
func (l *lives) move() {
	s, n := l.subject, len(l.people)-1
	l.each(n/10, n/5, func(p []string, i int) {
		p[lifeTitle], p[lifeDepartment] = "Senior clerk", "Service & Support"
		if len(s.groups) == 2 {
			p[lifeGroups] = s.groups[(i+1)%2]
		}
		if i%3 == 0 && len(s.groups) == 2 {
			p[lifeGroups] = s.groups[0] + ";" + s.groups[1]
		}
		if len(s.places) == 2 {
			p[lifePlace] = s.places[(i+1)%2]
		}
	})
	l.each(n*2/5, n*2/5+n/25, func(p []string, _ int) { p[lifeStatus] = "terminated" })
	l.each(n*3/5, n*3/5+n/100, func(p []string, i int) {
		p[lifeLast], p[lifeLogin], p[lifeMail] = fmt.Sprintf("Weiß-%d", i), fmt.Sprintf("renamed.%d", i), fmt.Sprintf("renamed.%d@corp.example", i)
	})
}

// expects makes a plan and demands what it would do.
func (l *lives) expects(t *testing.T, when, want string) *core.Plan {
	t.Helper()
	p := l.plans(t)
	if got := counts(p); got != want {
		for i, shown := range p.Rows {
			if shown.Verb != core.Unchanged && i < 5 {
				t.Logf("%s: %s, %s, %+v", shown.Verb, shown.Why.Text(), shown.Detail, shown.Cells)
			}
		}
		t.Fatalf("%s the plan is: %s; it should be: %s", when, got, want)
	}
	return p
}

// follow is joiners, movers, leavers and those who come back; it gives what the directory
// held after each.
func follow(t *testing.T, s subject, cutOff bool) (states []map[string]map[string]string) {
	l := newLives(t, s)
	n := len(l.people) - 1
	look := func() { states = append(states, l.dump(t)) }
	l.applies(t, l.expects(t, "at first", fmt.Sprint(n, " create")), cutOff)
	look()
	l.expects(t, "after that", "")
	l.move()
	l.applies(t, l.expects(t, "a year later", fmt.Sprintf("%d update, %d deactivate", n/10+n/100, n/25)), cutOff)
	look()
	l.expects(t, "after the moves", "")
	l.each(n*2/5, n*2/5+n/100, func(p []string, _ int) { p[lifeStatus] = "active" })
	l.applies(t, l.expects(t, "when some come back", fmt.Sprintf("%d reactivate", n/100)), cutOff)
	look()
	l.expects(t, "after they came back", "")
	l.guarded(t)
	l.undoes(t)
	look()
	l.undoes(t)
	look()
	return states
}

// guarded demands that a plan which disables most of the company is held.
func (l *lives) guarded(t *testing.T) {
	t.Helper()
	before, n := l.dump(t), len(l.people)-1
	kept := make([]string, n+1)
	l.each(1, n*6/10, func(p []string, i int) { kept[i], p[lifeStatus] = p[lifeStatus], "terminated" })
	p := l.plans(t)
	if len(p.Tripped) == 0 {
		t.Errorf("disabling most of the company holds no guard up: %s", counts(p))
	}
	for range engine.Apply(l.ctx, engine.ApplyInput{Plan: p, Approval: core.Approval{Hash: p.Hash}, Target: l.target, Journal: &memoryJournal{}, Now: l.clock.Now}) {
		t.Fatal("a plan that is held writes something")
	}
	if d := cmp.Diff(before, l.dump(t)); d != "" {
		t.Errorf("a plan that is held changed the directory: %s", d)
	}
	l.each(1, n*6/10, func(p []string, i int) { p[lifeStatus] = kept[i] })
}

func lifeOf(t *testing.T, s subject) {
	quiet := follow(t, s, false)
	filled, moved, returned := quiet[0], quiet[1], quiet[2]
	n := len(filled)
	if n != s.size() || len(moved) != n || len(returned) != n {
		t.Errorf("%d, %d and %d accounts, of %d people", n, len(moved), len(returned), s.size())
	}
	differ, disabled := 0, 0
	for number, values := range moved {
		if !maps.Equal(values, filled[number]) {
			differ++
		}
		if values[core.AccountActive] == "false" {
			disabled++
		}
	}
	if differ != n/10+n/100+n/25 || disabled != n/25 {
		t.Errorf("%d differ after the moves, %d are disabled", differ, disabled)
	}
	for i, state := range map[int]map[string]map[string]string{3: moved, 4: filled} {
		if d := cmp.Diff(state, quiet[i]); d != "" {
			t.Errorf("the undo leaves: %s", cut(d))
		}
	}
	if d := cmp.Diff(quiet[:3], follow(t, s, true)[:3]); d != "" {
		t.Errorf("cut off again and again, and: %s", cut(d))
	}
}

func cut(s string) string { return s[:min(len(s), 3000)] }

// memoryJournal keeps a run's journal in memory.
type memoryJournal struct {
	mu    sync.Mutex
	notes []core.Noted
}

func (j *memoryJournal) Before(e core.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.notes = append(j.notes, core.Noted{Entry: e, Open: true})
	return nil
}

func (j *memoryJournal) After(e core.Entry, o core.Outcome) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := len(j.notes) - 1; i >= 0; i-- {
		if n := &j.notes[i]; n.Open && n.Row == e.Row && n.Second == e.Second {
			n.Open, n.Outcome = false, o
			return nil
		}
	}
	j.notes = append(j.notes, core.Noted{Entry: e, Outcome: o})
	return nil
}

// crash forgets the latest outcomes, as a computer does that loses its power.
func (j *memoryJournal) crash() {
	for i := max(0, len(j.notes)-3); i < len(j.notes); i++ {
		j.notes[i].Open, j.notes[i].Outcome = true, core.Outcome{}
	}
}

func (j *memoryJournal) Entries() iter.Seq2[core.Noted, error] {
	return func(yield func(core.Noted, error) bool) {
		for _, n := range j.notes {
			if !yield(n, nil) {
				return
			}
		}
	}
}

// memoryShelf keeps a connection's own values in memory.
type memoryShelf struct {
	mu     sync.Mutex
	values map[string]map[string][]byte
}

func newMemoryShelf() *memoryShelf { return &memoryShelf{values: map[string]map[string][]byte{}} }

func (s *memoryShelf) Get(bucket, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[bucket][key], nil
}

func (s *memoryShelf) Put(bucket string, values map[string][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values[bucket] == nil {
		s.values[bucket] = map[string][]byte{}
	}
	for k, v := range values {
		if s.values[bucket][k] = v; v == nil {
			delete(s.values[bucket], k)
		}
	}
	return nil
}

func (s *memoryShelf) All(bucket string) iter.Seq2[core.Item, error] {
	return func(yield func(core.Item, error) bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for k, v := range s.values[bucket] {
			if !yield(core.Item{Key: k, Value: v}, nil) {
				return
			}
		}
	}
}
