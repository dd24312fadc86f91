package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func bigTable(t *testing.T) (*DataTable, fyne.Window) {
	t.Helper()
	table := NewDataTable(storyColumns(), RowTwoLines, storyCell)
	w := open(t, table)
	table.SetRows(1_000_000)
	return table, w
}

func TestTableKeepsOnlyTheRowsInView(t *testing.T) {
	table, _ := bigTable(t)
	for _, row := range []int{0, 500_000, 999_999} {
		table.Select(row)
		first, last := table.InView()
		if row < first || row > last {
			t.Errorf("row %d is not in view: %d to %d", row, first, last)
		}
		if len(table.body.shown) != last-first+1 || len(table.body.all) > 20 {
			t.Errorf("row %d: %d rows are shown, %d kept", row, len(table.body.shown), len(table.body.all))
		}
	}
}

func TestTableRowsStayInPlaceAtAMillion(t *testing.T) {
	table, _ := bigTable(t)
	table.Select(999_999)
	v := table.body.shown[999_999]
	bottom := v.box.Position().Y + v.box.Size().Height - table.scroll.Offset.Y
	if bottom != table.scroll.Size().Height {
		t.Errorf("the last row ends at %v of %v", bottom, table.scroll.Size().Height)
	}
}

func TestTableKeyboard(t *testing.T) {
	table, w := bigTable(t)
	var ticked, opened int
	table.OnTick = func(row int) { ticked = row }
	table.OnOpened = func(row int) { opened = row }
	w.Canvas().Focus(table)
	page := int(table.scroll.Size().Height/RowTwoLines) - 1
	for _, tc := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyDown, 0}, {fyne.KeyDown, 1}, {fyne.KeyUp, 0}, {fyne.KeyUp, 0}, {fyne.KeyPageDown, page}, {fyne.KeyPageUp, 0},
		{fyne.KeyEnd, 999_999}, {fyne.KeyDown, 999_999}, {fyne.KeyHome, 0}, {fyne.KeyDown, 1},
	} {
		key(w, tc.key)
		if table.Selected() != tc.want {
			t.Errorf("%s: row %d, want %d", tc.key, table.Selected(), tc.want)
		}
	}
	key(w, fyne.KeySpace)
	key(w, fyne.KeyReturn)
	if ticked != 1 || opened != 1 {
		t.Errorf("ticked %d, opened %d", ticked, opened)
	}
}

func TestTableTapSelectsTheWholeRowOrTicks(t *testing.T) {
	table, w := bigTable(t)
	ticked, selected := -1, -1
	table.OnTick = func(row int) { ticked = row }
	table.OnSelected = func(row int) { selected = row }
	test.TapCanvas(w.Canvas(), fyne.NewPos(300, 37+52*2+20))
	if selected != 2 {
		t.Errorf("selected %d", selected)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 37+52*3+20))
	if ticked != 3 || table.Selected() != 2 {
		t.Errorf("ticked %d, selected %d", ticked, table.Selected())
	}
}

func TestTableHeadingSortsAndTurnsRound(t *testing.T) {
	table, w := bigTable(t)
	type order struct {
		column string
		down   bool
	}
	var got []order
	all := 0
	table.OnSort = func(c string, d bool) { got = append(got, order{c, d}) }
	table.OnTickAll = func() { all++ }
	at := func(x float32) { test.TapCanvas(w.Canvas(), fyne.NewPos(x, 18)) }
	at(100)
	at(100)
	at(250)
	at(20)
	want := []order{{"kind", false}, {"kind", true}, {"person", false}}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || all != 1 {
		t.Errorf("sorted %v, ticked all %d times", got, all)
	}
}

func TestTableColumnIsWidenedByDraggingItsBorder(t *testing.T) {
	table, _ := bigTable(t)
	var widths map[string]float32
	table.OnWidths = func(w map[string]float32) { widths = w }
	edge := table.lefts[1] + table.widths[1]
	for i := float32(1); i <= 4; i++ {
		table.head.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(edge+10*i, 18)}, Dragged: fyne.NewDelta(10, 0)})
	}
	table.head.DragEnd()
	if widths["kind"] != 150 {
		t.Errorf("widths %v", widths)
	}
}

func TestTableSelectionGoesWhenItsRowGoes(t *testing.T) {
	table, _ := bigTable(t)
	table.Select(900)
	table.SetRows(10)
	if table.Selected() != -1 {
		t.Errorf("row %d is selected", table.Selected())
	}
	if first, last := table.InView(); first != 0 || last != 9 {
		t.Errorf("in view: %d to %d", first, last)
	}
	table.SetRows(0)
	if got := table.span(); got != "No rows" {
		t.Errorf("foot says %q", got)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1204: "-1,204"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// BenchmarkTableScroll jumps so far each time that every row in view is a new one: the dearest frame there is.
func BenchmarkTableScroll(b *testing.B) {
	test.NewTempApp(b)
	table := NewDataTable(storyColumns(), RowTwoLines, storyCell)
	w := test.NewTempWindow(b, table)
	w.Resize(fyne.NewSize(1280, 800))
	table.SetRows(1_000_000)
	n := 0
	for b.Loop() {
		n++
		table.scrollTo(float32((n*52*16)%50_000_000) / 4 * 4)
	}
}
