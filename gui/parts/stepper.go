package parts

import (
	"strconv"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Stepper shows where one is in a wizard. Steps already done can be pressed. When there is no room for all labels only
// that of the current step is shown.
type Stepper struct {
	part
	OnTapped func(step int) `json:"-"`
	steps    []*step
	current  int
	stops    rove
}

// NewStepper gives the steps, current counted from 0.
func NewStepper(current int, labels ...string) *Stepper {
	st := &Stepper{current: current}
	for i, label := range labels {
		s := newStep(st, i, label)
		st.steps = append(st.steps, s)
		st.kids = append(st.kids, s)
	}
	st.stops.set(presses(st.steps, func(s *step) *press { return &s.press })...)
	if current > 0 && current < len(st.steps) {
		st.stops.now = &st.steps[current-1].press
	}
	st.draw, st.lay = st.paint, st.spread
	st.min = func() fyne.Size { return fyne.NewSize(st.shortWidth(), 32) }
	st.become(st)
	return st
}

// SetCurrent moves to a step.
func (st *Stepper) SetCurrent(i int) {
	st.current = i
	for _, s := range st.steps {
		s.Refresh()
	}
	st.Refresh()
}

const stepJoin = 12 + 20 + 12

func (st *Stepper) fullWidth() float32 {
	wide := float32(stepJoin * (len(st.steps) - 1))
	for _, s := range st.steps {
		wide += s.wide(true)
	}
	return wide
}

// shortWidth is the width with the label of the current step only.
func (st *Stepper) shortWidth() float32 {
	wide := float32(stepJoin * (len(st.steps) - 1))
	for i, s := range st.steps {
		wide += s.wide(i == st.current)
	}
	return wide
}

func (st *Stepper) spread(size fyne.Size) {
	labels := size.Width+1 >= st.fullWidth()
	x := size.Width
	for i := len(st.steps) - 1; i >= 0; i-- {
		s := st.steps[i]
		s.label = labels || i == st.current
		wide := s.wide(s.label)
		x -= wide
		s.Resize(fyne.NewSize(wide, 28))
		s.Move(fyne.NewPos(x, round(size.Height/2-14)))
		s.Refresh()
		x -= stepJoin
	}
}

func (st *Stepper) paint(p *pen, size fyne.Size) {
	for i, s := range st.steps[:max(len(st.steps)-1, 0)] {
		col := c(look.BorderStrong)
		if i < st.current {
			col = c(look.Primary)
		}
		p.box(s.Position().X+s.Size().Width+12, round(size.Height/2-1), 20, 2, box{fill: col, radius: 1})
	}
}

type step struct {
	press
	of    *Stepper
	i     int
	text  string
	label bool
}

func newStep(st *Stepper, i int, text string) *step {
	s := &step{of: st, i: i, text: text, label: true}
	s.OnTapped = func() {
		if i < st.current && st.OnTapped != nil {
			st.OnTapped(i)
		}
	}
	s.away = func() bool { return i >= st.current }
	s.draw = s.paint
	s.min = func() fyne.Size { return fyne.NewSize(s.wide(s.label), 28) }
	s.become(s)
	return s
}

func (s *step) ink() ink {
	k := ink{size: look.TextTable, color: c(look.Foreground)}
	switch {
	case s.i == s.of.current:
		k.weight = semibold
	case s.i > s.of.current:
		k.color = c(look.Muted)
	}
	return k
}

func (s *step) wide(label bool) float32 {
	if !label {
		return 24
	}
	return 32 + ceil(width(s.text, s.ink()))
}

func (s *step) paint(p *pen, size fyne.Size) {
	ring(p, size, 14, s.focused)
	y := size.Height / 2
	number := ink{size: look.TextCaption, weight: semibold}
	switch {
	case s.i < s.of.current:
		p.circle(12, y, 12, c(look.NavSelected), nil, 0)
		p.icon(look.IconCheck, 5, y-7, 14, c(look.NavText))
	case s.i == s.of.current:
		p.circle(12, y, 12, c(look.Primary), nil, 0)
		number.color = c(look.OnPrimary)
		p.textCentre(strconv.Itoa(s.i+1), 12, y, 0, number)
	default:
		p.circle(12, y, 12, nil, c(look.TickOutline), 1)
		number.color = c(look.Muted)
		p.textCentre(strconv.Itoa(s.i+1), 12, y, 0, number)
	}
	if s.label {
		p.text(s.text, 32, y, 0, s.ink())
	}
}
