package gui

import (
	"fmt"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/task"
)

// screenFile names a file in which the window keeps what stands where, for scripts that
// drive it from outside as a person does: they know no widgets, and must not guess places.
const screenFile = "ROLLCALL_SCREEN"

const tellScreenEvery = 150 * time.Millisecond

// tellScreen keeps the file up to date where one is named.
func (w *window) tellScreen() {
	file := os.Getenv(screenFile)
	if file == "" {
		return
	}
	last := ""
	task.Every(tellScreenEvery, func() {
		now := w.onScreen()
		if now == last {
			return
		}
		if os.WriteFile(file+".new", []byte(now), 0o600) == nil && os.Rename(file+".new", file) == nil { //nolint:gosec // the file that whoever started the program names
			last = now
		}
	})
}

// onScreen gives one line for each text and each icon with a tip that can be seen, “x<TAB>y<TAB>width<TAB>height<TAB>text”,
// and one for what has the focus, with the text “<focus>”, and for the control or row that the pointer is on, with “<pointer>”. While a dialog or a menu is open it alone is given.
func (w *window) onScreen() string {
	on := w.Canvas()
	s := &screenText{focus: on.Focused()}
	top := on.Overlays().Top()
	if top == nil {
		top = w.win.Content()
	}
	s.walk(top, fyne.Position{}, area{size: on.Size()})
	return s.String()
}

type screenText struct {
	strings.Builder
	focus fyne.Focusable
}

type area struct {
	at   fyne.Position
	size fyne.Size
}

func (a area) cut(b area) area {
	x1, y1 := max(a.at.X, b.at.X), max(a.at.Y, b.at.Y)
	x2, y2 := min(a.at.X+a.size.Width, b.at.X+b.size.Width), min(a.at.Y+a.size.Height, b.at.Y+b.size.Height)
	return area{fyne.NewPos(x1, y1), fyne.NewSize(max(x2-x1, 0), max(y2-y1, 0))}
}

func (s *screenText) walk(o fyne.CanvasObject, from fyne.Position, clip area) {
	if o == nil || !o.Visible() {
		return
	}
	from = from.Add(o.Position())
	seen := clip.cut(area{from, o.Size()})
	if f, ok := o.(fyne.Focusable); ok && f == s.focus {
		s.line(seen, "<focus>")
	}
	if p, ok := o.(interface {
		Pointed() (fyne.Position, fyne.Size)
	}); ok {
		at, size := p.Pointed()
		s.line(clip.cut(area{from.Add(at), size}), "<pointer>")
	}
	switch o := o.(type) {
	case *canvas.Text:
		s.line(clip.cut(area{from, o.MinSize()}), o.Text)
	case *fyne.Container:
		s.all(o.Objects, from, clip)
	case fyne.Widget:
		if t, ok := o.(interface {
			Text() string
			ToolTip() string
		}); ok && t.Text() == "" {
			s.line(seen, t.ToolTip())
		}
		if _, scrolls := o.(*container.Scroll); scrolls {
			clip = seen
		}
		s.all(test.WidgetRenderer(o).Objects(), from, clip)
	}
}

func (s *screenText) all(objects []fyne.CanvasObject, from fyne.Position, clip area) {
	for _, o := range objects {
		s.walk(o, from, clip)
	}
}

func (s *screenText) line(a area, text string) {
	if text != "" && a.size.Width >= 1 && a.size.Height >= 1 {
		_, _ = fmt.Fprintf(s, "%.0f\t%.0f\t%.0f\t%.0f\t%s\n", a.at.X, a.at.Y, a.size.Width, a.size.Height, strings.ReplaceAll(text, "\n", " "))
	}
}
