package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/task"
)

type drops struct{ got [][2]string }

func openBoard(t *testing.T) (*MapBoard, fyne.Window, *drops) {
	t.Helper()
	d := &drops{}
	w := open(t, NewButton("", Primary, nil))
	b := storyBoard()
	w.SetContent(b)
	w.Resize(fyne.NewSize(1200, 600))
	b.OnDrop = func(s, target string) { d.got = append(d.got, [2]string{s, target}) }
	return b, w, d
}

func over(row fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
	return at.AddXY(300, row.Size().Height/2)
}

func drag(r *sourceRow, at fyne.Position) {
	r.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at}, Dragged: fyne.NewDelta(4, 0)})
}

func TestFieldIsDroppedOnTheAttributeUnderThePointer(t *testing.T) {
	b, _, d := openBoard(t)
	r := b.sources[7]
	drag(r, fyne.NewPos(100, 400))
	if !b.ghost.Visible() {
		t.Error("nothing follows the pointer")
	}
	drag(r, over(b.targets[5]))
	if b.targets[5].drop != dropHover {
		t.Error("the attribute does not show that it takes the field")
	}
	r.DragEnd()
	if len(d.got) != 1 || d.got[0] != [2]string{"dep", "department"} {
		t.Errorf("dropped %v", d.got)
	}
	if b.ghost.Visible() || b.targets[5].drop != dropIdle {
		t.Error("the drag is still shown")
	}
}

func TestDropOutsideTheListDoesNothing(t *testing.T) {
	b, _, d := openBoard(t)
	for _, at := range []fyne.Position{{X: 10, Y: 10}, {X: 340, Y: 300}, {X: 800, Y: 20}} {
		drag(b.sources[0], at)
		b.sources[0].DragEnd()
	}
	task.Wait()
	if len(d.got) != 0 {
		t.Errorf("dropped %v", d.got)
	}
}

func TestFieldThatDoesNotFitIsNotTaken(t *testing.T) {
	b, _, d := openBoard(t)
	drag(b.sources[0], over(b.targets[6]))
	if b.targets[6].drop != dropReject || b.targets[6].say != "Needs a date" {
		t.Error("the attribute does not say why")
	}
	b.sources[0].DragEnd()
	if len(d.got) != 0 {
		t.Errorf("dropped %v", d.got)
	}
}

func TestEscapeEndsADragAndLaterMovesAreIgnored(t *testing.T) {
	b, w, d := openBoard(t)
	r := b.sources[0]
	drag(r, over(b.targets[1]))
	if w.Canvas().Focused() != fyne.Focusable(r) {
		t.Fatal("the dragged field has no focus, so Escape cannot reach it")
	}
	key(w, fyne.KeyEscape)
	drag(r, over(b.targets[1]))
	if b.ghost.Visible() {
		t.Error("the drag goes on")
	}
	r.DragEnd()
	if len(d.got) != 0 {
		t.Errorf("dropped %v", d.got)
	}
	drag(r, over(b.targets[1]))
	r.DragEnd()
	if len(d.got) != 1 {
		t.Error("the next drag does not work")
	}
}

func TestFieldIsGivenWithTheKeyboard(t *testing.T) {
	b, w, d := openBoard(t)
	focus(b.sources[0])
	key(w, fyne.KeyDown)
	if w.Canvas().Focused() != fyne.Focusable(b.sources[1]) {
		t.Fatal("the arrow does not move along the fields")
	}
	key(w, fyne.KeySpace)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyReturn)
	if len(d.got) != 1 || d.got[0] != [2]string{"first", "firstName"} {
		t.Errorf("gave %v", d.got)
	}
}

func TestDeleteClearsAnAttribute(t *testing.T) {
	b, w, _ := openBoard(t)
	var cleared []string
	b.OnClear = func(id string) { cleared = append(cleared, id) }
	focus(b.targets[1])
	key(w, fyne.KeyDelete)
	focus(b.targets[5]) // holds nothing
	key(w, fyne.KeyDelete)
	if len(cleared) != 1 || cleared[0] != "firstName" {
		t.Errorf("cleared %v", cleared)
	}
}

func TestListScrollsWhileTheFieldIsAtItsEdge(t *testing.T) {
	b, w, d := openBoard(t)
	w.Resize(fyne.NewSize(1200, 300))
	r := b.sources[0]
	low := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.right.scroll).AddXY(300, b.right.scroll.Size().Height-4)
	r.board.session.at = low
	drag(r, over(b.targets[1])) // begins away from the edge: the clock is not needed for the law
	b.session.at, b.session.by = low, edgeStep
	for range 3 {
		b.scrollOn()
	}
	if got := b.right.scroll.Offset.Y; got != 3*edgeStep {
		t.Errorf("scrolled to %v", got)
	}
	under := b.session.over
	r.DragEnd()
	if under == nil || len(d.got) != 1 || d.got[0][1] != under.data.ID {
		t.Errorf("dropped %v", d.got)
	}
}

func TestNewDataKeepsTheFocusedRow(t *testing.T) {
	b, w, _ := openBoard(t)
	w.Canvas().Focus(b.targets[2])
	before := b.targets[2]
	var data []Target
	for _, r := range b.targets[1:] {
		data = append(data, r.data)
	}
	b.SetTargets(data)
	if b.targets[1] != before {
		t.Error("the row was made again")
	}
}

func TestGhostTakesNoEvents(t *testing.T) {
	b, _, _ := openBoard(t)
	var o fyne.CanvasObject = b.ghost
	if _, ok := o.(fyne.Tappable); ok {
		t.Error("the ghost takes taps")
	}
	if _, ok := o.(desktop.Hoverable); ok {
		t.Error("the ghost takes the pointer")
	}
	if _, ok := o.(fyne.Focusable); ok {
		t.Error("the ghost takes the focus")
	}
}
