package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// NavEntry is one row of the rail.
type NavEntry struct {
	ID    string
	Title string
	Icon  look.IconName
	// Badge is shown at the right of the row, for instance a number of held changes; empty for none.
	Badge string
}

// NavRail is the left edge of the window: 220 wide with titles, or 64 wide with icons only. The last entry of an icon rail
// is at the bottom.
type NavRail struct {
	part
	OnSelected func(id string) `json:"-"`
	title      string
	rows       []*navRow
	rail       bool
	stops      rove
}

const (
	navWide float32 = 220
	navRail float32 = 64
)

// NewNavRail gives a rail with the program's name at its top.
func NewNavRail(title string, entries ...NavEntry) *NavRail {
	n := &NavRail{title: title}
	for _, e := range entries {
		row := newNavRow(e, n)
		n.rows = append(n.rows, row)
		n.kids = append(n.kids, row)
	}
	n.stops.ways = upDown
	n.stops.set(presses(n.rows, func(r *navRow) *press { return &r.press })...)
	n.draw, n.lay = n.paint, n.stack
	n.min = func() fyne.Size { return fyne.NewSize(n.wide()+1, 120+44*float32(len(n.rows))) }
	n.become(n)
	return n
}

func (n *NavRail) wide() float32 {
	if n.rail {
		return navRail
	}
	return navWide
}

// SetRail switches between the wide form and the icon rail.
func (n *NavRail) SetRail(rail bool) {
	if n.rail == rail {
		return
	}
	n.rail = rail
	for _, r := range n.rows {
		r.SetToolTip("")
		if rail {
			r.SetToolTip(r.entry.Title)
		}
	}
	n.Refresh()
}

// Rail tells whether only icons are shown.
func (n *NavRail) Rail() bool { return n.rail }

// Select marks an entry without calling OnSelected.
func (n *NavRail) Select(id string) {
	for _, r := range n.rows {
		if r.entry.ID == id {
			n.stops.now = &r.press
		}
		if on := r.entry.ID == id; on != r.on {
			r.on = on
			r.Refresh()
		}
	}
}

// SetBadge changes the badge of an entry.
func (n *NavRail) SetBadge(id, badge string) {
	for _, r := range n.rows {
		if r.entry.ID == id {
			r.entry.Badge = badge
			r.Refresh()
		}
	}
}

func (n *NavRail) paint(p *pen, s fyne.Size) {
	wide := n.wide()
	p.box(0, 0, wide, s.Height, box{fill: c(look.Surface)})
	p.line(wide, 0, 1, s.Height)
	x := float32(20)
	if n.rail {
		x = 16
	}
	p.box(x, 21, 32, 32, box{fill: c(look.Accent.Bar()), radius: 8})
	mark := ink{size: look.TextCard, weight: semibold, color: c(look.OnPrimary)}
	p.textCentre(first(n.title), x+16, 37, 0, mark)
	if !n.rail {
		p.text(n.title, 60, 37, wide-72, ink{size: look.TextSection, weight: semibold, color: c(look.Foreground)})
	}
}

func (n *NavRail) stack(s fyne.Size) {
	for i, r := range n.rows {
		y, pitch := float32(75), float32(42)
		if n.rail {
			y, pitch = 72, 44
		}
		y += pitch * float32(i)
		if n.rail && i == len(n.rows)-1 {
			y = max(y, s.Height-51)
		}
		r.Resize(fyne.NewSize(n.wide()-24, 38))
		r.Move(fyne.NewPos(12, y))
	}
}

type navRow struct {
	press
	entry NavEntry
	rail  *NavRail
	on    bool
}

func newNavRow(e NavEntry, rail *NavRail) *navRow {
	r := &navRow{entry: e, rail: rail}
	r.OnTapped = func() {
		if rail.OnSelected != nil {
			rail.OnSelected(e.ID)
		}
	}
	r.called = func() string { return e.Title }
	r.draw = r.paint
	r.min = func() fyne.Size { return fyne.NewSize(40, 38) }
	r.become(r)
	return r
}

func (r *navRow) paint(p *pen, s fyne.Size) {
	ring(p, s, 8, r.focused)
	col, k := c(look.Muted), ink{size: look.TextBody}
	ground := box{radius: 8}
	switch {
	case r.on:
		ground.fill, col, k.weight = c(look.NavSelected), c(look.NavText), semibold
	case r.hovered:
		ground.fill = c(look.Hover)
	}
	k.color = col
	p.box(0, 0, s.Width, s.Height, ground)
	x := float32(12)
	if r.rail.rail {
		x = (s.Width - 18) / 2
	}
	p.icon(r.entry.Icon, round(x), 10, 18, col)
	if r.rail.rail {
		return
	}
	room := s.Width - 52
	if r.entry.Badge != "" {
		b := ink{size: look.TextAxis, weight: semibold, color: c(look.Held.Text())}
		wide := ceil(width(r.entry.Badge, b)) + 14
		p.box(s.Width-10-wide, 10, wide, 18, box{fill: c(look.Held.Tint()), radius: 9})
		p.text(r.entry.Badge, s.Width-3-wide, 19, 0, b)
		room -= wide + 6
	}
	p.text(r.entry.Title, 40, s.Height/2, room, k)
}
