package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/look"
)

// surface is the ground of cards and panels.
func surface(lifted bool) box {
	b := box{fill: c(look.Surface), stroke: c(look.Border), width: 1, radius: look.RadiusCard,
		shadow: canvas.Shadow{Color: c(look.Shadow), BlurRadius: 6, Offset: fyne.NewPos(0, 1.5)}}
	if lifted {
		b.shadow.BlurRadius, b.stroke = 20, c(look.BorderStrong)
	}
	return b
}

// Panel is a rounded surface with a border and a shadow around any content. Inset is the room on all four sides.
type Panel struct {
	part
	inset   float32
	content fyne.CanvasObject
	ground  look.Tone // a tinted ground instead of the surface, when set
}

// NewPanel gives a panel around content.
func NewPanel(inset float32, content fyne.CanvasObject) *Panel {
	n := &Panel{inset: inset, content: content}
	n.kids = []fyne.CanvasObject{content}
	n.draw = n.paint
	n.min = func() fyne.Size { return n.content.MinSize().AddWidthHeight(2*n.inset, 2*n.inset) }
	n.lay = func(s fyne.Size) {
		n.content.Resize(s.SubtractWidthHeight(2*n.inset, 2*n.inset))
		n.content.Move(fyne.NewPos(n.inset, n.inset))
	}
	n.become(n)
	return n
}

// NewTintedPanel gives a flat panel in a tone, such as the box around one missing permission.
func NewTintedPanel(tone look.Tone, inset float32, content fyne.CanvasObject) *Panel {
	n := NewPanel(inset, content)
	n.ground = tone
	return n
}

// SetContent replaces what the panel holds.
func (n *Panel) SetContent(content fyne.CanvasObject) {
	n.content = content
	n.setKids(content)
}

// HeightFor gives the height the panel needs at a width.
func (n *Panel) HeightFor(wide float32) float32 {
	return heightFor(n.content, wide-2*n.inset) + 2*n.inset
}

func (n *Panel) paint(p *pen, s fyne.Size) {
	b := surface(false)
	if n.ground != "" {
		edge := look.Mix(c(n.ground.Bar()), c(n.ground.Tint()), 0.25)
		b = box{fill: c(n.ground.Tint()), stroke: edge, width: 1, radius: 10}
	}
	p.box(0, 0, s.Width, s.Height, b)
}

// NewSection gives a panel with a title, a muted note beside it and objects at the right, above its content.
func NewSection(title, note string, content fyne.CanvasObject, right ...fyne.CanvasObject) *Panel {
	rest := Spring()
	if note != "" {
		rest = Fill(NewText(note, Style{Size: look.TextTable, Color: look.Muted, Shrink: true}))
	}
	head := append([]fyne.CanvasObject{NewText(title, Section), rest}, right...)
	return NewPanel(look.InsetPage, Column(16, Row(10, head...), Fill(content)))
}

// NewChartCard gives the panel of a chart: a small title, what belongs to it at the right, and the chart.
func NewChartCard(title string, content fyne.CanvasObject, right ...fyne.CanvasObject) *Panel {
	name := Fill(NewText(title, Style{Size: look.TextTable, Bold: true, Shrink: true}))
	return NewPanel(18, Column(12, Row(12, append([]fyne.CanvasObject{name}, right...)...), Fill(content)))
}

// Separator is a hairline over the whole width.
func Separator() fyne.CanvasObject {
	h := &part{min: func() fyne.Size { return fyne.NewSize(1, 1) }}
	h.draw = func(p *pen, s fyne.Size) { p.line(0, 0, s.Width, 1) }
	h.become(h)
	return h
}

// Tile is the card of one system: picture, name, category, two lines of description, a status and one button. A press
// on the card itself is OnTapped, when set.
type Tile struct {
	press
	Name, Category, Description string
	Colour                      string // of the system, #rrggbb
	Status                      *Chip
	Action                      *Button
}

// NewTileGrid lays tiles in as many columns as fit. For the Tab key they are one stop; arrow keys go between them.
func NewTileGrid(minimum, gap float32, tiles ...*Tile) *fyne.Container {
	g := &rove{ways: bothWays}
	g.set(presses(tiles, func(t *Tile) *press { return &t.press })...)
	cards := make([]fyne.CanvasObject, len(tiles))
	for i, t := range tiles {
		cards[i] = t
	}
	return ResponsiveGrid(minimum, gap, cards...)
}

// presses gives what a group of widgets has in common.
func presses[T any](rows []T, of func(T) *press) []*press {
	all := make([]*press, len(rows))
	for i, r := range rows {
		all[i] = of(r)
	}
	return all
}

// OneStop makes tick boxes one stop of the Tab key, with the up and down keys between them.
func OneStop(ticks ...*Tick) {
	g := &rove{ways: upDown}
	g.set(presses(ticks, func(t *Tick) *press { return &t.press })...)
}

// TileHeight is the height of every tile, so that a grid of them lines up.
const TileHeight float32 = 172

// NewTile gives a card; status and action are drawn in its foot.
func NewTile(name, category, description string, status *Chip, action *Button) *Tile {
	t := &Tile{Name: name, Category: category, Description: description, Status: status, Action: action}
	t.called = func() string { return name }
	action.away = func() bool { return t.OnTapped != nil } // the tile itself does the same
	t.kids = []fyne.CanvasObject{status, action}
	t.draw, t.lay = t.paint, t.foot
	t.min = func() fyne.Size { return fyne.NewSize(240, TileHeight) }
	t.become(t)
	return t
}

// Cursor belongs to the toolkit.
func (t *Tile) Cursor() desktop.Cursor {
	if t.OnTapped == nil {
		return desktop.DefaultCursor
	}
	return t.press.Cursor()
}

func (t *Tile) paint(p *pen, s fyne.Size) {
	p.box(0, 0, s.Width, s.Height, surface(t.live()))
	if t.focused { // inside, because the scroller around a grid of tiles cuts what lies outside
		p.box(1, 1, s.Width-2, s.Height-2, box{stroke: c(look.Primary), width: 2, radius: look.RadiusCard - 1})
	}
	drawMark(p, 16, 16, 44, 11, t.Name, t.Colour)
	p.text(t.Name, 72, 28, s.Width-88, ink{size: look.TextCard, weight: semibold, color: c(look.Foreground)})
	p.text(t.Category, 72, 47, s.Width-88, ink{size: look.TextCaption, color: c(look.Muted)})
	k := ink{size: look.TextBody, color: c(look.Muted)}
	lines := wrap(t.Description, s.Width-32, 2, k)
	for i, line := range lines {
		p.text(line, 16, 79+17*float32(i), s.Width-32, k)
	}
	t.SetToolTip("")
	if full, _ := fit(lines[len(lines)-1], s.Width-32, k); len(lines) == 2 && full != "" && []rune(full)[len([]rune(full))-1] == '…' {
		t.SetToolTip(t.Description)
	}
}

func (t *Tile) foot(s fyne.Size) {
	action := t.Action.MinSize()
	action.Width = max(action.Width, 88)
	t.Action.Resize(fyne.NewSize(action.Width, 34))
	t.Action.Move(fyne.NewPos(s.Width-16-action.Width, s.Height-50))
	room := s.Width - 40 - action.Width
	t.Status.Resize(fyne.NewSize(min(t.Status.MinSize().Width, room), 22))
	t.Status.Move(fyne.NewPos(16, s.Height-44))
}

// ring draws the focus ring around a widget.
func ring(p *pen, s fyne.Size, radius float32, focused bool) {
	if focused {
		p.box(-3, -3, s.Width+6, s.Height+6, box{stroke: c(look.Primary), width: 2, radius: radius + 3})
	}
}
