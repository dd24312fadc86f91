package gui

import (
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/connectors"
	"rollcall/core"
	"rollcall/gui/headless"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

var (
	shots = flag.String("shots", "", "draw every page as PNG files into this folder")
	only  = flag.String("only", "", "draw only the page of this name")
	// The longest and oddest forms stand in the documentation; the others are drawn to be looked at.
	systems = flag.String("systems", "workday entraid custom", "draw the first step of the wizard for these systems")
)

// scene is one picture: where to go, and what to do there.
type scene struct {
	name  string
	route view.Route
	then  func(*window)
	real  bool // with the cards of the systems that there are
	both  bool // with a directory that is a source too
}

// mainScenes are drawn in the smaller window too.
var mainScenes = []string{"integrations", "systems", "setup-access", "setup-filter", "setup-write", "setup-mapping", "mapping-rules", "mapping-groups", "preview", "run", "people", "history", "settings"}

var scenes = []scene{
	{name: "integrations", route: view.Route{Page: view.Integrations}},
	{name: "integrations-list", route: view.Route{Page: view.Integrations}, then: func(w *window) {
		first[*parts.Segmented](w).OnChanged("list")
	}},
	{name: "integrations-manage", route: view.Route{Page: view.Integrations}, then: func(w *window) { tapText(w, "Manage") }},
	{name: "systems", route: view.Route{Page: view.Integrations}, real: true},
	{name: "systems-search", route: view.Route{Page: view.Integrations}, real: true, then: func(w *window) { first[*parts.SearchBox](w).SetText("visma") }},
	{name: "systems-manage", route: view.Route{Page: view.Integrations}, real: true, then: func(w *window) {
		first[*parts.SearchBox](w).SetText("custom")
		settle()
		tapText(w, "Manage")
	}},
	{name: "setup-source", route: view.Route{Page: view.Setup}},
	{name: "setup-access", route: view.Route{Page: view.Setup, Connection: "c1"}, then: func(w *window) { tapText(w, "Test connection") }},
	{name: "setup-new", route: view.Route{Page: view.Setup, Connector: "german"}, then: func(w *window) { tapText(w, "Test connection") }},
	{name: "setup-code", route: view.Route{Page: view.Setup, Connector: "entraid"}, real: true, then: func(w *window) {
		fieldOf(w, "Sign in with").SetValue("device")
		fieldOf(w, "Sign in with").OnChanged("device")
		(&codeDialog{ctx: w.work.ctx, code: cannedCode()}).open(w.Canvas())
	}},
	{name: "setup-keyfile", route: view.Route{Page: view.Setup, Connector: "entraid"}, real: true, then: func(w *window) {
		w.services.Desktop.(cannedDesktop).picks = "/home/anna/app.pfx"
		fieldOf(w, "Sign in with").SetValue("certificate")
		fieldOf(w, "Sign in with").OnChanged("certificate")
		settle()
		tapText(w, "Choose file…")
	}},
	{name: "setup-write", both: true, route: view.Route{Page: view.Setup, Connector: "both"}, then: func(w *window) {
		for _, f := range every[*parts.Field](w) {
			if f.Label() == "Token" {
				f.SetValue("t")
			}
		}
		tapText(w, "Test connection")
	}},
	{name: "setup-filter", route: view.Route{Page: view.Setup, Sync: "s1"}, then: func(w *window) { stepTo(w, view.StepFilter) }},
	{name: "setup-scope", route: view.Route{Page: view.Setup, Sync: "s1"}, then: func(w *window) { stepTo(w, view.StepScope) }},
	{name: "setup-mapping", route: view.Route{Page: view.Setup, Sync: "s1"}},
	{name: "mapping-smart", route: view.Route{Page: view.Setup, Sync: "s1"}, then: func(w *window) { tapText(w, "Smart mapping") }},
	{name: "mapping-drag", route: view.Route{Page: view.Mappings, Sync: "s1"}, then: dragHalfway},
	{name: "mapping-expression", route: view.Route{Page: view.Mappings, Sync: "s1"}, then: func(w *window) { first[*parts.MapBoard](w).OnEdit("displayName") }},
	{name: "mapping-field", route: view.Route{Page: view.Mappings, Sync: "s1"}, then: func(w *window) { first[*parts.MapBoard](w).OnEdit("title") }},
	{name: "mapping-rules", route: view.Route{Page: view.Mappings, Sync: "s1"}, then: func(w *window) { byRule(w, "orgUnit", orgUnitRules) }},
	{name: "mapping-groups", route: view.Route{Page: view.Mappings, Sync: "s1"}, then: func(w *window) { byRule(w, core.Groups, groupRules) }},
	{name: "mappings", route: view.Route{Page: view.Mappings}},
	{name: "preview", route: view.Route{Page: view.Preview, Plan: "plan1"}},
	{name: "run", route: view.Route{Page: view.RunPage, Run: "r1"}},
	{name: "people", route: view.Route{Page: view.PeoplePage}},
	{name: "history", route: view.Route{Page: view.History}},
	{name: "settings", route: view.Route{Page: view.SettingsPage}},
}

// connecting is the first step of the wizard for one system that there is.
func connecting(id string) scene {
	return scene{name: "connect-" + id, route: view.Route{Page: view.Setup, Connector: id}, real: true}
}

func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("give -shots DIR to draw every page")
	}
	for id := range strings.FieldsSeq(*systems) {
		if i := slices.IndexFunc(scenes, func(s scene) bool { return s.name == "connect-"+id }); i < 0 {
			scenes = append(scenes, connecting(id))
		}
	}
	for _, s := range scenes {
		if *only != "" && *only != s.name {
			continue
		}
		for _, variant := range []look.Variant{look.Light, look.Dark} {
			draw(t, s, variant, fyne.NewSize(1280, 800))
			if slices.Contains(mainScenes, s.name) {
				draw(t, s, variant, fyne.NewSize(1024, 700))
			}
		}
	}
}

func draw(t *testing.T, s scene, variant look.Variant, size fyne.Size) {
	t.Helper()
	c := newCanned()
	if s.both {
		c = withBothFaces()
	}
	if s.real {
		c.specs = connectors.All().Specs()
		c.connections = append(c.connections, view.Connection{ID: "c5", Name: "HR of the subsidiary", Connector: "custom", Options: map[string]string{"baseUrl": "https://hr.corp.example/v1"},
			Checked: cannedNow.Add(-time.Hour), Summary: "86 people visible"})
	}
	c.settings.Look, c.settings.Width, c.settings.Height = string(variant), size.Width, size.Height
	w := openWindow(t, c)
	parts.ByPointer() // no ring around what has the focus by itself
	w.Go(s.route)
	settle()
	if s.then != nil {
		s.then(w)
		settle()
	}
	name := fmt.Sprintf("%s-%s-%d.png", s.name, variant, int(size.Width))
	f, err := os.Create(filepath.Join(*shots, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(f, fewColours(w.win.Canvas().Capture())); err != nil {
		t.Fatal(err)
	}
}

// fewColours gives a picture in its 256 most frequent colours, which takes a fifth of the room.
func fewColours(picture image.Image) image.Image {
	count := map[color.RGBA]int{}
	all := picture.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA) }
	for y := all.Min.Y; y < all.Max.Y; y++ {
		for x := all.Min.X; x < all.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	frequent := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	palette := make(color.Palette, 0, 256)
	for _, c := range frequent[:min(len(frequent), 256)] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	for _, c := range frequent {
		nearest[c] = uint8(palette.Index(c))
	}
	few := image.NewPaletted(all, palette)
	for y := all.Min.Y; y < all.Max.Y; y++ {
		for x := all.Min.X; x < all.Max.X; x++ {
			few.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	return few
}

// openWindow builds the whole window over canned services.
func openWindow(t *testing.T, c *canned) *window { return openWindowOf(t, c.services()) }

func openWindowOf(t *testing.T, services view.Services) *window {
	t.Helper()
	a := headless.New()
	w := build(a, services)
	t.Cleanup(func() {
		a.Settle()
		parts.ForgetTips(w.win.Canvas())
		a.Quit()
	})
	w.win.Show()
	settle()
	return w
}
