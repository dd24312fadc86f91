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

// Settings is the page of what is set once for the whole program.
type Settings struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	cancel   context.CancelFunc
	set      *view.Preferences
	wrong    map[string]string // by box: what cannot be read
	tab      string

	content *fyne.Container
	header  *parts.PageHeader
	message *parts.Banner
	tabs    *parts.Tabs
	body    *fyne.Container
	keep    *parts.Button
	undo    *parts.Button
	state   *parts.Text
}

// NewSettings gives the page.
func NewSettings(services view.Services, shell Shell) Page {
	p := &Settings{services: services, shell: shell, content: container.NewStack(), cancel: func() {}, tab: "guards"}
	p.header = parts.NewPageHeader("Settings", "They hold for all connections and syncs on this computer.")
	p.message = parts.NewBanner(look.Neutral, "")
	p.message.Hide()
	p.body = container.NewStack()
	p.tabs = parts.NewTabs(p.tab, parts.Tab{ID: "guards", Title: "Limits"}, parts.Tab{ID: "protected", Title: "Protected accounts"}, parts.Tab{ID: "look", Title: "Look"},
		parts.Tab{ID: "data", Title: "Data"}, parts.Tab{ID: "network", Title: "Network"}, parts.Tab{ID: "syncs", Title: "Syncs"}, parts.Tab{ID: "about", Title: "About"})
	p.tabs.OnSelected = func(id string) { p.tab = id; p.fill() }
	p.keep = parts.NewButton("Save", parts.Primary, func() { p.save(nil) }).WithHeight(36)
	p.undo = parts.NewButton("Discard", parts.Second, func() { p.set = nil; p.Open(view.Route{}) }).WithHeight(36)
	p.state = parts.NewText("", parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})
	return p
}

// Content gives the page.
func (p *Settings) Content() fyne.CanvasObject { return p.content }

// Wide says that the rail has its titles beside this page.
func (p *Settings) Wide() bool { return true }

// Leave asks what is to become of changes that are not saved.
func (p *Settings) Leave(goOn func()) bool {
	if p.set == nil || !p.set.Changed() {
		p.cancel()
		p.set = nil
		return true
	}
	stay, drop, keep := parts.NewButton("Stay", parts.Second, nil), parts.NewButton("Discard", parts.Destructive, nil), parts.NewButton("Save", parts.Primary, nil)
	d := parts.NewDialog(p.shell.Canvas(), "Save the settings?", "Something was changed and is not saved yet.", nil, stay, drop, keep)
	stay.OnTapped = d.Close
	drop.OnTapped = func() { d.Close(); p.set = nil; goOn() }
	keep.OnTapped = func() { d.Close(); p.save(goOn) }
	d.Show(440)
	return false
}

// Open reads the settings; changes that are not saved yet stay.
func (p *Settings) Open(view.Route) {
	if p.set != nil {
		return
	}
	p.cancel()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	task.Run(p.ctx, func(ctx context.Context) (*view.Preferences, error) { return view.LoadPreferences(ctx, p.services) }, func(set *view.Preferences, err error) {
		if err != nil {
			p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(0, p.header, parts.Fill(failedState(err, func() { p.Open(view.Route{}) }))), nil)}
			p.content.Refresh()
			return
		}
		p.set, p.wrong = set, map[string]string{}
		foot := parts.FooterBar(p.state, p.undo, p.keep)
		p.content.Objects = []fyne.CanvasObject{inPage(parts.Column(0, p.header, p.message, p.tabs, parts.Fill(p.body)), foot)}
		p.fill()
		p.shell.Settle(parts.Start(p.tabs))
	})
}

// fill shows the tab that is chosen.
func (p *Settings) fill() {
	if p.set == nil {
		return
	}
	tab := map[string]func() fyne.CanvasObject{"guards": p.guards, "protected": p.protected, "look": p.looks, "data": p.data, "network": p.network, "syncs": p.syncs, "about": p.about}[p.tab]
	p.body.Objects = []fyne.CanvasObject{container.NewVScroll(parts.Pad(16, 12, 12, 2, parts.Column(16, tab())))}
	p.content.Refresh()
	p.changed()
}

// changed brings the foot up to date.
func (p *Settings) changed() {
	dirty := p.set.Changed()
	text := "Everything is saved."
	if dirty {
		text = "Not saved yet."
	}
	for _, wrong := range p.wrong {
		text = wrong
	}
	p.state.SetText(text)
	p.keep.SetEnabled(dirty && len(p.wrong) == 0)
	p.undo.SetEnabled(dirty || len(p.wrong) > 0)
}

// save keeps everything and then goes on, where there is something to go on with.
func (p *Settings) save(then func()) {
	set := p.set
	task.Run(context.Background(), func(ctx context.Context) (view.Settings, error) { return set.Save(ctx, p.services) }, func(s view.Settings, err error) {
		if err != nil {
			p.say(err)
			return
		}
		set.Saved()
		p.shell.Applied(s)
		p.message.Hide()
		p.changed()
		if then != nil {
			p.set = nil
			then()
		}
	})
}

func (p *Settings) say(err error) {
	tell(p.message, err)
	p.content.Refresh()
}

func (p *Settings) good(text string) {
	p.message.Set(look.Create, text, "", parts.NewButton("Close", parts.Second, func() { p.message.Hide(); p.content.Refresh() }))
	p.content.Refresh()
}

func (p *Settings) guards() fyne.CanvasObject {
	rows := []fyne.CanvasObject{}
	for i, g := range p.set.GuardRows() {
		if i > 0 {
			rows = append(rows, parts.Separator())
		}
		rows = append(rows, p.guardRow(g))
	}
	defaults := parts.NewButton("Restore defaults", parts.Second, func() {
		p.set.Guards = core.DefaultGuards()
		p.wrong = map[string]string{}
		p.fill()
	})
	spread := parts.NewButton("Use for all syncs", parts.Second, p.spread)
	spread.SetEnabled(len(p.set.Syncs) > 0)
	text := parts.NewText("A limit stops a surprising plan before its first write. It can be allowed for one plan, with a reason. These hold for syncs set up from now on; an empty box switches a limit off.",
		parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3})
	return parts.NewSection("Limits", "", parts.Column(0, append([]fyne.CanvasObject{text, parts.Pad(12, 0, 0, 0, parts.Separator())}, rows...)...), defaults, spread)
}

func (p *Settings) guardRow(g view.GuardRow) fyne.CanvasObject {
	words := parts.Column(2, parts.NewText(g.Title, parts.Style{Size: look.TextTable, Bold: true, Shrink: true}),
		parts.NewText(g.Words+" Usually "+g.Usual+".", parts.Style{Size: look.TextCaption, Color: look.Muted, Lines: 2}))
	row := []fyne.CanvasObject{parts.Fill(words)}
	if g.Percent != nil {
		box := parts.NewInput("off", view.Percentage(*g.Percent))
		box.OnChanged = p.reading(g.Title+" %", func(text string) (err error) {
			v, err := view.ReadPercentage(text)
			if err == nil {
				*g.Percent = v
			}
			return err
		})
		row = append(row, parts.MinWidth(64, box), parts.MinWidth(146, parts.NewText(g.PercentUnit, parts.Caption)))
	}
	if g.Count != nil {
		box := parts.NewInput("off", view.Number(*g.Count))
		box.OnChanged = p.reading(g.Title, func(text string) error {
			n, err := view.ReadNumber(text)
			if err == nil {
				*g.Count = n
			}
			return err
		})
		if g.Percent != nil {
			row = append(row, parts.NewText(g.CountIs, parts.Caption), parts.MinWidth(70, box))
		} else {
			row = append(row, parts.MinWidth(64, box), parts.MinWidth(146, parts.NewText(g.CountIs, parts.Caption)))
		}
	}
	return parts.Pad(10, 0, 10, 0, parts.Row(10, row...))
}

// reading takes what is typed into a box, or notes what is wrong with it.
func (p *Settings) reading(box string, take func(string) error) func(string) {
	return func(text string) {
		delete(p.wrong, box)
		if err := take(text); err != nil {
			p.wrong[box] = box + ": " + err.Error()
		}
		p.changed()
	}
}

func (p *Settings) spread() {
	set := p.set
	parts.Confirm(p.shell.Canvas(), "Use these limits for all syncs?", "The limits of "+view.Count(len(set.Syncs), "sync are", "syncs are")+" replaced. Previews made from now on use them.", "Replace them", false, func(yes bool) {
		if !yes {
			return
		}
		task.Run(context.Background(), func(ctx context.Context) (int, error) { return set.SpreadGuards(ctx, p.services) }, func(n int, err error) {
			if err != nil {
				p.say(err)
				return
			}
			p.good("The limits of " + view.Count(n, "sync were", "syncs were") + " replaced.")
		})
	})
}

func (p *Settings) protected() fyne.CanvasObject {
	area := parts.NewField(parts.Question{Kind: parts.AreaField, Label: "Accounts that are never changed", Value: strings.Join(p.set.Protected, "\n"), Placeholder: "admin@corp.example",
		Help: "One a line: an account's ID, sign-in name or e-mail. They show in previews as locked, with the reason."})
	area.OnChanged = func(text string) { p.set.Protected = view.ReadProtected(text); p.changed() }
	text := parts.NewText("Administrators and emergency accounts that a directory marks itself are protected without being listed here.", parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3})
	return parts.NewSection("Protected accounts", "", parts.Column(12, text, area))
}

func (p *Settings) looks() fyne.CanvasObject {
	theme := parts.NewField(parts.Question{Kind: parts.ChoiceField, Label: "Colours", Value: p.set.Look, Help: "Seen at once when saved.",
		Options: []parts.Option{{ID: "system", Label: "As the computer is set"}, {ID: "light", Label: "Light"}, {ID: "dark", Label: "Dark"}}})
	theme.OnChanged = func(id string) { p.set.Look = id; p.changed() }
	sizes := map[string]float32{"75": 0.75, "90": 0.9, "100": 1, "110": 1.1, "125": 1.25, "150": 1.5, "200": 2}
	chosen := "100"
	var options []parts.Option
	for _, id := range []string{"75", "90", "100", "110", "125", "150", "200"} {
		options = append(options, parts.Option{ID: id, Label: id + " %"})
		if sizes[id] == p.set.Scale {
			chosen = id
		}
	}
	size := parts.NewField(parts.Question{Kind: parts.ChoiceField, Label: "Size of everything", Value: chosen, Options: options, Help: "Seen when Rollcall is started again."})
	size.OnChanged = func(id string) { p.set.Scale = sizes[id]; p.changed() }
	return parts.NewSection("Look", "", parts.ResponsiveGrid(240, look.GapCards, theme, size))
}
