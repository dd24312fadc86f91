package parts

import "fyne.io/fyne/v2"

// beside is an object of a fixed width and one at its right that takes the rest.
type beside struct {
	part
	wide        float32
	left, right fyne.CanvasObject
}

// Beside puts left, wide as it is told, before right, which takes the rest of the width and may wrap. Both begin at the top.
func Beside(wide float32, left, right fyne.CanvasObject) fyne.CanvasObject {
	b := &beside{wide: wide, left: left, right: right}
	b.kids = []fyne.CanvasObject{left, right}
	b.min = func() fyne.Size {
		return fyne.NewSize(b.wide+right.MinSize().Width, b.HeightFor(b.Size().Width))
	}
	b.lay = func(s fyne.Size) {
		m := left.MinSize()
		place(left, 0, 0, min(m.Width, b.wide), m.Height)
		place(right, b.wide, 0, max(s.Width-b.wide, 0), s.Height)
	}
	b.become(b)
	return b
}

// before is an object that takes the rest of the width and one at its right that keeps its own.
type before struct {
	part
	gap         float32
	left, right fyne.CanvasObject
}

// Before puts left, which may wrap, before right, which keeps its own width. Both begin at the top.
func Before(gap float32, left, right fyne.CanvasObject) fyne.CanvasObject {
	b := &before{gap: gap, left: left, right: right}
	b.kids = []fyne.CanvasObject{left, right}
	b.min = func() fyne.Size {
		return fyne.NewSize(left.MinSize().Width+gap+right.MinSize().Width, b.HeightFor(b.Size().Width))
	}
	b.lay = func(s fyne.Size) {
		m := right.MinSize()
		place(left, 0, 0, b.rest(s.Width), s.Height)
		place(right, s.Width-m.Width, 0, m.Width, m.Height)
	}
	b.become(b)
	return b
}

func (b *before) rest(wide float32) float32 {
	return max(wide-b.gap-b.right.MinSize().Width, 0)
}

// HeightFor gives the height it needs at a width.
func (b *before) HeightFor(wide float32) float32 {
	return max(heightFor(b.left, b.rest(wide)), b.right.MinSize().Height)
}

// HeightFor gives the height it needs at a width.
func (b *beside) HeightFor(wide float32) float32 {
	return max(b.left.MinSize().Height, heightFor(b.right, max(wide-b.wide, 0)))
}
