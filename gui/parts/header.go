package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// PageHeader is the top of a page: a title, one muted line under it, and buttons at the right.
type PageHeader struct {
	part
	title, note string
	right       *fyne.Container
}

// NewPageHeader gives a header.
func NewPageHeader(title, note string, right ...fyne.CanvasObject) *PageHeader {
	h := &PageHeader{title: title, note: note, right: Row(look.GapControls, right...)}
	h.kids = []fyne.CanvasObject{h.right}
	h.draw = h.paint
	h.min = func() fyne.Size { return fyne.NewSize(h.right.MinSize().Width+200, 64) }
	h.lay = func(s fyne.Size) {
		m := h.right.MinSize()
		h.right.Resize(m)
		h.right.Move(fyne.NewPos(s.Width-m.Width, round(22-m.Height/2)))
	}
	h.become(h)
	return h
}

// Set changes the title and the line under it.
func (h *PageHeader) Set(title, note string) {
	h.title, h.note = title, note
	h.Refresh()
}

// SetRight replaces the objects at the right.
func (h *PageHeader) SetRight(right ...fyne.CanvasObject) {
	h.right.Objects = right
	h.right.Refresh()
	h.Refresh()
}

func (h *PageHeader) paint(p *pen, s fyne.Size) {
	room := s.Width - h.right.MinSize().Width - 24
	p.text(h.title, 0, 14, room, ink{size: look.TextTitle, weight: semibold, color: c(look.Foreground)})
	p.text(h.note, 0, 41, room, ink{size: look.TextBody, color: c(look.Muted)})
}

// Crumb is one step of the way to a page. A crumb without OnTapped is where one is.
type Crumb struct {
	Text     string
	OnTapped func()
}

// WizardHeader is the top of a wizard's page: the way to it, the title, and the steps at the right.
type WizardHeader struct {
	part
	title string
	steps *Stepper
	way   *fyne.Container
}

// NewWizardHeader gives a header for a wizard.
func NewWizardHeader(title string, steps *Stepper, crumbs ...Crumb) *WizardHeader {
	h := &WizardHeader{title: title, steps: steps, way: Row(6)}
	for i, crumb := range crumbs {
		if i > 0 {
			h.way.Add(NewIcon(look.IconChevronRight, 12, look.Muted))
		}
		h.way.Add(newCrumb(crumb, i == len(crumbs)-1))
	}
	h.kids = []fyne.CanvasObject{steps, h.way}
	h.draw = func(p *pen, s fyne.Size) {
		_, room := h.share(s.Width)
		p.text(h.title, 0, 41, room, ink{size: look.TextWizard, weight: semibold, color: c(look.Foreground)})
	}
	h.min = func() fyne.Size { return fyne.NewSize(h.steps.MinSize().Width+160, 64) }
	h.lay = func(s fyne.Size) {
		h.way.Resize(fyne.NewSize(s.Width, 20))
		h.way.Move(fyne.NewPos(0, 4))
		wide, _ := h.share(s.Width)
		h.steps.Resize(fyne.NewSize(wide, 32))
		h.steps.Move(fyne.NewPos(s.Width-wide, 19))
	}
	h.become(h)
	return h
}

// share divides the width: the steps keep their labels where the title has what it needs beside them.
func (h *WizardHeader) share(wide float32) (steps, title float32) {
	need := width(h.title, ink{size: look.TextWizard, weight: semibold}) + 24
	steps = h.steps.fullWidth()
	if wide-need < steps {
		steps = h.steps.shortWidth()
	}
	return steps, wide - steps - 24
}

// SetTitle changes the title.
func (h *WizardHeader) SetTitle(title string) { h.title = title; h.Refresh() }

type crumbLink struct{ press }

func newCrumb(crumb Crumb, last bool) *crumbLink {
	l := &crumbLink{}
	l.OnTapped = crumb.OnTapped
	l.disabled = crumb.OnTapped == nil
	k := func() ink {
		if last || l.live() {
			return ink{size: look.TextCaption, color: c(look.Foreground)}
		}
		return ink{size: look.TextCaption, color: c(look.Muted)}
	}
	l.draw = func(p *pen, s fyne.Size) {
		ring(p, s, 4, l.focused)
		p.text(crumb.Text, 0, s.Height/2, s.Width, k())
	}
	l.min = func() fyne.Size { return fyne.NewSize(min(ceil(width(crumb.Text, k())), 220), 18) }
	l.become(l)
	return l
}

// footBar is a region of its own for F6.
type footBar struct{ part }

// FooterBar is the bar along the bottom of a page: the state at the left, what can be done at the right.
func FooterBar(left fyne.CanvasObject, right ...fyne.CanvasObject) fyne.CanvasObject {
	f := &footBar{}
	row := Row(12, append([]fyne.CanvasObject{Fill(left)}, right...)...)
	f.kids = []fyne.CanvasObject{row}
	f.draw = func(p *pen, s fyne.Size) {
		p.box(0, 0, s.Width, s.Height, box{fill: c(look.Surface)})
		p.line(0, 0, s.Width, 1)
	}
	f.min = func() fyne.Size { return fyne.NewSize(row.MinSize().Width+2*look.InsetPage, 64) }
	f.lay = func(s fyne.Size) {
		row.Resize(fyne.NewSize(s.Width-2*look.InsetPage, s.Height-1))
		row.Move(fyne.NewPos(look.InsetPage, 1))
	}
	f.become(f)
	return f
}

// FooterText is the left side of a foot bar: a sentence and a muted line under it.
func FooterText(sentence, note string) fyne.CanvasObject {
	top := NewText(sentence, Style{Bold: true, Shrink: true})
	if note == "" {
		return top
	}
	return Column(0, top, NewText(note, Style{Size: look.TextCaption, Color: look.Muted, Shrink: true}))
}
