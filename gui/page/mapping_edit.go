package page

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// editor is the dialog in which one attribute's rule is made: a field, a fixed value or
// an expression, when it is written, and what happens without a value.
type editor struct {
	b         *board
	attribute core.Attribute
	rule      core.Rule
	kind      string
	dialog    *parts.Dialog
	body      *fyne.Container
	result    *parts.Notice
	apply     *parts.Button
	whenEmpty *parts.Choice
	byRule    view.ByRule
	scroll    *container.Scroll
	typed     map[int]bool // rules whose value is typed rather than chosen
}

// What an attribute can get.
const (
	byField      = "field"
	byConstant   = "constant"
	byRules      = "rules"
	byExpression = "expression"
)

// edit opens the editor on an attribute.
func (b *board) edit(attribute string) {
	r, has := b.m.Rule(attribute)
	e := &editor{b: b, attribute: b.m.Attribute(attribute), rule: r, kind: byField, body: container.NewStack(), typed: map[int]bool{}}
	rules, isRules := view.ReadByRule(r.Expression)
	switch {
	case r.Constant != nil:
		e.kind = byConstant
	case isRules:
		e.kind, e.byRule = byRules, rules
	case r.Expression != "":
		e.kind = byExpression
	case !has && e.attribute.Kind == core.List && len(e.attribute.Choices) > 0:
		e.kind = byRules
	case !has && len(e.attribute.Choices) > 0:
		e.kind = byConstant
	}
	kinds := parts.NewSegmented(e.kind, e.segments()...)
	kinds.OnChanged = func(id string) { e.kind = id; e.fill() }
	e.result = parts.NewNotice(look.Neutral, " ")
	cancel := parts.NewButton("Cancel", parts.Second, nil)
	e.apply = parts.NewButton("Apply", parts.Primary, e.done)
	buttons := []*parts.Button{cancel, e.apply}
	if has {
		nothing := parts.NewButton("Map nothing", parts.Destructive, func() {
			e.dialog.Close()
			b.do(func() { b.m.Clear(attribute) })
		})
		buttons = append([]*parts.Button{nothing}, buttons...)
	}
	wide, high := float32(760), float32(270)
	if view.TakesRules(e.attribute) {
		wide, high = 840, max(260, min(400, b.shell.Canvas().Size().Height-440))
	}
	content := parts.Column(14, parts.Row(0, kinds, parts.Spring()), parts.MinSize(0, high, e.body), e.rules(), parts.Separator(), parts.MinSize(0, 40, e.result))
	e.dialog = parts.NewDialog(b.shell.Canvas(), "What “"+cmp.Or(e.attribute.Label, e.attribute.ID)+"” gets", e.about(), content, buttons...)
	cancel.OnTapped = e.dialog.Close
	e.fill()
	e.dialog.Show(wide)
	if f := parts.First(e.body); f != nil {
		b.shell.Canvas().Focus(f)
	}
}

// segments are the ways in which the attribute can be given.
func (e *editor) segments() []parts.Segment {
	all := []parts.Segment{{ID: byField, Label: "Field"}, {ID: byConstant, Label: "Fixed value"}}
	if view.TakesRules(e.attribute) {
		all = append(all, parts.Segment{ID: byRules, Label: "By rule"})
	}
	return append(all, parts.Segment{ID: byExpression, Label: "Expression"})
}

// about says what the attribute is and asks for, and where its rule came from.
func (e *editor) about() string {
	text := e.attribute.Help
	if e.attribute.ID == core.Groups {
		text = strings.TrimSpace(text + " People are added and taken away only among the groups that this connection looks after; all other memberships stay as they are.")
	}
	if percent, why := e.b.m.Confidence(e.attribute.ID); percent > 0 {
		text += " Proposed: " + why
	}
	return text
}

func (e *editor) fill() {
	var o fyne.CanvasObject
	switch e.kind {
	case byConstant:
		o = e.constant()
	case byRules:
		o = e.rulesOf()
	case byExpression:
		o = e.expression()
	default:
		o = e.fields()
	}
	e.body.Objects = []fyne.CanvasObject{o}
	e.body.Refresh()
	e.try()
	e.b.shell.Redrawn()
}

func (e *editor) set(field string, constant *string, expression string) {
	e.rule.Field, e.rule.Constant, e.rule.Expression = field, constant, expression
	e.try()
}

// try shows what the rule gives for the sample person.
func (e *editor) try() {
	r := e.rule
	if gaps := e.byRule.Gaps(); e.kind == byRules && len(gaps) > 0 {
		e.say(look.Neutral, gaps[0], false)
		return
	}
	if r.Field == "" && r.Constant == nil && r.Expression == "" {
		e.say(look.Neutral, "Choose what is written.", false)
		return
	}
	value, kept, err := e.b.m.Try(r)
	name := e.b.m.Sample().Name()
	switch {
	case err != nil:
		problem := core.AsProblem(err)
		e.say(look.Deactivate, problem.Error(), problem.Fix == "")
	case kept:
		e.say(look.Neutral, "For "+name+" nothing is written: there is no value.", true)
	case value == "":
		e.say(look.Held, "For "+name+" the attribute is cleared.", true)
	default:
		e.say(look.Create, "For "+name+": "+value, true)
	}
}

func (e *editor) say(tone look.Tone, text string, good bool) {
	e.result.Set(tone, text)
	e.apply.SetEnabled(good)
}

func (e *editor) done() {
	e.dialog.Close()
	e.b.do(func() { e.b.m.Set(e.rule) })
}

// fields lists the fields to choose from; those that do not fit say so.
func (e *editor) fields() fyne.CanvasObject {
	rows := e.b.m.FieldRows("")
	search := parts.NewSearchBox("Search fields", 200)
	table := parts.NewDataTable([]parts.TableColumn{{ID: "field", Title: "Field", Width: 230, Grow: true}, {ID: "sample", Title: "Sample", Width: 240, Grow: true}, {ID: "fits", Title: "", Width: 150}}, 36, func(row, col int) parts.CellData {
		switch f := rows[row]; col {
		case 0:
			return parts.CellData{Text: f.Label, Bold: f.ID == e.rule.Field}
		case 1:
			return parts.CellData{Text: f.Sample, Muted: true}
		default:
			if ok, why := e.b.m.Accepts(f.ID, e.attribute.ID); !ok {
				return parts.CellData{Text: why, Muted: true}
			}
			return parts.CellData{}
		}
	})
	table.OnSelected = func(row int) {
		if row >= 0 && rows[row].ID != e.rule.Field {
			e.set(rows[row].ID, nil, "")
			table.RefreshRows()
		}
	}
	search.OnChanged = func(t string) {
		rows = e.b.m.FieldRows(t)
		table.SetRows(len(rows))
	}
	table.SetRows(len(rows))
	for i, f := range rows {
		if f.ID == e.rule.Field {
			table.Select(i)
			table.ScrollTo(i)
		}
	}
	return parts.Frame(parts.Pad(0, 0, 8, 0, search), nil, table)
}

// constant offers the attribute's own list, or a line to write into.
func (e *editor) constant() fyne.CanvasObject {
	value := ""
	if e.rule.Constant != nil {
		value = *e.rule.Constant
	}
	if len(e.attribute.Choices) > 0 && e.attribute.Kind == core.List {
		return e.constants(core.SplitList(value))
	}
	q := parts.Question{Label: "The same value for everybody", Value: value, Help: "Written to every account that this sync makes or updates."}
	if len(e.attribute.Choices) > 0 {
		q.Kind, q.Placeholder, q.Help = parts.ChoiceField, "Choose from the list of "+e.b.m.Material.Target.Name, ""
		for _, c := range e.attribute.Choices {
			q.Options = append(q.Options, parts.Option{ID: c.Value, Label: cmp.Or(c.Label, c.Value)})
		}
		if value != "" && !slices.ContainsFunc(q.Options, func(o parts.Option) bool { return o.ID == value }) {
			q.Options = append(q.Options, parts.Option{ID: value, Label: value})
			q.Help = "“" + value + "” is no longer among the choices of " + e.b.m.Material.Target.Name + "."
		}
	}
	field := parts.NewField(q)
	field.OnChanged = func(v string) { e.set("", &v, "") }
	if e.rule.Constant == nil && q.Kind != parts.ChoiceField && e.kind == byConstant {
		e.rule.Field, e.rule.Expression = "", ""
	}
	return parts.Column(0, field)
}

// expression is a box to write into, beside the list of functions.
func (e *editor) expression() fyne.CanvasObject {
	text := e.rule.Expression
	if e.rule.Field != "" {
		text = "{{" + e.rule.Field + "}}"
	}
	area := parts.NewField(parts.Question{Kind: parts.AreaField, Label: "Expression", Value: text, Placeholder: "{{firstName}}.{{lastName}}@corp.example",
		Help: "Text with {{fields}} in it, or functions such as Lower(email)."})
	area.OnChanged = func(v string) { e.set("", nil, v) }
	if text != "" {
		e.set("", nil, text)
	}
	functions := view.Functions("")
	search := parts.NewSearchBox("Search functions", 160)
	table := parts.NewDataTable([]parts.TableColumn{{ID: "name", Title: "Function", Width: 330, Grow: true}}, parts.RowTwoLines, func(row, _ int) parts.CellData {
		f := functions[row]
		return parts.CellData{Text: f.Signature, Detail: f.Help, Tip: f.Signature + "\n" + f.Help + "\n" + f.Example + " gives " + f.Result}
	})
	search.OnChanged = func(t string) {
		functions = view.Functions(t)
		table.SetRows(len(functions))
	}
	table.OpenAtPress().OnOpened = func(row int) { area.SetValue(area.Value() + functions[row].Signature) }
	table.SetFoot("Press one to put it in", "functions")
	table.SetRows(len(functions))
	list := parts.Frame(parts.Pad(0, 0, 8, 0, search), nil, table)
	return container.New(halves{gap: 16, left: 0.48}, parts.Column(8, area, e.insertField(area)), list)
}

// insertField is the list of fields that are put into the expression.
func (e *editor) insertField(area *parts.Field) fyne.CanvasObject {
	var options []parts.Option
	for _, f := range e.b.m.Fields() {
		options = append(options, parts.Option{ID: f.ID, Label: fieldLabel(f)})
	}
	choice := parts.NewChoice(options, "", "Insert a field")
	choice.OnChanged = func(id string) {
		choice.Select("")
		area.SetValue(area.Value() + "{{" + id + "}}")
	}
	return parts.Row(0, parts.MinWidth(170, choice), parts.Spring())
}

// rules asks when the attribute is written, and what happens without a value.
func (e *editor) rules() fyne.CanvasObject {
	writes := writeRules(e.attribute)
	if e.attribute.AtCreate {
		e.rule.Write = core.CreateOnly
	}
	write := parts.NewChoice(writes, string(cmp.Or(e.rule.Write, core.Always)), "")
	write.OnChanged = func(id string) { e.rule.Write = core.WriteRule(id) }
	e.whenEmpty = parts.NewChoice([]parts.Option{{ID: string(core.Keep), Label: "Leave the account as it is"}, {ID: string(core.Clear), Label: "Clear the attribute"},
		{ID: string(core.Default), Label: "Write a fallback"}, {ID: string(core.Error), Label: "Hold the person back"}}, string(cmp.Or(e.rule.Empty, core.Keep)), "")
	fallback := parts.NewInput("fallback", e.rule.Default)
	fallback.OnChanged = func(v string) { e.rule.Default = v; e.try() }
	fallback.Hidden = e.rule.Empty != core.Default
	e.whenEmpty.OnChanged = func(id string) {
		e.rule.Empty = core.EmptyRule(id)
		fallback.Hidden = e.rule.Empty != core.Default
		e.body.Refresh()
		fallback.Refresh()
		e.try()
	}
	caption := func(t string) fyne.CanvasObject {
		return parts.NewText(t, parts.Style{Size: look.TextTable, Color: look.Muted})
	}
	return parts.Row(8, caption("Write"), parts.MinWidth(160, write), parts.Pad(0, 0, 0, 10, caption("Without a value")), parts.MinWidth(210, e.whenEmpty), parts.Fill(fallback))
}
