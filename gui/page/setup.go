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

// Setup is the wizard: from two systems to a plan. It can be left at any time; what was
// done is kept as a draft.
type Setup struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	route    view.Route
	w        *view.Wizard
	step     int
	material *view.Material
	access   *access
	board    *board
	content  *fyne.Container
	first    fyne.Focusable // what the next step begins with, where it says so
}

// NewSetup gives the page.
func NewSetup(services view.Services, shell Shell) Page {
	return &Setup{services: services, shell: shell, ctx: context.Background(), cancel: func() {}, content: container.NewStack()}
}

// Content gives the page.
func (p *Setup) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail shows icons only.
func (p *Setup) Wide() bool { return false }

// Open begins or goes on where the route says.
func (p *Setup) Open(r view.Route) {
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.route, p.w, p.material, p.access, p.board = r, nil, nil, nil, nil
	p.put(parts.Pad(look.InsetPage, look.InsetPage, look.InsetPage, look.InsetPage, parts.NewSkeleton(6, 76)))
	task.Run(p.ctx, func(ctx context.Context) (*view.Wizard, error) { return view.LoadWizard(ctx, p.services, r) }, func(w *view.Wizard, err error) {
		if err != nil {
			p.failed(err, func() { p.Open(r) })
			return
		}
		p.w = w
		p.to(min(w.Sync.Step, view.StepMapping))
	})
}

// Here gives the draft to come back to, once there is one.
func (p *Setup) Here() view.Route {
	if p.w != nil && p.w.Sync.ID != "" {
		return view.Route{Page: view.Setup, Sync: p.w.Sync.ID}
	}
	return p.route
}

// Leave asks where typed answers would be lost; all else is a draft already.
func (p *Setup) Leave(goOn func()) bool {
	if p.w == nil || p.step != view.StepAccess || p.access == nil || !p.access.dirty {
		p.leave()
		return true
	}
	parts.Confirm(p.shell.Canvas(), "Leave without saving the connection?", "What you typed for "+p.access.end.Spec.Name+" is not kept: it was not tested and saved yet.", "Leave", true, func(yes bool) {
		if yes {
			p.access.dirty = false
			p.leave()
			goOn()
		}
	})
	return false
}

func (p *Setup) leave() {
	p.cancel()
	if p.w != nil && p.w.Sync.ID != "" && p.w.Sync.Draft {
		task.Run(context.Background(), p.keeping(), func(view.Sync, error) {}) // what matters was kept at the last Continue
	}
}

func (p *Setup) put(o fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{o}
	p.content.Refresh()
	p.shell.Settle(p.first)
	p.first = nil
}

func (p *Setup) failed(err error, again func()) {
	problem := core.AsProblem(err)
	p.put(parts.NewEmptyState(look.IconError, problem.What, problem.Fix,
		parts.NewButton("Back", parts.Second, p.back), parts.NewButton("Try again", parts.Primary, again)))
}

// to shows a step, after reading both systems where it needs them.
func (p *Setup) to(step int) {
	if !p.w.Ready() {
		step = view.StepAccess
	}
	p.step, p.board = step, nil
	switch {
	case step == view.StepAccess:
		p.access = newAccess(p)
		p.access.show()
	case p.material == nil:
		p.read(func() { p.to(step) })
	case step == view.StepFilter:
		newFilterStep(p).show()
	case step == view.StepScope:
		newScopeStep(p).show()
	case step == view.StepMapping:
		p.showMapping()
	default:
		p.finish()
	}
}

// next keeps the draft and goes on.
func (p *Setup) next(step int) {
	p.w.Sync.Step = max(p.w.Sync.Step, step)
	w := p.w
	task.Run(p.ctx, p.keeping(), func(kept view.Sync, err error) {
		if err != nil {
			p.failed(err, func() { p.next(step) })
			return
		}
		w.Sync.ID, w.Sync.Updated = kept.ID, kept.Updated
		p.to(step)
	})
}

func (p *Setup) keeping() func(context.Context) (view.Sync, error) {
	y := p.w.Sync
	return func(ctx context.Context) (view.Sync, error) { return view.KeepDraft(ctx, p.services, y, y.Step) }
}

// back goes to the step before, or out of the wizard.
func (p *Setup) back() {
	switch {
	case p.w == nil || p.step == view.StepAccess:
		p.shell.Back()
	default:
		p.to(p.step - 1)
	}
}

// read opens both systems and reads what the next steps work with.
func (p *Setup) read(then func()) {
	r := reader{p.services, p.put, func() { p.to(view.StepAccess) }}
	r.read(p.ctx, p.w.Sync.Setup, p.w.Title(), func(m view.Material, err error) {
		if err != nil {
			p.failed(err, func() { p.read(then) })
			return
		}
		p.material = &m
		p.w.Sync.Setup = view.SuggestKey(m, p.w.Sync.Setup)
		then()
	})
}

// finish makes the draft a sync and shows its preview.
func (p *Setup) finish() {
	y := p.w.Sync
	y.Draft = false
	save := func(ctx context.Context) (view.Sync, error) {
		return view.KeepDraft(ctx, p.services, y, view.StepPreview)
	}
	task.Run(p.ctx, save, func(kept view.Sync, err error) {
		if err != nil {
			p.failed(err, p.finish)
			return
		}
		p.w.Sync = kept
		p.shell.Go(view.Route{Page: view.Preview, Sync: kept.ID})
	})
}

// title names the step, and then the systems, which the way above it names too: they are cut first.
func (p *Setup) title() string {
	from, to := p.w.Ends[view.SourceEnd].Spec.Name, p.w.Ends[view.TargetEnd].Spec.Name
	return view.StepNames()[p.step] + " · " + from + " → " + to
}

// frame puts a step between the wizard's header and its foot.
func (p *Setup) frame(title string, body fyne.CanvasObject, left fyne.CanvasObject, right ...fyne.CanvasObject) {
	steps := parts.NewStepper(p.step, view.StepNames()...)
	steps.OnTapped = func(i int) { p.to(i) }
	header := parts.NewWizardHeader(title, steps,
		parts.Crumb{Text: "Integrations", OnTapped: func() { p.shell.Go(view.Route{Page: view.Integrations}) }},
		parts.Crumb{Text: p.w.Title()}, parts.Crumb{Text: "Set-up"})
	p.put(parts.Frame(parts.Pad(14, look.InsetPage, 0, look.InsetPage, header), parts.FooterBar(left, right...),
		parts.Pad(8, look.InsetPage, 16, look.InsetPage, body)))
}

// wayOn gives the usual buttons of the foot.
func (p *Setup) wayOn(enabled bool, next func()) []fyne.CanvasObject {
	on := parts.NewButton("Continue", parts.Primary, next).WithHeight(36)
	on.SetEnabled(enabled)
	return []fyne.CanvasObject{parts.MinWidth(96, parts.NewButton("Back", parts.Quiet, p.back).WithHeight(36)), parts.MinWidth(120, on)}
}

// saved says when the draft was kept.
func (p *Setup) saved() fyne.CanvasObject {
	text := "Your answers are kept as a draft; you can leave and come back."
	if !p.w.Sync.Draft {
		text = "Changes are kept when you continue."
	}
	return parts.Row(8, parts.NewIcon(look.IconClock, 16, look.Muted), parts.Fill(parts.NewText(text, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})))
}
