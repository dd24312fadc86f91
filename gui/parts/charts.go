package parts

import (
	"strconv"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Bar is one bar of a BarList.
type Bar struct {
	ID, Label string
	Value     int
	On        bool // the one searched for
	Rest      bool // the sum of those not shown
}

// BarList shows head counts: a label, a bar and its value, one under another. A bar can be tapped.
type BarList struct {
	part
	OnTapped func(id string) `json:"-"`
	bars     []Bar
	at       int // the bar that has the focus, or -1
	was      int
}

// NewBarList gives the chart.
func NewBarList(bars ...Bar) *BarList {
	l := &BarList{bars: bars, at: -1}
	l.draw = l.paint
	l.min = func() fyne.Size { return fyne.NewSize(220, 24*float32(max(len(l.bars), 1))) }
	l.become(l)
	return l
}

// SetBars replaces the data.
func (l *BarList) SetBars(bars ...Bar) { l.bars = bars; l.Refresh() }

// Tapped belongs to the toolkit.
func (l *BarList) Tapped(e *fyne.PointEvent) {
	if i := int(e.Position.Y / 24); i >= 0 && i < len(l.bars) && l.OnTapped != nil && !l.bars[i].Rest {
		l.OnTapped(l.bars[i].ID)
	}
}

// FocusGained belongs to the toolkit.
func (l *BarList) FocusGained() {
	l.at = min(l.was, len(l.bars)-1)
	ringed(l)
	l.Refresh()
	foundFocus(l)
}

// FocusLost belongs to the toolkit.
func (l *BarList) FocusLost() { l.was, l.at = max(l.at, 0), -1; l.Refresh() }

// TypedRune belongs to the toolkit.
func (l *BarList) TypedRune(r rune) { passRune(l, r) }

// TypedKey goes to another bar, or presses the one that has the focus.
func (l *BarList) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown, fyne.KeyUp:
		by := map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1}[e.Name]
		l.at = min(max(l.at+by, 0), len(l.bars)-1)
		l.Refresh()
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if l.at >= 0 && l.at < len(l.bars) && l.OnTapped != nil && !l.bars[l.at].Rest {
			l.OnTapped(l.bars[l.at].ID)
		}
	default:
		passOn(l, e)
	}
}

func (l *BarList) paint(p *pen, s fyne.Size) {
	top := 1
	for _, b := range l.bars {
		top = max(top, b.Value)
	}
	label := min(98, s.Width*0.34)
	room := s.Width - label - 46
	for i, b := range l.bars {
		y := 24*float32(i) + 12
		name := ink{size: look.TextCaption, color: c(look.Muted)}
		value := ink{size: look.TextCaption, color: c(look.Foreground)}
		fill := c(look.ChartRest)
		switch {
		case b.On:
			fill, name.weight, name.color, value.weight = c(look.Primary), semibold, c(look.Foreground), semibold
		case b.Rest:
			fill = c(look.Track)
		}
		p.text(b.Label, 0, y, label-10, name)
		wide := max(round(room*float32(b.Value)/float32(top)), 2)
		p.box(label, y-6, wide, 12, box{fill: fill, radius: 3})
		p.text(strconv.Itoa(b.Value), label+wide+8, y, 0, value)
		if i == l.at {
			p.box(-4, y-12, s.Width+8, 24, box{stroke: c(look.Primary), width: 2, radius: 6})
		}
	}
}

// Month is one pair of a MonthChart.
type Month struct {
	Label         string
	Joined, Leave int
}

// MonthChart shows two columns a month over three grid lines.
type MonthChart struct {
	part
	months []Month
}

// NewMonthChart gives the chart, oldest month first.
func NewMonthChart(months ...Month) *MonthChart {
	m := &MonthChart{months: months}
	m.draw = m.paint
	m.min = func() fyne.Size { return fyne.NewSize(240, 140) }
	m.become(m)
	return m
}

// SetMonths replaces the data.
func (m *MonthChart) SetMonths(months ...Month) { m.months = months; m.Refresh() }

// niceTop is the least even step of 2, 5 or 10 times a power of ten that holds the largest value.
func niceTop(largest int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{2, 4, 6, 8, 10, 14} {
			if step*unit >= largest {
				return step * unit
			}
		}
	}
}

func (m *MonthChart) paint(p *pen, s fyne.Size) {
	largest := 1
	for _, v := range m.months {
		largest = max(largest, v.Joined, v.Leave)
	}
	top := niceTop(largest)
	const left, foot, head = 24, 22, 8
	high := s.Height - foot - head
	axis := ink{size: look.TextAxis, color: c(look.Muted)}
	for i, v := range []int{top, top / 2, 0} {
		y := round(head + high*float32(i)/2)
		p.line(left, y, s.Width-left, 1)
		p.textRight(strconv.Itoa(v), left-8, y, 0, axis)
	}
	if len(m.months) == 0 {
		return
	}
	pitch := (s.Width - left) / float32(len(m.months))
	bar := min(round(pitch*0.35), 8)
	for i, v := range m.months {
		x := round(left + pitch*(float32(i)+0.5) - bar - 0.5)
		for j, count := range []int{v.Joined, v.Leave} {
			h := round(high * float32(count) / float32(top))
			fill := c(look.Accent.Bar())
			if j == 1 {
				fill = c(look.Held.Bar())
			}
			p.box(x+float32(j)*(bar+1), head+high-h, bar, h, box{fill: fill, radius: min(2, h), topOnly: true})
		}
		if i%2 == 1 || len(m.months) < 7 {
			p.textCentre(v.Label, x+bar, s.Height-8, 0, axis)
		}
	}
}

// Legend is a dot, a word and, when given, a number above it.
func Legend(tone look.Tone, number, word string) fyne.CanvasObject {
	l := &part{}
	l.min = func() fyne.Size {
		wide := 16 + ceil(max(width(word, ink{size: look.TextCaption}), width(number, ink{size: look.TextBody, weight: semibold})))
		if number == "" {
			return fyne.NewSize(wide, 18)
		}
		return fyne.NewSize(wide, 36)
	}
	l.draw = func(p *pen, s fyne.Size) {
		p.circle(4, 9, 4, c(tone.Bar()), nil, 0)
		k := ink{size: look.TextCaption, color: c(look.Muted)}
		if number == "" {
			p.text(word, 16, 9, s.Width-16, k)
			return
		}
		p.text(number, 16, 9, s.Width-16, ink{size: look.TextBody, weight: semibold, color: c(look.Foreground)})
		p.text(word, 16, 27, s.Width-16, k)
	}
	l.become(l)
	return l
}

// Ring shows one share as a ring with the percentage in it.
type Ring struct {
	part
	share float64
	tone  look.Tone
}

// NewRing gives a ring of 96.
func NewRing(share float64, tone look.Tone) *Ring {
	r := &Ring{share: share, tone: tone}
	r.min = func() fyne.Size { return fyne.NewSquareSize(96) }
	r.draw = func(p *pen, s fyne.Size) {
		x, y := s.Width/2, s.Height/2
		p.arc(x, y, 96, 0, 360, 0.78, c(look.Track))
		if r.share > 0 {
			p.arc(x, y, 96, 0, 360*clamp(r.share), 0.78, c(r.tone.Bar()))
		}
		k := ink{size: 20, weight: semibold, color: c(look.Foreground)}
		p.textCentre(strconv.Itoa(int(clamp(r.share)*100))+" %", x, y, 0, k)
	}
	r.become(r)
	return r
}

// Set changes the share, 0 to 1. It is rounded down, so that 100 % means all.
func (r *Ring) Set(share float64) { r.share = share; r.Refresh() }
