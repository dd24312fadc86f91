package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// importFiles are the entries of the export menu for the consoles of directories.
func (p *Preview) importFiles() (items []*fyne.MenuItem) {
	if p.services.ImportFiles == nil {
		return nil
	}
	for _, f := range p.services.ImportFiles.Formats() {
		items = append(items, fyne.NewMenuItem("Import file for "+f.Label, func() { p.importFile(f) }))
	}
	return items
}

// importFile asks for a file, writes it, and tells what to know of it and what is not in it.
func (p *Preview) importFile(f view.ImportFormat) {
	r := p.r
	approval := r.Approval(p.services.Desktop.User(), p.services.Now())
	type written struct {
		view.ImportFile
		chosen bool
	}
	write := func(ctx context.Context) (written, error) {
		path, err := p.services.Desktop.SaveFile(ctx, "Import file for "+f.Label, f.ID+"-"+r.FileName("csv"))
		if err != nil || path == "" {
			return written{}, err
		}
		file, err := p.services.ImportFiles.Write(r.Plan, approval, f.ID, path)
		return written{file, true}, err
	}
	task.Run(context.Background(), write, func(w written, err error) {
		switch {
		case err != nil:
			tell(p.message, err)
		case w.chosen:
			title, lines := w.Told()
			done := parts.NewButton("Close", parts.Primary, nil)
			d := parts.NewDialog(p.shell.Canvas(), title, strings.Join(lines, "\n"), nil, done)
			done.OnTapped = d.Close
			d.Show(640)
		}
	})
}
