package parts

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// FieldKind says how a field is answered.
type FieldKind int

// The kinds of field.
const (
	TextField FieldKind = iota
	SecretField
	ChoiceField
	TickField
	AreaField  // several lines
	RadioField // a choice whose answers all stand there, with what each leads to
)

// Question says what a field asks.
type Question struct {
	Kind        FieldKind
	Label       string
	Note        string // beside the label, muted: "optional"
	Help        string // under the box
	Placeholder string
	Options     []Option // of a ChoiceField
	Value       string   // the answer at first; "true" ticks a TickField
}

// Field is a question and its answer: the label above, the box, and under it help or what is wrong.
type Field struct {
	part
	OnChanged   func(value string) `json:"-"`
	OnSubmitted func(value string) `json:"-"`
	asks        Question
	problem     string
	entry       *bare
	over        fyne.CanvasObject
	wheel       *wheel
	choice      *Choice
	radio       *Radio
	tick        *Tick
	tail        *Button            // eye or copy
	OnCopy      func(value string) `json:"-"`
}

// FieldTop is how far below the top of a field its box begins.
const FieldTop = fieldTop

const (
	fieldTop  float32 = 24
	fieldBox  float32 = 38
	fieldArea float32 = 112
)

// NewField gives a field for a question.
func NewField(asks Question) *Field {
	f := &Field{asks: asks}
	switch asks.Kind {
	case ChoiceField:
		f.choice = NewChoice(asks.Options, asks.Value, asks.Placeholder).WithHeight(fieldBox)
		f.choice.OnChanged = f.changed
		f.kids = []fyne.CanvasObject{f.choice}
	case RadioField:
		options := make([]RadioOption, len(asks.Options))
		for i, o := range asks.Options {
			options[i] = RadioOption{ID: o.ID, Label: o.Label, Note: o.Note}
		}
		f.radio = NewRadio(asks.Value, options...)
		f.radio.OnChanged = f.changed
		f.kids = []fyne.CanvasObject{f.radio}
	case TickField:
		f.tick = NewTick(asks.Label, "", asks.Value == "true")
		f.tick.OnChanged = func(bool) { f.changed(f.Value()) }
		f.kids = []fyne.CanvasObject{f.tick}
	default:
		f.makeEntry()
	}
	f.draw, f.lay = f.paint, f.arrange
	f.min = func() fyne.Size { return fyne.NewSize(180, f.HeightFor(f.Size().Width)) }
	f.become(f)
	return f
}

func (f *Field) makeEntry() {
	f.entry = newBare(func(bool) { f.Refresh() })
	f.entry.MultiLine = f.asks.Kind == AreaField
	f.entry.Wrapping = fyne.TextWrapOff
	if f.entry.MultiLine {
		f.entry.Wrapping = fyne.TextWrapWord
	}
	if f.entry.MultiLine {
		f.entry.SetPlaceHolder(f.asks.Placeholder)
	}
	f.entry.SetText(f.asks.Value)
	f.entry.OnChanged = f.changed
	f.entry.OnSubmitted = func(v string) {
		if f.OnSubmitted != nil {
			f.OnSubmitted(v)
		}
	}
	f.tail = NewIconButton("", look.IconCopy, Plain, f.tailTapped).WithHeight(30)
	f.tail.Hide()
	if f.asks.Kind == SecretField {
		f.entry.Password = true
		f.entry.ActionItem = NewIcon("", 0, look.Muted) // takes the place of the toolkit's own eye
		f.tail.SetIcon(look.IconEye)
		f.tail.SetToolTip("Show or hide")
		f.tail.Show()
	}
	f.over, f.wheel = unboxed(f.entry), newWheel()
	f.kids = []fyne.CanvasObject{f.over, f.wheel, f.tail}
	if f.entry.MultiLine {
		f.wheel.Hide()
	}
}

func (f *Field) tailTapped() {
	if f.asks.Kind == SecretField {
		f.reveal(f.entry.Password)
		return
	}
	if f.OnCopy != nil {
		f.OnCopy(f.Value())
	}
}

func (f *Field) reveal(open bool) {
	f.entry.Password = !open
	f.tail.SetIcon(map[bool]look.IconName{true: look.IconEyeOff, false: look.IconEye}[open])
	f.entry.Refresh()
}

// WithCopy shows a button that hands the answer to OnCopy.
func (f *Field) WithCopy(copied func(value string)) *Field {
	f.OnCopy = copied
	f.tail.SetToolTip("Copy")
	f.tail.Show()
	return f
}

func (f *Field) changed(v string) {
	f.SetProblem("")
	if f.OnChanged != nil {
		f.OnChanged(v)
	}
}

// Label gives what is asked.
func (f *Field) Label() string { return f.asks.Label }

// Value gives the answer: the text, the ID of the choice, or "true" and "false" of a tick box.
func (f *Field) Value() string {
	switch {
	case f.radio != nil:
		return f.radio.Selected()
	case f.choice != nil:
		return f.choice.Selected()
	case f.tick != nil && f.tick.On():
		return "true"
	case f.tick != nil:
		return "false"
	}
	return f.entry.Text
}

// SetValue answers; a text calls OnChanged, as typing does.
func (f *Field) SetValue(v string) {
	switch {
	case f.radio != nil:
		f.radio.Select(v)
	case f.choice != nil:
		f.choice.Select(v)
	case f.tick != nil:
		f.tick.SetState(map[bool]TickState{true: On, false: Off}[v == "true"])
	default:
		f.entry.SetText(v)
	}
}

// SetProblem says what is wrong and how to put it right; "" says that nothing is.
func (f *Field) SetProblem(problem string) {
	if f.problem == problem {
		return
	}
	f.problem = problem
	if f.choice != nil {
		f.choice.wrong = problem != ""
		f.choice.Refresh()
	}
	f.Refresh()
}

// Problem gives what is wrong, or "".
func (f *Field) Problem() string { return f.problem }

// SetHelp replaces the line under the box.
func (f *Field) SetHelp(help string) { f.asks.Help = help; f.Refresh() }

// SetOptions replaces the list of a ChoiceField.
func (f *Field) SetOptions(options []Option) { f.choice.SetOptions(options) }

// SetEnabled lets the field be answered, or not.
func (f *Field) SetEnabled(enabled bool) {
	switch {
	case f.radio != nil:
	case f.choice != nil:
		f.choice.SetEnabled(enabled)
	case f.tick != nil:
		f.tick.SetEnabled(enabled)
	case enabled:
		f.entry.Enable()
	default:
		f.entry.Disable()
	}
}

// Focusable is what a page focuses to bring the person to this field.
func (f *Field) Focusable() fyne.Focusable {
	switch {
	case f.radio != nil:
		return f.radio.Focusable()
	case f.choice != nil:
		return f.choice
	case f.tick != nil:
		return f.tick
	}
	return f.entry
}

func (f *Field) boxTop() float32 {
	if f.tick != nil {
		return 0
	}
	return fieldTop
}

func (f *Field) boxHeight() float32 {
	switch f.asks.Kind {
	case TickField:
		return 22
	case AreaField:
		return fieldArea
	}
	return fieldBox
}

func (f *Field) under() (text string, k ink, left float32) {
	if f.problem != "" {
		return f.problem, ink{size: look.TextCaption, weight: medium, color: c(look.ErrorText)}, 20
	}
	if f.tick != nil {
		left = 28
	}
	return f.asks.Help, ink{size: look.TextCaption, color: c(look.Muted)}, left
}

func (f *Field) lines(wide float32) []string {
	text, k, left := f.under()
	if text == "" {
		return nil
	}
	if wide <= 0 {
		wide = 400
	}
	return wrap(text, wide-left, 4, k)
}

// HeightFor gives the height the field needs at a width: help and problems wrap.
func (f *Field) HeightFor(wide float32) float32 {
	h := f.boxTop() + f.boxHeight()
	if f.radio != nil {
		h = f.boxTop() + f.radio.HeightFor(wide)
	}
	n := len(f.lines(wide))
	if f.tick == nil {
		n = max(n, 1) // room for what may be wrong later, so that nothing moves then
	}
	if n > 0 {
		h += 5 + 16*float32(n)
	}
	return h
}

func (f *Field) paint(p *pen, s fyne.Size) {
	top, high := f.boxTop(), f.boxHeight()
	if f.radio != nil {
		high = f.radio.HeightFor(s.Width)
	}
	if f.tick == nil {
		room := s.Width
		if f.asks.Note != "" {
			room -= width(f.asks.Note, ink{size: look.TextCaption}) + 10
		}
		w, _ := p.text(f.asks.Label, 0, 9, room, ink{size: look.TextTable, weight: semibold, color: c(look.Foreground)})
		p.text(f.asks.Note, ceil(w)+9, 9, 0, ink{size: look.TextCaption, color: c(look.Muted)})
	}
	if f.entry != nil {
		inputBox(p, top, s.Width, high, f.entry.focused, f.problem != "")
		if f.asks.Kind == SecretField {
			p.line(s.Width-41, top+9, 1, 20)
		}
	}
	_, k, left := f.under()
	y := top + high + 13
	if f.problem != "" {
		p.icon(look.IconError, 0, y-7, 14, k.color)
		if f.entry != nil && !f.tail.Visible() && !f.entry.MultiLine {
			p.icon(look.IconError, s.Width-28, top+11, 16, k.color)
		}
	}
	for i, line := range f.lines(s.Width) {
		p.text(line, left, y+16*float32(i), s.Width-left, k)
	}
}

func (f *Field) arrange(s fyne.Size) {
	top, high := f.boxTop(), f.boxHeight()
	switch {
	case f.radio != nil:
		place(f.radio, 0, top, s.Width, f.radio.HeightFor(s.Width))
	case f.choice != nil:
		place(f.choice, 0, top, s.Width, high)
	case f.tick != nil:
		place(f.tick, 0, 0, s.Width, high)
	default:
		f.arrangeEntry(s, top, high)
	}
}

// entryInset is what the toolkit's entry leaves free left and right of its text.
const entryInset = 24

func (f *Field) arrangeEntry(s fyne.Size, top, high float32) {
	tail := float32(10) // so that a long text does not run into the border
	if f.tail.Visible() {
		tail = 42
		f.tail.Resize(fyne.NewSquareSize(30))
		f.tail.Move(fyne.NewPos(s.Width-36, top+4))
	} else if f.problem != "" {
		tail = 32
	}
	h, y := f.entry.MinSize().Height, top
	if f.entry.MultiLine {
		h = high
	} else {
		y += round((high - h) / 2)
	}
	if example, _ := fit(f.asks.Placeholder, s.Width-tail-4-entryInset, ink{size: look.TextBody}); !f.entry.MultiLine && f.entry.PlaceHolder != example {
		f.entry.SetPlaceHolder(example) // one that is too long would have to be scrolled
	}
	f.over.Resize(fyne.NewSize(s.Width-tail-4, h))
	f.over.Move(fyne.NewPos(4, y))
	f.wheel.Resize(fyne.NewSize(s.Width, high))
	f.wheel.Move(fyne.NewPos(0, top))
}
