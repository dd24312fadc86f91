package view

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Review holds a plan while a person looks at it: what is shown of it, in which order, what is ticked, which guards were
// allowed. It works in memory over a million rows and is used by one goroutine at a time.
type Review struct {
	Plan *core.Plan
	Spec core.Spec // of the system that is written to
	Sum  core.Sum

	index   searchIndex
	verbs   []core.Verb // one byte a row: filters must not walk the rows themselves
	show    [8]bool
	narrow  Narrow
	hits    []int32 // rows whose text matches; nil: all
	query   string
	sort    Column
	down    bool
	orders  map[Column][]int32
	shown   []int32
	labels  map[string]core.Attribute
	rules   map[string]core.Rule
	source  string
	decided []core.Decision // nil: none
	left    map[int][]string
	allowed map[string]string
	boxes   []Ticked
	ticked  [8]int
	waiting [8]int       // rows that a guard still holds
	rights  []core.Right // of the target, as far as it was asked
	answers core.Answers // of the target's connection, without its secrets
}

// NewReview makes the model of a plan. A million rows take less than a second.
func NewReview(p *core.Plan, spec core.Spec) *Review {
	r := &Review{Plan: p, Spec: spec, Sum: p.Count(), orders: map[Column][]int32{}, labels: map[string]core.Attribute{},
		rules: map[string]core.Rule{}, left: map[int][]string{}, allowed: map[string]string{}}
	for _, a := range p.Attributes {
		r.labels[a.ID] = a
	}
	for _, rule := range p.Setup.Mapping {
		r.rules[rule.Attribute] = rule
	}
	r.source, _, _ = strings.Cut(p.Name, " → ")
	r.verbs = make([]core.Verb, len(p.Rows))
	for i := range p.Rows {
		r.verbs[i] = p.Rows[i].Verb
	}
	r.index = newSearchIndex(p)
	for _, v := range core.Verbs() {
		r.show[v] = v.Writes() || v == core.Held
	}
	r.recount()
	r.refilter()
	return r
}

// OpenReview opens a stored plan for review.
func OpenReview(ctx context.Context, s Services, plan string) (*Review, error) {
	p, err := s.Plans.Open(ctx, plan)
	if err != nil {
		return nil, err
	}
	return reviewOf(ctx, s, p)
}

// MakeReview makes the plan of a sync and opens it for review.
func MakeReview(ctx context.Context, s Services, sync string, tell func(core.Progress)) (*Review, error) {
	p, err := s.Plans.Make(ctx, sync, tell)
	if err != nil {
		return nil, err
	}
	return reviewOf(ctx, s, p)
}

func reviewOf(ctx context.Context, s Services, p *core.Plan) (*Review, error) {
	spec, err := s.Plans.Target(ctx, p)
	if err != nil && !core.HasCode(err, core.NotFound) {
		return nil, err
	}
	r := NewReview(p, spec)
	if r.answers, err = targetOptions(ctx, s, p); err != nil {
		return nil, err
	}
	return r, ctx.Err()
}

// Narrow leaves only some rows in view, beside facets and search.
type Narrow struct {
	Attribute string // rows that change it
	Guard     string // rows that it stopped
	Reason    core.Reason
}

// IsZero says that nothing is narrowed.
func (n Narrow) IsZero() bool { return n == Narrow{} }

// Facet is one kind of row with its number.
type Facet struct {
	Verb  core.Verb
	Count int
	Held  bool // all that would be done of it are held by a guard
	On    bool
}

// Facets lists the kinds. Those that hardly ever occur come only when they do.
func (r *Review) Facets() []Facet {
	var facets []Facet
	for _, v := range core.Verbs() {
		n := r.Sum.Of(v)
		if n == 0 && (v == core.Reactivate || v == core.Delete || r.Plan.Undo != "") {
			continue
		}
		facets = append(facets, Facet{Verb: v, Count: n, Held: n > 0 && v.Writes() && r.waiting[v] == n, On: r.show[v]})
	}
	return facets
}

// ShowVerb turns a facet on or off.
func (r *Review) ShowVerb(v core.Verb, on bool) {
	r.show[v] = on
	r.refilter()
}

// Equation is the sum that accounts for everybody read: "31 + 118 + 985 = 1,134 people".
func (r *Review) Equation() (terms, total string) {
	var parts []string
	for _, f := range r.Facets() {
		if n := r.Sum.People[f.Verb]; n > 0 {
			parts = append(parts, Thousands(n))
		}
	}
	total = Count(r.Sum.Read(), "person", "people")
	others := 0
	for _, n := range r.Sum.Accounts {
		others += n
	}
	switch {
	case others > 0 && r.Sum.Read() == 0:
		return "", Count(others, "account", "accounts")
	case others > 0:
		total += " and " + Count(others, "account", "accounts") + " without one"
	}
	if len(parts) < 2 {
		return "", total
	}
	return strings.Join(parts, " + ") + " =", total
}

// Narrowed gives what the view is narrowed to.
func (r *Review) Narrowed() Narrow { return r.narrow }

// SetNarrow narrows the view; the zero value shows all again. Rows that a guard stopped are shown whatever the facets say.
func (r *Review) SetNarrow(n Narrow) {
	r.narrow = n
	r.refilter()
}

// Search leaves the rows in which each word of the query stands: name, number, e-mail, login, values before and after.
func (r *Review) Search(query string) {
	query = string(appendFold(nil, query))
	switch {
	case query == r.query:
		return
	case query == "":
		r.hits = nil
	case r.hits != nil && r.query != "" && strings.HasPrefix(query, r.query):
		r.hits = r.index.narrow(r.hits, strings.Fields(query))
	default:
		r.hits = r.index.find(strings.Fields(query))
	}
	r.query = query
	r.refilter()
}

// Searched gives the folded query, "" for none.
func (r *Review) Searched() string { return r.query }

// Len is the number of rows in view.
func (r *Review) Len() int { return len(r.shown) }

// At gives the row of the plan that stands at a place in view.
func (r *Review) At(place int) int { return int(r.shown[place]) }

// Place gives where a row of the plan stands in view, or -1.
func (r *Review) Place(row int) int { return slices.Index(r.shown, int32(row)) }

// refilter makes the list of rows in view from search, facets, narrowing and order.
func (r *Review) refilter() {
	keep := r.keeper()
	r.shown = r.shown[:0]
	if r.sort == "" {
		r.inPlanOrder(keep)
		return
	}
	in := make([]bool, len(r.verbs))
	if r.hits == nil {
		for i := range in {
			in[i] = keep(int32(i))
		}
	} else {
		for _, i := range r.hits {
			in[i] = keep(i)
		}
	}
	order := r.order(r.sort)
	for k := range order {
		i := order[k]
		if r.down {
			i = order[len(order)-1-k]
		}
		if in[i] {
			r.shown = append(r.shown, i)
		}
	}
}

func (r *Review) inPlanOrder(keep func(int32) bool) {
	if r.hits == nil {
		for i := range r.verbs {
			if keep(int32(i)) {
				r.shown = append(r.shown, int32(i))
			}
		}
		return
	}
	for _, i := range r.hits {
		if keep(i) {
			r.shown = append(r.shown, i)
		}
	}
}

func (r *Review) keeper() func(int32) bool {
	n := r.narrow
	if n.IsZero() {
		return func(i int32) bool { return r.show[r.verbs[i]] }
	}
	return func(i int32) bool {
		row := &r.Plan.Rows[i]
		if n.Guard != "" {
			return r.stoppedBy(row, n.Guard)
		}
		if !r.show[row.Verb] || n.Reason != core.NoReason && row.Why != n.Reason {
			return false
		}
		return n.Attribute == "" || slices.ContainsFunc(row.Cells, func(c core.Cell) bool { return c.Attribute == n.Attribute })
	}
}

func (r *Review) stoppedBy(row *core.Row, guard string) bool {
	for _, t := range r.Plan.Tripped {
		if t.Guard == guard && stopped(row) && t.Stops(r.Plan, row) {
			return true
		}
	}
	return false
}

// stopped says that a guard holds the row or one of its cells.
func stopped(row *core.Row) bool {
	return row.Tick == core.Stopped || slices.ContainsFunc(row.Cells, func(c core.Cell) bool { return c.Tick == core.Stopped })
}

// NarrowOption is one thing to narrow by, with how many rows it leaves.
type NarrowOption struct {
	Label string
	Count int
	To    Narrow
}

// ByAttribute lists the attributes that change, most changes first.
func (r *Review) ByAttribute() []NarrowOption {
	counts := map[string]int{}
	for i := range r.Plan.Rows {
		for _, c := range r.Plan.Rows[i].Cells {
			counts[c.Attribute]++
		}
	}
	var options []NarrowOption
	for id, n := range counts {
		options = append(options, NarrowOption{r.Label(id), n, Narrow{Attribute: id}})
	}
	return ranked(options)
}

// ByReason lists the reasons, most rows first.
func (r *Review) ByReason() []NarrowOption {
	counts := map[core.Reason]int{}
	for i := range r.Plan.Rows {
		if why := r.Plan.Rows[i].Why; why != core.NoReason && r.show[r.verbs[i]] {
			counts[why]++
		}
	}
	var options []NarrowOption
	for why, n := range counts {
		options = append(options, NarrowOption{why.Text(), n, Narrow{Reason: why}})
	}
	return ranked(options)
}

// ByGuard lists the guards that tripped.
func (r *Review) ByGuard() []NarrowOption {
	var options []NarrowOption
	for _, t := range r.Plan.Tripped {
		if !slices.ContainsFunc(options, func(o NarrowOption) bool { return o.To.Guard == t.Guard }) {
			options = append(options, NarrowOption{t.What, t.Count, Narrow{Guard: t.Guard}})
		}
	}
	return options
}

func ranked(options []NarrowOption) []NarrowOption {
	slices.SortFunc(options, func(a, b NarrowOption) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Label, b.Label))
	})
	return options
}

// NarrowLabel says in words what the view is narrowed to, "" for nothing.
func (r *Review) NarrowLabel() string {
	switch n := r.narrow; {
	case n.Attribute != "":
		return r.Label(n.Attribute)
	case n.Guard != "":
		return "Held by a limit"
	case n.Reason != core.NoReason:
		return n.Reason.Text()
	}
	return ""
}

// Title and Note are the two lines at the top of the page.
func (r *Review) Title() string {
	if r.Plan.Undo != "" {
		return "Undo · " + r.Plan.Name
	}
	return "Preview · " + r.Plan.Name
}

// Note says when and of what the plan was made.
func (r *Review) Note(now time.Time) string {
	made := "Made " + Ago(r.Plan.Made, now)
	if r.Plan.Undo != "" {
		return made + " to take back run " + r.Plan.Undo + " · nothing has been changed yet"
	}
	return made + " from " + Count(r.Plan.People, "person", "people") + " and " + Count(r.Plan.Accounts, "account", "accounts") + " · nothing has been changed yet"
}

// TooOld says that the plan can no longer be applied because of its age.
func (r *Review) TooOld(now time.Time) bool {
	hours := r.Plan.Setup.Guards.PlanHours
	return hours > 0 && now.Sub(r.Plan.Made) > time.Duration(hours)*time.Hour
}
