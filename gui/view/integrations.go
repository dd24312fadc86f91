package view

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Systems are the systems there are, with the connections to them, as the Integrations
// page shows them. It is a value: LoadSystems gives a new one.
type Systems struct {
	Specs       []core.Spec
	Connections []Connection
	Syncs       []Sync
	Blocks      bool // block view instead of list view
	Now         time.Time
}

// LoadSystems reads what the Integrations page shows.
func LoadSystems(ctx context.Context, s Services) (Systems, error) {
	settings, err := s.Settings.Load(ctx)
	if err != nil {
		return Systems{}, err
	}
	connections, err := s.Connections.List(ctx)
	if err != nil {
		return Systems{}, err
	}
	syncs, err := s.Syncs.List(ctx)
	return Systems{Specs: s.Connections.Specs(), Connections: connections, Syncs: syncs, Blocks: settings.Cards, Now: s.Now()}, err
}

// KeepCards remembers whether blocks or a list are shown.
func KeepCards(ctx context.Context, s Services, cards bool) error {
	settings, err := s.Settings.Load(ctx)
	if err != nil {
		return err
	}
	settings.Cards = cards
	return s.Settings.Save(ctx, settings)
}

// State says how a system or connection stands.
type State int

// The states.
const (
	NotSetUp State = iota
	Connected
	NeedsAttention
)

// Card is one system on the Integrations page.
type Card struct {
	Spec        core.Spec
	Kind        string // the category in words
	Connections []Connection
	State       State
	Status      string
}

// Roles says what the system can be in a sync, where its category does not say it already.
func (c Card) Roles() string {
	switch {
	case c.Spec.Source && c.Spec.Target:
		return "people and accounts"
	case c.Spec.Target:
		return "accounts"
	case c.Spec.Category != core.HRSystem:
		return "people"
	}
	return ""
}

// Uses says in a sentence what a connection is used for: as a source, as a target, or not yet.
func (s Systems) Uses(c Connection) string {
	var reads, writes []string
	for _, y := range s.Syncs {
		if y.Setup.Source.Connection == c.Name {
			reads = append(reads, "“"+cmp.Or(y.Setup.Target.Connection, "a directory to be chosen")+"”")
		}
		if y.Setup.Target.Connection == c.Name {
			writes = append(writes, "“"+cmp.Or(y.Setup.Source.Connection, "a system to be chosen")+"”")
		}
	}
	var uses []string
	if len(reads) > 0 {
		uses = append(uses, "People are read for "+listed(reads))
	}
	if len(writes) > 0 {
		uses = append(uses, "Accounts are kept as "+listed(writes)+" "+map[bool]string{true: "says", false: "say"}[len(writes) == 1])
	}
	if len(uses) == 0 {
		return "No sync uses it yet."
	}
	return strings.Join(uses, ". ") + "."
}

// Action is what the card's button says.
func (c Card) Action() string {
	switch c.State {
	case NotSetUp:
		return "Set up"
	case NeedsAttention:
		return "Fix"
	}
	return "Manage"
}

// Cards gives the systems that a search and a category ("" for all) leave, those that
// are set up first, then those that are called so, then by name.
func (s Systems) Cards(search, category string) []Card {
	var cards []Card
	for _, spec := range s.found(search) {
		if category == "" || string(spec.Category) == category {
			cards = append(cards, s.Card(spec))
		}
	}
	slices.SortStableFunc(cards, func(a, b Card) int {
		return cmp.Or(cmp.Compare(min(len(b.Connections), 1), min(len(a.Connections), 1)), cmp.Compare(rank(a.Spec, search), rank(b.Spec, search)), strings.Compare(strings.ToLower(a.Spec.Name), strings.ToLower(b.Spec.Name)))
	})
	return cards
}

// rank puts the systems that are called what is searched for before those that only speak of it.
func rank(spec core.Spec, search string) int {
	switch {
	case holdsWords(search, spec.Name):
		return 0
	case holdsWords(search, slices.Concat(spec.Aliases, []string{spec.Name, spec.ID})...):
		return 1
	}
	return 2
}

// Card gives one system's card.
func (s Systems) Card(spec core.Spec) Card {
	c := Card{Spec: spec, Kind: CategoryName(spec.Category), Status: "Not set up"}
	var last time.Time
	for _, one := range s.Connections {
		if one.Connector != spec.ID {
			continue
		}
		c.Connections = append(c.Connections, one)
		if last.Before(one.LastSync) {
			last = one.LastSync
		}
		if state, _ := s.StateOf(one); state == NeedsAttention {
			c.State = NeedsAttention
		} else if c.State == NotSetUp {
			c.State = Connected
		}
	}
	switch {
	case c.State == NeedsAttention:
		c.Status = "Needs attention"
	case !last.IsZero():
		c.Status = "Last sync " + Ago(last, s.Now)
	case c.State == Connected:
		c.Status = "Connected"
	}
	return c
}

// soonExpired is how long before its end a credential is said to need attention.
const soonExpired = 14 * 24 * time.Hour

// StateOf says how one connection stands, in a word and a sentence.
func (s Systems) StateOf(c Connection) (State, string) {
	switch {
	case c.Code != "":
		return NeedsAttention, cmp.Or(c.Summary, "The last test failed.")
	case !c.Expires.IsZero() && !c.Expires.After(s.Now):
		return NeedsAttention, "Its credentials have expired."
	case !c.Expires.IsZero() && c.Expires.Sub(s.Now) < soonExpired:
		return NeedsAttention, "Its credentials expire on " + c.Expires.Format("2 Jan 2006") + "."
	case c.Checked.IsZero():
		return Connected, "Not tested yet."
	}
	return Connected, cmp.Or(c.Summary, "Connected") + " · tested " + Ago(c.Checked, s.Now)
}

// SyncsOf gives the syncs that a connection is part of.
func (s Systems) SyncsOf(c Connection) []Sync {
	var syncs []Sync
	for _, y := range s.Syncs {
		if y.Setup.Source.Connection == c.Name || y.Setup.Target.Connection == c.Name {
			syncs = append(syncs, y)
		}
	}
	return syncs
}

// Category is a pill of the Integrations page.
type Category struct {
	ID, Label string
	Count     int
}

// Categories counts the systems that a search leaves, in all and by category.
func (s Systems) Categories(search string) []Category {
	all := []Category{{"", "All", 0}}
	for _, c := range []core.Category{core.HRSystem, core.Directory, core.File} {
		all = append(all, Category{string(c), categoryPlural[c], 0})
	}
	for _, spec := range s.found(search) {
		all[0].Count++
		for i := range all[1:] {
			if all[i+1].ID == string(spec.Category) {
				all[i+1].Count++
			}
		}
	}
	return all
}

var categoryPlural = map[core.Category]string{core.HRSystem: "HR systems", core.Directory: "Directories", core.File: "Files"}

// CategoryName gives a category in words.
func CategoryName(c core.Category) string {
	return map[core.Category]string{core.HRSystem: "HR system", core.Directory: "Directory", core.File: "File"}[c]
}

// found gives the systems in which each word of a search begins a word, or, where there is none such, those in which it
// stands anywhere: who looks for Entra does not mean “Employee Central”.
func (s Systems) found(search string) []core.Spec {
	for _, holds := range []func(string, ...string) bool{beginsWords, holdsWords} {
		var specs []core.Spec
		for _, spec := range s.Specs {
			if holds(search, slices.Concat([]string{spec.Name, spec.Description, spec.ID, CategoryName(spec.Category)}, spec.Aliases, spec.Regions)...) {
				specs = append(specs, spec)
			}
		}
		if len(specs) > 0 {
			return specs
		}
	}
	return nil
}

// Rename gives a connection another name, in the syncs that use it too.
func Rename(ctx context.Context, s Services, c Connection, name string) error {
	name = strings.TrimSpace(name)
	if err := nameIsFree(ctx, s, c.ID, name); err != nil {
		return err
	}
	was := c.Name
	c.Name = name
	if _, err := s.Connections.Save(ctx, c, PlainAnswers(c)); err != nil {
		return err
	}
	syncs, err := s.Syncs.List(ctx)
	if err != nil {
		return err
	}
	for _, y := range syncs {
		changed := false
		for _, side := range []*core.Side{&y.Setup.Source, &y.Setup.Target} {
			if side.Connection == was {
				side.Connection, changed = name, true
			}
		}
		if !changed {
			continue
		}
		y.Name = SyncName(y.Setup)
		if _, err := s.Syncs.Save(ctx, y); err != nil {
			return err
		}
	}
	return nil
}

// ManifestName is what the file is called at first that a connection's description goes to.
func ManifestName(c Connection) string { return fileName(c.Name, "yaml") }

// ExportManifest writes a connection's description as a manifest, without credentials.
func ExportManifest(ctx context.Context, s Services, c Connection, path string) error {
	written, err := s.Connections.Manifest(ctx, c.ID)
	if err != nil {
		return err
	}
	return writeWhole(path, func(w io.Writer) error { _, err := w.Write(written); return err })
}

// SyncName is what a sync of two connections is called.
func SyncName(s core.Setup) string {
	return cmp.Or(s.Source.Connection, s.Source.Connector, "?") + " → " + cmp.Or(s.Target.Connection, s.Target.Connector, "?")
}

func nameIsFree(ctx context.Context, s Services, id, name string) error {
	if name == "" {
		return &core.Problem{Code: core.BadOption, What: "The connection has no name.", Fix: "Give it one, for example the system and the company."}
	}
	all, err := s.Connections.List(ctx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != id && strings.EqualFold(other.Name, name) {
			return &core.Problem{Code: core.BadOption, What: "Another connection is called “" + name + "” already.", Fix: "Choose another name."}
		}
	}
	return nil
}

// freeName gives a name that no connection has yet.
func freeName(all []Connection, wish string) string {
	name := wish
	for n := 2; slices.ContainsFunc(all, func(c Connection) bool { return strings.EqualFold(c.Name, name) }); n++ {
		name = wish + " " + itoa(n)
	}
	return name
}

// PlainAnswers are a connection's answers without its secrets, which stay where they are.
func PlainAnswers(c Connection) core.Answers {
	a := core.Answers{}
	for id, v := range c.Options {
		a[id] = core.Secret(v)
	}
	return a
}
