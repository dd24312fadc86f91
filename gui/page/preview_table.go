package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

var boxes = map[view.Ticked]parts.TickState{view.TickedOff: parts.Off, view.TickedOn: parts.On, view.TickLocked: parts.Locked, view.TickedPart: parts.Part, view.NoTick: parts.Locked}

// build makes the parts of the page; they are filled when a plan is there.
func (p *Preview) build() {
	p.header = parts.NewPageHeader("Preview", "")
	p.guard, p.message = parts.NewBanner(look.Held, ""), parts.NewBanner(look.Neutral, "")
	p.guard.Hide()
	p.message.Hide()
	p.facets = parts.NewFacets()
	p.facets.OnChanged = func(id string, on bool) {
		if v, ok := core.ParseVerb(id); ok {
			p.r.ShowVerb(v, on)
			p.updateRows()
		}
	}
	p.terms = parts.NewText("", parts.Style{Size: look.TextCaption, Color: look.Muted})
	p.total = parts.NewText("", parts.Style{Size: look.TextTable, Bold: true})
	p.search = parts.NewSearchBox("Name, number or value", 232)
	p.search.OnChanged = func(text string) {
		if p.r != nil {
			p.r.Search(text)
			p.updateRows()
		}
	}
	p.filter = parts.NewIconButton("Filter", look.IconFilter, parts.Second, p.openFilter)
	p.foot = container.NewStack()
	p.sync = parts.NewButton("", parts.Primary, p.syncNow).WithHeight(38)
	p.out = p.exportButton().WithHeight(38)
	p.panel = parts.NewPanel(0, container.NewStack())
	p.buildTable()
}

func (p *Preview) buildTable() {
	p.table = parts.NewDataTable([]parts.TableColumn{{ID: "tick", Width: 30, Tick: true}, {ID: string(view.ByVerb), Title: "Change", Width: 102, Sortable: true},
		{ID: string(view.ByPerson), Title: "Person", Width: 176, Least: 110, Sortable: true}, {ID: string(view.ByWhat), Title: "What changes", Width: 250, Grow: true, Least: 150, Sortable: true},
		{ID: string(view.ByWhy), Title: "Why", Width: 154, Least: 80, Sortable: true}}, parts.RowTwoLines, p.cell)
	p.table.SetEmpty(parts.NewEmptyState(look.IconSearch, "No row matches", "Try fewer words, or show other kinds of change.",
		parts.NewButton("Show everything", parts.Second, p.showAll)))
	p.table.OnSelected = func(place int) {
		if p.panel.Visible() || p.content.Size().Width >= narrowPage { // else the panel would lie over the rows that the arrow keys go through
			p.openPanel(p.r.At(place))
		}
	}
	p.table.OpenAtPress().OnOpened = func(place int) { p.openPanel(p.r.At(place)) }
	p.table.OnTick = func(place int) { p.toggle(p.r.At(place)) }
	p.table.OnTickAll = func() {
		p.r.ToggleAll()
		p.ticked()
	}
	p.table.OnSort = func(column string, descending bool) {
		p.r.SetSort(view.Column(column), descending)
		p.updateRows()
	}
}

func (p *Preview) showAll() {
	p.r.SetNarrow(view.Narrow{})
	for _, f := range p.r.Facets() {
		p.r.ShowVerb(f.Verb, true)
		p.facets.SetOn(f.Verb.String(), true)
	}
	p.search.SetText("")
	p.update()
}

func (p *Preview) pills() []parts.Pill {
	var pills []parts.Pill
	for _, f := range p.r.Facets() {
		note := ""
		if f.Held {
			note = "held"
		}
		pills = append(pills, parts.Pill{ID: f.Verb.String(), Label: view.VerbTitle(f.Verb), Count: view.Thousands(f.Count), Tone: verbTones[f.Verb], Note: note})
	}
	return pills
}

func (p *Preview) cell(place, col int) parts.CellData {
	if p.r == nil || place >= p.r.Len() {
		return parts.CellData{}
	}
	row := p.r.At(place)
	r := &p.r.Plan.Rows[row]
	switch col {
	case 0:
		return p.tickCell(row)
	case 1:
		return parts.CellData{Kind: parts.CellPill, Text: view.RowTitle(r.Verb, r.Cells), Tone: verbTones[r.Verb]}
	case 2:
		name, number := r.Subject()
		return parts.CellData{Kind: parts.CellPerson, Text: name, Detail: number}
	case 3:
		changes, more := p.r.Changes(row, 2)
		return parts.CellData{Kind: parts.CellChanges, Changes: differences(changes, verbTones[r.Verb]), More: more}
	}
	why, detail := p.r.Why(row)
	return parts.CellData{Text: why, Detail: detail}
}

func (p *Preview) tickCell(row int) parts.CellData {
	state := p.r.RowTick(row)
	if state == view.NoTick {
		return parts.CellData{}
	}
	d := parts.CellData{Kind: parts.CellTick, Tick: boxes[state]}
	if state == view.TickLocked {
		d.Tip = "This cannot be ticked one by one: see why in the last column."
	}
	return d
}

func differences(changes []view.Change, tone look.Tone) []parts.Difference {
	out := make([]parts.Difference, len(changes))
	for i, c := range changes {
		out[i] = parts.Difference{Attribute: c.Attribute, Before: c.Before, After: c.After, Created: c.Fresh, Tone: tone}
		if c.Off {
			out[i].Tone = look.Neutral
		}
	}
	return out
}

func (p *Preview) toggle(row int) {
	if p.r.ToggleRow(row) {
		p.ticked()
	}
}

// ticked brings up to date what depends on the ticks.
func (p *Preview) ticked() {
	p.ticksChanged()
	p.updateFoot()
	if p.selected >= 0 {
		p.fillPanel()
	}
}

// openFilter offers what the rows can be narrowed to.
func (p *Preview) openFilter() {
	items := []*fyne.MenuItem{p.filterMenu("Attribute that changes", p.r.ByAttribute()), p.filterMenu("Reason", p.r.ByReason())}
	if guards := p.r.ByGuard(); len(guards) > 0 {
		items = append(items, p.filterMenu("Held by a limit", guards))
	}
	all := fyne.NewMenuItem("Show everything", p.showAll)
	parts.ShowMenu(p.filter, append(items, fyne.NewMenuItemSeparator(), all)...)
}

const filterMost = 14

func (p *Preview) filterMenu(title string, options []view.NarrowOption) *fyne.MenuItem {
	item := fyne.NewMenuItem(title, nil)
	var choices []*fyne.MenuItem
	for _, o := range options[:min(len(options), filterMost)] {
		choice := fyne.NewMenuItem(o.Label+"  ("+view.Thousands(o.Count)+")", func() { p.narrow(o.To) })
		choice.Checked = p.r.Narrowed() == o.To
		choices = append(choices, choice)
	}
	item.ChildMenu = fyne.NewMenu("", choices...)
	item.Disabled = len(choices) == 0
	return item
}

func (p *Preview) narrow(to view.Narrow) {
	p.r.SetNarrow(to)
	p.update()
}

// openPanel shows one row beside the table.
func (p *Preview) openPanel(row int) {
	p.selected = row
	p.fillPanel()
	p.panel.Show()
	p.body.Refresh()
}

func (p *Preview) closePanel() {
	p.selected = -1
	p.panel.Hide()
	if p.body != nil {
		p.body.Refresh()
	}
}

// Escape closes the panel where it lies over the table, and tells whether it did.
func (p *Preview) Escape() bool {
	if p.r == nil || !p.panel.Visible() || p.content.Size().Width >= narrowPage {
		return false
	}
	p.closePanel()
	p.shell.Settle(p.table)
	return true
}

func (p *Preview) fillPanel() {
	row := p.selected
	d := p.r.Detail(row)
	shut := parts.NewIconButton("", look.IconCross, parts.Plain, func() { p.table.Select(-1); p.closePanel() }).WithTip("Close")
	title := parts.Row(8, parts.Fill(parts.NewText(d.Name, parts.Style{Size: look.TextCard, Bold: true, Shrink: true})), parts.NewKindPill(view.RowTitle(d.Verb, p.r.Plan.Rows[row].Cells), verbTones[d.Verb]))
	name := parts.Column(2, title, parts.NewText(d.Note, parts.Style{Size: look.TextCaption, Color: look.Muted, Shrink: true}))
	head := parts.Pad(14, 8, 12, 16, parts.Row(10, parts.NewAvatar(d.Name, 40), parts.Fill(name), shut))
	blocks := []fyne.CanvasObject{}
	if d.Why != "" {
		blocks = append(blocks, parts.Pad(12, 0, 0, 0, parts.NewText(d.Why+".", parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 4})), parts.Pad(10, 0, 0, 0, parts.Separator()))
	}
	ticks := make([]*parts.Tick, len(d.Fields))
	for k, f := range d.Fields {
		if k > 0 {
			blocks = append(blocks, parts.Separator())
		}
		ticks[k] = parts.NewTick(f.Attribute, "", f.Tick == view.TickedOn)
		blocks = append(blocks, p.fieldBlock(ticks[k], row, k, f, verbTones[d.Verb]))
	}
	parts.OneStop(ticks...)
	skip := parts.NewButton("Skip person", parts.Second, func() { p.toggle(row) })
	if p.r.RowTick(row) == view.TickedOff {
		skip.SetText("Include person")
	}
	showIf(skip, d.CanSkip)
	foot := parts.Column(0, parts.Separator(), parts.Pad(11, 16, 12, 16, parts.Row(8, parts.Fill(parts.NewText(d.Ticked, parts.Style{Size: look.TextCaption, Color: look.Muted, Shrink: true})), skip)))
	scroll := container.NewVScroll(parts.Pad(0, 16, 8, 16, parts.Column(0, blocks...)))
	p.panel.SetContent(parts.Frame(parts.Column(0, head, parts.Separator()), foot, scroll))
	p.shell.Redrawn()
}

func (p *Preview) fieldBlock(tick *parts.Tick, row, cell int, f view.FieldDetail, tone look.Tone) fyne.CanvasObject {
	tick.SetState(boxes[f.Tick])
	tick.OnChanged = func(bool) {
		p.r.ToggleCell(row, cell)
		p.ticked()
	}
	if f.Tick != view.TickedOn {
		tone = look.Neutral
	}
	lines := []fyne.CanvasObject{parts.Row(8, parts.Fill(container.New(yielding{}, tick)), parts.NewText(f.Note, parts.Caption)),
		parts.Pad(0, 0, 0, 26, parts.DifferenceLine(parts.Difference{Before: f.Before, After: f.After, Created: f.Fresh, Tone: tone}))}
	for _, line := range [][2]string{{"Rule", f.Rule}, {"From", f.From}} {
		if line[1] != "" {
			label := parts.MinWidth(34, parts.NewText(line[0], parts.Caption))
			lines = append(lines, parts.Pad(0, 0, 0, 26, parts.Row(6, label, parts.Fill(parts.NewText(line[1], parts.Style{Size: look.TextCaption, Shrink: true})))))
		}
	}
	return parts.Pad(8, 0, 8, 0, parts.Column(2, lines...))
}
