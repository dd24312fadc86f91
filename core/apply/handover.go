package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/core"
)

// handOver gives the changes of a large plan to the platform's own engine, where it has
// one, and waits for what becomes of them. What an earlier try handed over is asked for
// first. It says whether to go on with the rows that are left.
func (r *run) handOver(ctx context.Context, yield func(core.Outcome, error) bool) bool {
	engine, is := r.Target.(core.Importer)
	if !is {
		return true
	}
	takes, err := engine.Imports(ctx)
	if err != nil {
		yield(core.Outcome{}, core.AsProblem(err))
		return false
	}
	if takes.Chunk <= 0 {
		return true
	}
	h := &handing{run: r, engine: engine, takes: takes, yield: yield, byID: map[string]core.Account{}, byValue: map[core.Question][]core.Account{}}
	err = h.all(ctx)
	if err != nil && !h.silent {
		yield(core.Outcome{}, core.AsProblem(err))
	}
	return err == nil && !h.silent
}

// handing is the part of a run that an engine does.
type handing struct {
	*run
	engine core.Importer
	takes  core.Imports
	yield  func(core.Outcome, error) bool
	silent bool // nobody listens any more

	byID    map[string]core.Account // as they are now
	byValue map[core.Question][]core.Account
	people  map[string]string // person → sync key, once it was asked for
	entries []core.Entry      // to be handed over, references to new accounts still open
	tickets []ticket
}

// waiters is how many entries wait for the disk at once.
const waiters = 64

// ticket is a chunk that the engine has accepted.
type ticket struct {
	id      string
	since   time.Time
	entries map[string]core.Entry // undecided ones, by the key of their write
}

func (h *handing) all(ctx context.Context) error {
	waiting := h.collect()
	if len(waiting) == 0 && len(h.entries) < h.Plan.Setup.HandsOverFrom() {
		return nil
	}
	if err := h.read(ctx); err != nil {
		return err
	}
	if err := h.settle(ctx, waiting); err != nil || h.silent {
		return err
	}
	ready, err := h.ready()
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(ready, h.takes.Chunk) {
		if err := h.hand(ctx, chunk); err != nil || h.silent {
			return err
		}
	}
	return h.wait(ctx)
}

// collect gathers what the engine can do of the plan, and gives what an earlier try
// handed over and never heard of again.
func (h *handing) collect() (waiting []core.Noted) {
	for i := range h.Plan.Rows {
		cells, do := Chosen(h.Plan, h.Approval, i)
		if !do || !slices.Contains(h.takes.Verbs, h.Plan.Rows[i].Verb) {
			continue
		}
		switch noted, tried := h.done[step{i, false}]; {
		case tried && !noted.Open && noted.Outcome.State == core.Done:
			h.handed[step{i, true}] = noted.Outcome.Ticket != ""
		case tried && !noted.Open && noted.Outcome.State == core.HandedOver:
			waiting = append(waiting, noted)
		default:
			h.entries = append(h.entries, h.entry(i, cells, false))
		}
	}
	return waiting
}

// settle asks for what an earlier try handed over. What is still not decided is handed
// over again, which does no harm.
func (h *handing) settle(ctx context.Context, waiting []core.Noted) error {
	byTicket := map[string][]core.Noted{}
	for _, n := range waiting {
		byTicket[n.Outcome.Ticket] = append(byTicket[n.Outcome.Ticket], n)
	}
	for id, notes := range byTicket {
		t := ticket{id: id, entries: map[string]core.Entry{}}
		writes := make([]core.Write, len(notes))
		for i, n := range notes {
			writes[i] = h.whole(n.Entry)
			t.entries[writes[i].Key] = n.Entry
		}
		answers, err := h.engine.Imported(ctx, id, writes)
		if err != nil {
			return err
		}
		if err := h.decide(&t, answers); err != nil || h.silent {
			return err
		}
		for _, e := range t.entries {
			h.entries = append(h.entries, e)
		}
	}
	return nil
}

// read reads every account as it is now, which costs less than asking for each.
func (h *handing) read(ctx context.Context) error {
	for a, err := range h.Target.Accounts(ctx, h.attrs) {
		if err != nil {
			return err
		}
		h.byID[a.ID()] = a
		for _, u := range h.searched() {
			q := folded(core.Question{Attribute: u.ID, Value: a.Value(u.ID)})
			h.byValue[q] = append(h.byValue[q], a)
		}
	}
	return nil
}

func folded(q core.Question) core.Question {
	q.Value = strings.ToLower(strings.TrimSpace(q.Value))
	return q
}

// ready gives the entries whose accounts are as the plan saw them. The others are done
// already or have moved on, which is told.
func (h *handing) ready() ([]core.Entry, error) {
	var ready []core.Entry
	for _, e := range h.entries {
		t := h.newTry(e)
		h.compare(&t)
		if t.sends() {
			ready = append(ready, t.Entry)
			continue
		}
		if err := h.end(&t); err != nil || h.silent {
			return nil, err
		}
	}
	return ready, nil
}

func (h *handing) compare(t *try) {
	settled := core.Entry{Row: t.Row, Verb: t.Verb, Account: t.Account, Name: t.Name, Cells: slices.DeleteFunc(slices.Clone(t.Cells), pending)}
	if t.Verb != core.Create {
		a, there := h.byID[t.Account]
		if !there {
			t.problem = stale(&t.Entry, "its account is gone")
			return
		}
		t.ready, t.problem = h.judgeOld(&try{Entry: settled, open: t.open}, a)
		if t.ready == already && len(settled.Cells) < len(t.Cells) {
			t.ready = write // for the reference that is not known yet
		}
		return
	}
	asked := try{Entry: settled, open: t.open}
	questions := h.questions(&asked)
	answers := make([]core.Looked, len(questions))
	for i, q := range questions {
		answers[i].Accounts = h.byValue[folded(q)]
	}
	t.ready, t.problem = h.judgeNew(&asked, questions, answers)
	t.Account = asked.Account
	if t.ready == already && !t.open && len(settled.Cells) < len(t.Cells) {
		t.ready = write
	}
}

// end tells the outcome of a try and writes it down.
func (h *handing) end(t *try) error {
	h.handed[step{t.Row, false}], h.handed[step{t.Row, true}] = true, true
	o, err := h.conclude(t)
	if err != nil {
		return err
	}
	return h.tell(o)
}

func (h *handing) tell(o core.Outcome) error {
	if !h.yield(o, nil) {
		h.silent = true
		return nil
	}
	if o.Problem != nil && o.Problem.Code == core.Unknown {
		return nil // late is not failed
	}
	return h.tooMany(o)
}

// hand gives one chunk to the engine: write down, hand over, write down that it was taken.
func (h *handing) hand(ctx context.Context, chunk []core.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := ticket{since: h.Now(), entries: map[string]core.Entry{}}
	writes := make([]core.Write, len(chunk))
	var down errgroup.Group // at once, because they then wait for the disk together
	down.SetLimit(waiters)
	for i, e := range chunk {
		writes[i] = h.whole(e)
		t.entries[writes[i].Key] = e
		h.handed[step{e.Row, false}] = true
		down.Go(func() error { return h.Journal.Before(e) })
	}
	err := down.Wait()
	if err != nil {
		return err
	}
	if t.id, err = h.engine.Import(ctx, writes); err != nil {
		return err // what was taken and what was not is found out by the next try
	}
	h.tickets = append(h.tickets, t)
	for _, e := range chunk {
		o := core.Outcome{Row: e.Row, Verb: e.Verb, Person: e.Person, Account: e.Account, State: core.HandedOver, Ticket: t.id}
		if err := h.Journal.After(e, o); err != nil {
			return err
		}
		if err := h.tell(o); err != nil || h.silent {
			return err
		}
	}
	return nil
}

// whole is a write with every mapped attribute as it will be, and the keys of the
// accounts that references name.
func (h *handing) whole(e core.Entry) core.Write {
	now := e
	now.Cells = slices.DeleteFunc(slices.Clone(e.Cells), pending)
	w := h.written(now)
	w.Whole, w.Keys = map[string]string{}, map[string]string{}
	if a, there := h.byID[e.Account]; there {
		w.Whole[core.Enabled] = a.Value(core.AccountActive)
		for _, id := range h.attrs {
			w.Whole[id] = a.Value(id)
		}
	}
	for _, c := range now.Cells {
		w.Whole[c.Attribute] = c.After
	}
	if _, stated := w.Whole[core.Enabled]; !stated {
		w.Whole[core.Enabled] = "true"
	}
	for _, a := range h.Plan.Attributes {
		if a.Kind == core.Reference {
			w.Keys[a.ID] = h.keyOf(w.Whole[a.ID])
		}
	}
	for _, c := range e.Cells {
		if pending(c) {
			w.Keys[c.Attribute] = h.keyOfPerson(c.Pending)
		}
	}
	return w
}

// keyOf gives the sync key of an account.
func (h *handing) keyOf(id string) string {
	if keys := h.Plan.Setup.Identity.Keys; id != "" && len(keys) > 0 {
		return h.byID[id].Value(keys[0].Attribute)
	}
	return ""
}

// keyOfPerson gives the sync key of somebody whose account this plan makes.
func (h *handing) keyOfPerson(id string) string {
	if h.people == nil {
		h.people = map[string]string{}
		for i := range h.Plan.Rows {
			if d := h.Plan.Rows[i].Desired; !d.IsZero() {
				h.people[d.Person()] = d.Value(core.LabelKeyBase + "0")
			}
		}
	}
	return h.people[id]
}

// wait asks what became of the chunks until all of it is known.
func (h *handing) wait(ctx context.Context) error {
	for {
		open := 0
		for i := range h.tickets {
			t := &h.tickets[i]
			if len(t.entries) == 0 {
				continue
			}
			if err := h.ask(ctx, t); err != nil || h.silent {
				return err
			}
			open += len(t.entries)
		}
		if open == 0 {
			return nil
		}
		if err := h.sleep(ctx, h.takes.Every); err != nil {
			return err
		}
	}
}

func (h *handing) ask(ctx context.Context, t *ticket) error {
	writes := make([]core.Write, 0, len(t.entries))
	for _, e := range t.entries {
		writes = append(writes, h.whole(e))
	}
	answers, err := h.engine.Imported(ctx, t.id, writes)
	if err != nil {
		return err
	}
	if h.Now().Sub(t.since) > h.takes.Patience {
		for _, w := range writes {
			if _, decided := answers[w.Key]; !decided {
				answers[w.Key] = core.Written{Err: h.overdue(t.entries[w.Key])}
			}
		}
	}
	return h.decide(t, answers)
}

func (h *handing) overdue(e core.Entry) error {
	return &core.Problem{Code: core.Unknown, What: fmt.Sprintf("%s has not said what became of %s.", h.takes.Engine, e.Name), Fix: "Apply the plan again later; what is done by then counts as done."}
}

// decide ends the entries that have an answer.
func (h *handing) decide(t *ticket, answers map[string]core.Written) error {
	for key, w := range answers {
		e, open := t.entries[key]
		if !open {
			continue
		}
		delete(t.entries, key)
		done := h.newTry(e)
		done.began, done.ready, done.ticket = t.since, write, t.id
		done.take(w)
		if err := h.end(&done); err != nil || h.silent {
			return err
		}
	}
	return nil
}

func (h *handing) sleep(ctx context.Context, d time.Duration) error {
	if h.Sleep != nil {
		return h.Sleep(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
