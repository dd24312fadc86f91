package gui

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/core"
	"rollcall/gui/headless"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

func press(w *window, name fyne.KeyName, mods ...fyne.KeyModifier) {
	if len(mods) > 0 {
		w.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault})
	} else if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
	} else {
		w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
	}
	settle()
}

func field(t *testing.T, w *window, label string) *parts.Field {
	t.Helper()
	for _, f := range every[*parts.Field](w) {
		if f.Label() == label {
			return f
		}
	}
	t.Fatalf("nothing asks %q", label)
	return nil
}

func TestWindowBeginsOnIntegrations(t *testing.T) {
	w := openWindow(t, newCanned())
	if w.at.Page != view.Integrations || len(every[*parts.Tile](w)) != len(cannedSpecs) {
		t.Errorf("on %q with %d cards", w.at.Page, len(every[*parts.Tile](w)))
	}
	if w.win.Title() != "Rollcall" {
		t.Error("the window has no name")
	}
}

func TestEveryPageOpensByItsKeyAndEscapeGoesBack(t *testing.T) {
	w := openWindow(t, newCanned())
	for i, e := range entries {
		press(w, fyne.KeyName('1'+rune(i)), fyne.KeyModifierControl)
		if w.at.Page != e.ID {
			t.Errorf("Ctrl+%d opens %q, want %q", i+1, w.at.Page, e.ID)
		}
	}
	w.Canvas().Unfocus()
	press(w, fyne.KeyEscape)
	if w.at.Page != view.History {
		t.Errorf("Escape opens %q", w.at.Page)
	}
	w.Go(view.Route{Page: view.Integrations})
	settle()
	press(w, fyne.KeyF, fyne.KeyModifierControl)
	if w.Canvas().Focused() == nil {
		t.Error("Ctrl+F should bring to the search")
	}
}

func TestSearchAndCategoriesLeaveCards(t *testing.T) {
	w := openWindow(t, newCanned())
	first[*parts.SearchBox](w).SetText("germany")
	settle()
	if tiles := every[*parts.Tile](w); len(tiles) != 1 || !strings.HasPrefix(tiles[0].Name, "Personal") {
		t.Errorf("%d cards", len(tiles))
	}
	first[*parts.SearchBox](w).SetText("nothing of the kind")
	settle()
	tapText(w, "Clear search")
	if n := len(every[*parts.Tile](w)); n != len(cannedSpecs) {
		t.Errorf("after clearing %d cards", n)
	}
}

func TestListViewIsRemembered(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	first[*parts.Segmented](w).OnChanged("list")
	settle()
	if c.settings.Cards || len(every[*parts.DataTable](w)) != 1 {
		t.Error("the list should be shown and remembered")
	}
}

func TestConnectionIsSetUpFromItsCard(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Setup, Connector: "northwind"})
	settle()
	id, secret := field(t, w, "Client ID"), field(t, w, "Client secret")
	id.SetValue("wrong")
	tapText(w, "Test connection")
	if id.Problem() == "" || secret.Problem() == "" || len(c.tested) != 0 {
		t.Fatal("answers that cannot be right are not sent")
	}
	id.SetValue("papi-1")
	secret.SetValue("hunter2")
	c.refuse = &core.Problem{Code: core.BadCredentials, What: "Northwind HR refuses the secret.", Fix: "Copy it again."}
	tapText(w, "Test connection")
	must(t, w, "Northwind HR refuses the secret.")
	c.refuse = nil
	tapText(w, "Test connection")
	must(t, w, "Connected · 412 employees visible")
	if got := c.tested[len(c.tested)-1]; got.Get("secret") != "hunter2" {
		t.Error("the test did not get what was typed")
	}
	must(t, w, "Not granted")
	tapText(w, "Continue")
	kept := c.connections[len(c.connections)-1]
	if kept.Connector != "northwind" || kept.Name != "Northwind HR" || kept.Options["clientId"] != "papi-1" || kept.Checked.IsZero() || c.secrets[kept.ID].Get("secret") != "hunter2" {
		t.Errorf("kept %+v", kept)
	}
	if secret.Value() != "" {
		t.Error("the secret is still in its field")
	}
	must(t, w, "Where are the accounts kept?")
	if draft := c.syncs[len(c.syncs)-1]; !draft.Draft || draft.Setup.Source.Connection != "Northwind HR" {
		t.Errorf("draft %+v", draft)
	}
}

func TestRefusedConnectionCanBeKeptAnyway(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Setup, Connection: "c1"})
	settle()
	field(t, w, "Client ID").SetValue("papi-2")
	c.refuse = &core.Problem{Code: core.Unreachable, What: "Northwind HR does not answer.", Fix: "Check the network."}
	tapText(w, "Continue")
	must(t, w, "Northwind HR does not answer.")
	tapText(w, "Keep anyway")
	if c.connections[0].Options["clientId"] != "papi-2" {
		t.Errorf("kept %+v", c.connections[0])
	}
}

func TestLeavingTypedAnswersIsAsked(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Setup, Connector: "northwind"})
	settle()
	field(t, w, "Client ID").SetValue("papi-9")
	w.Go(view.Route{Page: view.History})
	settle()
	if w.at.Page != view.Setup {
		t.Fatal("the page was left")
	}
	tapText(w, "Leave")
	if w.at.Page != view.History {
		t.Errorf("on %q", w.at.Page)
	}
}

// toMapping sets up sample company → practice directory by pressing buttons, up to the
// mapping.
func toMapping(t *testing.T, w *window) {
	t.Helper()
	w.Go(view.Route{Page: view.Setup})
	settle()
	for _, name := range []string{"Sample company", "Practice directory"} {
		tiles := every[*parts.Tile](w)
		i := slices.IndexFunc(tiles, func(tile *parts.Tile) bool { return tile.Name == name })
		if i < 0 {
			t.Fatalf("%s is not offered", name)
		}
		tiles[i].Action.Tapped(nil)
		settle()
	}
	must(t, w, "250 of 250 people are kept")
	tapText(w, "Continue")
	must(t, w, "How people and accounts are matched")
	tapText(w, "Continue")
}

func TestThreeFieldsAreDraggedOntoAttributesAndPreviewed(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	toMapping(t, w)
	board := first[*parts.MapBoard](w)
	for _, a := range []string{"givenName", "displayName", "title"} {
		board.OnClear(a)
		settle()
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(board)
	top := at.AddXY(600, 74+23)
	for _, d := range []struct{ field, row int }{{2, 2}, {5, 4}, {7, 6}} {
		row := draggables(w)[d.field]
		for _, y := range []float32{40, 46*float32(d.row) + warned(d.row)} {
			row.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: top.AddXY(0, y)}})
		}
		row.DragEnd()
		settle()
	}
	tapText(w, "Continue")
	if w.at.Page != view.Preview {
		t.Fatalf("on %q", w.at.Page)
	}
	y := c.syncs[len(c.syncs)-1]
	got := map[string]string{}
	for _, r := range y.Setup.Mapping {
		got[r.Attribute] = r.Field
	}
	if y.Draft || got["givenName"] != "firstName" || got["displayName"] != "preferredName" || got["title"] != "jobTitle" {
		t.Errorf("draft %v, mapped %v", y.Draft, got)
	}
}

// warned is how much lower a row stands because rows above it carry a warning: the user
// name and the e-mail, which some people have not.
func warned(row int) float32 {
	if row > 5 {
		return 52
	}
	return 26
}

func TestFieldIsMappedUndoneAndRedoneByKeys(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	rows := draggables(w)
	if w.Canvas().Focused() != rows[0].(fyne.Focusable) {
		t.Fatal("the list of fields should have the focus at first")
	}
	for range 8 {
		press(w, fyne.KeyDown)
	}
	press(w, fyne.KeyReturn) // the list of attributes, at the first
	for range 6 {            // e-mail does not fit, so department is the seventh
		press(w, fyne.KeyDown)
	}
	press(w, fyne.KeyReturn)
	must(t, w, "8 of 15 mapped")
	w.Canvas().Unfocus()
	w.keys.TypedShortcut(&fyne.ShortcutUndo{})
	settle()
	must(t, w, "7 of 15 mapped")
	w.keys.TypedShortcut(&fyne.ShortcutRedo{})
	settle()
	must(t, w, "8 of 15 mapped")
	tapText(w, "Save")
	if n := len(c.syncs[0].Setup.Mapping); n != 8 {
		t.Errorf("%d rules kept", n)
	}
}

func TestExpressionIsWrittenWithItsResultBeside(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	first[*parts.MapBoard](w).OnEdit("displayName")
	settle()
	area := field(t, w, "Expression")
	area.SetValue("{{lastName")
	settle()
	if b := button(w, "Apply"); b == nil || !b.Disabled() {
		t.Error("an expression that cannot be read can be applied")
	}
	area.SetValue("{{lastName}}, {{firstName}}")
	settle()
	tapText(w, "Apply")
	must(t, w, "7 of 15 mapped")
	if r := ruleOf(w, "displayName"); r != "{{lastName}}, {{firstName}}" {
		t.Errorf("the rule is %q", r)
	}
}

func TestWarningShowsThePeopleBehindIt(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	settle()
	tapText(w, "Show people")
	if tables := every[*parts.DataTable](w); len(tables) != 1 || tables[0].Rows() != 9 {
		t.Errorf("%d tables", len(tables))
	}
	press(w, fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil || w.at.Page != view.Mappings {
		t.Error("Escape closes the list and stays on the page")
	}
}

func TestFailedReadingSaysWhatToDoAndTriesAgain(t *testing.T) {
	c := newCanned()
	c.readFails = &core.Problem{Code: core.RateLimited, What: "Northwind HR lets nobody in just now.", Fix: "Wait a minute."}
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Setup, Sync: "s1"})
	settle()
	c.readFails = nil
	tapText(w, "Try again")
	must(t, w, "7 of 15 mapped")
}

func TestDraftIsResumedWhereItStopped(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Mappings})
	settle()
	tapText(w, "Continue set-up")
	must(t, w, "250 of 250 people are kept")
	if here := w.here(); here.Sync != "s2" {
		t.Errorf("the way back leads to %+v", here)
	}
}

func TestConnectionIsRenamedEverywhereAndForgotten(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	tapTile(w, "Northwind HR")
	tapText(w, "Rename")
	field(t, w, "Connection name").SetValue("Northwind North")
	for _, b := range every[*parts.Button](w) {
		if b.Text() == "Rename" { // the dialog's own is the first
			b.Tapped(nil)
			break
		}
	}
	settle()
	if c.connections[0].Name != "Northwind North" || c.syncs[0].Setup.Source.Connection != "Northwind North" || !strings.HasPrefix(c.syncs[0].Name, "Northwind North") {
		t.Fatalf("connection %q, sync %+v", c.connections[0].Name, c.syncs[0].Setup.Source)
	}
	tapText(w, "Forget")
	tapText(w, "Forget") // the question's own verb
	if len(c.connections) != 3 {
		t.Errorf("%d connections", len(c.connections))
	}
}

func tapTile(w *window, name string) {
	for _, tile := range every[*parts.Tile](w) {
		if tile.Name == name {
			tile.Action.Tapped(nil)
		}
	}
	settle()
}

func TestSessionWithoutAKeychainIsSaid(t *testing.T) {
	c := newCanned()
	s := c.services()
	s.Session, s.Why = true, &core.Problem{Code: core.NoKeychain, What: "The keychain is locked.", Fix: "Unlock it and start Rollcall again."}
	a := headless.New()
	defer a.Quit()
	w := build(a, s)
	defer parts.ForgetTips(w.Canvas())
	w.win.Show()
	a.Settle()
	must(t, w, "This session only: Rollcall keeps nothing when you close it.")
}

func TestClosingWhileReadingAsksAndStops(t *testing.T) {
	c := newCanned()
	w := openWindow(t, c)
	c.holdRead = make(chan struct{})
	h := fyne.CurrentApp().(*headless.App)
	w.Go(view.Route{Page: view.Mappings, Sync: "s1"})
	for w.work.running() == 0 { // the list of syncs comes first, then the reading begins
		h.Step()
	}
	w.closing()
	b := button(w, "Stop and close")
	if b == nil {
		t.Fatal("closing did not ask")
	}
	b.Tapped(nil)
	settle()
	if w.work.running() != 0 || c.settings.Width == 0 {
		t.Error("the reading goes on, or the window did not close")
	}
}

func TestSizeAndLookAreRemembered(t *testing.T) {
	c := newCanned()
	c.settings.Width, c.settings.Height, c.settings.Look = 1100, 720, "dark"
	w := openWindow(t, c)
	if s := w.Canvas().Size(); s != fyne.NewSize(1100, 720) {
		t.Errorf("opened at %v", s)
	}
	w.win.Resize(fyne.NewSize(1200, 760))
	w.closing()
	settle()
	if c.settings.Width != 1200 || c.settings.Height != 760 || c.settings.Look != "dark" {
		t.Errorf("kept %+v", c.settings)
	}
}

func TestBusyIsShownInTheRailWithTheWayBack(t *testing.T) {
	w := openWindow(t, newCanned())
	back := view.Route{Page: view.History}
	w.Busy("Syncing 12 of 149", &back)
	must(t, w, "Syncing 12 of 149")
	tapText(w, "Show")
	if w.at.Page != view.History || says(w, "Syncing 12 of 149") {
		t.Error("its own page needs no reminder")
	}
	w.Busy("", nil)
}

func TestPreviewIsDrawnWithoutADisplay(t *testing.T) {
	var b bytes.Buffer
	if err := PreviewPNG(&b, newCanned().plan, specOf("practice")); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds().Dx() != 1280 || img.Bounds().Dy() != 800 {
		t.Fatalf("%v %v", img.Bounds(), err)
	}
	colours := map[string]bool{}
	for x := 260; x < 1260; x += 3 {
		for y := 100; y < 780; y += 3 {
			colours[look.Hex(img.At(x, y))] = true
		}
	}
	if len(colours) < 40 {
		t.Errorf("the page is all but empty: %d colours", len(colours))
	}
}

// ruleOf opens an attribute's editor and reads its expression.
func ruleOf(w *window, attribute string) string {
	first[*parts.MapBoard](w).OnEdit(attribute)
	settle()
	for _, f := range every[*parts.Field](w) {
		if f.Label() == "Expression" {
			return f.Value()
		}
	}
	return ""
}

func TestDescriptionIsExportedFromTheListOfConnections(t *testing.T) {
	c := newCanned()
	c.saveAs = filepath.Join(t.TempDir(), "own.yaml")
	c.specs = append(slices.Clone(c.specs), core.Spec{ID: "own", Name: "Own API", Category: core.HRSystem, Source: true, Can: []string{core.CanManifest}})
	c.connections = append(c.connections, view.Connection{ID: "c9", Name: "Subsidiary", Connector: "own", Checked: cannedNow})
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Integrations})
	settle()
	first[*parts.SearchBox](w).SetText("own api")
	settle()
	tapText(w, "Manage")
	settle()
	tapText(w, "Export as manifest…")
	settle()
	if b, err := os.ReadFile(c.saveAs); err != nil || string(b) != "id: custom\n" {
		t.Errorf("%q %v", b, err)
	}
}
