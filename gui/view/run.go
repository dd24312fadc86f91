package view

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/core"
	"rollcall/core/apply"
)

// Phase says where a followed run stands.
type Phase int

// The phases.
const (
	Running  Phase = iota
	Pausing        // the writes in hand are let finish
	Paused         // nothing is written until it goes on
	Stopping       // cancelled; the writes in hand are let finish
	Ended
)

// Follow is a run while it goes on, and its result afterwards. Outcomes come in from any goroutine; the page reads
// snapshots of it.
type Follow struct {
	Plan     *core.Plan
	Approval core.Approval
	Sync     string

	services Services
	mu       sync.Mutex
	phase    Phase
	cancel   context.CancelFunc
	run      Run
	problem  error
	todo     map[core.Verb]int
	stopped  [8]int
	total    int
	began    time.Time
	worked   time.Duration // in earlier tries
	said     []Said
	place    map[step]int32
	twice    map[int]bool // rows that are written in both passes
	failed   []int32      // places in said
	retried  []int32
	counts   map[core.Verb]*KindProgress
	done     int
	drifted  int
	handed   map[step]bool // handed over; true once it is known what became of it
	answered int
	since    time.Time // when the first was handed over
	engine   string
	words    *Review // for labels and values
}

type step struct {
	row    int
	second bool
}

// Said is one outcome, with when it came.
type Said struct {
	core.Outcome
	At      time.Time
	Retried bool // it had failed before
}

// NewFollow makes a run that has not begun.
func NewFollow(s Services, p *core.Plan, a core.Approval, sync string) *Follow {
	f := &Follow{Plan: p, Approval: a, Sync: sync, services: s, todo: map[core.Verb]int{}, place: map[step]int32{}, counts: map[core.Verb]*KindProgress{}, twice: map[int]bool{}, handed: map[step]bool{}, began: s.Now()}
	f.words = &Review{Plan: p, labels: map[string]core.Attribute{}}
	for _, at := range p.Attributes {
		f.words.labels[at.ID] = at
	}
	f.stopped = p.Count().Stopped
	made := newAccounts(p, a)
	for i := range p.Rows {
		cells, do := apply.Chosen(p, a, i)
		if !do {
			continue
		}
		first, second := passes(cells, made)
		if !first && !second {
			continue
		}
		f.todo[p.Rows[i].Verb]++
		if first {
			f.total++
		}
		if second {
			f.total++
		}
		f.twice[i] = first && second
	}
	return f
}

// passes tells whether a row is written before and after the new accounts exist. A reference to an account that is
// left out of this run is not written at all.
func passes(cells []core.Cell, made map[string]bool) (first, second bool) {
	first = len(cells) == 0
	for _, c := range cells {
		first = first || c.Pending == ""
		second = second || made[c.Pending]
	}
	return first, second
}

// newAccounts gives the people for whom a run makes an account.
func newAccounts(p *core.Plan, a core.Approval) map[string]bool {
	made := map[string]bool{}
	for i := range p.Rows {
		if p.Rows[i].Verb != core.Create {
			continue
		}
		if _, do := apply.Chosen(p, a, i); do {
			made[p.Rows[i].Desired.Person()] = true
		}
	}
	return made
}

// Begin notes that the run is about to write, before Go is called in the background.
func (f *Follow) Begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phase, f.problem, f.began = Running, nil, f.services.Now()
}

// Go applies the plan, or goes on with it; it returns when the run ends, is paused or cancelled.
func (f *Follow) Go(ctx context.Context) (Run, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f.mu.Lock()
	f.cancel = cancel
	if f.phase != Running {
		cancel() // paused or cancelled before the first write
	}
	f.mu.Unlock()
	f.meetEngine(ctx)
	run, err := f.services.Runs.Apply(ctx, f.Plan, f.Approval, f.take)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.worked += f.services.Now().Sub(f.began)
	if run.ID != "" {
		f.run = run
	}
	wasPausing, wasStopping := f.phase == Pausing, f.phase == Stopping
	f.phase = Ended
	switch {
	case wasPausing && cancelled(err):
		f.phase, err = Paused, nil
	case wasStopping && cancelled(err):
		err = nil
	}
	f.problem = err
	return f.run, err
}

// meetEngine learns the name of the target's own engine, where the run is large enough to be handed to one.
func (f *Follow) meetEngine(ctx context.Context) {
	if f.total < f.Plan.Setup.HandsOverFrom() && len(f.handed) == 0 {
		return
	}
	takes, err := f.services.Runs.Engine(ctx, f.Plan)
	if err != nil {
		return // Apply asks too, and says what is wrong
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.engine = takes.Engine
}

func cancelled(err error) bool { return err != nil && core.AsProblem(err).Code == core.Cancelled }

// take notes an outcome. One that stands for a row that failed before takes its place in the counts; the list keeps both.
func (f *Follow) take(o core.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, key, at := Said{Outcome: o, At: f.services.Now()}, step{o.Row, o.Second}, int32(len(f.said))
	switch o.State {
	case core.NotRun:
		return
	case core.HandedOver:
		f.takeHanded(key)
		return
	}
	if known, was := f.handed[key]; was && !known {
		f.handed[key] = true
		f.answered++
	}
	if was, known := f.place[key]; known {
		s.Retried = true
		f.count(f.said[was], -1)
		f.failed = slices.DeleteFunc(f.failed, func(i int32) bool { return i == was })
		f.retried = append(f.retried, at)
	}
	f.place[key] = at
	f.said = append(f.said, s)
	f.count(s, 1)
	if s.State != core.Done {
		f.failed = append(f.failed, at)
	}
}

// takeHanded notes that the engine has accepted a row, perhaps once more.
func (f *Follow) takeHanded(key step) {
	if known := f.handed[key]; known {
		f.answered--
	}
	f.handed[key] = false
	if f.since.IsZero() {
		f.since = f.services.Now()
	}
}

func (f *Follow) count(s Said, by int) {
	verb := f.Plan.Rows[s.Row].Verb // that of a second pass is Update, whatever the row is
	k := f.counts[verb]
	if k == nil {
		k = &KindProgress{}
		f.counts[verb] = k
	}
	if s.Second && f.twice[s.Row] {
		k = &KindProgress{} // the row was counted in the first pass
	}
	switch s.State {
	case core.Done:
		f.done += by
		k.Done += by
		if s.Retried {
			k.Retried += by
		}
	case core.Drifted:
		f.drifted += by
		k.Failed += by
	default:
		k.Failed += by
	}
}

// Pause lets the accounts in hand finish and writes nothing more until Go is called again.
func (f *Follow) Pause() { f.end(Pausing) }

// Cancel ends the run: what is done stays done.
func (f *Follow) Cancel() { f.end(Stopping) }

func (f *Follow) end(phase Phase) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.phase == Paused && phase == Stopping:
		f.phase = Ended
	case f.phase == Running || f.phase == Pausing:
		f.phase = phase
		if f.cancel != nil {
			f.cancel()
		}
	}
}

// At gives the moment now.
func (f *Follow) At() RunAt {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := RunAt{Phase: f.phase, Run: f.run, Problem: f.problem, Done: f.done, Failed: len(f.failed), Drifted: f.drifted, Total: f.total,
		Retried: len(f.retried), Said: len(f.said), Worked: f.worked}
	at.Handed = Handed{Engine: firstOf(f.engine, "the target's own import"), Rows: len(f.handed), Answered: f.answered}
	if len(f.handed) > 0 {
		at.Handed.For = f.services.Now().Sub(f.since)
	}
	if f.phase == Running || f.phase == Pausing || f.phase == Stopping {
		at.Worked += f.services.Now().Sub(f.began)
	}
	for _, v := range core.Verbs() {
		n := f.todo[v]
		if !v.Writes() || n == 0 && f.stopped[v] == 0 {
			continue
		}
		k := KindProgress{Verb: v, Total: n}
		if c := f.counts[v]; c != nil {
			k.Done, k.Failed, k.Retried = c.Done, c.Failed, c.Retried
		}
		if n == 0 {
			k.Waited = f.stopped[v]
		}
		at.Kinds = append(at.Kinds, k)
	}
	return at
}

// Which are the outcomes a list shows.
type Which int

// The lists.
const (
	AllOutcomes Which = iota
	FailedOutcomes
	RetriedOutcomes
)

// Len counts the outcomes of a list.
func (f *Follow) Len(which Which) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch which {
	case FailedOutcomes:
		return len(f.failed)
	case RetriedOutcomes:
		return len(f.retried)
	}
	return len(f.said)
}

// Outcome gives one outcome of a list, the newest first; the zero value where there is none.
func (f *Follow) Outcome(which Which, place int) Said {
	f.mu.Lock()
	defer f.mu.Unlock()
	of := map[Which][]int32{FailedOutcomes: f.failed, RetriedOutcomes: f.retried}[which]
	if which != AllOutcomes {
		if place = len(of) - 1 - place; place < 0 {
			return Said{}
		}
		return f.said[of[place]]
	}
	if place = len(f.said) - 1 - place; place < 0 {
		return Said{}
	}
	return f.said[place]
}

// Heading is the page's title and the line under it.
func (f *Follow) Heading(at RunAt) (title, note string) {
	verb := map[Phase]string{Paused: "Paused: ", Ended: "Synced "}[at.Phase]
	if verb == "" {
		verb = "Syncing "
	}
	if f.Plan.Undo != "" && at.Phase != Paused {
		verb = map[bool]string{true: "Undone: ", false: "Undoing "}[at.Phase == Ended]
	}
	var parts []string
	if at.Run.ID != "" {
		parts = append(parts, "Run "+at.Run.ID)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	parts = append(parts, "started at "+f.Approval.At.Format("15:04")+" from the preview made at "+f.Plan.Made.Format("15:04"))
	held := 0
	for v, n := range f.stopped {
		if f.todo[core.Verb(v)] == 0 {
			held += n
		}
	}
	if held > 0 {
		parts = append(parts, Count(held, "change stays", "changes stay")+" held")
	}
	return verb + f.Plan.Name, strings.Join(parts, " · ")
}

// What says which attributes an outcome wrote, or the new account's name.
func (f *Follow) What(o core.Outcome) string {
	row := &f.Plan.Rows[o.Row]
	if o.Second {
		return "Now that the manager's account exists"
	}
	var labels []string
	for _, c := range row.Cells {
		if c.Attribute == core.Enabled || c.Attribute == core.Deleted {
			continue
		}
		label := c.Attribute
		for _, a := range f.Plan.Attributes {
			if a.ID != c.Attribute {
				continue
			}
			if a.Login && row.Verb == core.Create {
				return c.After
			}
			label = firstOf(a.Label, a.ID)
		}
		labels = append(labels, label)
	}
	switch {
	case len(labels) == 0:
		return "Account"
	case len(labels) > 3:
		return strings.Join(labels[:2], ", ") + " and " + itoa(len(labels)-2) + " more"
	}
	return strings.Join(labels, ", ")
}

// WriteOutcomes writes all outcomes as CSV, safe to open in a spreadsheet.
func (f *Follow) WriteOutcomes(path string) error {
	n := f.Len(AllOutcomes)
	return writeTable(path, func(row func(...string) error) error {
		if err := row("time", "change", "person", "number", "account", "result", "reason", "what to do", "attributes", "trace", "seconds"); err != nil {
			return err
		}
		for i := n - 1; i >= 0; i-- {
			s := f.Outcome(AllOutcomes, i)
			name, number := f.Plan.Rows[s.Row].Subject()
			what, fix, about, trace := "", "", "", ""
			if s.Problem != nil {
				what, fix, about, trace = s.Problem.What, s.Problem.Fix, strings.Join(f.labels(f.about(s.Outcome)), ", "), Trace(s.Problem)
			}
			if err := row(s.At.Format(time.RFC3339), s.Verb.String(), name, number, s.Account, s.State.String(), what, fix, about, trace, fmt.Sprintf("%.1f", s.Took.Seconds())); err != nil {
				return err
			}
		}
		return f.writeHanded(row)
	})
}

// writeHanded adds what the engine has not answered.
func (f *Follow) writeHanded(row func(...string) error) error {
	f.mu.Lock()
	var open []step
	for key, known := range f.handed {
		if !known {
			open = append(open, key)
		}
	}
	f.mu.Unlock()
	slices.SortFunc(open, func(a, b step) int { return a.row - b.row })
	for _, key := range open {
		w := &f.Plan.Rows[key.row]
		name, number := w.Subject()
		if err := row("", w.Verb.String(), name, number, w.Account.ID(), core.HandedOver.String(), "", "", "", "", ""); err != nil {
			return err
		}
	}
	return nil
}
