package file

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"rollcall/core"
)

// Looking at the first part of a file.
const (
	headSize   = 1 << 20 // bytes looked at
	headRows   = 60      // rows looked at for delimiter and header
	sampleRows = 5000    // rows looked at for kinds and styles
)

// looked is a table ready to be read: what was found by looking, and its rows.
type looked struct {
	columns []column
	notes   []string
	first   [][][]byte // the first rows under the header
	rows    func(ctx context.Context, want []int, make func() maker) iter.Seq2[core.Record, error]
	close   func()
}

// maker makes a record of the wanted cells of one row; the cells are valid during the
// call only; a record without anything is a row that nobody wants. Each goroutine has its
// own maker.
type maker func(cells [][]byte) (core.Record, *flaw)

// look opens the file and finds out how it is written.
func (t *table) look() (*looked, error) {
	f, err := open(t.path)
	if err != nil {
		return nil, err
	}
	var l *looked
	if t.workbook {
		l, err = t.lookWorkbook(f)
	} else {
		l, err = t.lookText(f)
	}
	if err != nil {
		_ = f.Close() // it was only read
		return nil, err
	}
	return l, nil
}

// textLayout is how delimited text is written.
type textLayout struct {
	script script
	delim  byte
	header int // line of the row with the names
	skip   int // bytes of the decoded text up to the first row under the header
}

func (t *table) lookText(f *opened) (*looked, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 {
		return nil, unreadable(f.name, err)
	}
	head, whole := head[:n], int64(n) == f.was.Size()
	if err := refuseOtherFormats(f.name, head); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, unreadable(f.name, err)
	}
	layout := textLayout{script: findScript(head, t.encoding)}
	text, err := decodeHead(head, &layout.script, whole)
	if err != nil {
		return nil, unreadable(f.name, err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, emptyFile(f.name)
	}
	if err := noNUL(f.name, text); err != nil {
		return nil, err
	}
	text, hint := sepLine(text, &layout)
	layout.delim = t.delimiter
	if layout.delim == 0 {
		layout.delim = hint
	}
	if layout.delim == 0 {
		layout.delim = findDelimiter(text)
	}
	return t.readText(f, text, layout)
}

// noNUL looks early, so that binary files are named as such.
func noNUL(name string, text []byte) error {
	i := bytes.IndexByte(text, 0)
	if i < 0 {
		return nil
	}
	f := flaw{what: "holds a NUL character, which no text has", fix: "Choose the encoding in the settings of this file, or export it again as UTF-8."}
	return f.problem(name, "Line", 1+bytes.Count(text[:i], []byte{'\n'}))
}

func (t *table) readText(f *opened, text []byte, layout textLayout) (*looked, error) {
	rows := headRecords(text, layout.delim, sampleRows)
	if len(rows) == 0 { // the text is not blank, so its first row cannot be cut
		return nil, tornQuote.problem(f.name, "Line", 1)
	}
	at, err := t.headerRow(f.name, rows)
	if err != nil {
		return nil, err
	}
	layout.header, layout.skip = rows[at].line+min(layout.skip, 1), layout.skip+rows[at].end
	l := t.lookedAt(rows, at, layout.delim)
	l.notes = layout.words(l.columns)
	l.close = func() { _ = f.Close() } // it was only read
	l.rows = func(ctx context.Context, want []int, make func() maker) iter.Seq2[core.Record, error] {
		return (&textRows{file: f, path: t.path, layout: layout, columns: len(l.columns), want: want, make: make}).all(ctx)
	}
	return l, nil
}

// lookedAt finds the columns from the first rows, of which one is the header.
func (t *table) lookedAt(rows []headRow, at int, delim byte) *looked {
	l := &looked{}
	for _, r := range rows[at+1:] {
		l.first = append(l.first, r.cells)
	}
	l.columns = dropBlankTail(nameColumns(cellTexts(rows[at].cells)), rows[at].cells, l.first)
	found := *t
	found.delimiter = delim
	study(l.columns, l.first, &found)
	return l
}

func refuseOtherFormats(name string, head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is an Excel workbook or another packed file, not text.", name), Fix: "Choose “Excel workbook” for it, or save it as CSV."}
	case bytes.HasPrefix(head, oleHeader):
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is an old or protected Office file, not text.", name), Fix: "Open it in Excel and save it as CSV."}
	case bytes.HasPrefix(head, []byte("%PDF")):
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is a PDF, not a table.", name), Fix: "Export the list as CSV or Excel instead."}
	}
	return nil
}

// decodeHead makes UTF-8 of the first bytes, cut after their last whole line.
func decodeHead(head []byte, s *script, whole bool) ([]byte, error) {
	r, err := s.text(bytes.NewReader(head))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if s.encoding == windows1252 {
		text = decode1252(text)
	}
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		s.oldMac = true
	}
	if s.oldMac {
		unixLines(text)
	}
	if whole {
		return append(text, '\n'), nil
	}
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return text[:i+1], nil
	}
	return append(text, '\n'), nil
}

// sepLine takes off the line “sep=;” that Excel understands.
func sepLine(text []byte, layout *textLayout) (rest []byte, delim byte) {
	line, rest, _ := bytes.Cut(text, []byte{'\n'})
	sign, ok := bytes.CutPrefix(trimCR(line), []byte("sep="))
	if !ok || len(sign) != 1 {
		return text, 0
	}
	layout.skip = len(line) + 1
	return rest, sign[0]
}

// headRow is one of the first rows that are not blank.
type headRow struct {
	cells [][]byte
	line  int // where it begins, from 1
	end   int // byte after it
}

// headRecords cuts the first records. It stops at what it cannot cut; reading the rows
// names that.
func headRecords(text []byte, delim byte, limit int) []headRow {
	var rows []headRow
	s := wideSplitter(delim, 64)
	for pos, line := 0, 1; pos < len(text) && len(rows) < limit; {
		n, f := s.next(text[pos:])
		if f != nil || n == 0 {
			break
		}
		if s.count > len(s.want) {
			s = wideSplitter(delim, s.count)
			continue
		}
		record := text[pos : pos+n]
		pos += n
		if !blankCells(record, delim) {
			rows = append(rows, headRow{ownCells(s.cells[:s.count]), line, pos})
		}
		line += bytes.Count(record, []byte{'\n'})
	}
	return rows
}

// wideSplitter cuts out every column up to width.
func wideSplitter(delim byte, width int) *splitter {
	want := make([]int, width)
	for i := range want {
		want[i] = i
	}
	return newSplitter(delim, want, 0)
}

// ownCells copies cells, which next would overwrite where they were unescaped.
func ownCells(cells [][]byte) [][]byte {
	own := make([][]byte, len(cells))
	for i, c := range cells {
		own[i] = bytes.Clone(c)
	}
	return own
}

func cellTexts(row [][]byte) []string {
	texts := make([]string, len(row))
	for i, c := range row {
		texts[i] = string(c)
	}
	return texts
}

// findDelimiter takes the sign that cuts the first rows into the most columns, all alike.
func findDelimiter(text []byte) byte {
	best, bestScore := byte(','), 0.0
	for _, delim := range []byte{',', ';', '\t', '|'} {
		rows := headRecords(text, delim, headRows)
		width, alike := commonWidth(rows)
		if width < 2 {
			continue
		}
		share := float64(alike) / float64(len(rows))
		if score := float64(width) * share * share; score > bestScore {
			best, bestScore = delim, score
		}
	}
	return best
}

// commonWidth gives the number of cells that most rows have, and how many rows do.
func commonWidth(rows []headRow) (width, alike int) {
	counts := map[int]int{}
	for _, r := range rows {
		counts[len(r.cells)]++
	}
	for w, n := range counts {
		if n > alike || n == alike && w > width {
			width, alike = w, n
		}
	}
	return width, alike
}

// headerRow finds the row with the names: the first that fills most of the columns.
func (t *table) headerRow(name string, rows []headRow) (int, error) {
	if t.header > 0 {
		i := slices.IndexFunc(rows, func(r headRow) bool { return r.line == t.header })
		if i < 0 {
			return 0, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("“%s” has no column names in row %d.", name, t.header), Fix: "Choose the row that holds them, or “auto”."}
		}
		return i, nil
	}
	rows = rows[:min(len(rows), headRows)]
	most := 0
	for _, r := range rows {
		most = max(most, filled(r.cells))
	}
	for i, r := range rows {
		if n := filled(r.cells); n*10 < most*6 || most > 1 && n < 2 {
			continue
		}
		if looksLikeData(r.cells) {
			break
		}
		return i, nil
	}
	return 0, &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” has no row of column names.", name), Fix: "Put the names of the columns into its first row, or say in its settings which row holds them."}
}

func filled(row [][]byte) int {
	n := 0
	for _, c := range row {
		if len(bytes.TrimSpace(c)) > 0 {
			n++
		}
	}
	return n
}

// looksLikeData says that a row has what no column is called: an e-mail address, a date,
// or mostly numbers.
func looksLikeData(row [][]byte) bool {
	numbers, cells := 0, 0
	for _, c := range row {
		if c = bytes.TrimSpace(c); len(c) == 0 {
			continue
		}
		cells++
		if isEmail(c) || isISO(c) {
			return true
		}
		if isNumber(c) {
			numbers++
		}
	}
	return numbers*2 > cells
}

// dropBlankTail drops columns at the end that have neither name nor value.
func dropBlankTail(columns []column, header [][]byte, rows [][][]byte) []column {
	last := len(header)
	for last > 1 && len(bytes.TrimSpace(header[last-1])) == 0 && !anyValue(rows, last-1) {
		last--
	}
	return columns[:last]
}

func anyValue(rows [][][]byte, i int) bool {
	for _, r := range rows {
		if i < len(r) && len(bytes.TrimSpace(r[i])) > 0 {
			return true
		}
	}
	return false
}

var delimiterWords = map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "vertical bars"}

func (l textLayout) words(columns []column) []string {
	sign, ok := delimiterWords[l.delim]
	if !ok {
		sign = "“" + string(rune(l.delim)) + "”"
	}
	notes := []string{"The text is " + l.script.words() + ".", "Columns are separated by " + sign + "."}
	if l.header > 1 {
		notes = append(notes, fmt.Sprintf("Column names stand in line %d; what is above is left out.", l.header))
	}
	return append(notes, columnNotes(columns)...)
}
