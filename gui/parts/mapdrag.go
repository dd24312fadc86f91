package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/look"
	"rollcall/gui/task"
)

// dragSession is one drag: what is dragged, where the pointer was last, and the row under it. The end of a drag has no
// position, so the drop happens at the last one; after Escape the toolkit still tells of moves, which are ignored until
// its end.
type dragSession struct {
	source    string
	active    bool
	cancelled bool
	at        fyne.Position
	over      *targetRow
	scrolling func() // stops the scrolling at an edge; nil when there is none
	by        float32
}

func (b *MapBoard) dragged(r *sourceRow, at fyne.Position) {
	if b.session.cancelled {
		return
	}
	if !b.session.active {
		b.startDrag(r)
	}
	b.session.at = at
	b.follow()
	b.scrollAtEdge()
}

func (b *MapBoard) startDrag(r *sourceRow) {
	b.session = dragSession{source: r.data.ID, active: true}
	focus(r) // Escape reaches what has the focus
	r.Refresh()
	for _, t := range b.targets {
		ok, why := b.accepts(r.data.ID, t.data.ID)
		t.setDrop(dropCandidate, why)
		if !ok {
			t.setDrop(dropReject, why)
		}
	}
}

// follow moves the ghost and finds the row under the pointer.
func (b *MapBoard) follow() {
	at := b.session.at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(b.self))
	over := b.targetAt(at)
	if was := b.session.over; was != over {
		if was != nil {
			was.setDrop(dropCandidate, "")
		}
		if over != nil {
			over.setDrop(dropHover, b.sourceName(b.session.source))
		}
		b.session.over = over
	}
	b.ghost.show(b.sourceName(b.session.source), at, over != nil)
	b.lines.Refresh()
}

// targetAt gives the row under a point of the board that takes what is dragged.
func (b *MapBoard) targetAt(at fyne.Position) *targetRow {
	scroll := b.right.scroll
	in := at.Subtract(scroll.Position())
	if in.X < 0 || in.Y < 0 || in.X > scroll.Size().Width || in.Y > scroll.Size().Height {
		return nil
	}
	y := in.Y + scroll.Offset.Y
	for _, t := range b.targets {
		if y >= t.Position().Y && y < t.Position().Y+t.Size().Height {
			if t.drop == dropReject {
				return nil
			}
			return t
		}
	}
	return nil
}

const (
	edge      float32 = 32
	edgeStep  float32 = 14
	edgeEvery         = 30 * time.Millisecond
)

// scrollAtEdge scrolls the right list while the pointer is near its top or bottom.
func (b *MapBoard) scrollAtEdge() {
	at := b.session.at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(b.right.scroll))
	by := float32(0)
	if at.X >= 0 && at.X <= b.right.scroll.Size().Width {
		switch high := b.right.scroll.Size().Height; {
		case at.Y < edge:
			by = -edgeStep
		case at.Y > high-edge:
			by = edgeStep
		}
	}
	b.session.by = by
	switch {
	case by == 0:
		b.stopScrolling()
	case b.session.scrolling == nil:
		b.session.scrolling = task.Every(edgeEvery, b.scrollOn)
	}
}

func (b *MapBoard) scrollOn() {
	scroll := b.right.scroll
	furthest := max(b.right.list.MinSize().Height-scroll.Size().Height, 0)
	y := min(max(scroll.Offset.Y+b.session.by, 0), furthest)
	if !b.session.active || y == scroll.Offset.Y {
		return
	}
	scroll.ScrollToOffset(fyne.NewPos(0, y))
	b.follow()
}

func (b *MapBoard) stopScrolling() {
	if b.session.scrolling != nil {
		b.session.scrolling()
		b.session.scrolling = nil
	}
}

func (b *MapBoard) dragEnded() {
	source, over, dropped := b.session.source, b.session.over, b.session.active
	b.clearDrag()
	b.session = dragSession{}
	b.refreshSource(source)
	if dropped && over != nil && b.OnDrop != nil {
		b.OnDrop(source, over.data.ID)
	}
}

// cancelDrag ends the drag without a drop and tells whether there was one.
func (b *MapBoard) cancelDrag() bool {
	if !b.session.active {
		return false
	}
	b.clearDrag()
	b.session.active, b.session.cancelled, b.session.over = false, true, nil
	b.refreshSource(b.session.source)
	return true
}

func (b *MapBoard) clearDrag() {
	b.stopScrolling()
	b.ghost.Hide()
	for _, t := range b.targets {
		t.setDrop(dropIdle, "")
	}
	b.session.active = false
	b.lines.Refresh()
}

func (b *MapBoard) refreshSource(id string) {
	for _, r := range b.sources {
		if r.data.ID == id {
			r.Refresh()
		}
	}
}

// mapGhost is the layer above the board on which the dragged field follows the pointer. It takes no events; it only says
// which pointer is shown meanwhile.
type mapGhost struct {
	part
	text string
	at   fyne.Position
	fits bool
}

func newMapGhost() *mapGhost {
	g := &mapGhost{}
	g.draw = g.paint
	g.min = func() fyne.Size { return fyne.NewSize(1, 1) }
	g.become(g)
	g.Hide()
	return g
}

// Cursor belongs to the toolkit.
func (g *mapGhost) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (g *mapGhost) show(text string, at fyne.Position, fits bool) {
	g.text, g.at, g.fits = text, at, fits
	if !g.Visible() {
		g.Show()
	}
	g.Refresh()
}

func (g *mapGhost) paint(p *pen, s fyne.Size) {
	k := ink{size: look.TextTable, weight: semibold, color: c(look.Foreground)}
	text, w := fit(g.text, 220, k)
	wide := ceil(w) + 52
	x, y := g.at.X+14, g.at.Y+10
	if x+wide > s.Width {
		x = g.at.X - 14 - wide
	}
	if y+32 > s.Height {
		y = g.at.Y - 42
	}
	x, y = round(x), round(y)
	b := box{fill: c(look.Ghost), stroke: c(look.Primary), width: 1.5, radius: 8}
	b.shadow.Color, b.shadow.BlurRadius, b.shadow.Offset = c(look.ShadowLift), 16, fyne.NewPos(0, 5)
	p.box(x, y, wide, 32, b)
	p.icon(look.IconGrip, x+9, y+9, 14, c(look.Link))
	p.text(text, x+29, y+16, 0, k)
	if g.fits {
		p.icon(look.IconCheck, x+wide-21, y+9, 14, c(look.Create.Bar()))
	}
}
