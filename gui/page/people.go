package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// People is the page of everybody a source gave.
type People struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	opened   view.PeopleOpening
	r        *view.Roster
	tab      string
	groups   []view.Group
	reading  bool

	content *fyne.Container
	header  *parts.PageHeader
	message *parts.Banner
	tabs    *fyne.Container
	tabRow  *parts.Tabs
	search  *parts.SearchBox
	bars    *parts.BarList
	table   *parts.DataTable
	list    *parts.DataTable
	body    *fyne.Container
}

// NewPeople gives the page.
func NewPeople(services view.Services, shell Shell) Page {
	p := &People{services: services, shell: shell, content: container.NewStack(), cancel: func() {}, tab: employeesTab}
	p.build()
	return p
}

const (
	employeesTab = "employees"
	accountsTab  = "accounts"
)

// Content gives the page.
func (p *People) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail has its titles beside this page.
func (p *People) Wide() bool { return true }

// Leave lets the person go; a reading goes on.
func (p *People) Leave(func()) bool { return true }

// Find gives the search box, for Ctrl+F.
func (p *People) Find() fyne.Focusable { return p.search.Focusable() }

// Open shows the newest reading. One that is looked at already stays, unless a newer one came.
func (p *People) Open(view.Route) {
	if !p.reading {
		p.load("")
	}
}

func (p *People) load(snapshot string) {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	if p.r == nil {
		p.header.Set("People", "Everybody your HR system knows, as it was read.")
		p.header.SetRight()
		p.put(parts.NewPanel(0, parts.NewSkeleton(14, parts.RowOneLine)))
	}
	task.Run(p.ctx, func(ctx context.Context) (view.PeopleOpening, error) {
		return view.OpenPeople(ctx, p.services, snapshot)
	}, func(o view.PeopleOpening, err error) {
		if err != nil {
			p.put(failedState(err, func() { p.load(snapshot) }))
			return
		}
		same := p.r != nil && o.Roster != nil && p.r.Snapshot.ID == o.Roster.Snapshot.ID
		p.opened = o
		if !same {
			p.show()
		}
	})
}

func (p *People) put(body fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(0, p.header, parts.Fill(body)), nil)}
	p.content.Refresh()
	p.shell.Settle(nil)
}

func (p *People) build() {
	p.header = parts.NewPageHeader("People", "")
	p.message = parts.NewBanner(look.Neutral, "")
	p.message.Hide()
	p.tabs = container.NewStack()
	p.search = parts.NewSearchBox("Search: a name, or department:Sales office:Berlin status:active", 300).WithHeight(38)
	p.search.OnChanged = func(text string) {
		if p.r != nil {
			p.r.Search(text)
			p.showTab(employeesTab)
		}
	}
	p.body = container.NewStack()
	p.table = parts.NewDataTable([]parts.TableColumn{{ID: string(view.PersonName), Title: "Person", Width: 200, Grow: true, Least: 125, Sortable: true},
		{ID: string(view.PersonTitle), Title: "Title", Width: 170, Grow: true, Least: 90, Sortable: true}, {ID: string(view.PersonDepartment), Title: "Department", Width: 112, Least: 80, Sortable: true},
		{ID: string(view.PersonOffice), Title: "Office", Width: 80, Least: 70, Sortable: true}, {ID: string(view.PersonManager), Title: "Manager", Width: 108, Least: 80, Sortable: true},
		{ID: "tags", Title: "Tags", Width: 80, Least: 60}, {ID: string(view.PersonAccount), Title: "Account", Width: 108, Least: 100, Sortable: true}}, parts.RowOneLine, p.cell)
	p.table.SetEmpty(parts.NewEmptyState(look.IconSearch, "Nobody matches", "Try fewer words or other terms.", parts.NewButton("Clear search", parts.Second, func() { p.search.SetText("") })))
	p.table.OnSort = func(column string, descending bool) {
		p.r.SetSort(view.PersonColumn(column), descending)
		p.table.RefreshRows()
	}
	p.table.OnOpened = func(place int) {
		p.shell.Go(view.Route{Page: view.History, Person: p.r.At(place).ID()})
	}
	p.bars = parts.NewBarList()
	p.bars.OnTapped = func(name string) { p.search.SetText(view.TermFor("department", name)) }
}

// show draws a reading, or the way to the first one.
func (p *People) show() {
	p.r = p.opened.Roster
	if p.r == nil {
		p.header.Set("People", "Everybody your HR system knows, as it was read.")
		p.header.SetRight(p.readButton()...)
		text, button := "Set up a sync first: then people are read from its HR system.", parts.NewButton("Go to Integrations", parts.Primary, func() { p.shell.Go(view.Route{Page: view.Integrations}) })
		if len(p.opened.Syncs) > 0 {
			text, button = "Read them now: nothing is written.", parts.NewButton("Read now", parts.Primary, func() { p.readNow(p.opened.Syncs[0].ID) })
		}
		p.put(parts.NewEmptyState(look.IconUsers, "Nobody was read yet", text, button))
		return
	}
	p.header.Set("People", p.r.Note())
	p.header.SetRight(p.right()...)
	p.makeTabs()
	p.r.Search(p.search.Text())
	p.showTab(employeesTab)
	p.put(parts.Column(14, p.message, p.tabs, p.search, parts.Fill(p.body)))
}

func (p *People) right() []fyne.CanvasObject {
	var right []fyne.CanvasObject
	if len(p.opened.Snapshots) > 1 {
		var options []parts.Option
		for _, s := range p.opened.Snapshots {
			options = append(options, parts.Option{ID: s.ID, Label: s.Name + " · " + s.Taken.Local().Format("2 Jan 15:04")})
		}
		choice := parts.NewChoice(options, p.r.Snapshot.ID, "")
		choice.OnChanged = func(id string) { p.load(id) }
		right = append(right, choice)
	}
	right = append(right, p.readButton()...)
	return append(right, parts.NewIconButton("Export", look.IconExport, parts.Second, p.export))
}

// readButton reads the source of the reading that is shown, else asks which.
func (p *People) readButton() []fyne.CanvasObject {
	if len(p.opened.Syncs) == 0 {
		return nil
	}
	b := parts.NewIconButton("Read now", look.IconSync, parts.Second, nil)
	b.OnTapped = func() {
		if len(p.opened.Syncs) == 1 {
			p.readNow(p.opened.Syncs[0].ID)
			return
		}
		var items []*fyne.MenuItem
		for _, y := range p.opened.Syncs {
			items = append(items, fyne.NewMenuItem("From "+y.Setup.Source.Connection+" ("+y.Name+")", func() { p.readNow(y.ID) }))
		}
		parts.ShowMenu(b, items...)
	}
	return []fyne.CanvasObject{b}
}

// readNow reads a source again. The person may leave meanwhile.
func (p *People) readNow(sync string) {
	p.cancel()
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx, p.reading = ctx, true
	p.cancel = cancel
	progress, body := newReading(ctx, "Reading people", func() { cancel(); p.endReading(context.Canceled, sync) })
	p.header.SetRight()
	p.put(body)
	p.shell.Busy("Reading people", &view.Route{Page: view.PeoplePage})
	work := func(ctx context.Context) (view.Snapshot, error) {
		defer progress.end()
		return p.services.People.ReadNow(ctx, sync, progress.tell)
	}
	task.Run(ctx, work, func(s view.Snapshot, err error) {
		p.endReading(err, sync)
		if err == nil {
			p.r = nil
			p.load(s.ID)
		}
	})
}

func (p *People) endReading(err error, sync string) {
	p.reading = false
	p.shell.Busy("", nil)
	if err != nil {
		p.header.SetRight(p.readButton()...)
		p.put(failedState(err, func() { p.readNow(sync) }))
	}
}

func (p *People) export() {
	r := p.r
	save(context.Background(), p.services, p.message, "Export people", r.FileName(), func(_ context.Context, path string) error { return r.Write(path) })
}

// ringRoom is what the ring around what has the focus needs, so that a scroller does not cut it.
const ringRoom = 4

func (p *People) makeTabs() {
	tabs := []parts.Tab{{ID: employeesTab, Title: "Employees", Count: view.Thousands(len(p.r.People))}}
	for _, g := range p.r.Groupings() {
		tabs = append(tabs, parts.Tab{ID: g.ID, Title: g.Title, Count: view.Thousands(len(p.r.Groups(g.ID)))})
	}
	if with, _, known := p.r.MatchedCount(); known {
		tabs = append(tabs, parts.Tab{ID: accountsTab, Title: "Accounts", Count: view.Thousands(with)})
	}
	p.tabRow = parts.NewTabs(employeesTab, tabs...)
	p.tabRow.OnSelected = p.showTab
	p.tab = ""
	p.tabs.Objects = []fyne.CanvasObject{parts.Pad(-ringRoom, -ringRoom, 0, -ringRoom, container.NewHScroll(parts.Pad(ringRoom, ringRoom, 6, ringRoom, p.tabRow)))}
}

// showTab shows the list of a tab.
func (p *People) showTab(id string) {
	changed := p.tab != id
	p.tab = id
	p.search.SetNote(p.r.Hits())
	if changed {
		p.tabRow.Select(id)
		p.fillTab()
	}
	switch id {
	case employeesTab, accountsTab:
		p.table.SetRows(p.r.Len())
		foot := p.r.Foot()
		if doubt := p.r.Doubt(); doubt != "" {
			foot = doubt
		}
		p.table.SetFoot(foot, "people")
		p.bars.SetBars(p.headCount()...)
	default:
		p.groups = p.r.Groups(id)
		p.list.SetRows(len(p.groups))
		p.list.SetFoot("Press a row to see who it is", "groups")
	}
}

func (p *People) fillTab() {
	switch p.tab {
	case employeesTab, accountsTab:
		p.body.Objects = []fyne.CanvasObject{parts.Column(16, p.charts(), parts.Fill(p.table))}
	default:
		p.body.Objects = []fyne.CanvasObject{p.groupList()}
	}
	p.body.Refresh()
	p.shell.Settle(nil)
}

func (p *People) charts() fyne.CanvasObject {
	active := 0
	for _, g := range p.r.Groups("department") {
		active += g.Active
	}
	var months []parts.Month
	for _, m := range p.r.Months() {
		months = append(months, parts.Month{Label: m.Label, Joined: m.Joined, Leave: m.Left})
	}
	cards := []fyne.CanvasObject{parts.NewChartCard("Head count by department", p.bars, parts.NewText(view.Thousands(active)+" active", parts.Caption)),
		parts.NewChartCard("Joiners and leavers", parts.NewMonthChart(months...), parts.Legend(look.Accent, "", "Joined"), parts.Legend(look.Held, "", "Left"))}
	if with, without, known := p.r.MatchedCount(); known {
		share := 0.0
		if with+without > 0 {
			share = float64(with) / float64(with+without)
		}
		cards = append(cards, parts.NewChartCard("Matched to an account", parts.Row(24, parts.NewRing(share, look.Create),
			parts.Column(4, parts.Legend(look.Create, view.Thousands(with), "matched"), parts.Legend(look.Neutral, view.Thousands(without), "no account")))))
	}
	return container.New(chartRow{high: 196, gap: look.GapCards}, cards...)
}

// chartRow lays charts side by side; in a narrow page the last ones are left out, so that the list keeps its room.
type chartRow struct{ high, gap float32 }

func (c chartRow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, c.high) }

func (c chartRow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	n := min(max(int((s.Width+c.gap)/(250+c.gap)), 1), len(o))
	wide := (s.Width - c.gap*float32(n-1)) / float32(n)
	for i, card := range o {
		showIf(card, i < n)
		card.Resize(fyne.NewSize(wide, s.Height))
		card.Move(fyne.NewPos(float32(i)*(wide+c.gap), 0))
	}
}

const mostBars = 5

func (p *People) headCount() []parts.Bar {
	var bars []parts.Bar
	rest, others := 0, 0
	for i, g := range p.r.Groups("department") {
		if i < mostBars {
			bars = append(bars, parts.Bar{ID: g.Name, Label: g.Name, Value: g.Active, On: p.r.Searched("department", g.Name)})
			continue
		}
		rest += g.Active
		others++
	}
	if others > 0 {
		bars = append(bars, parts.Bar{Label: view.Count(others, "other", "others"), Value: rest, Rest: true})
	}
	return bars
}

func (p *People) groupList() fyne.CanvasObject {
	tab := p.tab
	p.list = parts.NewDataTable([]parts.TableColumn{{ID: "name", Title: "Name", Width: 300, Grow: true}, {ID: "active", Title: "Active", Width: 110, Right: true},
		{ID: "left", Title: "Left or to come", Width: 140, Right: true}, {ID: "matched", Title: "With an account", Width: 150, Right: true}}, parts.RowOneLine, func(row, col int) parts.CellData {
		if row >= len(p.groups) {
			return parts.CellData{}
		}
		g := p.groups[row]
		switch col {
		case 0:
			return parts.CellData{Text: g.Name, Bold: true}
		case 1:
			return parts.CellData{Text: view.Thousands(g.Active)}
		case 2:
			return parts.CellData{Text: view.Thousands(g.Left), Muted: true}
		}
		return parts.CellData{Text: view.Thousands(g.Matched), Muted: true}
	})
	p.list.SetEmpty(parts.NewEmptyState(look.IconUsers, "No groups", "The reading has nothing for this."))
	p.list.OpenAtPress().OnOpened = func(row int) { p.search.SetText(view.TermFor(tab, p.groups[row].Name)) }
	return p.list
}

func (p *People) cell(place, col int) parts.CellData {
	if p.r == nil || place >= p.r.Len() {
		return parts.CellData{}
	}
	one := p.r.At(place)
	switch col {
	case 0:
		return parts.CellData{Kind: parts.CellPerson, Text: one.Name(), Detail: one.Value("employeeNumber")}
	case 1:
		return parts.CellData{Text: one.Value("jobTitle")}
	case 2:
		return parts.CellData{Text: one.Value("department")}
	case 3:
		return parts.CellData{Text: p.r.Office(one)}
	case 4:
		return parts.CellData{Text: p.r.ManagerName(one)}
	case 5:
		return parts.CellData{Kind: parts.CellTags, Tags: view.Tags(one)}
	}
	words, good := p.r.Account(one)
	if words == "" {
		return parts.CellData{}
	}
	if good && p.tab == accountsTab {
		return parts.CellData{Text: p.r.AccountID(one)}
	}
	tone := look.Neutral
	if good {
		tone = look.Create
	}
	return parts.CellData{Kind: parts.CellPill, Text: words, Tone: tone}
}
