// Package parts holds the widgets of the window. They look like the pictures, tell what was done to them through OnXxx
// callbacks and call nothing themselves, so that each can be drawn, driven and tested on its own.
package parts

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rollcall/gui/look"
)

// pen draws a widget out of canvas objects that it keeps: drawing the same again costs nothing, because an object is
// refreshed only when something about it changed. Whatever was not drawn again is hidden. The order from back to front is
// boxes, curves, arcs, icons, texts, and within each the order of drawing.
type pen struct {
	boxes  pool[*canvas.Rectangle]
	curves pool[*canvas.BezierCurve]
	arcs   pool[*canvas.Arc]
	icons  pool[*canvas.Image]
	dashes pool[*canvas.Image]
	texts  pool[*inkText]
	grown  bool
	offset fyne.Position
}

type pool[T any] struct {
	items []T
	used  int
}

// next gives the next kept object, making one when there is none left.
func next[T any](p *pen, kept *pool[T], create func() T) T {
	if kept.used == len(kept.items) {
		kept.items = append(kept.items, create())
		p.grown = true
	}
	kept.used++
	return kept.items[kept.used-1]
}

type inkText struct {
	*canvas.Text
	raw  string
	room float32
	cut  bool
	wide float32
}

// box says how a rectangle looks. A nil colour is not drawn.
type box struct {
	fill, stroke color.Color
	width        float32
	radius       float32
	shadow       canvas.Shadow
	topOnly      bool
}

// weight is one of Inter's three.
type weight int

const (
	regular weight = iota
	medium
	semibold
)

// ink says how a text looks.
type ink struct {
	size   float32
	weight weight
	color  color.Color
	mono   bool
}

func c(name fyne.ThemeColorName) color.Color { return look.Color(name) }

func (p *pen) begin() {
	p.boxes.used, p.curves.used, p.arcs.used, p.icons.used, p.dashes.used, p.texts.used = 0, 0, 0, 0, 0, 0
	p.offset = fyne.Position{}
}

// end hides what was not drawn this time and tells whether new objects came in.
func (p *pen) end() bool {
	for _, o := range p.boxes.items[p.boxes.used:] {
		hide(o)
	}
	for _, o := range p.curves.items[p.curves.used:] {
		hide(o)
	}
	for _, o := range p.arcs.items[p.arcs.used:] {
		hide(o)
	}
	for _, o := range p.icons.items[p.icons.used:] {
		hide(o)
	}
	for _, o := range p.dashes.items[p.dashes.used:] {
		hide(o)
	}
	for _, o := range p.texts.items[p.texts.used:] {
		hide(o.Text)
	}
	grown := p.grown
	p.grown = false
	return grown
}

func hide(o fyne.CanvasObject) {
	if o.Visible() {
		o.Hide()
	}
}

func show(o fyne.CanvasObject) {
	if !o.Visible() {
		o.Show()
	}
}

func (p *pen) objects() []fyne.CanvasObject {
	all := make([]fyne.CanvasObject, 0, len(p.boxes.items)+len(p.texts.items)+len(p.icons.items)+4)
	for _, o := range p.boxes.items {
		all = append(all, o)
	}
	for _, o := range p.curves.items {
		all = append(all, o)
	}
	for _, o := range p.arcs.items {
		all = append(all, o)
	}
	for _, o := range p.dashes.items {
		all = append(all, o)
	}
	for _, o := range p.icons.items {
		all = append(all, o)
	}
	for _, o := range p.texts.items {
		all = append(all, o.Text)
	}
	return all
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Resize(fyne.NewSize(w, h))
	o.Move(fyne.NewPos(x, y))
	show(o)
}

func (p *pen) box(x, y, w, h float32, b box) {
	r := next(p, &p.boxes, func() *canvas.Rectangle { return &canvas.Rectangle{FillColor: color.Transparent} })
	fill, stroke := orClear(b.fill), orClear(b.stroke)
	changed := r.FillColor != fill || r.StrokeColor != stroke || r.StrokeWidth != b.width || r.Shadow != b.shadow
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.Shadow = fill, stroke, b.width, b.shadow
	all, top := b.radius, float32(0)
	if b.topOnly {
		all, top = 0, b.radius
	}
	changed = changed || r.CornerRadius != all || r.TopLeftCornerRadius != top
	r.CornerRadius, r.TopLeftCornerRadius, r.TopRightCornerRadius = all, top, top
	place(r, x+p.offset.X, y+p.offset.Y, w, h)
	if changed {
		r.Refresh()
	}
}

func orClear(col color.Color) color.Color {
	if col == nil {
		return color.Transparent
	}
	return col
}

func (p *pen) circle(cx, cy, r float32, fill, stroke color.Color, width float32) {
	p.box(cx-r, cy-r, 2*r, 2*r, box{fill: fill, stroke: stroke, width: width, radius: r})
}

// line draws a horizontal or vertical hairline.
func (p *pen) line(x, y, w, h float32) { p.box(x, y, w, h, box{fill: c(look.Border)}) }

func (p *pen) arc(cx, cy, size, from, to, cutout float32, fill color.Color) {
	a := next(p, &p.arcs, func() *canvas.Arc { return canvas.NewArc(0, 0, 0, fill) })
	changed := a.StartAngle != from || a.EndAngle != to || a.FillColor != fill || a.CutoutRatio != cutout
	a.StartAngle, a.EndAngle, a.FillColor, a.CutoutRatio = from, to, fill, cutout
	a.Resize(fyne.NewSize(size, size))
	a.Move(fyne.NewPos(cx-size/2+p.offset.X, cy-size/2+p.offset.Y))
	show(a)
	if changed {
		a.Refresh()
	}
}

// curve draws a horizontal S. The object is made larger than its points, because points outside it are clamped.
func (p *pen) curve(from, to fyne.Position, width float32, stroke color.Color) {
	const air = 6
	left, top := min(from.X, to.X)-air, min(from.Y, to.Y)-air
	shift := fyne.NewPos(left, top)
	a, z := from.Subtract(shift), to.Subtract(shift)
	half := (z.X - a.X) / 2
	b := next(p, &p.curves, func() *canvas.BezierCurve {
		return canvas.NewCubicBezierCurve(a, a, z, z, stroke)
	})
	one, two := fyne.NewPos(a.X+half, a.Y), fyne.NewPos(z.X-half, z.Y)
	changed := b.StartPoint != a || b.EndPoint != z || b.ControlPoints[0] != one || b.ControlPoints[1] != two ||
		b.StrokeColor != stroke || b.StrokeWidth != width
	b.StartPoint, b.EndPoint, b.ControlPoints[0], b.ControlPoints[1] = a, z, one, two
	b.StrokeColor, b.StrokeWidth = stroke, width
	place(b, left+p.offset.X, top+p.offset.Y-1, abs(to.X-from.X)+2*air, abs(to.Y-from.Y)+2*air)
	if changed {
		b.Refresh()
	}
}

func abs(v float32) float32 { return max(v, -v) }

// icon draws an icon with its top left corner at x, y.
func (p *pen) icon(name look.IconName, x, y, size float32, col color.Color) {
	p.image(&p.icons, look.Icon(name, col), x, y, size, size)
}

// dashed draws a rounded rectangle with a dashed line. Its images are kept apart from the icons: an image keeps the shape
// of its first drawing.
func (p *pen) dashed(x, y, w, h, radius float32, col color.Color) {
	p.image(&p.dashes, look.Dashed(w, h, radius, col), x, y, w, h)
}

func (p *pen) image(kept *pool[*canvas.Image], res fyne.Resource, x, y, w, h float32) {
	i := next(p, kept, func() *canvas.Image { return &canvas.Image{FillMode: canvas.ImageFillStretch} })
	changed := i.Resource != res
	i.Resource = res
	place(i, x+p.offset.X, y+p.offset.Y, w, h)
	if changed {
		i.Refresh()
	}
}

// text writes s from x, its line centred on y, cut with an ellipsis to room (no limit when room is 0 or less).
// It gives the width used and whether something was cut off.
func (p *pen) text(s string, x, y, room float32, k ink) (float32, bool) {
	t := next(p, &p.texts, func() *inkText { return &inkText{Text: &canvas.Text{}, room: -1} })
	source, style := k.font()
	fontSame := t.TextSize == k.size && t.FontSource == source && t.TextStyle == style
	changed := !fontSame || t.Color != k.color || t.raw != s || t.room != room
	if !fontSame || t.raw != s || t.room != room {
		fitted, wide := fit(s, room, k)
		t.Text.Text, t.cut, t.wide = fitted, fitted != s, wide
	}
	t.raw, t.room, t.Color, t.TextSize, t.FontSource, t.TextStyle = s, room, k.color, k.size, source, style
	h := lineHeight(k)
	place(t.Text, x+p.offset.X, round(y-h/2)+p.offset.Y, t.wide, h)
	if changed {
		t.Text.Refresh()
	}
	return t.wide, t.cut
}

// textRight writes s so that it ends at x.
func (p *pen) textRight(s string, x, y, room float32, k ink) float32 {
	_, w := fit(s, room, k)
	p.text(s, round(x-w), y, room, k)
	return w
}

// textCentre writes s with its middle at x.
func (p *pen) textCentre(s string, x, y, room float32, k ink) {
	_, w := fit(s, room, k)
	p.text(s, round(x-w/2), y, room, k)
}

func (k ink) font() (fyne.Resource, fyne.TextStyle) {
	switch {
	case k.mono:
		return nil, fyne.TextStyle{Monospace: true}
	case k.weight == medium:
		return look.Medium, fyne.TextStyle{}
	case k.weight == semibold:
		return nil, fyne.TextStyle{Bold: true}
	}
	return nil, fyne.TextStyle{}
}

func round(v float32) float32 { return float32(math.Round(float64(v))) }
func ceil(v float32) float32  { return float32(math.Ceil(float64(v))) }

func width(s string, k ink) float32 { return measure(s, k).Width }

func measure(s string, k ink) fyne.Size {
	source, style := k.font()
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, k.size, style, source)
	return size
}

func lineHeight(k ink) float32 { return measure("Mg", k).Height }

// fit cuts s to room with an ellipsis and gives what is left and its width.
func fit(s string, room float32, k ink) (string, float32) {
	w := width(s, k)
	if room <= 0 || w <= room {
		return s, w
	}
	runes := []rune(s)
	low, high := 0, len(runes)-1
	for low < high {
		mid := (low + high + 1) / 2
		if width(string(runes[:mid])+"…", k) <= room {
			low = mid
		} else {
			high = mid - 1
		}
	}
	short := string(runes[:low]) + "…"
	return short, width(short, k)
}

// wrap breaks s into at most lines lines of room; the last is cut with an ellipsis.
func wrap(s string, room float32, lines int, k ink) []string {
	var out []string
	rest := s
	for len(out) < lines-1 {
		head, tail := breakLine(rest, room, k)
		out = append(out, head)
		if rest = tail; rest == "" {
			return out
		}
	}
	last, _ := fit(rest, room, k)
	return append(out, last)
}
