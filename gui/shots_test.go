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
	"testing"

	"fyne.io/fyne/v2"

	"rollcall/gui/headless"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

var (
	shots = flag.String("shots", "", "draw every page as PNG files into this folder")
	only  = flag.String("only", "", "draw only the page of this name")
)

// scene is one picture: where to go, and what to do there.
type scene struct {
	name  string
	route view.Route
	then  func(*window)
}

// mainScenes are drawn in the smaller window too.
var mainScenes = []string{"integrations", "setup-access", "setup-filter", "setup-mapping", "preview", "run", "people", "history", "settings"}

var scenes = []scene{
	{"integrations", view.Route{Page: view.Integrations}, nil},
	{"integrations-list", view.Route{Page: view.Integrations}, func(w *window) {
		first[*parts.Segmented](w).OnChanged("list")
	}},
	{"integrations-manage", view.Route{Page: view.Integrations}, func(w *window) { tapText(w, "Manage") }},
	{"setup-source", view.Route{Page: view.Setup}, nil},
	{"setup-access", view.Route{Page: view.Setup, Connection: "c1"}, func(w *window) { tapText(w, "Test connection") }},
	{"setup-new", view.Route{Page: view.Setup, Connector: "german"}, func(w *window) { tapText(w, "Test connection") }},
	{"setup-filter", view.Route{Page: view.Setup, Sync: "s1"}, func(w *window) { stepTo(w, view.StepFilter) }},
	{"setup-scope", view.Route{Page: view.Setup, Sync: "s1"}, func(w *window) { stepTo(w, view.StepScope) }},
	{"setup-mapping", view.Route{Page: view.Setup, Sync: "s1"}, nil},
	{"mapping-smart", view.Route{Page: view.Setup, Sync: "s1"}, func(w *window) { tapText(w, "Smart mapping") }},
	{"mapping-drag", view.Route{Page: view.Mappings, Sync: "s1"}, dragHalfway},
	{"mapping-expression", view.Route{Page: view.Mappings, Sync: "s1"}, func(w *window) { first[*parts.MapBoard](w).OnEdit("displayName") }},
	{"mapping-field", view.Route{Page: view.Mappings, Sync: "s1"}, func(w *window) { first[*parts.MapBoard](w).OnEdit("title") }},
	{"mappings", view.Route{Page: view.Mappings}, nil},
	{"preview", view.Route{Page: view.Preview, Plan: "plan1"}, nil},
	{"run", view.Route{Page: view.RunPage, Run: "r1"}, nil},
	{"people", view.Route{Page: view.PeoplePage}, nil},
	{"history", view.Route{Page: view.History}, nil},
	{"settings", view.Route{Page: view.SettingsPage}, nil},
}

func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("give -shots DIR to draw every page")
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
func openWindow(t *testing.T, c *canned) *window {
	t.Helper()
	a := headless.New()
	w := build(a, c.services())
	t.Cleanup(func() {
		a.Settle()
		parts.ForgetTips(w.win.Canvas())
		a.Quit()
	})
	w.win.Show()
	settle()
	return w
}
