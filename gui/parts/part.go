package parts

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// part is the base of the widgets here: ink drawn by a pen, with child widgets on top of it.
type part struct {
	widget.BaseWidget
	draw func(p *pen, size fyne.Size)
	min  func() fyne.Size
	kids []fyne.CanvasObject
	lay  func(size fyne.Size)
	self fyne.Widget
	ink  *partRenderer
}

func (b *part) become(self fyne.Widget) {
	b.self = self
	b.ExtendBaseWidget(self)
}

// CreateRenderer belongs to the toolkit.
func (b *part) CreateRenderer() fyne.WidgetRenderer {
	b.ink = &partRenderer{part: b}
	return b.ink
}

// setKids replaces the child widgets and lays everything out again.
func (b *part) setKids(kids ...fyne.CanvasObject) {
	b.kids = kids
	if b.ink != nil {
		b.ink.remake()
		b.Refresh()
	}
}

type partRenderer struct {
	part *part
	pen  pen
	all  []fyne.CanvasObject
}

func (r *partRenderer) Layout(size fyne.Size) {
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	if r.part.lay != nil {
		r.part.lay(size)
	}
	if r.part.draw != nil {
		r.pen.begin()
		r.part.draw(&r.pen, size)
		if r.pen.end() {
			r.remake()
			canvas.Refresh(r.part.self)
		}
	}
}

func (r *partRenderer) remake() { r.all = append(r.pen.objects(), r.part.kids...) }

func (r *partRenderer) MinSize() fyne.Size { return r.part.min() }

func (r *partRenderer) Refresh() {
	r.Layout(r.part.Size())
	for _, k := range r.part.kids {
		if _, isWidget := k.(fyne.Widget); !isWidget {
			k.Refresh()
		}
	}
}

func (r *partRenderer) Objects() []fyne.CanvasObject {
	if r.all == nil {
		r.remake()
	}
	return r.all
}

func (r *partRenderer) Destroy() {}

// press is a part that can be pressed with the pointer, Space or Enter. It takes no focus from a pointer, so its ring is
// seen by those who use the keyboard only.
type press struct {
	part
	tip
	OnTapped func() `json:"-"`
	hovered  bool
	focused  bool // has the focus, and shows it
	disabled bool
	of       *rove         // the group in which it is one stop with others
	away     func() bool   // tells that Tab passes by, because something else does the same
	called   func() string // its name, for going to it by its first letter
}

func (b *press) become(self fyne.Widget) {
	b.part.become(self)
	b.ExtendToolTipWidget(self)
}

// Tapped belongs to the toolkit.
func (b *press) Tapped(*fyne.PointEvent) {
	ByPointer()
	b.fire()
}

func (b *press) fire() {
	if !b.disabled && b.OnTapped != nil {
		b.OnTapped()
	}
}

// MouseIn belongs to the toolkit.
func (b *press) MouseIn(e *desktop.MouseEvent) {
	b.tip.MouseIn(e)
	b.hovered = true
	b.Refresh()
}

// MouseOut belongs to the toolkit.
func (b *press) MouseOut() {
	b.tip.MouseOut()
	b.hovered = false
	b.Refresh()
}

// Pointed gives the part of it that the pointer is on: all of it, or nothing.
func (b *press) Pointed() (at fyne.Position, size fyne.Size) {
	if b.hovered {
		size = b.Size()
	}
	return at, size
}

// Cursor belongs to the toolkit.
func (b *press) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained belongs to the toolkit.
func (b *press) FocusGained() {
	b.focused = ringed(b.self)
	if b.of != nil {
		b.of.now = b
	}
	b.Refresh()
	foundFocus(b.self)
}

// FocusLost belongs to the toolkit.
func (b *press) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune belongs to the toolkit.
func (b *press) TypedRune(r rune) {
	if b.of != nil && unicode.IsLetter(r) {
		b.of.named(b, r)
		return
	}
	passRune(b.self, r)
}

// TypedKey belongs to the toolkit.
func (b *press) TypedKey(e *fyne.KeyEvent) {
	b.keyed()
	switch {
	case e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		b.fire()
	case b.of != nil && b.of.move(b, e.Name):
	default:
		passOn(b.self, e)
	}
}

// keyed shows the ring from the first key on, where the focus came by itself.
func (b *press) keyed() {
	if byPointer, quiet = false, nil; !b.focused {
		b.focused = true
		b.Refresh()
	}
}

// passRune gives a letter to the window, as if nothing had the focus.
func passRune(from fyne.CanvasObject, r rune) {
	on := fyne.CurrentApp().Driver().CanvasForObject(from)
	if on != nil && on.OnTypedRune() != nil {
		on.OnTypedRune()(r)
	}
}

// passOn gives a key that a widget has no use for to the window, as if nothing had the focus: so Escape closes a dialog.
func passOn(from fyne.CanvasObject, e *fyne.KeyEvent) {
	on := fyne.CurrentApp().Driver().CanvasForObject(from)
	if on != nil && on.OnTypedKey() != nil {
		on.OnTypedKey()(e)
	}
}

// Disable greys the widget and makes it deaf.
func (b *press) Disable() { b.setDisabled(true) }

// Enable is the opposite of Disable.
func (b *press) Enable() { b.setDisabled(false) }

// Disabled tells the toolkit that Tab passes the widget by: because it is deaf, or another one of its group is the stop.
func (b *press) Disabled() bool { return !b.open() || b.of != nil && b.of.stop() != b }

func (b *press) setDisabled(v bool) {
	if b.disabled == v {
		return
	}
	b.disabled = v
	b.Refresh()
}

func (b *press) live() bool { return b.hovered && !b.disabled }

// SetEnabled is Enable or Disable by a condition.
func (b *press) SetEnabled(enabled bool) { b.setDisabled(!enabled) }
