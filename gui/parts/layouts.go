package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// Pad keeps content away from its edges, in the order of CSS: top, right, bottom, left.
func Pad(top, right, bottom, left float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(padLayout{top, right, bottom, left}, content)
}

type padLayout struct{ top, right, bottom, left float32 }

func (l padLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minLayout{}.MinSize(objects).AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l padLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size.SubtractWidthHeight(l.left+l.right, l.top+l.bottom))
		o.Move(fyne.NewPos(l.left, l.top))
	}
}

// MinWidth asks for at least so much width.
func MinWidth(wide float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(minLayout{fyne.NewSize(wide, 0)}, content)
}

// MinSize asks for at least so much room.
func MinSize(wide, high float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(minLayout{fyne.NewSize(wide, high)}, content)
}

type minLayout struct{ min fyne.Size }

func (m minLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := m.min
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

func (minLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.Position{})
	}
}

// Frame puts a head above and a foot below what takes the rest; each may be nil. Unlike the toolkit's border it keeps the
// order from top to bottom, in which Tab goes.
func Frame(head, foot, body fyne.CanvasObject) *fyne.Container {
	var all []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{head, body, foot} {
		if o != nil {
			all = append(all, o)
		}
	}
	return container.New(layout.NewBorderLayout(head, foot, nil, nil), all...)
}

// Row lays objects from left to right, centred on one line, with a gap. A Spring or an object in Fill takes what is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap}, objects...)
}

// Column lays objects from top to bottom over the whole width, with a gap. An object in Fill takes what height is left.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columnLayout{gap: gap}, objects...)
}

// Fill marks an object of a Row or Column that takes the room the others leave.
func Fill(content fyne.CanvasObject) *fyne.Container { return container.New(fillLayout{}, content) }

// Spring is empty room that pushes what follows to the far end.
func Spring() *fyne.Container { return container.New(fillLayout{}) }

type fillLayout struct{ minLayout }

func isFill(o fyne.CanvasObject) bool {
	box, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = box.Layout.(fillLayout)
	return ok
}

type rowLayout struct{ gap float32 }

func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width += m.Width
		size.Height = max(size.Height, m.Height)
		n++
	}
	size.Width += l.gap * float32(max(n-1, 0))
	return size
}

func (l rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	used, fills := l.MinSize(objects).Width, 0
	for _, o := range objects {
		if o.Visible() && isFill(o) {
			fills++
		}
	}
	extra := float32(0)
	if fills > 0 {
		extra = max(size.Width-used, 0) / float32(fills)
	}
	x := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if isFill(o) {
			m.Width += extra
		}
		m.Width = min(m.Width, max(size.Width-x, 0))
		o.Resize(m)
		o.Move(fyne.NewPos(x, round((size.Height-m.Height)/2)))
		x += m.Width + l.gap
	}
}

type columnLayout struct {
	gap  float32
	wide float32
}

// tall is a text whose height depends on its width.
type tall interface{ HeightFor(wide float32) float32 }

// tallLayout is a layout whose height depends on its width.
type tallLayout interface {
	HeightFor(objects []fyne.CanvasObject, wide float32) float32
}

func (l *columnLayout) height(o fyne.CanvasObject) float32 { return heightFor(o, l.wide) }

// heightFor gives the height an object needs at a width: the toolkit only knows the least height at the width of before.
func heightFor(o fyne.CanvasObject, wide float32) float32 {
	if wide <= 0 {
		return o.MinSize().Height
	}
	if t, ok := o.(tall); ok {
		return t.HeightFor(wide)
	}
	box, ok := o.(*fyne.Container)
	if !ok {
		return o.MinSize().Height
	}
	switch l := box.Layout.(type) {
	case *columnLayout:
		l.wide = wide
	case *gridLayout:
		l.columns = l.fitting(wide)
	case fillLayout:
		if len(box.Objects) == 1 {
			return heightFor(box.Objects[0], wide)
		}
	case padLayout:
		return heightFor(box.Objects[0], wide-l.left-l.right) + l.top + l.bottom
	case tallLayout:
		return l.HeightFor(box.Objects, wide)
	}
	return box.MinSize().Height
}

func (l *columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size.Width = max(size.Width, o.MinSize().Width)
		size.Height += l.height(o)
		n++
	}
	size.Height += l.gap * float32(max(n-1, 0))
	return size
}

func (l *columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.wide = size.Width
	used, fills := l.MinSize(objects).Height, 0
	for _, o := range objects {
		if o.Visible() && isFill(o) {
			fills++
		}
	}
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := l.height(o)
		if isFill(o) {
			h += max(size.Height-used, 0) / float32(fills)
		}
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h + l.gap
	}
}

// ResponsiveGrid lays cards in as many equal columns as fit, each at least minimum wide. Hidden cards take no place.
func ResponsiveGrid(minimum, gap float32, cards ...fyne.CanvasObject) *fyne.Container {
	return container.New(&gridLayout{minimum: minimum, gap: gap, columns: 1}, cards...)
}

// gridLayout remembers its columns: the toolkit asks for the height before it says the width.
type gridLayout struct {
	minimum, gap float32
	columns      int
}

func (l *gridLayout) shown(objects []fyne.CanvasObject) (n int, high float32) {
	for _, o := range objects {
		if o.Visible() {
			n++
			high = max(high, o.MinSize().Height)
		}
	}
	return n, high
}

func (l *gridLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	n, high := l.shown(objects)
	rows := float32((n + l.columns - 1) / l.columns)
	return fyne.NewSize(l.minimum, max(rows*(high+l.gap)-l.gap, 0))
}

func (l *gridLayout) fitting(wide float32) int {
	return max(int((wide+l.gap)/(l.minimum+l.gap)), 1)
}

func (l *gridLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.columns = l.fitting(size.Width)
	_, high := l.shown(objects)
	wide := (size.Width - l.gap*float32(l.columns-1)) / float32(l.columns)
	i := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		col, row := i%l.columns, i/l.columns
		left := round(float32(col) * (wide + l.gap))
		o.Resize(fyne.NewSize(round(float32(col)*(wide+l.gap)+wide)-left, high))
		o.Move(fyne.NewPos(left, float32(row)*(high+l.gap)))
		i++
	}
}
