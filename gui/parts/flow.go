package parts

import "fyne.io/fyne/v2"

// flow puts objects one after the other, in as many lines as they need.
type flow struct {
	part
	gap float32
}

// Flow lays objects out as words: in a line while there is room, then in the next.
func Flow(gap float32, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return newFlow(gap, objects...)
}

func newFlow(gap float32, objects ...fyne.CanvasObject) *flow {
	f := &flow{gap: gap}
	f.kids = objects
	f.min = func() fyne.Size {
		wide := float32(0)
		for _, o := range f.kids {
			wide = max(wide, min(o.MinSize().Width, 120))
		}
		return fyne.NewSize(wide, f.HeightFor(f.Size().Width))
	}
	f.lay = func(s fyne.Size) {
		f.walk(s.Width, func(o fyne.CanvasObject, x, y float32, m fyne.Size) { place(o, x, y, m.Width, m.Height) })
	}
	f.become(f)
	return f
}

// line gives the size of everything in one line.
func (f *flow) line() fyne.Size {
	var s fyne.Size
	for _, o := range f.kids {
		if !o.Visible() {
			continue
		}
		if s.Width > 0 {
			s.Width += f.gap
		}
		m := o.MinSize()
		s.Width, s.Height = s.Width+m.Width, max(s.Height, m.Height)
	}
	return s
}

// HeightFor gives the height it needs at a width.
func (f *flow) HeightFor(wide float32) float32 {
	if wide <= 0 {
		wide = 400
	}
	return f.walk(wide, func(fyne.CanvasObject, float32, float32, fyne.Size) {})
}

func (f *flow) walk(wide float32, at func(o fyne.CanvasObject, x, y float32, m fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range f.kids {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		m.Width = min(m.Width, wide)
		if x > 0 && x+m.Width > wide {
			x, y, high = 0, y+high+f.gap, 0
		}
		at(o, x, y, m)
		x += m.Width + f.gap
		high = max(high, m.Height)
	}
	return y + high
}
