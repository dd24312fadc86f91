package gui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/core"
	"rollcall/core/engine"
	"rollcall/gui/view"
)

// cannedNow is the moment of all canned views.
var cannedNow = time.Date(2026, 11, 23, 9, 42, 0, 0, time.UTC)

var cannedSpecs = []core.Spec{
	{ID: "northwind", Name: "Northwind HR", Category: core.HRSystem, Description: "Reads employees, departments and managers from Northwind HR.", Colour: "#2E7D5B", Regions: []string{"Europe"}, Source: true, Website: "https://northwind.example",
		Reads: []string{"Employees with their status, so that leavers are told from people who moved.", "Departments, offices and managers, to fill the directory."},
		Options: []core.Option{
			{ID: "clientId", Label: "Client ID", Help: "Starts with “papi-”. It is not secret.", Example: "papi-7c41e0f2", Pattern: "^papi-", Where: []string{"Open Settings › Integrations › API credentials", "Choose “Generate new credential” and name it Rollcall"}},
			{ID: "secret", Label: "Client secret", Help: "Kept in this computer's keychain, never in a file.", Secret: true, Where: []string{"Give read access to the areas listed below; write access is not needed", "Copy the secret into this page: Northwind HR shows it only once"}},
			{ID: "region", Label: "Region", Help: "Where the data of your company is kept.", Default: "eu", Choices: []core.Choice{{Value: "eu", Label: "Europe"}, {Value: "us", Label: "United States"}}},
			{ID: "pageSize", Label: "People a page", Help: "Fewer where the system answers slowly.", Advanced: true, Default: "100", Pattern: "^[0-9]+$"},
		},
		Permissions: []core.Permission{{ID: "employees", Label: "Employees", Needed: true, Without: "Nothing can be read."}, {ID: "org", Label: "Departments and teams", Without: "Departments stay empty."},
			{ID: "absences", Label: "Absences", Without: "Leave dates and the status “on leave” are missing; people on long leave keep an active account.", Grant: "Tick “Absences: read” for the credential."}},
		Notes: []string{"A credential is valid until somebody revokes it."}, Limits: "Northwind HR answers 300 calls a minute."},
	{ID: "sample", Name: "Sample company", Category: core.HRSystem, Description: "250 made-up people in four countries, to try Rollcall without touching anything real.", Source: true},
	{ID: "practice", Name: "Practice directory", Category: core.Directory, Description: "A directory on this computer that behaves like a real one. Nothing leaves it.", Target: true,
		Can: []string{core.CanCreate, core.CanUpdate, core.CanDeactivate, core.CanDelete, core.CanManagers}, CannotUndo: map[string]string{"delete": "A deleted account comes back as a new one."}},
	{ID: "cloud", Name: "Directory Cloud", Category: core.Directory, Description: "Creates, updates and disables accounts over SCIM 2.0.", Target: true, Can: []string{core.CanCreate, core.CanUpdate, core.CanDeactivate},
		Options: []core.Option{{ID: "url", Label: "Address", Help: "The base address of the SCIM service.", Example: "https://directory.example/scim/v2", Kind: core.URLOption}, {ID: "token", Label: "Token", Help: "A token that may write users.", Secret: true}}},
	{ID: "german", Name: "Personalverwaltungssoftware Großunternehmen", Category: core.HRSystem, Description: "Liest Beschäftigte, Kostenstellenverantwortungsbereiche und Vorgesetzte aus der Personalverwaltung.", Regions: []string{"Germany", "Austria"}, Source: true,
		Options: []core.Option{{ID: "host", Label: "Mandantenverwaltungsadresse", Help: "Die Adresse, unter der Ihre Personalverwaltungssoftware im Unternehmensnetzwerk erreichbar ist."}}},
	{ID: "ldap", Name: "LDAP directory", Category: core.Directory, Description: "OpenLDAP and other directories whose people are inetOrgPerson entries.", Source: true, Target: true, Options: []core.Option{{ID: "host", Label: "Server", Help: "The name of the server."}}},
	{ID: "csv", Name: "CSV file", Category: core.File, Description: "People or accounts from a table that another program exported as text.", Source: true, Target: true, Options: []core.Option{{ID: "path", Label: "File", Kind: core.FileOption, Example: "people.csv", Help: "The file to read; it stays where it is and is never changed."}}},
	{ID: "xlsx", Name: "Excel workbook", Category: core.File, Description: "People or accounts from one sheet of an Excel workbook.", Source: true, Options: []core.Option{{ID: "path", Label: "Workbook", Kind: core.FileOption, Help: "The file to read."}}},
	{ID: "bamboo", Name: "Bambusa", Category: core.HRSystem, Description: "Reads the directory, jobs and reporting lines of Bambusa.", Source: true, Regions: []string{"North America"}, Options: []core.Option{{ID: "key", Label: "API key", Secret: true, Help: "A key of a user who may read everybody."}}},
}

var cannedAttributes = []core.Attribute{
	{ID: "userName", Label: "User name", Required: true, Unique: true, Login: true},
	{ID: "employeeNumber", Label: "Employee number", Unique: true},
	{ID: "givenName", Label: "Given name", Required: true},
	{ID: "familyName", Label: "Family name", Required: true},
	{ID: "displayName", Label: "Display name"},
	{ID: "mail", Label: "E-mail", Kind: core.Email, Required: true, Unique: true},
	{ID: "title", Label: "Title"},
	{ID: "department", Label: "Department"},
	{ID: "manager", Label: "Manager", Kind: core.Reference},
	{ID: "phone", Label: "Mobile phone", Kind: core.Phone},
	{ID: "hireDate", Label: "Hire date", Kind: core.Date},
	{ID: "role", Label: "Role", Choices: []core.Choice{{Value: "member", Label: "Member"}, {Value: "guest", Label: "Guest"}}},
	{ID: core.Groups, Label: "Groups", Kind: core.List, Help: "The groups that people are in.", Choices: []core.Choice{{Value: "g1", Label: "All staff"}, {Value: "g2", Label: "Sales EMEA"}, {Value: "g3", Label: "VPN users"}, {Value: "g4", Label: "Rechtsschutzversicherungsangelegenheiten"}}},
	{ID: "orgUnit", Label: "Org unit", Choices: []core.Choice{{Value: "/", Label: "/"}, {Value: "/Sales", Label: "/Sales"}, {Value: "/Care", Label: "/Customer Care"}, {Value: "/Eng", Label: "/Engineering"}}},
	{ID: "costCenterResponsibility", Label: "Kostenstellenverantwortlichkeitsbereich"},
	{ID: "id", Label: "ID", ReadOnly: true},
}

var cannedFields = []core.Field{
	{ID: "externalId", Label: "ID"}, {ID: "employeeNumber", Label: "Employee number"}, {ID: "firstName", Label: "First name"}, {ID: "lastName", Label: "Last name"},
	{ID: "email", Label: "Work e-mail", Kind: core.Email}, {ID: "preferredName", Label: "Preferred name"}, {ID: "mobilePhone", Label: "Mobile phone", Kind: core.Phone},
	{ID: "jobTitle", Label: "Job title"}, {ID: "department", Label: "Department"}, {ID: "costCenter", Label: "Cost centre"}, {ID: "legalEntity", Label: "Legal entity"}, {ID: "office", Label: "Office"},
	{ID: "country", Label: "Country"}, {ID: "managerId", Label: "Manager", Kind: core.Reference}, {ID: "startDate", Label: "Start date", Kind: core.Date}, {ID: "endDate", Label: "End date", Kind: core.Date},
	{ID: "employmentStatus", Label: "Employment status"}, {ID: "custom.shirt", Label: "Arbeitsbekleidungsgröße", Custom: true},
}

func cannedPeople(n int) []core.Person {
	schema := core.NewSchema(cannedFields)
	pack := core.NewPacker(schema)
	first := []string{"Zoë", "Anna", "Jonas", "Priya", "Sofia", "Tomás", "Mei", "Dana", "Luca", "Maximiliane"}
	last := []string{"Lindqvist", "Keller", "Weber", "Nair", "Brandt", "Oliveira", "Okafor", "Brown-Ito", "Ferri", "von Hohenzollern-Sigmaringen"}
	jobs := []string{"Engineer", "Senior Product Designer", "Account Manager", "Rechtsschutzversicherungsbeauftragte"}
	groups := []string{"Engineering", "Sales", "Customer Care", "Operations"}
	var people []core.Person
	for i := range n {
		f, l := first[i%10], last[(i/10+i)%10]
		pack.Put("externalId", fmt.Sprint(9000+i))
		pack.Put("employeeNumber", fmt.Sprint(10400+i))
		pack.Put("firstName", f)
		pack.Put("lastName", l)
		pack.Put("email", "")
		if i%20 != 7 {
			pack.Put("email", strings.ToLower(fmt.Sprintf("%s.%s.%d@northlake.example", plain(f), plain(l), i)))
		}
		if i%3 == 0 {
			pack.Put("preferredName", f[:1])
		}
		pack.Put("mobilePhone", fmt.Sprintf("+46 70 174 %04d", i))
		pack.Put("jobTitle", jobs[i%4])
		pack.Put("department", groups[(i/3)%4])
		pack.Put("costCenter", fmt.Sprint(4100+10*(i%4)))
		pack.Put("legalEntity", []string{"Northlake AB", "Northlake GmbH", "Northlake Ltd"}[i%3])
		pack.Put("country", []string{"SE", "DE", "GB"}[i%3])
		pack.Put("office", []string{"Gothenburg", "Berlin", "Leeds"}[i%3])
		if i > 5 {
			pack.Put("managerId", fmt.Sprint(9000+i%6))
		}
		pack.Put("startDate", fmt.Sprintf("20%02d-03-14", 10+i%15))
		status := core.StatusActive
		if i%25 == 24 {
			status = core.StatusTerminated
			pack.Put("endDate", "2026-10-31")
		}
		pack.Put("employmentStatus", status)
		people = append(people, core.Person{Record: pack.Pack()})
	}
	return people
}

func plain(s string) string {
	return strings.NewReplacer("ë", "e", "á", "a", " ", "-").Replace(s)
}

// canned are services that answer at once and remember what they were asked to keep.
type canned struct {
	mu          sync.Mutex
	connections []view.Connection
	secrets     map[string]core.Answers
	syncs       []view.Sync
	settings    view.Settings
	plan        *core.Plan
	people      []core.Person
	refuse      error // of Test
	readFails   error
	holdRead    chan struct{} // Read waits for it to be closed, where it is set
	picks       string
	tested      []core.Answers
	noRuns      bool
	specs       []core.Spec // of the systems there are
	saveAs      string      // what SaveFile answers
	rights      []core.Right
	engine      core.Imports
	health      *core.Health // of every test, where it is set
}

func newCanned() *canned {
	c := &canned{specs: cannedSpecs, secrets: map[string]core.Answers{}, people: cannedPeople(250), settings: view.Settings{Look: "light", Cards: true, Retention: 90, Guards: core.DefaultGuards()}}
	c.connections = []view.Connection{
		{ID: "c1", Name: "Northwind HR – Northlake", Connector: "northwind", Options: map[string]string{"clientId": "papi-7c41e0f2", "region": "eu"}, Secrets: []string{"secret"}, Checked: cannedNow.Add(-2 * time.Hour), Summary: "412 employees visible", LastSync: cannedNow.Add(-26 * time.Hour)},
		{ID: "c2", Name: "Practice directory", Connector: "practice", Checked: cannedNow.Add(-3 * 24 * time.Hour), Summary: "238 accounts"},
		{ID: "c3", Name: "Directory Cloud", Connector: "cloud", Options: map[string]string{"url": "https://directory.example/scim/v2"}, Secrets: []string{"token"}, Checked: cannedNow.Add(-time.Hour), Code: core.BadCredentials, Summary: "Directory Cloud refuses the token."},
		{ID: "c4", Name: "Sample company", Connector: "sample", Checked: cannedNow.Add(-time.Minute), Summary: "250 people"},
	}
	c.syncs = []view.Sync{
		{ID: "s1", Name: "Northwind HR – Northlake → Practice directory", Setup: cannedSetup(), Step: view.StepPreview, Updated: cannedNow.Add(-26 * time.Hour)},
		{ID: "s2", Name: "Sample company → Practice directory", Setup: core.Setup{Source: core.Side{Connection: "Sample company"}, Target: core.Side{Connection: "Practice directory"}, Modes: core.DefaultModes()}, Draft: true, Step: view.StepFilter, Updated: cannedNow.Add(-3 * time.Hour)},
	}
	c.plan = c.makePlan()
	return c
}

func cannedSetup() core.Setup {
	member := "member"
	return core.Setup{Source: core.Side{Connection: "Northwind HR – Northlake"}, Target: core.Side{Connection: "Practice directory"},
		Filter:   core.Filter{Conditions: []core.Condition{{Field: "department", Operator: "is not", Values: []string{"Operations"}}}, Groups: []core.Filter{{Any: true, Conditions: []core.Condition{{Field: "country", Operator: "is one of", Values: []string{"SE", "DE"}}, {Field: "startDate", Operator: "is empty"}}}}},
		Identity: core.Identity{Keys: []core.Key{{Fields: []string{"employeeNumber"}, Attribute: "employeeNumber"}}},
		Mapping: []core.Rule{{Attribute: "userName", Expression: "Lower(email)", Write: core.CreateOnly}, {Attribute: "employeeNumber", Field: "employeeNumber"}, {Attribute: "givenName", Field: "firstName"},
			{Attribute: "displayName", Expression: "{{firstName}} {{lastName}}"}, {Attribute: "mail", Field: "email"}, {Attribute: "title", Field: "jobTitle", Write: core.IfEmpty}, {Attribute: "role", Constant: &member}},
		Modes: core.DefaultModes(), Guards: core.DefaultGuards()}
}

// services gives all doors.
func (c *canned) services() view.Services {
	return view.Services{Connections: cannedConnections{c}, Syncs: cannedSyncs{c}, Plans: cannedPlans{c}, Runs: cannedRuns{c}, People: cannedReadings{c}, Settings: cannedSettings{c}, Desktop: cannedDesktop{c},
		Version: "1.0", Now: func() time.Time { return cannedNow }}
}

type cannedConnections struct{ *canned }

func (c cannedConnections) Specs() []core.Spec { return c.specs }

func (c cannedConnections) List(context.Context) ([]view.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.connections), nil
}

func (c cannedConnections) Save(_ context.Context, one view.Connection, answers core.Answers) (view.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one.ID == "" {
		one.ID = fmt.Sprint("new", len(c.connections))
		c.connections = append(c.connections, one)
	}
	i := slices.IndexFunc(c.connections, func(o view.Connection) bool { return o.ID == one.ID })
	spec := c.specs[slices.IndexFunc(c.specs, func(s core.Spec) bool { return s.ID == one.Connector })]
	one.Options = map[string]string{}
	for _, o := range spec.Options {
		v, given := answers[o.ID]
		switch {
		case given && o.Secret:
			if c.secrets[one.ID] == nil {
				c.secrets[one.ID] = core.Answers{}
			}
			c.secrets[one.ID][o.ID] = v
			if !slices.Contains(one.Secrets, o.ID) {
				one.Secrets = append(one.Secrets, o.ID)
			}
		case given:
			one.Options[o.ID] = v.Reveal()
		}
	}
	c.connections[i] = one
	return one, nil
}

func specOf(id string) core.Spec {
	i := slices.IndexFunc(cannedSpecs, func(s core.Spec) bool { return s.ID == id })
	return cannedSpecs[max(i, 0)]
}

func (c cannedConnections) Test(_ context.Context, connector string, answers core.Answers, id string) (core.Health, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tested = append(c.tested, maps.Clone(answers))
	if c.refuse != nil {
		return core.Health{}, c.refuse
	}
	if c.health != nil {
		return *c.health, nil
	}
	h := core.Health{Summary: "412 employees visible", People: 412}
	if i := slices.IndexFunc(c.connections, func(o view.Connection) bool { return o.ID == id }); i >= 0 {
		c.connections[i].Checked, c.connections[i].Summary = cannedNow, h.Summary
	}
	for i, p := range specOf(connector).Permissions {
		h.Rights = append(h.Rights, core.Right{Permission: p, Granted: i < 2, Detail: []string{"412 people", "18 departments", ""}[i]})
	}
	return h, nil
}

// KeyFile knows one file with both parts, whose password is "made up".
func (c cannedConnections) KeyFile(_ context.Context, path string, password core.Secret) (core.KeyFile, error) {
	switch {
	case !strings.HasSuffix(path, "app.pfx"):
		return core.KeyFile{Certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}, nil
	case password == "":
		return core.KeyFile{}, &core.Problem{Code: core.BadCredentials, What: "app.pfx is protected by a password.", Fix: "Enter the password."}
	case password != "made up":
		return core.KeyFile{}, &core.Problem{Code: core.BadCredentials, What: "This is not the password of app.pfx.", Fix: "Enter the password with which the file was made; whoever made it knows it."}
	}
	return core.KeyFile{Certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", Key: "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"}, nil
}

func (c cannedConnections) Manifest(context.Context, string) ([]byte, error) {
	return []byte("id: custom\n"), nil
}

func (c cannedConnections) Forget(_ context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.connections = slices.DeleteFunc(c.connections, func(o view.Connection) bool { return o.ID == id })
	return nil
}

type cannedSyncs struct{ *canned }

func (c cannedSyncs) List(context.Context) ([]view.Sync, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.syncs), nil
}

func (c cannedSyncs) Save(_ context.Context, y view.Sync) (view.Sync, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	y.Updated = cannedNow
	if y.ID == "" {
		y.ID = fmt.Sprint("s", len(c.syncs)+1)
		c.syncs = append(c.syncs, y)
		return y, nil
	}
	i := slices.IndexFunc(c.syncs, func(o view.Sync) bool { return o.ID == y.ID })
	c.syncs[i] = y
	return y, nil
}

func (c cannedSyncs) Delete(_ context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.syncs = slices.DeleteFunc(c.syncs, func(o view.Sync) bool { return o.ID == id })
	return nil
}

func (c cannedSyncs) Read(ctx context.Context, s core.Setup, tell func(core.Progress)) (view.Material, error) {
	tell(core.Progress{Phase: core.PhasePeople, Done: 120, Total: 250})
	if c.holdRead != nil {
		select {
		case <-c.holdRead:
		case <-ctx.Done():
			return view.Material{}, ctx.Err()
		}
	}
	source := specOf("northwind")
	if s.Source.Connection == "Sample company" {
		source = specOf("sample")
	}
	return view.Material{Source: source, Target: specOf("practice"), Fields: cannedFields, Attributes: cannedAttributes, People: c.people}, c.readFails
}

func (c cannedSyncs) Export(view.Sync, io.Writer) error { return nil }

func (c cannedSyncs) Import(io.Reader) (core.Setup, error) { return cannedSetup(), nil }

type cannedPlans struct{ *canned }

func (c cannedPlans) Make(_ context.Context, _ string, tell func(core.Progress)) (*core.Plan, error) {
	if tell != nil {
		tell(core.Progress{Phase: core.PhaseCompare, Done: 250, Total: 250})
	}
	return c.plan, nil
}

func (c cannedPlans) Open(context.Context, string) (*core.Plan, error) { return c.plan, nil }

func (c cannedPlans) List(context.Context) ([]view.PlanHead, error) {
	sum := c.plan.Count()
	counts := map[string]int{}
	for _, v := range core.Verbs() {
		counts[v.String()] = sum.Of(v)
	}
	return []view.PlanHead{{ID: c.plan.ID, Name: c.plan.Name, Hash: c.plan.Hash, Sync: "s1", Made: cannedNow.Add(-2 * time.Minute), Counts: counts}}, nil
}

func (c cannedPlans) Target(context.Context, *core.Plan) (core.Spec, error) {
	return specOf("practice"), nil
}

func (c cannedPlans) Options(context.Context, *core.Plan) (map[string]string, error) { return nil, nil }

type cannedRuns struct{ *canned }

func (c cannedRuns) run() view.Run {
	return view.Run{ID: "r1", Plan: c.plan.ID, Name: c.plan.Name, Sync: "s1", Who: "Zoë Lindqvist", Started: cannedNow.Add(-26 * time.Hour), Ended: cannedNow.Add(-26*time.Hour + 3*time.Minute),
		Counts: map[string]int{core.Done.String(): 118, core.Failed.String(): 2}}
}

func (c cannedRuns) Apply(_ context.Context, p *core.Plan, _ core.Approval, tell func(core.Outcome)) (view.Run, error) {
	for i, r := range p.Rows {
		if r.Verb.Writes() && r.Tick == core.On {
			o := core.Outcome{Row: i, Verb: r.Verb, Took: 120 * time.Millisecond}
			if i%17 == 3 {
				o.State, o.Problem = core.Failed, &core.Problem{Code: core.Refused, What: "The directory takes no such phone number.", Fix: "Correct it in the source and try again."}
			}
			tell(o)
		}
	}
	return c.run(), nil
}

func (c cannedRuns) Rehearse(context.Context, *core.Plan) ([]core.Right, error) { return c.rights, nil }

func (c cannedRuns) Engine(context.Context, *core.Plan) (core.Imports, error) { return c.engine, nil }

func (c cannedRuns) List(context.Context) ([]view.Run, error) {
	if c.noRuns {
		return nil, nil
	}
	return []view.Run{c.run()}, nil
}

func (c cannedRuns) Notes(context.Context, string) ([]core.Noted, error) {
	var notes []core.Noted
	for i, r := range c.plan.Rows {
		if r.Verb.Writes() && len(notes) < 60 {
			name, _ := r.Subject()
			notes = append(notes, core.Noted{Entry: core.Entry{Row: i, Verb: r.Verb, Person: r.Desired.Person(), Account: r.Account.ID(), Name: name, Cells: r.Cells}})
		}
	}
	return notes, nil
}

func (c cannedRuns) Undo(context.Context, string) (*core.Plan, error) { return c.plan, nil }

type cannedReadings struct{ *canned }

func (c cannedReadings) Snapshots(context.Context) ([]view.Snapshot, error) {
	return []view.Snapshot{{ID: "p2", Sync: "s1", Name: "Northwind HR – Northlake", Taken: cannedNow.Add(-time.Hour), Count: 250}, {ID: "p1", Sync: "s1", Name: "Northwind HR – Northlake", Taken: cannedNow.Add(-26 * time.Hour), Count: 248}}, nil
}

func (c cannedReadings) Open(_ context.Context, id string) ([]core.Person, error) {
	if id == "p1" {
		return c.people[:248], nil
	}
	return c.people, nil
}

func (c cannedReadings) ReadNow(context.Context, string, func(core.Progress)) (view.Snapshot, error) {
	return view.Snapshot{ID: "p2", Sync: "s1", Taken: cannedNow, Count: 250}, nil
}

func (c cannedReadings) Matched(context.Context, string) (map[string]string, error) {
	m := map[string]string{}
	for _, p := range c.people[:230] {
		m[p.ID()] = "a" + p.ID()
	}
	return m, nil
}

type cannedSettings struct{ *canned }

func (c cannedSettings) Load(context.Context) (view.Settings, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settings, nil
}

func (c cannedSettings) Save(_ context.Context, s view.Settings) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings = s
	return nil
}

func (c cannedSettings) Prune(context.Context) error { return nil }

func (c cannedSettings) Place() string { return "rollcall.db" }

type cannedDesktop struct{ *canned }

func (c cannedDesktop) OpenURL(string) error { return nil }

func (c cannedDesktop) OpenFile(context.Context, string, []string) (string, error) {
	return c.picks, nil
}

func (c cannedDesktop) SaveFile(context.Context, string, string) (string, error) {
	return c.saveAs, nil
}

func (c cannedDesktop) OpenFolder(context.Context, string) (string, error) {
	return "/home/anna/hr-exports", nil
}

func (c cannedDesktop) User() string { return "Zoë Lindqvist" }

// makePlan makes a plan with the engine, of the canned people and of accounts that
// differ from them here and there.
func (c *canned) makePlan() *core.Plan {
	setup := cannedSetup()
	setup.Filter = core.Filter{}
	setup.Mapping = append(setup.Mapping, core.Rule{Attribute: "familyName", Field: "lastName"}, core.Rule{Attribute: "department", Field: "department"}, core.Rule{Attribute: "manager", Field: "managerId"})
	got, err := engine.Plan(context.Background(), engine.Input{ID: "plan1", Name: "Northwind HR – Northlake → Practice directory", Setup: setup, Source: cannedSource{c.people}, Target: cannedTarget{c.people}, Now: cannedNow.Add(-2 * time.Minute)})
	if err != nil {
		panic(err)
	}
	return got.Plan
}

type cannedSource struct{ people []core.Person }

func (s cannedSource) Check(context.Context) (core.Health, error) { return core.Health{}, nil }

func (s cannedSource) Fields(context.Context) ([]core.Field, error) { return cannedFields, nil }

func (s cannedSource) People(context.Context, core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		for _, p := range s.people {
			if !yield(p, nil) {
				return
			}
		}
	}
}

type cannedTarget struct{ people []core.Person }

func (t cannedTarget) Check(context.Context) (core.Health, error) { return core.Health{}, nil }

func (t cannedTarget) Attributes(context.Context) ([]core.Attribute, error) {
	return cannedAttributes, nil
}

func (t cannedTarget) Accounts(context.Context, []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		pack := core.NewPacker(core.AccountSchema(cannedAttributes))
		for i, p := range t.people {
			if i%8 == 1 {
				continue // has no account yet
			}
			pack.Put(core.AccountID, "a"+p.ID())
			pack.Put(core.AccountName, p.Name())
			pack.Put(core.AccountActive, "true")
			pack.Put("userName", p.Value("email"))
			pack.Put("employeeNumber", p.Value("employeeNumber"))
			pack.Put("givenName", p.Value("firstName"))
			pack.Put("familyName", p.Value("lastName"))
			pack.Put("displayName", p.Value("firstName")+" "+p.Value("lastName"))
			pack.Put("mail", p.Value("email"))
			pack.Put("title", p.Value("jobTitle"))
			pack.Put("role", "member")
			department := p.Value("department")
			if i%5 == 2 {
				department = "Temporary assignment"
			}
			pack.Put("department", department)
			if m := p.Value("managerId"); m != "" && i%7 != 0 {
				pack.Put("manager", "a"+m)
			}
			if !yield(core.Account{Record: pack.Pack()}, nil) {
				return
			}
		}
	}
}

func (t cannedTarget) Account(context.Context, string, []string) (core.Account, error) {
	return core.Account{}, errCanned
}

func (t cannedTarget) Find(context.Context, string, string, []string) ([]core.Account, error) {
	return nil, nil
}

func (t cannedTarget) Write(context.Context, core.Write) (core.Receipt, error) {
	return core.Receipt{}, errCanned
}

var errCanned = errors.New("canned targets are not written to")
