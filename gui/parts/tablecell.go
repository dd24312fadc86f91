package parts

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// CellKind says how a cell is drawn.
type CellKind int

// The kinds of cell.
const (
	CellText    CellKind = iota // Text, with Detail on a second line when there is one
	CellPerson                  // an avatar, the name in Text, the number in Detail
	CellPill                    // Text on the tint of Tone
	CellChanges                 // up to two of Changes, then "+n"
	CellTick                    // Tick
	CellTags                    // Tags, as many as fit
	CellStatus                  // Icon and Text in the colour of Tone
)

// CellData is what one cell shows. It is a plain value: only the fields its kind names are read.
type CellData struct {
	Kind    CellKind
	Text    string
	Detail  string
	Colour  string // of a system, #rrggbb: its mark is square
	Bold    bool
	Muted   bool
	Tone    look.Tone
	Icon    look.IconName
	Tick    TickState
	Changes []Difference
	More    int // changes beyond those in Changes
	Tags    []string
	Tip     string // shown when the pointer rests on the cell; a cut text shows itself without it
}

// Difference is one attribute before and after. A new account has no Before.
type Difference struct {
	Attribute, Before, After string
	Created                  bool // nothing was there: no arrow is drawn
	Tone                     look.Tone
}

// whole gives everything the cell says, for its tool tip.
func (d CellData) whole() string {
	switch d.Kind {
	case CellChanges:
		var lines []string
		for _, x := range d.Changes {
			line := x.Attribute + ": " + x.After
			if !x.Created {
				line = x.Attribute + ": " + x.Before + " → " + x.After
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	case CellTags:
		return strings.Join(d.Tags, ", ")
	}
	if d.Detail != "" {
		return d.Text + "\n" + d.Detail
	}
	return d.Text
}

const cellPad float32 = 14

// drawCell draws d into a cell of size s and tells whether something was cut.
func drawCell(p *pen, d CellData, col TableColumn, s fyne.Size) bool {
	switch d.Kind {
	case CellPerson:
		return drawPerson(p, d, s)
	case CellPill:
		return drawPill(p, d, s)
	case CellChanges:
		return drawChanges(p, d, s)
	case CellTick:
		drawTick(p, cellPad, round((s.Height-17)/2), d.Tick)
		return false
	case CellTags:
		return drawTags(p, d, s)
	case CellStatus:
		p.icon(d.Icon, cellPad, round((s.Height-16)/2), 16, c(d.Tone.Bar()))
		_, cut := p.text(d.Text, cellPad+22, s.Height/2, s.Width-cellPad-24, textInk(d))
		return cut
	}
	return drawText(p, d, col, s)
}

func textInk(d CellData) ink {
	k := ink{size: look.TextTable, color: c(look.Foreground)}
	if d.Bold {
		k.weight = semibold
	}
	switch {
	case d.Tone != "" && d.Tone != look.Neutral:
		k.color = c(d.Tone.Text())
	case d.Muted:
		k.color = c(look.Muted)
	}
	return k
}

func drawText(p *pen, d CellData, col TableColumn, s fyne.Size) bool {
	k := textInk(d)
	if col.Right {
		p.textRight(d.Text, s.Width-cellPad, s.Height/2, s.Width-cellPad-4, k)
		return width(d.Text, k) > s.Width-cellPad-4
	}
	if d.Detail == "" {
		_, cut := p.text(d.Text, cellPad, s.Height/2, s.Width-cellPad-2, k)
		return cut
	}
	return twoLines(p, d, cellPad, s, k)
}

func twoLines(p *pen, d CellData, x float32, s fyne.Size, k ink) bool {
	_, one := p.text(d.Text, x, s.Height/2-8, s.Width-x-2, k)
	_, two := p.text(d.Detail, x, s.Height/2+9, s.Width-x-2, ink{size: look.TextCaption, color: c(look.Muted)})
	return one || two
}

func drawPerson(p *pen, d CellData, s fyne.Size) bool {
	size := float32(30)
	if s.Height < RowTwoLines {
		size = 28
	}
	radius := size / 2
	if d.Colour != "" {
		radius = size / 4
	}
	drawMark(p, cellPad, round((s.Height-size)/2), size, radius, d.Text, d.Colour)
	k := ink{size: look.TextTable, weight: semibold, color: c(look.Foreground)}
	x := cellPad + size + 10
	if d.Detail == "" {
		_, cut := p.text(d.Text, x, s.Height/2, s.Width-x-2, k)
		return cut
	}
	return twoLines(p, d, x, s, k)
}

func drawPill(p *pen, d CellData, s fyne.Size) bool {
	k := ink{size: look.TextCaption, weight: semibold, color: c(d.Tone.Text())}
	room := s.Width - cellPad - 20
	text, w := fit(d.Text, room, k)
	y := round((s.Height - 22) / 2)
	p.box(cellPad, y, ceil(w)+18, 22, box{fill: c(d.Tone.Tint()), radius: 11})
	p.text(text, cellPad+9, y+11, 0, k)
	return text != d.Text
}

func drawTags(p *pen, d CellData, s fyne.Size) bool {
	k := ink{size: look.TextCaption, color: c(look.Neutral.Text())}
	x, y := cellPad, round((s.Height-22)/2)
	for i, tag := range d.Tags {
		w := ceil(width(tag, k)) + 16
		left := s.Width - x - 2
		if i < len(d.Tags)-1 {
			left -= 30
		}
		if w > left && i > 0 {
			p.text("+"+strconv.Itoa(len(d.Tags)-i), x, s.Height/2, 0, ink{size: look.TextCaption, weight: semibold, color: c(look.Muted)})
			return true
		}
		w = min(w, max(left, 30))
		p.box(x, y, w, 22, box{fill: c(look.Neutral.Tint()), radius: 6})
		if _, cut := p.text(tag, x+8, y+11, w-15, k); cut {
			return true
		}
		x += w + 6
	}
	return false
}

func drawChanges(p *pen, d CellData, s fyne.Size) bool {
	shown := d.Changes[:min(len(d.Changes), 2)]
	more := d.More + len(d.Changes) - len(shown)
	if s.Height < RowTwoLines && len(shown) == 2 {
		shown, more = shown[:1], more+1
	}
	cut := more > 0
	for i, x := range shown {
		y := s.Height / 2
		if len(shown) == 2 {
			y += 22*float32(i) - 11
		}
		room := s.Width - 2
		last := i == len(shown)-1
		if last && more > 0 {
			room -= 30
		}
		end, short := drawDifference(p, x, cellPad, y, room)
		cut = cut || short
		if last && more > 0 {
			p.text("+"+strconv.Itoa(more), end+8, y, 0, ink{size: look.TextCaption, weight: semibold, color: c(look.Muted)})
		}
	}
	return cut
}

// drawDifference draws "Attribute: old → new" up to right. When it is too wide the old value is cut first, the new value
// last.
func drawDifference(p *pen, d Difference, x, y, right float32) (end float32, cut bool) {
	k := ink{size: look.TextTable, color: c(look.Muted)}
	after := ink{size: look.TextTable, weight: semibold, color: c(d.Tone.Text())}
	label := d.Attribute
	if label != "" {
		label += ":"
	}
	room := right - x
	need := min(ceil(width(d.After, after)), max(room*0.45, 40)) + 10
	if !d.Created {
		need += 24
	}
	w, short := p.text(label, x, y, max(room-need, 24), k)
	x += w
	if label != "" {
		x += 4
	}
	if !d.Created {
		w, c2 := p.text(d.Before, x, y, max(right-x-need, 14), k)
		x = ceil(x + w)
		p.icon(look.IconArrowRight, x+5, round(y-6), 12, k.color)
		x += 24
		short = short || c2
	}
	x = ceil(x)
	text, wide := fit(d.After, max(right-x-10, 14), after)
	p.box(x, round(y-9.5), ceil(wide)+10, 19, box{fill: c(d.Tone.Tint()), radius: 5})
	p.text(text, x+5, y, 0, after)
	return x + ceil(wide) + 10, short || text != d.After
}

// DifferenceLine shows one attribute before and after, for panels beside a table.
func DifferenceLine(d Difference) fyne.CanvasObject {
	l := &part{}
	l.min = func() fyne.Size { return fyne.NewSize(120, 22) }
	l.draw = func(p *pen, s fyne.Size) { drawDifference(p, d, 0, s.Height/2, s.Width) }
	l.become(l)
	return l
}
