package page

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// showMapping is the wizard's step of the mapping.
func (p *Setup) showMapping() {
	m := view.NewMapping(view.Meant(*p.material, p.w.Sync.Setup, p.services.Now()), p.w.Sync.Setup, p.services.Now())
	if len(p.w.Sync.Setup.Mapping) == 0 {
		m.Smart()
	}
	b := newBoard(p.ctx, p.services, p.shell, m)
	p.board = b
	p.w.Sync.Setup = m.Setup()
	foot := p.wayOn(true, func() {
		if m.Progress().Mapped == 0 {
			b.smart()
			return
		}
		p.next(view.StepPreview)
	})
	b.changed = func() { p.w.Sync.Setup = m.Setup() }
	p.frame(p.title(), b.content(), b.state(), foot...)
}

// Undo takes the last change of the mapping back, for Ctrl+Z.
func (p *Setup) Undo() {
	if p.board != nil {
		p.board.Undo()
	}
}

// Redo makes it again.
func (p *Setup) Redo() {
	if p.board != nil {
		p.board.Redo()
	}
}

// Find gives the search box of the mapping, for Ctrl+F.
func (p *Setup) Find() fyne.Focusable {
	if p.board == nil {
		return nil
	}
	return p.board.search.Focusable()
}

// Mappings is the page of all syncs, and of the mapping of one.
type Mappings struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	sync     view.Sync
	board    *board
	dirty    bool
	content  *fyne.Container
	note     *parts.Banner
}

// NewMappings gives the page.
func NewMappings(services view.Services, shell Shell) Page {
	return &Mappings{services: services, shell: shell, ctx: context.Background(), cancel: func() {}, content: container.NewStack()}
}

// Content gives the page.
func (p *Mappings) Content() fyne.CanvasObject { return p.content }

// Wide says that the board takes the room of the rail's titles.
func (p *Mappings) Wide() bool { return p.sync.ID == "" }

// Open shows the list, or the mapping of the route's sync.
func (p *Mappings) Open(r view.Route) {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.board, p.dirty, p.sync = nil, false, view.Sync{ID: r.Sync}
	p.put(parts.Pad(look.InsetPage, look.InsetPage, look.InsetPage, look.InsetPage, parts.NewSkeleton(5, 76)))
	task.Run(p.ctx, p.services.Syncs.List, func(all []view.Sync, err error) {
		if err != nil {
			p.failed(err, r)
			return
		}
		i := slices.IndexFunc(all, func(y view.Sync) bool { return y.ID == r.Sync })
		if r.Sync == "" || i < 0 {
			p.sync = view.Sync{}
			p.list(all)
			return
		}
		p.sync = all[i]
		p.read()
	})
}

// Leave asks where changes would be lost.
func (p *Mappings) Leave(goOn func()) bool {
	if !p.dirty {
		p.cancel()
		return true
	}
	parts.Confirm(p.shell.Canvas(), "Leave without saving the mapping?", "The changes you made to the rules of "+p.sync.Name+" are lost.", "Leave", true, func(yes bool) {
		if yes {
			p.dirty = false
			goOn()
		}
	})
	return false
}

func (p *Mappings) put(o fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{o}
	p.content.Refresh()
	p.shell.Settle(nil)
}

func (p *Mappings) failed(err error, r view.Route) {
	problem := core.AsProblem(err)
	p.put(parts.NewEmptyState(look.IconError, problem.What, problem.Fix,
		parts.NewButton("Back", parts.Second, p.shell.Back), parts.NewButton("Try again", parts.Primary, func() { p.Open(r) })))
}

func (p *Mappings) list(all []view.Sync) {
	create := parts.NewIconButton("New sync", look.IconPlus, parts.Primary, func() { p.shell.Go(view.Route{Page: view.Setup}) })
	if len(all) == 0 {
		p.put(parts.NewEmptyState(look.IconMapping, "No sync yet", "A sync brings the people of one system into another. Its mapping says which field becomes which attribute.", create))
		return
	}
	p.note = parts.NewBanner(look.Neutral, "")
	p.note.Hide()
	rows := []fyne.CanvasObject{}
	for _, y := range all {
		rows = append(rows, p.row(y))
	}
	header := parts.NewPageHeader("Mappings", "Which field becomes which attribute, for each sync.", create)
	p.put(parts.Pad(look.InsetPage, 0, 0, look.InsetPage, parts.Column(12, parts.Pad(0, look.InsetPage, 0, 0, parts.Column(12, header, p.note)),
		parts.Fill(container.NewVScroll(parts.Pad(4, look.InsetPage, look.InsetPage, 0, parts.Column(12, rows...)))))))
}

func (p *Mappings) row(y view.Sync) fyne.CanvasObject {
	chip := parts.NewStatusChip("In use", look.Create)
	note := view.Count(len(y.Setup.Mapping), "attribute", "attributes") + " mapped · changed " + view.Ago(y.Updated, p.services.Now())
	main := parts.NewButton("Edit mapping", parts.Tinted, func() { p.shell.Go(view.Route{Page: view.Mappings, Sync: y.ID}) })
	buttons := []fyne.CanvasObject{main,
		parts.NewButton("Set-up", parts.Second, func() { p.shell.Go(view.Route{Page: view.Setup, Sync: y.ID}) }),
		parts.NewButton("Preview", parts.Second, func() { p.shell.Go(view.Route{Page: view.Preview, Sync: y.ID}) })}
	if y.Draft {
		chip = parts.NewStatusChip("Draft", look.Neutral)
		note = "Stopped at “" + view.StepNames()[min(y.Step, view.StepPreview)] + "” · " + view.Ago(y.Updated, p.services.Now())
		buttons = []fyne.CanvasObject{parts.NewButton("Continue set-up", parts.Tinted, func() { p.shell.Go(view.Route{Page: view.Setup, Sync: y.ID}) })}
	}
	buttons = append(buttons, parts.NewIconButton("", look.IconTrash, parts.Second, func() { p.remove(y) }).WithTip("Delete this sync"))
	words := parts.Column(6, parts.NewText(y.Name, parts.Style{Size: look.TextCard, Bold: true, Shrink: true}),
		parts.Row(10, chip, parts.Fill(parts.NewText(note, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true}))))
	return parts.NewPanel(18, parts.Row(14, parts.NewLogo(y.Name, 40), parts.Fill(words), parts.Row(8, buttons...)))
}

func (p *Mappings) remove(y view.Sync) {
	parts.Confirm(p.shell.Canvas(), "Delete “"+y.Name+"”?", "Its filter, mapping and memory of who has which account are removed. Connections, accounts and the history of runs stay.", "Delete", true, func(yes bool) {
		if !yes {
			return
		}
		remove := func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.services.Syncs.Delete(ctx, y.ID)
		}
		task.Run(p.ctx, remove, func(_ struct{}, err error) {
			if err != nil {
				tell(p.note, err)
				p.content.Refresh()
				return
			}
			p.Open(view.Route{Page: view.Mappings})
		})
	})
}

func (p *Mappings) read() {
	r := reader{p.services, p.put, p.shell.Back}
	r.read(p.ctx, p.sync.Setup, p.sync.Name, func(m view.Material, err error) {
		if err != nil {
			p.failed(err, view.Route{Page: view.Mappings, Sync: p.sync.ID})
			return
		}
		p.edit(view.Meant(m, p.sync.Setup, p.services.Now()))
	})
}

// edit shows the board of one sync.
func (p *Mappings) edit(m view.Material) {
	b := newBoard(p.ctx, p.services, p.shell, view.NewMapping(m, p.sync.Setup, p.services.Now()))
	p.board = b
	save := parts.NewButton("Save", parts.Primary, p.save).WithHeight(36)
	save.Disable()
	b.changed = func() {
		p.dirty = true
		save.Enable()
	}
	p.note = parts.NewBanner(look.Neutral, "")
	p.note.Hide()
	header := parts.NewPageHeader(p.sync.Name, "Mapping · changes count from the next preview.", parts.NewButton("Preview", parts.Second, func() {
		p.shell.Go(view.Route{Page: view.Preview, Sync: p.sync.ID})
	}))
	foot := parts.FooterBar(b.state(), parts.MinWidth(96, parts.NewButton("Back", parts.Quiet, p.shell.Back).WithHeight(36)), parts.MinWidth(120, save))
	p.put(parts.Frame(parts.Pad(look.InsetPage, look.InsetPage, 0, look.InsetPage, parts.Column(8, header, p.note)), foot,
		parts.Pad(0, look.InsetPage, 16, look.InsetPage, b.content())))
}

func (p *Mappings) save() {
	y := p.sync
	y.Setup = p.board.m.Setup()
	keep := func(ctx context.Context) (view.Sync, error) { return p.services.Syncs.Save(ctx, y) }
	task.Run(p.ctx, keep, func(kept view.Sync, err error) {
		if err != nil {
			tell(p.note, err)
			p.content.Refresh()
			return
		}
		p.sync, p.dirty = kept, false
		p.note.Set(look.Create, "Saved. The next preview follows these rules.", "")
		p.content.Refresh()
	})
}

// Undo takes the last change back, for Ctrl+Z.
func (p *Mappings) Undo() {
	if p.board != nil {
		p.board.Undo()
	}
}

// Redo makes it again.
func (p *Mappings) Redo() {
	if p.board != nil {
		p.board.Redo()
	}
}

// Find gives the search box, for Ctrl+F.
func (p *Mappings) Find() fyne.Focusable {
	if p.board == nil {
		return nil
	}
	return p.board.search.Focusable()
}
