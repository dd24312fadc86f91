package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/connectors"
	"rollcall/core"
	"rollcall/core/config"
	"rollcall/core/suggest"
	"rollcall/localstore"
)

// desk is where store, catalogue and engine meet. The window and the command line do
// everything through it.
type desk struct {
	store     *localstore.Store
	catalogue *connectors.Catalogue
	log       *slog.Logger
	now       func() time.Time
	ask       core.Ask
	base      string // replaces scheme and host of every request, for tests and replays
	network   network
	gains     gains
}

// network is what Settings say of the way out.
type network struct {
	CAFile string `json:"caFile"`
	Proxy  string `json:"proxy"`
}

const networkSetting = "network"

// newDesk ties an open store to the catalogue.
func newDesk(ctx context.Context, store *localstore.Store, log *slog.Logger) (*desk, error) {
	d := &desk{store: store, catalogue: connectors.All(), log: log, now: time.Now}
	if store == nil {
		return d, nil
	}
	err := store.Setting(ctx, networkSetting, &d.network)
	if core.HasCode(err, core.NotFound) {
		err = nil
	}
	return d, err
}

// env is what a connector gets. Without a connection there is nowhere to keep things.
func (d *desk) env(c localstore.Connection) core.Env {
	env := core.Env{Now: d.now, Log: d.log, Ask: d.ask, Base: cmp.Or(d.base, c.Base), CAFile: d.network.CAFile, Proxy: d.network.Proxy}
	if d.store != nil && c.ID != "" {
		env.Shelf = d.store.Shelf(c.ID)
		env.Save = func(option string, value core.Secret) error {
			return d.store.SaveSecret(context.Background(), c.ID, option, value)
		}
	}
	return env
}

// end is one opened side of a sync.
type end struct {
	spec       core.Spec
	connection localstore.Connection // zero where the side is no connection
	answers    core.Answers
}

// side finds the connection or connector that a configuration names.
func (d *desk) side(ctx context.Context, s core.Side) (end, error) {
	if s.Connection == "" {
		spec, err := d.catalogue.Spec(s.Connector)
		answers := core.Answers{}
		for id, v := range s.Options {
			answers[id] = core.Secret(v)
		}
		return end{spec: spec, answers: answers}, err
	}
	if d.store == nil {
		return end{}, &core.Problem{Code: core.BadRules, What: fmt.Sprintf("The connection “%s” cannot be used here.", s.Connection), Fix: "Name a connector with its options instead."}
	}
	c, err := d.store.ConnectionNamed(ctx, s.Connection)
	if err != nil {
		return end{}, err
	}
	spec, err := d.catalogue.Spec(c.Connector)
	if err != nil {
		return end{}, err
	}
	answers, err := d.store.Answers(ctx, c.ID)
	return end{spec: spec, connection: c, answers: answers}, err
}

func (e end) name() string {
	if e.connection.Name != "" {
		return e.connection.Name
	}
	return e.spec.Name
}

func (d *desk) source(ctx context.Context, s core.Side) (core.Source, end, error) {
	e, err := d.side(ctx, s)
	if err != nil {
		return nil, e, err
	}
	source, err := d.catalogue.Source(e.spec.ID, e.answers, d.env(e.connection))
	return source, e, err
}

func (d *desk) target(ctx context.Context, s core.Side) (core.Target, end, error) {
	e, err := d.side(ctx, s)
	if err != nil {
		return nil, e, err
	}
	target, err := d.catalogue.Target(e.spec.ID, e.answers, d.env(e.connection))
	return target, e, err
}

// connect keeps a new connection, or another version of one, after its answers proved
// complete. Nothing is sent anywhere.
// A file is kept by its whole path: the next command may be given in another folder.
func (d *desk) connect(ctx context.Context, c localstore.Connection, answers core.Answers) (localstore.Connection, error) {
	spec, err := d.catalogue.Spec(c.Connector)
	if err != nil {
		return c, err
	}
	full, err := spec.Complete(answers)
	if err != nil {
		return c, err
	}
	c.Options = map[string]string{}
	secrets := core.Answers{}
	for _, o := range spec.Options {
		switch v, given := full[o.ID]; {
		case !given:
		case o.Secret:
			secrets[o.ID] = v
		case o.Kind == core.FileOption:
			if c.Options[o.ID], err = filepath.Abs(v.Reveal()); err != nil {
				return c, err
			}
		default:
			c.Options[o.ID] = v.Reveal()
		}
	}
	return d.store.SaveConnection(ctx, c, secrets)
}

// check tests a connector with these answers. Of one that has both ends, both are tested:
// what is seen is the source's to say, and the rights are those of reading and writing.
// Secrets that the system gives meanwhile are put among the answers.
func (d *desk) check(ctx context.Context, connector string, answers core.Answers, c localstore.Connection) (core.Health, error) {
	spec, err := d.catalogue.Spec(connector)
	if err != nil {
		return core.Health{}, err
	}
	env, given := gaining(d.env(c))
	defer func() { maps.Copy(answers, given()) }()
	var health core.Health
	if spec.Source {
		source, err := d.catalogue.Source(connector, answers, env)
		if err == nil {
			health, err = source.Check(ctx)
		}
		if err != nil || !spec.Target {
			return health, err
		}
	}
	full := maps.Clone(answers)
	maps.Copy(full, given())
	target, err := d.catalogue.Target(connector, full, env)
	if err != nil {
		return core.Health{}, err
	}
	written, err := target.Check(ctx)
	if err != nil || !spec.Source {
		return written, err
	}
	return both(health, written), nil
}

// both puts together what the source and the target of one system found.
func both(read, written core.Health) core.Health {
	for _, r := range written.Rights {
		if !slices.ContainsFunc(read.Rights, func(o core.Right) bool { return o.ID == r.ID }) {
			read.Rights = append(read.Rights, r)
		}
	}
	for _, n := range written.Notes {
		if !slices.Contains(read.Notes, n) {
			read.Notes = append(read.Notes, n)
		}
	}
	return read
}

// manifest gives the description that a connection holds as a manifest, without credentials.
func (d *desk) manifest(ctx context.Context, c localstore.Connection) ([]byte, error) {
	answers, err := d.store.Answers(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return d.catalogue.Manifest(c.Connector, answers)
}

const sampleSize = 2000

// first reads the first of many, for Smart mapping.
func first[T any](all iter.Seq2[T, error]) ([]T, error) {
	var some []T
	for one, err := range all {
		if err != nil {
			return some, err
		}
		if some = append(some, one); len(some) == sampleSize {
			break
		}
	}
	return some, nil
}

// proposals are Smart mapping's for a source and a target: rules, and identifiers.
// Of people who left, only those whom the sync reads have a say.
func (d *desk) proposals(ctx context.Context, source core.Source, target core.Target, leavers int) ([]suggest.Proposal, []suggest.KeyProposal, error) {
	fields, err := source.Fields(ctx)
	if err != nil {
		return nil, nil, err
	}
	attributes, err := target.Attributes(ctx)
	if err != nil {
		return nil, nil, err
	}
	people, err := first(source.People(ctx, core.Want{Leavers: leavers}))
	if err != nil {
		return nil, nil, err
	}
	accounts, err := first(target.Accounts(ctx, nil))
	if err != nil {
		return nil, nil, err
	}
	proposals := suggest.Mapping(suggest.Input{Fields: fields, People: people, Attributes: attributes})
	return proposals, suggest.Key(suggest.KeyInput{Fields: fields, People: people, Attributes: attributes, Accounts: accounts, Rules: accepted(proposals)}), nil
}

func accepted(proposals []suggest.Proposal) []core.Rule {
	var rules []core.Rule
	for _, p := range proposals {
		if p.Accepted {
			rules = append(rules, p.Rule)
		}
	}
	return rules
}

// completed fills in what a setup leaves to Smart mapping: rules and identifier.
func (d *desk) completed(ctx context.Context, s core.Setup, from core.Spec, source core.Source, target core.Target) (core.Setup, error) {
	s.LeaverDays = from.LeaverDays(s.LeaverDays)
	if len(s.Mapping) > 0 && len(s.Identity.Keys) > 0 {
		return s, nil
	}
	proposals, keys, err := d.proposals(ctx, source, target, s.LeaversBack())
	if err != nil {
		return s, err
	}
	if len(s.Mapping) == 0 {
		s.Mapping = accepted(proposals)
	}
	if len(s.Identity.Keys) == 0 && len(keys) > 0 {
		s.Identity.Keys = []core.Key{keys[0].Key}
	}
	if len(s.Identity.Keys) == 0 {
		return s, &core.Problem{Code: core.BadRules, What: "No field was found that tells people apart and stands in the target too.", Fix: "Name the identifier in the configuration, for example the employee number."}
	}
	return s, nil
}

// syncFor finds the sync of two connections, or makes one with our defaults.
func (d *desk) syncFor(ctx context.Context, setup core.Setup) (localstore.Sync, error) {
	syncs, err := d.store.Syncs(ctx)
	if err != nil {
		return localstore.Sync{}, err
	}
	for _, y := range syncs {
		if !y.Draft && y.Setup.Source.Connection == setup.Source.Connection && y.Setup.Target.Connection == setup.Target.Connection {
			return y, nil
		}
	}
	return localstore.Sync{Name: setup.Source.Connection + " → " + setup.Target.Connection, Setup: setup}, nil
}

// load reads the configuration file, or gives our defaults where there is none.
func load(path string) (core.Setup, error) {
	if path == "" {
		return config.New(), nil
	}
	return config.Load(path)
}

// inWords lists map entries in order: "a=1, b=2".
func inWords[V any](m map[string]V) string {
	parts := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s=%v", k, m[k]))
	}
	return strings.Join(parts, ", ")
}
