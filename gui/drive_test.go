package gui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/headless"
	"rollcall/gui/parts"
)

// seen gives everything that is drawn, the dialog on top first.
func seen(w *window) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	if top := w.Canvas().Overlays().Top(); top != nil {
		all = test.LaidOutObjects(top)
	}
	return append(all, test.LaidOutObjects(w.win.Content())...)
}

// every gives all drawn objects of a type.
func every[T fyne.CanvasObject](w *window) []T {
	var all []T
	for _, o := range seen(w) {
		if one, ok := o.(T); ok && o.Visible() {
			all = append(all, one)
		}
	}
	return all
}

// first gives the first drawn object of a type.
func first[T fyne.CanvasObject](w *window) T {
	all := every[T](w)
	if len(all) == 0 {
		var none T
		panic(fmt.Sprintf("no %T is drawn", none))
	}
	return all[0]
}

// button gives the button with a text, or nil.
func button(w *window, text string) *parts.Button {
	for _, b := range every[*parts.Button](w) {
		if b.Text() == text {
			return b
		}
	}
	return nil
}

// tapText presses the button with a text and waits for what it began.
func tapText(w *window, text string) {
	b := button(w, text)
	if b == nil {
		panic("no button says " + text)
	}
	b.Tapped(&fyne.PointEvent{})
	settle()
}

// fieldOf gives the question with a label.
func fieldOf(w *window, label string) *parts.Field {
	for _, f := range every[*parts.Field](w) {
		if f.Label() == label {
			return f
		}
	}
	panic("no question is called " + label)
}

func stepTo(w *window, step int) {
	first[*parts.Stepper](w).OnTapped(step)
	settle()
}

// says tells whether a text is drawn, as a text, banner or notice.
func says(w *window, text string) bool {
	for _, o := range seen(w) {
		if t, ok := o.(interface{ Text() string }); ok && o.Visible() && t.Text() == text {
			return true
		}
	}
	return false
}

func must(t *testing.T, w *window, text string) {
	t.Helper()
	if !says(w, text) {
		var all []string
		for _, o := range seen(w) {
			if x, ok := o.(interface{ Text() string }); ok {
				all = append(all, x.Text())
			}
		}
		t.Fatalf("%q is not drawn; drawn is %q", text, all)
	}
}

// dragHalfway begins to drag a field and stays over an attribute.
func dragHalfway(w *window) {
	rows := draggables(w)
	to := fyne.CurrentApp().Driver().AbsolutePositionForObject(first[*parts.MapBoard](w)).AddXY(700, 74+46*7+20)
	rows[8].Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: to}})
}

// draggables gives the fields of the mapping, in order.
func draggables(w *window) []fyne.Draggable {
	var rows []fyne.Draggable
	for _, o := range seen(w) {
		if d, ok := o.(interface {
			fyne.Draggable
			fyne.Focusable
			fyne.Tappable
		}); ok {
			if _, entry := o.(interface{ SelectedText() string }); entry {
				continue
			}
			rows = append(rows, d)
		}
	}
	return rows
}

// settle waits until nothing is under way.
func settle() { fyne.CurrentApp().(*headless.App).Settle() }
