package page

import (
	"context"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

func (p *Settings) data() fyne.CanvasObject {
	days := parts.NewField(parts.Question{Label: "Keep readings, previews and runs for (days)", Value: view.Number(p.set.Retention), Placeholder: "for ever",
		Help: "What is older is removed when Rollcall starts. Empty keeps everything. A run that was removed can no longer be undone."})
	days.OnChanged = p.reading("Days", func(text string) error {
		n, err := view.ReadNumber(text)
		if err == nil {
			p.set.Retention = n
		}
		return err
	})
	place := p.services.Settings.Place()
	where := "Everything is kept in one file on this computer. What is about people is sealed; the key is in the keychain, and so are passwords and keys of connections."
	if p.services.Session || place == "" {
		where = "Nothing is kept: Rollcall works for this session only, because there is no keychain."
		if p.services.Why != nil {
			where += " " + p.services.Why.Error()
		}
		place = "This session only"
	}
	clean := parts.NewButton("Clean up now", parts.Second, p.prune)
	return parts.Column(16, parts.NewSection("Retention", "", days, clean),
		parts.NewSection("Where data is kept", "", parts.Column(8, parts.NewText(where, parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 4}),
			parts.NewText(place, parts.Style{Size: look.TextTable, Mono: true, Shrink: true}))))
}

func (p *Settings) prune() {
	if p.set.Changed() {
		p.message.Set(look.Held, "Save the settings first.", "Then what is older than they say is removed.")
		p.content.Refresh()
		return
	}
	text := "Readings, previews and runs that are older than " + view.Count(p.set.Retention, "day", "days") + " are removed. This cannot be undone."
	if p.set.Retention == 0 {
		text = "Everything is kept, so only what was left over is removed."
	}
	parts.Confirm(p.shell.Canvas(), "Clean up now?", text, "Clean up", p.set.Retention > 0, func(yes bool) {
		if !yes {
			return
		}
		task.Run(context.Background(), func(ctx context.Context) (struct{}, error) { return struct{}{}, p.services.Settings.Prune(ctx) }, func(_ struct{}, err error) {
			if err != nil {
				p.say(err)
				return
			}
			p.good("Cleaned up.")
		})
	})
}

func (p *Settings) network() fyne.CanvasObject {
	ca := parts.NewField(parts.Question{Label: "Certificates of your own", Note: "optional", Value: p.set.CAFile, Placeholder: "The system's", Help: "A PEM file of extra certificate authorities, where your network inspects traffic or a directory has a certificate of your own."})
	ca.OnChanged = func(text string) { p.set.CAFile = text; p.changed() }
	choose := parts.NewIconButton("Choose a file", look.IconFile, parts.Second, func() {
		task.Run(p.ctx, func(ctx context.Context) (string, error) {
			return p.services.Desktop.OpenFile(ctx, "Certificates", []string{"pem", "crt", "cer"})
		}, func(path string, err error) {
			switch {
			case err != nil:
				p.say(err)
			case path != "":
				ca.SetValue(path)
			}
		})
	})
	proxy := parts.NewField(parts.Question{Label: "Proxy", Note: "optional", Value: p.set.Proxy, Placeholder: "As the computer is set", Help: "Looks like http://proxy.corp.example:8080. Empty uses the system's own setting."})
	proxy.OnChanged = func(text string) { p.set.Proxy = text; p.changed() }
	return parts.NewSection("Network", "", parts.Column(14, ca, proxy), choose)
}

func (p *Settings) syncs() fyne.CanvasObject {
	imports := parts.NewIconButton("Import a configuration", look.IconImport, parts.Second, p.importSync)
	text := parts.NewText("A configuration holds what a sync reads, whom it means, the mapping and the limits. It holds no passwords and no people.", parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3})
	rows := []fyne.CanvasObject{text}
	for _, y := range p.set.Syncs {
		export := parts.NewIconButton("Export", look.IconExport, parts.Second, func() {
			save(context.Background(), p.services, p.message, "Export the configuration", view.ConfigName(y), func(_ context.Context, path string) error { return view.ExportSync(p.services, y, path) })
		})
		forget := parts.NewButton("Forget", parts.Destructive, func() { p.forget(y) })
		rows = append(rows, parts.Separator(), parts.Row(10, parts.Fill(parts.NewText(y.Name, parts.Style{Bold: true, Shrink: true})), export, forget))
	}
	if len(p.set.Syncs) == 0 {
		rows = append(rows, parts.NewText("No sync is set up yet.", parts.Muted))
	}
	return parts.NewSection("Syncs", "", parts.Column(12, rows...), imports)
}

func (p *Settings) importSync() {
	type result struct {
		sync view.Sync
		done bool
	}
	read := func(ctx context.Context) (result, error) {
		path, err := p.services.Desktop.OpenFile(ctx, "Import a configuration", []string{"yaml", "yml"})
		if err != nil || path == "" {
			return result{}, err
		}
		y, err := view.ImportSync(ctx, p.services, path)
		return result{y, true}, err
	}
	task.Run(context.Background(), read, func(r result, err error) {
		switch {
		case err != nil:
			p.say(err)
		case r.done && r.sync.Draft:
			p.shell.Go(view.Route{Page: view.Setup, Sync: r.sync.ID})
		case r.done:
			p.good("The configuration of " + r.sync.Name + " was replaced.")
		}
	})
}

func (p *Settings) forget(y view.Sync) {
	parts.Confirm(p.shell.Canvas(), "Forget "+y.Name+"?", "Its mapping, limits and remembered matches are removed. Accounts stay as they are, and so do both connections.", "Forget it", true, func(yes bool) {
		if !yes {
			return
		}
		task.Run(context.Background(), func(ctx context.Context) (*view.Preferences, error) {
			if err := p.services.Syncs.Delete(ctx, y.ID); err != nil {
				return nil, err
			}
			return view.LoadPreferences(ctx, p.services)
		}, func(now *view.Preferences, err error) {
			if err != nil {
				p.say(err)
				return
			}
			p.set.Syncs = now.Syncs
			p.fill()
		})
	})
}

func (p *Settings) about() fyne.CanvasObject {
	lines := []fyne.CanvasObject{parts.NewText("Rollcall "+p.services.Version, parts.CardTitle)}
	for _, s := range []string{"Reads the people in an HR system, shows every change that the directory would need, and makes exactly those changes when you press Sync now.",
		"Everything runs on this computer: no server, no account with us, no telemetry."} {
		lines = append(lines, parts.NewText(s, parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3}))
	}
	return parts.NewSection("About", "", parts.Column(8, lines...))
}
