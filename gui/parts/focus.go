package parts

import (
	"fmt"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// byPointer says that the pointer was used last. What then gets the focus by itself, settling, shows no ring before a key
// is typed: who uses the pointer did not ask for one.
var (
	byPointer = true
	settling  bool
)

// ByKeys notes that a key was used that no widget got.
func ByKeys() { byPointer = false }

// ByPointer notes that the pointer was used.
func ByPointer() { byPointer = true }

// Settle gives the focus to something by itself, after a page has changed.
func Settle(on fyne.Canvas, f fyne.Focusable) {
	settling = true
	defer func() { settling = false }()
	on.Focus(f)
}

// quiet is what got the focus by itself and shows no ring. It stays so when the window comes to the front again: then the
// toolkit tells it of the focus once more.
var quiet fyne.CanvasObject

// ringed tells whether what gets the focus shows it.
func ringed(o fyne.CanvasObject) bool {
	switch {
	case settling && byPointer:
		quiet = o
	case settling || o != quiet:
		quiet, byPointer = nil, false
	}
	return o != quiet
}

// last is what had the focus last and where it lay, so that its successor can be found when a page was drawn anew.
var last struct {
	what fyne.Focusable
	at   fyne.Position
}

// kept holds for each window how it gives the focus to something when a dialog has gone.
var kept sync.Map

// OnFocusLost sets what is done when a dialog or a picker has closed: a page may have been drawn anew behind it.
func OnFocusLost(on fyne.Canvas, settle func()) { kept.Store(on, settle) }

func settle(on fyne.Canvas) {
	if do, ok := kept.Load(on); ok && on.Overlays().Top() == nil {
		do.(func())()
	}
}

// walk calls visit for everything that can be seen, or scrolled to, until it says that this is enough.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject) (enough bool)) bool {
	return seek(o, func(o fyne.CanvasObject) (bool, bool) { return true, visit(o) })
}

// seek is walk that goes only into what it is told to.
func seek(o fyne.CanvasObject, visit func(fyne.CanvasObject) (into, enough bool)) bool {
	if o == nil || !o.Visible() {
		return false
	}
	into, enough := visit(o)
	if enough || !into {
		return enough
	}
	var kids []fyne.CanvasObject
	switch o := o.(type) {
	case *container.Scroll:
		kids = []fyne.CanvasObject{o.Content}
	case *fyne.Container:
		kids = o.Objects
	case fyne.Widget:
		kids = test.WidgetRenderer(o).Objects()
	}
	for _, kid := range kids {
		if seek(kid, visit) {
			return true
		}
	}
	return false
}

// Stops lists what Tab comes to inside an object, in order.
func Stops(in fyne.CanvasObject) []fyne.Focusable {
	var all []fyne.Focusable
	walk(in, func(o fyne.CanvasObject) bool {
		if f, ok := o.(fyne.Focusable); ok && canFocus(f) {
			all = append(all, f)
		}
		return false
	})
	return all
}

// First gives the first stop inside an object, or nil.
func First(in fyne.CanvasObject) fyne.Focusable {
	var found fyne.Focusable
	walk(in, func(o fyne.CanvasObject) bool {
		if f, ok := o.(fyne.Focusable); ok && canFocus(f) {
			found = f
		}
		return found != nil
	})
	return found
}

// Start gives what has the focus when a page is opened: its list, table or board, else the first stop below its head.
func Start(in fyne.CanvasObject) fyne.Focusable {
	var list, other fyne.Focusable
	seek(in, func(o fyne.CanvasObject) (into, enough bool) {
		switch o := o.(type) {
		case *PageHeader, *WizardHeader:
			return false, false
		case *Skeleton: // it is still being read
			list, other = nil, nil
			return false, true
		case *DataTable:
			list = o
		case *MapBoard:
			list = o.Fields()
		case fyne.Focusable:
			if other == nil && canFocus(o) {
				other = o
			}
		}
		return list == nil, list != nil
	})
	if list != nil {
		return list
	}
	return other
}

// Holds tells whether something that can have the focus lies in an object and can be seen or scrolled to.
func Holds(in fyne.CanvasObject, f fyne.Focusable) bool {
	o, ok := f.(fyne.CanvasObject)
	return ok && canFocus(f) && walk(in, func(other fyne.CanvasObject) bool { return other == o })
}

func canFocus(f fyne.Focusable) bool {
	d, ok := f.(fyne.Disableable)
	return !ok || !d.Disabled()
}

// Region tells whether an object is a part of the window that F6 stops at.
func Region(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *NavRail, *PageHeader, *WizardHeader, *DataTable, *MapBoard, *footBar:
		return true
	}
	return false
}

// Main gives the button that a page or a dialog is about, or nil: its Primary. The verb of a dialog that asks once more is
// none, so that nothing is agreed to by holding a key down.
func Main(in fyne.CanvasObject) *Button {
	var main *Button
	walk(in, func(o fyne.CanvasObject) bool {
		if b, ok := o.(*Button); ok && b.kind == Primary && !b.disabled && !b.asks {
			main = b
		}
		return false
	})
	return main
}

// Successor gives what took the place of what had the focus last: the nearest of its kind, where one is near.
func Successor(in fyne.CanvasObject) fyne.Focusable {
	if last.what == nil {
		return nil
	}
	kind := fmt.Sprintf("%T", last.what)
	var best fyne.Focusable
	least := float32(80)
	for _, f := range Stops(in) {
		o, ok := f.(fyne.CanvasObject)
		if !ok || fmt.Sprintf("%T", f) != kind {
			continue
		}
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		if off := abs(p.X-last.at.X) + abs(p.Y-last.at.Y); off < least {
			best, least = f, off
		}
	}
	return best
}

// foundFocus notes where what got the focus lies, after it was scrolled into view.
func foundFocus(o fyne.CanvasObject) {
	reveal(o)
	if f, ok := o.(fyne.Focusable); ok {
		last.what, last.at = f, fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	}
}
