package review

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"rollcall/core"
)

// The sheets of a workbook.
const (
	sheetSummary = "Summary"
	sheetChanges = "Changes"
	sheetCreates = "Creates"
	sheetHeld    = "Held"
	sheetSkipped = "Skipped"
	sheetPeople  = "People"
)

// The document properties that name the plan.
const (
	propPlan = "Rollcall plan"
	propHash = "Rollcall plan hash"
)

// longestCell is Excel's own limit, in UTF-16 units.
const longestCell = excelize.TotalCellChars

// Options are what a workbook says beside the plan.
type Options struct {
	// CannotUndo says, verb by verb, what the target cannot take back.
	CannotUndo map[string]string

	rows int // of a sheet, header included; tests set a small one
}

// WriteXLSX writes the plan as a workbook to be reviewed. Every value is text, there are
// no formulas and no macros; Decision is the column that ReadXLSX reads back.
func WriteXLSX(w io.Writer, p *core.Plan, o Options) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{file: f, viewer: newViewer(p), limit: cmp.Or(o.rows, excelize.TotalRows)}
	// Straight into w: excelize alone would gather the whole file in memory.
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newZip(w) })
	if err := b.write(o); err != nil {
		return err
	}
	if _, err := f.WriteTo(io.Discard); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func newZip(w io.Writer) *zip.Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	return z
}

// book is a workbook being written.
type book struct {
	*viewer
	file  *excelize.File
	limit int
	text  int // styles
	head  int
	title int
	verbs map[core.Verb]int
}

func (b *book) write(o Options) error {
	if err := b.styles(); err != nil {
		return err
	}
	if err := b.properties(); err != nil {
		return err
	}
	for _, part := range []func() error{func() error { return b.summary(o) }, b.changes, b.creates, b.idle(sheetHeld, core.Held, heldColumns), b.idle(sheetSkipped, core.Skipped, idleColumns), b.people} {
		if err := part(); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	return nil
}

func (b *book) styles() (err error) {
	style := func(s excelize.Style) int {
		s.NumFmt = 49 // text, so that an edited value stays text too
		id, e := b.file.NewStyle(&s)
		if e != nil {
			err = e
		}
		return id
	}
	b.text = style(excelize.Style{})
	b.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	b.head = style(excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("F7F8FA")})
	b.verbs = map[core.Verb]int{}
	for v, colours := range map[core.Verb][2]string{
		core.Update: {"DCE8FC", "1D52AD"}, core.Create: {"E3F5EB", "11693E"}, core.Reactivate: {"E3F5EB", "11693E"},
		core.Deactivate: {"FCE8E6", "A32A20"}, core.Delete: {"FCE8E6", "A32A20"}, core.Held: {"FDF1DC", "8A5A0E"},
	} {
		b.verbs[v] = style(excelize.Style{Fill: fill(colours[0]), Font: &excelize.Font{Color: colours[1], Bold: true}})
	}
	return err
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func (b *book) properties() error {
	made := b.plan.Made.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: "Rollcall review: " + tidy(b.plan.Name), Creator: "Rollcall", Identifier: b.plan.ID, Created: made, Modified: made}); err != nil {
		return err
	}
	for _, prop := range []excelize.CustomProperty{{Name: propPlan, Value: b.plan.ID}, {Name: propHash, Value: b.plan.Hash}} {
		if err := b.file.SetCustomProps(prop); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) summary(o Options) error {
	if err := b.file.SetSheetName("Sheet1", sheetSummary); err != nil {
		return err
	}
	s, err := b.file.NewStreamWriter(sheetSummary)
	if err != nil {
		return err
	}
	if err := cmp.Or(s.SetColWidth(1, 1, 24), s.SetColWidth(2, 5, 22)); err != nil {
		return err
	}
	for i, line := range b.summaryLines(o) {
		style := b.text
		switch {
		case i == 0:
			style = b.title
		case len(line) == 1 || len(line) > 0 && line[0] == "Change":
			style = b.head
		}
		if err := s.SetRow(at(i+1), boxed(line), excelize.RowOpts{StyleID: style}); err != nil {
			return err
		}
	}
	return s.Flush()
}

func boxed(line []string) []any {
	values := make([]any, len(line))
	for i, s := range line {
		values[i] = s
	}
	return values
}

func (b *book) summaryLines(o Options) [][]string {
	p := b.plan
	lines := [][]string{{"Rollcall review"}, {"Sync", tidy(p.Name)}, {"Made", p.Made.UTC().Format("2006-01-02 15:04 UTC")}, {propPlan, p.ID}, {propHash, p.Hash},
		{"People read", number(p.People)}, {"Accounts read", number(p.Accounts)}, {}, {"Change", "People", "Accounts without a person", "Ticked", "Held by your limit"}}
	sum := p.Count()
	lines = append(lines, countLines(sum)...)
	lines = append(lines, []string{"Sum", Sum(p)})
	for _, accounts := range Accounts(p) {
		lines = append(lines, []string{"", accounts})
	}
	lines = append(lines, []string{})
	if len(p.Tripped) > 0 {
		lines = append(lines, []string{"Held by your limits"})
		for _, t := range p.Tripped {
			lines = append(lines, []string{"", tidy(t.What) + "."})
		}
		lines = append(lines, []string{})
	}
	lines = append(lines, []string{"How to review"},
		[]string{"1", "In the sheets Changes and Creates, choose Approve, Reject or Hold in the column Decision. An empty cell leaves the tick as it is."},
		[]string{"2", "Write what you like in the column Comment. Sort, filter and delete lines as you like; a line that is missing has no decision."},
		[]string{"3", "Change nothing else. A file with another value changed is refused, so that what you saw is what happens."},
		[]string{"4", "Save the file as .xlsx and import it on the preview page, or with “rollcall apply --decisions FILE”."},
		[]string{"5", "Lines held by your limit cannot be approved one by one; allow the limit for this plan in the preview."})
	return append(lines, cannotUndo(sum, o)...)
}

// countLines gives a line for every verb, also where it is zero, and their total.
func countLines(sum core.Sum) [][]string {
	var lines [][]string
	var total [4]int
	for _, v := range core.Verbs() {
		line := []string{verbLabel(v)}
		for i, n := range [...]int{sum.People[v], sum.Accounts[v], sum.Ticked[v], sum.Stopped[v]} {
			total[i] += n
			line = append(line, number(n))
		}
		lines = append(lines, line)
	}
	return append(lines, []string{"Total", number(total[0]), number(total[1]), number(total[2]), number(total[3])})
}

// cannotUndo says of the verbs that the plan has what cannot be taken back.
func cannotUndo(sum core.Sum, o Options) [][]string {
	var lines [][]string
	for _, v := range core.Verbs() {
		if s := o.CannotUndo[v.String()]; s != "" && sum.Of(v) > 0 {
			lines = append(lines, []string{verbLabel(v), tidy(s)})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return append([][]string{{}, {"What cannot be undone"}}, lines...)
}

// at names the first cell of a line.
func at(line int) string { return fmt.Sprintf("A%d", line) }

func (b *book) changes() error {
	s := b.sheet(sheetChanges, append(slices.Clone(changeColumns), colCheck), 2)
	var line []string
	for i := range b.plan.Rows {
		r := &b.plan.Rows[i]
		if !r.Verb.Writes() || r.Verb == core.Create {
			continue
		}
		for k := firstCell(r); k < len(r.Cells); k++ {
			line = append(b.change(line, i, k), b.check(i, k))
			s.add(line, 1, b.verbs[r.Verb])
		}
	}
	return s.close()
}

func (b *book) creates() error {
	attributes := createdAttributes(b.plan)
	columns := slices.Clone(createColumns)
	for _, a := range attributes {
		columns = append(columns, b.label(a))
	}
	s := b.sheet(sheetCreates, append(columns, colCheck), 3)
	var line []string
	for i := range b.plan.Rows {
		if b.plan.Rows[i].Verb == core.Create {
			line = append(b.create(line, i, attributes), b.check(i, -1))
			s.add(line, 0, b.verbs[core.Create])
		}
	}
	return s.close()
}

// createdAttributes gives what new accounts get, in the order of the target's attributes.
func createdAttributes(p *core.Plan) []string {
	used := map[string]bool{}
	var order []string
	for i := range p.Rows {
		if p.Rows[i].Verb != core.Create {
			continue
		}
		for _, c := range p.Rows[i].Cells {
			if !used[c.Attribute] {
				used[c.Attribute] = true
				order = append(order, c.Attribute)
			}
		}
	}
	place := map[string]int{core.Enabled: -1}
	for i, a := range p.Attributes {
		place[a.ID] = i
	}
	slices.SortStableFunc(order, func(a, b string) int { return place[a] - place[b] })
	return order
}

func (b *book) idle(name string, verb core.Verb, columns []string) func() error {
	return func() error {
		s := b.sheet(name, columns, 2)
		var line []string
		for i := range b.plan.Rows {
			if b.plan.Rows[i].Verb == verb {
				line = b.viewer.idle(line, i)
				s.add(line[:len(columns)], 0, b.verbs[verb])
			}
		}
		return s.close()
	}
}

func (b *book) people() error {
	s := b.sheet(sheetPeople, peopleColumns, 2)
	var line []string
	for i := range b.plan.Rows {
		if b.plan.Rows[i].OfPerson() {
			line = b.person(line, i)
			s.add(line, 4, b.verbs[b.plan.Rows[i].Verb])
		}
	}
	return s.close()
}

// lone matches what readers of workbooks take for half a character and drop.
var lone = regexp.MustCompile(`_x[dD][89a-fA-F][0-9a-fA-F]{2}_`)

// fit cuts a text that no cell can hold, and says so. Into one that readers would drop
// it puts a joiner that nobody sees.
func fit(s string) string {
	if strings.Contains(s, "_x") {
		s = lone.ReplaceAllStringFunc(s, func(x string) string { return "_\u2060" + x[1:] })
	}
	if len(s) <= longestCell {
		return s
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= longestCell {
		return s
	}
	note := fmt.Sprintf("… (cut here; %s characters in all)", number(len([]rune(s))))
	keep := longestCell - len(utf16.Encode([]rune(note)))
	if utf16.IsSurrogate(rune(units[keep-1])) && units[keep-1] < 0xDC00 {
		keep-- // not half a character
	}
	return string(utf16.Decode(units[:keep])) + note
}
