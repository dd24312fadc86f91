package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// askCompare asks which two readings are compared; the two newest stand there at first.
func (p *History) askCompare() {
	var options []parts.Option
	for _, s := range p.past.Snapshots {
		options = append(options, parts.Option{ID: s.ID, Label: s.Name + " · " + s.Taken.Local().Format("2 Jan 2006, 15:04") + " · " + view.Count(s.Count, "person", "people")})
	}
	older := parts.NewField(parts.Question{Kind: parts.ChoiceField, Label: "Older reading", Options: options, Value: options[1].ID})
	newer := parts.NewField(parts.Question{Kind: parts.ChoiceField, Label: "Newer reading", Options: options, Value: options[0].ID})
	keep, do := parts.NewButton("Cancel", parts.Second, nil), parts.NewButton("Compare", parts.Primary, nil)
	d := parts.NewDialog(p.shell.Canvas(), "Compare two readings", "Who came, who went, and which fields changed between them.", parts.Column(4, older, newer), keep, do)
	keep.OnTapped = d.Close
	do.OnTapped = func() {
		if older.Value() == newer.Value() {
			newer.SetProblem("These are the same reading. Choose another one.")
			return
		}
		d.Close()
		p.compare(p.snapshot(older.Value()), p.snapshot(newer.Value()))
	}
	d.Show(500)
}

func (p *History) snapshot(id string) view.Snapshot {
	for _, s := range p.past.Snapshots {
		if s.ID == id {
			return s
		}
	}
	return view.Snapshot{}
}

func (p *History) compare(a, b view.Snapshot) {
	p.again()
	p.put(parts.NewPanel(0, parts.NewSkeleton(12, parts.RowTwoLines)))
	task.Run(p.ctx, func(ctx context.Context) (view.Comparison, error) { return view.Compare(ctx, p.services, a, b) }, func(c view.Comparison, err error) {
		if err != nil {
			p.put(failedState(err, func() { p.compare(a, b) }))
			return
		}
		p.compared(c)
	})
}

// difference is one line of a comparison.
type difference struct {
	view.Moved
	word string
	tone look.Tone
}

func (p *History) compared(c view.Comparison) {
	p.header.Set("Two readings of "+c.Newer.Name, c.Older.Taken.Local().Format("2 Jan 2006, 15:04")+" and "+c.Newer.Taken.Local().Format("2 Jan 2006, 15:04"))
	p.header.SetRight(p.back())
	all := map[string][]difference{}
	for _, of := range []struct {
		id, word string
		tone     look.Tone
		people   []view.Moved
	}{{"joined", "Joined", look.Create, c.Joined}, {"left", "Left", look.Deactivate, c.Left}, {"changed", "Changed", look.Update, c.Changed}} {
		for _, m := range of.people {
			all[of.id] = append(all[of.id], difference{m, of.word, of.tone})
		}
	}
	var rows []difference
	pills := parts.NewFacets(parts.Pill{ID: "joined", Label: "Joined", Count: view.Thousands(len(c.Joined)), Tone: look.Create},
		parts.Pill{ID: "left", Label: "Left", Count: view.Thousands(len(c.Left)), Tone: look.Deactivate}, parts.Pill{ID: "changed", Label: "Changed", Count: view.Thousands(len(c.Changed)), Tone: look.Update})
	table := parts.NewDataTable([]parts.TableColumn{{ID: "kind", Title: "What", Width: 112}, {ID: "person", Title: "Person", Width: 220}, {ID: "what", Title: "Fields", Width: 320, Grow: true, Least: 160}}, parts.RowTwoLines,
		func(row, col int) parts.CellData {
			d := rows[row]
			switch col {
			case 0:
				return parts.CellData{Kind: parts.CellPill, Text: d.word, Tone: d.tone}
			case 1:
				return parts.CellData{Kind: parts.CellPerson, Text: d.Name, Detail: d.Number}
			}
			return parts.CellData{Kind: parts.CellChanges, Changes: differences(d.Changes, d.tone)}
		})
	fill := func() {
		rows = rows[:0]
		for _, id := range pills.On() {
			rows = append(rows, all[id]...)
		}
		table.SetRows(len(rows))
	}
	pills.OnChanged = func(string, bool) { fill() }
	table.OnOpened = func(row int) { p.Open(view.Route{Page: view.History, Person: rows[row].ID}) }
	table.SetEmpty(parts.NewEmptyState(look.IconCheck, "No difference", "The same people, with the same values."))
	table.SetFoot("Press Enter on a row to see the person's timeline", "people")
	p.put(parts.Column(12, pills, parts.Fill(table)))
	fill()
}

// timeline shows all that is known of one person.
func (p *History) timeline(person string) {
	p.header.Set("Timeline", "")
	p.header.SetRight(p.back())
	p.put(parts.NewPanel(0, parts.NewSkeleton(8, parts.RowTwoLines)))
	type told struct {
		name    string
		moments []view.Moment
	}
	read := func(ctx context.Context) (told, error) {
		name, moments, err := view.Timeline(ctx, p.services, person)
		return told{name, moments}, err
	}
	task.Run(p.ctx, read, func(t told, err error) {
		if err != nil {
			p.put(failedState(err, func() { p.Open(view.Route{Page: view.History, Person: person}) }))
			return
		}
		p.header.Set(t.name, "Everything that readings and runs know of this person, newest first")
		if len(t.moments) == 0 {
			p.put(parts.NewEmptyState(look.IconUser, "Nothing is known of this person", "They are in no stored reading and in no run."))
			return
		}
		var blocks []fyne.CanvasObject
		for i, m := range t.moments {
			if i > 0 {
				blocks = append(blocks, parts.Separator())
			}
			blocks = append(blocks, p.moment(m))
		}
		p.put(parts.NewPanel(0, container.NewVScroll(parts.Pad(8, 24, 8, 24, parts.Column(0, blocks...)))))
	})
}

func (p *History) moment(m view.Moment) fyne.CanvasObject {
	tone := look.Update
	if m.Bad {
		tone = look.Deactivate
	}
	head := []fyne.CanvasObject{parts.MinWidth(150, parts.NewText(m.At.Local().Format("2 Jan 2006, 15:04"), parts.Style{Size: look.TextTable, Color: look.Muted})), parts.NewKindPill(m.Title, tone),
		parts.Fill(parts.NewText(m.Note, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true}))}
	if m.Run != "" {
		head = append(head, parts.NewButton("Open the run", parts.Link, func() { p.Open(view.Route{Page: view.History, Run: m.Run}) }))
	}
	lines := []fyne.CanvasObject{parts.Row(12, head...)}
	for _, d := range differences(m.Changes, tone) {
		lines = append(lines, parts.Pad(0, 0, 0, 162, parts.DifferenceLine(d)))
	}
	return parts.Pad(10, 0, 10, 0, parts.Column(4, lines...))
}
