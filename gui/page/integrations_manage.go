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

// manage opens the list of a system's connections.
func (p *Integrations) manage(c view.Card) {
	m := &manager{page: p, spec: c.Spec, rows: parts.Column(12), note: parts.NewBanner(look.Neutral, ""), busy: map[string]bool{}}
	m.note.Hide()
	scroll := container.NewVScroll(parts.Pad(2, 10, 4, 2, m.rows))
	body := parts.Column(12, m.note, parts.MinSize(0, float32(min(len(c.Connections), 3))*162, scroll))
	done := parts.NewButton("Done", parts.Primary, nil)
	another := parts.NewIconButton("New connection", look.IconPlus, parts.Second, func() {
		m.leaveFor(view.Route{Page: view.Setup, Connector: c.Spec.ID})
	})
	m.dialog = parts.NewDialog(p.shell.Canvas(), c.Spec.Name, c.Spec.Description, body, another, done)
	done.OnTapped = m.dialog.Close
	m.fill(c)
	m.dialog.Show(700)
}

// manager is the open list of one system's connections.
type manager struct {
	page   *Integrations
	spec   core.Spec
	dialog *parts.Dialog
	rows   *fyne.Container
	note   *parts.Banner
	busy   map[string]bool
}

func (m *manager) leaveFor(r view.Route) {
	m.dialog.Close()
	m.page.shell.Go(r)
}

func (m *manager) fill(c view.Card) {
	m.rows.Objects = nil
	for _, one := range c.Connections {
		m.rows.Add(m.row(one))
	}
	if len(c.Connections) == 0 {
		m.rows.Add(parts.NewNotice(look.Neutral, "There is no connection to "+m.spec.Name+" any more."))
	}
	m.rows.Refresh()
}

func (m *manager) row(c view.Connection) fyne.CanvasObject {
	state, sentence := m.page.systems.StateOf(c)
	word := "Connected"
	if state == view.NeedsAttention {
		word = "Needs attention"
	}
	chip := parts.NewStatusChip(word, stateTones[state])
	if m.busy[c.ID] {
		chip, sentence = parts.NewStatusChip("Testing…", look.Neutral), "Asking "+m.spec.Name+"."
	}
	head := parts.Row(10, parts.Fill(parts.NewText(c.Name, parts.Style{Size: look.TextCard, Bold: true, Shrink: true})), chip)
	test := parts.NewButton("Test", parts.Second, func() { m.test(c) }).WithHeight(30)
	test.SetEnabled(!m.busy[c.ID])
	tools := []fyne.CanvasObject{test,
		parts.NewButton("Edit", parts.Second, func() { m.leaveFor(view.Route{Page: view.Setup, Connection: c.ID}) }).WithHeight(30),
		parts.NewButton("Rename", parts.Second, func() { m.rename(c) }).WithHeight(30),
		parts.NewButton("Forget", parts.Destructive, func() { m.forget(c) }).WithHeight(30),
	}
	if m.spec.Has(core.CanManifest) {
		tools = append(tools, parts.NewButton("Export as manifest…", parts.Second, func() { m.export(c) }).WithHeight(30).
			WithTip("What was described, without credentials, to be used on another computer."))
	}
	tools = append(tools, parts.Spring(), m.next(c))
	return parts.NewPanel(16, parts.Column(8, head, parts.NewText(sentence, parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3}),
		parts.NewText(m.page.systems.Uses(c), parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3}), parts.Pad(4, 0, 0, 0, parts.Row(8, tools...))))
}

// next is the way on: to the preview of a sync that uses the connection, else to a new
// sync or to the draft of one.
func (m *manager) next(c view.Connection) fyne.CanvasObject {
	if syncs := m.page.systems.SyncsOf(c); len(syncs) > 0 {
		label, to := "Preview", view.Route{Page: view.Preview, Sync: syncs[0].ID}
		if syncs[0].Draft {
			label, to.Page = "Continue set-up", view.Setup
		}
		return parts.NewButton(label, parts.Tinted, func() { m.leaveFor(to) }).WithHeight(30)
	}
	return parts.NewButton("Set up sync", parts.Tinted, func() { m.leaveFor(view.Route{Page: view.Setup, Connection: c.ID}) }).WithHeight(30)
}

// export writes down what was described, for somebody else.
func (m *manager) export(c view.Connection) {
	save(context.Background(), m.page.services, m.note, "Export as manifest", view.ManifestName(c), func(ctx context.Context, path string) error {
		return view.ExportManifest(ctx, m.page.services, c, path)
	})
}

func (m *manager) test(c view.Connection) {
	m.busy[c.ID] = true
	m.fill(m.page.systems.Card(m.spec))
	try := func(ctx context.Context) (core.Health, error) {
		return m.page.services.Connections.Test(ctx, c.Connector, view.PlainAnswers(c), c.ID)
	}
	task.Run(context.Background(), try, func(h core.Health, err error) {
		delete(m.busy, c.ID)
		if err == nil {
			m.note.Set(look.Create, c.Name+": "+h.Summary, "")
		} else {
			tell(m.note, err)
		}
		m.reload()
	})
}

// reload reads the connections again and shows them in the list and behind it.
func (m *manager) reload() {
	load := func(ctx context.Context) (view.Systems, error) { return view.LoadSystems(ctx, m.page.services) }
	task.Run(context.Background(), load, func(s view.Systems, err error) {
		if err != nil {
			tell(m.note, err)
			return
		}
		m.page.arrived(s, nil)
		m.fill(s.Card(m.spec))
	})
}

func (m *manager) rename(c view.Connection) {
	name := parts.NewField(parts.Question{Label: "Connection name", Value: c.Name, Help: "Shown in lists and in the history."})
	cancel, keep := parts.NewButton("Cancel", parts.Second, nil), parts.NewButton("Rename", parts.Primary, nil)
	d := parts.NewDialog(m.page.shell.Canvas(), "Rename connection", "", name, cancel, keep)
	cancel.OnTapped = d.Close
	keep.OnTapped = func() {
		save := func(ctx context.Context) (struct{}, error) {
			return struct{}{}, view.Rename(ctx, m.page.services, c, name.Value())
		}
		task.Run(context.Background(), save, func(_ struct{}, err error) {
			if err != nil {
				name.SetProblem(core.AsProblem(err).Error())
				return
			}
			d.Close()
			m.reload()
		})
	}
	name.OnSubmitted = func(string) { keep.OnTapped() }
	d.Show(440)
	m.page.shell.Canvas().Focus(name.Focusable())
}

func (m *manager) forget(c view.Connection) {
	text := "Its credentials are removed from the keychain, and everything that was read through it from this computer. " + m.spec.Name + " itself is not changed."
	if n := len(m.page.systems.SyncsOf(c)); n > 0 {
		text += " " + view.Count(n, "sync uses it and needs", "syncs use it and need") + " another connection then."
	}
	parts.Confirm(m.page.shell.Canvas(), "Forget “"+c.Name+"”?", text, "Forget", true, func(yes bool) {
		if !yes {
			return
		}
		forget := func(ctx context.Context) (struct{}, error) {
			return struct{}{}, m.page.services.Connections.Forget(ctx, c.ID)
		}
		task.Run(context.Background(), forget, func(_ struct{}, err error) {
			tell(m.note, err)
			m.reload()
		})
	})
}
