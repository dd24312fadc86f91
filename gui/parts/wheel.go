package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over a box of one line and hands the mouse wheel to the page, which the
// toolkit's entry would keep for itself: nobody could scroll a form whose boxes are under
// the pointer. It takes nothing else, so clicks and keys go to the entry.
type wheel struct{ widget.BaseWidget }

func newWheel() *wheel {
	w := &wheel{}
	w.ExtendBaseWidget(w)
	return w
}

// CreateRenderer belongs to the toolkit.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// Scrolled belongs to the toolkit.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if s := around(w); s != nil {
		s.Scrolled(e)
	}
}

// around gives the innermost scroll that an object lies in, or nil.
func around(o fyne.CanvasObject) (found *container.Scroll) {
	on := fyne.CurrentApp().Driver().CanvasForObject(o)
	if on == nil {
		return nil
	}
	holds := func(s *container.Scroll) bool {
		return walk(s.Content, func(one fyne.CanvasObject) bool { return one == o })
	}
	for _, root := range append([]fyne.CanvasObject{on.Content()}, on.Overlays().List()...) {
		walk(root, func(one fyne.CanvasObject) bool {
			if s, ok := one.(*container.Scroll); ok && holds(s) {
				found = s // those inside come later
			}
			return false
		})
	}
	return found
}
