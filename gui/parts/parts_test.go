package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/look"
)

// open puts content into a window of the software driver.
func open(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light))
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1280, 800))
	return w
}

func key(w fyne.Window, name fyne.KeyName) {
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		return
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

func TestButtonIsPressedByPointerSpaceAndEnter(t *testing.T) {
	pressed := 0
	b := NewButton("Sync now", Primary, func() { pressed++ })
	w := open(t, container.NewCenter(b))
	test.Tap(b)
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA} {
		key(w, k)
	}
	if pressed != 4 {
		t.Errorf("pressed %d times, want 4", pressed)
	}
}

func TestDisabledButtonIsDeafAndGetsNoFocus(t *testing.T) {
	b := NewButton("Sync now", Primary, func() { t.Error("a disabled button was pressed") })
	w := open(t, container.NewCenter(b))
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Canvas().FocusNext()
	if w.Canvas().Focused() == fyne.Focusable(b) {
		t.Error("a disabled button took the focus")
	}
}

func TestFocusedButtonShowsARing(t *testing.T) {
	b := NewButton("Sync now", Primary, nil)
	w := open(t, container.NewCenter(b))
	rings := func() (n int) {
		for _, r := range b.ink.pen.boxes.items[:b.ink.pen.boxes.used] {
			if r.StrokeWidth == 2 && r.Visible() {
				n++
			}
		}
		return n
	}
	if rings() != 0 {
		t.Error("a ring without focus")
	}
	w.Canvas().Focus(b)
	if rings() != 1 {
		t.Error("no ring with focus")
	}
}

func TestLongTextIsCutToItsRoomAndShownAsTip(t *testing.T) {
	long := "Rechtsschutzversicherungsgesellschaftenangestellte"
	txt := NewText(long, Body)
	open(t, container.NewWithoutLayout(txt))
	txt.Resize(fyne.NewSize(120, 20))
	drawn := txt.ink.pen.texts.items[0]
	if !drawn.cut || drawn.MinSize().Width > 120 {
		t.Errorf("drew %q, %v wide", drawn.Text.Text, drawn.MinSize().Width)
	}
	if txt.ToolTip() != long {
		t.Errorf("tip is %q", txt.ToolTip())
	}
}

func TestWrapKeepsEveryWordAndNeverTheRoom(t *testing.T) {
	open(t, container.NewStack())
	k := ink{size: 14}
	for _, s := range []string{"", "one", "a few words that need several lines", "Donaudampfschifffahrtsgesellschaftskapitän an Bord", "first\nsecond line"} {
		letters := 0
		for _, line := range wrap(s, 100, 50, k) {
			if width(line, k) > 101 {
				t.Errorf("%q is wider than its room", line)
			}
			for _, r := range line {
				if r != ' ' {
					letters++
				}
			}
		}
		want := 0
		for _, r := range s {
			if r != ' ' && r != '\n' {
				want++
			}
		}
		if letters != want {
			t.Errorf("%q: %d letters of %d are left", s, letters, want)
		}
	}
}

func TestFieldTellsItsAnswerAndForgetsTheProblemWhenAnswered(t *testing.T) {
	var got string
	f := NewField(Question{Label: "Alert e-mail"})
	f.OnChanged = func(v string) { got = v }
	w := open(t, container.NewVBox(f))
	f.SetProblem("Enter a full address.")
	w.Canvas().Focus(f.Focusable())
	test.Type(f.entry, "it@corp.example")
	if got != "it@corp.example" || f.Value() != got {
		t.Errorf("answer %q, told %q", f.Value(), got)
	}
	if f.Problem() != "" {
		t.Error("the problem is still shown")
	}
}

func TestSecretFieldHidesItsAnswerUntilTheEyeIsPressed(t *testing.T) {
	f := NewField(Question{Kind: SecretField, Label: "Client secret", Value: "s3cret"})
	open(t, container.NewVBox(f))
	if !f.entry.Password {
		t.Error("the secret is shown")
	}
	test.Tap(f.tail)
	if f.entry.Password {
		t.Error("the eye does not show the secret")
	}
	test.Tap(f.tail)
	if !f.entry.Password {
		t.Error("the eye does not hide the secret again")
	}
}

func TestTickFieldAnswersTrueOrFalse(t *testing.T) {
	f := NewField(Question{Kind: TickField, Label: "Read people on leave", Value: "true"})
	w := open(t, container.NewVBox(f))
	w.Canvas().Focus(f.Focusable())
	key(w, fyne.KeySpace)
	if f.Value() != "false" {
		t.Errorf("answer %q after Space", f.Value())
	}
}

func TestChoiceIsMadeWithTheKeyboard(t *testing.T) {
	var got string
	choice := NewChoice([]Option{{ID: "eu", Label: "Europe"}, {ID: "us", Label: "United States"}}, "eu", "")
	choice.OnChanged = func(id string) { got = id }
	w := open(t, container.NewVBox(choice))
	w.Canvas().Focus(choice)
	key(w, fyne.KeySpace)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyReturn)
	if got != "us" || choice.Selected() != "us" {
		t.Errorf("chose %q, told %q", choice.Selected(), got)
	}
}

func TestFacetsAreOnEachByItselfAndCategoriesOneAtATime(t *testing.T) {
	facets := NewFacets(Pill{ID: "create", Label: "Create"}, Pill{ID: "held", Label: "Held"})
	kinds := NewCategories("all", Pill{ID: "all", Label: "All"}, Pill{ID: "files", Label: "Files"})
	open(t, container.NewVBox(facets, kinds))
	test.Tap(facets.pills[0])
	test.Tap(kinds.pills[1])
	if on := facets.On(); len(on) != 1 || on[0] != "held" {
		t.Errorf("facets on: %v", on)
	}
	if on := kinds.On(); len(on) != 1 || on[0] != "files" {
		t.Errorf("categories on: %v", on)
	}
	facets.SetPills(Pill{ID: "create", Label: "Create", Count: "2"}, Pill{ID: "held", Label: "Held", Count: "1"})
	if on := facets.On(); len(on) != 1 || on[0] != "held" {
		t.Errorf("new counts changed what is on: %v", on)
	}
}

func TestSearchBoxIsClearedByEscape(t *testing.T) {
	last := "-"
	s := NewSearchBox("Search", 280)
	s.OnChanged = func(v string) { last = v }
	w := open(t, container.NewVBox(s))
	w.Canvas().Focus(s.Focusable())
	test.Type(s.entry, "anna")
	if last != "anna" {
		t.Errorf("told %q", last)
	}
	key(w, fyne.KeyEscape)
	if s.Text() != "" || last != "" {
		t.Errorf("left %q, told %q", s.Text(), last)
	}
}

func TestConfirmAsksOnceAndGivesTheFocusBack(t *testing.T) {
	for name, tc := range map[string]struct {
		press func(fyne.Window)
		want  bool
	}{
		"the safe button has the focus": {func(w fyne.Window) { key(w, fyne.KeyReturn) }, false},
		"the verb agrees":               {func(w fyne.Window) { w.Canvas().FocusNext(); key(w, fyne.KeySpace) }, true},
		"Escape declines":               {func(w fyne.Window) { w.Canvas().Unfocus(); key(w, fyne.KeyEscape) }, false},
		"Escape on a button declines":   {func(w fyne.Window) { key(w, fyne.KeyEscape) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := NewButton("Sync", Primary, nil)
			w := open(t, container.NewCenter(before))
			w.Canvas().Focus(before)
			var answers []bool
			Confirm(w.Canvas(), "Start the sync?", "This will create 31 accounts.", "Start sync", true, func(yes bool) { answers = append(answers, yes) })
			tc.press(w)
			if len(answers) != 1 || answers[0] != tc.want {
				t.Errorf("answers %v, want one %v", answers, tc.want)
			}
			if w.Canvas().Focused() != fyne.Focusable(before) {
				t.Error("the focus did not come back")
			}
		})
	}
}

func TestGridGivesColumnsToTheWidthAndNoPlaceToHiddenCards(t *testing.T) {
	open(t, container.NewStack())
	var cards []fyne.CanvasObject
	for range 5 {
		cards = append(cards, MinSize(270, 100, container.NewStack()))
	}
	grid := ResponsiveGrid(270, 16, cards...)
	for _, tc := range []struct{ wide, high float32 }{{1011, 216}, {600, 332}, {270, 564}} {
		grid.Resize(fyne.NewSize(tc.wide, 800))
		if h := grid.MinSize().Height; h != tc.high {
			t.Errorf("%v wide: %v high, want %v", tc.wide, h, tc.high)
		}
	}
	cards[0].Hide()
	cards[1].Hide()
	grid.Resize(fyne.NewSize(1011, 800))
	if h := grid.MinSize().Height; h != 100 {
		t.Errorf("three shown: %v high", h)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Anna Keller": "AK", "Dana Brown-Ito": "DI", "Personio": "P", "": "?", "  ": "?", "élodie durand": "ÉD", "Tomás de Oliveira": "TO"} {
		if got := Initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestStepperHidesLabelsBeforeItOverflows(t *testing.T) {
	st := NewStepper(1, "Access", "Filter", "What to sync", "Mapping", "Preview")
	open(t, container.NewWithoutLayout(st))
	for _, wide := range []float32{700, st.MinSize().Width} {
		st.Resize(fyne.NewSize(wide, 32))
		if x := st.steps[0].Position().X; x < 0 {
			t.Errorf("%v wide: the first step begins at %v", wide, x)
		}
		if !st.steps[1].label {
			t.Errorf("%v wide: the current step has no label", wide)
		}
	}
}

func TestPillsThatFindNoRoomStandInAFurtherLine(t *testing.T) {
	row := NewFacets(Pill{ID: "a", Label: "Create", Count: "12,345"}, Pill{ID: "b", Label: "Update", Count: "12,345"}, Pill{ID: "c", Label: "Held", Count: "12,345"})
	line := row.MinSize()
	if got := row.HeightFor(line.Width); got != line.Height {
		t.Errorf("in one line it is %v high, want %v", got, line.Height)
	}
	if got := row.HeightFor(line.Width - 1); got != 2*line.Height+6 {
		t.Errorf("with less room it is %v high, want two lines and a gap", got)
	}
	column := Column(0, row)
	column.Resize(fyne.NewSize(line.Width-1, 200))
	last, first := row.pills[2].Position(), row.pills[0].Position()
	if last.X != first.X || last.Y != line.Height+6 {
		t.Errorf("the last one stands at %v, the first at %v", last, first)
	}
}
