package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

func TestWhatGetsTheFocusIsScrolledIntoView(t *testing.T) {
	test.NewTempApp(t)
	column := container.NewVBox()
	var last *Button
	for range 40 {
		last = NewButton("Set up", Second, nil)
		column.Add(last)
	}
	scroll := container.NewVScroll(column)
	w := test.NewTempWindow(t, scroll)
	w.Resize(fyne.NewSize(300, 200))
	w.Canvas().Focus(last)
	if scroll.Offset.Y+scroll.Size().Height < last.Position().Y+last.Size().Height {
		t.Errorf("the last button lies at %v, the view ends at %v", last.Position().Y, scroll.Offset.Y+scroll.Size().Height)
	}
	first, _ := column.Objects[0].(*Button)
	w.Canvas().Focus(first)
	if scroll.Offset.Y > first.Position().Y {
		t.Errorf("the first button is out of view: %v", scroll.Offset.Y)
	}
}
