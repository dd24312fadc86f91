package review

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"rollcall/core"
)

// Limits of a workbook that is read: what it may unpack to, and how much more that may
// be than the file where it is large.
const (
	largestUnpacked = 8 << 30
	largestRatio    = 300
	suspicious      = 64 << 20 // also for what is no sheet, since that is held in memory
)

// ReadFile reads the decisions of a reviewed file: ReadCSV where its name ends in .csv,
// else ReadXLSX.
func ReadFile(path string, p *core.Plan) (Decisions, error) {
	f, err := os.Open(path)
	if err != nil {
		return Decisions{}, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("The file %s cannot be opened.", path), Fix: "Check the name and that you may read it.", Cause: err}
	}
	defer f.Close()
	if strings.HasSuffix(strings.ToLower(path), ".csv") {
		return ReadCSV(f, p)
	}
	info, err := f.Stat()
	if err != nil {
		return Decisions{}, err
	}
	return ReadXLSX(f, info.Size(), p)
}

func stale() error {
	return &core.Problem{Code: core.Stale, What: "The file is the review of another plan than this one.", Fix: "Export this plan and review that file, or open the plan that the file belongs to."}
}

// ReadCSV reads a file that WriteCSV wrote and a person decided in. A file of
// another plan gives a Stale problem; one that is changed elsewhere than in Decision and
// Comment, or cannot be read, BadData with the line, row and column.
func ReadCSV(r io.Reader, p *core.Plan) (Decisions, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := in.Peek(len(bom)); string(mark) == bom {
		_, _ = in.Discard(len(bom))
	}
	c := csv.NewReader(in)
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = delimiter(in), -1, true
	header, err := c.Read()
	if err != nil {
		return Decisions{}, tornCSV(err)
	}
	columns, err := headerOf("the file", header, colRow, colAttribute, colBefore, colAfter, colDecision, colPlan)
	if err != nil {
		return Decisions{}, err
	}
	j := newJudge(p)
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return j.decisions(), nil
		}
		if err != nil {
			return Decisions{}, tornCSV(err)
		}
		number, _ := c.FieldPos(0)
		if err := j.csvLine(record, number, columns); err != nil {
			return Decisions{}, err
		}
	}
}

func (j *judge) csvLine(record []string, number int, columns map[string]int) error {
	l := line{table: "the file", number: number, fit: func(s string) string { return s }, get: func(column string) (string, bool) {
		i, there := columns[column]
		if !there || i >= len(record) {
			return "", there
		}
		return fromText(record[i]), true
	}}
	for _, s := range record {
		if !utf8.ValidString(s) {
			return bad(fmt.Sprintf("Line %d of the file is not UTF-8 text.", number), "Save it as “CSV UTF-8”, or review the .xlsx file.")
		}
	}
	if of := strings.TrimSpace(l.value(colPlan)); of != "" && of != j.plan.Hash {
		return stale()
	} else if of == "" && l.value(colRow) != "" {
		return l.refuse(l.value(colRow), fmt.Sprintf("the column Plan is empty, and “%s” stood there", shorten(j.plan.Hash)))
	}
	return j.take(l)
}

func tornCSV(err error) error {
	if errors.Is(err, io.EOF) {
		return bad("The file is empty.", "Export the plan again and review that file.")
	}
	p := &core.Problem{Code: core.BadData, What: "The file cannot be read as CSV.", Fix: "Export the plan again and review that file.", Cause: err}
	var torn *csv.ParseError
	if errors.As(err, &torn) {
		p.What = fmt.Sprintf("The file cannot be read as CSV: line %d is torn.", torn.Line)
	}
	return p
}

// delimiter looks at the header: spreadsheets write semicolons in many countries.
func delimiter(in *bufio.Reader) rune {
	head, _ := in.Peek(512)
	first, _, _ := strings.Cut(string(head), "\n")
	best := ','
	for _, d := range ";\t" {
		if strings.Count(first, string(d)) > strings.Count(first, string(best)) {
			best = d
		}
	}
	return best
}

// headerOf finds the columns by name and refuses a table that lacks one of the needed.
func headerOf(table string, header []string, needed ...string) (map[string]int, error) {
	columns := map[string]int{}
	for i, name := range header {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if _, twice := columns[name]; twice && slices.Contains(needed, name) {
			return nil, bad(fmt.Sprintf("In %s, the column %s is there twice.", table, name), "Delete the one that is not from Rollcall.")
		} else if !twice {
			columns[name] = i
		}
	}
	for _, name := range needed {
		if _, there := columns[name]; !there {
			return nil, bad(fmt.Sprintf("In %s, the column %s is missing.", table, name), "Export the plan again and review that file; its columns must stay.")
		}
	}
	return columns, nil
}

// ReadXLSX reads a workbook that WriteXLSX wrote and a person decided in, with the
// same refusals as ReadCSV. What is no workbook, is protected by a password or
// unpacks to far more than it is gives a BadData problem.
func ReadXLSX(r io.ReaderAt, size int64, p *core.Plan) (d Decisions, err error) {
	defer func() {
		if caught := recover(); caught != nil { // the library does not foresee every broken file
			d, err = Decisions{}, notWorkbook(fmt.Errorf("%v", caught))
		}
	}()
	if err := looksSafe(r, size); err != nil {
		return Decisions{}, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{RawCellValue: true, UnzipSizeLimit: largestUnpacked, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return Decisions{}, notWorkbook(err)
	}
	defer f.Close()
	if err := ofPlan(f, p); err != nil {
		return Decisions{}, err
	}
	return readSheets(f, p)
}

func notWorkbook(cause error) error {
	return &core.Problem{Code: core.BadData, What: "The file is not an Excel workbook (.xlsx) that can be read.", Fix: "Save it as .xlsx, or export the plan again.", Cause: cause}
}

// looksSafe looks at the outside of the file before anything is unpacked.
func looksSafe(r io.ReaderAt, size int64) error {
	start := make([]byte, 8)
	_, _ = r.ReadAt(start, 0)
	if string(start) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" {
		return bad("The workbook is protected by a password, or is of the old kind .xls.", "Save it as .xlsx without a password.")
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return notWorkbook(err)
	}
	var unpacked, kept uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > largestUnpacked {
			return bomb()
		}
		unpacked += f.UncompressedSize64
		if !unpackedToDisk(f.Name) {
			kept += f.UncompressedSize64
		}
		if kept > suspicious || unpacked > largestUnpacked || unpacked > suspicious && unpacked > largestRatio*uint64(size) {
			return bomb()
		}
	}
	return nil
}

func bomb() error {
	return bad("The workbook unpacks to far more than a review can be; it was not opened.", "Export the plan again and review that file.")
}

// unpackedToDisk says that the library keeps the part in a file while it is read.
func unpackedToDisk(part string) bool {
	part = strings.ToLower(strings.ReplaceAll(part, "\\", "/"))
	return strings.HasPrefix(part, "xl/worksheets/sheet") || part == "xl/sharedstrings.xml"
}

// ofPlan refuses the workbook of another plan. The summary may be gone, the document's
// properties may be gone; not both, and what is there must be this plan's.
func ofPlan(f *excelize.File, p *core.Plan) error {
	var hashes []string
	if props, err := f.GetCustomProps(); err == nil {
		for _, prop := range props {
			if s, text := prop.Value.(string); text && prop.Name == propHash {
				hashes = append(hashes, s)
			}
		}
	}
	if rows, err := f.Rows(sheetSummary); err == nil {
		defer rows.Close()
		for n := 0; n < 20 && rows.Next(); n++ {
			if cells, err := rows.Columns(); err == nil && len(cells) > 1 && cells[0] == propHash {
				hashes = append(hashes, strings.TrimSpace(cells[1]))
			}
		}
	}
	if len(hashes) == 0 {
		return bad("The workbook does not say which plan it belongs to.", "Choose a workbook that Rollcall exported; its Summary sheet must stay.")
	}
	for _, h := range hashes {
		if h != p.Hash {
			return stale()
		}
	}
	return nil
}

func readSheets(f *excelize.File, p *core.Plan) (Decisions, error) {
	j := newJudge(p)
	found := false
	for _, name := range f.GetSheetList() {
		read, err := j.sheet(f, name)
		if err != nil {
			return Decisions{}, err
		}
		found = found || read
	}
	if !found {
		return Decisions{}, bad("The workbook has no sheet with the columns Row and Decision.", "Export the plan again and review that file.")
	}
	return j.decisions(), nil
}

// sheet reads a sheet whose header has decisions, whatever its name is; others are
// passed over.
func (j *judge) sheet(f *excelize.File, name string) (bool, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return false, notWorkbook(err)
	}
	defer rows.Close()
	if !rows.Next() {
		return false, nil
	}
	header, err := rows.Columns()
	if err != nil {
		return false, notWorkbook(err)
	}
	table := "the sheet “" + shorten(name) + "”"
	columns, err := headerOf(table, header, neededIn(name, header)...)
	if err != nil {
		return false, err
	}
	if _, decides := columns[colDecision]; !decides {
		return false, nil
	}
	for number := 2; rows.Next(); number++ {
		record, err := rows.Columns()
		if err != nil {
			return false, notWorkbook(err)
		}
		l := line{table: table, number: number, fit: fit, get: func(column string) (string, bool) {
			i, there := columns[column]
			if !there || i >= len(record) {
				return "", there
			}
			return record[i], true
		}}
		if err := j.take(l); err != nil {
			return false, err
		}
	}
	return true, rows.Error()
}

// neededIn gives the columns that a sheet must have: by its name, or because it decides.
func neededIn(name string, header []string) []string {
	has := func(column string) bool {
		for _, h := range header {
			if strings.TrimSpace(h) == column {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(name, sheetChanges) || has(colDecision) && (has(colAttribute) || has(colBefore) || has(colAfter)) && !strings.HasPrefix(name, sheetCreates):
		return []string{colRow, colDecision, colAttribute, colBefore, colAfter}
	case strings.HasPrefix(name, sheetCreates) || has(colDecision):
		return []string{colRow, colDecision}
	}
	return nil
}
