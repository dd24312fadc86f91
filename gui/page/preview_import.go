package page

import (
	"context"

	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// importDecisions takes over what somebody decided in an exported file, and says what that came to; a file that does not
// belong to this plan is refused and changes nothing.
func (p *Preview) importDecisions() {
	r := p.r
	type file struct {
		view.Imported
		chosen bool
	}
	read := func(ctx context.Context) (file, error) {
		path, err := p.services.Desktop.OpenFile(ctx, "Import decisions", []string{"xlsx", "csv"})
		if err != nil || path == "" {
			return file{}, err
		}
		in, err := r.Import(path)
		return file{in, true}, err
	}
	task.Run(context.Background(), read, func(f file, err error) {
		switch {
		case p.r != r:
		case err != nil:
			tell(p.message, err)
		case f.chosen:
			summary, detail := r.Take(f.Imported)
			p.message.Set(look.Create, summary, detail, parts.NewButton("Close", parts.Second, p.message.Hide))
			p.update()
			p.ticked()
		}
	})
}
