package page

import (
	"cmp"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

// scopeStep says what the sync may do, and how people and accounts are matched.
type scopeStep struct {
	p       *Setup
	problem *parts.Notice
	lists   [2]*container.Scroll
	renote  func() // says anew how far back people who left are read
	wrong   string // what is wrong with the answer to that
}

func newScopeStep(p *Setup) *scopeStep { return &scopeStep{p: p} }

func (s *scopeStep) setup() *core.Setup { return &s.p.w.Sync.Setup }

func (s *scopeStep) show() {
	s.problem = parts.NewNotice(look.Deactivate, "")
	for i, o := range []fyne.CanvasObject{s.changes(), s.identifier()} {
		s.lists[i] = container.NewVScroll(parts.Pad(20, look.InsetPage, 20, look.InsetPage, o))
	}
	body := container.New(halves{gap: look.InsetPage, left: 0.5}, parts.NewPanel(1, s.lists[0]), parts.NewPanel(1, s.lists[1]))
	s.p.frame(s.p.title(), body, container.NewStack(s.p.saved(), s.problem), s.p.wayOn(true, s.goOn)...)
	s.problem.Hide()
}

func (s *scopeStep) goOn() {
	if wrong := cmp.Or(view.ScopeProblem(*s.setup()), s.wrong); wrong != "" {
		s.problem.Set(look.Deactivate, wrong)
		s.problem.Show()
		s.p.content.Refresh()
		return
	}
	s.p.next(view.StepMapping)
}

// changes offers the kinds of change, each with what it means.
func (s *scopeStep) changes() fyne.CanvasObject {
	m := &s.setup().Modes
	can := s.p.material.Target
	rows := []fyne.CanvasObject{parts.NewText("What may change", parts.Section)}
	add := func(label, note, skill string, on *bool, more ...fyne.CanvasObject) {
		if !can.Has(skill) {
			*on, note, more = false, can.Name+" cannot do this.", nil
		}
		tick := parts.NewTick(label, "", *on)
		tick.SetEnabled(can.Has(skill))
		tick.OnChanged = func(v bool) { *on = v; s.renote() }
		rows = append(rows, parts.Column(2, tick, parts.Pad(0, 0, 0, 28, parts.NewText(note, parts.Style{Size: look.TextCaption, Color: look.Muted, Lines: 3}))))
		for _, o := range more {
			rows = append(rows, parts.Pad(0, 0, 0, 28, o))
		}
	}
	add("Create accounts", "For people who have none. It is disabled until their first day.", core.CanCreate, &m.Create,
		s.days("days before the start date", &m.CreateDaysBefore))
	add("Update accounts", "Where a mapped value differs. Everything else stays as it is.", core.CanUpdate, &m.Update)
	add("Deactivate leavers", "When people have left or their contract has ended. Nothing is deleted.", core.CanDeactivate, &m.Deactivate)
	add("Delete accounts of leavers", "Off unless you are sure: a deleted account may be gone for good.", core.CanDelete, &m.Delete,
		s.days("days after the end date", &m.DeleteDaysAfter))
	rows = append(rows, s.leavers(), parts.Separator(), parts.NewText("Special cases", parts.Style{Size: look.TextCard, Bold: true}),
		s.word("Gone from the source", &m.Absent, core.Report, parts.Option{ID: core.Report, Label: "Only report it"}, parts.Option{ID: core.Disable, Label: "Deactivate"}),
		s.word("Left out by the filter now", &m.LeftScope, core.KeepAsIs, parts.Option{ID: core.KeepAsIs, Label: "Keep as it is"}, parts.Option{ID: core.Disable, Label: "Deactivate"}),
		s.word("On leave", &m.OnLeave, core.KeepAsIs, parts.Option{ID: core.KeepAsIs, Label: "Keep active"}, parts.Option{ID: core.Disable, Label: "Deactivate"}),
		s.word("Sign-in name changes", &m.Logins, core.Confirm, parts.Option{ID: core.Confirm, Label: "Ask me in the preview"}, parts.Option{ID: core.Do, Label: "Change it"}, parts.Option{ID: core.Never, Label: "Never change it"}))
	return parts.Column(14, rows...)
}

// leavers asks how far back people who left are read.
func (s *scopeStep) leavers() fyne.CanvasObject {
	note := parts.NewText(view.LeaversNote(*s.setup()), parts.Style{Size: look.TextCaption, Color: look.Muted, Lines: 3})
	input := parts.NewInput("90", view.LeaversText(*s.setup()))
	s.renote = func() {
		s.wrong = ""
		if _, ok := view.WithLeavers(*s.setup(), input.Text()); !ok {
			s.wrong = "How far back people who left are read is a number of days from 1, or the word all."
		}
		note.SetText(cmp.Or(s.wrong, view.LeaversNote(*s.setup())))
	}
	input.OnChanged = func(v string) {
		*s.setup(), _ = view.WithLeavers(*s.setup(), v)
		s.renote()
	}
	muted := parts.Style{Size: look.TextTable, Color: look.Muted}
	return parts.Column(6, parts.NewText("People who left", parts.Style{Medium: true}),
		parts.Row(8, parts.NewText("are read back", muted), input, parts.NewText("days, or “all”", muted)), note)
}

func (s *scopeStep) days(words string, value *int) fyne.CanvasObject {
	input := parts.NewInput("0", strconv.Itoa(*value))
	input.OnChanged = func(v string) {
		if n, err := strconv.Atoi(v); err == nil && n >= 0 {
			*value = n
			s.renote()
		}
	}
	return parts.Row(8, input, parts.NewText(words, parts.Style{Size: look.TextTable, Color: look.Muted}))
}

func (s *scopeStep) word(label string, value *string, usual string, options ...parts.Option) fyne.CanvasObject {
	if *value == "" {
		*value = usual
	}
	choice := parts.NewChoice(options, *value, "")
	choice.OnChanged = func(id string) { *value = id }
	return parts.Row(8, parts.Fill(parts.NewText(label, parts.Style{Size: look.TextTable, Shrink: true})), parts.MinWidth(196, choice))
}

// identifier offers the fields that tell people apart.
func (s *scopeStep) identifier() fyne.CanvasObject {
	m := *s.p.material
	all := view.Identifiers(m)
	field, attribute := view.FirstKey(*s.setup())
	var options []parts.RadioOption
	for _, i := range all {
		o := parts.RadioOption{ID: i.Field.ID, Label: fieldLabel(i.Field), Note: i.Sentence(len(m.People)), Tone: look.Create}
		switch {
		case !i.Unique():
			o.Badge, o.Tone = "not unique", look.Held
		case i.Recommended:
			o.Badge = "recommended"
		}
		options = append(options, o)
	}
	radio := parts.NewRadio(field, options...)
	var attributes []parts.Option
	for _, a := range view.KeyAttributes(m) {
		attributes = append(attributes, parts.Option{ID: a.ID, Label: attributeLabel(a)})
	}
	where := parts.NewChoice(attributes, attribute, "Choose an attribute").WithHeight(38)
	where.OnChanged = func(id string) { *s.setup() = view.WithKey(*s.setup(), radio.Selected(), id) }
	radio.OnChanged = func(id string) {
		for _, i := range all {
			if i.Field.ID == id {
				*s.setup() = view.WithKey(*s.setup(), id, i.Attribute)
				where.Select(i.Attribute)
			}
		}
	}
	rows := []fyne.CanvasObject{parts.NewText("How people and accounts are matched", parts.Section),
		parts.NewText("The identifier has to be the same on both sides, different for everybody, and should never change. An account without it is not touched.", parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 4})}
	if len(all) == 0 {
		rows = append(rows, parts.NewNotice(look.Held, "No field tells people apart. Check the source: each person needs a number or an e-mail address of their own."))
	}
	rows = append(rows, radio, parts.Separator(), parts.Column(6, parts.NewText("Attribute in "+s.p.w.Ends[view.TargetEnd].Name()+" that holds it", parts.Style{Size: look.TextTable, Bold: true}), where,
		parts.NewText("New accounts get it written; accounts that are there already are found by it.", parts.Style{Size: look.TextCaption, Color: look.Muted, Lines: 2})))
	return parts.Column(14, rows...)
}

func attributeLabel(a core.Attribute) string {
	if a.Label == "" || a.Label == a.ID {
		return a.ID
	}
	return a.Label + " (" + a.ID + ")"
}
