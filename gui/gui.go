// Package gui is the one window of Rollcall: the rail, the pages, and the way between
// them. It exists so that pages know of each other by routes only. It starts no driver:
// the program's main package does, so that all of this builds without a display.
package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/page"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// Build makes the window, with theme and size as they were set, on its first page. It
// reads the settings before the screen's thread runs; the caller sets the scale before,
// and shows the window.
func Build(a fyne.App, s view.Services) fyne.Window {
	w := build(a, s)
	w.tellScreen()
	return w.win
}

// window is the router: it makes each page once and keeps it.
type window struct {
	app      fyne.App
	win      fyne.Window
	services view.Services
	work     *work
	rail     *parts.NavRail
	body     *fyne.Container
	busy     *busyBox
	pages    map[string]page.Page
	at       view.Route
	current  page.Page
	past     []view.Route
	keys     fyne.ShortcutHandler
	first    fyne.Focusable // what the open page wants to have the focus
	landing  bool           // a page was opened, and nothing of it has the focus yet
}

const (
	usualWidth, usualHeight float32 = 1280, 800
	leastWidth, leastHeight float32 = 900, 560
)

func build(a fyne.App, s view.Services) *window {
	settings, problem := s.Settings.Load(context.Background())
	a.Settings().SetTheme(look.New(variantOf(settings)))
	w := &window{app: a, win: a.NewWindow("Rollcall"), work: newWork(), pages: map[string]page.Page{}}
	w.services = w.work.watching(s)
	w.rail = parts.NewNavRail("Rollcall", entries...)
	w.rail.OnSelected = func(id string) { w.Go(view.Route{Page: id}) }
	w.body = container.NewStack()
	w.busy = newBusyBox(func(r view.Route) { w.Go(r) })
	side := container.NewStack(w.rail, w.busy.over)
	w.win.SetMaster()
	w.win.SetPadded(false)
	w.win.SetContent(parts.WithTips(container.New(sideBySide{}, side, parts.Frame(w.notice(problem), nil, w.body)), w.win.Canvas()))
	w.win.Resize(fyne.NewSize(max(settings.Width, leastWidth), max(settings.Height, leastHeight)))
	if settings.Width == 0 {
		w.win.Resize(fyne.NewSize(usualWidth, usualHeight))
	}
	w.win.SetCloseIntercept(w.closing)
	parts.OnFocusLost(w.Canvas(), w.Redrawn)
	w.shortcuts()
	w.open(view.Route{Page: view.Integrations})
	return w
}

func variantOf(s view.Settings) look.Variant {
	switch v := look.Variant(s.Look); v {
	case look.Light, look.Dark:
		return v
	}
	return look.System
}

var entries = []parts.NavEntry{
	{ID: view.Integrations, Title: "Integrations", Icon: look.IconGrid},
	{ID: view.PeoplePage, Title: "People", Icon: look.IconUser},
	{ID: view.Mappings, Title: "Mappings", Icon: look.IconMapping},
	{ID: view.Preview, Title: "Preview", Icon: look.IconEye},
	{ID: view.RunPage, Title: "Sync runs", Icon: look.IconSync},
	{ID: view.History, Title: "History", Icon: look.IconHistory},
	{ID: view.SettingsPage, Title: "Settings", Icon: look.IconSettings},
}

var makers = map[string]func(view.Services, page.Shell) page.Page{
	view.Integrations: page.NewIntegrations,
	view.Setup:        page.NewSetup,
	view.PeoplePage:   page.NewPeople,
	view.Mappings:     page.NewMappings,
	view.Preview:      page.NewPreview,
	view.RunPage:      page.NewRun,
	view.History:      page.NewHistory,
	view.SettingsPage: page.NewSettings,
}

// notice says above all pages that nothing is kept, where there is no keychain, or that
// the settings could not be read.
func (w *window) notice(problem error) fyne.CanvasObject {
	what, tone := core.AsProblem(problem), look.Deactivate
	if w.services.Session {
		what, tone = w.services.Why, look.Held
	}
	if what == nil && !w.services.Session {
		return nil
	}
	text, detail := "This session only: Rollcall keeps nothing when you close it.", ""
	if what != nil {
		detail = what.What + " " + what.Fix
	}
	if !w.services.Session {
		text, detail = what.What, what.Fix
	}
	return parts.Pad(12, look.InsetPage, 0, look.InsetPage, parts.NewBanner(tone, text).WithDetail(detail))
}

// Go opens a page, unless the one that is open asks the person first.
func (w *window) Go(r view.Route) {
	w.leave(func() {
		w.past = append(w.past, w.here())
		w.open(r)
	})
}

// Back opens the page before, or the first one.
func (w *window) Back() {
	w.leave(func() {
		r := view.Route{Page: view.Integrations}
		if n := len(w.past); n > 0 {
			r, w.past = w.past[n-1], w.past[:n-1]
		}
		w.open(r)
	})
}

func (w *window) leave(then func()) {
	if w.current == nil || w.current.Leave(then) {
		then()
	}
}

// here gives the place to come back to: a page may know it better than the route by
// which it was opened, such as a wizard that has become a draft.
func (w *window) here() view.Route {
	if p, ok := w.current.(interface{ Here() view.Route }); ok {
		return p.Here()
	}
	return w.at
}

func (w *window) open(r view.Route) {
	p, known := w.pages[r.Page]
	if !known {
		p = makers[r.Page](w.services, w)
		w.pages[r.Page] = p
	}
	w.at, w.current = r, p
	w.first, w.landing = nil, true
	w.body.Objects = []fyne.CanvasObject{p.Content()}
	p.Open(r)
	w.rail.SetRail(!p.Wide())
	w.rail.Select(railEntry(r.Page))
	w.busy.show(w.rail.Rail(), r.Page)
	w.win.Content().Refresh()
	if w.landing {
		w.Settle(nil)
	}
}

// railEntry gives the row that is marked: the wizard belongs to Integrations.
func railEntry(page string) string {
	if page == view.Setup {
		return view.Integrations
	}
	return page
}

// Canvas gives what dialogs are shown on.
func (w *window) Canvas() fyne.Canvas { return w.win.Canvas() }

// Busy shows in the rail that work goes on, with the way back to it.
func (w *window) Busy(text string, back *view.Route) {
	w.busy.set(text, back)
	w.busy.show(w.rail.Rail(), w.at.Page)
}

// Applied makes a changed look visible. A changed scale counts from the next start: the
// toolkit reads it once.
func (w *window) Applied(s view.Settings) {
	w.app.Settings().SetTheme(look.New(variantOf(s)))
	w.win.Content().Refresh()
}

// closing asks where work goes on or typed answers would be lost, and then closes.
func (w *window) closing() {
	if w.work.running() == 0 {
		w.leave(w.close)
		return
	}
	parts.Confirm(w.Canvas(), "Stop the work and close?", "Rollcall is still reading or writing. What was written stays written and is noted; a run that is stopped can be continued from History.", "Stop and close", true, func(yes bool) {
		if yes {
			w.busy.set("Stopping…", nil)
			w.busy.show(w.rail.Rail(), "")
			task.Run(context.Background(), w.work.stop, func(struct{}, error) { w.close() })
		}
	})
}

// close remembers the size and closes.
func (w *window) close() {
	size := w.Canvas().Size()
	remember := func(ctx context.Context) (struct{}, error) {
		s, err := w.services.Settings.Load(ctx)
		if err != nil {
			return struct{}{}, err
		}
		s.Width, s.Height = size.Width, size.Height
		return struct{}{}, w.services.Settings.Save(ctx, s)
	}
	task.Run(context.Background(), remember, func(struct{}, error) { // a size that is not remembered keeps nobody from closing
		w.win.SetCloseIntercept(nil)
		parts.ForgetTips(w.Canvas())
		w.win.Close()
	})
}

var _ page.Shell = (*window)(nil)
