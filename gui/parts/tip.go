package parts

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	tooltips "github.com/dweymouth/fyne-tooltip"
	tipwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// tipped holds the canvases that can show tool tips; elsewhere none is asked for, because the tool tip library logs an
// error for each.
var tipped sync.Map

// WithTips puts a layer for tool tips over the content of a window. Without it cut texts show no full text.
func WithTips(content fyne.CanvasObject, on fyne.Canvas) fyne.CanvasObject {
	tipped.Store(on, true)
	return tooltips.AddWindowToolTipLayer(content, on)
}

// ForgetTips frees the layer of a window that was closed.
func ForgetTips(on fyne.Canvas) {
	tipped.Delete(on)
	tooltips.DestroyWindowToolTipLayer(on)
}

func hasTips(on fyne.Canvas) bool {
	_, ok := tipped.Load(on)
	return ok
}

// tip shows the text set with SetToolTip while the pointer rests on a widget.
type tip struct {
	tipwidget.ToolTipWidgetExtend
}

// MouseIn belongs to the toolkit.
func (t *tip) MouseIn(e *desktop.MouseEvent) {
	if t.Obj == nil || t.ToolTip() == "" {
		return
	}
	on := fyne.CurrentApp().Driver().CanvasForObject(t.Obj)
	if on != nil && hasTips(on) && on.Overlays().Top() == nil {
		t.ToolTipWidgetExtend.MouseIn(e)
	}
}
