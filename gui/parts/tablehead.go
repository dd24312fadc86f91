package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/look"
)

// tableHead is the heading: a press sorts, a drag of a border changes the width of the column left of it.
type tableHead struct {
	part
	of     *DataTable
	at     fyne.Position // where the pointer is
	inside bool
	drag   int // the column being resized, or -1
	from   float32
	wide   float32
}

func newTableHead(t *DataTable) *tableHead {
	h := &tableHead{of: t, drag: -1}
	h.draw = h.paint
	h.min = func() fyne.Size { return fyne.NewSize(1, tableHeadH) }
	h.become(h)
	return h
}

func (h *tableHead) shift(x float32) { h.Move(fyne.NewPos(-x, 0)) }

func (h *tableHead) column(x float32) int {
	for i := range h.of.widths {
		if x >= h.of.lefts[i] && x < h.of.lefts[i]+h.of.widths[i] {
			return i
		}
	}
	return -1
}

// border gives the column whose right edge is at x, or -1.
func (h *tableHead) border(x float32) int {
	for i := range h.of.widths {
		if edge := h.of.lefts[i] + h.of.widths[i]; abs(edge-x) <= 4 && !h.of.columns[i].Tick {
			return i
		}
	}
	return -1
}

func (h *tableHead) paint(p *pen, s fyne.Size) {
	t := h.of
	p.box(0, 0, s.Width, s.Height, box{fill: c(look.TableHead), radius: look.RadiusCard - 1, topOnly: true})
	p.line(0, s.Height-1, s.Width, 1)
	for i, col := range t.columns {
		if i >= len(t.widths) {
			return
		}
		h.title(p, i, col, s.Height/2)
		if h.inside && i < len(t.columns)-1 && !col.Tick {
			p.line(t.lefts[i]+t.widths[i], 10, 1, s.Height-20)
		}
	}
}

func (h *tableHead) title(p *pen, i int, col TableColumn, y float32) {
	t := h.of
	left, wide := t.lefts[i], t.widths[i]
	if t.heading == i {
		p.box(left+3, 4, wide-6, 2*y-8, box{stroke: c(look.Primary), width: 2, radius: 6})
	}
	if col.Tick {
		drawTick(p, left+cellPad, round(y-8.5), t.allTicked)
		return
	}
	k := ink{size: look.TextCaption, weight: semibold, color: c(look.Muted)}
	if h.inside && col.Sortable && h.column(h.at.X) == i {
		k.color = c(look.Foreground)
	}
	room := wide - cellPad - 4
	if t.sort == col.ID && col.ID != "" {
		room -= 18
	}
	_, w := fit(col.Title, room, k)
	x := left + cellPad
	if col.Right {
		x = left + wide - cellPad - w
	}
	p.text(col.Title, round(x), y, room, k)
	if t.sort != col.ID || col.ID == "" {
		return
	}
	arrow := look.IconSortUp
	if t.down {
		arrow = look.IconSortDown
	}
	at := x + w + 4
	if col.Right {
		at = x - 18
	}
	p.icon(arrow, round(at), round(y-7), 14, k.color)
}

// Tapped belongs to the toolkit.
func (h *tableHead) Tapped(e *fyne.PointEvent) {
	if i := h.column(e.Position.X); i >= 0 && h.border(e.Position.X) < 0 {
		h.press(i)
	}
}

// press sorts by a column, or ticks all.
func (h *tableHead) press(i int) {
	t := h.of
	switch {
	case t.columns[i].Tick:
		if t.OnTickAll != nil {
			t.OnTickAll()
		}
	case t.columns[i].Sortable:
		t.SetSort(t.columns[i].ID, t.sort == t.columns[i].ID && !t.down)
		if t.OnSort != nil {
			t.OnSort(t.sort, t.down)
		}
	}
}

// Dragged belongs to the toolkit.
func (h *tableHead) Dragged(e *fyne.DragEvent) {
	if h.drag < 0 {
		start := e.Position.X - e.Dragged.DX
		if h.drag = h.border(start); h.drag < 0 {
			h.drag = len(h.of.columns) // a drag that began elsewhere changes nothing
			return
		}
		h.from, h.wide = start, h.of.widths[h.drag]
	}
	if h.drag < len(h.of.columns) {
		h.of.resizeColumn(h.drag, round(h.wide+e.Position.X-h.from))
	}
}

// DragEnd belongs to the toolkit.
func (h *tableHead) DragEnd() {
	if h.drag >= 0 && h.drag < len(h.of.columns) {
		h.of.tellWidths()
	}
	h.drag = -1
}

// MouseIn belongs to the toolkit.
func (h *tableHead) MouseIn(e *desktop.MouseEvent) { h.inside = true; h.MouseMoved(e) }

// MouseMoved belongs to the toolkit.
func (h *tableHead) MouseMoved(e *desktop.MouseEvent) { h.at = e.Position; h.Refresh() }

// MouseOut belongs to the toolkit.
func (h *tableHead) MouseOut() { h.inside = false; h.Refresh() }

// Cursor belongs to the toolkit.
func (h *tableHead) Cursor() desktop.Cursor {
	if h.drag >= 0 || h.border(h.at.X) >= 0 {
		return desktop.HResizeCursor
	}
	if i := h.column(h.at.X); i >= 0 && h.of.columns[i].Sortable {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
