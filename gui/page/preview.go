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

// Preview is the page on which a person looks at a plan before anything is written.
type Preview struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	opened   view.Opening
	r        *view.Review
	selected int // row of the plan in the panel, or -1
	making   bool

	content *fyne.Container
	header  *parts.PageHeader
	guard   *parts.Banner
	message *parts.Banner
	facets  *parts.PillRow
	terms   *parts.Text
	total   *parts.Text
	search  *parts.SearchBox
	filter  *parts.Button
	table   *parts.DataTable
	body    *fyne.Container // table and panel
	panel   *parts.Panel
	foot    *fyne.Container
	sync    *parts.Button
	out     *parts.Button // Export, in the foot
	rights  rehearsal
	asking  *question // whether to start, while it is asked
}

// NewPreview gives the page.
func NewPreview(services view.Services, shell Shell) Page {
	p := &Preview{services: services, shell: shell, selected: -1, content: container.NewStack(), cancel: func() {}}
	p.build()
	return p
}

// Content gives the page.
func (p *Preview) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail has its titles beside this page.
func (p *Preview) Wide() bool { return true }

// Leave lets the person go; a plan that is being made goes on.
func (p *Preview) Leave(func()) bool { return true }

// Find gives the search box, for Ctrl+F.
func (p *Preview) Find() fyne.Focusable { return p.search.Focusable() }

// Open shows the plan that the route means. A plan that is looked at already stays as it is, with its ticks.
func (p *Preview) Open(r view.Route) {
	if p.making || p.r != nil && (r.Plan == p.r.Plan.ID || r.Plan == "" && r.Sync == "") && p.opened.Run == nil {
		return
	}
	p.find(r)
}

func (p *Preview) find(r view.Route) {
	p.again()
	p.put(nil, parts.NewPanel(0, parts.NewSkeleton(12, parts.RowTwoLines)))
	task.Run(p.ctx, func(ctx context.Context) (view.Opening, error) { return view.FindPlan(ctx, p.services, r) }, func(o view.Opening, err error) {
		p.opened = o
		switch {
		case err != nil:
			p.put(nil, failedState(err, func() { p.find(r) }))
		case o.Review != nil:
			p.show(o.Review)
		case o.Make:
			p.makePlan(o.Sync)
		default:
			p.nothing()
		}
	})
}

// again ends what is under way and begins anew.
func (p *Preview) again() {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.r, p.selected, p.rights = nil, -1, rehearsal{}
	p.header.Set("Preview", "See every change before it is made.")
	p.header.SetRight(p.chooser()...)
}

// put fills the page below its header.
func (p *Preview) put(foot, body fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(0, p.header, parts.Fill(body)), foot)}
	p.content.Refresh()
	p.shell.Settle(nil)
}

// nothing says that there is no plan, and how to get one.
func (p *Preview) nothing() {
	p.header.SetRight(p.chooser()...)
	if p.opened.Sync == "" {
		p.put(nil, parts.NewEmptyState(look.IconEye, "No sync is set up yet", "Connect an HR system and a directory. Then this page shows every change before it is made.",
			parts.NewButton("Go to Integrations", parts.Primary, func() { p.shell.Go(view.Route{Page: view.Integrations}) })))
		return
	}
	p.put(nil, parts.NewEmptyState(look.IconEye, "No preview of "+p.opened.NameOf(p.opened.Sync)+" yet", "Both sides are read and compared. Nothing is written.",
		parts.NewButton("Make the preview", parts.Primary, func() { p.makePlan(p.opened.Sync) })))
}

// makePlan reads both sides. The person may leave meanwhile: the rail says that it goes on.
func (p *Preview) makePlan(sync string) {
	p.again()
	p.making = true
	ctx := p.ctx
	progress, body := newReading(ctx, "Reading people and accounts", func() { p.stopped(sync) })
	p.header.Set("Preview", p.opened.NameOf(sync))
	p.header.SetRight()
	p.put(nil, body)
	p.shell.Busy("Making the preview", &view.Route{Page: view.Preview})
	work := func(ctx context.Context) (*view.Review, error) {
		defer progress.end()
		return view.MakeReview(ctx, p.services, sync, progress.tell)
	}
	task.Run(ctx, work, func(r *view.Review, err error) {
		p.making = false
		p.shell.Busy("", nil)
		if err != nil {
			p.header.SetRight(p.chooser()...)
			p.put(nil, failedState(err, func() { p.makePlan(sync) }))
			return
		}
		p.opened.Sync, p.opened.Run = sync, nil
		p.show(r)
	})
}

// stopped is called when the person cancels the making of a plan.
func (p *Preview) stopped(sync string) {
	p.cancel()
	p.making = false
	p.shell.Busy("", nil)
	p.header.SetRight(p.chooser()...)
	p.put(nil, failedState(context.Canceled, func() { p.makePlan(sync) }))
}

// chooser offers the other syncs, where there are several.
func (p *Preview) chooser() []fyne.CanvasObject {
	if len(p.opened.Syncs) < 2 {
		return nil
	}
	var options []parts.Option
	for _, y := range p.opened.Syncs {
		options = append(options, parts.Option{ID: y.ID, Label: p.opened.NameOf(y.ID)})
	}
	choice := parts.NewChoice(options, p.opened.Sync, "Choose a sync")
	choice.OnChanged = func(id string) { p.unlessTouched(func() { p.find(view.Route{Page: view.Preview, Sync: id}) }) }
	return []fyne.CanvasObject{choice}
}

// unlessTouched asks before ticks are thrown away.
func (p *Preview) unlessTouched(do func()) {
	if p.r == nil || !p.r.Touched() {
		do()
		return
	}
	parts.Confirm(p.shell.Canvas(), "Leave this preview?", "What you ticked, unticked and allowed here is forgotten.", "Leave it", false, func(yes bool) {
		if yes {
			do()
		}
	})
}

// show draws a plan.
func (p *Preview) show(r *view.Review) {
	p.r, p.selected, p.rights = r, -1, rehearsal{}
	p.header.Set(r.Title(), r.Note(p.services.Now()))
	right := p.chooser()
	if r.Plan.Undo == "" && p.opened.Sync != "" {
		right = append(right, parts.NewIconButton("Make again", look.IconSync, parts.Second, func() {
			p.unlessTouched(func() { p.makePlan(p.opened.Sync) })
		}))
	}
	p.header.SetRight(right...)
	p.message.Hide()
	p.search.SetText("")
	p.table.SetSort("", false)
	p.facets.SetPills(p.pills()...)
	for _, f := range r.Facets() {
		p.facets.SetOn(f.Verb.String(), f.On)
	}
	if r.Empty() {
		p.put(nil, parts.Column(12, p.sumLine(), parts.Fill(parts.NewEmptyState(look.IconCheck, "Everything is as it should be",
			"Every account matches its person. There is nothing to sync.",
			parts.NewButton("See who was compared", parts.Second, func() { p.showUnchanged() })))))
		p.update()
		return
	}
	p.lay()
	p.rehearse()
}

func (p *Preview) showUnchanged() {
	for _, v := range []core.Verb{core.Unchanged, core.Skipped} {
		p.r.ShowVerb(v, true)
		p.facets.SetOn(v.String(), true)
	}
	p.lay()
}

func (p *Preview) sumLine() fyne.CanvasObject {
	return container.New(onOneLine{p.facets}, p.facets, p.terms, p.total)
}

// lay puts the loaded page in place: header, banners, facets, toolbar, table and panel, foot.
func (p *Preview) lay() {
	tools := parts.Row(look.GapControls, p.search, p.filter, parts.Spring(), p.exportButton(), parts.NewButton("Import decisions", parts.Second, p.importDecisions))
	left := parts.Column(10, tools, parts.Fill(p.table))
	p.body = container.New(beside{wide: 300, gap: look.GapCards, least: narrowPage}, left, p.panel)
	p.panel.Hide()
	p.put(parts.MinSize(0, 64, p.foot), parts.Column(12, p.guard, p.message, p.sumLine(), parts.Fill(p.body)))
	p.update()
	p.table.Select(-1)
	p.table.ScrollTo(0)
	if p.r.Len() > 0 && p.content.Size().Width >= narrowPage {
		p.table.Select(0)
	}
}

// update brings everything that depends on ticks, facets and search up to date.
func (p *Preview) update() {
	p.updateRows()
	p.updateGuard()
	p.updateFoot()
	terms, total := p.r.Equation()
	p.terms.SetText(terms)
	p.total.SetText(total)
	p.facets.SetPills(p.pills()...)
	label := "Filter"
	if n := p.r.NarrowLabel(); n != "" {
		label = "Filter: " + n
	}
	p.filter.SetText(label)
	p.content.Refresh() // banners that came or went move everything below them
	p.shell.Redrawn()
}

// updateRows shows other rows, and keeps the panel's row selected where it is still in view.
func (p *Preview) updateRows() {
	place := -1
	if p.selected >= 0 {
		place = p.r.Place(p.selected)
	}
	if p.table.Selected() != place {
		p.table.Select(-1)
	}
	p.table.SetRows(p.r.Len())
	if place >= 0 {
		p.table.Select(place)
	} else {
		p.closePanel()
	}
	p.ticksChanged()
}

func (p *Preview) ticksChanged() {
	p.table.SetHeadTick(boxes[p.r.HeadTick()])
	p.table.SetFoot(p.r.Foot(), "rows")
	p.table.RefreshRows()
}

func (p *Preview) updateFoot() {
	now := p.services.Now()
	sync := p.sync
	sync.SetText(p.r.SyncLabel())
	sync.SetEnabled(p.r.TickedRows() > 0 && !p.r.TooOld(now))
	sentence, note := p.r.Sentence(), p.r.SentenceNote(now)
	if run := p.opened.Run; run != nil {
		sentence, note = "This plan was applied "+view.Ago(run.Started, now)+" by "+run.Who+".", "Make it again to see what is to be done now."
		sync = parts.NewButton("See the run", parts.Primary, func() { p.shell.Go(view.Route{Page: view.RunPage, Run: run.ID}) }).WithHeight(38)
	}
	right := []fyne.CanvasObject{sync}
	if p.content.Size().Width >= narrowPage {
		right = []fyne.CanvasObject{p.out, sync}
	}
	p.foot.Objects = []fyne.CanvasObject{parts.FooterBar(parts.FooterText(sentence, note), right...)}
	p.foot.Refresh()
}
