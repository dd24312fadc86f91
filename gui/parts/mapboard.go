package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/gui/look"
)

// Source is a field that can be dragged.
type Source struct {
	ID, Name, Sample string
	Filled           float64 // share of people who have a value, 0 to 1; negative when not known
	Used             bool
}

// SlotKind says what a target's slot holds.
type SlotKind int

// The kinds of slot.
const (
	SlotEmpty SlotKind = iota
	SlotField
	SlotExpression
	SlotConstant
)

// Mark is a badge beside a target's technical name.
type Mark struct {
	Text string
	Tone look.Tone
}

// Action is a link in a target's warning line.
type Action struct {
	Text     string
	OnTapped func()
}

// Target is an attribute a field is dropped on.
type Target struct {
	ID, Name, Technical string
	Marks               []Mark
	Kind                SlotKind
	Value               string // what the slot says: a field's name, an expression
	Confidence          int    // percent; 0 for none
	Required            bool   // draws an empty slot in red
	Sources             []string
	Rule                string   // the ID of one of Rules
	Rules               []Option // none hides the rule
	Result              string
	Quiet               bool   // the result is muted: nothing is written
	Warning             string // a second line under the slot
	Actions             []Action
}

// MapBoard is two lists beside each other: fields at the left, attributes at the right, and lines between them. A field
// is dragged onto an attribute, or given to one with the keyboard: Space or Enter on a field opens the list of attributes
// it fits, Delete on an attribute clears it, Escape ends a drag.
type MapBoard struct {
	part
	// OnDrop is called when a field was given to an attribute.
	OnDrop func(source, target string) `json:"-"`
	// OnClear is called when an attribute is to hold nothing.
	OnClear func(target string) `json:"-"`
	// OnEdit is called for a press on a slot, or Enter on its row: choose a field, or type an expression.
	OnEdit func(target string) `json:"-"`
	// OnRule is called when another rule of writing was chosen.
	OnRule func(target, rule string) `json:"-"`
	// OnSource is called when a field was pressed.
	OnSource func(source string) `json:"-"`
	// Accepts tells whether a field fits an attribute, and if not, why in a few words. Nil accepts all.
	Accepts func(source, target string) (bool, string) `json:"-"`

	left, right   mapSide
	result        string
	sources       []*sourceRow
	targets       []*targetRow
	fields        rove // each side is one stop
	attributes    rove
	lines         *mapLines
	ghost         *mapGhost
	session       dragSession
	wideL, gutter float32
}

// mapSide is one of the two panels.
type mapSide struct {
	title, count string
	list         *fyne.Container
	scroll       *container.Scroll
}

const (
	mapHead   float32 = 74 // title and column heads
	mapRow    float32 = 46
	mapWarned float32 = 72
)

// NewMapBoard gives an empty board with the titles of its two sides.
func NewMapBoard(sources, targets string) *MapBoard {
	b := &MapBoard{left: newSide(sources), right: newSide(targets)}
	b.fields.ways, b.attributes.ways = upDown, upDown
	b.lines, b.ghost = newMapLines(b), newMapGhost()
	b.left.scroll.OnScrolled = func(fyne.Position) { b.lines.Refresh() }
	b.right.scroll.OnScrolled = func(fyne.Position) { b.lines.Refresh() }
	b.kids = []fyne.CanvasObject{b.left.scroll, b.right.scroll, b.lines, b.ghost}
	b.draw, b.lay = b.paint, b.arrange
	b.min = func() fyne.Size { return fyne.NewSize(640, 260) }
	b.become(b)
	return b
}

func newSide(title string) mapSide {
	list := Column(0)
	return mapSide{title: title, list: list, scroll: container.NewVScroll(list)}
}

// SetTitles changes the titles and the counts beside them.
func (b *MapBoard) SetTitles(sources, sourceCount, targets, targetCount string) {
	b.left.title, b.left.count, b.right.title, b.right.count = sources, sourceCount, targets, targetCount
	b.Refresh()
}

// SetResultTitle says whose results stand in the last column.
func (b *MapBoard) SetResultTitle(title string) {
	b.result = title
	b.Refresh()
}

// SetSources shows these fields; rows of fields there were before are kept, and with them the focus.
func (b *MapBoard) SetSources(sources []Source) {
	old := map[string]*sourceRow{}
	for _, r := range b.sources {
		old[r.data.ID] = r
	}
	b.sources, b.left.list.Objects = nil, nil
	for _, s := range sources {
		r := old[s.ID]
		if r == nil {
			r = newSourceRow(b)
		}
		r.set(s)
		b.sources = append(b.sources, r)
		b.left.list.Objects = append(b.left.list.Objects, r)
	}
	b.fields.set(presses(b.sources, func(r *sourceRow) *press { return &r.press })...)
	b.left.scroll.Refresh()
	b.left.list.Refresh()
	b.lines.Refresh()
}

// SetTargets shows these attributes; rows of attributes there were before are kept, and with them the focus.
func (b *MapBoard) SetTargets(targets []Target) {
	old := map[string]*targetRow{}
	for _, r := range b.targets {
		old[r.data.ID] = r
	}
	b.targets, b.right.list.Objects = nil, nil
	for _, t := range targets {
		r := old[t.ID]
		if r == nil {
			r = newTargetRow(b)
		}
		r.set(t)
		b.targets = append(b.targets, r)
		b.right.list.Objects = append(b.right.list.Objects, r)
	}
	b.attributes.set(presses(b.targets, func(r *targetRow) *press { return &r.press })...)
	b.right.scroll.Refresh()
	b.right.list.Refresh()
	b.lines.Refresh()
}

// ScrollToTarget brings an attribute into view and focuses it.
func (b *MapBoard) ScrollToTarget(id string) {
	for _, r := range b.targets {
		if r.data.ID == id {
			b.right.scroll.ScrollToOffset(fyne.NewPos(0, max(r.Position().Y-60, 0)))
			b.lines.Refresh()
			focus(r)
		}
	}
}

// Fields is what has the focus when the board is opened: the list of fields.
func (b *MapBoard) Fields() fyne.Focusable {
	if r := b.fields.stop(); r != nil {
		return r.self.(fyne.Focusable)
	}
	return nil
}

func (b *MapBoard) accepts(source, target string) (bool, string) {
	if b.Accepts == nil {
		return true, ""
	}
	return b.Accepts(source, target)
}

func (b *MapBoard) sourceName(id string) string {
	for _, r := range b.sources {
		if r.data.ID == id {
			return r.data.Name
		}
	}
	return id
}

func (b *MapBoard) arrange(s fyne.Size) {
	b.wideL, b.gutter = 312, 64
	if s.Width < 980 {
		b.wideL, b.gutter = round(s.Width*0.29), 40
	}
	rightX := b.wideL + b.gutter
	high := max(s.Height-mapHead-6, 0)
	place(b.left.scroll, 1, mapHead, b.wideL-2, high)
	place(b.right.scroll, rightX+1, mapHead, s.Width-rightX-2, high)
	place(b.lines, b.wideL-6, mapHead, b.gutter+12, high)
	b.ghost.Resize(s)
	b.lines.Refresh()
}

func (b *MapBoard) paint(p *pen, s fyne.Size) {
	rightX := b.wideL + b.gutter
	frame := func(x, wide float32, side mapSide) {
		p.box(x, 0, wide, s.Height, surface(false))
		k := ink{size: look.TextBody, weight: semibold, color: c(look.Foreground)}
		w, _ := p.text(side.title, x+16, 22, wide-90, k)
		if side.count != "" {
			p.text("("+side.count+")", x+16+ceil(w)+7, 22, 0, ink{size: look.TextBody, color: c(look.Muted)})
		}
		p.box(x+1, 44, wide-2, 30, box{fill: c(look.ColumnHead)})
		p.line(x+1, 44, wide-2, 1)
		p.line(x+1, 73, wide-2, 1)
	}
	frame(0, b.wideL, b.left)
	frame(rightX, s.Width-rightX, b.right)
	k := ink{size: look.TextCaption, weight: medium, color: c(look.Muted)}
	p.text("Field and sample", 36, 59, 0, k)
	p.textRight("Filled", b.wideL-16, 59, 0, k)
	g := slotGrid(s.Width - rightX - 2)
	for _, head := range []struct {
		x    float32
		text string
	}{{16, "Attribute"}, {g.slot, "Mapped from"}, {g.rule, "Write"}, {g.result, b.result}} {
		if head.x > 0 {
			p.text(head.text, rightX+head.x, 59, 0, k)
		}
	}
}

// slotColumns are the columns of the right list; 0 hides one.
type slotColumns struct{ slot, slotWide, rule, result, resultWide float32 }

func slotGrid(wide float32) slotColumns {
	switch {
	case wide >= 740:
		g := slotColumns{slot: 234, slotWide: 218 + round((wide-790)*0.4)}
		g.slotWide = max(g.slotWide, 190)
		g.rule = g.slot + g.slotWide + 16
		g.result = g.rule + 136
		g.resultWide = wide - g.result - 16
		return g
	case wide >= 560:
		g := slotColumns{slot: round(wide * 0.32), slotWide: round(wide * 0.36)}
		g.result = g.slot + g.slotWide + 16
		g.resultWide = wide - g.result - 16
		return g
	}
	x := round(wide * 0.42)
	return slotColumns{slot: x, slotWide: wide - x - 16}
}
