package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"rollcall/gui/look"
)

// tableBody is what scrolls: as high as all rows, but holding only the rows in view.
type tableBody struct {
	widget.BaseWidget
	tip
	of    *DataTable
	shown map[int]*rowView
	spare []*rowView
	all   []fyne.CanvasObject
	tipAt [2]int
}

// rowView is one row in view; it is used again for another row when it leaves.
type rowView struct {
	box *fyne.Container
	pen pen
	cut []bool
}

func newTableBody(t *DataTable) *tableBody {
	b := &tableBody{of: t, shown: map[int]*rowView{}, tipAt: [2]int{-1, -1}}
	b.ExtendBaseWidget(b)
	b.ExtendToolTipWidget(b)
	return b
}

// CreateRenderer belongs to the toolkit.
func (b *tableBody) CreateRenderer() fyne.WidgetRenderer { return bodyRenderer{b} }

type bodyRenderer struct{ b *tableBody }

func (r bodyRenderer) Layout(fyne.Size) { r.b.arrange() }
func (r bodyRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.b.of.total, float32(r.b.of.rows)*r.b.of.rowHeight)
}
func (r bodyRenderer) Refresh()                     { r.b.redraw() }
func (r bodyRenderer) Objects() []fyne.CanvasObject { return r.b.all }
func (r bodyRenderer) Destroy()                     {}

// arrange keeps the rows still in view, gives those that left to those that came, and draws only the latter.
func (b *tableBody) arrange() {
	if b.of.scroll.Size().Height < 1 || len(b.of.widths) == 0 {
		return
	}
	first, last := b.of.InView()
	for row, v := range b.shown {
		if row < first || row > last {
			b.spare = append(b.spare, v)
			delete(b.shown, row)
		}
	}
	changed := false
	for row := first; row <= last; row++ {
		if b.shown[row] == nil {
			b.shown[row] = b.take()
			b.drawRow(row)
			changed = true
		}
	}
	for _, v := range b.spare {
		if v.box.Visible() {
			v.box.Hide()
			changed = true
		}
	}
	if changed {
		canvas.Refresh(b.of.scroll)
	}
}

func (b *tableBody) take() *rowView {
	if n := len(b.spare); n > 0 {
		v := b.spare[n-1]
		b.spare = b.spare[:n-1]
		return v
	}
	v := &rowView{box: &fyne.Container{}}
	b.all = append(b.all, v.box)
	return v
}

func (b *tableBody) redraw() {
	b.tipAt = [2]int{-1, -1}
	b.arrange()
	for row := range b.shown {
		b.drawRow(row)
	}
}

func (b *tableBody) redrawRow(row int) {
	if b.shown[row] != nil {
		b.drawRow(row)
	}
}

func (b *tableBody) drawRow(row int) {
	t, v := b.of, b.shown[row]
	wide := max(t.total, t.scroll.Size().Width)
	v.pen.begin()
	switch row {
	case t.selected:
		v.pen.box(0, 0, wide, t.rowHeight-1, box{fill: c(look.RowSelected)})
		v.pen.box(0, 0, 3, t.rowHeight-1, box{fill: c(look.Link)})
	case t.hover:
		v.pen.box(0, 0, wide, t.rowHeight-1, box{fill: c(look.RowHover)})
	}
	v.pen.line(0, t.rowHeight-1, wide, 1)
	v.cut = v.cut[:0]
	for col := range t.columns {
		v.pen.offset = fyne.NewPos(t.lefts[col], 0)
		v.cut = append(v.cut, drawCell(&v.pen, t.cell(row, col), t.columns[col], fyne.NewSize(t.widths[col], t.rowHeight)))
	}
	if v.pen.end() {
		v.box.Objects = v.pen.objects()
		canvas.Refresh(v.box)
	}
	v.box.Resize(fyne.NewSize(wide, t.rowHeight))
	v.box.Move(fyne.NewPos(0, float32(row)*t.rowHeight))
	show(v.box)
}

func (b *tableBody) at(pos fyne.Position) (row, col int) {
	t := b.of
	row = int(pos.Y / t.rowHeight)
	if row < 0 || row >= t.rows {
		return -1, -1
	}
	for i := range t.columns {
		if pos.X >= t.lefts[i] && pos.X < t.lefts[i]+t.widths[i] {
			return row, i
		}
	}
	return row, -1
}

// Tapped belongs to the toolkit: a tick cell is ticked, anything else selects its row.
func (b *tableBody) Tapped(e *fyne.PointEvent) {
	t := b.of
	row, col := b.at(e.Position)
	if row < 0 {
		return
	}
	if on := fyne.CurrentApp().Driver().CanvasForObject(t); on != nil && !t.focused {
		on.Focus(t)
	}
	byPointer, t.byKey = true, false // the focus it got just now needs no ring
	t.Refresh()
	if col >= 0 && t.OnTick != nil && t.cell(row, col).Kind == CellTick {
		t.OnTick(row)
		b.redrawRow(row)
		return
	}
	t.Select(row)
	if t.pressed && t.OnOpened != nil {
		t.OnOpened(row)
	}
}

// MouseIn belongs to the toolkit.
func (b *tableBody) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved belongs to the toolkit.
func (b *tableBody) MouseMoved(e *desktop.MouseEvent) {
	row, col := b.at(e.Position)
	b.hoverRow(row)
	b.tip.MouseMoved(e)
	if at := [2]int{row, col}; at != b.tipAt {
		b.tipAt = at
		b.tip.MouseOut()
		b.SetToolTip(b.tipText(row, col))
		b.tip.MouseIn(e)
	}
}

func (b *tableBody) tipText(row, col int) string {
	v := b.shown[row]
	if v == nil || col < 0 || col >= len(v.cut) {
		return ""
	}
	d := b.of.cell(row, col)
	if d.Tip != "" || !v.cut[col] {
		return d.Tip
	}
	return d.whole()
}

// MouseOut belongs to the toolkit.
func (b *tableBody) MouseOut() {
	b.tip.MouseOut()
	b.tipAt = [2]int{-1, -1}
	b.hoverRow(-1)
}

// Pointed gives the row that the pointer is on.
func (b *tableBody) Pointed() (at fyne.Position, size fyne.Size) {
	if t := b.of; t.hover >= 0 {
		at, size = fyne.NewPos(0, float32(t.hover)*t.rowHeight), fyne.NewSize(b.Size().Width, t.rowHeight)
	}
	return at, size
}

func (b *tableBody) hoverRow(row int) {
	if was := b.of.hover; was != row {
		b.of.hover = row
		b.redrawRow(was)
		b.redrawRow(row)
	}
}
