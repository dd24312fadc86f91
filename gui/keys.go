package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// shortcuts are the keys that work on every page: Ctrl (or Command) with 1 to 7 for the
// pages, Return for the main button, F to search, Z and Y to undo and redo; F6 for the
// next part of the window, F1 for the list of keys, and Escape to go back.
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
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		s := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
		w.keys.AddShortcut(s, func(fyne.Shortcut) { parts.ByKeys(); w.main() })
		on.AddShortcut(s, w.keys.TypedShortcut)
	}
	on.SetOnTypedKey(w.typed)
	on.SetOnTypedRune(func(r rune) {
		if r == '?' && on.Overlays().Top() == nil {
			w.help()
		}
	})
}

// typed takes the keys that nothing else had a use for.
func (w *window) typed(e *fyne.KeyEvent) {
	if w.Canvas().Overlays().Top() != nil {
		return
	}
	switch e.Name {
	case fyne.KeyEscape:
		if p, ok := w.current.(interface{ Escape() bool }); (!ok || !p.Escape()) && len(w.past) > 0 {
			w.Back()
		}
	case fyne.KeyF1:
		w.help()
	case fyne.KeyF6:
		w.region(shifted())
	}
}

// main presses the main button of the page, or of the dialog in front of it.
func (w *window) main() {
	in := w.Canvas().Overlays().Top()
	if in == nil {
		in = w.body
	}
	if b := parts.Main(in); b != nil {
		b.OnTapped()
	}
}

func (w *window) key(name fyne.KeyName, do func()) {
	w.shortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}, do)
}

// shortcut keeps a key from doing something behind a dialog.
func (w *window) shortcut(s fyne.Shortcut, do func()) {
	w.keys.AddShortcut(s, func(fyne.Shortcut) {
		parts.ByKeys()
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
