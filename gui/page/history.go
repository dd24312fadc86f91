package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// History is the page of what was: runs, plans that were not applied, differences of two readings, a person's timeline.
type History struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	past     view.Past
	events   []view.Event
	runsOnly bool

	content *fyne.Container
	header  *parts.PageHeader
	message *parts.Banner
	search  *parts.SearchBox
	pills   *parts.PillRow
	table   *parts.DataTable
}

// NewHistory gives the page.
func NewHistory(services view.Services, shell Shell) Page {
	p := &History{services: services, shell: shell, content: container.NewStack(), cancel: func() {}}
	p.header = parts.NewPageHeader("History", "")
	p.message = parts.NewBanner(look.Neutral, "")
	p.search = parts.NewSearchBox("Name, person, reason or number", 280)
	p.search.OnChanged = func(string) { p.fill() }
	p.pills = parts.NewCategories("all", parts.Pill{ID: "all", Label: "Everything"}, parts.Pill{ID: "runs", Label: "Runs"})
	p.pills.OnChanged = func(id string, _ bool) { p.runsOnly = id == "runs"; p.fill() }
	p.table = parts.NewDataTable([]parts.TableColumn{{ID: "when", Title: "When", Width: 152}, {ID: "kind", Title: "What", Width: 112}, {ID: "name", Title: "Sync", Width: 220, Grow: true, Least: 150},
		{ID: "numbers", Title: "Changes", Width: 190, Grow: true, Least: 120}, {ID: "who", Title: "Approved by", Width: 104, Least: 90}, {ID: "allowed", Title: "Allowed limits", Width: 112, Least: 90}}, parts.RowTwoLines, p.cell)
	p.table.SetEmpty(parts.NewEmptyState(look.IconHistory, "Nothing here yet", "Every preview and every run is kept here, with who approved it."))
	p.table.OpenAtPress().OnOpened = func(row int) { p.open(p.events[row]) }
	return p
}

// Content gives the page.
func (p *History) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail has its titles beside this page.
func (p *History) Wide() bool { return true }

// Leave lets the person go.
func (p *History) Leave(func()) bool { p.cancel(); return true }

// Find gives the search box, for Ctrl+F.
func (p *History) Find() fyne.Focusable { return p.search.Focusable() }

// Open shows the list, one run, or one person's timeline.
func (p *History) Open(r view.Route) {
	p.again()
	p.message.Hide()
	if r.Person != "" {
		p.timeline(r.Person)
		return
	}
	p.home()
	p.put(parts.NewPanel(0, parts.NewSkeleton(12, parts.RowTwoLines)))
	task.Run(p.ctx, func(ctx context.Context) (view.Past, error) { return view.OpenPast(ctx, p.services) }, func(past view.Past, err error) {
		if err != nil {
			p.put(failedState(err, func() { p.Open(r) }))
			return
		}
		p.past = past
		p.list()
		for _, e := range past.Events {
			if r.Run != "" && e.Run != nil && e.Run.ID == r.Run {
				p.open(e)
			}
		}
	})
}

func (p *History) again() {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
}

func (p *History) put(body fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(0, p.header, parts.Column(0, p.message), parts.Fill(body)), nil)}
	p.content.Refresh()
	p.shell.Settle(nil)
}

// home writes the header of the list.
func (p *History) home() {
	p.header.Set("History", "What was shown, approved and written, and how people changed.")
	p.header.SetRight()
}

func (p *History) list() {
	p.home()
	if len(p.past.Snapshots) > 1 {
		p.header.SetRight(parts.NewButton("Compare two readings", parts.Second, p.askCompare))
	}
	p.table.Select(-1)
	p.put(parts.Column(12, parts.Row(look.GapControls, p.search, p.pills), parts.Fill(p.table)))
	p.fill()
}

func (p *History) fill() {
	p.table.Select(-1)
	p.events = p.past.Find(p.search.Text(), p.runsOnly)
	p.table.SetRows(len(p.events))
	p.table.SetFoot("Press a row to open it", "entries")
}

var eventTones = map[string]look.Tone{"Done": look.Create, "Some failed": look.Deactivate, "Stopped": look.Held, "Not ended": look.Held, "Preview": look.Neutral, "Undo preview": look.Neutral}

func (p *History) cell(row, col int) parts.CellData {
	if row >= len(p.events) {
		return parts.CellData{}
	}
	e := p.events[row]
	switch col {
	case 0:
		return parts.CellData{Text: e.At.Local().Format("2 Jan 2006, 15:04"), Detail: view.Ago(e.At, p.services.Now())}
	case 1:
		return parts.CellData{Kind: parts.CellPill, Text: e.Kind(), Tone: eventTones[e.Kind()]}
	case 2:
		kind := "Preview "
		if e.Run != nil {
			kind = "Run "
		}
		return parts.CellData{Text: e.Name(), Detail: kind + e.ID(), Bold: true}
	case 3:
		return parts.CellData{Text: e.Numbers()}
	case 4:
		return parts.CellData{Text: e.Who()}
	}
	allowed := e.Allowed()
	return parts.CellData{Text: strings.Join(allowed, "; "), Tone: look.Held, Tip: strings.Join(allowed, "\n")}
}

// open shows a run, or a plan in the preview.
func (p *History) open(e view.Event) {
	if e.Run == nil {
		p.shell.Go(view.Route{Page: view.Preview, Plan: e.Plan.ID})
		return
	}
	p.again()
	task.Run(p.ctx, func(ctx context.Context) (view.RunDetail, error) { return view.OpenRun(ctx, p.services, e) }, func(d view.RunDetail, err error) {
		if err != nil {
			tell(p.message, err)
			p.content.Refresh()
			return
		}
		p.run(d)
	})
}

func (p *History) back() *parts.Button {
	return parts.NewIconButton("All history", look.IconChevronLeft, parts.Second, func() { p.Open(view.Route{Page: view.History}) })
}

func (p *History) run(d view.RunDetail) {
	r := d.Event.Run
	note := "Run " + r.ID + " · " + view.Ago(r.Started, p.services.Now()) + " · approved by " + r.Who + " · " + d.Event.Numbers()
	p.header.Set(r.Name, note)
	right := []fyne.CanvasObject{p.back(), parts.NewIconButton("Preview", look.IconEye, parts.Second, func() { p.shell.Go(view.Route{Page: view.Preview, Plan: r.Plan}) })}
	if r.Ended.IsZero() || r.Stopped {
		right = append(right, parts.NewIconButton("Go on", look.IconPlay, parts.Second, func() { p.goOn(*r) }))
	}
	if r.Counts[core.Done.String()] > 0 || r.Ended.IsZero() {
		right = append(right, parts.NewIconButton("Undo", look.IconUndo, parts.Primary, func() { undoRun(p.services, p.shell, p.message, r.ID) }))
	}
	p.header.SetRight(right...)
	var top []fyne.CanvasObject
	if allowed := d.Event.Allowed(); len(allowed) > 0 {
		top = append(top, parts.NewBanner(look.Held, "Limits were allowed for this run").WithDetail(strings.Join(allowed, "\n")))
	}
	p.put(parts.Column(12, append(top, parts.Fill(p.notes(d)))...))
}

// goOn continues a run that was cut off or stopped.
func (p *History) goOn(r view.Run) {
	task.Run(p.ctx, func(ctx context.Context) (*view.Follow, error) { return view.GoOn(ctx, p.services, r) }, func(f *view.Follow, err error) {
		if err != nil {
			tell(p.message, err)
			p.content.Refresh()
			return
		}
		handOver(handedOver{plan: f.Plan, follow: f})
		p.shell.Go(view.Route{Page: view.RunPage, Plan: f.Plan.ID})
	})
}

// notes is the list of what a run wrote.
func (p *History) notes(d view.RunDetail) fyne.CanvasObject {
	table := parts.NewDataTable([]parts.TableColumn{{ID: "kind", Title: "Change", Width: 112}, {ID: "person", Title: "Person", Width: 190, Least: 130},
		{ID: "what", Title: "What was written", Width: 320, Grow: true, Least: 160}, {ID: "state", Title: "Result", Width: 150, Least: 110}}, parts.RowTwoLines, func(row, col int) parts.CellData {
		n := d.Notes[row]
		switch col {
		case 0:
			return parts.CellData{Kind: parts.CellPill, Text: changeTitle(n.Verb, n.Cells, n.Second), Tone: verbTones[n.Verb]}
		case 1:
			return parts.CellData{Kind: parts.CellPerson, Text: n.Name, Detail: n.Person}
		case 2:
			changes, more := d.Changes(n, 2)
			return parts.CellData{Kind: parts.CellChanges, Changes: differences(changes, verbTones[n.Verb]), More: more}
		}
		return noteState(n)
	})
	table.SetRows(len(d.Notes))
	table.SetFoot("Press Enter on a row to see the person's timeline", "changes")
	table.SetEmpty(parts.NewEmptyState(look.IconHistory, "Nothing was written", "This run ended before its first change."))
	table.OnOpened = func(row int) {
		if person := d.Notes[row].Person; person != "" {
			p.Open(view.Route{Page: view.History, Person: person})
		}
	}
	return table
}

func noteState(n core.Noted) parts.CellData {
	switch {
	case n.Open:
		return parts.CellData{Text: "Not known", Detail: "The program ended before the answer came.", Tone: look.Held}
	case n.Outcome.Problem != nil:
		return parts.CellData{Text: n.Outcome.Problem.What, Detail: n.Outcome.Problem.Fix, Tone: look.Deactivate, Tip: n.Outcome.Problem.Error()}
	case n.Outcome.State == core.Done:
		return parts.CellData{Kind: parts.CellStatus, Icon: look.IconCheck, Text: "Done", Tone: look.Create}
	}
	return parts.CellData{Text: n.Outcome.State.String(), Tone: look.Held}
}
