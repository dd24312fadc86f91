package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/core/filter"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// filterStep says which people are meant, with the count and those who fall out.
type filterStep struct {
	p      *Setup
	rules  *fyne.Container
	scroll *container.Scroll
	count  *parts.Text
	bar    *parts.ProgressBar
	note   *parts.Banner
	out    *parts.DataTable
	result view.FilterCount
	pause  task.Later
	stop   context.CancelFunc
	labels []parts.Option
	added  added
}

// added is the condition that was added last; its field has the focus when it is drawn.
type added struct {
	to    *core.Filter
	i     int
	field *parts.Choice
}

func newFilterStep(p *Setup) *filterStep {
	f := &filterStep{p: p, rules: parts.Column(12), stop: func() {}}
	for _, one := range p.material.Fields {
		f.labels = append(f.labels, parts.Option{ID: one.ID, Label: fieldLabel(one)})
	}
	return f
}

func fieldLabel(f core.Field) string {
	if f.Label == "" {
		return f.ID
	}
	return f.Label
}

func (f *filterStep) show() {
	f.count = parts.NewText(" ", parts.Style{Size: look.TextCard, Bold: true, Shrink: true})
	f.bar = parts.NewProgressBar(look.Create, 6)
	f.note = parts.NewBanner(look.Neutral, "")
	f.note.Hide()
	f.out = parts.NewDataTable([]parts.TableColumn{{ID: "who", Title: "Falls out", Width: 170}, {ID: "why", Title: "Why", Width: 200, Grow: true, Least: 120}}, parts.RowTwoLines, f.cell)
	f.out.SetEmpty(parts.NewEmptyState(look.IconUsers, "Everybody is kept", "Add a condition to leave people out, such as contractors or another country."))
	f.scroll = container.NewVScroll(parts.Pad(20, look.InsetPage, 20, look.InsetPage, f.rules))
	right := parts.Column(12, parts.NewPanel(18, parts.Column(10, f.count, f.bar)), f.note, parts.Fill(f.out))
	body := container.New(halves{gap: look.InsetPage, left: 0.58}, parts.NewPanel(1, f.scroll), right)
	f.draw()
	f.p.first = parts.First(f.scroll)
	f.p.frame(f.p.title(), body, f.p.saved(), f.p.wayOn(true, f.goOn)...)
	f.recount()
}

func (f *filterStep) cell(row, col int) parts.CellData {
	one := f.result.Out[row]
	if col == 0 {
		return parts.CellData{Kind: parts.CellPerson, Text: one.Name, Detail: one.Number}
	}
	return parts.CellData{Text: one.Why}
}

func (f *filterStep) setup() *core.Setup { return &f.p.w.Sync.Setup }

// draw makes the conditions anew, after one came or went.
func (f *filterStep) draw() {
	f.rules.Objects = nil
	f.rules.Add(parts.NewText("Who is meant?", parts.Section))
	f.rules.Add(parts.NewText("Without a condition everybody is kept. Who falls out gets no account; what happens to one that is there already is said in the next step.",
		parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 3}))
	f.entities()
	f.rules.Add(f.group(&f.setup().Filter, nil))
	f.rules.Refresh()
	f.scroll.Refresh()
	f.p.shell.Redrawn()
}

// entities offers the legal entities, where there is more than one.
func (f *filterStep) entities() {
	all := view.LegalEntities(f.p.material.People)
	if len(all) < 2 {
		return
	}
	ticks := []fyne.CanvasObject{}
	for _, e := range all {
		on := len(f.setup().Entities) == 0 || slices.Contains(f.setup().Entities, e.Value)
		tick := parts.NewTick(e.Value+" ("+view.Thousands(e.People)+")", "", on)
		tick.OnChanged = func(on bool) { f.toggle(all, e.Value, on) }
		ticks = append(ticks, tick)
	}
	f.rules.Add(parts.Column(8, parts.NewText("Legal entities", parts.Style{Size: look.TextTable, Bold: true}), parts.ResponsiveGrid(200, 8, ticks...)))
	f.rules.Add(parts.Separator())
}

// toggle ticks a legal entity; all of them is the same as none named, so that one that
// comes later is meant too.
func (f *filterStep) toggle(all []view.Suggestion, entity string, on bool) {
	chosen := f.setup().Entities
	if len(chosen) == 0 {
		for _, e := range all {
			chosen = append(chosen, e.Value)
		}
	}
	chosen = slices.DeleteFunc(slices.Clone(chosen), func(e string) bool { return e == entity })
	if on {
		chosen = append(chosen, entity)
	}
	if len(chosen) == len(all) || len(chosen) == 0 {
		chosen = nil
	}
	f.setup().Entities = chosen
	if len(chosen) == 0 {
		f.draw()
	}
	f.changed()
}

var anyAll = []parts.Option{{ID: "all", Label: "all of these hold"}, {ID: "any", Label: "any of these holds"}, {ID: "none", Label: "none of these holds"}, {ID: "not all", Label: "not all of these hold"}}

// group draws conditions and the groups inside; remove is nil for the outermost.
func (f *filterStep) group(g *core.Filter, remove func()) fyne.CanvasObject {
	mode := map[[2]bool]string{{}: "all", {true, false}: "any", {true, true}: "none", {false, true}: "not all"}[[2]bool{g.Any, g.Not}]
	choice := parts.NewFlatChoice(anyAll, mode)
	choice.OnChanged = func(id string) {
		g.Any, g.Not = id == "any" || id == "none", id == "none" || id == "not all"
		f.changed()
	}
	head := []fyne.CanvasObject{parts.NewText("Keep people for whom", parts.Style{Size: look.TextTable, Bold: true}), choice, parts.Spring()}
	if remove != nil {
		head[0] = parts.NewText("and for whom", parts.Style{Size: look.TextTable, Bold: true})
		head = append(head, parts.NewIconButton("", look.IconTrash, parts.Plain, remove).WithTip("Remove this group").WithHeight(28))
	}
	rows := []fyne.CanvasObject{parts.Row(6, head...)}
	for i := range g.Conditions {
		rows = append(rows, f.condition(g, i))
	}
	for i := range g.Groups {
		rows = append(rows, parts.NewTintedPanel(look.Neutral, 12, f.group(&g.Groups[i], func() {
			g.Groups = slices.Delete(g.Groups, i, i+1)
			f.redo()
		})))
	}
	rows = append(rows, parts.Row(8,
		parts.NewIconButton("Add condition", look.IconPlus, parts.Link, func() {
			g.Conditions = append(g.Conditions, view.NewCondition(f.p.material.Fields))
			f.redoAt(g, len(g.Conditions)-1)
		}),
		parts.NewIconButton("Add group", look.IconPlus, parts.Link, func() {
			g.Groups = append(g.Groups, core.Filter{Any: true, Conditions: []core.Condition{view.NewCondition(f.p.material.Fields)}})
			f.redoAt(&g.Groups[len(g.Groups)-1], 0)
		}), parts.Spring()))
	return parts.Column(10, rows...)
}

func (f *filterStep) redo() {
	f.draw()
	f.changed()
}

// redoAt draws anew, and goes on at a condition.
func (f *filterStep) redoAt(g *core.Filter, i int) {
	f.added = added{to: g, i: i}
	f.redo()
	if f.added.field != nil {
		f.p.shell.Canvas().Focus(f.added.field)
	}
	f.added = added{}
}

// condition draws field, operator and value.
func (f *filterStep) condition(g *core.Filter, i int) fyne.CanvasObject {
	c := &g.Conditions[i]
	field := parts.NewChoice(f.labels, c.Field, "Choose a field")
	if f.added.to == g && f.added.i == i {
		f.added.field = field
	}
	field.OnChanged = func(id string) {
		*c = view.WithField(*c, f.p.material.Fields, id)
		f.redo()
	}
	var operators []parts.Option
	for _, o := range filter.Operators(view.KindOf(f.p.material.Fields, c.Field)) {
		operators = append(operators, parts.Option{ID: o.ID, Label: o.Label})
	}
	operator := parts.NewChoice(operators, c.Operator, "how")
	operator.OnChanged = func(id string) {
		if was := view.ValuesOf(c.Operator); was != view.ValuesOf(id) {
			c.Values = nil
		}
		c.Operator = id
		f.redo()
	}
	remove := parts.NewIconButton("", look.IconCross, parts.Plain, func() {
		g.Conditions = slices.Delete(g.Conditions, i, i+1)
		f.redo()
	}).WithTip("Remove this condition").WithHeight(30)
	return container.New(conditionLayout{}, field, operator, f.values(c), remove)
}

// conditionLayout shares a row: field, operator, value, and the cross at the end.
type conditionLayout struct{}

// MinSize belongs to the toolkit.
func (conditionLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(330, parts.ButtonHeight)
}

// Layout belongs to the toolkit.
func (conditionLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	room := s.Width - 30 - 24
	x := float32(0)
	for i, share := range []float32{0.34, 0.28, 0.38} {
		wide := float32(int(room * share))
		o[i].Resize(fyne.NewSize(wide, s.Height))
		o[i].Move(fyne.NewPos(x, 0))
		x += wide + 8
	}
	o[3].Resize(fyne.NewSize(30, 30))
	o[3].Move(fyne.NewPos(s.Width-30, (s.Height-30)/2))
}

// manyMark separates the values of an operator that takes many.
const manyMark = ";"

func (f *filterStep) values(c *core.Condition) fyne.CanvasObject {
	kind := view.KindOf(f.p.material.Fields, c.Field)
	example := map[core.Kind]string{core.Date: "2026-01-31", core.Number: "number"}[kind]
	if example == "" {
		example = "value"
	}
	switch takes := view.ValuesOf(c.Operator); {
	case takes == filter.None:
		return container.NewStack()
	case takes == filter.Two:
		c.Values = append(c.Values, "", "")[:2]
		return container.NewGridWithColumns(2, f.input(example, &c.Values[0]), f.input(example, &c.Values[1]))
	case kind == core.Bool:
		c.Values = append(c.Values, "true")[:1]
		choice := parts.NewChoice([]parts.Option{{ID: "true", Label: "yes"}, {ID: "false", Label: "no"}}, c.Values[0], "")
		choice.OnChanged = func(id string) { c.Values = []string{id}; f.changed() }
		return choice
	case takes == filter.Many:
		return f.many(c)
	}
	c.Values = append(c.Values, "")[:1]
	input := f.input(example, &c.Values[0])
	return f.withSuggestions(c, input, func(v string) { input.SetText(v) })
}

func (f *filterStep) input(example string, value *string) *parts.Input {
	input := parts.NewInput(example, *value)
	input.OnChanged = func(v string) {
		*value = strings.TrimSpace(v)
		f.changed()
	}
	return input
}

func (f *filterStep) many(c *core.Condition) fyne.CanvasObject {
	input := parts.NewInput("one; another", strings.Join(c.Values, manyMark+" "))
	input.OnChanged = func(v string) {
		c.Values = nil
		for _, one := range strings.Split(v, manyMark) {
			if one = strings.TrimSpace(one); one != "" {
				c.Values = append(c.Values, one)
			}
		}
		f.changed()
	}
	return f.withSuggestions(c, input, func(v string) {
		if !slices.Contains(c.Values, v) {
			input.SetText(strings.Join(append(c.Values, v), manyMark+" "))
		}
	})
}

// withSuggestions puts a list of the values that people have beside a box.
func (f *filterStep) withSuggestions(c *core.Condition, input fyne.CanvasObject, take func(string)) fyne.CanvasObject {
	all := view.Suggestions(f.p.material.People, c.Field)
	if len(all) == 0 {
		return input
	}
	list := parts.NewIconButton("", look.IconChevronDown, parts.Second, nil).WithTip("Values that people have")
	list.OnTapped = func() {
		var items []*fyne.MenuItem
		for _, s := range all {
			items = append(items, fyne.NewMenuItem(s.Value+" ("+view.Thousands(s.People)+")", func() { take(s.Value) }))
		}
		parts.ShowMenu(list, items...)
	}
	return container.NewBorder(nil, nil, nil, list, input)
}

// countAfter is how long a person has to pause in typing before the people are counted.
const countAfter = 200 * time.Millisecond

func (f *filterStep) changed() { f.pause.After(countAfter, f.recount) }

// recount tries the filter on everybody, in the background.
func (f *filterStep) recount() {
	f.stop()
	var ctx context.Context
	ctx, f.stop = context.WithCancel(f.p.ctx)
	what, entities := view.Finished(f.setup().Filter), slices.Clone(f.setup().Entities)
	people, today := f.p.material.People, f.p.services.Now()
	task.Run(ctx, func(context.Context) (view.FilterCount, error) {
		return view.CountFilter(what, entities, people, today), nil
	}, func(c view.FilterCount, _ error) { f.counted(c) })
}

func (f *filterStep) counted(c view.FilterCount) {
	f.result = c
	f.count.SetText(c.Sentence())
	if c.Read > 0 {
		f.bar.Set(float64(c.Kept)/float64(c.Read), 0)
	}
	switch {
	case c.Problem != nil:
		f.note.Set(look.Deactivate, c.Problem.What, c.Problem.Fix)
	case c.Kept == 0 && c.Read > 0:
		f.note.Set(look.Held, "Nobody is left.", "Loosen a condition: a sync without people would do nothing.")
	default:
		f.note.Hide()
	}
	f.out.SetRows(len(c.Out))
	f.out.SetFoot(view.Count(len(c.Out)+c.More, "person falls", "people fall")+" out", "people")
	f.p.content.Refresh()
}

// goOn keeps the finished conditions only.
func (f *filterStep) goOn() {
	if f.result.Problem != nil {
		return
	}
	f.setup().Filter = view.Finished(f.setup().Filter)
	f.p.next(view.StepScope)
}
