package parts

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Chip is a small tinted label that says a state: with a dot for a status, without for a kind.
type Chip struct {
	part
	tip
	text   string
	tone   look.Tone
	dot    bool
	radius float32
	weight weight
	high   float32
	side   float32
}

// NewStatusChip gives a chip with a dot: Connected, Needs attention.
func NewStatusChip(text string, tone look.Tone) *Chip {
	return newChip(&Chip{text: text, tone: tone, dot: true, radius: 11, weight: semibold, high: 22, side: 10})
}

// NewKindPill gives the pill of a change's kind.
func NewKindPill(text string, tone look.Tone) *Chip {
	return newChip(&Chip{text: text, tone: tone, radius: 11, weight: semibold, high: 22, side: 9})
}

// NewBadge gives the small label beside a name: required, unique, a confidence.
func NewBadge(text string, tone look.Tone) *Chip {
	return newChip(&Chip{text: text, tone: tone, radius: 8.5, weight: medium, high: 17, side: 6})
}

func newChip(h *Chip) *Chip {
	h.draw, h.min = h.paint, h.minSize
	h.become(h)
	h.ExtendToolTipWidget(h)
	return h
}

// Set changes what the chip says.
func (h *Chip) Set(text string, tone look.Tone) {
	h.text, h.tone = text, tone
	h.Refresh()
}

// Text gives what the chip says.
func (h *Chip) Text() string { return h.text }

func (h *Chip) ink() ink {
	k := ink{size: look.TextCaption, weight: h.weight, color: c(h.tone.Text())}
	if h.high < 20 {
		k.size = look.TextAxis
	}
	return k
}

func (h *Chip) left() float32 {
	if h.dot {
		return h.side + 11
	}
	return h.side
}

func (h *Chip) minSize() fyne.Size {
	return fyne.NewSize(ceil(width(h.text, h.ink()))+h.left()+h.side, h.high)
}

func (h *Chip) paint(p *pen, s fyne.Size) {
	wide := min(s.Width, h.minSize().Width)
	y := round((s.Height - h.high) / 2)
	p.box(0, y, wide, h.high, box{fill: c(h.tone.Tint()), radius: h.radius})
	if h.dot {
		p.circle(h.side+3, y+h.high/2, 3, c(h.tone.Bar()), nil, 0)
	}
	_, cut := p.text(h.text, h.left(), y+h.high/2, max(wide-h.left()-h.side, 1), h.ink())
	h.SetToolTip("")
	if cut {
		h.SetToolTip(h.text)
	}
}

// Avatar shows the initials of a name on that name's own colour: round for people, square for systems.
type Avatar struct {
	part
	name   string
	colour string // of a system, #rrggbb
	size   float32
	square bool
}

// NewAvatar gives the round picture of a person.
func NewAvatar(name string, size float32) *Avatar { return newAvatar(name, size, false) }

// NewLogo gives the square picture of a system.
func NewLogo(name string, size float32) *Avatar { return newAvatar(name, size, true) }

// WithColour draws a system in its own colour, #rrggbb.
func (a *Avatar) WithColour(colour string) *Avatar { a.colour = colour; return a }

func newAvatar(name string, size float32, square bool) *Avatar {
	a := &Avatar{name: name, size: size, square: square}
	a.min = func() fyne.Size { return fyne.NewSquareSize(a.size) }
	a.draw = func(p *pen, _ fyne.Size) {
		radius := a.size / 2
		if a.square {
			radius = a.size / 4
		}
		drawMark(p, 0, 0, a.size, radius, a.name, a.colour)
	}
	a.become(a)
	return a
}

// SetName shows another person.
func (a *Avatar) SetName(name string) { a.name = name; a.Refresh() }

// drawMark draws initials on a colour of their own, or on one made from the name.
func drawMark(p *pen, x, y, size, radius float32, name, colour string) {
	ground, text := look.SystemColors(colour, name)
	p.box(x, y, size, size, box{fill: ground, radius: radius})
	k := ink{size: max(round(size*0.4), 10), weight: semibold, color: text}
	p.textCentre(Initials(name), x+size/2, y+size/2, 0, k)
}

// Initials gives the first letters of the first and last word of a name, in capitals; a question mark for no name.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return first(words[0])
	}
	return first(words[0]) + first(words[len(words)-1])
}

func first(word string) string {
	for _, r := range word {
		return string(unicode.ToUpper(r))
	}
	return ""
}
