package parts

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// rove makes several widgets one stop of the Tab key: the one that had the focus last, or that is chosen. The arrow
// keys go from one to the other, Home and End to the first and the last, a letter to the next whose name begins with it.
type rove struct {
	items []*press
	now   *press
	ways  roveWays
}

// roveWays says which arrow keys move.
type roveWays int

const (
	sideways roveWays = iota
	upDown
	bothWays
)

// set replaces the widgets; the one that was the stop stays it while it is there.
func (g *rove) set(items ...*press) {
	g.items = items
	kept := false
	for _, i := range items {
		i.of = g
		kept = kept || i == g.now
	}
	if !kept {
		g.now = nil
	}
}

// stop gives the one that Tab comes to.
func (g *rove) stop() *press {
	if g.now != nil && g.now.open() {
		return g.now
	}
	for _, i := range g.items {
		if i.open() {
			return i
		}
	}
	return nil
}

// move focuses another one, and tells whether the key meant that.
func (g *rove) move(from *press, key fyne.KeyName) bool {
	back := false
	switch key {
	case fyne.KeyHome:
		g.focus(g.after(nil, false))
		return true
	case fyne.KeyEnd:
		g.focus(g.after(nil, true))
		return true
	case fyne.KeyLeft, fyne.KeyRight:
		if g.ways == upDown {
			return false
		}
		back = key == fyne.KeyLeft
	case fyne.KeyUp, fyne.KeyDown:
		back = key == fyne.KeyUp
		switch g.ways {
		case sideways:
			return false
		case bothWays:
			g.focus(g.beyond(from, back))
			return true
		}
	default:
		return false
	}
	g.focus(g.after(from, back))
	return true
}

// after gives the next one in order, or the one before; with nil the first or the last.
func (g *rove) after(from *press, back bool) *press {
	found := from == nil
	for k := range g.items {
		i := g.items[k]
		if back {
			i = g.items[len(g.items)-1-k]
		}
		if found && i.open() {
			return i
		}
		found = found || i == from
	}
	return nil
}

// beyond gives the nearest one in the next row of a grid, or in the row before.
func (g *rove) beyond(from *press, back bool) *press {
	var best *press
	least := float32(0)
	at := from.self.Position()
	for _, i := range g.items {
		p := i.self.Position()
		down := p.Y - at.Y
		if back {
			down = -down
		}
		if down < 4 || !i.open() {
			continue
		}
		if off := down*100 + abs(p.X-at.X); best == nil || off < least {
			best, least = i, off
		}
	}
	return best
}

// named goes to the next one whose name begins with a letter.
func (g *rove) named(from *press, letter rune) {
	n, start := len(g.items), 0
	for k, i := range g.items {
		if i == from {
			start = k
		}
	}
	for k := 1; k < n; k++ {
		i := g.items[(start+k)%n]
		if i.open() && i.called != nil && strings.HasPrefix(strings.ToLower(i.called()), string(unicode.ToLower(letter))) {
			g.focus(i)
			return
		}
	}
}

func (g *rove) focus(i *press) {
	if i == nil {
		return
	}
	focus(i.self)
}

func (b *press) member() *press { return b }

// focus gives a widget the focus where it is on the screen; in its group it becomes the stop.
func focus(o fyne.CanvasObject) {
	if p, ok := o.(interface{ member() *press }); ok && p.member().of != nil {
		p.member().of.now = p.member()
	}
	f, ok := o.(fyne.Focusable)
	if on := fyne.CurrentApp().Driver().CanvasForObject(o); ok && on != nil {
		on.Focus(f)
	}
}

// open tells whether a widget can have the focus at all.
func (b *press) open() bool {
	return !b.disabled && b.self != nil && b.self.Visible() && (b.away == nil || !b.away())
}
