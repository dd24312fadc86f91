package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// sideBySide puts the rail at the left of a page, without a gap.
type sideBySide struct{}

// MinSize belongs to the toolkit.
func (sideBySide) MinSize(o []fyne.CanvasObject) fyne.Size {
	rail, page := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(rail.Width+page.Width, max(rail.Height, page.Height))
}

// Layout belongs to the toolkit.
func (sideBySide) Layout(o []fyne.CanvasObject, s fyne.Size) {
	wide := o[0].MinSize().Width
	o[0].Resize(fyne.NewSize(wide, s.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(max(s.Width-wide, 0), s.Height))
	o[1].Move(fyne.NewPos(wide, 0))
}

// busyBox says at the foot of the rail that work goes on elsewhere.
type busyBox struct {
	over   *fyne.Container
	text   string
	back   *view.Route
	goBack func(view.Route)
}

func newBusyBox(goBack func(view.Route)) *busyBox {
	return &busyBox{over: container.NewStack(), goBack: goBack}
}

func (b *busyBox) set(text string, back *view.Route) { b.text, b.back = text, back }

// show draws the box for the form of the rail, unless its own page is open.
func (b *busyBox) show(rail bool, at string) {
	b.over.Objects = nil
	if b.text != "" && (b.back == nil || b.back.Page != at) {
		box := b.wide()
		low := float32(16)
		if rail {
			box, low = b.narrow(), 66
		}
		b.over.Objects = []fyne.CanvasObject{container.NewBorder(nil, parts.Pad(0, 13, low, 12, box), nil, nil)}
	}
	b.over.Refresh()
}

func (b *busyBox) wide() fyne.CanvasObject {
	rows := []fyne.CanvasObject{parts.NewText(b.text, parts.Style{Size: look.TextTable, Medium: true, Lines: 3})}
	if b.back != nil {
		rows = append(rows, parts.Row(0, parts.NewButton("Show", parts.Link, b.tapped).WithHeight(26), parts.Spring()))
	}
	return parts.NewTintedPanel(look.Accent, 12, parts.Column(4, rows...))
}

func (b *busyBox) narrow() fyne.CanvasObject {
	return parts.NewIconButton("", look.IconSync, parts.Tinted, b.tapped).WithHeight(38).WithTip(b.text)
}

func (b *busyBox) tapped() {
	if b.back != nil {
		b.goBack(*b.back)
	}
}
