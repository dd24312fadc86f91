//go:build !headless

package main

import (
	"context"
	"io"
	"maps"
	"time"

	"rollcall/connectors/idp/importfile"
	"rollcall/connectors/keyfile"
	"rollcall/core"
	"rollcall/core/config"
	"rollcall/gui/view"
	"rollcall/localstore"
)

// connectionServices are the connections, as the window asks for them.
type connectionServices struct{ *desk }

// Specs gives every connector's card.
func (s connectionServices) Specs() []core.Spec { return s.catalogue.Specs() }

// List gives the connections with the time of their last sync.
func (s connectionServices) List(ctx context.Context) ([]view.Connection, error) {
	kept, err := s.store.Connections(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.lastSyncs(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]view.Connection, len(kept))
	for i, c := range kept {
		out[i] = shownConnection(c)
		out[i].LastSync = last[c.ID]
	}
	return out, nil
}

func shownConnection(c localstore.Connection) view.Connection {
	return view.Connection{ID: c.ID, Name: c.Name, Connector: c.Connector, Options: c.Options, Secrets: c.Secrets,
		Checked: c.Check.At, Code: c.Check.Code, Summary: c.Check.Summary, Expires: c.Check.Expires}
}

// lastSyncs gives by connection when a run through it last ended.
func (s connectionServices) lastSyncs(ctx context.Context) (map[string]time.Time, error) {
	runs, err := s.store.Runs(ctx)
	if err != nil {
		return nil, err
	}
	plans, err := s.store.Plans(ctx)
	if err != nil {
		return nil, err
	}
	ended := map[string]time.Time{}
	for _, r := range runs {
		if r.Ended.After(ended[r.Plan]) {
			ended[r.Plan] = r.Ended
		}
	}
	last := map[string]time.Time{}
	for _, p := range plans {
		for _, side := range []string{p.Source, p.Target} {
			if at := ended[p.ID]; at.After(last[side]) {
				last[side] = at
			}
		}
	}
	return last, nil
}

// Save keeps a connection. Secrets that were not typed again stay as they are.
func (s connectionServices) Save(ctx context.Context, c view.Connection, answers core.Answers) (view.Connection, error) {
	full, err := s.withStored(ctx, c.ID, answers)
	if err != nil {
		return c, err
	}
	kept, err := s.kept(ctx, c.ID)
	if err != nil {
		return c, err
	}
	if c.ID == "" {
		full = s.gains.with(c.Connector, full)
	}
	kept.Name, kept.Connector = c.Name, c.Connector
	kept, err = s.connect(ctx, kept, full)
	return shownConnection(kept), err
}

// kept gives a connection as it is kept; a new one where it has no id yet.
func (s connectionServices) kept(ctx context.Context, id string) (localstore.Connection, error) {
	if id == "" {
		return localstore.Connection{}, nil
	}
	return s.store.Connection(ctx, id)
}

// withStored fills in the secrets that are kept already.
func (s connectionServices) withStored(ctx context.Context, id string, answers core.Answers) (core.Answers, error) {
	full := core.Answers{}
	if id != "" {
		kept, err := s.store.Connection(ctx, id)
		if err != nil {
			return nil, err
		}
		stored, err := s.store.Answers(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, option := range kept.Secrets {
			full[option] = stored[option]
		}
	}
	for option, v := range answers {
		if v != "" || full[option] == "" {
			full[option] = v
		}
	}
	return full, nil
}

// Test tries the answers and notes the result with a kept connection.
func (s connectionServices) Test(ctx context.Context, connector string, answers core.Answers, connection string) (core.Health, error) {
	full, err := s.withStored(ctx, connection, answers)
	if err != nil {
		return core.Health{}, err
	}
	kept, err := s.kept(ctx, connection)
	if err != nil {
		return core.Health{}, err
	}
	if connection == "" {
		asked := maps.Clone(full)
		full = s.gains.with(connector, full)
		health, err := s.check(ctx, connector, full, kept)
		s.gains.note(connector, asked, full)
		return health, err
	}
	health, err := s.check(ctx, connector, full, kept)
	if err != nil && core.AsProblem(err).Code == core.Cancelled {
		return health, err // by the person: it says nothing of the connection
	}
	note := localstore.Check{At: s.now(), Summary: health.Summary, Expires: health.Expires}
	if err != nil {
		p := core.AsProblem(err)
		note.Code, note.Summary = p.Code, p.What
	}
	if noted := s.store.NoteCheck(ctx, connection, note); err == nil {
		err = noted
	}
	return health, err
}

// KeyFile reads a certificate and its key from a file.
func (s connectionServices) KeyFile(_ context.Context, path string, password core.Secret) (core.KeyFile, error) {
	return keyfile.Open(path, password)
}

// Forget removes a connection with everything read through it.
func (s connectionServices) Forget(ctx context.Context, id string) error {
	return s.store.Forget(ctx, id)
}

// Manifest gives what a kept connection describes, to be given to others.
func (s connectionServices) Manifest(ctx context.Context, id string) ([]byte, error) {
	kept, err := s.store.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.manifest(ctx, kept)
}

// syncServices are the configured pairs.
type syncServices struct{ *desk }

func (s syncServices) List(ctx context.Context) ([]view.Sync, error) {
	kept, err := s.store.Syncs(ctx)
	out := make([]view.Sync, len(kept))
	for i, y := range kept {
		out[i] = view.Sync(y)
	}
	return out, err
}

func (s syncServices) Save(ctx context.Context, y view.Sync) (view.Sync, error) {
	kept, err := s.store.SaveSync(ctx, localstore.Sync(y))
	return view.Sync(kept), err
}

func (s syncServices) Delete(ctx context.Context, id string) error {
	return s.store.DeleteSync(ctx, id)
}

// Read opens both ends and reads everyone, for the filter's count and the mapping.
func (s syncServices) Read(ctx context.Context, setup core.Setup, tell func(core.Progress)) (view.Material, error) {
	source, from, err := s.source(ctx, setup.Source)
	if err != nil {
		return view.Material{}, err
	}
	target, to, err := s.target(ctx, setup.Target)
	if err != nil {
		return view.Material{}, err
	}
	m := view.Material{Source: from.spec, Target: to.spec}
	if m.Fields, err = source.Fields(ctx); err != nil {
		return m, err
	}
	if m.Attributes, err = target.Attributes(ctx); err != nil {
		return m, err
	}
	for p, err := range source.People(ctx, core.Want{Leavers: setup.LeaversBack()}) {
		if err != nil {
			return m, err
		}
		if m.People = append(m.People, p); len(m.People)%tellEvery == 0 && tell != nil {
			tell(core.Progress{Phase: core.PhasePeople, Done: len(m.People), Total: -1})
		}
	}
	return m, nil
}

func (s syncServices) Export(y view.Sync, w io.Writer) error { return config.Write(w, y.Setup) }

func (s syncServices) Import(r io.Reader) (core.Setup, error) { return config.Read(r) }

// planServices make, keep and open plans.
type planServices struct{ *desk }

func (s planServices) Make(ctx context.Context, sync string, tell func(core.Progress)) (*core.Plan, error) {
	y, err := s.store.Sync(ctx, sync)
	if err != nil {
		return nil, err
	}
	p, err := s.plan(ctx, y, tell)
	return p.Plan, err
}

func (s planServices) Open(ctx context.Context, id string) (*core.Plan, error) {
	p, _, err := s.stored(ctx, id)
	return p, err
}

func (s planServices) List(ctx context.Context) ([]view.PlanHead, error) {
	kept, err := s.store.Plans(ctx)
	out := make([]view.PlanHead, len(kept))
	for i, p := range kept {
		out[i] = view.PlanHead{ID: p.ID, Name: p.Name, Hash: p.Hash, Sync: p.Sync, Undo: p.Undo, Made: p.Made, Counts: p.Counts}
	}
	return out, err
}

func (s planServices) Target(ctx context.Context, p *core.Plan) (core.Spec, error) {
	e, err := s.side(ctx, p.Setup.Target)
	return e.spec, err
}

func (s planServices) Options(ctx context.Context, p *core.Plan) (map[string]string, error) {
	if p.Setup.Target.Connection == "" {
		return p.Setup.Target.Options, nil
	}
	e, err := s.side(ctx, p.Setup.Target)
	return e.connection.Options, err
}

// runServices apply plans and take them back.
type runServices struct{ *desk }

func (s runServices) Apply(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (view.Run, error) {
	b, err := s.begin(ctx, p, a)
	if err != nil {
		return view.Run{}, err
	}
	_, err = s.apply(ctx, b, tell)
	kept, readErr := s.store.Run(context.WithoutCancel(ctx), b.ID)
	if readErr != nil {
		return shownRun(b.Run), readErr
	}
	return shownRun(kept), err
}

func shownRun(r localstore.Run) view.Run {
	return view.Run{ID: r.ID, Plan: r.Plan, Name: r.Name, Sync: r.Sync, Who: r.Who, Started: r.Started, Ended: r.Ended,
		Stopped: r.State == localstore.Stopped, Allowed: r.Allowed, Counts: r.Counts}
}

func (s runServices) List(ctx context.Context) ([]view.Run, error) {
	kept, err := s.store.Runs(ctx)
	out := make([]view.Run, len(kept))
	for i, r := range kept {
		out[i] = shownRun(r)
	}
	return out, err
}

func (s runServices) Notes(ctx context.Context, run string) ([]core.Noted, error) {
	var out []core.Noted
	for n, err := range s.store.Journal(run).Entries() {
		if err != nil {
			return out, err
		}
		out = append(out, n)
	}
	return out, ctx.Err()
}

func (s runServices) Rehearse(ctx context.Context, p *core.Plan) ([]core.Right, error) {
	return s.rights(ctx, p)
}

func (s runServices) Engine(ctx context.Context, p *core.Plan) (core.Imports, error) {
	return s.imports(ctx, p)
}

func (s runServices) Undo(ctx context.Context, run string) (*core.Plan, error) {
	p, err := s.undo(ctx, run)
	return p.Plan, err
}

// peopleServices are the readings of sources.
type peopleServices struct{ *desk }

func (s peopleServices) Snapshots(ctx context.Context) ([]view.Snapshot, error) {
	kept, err := s.store.Snapshots(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	connections, err := s.store.Connections(ctx)
	for _, c := range connections {
		names[c.ID] = c.Name
	}
	var out []view.Snapshot
	for _, n := range kept {
		if !n.Accounts {
			out = append(out, view.Snapshot{ID: n.ID, Sync: n.Sync, Name: names[n.Connection], Taken: n.Taken, Count: n.Count})
		}
	}
	return out, err
}

func (s peopleServices) Open(ctx context.Context, id string) ([]core.Person, error) {
	_, records, err := s.store.OpenSnapshot(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []core.Person
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		out = append(out, core.Person{Record: r})
	}
	return out, nil
}

// ReadNow reads everyone with every field, and keeps whom the filter keeps.
func (s peopleServices) ReadNow(ctx context.Context, sync string, tell func(core.Progress)) (view.Snapshot, error) {
	y, err := s.store.Sync(ctx, sync)
	if err != nil {
		return view.Snapshot{}, err
	}
	kept, name, err := s.read(ctx, y, tell)
	return view.Snapshot{ID: kept.ID, Sync: sync, Name: name, Taken: kept.Taken, Count: kept.Count}, err
}

func (s peopleServices) Matched(ctx context.Context, sync string) (map[string]string, error) {
	memory, err := s.store.Memory(ctx, sync)
	m := make(map[string]string, len(memory.Links))
	for _, l := range memory.Links {
		m[l.Person] = l.Account
	}
	return m, err
}

// settingsServices are what is set once for the whole program.
type settingsServices struct{ *desk }

const settingsKey = "window"

// Load gives the settings; protected accounts are sealed like all settings that may
// name a person.
func (s settingsServices) Load(ctx context.Context) (view.Settings, error) {
	settings := view.Settings{Look: "system", Scale: 1, Retention: 90, Guards: core.DefaultGuards(), Width: 1280, Height: 800, Cards: true}
	err := s.store.Setting(ctx, settingsKey, &settings)
	return settings, err
}

func (s settingsServices) Save(ctx context.Context, settings view.Settings) error {
	s.network = network{CAFile: settings.CAFile, Proxy: settings.Proxy}
	if err := s.store.SaveSetting(ctx, networkSetting, s.network); err != nil {
		return err
	}
	return s.store.SaveSetting(ctx, settingsKey, settings)
}

// Prune removes what is older than the retention says.
func (s settingsServices) Prune(ctx context.Context) error {
	settings, err := s.Load(ctx)
	if err != nil || settings.Retention <= 0 {
		return err
	}
	return s.store.Prune(ctx, settings.Retention)
}

// Place gives the store's file.
func (s settingsServices) Place() string { return s.store.Path() }

// importFileServices write the files that consoles of directories read.
type importFileServices struct{ *desk }

func (s importFileServices) Formats() (formats []view.ImportFormat) {
	for _, f := range importfile.Formats() {
		formats = append(formats, view.ImportFormat{ID: f.ID, Label: f.Label})
	}
	return formats
}

func (s importFileServices) Write(p *core.Plan, a core.Approval, format, path string) (view.ImportFile, error) {
	set, names, err := s.importFile(p, a, format, path)
	if err != nil {
		return view.ImportFile{}, err
	}
	f := view.ImportFile{Paths: names, Rows: set.Rows(), NotTicked: set.NotTicked, Values: set.Values, Notes: set.Notes}
	for _, l := range set.Left {
		f.Left = append(f.Left, l.String())
	}
	return f, nil
}
