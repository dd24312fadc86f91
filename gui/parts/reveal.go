package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// reveal scrolls what has got the focus into view: the toolkit moves the focus, but scrolls nothing. It is told the
// lists and pages around it by looking from the top of the window, as a widget does not know what it lies in.
func reveal(o fyne.CanvasObject) {
	on := fyne.CurrentApp().Driver().CanvasForObject(o)
	if on == nil {
		return
	}
	top := on.Overlays().Top()
	if top == nil {
		top = on.Content()
	}
	revealIn(top, o)
}

// revealIn gives where the object lies in another that holds it, after each scroller on the way has brought it into view.
func revealIn(in, o fyne.CanvasObject) (at fyne.Position, found bool) {
	if in == o {
		return fyne.Position{}, true
	}
	if in == nil || !in.Visible() {
		return at, false
	}
	var kids []fyne.CanvasObject
	switch in := in.(type) {
	case *container.Scroll:
		kids = []fyne.CanvasObject{in.Content}
	case *fyne.Container:
		kids = in.Objects
	case fyne.Widget:
		kids = test.WidgetRenderer(in).Objects()
	}
	for _, kid := range kids {
		if at, found = revealIn(kid, o); !found {
			continue
		}
		at = at.Add(kid.Position())
		if s, ok := in.(*container.Scroll); ok {
			at = at.Subtract(scrollTo(s, at, o.Size()))
		}
		return at, true
	}
	return fyne.Position{}, false
}

// scrollTo moves a scroller by as little as shows the place, and tells by how much.
func scrollTo(s *container.Scroll, at fyne.Position, size fyne.Size) fyne.Position {
	view, all := s.Size(), s.Content.Size()
	by := fyne.NewPos(
		short(at.X, size.Width, view.Width, s.Offset.X, all.Width),
		short(at.Y, size.Height, view.Height, s.Offset.Y, all.Height),
	)
	if !by.IsZero() {
		s.ScrollToOffset(s.Offset.Add(by))
		if s.OnScrolled != nil {
			s.OnScrolled(s.Offset)
		}
	}
	return by
}

// short is how far a part of this length has to move along one side of a scroller. What is longer than the view shows
// its beginning.
func short(at, long, view, offset, all float32) float32 {
	by := float32(0)
	switch {
	case at < 0 || long > view:
		by = at
	case at+long > view:
		by = at + long - view
	}
	return min(max(offset+by, 0), max(all-view, 0)) - offset
}
