package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Banner is a tinted strip that says one thing and offers up to two ways on. Good news, warnings, errors and information
// differ by tone. Show and Hide it; nothing in this program floats away by itself.
type Banner struct {
	part
	tip
	tone    look.Tone
	text    string
	detail  string // muted line under the sentence, wraps
	right   string // at the right, such as a time
	buttons *fyne.Container
}

// mostDetail is how many lines a banner's detail may have: what to do about a problem is never cut off.
const mostDetail = 8

// NewBanner gives a banner.
func NewBanner(tone look.Tone, text string, buttons ...*Button) *Banner {
	b := &Banner{tone: tone, text: text, buttons: Row(look.GapControls)}
	b.kids = []fyne.CanvasObject{b.buttons}
	b.draw = b.paint
	b.min = func() fyne.Size { return fyne.NewSize(b.buttons.MinSize().Width+160, b.HeightFor(b.Size().Width)) }
	b.lay = func(s fyne.Size) {
		m := b.buttons.MinSize()
		b.buttons.Resize(m)
		b.buttons.Move(fyne.NewPos(s.Width-m.Width-8, round((s.Height-m.Height)/2)))
	}
	b.become(b)
	b.ExtendToolTipWidget(b)
	b.setButtons(buttons)
	return b
}

func (b *Banner) setButtons(buttons []*Button) {
	b.buttons.Objects = nil
	for _, button := range buttons {
		b.buttons.Add(button.WithHeight(30))
	}
}

// WithDetail adds a muted line under the sentence.
func (b *Banner) WithDetail(detail string) *Banner { b.detail = detail; b.Refresh(); return b }

// WithNote adds a word at the right, such as a time.
func (b *Banner) WithNote(note string) *Banner { b.right = note; b.Refresh(); return b }

// Set replaces everything the banner says and offers, and shows it.
func (b *Banner) Set(tone look.Tone, text, detail string, buttons ...*Button) {
	b.tone, b.text, b.detail = tone, text, detail
	b.setButtons(buttons)
	b.Show()
	b.Refresh()
}

// Text gives the sentence.
func (b *Banner) Text() string { return b.text }

// Detail gives the line under it.
func (b *Banner) Detail() string { return b.detail }

func (b *Banner) room(wide float32) float32 {
	room := wide - 44 - 16
	if m := b.buttons.MinSize().Width; m > 0 {
		room -= m + 12
	}
	if b.right != "" {
		room -= width(b.right, ink{size: look.TextCaption}) + 12
	}
	return max(room, 60)
}

func (b *Banner) lines(wide float32) (sentence, detail []string) {
	if wide <= 0 {
		wide = 600
	}
	sentence = wrap(b.text, b.room(wide), 2, ink{size: look.TextBody, weight: semibold})
	if b.detail != "" {
		detail = wrap(b.detail, b.room(wide), mostDetail, ink{size: look.TextTable})
	}
	return sentence, detail
}

// HeightFor gives the height the banner needs at a width.
func (b *Banner) HeightFor(wide float32) float32 {
	sentence, detail := b.lines(wide)
	return max(28+18*float32(len(sentence))+18*float32(len(detail)), 46)
}

func (b *Banner) icon() look.IconName {
	switch b.tone {
	case look.Create:
		return look.IconCheck
	case look.Held:
		return look.IconWarning
	case look.Deactivate:
		return look.IconError
	}
	return look.IconInfo
}

func (b *Banner) paint(p *pen, s fyne.Size) {
	edge := look.Mix(c(b.tone.Bar()), c(b.tone.Tint()), 0.3)
	p.box(0, 0, s.Width, s.Height, box{fill: c(b.tone.Tint()), stroke: edge, width: 1, radius: 10})
	sentence, detail := b.lines(s.Width)
	y := s.Height/2 - 9*float32(len(sentence)+len(detail)-1)
	col := c(b.tone.Text())
	p.icon(b.icon(), 14, round(y-10), 20, col)
	for i, line := range sentence {
		p.text(line, 44, y+18*float32(i), b.room(s.Width), ink{size: look.TextBody, weight: semibold, color: col})
	}
	y += 18 * float32(len(sentence))
	for i, line := range detail {
		p.text(line, 44, y+18*float32(i), b.room(s.Width), ink{size: look.TextTable, color: c(look.Foreground)})
	}
	if b.right != "" {
		x := s.Width - 16
		if m := b.buttons.MinSize().Width; m > 0 {
			x -= m
		}
		p.textRight(b.right, x, s.Height/2, 0, ink{size: look.TextCaption, color: col})
	}
	b.SetToolTip("")
	if len(sentence) == 2 || len(detail) == mostDetail {
		b.SetToolTip(b.text + "\n" + b.detail)
	}
}

// Notice is a quiet line with an icon, inside a page: the inline form of a message.
type Notice struct {
	part
	text *Text
	tone look.Tone
}

// NewNotice gives a line in a tone.
func NewNotice(tone look.Tone, text string) *Notice {
	n := &Notice{tone: tone}
	n.text = NewText(text, Style{Size: look.TextTable, Medium: true, Color: tone.Text(), Lines: 3})
	n.kids = []fyne.CanvasObject{n.text}
	n.draw = func(p *pen, _ fyne.Size) { p.icon((&Banner{tone: n.tone}).icon(), 0, 2, 16, c(n.tone.Text())) }
	n.min = func() fyne.Size { return fyne.NewSize(120, n.HeightFor(n.Size().Width)) }
	n.lay = func(s fyne.Size) { place(n.text, 24, 2, s.Width-24, s.Height-2) }
	n.become(n)
	return n
}

// HeightFor gives the height the notice needs at a width.
func (n *Notice) HeightFor(wide float32) float32 { return n.text.HeightFor(max(wide-24, 100)) + 4 }

// Set changes what it says.
func (n *Notice) Set(tone look.Tone, text string) {
	n.tone, n.text.style.Color = tone, tone.Text()
	n.text.SetText(text)
	n.Refresh()
}

// EmptyState fills the place of a list that has nothing to show: what would be here, and the way to get it.
type EmptyState struct {
	part
	icon        look.IconName
	title, text string
	buttons     *fyne.Container
}

// NewEmptyState gives an empty state.
func NewEmptyState(icon look.IconName, title, text string, buttons ...fyne.CanvasObject) *EmptyState {
	e := &EmptyState{icon: icon, title: title, text: text, buttons: Row(look.GapControls, buttons...)}
	e.kids = []fyne.CanvasObject{e.buttons}
	e.draw = e.paint
	e.min = func() fyne.Size { return fyne.NewSize(max(280, e.buttons.MinSize().Width), 230) }
	e.lay = func(s fyne.Size) {
		m := e.buttons.MinSize()
		e.buttons.Resize(m)
		e.buttons.Move(fyne.NewPos(round((s.Width-m.Width)/2), round(s.Height/2+62)))
	}
	e.become(e)
	return e
}

// Set changes what it says.
func (e *EmptyState) Set(title, text string) { e.title, e.text = title, text; e.Refresh() }

func (e *EmptyState) paint(p *pen, s fyne.Size) {
	x, y := s.Width/2, s.Height/2
	p.circle(x, y-62, 28, c(look.ButtonFill), nil, 0)
	p.icon(e.icon, round(x-13), round(y-75), 26, c(look.Muted))
	p.textCentre(e.title, x, y-10, s.Width-32, ink{size: look.TextSection, weight: semibold, color: c(look.Foreground)})
	k := ink{size: look.TextBody, color: c(look.Muted)}
	for i, line := range wrap(e.text, min(s.Width-32, 440), 3, k) {
		p.textCentre(line, x, y+16+18*float32(i), s.Width-32, k)
	}
}

// Skeleton stands for rows that are being read: grey bars where the texts will be.
type Skeleton struct {
	part
	rows  int
	pitch float32
}

// NewSkeleton gives so many rows, pitch apart.
func NewSkeleton(rows int, pitch float32) *Skeleton {
	k := &Skeleton{rows: rows, pitch: pitch}
	k.min = func() fyne.Size { return fyne.NewSize(120, pitch*float32(min(rows, 3))) }
	k.draw = func(p *pen, s fyne.Size) {
		share := []float32{0.62, 0.48, 0.7, 0.55}
		for i := range k.rows {
			y := pitch * float32(i)
			if y+pitch > s.Height+1 {
				return
			}
			p.circle(31, y+pitch/2, 15, c(look.Track), nil, 0)
			p.box(58, y+pitch/2-11, (s.Width-76)*share[i%4]*0.6, 9, box{fill: c(look.Track), radius: 4.5})
			p.box(58, y+pitch/2+4, (s.Width-76)*share[(i+1)%4], 8, box{fill: c(look.Track), radius: 4})
		}
	}
	k.become(k)
	return k
}
