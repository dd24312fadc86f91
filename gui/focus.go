package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/parts"
)

// Settle gives the focus to something of the page when what had it has gone, and when a
// page was opened: to what the page names, else to what the page is about.
func (w *window) Settle(first fyne.Focusable) {
	if first != nil {
		w.first = first
	}
	w.settle(w.first)
}

// Redrawn gives the focus to what took the place of the one that had it, when that has
// gone because its part of the page was drawn anew.
func (w *window) Redrawn() {
	if w.landing {
		w.settle(w.first)
		return
	}
	next := parts.Successor(w.win.Content())
	if next == nil {
		next = w.first
	}
	w.settle(next)
}

func (w *window) settle(next fyne.Focusable) {
	on := w.Canvas()
	if on.Overlays().Top() != nil {
		return // it is settled when the dialog has gone
	}
	now := on.Focused()
	held := now != nil && parts.Holds(w.win.Content(), now)
	if held && (!w.landing || parts.Holds(w.body, now)) {
		w.landing = false
		return
	}
	if next == nil || !parts.Holds(w.win.Content(), next) {
		next = parts.Start(w.body)
	}
	switch {
	case next != nil:
		w.landing = false
		parts.Settle(on, next)
	case !held && now != nil:
		w.landing = true
		on.Unfocus() // or keys would go to what nobody sees
	}
}

// region goes on to the next part of the window, or back: the rail, the page's head, its
// tools, what it is about, its foot.
func (w *window) region(back bool) {
	var starts []fyne.Focusable
	add := func(f fyne.Focusable) {
		for _, was := range starts {
			if was == f {
				return
			}
		}
		if f != nil {
			starts = append(starts, f)
		}
	}
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		if parts.Region(o) {
			add(parts.First(o))
		}
		if f, ok := o.(fyne.Focusable); ok && f == w.first && parts.Holds(w.body, f) {
			add(f)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, kid := range o.Objects {
				walk(kid)
			}
		case fyne.Widget:
			for _, kid := range test.WidgetRenderer(o).Objects() {
				walk(kid)
			}
		}
	}
	walk(w.win.Content())
	if len(starts) == 0 {
		return
	}
	w.Canvas().Focus(starts[w.beside(starts, back)])
}

// beside gives which of the starts of regions comes after what has the focus, or before.
func (w *window) beside(starts []fyne.Focusable, back bool) int {
	in := -1 // the region that the focus is in
	now := w.Canvas().Focused()
	for _, f := range parts.Stops(w.win.Content()) {
		for i, s := range starts {
			if f == s {
				in = i
			}
		}
		if f == now {
			break
		}
	}
	step := 1
	if back {
		step = len(starts) - 1
	}
	if now == nil || in < 0 {
		return 0
	}
	return (in + step) % len(starts)
}

// shifted tells whether Shift is held down.
func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}
