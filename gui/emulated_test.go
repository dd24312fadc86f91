package gui

import (
	"context"
	"flag"
	"fmt"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/connectors"
	"rollcall/connectors/emulators/emulate"
	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// Ten that are as different as they come are tried; all of them take some minutes.
var (
	tried = flag.String("tried", "workday bamboohr personio successfactors okta entraid googleworkspace nmbrs hibob adp", "systems to whose emulators the window is connected, or all")
	steps = flag.String("steps", "", "draw the steps of it as PNG files into this folder")
)

// nowhere is an address without a computer, which is known without asking a name server.
const nowhere = "https://no..where.example"

// emulated is a window over real connectors that ask an emulator.
type emulated struct {
	*canned
	spec   core.Spec
	server *emulate.Server
	base   string
	failed error // why the last test failed
	window *window
}

type emulatedConnections struct {
	cannedConnections
	e *emulated
}

func (e *emulated) source(answers core.Answers) (core.Source, error) {
	return connectors.All().Source(e.spec.ID, answers, core.Env{Now: func() time.Time { return cannedNow }, Base: e.base})
}

func (c emulatedConnections) Test(ctx context.Context, _ string, answers core.Answers, id string) (h core.Health, err error) {
	answers = maps.Clone(answers)
	maps.Copy(answers, c.e.secrets[id]) // those that are kept need not be typed again
	c.e.tested = append(c.e.tested, answers)
	defer func() { c.e.failed = err }()
	source, err := c.e.source(answers)
	if err != nil {
		return h, err
	}
	return source.Check(ctx)
}

type emulatedSyncs struct {
	cannedSyncs
	e *emulated
}

// Read asks the emulator with the answers that were tested last.
func (s emulatedSyncs) Read(ctx context.Context, setup core.Setup, _ func(core.Progress)) (view.Material, error) {
	m := view.Material{Source: s.e.spec, Target: specOf("practice"), Attributes: cannedAttributes}
	source, err := s.e.source(s.e.tested[len(s.e.tested)-1])
	if err != nil {
		return m, err
	}
	if m.Fields, err = source.Fields(ctx); err != nil {
		return m, err
	}
	for p, err := range source.People(ctx, core.Want{Leavers: setup.LeaversBack()}) {
		if err != nil {
			return m, err
		}
		m.People = append(m.People, p)
	}
	return m, nil
}

// connect opens the wizard at the questions of a system whose emulator runs, in a way of signing in.
func connect(t *testing.T, c *canned, id, way string) *emulated {
	t.Helper()
	server, err := emulate.Start(id, emulate.Setup{Day: cannedNow, Way: way})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	c.specs = connectors.All().Specs()
	e := &emulated{canned: c, server: server, base: server.URL}
	if e.spec, err = connectors.All().Spec(id); err != nil {
		t.Fatal(err)
	}
	services := c.services()
	services.Connections, services.Syncs = emulatedConnections{cannedConnections{c}, e}, emulatedSyncs{cannedSyncs{c}, e}
	e.window = openWindowOf(t, services)
	parts.ByPointer()
	e.window.Go(view.Route{Page: view.Setup, Connector: id})
	settle()
	return e
}

// answer types what the emulator takes, as its owner would.
func (e *emulated) answer(t *testing.T) {
	t.Helper()
	for _, group := range []string{"When accounts are written", "More settings"} {
		if button(e.window, group) != nil {
			tapText(e.window, group)
		}
	}
	left, answers := map[string]string{}, e.given()
	for _, o := range e.spec.Options {
		if _, given := answers[o.ID]; given && o.Shown(e.spec.Options, answers) {
			left[o.ID] = answers.Get(o.ID)
		}
	}
	for n := -1; n != len(left); { // one answer may make another question appear
		n = len(left)
		for _, o := range e.spec.Options {
			if v, given := left[o.ID]; given && e.asks(o.Label) {
				f := field(t, e.window, o.Label)
				f.SetValue(v)
				f.OnChanged(v) // as a choice does only where a person makes it
				delete(left, o.ID)
			}
		}
	}
	if len(left) > 0 {
		t.Fatalf("nothing asks %v", slices.Sorted(maps.Keys(left)))
	}
	settle()
}

// given are the emulator's answers.
func (e *emulated) given() core.Answers {
	a := core.Answers{}
	for id, v := range e.server.Options {
		a[id] = core.Secret(v)
	}
	return a
}

func (e *emulated) asks(label string) bool {
	return slices.ContainsFunc(every[*parts.Field](e.window), func(f *parts.Field) bool { return f.Label() == label })
}

// test presses Test connection, and gives what the banner says.
func (e *emulated) test(t *testing.T) (text, detail string) {
	t.Helper()
	tapText(e.window, "Test connection")
	all := every[*parts.Banner](e.window)
	if len(all) != 1 {
		t.Fatalf("%d banners are shown", len(all))
	}
	return all[0].Text(), all[0].Detail()
}

// byHand gives a way in which nobody has to allow anything in a browser.
func byHand(t *testing.T, id string) string {
	t.Helper()
	i := slices.IndexFunc(emulate.Ways(id), func(w emulate.Way) bool { return !w.Consent })
	if i < 0 {
		t.Skip("a person allows it in a browser")
	}
	return emulate.Ways(id)[i].Name
}

// partly is a path of the calls that one permission is needed for without which people can be read all the same.
var partly = map[string]string{"okta": "meta/schemas", "googleworkspace": "/schemas", "successfactors": "FODepartment", "adp": "validation-tables"}

func TestConnectionIsTestedWithTheVendor(t *testing.T) {
	systems := strings.Fields(*tried)
	if *tried == "all" {
		systems = emulate.IDs()
	}
	for _, id := range systems {
		t.Run(id, func(t *testing.T) {
			way := byHand(t, id)
			goThrough(t, connect(t, newCanned(), id, way))
			if *steps == "" {
				return
			}
			for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(1024, 700)} {
				for _, variant := range []look.Variant{look.Light, look.Dark} {
					c := newCanned()
					c.settings.Look, c.settings.Width, c.settings.Height = string(variant), size.Width, size.Height
					goThrough(t, connect(t, c, id, way))
				}
			}
		})
	}
}

// goThrough tests a connection without answers, with good ones and in the ways that they turn out to be bad, and then keeps it.
func goThrough(t *testing.T, e *emulated) {
	kept := len(e.connections)
	tapText(e.window, "Test connection")
	if len(e.tested) > 0 {
		t.Fatal("the vendor is asked though nothing was answered")
	}
	e.picture(t, "empty")
	if !slices.ContainsFunc(every[*parts.Field](e.window), func(f *parts.Field) bool { return strings.HasPrefix(f.Problem(), "Fill this in: ") }) {
		t.Error("no field says that it is to be filled in")
	}
	e.answer(t)
	e.good(t)
	for _, bad := range []struct {
		name  string
		fault emulate.Fault
		base  string
		codes []core.Code
	}{
		{"refused", emulate.BadCredentials(), e.server.URL, []core.Code{core.BadCredentials, core.MissingScope}}, // Google's own words for both are one
		{"denied", emulate.MissingPermission(), e.server.URL, []core.Code{core.MissingScope}},
		{"nowhere", emulate.Fault{}, nowhere, []core.Code{core.Unreachable}},
	} {
		if bad.fault != (emulate.Fault{}) {
			e.server.Fault(bad.fault)
		}
		e.base = bad.base
		text, detail := e.test(t)
		e.picture(t, bad.name)
		p := core.AsProblem(e.failed)
		if text == "" || detail == "" || text != p.What || detail != p.Fix || !slices.Contains(bad.codes, p.Code) {
			t.Errorf("%s: the window says %q and %q, the problem is %v: %q, %q", bad.name, text, detail, p.Code, p.What, p.Fix)
		}
		if button(e.window, "Check again") != nil {
			t.Errorf("%s: it still says what was granted before", bad.name)
		}
		e.server.Clear()
		e.base = e.server.URL
	}
	if len(e.connections) != kept || len(e.secrets) > 0 {
		t.Errorf("a test has kept %v", e.connections[kept:])
	}
	if on := partly[e.spec.ID]; on != "" {
		e.partly(t, on)
	}
	e.good(t)
	tapText(e.window, "Continue")
	if len(e.connections) != kept+1 {
		t.Error("what was let in is not kept")
	}
	e.picture(t, "target")
	tapText(e.window, "Use")
	e.picture(t, "filter")
	must(t, e.window, "Who is meant?")
}

// visible is what the window says once people come; some vendors do not say how many there are.
var visible = regexp.MustCompile(`^Connected · ([1-9][0-9]* \S+ visible|People can be read)`)

// good tests answers that are right: the window says who is visible, and that every permission is there that was tested.
func (e *emulated) good(t *testing.T) {
	t.Helper()
	text, detail := e.test(t)
	e.picture(t, "good")
	if e.failed != nil || !visible.MatchString(text) {
		t.Errorf("the window says %q and %q, %v", text, detail, e.failed)
	}
	drawn := texts(e.window)
	for _, p := range e.spec.Permissions {
		if !drawn[p.Label] {
			t.Errorf("the permission “%s” is not named", p.Label)
		}
	}
	if drawn["Not granted"] {
		t.Error("a permission is said to be missing")
	}
}

// partly tests with a permission missing that only some fields need: it is named, with what is absent without it.
func (e *emulated) partly(t *testing.T, on string) {
	t.Helper()
	f := emulate.MissingPermission()
	f.On = on
	e.server.Fault(f)
	defer e.server.Clear()
	text, detail := e.test(t)
	e.picture(t, "partly")
	must(t, e.window, "Not granted")
	lacking := slices.IndexFunc(e.spec.Permissions, func(p core.Permission) bool { return strings.Contains(detail, "“"+p.Label+"”") })
	if !strings.HasPrefix(text, "Connected · ") || lacking < 0 || !strings.Contains(detail, e.spec.Permissions[max(lacking, 0)].Without) {
		t.Errorf("the window says %q and %q", text, detail)
	}
	must(t, e.window, e.spec.Permissions[max(lacking, 0)].Without)
}

func texts(w *window) map[string]bool {
	all := map[string]bool{}
	for _, o := range seen(w) {
		if x, ok := o.(interface{ Text() string }); ok && o.Visible() {
			all[x.Text()] = true
		}
	}
	return all
}

// picture draws the window, if asked.
func (e *emulated) picture(t *testing.T, name string) {
	t.Helper()
	if *steps == "" {
		return
	}
	f, err := os.Create(filepath.Join(*steps, fmt.Sprintf("%s-%s-%s-%d.png", e.spec.ID, name, e.settings.Look, int(e.window.Canvas().Size().Width))))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, e.window.win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}
