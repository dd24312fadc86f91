// Package form draws the questions of a connector and gives the answers. It exists so
// that a question is declared once, in the connector's manifest, and no screen knows a
// vendor by name.
package form

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
)

// Pick asks the person for a file or folder and hands over its path; it is not called
// back when the person thinks better of it. What a file with a certificate answers the page
// hands over itself, with Fill.
type Pick func(o core.Option, chosen func(path string))

// Form is the questions of one connector. Questions that other answers make needless are
// hidden, those of a group stand behind its title: those for experts behind "More settings".
type Form struct {
	// OnChanged is called after an answer has changed.
	OnChanged func()
	// OnResized is called when questions came or went, so that the page can lay itself
	// out again.
	OnResized func()
	options   []core.Option
	stored    []string
	fields    map[string]*parts.Field
	rows      map[string]fyne.CanvasObject
	groups    []*group
	box       *fyne.Container
	pause     task.Later
	pick      Pick
}

// Group is some of the questions behind a title that opens and closes.
type Group struct {
	Title string
	Note  string // beside the title, muted
	Of    func(o core.Option) bool
	Open  bool
}

type group struct {
	Group
	head *parts.Button
	row  *fyne.Container // hidden where nothing stands behind it
}

// New gives a form with answers filled in. Stored names the secrets that are kept already:
// they need not be typed again. A question belongs to the first group that has it; those
// for experts that no group has are the last one.
func New(options []core.Option, answers map[string]string, stored []string, pick Pick, groups ...Group) *Form {
	f := &Form{options: options, stored: stored, fields: map[string]*parts.Field{}, rows: map[string]fyne.CanvasObject{}, box: parts.Column(14), pick: pick}
	groups = append(groups, Group{Title: "More settings", Of: func(o core.Option) bool { return o.Advanced }})
	for _, g := range groups {
		f.groups = append(f.groups, &group{Group: g})
	}
	f.addAll(nil, answers)
	for _, g := range f.groups {
		f.head(g)
		f.addAll(g, answers)
	}
	f.arrange()
	return f
}

// groupOf gives the group behind which a question stands, or nil.
func (f *Form) groupOf(o core.Option) *group {
	for _, g := range f.groups {
		if g.Of(o) {
			return g
		}
	}
	return nil
}

func (f *Form) addAll(of *group, answers map[string]string) {
	for _, o := range f.options {
		if f.groupOf(o) == of {
			f.add(o, answers[o.ID])
		}
	}
}

// head is the title of a group, where it has questions.
func (f *Form) head(g *group) {
	if !slices.ContainsFunc(f.options, func(o core.Option) bool { return f.groupOf(o) == g }) {
		return
	}
	g.head = parts.NewIconButton(g.Title, chevron(g.Open), parts.Link, func() { f.toggle(g) })
	g.row = parts.Row(8, g.head, parts.Fill(parts.NewText(g.Note, parts.Style{Size: look.TextCaption, Color: look.Muted, Shrink: true})))
	f.box.Add(g.row)
}

func chevron(open bool) look.IconName {
	if open {
		return look.IconChevronDown
	}
	return look.IconChevronRight
}

func (f *Form) add(o core.Option, answer string) {
	if answer == "" && !o.Secret {
		answer = o.Default
	}
	q := parts.Question{Label: o.Label, Help: o.Help, Placeholder: o.Example, Value: answer, Kind: kindOf(o)}
	if f.groupOf(o) != nil && q.Kind == parts.ChoiceField && explained(o) {
		q.Kind = parts.RadioField
	}
	if o.Optional {
		q.Note = "optional"
	}
	if f.kept(o) {
		q.Placeholder = "Kept in the keychain. Type to replace it."
	}
	for _, c := range o.Choices {
		q.Options = append(q.Options, parts.Option{ID: c.Value, Label: c.Label, Note: c.Help})
	}
	if q.Kind == parts.ChoiceField {
		q.Placeholder = "Choose"
	}
	field := parts.NewField(q)
	field.OnChanged = func(string) { f.changed(o) }
	f.fields[o.ID], f.rows[o.ID] = field, field
	if verb := pickVerb(o); verb != "" {
		choose := parts.NewButton(verb, parts.Second, func() {
			f.pick(o, func(path string) { field.SetValue(path) })
		}).WithHeight(38)
		f.rows[o.ID] = parts.Before(8, field, parts.Pad(parts.FieldTop, 0, 0, 0, choose)) // beside the box, below the label
	}
	f.box.Add(f.rows[o.ID])
}

// pickVerb is on the button with which an answer is chosen; none where it can only be typed.
func pickVerb(o core.Option) string {
	switch {
	case o.PEM != "":
		return "Choose file…"
	case o.Kind == core.FileOption, o.Kind == core.FolderOption:
		return "Choose…"
	}
	return ""
}

// explained says that the choices tell what each of them leads to: then all of them are shown.
func explained(o core.Option) bool {
	return len(o.Choices) < 6 && slices.ContainsFunc(o.Choices, func(c core.Choice) bool { return c.Help != "" })
}

func kindOf(o core.Option) parts.FieldKind {
	switch {
	case o.Kind == core.ChoiceOption || len(o.Choices) > 0:
		return parts.ChoiceField
	case o.Kind == core.BoolOption:
		return parts.TickField
	case o.Kind == core.TextOption:
		return parts.AreaField
	case o.Secret:
		return parts.SecretField
	}
	return parts.TextField
}

// Fill answers questions that are asked, as if the answers had been typed.
func (f *Form) Fill(answers core.Answers) {
	typed := f.typed()
	for _, o := range f.options {
		if v := answers[o.ID]; v != "" && o.Shown(f.options, typed) {
			f.fields[o.ID].SetValue(v.Reveal())
			f.check(o, false)
		}
	}
	f.arrange()
	if f.OnChanged != nil {
		f.OnChanged()
	}
}

func (f *Form) kept(o core.Option) bool { return o.Secret && slices.Contains(f.stored, o.ID) }

// Content gives what is drawn.
func (f *Form) Content() fyne.CanvasObject { return f.box }

// Field gives a question's field.
func (f *Form) Field(option string) *parts.Field { return f.fields[option] }

// First gives the first question that is asked, or nil.
func (f *Form) First() fyne.Focusable {
	for _, o := range f.options {
		if f.rows[o.ID].Visible() {
			return f.fields[o.ID].Focusable()
		}
	}
	return nil
}

func (f *Form) toggle(g *group) {
	g.Open = !g.Open
	g.head.SetIcon(chevron(g.Open))
	f.arrange()
}

// open says that a question does not stand behind a title that is closed.
func (f *Form) open(o core.Option) bool {
	g := f.groupOf(o)
	return g == nil || g.Open
}

// checkAfter is how long a person has to pause before an answer is said to look wrong.
const checkAfter = 700 * time.Millisecond

func (f *Form) changed(o core.Option) {
	f.arrange()
	f.pause.After(checkAfter, func() { f.check(o, false) })
	if f.OnChanged != nil {
		f.OnChanged()
	}
}

// arrange shows the questions that are asked now.
func (f *Form) arrange() {
	answers, moved, asks := f.typed(), false, map[*group]bool{}
	for _, o := range f.options {
		asked := o.Shown(f.options, answers)
		if asked {
			asks[f.groupOf(o)] = true
		}
		moved = show(f.rows[o.ID], asked && f.open(o)) || moved
	}
	for _, g := range f.groups {
		moved = g.head != nil && show(g.row, asks[g]) || moved
	}
	if !moved {
		return
	}
	f.box.Refresh()
	if f.OnResized != nil {
		f.OnResized()
	}
}

// show says whether that was another state than before.
func show(o fyne.CanvasObject, shown bool) bool {
	if o.Visible() == shown {
		return false
	}
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}

func (f *Form) typed() core.Answers {
	a := core.Answers{}
	for _, o := range f.options {
		if v := strings.TrimSpace(f.fields[o.ID].Value()); v != "" {
			a[o.ID] = core.Secret(v)
		}
	}
	return a
}

// Answers gives what was answered to the questions that are asked. Secrets that are kept
// and were not typed again are not among them.
func (f *Form) Answers() core.Answers {
	a := f.typed()
	for _, o := range f.options {
		if !o.Shown(f.options, a) {
			delete(a, o.ID)
		}
	}
	return a
}

// Check looks at every question that is asked, marks what is wrong, and gives the first
// field that is; nil where all is well.
func (f *Form) Check() *parts.Field {
	var first *parts.Field
	answers := f.typed()
	for _, o := range f.options {
		if !o.Shown(f.options, answers) || f.check(o, true) {
			continue
		}
		if !f.open(o) {
			f.toggle(f.groupOf(o))
		}
		if first == nil {
			first = f.fields[o.ID]
		}
	}
	return first
}

// check marks one answer; missing says whether an empty one is wrong by now.
func (f *Form) check(o core.Option, missing bool) bool {
	v := strings.TrimSpace(f.fields[o.ID].Value())
	problem := ""
	switch {
	case v == "" && (o.Optional || o.Default != "" || f.kept(o) || !missing):
	case v == "":
		problem = "Fill this in: " + o.Help
	case o.Pattern != "" && !matches(o.Pattern, v):
		problem = "This does not look right."
		if o.Example != "" {
			problem += " It looks like this: " + o.Example
		}
	}
	f.fields[o.ID].SetProblem(problem)
	return problem == ""
}

func matches(pattern, v string) bool {
	re, err := regexp.Compile(pattern)
	return err != nil || re.MatchString(v)
}

// Forget clears the secrets that were typed, once they are kept elsewhere.
func (f *Form) Forget(stored []string) {
	f.stored = stored
	for _, o := range f.options {
		if o.Secret {
			f.fields[o.ID].SetValue("")
			f.fields[o.ID].SetProblem("")
		}
	}
	f.pause.Stop()
}
