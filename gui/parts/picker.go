package parts

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"rollcall/gui/look"
)

// longMenu is how many entries a menu has at most; a longer one is a list that can be searched.
const longMenu = 7

// picker is a long list under what was pressed: one types a part of the name, goes up and down, and Enter takes it.
type picker struct {
	all, found []*fyne.MenuItem
	search     *SearchBox
	table      *DataTable
	popup      *widget.PopUp
	on         fyne.Canvas
}

const pickerRow float32 = 32

func showPicker(on fyne.Canvas, under fyne.CanvasObject, items []*fyne.MenuItem) {
	p := &picker{all: items, found: items, on: on}
	p.search = NewSearchBox("Type to find", 200)
	p.search.OnChanged = p.narrow
	p.search.entry.onKey = p.typed
	p.table = NewDataTable([]TableColumn{{ID: "what", Width: 200, Grow: true}}, pickerRow, func(row, _ int) CellData {
		if row >= len(p.found) { // it has just been narrowed
			return CellData{}
		}
		return CellData{Text: p.found[row].Label, Bold: p.found[row].Checked}
	}).bare()
	p.table.OpenAtPress().OnOpened = p.take
	p.table.SetEmpty(NewText("Nothing has these letters.", Style{Color: look.Muted, Align: fyne.TextAlignCenter}))
	p.fill()
	p.show(under)
}

func (p *picker) show(under fyne.CanvasObject) {
	wide := under.Size().Width
	for _, i := range p.all {
		wide = max(wide, ceil(width(i.Label, ink{size: look.TextTable, weight: semibold}))+48)
	}
	wide = min(wide, 420)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under).AddXY(0, under.Size().Height+4)
	screen := p.on.Size()
	high := min(float32(len(p.all))*pickerRow+4, 9*pickerRow+4) + ButtonHeight + 8
	below, above := screen.Height-at.Y-8, at.Y-under.Size().Height-16
	if high > below && above > below {
		high = min(high, above)
		at.Y -= under.Size().Height + 8 + high
	}
	high = min(high, max(below, above))
	at.X = min(at.X, screen.Width-wide-8)
	p.popup = widget.NewPopUp(Pad(8, 8, 8, 8, container.New(pickerLayout{}, p.search, p.table)), p.on)
	p.popup.ShowAtPosition(fyne.NewPos(max(at.X, 8), max(at.Y, 8)))
	p.popup.Resize(fyne.NewSize(wide, high+16))
	p.on.Focus(p.search.Focusable())
	p.scroll()
}

// pickerLayout puts the search above the list.
type pickerLayout struct{}

// MinSize belongs to the toolkit.
func (pickerLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(180, ButtonHeight+2*pickerRow)
}

// Layout belongs to the toolkit.
func (pickerLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	place(o[0], 0, 0, s.Width, ButtonHeight)
	place(o[1], 0, ButtonHeight+8, s.Width, s.Height-ButtonHeight-8)
}

// narrow shows the entries that have the letters, those that begin with them first.
func (p *picker) narrow(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	var first, later []*fyne.MenuItem
	for _, i := range p.all {
		switch label := strings.ToLower(i.Label); {
		case strings.HasPrefix(label, text):
			first = append(first, i)
		case strings.Contains(label, text):
			later = append(later, i)
		}
	}
	p.found = slices.Concat(first, later)
	p.fill()
}

// fill shows what was found, at what is chosen already, else at the first.
func (p *picker) fill() {
	p.table.Select(-1)
	p.table.SetRows(len(p.found))
	if len(p.found) == 0 {
		return
	}
	at := 0
	for k, i := range p.found {
		if i.Checked && p.search.Text() == "" {
			at = k
		}
	}
	p.table.Select(at)
}

func (p *picker) scroll() { p.table.ScrollTo(p.table.Selected()) }

// typed takes the keys that mean the list; all others are written into the search.
func (p *picker) typed(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown, fyne.KeyPageDown, fyne.KeyPageUp:
		p.table.TypedKey(e)
	case fyne.KeyUp:
		if p.table.Selected() > 0 {
			p.table.TypedKey(e)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if row := p.table.Selected(); row >= 0 {
			p.take(row)
		}
	case fyne.KeyEscape:
		p.close()
	default:
		return false
	}
	return true
}

func (p *picker) take(row int) {
	do := p.found[row].Action
	p.close()
	if do != nil {
		do()
	}
	settle(p.on)
}

func (p *picker) close() {
	p.popup.Hide()
	settle(p.on)
}
