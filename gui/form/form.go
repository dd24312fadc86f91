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
// back when the person thinks better of it.
type Pick func(o core.Option, chosen func(path string))

// Form is the questions of one connector. Questions that other answers make needless are
// hidden, those for experts stand behind "More settings".
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
	more      *parts.Button
	moreRow   *fyne.Container // hidden where nothing stands behind it
	open      bool
	box       *fyne.Container
	pause     task.Later
	pick      Pick
}

// New gives a form with answers filled in. Stored names the secrets that are kept already:
// they need not be typed again.
func New(options []core.Option, answers map[string]string, stored []string, pick Pick) *Form {
	f := &Form{options: options, stored: stored, fields: map[string]*parts.Field{}, rows: map[string]fyne.CanvasObject{}, box: parts.Column(14), pick: pick}
	for _, advanced := range []bool{false, true} {
		for _, o := range options {
			if o.Advanced == advanced {
				f.add(o, answers[o.ID])
			}
		}
		if !advanced && slices.ContainsFunc(options, func(o core.Option) bool { return o.Advanced }) {
			f.more = parts.NewIconButton("More settings", look.IconChevronRight, parts.Link, f.toggle)
			f.moreRow = parts.Row(0, f.more, parts.Spring())
			f.box.Add(f.moreRow)
		}
	}
	f.arrange()
	return f
}

func (f *Form) add(o core.Option, answer string) {
	if answer == "" && !o.Secret {
		answer = o.Default
	}
	q := parts.Question{Label: o.Label, Help: o.Help, Placeholder: o.Example, Value: answer, Kind: kindOf(o)}
	if o.Optional {
		q.Note = "optional"
	}
	if f.kept(o) {
		q.Placeholder = "Kept in the keychain. Type to replace it."
	}
	for _, c := range o.Choices {
		q.Options = append(q.Options, parts.Option{ID: c.Value, Label: c.Label})
	}
	if q.Kind == parts.ChoiceField {
		q.Placeholder = "Choose"
	}
	field := parts.NewField(q)
	field.OnChanged = func(string) { f.changed(o) }
	f.fields[o.ID], f.rows[o.ID] = field, field
	if o.Kind == core.FileOption || o.Kind == core.FolderOption {
		choose := parts.NewButton("Choose…", parts.Second, func() {
			f.pick(o, func(path string) { field.SetValue(path) })
		}).WithHeight(38)
		f.rows[o.ID] = parts.Row(8, parts.Fill(field), parts.Pad(4, 0, 0, 0, choose))
	}
	f.box.Add(f.rows[o.ID])
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

func (f *Form) toggle() {
	f.open = !f.open
	f.more.SetIcon(map[bool]look.IconName{true: look.IconChevronDown, false: look.IconChevronRight}[f.open])
	f.arrange()
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
	answers, moved, more := f.typed(), false, false
	for _, o := range f.options {
		asked := o.Shown(f.options, answers)
		more = more || asked && o.Advanced
		shown := asked && (!o.Advanced || f.open)
		if row := f.rows[o.ID]; row.Visible() != shown {
			moved = true
			show(row, shown)
		}
	}
	if f.more != nil && f.moreRow.Visible() != more {
		moved = true
		show(f.moreRow, more)
	}
	if !moved {
		return
	}
	f.box.Refresh()
	if f.OnResized != nil {
		f.OnResized()
	}
}

func show(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
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
		if o.Advanced && !f.open {
			f.toggle()
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
