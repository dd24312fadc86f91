package parts

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/gui/look"
)

// TableColumn describes one column of a DataTable.
type TableColumn struct {
	ID       string
	Title    string
	Width    float32
	Least    float32 // the least width; 40 when 0
	Grow     bool    // takes a share of the width that is left
	Sortable bool
	Right    bool // numbers: heading and text end at the right
	Tick     bool // the heading is a tick box for all rows
}

// DataTable shows up to a million rows: it keeps only those in view and asks for their cells when they come into view. It is
// not built on the toolkit's table, whose selection is one cell and whose paddings cut a row's tint into pieces. Row
// heights must be multiples of 4, because positions are 32-bit floats: so each row stays exactly in its place up to
// 1.29 million rows of 52.
type DataTable struct {
	part
	// OnSelected is called with the row chosen by pointer or arrow keys.
	OnSelected func(row int) `json:"-"`
	// OnOpened is called for Enter on the selected row.
	OnOpened func(row int) `json:"-"`
	// OnTick is called for a press on a tick cell and for Space on the selected row.
	OnTick func(row int) `json:"-"`
	// OnTickAll is called for a press on the tick box of the heading.
	OnTickAll func() `json:"-"`
	// OnSort is called for a press on a heading; the arrow is shown already.
	OnSort func(column string, descending bool) `json:"-"`
	// OnWidths is called when the person has changed a column's width.
	OnWidths func(widths map[string]float32) `json:"-"`

	columns   []TableColumn
	cell      func(row, col int) CellData
	rows      int
	rowHeight float32
	plain     bool // rows only: no heading, no foot, no frame
	selected  int
	heading   int // the heading that has the focus, or -1
	pressed   bool
	hover     int
	sort      string
	down      bool
	allTicked TickState
	footLeft  string
	unit      string
	focused   bool
	byKey     bool
	lefts     []float32
	widths    []float32
	total     float32
	head      *tableHead
	headClip  *container.Clip
	body      *tableBody
	scroll    *container.Scroll
	empty     fyne.CanvasObject
}

// Heights that the pictures use. Both are multiples of 4.
const (
	RowTwoLines float32 = 52
	RowOneLine  float32 = 44
	tableHeadH  float32 = 36
	tableFootH  float32 = 36
)

// NewDataTable gives a table. rowHeight is brought to a multiple of 4; cell is called on the screen's thread for cells that
// come into view and must answer at once.
func NewDataTable(columns []TableColumn, rowHeight float32, cell func(row, col int) CellData) *DataTable {
	t := &DataTable{columns: columns, cell: cell, rowHeight: max(round(rowHeight/4), 5) * 4, selected: -1, heading: -1, hover: -1, unit: "rows"}
	t.head, t.body = newTableHead(t), newTableBody(t)
	t.headClip = container.NewClip(t.head)
	t.scroll = container.NewScroll(t.body)
	t.scroll.OnScrolled = func(fyne.Position) { t.scrolled() }
	t.kids = []fyne.CanvasObject{t.headClip, t.scroll}
	t.draw, t.lay = t.paint, t.arrange
	t.min = func() fyne.Size { return fyne.NewSize(240, tableHeadH+tableFootH+3*t.rowHeight) }
	t.become(t)
	return t
}

// SetRows says how many rows there are and reads those in view again. The selection stays on its row number while there
// is such a row.
func (t *DataTable) SetRows(n int) {
	t.rows = n
	if t.selected >= n {
		t.selected = -1
	}
	t.hover = -1
	t.scroll.Offset.Y = min(t.scroll.Offset.Y, t.furthest())
	if t.empty != nil {
		t.empty.Hide()
		if n == 0 {
			t.empty.Show()
		}
	}
	t.scroll.Refresh()
	t.RefreshRows()
	t.Refresh()
}

// OpenAtPress calls OnOpened for a press on a row too. The arrow keys only go to a row.
func (t *DataTable) OpenAtPress() *DataTable { t.pressed = true; return t }

// Rows gives the number of rows.
func (t *DataTable) Rows() int { return t.rows }

// RefreshRows reads the cells in view again.
func (t *DataTable) RefreshRows() { t.body.redraw() }

// SetEmpty gives what is shown instead of rows when there are none.
func (t *DataTable) SetEmpty(o fyne.CanvasObject) {
	t.empty = o
	if t.rows > 0 {
		o.Hide()
	}
	t.setKids(t.headClip, t.scroll, o)
}

// SetFoot writes the state at the left of the foot; the rows in view are written at the right by the table, counted in
// unit ("rows", "people").
func (t *DataTable) SetFoot(left, unit string) {
	t.footLeft, t.unit = left, unit
	t.Refresh()
}

// SetSort shows the arrow without calling OnSort; an empty column shows none.
func (t *DataTable) SetSort(column string, descending bool) {
	t.sort, t.down = column, descending
	t.head.Refresh()
}

// SetHeadTick shows the state of the tick box in the heading.
func (t *DataTable) SetHeadTick(state TickState) {
	t.allTicked = state
	t.head.Refresh()
}

// SetWidths restores the widths a person chose earlier.
func (t *DataTable) SetWidths(widths map[string]float32) {
	for i := range t.columns {
		if w, ok := widths[t.columns[i].ID]; ok {
			t.columns[i].Width, t.columns[i].Grow = max(w, t.least(i)), false
		}
	}
	t.Refresh()
}

// Selected gives the selected row, or -1.
func (t *DataTable) Selected() int { return t.selected }

// Select marks a row, brings it into view and calls OnSelected; -1 marks none.
func (t *DataTable) Select(row int) {
	if row >= t.rows || row == t.selected {
		return
	}
	was := t.selected
	t.selected = max(row, -1)
	t.ScrollTo(t.selected)
	t.body.redrawRow(was)
	t.body.redrawRow(t.selected)
	if t.selected >= 0 && t.OnSelected != nil {
		t.OnSelected(t.selected)
	}
}

// ScrollTo brings a row into view.
func (t *DataTable) ScrollTo(row int) {
	if row < 0 {
		return
	}
	top, high := float32(row)*t.rowHeight, t.scroll.Size().Height
	offset := t.scroll.Offset.Y
	switch {
	case top < offset:
		offset = top
	case top+t.rowHeight > offset+high:
		offset = top + t.rowHeight - high
	default:
		return
	}
	t.scrollTo(offset)
}

func (t *DataTable) scrollTo(y float32) {
	t.scroll.ScrollToOffset(fyne.NewPos(t.scroll.Offset.X, min(max(y, 0), t.furthest())))
	t.scrolled()
}

func (t *DataTable) furthest() float32 {
	return max(float32(t.rows)*t.rowHeight-t.scroll.Size().Height, 0)
}

// InView gives the first and the last row of which something is seen; last is -1 when there is none.
func (t *DataTable) InView() (first, last int) {
	first = int(t.scroll.Offset.Y / t.rowHeight)
	last = min(int((t.scroll.Offset.Y+t.scroll.Size().Height-1)/t.rowHeight), t.rows-1)
	return first, last
}

func (t *DataTable) scrolled() {
	t.body.arrange()
	t.head.shift(t.scroll.Offset.X)
	t.Refresh()
}

// bare leaves heading, foot and frame away, and is no stop of Tab: what lies around it sends it keys.
func (t *DataTable) bare() *DataTable {
	t.plain = true
	t.headClip.Hide()
	t.min = func() fyne.Size { return fyne.NewSize(160, 2*t.rowHeight) }
	return t
}

// Disabled tells the toolkit that Tab passes a plain list by.
func (t *DataTable) Disabled() bool { return t.plain }

// Disable belongs to the toolkit.
func (t *DataTable) Disable() {}

// Enable belongs to the toolkit.
func (t *DataTable) Enable() {}

func (t *DataTable) arrangePlain(s fyne.Size) {
	t.measure(s.Width)
	t.scroll.Move(fyne.Position{})
	if s != t.scroll.Size() {
		t.scroll.Resize(s)
		t.body.redraw()
	}
	t.body.arrange()
	if t.empty != nil {
		place(t.empty, 0, 0, s.Width, s.Height)
	}
}

func (t *DataTable) arrange(s fyne.Size) {
	if t.plain {
		t.arrangePlain(s)
		return
	}
	was := append([]float32(nil), t.widths...)
	t.measure(s.Width - 2)
	place(t.headClip, 1, 1, s.Width-2, tableHeadH)
	t.head.Resize(fyne.NewSize(max(t.total, s.Width-2), tableHeadH))
	t.scroll.Move(fyne.NewPos(1, 1+tableHeadH))
	// A multiple of 4 again, or the end of a very long table could not be reached exactly.
	high := float32(int(max(s.Height-2-tableHeadH-tableFootH, 0))/4) * 4
	if inner := fyne.NewSize(s.Width-2, high); inner != t.scroll.Size() {
		t.scroll.Resize(inner)
	}
	if !equal(was, t.widths) {
		t.head.Refresh()
		t.scroll.Refresh()
		t.body.redraw()
	}
	t.body.arrange()
	if t.empty != nil {
		t.empty.Resize(t.scroll.Size())
		t.empty.Move(t.scroll.Position())
	}
}

func equal(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (t *DataTable) least(i int) float32 {
	if l := t.columns[i].Least; l > 0 {
		return l
	}
	return min(40, max(t.columns[i].Width, 1))
}

// measure gives every column its width: what is left over goes to those that grow, what is missing is taken from them
// down to their least width; then the table scrolls sideways.
func (t *DataTable) measure(room float32) {
	t.widths, t.lefts = make([]float32, len(t.columns)), make([]float32, len(t.columns))
	sum, growing := float32(0), 0
	for i, col := range t.columns {
		t.widths[i] = col.Width
		sum += col.Width
		if col.Grow {
			growing++
		}
	}
	x := float32(0)
	for i, col := range t.columns {
		if col.Grow {
			t.widths[i] = max(float32(int(col.Width+(room-sum)/float32(growing))), t.least(i)) // down, or two of them were wider than the room
		}
		t.lefts[i] = x
		x += t.widths[i]
	}
	t.total = x
}

func (t *DataTable) resizeColumn(i int, wide float32) {
	t.columns[i].Width, t.columns[i].Grow = max(wide, t.least(i)), false
	t.Refresh()
}

func (t *DataTable) tellWidths() {
	if t.OnWidths == nil {
		return
	}
	all := map[string]float32{}
	for i, col := range t.columns {
		all[col.ID] = t.widths[i]
	}
	t.OnWidths(all)
}

func (t *DataTable) paint(p *pen, s fyne.Size) {
	if t.plain {
		return
	}
	if t.focused && t.byKey {
		ring(p, s, look.RadiusCard, true)
	}
	p.box(0, 0, s.Width, s.Height, surface(false))
	y := s.Height - tableFootH/2 - 1
	p.line(1, s.Height-tableFootH-1, s.Width-2, 1)
	k := ink{size: look.TextCaption, color: c(look.Muted)}
	right := t.span()
	w := p.textRight(right, s.Width-14, y, 0, k)
	p.text(t.footLeft, 14, y, s.Width-w-44, k)
}

// span says which rows are in view, as "1–8 of 215 rows".
func (t *DataTable) span() string {
	first, last := t.InView()
	if t.rows == 0 || last < 0 {
		return "No " + t.unit
	}
	return fmt.Sprintf("%s–%s of %s %s", Thousands(first+1), Thousands(last+1), Thousands(t.rows), t.unit)
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	if n < 0 {
		return "-" + Thousands(-n)
	}
	var out strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// FocusGained belongs to the toolkit.
func (t *DataTable) FocusGained() {
	t.focused, t.byKey, t.heading = true, ringed(t), -1
	t.Refresh()
	foundFocus(t)
}

// FocusLost belongs to the toolkit.
func (t *DataTable) FocusLost() {
	t.focused = false
	t.toHeading(-1)
	t.Refresh()
}

// TypedRune makes a heading's column wider with + and narrower with -.
func (t *DataTable) TypedRune(r rune) {
	by := map[rune]float32{'+': 12, '-': -12}[r]
	if by == 0 || t.heading < 0 {
		passRune(t, r)
		return
	}
	t.resizeColumn(t.heading, t.widths[t.heading]+by)
	t.tellWidths()
}

// TypedKey moves the selection, ticks with Space and opens with Enter. Up from the first row leads to the headings,
// which Space or Enter sorts by.
func (t *DataTable) TypedKey(e *fyne.KeyEvent) {
	if byPointer, quiet = false, nil; !t.byKey {
		t.byKey = true
		t.Refresh()
	}
	press := e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
	switch {
	case t.heading >= 0 && (press || t.steps(e.Name) != 0):
		t.headingKey(e.Name)
	case t.steps(e.Name) != 0:
		t.step(e.Name)
	case e.Name == fyne.KeySpace && t.selected >= 0 && t.OnTick != nil:
		t.OnTick(t.selected)
		t.body.redrawRow(t.selected)
	case press && e.Name != fyne.KeySpace && t.selected >= 0 && t.OnOpened != nil:
		t.OnOpened(t.selected)
	case e.Name == fyne.KeyRight || e.Name == fyne.KeyLeft:
		t.sideways(map[bool]float32{true: 60, false: -60}[e.Name == fyne.KeyRight])
	default:
		passOn(t, e)
	}
}

// steps gives by how many rows a key moves.
func (t *DataTable) steps(key fyne.KeyName) int {
	page := max(int(t.scroll.Size().Height/t.rowHeight)-1, 1)
	step := map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1, fyne.KeyPageDown: page, fyne.KeyPageUp: -page, fyne.KeyHome: -t.rows, fyne.KeyEnd: t.rows}[key]
	if step == 0 && t.heading >= 0 && (key == fyne.KeyLeft || key == fyne.KeyRight) {
		return 1
	}
	return step
}

func (t *DataTable) step(key fyne.KeyName) {
	switch {
	case key == fyne.KeyUp && t.selected <= 0:
		t.toHeading(t.nextHeading(-1, 1))
	case t.rows > 0:
		t.Select(min(max(t.selected+t.steps(key), 0), t.rows-1))
	}
}

func (t *DataTable) headingKey(key fyne.KeyName) {
	switch key {
	case fyne.KeyLeft:
		t.toHeading(t.nextHeading(t.heading, -1))
	case fyne.KeyRight:
		t.toHeading(t.nextHeading(t.heading, 1))
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.head.press(t.heading)
	case fyne.KeyUp:
	default:
		t.toHeading(-1)
		if t.selected < 0 || key != fyne.KeyDown {
			t.step(key)
		}
	}
}

// nextHeading gives the next heading that can be pressed, or the same where there is none.
func (t *DataTable) nextHeading(from, by int) int {
	for i := from + by; i >= 0 && i < len(t.columns); i += by {
		if t.columns[i].Sortable || t.columns[i].Tick {
			return i
		}
	}
	return from
}

func (t *DataTable) toHeading(i int) {
	if t.heading != i {
		t.heading = i
		t.head.Refresh()
	}
}

func (t *DataTable) sideways(by float32) {
	x := min(max(t.scroll.Offset.X+by, 0), max(t.total-t.scroll.Size().Width, 0))
	t.scroll.ScrollToOffset(fyne.NewPos(x, t.scroll.Offset.Y))
	t.scrolled()
}

var _ fyne.Focusable = (*DataTable)(nil)
