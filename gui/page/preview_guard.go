package page

import (
	"context"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// updateGuard shows the first limit that still holds something, else those that were allowed.
func (p *Preview) updateGuard() {
	var first *view.Guard
	holding := 0
	guards := p.r.Guards()
	for i := range guards {
		if guards[i].Reason != "" {
			continue
		}
		if holding++; first == nil {
			first = &guards[i]
		}
	}
	switch {
	case first != nil:
		text := "Held: " + first.What
		if holding > 1 {
			text += " · and " + view.Count(holding-1, "more limit", "more limits")
		}
		p.guard.Set(look.Held, text, "", p.reviewButton(*first), parts.NewButton("Allow for this plan", parts.Outline, func() { p.askAllow(*first) }))
	case len(guards) > 0:
		last := guards[len(guards)-1]
		p.guard.Set(look.Neutral, "You allowed this once: "+last.What, "Reason: "+last.Reason, parts.NewButton("Take it back", parts.Second, func() {
			p.r.Withdraw(last.Guard)
			p.update()
			p.ticked()
		}))
	default:
		p.guard.Hide()
	}
}

// reviewButton narrows to the rows that a guard stopped, or back to all.
func (p *Preview) reviewButton(g view.Guard) *parts.Button {
	if p.r.Narrowed().Guard == g.Guard {
		return parts.NewButton("Show all", parts.Loud, p.showAllKinds)
	}
	return parts.NewButton("Review", parts.Loud, func() { p.narrow(view.Narrow{Guard: g.Guard}) })
}

func (p *Preview) showAllKinds() { p.narrow(view.Narrow{}) }

// askAllow asks for the number of changes and for a reason, which is kept with the run.
func (p *Preview) askAllow(g view.Guard) {
	count := parts.NewField(parts.Question{Label: "Type the number of changes you allow", Help: "It stands in the sentence above."})
	reason := parts.NewField(parts.Question{Label: "Reason", Placeholder: "Why is this right?", Help: "Kept with the run, with your name."})
	keep, do := parts.NewButton("Cancel", parts.Second, nil), parts.NewButton("Allow for this plan", parts.Danger, nil)
	d := parts.NewDialog(p.shell.Canvas(), "Allow this once?", g.What+". Only this plan is let through; the limit stays.", parts.Column(6, count, reason), keep, do)
	keep.OnTapped = d.Close
	do.OnTapped = func() {
		err := p.r.Allow(g.Guard, count.Value(), reason.Value())
		if err == nil {
			d.Close()
			p.update()
			p.ticked()
			return
		}
		problem := core.AsProblem(err)
		at := count
		if problem.Code == core.HeldByGuard {
			at = reason
		}
		at.SetProblem(problem.Error())
		p.shell.Canvas().Focus(at.Focusable())
	}
	reason.OnSubmitted = func(string) { do.OnTapped() }
	d.Show(480)
	p.shell.Canvas().Focus(count.Focusable())
}

// exportButton offers the kinds of file.
func (p *Preview) exportButton() *parts.Button {
	b := parts.NewButton("Export", parts.Second, nil).WithCaret()
	b.OnTapped = func() {
		items := []*fyne.MenuItem{fyne.NewMenuItem("Excel workbook (.xlsx), can be imported again", func() { p.export("xlsx") }),
			fyne.NewMenuItem("Comma-separated (.csv), can be imported again", func() { p.export("csv") }), fyne.NewMenuItem("JSON (.json)", func() { p.export("json") })}
		parts.ShowMenu(b, append(items, p.importFiles()...)...)
	}
	return b
}

func (p *Preview) export(kind string) {
	r := p.r
	save(context.Background(), p.services, p.message, "Export the plan", r.FileName(kind), func(_ context.Context, path string) error { return r.Export(path) })
}
