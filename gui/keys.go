package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/view"
)

// shortcuts are the keys that work on every page: Ctrl (or Command) with 1 to 7 for the
// pages, F to search, Z and Y to undo and redo, and Escape to go back.
func (w *window) shortcuts() {
	on := w.Canvas()
	digits := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7}
	for i, e := range entries {
		w.key(digits[i], func() { w.Go(view.Route{Page: e.ID}) })
	}
	w.key(fyne.KeyF, w.find)
	redo := func() {
		if p, ok := w.current.(interface{ Redo() }); ok {
			p.Redo()
		}
	}
	w.shortcut(&fyne.ShortcutUndo{}, func() {
		if p, ok := w.current.(interface{ Undo() }); ok {
			p.Undo()
		}
	})
	w.shortcut(&fyne.ShortcutRedo{}, redo)
	w.key(fyne.KeyY, redo)
	on.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape && on.Overlays().Top() == nil && len(w.past) > 0 {
			w.Back()
		}
	})
}

func (w *window) key(name fyne.KeyName, do func()) {
	w.shortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}, do)
}

// shortcut keeps a key from doing something behind a dialog.
func (w *window) shortcut(s fyne.Shortcut, do func()) {
	w.keys.AddShortcut(s, func(fyne.Shortcut) {
		if w.Canvas().Overlays().Top() == nil {
			do()
		}
	})
	w.Canvas().AddShortcut(s, w.keys.TypedShortcut)
}

// find brings the person to the page's search box, where it has one.
func (w *window) find() {
	if p, ok := w.current.(interface{ Find() fyne.Focusable }); ok {
		if box := p.Find(); box != nil {
			w.Canvas().Focus(box)
		}
	}
}
