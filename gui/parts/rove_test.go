package parts

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestGroupIsOneStopWithArrowKeysInside(t *testing.T) {
	row := NewCategories("b", Pill{ID: "a", Label: "All"}, Pill{ID: "b", Label: "Bars"}, Pill{ID: "c", Label: "Cards"})
	after := NewButton("After", Second, nil)
	w := open(t, Column(4, row, after))
	if stops := Stops(w.Content()); len(stops) != 2 || stops[0] != fyne.Focusable(row.pills[1]) {
		t.Fatalf("%d stops, the first should be the chosen pill", len(stops))
	}
	w.Canvas().FocusNext()
	for _, tc := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyRight, 2}, {fyne.KeyRight, 2}, {fyne.KeyHome, 0}, {fyne.KeyLeft, 0}, {fyne.KeyEnd, 2}, {fyne.KeyLeft, 1}} {
		key(w, tc.key)
		if w.Canvas().Focused() != fyne.Focusable(row.pills[tc.want]) {
			t.Errorf("%s does not lead to pill %d", tc.key, tc.want)
		}
	}
	row.pills[1].TypedRune('c')
	if w.Canvas().Focused() != fyne.Focusable(row.pills[1]) {
		t.Error("pills have no names to go to by letter")
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != fyne.Focusable(after) {
		t.Error("Tab should leave the group")
	}
	w.Canvas().FocusPrevious()
	if w.Canvas().Focused() != fyne.Focusable(row.pills[1]) {
		t.Error("Shift+Tab should come back to where one was")
	}
}

func TestTilesAreOneStopAndGoneThroughInTwoDirections(t *testing.T) {
	var tiles []*Tile
	for _, name := range []string{"Acme", "Bamboo", "Cloud", "Delta"} {
		tile := NewTile(name, "", "", NewStatusChip("Not set up", ""), NewButton("Set up", Tinted, nil))
		tile.OnTapped = func() {}
		tiles = append(tiles, tile)
	}
	w := open(t, NewTileGrid(500, 16, tiles...)) // two beside each other
	if n := len(Stops(w.Content())); n != 1 {
		t.Fatalf("%d stops", n)
	}
	w.Canvas().FocusNext()
	for _, tc := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyDown, 2}, {fyne.KeyRight, 3}, {fyne.KeyUp, 1}, {fyne.KeyLeft, 0}} {
		key(w, tc.key)
		if w.Canvas().Focused() != fyne.Focusable(tiles[tc.want]) {
			t.Errorf("%s does not lead to tile %d", tc.key, tc.want)
		}
	}
	tiles[0].TypedRune('d')
	if w.Canvas().Focused() != fyne.Focusable(tiles[3]) {
		t.Error("a letter should lead to the tile of that name")
	}
}

func TestLongListIsSearchedAndTakenByKeys(t *testing.T) {
	var options []Option
	for _, name := range []string{"Anna", "Ben", "Carla", "Dora", "Emil", "Fritz", "Gerda", "Hanna", "Ida"} {
		options = append(options, Option{ID: name, Label: name})
	}
	choice, chosen := NewChoice(options, "Carla", ""), ""
	choice.OnChanged = func(id string) { chosen = id }
	w := open(t, Column(4, choice))
	w.Canvas().Focus(choice)
	key(w, fyne.KeySpace)
	if _, ok := w.Canvas().Focused().(*bare); !ok {
		t.Fatalf("the search has not the focus: %T", w.Canvas().Focused())
	}
	key(w, fyne.KeyDown) // from what is chosen
	key(w, fyne.KeyReturn)
	if chosen != "Dora" || w.Canvas().Focused() != fyne.Focusable(choice) {
		t.Errorf("chose %q, focus on %T", chosen, w.Canvas().Focused())
	}
	key(w, fyne.KeySpace)
	entry, _ := w.Canvas().Focused().(*bare)
	entry.SetText("an") // Hanna has it, Anna too
	key(w, fyne.KeyReturn)
	if chosen != "Anna" {
		t.Errorf("chose %q", chosen)
	}
	key(w, fyne.KeySpace)
	key(w, fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil || chosen != "Anna" {
		t.Error("Escape closes the list and chooses nothing")
	}
}

func TestHeadingsAreReachedFromTheFirstRow(t *testing.T) {
	table, w := bigTable(t)
	sorted := ""
	table.OnSort = func(column string, _ bool) { sorted = column }
	table.columns[1].Sortable = true
	w.Canvas().Focus(table)
	key(w, fyne.KeyHome)
	key(w, fyne.KeyUp)
	for table.heading >= 0 && table.heading != 1 {
		key(w, fyne.KeyRight)
	}
	key(w, fyne.KeySpace)
	if table.heading != 1 || sorted != table.columns[1].ID {
		t.Errorf("at heading %d, sorted by %q", table.heading, sorted)
	}
	wide := table.widths[1]
	table.TypedRune('+')
	if table.widths[1] <= wide {
		t.Errorf("+ left it %v wide", table.widths[1])
	}
	key(w, fyne.KeyDown)
	if table.heading >= 0 || table.Selected() != 0 {
		t.Error("Down should lead back to the rows")
	}
}

func TestDialogHasTheFocusAndEscapeClosesItFromATable(t *testing.T) {
	w := open(t, Column(4, NewButton("Page", Second, nil)))
	table := NewDataTable([]TableColumn{{ID: "a", Title: "A", Width: 100}}, RowOneLine, func(int, int) CellData { return CellData{Text: "x"} })
	table.SetRows(3)
	d := NewDialog(w.Canvas(), "People", "", MinSize(300, 300, table), NewButton("Done", Primary, nil))
	closed := false
	d.OnClosed = func() { closed = true }
	d.Show(400)
	if w.Canvas().Focused() != fyne.Focusable(table) {
		t.Errorf("the focus is on %T", w.Canvas().Focused())
	}
	key(w, fyne.KeyEscape)
	if !closed {
		t.Error("Escape should close the dialog")
	}
}

func TestWhatGetsTheFocusByItselfShowsNoRingToWhoUsesThePointer(t *testing.T) {
	one, two := NewButton("One", Second, nil), NewButton("Two", Second, nil)
	w := open(t, Column(4, one, two))
	ByPointer()
	Settle(w.Canvas(), one)
	one.FocusLost() // another window comes to the front, and goes
	one.FocusGained()
	if one.focused {
		t.Error("nobody used a key")
	}
	w.Canvas().FocusNext()
	if !two.focused {
		t.Error("Tab shows where it is")
	}
	w.Canvas().FocusPrevious()
	if !one.focused {
		t.Error("and back")
	}
	ByPointer()
	Settle(w.Canvas(), two)
	two.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if !two.focused {
		t.Error("from the first key on the ring is shown")
	}
}
