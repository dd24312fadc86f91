package file

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"rollcall/core"
)

// Limits of what a workbook may unpack to.
const (
	maxUnpacked  = 4 << 30
	maxRatio     = 200       // unpacked to packed; ordinary sheets stay below 60
	smallEnough  = 256 << 20 // below this no ratio matters
	memoryLimit  = 64 << 20  // larger sheets are unpacked into a temporary file by excelize
	maxRowValues = 16384     // columns of a sheet
)

var oleHeader = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

// lookWorkbook opens the sheet and finds out how it is written. It takes over f.
func (t *table) lookWorkbook(f *opened) (*looked, error) {
	if err := checkWorkbook(f); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(f, 0, f.was.Size()), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: memoryLimit})
	if err != nil {
		return nil, notWorkbook(f.name, err)
	}
	l, err := t.lookSheet(f, book)
	if err != nil {
		_ = book.Close() // removes temporary files; the first problem is the one to tell
		return nil, err
	}
	l.close = func() {
		_ = book.Close() // it was only read
		_ = f.Close()
	}
	return l, nil
}

func notWorkbook(name string, err error) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” cannot be read as an Excel workbook.", name), Fix: "Open it in Excel and save it again as .xlsx, or save it as CSV and choose “CSV file”.", Cause: err}
}

// checkWorkbook refuses what is no workbook, or one that unpacks to more than anybody
// means, before anything is unpacked. archive/zip holds entries to the sizes they state.
func checkWorkbook(f *opened) error {
	head := make([]byte, len(oleHeader))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return unreadable(f.name, err)
	}
	if bytes.Equal(head, oleHeader) {
		return explainOLE(f)
	}
	z, err := zip.NewReader(f, f.was.Size())
	if err != nil {
		return notWorkbook(f.name, err)
	}
	var unpacked uint64
	for _, entry := range z.File {
		unpacked += entry.UncompressedSize64
		if unpacked > maxUnpacked || entry.UncompressedSize64 > maxUnpacked {
			return tooLarge(f.name)
		}
	}
	if unpacked > smallEnough && unpacked/uint64(f.was.Size()) > maxRatio {
		return tooLarge(f.name)
	}
	return nil
}

func tooLarge(name string) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” unpacks to far more than a table of people can have.", name), Fix: "Do not open it if you do not know where it comes from; else save the sheet as CSV."}
}

// explainOLE tells a workbook with a password from one in the format before 2007.
func explainOLE(f *opened) error {
	data, err := io.ReadAll(io.NewSectionReader(f, 0, min(f.was.Size(), smallEnough)))
	if err != nil {
		return unreadable(f.name, err)
	}
	if bytes.Contains(data, utf16Bytes("EncryptedPackage")) {
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is protected with a password.", f.name), Fix: "Open it in Excel, remove the password under File, Info, Protect Workbook, and save a copy."}
	}
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is in the old Excel format (.xls).", f.name), Fix: "Open it in Excel and save it as .xlsx."}
}

func utf16Bytes(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

func (t *table) lookSheet(f *opened, book *excelize.File) (*looked, error) {
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, emptyFile(f.name)
	}
	sheet := sheets[0]
	if t.sheet != "" {
		i := slices.IndexFunc(sheets, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(t.sheet)) })
		if i < 0 {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("“%s” has no sheet “%s”.", f.name, t.sheet), Fix: "Choose one of its sheets: " + strings.Join(sheets, ", ") + "."}
		}
		sheet = sheets[i]
	}
	if err := plainFormats(book); err != nil {
		return nil, notWorkbook(f.name, err)
	}
	rows, at, err := t.sheetHead(book, sheet, f.name)
	for _, other := range sheets { // a cover sheet before the table
		if err == nil || t.sheet != "" {
			break
		}
		if r, header, otherErr := t.sheetHead(book, other, f.name); otherErr == nil && filled(r[header].cells) > 1 && header+1 < len(r) {
			sheet, rows, at, err = other, r, header, nil
		}
	}
	if err != nil {
		return nil, err
	}
	l := t.lookedAt(rows, at, 0)
	l.notes = append([]string{fmt.Sprintf("Sheet “%s”, column names in row %d.", sheet, rows[at].line)}, columnNotes(l.columns)...)
	header := rows[at].line
	l.rows = func(ctx context.Context, want []int, make func() maker) iter.Seq2[core.Record, error] {
		s := sheetReading{file: f, path: t.path, header: header, columns: len(l.columns), want: want, make: make()}
		return s.all(ctx, sheetRows(book, sheet, f.name))
	}
	return l, nil
}

// sheetHead gives the first rows of a sheet, and which of them holds the column names.
func (t *table) sheetHead(book *excelize.File, sheet, name string) (rows []headRow, at int, err error) {
	for r, err := range sheetRows(book, sheet, name) {
		if err != nil {
			return nil, 0, err
		}
		if rows = append(rows, r); len(rows) == sampleRows {
			break
		}
	}
	if len(rows) == 0 {
		return nil, 0, &core.Problem{Code: core.BadData, What: fmt.Sprintf("Sheet “%s” of “%s” is empty.", sheet, name), Fix: "Choose the sheet that holds the people."}
	}
	at, err = t.headerRow(name, rows)
	return rows, at, err
}

// sheetRows yields the rows of a sheet that are not blank.
func sheetRows(book *excelize.File, sheet, name string) iter.Seq2[headRow, error] {
	return func(yield func(headRow, error) bool) {
		rows, err := book.Rows(sheet)
		if err != nil {
			yield(headRow{}, notWorkbook(name, err))
			return
		}
		defer func() { _ = rows.Close() }()
		for line := 1; rows.Next(); line++ {
			texts, err := rows.Columns()
			if err != nil || len(texts) > maxRowValues {
				yield(headRow{}, notWorkbook(name, err))
				return
			}
			cells := sheetCells(texts)
			if filled(cells) > 0 && !yield(headRow{cells: cells, line: line}, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(headRow{}, notWorkbook(name, err))
		}
	}
}

func sheetCells(texts []string) [][]byte {
	cells := make([][]byte, len(texts))
	for i, s := range texts {
		cells[i] = []byte(plainNumber(s))
	}
	return cells
}

// plainNumber writes a number that the workbook stores with an exponent, or with the
// seventeen digits of a binary fraction, as a person typed it.
func plainNumber(s string) string {
	if len(s) < 3 || (s[0] < '0' || s[0] > '9') && s[0] != '-' {
		return s
	}
	exponent := strings.Contains(s, "E+") || strings.Contains(s, "E-")
	if !exponent && (len(s) < 17 || !strings.Contains(s, ".")) {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
		n = rounded
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// sheetReading makes records of the rows under the header.
type sheetReading struct {
	file    *opened
	path    string
	header  int
	columns int
	want    []int
	make    maker
}

func (s *sheetReading) all(ctx context.Context, rows iter.Seq2[headRow, error]) iter.Seq2[core.Record, error] {
	return func(yield func(core.Record, error) bool) {
		cells := make([][]byte, len(s.want))
		for row, err := range rows {
			switch {
			case err != nil:
				yield(core.Record{}, err)
				return
			case ctx.Err() != nil:
				yield(core.Record{}, ctx.Err())
				return
			case row.line <= s.header:
				continue
			}
			r, f := s.record(row, cells)
			if f != nil {
				yield(core.Record{}, f.problem(s.file.name, "Row", row.line))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := s.file.unchanged(s.path); err != nil {
			yield(core.Record{}, err)
		}
	}
}

func (s *sheetReading) record(row headRow, cells [][]byte) (core.Record, *flaw) {
	if len(row.cells) > s.columns && filled(row.cells[s.columns:]) > 0 {
		return core.Record{}, &flaw{what: "has more cells than there are column names", fix: "Name every column in the header row, or clear the cells beside the table."}
	}
	for i, c := range s.want {
		cells[i] = nil
		if c < len(row.cells) {
			cells[i] = row.cells[c]
		}
	}
	return s.make(cells)
}

// isoFormat is the number format that dates are given before they are read.
const isoFormat = "yyyy-mm-dd"

// noFormat is a number format that does not exist; excelize gives such cells as stored.
const noFormat = 1 << 20

// plainFormats changes the formats of the workbook in memory, so that dates are read as
// YYYY-MM-DD, times of day and leading zeros as they are shown, and everything else as it
// is stored: numbers without thousands, rounding or exponents.
func plainFormats(book *excelize.File) error {
	style := excelize.Style{CustomNumFmt: ptr(isoFormat)}
	iso, err := book.NewStyle(&style)
	if err != nil {
		return err
	}
	xfs := book.Styles.CellXfs.Xf
	isoID := xfs[iso].NumFmtID
	codes := customFormats(book)
	for i := range xfs {
		id := 0
		if xfs[i].NumFmtID != nil {
			id = *xfs[i].NumFmtID
		}
		switch formatOf(id, codes) {
		case dateFormat:
			xfs[i].NumFmtID = isoID
		case timeFormat, zerosFormat:
		default:
			xfs[i].NumFmtID = ptr(noFormat)
		}
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

func customFormats(book *excelize.File) map[int]string {
	codes := map[int]string{}
	if book.Styles.NumFmts == nil {
		return codes
	}
	for _, f := range book.Styles.NumFmts.NumFmt {
		codes[f.NumFmtID] = f.FormatCode
	}
	return codes
}

type formatKind uint8

const (
	otherFormat formatKind = iota
	dateFormat
	timeFormat
	zerosFormat // 00000: leading zeros that a person sees
)

// formatOf tells what a number format shows (ECMA-376, 18.8.30 and 18.8.31).
func formatOf(id int, codes map[int]string) formatKind {
	if code, ok := codes[id]; ok {
		return formatOfCode(code)
	}
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return dateFormat
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return timeFormat
	}
	return otherFormat
}

// formatOfCode looks at a code's letters outside quotation marks, brackets and escapes.
func formatOfCode(code string) formatKind {
	if len(code) > 1 && strings.Trim(code, "0") == "" {
		return zerosFormat
	}
	kind := otherFormat
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			i += max(strings.IndexByte(code[i+1:], '"')+1, 0)
		case '[':
			if end := strings.IndexByte(code[i:], ']'); end > 0 {
				if strings.ContainsAny(code[i+1:i+2], "hHmMsS") && end <= 3 {
					kind = timeFormat
				}
				i += end
			}
		case '\\', '_', '*':
			i++
		case ';':
			return kind
		case 'y', 'Y', 'd', 'D':
			return dateFormat
		case 'h', 'H', 's', 'S':
			kind = timeFormat
		}
	}
	return kind
}
