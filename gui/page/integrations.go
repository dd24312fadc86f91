package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// Integrations is the page of systems and the connections to them.
type Integrations struct {
	services view.Services
	shell    Shell
	cancel   context.CancelFunc
	systems  view.Systems
	loaded   bool
	category string

	content fyne.CanvasObject
	search  *parts.SearchBox
	pills   *parts.PillRow
	shape   *parts.Segmented
	banner  *parts.Banner
	body    *fyne.Container
}

// NewIntegrations gives the page.
func NewIntegrations(services view.Services, shell Shell) Page {
	return &Integrations{services: services, shell: shell, cancel: func() {}}
}

// Wide says that the rail has its titles beside this page.
func (p *Integrations) Wide() bool { return true }

// Leave lets the person go.
func (p *Integrations) Leave(func()) bool { p.cancel(); return true }

// Find gives the search box, for Ctrl+F.
func (p *Integrations) Find() fyne.Focusable { return p.search.Focusable() }

// Content gives the page.
func (p *Integrations) Content() fyne.CanvasObject {
	if p.content != nil {
		return p.content
	}
	p.search = parts.NewSearchBox("Search systems", 200)
	p.search.OnChanged = func(string) { p.show() }
	p.shape = parts.NewSegmented("blocks", parts.Segment{ID: "blocks", Icon: look.IconGrid, Label: "Blocks"}, parts.Segment{ID: "list", Icon: look.IconList, Label: "List"})
	p.shape.OnChanged = p.reshape
	p.pills = parts.NewCategories("", p.pillsOf(view.Systems{})...)
	p.pills.OnChanged = func(id string, _ bool) { p.category = id; p.show() }
	p.banner = parts.NewBanner(look.Neutral, "")
	p.banner.Hide()
	p.body = container.NewStack()
	header := parts.NewPageHeader("Integrations", "Connect two systems, then set up a sync.", p.search, p.shape,
		parts.NewIconButton("New sync", look.IconPlus, parts.Primary, func() { p.shell.Go(view.Route{Page: view.Setup}) }))
	head := parts.Column(12, header, p.pills, p.banner)
	p.content = parts.Pad(look.InsetPage, 0, 0, look.InsetPage, parts.Column(12, parts.Pad(0, look.InsetPage, 0, 0, head), parts.Fill(p.body)))
	return p.content
}

// Open reads the systems again; what was shown stays until they are there.
func (p *Integrations) Open(view.Route) {
	p.cancel()
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	if !p.loaded {
		p.put(parts.Pad(0, look.InsetPage, 0, 0, parts.NewSkeleton(7, 76)))
	}
	task.Run(ctx, func(ctx context.Context) (view.Systems, error) { return view.LoadSystems(ctx, p.services) }, p.arrived)
}

func (p *Integrations) arrived(systems view.Systems, err error) {
	if err != nil {
		problem := core.AsProblem(err)
		p.put(parts.NewEmptyState(look.IconError, problem.What, problem.Fix, parts.NewButton("Try again", parts.Second, func() { p.Open(view.Route{}) })))
		return
	}
	p.systems, p.loaded = systems, true
	p.shape.Select(map[bool]string{true: "blocks", false: "list"}[systems.Blocks])
	p.show()
}

func (p *Integrations) put(o fyne.CanvasObject) {
	p.body.Objects = []fyne.CanvasObject{o}
	p.body.Refresh()
	p.shell.Settle(parts.First(p.body))
}

func (p *Integrations) reshape(id string) {
	p.systems.Blocks = id == "blocks"
	p.show()
	keep := func(ctx context.Context) (struct{}, error) {
		return struct{}{}, view.KeepCards(ctx, p.services, id == "blocks")
	}
	task.Run(context.Background(), keep, func(_ struct{}, err error) { tell(p.banner, err) })
}

func (p *Integrations) pillsOf(s view.Systems) []parts.Pill {
	var pills []parts.Pill
	for _, c := range s.Categories(p.search.Text()) {
		pills = append(pills, parts.Pill{ID: c.ID, Label: c.Label, Count: view.Thousands(c.Count)})
	}
	return pills
}

func (p *Integrations) show() {
	if !p.loaded {
		return
	}
	p.pills.SetPills(p.pillsOf(p.systems)...)
	cards := p.systems.Cards(p.search.Text(), p.category)
	switch {
	case len(cards) == 0:
		p.put(parts.NewEmptyState(look.IconSearch, "No system matches", "Try fewer words or another category. A system that is not listed can often export a CSV file.",
			parts.NewButton("Clear search", parts.Second, func() { p.category = ""; p.pills.Select(""); p.search.SetText("") })))
	case p.systems.Blocks:
		p.put(p.blocks(cards))
	default:
		p.put(parts.Pad(0, look.InsetPage, look.InsetPage, 0, p.list(cards)))
	}
}

var stateTones = map[view.State]look.Tone{view.NotSetUp: look.Neutral, view.Connected: look.Create, view.NeedsAttention: look.Held}

func (p *Integrations) blocks(cards []view.Card) fyne.CanvasObject {
	var tiles []*parts.Tile
	for _, c := range cards {
		kind := parts.Quiet
		switch c.State {
		case view.NotSetUp:
			kind = parts.Tinted
		case view.NeedsAttention:
			kind = parts.Loud
		}
		act := func() { p.act(c) }
		tile := parts.NewTile(c.Spec.Name, kindLine(c), c.Spec.Description, parts.NewStatusChip(c.Status, stateTones[c.State]), parts.NewButton(c.Action(), kind, act))
		tile.OnTapped, tile.Colour = act, c.Spec.Colour
		tiles = append(tiles, tile)
	}
	grid := parts.NewTileGrid(270, look.GapCards, tiles...)
	return container.NewVScroll(parts.Pad(4, look.InsetPage, look.InsetPage, 0, grid))
}

// roleLine is the category and what the system can be in a sync.
func roleLine(c view.Card) string {
	if roles := c.Roles(); roles != "" {
		return c.Kind + " · " + roles
	}
	return c.Kind
}

func kindLine(c view.Card) string {
	line := roleLine(c)
	if n := len(c.Connections); n > 1 {
		line += " · " + view.Count(n, "connection", "connections")
	}
	return line
}

func (p *Integrations) list(cards []view.Card) fyne.CanvasObject {
	columns := []parts.TableColumn{{ID: "name", Title: "System", Width: 230}, {ID: "what", Title: "What it is", Width: 300, Grow: true, Least: 160},
		{ID: "n", Title: "Connections", Width: 104, Right: true}, {ID: "status", Title: "Status", Width: 190}}
	table := parts.NewDataTable(columns, parts.RowTwoLines, func(row, col int) parts.CellData {
		c := cards[row]
		switch col {
		case 0:
			return parts.CellData{Kind: parts.CellPerson, Text: c.Spec.Name, Detail: roleLine(c), Colour: c.Spec.Colour}
		case 1:
			return parts.CellData{Text: c.Spec.Description, Muted: true}
		case 2:
			return parts.CellData{Text: view.Thousands(len(c.Connections))}
		}
		return parts.CellData{Kind: parts.CellPill, Text: c.Status, Tone: stateTones[c.State]}
	})
	table.OpenAtPress().OnOpened = func(row int) { p.act(cards[row]) }
	table.SetFoot(view.Count(len(cards), "system", "systems"), "systems")
	table.SetRows(len(cards))
	return table
}

// act does what the card's button says.
func (p *Integrations) act(c view.Card) {
	if len(c.Connections) == 0 {
		p.shell.Go(view.Route{Page: view.Setup, Connector: c.Spec.ID})
		return
	}
	p.manage(c)
}

// tell shows a problem in a banner, or hides it where there is none.
func tell(b *parts.Banner, err error) {
	problem := core.AsProblem(err)
	if problem == nil {
		b.Hide()
		return
	}
	tone := look.Deactivate
	if problem.Code == core.Cancelled {
		tone = look.Neutral
	}
	b.Set(tone, problem.What, problem.Fix)
}
