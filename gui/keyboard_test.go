package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// tabs types Tab until it comes round and gives what had the focus on the way.
func tabs(w *window) []fyne.Focusable {
	var all []fyne.Focusable
	w.Canvas().Unfocus()
	for range 400 {
		w.Canvas().FocusNext()
		f := w.Canvas().Focused()
		if f == nil || slices.Contains(all, f) {
			break
		}
		all = append(all, f)
	}
	return all
}

func TestTabReachesEveryStopOfEveryPageInFewSteps(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			c := newCanned()
			if s.both {
				c = withBothFaces()
			}
			w := openWindow(t, c)
			w.Go(s.route)
			settle()
			stops := parts.Stops(w.win.Content())
			reached := tabs(w)
			for _, f := range stops {
				if !slices.Contains(reached, f) {
					t.Errorf("Tab does not reach the %T at %v", f, fyne.CurrentApp().Driver().AbsolutePositionForObject(f.(fyne.CanvasObject)))
				}
			}
			if len(reached) > 30 {
				t.Errorf("%d stops", len(reached))
			}
		})
	}
}

func TestEveryPageBeginsWithSomethingOfItsOwn(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			w := openWindow(t, newCanned())
			w.Go(s.route)
			settle()
			f := w.Canvas().Focused()
			if f == nil || !parts.Holds(w.body, f) {
				t.Errorf("the focus is on %T", f)
			}
		})
	}
}

func TestUndoOfARunIsReachedAndPressedByKeys(t *testing.T) {
	w := openWindow(t, newCanned())
	press(w, fyne.Key6, fyne.KeyModifierControl)
	table, ok := w.Canvas().Focused().(*parts.DataTable)
	if !ok {
		t.Fatalf("History begins with %T", w.Canvas().Focused())
	}
	for row := range table.Rows() {
		press(w, fyne.KeyDown)
		if w.at.Page != view.History || w.Canvas().Focused() != fyne.Focusable(table) {
			t.Fatalf("an arrow key opened row %d: it only goes there", row)
		}
	}
	for row := range table.Rows() {
		table.Select(row)
		press(w, fyne.KeyReturn)
		if button(w, "Undo") != nil {
			break
		}
		w.Go(view.Route{Page: view.History})
		settle()
	}
	undo := button(w, "Undo")
	if undo == nil {
		t.Fatal("no run can be undone")
	}
	if f := w.Canvas().Focused(); f == nil || !parts.Holds(w.body, f) {
		t.Fatalf("the focus stayed on the list that has gone: %T", f)
	}
	if !slices.Contains(tabs(w), fyne.Focusable(undo)) {
		t.Fatal("Tab does not reach Undo")
	}
	w.Canvas().Focus(undo)
	press(w, fyne.KeyReturn)
	must(t, w, "Undo this run?")
	if b, ok := w.Canvas().Focused().(*parts.Button); !ok || b.Text() != "Cancel" {
		t.Error("the question begins with Cancel")
	}
	press(w, fyne.KeyEscape)
	if w.Canvas().Focused() != fyne.Focusable(undo) {
		t.Error("the focus comes back to Undo")
	}
}

func TestControlReturnAsksBeforeItSyncs(t *testing.T) {
	c := newCanned()
	c.noRuns = true
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Preview, Sync: "s1"})
	settle()
	if button(w, "Make the preview") != nil {
		tapText(w, "Make the preview")
	}
	main := func() {
		w.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
		settle()
	}
	main()
	must(t, w, "Start the sync?")
	main()
	if w.at.Page != view.Preview {
		t.Error("Ctrl+Return twice must not sync")
	}
}

func TestF6GoesRoundAndF1ListsTheKeys(t *testing.T) {
	w := openWindow(t, newCanned())
	w.Go(view.Route{Page: view.Preview, Plan: "plan1"})
	settle()
	begun := w.Canvas().Focused()
	var seen []fyne.Focusable
	for range 8 {
		press(w, fyne.KeyF6)
		seen = append(seen, w.Canvas().Focused())
		if w.Canvas().Focused() == begun {
			break
		}
	}
	if len(seen) < 3 || seen[len(seen)-1] != begun {
		t.Errorf("F6 stops at %d places and ends on %T", len(seen), seen[len(seen)-1])
	}
	press(w, fyne.KeyF1)
	must(t, w, "Keyboard")
	press(w, fyne.KeyEscape)
	if w.Canvas().Focused() != begun {
		t.Error("after the list of keys the focus is where it was")
	}
}
