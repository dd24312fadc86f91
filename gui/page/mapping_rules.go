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

const (
	everybody = "*"     // stands for a rule without a field
	another   = "\x00…" // stands for a value that is to be typed
)

// ruleWord is the width of the words before a rule's choices, so that those stand under each other.
const ruleWord = 44

// rulesOf is the editor of rules: when a field has a value, then a choice.
func (e *editor) rulesOf() fyne.CanvasObject {
	if len(e.byRule.Rules) == 0 {
		e.byRule = view.NewByRule(e.attribute)
		e.byRule.Rules[0].Field = e.rule.Field
	}
	e.rulesChanged()
	troubles := e.b.m.Troubles(e.attribute, e.byRule)
	var rows []fyne.CanvasObject
	for i := range e.byRule.Rules {
		if i > 0 {
			rows = append(rows, parts.Separator())
		}
		rows = append(rows, e.ruleRow(i, troubles[i]))
	}
	how := "The first rule that holds decides. Move the special ones up."
	otherwise := "Otherwise"
	if e.byRule.Many {
		how, otherwise = "All rules that hold add up: somebody may get the choices of several.", "If none holds"
	}
	add := parts.NewIconButton("Add rule", look.IconPlus, parts.Second, func() {
		last := e.byRule.Rules[len(e.byRule.Rules)-1]
		e.byRule.Rules = append(e.byRule.Rules, view.WhenRule{Field: last.Field})
		e.fill()
	})
	head := parts.Pad(0, 0, 8, 0, parts.Row(8, parts.Fill(parts.NewText(how, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})), add))
	last := parts.Beside(ruleWord+56, parts.Pad(8, 0, 0, 0, parts.NewText(otherwise, parts.Style{Size: look.TextTable, Medium: true})), e.picker(e.byRule.Otherwise, "nothing", func(v []string) { e.byRule.Otherwise = v }))
	foot := parts.Column(8, parts.Separator(), last)
	offset := fyne.Position{}
	if e.scroll != nil {
		offset = e.scroll.Offset
	}
	e.scroll = container.NewVScroll(parts.Pad(4, 14, 4, 0, parts.Column(8, rows...)))
	e.scroll.Offset = offset
	return parts.Frame(head, parts.Pad(8, 0, 0, 0, foot), e.scroll)
}

// rulesChanged takes the rules over once they are whole.
func (e *editor) rulesChanged() {
	if e.byRule.Whole() {
		e.set("", nil, e.byRule.Expression())
		return
	}
	e.try()
}

func (e *editor) ruleRow(i int, trouble string) fyne.CanvasObject {
	w := &e.byRule.Rules[i]
	word := func(t string) fyne.CanvasObject {
		return parts.NewText(t, parts.Style{Size: look.TextTable, Medium: true})
	}
	start := "When"
	if w.Field == "" && e.byRule.Many {
		start = "For"
	}
	when := []fyne.CanvasObject{parts.MinWidth(ruleWord, word(start)), parts.MinWidth(190, e.fieldOf(i))}
	if w.Field != "" || !e.byRule.Many {
		when = append(when, word("is"), parts.MinWidth(220, e.valueOf(i)))
	}
	move := func(by int, icon look.IconName, tip string) *parts.Button {
		to := i + by
		b := parts.NewIconButton("", icon, parts.Plain, func() {
			rules := e.byRule.Rules
			rules[i], rules[to] = rules[to], rules[i]
			e.typed[i], e.typed[to] = e.typed[to], e.typed[i]
			e.fill()
		}).WithTip(tip)
		b.SetEnabled(to >= 0 && to < len(e.byRule.Rules))
		return b
	}
	remove := parts.NewIconButton("", look.IconCross, parts.Plain, func() {
		e.byRule.Rules = slices.Delete(e.byRule.Rules, i, i+1)
		e.typed = map[int]bool{}
		if len(e.byRule.Rules) == 0 {
			e.byRule.Rules = []view.WhenRule{{}}
		}
		e.fill()
	}).WithTip("Remove this rule")
	when = append(when, parts.Fill(parts.NewText(e.concerned(w), parts.Style{Size: look.TextCaption, Color: look.Muted, Shrink: true})))
	if len(e.byRule.Rules) > 1 {
		when = append(when, move(-1, look.IconChevronUp, "Move up"), move(1, look.IconChevronDown, "Move down"))
	}
	when = append(when, remove)
	then := parts.Beside(ruleWord+8, parts.Pad(8, 0, 0, 0, word("give")), e.picker(w.Give, "Choose", func(v []string) { w.Give = v }))
	rows := []fyne.CanvasObject{parts.Row(8, when...), then}
	if trouble != "" {
		rows = append(rows, parts.Pad(0, 0, 0, ruleWord+8, parts.NewNotice(look.Held, trouble)))
	}
	return parts.Column(6, rows...)
}

// concerned says that a rule is about nobody who was read.
func (e *editor) concerned(w *view.WhenRule) string {
	if w.Field == "" || slices.ContainsFunc(e.b.m.ValuesOf(w.Field), func(v view.ValueCount) bool { return v.Value == w.Value }) {
		return ""
	}
	return "nobody now"
}

func (e *editor) fieldOf(i int) fyne.CanvasObject {
	w := &e.byRule.Rules[i]
	var options []parts.Option
	selected := w.Field
	if e.byRule.Many {
		options = append(options, parts.Option{ID: everybody, Label: "Everybody"})
		selected = cmp.Or(selected, everybody)
	}
	for _, f := range e.b.m.RuleFields() {
		options = append(options, parts.Option{ID: f.ID, Label: fieldLabel(f)})
	}
	choice := parts.NewChoice(options, selected, "Choose a field")
	choice.OnChanged = func(id string) {
		if id == everybody {
			id = ""
		}
		w.Field, w.Value = id, ""
		if values := e.b.m.ValuesOf(id); id != "" && len(values) > 0 {
			w.Value = values[0].Value
		}
		delete(e.typed, i)
		e.fill()
	}
	return choice
}

// valueOf offers the values that people have in the field of a rule, with how many they are.
func (e *editor) valueOf(i int) fyne.CanvasObject {
	w := &e.byRule.Rules[i]
	if e.typed[i] {
		input := parts.NewInput("value", w.Value)
		input.OnChanged = func(v string) {
			w.Value = v
			e.rulesChanged()
		}
		return input
	}
	var options []parts.Option
	known := false
	for _, v := range e.b.m.ValuesOf(w.Field) {
		label := v.Value
		if label == "" {
			label = "without a value"
		}
		options = append(options, parts.Option{ID: v.Value, Label: label + " · " + view.Count(v.People, "person", "people")})
		known = known || v.Value == w.Value
	}
	if !known && w.Value != "" {
		options = append(options, parts.Option{ID: w.Value, Label: w.Value})
	} else if !known {
		options = append(options, parts.Option{Label: "without a value"})
	}
	options = append(options, parts.Option{ID: another, Label: "Type another value…"})
	choice := parts.NewChoice(options, w.Value, "Choose a value")
	choice.OnChanged = func(id string) {
		if id == another {
			e.typed[i] = true
			id = ""
		}
		w.Value = id
		e.fill()
	}
	choice.SetEnabled(w.Field != "")
	return choice
}

// picker offers the target's own list, or a line where it has none; of an attribute with several values it lists those that
// were chosen and offers the others.
func (e *editor) picker(chosen []string, placeholder string, set func([]string)) fyne.CanvasObject {
	many := e.attribute.Kind == core.List
	if len(e.attribute.Choices) == 0 {
		return e.lines(chosen, placeholder, set, many)
	}
	changed := func(v []string) {
		set(v)
		e.fill()
	}
	if !many {
		one := ""
		if len(chosen) > 0 {
			one = chosen[0]
		}
		options := e.choices(nil, one)
		if placeholder == "nothing" {
			options = append([]parts.Option{{Label: "nothing"}}, options...)
		}
		choice := parts.NewChoice(options, one, placeholder)
		choice.OnChanged = func(id string) {
			if id == "" {
				changed(nil)
				return
			}
			changed([]string{id})
		}
		return parts.Row(0, parts.MinWidth(260, choice), parts.Spring())
	}
	var all []fyne.CanvasObject
	for i, v := range chosen {
		all = append(all, parts.NewIconButton(view.ChoiceLabel(e.attribute, v), look.IconCross, parts.Tinted, func() {
			changed(slices.Delete(slices.Clone(chosen), i, i+1))
		}).WithTip("Take it out"))
	}
	if left := e.choices(chosen, ""); len(left) > 0 {
		word := "Add"
		if len(chosen) == 0 && placeholder == "nothing" {
			word = "nothing"
		}
		add := parts.NewChoice(left, "", word)
		add.OnChanged = func(id string) { changed(append(slices.Clone(chosen), id)) }
		all = append(all, add)
	}
	return parts.Flow(6, all...)
}

// choices are those of the attribute without some; one that is chosen and gone stays among them.
func (e *editor) choices(without []string, kept string) []parts.Option {
	var options []parts.Option
	for _, c := range e.attribute.Choices {
		if !slices.Contains(without, c.Value) && view.RuleValue(c.Value) {
			options = append(options, parts.Option{ID: c.Value, Label: cmp.Or(c.Label, c.Value)})
		}
	}
	if kept != "" && !slices.ContainsFunc(options, func(o parts.Option) bool { return o.ID == kept }) {
		options = append(options, parts.Option{ID: kept, Label: kept})
	}
	return options
}

// lines takes values that are typed; several with commas between them.
func (e *editor) lines(chosen []string, placeholder string, set func([]string), many bool) fyne.CanvasObject {
	if many {
		placeholder += ", with commas between several"
	}
	input := parts.NewInput(placeholder, strings.Join(chosen, ", "))
	input.OnChanged = func(v string) {
		set(typedValues(v, many))
		e.rulesChanged()
	}
	return parts.Row(0, parts.MinWidth(340, input), parts.Spring())
}

func typedValues(v string, many bool) []string {
	if !many {
		v = strings.TrimSpace(v)
		if v == "" {
			return nil
		}
		return []string{v}
	}
	var values []string
	for one := range strings.SplitSeq(v, ",") {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(values, one) {
			values = append(values, one)
		}
	}
	return values
}

// constants are the same choices for everybody, of an attribute with several.
func (e *editor) constants(chosen []string) fyne.CanvasObject {
	set := func(v []string) {
		all := core.JoinList(v)
		e.set("", &all, "")
	}
	gone := ""
	for _, v := range chosen {
		if !slices.ContainsFunc(e.attribute.Choices, func(c core.Choice) bool { return c.Value == v }) {
			gone = v
		}
	}
	title := parts.NewText("The same for everybody", parts.Style{Size: look.TextTable, Bold: true})
	rows := []fyne.CanvasObject{title, e.picker(chosen, "Choose", set)}
	if gone != "" {
		rows = append(rows, parts.NewNotice(look.Held, "“"+gone+"” is no longer among the choices of "+e.b.m.Material.Target.Name+"."))
	}
	return parts.Column(10, rows...)
}
