package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Pill is one choice of a PillRow.
type Pill struct {
	ID    string
	Label string
	Count string    // shown semibold after the label; empty for none
	Tone  look.Tone // a facet's tone; empty for a plain category
	Note  string    // a word after the count, such as "held"
}

// PillRow is a row of pills. In a category row exactly one is on and it is drawn inverted; in a facet row each is on or off
// by itself and those that are on are tinted.
type PillRow struct {
	part
	OnChanged func(id string, on bool) `json:"-"`
	facets    bool
	pills     []*pillView
	row       *flow
	stops     rove
}

// NewCategories gives a row of which exactly one is on.
func NewCategories(selected string, pills ...Pill) *PillRow {
	r := newPills(false, pills)
	r.Select(selected)
	return r
}

// NewFacets gives a row of which each is on by itself; all are on at first.
func NewFacets(pills ...Pill) *PillRow {
	r := newPills(true, pills)
	for _, v := range r.pills {
		v.on = true
	}
	return r
}

func newPills(facets bool, pills []Pill) *PillRow {
	r := &PillRow{facets: facets, row: newFlow(6)}
	if !facets {
		r.row.gap = 8
	}
	r.kids = []fyne.CanvasObject{r.row}
	r.min = func() fyne.Size { return r.row.line() }
	r.lay = func(s fyne.Size) {
		if line := r.row.line(); s.Height < 2*line.Height { // there is no second line to go to
			s.Width = max(s.Width, line.Width)
		}
		r.row.Resize(s)
	}
	r.SetPills(pills...)
	r.become(r)
	return r
}

// SetPills replaces the pills; those with an ID there was before stay on or off.
func (r *PillRow) SetPills(pills ...Pill) {
	was := map[string]bool{}
	for _, v := range r.pills {
		was[v.pill.ID] = v.on
	}
	old, now := r.pills, ""
	for _, v := range old {
		if r.stops.now == &v.press {
			now = v.pill.ID
		}
	}
	r.pills = nil
	var views []fyne.CanvasObject
	for i, pill := range pills {
		var v *pillView
		if i < len(old) && old[i].pill.ID == pill.ID { // the same widget, so that it keeps the focus
			v = old[i]
			v.pill = pill
			v.Refresh()
		} else {
			v = newPill(r, pill)
		}
		on, known := was[pill.ID]
		v.on = on || (!known && r.facets)
		r.pills = append(r.pills, v)
		views = append(views, v)
	}
	r.row.setKids(views...)
	r.stops.set(presses(r.pills, func(v *pillView) *press { return &v.press })...)
	for _, v := range r.pills {
		if v.pill.ID == now {
			r.stops.now = &v.press
		}
	}
	if r.ink != nil {
		r.Refresh()
	}
}

// HeightFor gives the height that the row needs at a width: what finds no room stands in a further line.
func (r *PillRow) HeightFor(wide float32) float32 { return r.row.HeightFor(wide) }

// Select turns a category on and all others off, without calling OnChanged.
func (r *PillRow) Select(id string) {
	for _, v := range r.pills {
		v.set(v.pill.ID == id)
		if v.on {
			r.stops.now = &v.press
		}
	}
}

// SetOn turns one facet on or off, without calling OnChanged.
func (r *PillRow) SetOn(id string, on bool) {
	for _, v := range r.pills {
		if v.pill.ID == id {
			v.set(on)
		}
	}
}

// On lists what is on, in order.
func (r *PillRow) On() []string {
	var ids []string
	for _, v := range r.pills {
		if v.on {
			ids = append(ids, v.pill.ID)
		}
	}
	return ids
}

func (r *PillRow) tapped(v *pillView) {
	if r.facets {
		v.set(!v.on)
	} else {
		r.Select(v.pill.ID)
	}
	if r.OnChanged != nil {
		r.OnChanged(v.pill.ID, v.on)
	}
}

type pillView struct {
	press
	row  *PillRow
	pill Pill
	on   bool
}

func newPill(r *PillRow, pill Pill) *pillView {
	v := &pillView{row: r, pill: pill}
	v.OnTapped = func() { r.tapped(v) }
	v.draw, v.min = v.paint, v.minSize
	v.become(v)
	return v
}

func (v *pillView) set(on bool) {
	if v.on != on {
		v.on = on
		v.Refresh()
	}
}

func (v *pillView) parts() (label, count, note float32) {
	k := ink{size: look.TextTable}
	label = ceil(width(v.pill.Label, k))
	if v.pill.Count != "" {
		count = ceil(width(v.pill.Count, ink{size: look.TextTable, weight: semibold})) + 5
	}
	if v.pill.Note != "" {
		note = ceil(width(v.pill.Note, k)) + 5
	}
	return label, count, note
}

func (v *pillView) left() float32 {
	if v.row.facets {
		return 25
	}
	return 14
}

func (v *pillView) minSize() fyne.Size {
	label, count, note := v.parts()
	high := float32(32)
	if v.row.facets {
		high = 30
	}
	return fyne.NewSize(v.left()+label+count+note+13, high)
}

func (v *pillView) paint(p *pen, s fyne.Size) {
	ring(p, s, s.Height/2, v.focused)
	k := ink{size: look.TextTable, color: c(look.Muted)}
	strong := ink{size: look.TextTable, weight: semibold, color: c(look.Foreground)}
	b := box{fill: c(look.Surface), stroke: c(look.Border), width: 1, radius: s.Height / 2}
	switch {
	case v.on && v.row.facets:
		b.fill, b.stroke, b.width = c(v.pill.Tone.Tint()), nil, 0
		k.color, strong.color = c(v.pill.Tone.Text()), c(v.pill.Tone.Text())
	case v.on:
		b.fill, b.stroke, b.width = c(look.PillOn), nil, 0
		k.color, strong.color = c(look.PillOnText), c(look.PillOnText)
	}
	p.box(0, 0, s.Width, s.Height, b)
	if v.live() && (v.row.facets || !v.on) {
		p.box(0, 0, s.Width, s.Height, box{fill: c(look.Hover), radius: s.Height / 2})
	}
	if v.row.facets {
		p.circle(14, s.Height/2, 3.5, c(v.pill.Tone.Bar()), nil, 0)
	}
	label, count, _ := v.parts()
	x, y := v.left(), s.Height/2
	p.text(v.pill.Label, x, y, 0, k)
	if v.pill.Count != "" {
		p.text(v.pill.Count, x+label+5, y, 0, strong)
	}
	if v.pill.Note != "" {
		p.text(v.pill.Note, x+label+count+5, y, 0, k)
	}
}

// Segmented is a small control of a few icons of which one is chosen, such as block or list view.
type Segmented struct {
	part
	OnChanged func(id string) `json:"-"`
	cells     []*segment
	stops     rove
}

// Segment is one choice of a Segmented.
type Segment struct {
	ID    string
	Icon  look.IconName
	Label string // the tool tip when there is an icon, the text when there is none
}

// NewSegmented gives the control with one choice on.
func NewSegmented(selected string, segments ...Segment) *Segmented {
	g := &Segmented{}
	for _, s := range segments {
		cell := newSegment(g, s)
		cell.on = s.ID == selected
		g.cells = append(g.cells, cell)
		g.kids = append(g.kids, cell)
	}
	g.stops.set(presses(g.cells, func(v *segment) *press { return &v.press })...)
	g.rest(selected)
	g.draw = func(p *pen, s fyne.Size) {
		p.box(0, 0, s.Width, s.Height, box{fill: c(look.Surface), stroke: c(look.ControlBorder), width: 1, radius: look.RadiusControl})
	}
	g.min = func() fyne.Size {
		wide := float32(4)
		for _, cell := range g.cells {
			wide += cell.MinSize().Width
		}
		return fyne.NewSize(wide, ButtonHeight)
	}
	g.lay = func(s fyne.Size) {
		x := float32(2)
		for _, cell := range g.cells {
			m := cell.MinSize()
			cell.Resize(fyne.NewSize(m.Width, s.Height-4))
			cell.Move(fyne.NewPos(x, 2))
			x += m.Width
		}
	}
	g.become(g)
	return g
}

// rest makes the chosen one the stop of Tab.
func (g *Segmented) rest(id string) {
	for _, cell := range g.cells {
		if cell.ID == id {
			g.stops.now = &cell.press
		}
	}
}

// Select turns a choice on, without calling OnChanged.
func (g *Segmented) Select(id string) {
	g.rest(id)
	for _, cell := range g.cells {
		cell.on = cell.ID == id
		cell.Refresh()
	}
}

type segment struct {
	press
	Segment
	on bool
}

func newSegment(g *Segmented, s Segment) *segment {
	v := &segment{Segment: s}
	if s.Icon != "" {
		v.SetToolTip(s.Label)
	}
	v.OnTapped = func() {
		g.Select(s.ID)
		if g.OnChanged != nil {
			g.OnChanged(s.ID)
		}
	}
	v.min = func() fyne.Size {
		if v.Icon != "" {
			return fyne.NewSize(36, 30)
		}
		return fyne.NewSize(ceil(width(v.Label, ink{size: look.TextTable, weight: semibold}))+28, 30)
	}
	v.draw = v.paint
	v.become(v)
	return v
}

func (v *segment) paint(p *pen, s fyne.Size) {
	ring(p, s, 6, v.focused)
	col, b := c(look.Muted), box{radius: 6}
	if v.on {
		col, b.fill = c(look.NavText), c(look.NavSelected)
	} else if v.hovered {
		b.fill = c(look.Hover)
	}
	p.box(0, 0, s.Width, s.Height, b)
	if v.Icon != "" {
		p.icon(v.Icon, round((s.Width-18)/2), round((s.Height-18)/2), 18, col)
		return
	}
	k := ink{size: look.TextTable, color: col}
	if v.on {
		k.weight = semibold
	}
	p.textCentre(v.Label, s.Width/2, s.Height/2, 0, k)
}
