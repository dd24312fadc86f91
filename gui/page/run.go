package page

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// Run is the page of a run: how far it is, what became of each change, and what can be done about it. A run goes on while
// another page is shown.
type Run struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	follow   *view.Follow
	seen     view.RunAt
	which    view.Which

	content *fyne.Container
	header  *parts.PageHeader
	result  *parts.Banner
	message *parts.Banner
	card    *progressCard
	pills   *parts.PillRow
	live    *parts.Chip
	table   *parts.DataTable
	reason  *parts.Panel  // all about the failed row that is selected
	handed  *parts.Banner // what the target's own engine has
	pause   *parts.Button
	stop    *parts.Button
	note    *parts.Text
}

// NewRun gives the page.
func NewRun(services view.Services, shell Shell) Page {
	p := &Run{services: services, shell: shell, content: container.NewStack(), cancel: func() {}}
	p.build()
	return p
}

// Content gives the page.
func (p *Run) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail has its titles beside this page.
func (p *Run) Wide() bool { return true }

// Leave lets the person go: the run goes on.
func (p *Run) Leave(func()) bool { return true }

// Open starts the run that was handed over, shows the one that goes on, or says which was the last.
func (p *Run) Open(r view.Route) {
	if h, ok := takeOver(r.Plan); ok {
		if p.follow != nil && p.seen.Phase != view.Ended {
			p.message.Set(look.Held, "Another run goes on already.", "Wait until it has ended, or cancel it. Then press Sync now again.", closing(p.message))
			p.content.Refresh()
			return
		}
		if h.follow == nil {
			h.follow = view.NewFollow(p.services, h.plan, h.approval, h.sync)
		}
		p.start(h.follow)
		return
	}
	going := p.follow != nil && p.seen.Phase != view.Ended
	named := r.Run != "" || r.Plan != ""
	if going || p.follow != nil && (!named || r.Run != "" && r.Run == p.seen.Run.ID) {
		return
	}
	if r.Run != "" {
		p.shell.Go(view.Route{Page: view.History, Run: r.Run})
		return
	}
	p.last(r.Plan)
}

// last shows what there is to do when nothing goes on here: a run that was cut off can be continued.
func (p *Run) last(plan string) {
	p.put(parts.NewPanel(0, parts.NewSkeleton(12, parts.RowOneLine)))
	p.ctx, p.cancel = context.WithCancel(context.Background())
	task.Run(p.ctx, func(ctx context.Context) (view.LastRun, error) { return view.FindLastRun(ctx, p.services, plan) }, func(l view.LastRun, err error) {
		p.header.Set("Sync runs", "A run writes what a preview showed, and nothing else.")
		switch {
		case err != nil:
			p.put(failedState(err, func() { p.last(plan) }))
		case l.CutOff != nil:
			p.put(parts.NewEmptyState(look.IconPause, l.Run.Name+" was cut off", "It began "+view.Ago(l.Run.Started, p.services.Now())+" and did not end. What was written is written down; the rest can go on.",
				parts.NewButton("See what was done", parts.Second, func() { p.shell.Go(view.Route{Page: view.History, Run: l.Run.ID}) }),
				parts.NewButton("Go on", parts.Primary, func() { p.start(l.CutOff) })))
		case l.Run.ID != "":
			p.put(parts.NewEmptyState(look.IconSync, "Nothing is running", "The last run was "+l.Run.Name+", "+view.Ago(l.Run.Started, p.services.Now())+".",
				parts.NewButton("See it", parts.Second, func() { p.shell.Go(view.Route{Page: view.History, Run: l.Run.ID}) }),
				parts.NewButton("Go to the preview", parts.Primary, func() { p.shell.Go(view.Route{Page: view.Preview}) })))
		default:
			p.put(parts.NewEmptyState(look.IconSync, "Nothing was synced yet", "Look at a preview and press Sync now. This page then shows every change as it is made.",
				parts.NewButton("Go to the preview", parts.Primary, func() { p.shell.Go(view.Route{Page: view.Preview}) })))
		}
	})
}

func (p *Run) put(body fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(12, p.header, parts.Fill(body)), nil)}
	p.content.Refresh()
	p.shell.Settle(nil)
}

// start begins a run, or goes on with one.
func (p *Run) start(f *view.Follow) {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.follow, p.seen = f, view.RunAt{}
	p.which = view.AllOutcomes
	p.pills.Select("all")
	p.card = newProgressCard()
	p.result.Hide()
	p.message.Hide()
	p.lay()
	p.work()
}

// work lets the run write until it ends, is paused or is cancelled.
func (p *Run) work() {
	f := p.follow
	p.shell.Busy("Syncing "+f.Plan.Name, &view.Route{Page: view.RunPage})
	f.Begin()
	p.show(f.At())
	task.Watch(p.ctx, f.At, func(at view.RunAt) bool { return at.Phase == view.Ended || at.Phase == view.Paused }, func(at view.RunAt) {
		if p.follow == f {
			p.show(at)
		}
	})
	task.Run(p.ctx, f.Go, func(view.Run, error) {
		if p.follow != f {
			return
		}
		p.show(f.At())
		if p.seen.Phase == view.Paused {
			p.shell.Busy("Sync paused", &view.Route{Page: view.RunPage})
		} else {
			p.shell.Busy("", nil)
		}
	})
}

func (p *Run) build() {
	p.header = parts.NewPageHeader("Sync runs", "")
	p.result, p.message, p.handed = parts.NewBanner(look.Create, ""), parts.NewBanner(look.Neutral, ""), parts.NewBanner(look.Neutral, "")
	p.reason = parts.NewTintedPanel(look.Deactivate, 12, container.NewStack())
	p.handed.Hide()
	p.result.Hide()
	p.message.Hide()
	p.reason.Hide()
	p.pause = parts.NewIconButton("Pause", look.IconPause, parts.Second, p.pauseOrGo)
	p.stop = parts.NewButton("Cancel", parts.Destructive, p.askCancel)
	p.pills = parts.NewCategories("all", parts.Pill{ID: "all", Label: "All"}, parts.Pill{ID: "failed", Label: "Failed"}, parts.Pill{ID: "retried", Label: "Retried"})
	p.pills.OnChanged = func(id string, _ bool) {
		p.which = map[string]view.Which{"failed": view.FailedOutcomes, "retried": view.RetriedOutcomes}[id]
		p.table.Select(-1)
		p.closeReason()
		p.table.SetRows(p.follow.Len(p.which))
	}
	p.live = parts.NewStatusChip("Live", look.Create)
	p.table = parts.NewDataTable([]parts.TableColumn{{ID: "time", Title: "Time", Width: 84}, {ID: "kind", Title: "Change", Width: 122}, {ID: "person", Title: "Person", Width: 176, Least: 130},
		{ID: "what", Title: "What", Width: 260, Grow: true, Least: 140}, {ID: "state", Title: "Result", Width: 128, Least: 110}, {ID: "took", Title: "Took", Width: 68, Right: true}}, parts.RowTwoLines, p.cell)
	p.table.SetEmpty(parts.NewEmptyState(look.IconClock, "Nothing here yet", "Each change appears here as soon as it is made, the newest first."))
	p.table.OnSelected = p.explain
	p.table.OnOpened = p.explain
}

func (p *Run) lay() {
	list := parts.Column(10, parts.Row(16, parts.NewText("Last outcomes", parts.CardTitle), p.pills, parts.Spring(), p.live), p.reason, parts.Fill(p.table))
	p.note = parts.NewText(usualNote, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})
	p.put(parts.Column(14, p.result, p.message, p.handed, parts.NewPanel(look.InsetPage, p.card.content), parts.Fill(list), p.note))
}

// show brings the page to a moment of the run.
func (p *Run) show(at view.RunAt) {
	p.seen = at
	title, note := p.follow.Heading(at)
	p.header.Set(title, note)
	p.card.show(at)
	p.buttons(at)
	p.pills.SetPills(parts.Pill{ID: "all", Label: "All", Count: view.Thousands(at.Said)}, parts.Pill{ID: "failed", Label: "Failed", Count: view.Thousands(at.Failed)},
		parts.Pill{ID: "retried", Label: "Retried", Count: view.Thousands(at.Retried)})
	showIf(p.live, at.Phase == view.Running)
	showIf(p.note, at.Phase != view.Ended)
	if n := p.follow.Len(p.which); n != p.table.Rows() {
		p.grow(n)
	}
	p.table.SetFoot("Newest first", "outcomes")
	p.result.Hide()
	p.showHanded(at)
	if at.Phase == view.Ended {
		p.showResult(at)
	}
	p.makeRoom()
	p.content.Refresh() // numbers grow and banners come: what is beside and below them moves
	p.shell.Redrawn()
}

const (
	usualNote  = "Pause lets the accounts in hand finish. Cancel keeps what is done and leaves the rest as it was."
	handedNote = "Pause and Cancel stop the asking only: what was handed over goes on there."
)

// showHanded says what the target's own engine has and has not answered.
func (p *Run) showHanded(at view.RunAt) {
	p.handed.Hide()
	p.note.SetText(usualNote)
	if text, detail := at.HandedOver(); text != "" {
		p.handed.Set(look.Update, text, detail)
		p.note.SetText(handedNote)
	}
}

// grow shows more outcomes; the one that is selected stays selected while newer ones come in above it.
func (p *Run) grow(n int) {
	more := n - p.table.Rows()
	selected := p.table.Selected()
	p.table.SetRows(n)
	if selected >= 0 && more > 0 {
		p.table.Select(selected + more)
	}
}

func (p *Run) buttons(at view.RunAt) {
	switch at.Phase {
	case view.Ended:
		p.header.SetRight(p.afterwards(at)...)
		return
	case view.Paused:
		p.pause.SetText("Go on")
		p.pause.SetIcon(look.IconPlay)
	default:
		p.pause.SetText(map[bool]string{true: "Pausing…", false: "Pause"}[at.Phase == view.Pausing])
		p.pause.SetIcon(look.IconPause)
	}
	p.pause.SetEnabled(at.Phase == view.Running || at.Phase == view.Paused)
	p.stop.SetText(map[bool]string{true: "Stopping…", false: "Cancel"}[at.Phase == view.Stopping])
	p.stop.SetEnabled(at.Phase == view.Running || at.Phase == view.Paused)
	p.header.SetRight(p.pause, p.stop)
}

// afterwards are the buttons once the run has ended.
func (p *Run) afterwards(at view.RunAt) []fyne.CanvasObject {
	buttons := []fyne.CanvasObject{parts.NewIconButton("Export", look.IconExport, parts.Second, p.export)}
	if at.Done > 0 && at.Run.ID != "" && p.follow.Plan.Undo == "" {
		buttons = append(buttons, parts.NewIconButton("Undo", look.IconUndo, parts.Second, func() { undoRun(p.services, p.shell, p.message, at.Run.ID) }))
	}
	switch {
	case at.Handed.Open() > 0:
		buttons = append(buttons, parts.NewIconButton("Ask again", look.IconSync, parts.Primary, p.work))
	case at.Failed > 0:
		buttons = append(buttons, parts.NewIconButton("Retry failed", look.IconSync, parts.Primary, p.work))
	case at.Done < at.Total:
		buttons = append(buttons, parts.NewIconButton("Go on", look.IconPlay, parts.Primary, p.work))
	default:
		buttons = append(buttons, parts.NewButton("Preview again", parts.Primary, func() { p.shell.Go(view.Route{Page: view.Preview, Sync: p.follow.Sync}) }))
	}
	return buttons
}

func (p *Run) showResult(at view.RunAt) {
	text, detail, good := at.Result()
	tone := look.Held
	if good {
		tone = look.Create
	} else if at.Problem != nil {
		tone = look.Deactivate
	}
	p.result.Set(tone, text, detail)
}

func (p *Run) pauseOrGo() {
	if p.seen.Phase == view.Paused {
		p.work()
		return
	}
	p.follow.Pause()
	p.show(p.follow.At())
}

func (p *Run) askCancel() {
	parts.Confirm(p.shell.Canvas(), "Cancel this run?", "What is done stays done, the rest is left as it was. You can go on later, or take back what was done.", "Cancel the run", true, func(yes bool) {
		if yes {
			p.follow.Cancel()
			p.show(p.follow.At())
			if p.seen.Phase == view.Ended {
				p.shell.Busy("", nil)
			}
		}
	})
}

func (p *Run) cell(place, col int) parts.CellData {
	if p.follow == nil {
		return parts.CellData{}
	}
	s := p.follow.Outcome(p.which, place)
	if s.At.IsZero() {
		return parts.CellData{}
	}
	switch col {
	case 0:
		return parts.CellData{Text: s.At.Format("15:04:05"), Muted: true}
	case 1:
		row := &p.follow.Plan.Rows[s.Row]
		return parts.CellData{Kind: parts.CellPill, Text: changeTitle(row.Verb, row.Cells, s.Second), Tone: verbTones[row.Verb]}
	case 2:
		name, number := p.follow.Plan.Rows[s.Row].Subject()
		return parts.CellData{Kind: parts.CellPerson, Text: name, Detail: number}
	case 3:
		if s.Problem != nil {
			return parts.CellData{Text: s.Problem.What, Detail: s.Problem.Fix, Tone: look.Deactivate, Tip: s.Problem.Error()}
		}
		return parts.CellData{Text: p.follow.What(s.Outcome), Muted: true}
	case 4:
		return stateCell(s)
	}
	return parts.CellData{Text: fmt.Sprintf("%.1f s", s.Took.Seconds()), Muted: true}
}

// changeTitle names a kind of change; the second pass sets managers, when all accounts exist.
func changeTitle(v core.Verb, cells []core.Cell, second bool) string {
	if second {
		return "Manager set"
	}
	return view.RowTitle(v, cells)
}

func stateCell(s view.Said) parts.CellData {
	switch {
	case s.State == core.Failed && s.Problem != nil && s.Problem.Code == core.Unknown:
		return parts.CellData{Kind: parts.CellStatus, Icon: look.IconWarning, Text: "Not known", Tone: look.Held, Bold: true}
	case s.State == core.Failed:
		return parts.CellData{Kind: parts.CellStatus, Icon: look.IconError, Text: "Failed", Tone: look.Deactivate, Bold: true}
	case s.State == core.Drifted:
		return parts.CellData{Kind: parts.CellStatus, Icon: look.IconWarning, Text: "Changed since", Tone: look.Held, Bold: true}
	case s.Retried:
		return parts.CellData{Kind: parts.CellStatus, Icon: look.IconCheck, Text: "Done at retry", Tone: look.Create}
	}
	return parts.CellData{Kind: parts.CellStatus, Icon: look.IconCheck, Text: "Done", Tone: look.Create}
}

// explain shows all about a failed row above the list: the platform's sentence, what to do, the attribute it is about, and
// what the platform's support finds the request by.
func (p *Run) explain(place int) {
	s := p.follow.Outcome(p.which, place)
	if s.Problem == nil {
		p.closeReason()
		return
	}
	r := p.follow.Refusal(s)
	shut := parts.NewIconButton("", look.IconCross, parts.Plain, p.closeReason).WithTip("Close").WithHeight(26)
	rows := []fyne.CanvasObject{parts.Before(10, parts.NewText(r.Name+": "+r.What, parts.Style{Bold: true, Color: look.Deactivate.Text(), Lines: 5}), shut)}
	if r.Fix != "" {
		rows = append(rows, parts.NewText(r.Fix, parts.Style{Size: look.TextTable, Lines: 5}))
	}
	var last []fyne.CanvasObject
	for i, c := range r.About {
		line := parts.DifferenceLine(parts.Difference{Attribute: c.Attribute, Before: c.Before, After: c.After, Created: c.Fresh, Tone: look.Held})
		if i == len(r.About)-1 && r.Trace != "" {
			last = append(last, parts.MinWidth(340, line))
			break
		}
		rows = append(rows, line)
	}
	if r.Trace != "" {
		copied := parts.NewIconButton("Copy", look.IconCopy, parts.Link, func() { fyne.CurrentApp().Clipboard().SetContent(r.Trace) }).WithHeight(22).WithTip("What the platform's support finds the request by")
		last = append(last, parts.Fill(parts.NewText(r.Trace, parts.Style{Size: look.TextCaption, Color: look.Muted, Shrink: true, Align: trailingIf(len(last) > 0)})), copied)
	}
	if len(last) > 0 {
		rows = append(rows, parts.Row(8, last...))
	}
	p.reason.SetContent(parts.Column(6, rows...))
	p.reason.Show()
	p.makeRoom()
	p.content.Refresh()
	p.shell.Redrawn()
}

func (p *Run) closeReason() {
	p.reason.Hide()
	p.makeRoom()
	p.content.Refresh()
}

// lowPage is the height below which the bars of the kinds give way to what has to be read.
const lowPage float32 = 760

func (p *Run) makeRoom() {
	low := p.content.Size().Height < lowPage
	showIf(p.card.byKind, !low || !p.reason.Visible() && !p.handed.Visible())
}

func trailingIf(right bool) fyne.TextAlign {
	if right {
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}

func (p *Run) export() {
	f := p.follow
	save(context.Background(), p.services, p.message, "Export the outcomes", "run-"+p.seen.Run.ID+".csv", func(_ context.Context, path string) error { return f.WriteOutcomes(path) })
}

// progressCard is the big number, the bar, and a bar for each kind of change.
type progressCard struct {
	content *fyne.Container
	percent *parts.Text
	through *parts.Text
	sorts   *parts.Text
	left    *parts.Text
	pace    *parts.Text
	bar     *parts.ProgressBar
	byKind  *fyne.Container // what gives way where there is little room
	kinds   *fyne.Container
	rows    map[core.Verb]*kindRow
}

type kindRow struct {
	bar         *parts.ProgressBar
	count, note *parts.Text
}

func newProgressCard() *progressCard {
	right := parts.Style{Size: look.TextCard, Bold: true, Align: fyne.TextAlignTrailing}
	small := parts.Style{Size: look.TextTable, Color: look.Muted}
	c := &progressCard{percent: parts.NewText("0 %", parts.Style{Size: look.TextBig, Bold: true}), through: parts.NewText("", parts.CardTitle), sorts: parts.NewText("", small),
		left: parts.NewText("", right), pace: parts.NewText("", parts.Style{Size: look.TextTable, Color: look.Muted, Align: fyne.TextAlignTrailing}),
		bar: parts.NewProgressBar(look.Accent, 8), kinds: parts.Column(16), rows: map[core.Verb]*kindRow{}}
	top := parts.Row(18, c.percent, parts.Column(2, c.through, c.sorts), parts.Spring(), parts.Column(2, c.left, c.pace))
	c.byKind = parts.Column(14, parts.Separator(), c.kinds)
	c.content = parts.Column(14, top, c.bar, c.byKind)
	return c
}

func (c *progressCard) show(at view.RunAt) {
	c.percent.SetText(at.Percent())
	headline, sorts := at.Through()
	c.through.SetText(headline)
	c.sorts.SetText(sorts)
	c.left.SetText(at.Left())
	c.pace.SetText(at.Pace())
	c.bar.Set(at.Share())
	for _, k := range at.Kinds {
		c.kind(k)
	}
	c.content.Refresh()
}

func (c *progressCard) kind(k view.KindProgress) {
	row := c.rows[k.Verb]
	if row == nil {
		row = &kindRow{bar: parts.NewProgressBar(verbTones[k.Verb], 6), count: parts.NewText("", parts.Style{Size: look.TextTable, Bold: true, Align: fyne.TextAlignTrailing}),
			note: parts.NewText("", parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})}
		c.rows[k.Verb] = row
		pill := parts.MinWidth(94, parts.Row(0, parts.NewKindPill(view.VerbTitle(k.Verb), verbTones[k.Verb])))
		c.kinds.Add(parts.Row(14, pill, parts.Fill(row.bar), parts.MinWidth(120, row.count), parts.MinWidth(190, row.note)))
	}
	total := float64(max(k.Total, 1))
	row.bar.Set(float64(k.Done)/total, float64(k.Failed)/total)
	row.count.SetText(view.Thousands(k.Done+k.Failed) + " of " + view.Thousands(k.Total))
	row.note.SetText(k.Note())
	colour := look.Muted
	if k.Failed > 0 {
		colour = look.ErrorText
	} else if k.Waited > 0 {
		colour = look.Held.Text()
	}
	row.note.SetStyle(parts.Style{Size: look.TextTable, Color: colour, Shrink: true})
}

// undoRun makes the plan that takes a run back and opens it in the preview: nothing is written before it is approved there.
func undoRun(services view.Services, shell Shell, banner *parts.Banner, run string) {
	text := "A preview of the undo is made first: what was created, changed or switched off, and what cannot be taken back. Nothing is written before you press Sync now there."
	parts.Confirm(shell.Canvas(), "Undo this run?", text, "Make the undo preview", false, func(yes bool) {
		if !yes {
			return
		}
		task.Run(context.Background(), func(ctx context.Context) (*core.Plan, error) { return services.Runs.Undo(ctx, run) }, func(p *core.Plan, err error) {
			if err != nil {
				tell(banner, err)
				return
			}
			shell.Go(view.Route{Page: view.Preview, Plan: p.ID})
		})
	})
}
