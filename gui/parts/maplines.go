package parts

import (
	"image/color"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// mapLines draws the lines and ports in the gutter, for rows in view only. It reaches 6 px into both panels, where the
// ports sit on the edges.
type mapLines struct {
	part
	board *MapBoard
}

func newMapLines(b *MapBoard) *mapLines {
	l := &mapLines{board: b}
	l.draw = l.paint
	l.min = func() fyne.Size { return fyne.NewSize(1, 1) }
	l.become(l)
	return l
}

// middle gives the y of a row's port, and whether it is in view.
func middle(row fyne.CanvasObject, offset, high float32) (float32, bool) {
	y := row.Position().Y - offset + mapRow/2
	return y, y > 4 && y < high-4
}

func (l *mapLines) paint(p *pen, s fyne.Size) {
	b := l.board
	from := map[string]float32{}
	for _, r := range b.sources {
		if y, seen := middle(r, b.left.scroll.Offset.Y, s.Height); seen {
			from[r.data.ID] = y
		}
	}
	left, right := float32(6), s.Width-6
	ground := c(look.Background)
	for _, t := range b.targets {
		y, seen := middle(t, b.right.scroll.Offset.Y, s.Height)
		if !seen {
			continue
		}
		for _, id := range t.data.Sources {
			if start, ok := from[id]; ok {
				p.curve(fyne.NewPos(left+4, start), fyne.NewPos(right-4, y), 1.5, look.Mix(c(t.lineTone().Bar()), ground, t.lineShare()))
			}
		}
	}
	l.dragLine(p, from, left, right, s.Height)
	l.ports(p, from, left, right, s.Height)
}

func (l *mapLines) dragLine(p *pen, from map[string]float32, left, right, high float32) {
	b := l.board
	start, ok := from[b.session.source]
	if !b.session.active || b.session.over == nil || !ok {
		return
	}
	if y, seen := middle(b.session.over, b.right.scroll.Offset.Y, high); seen {
		p.curve(fyne.NewPos(left+4, start), fyne.NewPos(right-4, y), 2.5, c(look.Primary))
	}
}

func (l *mapLines) ports(p *pen, from map[string]float32, left, right, high float32) {
	b := l.board
	port := func(x, y float32, fill color.Color) {
		if fill == nil {
			p.circle(x, y, 4.5, c(look.Background), c(look.TickOutline), 1.5)
			return
		}
		p.circle(x, y, 5, fill, c(look.Background), 1.5)
	}
	for _, r := range b.sources {
		if y, seen := from[r.data.ID]; seen {
			port(left, y, map[bool]color.Color{true: c(look.Accent.Bar())}[r.data.Used])
		}
	}
	for _, t := range b.targets {
		y, seen := middle(t, b.right.scroll.Offset.Y, high)
		if seen && (len(t.data.Sources) > 0 || t.drop == dropHover) {
			port(right, y, c(t.lineTone().Bar()))
		}
	}
}
