package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
)

// Guide says click by click where the answers are found, a list for each question that
// has one; nil where none has.
func Guide(options []core.Option, answers core.Answers) fyne.CanvasObject {
	var lists []fyne.CanvasObject
	for _, w := range ways(options, answers) {
		rows := []fyne.CanvasObject{parts.NewText(w.label, parts.Style{Size: look.TextTable, Bold: true, Color: look.Muted, Lines: 3})}
		for i, step := range w.steps {
			number := parts.NewBadge(strconv.Itoa(i+1), look.Accent)
			text := parts.NewText(upperFirst(step), parts.Style{Size: look.TextBody, Lines: 8})
			rows = append(rows, numbered(number, text))
		}
		lists = append(lists, parts.Column(9, rows...))
	}
	if len(lists) == 0 {
		return nil
	}
	return parts.Column(18, lists...)
}

// way is where the answers to one or more questions are found.
type way struct {
	label string
	steps []string
}

// ways puts questions together that follow each other and whose answers are found in one place.
func ways(options []core.Option, answers core.Answers) []way {
	var all []way
	for _, o := range options {
		if len(o.Where) == 0 || !o.Shown(options, answers) {
			continue
		}
		if last := len(all) - 1; last >= 0 && slices.Equal(all[last].steps, o.Where) {
			all[last].label += " · " + o.Label
			continue
		}
		all = append(all, way{o.Label, o.Where})
	}
	return all
}

// upperFirst begins a step with a capital, unless its first word is no word, such as an address or a scope.
func upperFirst(step string) string {
	word, _, _ := strings.Cut(step, " ")
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) {
		return step
	}
	r, size := utf8.DecodeRuneInString(step)
	return string(unicode.ToUpper(r)) + step[size:]
}

// Guide says where the answers to the questions are found that are asked now.
func (f *Form) Guide() fyne.CanvasObject {
	var seen []core.Option
	for _, o := range f.options {
		if f.open(o) {
			seen = append(seen, o)
		}
	}
	return Guide(seen, f.typed())
}

func numbered(number, text fyne.CanvasObject) fyne.CanvasObject {
	return parts.Beside(30, parts.Pad(1, 0, 0, 0, number), text)
}
