package parts

import (
	"image/color"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// ButtonKind says how loud a button is. A page has one Primary.
type ButtonKind int

// The kinds of button, from loud to quiet.
const (
	Primary     ButtonKind = iota // solid in the primary colour
	Second                        // surface with a border
	Quiet                         // flat grey
	Destructive                   // surface with a border, red text
	Danger                        // solid red, for the verb of a dialog that destroys
	Tinted                        // primary text on a primary tint
	Link                          // text only
	Plain                         // muted text only, for Cancel
	Loud                          // solid amber, the careful step inside a warning
	Outline                       // amber border inside a warning
)

// Button is a button with a text, an icon or both. Space and Enter press it.
type Button struct {
	press
	text  string
	kind  ButtonKind
	icon  look.IconName
	caret bool
	asks  bool // agrees to something: Ctrl+Return does not press it
	high  float32
	least float32 // how wide at least
}

// ButtonHeight is the height of a button unless it is told another.
const ButtonHeight float32 = 34

// NewButton gives a button of a kind; tapped may be nil and set later as OnTapped.
func NewButton(text string, kind ButtonKind, tapped func()) *Button {
	return NewIconButton(text, "", kind, tapped)
}

// NewIconButton gives a button with an icon before its text. With no text it is a square with the icon in it: give it a
// tool tip then.
func NewIconButton(text string, icon look.IconName, kind ButtonKind, tapped func()) *Button {
	b := &Button{text: text, kind: kind, icon: icon, high: ButtonHeight}
	b.OnTapped = tapped
	b.draw, b.min = b.paint, b.minSize
	b.become(b)
	return b
}

// WithCaret adds the small triangle that says a menu opens.
func (b *Button) WithCaret() *Button { b.caret = true; return b }

// WithHeight makes the button as high as its row: 30 in banners, 36 to 38 in foot bars.
func (b *Button) WithHeight(high float32) *Button { b.high = high; return b }

// KeepWide keeps the width that the button has now when its text becomes shorter, so that nothing beside it moves.
func (b *Button) KeepWide() *Button { b.least = b.minSize().Width; return b }

// WithTip sets the tool tip.
func (b *Button) WithTip(text string) *Button { b.SetToolTip(text); return b }

// SetText changes the text.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
	}
}

// Text gives the text.
func (b *Button) Text() string { return b.text }

// SetIcon changes the icon.
func (b *Button) SetIcon(icon look.IconName) { b.icon = icon; b.Refresh() }

func (b *Button) bare() bool { return b.kind == Link || b.kind == Plain }

func (b *Button) side() float32 {
	if b.bare() {
		return 4
	}
	return 14
}

func (b *Button) font() ink {
	k := ink{size: look.TextTable, weight: semibold}
	if b.high >= 36 {
		k.size = look.TextBody
	}
	return k
}

func (b *Button) contentWidth() float32 {
	wide := float32(0)
	if b.icon != "" {
		wide += b.iconSize()
		if b.text != "" {
			wide += 8
		}
	}
	if b.text != "" {
		wide += ceil(width(b.text, b.font()))
	}
	if b.caret {
		wide += 18
	}
	return wide
}

func (b *Button) iconSize() float32 { return 16 }

func (b *Button) minSize() fyne.Size {
	if b.text == "" {
		return fyne.NewSize(max(b.contentWidth()+12, b.high), b.high)
	}
	return fyne.NewSize(max(b.contentWidth()+2*b.side(), b.least), b.high)
}

func (b *Button) colours() (ground box, text color.Color) {
	ground = box{radius: look.RadiusControl}
	outline := func(edge fyne.ThemeColorName) {
		ground.stroke, ground.width = c(edge), 1
	}
	switch b.kind {
	case Primary:
		ground.fill, text = c(look.Primary), c(look.OnPrimary)
	case Danger:
		ground.fill, text = c(look.DangerSolid), c(look.AvatarText)
	case Loud:
		ground.fill, text = c(look.BannerSolid), c(look.BannerOn)
	case Outline:
		outline(look.BannerSolid)
		text = c(look.Held.Text())
	case Second:
		ground.fill, text = c(look.Surface), c(look.Foreground)
		outline(look.ControlBorder)
	case Destructive:
		ground.fill, text = c(look.Surface), c(look.ErrorText)
		outline(look.ControlBorder)
	case Quiet:
		ground.fill, text = c(look.ButtonFill), c(look.Foreground)
	case Tinted:
		ground.fill, text = c(look.Accent.Tint()), c(look.Accent.Text())
	case Link:
		text = c(look.Link)
	case Plain:
		text = c(look.Muted)
	}
	if b.disabled {
		text = c(look.Disabled)
		if ground.fill != nil {
			ground.fill = c(look.DisabledFill)
		}
	}
	return ground, text
}

func (b *Button) paint(p *pen, s fyne.Size) {
	ring(p, s, look.RadiusControl, b.focused)
	ground, text := b.colours()
	p.box(0, 0, s.Width, s.Height, ground)
	if b.live() {
		p.box(0, 0, s.Width, s.Height, box{fill: c(look.Hover), radius: look.RadiusControl})
	}
	k := b.font()
	k.color = text
	x := round(max((s.Width-b.contentWidth())/2, 2))
	if b.icon != "" {
		p.icon(b.icon, x, round((s.Height-b.iconSize())/2), b.iconSize(), text)
		x += b.iconSize() + 8
	}
	if b.text != "" {
		room := s.Width - x - 2
		if b.caret {
			room -= 18
		}
		w, cut := p.text(b.text, x, s.Height/2, room, k)
		x += w
		if cut {
			b.SetToolTip(b.text)
		}
	}
	if b.caret {
		p.icon(look.IconCaret, round(x+5), round((s.Height-14)/2), 14, text)
	}
}

// Asking says that the button is the verb of a question that is asked once more: nothing presses it but a person who means
// it; see Main.
func (b *Button) Asking() *Button { b.asks = true; return b }
