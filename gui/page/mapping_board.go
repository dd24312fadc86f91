package page

import (
	"cmp"
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

// board is the mapping of fields to attributes, with its tools. The wizard and the page
// of mappings both show it.
type board struct {
	services view.Services
	shell    Shell
	ctx      context.Context
	m        *view.Mapping
	// changed is called after the rules have changed.
	changed func()

	list       *parts.MapBoard
	search     *parts.SearchBox
	pills      *parts.PillRow
	undo, redo *parts.Button
	sample     *parts.Button
	bar        *parts.ProgressBar
	mapped     *parts.Text
	missing    *parts.Notice
	show       view.Show
	pause      task.Later
}

func newBoard(ctx context.Context, s view.Services, shell Shell, m *view.Mapping) *board {
	b := &board{services: s, shell: shell, ctx: ctx, m: m, changed: func() {}, show: view.ShowAll}
	b.list = parts.NewMapBoard(sideTitle(m.Material.Source, "fields"), sideTitle(m.Material.Target, "attributes"))
	b.list.Accepts = m.Accepts
	b.list.OnDrop = func(field, attribute string) { b.do(func() { m.Map(field, attribute) }) }
	b.list.OnClear = func(attribute string) { b.do(func() { m.Clear(attribute) }) }
	b.list.OnRule = func(attribute, rule string) { b.do(func() { m.SetWrite(attribute, core.WriteRule(rule)) }) }
	b.list.OnEdit = func(attribute string) { b.edit(attribute) }
	b.tools()
	b.draw()
	b.check()
	return b
}

func sideTitle(s core.Spec, what string) string { return s.Name + " " + what }

func (b *board) tools() {
	b.search = parts.NewSearchBox("Search", 110)
	b.search.OnChanged = func(string) { b.draw() }
	b.pills = parts.NewCategories(string(view.ShowAll), b.counted(nil)...)
	b.pills.OnChanged = func(id string, _ bool) { b.show = view.Show(id); b.draw() }
	b.undo = parts.NewIconButton("", look.IconUndo, parts.Second, b.Undo).WithTip("Undo (Ctrl+Z)")
	b.redo = parts.NewIconButton("", look.IconRedo, parts.Second, b.Redo).WithTip("Redo (Ctrl+Y)")
	b.sample = parts.NewIconButton("", look.IconUser, parts.Second, b.pickSample).WithCaret()
	b.bar = parts.NewProgressBar(look.Accent, 6)
	b.mapped = parts.NewText("", parts.Style{Medium: true})
	b.missing = parts.NewNotice(look.Deactivate, "")
}

// content gives toolbar and board.
func (b *board) content() fyne.CanvasObject {
	smart := parts.NewIconButton("Smart mapping", look.IconSpark, parts.Tinted, b.smart).
		WithTip("Looks at names and values on this computer and proposes a field for each attribute that has none.")
	field := parts.NewIconButton("", look.IconPlus, parts.Second, b.addField).WithTip("New field by name and path")
	left := parts.Row(4, parts.Fill(smart), b.undo, b.redo, field)
	right := parts.Row(10, parts.Fill(b.search), b.pills, b.sample)
	return parts.Frame(parts.Pad(0, 0, 12, 0, container.New(overBoard{}, left, right)), nil, b.list)
}

// overBoard lines the tools up with the two panels of the board.
type overBoard struct{}

// MinSize belongs to the toolkit.
func (overBoard) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, parts.ButtonHeight) }

// Layout belongs to the toolkit.
func (overBoard) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left, gutter := float32(312), float32(64)
	if s.Width < 980 {
		left, gutter = float32(int(s.Width*0.29+0.5)), 40
	}
	o[0].Resize(fyne.NewSize(left, s.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(s.Width-left-gutter, s.Height))
	o[1].Move(fyne.NewPos(left+gutter, 0))
}

// state says how far the mapping is, for the foot of the page.
func (b *board) state() fyne.CanvasObject {
	return parts.Row(14, parts.MinWidth(120, b.bar), parts.MinWidth(128, b.mapped), parts.MinWidth(170, b.missing), parts.Spring())
}

// do changes the rules, shows them and looks at everybody again.
func (b *board) do(change func()) {
	change()
	b.draw()
	b.changed()
	b.pause.After(countAfter, b.check)
}

// Undo takes the last change back.
func (b *board) Undo() { b.do(b.m.Undo) }

// Redo makes it again.
func (b *board) Redo() { b.do(b.m.Redo) }

func (b *board) smart() {
	n := 0
	b.do(func() { n = b.m.Smart() })
	if n == 0 {
		seen := parts.NewButton("All right", parts.Primary, nil)
		d := parts.NewDialog(b.shell.Canvas(), "Nothing more to propose", "Every attribute for which a likely field was found is mapped already. Drag a field onto an attribute, or press its slot.", nil, seen)
		seen.OnTapped = d.Close
		d.Show(460)
		b.shell.Canvas().Focus(seen)
	}
}

// check looks at everybody in the background, for the warnings.
func (b *board) check() {
	c := b.m.Checker()
	task.Run(b.ctx, c.Check, func(r view.Report, err error) {
		if err == nil && b.m.SetReport(r) {
			b.draw()
		}
	})
}

func (b *board) counted(counts map[view.Show]int) []parts.Pill {
	return []parts.Pill{{ID: string(view.ShowAll), Label: "All", Count: view.Thousands(counts[view.ShowAll])},
		{ID: string(view.ShowUnmapped), Label: "Unmapped", Count: view.Thousands(counts[view.ShowUnmapped])},
		{ID: string(view.ShowWarnings), Label: "Warnings", Count: view.Thousands(counts[view.ShowWarnings])}}
}

func (b *board) draw() {
	fields := b.m.FieldRows(b.search.Text())
	rows, counts := b.m.AttributeRows(b.search.Text(), b.show)
	if b.search.Text() != "" && len(rows) == 0 { // the search means a field: keep the attributes to drop it on
		rows, counts = b.m.AttributeRows("", b.show)
	} else if len(fields) == 0 {
		fields = b.m.FieldRows("")
	}
	b.list.SetTitles(sideTitle(b.m.Material.Source, "fields"), view.Thousands(len(fields)), sideTitle(b.m.Material.Target, "attributes"), view.Thousands(len(rows)))
	sources := make([]parts.Source, len(fields))
	for i, f := range fields {
		sources[i] = parts.Source{ID: f.ID, Name: f.Label, Sample: f.Sample, Filled: f.Filled, Used: f.Used}
	}
	targets := make([]parts.Target, len(rows))
	for i, r := range rows {
		targets[i] = b.target(r)
	}
	b.list.SetSources(sources)
	b.list.SetTargets(targets)
	b.pills.SetPills(b.counted(counts)...)
	b.drawState()
	b.shell.Redrawn()
}

func (b *board) drawState() {
	p := b.m.Progress()
	b.bar.Set(float64(p.Mapped)/float64(max(p.All, 1)), 0)
	b.mapped.SetText(view.Thousands(p.Mapped) + " of " + view.Thousands(p.All) + " mapped")
	b.missing.Hidden = p.Missing == 0
	b.missing.Set(look.Deactivate, view.Thousands(p.Missing)+" required missing")
	b.undo.SetEnabled(b.m.CanUndo())
	b.redo.SetEnabled(b.m.CanRedo())
	b.sample.SetText("Sample")
	b.list.SetResultTitle("Result")
	if s := b.m.Sample(); !s.IsZero() {
		b.list.SetResultTitle("Result for " + cmp.Or(s.Value("firstName"), s.Name()))
		b.sample.SetText(s.Name())
		b.sample.SetToolTip("The results are shown for " + s.Name() + ". Press to choose somebody else.")
	}
}

var slotKinds = map[view.Slot]parts.SlotKind{view.SlotEmpty: parts.SlotEmpty, view.SlotField: parts.SlotField, view.SlotConstant: parts.SlotConstant, view.SlotExpression: parts.SlotExpression}

func (b *board) target(r view.AttributeRow) parts.Target {
	t := parts.Target{ID: r.ID, Name: cmp.Or(r.Label, r.ID), Technical: r.ID, Kind: slotKinds[r.Slot], Value: r.Text, Confidence: r.Confidence, Required: r.Missing,
		Sources: r.Sources, Rule: string(r.Write), Result: r.Result, Quiet: r.Quiet, Warning: r.Warning}
	if r.Required {
		tone := look.Neutral
		if r.Missing {
			tone = look.Deactivate
		}
		t.Marks = append(t.Marks, parts.Mark{Text: "required", Tone: tone})
	}
	if r.SyncKey {
		t.Marks = append(t.Marks, parts.Mark{Text: "sync key", Tone: look.Accent})
	}
	if r.Unique {
		t.Marks = append(t.Marks, parts.Mark{Text: "unique", Tone: look.Neutral})
	}
	if r.Slot != view.SlotEmpty {
		t.Rules = writeRules(r.Attribute)
	}
	if r.About != view.NoTrouble {
		t.Actions = append(t.Actions, parts.Action{Text: "Show people", OnTapped: func() { b.showConcerned(r) }})
	}
	if r.About == view.EmptyValue {
		t.Actions = append(t.Actions, parts.Action{Text: "Set a fallback", OnTapped: func() { b.edit(r.ID) }})
	}
	return t
}

func writeRules(a core.Attribute) []parts.Option {
	if a.AtCreate {
		return []parts.Option{{ID: string(core.CreateOnly), Label: "Only at creation"}}
	}
	all := []parts.Option{{ID: string(core.Always), Label: "Always"}, {ID: string(core.CreateOnly), Label: "Only at creation"}, {ID: string(core.IfEmpty), Label: "Only if empty"}}
	if a.Kind == core.List {
		all = append(all, parts.Option{ID: string(core.Merge), Label: "Add, keep others"})
	}
	return all
}

// pickSample lets the person choose whose values are shown.
func (b *board) pickSample() {
	people := b.m.Material.People
	found := view.FindPeople(people, "", mostOffered)
	search := parts.NewSearchBox("Name, number, e-mail or department", 300)
	table := parts.NewDataTable([]parts.TableColumn{{ID: "who", Title: "Person", Width: 220, Grow: true}, {ID: "what", Title: "Department", Width: 180}}, parts.RowTwoLines, func(row, col int) parts.CellData {
		if col == 0 {
			return parts.CellData{Kind: parts.CellPerson, Text: found[row].Name(), Detail: found[row].Value("employeeNumber")}
		}
		return parts.CellData{Text: found[row].Value("department"), Muted: true}
	})
	fill := func() {
		table.SetFoot(view.Count(len(people), "person", "people")+" in all", "people")
		table.SetRows(len(found))
	}
	search.OnChanged = func(t string) {
		found = view.FindPeople(people, t, mostOffered)
		fill()
	}
	cancel := parts.NewButton("Cancel", parts.Second, nil)
	d := parts.NewDialog(b.shell.Canvas(), "Show the results for", "", parts.Column(10, search, parts.MinSize(0, 380, table)), cancel)
	cancel.OnTapped = d.Close
	table.OpenAtPress().OnOpened = func(row int) {
		b.m.SetSample(found[row])
		d.Close()
		b.draw()
	}
	fill()
	d.Show(560)
	b.shell.Canvas().Focus(search.Focusable())
}

// mostOffered is how many people a list to choose from shows; the search finds the others.
const mostOffered = 500

// showConcerned lists the people behind a warning.
func (b *board) showConcerned(r view.AttributeRow) {
	var people []view.LeftOut
	table := parts.NewDataTable([]parts.TableColumn{{ID: "who", Title: "Person", Width: 220, Grow: true}, {ID: "why", Title: "What is wrong", Width: 260}}, parts.RowTwoLines, func(row, col int) parts.CellData {
		if col == 0 {
			return parts.CellData{Kind: parts.CellPerson, Text: people[row].Name, Detail: people[row].Number}
		}
		return parts.CellData{Text: people[row].Why}
	})
	done := parts.NewButton("Done", parts.Primary, nil)
	d := parts.NewDialog(b.shell.Canvas(), cmp.Or(r.Label, r.ID)+": "+strings.ToLower(r.Warning[:1])+r.Warning[1:], "", parts.MinSize(0, 400, table), done)
	done.OnTapped = d.Close
	d.Show(600)
	c := b.m.Checker()
	find := func(ctx context.Context) ([]view.LeftOut, error) { return c.Concerned(ctx, r.ID, r.About) }
	task.Run(b.ctx, find, func(found []view.LeftOut, _ error) {
		people = found
		table.SetFoot(view.Count(len(found), "person", "people"), "people")
		table.SetRows(len(found))
	})
}

// addField asks for a field by name and path.
func (b *board) addField() {
	name := parts.NewField(parts.Question{Label: "Name", Placeholder: "Work e-mail 2", Help: "How it is called in the list of fields."})
	path := parts.NewField(parts.Question{Label: "Path", Placeholder: "{{response.work.email}}", Help: "Where it stands in the source's own record, or another field's name."})
	cancel, add := parts.NewButton("Cancel", parts.Second, nil), parts.NewButton("Add field", parts.Primary, nil)
	d := parts.NewDialog(b.shell.Canvas(), "New field", "For what the source knows but does not list.", parts.Column(12, name, path), cancel, add)
	cancel.OnTapped = d.Close
	add.OnTapped = func() {
		var err error
		b.do(func() { err = b.m.AddField(name.Value(), path.Value()) })
		if err != nil {
			path.SetProblem(core.AsProblem(err).Error())
			return
		}
		d.Close()
	}
	path.OnSubmitted = func(string) { add.OnTapped() }
	d.Show(480)
	b.shell.Canvas().Focus(name.Focusable())
}
