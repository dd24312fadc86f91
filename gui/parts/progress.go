package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// ProgressBar is a bar of 6 or 8 px. What failed is a red piece at the end of what is done, never a red bar.
type ProgressBar struct {
	part
	done, failed float64
	tone         look.Tone
	high         float32
}

// NewProgressBar gives a bar, 6 or 8 high.
func NewProgressBar(tone look.Tone, high float32) *ProgressBar {
	b := &ProgressBar{tone: tone, high: high}
	b.min = func() fyne.Size { return fyne.NewSize(44, b.high) }
	b.draw = b.paint
	b.become(b)
	return b
}

// Set shows two shares of the whole, each 0 to 1: what went well, and what failed.
func (b *ProgressBar) Set(done, failed float64) {
	if b.done == done && b.failed == failed {
		return
	}
	b.done, b.failed = done, failed
	b.Refresh()
}

func (b *ProgressBar) paint(p *pen, s fyne.Size) {
	y, r := round((s.Height-b.high)/2), b.high/2
	p.box(0, y, s.Width, b.high, box{fill: c(look.Track), radius: r})
	done := round(s.Width * clamp(b.done))
	if done > 0 {
		p.box(0, y, max(done, b.high), b.high, box{fill: c(b.tone.Bar()), radius: r})
	}
	if failed := s.Width * clamp(b.failed); failed > 0 {
		x := min(done, s.Width-b.high)
		if done > 0 {
			x += 2
		}
		p.box(x, y, min(max(round(failed), b.high), s.Width-x), b.high, box{fill: c(look.Deactivate.Bar()), radius: r})
	}
}

func clamp(v float64) float32 { return float32(min(max(v, 0), 1)) }

// Tab is one of a row of tabs.
type Tab struct{ ID, Title, Count string }

// Tabs is a row of tabs with counts. It shows and hides nothing itself.
type Tabs struct {
	part
	OnSelected func(id string) `json:"-"`
	tabs       []*tabView
	row        *fyne.Container
	stops      rove
}

// NewTabs gives a row of tabs with one chosen.
func NewTabs(selected string, tabs ...Tab) *Tabs {
	t := &Tabs{row: Row(tabGap)}
	for _, tab := range tabs {
		v := newTab(t, tab)
		v.on = tab.ID == selected
		t.tabs = append(t.tabs, v)
		t.row.Add(v)
	}
	t.stops.set(presses(t.tabs, func(v *tabView) *press { return &v.press })...)
	t.rest(selected)
	t.kids = []fyne.CanvasObject{t.row}
	t.min = func() fyne.Size { return fyne.NewSize(t.wide(tabGapLeast), t.row.MinSize().Height) }
	t.draw = func(p *pen, s fyne.Size) { p.line(0, s.Height-1, s.Width, 1) }
	t.lay = func(s fyne.Size) {
		gap := float32(int((s.Width - t.wide(0)) / float32(max(len(t.tabs)-1, 1))))
		t.row.Layout = rowLayout{min(max(gap, tabGapLeast), tabGap)}
		t.row.Resize(s)
		t.row.Refresh()
	}
	t.become(t)
	return t
}

// Tabs stand closer together where there is little room.
const (
	tabGap      float32 = 28
	tabGapLeast float32 = 12
)

func (t *Tabs) wide(gap float32) float32 {
	wide := gap * float32(max(len(t.tabs)-1, 0))
	for _, v := range t.tabs {
		wide += v.MinSize().Width
	}
	return wide
}

// rest makes the chosen tab the stop of Tab.
func (t *Tabs) rest(id string) {
	for _, v := range t.tabs {
		if v.tab.ID == id {
			t.stops.now = &v.press
		}
	}
}

// Select chooses a tab without calling OnSelected.
func (t *Tabs) Select(id string) {
	t.rest(id)
	for _, v := range t.tabs {
		v.on = v.tab.ID == id
		v.Refresh()
	}
	t.row.Refresh()
}

// SetCount changes the number beside a title.
func (t *Tabs) SetCount(id, count string) {
	for _, v := range t.tabs {
		if v.tab.ID == id {
			v.tab.Count = count
			v.Refresh()
		}
	}
	t.row.Refresh()
}

type tabView struct {
	press
	tab Tab
	on  bool
}

func newTab(t *Tabs, tab Tab) *tabView {
	v := &tabView{tab: tab}
	v.OnTapped = func() {
		t.Select(tab.ID)
		if t.OnSelected != nil {
			t.OnSelected(tab.ID)
		}
	}
	v.draw, v.min = v.paint, v.minSize
	v.become(v)
	return v
}

func (v *tabView) title() ink {
	k := ink{size: look.TextBody, color: c(look.Muted)}
	if v.on {
		k.weight, k.color = semibold, c(look.Foreground)
	} else if v.hovered {
		k.color = c(look.Foreground)
	}
	return k
}

func (v *tabView) minSize() fyne.Size {
	// The semibold width always, so that choosing moves nothing.
	wide := ceil(width(v.tab.Title, ink{size: look.TextBody, weight: semibold}))
	if v.tab.Count != "" {
		wide += 8 + v.countWide()
	}
	return fyne.NewSize(wide, 38)
}

func (v *tabView) countWide() float32 {
	return ceil(width(v.tab.Count, ink{size: look.TextTable})) + 14
}

func (v *tabView) paint(p *pen, s fyne.Size) {
	ring(p, s, 4, v.focused)
	p.text(v.tab.Title, 0, 17, s.Width, v.title())
	if v.tab.Count != "" {
		wide := v.countWide()
		x := s.Width - wide
		p.box(x, 7, wide, 20, box{fill: c(look.ButtonFill), radius: 10})
		p.textCentre(v.tab.Count, x+wide/2, 17, 0, ink{size: look.TextTable, color: c(look.Neutral.Text())})
	}
	if v.on {
		p.box(0, s.Height-3, s.Width, 3, box{fill: c(look.Primary), radius: 1.5})
	}
}
