package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

func TestWheelOverABoxScrollsThePage(t *testing.T) {
	var rows []fyne.CanvasObject
	for range 12 {
		rows = append(rows, NewField(Question{Label: "Name", Help: "Help."}))
	}
	inner := container.NewVScroll(Column(8, rows...))
	w := test.NewWindow(container.NewVScroll(inner))
	defer w.Close()
	w.Resize(fyne.NewSize(400, 300))
	inner.Resize(fyne.NewSize(400, 300))
	over := rows[0].(*Field).wheel
	over.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -40)})
	if inner.Offset.Y != 40 {
		t.Errorf("the page is at %v", inner.Offset)
	}
	if area := NewField(Question{Kind: AreaField}); area.wheel.Visible() {
		t.Error("a box of several lines scrolls by itself")
	}
	if around(newWheel()) != nil {
		t.Error("what is on no page lies in no scroll")
	}
}
