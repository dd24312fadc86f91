package gui

import (
	"context"
	"image/png"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/headless"
	"rollcall/gui/look"
	"rollcall/gui/page"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// PreviewPNG draws the preview page of a plan, 1280 by 800 in the light look, as a
// person would see it. It needs no display: the software painter draws. It must not be called in
// a program that has a window.
func PreviewPNG(w io.Writer, p *core.Plan, target core.Spec) error {
	a := headless.New()
	defer a.Quit()
	a.Settings().SetTheme(look.New(look.Light))
	win := a.NewWindow("Rollcall")
	shell := &stillShell{win}
	preview := page.NewPreview(stillServices(p, target), shell)
	rail := parts.NewNavRail("Rollcall", entries...)
	rail.Select(view.Preview)
	win.SetPadded(false)
	win.SetContent(container.New(sideBySide{}, rail, preview.Content()))
	win.Resize(fyne.NewSize(usualWidth, usualHeight))
	preview.Open(view.Route{Page: view.Preview, Plan: p.ID})
	a.Settle()
	win.Content().Refresh()
	return png.Encode(w, win.Canvas().Capture())
}

// stillShell is a window that stays where it is.
type stillShell struct{ win fyne.Window }

// Go stays.
func (s *stillShell) Go(view.Route) {}

// Back stays.
func (s *stillShell) Back() {}

// Canvas gives the canvas.
func (s *stillShell) Canvas() fyne.Canvas { return s.win.Canvas() }

// Settle gives nothing the focus.
func (s *stillShell) Settle(fyne.Focusable) {}

// Redrawn gives nothing the focus.
func (s *stillShell) Redrawn() {}

// Busy says nothing.
func (s *stillShell) Busy(string, *view.Route) {}

// Applied changes nothing.
func (s *stillShell) Applied(view.Settings) {}

// stillServices know one plan and nothing else.
func stillServices(p *core.Plan, target core.Spec) view.Services {
	still := stillPlan{p, target}
	return view.Services{Plans: still, Runs: noRuns{}, Syncs: noSyncs{}, Settings: noSettings{}, Now: func() time.Time { return p.Made }}
}

type stillPlan struct {
	plan   *core.Plan
	target core.Spec
}

// Make gives the plan.
func (s stillPlan) Make(context.Context, string, func(core.Progress)) (*core.Plan, error) {
	return s.plan, nil
}

// Open gives the plan.
func (s stillPlan) Open(context.Context, string) (*core.Plan, error) { return s.plan, nil }

// List gives the plan's head.
func (s stillPlan) List(context.Context) ([]view.PlanHead, error) {
	return []view.PlanHead{{ID: s.plan.ID, Name: s.plan.Name, Hash: s.plan.Hash, Made: s.plan.Made}}, nil
}

// Target gives the target.
func (s stillPlan) Target(context.Context, *core.Plan) (core.Spec, error) { return s.target, nil }

// Options gives nothing: how a connection is set is not told in a picture.
func (s stillPlan) Options(context.Context, *core.Plan) (map[string]string, error) { return nil, nil }

// noRuns, noSyncs and noSettings answer what a preview may ask beside its plan.
type noRuns struct{ view.Runs }

// List gives none.
func (noRuns) List(context.Context) ([]view.Run, error) { return nil, nil }

// Rehearse asks nobody.
func (noRuns) Rehearse(context.Context, *core.Plan) ([]core.Right, error) { return nil, nil }

type noSyncs struct{ view.Syncs }

// List gives none.
func (noSyncs) List(context.Context) ([]view.Sync, error) { return nil, nil }

type noSettings struct{}

// Load gives none.
func (noSettings) Load(context.Context) (view.Settings, error) { return view.Settings{}, nil }

// Save keeps nothing.
func (noSettings) Save(context.Context, view.Settings) error { return nil }

// Prune removes nothing.
func (noSettings) Prune(context.Context) error { return nil }

// Place is nowhere.
func (noSettings) Place() string { return "" }
