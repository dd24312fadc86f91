package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/look"
)

// Style says how a Text is written. The zero value is body text.
type Style struct {
	Size   float32 // look.TextBody when 0
	Bold   bool    // semibold
	Medium bool
	Mono   bool
	Color  fyne.ThemeColorName // look.Foreground when empty
	Align  fyne.TextAlign
	Lines  int  // more than 1: wraps to at most this many lines
	Shrink bool // gives way to its neighbours: asks for next to no width
}

// The styles pages use most.
var (
	Title     = Style{Size: look.TextTitle, Bold: true}
	Section   = Style{Size: look.TextSection, Bold: true}
	CardTitle = Style{Size: look.TextCard, Bold: true}
	Body      = Style{}
	Strong    = Style{Bold: true}
	Muted     = Style{Color: look.Muted}
	Small     = Style{Size: look.TextTable}
	Caption   = Style{Size: look.TextCaption, Color: look.Muted}
)

func (s Style) ink() ink {
	k := ink{size: s.Size, mono: s.Mono, color: c(look.Foreground)}
	if k.size == 0 {
		k.size = look.TextBody
	}
	if s.Color != "" {
		k.color = c(s.Color)
	}
	switch {
	case s.Bold:
		k.weight = semibold
	case s.Medium:
		k.weight = medium
	}
	return k
}

// Text is a text that follows the theme. It is cut with an ellipsis to the width it is given and then shows the whole
// text as a tool tip; with Style.Lines it wraps.
type Text struct {
	part
	tip
	text  string
	style Style
	wide  float32 // the width it had last, which decides the height of a wrapped text
	lines int     // the lines it needed at that width
}

// NewText gives a text in a style.
func NewText(text string, style Style) *Text {
	t := &Text{text: text, style: style}
	t.draw, t.min = t.paint, t.minSize
	t.become(t)
	t.ExtendToolTipWidget(t)
	return t
}

// SetText replaces the text.
func (t *Text) SetText(text string) {
	if t.text == text {
		return
	}
	t.text = text
	if t.style.Lines > 1 {
		t.lines = len(t.wrapped())
	}
	t.Refresh()
}

// Text gives the whole text, cut or not.
func (t *Text) Text() string { return t.text }

// SetStyle writes the same text in another style.
func (t *Text) SetStyle(style Style) { t.style = style; t.Refresh() }

// MouseMoved belongs to the toolkit.
func (t *Text) MouseMoved(e *desktop.MouseEvent) { t.tip.MouseMoved(e) }

func (t *Text) minSize() fyne.Size {
	k := t.style.ink()
	h := ceil(lineHeight(k))
	if t.style.Lines > 1 {
		return fyne.NewSize(40, h*float32(max(t.lines, 1)))
	}
	wide := min(ceil(width(t.text, k)), 420)
	if t.style.Shrink {
		wide = min(wide, 24)
	}
	return fyne.NewSize(wide, h)
}

func (t *Text) wrapped() []string {
	if t.wide <= 0 {
		return []string{t.text}
	}
	return wrap(t.text, t.wide, t.style.Lines, t.style.ink())
}

// Resize belongs to the toolkit. A wrapped text asks for another height when its width changes the number of lines.
func (t *Text) Resize(size fyne.Size) {
	if t.style.Lines > 1 && size.Width != t.wide {
		t.wide = size.Width
		t.lines = len(t.wrapped())
	}
	t.part.Resize(size)
}

// HeightFor gives the height the text needs at a width.
func (t *Text) HeightFor(wide float32) float32 {
	k := t.style.ink()
	if t.style.Lines <= 1 {
		return ceil(lineHeight(k))
	}
	return ceil(lineHeight(k)) * float32(len(wrap(t.text, wide, t.style.Lines, k)))
}

func (t *Text) paint(p *pen, size fyne.Size) {
	k := t.style.ink()
	h := ceil(lineHeight(k))
	lines := []string{t.text}
	y := size.Height / 2
	if t.style.Lines > 1 {
		lines, y = wrap(t.text, size.Width, t.style.Lines, k), h/2
	}
	cut := false
	for i, line := range lines {
		x := aligned(line, size.Width, t.style.Align, k)
		_, c := p.text(line, x, y+float32(i)*h, size.Width, k)
		cut = cut || c
	}
	t.SetToolTip("")
	if cut || (t.style.Lines > 1 && len(lines) == t.style.Lines && lines[len(lines)-1] != t.text) {
		t.SetToolTip(t.text)
	}
}

func aligned(s string, room float32, align fyne.TextAlign, k ink) float32 {
	_, w := fit(s, room, k)
	switch align {
	case fyne.TextAlignCenter:
		return round((room - w) / 2)
	case fyne.TextAlignTrailing:
		return round(room - w)
	}
	return 0
}

// Icon is a line icon that follows the theme.
type Icon struct {
	part
	name  look.IconName
	size  float32
	color fyne.ThemeColorName
}

// NewIcon gives an icon in a size and a colour by role.
func NewIcon(name look.IconName, size float32, color fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, size: size, color: color}
	i.min = func() fyne.Size { return fyne.NewSquareSize(i.size) }
	i.draw = func(p *pen, s fyne.Size) {
		p.icon(i.name, (s.Width-i.size)/2, (s.Height-i.size)/2, i.size, c(i.color))
	}
	i.become(i)
	return i
}
