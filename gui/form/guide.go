package form

import (
	"strconv"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
)

// Guide says click by click where the answers are found, a list for each question that
// has one; nil where none has.
func Guide(options []core.Option, answers core.Answers) fyne.CanvasObject {
	var lists []fyne.CanvasObject
	for _, o := range options {
		if len(o.Where) == 0 || !o.Shown(options, answers) {
			continue
		}
		rows := []fyne.CanvasObject{parts.NewText(o.Label, parts.Style{Size: look.TextTable, Bold: true, Color: look.Muted})}
		for i, step := range o.Where {
			number := parts.NewBadge(strconv.Itoa(i+1), look.Accent)
			text := parts.NewText(step, parts.Style{Size: look.TextBody, Lines: 3})
			rows = append(rows, numbered(number, text))
		}
		lists = append(lists, parts.Column(9, rows...))
	}
	if len(lists) == 0 {
		return nil
	}
	return parts.Column(18, lists...)
}

// Guide says where the answers to the questions are found that are asked now.
func (f *Form) Guide() fyne.CanvasObject {
	var seen []core.Option
	for _, o := range f.options {
		if !o.Advanced || f.open {
			seen = append(seen, o)
		}
	}
	return Guide(seen, f.typed())
}

func numbered(number, text fyne.CanvasObject) fyne.CanvasObject {
	return parts.Beside(30, parts.Pad(1, 0, 0, 0, number), text)
}
