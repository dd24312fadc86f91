package parts

import (
	"fmt"
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rollcall/gui/look"
)

// sourceRow is a field: grip, name, sample and how many people have a value.
type sourceRow struct {
	press
	board *MapBoard
	data  Source
}

func newSourceRow(b *MapBoard) *sourceRow {
	r := &sourceRow{board: b}
	r.OnTapped = func() {
		if b.OnSource != nil {
			b.OnSource(r.data.ID)
		}
	}
	r.called = func() string { return r.data.Name }
	r.draw = r.paint
	r.min = func() fyne.Size { return fyne.NewSize(160, mapRow) }
	r.become(r)
	return r
}

func (r *sourceRow) set(s Source) { r.data = s; r.Refresh() }

// Dragged belongs to the toolkit.
func (r *sourceRow) Dragged(e *fyne.DragEvent) { r.board.dragged(r, e.AbsolutePosition) }

// DragEnd belongs to the toolkit.
func (r *sourceRow) DragEnd() { r.board.dragEnded() }

// TypedKey cancels a drag, opens the list of attributes, or moves to the next field.
func (r *sourceRow) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		if !r.board.cancelDrag() {
			r.press.TypedKey(e)
		}
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.keyed()
		r.openTargets()
	case fyne.KeyRight:
		r.board.attributes.focus(r.board.attributes.stop())
	default:
		r.press.TypedKey(e)
	}
}

func (r *sourceRow) openTargets() {
	var items []*fyne.MenuItem
	for _, t := range r.board.targets {
		if ok, _ := r.board.accepts(r.data.ID, t.data.ID); !ok {
			continue
		}
		label := t.data.Name
		if t.data.Kind != SlotEmpty {
			label = fmt.Sprintf("%s (instead of %s)", label, t.data.Value)
		}
		items = append(items, fyne.NewMenuItem(label, func() {
			if r.board.OnDrop != nil {
				r.board.OnDrop(r.data.ID, t.data.ID)
			}
		}))
	}
	ShowMenu(r, items...)
}

func (r *sourceRow) paint(p *pen, s fyne.Size) {
	dragging := r.board.session.active && r.board.session.source == r.data.ID
	grip, number := c(look.Muted), c(look.Muted)
	p.line(36, s.Height-1, s.Width-36, 1)
	switch {
	case dragging:
		grip = c(look.Link)
		p.box(4, 3, s.Width-8, s.Height-6, box{fill: c(look.NavSelected), stroke: c(look.Primary), width: 1, radius: 8})
	case r.focused:
		p.box(4, 3, s.Width-8, s.Height-6, box{stroke: c(look.Primary), width: 2, radius: 8})
	case r.hovered:
		p.box(0, 0, s.Width, s.Height-1, box{fill: c(look.RowHover)})
	}
	p.icon(look.IconGrip, 12, 15, 16, grip)
	fill, bar := c(look.Fill), s.Width-98
	if r.data.Filled >= 0 && r.data.Filled < 0.5 {
		fill, number = c(look.AmberMark), c(look.Held.Text())
	}
	room := bar - 36 - 8
	_, one := p.text(r.data.Name, 36, 14, room, ink{size: look.TextTable, weight: semibold, color: c(look.Foreground)})
	_, two := p.text(r.data.Sample, 36, 32, room, ink{size: look.TextCaption, color: c(look.Muted)})
	r.SetToolTip("")
	if one || two {
		r.SetToolTip(r.data.Name + "\n" + r.data.Sample)
	}
	if r.data.Filled < 0 {
		return
	}
	p.box(bar, 21, 44, 4, box{fill: c(look.Track), radius: 2})
	if r.data.Filled > 0 {
		p.box(bar, 21, max(round(44*clamp(r.data.Filled)), 4), 4, box{fill: fill, radius: 2})
	}
	percent := strconv.Itoa(int(clamp(r.data.Filled)*100)) + " %"
	p.textRight(percent, s.Width-14, 23, 0, ink{size: look.TextCaption, weight: medium, color: number})
}

// dropState is what a target shows while something is dragged.
type dropState int

const (
	dropIdle dropState = iota
	dropCandidate
	dropHover
	dropReject
)

// targetRow is an attribute: its name and marks, the slot, the rule of writing and the result for the sample person.
type targetRow struct {
	press
	board *MapBoard
	data  Target
	drop  dropState
	say   string // what is dropped here, or why it cannot be
	rule  *Choice
	clear *Button
	links []*Button
}

func newTargetRow(b *MapBoard) *targetRow {
	r := &targetRow{board: b}
	r.OnTapped = func() {
		if b.OnEdit != nil {
			b.OnEdit(r.data.ID)
		}
	}
	r.rule = NewFlatChoice(nil, "")
	r.rule.OnChanged = func(id string) {
		if b.OnRule != nil {
			b.OnRule(r.data.ID, id)
		}
	}
	r.clear = NewIconButton("", look.IconCross, Plain, r.cleared).WithHeight(24).WithTip("Clear")
	r.rule.away, r.clear.away = r.elsewhere, r.elsewhere
	r.called = func() string { return r.data.Name }
	r.draw, r.lay = r.paint, r.arrange
	r.min = func() fyne.Size { return fyne.NewSize(300, r.high()) }
	r.become(r)
	return r
}

// elsewhere tells that another attribute is the stop: Tab goes on to the controls of that one only.
func (r *targetRow) elsewhere() bool { return r.board.attributes.stop() != &r.press }

func (r *targetRow) high() float32 {
	if r.data.Warning != "" {
		return mapWarned
	}
	return mapRow
}

func (r *targetRow) set(t Target) {
	r.data = t
	r.rule.SetOptions(t.Rules)
	r.rule.Select(t.Rule)
	r.links = nil
	kids := []fyne.CanvasObject{r.rule, r.clear}
	for _, a := range t.Actions {
		link := NewButton(a.Text, Link, a.OnTapped).WithHeight(22)
		link.away = r.elsewhere
		r.links = append(r.links, link)
		kids = append(kids, link)
	}
	r.setKids(kids...)
	r.Refresh()
}

func (r *targetRow) cleared() {
	if r.data.Kind == SlotEmpty || r.board.OnClear == nil {
		return
	}
	if r.clear.focused { // it goes away
		focus(r)
	}
	r.board.OnClear(r.data.ID)
}

// TypedKey clears with Delete, edits with Space or Enter, or moves to the next attribute.
func (r *targetRow) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		r.cleared()
	case fyne.KeyLeft:
		r.board.fields.focus(r.board.fields.stop())
	default:
		r.press.TypedKey(e)
	}
}

func (r *targetRow) setDrop(state dropState, say string) {
	if r.drop == dropReject && state == dropCandidate {
		return
	}
	if r.drop != state || r.say != say {
		r.drop, r.say = state, say
		r.Refresh()
	}
}

func (r *targetRow) lineTone() look.Tone {
	switch {
	case r.drop == dropReject:
		return look.Neutral
	case r.drop == dropHover:
		return look.Accent
	case r.data.Warning != "":
		return look.Held
	case r.data.Kind == SlotExpression:
		return look.Expression
	}
	return look.Accent
}

func (r *targetRow) lineShare() float32 {
	switch {
	case r.drop == dropReject:
		return 0.35
	case r.data.Warning != "":
		return 0.8
	}
	return 0.5
}

func (r *targetRow) arrange(s fyne.Size) {
	g := slotGrid(s.Width)
	r.rule.Hidden = len(r.data.Rules) == 0 || g.rule == 0 || r.data.Kind == SlotEmpty
	r.clear.Hidden = r.data.Kind == SlotEmpty || r.drop == dropHover || r.drop == dropReject
	r.clear.Resize(fyne.NewSquareSize(24))
	r.clear.Move(fyne.NewPos(g.slot+g.slotWide-29, 11))
	r.rule.Resize(fyne.NewSize(min(r.rule.MinSize().Width, 128), 24))
	r.rule.Move(fyne.NewPos(g.rule, 11))
	x := g.slot + 22 + ceil(width(r.data.Warning, r.warningInk())) + 10
	for _, link := range r.links {
		m := link.MinSize()
		link.Resize(fyne.NewSize(min(m.Width, max(s.Width-x-8, 0)), 22))
		link.Move(fyne.NewPos(x, 43))
		x += m.Width + 6
	}
}

func (r *targetRow) warningInk() ink {
	return ink{size: look.TextCaption, weight: semibold, color: c(look.Held.Text())}
}

func (r *targetRow) ground() color.Color {
	switch {
	case r.drop == dropHover:
		return c(look.RowTarget)
	case r.data.Warning != "":
		return c(look.RowWarning)
	case r.hovered && r.drop == dropIdle:
		return c(look.RowHover)
	}
	return c(look.Surface)
}

// tint gives a colour, dimmed while the row cannot take what is dragged.
func (r *targetRow) tint(name fyne.ThemeColorName) color.Color {
	if r.drop == dropReject {
		return look.Mix(c(name), r.ground(), 0.42)
	}
	return c(name)
}

func (r *targetRow) paint(p *pen, s fyne.Size) {
	g := slotGrid(s.Width)
	p.box(0, 0, s.Width, s.Height-1, box{fill: r.ground()})
	p.line(0, s.Height-1, s.Width, 1)
	if r.focused {
		p.box(5, 2, s.Width-10, s.Height-5, box{stroke: c(look.Primary), width: 2, radius: 8})
	}
	if r.data.Warning != "" {
		p.box(0, 0, 3, s.Height-1, box{fill: c(look.AmberMark)})
		p.icon(look.IconWarning, g.slot+2, 46, 15, c(look.Held.Text()))
		p.text(r.data.Warning, g.slot+22, 54, s.Width-g.slot-24, r.warningInk())
	}
	cut := r.name(p, g.slot-24)
	cut = r.slot(p, g) || cut
	if g.result > 0 {
		col := r.tint(look.Foreground)
		if r.data.Quiet || r.drop == dropHover {
			col = r.tint(look.Muted)
		}
		_, short := p.text(r.data.Result, g.result, 23, g.resultWide, ink{size: look.TextTable, color: col})
		cut = cut || short
	}
	r.SetToolTip("")
	if cut {
		r.SetToolTip(fmt.Sprintf("%s (%s)\n%s\n%s", r.data.Name, r.data.Technical, r.data.Value, r.data.Result))
	}
}

func (r *targetRow) name(p *pen, room float32) (cut bool) {
	_, one := p.text(r.data.Name, 16, 14, room, ink{size: look.TextTable, weight: semibold, color: r.tint(look.Foreground)})
	marks := float32(0)
	k := ink{size: look.TextAxis, weight: medium}
	for _, m := range r.data.Marks {
		marks += ceil(width(m.Text, k)) + 16
	}
	w, two := p.text(r.data.Technical, 16, 32, max(room-marks-4, 30), ink{size: look.TextCaption, color: r.tint(look.Muted)})
	x := 16 + ceil(w) + 8
	for _, m := range r.data.Marks {
		wide := ceil(width(m.Text, k)) + 12
		if x+wide > 16+room+6 {
			return true
		}
		k.color = r.tint(m.Tone.Text())
		p.box(x, 24, wide, 17, box{fill: r.tint(m.Tone.Tint()), radius: 8.5})
		p.text(m.Text, x+6, 32.5, 0, k)
		x += wide + 4
	}
	return one || two
}

func (r *targetRow) slot(p *pen, g slotColumns) (cut bool) {
	x, y, wide := g.slot, float32(8), g.slotWide
	k := ink{size: look.TextTable, weight: medium, color: r.tint(look.Foreground)}
	switch {
	case r.drop == dropHover:
		p.box(x-1, y-1, wide+2, 32, box{fill: c(look.NavSelected), stroke: c(look.Primary), width: 2, radius: 9})
		p.icon(look.IconPlus, x+11, y+8, 14, c(look.NavText))
		k.color = c(look.NavText)
		p.text("Map "+r.say, x+31, y+15, wide-42, k)
		return false
	case r.data.Kind == SlotEmpty:
		return r.emptySlot(p, x, y, wide)
	}
	b := box{fill: r.tint(look.Surface), stroke: r.tint(look.ControlBorder), width: 1, radius: 8}
	left := x + 26
	if r.data.Kind == SlotExpression {
		b.fill, b.stroke, k.color = r.tint(look.Expression.Tint()), look.Mix(c(look.Expression.Bar()), r.ground(), 0.45), r.tint(look.Expression.Text())
		left = x + 32
	}
	p.box(x, y, wide, 30, b)
	if r.data.Kind == SlotExpression {
		p.text("ƒx", x+11, y+15, 0, ink{size: look.TextTable, weight: semibold, color: k.color})
	} else {
		p.circle(x+14, y+15, 4, r.tint(look.Accent.Bar()), nil, 0)
	}
	room := x + wide - left - 34
	room -= r.slotNote(p, x+wide, y)
	_, cut = p.text(r.data.Value, left, y+15, room, k)
	return cut
}

// slotNote draws the confidence, or the reason why nothing can be dropped here, at the right of a slot.
func (r *targetRow) slotNote(p *pen, right, y float32) float32 {
	k := ink{size: look.TextAxis, weight: medium}
	if r.drop == dropReject && r.say != "" {
		k.size, k.color = look.TextCaption, c(look.Foreground)
		return p.textRight(r.say, right-12, y+15, 130, k) - 12
	}
	if r.data.Confidence == 0 {
		return 0
	}
	tone := look.Create
	if r.data.Confidence < 80 {
		tone = look.Held
	}
	text := strconv.Itoa(r.data.Confidence) + " %"
	wide := ceil(width(text, k)) + 12
	k.color = r.tint(tone.Text())
	p.box(right-32-wide, y+6, wide, 18, box{fill: r.tint(tone.Tint()), radius: 9})
	p.text(text, right-26-wide, y+15, 0, k)
	return wide + 6
}

func (r *targetRow) emptySlot(p *pen, x, y, wide float32) bool {
	edge, words := r.tint(look.InputBorder), "Drop a field here"
	if r.data.Required {
		edge = r.tint(look.Deactivate.Bar())
	}
	if r.drop == dropReject && r.say != "" {
		words = r.say
	}
	p.dashed(x, y, wide, 30, 8, edge)
	_, cut := p.text(words, x+12, y+15, wide-20, ink{size: look.TextTable, color: c(look.Muted)})
	return cut
}

var (
	_ fyne.Draggable     = (*sourceRow)(nil)
	_ fyne.Focusable     = (*targetRow)(nil)
	_ desktop.Cursorable = (*mapGhost)(nil)
)
