package page

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

var tea = time.Date(2026, 11, 22, 10, 42, 0, 0, time.UTC)

// canned is the rest of the program as these tests need it: what it gives is set beforehand, what it was asked is kept.
type canned struct {
	syncs     []view.Sync
	plans     []*core.Plan
	heads     []view.PlanHead
	made      *core.Plan
	makeErr   error
	runs      []view.Run
	notes     []core.Noted
	undo      *core.Plan
	apply     func(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (view.Run, error)
	snapshots []view.Snapshot
	people    map[string][]core.Person
	matched   map[string]string
	settings  view.Settings
	pruned    int
	openPath  string
	savePath  string
	imported  core.Setup
	listErr   error
	saved     []view.Sync
	rights    []core.Right
	rightsErr error
	rehearsed int
	engine    core.Imports
	spec      core.Spec         // of the target, where it is not the usual one
	options   map[string]string // of the target's connection
}

func (c *canned) services() view.Services {
	return view.Services{Syncs: cannedSyncs{c}, Plans: cannedPlans{c}, Runs: cannedRuns{c}, People: cannedPeople{c}, Settings: cannedSettings{c}, Desktop: cannedDesktop{c},
		Version: "1.0.0", Now: func() time.Time { return tea }}
}

type cannedSyncs struct{ *canned }

func (c cannedSyncs) List(context.Context) ([]view.Sync, error) { return c.syncs, c.listErr }
func (c cannedSyncs) Save(_ context.Context, y view.Sync) (view.Sync, error) {
	c.saved = append(c.saved, y)
	return y, nil
}
func (c cannedSyncs) Delete(context.Context, string) error { return nil }
func (c cannedSyncs) Read(context.Context, core.Setup, func(core.Progress)) (view.Material, error) {
	return view.Material{}, nil
}
func (c cannedSyncs) Export(y view.Sync, w io.Writer) error {
	_, err := io.WriteString(w, "source: "+y.Setup.Source.Connection+"\n")
	return err
}
func (c cannedSyncs) Import(io.Reader) (core.Setup, error) { return c.imported, nil }

type cannedPlans struct{ *canned }

func (c cannedPlans) Make(_ context.Context, _ string, tell func(core.Progress)) (*core.Plan, error) {
	tell(core.Progress{Phase: core.PhasePeople, Done: 10, Total: 20})
	return c.made, c.makeErr
}
func (c cannedPlans) Open(_ context.Context, id string) (*core.Plan, error) {
	for _, p := range c.plans {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, &core.Problem{Code: core.NotFound, What: "The plan " + id + " is gone.", Fix: "Make it again."}
}
func (c cannedPlans) List(context.Context) ([]view.PlanHead, error) { return c.heads, nil }
func (c cannedPlans) Options(context.Context, *core.Plan) (map[string]string, error) {
	return c.options, nil
}
func (c cannedPlans) Target(context.Context, *core.Plan) (core.Spec, error) {
	if c.spec.Name != "" {
		return c.spec, nil
	}
	return core.Spec{Name: "Microsoft Entra ID", CannotUndo: map[string]string{"deactivate": "Sessions that are open end at once."}}, nil
}

type cannedRuns struct{ *canned }

func (c cannedRuns) Apply(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (view.Run, error) {
	return c.apply(ctx, p, a, tell)
}
func (c cannedRuns) Rehearse(context.Context, *core.Plan) ([]core.Right, error) {
	c.rehearsed++
	return c.rights, c.rightsErr
}

func (c cannedRuns) Engine(context.Context, *core.Plan) (core.Imports, error) { return c.engine, nil }

func (c cannedRuns) List(context.Context) ([]view.Run, error)            { return c.runs, nil }
func (c cannedRuns) Notes(context.Context, string) ([]core.Noted, error) { return c.notes, nil }
func (c cannedRuns) Undo(context.Context, string) (*core.Plan, error) {
	if c.undo == nil {
		return nil, &core.Problem{Code: core.NotFound, What: "This run changed nothing that could be taken back.", Fix: "There is nothing to undo."}
	}
	return c.undo, nil
}

type cannedPeople struct{ *canned }

func (c cannedPeople) Snapshots(context.Context) ([]view.Snapshot, error) { return c.snapshots, nil }
func (c cannedPeople) Open(_ context.Context, id string) ([]core.Person, error) {
	return c.people[id], nil
}
func (c cannedPeople) ReadNow(_ context.Context, sync string, tell func(core.Progress)) (view.Snapshot, error) {
	tell(core.Progress{Phase: core.PhasePeople, Done: 5})
	return c.snapshots[0], nil
}
func (c cannedPeople) Matched(context.Context, string) (map[string]string, error) {
	return c.matched, nil
}

type cannedSettings struct{ *canned }

func (c cannedSettings) Load(context.Context) (view.Settings, error)   { return c.settings, nil }
func (c cannedSettings) Save(_ context.Context, s view.Settings) error { c.settings = s; return nil }
func (c cannedSettings) Prune(context.Context) error                   { c.pruned++; return nil }
func (c cannedSettings) Place() string                                 { return "~/.config/rollcall/rollcall.db" }

type cannedDesktop struct{ *canned }

func (c cannedDesktop) OpenURL(string) error { return nil }
func (c cannedDesktop) OpenFile(context.Context, string, []string) (string, error) {
	return c.openPath, nil
}
func (c cannedDesktop) OpenFolder(context.Context, string) (string, error) { return "", nil }

func (c cannedDesktop) SaveFile(context.Context, string, string) (string, error) {
	return c.savePath, nil
}
func (c cannedDesktop) User() string { return "Mia Hart" }

// shellStub is the window around the page under test.
type shellStub struct {
	window  fyne.Window
	went    []view.Route
	busy    string
	applied []view.Settings
}

func (s *shellStub) Go(r view.Route)                 { s.went = append(s.went, r) }
func (s *shellStub) Back()                           {}
func (s *shellStub) Settle(fyne.Focusable)           {}
func (s *shellStub) Redrawn()                        {}
func (s *shellStub) Canvas() fyne.Canvas             { return s.window.Canvas() }
func (s *shellStub) Busy(text string, _ *view.Route) { s.busy = text }
func (s *shellStub) Applied(v view.Settings)         { s.applied = append(s.applied, v) }

func (s *shellStub) last() view.Route {
	if len(s.went) == 0 {
		return view.Route{}
	}
	return s.went[len(s.went)-1]
}

// opened shows a page in a window of the software driver, beside the rail.
func opened(t *testing.T, c *canned, create func(view.Services, Shell) Page, route view.Route, variant look.Variant, size fyne.Size) (Page, *shellStub) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(variant))
	shell := &shellStub{window: test.NewTempWindow(t, container.NewStack())}
	shell.window.SetPadded(false)
	p := create(c.services(), shell)
	rail := parts.NewNavRail("Rollcall", parts.NavEntry{ID: "integrations", Title: "Integrations", Icon: look.IconGrid}, parts.NavEntry{ID: "people", Title: "People", Icon: look.IconUser},
		parts.NavEntry{ID: "mappings", Title: "Mappings", Icon: look.IconMapping}, parts.NavEntry{ID: "preview", Title: "Preview", Icon: look.IconEye},
		parts.NavEntry{ID: "run", Title: "Sync runs", Icon: look.IconSync}, parts.NavEntry{ID: "history", Title: "History", Icon: look.IconHistory},
		parts.NavEntry{ID: "settings", Title: "Settings", Icon: look.IconSettings})
	rail.Select(route.Page)
	shell.window.SetContent(container.NewBorder(nil, nil, rail, nil, p.Content()))
	shell.window.Resize(size)
	p.Open(route)
	task.Wait()
	return p, shell
}

var wide = fyne.NewSize(1280, 800)

// planBuilder makes plans of made-up people.
type planBuilder struct {
	desired, account *core.Packer
	core.Plan
}

func newPlanBuilder() *planBuilder {
	attributes := []core.Attribute{{ID: "userName", Label: "User name", Login: true, Unique: true}, {ID: "title", Label: "Title"}, {ID: "manager", Label: "Manager", Kind: core.Reference},
		{ID: "costCentre", Label: "Cost centre"}, {ID: "phone", Label: "Office phone"}, {ID: "licence", Label: "Licence"}, {ID: "department", Label: "Department"}, {ID: "office", Label: "Office"}}
	fields := []core.Field{{ID: core.LabelPerson}, {ID: core.LabelNumber}, {ID: core.LabelName}, {ID: core.LabelEmail}, {ID: core.LabelStart}, {ID: core.LabelEnd}, {ID: core.LabelGroup}}
	licence := "Microsoft 365 E3"
	b := &planBuilder{desired: core.NewPacker(core.NewSchema(fields)), account: core.NewPacker(core.AccountSchema(attributes))}
	b.Plan = core.Plan{ID: "plan1", Name: "Workday → Microsoft Entra ID", Hash: "h1", Made: tea.Add(-2 * time.Minute), Attributes: attributes, Names: map[string]string{"a1": "M. Rossi", "a2": "L. Haddad"},
		Setup: core.Setup{Source: core.Side{Connection: "Workday"}, Target: core.Side{Connection: "Microsoft Entra ID"}, Guards: core.DefaultGuards(), Mapping: []core.Rule{{Attribute: "title", Field: "jobTitle"}, {Attribute: "manager", Field: "managerId"},
			{Attribute: "costCentre", Expression: "lookup(costCenter)"}, {Attribute: "phone", Field: "workPhone", Empty: core.Clear}, {Attribute: "licence", Constant: &licence}}}}
	return b
}

func (b *planBuilder) add(name, number, group string, verb core.Verb, tick core.Tick, why core.Reason, detail string, cells ...core.Cell) {
	for id, v := range map[string]string{core.LabelPerson: "p" + number, core.LabelNumber: number, core.LabelName: name, core.LabelGroup: group, core.LabelEmail: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@corp.example"} {
		b.desired.Put(id, v)
	}
	row := core.Row{Verb: verb, Tick: tick, Why: why, Detail: detail, Cells: cells, Desired: core.Desired{Record: b.desired.Pack()}}
	if verb != core.Create {
		b.account.Put(core.AccountID, "acc"+number)
		b.account.Put(core.AccountName, name)
		row.Account = core.Account{Record: b.account.Pack()}
	}
	b.Rows = append(b.Rows, row)
	b.People++
	b.Accounts++
}

func change(attribute, before, after string) core.Cell {
	return core.Cell{Attribute: attribute, Before: before, After: after}
}

// picturePlan is the plan of the pictures in look/.
func picturePlan(long bool) *core.Plan {
	b := newPlanBuilder()
	phone := core.Cell{Attribute: "phone", Before: "+49 30 5550 118", After: "", Tick: core.Off, Why: core.NoReason}
	off := change(core.Enabled, "true", "false")
	b.add("Anna Keller", "10482", "Platform team, Berlin", core.Update, core.On, core.FieldsDiffer, "from 1 Nov 2026", change("title", "Engineer", "Senior Engineer"), change("manager", "a1", "a2"), change("costCentre", "4100", "4120"), phone)
	b.add("Jonas Weber", "11207", "Sales", core.Create, core.On, core.NewHire, "starts 1 Dec 2026", change("userName", "", "jonas.weber"), change("licence", "", "Microsoft 365 E3"))
	b.add("Priya Nair", "10933", "Support", core.Deactivate, core.Stopped, core.ContractEnded, "", off)
	b.add("Sofia Brandt", "10117", "Care", core.Update, core.On, core.FieldsDiffer, "from 16 Nov 2026", change("department", "Sales", "Customer Care"), change("office", "Berlin", "Munich"))
	b.add("Tomás Oliveira", "10764", "Care", core.Held, core.Off, core.ManagerUnknown, "10998 is unknown")
	if long {
		b.add("Maximiliane Freifrau von Hohenzollern-Sigmaringen", "10765", "Rechtsschutzversicherungsgesellschaften und Donaudampfschifffahrt", core.Update, core.On, core.FieldsDiffer, "Abteilungswechsel mit Wirkung zum nächstmöglichen Zeitpunkt",
			change("title", "Rechtsschutzversicherungsbeauftragte", "Oberste Rechtsschutzversicherungsbeauftragte"), change("department", "Kraftfahrzeughaftpflichtversicherung", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"))
		b.Attributes[1].Label = "Kostenstellenverantwortlichkeitsbereich"
	}
	names := []string{"Mei Okafor", "Dana Brown-Ito", "Luca Ferri", "Emre Bayraktar", "Hanna Krüger", "Oskar Dahl", "Rana Farouk", "Viktor Wójcik", "Clara Albrecht"}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 1198 {
		name, number := names[random.IntN(len(names))], fmt.Sprint(11300+i)
		switch {
		case i < 29:
			b.add(name, number, "Sales", core.Create, core.On, core.NewHire, "starts 1 Dec 2026", change("userName", "", "user."+number), change("licence", "", "Microsoft 365 E3"))
		case i < 145:
			b.add(name, number, "Sales", core.Update, core.On, core.FieldsDiffer, "", change("office", "Berlin", "Munich"))
		case i < 208:
			b.add(name, number, "Sales", core.Deactivate, core.Stopped, core.HasLeft, "", off)
		case i < 209:
			b.add(name, number, "Sales", core.Held, core.Off, core.KeyTwice, "")
		case i < 1194:
			b.add(name, number, "Sales", core.Unchanged, core.On, core.NoReason, "")
		default:
			b.add(name, number, "Sales", core.Skipped, core.On, core.FilteredOut, "")
		}
	}
	b.Tripped = []core.Tripped{{Guard: "deactivate", What: "64 deactivations (5.4 %) is at or over your limit of 5 %", Count: 64}}
	return &b.Plan
}

func cannedWith(p *core.Plan) *canned {
	return &canned{plans: []*core.Plan{p}, heads: []view.PlanHead{{ID: p.ID, Name: p.Name, Sync: "s1", Made: p.Made, Undo: p.Undo}},
		syncs: []view.Sync{{ID: "s1", Name: p.Name, Setup: p.Setup, Updated: p.Made.Add(-time.Hour)}}}
}
