package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rollcall/gui/look"
)

// bare is the toolkit's entry without its own box: the parts here draw the box around it.
type bare struct {
	widget.Entry
	onFocus  func(bool)
	onEscape func()
	onKey    func(*fyne.KeyEvent) bool // takes a key before the entry does
	focused  bool
}

func newBare(onFocus func(bool)) *bare {
	e := &bare{onFocus: onFocus}
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained belongs to the toolkit.
func (e *bare) FocusGained() { e.focused = true; e.Entry.FocusGained(); e.onFocus(true); foundFocus(e) }

// FocusLost belongs to the toolkit.
func (e *bare) FocusLost() { e.focused = false; e.Entry.FocusLost(); e.onFocus(false) }

// AcceptsTab belongs to the toolkit: Tab leads out of a box of several lines too.
func (e *bare) AcceptsTab() bool { return false }

// TypedShortcut gives what an entry has no use for to the window: the toolkit asks the entry only.
func (e *bare) TypedShortcut(s fyne.Shortcut) {
	e.Entry.TypedShortcut(s)
	on := fyne.CurrentApp().Driver().CanvasForObject(e)
	if _, own := s.(*desktop.CustomShortcut); !own || on == nil {
		return
	}
	if window, ok := on.(fyne.Shortcutable); ok {
		window.TypedShortcut(s)
	}
}

// TypedKey belongs to the toolkit.
func (e *bare) TypedKey(k *fyne.KeyEvent) {
	if e.onKey != nil && e.onKey(k) {
		return
	}
	if k.Name == fyne.KeyF1 || k.Name == fyne.KeyF6 {
		passOn(e, k)
		return
	}
	if k.Name == fyne.KeyEscape {
		if e.onEscape == nil || e.Text == "" {
			passOn(e, k)
			return
		}
		e.onEscape()
		return
	}
	e.Entry.TypedKey(k)
}

func unboxed(e *bare) fyne.CanvasObject { return container.NewThemeOverride(e, flat{}) }

// flat is the theme of the program without the box of an entry.
type flat struct{}

func (flat) now() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Color belongs to fyne.Theme.
func (f flat) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder:
		return color.Transparent
	}
	return f.now().Color(n, v)
}

// Font belongs to fyne.Theme.
func (f flat) Font(s fyne.TextStyle) fyne.Resource { return f.now().Font(s) }

// Icon belongs to fyne.Theme.
func (f flat) Icon(n fyne.ThemeIconName) fyne.Resource { return f.now().Icon(n) }

// Size belongs to fyne.Theme.
func (f flat) Size(n fyne.ThemeSizeName) float32 {
	if n == theme.SizeNameInputBorder {
		return 0
	}
	return f.now().Size(n)
}

// inputBox is the box of everything one writes into or chooses from.
func inputBox(p *pen, y, w, h float32, focused, wrong bool) {
	b := box{fill: c(look.InputGround), stroke: c(look.InputBorder), width: 1, radius: look.RadiusControl}
	switch {
	case wrong:
		b.stroke, b.width = c(look.ErrorText), 2
	case focused:
		b.stroke, b.width = c(look.Primary), 2
	}
	p.box(0, y, w, h, b)
}

// SearchBox is the box one searches with: a magnifier, the words, a note such as the number of hits, and a cross that
// clears. Escape clears too.
type SearchBox struct {
	part
	OnChanged   func(text string) `json:"-"`
	OnSubmitted func(text string) `json:"-"`
	entry       *bare
	over        fyne.CanvasObject
	clear       *Button
	note        string
	wide, high  float32
}

// NewSearchBox gives a search box of a least width.
func NewSearchBox(placeholder string, wide float32) *SearchBox {
	s := &SearchBox{wide: wide, high: ButtonHeight}
	s.entry = newBare(func(bool) { s.Refresh() })
	s.entry.SetPlaceHolder(placeholder)
	s.entry.OnChanged = func(t string) { s.changed(t) }
	s.entry.OnSubmitted = func(t string) {
		if s.OnSubmitted != nil {
			s.OnSubmitted(t)
		}
	}
	s.entry.onEscape = func() { s.SetText("") }
	s.clear = NewIconButton("", look.IconCross, Plain, func() { s.SetText("") }).WithHeight(26).WithTip("Clear")
	s.clear.away = func() bool { return true } // Escape does the same
	s.clear.Hide()
	s.over = unboxed(s.entry)
	s.kids = []fyne.CanvasObject{s.over, s.clear}
	s.draw, s.lay = s.paint, s.arrange
	s.min = func() fyne.Size { return fyne.NewSize(s.wide, s.high) }
	s.become(s)
	return s
}

// WithHeight makes the box as high as its row.
func (s *SearchBox) WithHeight(high float32) *SearchBox { s.high = high; return s }

// Text gives what is written.
func (s *SearchBox) Text() string { return s.entry.Text }

// SetText writes and calls OnChanged.
func (s *SearchBox) SetText(text string) { s.entry.SetText(text) }

// SetNote writes something muted at the right of the box, such as "7 of 1,204 people".
func (s *SearchBox) SetNote(note string) {
	if s.note != note {
		s.note = note
		s.Refresh()
	}
}

// Focusable is what a page focuses for a shortcut such as Ctrl+F.
func (s *SearchBox) Focusable() fyne.Focusable { return s.entry }

func (s *SearchBox) changed(text string) {
	if visible := text != ""; visible != s.clear.Visible() {
		s.clear.Hidden = !visible
		s.clear.Refresh()
		s.Refresh()
	}
	if s.OnChanged != nil {
		s.OnChanged(text)
	}
}

func (s *SearchBox) noteInk() ink { return ink{size: look.TextTable, color: c(look.Muted)} }

func (s *SearchBox) right() float32 {
	room := float32(6)
	if s.clear.Visible() {
		room += 28
	}
	if s.note != "" {
		room += ceil(width(s.note, s.noteInk())) + 8
	}
	return room
}

func (s *SearchBox) paint(p *pen, size fyne.Size) {
	inputBox(p, 0, size.Width, size.Height, s.entry.focused, false)
	p.icon(look.IconSearch, 11, round((size.Height-16)/2), 16, c(look.Muted))
	if s.note != "" {
		x := size.Width - s.right() + 4
		p.text(s.note, x, size.Height/2, 0, s.noteInk())
	}
}

func (s *SearchBox) arrange(size fyne.Size) {
	h := s.entry.MinSize().Height
	s.over.Resize(fyne.NewSize(max(size.Width-28-s.right(), 20), h))
	s.over.Move(fyne.NewPos(27, round((size.Height-h)/2)))
	s.clear.Resize(fyne.NewSquareSize(26))
	s.clear.Move(fyne.NewPos(size.Width-31, round((size.Height-26)/2)))
}

// Option is one choice of a Choice or a Field.
type Option struct {
	ID, Label string
	Note      string // what choosing it leads to; shown where all are in view
}

// Choice is a box that opens a list to choose one from.
type Choice struct {
	press
	OnChanged   func(id string) `json:"-"`
	options     []Option
	selected    string
	placeholder string
	wrong       bool
	flat        bool // text and chevron only, without a box
	high        float32
}

// NewChoice gives a choice; placeholder is shown while nothing is chosen.
func NewChoice(options []Option, selected, placeholder string) *Choice {
	h := &Choice{options: options, selected: selected, placeholder: placeholder, high: ButtonHeight}
	h.OnTapped = h.open
	h.draw, h.min = h.paint, h.minSize
	h.become(h)
	return h
}

// NewFlatChoice gives a choice drawn as text and a chevron, for rows where many boxes would be noise.
func NewFlatChoice(options []Option, selected string) *Choice {
	h := NewChoice(options, selected, "")
	h.flat = true
	return h
}

// WithHeight makes the box as high as its row.
func (h *Choice) WithHeight(high float32) *Choice { h.high = high; return h }

// Selected gives the ID chosen, or "".
func (h *Choice) Selected() string { return h.selected }

// Select chooses without calling OnChanged.
func (h *Choice) Select(id string) { h.selected = id; h.Refresh() }

// SetOptions replaces the list.
func (h *Choice) SetOptions(options []Option) { h.options = options; h.Refresh() }

func (h *Choice) label() string {
	for _, o := range h.options {
		if o.ID == h.selected {
			return o.Label
		}
	}
	return h.placeholder
}

func (h *Choice) minSize() fyne.Size {
	wide := ceil(width(h.label(), ink{size: look.TextTable})) + 22
	if h.flat {
		return fyne.NewSize(wide, 24)
	}
	return fyne.NewSize(min(wide+22, 320), h.high)
}

func (h *Choice) paint(p *pen, s fyne.Size) {
	k := ink{size: look.TextTable, color: c(look.Foreground)}
	if h.label() == h.placeholder {
		k.color = c(look.Placeholder)
	}
	if h.disabled {
		k.color = c(look.Disabled)
	}
	if h.flat {
		ring(p, s, 4, h.focused)
		w, _ := p.text(h.label(), 0, s.Height/2, s.Width-20, k)
		p.icon(look.IconChevronDown, round(w+6), round((s.Height-13)/2), 13, c(look.Muted))
		return
	}
	if h.high >= 38 {
		k.size = look.TextBody
	}
	inputBox(p, 0, s.Width, s.Height, h.focused, h.wrong)
	if h.live() {
		p.box(0, 0, s.Width, s.Height, box{fill: c(look.Hover), radius: look.RadiusControl})
	}
	_, cut := p.text(h.label(), 12, s.Height/2, s.Width-42, k)
	h.SetToolTip("")
	if cut {
		h.SetToolTip(h.label())
	}
	p.icon(look.IconChevronDown, s.Width-26, round((s.Height-14)/2), 14, c(look.Muted))
}

func (h *Choice) open() {
	items := make([]*fyne.MenuItem, 0, len(h.options))
	for _, o := range h.options {
		item := fyne.NewMenuItem(o.Label, func() { h.choose(o.ID) })
		item.Checked = o.ID == h.selected
		items = append(items, item)
	}
	ShowMenu(h.self, items...)
}

func (h *Choice) choose(id string) {
	if id == h.selected {
		return
	}
	h.Select(id)
	if h.OnChanged != nil {
		h.OnChanged(id)
	}
}

// ShowMenu opens a menu under an object, ready for the arrow keys and at what is chosen; a long one can be searched.
func ShowMenu(under fyne.CanvasObject, items ...*fyne.MenuItem) {
	on := fyne.CurrentApp().Driver().CanvasForObject(under)
	if on == nil || len(items) == 0 {
		return
	}
	if len(items) > longMenu && flatMenu(items) {
		showPicker(on, under, items)
		return
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), on)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	menu.ShowAtPosition(at.AddXY(0, under.Size().Height+4))
	menu.Resize(fyne.NewSize(max(menu.MinSize().Width, under.Size().Width), menu.Size().Height))
	on.Focus(menu)
	for _, i := range items {
		if menu.ActivateNext(); i.Checked {
			return
		}
	}
	menu.DeactivateChild()
	menu.ActivateNext()
}

func flatMenu(items []*fyne.MenuItem) bool {
	for _, i := range items {
		if i.ChildMenu != nil || i.IsSeparator || i.Disabled {
			return false
		}
	}
	return true
}

// TickState is what a tick box shows.
type TickState int

// The states of a tick box. Part is for the head of a list; Locked cannot be changed.
const (
	Off TickState = iota
	On
	Part
	Locked
)

// Tick is a tick box with a label and an optional muted line under it.
type Tick struct {
	press
	OnChanged   func(on bool) `json:"-"`
	label, note string
	state       TickState
}

// NewTick gives a tick box.
func NewTick(label, note string, on bool) *Tick {
	t := &Tick{label: label, note: note}
	if on {
		t.state = On
	}
	t.OnTapped = t.toggle
	t.draw, t.min = t.paint, t.minSize
	t.become(t)
	return t
}

// On tells whether it is ticked.
func (t *Tick) On() bool { return t.state == On }

// SetState shows a state without calling OnChanged.
func (t *Tick) SetState(state TickState) { t.state = state; t.Refresh() }

func (t *Tick) toggle() {
	if t.state == Locked {
		return
	}
	t.state = map[bool]TickState{true: Off, false: On}[t.state == On]
	t.Refresh()
	if t.OnChanged != nil {
		t.OnChanged(t.state == On)
	}
}

func (t *Tick) minSize() fyne.Size {
	wide := max(width(t.label, ink{size: look.TextTable, weight: medium}), width(t.note, ink{size: look.TextCaption}))
	if wide > 0 {
		wide = ceil(wide) + 10
	}
	if t.note != "" {
		return fyne.NewSize(18+wide, 38)
	}
	return fyne.NewSize(18+wide, 22)
}

func (t *Tick) paint(p *pen, s fyne.Size) {
	state := t.state
	if t.disabled {
		state = Locked
	}
	drawTick(p, 1, 3, state)
	if t.focused {
		p.box(-2, 0, 22, 22, box{stroke: c(look.Primary), width: 2, radius: 7})
	}
	_, cut := p.text(t.label, 28, 11, max(s.Width-28, 1), ink{size: look.TextTable, weight: medium, color: c(look.Foreground)})
	if t.note != "" {
		_, cutNote := p.text(t.note, 28, 29, max(s.Width-28, 1), ink{size: look.TextCaption, color: c(look.Muted)})
		cut = cut || cutNote
	}
	t.SetToolTip("")
	if cut {
		t.SetToolTip(t.label + "\n" + t.note)
	}
}

// drawTick draws a box of 16 with its top left corner at x, y.
func drawTick(p *pen, x, y float32, state TickState) {
	switch state {
	case On, Part:
		p.box(x, y, 16, 16, box{fill: c(look.Primary), radius: 4})
	case Locked:
		p.box(x, y, 16, 16, box{fill: c(look.ButtonFill), stroke: c(look.BorderStrong), width: 1, radius: 4})
	default:
		p.box(x, y, 16, 16, box{fill: c(look.InputGround), stroke: c(look.TickOutline), width: 1.5, radius: 4})
	}
	switch state {
	case On:
		p.icon(look.IconTick, x+1, y+1, 14, c(look.OnPrimary))
	case Part:
		p.box(x+4, y+7, 8, 2, box{fill: c(look.OnPrimary), radius: 1})
	case Locked:
		p.box(x+5, y+7, 6, 2, box{fill: c(look.Muted), radius: 1})
	}
}

var (
	_ desktop.Cursorable = (*Choice)(nil)
	_ fyne.Focusable     = (*Tick)(nil)
)
