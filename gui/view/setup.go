package view

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rollcall/core"
)

// The steps of the wizard, as Sync.Step counts them.
const (
	StepAccess = iota
	StepFilter
	StepScope
	StepMapping
	StepPreview
)

// StepNames are the steps' words.
func StepNames() []string {
	return []string{"Access", "Filter", "What to sync", "Mapping", "Preview"}
}

// Ends of a sync.
const (
	SourceEnd = iota
	TargetEnd
)

// End is one side of a sync in the wizard: the system, and its connection once it is
// saved. The zero End is not chosen yet.
type End struct {
	Spec       core.Spec
	Connection Connection
}

// Chosen says that a system was chosen.
func (e End) Chosen() bool { return e.Spec.ID != "" }

// Saved says that the connection is kept.
func (e End) Saved() bool { return e.Connection.ID != "" }

// Name is what the end is called.
func (e End) Name() string {
	if e.Connection.Name != "" {
		return e.Connection.Name
	}
	return e.Spec.Name
}

// Found says that a search leaves the end among those that are offered.
func (e End) Found(search string) bool {
	return holdsWords(search, slices.Concat([]string{e.Name(), e.Spec.Name, e.Spec.ID, CategoryName(e.Spec.Category)}, e.Spec.Aliases)...)
}

// Wizard is the set-up of one sync, from nothing to a plan. It belongs to the screen's
// thread; what takes long is done by the functions of this file, which take values.
type Wizard struct {
	Sync        Sync
	Specs       []core.Spec
	Connections []Connection
	Ends        [2]End
	Asking      int // the end whose access is asked for
}

// LoadWizard opens the wizard where a route says: on a sync, on one connection, on a
// system not yet set up, or on nothing.
func LoadWizard(ctx context.Context, s Services, r Route) (*Wizard, error) {
	settings, err := s.Settings.Load(ctx)
	if err != nil {
		return nil, err
	}
	w := &Wizard{Specs: s.Connections.Specs()}
	w.Sync.Draft = true
	w.Sync.Setup = core.Setup{Modes: core.DefaultModes(), Guards: settings.Guards}
	if w.Sync.Setup.Guards == (core.Guards{}) {
		w.Sync.Setup.Guards = core.DefaultGuards()
	}
	if w.Connections, err = s.Connections.List(ctx); err != nil {
		return nil, err
	}
	switch {
	case r.Sync != "":
		return w, w.openSync(ctx, s, r.Sync)
	case r.Connection != "":
		i := slices.IndexFunc(w.Connections, func(c Connection) bool { return c.ID == r.Connection })
		if i < 0 {
			return nil, gone("connection")
		}
		w.chooseFirst(End{w.spec(w.Connections[i].Connector), w.Connections[i]})
	case r.Connector != "":
		w.chooseFirst(End{Spec: w.spec(r.Connector)})
	}
	return w, nil
}

func gone(what string) *core.Problem {
	return &core.Problem{Code: core.NotFound, What: "This " + what + " is no longer there.", Fix: "Go back to Integrations and choose another one."}
}

func (w *Wizard) openSync(ctx context.Context, s Services, id string) error {
	all, err := s.Syncs.List(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(y Sync) bool { return y.ID == id })
	if i < 0 {
		return gone("sync")
	}
	w.Sync = all[i]
	w.Ends = [2]End{w.end(all[i].Setup.Source), w.end(all[i].Setup.Target)}
	if w.Ends[SourceEnd].Saved() && !w.Ends[TargetEnd].Saved() {
		w.Asking = TargetEnd
	}
	if !w.Ready() {
		w.Sync.Step = StepAccess
	}
	return nil
}

func (w *Wizard) end(side core.Side) End {
	i := slices.IndexFunc(w.Connections, func(c Connection) bool { return c.Name == side.Connection })
	if i < 0 {
		return End{}
	}
	return End{w.spec(w.Connections[i].Connector), w.Connections[i]}
}

func (w *Wizard) spec(id string) core.Spec {
	for _, s := range w.Specs {
		if s.ID == id {
			return s
		}
	}
	return core.Spec{}
}

// chooseFirst puts the system from whose card the wizard was opened on its side: a
// directory that can also be read from is a target.
func (w *Wizard) chooseFirst(e End) {
	w.Asking = SourceEnd
	if e.Spec.Target && (!e.Spec.Source || e.Spec.Category == core.Directory) {
		w.Asking = TargetEnd
	}
	w.Ends[w.Asking] = e
}

// Choose puts a system or connection on the side that is asked for.
func (w *Wizard) Choose(e End) { w.Ends[w.Asking] = e }

// Kept notes a saved connection and names it in the setup.
func (w *Wizard) Kept(end int, c Connection) {
	w.Ends[end].Connection = c
	if i := slices.IndexFunc(w.Connections, func(o Connection) bool { return o.ID == c.ID }); i >= 0 {
		w.Connections[i] = c
	} else {
		w.Connections = append(w.Connections, c)
	}
	side := core.Side{Connection: c.Name}
	if end == SourceEnd {
		w.Sync.Setup.Source = side
		w.Sync.Setup.LeaverDays = w.Ends[end].Spec.LeaverDays(w.Sync.Setup.LeaverDays)
	} else {
		w.Sync.Setup.Target = side
	}
	w.Sync.Name = SyncName(w.Sync.Setup)
}

// Ready says that both ends are connected, so that people and attributes can be read.
func (w *Wizard) Ready() bool { return w.Ends[SourceEnd].Saved() && w.Ends[TargetEnd].Saved() }

// Title names what is set up.
func (w *Wizard) Title() string {
	switch from, to := w.Ends[SourceEnd], w.Ends[TargetEnd]; {
	case from.Chosen() && to.Chosen():
		return from.Name() + " → " + to.Name()
	case from.Chosen():
		return from.Name()
	case to.Chosen():
		return to.Name()
	}
	return "New sync"
}

// Offers are the systems that fit the side asked for: connections first, then systems
// not yet set up.
func (w *Wizard) Offers() []End {
	fits := func(s core.Spec) bool {
		if w.Asking == SourceEnd {
			return s.Source
		}
		return s.Target
	}
	other := w.Ends[1-w.Asking].Connection.ID
	var offers []End
	for _, c := range w.Connections {
		if s := w.spec(c.Connector); fits(s) && c.ID != other {
			offers = append(offers, End{s, c})
		}
	}
	taken := map[string]bool{}
	for _, o := range offers {
		taken[o.Spec.ID] = true
	}
	var others []End
	for _, s := range w.Specs {
		if fits(s) && !taken[s.ID] {
			others = append(others, End{Spec: s})
		}
	}
	order := []core.Category{core.HRSystem, core.File, core.Directory}
	if w.Asking == TargetEnd {
		order = []core.Category{core.Directory, core.File, core.HRSystem}
	}
	rank := func(e End) int { return slices.Index(order, e.Spec.Category) }
	slices.SortStableFunc(others, func(a, b End) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.Spec.Name, b.Spec.Name))
	})
	return append(offers, others...)
}

// OneClick says that a system asks nothing, so that one press sets it up.
func OneClick(s core.Spec) bool {
	return !slices.ContainsFunc(s.Options, func(o core.Option) bool { return !o.Optional && o.Default == "" })
}

// NewName proposes the name of the connection that the side asked for gets.
func (w *Wizard) NewName() string { return freeName(w.Connections, w.Ends[w.Asking].Spec.Name) }

// KeepConnection saves a connection with the answers of its form. Secrets that were not
// typed stay as they are. A new one is tested once more, so that its card says how it
// stands: what was found before it was kept is noted nowhere.
func KeepConnection(ctx context.Context, s Services, e End, name string, answers core.Answers) (Connection, error) {
	if err := nameIsFree(ctx, s, e.Connection.ID, name); err != nil {
		return Connection{}, err
	}
	c := e.Connection
	if c.ID != "" && c.Name != name {
		if err := Rename(ctx, s, c, name); err != nil {
			return Connection{}, err
		}
	}
	c.Name, c.Connector = name, e.Spec.ID
	kept, err := s.Connections.Save(ctx, c, answers)
	if err != nil || e.Saved() {
		return kept, err
	}
	_, _ = s.Connections.Test(ctx, kept.Connector, PlainAnswers(kept), kept.ID) // noted with the connection, well or not
	all, err := s.Connections.List(ctx)
	if i := slices.IndexFunc(all, func(o Connection) bool { return o.ID == kept.ID }); i >= 0 {
		kept = all[i]
	}
	return kept, err
}

// KeepDraft saves where the wizard stands, so that it can be left and resumed. A sync
// that is in use stays in use.
func KeepDraft(ctx context.Context, s Services, y Sync, step int) (Sync, error) {
	y.Step = max(step, 0)
	if y.Name == "" {
		y.Name = SyncName(y.Setup)
	}
	return s.Syncs.Save(ctx, y)
}

// Permission is one right as the credentials page shows it.
type Permission struct {
	Label, Detail string
	State         PermissionState
	Without       string // what is absent without it
	Grant         string // how it is given
	Needed        bool
	For           string // the writing that it is for: "create accounts"; empty: reading
}

// PermissionState says what is known of a right.
type PermissionState int

// The states of a right.
const (
	NotTested PermissionState = iota
	Granted
	Missing
	Untold // the system does not say
)

// Permissions puts what a test found beside what the system asks for; nil is no test yet.
func Permissions(spec core.Spec, found *core.Health) []Permission {
	var all []Permission
	seen := map[string]bool{}
	if found != nil {
		for _, r := range found.Rights {
			seen[r.ID] = true
			p := Permission{Label: r.Label, Detail: r.Detail, State: Missing, Without: r.Without, Grant: r.Grant, Needed: r.Needed, For: Purpose(r.Permission, attributeName)}
			switch {
			case r.Unsure:
				p.State = Untold
			case r.Granted:
				p.State = Granted
			}
			all = append(all, p)
		}
	}
	for _, p := range spec.Permissions {
		if !seen[p.ID] {
			all = append(all, Permission{Label: p.Label, Without: p.Without, Grant: p.Grant, Needed: p.Needed, For: Purpose(p, attributeName)})
		}
	}
	return all
}

// attributeName shows an attribute of which nothing but its name is known: "orgUnit" as "org unit".
func attributeName(id string) string {
	var b strings.Builder
	for i, r := range id {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// ToRead and ToWrite part the rights by what they are for.
func ToRead(all []Permission) []Permission { return parted(all, false) }

// ToWrite gives those that only writing needs.
func ToWrite(all []Permission) []Permission { return parted(all, true) }

func parted(all []Permission, writing bool) []Permission {
	var some []Permission
	for _, p := range all {
		if (p.For != "") == writing {
			some = append(some, p)
		}
	}
	return some
}

// Consequence says what is absent without a right that is missing.
func (p Permission) Consequence() string {
	return cmp.Or(p.Without, "Some people or fields are absent.")
}

// Lacks says which rights are missing and what is absent without them; "" where none is.
func Lacks(all []Permission) string {
	var names []string
	first := Permission{}
	for _, p := range all {
		if p.State != Missing {
			continue
		}
		if names == nil {
			first = p
		}
		names = append(names, "“"+p.Label+"”")
	}
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return "The permission " + names[0] + " is missing. " + first.Consequence()
	default:
		return "The permissions " + strings.Join(names[:n-1], ", ") + " and " + names[n-1] + " are missing. The list at the right says what is absent without them."
	}
}

// GrantedOf says how many of the rights that were tested are there: "3 of 4 granted". Another way of signing in or of
// reading needs others.
func GrantedOf(all []Permission) string {
	n := map[PermissionState]int{}
	for _, p := range all {
		n[p.State]++
	}
	var words []string
	if n[Granted]+n[Missing] > 0 || n[Untold]+n[NotTested] == 0 {
		words = append(words, itoa(n[Granted])+" of "+itoa(n[Granted]+n[Missing])+" granted")
	}
	if n[Untold] > 0 {
		words = append(words, itoa(n[Untold])+" cannot be told")
	}
	if n[NotTested] > 0 {
		words = append(words, itoa(n[NotTested])+" not tested")
	}
	return strings.Join(words, ", ")
}
