package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Input is a box of one line without a label, for rows that say by their order what they ask.
type Input struct {
	part
	OnChanged func(text string) `json:"-"`
	entry     *bare
	over      fyne.CanvasObject
}

// NewInput gives a box with a text in it.
func NewInput(placeholder, text string) *Input {
	n := &Input{}
	n.entry = newBare(func(bool) { n.Refresh() })
	n.entry.SetPlaceHolder(placeholder)
	n.entry.SetText(text)
	n.entry.OnChanged = func(t string) {
		if n.OnChanged != nil {
			n.OnChanged(t)
		}
	}
	n.over = unboxed(n.entry)
	through := newWheel()
	n.kids = []fyne.CanvasObject{n.over, through}
	n.draw = func(p *pen, s fyne.Size) { inputBox(p, 0, s.Width, s.Height, n.entry.focused, false) }
	n.lay = func(s fyne.Size) {
		h := n.entry.MinSize().Height
		place(n.over, 4, round((s.Height-h)/2), max(s.Width-8, 0), h)
		place(through, 0, 0, s.Width, s.Height)
	}
	n.min = func() fyne.Size { return fyne.NewSize(64, ButtonHeight) }
	n.become(n)
	return n
}

// Text gives what is written.
func (n *Input) Text() string { return n.entry.Text }

// SetText writes and calls OnChanged.
func (n *Input) SetText(text string) { n.entry.SetText(text) }

// RadioOption is one of several answers of which one holds.
type RadioOption struct {
	ID, Label string
	Note      string // a muted line under the label
	Badge     string // beside the label
	Tone      look.Tone
}

// Radio is a list of answers of which one is chosen.
type Radio struct {
	part
	OnChanged func(id string) `json:"-"`
	rows      []*radioRow
	selected  string
	stops     rove
}

// NewRadio gives the list with one answer chosen, or none.
func NewRadio(selected string, options ...RadioOption) *Radio {
	r := &Radio{selected: selected}
	for _, o := range options {
		row := newRadioRow(r, o)
		r.rows = append(r.rows, row)
		r.kids = append(r.kids, row)
	}
	r.stops.ways = upDown
	r.stops.set(presses(r.rows, func(w *radioRow) *press { return &w.press })...)
	r.rest()
	r.min = func() fyne.Size { return fyne.NewSize(160, r.HeightFor(r.Size().Width)) }
	r.lay = func(s fyne.Size) {
		y := float32(0)
		for _, row := range r.rows {
			high := row.high(s.Width)
			place(row, 0, y, s.Width, high)
			y += high
		}
	}
	r.become(r)
	return r
}

// HeightFor gives the height that the list needs at a width: notes wrap.
func (r *Radio) HeightFor(wide float32) float32 {
	h := float32(0)
	for _, row := range r.rows {
		h += row.high(wide)
	}
	return h
}

// rest makes the chosen answer the stop of Tab.
func (r *Radio) rest() {
	for _, row := range r.rows {
		if row.o.ID == r.selected {
			r.stops.now = &row.press
		}
	}
}

// Selected gives the ID chosen, or "".
func (r *Radio) Selected() string { return r.selected }

// Focusable is the answer at which Tab stops.
func (r *Radio) Focusable() fyne.Focusable {
	for _, row := range r.rows {
		if row.o.ID == r.selected {
			return row
		}
	}
	if len(r.rows) == 0 {
		return nil
	}
	return r.rows[0]
}

// Select chooses without calling OnChanged.
func (r *Radio) Select(id string) {
	r.selected = id
	r.rest()
	for _, row := range r.rows {
		row.Refresh()
	}
}

type radioRow struct {
	press
	of *Radio
	o  RadioOption
}

func newRadioRow(of *Radio, o RadioOption) *radioRow {
	w := &radioRow{of: of, o: o}
	w.OnTapped = func() {
		if of.selected == o.ID {
			return
		}
		of.Select(o.ID)
		if of.OnChanged != nil {
			of.OnChanged(o.ID)
		}
	}
	w.draw = w.paint
	w.min = func() fyne.Size { return fyne.NewSize(120, w.high(w.Size().Width)) }
	w.become(w)
	return w
}

// mostNote is how many lines the note of an answer may have.
const mostNote = 3

func (w *radioRow) lines(wide float32) []string {
	if w.o.Note == "" {
		return nil
	}
	if wide <= 0 {
		wide = 400
	}
	return wrap(w.o.Note, max(wide-46, 80), mostNote, ink{size: look.TextCaption, color: c(look.Muted)})
}

func (w *radioRow) high(wide float32) float32 {
	return 30 + 16*float32(len(w.lines(wide)))
}

func (w *radioRow) paint(p *pen, s fyne.Size) {
	on := w.of.selected == w.o.ID
	if w.hovered && !on {
		p.box(0, 1, s.Width, s.Height-2, box{fill: c(look.Hover), radius: look.RadiusControl})
	}
	if on {
		p.box(0, 1, s.Width, s.Height-2, box{fill: c(look.RowSelected), radius: look.RadiusControl})
	}
	if w.focused {
		p.box(0, 1, s.Width, s.Height-2, box{stroke: c(look.Primary), width: 2, radius: look.RadiusControl})
	}
	if on {
		p.circle(18, 15, 8, c(look.Primary), nil, 0)
		p.circle(18, 15, 3, c(look.OnPrimary), nil, 0)
	} else {
		p.circle(18, 15, 7.5, c(look.InputGround), c(look.TickOutline), 1.5)
	}
	room := s.Width - 46
	k := ink{size: look.TextAxis, weight: medium, color: c(w.o.Tone.Text())}
	badge := float32(0)
	if w.o.Badge != "" {
		badge = ceil(width(w.o.Badge, k)) + 12
		room -= badge + 8
	}
	wide, cut := p.text(w.o.Label, 36, 15, room, ink{size: look.TextTable, weight: medium, color: c(look.Foreground)})
	if badge > 0 {
		x := 36 + ceil(wide) + 8
		p.box(x, 6, badge, 17, box{fill: c(w.o.Tone.Tint()), radius: 8.5})
		p.text(w.o.Badge, x+6, 14.5, 0, k)
	}
	lines := w.lines(s.Width)
	for i, line := range lines {
		p.text(line, 36, 33+16*float32(i), s.Width-46, ink{size: look.TextCaption, color: c(look.Muted)})
	}
	w.SetToolTip("")
	if cut || len(lines) == mostNote {
		w.SetToolTip(w.o.Label + "\n" + w.o.Note)
	}
}
