// Package engine is the path end to end: the only room that knows every stage. It has
// two doors, Plan and Apply; whoever looks at a plan and does not apply it has done a
// dry run.
package engine

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/core"
	"rollcall/core/apply"
	"rollcall/core/diff"
	"rollcall/core/filter"
	"rollcall/core/mapping"
	"rollcall/core/match"
	"rollcall/core/plan"
)

// Input is what a plan is made from.
type Input struct {
	ID     string // of the plan
	Name   string
	Setup  core.Setup
	Source core.Source
	Target core.Target
	Memory core.Memory
	Now    time.Time
	Seed   [32]byte // of random values in expressions
	// Former is an earlier whole reading of the accounts: of a target that is a
	// core.Follower only what changed since is read. Nil reads all.
	Former *core.Former
	// Keep gets every person whom the filter keeps, for the snapshot; nil keeps nobody.
	Keep func(core.Person) error
	// Progress is told where the work stands, from several goroutines; may be nil.
	Progress func(core.Progress)
}

// Result is a plan and what the next plan has to remember of this reading.
type Result struct {
	Plan   *core.Plan
	Memory core.Memory
	// Followed says that the accounts are those of Input.Former with what changed since.
	Followed bool
	// Mark is where the target's history was before the accounts were read in whole, and
	// Read are they; "" where the reading is not one to be followed.
	Mark string
	Read []core.Account
}

// Plan reads both sides and makes the plan. It writes nothing. A problem of either side,
// and rules that do not fit it, end it with a *core.Problem; nothing is half made.
func Plan(ctx context.Context, in Input) (*Result, error) {
	if in.Progress == nil {
		in.Progress = func(core.Progress) {}
	}
	p, err := prepare(ctx, in)
	if err != nil {
		return nil, err
	}
	group, ends := errgroup.WithContext(ctx)
	var people people
	var read reading
	var accounts []core.Account
	var known *match.Accounts
	group.Go(func() (err error) { people, err = p.people(ends); return err })
	group.Go(func() (err error) {
		read, err = p.accounts(ends)
		accounts = withoutTwins(read.accounts, in.Setup.Identity.Keys)
		known = match.NewAccounts(accounts, in.Setup.Identity.Keys)
		p.known.give(known)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	in.Progress(core.Progress{Phase: core.PhaseCompare, Total: -1})
	made := p.compare(people, accounts, known)
	made.Followed, made.Memory.Accounts = read.followed, len(read.accounts)
	if read.mark != "" {
		made.Mark, made.Read = read.mark, read.accounts
	}
	return made, ctx.Err()
}

// planner holds what is the same for all people.
type planner struct {
	Input
	attributes []core.Attribute
	sieve      *filter.Sieve
	mapper     *mapping.Mapper
	known      *promise
}

// promise is the accounts, for expressions that ask whether a value is taken while the
// accounts are still being read.
type promise struct {
	ready    chan struct{}
	accounts *match.Accounts
}

func (k *promise) give(a *match.Accounts) {
	k.accounts = a
	close(k.ready)
}

func (k *promise) taken(attribute, value string) bool {
	<-k.ready // the accounts' side never waits for the people's
	return k.accounts.Has(attribute, value)
}

func prepare(ctx context.Context, in Input) (*planner, error) {
	p := &planner{Input: in, known: &promise{ready: make(chan struct{})}}
	fields, err := in.Source.Fields(ctx)
	if err != nil {
		return nil, err
	}
	if p.attributes, err = in.Target.Attributes(ctx); err != nil {
		return nil, err
	}
	if err := filter.Check(in.Setup.Filter, fields); err != nil {
		return nil, err
	}
	if p.sieve, err = filter.Compile(in.Setup.Filter, in.Setup.Entities, in.Now); err != nil {
		return nil, err
	}
	if err := checkIdentity(in.Setup.Identity, p.attributes); err != nil {
		return nil, err
	}
	p.mapper, err = mapping.Compile(mapping.Input{Rules: in.Setup.Mapping, Custom: in.Setup.Fields, Keys: in.Setup.Identity.Keys,
		Attributes: p.attributes, Fields: fields, Now: in.Now, Create: in.Setup.Modes.Create, Seed: in.Seed, Taken: p.known.taken})
	return p, err
}

func checkIdentity(id core.Identity, attributes []core.Attribute) error {
	if len(id.Keys) == 0 {
		return &core.Problem{Code: core.BadRules, What: "No identifier is chosen.", Fix: "Choose which field of a person finds the account, for example the employee number."}
	}
	for _, k := range id.Keys {
		if !hasAttribute(attributes, k.Attribute) {
			return &core.Problem{Code: core.BadRules, What: "The identifier's attribute “" + k.Attribute + "” does not exist in the target.", Fix: "Choose one of the target's attributes."}
		}
	}
	return nil
}

func hasAttribute(attributes []core.Attribute, id string) bool {
	for _, a := range attributes {
		if a.ID == id {
			return true
		}
	}
	return false
}

// people is what is kept of the source.
type people struct {
	read    int
	kept    pile[core.Desired]
	desired []core.Desired
	flaws   map[int32][]core.Flaw
	out     map[int32]diff.Left
	came    core.Tally // to be compared with those who were to come again
	tally   core.Tally // those who will come again
	whole   bool       // the source gives people who left longer ago than they are asked for
}

const (
	tellEvery = 5000
	entity    = "legalEntity" // the groups that must not vanish from one reading to the next
	ended     = "endDate"
	// lateDays is how late somebody's leaving may be told and he still counts as one of
	// those who came last time.
	lateDays = 30
)

func (p *planner) people(ctx context.Context) (people, error) {
	out := people{flaws: map[int32][]core.Flaw{}, out: map[int32]diff.Left{}, came: newTally(p.Now), tally: newTally(p.Now)}
	wants := append(append(p.mapper.Wants(), p.sieve.Wants()...), entity, ended)
	for person, err := range p.Source.People(ctx, core.Want{Fields: wants, Leavers: p.Setup.LeaversBack()}) {
		if err != nil {
			return out, err
		}
		out.read++
		if out.read%tellEvery == 0 {
			p.Progress(core.Progress{Phase: core.PhasePeople, Done: out.read, Total: -1})
		}
		if err := p.take(&out, person); err != nil {
			return out, err
		}
	}
	out.desired = out.kept.all()
	p.Progress(core.Progress{Phase: core.PhasePeople, Done: out.read, Total: out.read})
	return out, nil
}

func (p *planner) take(out *people, person core.Person) error {
	at := int32(out.kept.n)
	keep, why, detail := p.sieve.Keep(person)
	p.count(out, person, keep)
	desired, flaws := p.mapper.Desired(person)
	out.kept.add(desired)
	if !keep {
		out.out[at] = diff.Left{Why: why, Detail: detail}
		return nil
	}
	if len(flaws) > 0 {
		out.flaws[at] = flaws
	}
	if p.Keep != nil {
		return p.Keep(person)
	}
	return nil
}

func newTally(now time.Time) core.Tally { return core.Tally{At: now, Groups: map[string]int{}} }

// count tells those who have left from those who will come again. Who left since the last
// reading still counts as one of those who came.
func (p *planner) count(out *people, person core.Person, kept bool) {
	group := ""
	if v := person.Value(entity); v != "" && kept {
		group = entity + "=" + v
	}
	end := person.Value(ended)
	left := person.Value("employmentStatus") == core.StatusTerminated && end != ""
	if !left {
		add(&out.tally, group)
	}
	if !left || end >= daysBefore(p.Memory.Last.At, lateDays) {
		add(&out.came, group)
	}
	if back := p.Setup.LeaversBack(); left && back >= 0 && end < daysBefore(p.Now, back+1) {
		out.whole = true
	}
}

func add(t *core.Tally, group string) {
	t.People++
	if group != "" {
		t.Groups[group]++
	}
}

func daysBefore(t time.Time, days int) string { return t.AddDate(0, 0, -days).Format(time.DateOnly) }

// wanted are the attributes that the plan compares.
func (p *planner) wanted() []string {
	var ids []string
	for _, r := range p.Setup.Mapping {
		ids = append(ids, r.Attribute)
	}
	for _, k := range p.Setup.Identity.Keys {
		if !slices.Contains(ids, k.Attribute) {
			ids = append(ids, k.Attribute)
		}
	}
	return ids
}

func (p *planner) compare(people people, accounts []core.Account, known *match.Accounts) *Result {
	found := match.NewPeople(people.desired)
	pairs, clashes := match.Pairs(match.Input{Desired: people.desired, People: found, Accounts: accounts, Known: known, Keys: p.Setup.Identity.Keys, Links: p.Memory.Links,
		Out: func(d int32) bool { _, out := people.out[d]; return out }})
	rows := diff.Rows(diff.Input{Desired: people.desired, Accounts: accounts, Pairs: pairs, Clashes: clashes, Flaws: people.flaws, Out: people.out,
		Find: found.Find, Attributes: p.attributes, Rules: p.Setup.Mapping, Keys: p.Setup.Identity.Keys,
		Modes: p.Setup.Modes, Protected: lowered(p.Setup.Protected), Memory: p.Memory, Now: p.Now, LeaversBack: p.leaversBack(people)})
	made := core.Plan{ID: p.ID, Name: p.Name, Made: p.Now, Setup: p.Setup, Attributes: p.written(), Rows: rows.Rows, Names: rows.Names,
		People: people.read, Accounts: len(accounts) - deleted(accounts), Unmanaged: rows.Unmanaged, Protected: rows.Protected}
	memory, before := p.Memory, p.Memory
	memory.Absent, memory.Last = rows.Absent, people.tally
	if before.Last.At.IsZero() { // of a program that counted leavers too: not to be compared
		before.Last = core.Tally{}
	}
	return &Result{Plan: plan.New(plan.Input{Plan: made, Memory: before, Tally: people.came}), Memory: memory}
}

// leaversBack is after how many days people who left are missing from this reading, below
// zero where they are not.
func (p *planner) leaversBack(people people) int {
	if people.whole {
		return -1
	}
	return p.Setup.LeaversBack()
}

// written are the attributes that stand in rows, in the target's order.
func (p *planner) written() []core.Attribute {
	wanted := p.wanted()
	return slices.DeleteFunc(slices.Clone(p.attributes), func(a core.Attribute) bool { return !slices.Contains(wanted, a.ID) })
}

func lowered(ids []string) map[string]bool {
	m := make(map[string]bool, len(ids))
	for _, id := range ids {
		m[strings.ToLower(id)] = true
	}
	return m
}

// ApplyInput is an approved plan and where it goes.
type ApplyInput = apply.Input

// Apply makes the changes of an approved plan; see apply.Run.
func Apply(ctx context.Context, in ApplyInput) iter.Seq2[core.Outcome, error] {
	return apply.Run(ctx, in)
}

// Undo makes the plan that takes a run back; see plan.Undo.
func Undo(in plan.UndoInput) (*core.Plan, error) { return plan.Undo(in) }
