package review

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// sheet is a table that goes on in “Changes (2)” where one sheet is full. It keeps the
// first error for close.
type sheet struct {
	book    *book
	name    string
	columns []string
	frozen  int
	part    int
	line    int
	out     *excelize.StreamWriter
	current string
	values  []any
	cell    excelize.Cell
	err     error
}

func (b *book) sheet(name string, columns []string, frozen int) *sheet {
	s := &sheet{book: b, name: name, columns: columns, frozen: frozen, values: make([]any, len(columns))}
	s.open()
	return s
}

func (s *sheet) open() {
	s.part++
	s.current, s.line = s.name, 1
	if s.part > 1 {
		s.current = fmt.Sprintf("%s (%d)", s.name, s.part)
	}
	if _, s.err = s.book.file.NewSheet(s.current); s.err != nil {
		return
	}
	if s.out, s.err = s.book.file.NewStreamWriter(s.current); s.err != nil {
		return
	}
	s.err = cmp.Or(s.layout(), s.out.SetRow("A1", boxed(s.columns), excelize.RowOpts{StyleID: s.book.head}))
}

func (s *sheet) layout() error {
	corner, err := excelize.CoordinatesToCellName(s.frozen+1, 2)
	if err != nil {
		return err
	}
	err = s.out.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.frozen, YSplit: 1, TopLeftCell: corner, ActivePane: "bottomRight"})
	for i, c := range s.columns {
		err = cmp.Or(err, s.out.SetColWidth(i+1, i+1, width(c)))
		if c == colCheck {
			err = cmp.Or(err, s.out.SetColVisible(i+1, i+1, false))
		}
	}
	return err
}

func width(column string) float64 {
	switch column {
	case colRow, colDecision:
		return 11
	case "Change", "Ticked":
		return 14
	case "Account", colBefore, colAfter, colComment:
		return 30
	default:
		return 22
	}
}

// add writes a line; the cell at coloured gets the style.
func (s *sheet) add(line []string, coloured, style int) {
	if s.err == nil && s.line >= s.book.limit {
		if s.finish(); s.err == nil {
			s.open()
		}
	}
	if s.err != nil {
		return
	}
	s.line++
	for i, text := range line {
		if i == coloured && style != 0 {
			s.cell = excelize.Cell{StyleID: style, Value: text}
			s.values[i] = &s.cell
			continue
		}
		s.values[i] = nil // an empty cell costs nothing
		if text != "" {
			s.values[i] = fit(text)
		}
	}
	s.err = s.out.SetRow("A"+strconv.Itoa(s.line), s.values, excelize.RowOpts{StyleID: s.book.text})
}

// finish closes the sheet that is being written.
func (s *sheet) finish() {
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.line)
	s.err = cmp.Or(s.err, err)
	if s.err != nil {
		return
	}
	s.err = cmp.Or(s.book.file.AutoFilter(s.current, "A1:"+last, nil), s.choices(), s.out.Flush())
}

// choices gives the column Decision its drop-down.
func (s *sheet) choices() error {
	i := slices.Index(s.columns, colDecision)
	if i < 0 || s.line < 2 {
		return nil
	}
	column, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return err
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, s.line))
	v.SetError(excelize.DataValidationErrorStyleStop, "Decision", "Choose Approve, Reject or Hold, or leave it empty.")
	if err := v.SetDropList([]string{"Approve", "Reject", "Hold"}); err != nil {
		return err
	}
	return s.book.file.AddDataValidation(s.current, v)
}

func (s *sheet) close() error {
	if s.err == nil {
		s.finish()
	}
	return s.err
}
