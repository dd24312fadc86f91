package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	tooltips "github.com/dweymouth/fyne-tooltip"

	"rollcall/gui/look"
)

// Dialog is a question in front of the page. Its buttons carry verbs; Escape is the last of the quiet ones: it closes and
// calls OnClosed.
type Dialog struct {
	OnClosed func()
	popup    *widget.PopUp
	frame    *dialogFrame
	on       fyne.Canvas
	content  fyne.CanvasObject
	buttons  []*Button
	text     *Text
	shown    bool
	tips     bool
	oldKey   func(*fyne.KeyEvent)
}

// NewDialog makes a dialog with a title, a text that wraps, any content (may be nil) and buttons, the main one last.
// Pressing a button does not close it by itself: its OnTapped calls Close.
func NewDialog(on fyne.Canvas, title, text string, content fyne.CanvasObject, buttons ...*Button) *Dialog {
	d := &Dialog{on: on, content: content, buttons: buttons}
	body := []fyne.CanvasObject{NewText(title, Section)}
	if text != "" {
		d.text = NewText(text, Style{Color: look.Muted, Lines: 8})
		body = append(body, d.text)
	}
	if content != nil {
		body = append(body, content)
	}
	row := []fyne.CanvasObject{Spring()}
	for _, b := range buttons {
		row = append(row, b.WithHeight(36))
	}
	body = append(body, Pad(8, 0, 0, 0, Row(look.GapControls, row...)))
	d.frame = &dialogFrame{}
	d.popup = widget.NewModalPopUp(container.New(d.frame, Column(12, body...)), on)
	if hasTips(on) {
		tooltips.AddPopUpToolTipLayer(d.popup)
		d.tips = true
	}
	return d
}

// dialogFrame gives the content of a dialog its width and its inset, and from these its height.
type dialogFrame struct{ wide float32 }

const dialogInset float32 = 20

func (f *dialogFrame) MinSize(objects []fyne.CanvasObject) fyne.Size {
	wide := max(f.wide, objects[0].MinSize().Width+2*dialogInset)
	return fyne.NewSize(wide, heightFor(objects[0], wide-2*dialogInset)+2*dialogInset)
}

func (f *dialogFrame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size.SubtractWidthHeight(2*dialogInset, 2*dialogInset))
	objects[0].Move(fyne.NewPos(dialogInset, dialogInset))
}

// Show opens the dialog at least wide.
func (d *Dialog) Show(wide float32) {
	d.shown, d.oldKey = true, d.on.OnTypedKey()
	d.frame.wide = wide
	d.popup.Show()
	if first := d.first(); first != nil {
		Settle(d.on, first)
	}
	d.on.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			d.Close()
		}
	})
}

// SetText changes the text of a dialog that has one; see Refit.
func (d *Dialog) SetText(text string) {
	if d.text != nil && d.text.Text() != text {
		d.text.SetText(text)
	}
}

// Refit gives the dialog the size that its content needs now, where it has changed.
func (d *Dialog) Refit() {
	if d.shown {
		d.popup.Resize(d.popup.MinSize())
		d.popup.Refresh()
	}
}

// first gives what has the focus at first: the first question, else the main button, unless that one destroys.
func (d *Dialog) first() fyne.Focusable {
	if d.content != nil {
		if f := First(d.content); f != nil {
			return f
		}
	}
	for i := len(d.buttons) - 1; i >= 0; i-- {
		if b := d.buttons[i]; b.kind != Danger && b.kind != Destructive && !b.disabled {
			return b
		}
	}
	return nil
}

// Close takes the dialog away, gives the focus back and calls OnClosed, once.
func (d *Dialog) Close() {
	if !d.shown {
		return
	}
	d.shown = false
	d.on.SetOnTypedKey(d.oldKey)
	d.popup.Hide()
	if d.tips {
		tooltips.DestroyPopUpToolTipLayer(d.popup)
	}
	if d.OnClosed != nil {
		d.OnClosed()
	}
	settle(d.on)
}

// Confirm asks before something is done. verb is on the main button; destructive paints it red. asked is called with true
// when the person agrees and with false in all other cases, after the dialog has closed.
func Confirm(on fyne.Canvas, title, text, verb string, destructive bool, asked func(bool)) *Dialog {
	yes := false
	kind := Primary
	if destructive {
		kind = Danger
	}
	keep, do := NewButton("Cancel", Second, nil), NewButton(verb, kind, nil)
	do.Asking()
	d := NewDialog(on, title, text, nil, keep, do)
	keep.OnTapped = d.Close
	do.OnTapped = func() { yes = true; d.Close() }
	d.OnClosed = func() { asked(yes) }
	d.Show(460)
	on.Focus(keep)
	return d
}
