package review

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rollcall/core"
	"rollcall/core/internal/made"
)

func set(t *testing.T, f *excelize.File, sheet, cell, value string) {
	t.Helper()
	if err := f.SetCellStr(sheet, cell, value); err != nil {
		t.Fatal(err)
	}
}

func readBack(t *testing.T, f *excelize.File, p *core.Plan) (Decisions, error) {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return ReadXLSX(bytes.NewReader(b.Bytes()), int64(b.Len()), p)
}

// reviewed gives the small plan's decisions after these cells were set ("Changes!L2": "approve").
func reviewed(t *testing.T, cells map[string]string) (Decisions, error) {
	t.Helper()
	p := small()
	f := opened(t, exported(t, p))
	for at, value := range cells {
		sheet, cell, _ := strings.Cut(at, "!")
		set(t, f, sheet, cell, value)
	}
	return readBack(t, f, p)
}

// In the sheet Changes of the small plan, lines 2 to 5 are the four cells of R000002
// (title, groups, manager, login, the last unticked), line 6 is R000003, held by a guard.
func TestDecisionsAreFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		cells map[string]string
		rows  map[int]core.Decision
		left  map[int][]string
		warns int
	}{
		"nothing decided":                    {nil, nil, nil, 0},
		"a new account, any case and blanks": {map[string]string{"Creates!G2": " APPROVE "}, map[int]core.Decision{0: core.Approve}, nil, 0},
		"all lines alike":                    {map[string]string{"Changes!L2": "Reject", "Changes!L3": "reject", "Changes!L4": "Reject", "Changes!L5": "Reject"}, map[int]core.Decision{1: core.Reject}, nil, 0},
		"one line rejected":                  {map[string]string{"Changes!L3": "Reject"}, nil, map[int][]string{1: {"groups"}}, 0},
		"approve leaves the undecided tick":  {map[string]string{"Changes!L2": "Approve"}, map[int]core.Decision{1: core.Approve}, map[int][]string{1: {"login"}}, 0},
		"approve the unticked one":           {map[string]string{"Changes!L5": "Approve", "Changes!L4": "Reject"}, map[int]core.Decision{1: core.Approve}, map[int][]string{1: {"manager"}}, 0},
		"one line held back":                 {map[string]string{"Changes!L3": "Hold"}, nil, map[int][]string{1: {"groups"}}, 0},
		"all held back or rejected":          {map[string]string{"Changes!L2": "Hold", "Changes!L3": "reject", "Changes!L4": "Reject", "Changes!L5": "hold"}, map[int]core.Decision{1: core.HoldBack}, nil, 0},
		"hold beside approve":                {map[string]string{"Changes!L2": "Hold", "Changes!L3": "Approve"}, map[int]core.Decision{1: core.Approve}, map[int][]string{1: {"title", "login"}}, 0},
		"a held row has nothing to approve":  {map[string]string{"Held!G2": "Approve", "Held!G3": "Reject"}, nil, nil, 1},
		"held by a guard stays held":         {map[string]string{"Changes!L6": "Approve"}, nil, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := reviewed(t, c.cells)
			if err != nil {
				t.Fatal(err)
			}
			if c.rows == nil {
				c.rows = map[int]core.Decision{}
			}
			if c.left == nil {
				c.left = map[int][]string{}
			}
			if x := cmp.Diff(c.rows, d.Rows) + cmp.Diff(c.left, d.Cells); x != "" || len(d.Warnings) != c.warns {
				t.Error(x, d.Warnings)
			}
		})
	}
}

func TestCommentsOfARowAreKept(t *testing.T) {
	d, err := reviewed(t, map[string]string{"Changes!M2": "ask her", "Changes!M4": "=not a formula"})
	if err != nil || d.Comments[1] != "ask her; =not a formula" {
		t.Error(d, err)
	}
}

func TestChangedWorkbooksAreRefusedByName(t *testing.T) {
	for name, c := range map[string]struct {
		cells map[string]string
		named []string
	}{
		"a changed value":         {map[string]string{"Changes!I2": "Boss"}, []string{"Changes", "R000002", "After", "Boss", "Engineer"}},
		"a changed person":        {map[string]string{"Changes!D2": "Eve"}, []string{"Person", "Eve", "Ada Berg"}},
		"a changed new account":   {map[string]string{"Creates!K2": "x@corp.example"}, []string{"Creates", "R000001", "bo@corp.example"}},
		"a value that was filled": {map[string]string{"Changes!H5": "x"}, []string{"R000002", "Before"}},
		"an attribute unknown":    {map[string]string{"Changes!G2": "Salary"}, []string{"R000002", "Attribute", "Salary"}},
		"an unknown row":          {map[string]string{"Changes!A2": "R000099"}, []string{"Changes", "R000099", "Row"}},
		"another row's id":        {map[string]string{"Changes!A2": "R000003"}, []string{"R000003"}},
		"no row id":               {map[string]string{"Changes!A2": "", "Changes!L2": "Approve"}, []string{"line 2", "Row"}},
		"an unknown word":         {map[string]string{"Changes!L2": "maybe"}, []string{"R000002", "Decision", "maybe"}},
		"a changed held row":      {map[string]string{"Held!F2": "E-mail"}, []string{"Held", "R000006", "Detail", "User name"}},
		"a second column":         {map[string]string{"Changes!O1": "Decision", "Changes!O2": "Reject"}, []string{"Changes", "Decision", "twice"}},
		"a column renamed":        {map[string]string{"Changes!L1": "Verdict"}, []string{"Changes", "Decision", "missing"}},
		"cells mixed up":          {map[string]string{"Changes!N2": "123"}, []string{"R000002", "Check"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := reviewed(t, c.cells)
			if !core.HasCode(err, core.BadData) {
				t.Fatal(err)
			}
			for _, word := range c.named {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%v should name %q", err, word)
				}
			}
		})
	}
}

func TestOneLineTwiceWithTwoDecisionsIsRefused(t *testing.T) {
	p := small()
	f := opened(t, exported(t, p))
	if err := f.DuplicateRowTo("Changes", 2, 7); err != nil {
		t.Fatal(err)
	}
	set(t, f, "Changes", "L2", "Approve")
	set(t, f, "Changes", "L7", "Reject")
	if _, err := readBack(t, f, p); !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), "R000002") {
		t.Error(err)
	}
}

func TestSortedFilteredAndDeletedLinesAreFine(t *testing.T) {
	p := small()
	f := opened(t, exported(t, p))
	for range 2 { // groups and manager
		if err := f.RemoveRow("Changes", 3); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.DuplicateRowTo("Changes", 2, 6); err != nil { // title moves to the end
		t.Fatal(err)
	}
	if err := f.RemoveRow("Changes", 2); err != nil {
		t.Fatal(err)
	}
	set(t, f, "Changes", "L5", "Reject")
	d, err := readBack(t, f, p)
	if err != nil || cmp.Diff(map[int][]string{1: {"title"}}, d.Cells) != "" || len(d.Rows) != 0 {
		t.Error(d, err)
	}
}

func TestAnotherPlansFileIsStale(t *testing.T) {
	p, other := small(), many(3)
	file := exported(t, p) // once: two exports may differ in length
	if _, err := ReadXLSX(bytes.NewReader(file), int64(len(file)), other); !core.HasCode(err, core.Stale) {
		t.Error(err)
	}
	if _, err := ReadCSV(strings.NewReader(exportedCSV(t, p)), other); !core.HasCode(err, core.Stale) {
		t.Error(err)
	}
	f := opened(t, exported(t, p))
	if err := f.DeleteSheet(sheetSummary); err != nil {
		t.Fatal(err)
	}
	if _, err := readBack(t, f, other); !core.HasCode(err, core.Stale) {
		t.Error("the document's properties should tell, too:", err)
	}
	if _, err := readBack(t, f, p); err != nil {
		t.Error(err)
	}
}

func bombFile(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, 2*suspicious); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestWhatIsNoReviewIsRefused(t *testing.T) {
	var plain, locked bytes.Buffer
	f := excelize.NewFile()
	defer f.Close()
	if err := f.Write(&plain); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&locked, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file  []byte
		named string
	}{
		"nothing":        {nil, "not an Excel workbook"},
		"text":           {[]byte("Row,Decision"), "not an Excel workbook"},
		"cut":            {exported(t, small())[:900], "not an Excel workbook"},
		"a password":     {locked.Bytes(), "password"},
		"a zip bomb":     {bombFile(t), "unpacks"},
		"other workbook": {plain.Bytes(), "which plan"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadXLSX(bytes.NewReader(c.file), int64(len(c.file)), small())
			if !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), c.named) {
				t.Error(err)
			}
		})
	}
}

func TestCSVIsReadBackAsSpreadsheetsSaveIt(t *testing.T) {
	p := small()
	text := exportedCSV(t, p)
	row := "Engineer,Fields differ,,"
	for name, file := range map[string]string{
		"as written":   strings.Replace(text, row, row+"Reject", 1),
		"without mark": strings.TrimPrefix(strings.Replace(text, row, row+"Reject", 1), bom),
		"unix lines":   strings.ReplaceAll(strings.Replace(text, row, row+"REJECT ", 1), "\r\n", "\n"),
		"semicolons":   strings.ReplaceAll(strings.Replace(text, row, row+"Reject", 1), ",", ";"),
	} {
		if name == "semicolons" {
			file = strings.ReplaceAll(file, "a; b", "a, b")
		}
		d, err := ReadCSV(strings.NewReader(file), p)
		if err != nil || cmp.Diff(map[int][]string{1: {"title"}}, d.Cells) != "" {
			t.Error(name, d, err)
		}
	}
}

func TestChangedCSVIsRefusedByName(t *testing.T) {
	text := exportedCSV(t, small())
	for name, c := range map[string]struct{ file, named string }{
		"empty":            {"", "empty"},
		"a torn quote":     {text + "\"R1", "torn"},
		"no columns":       {"a,b\r\n", "Row"},
		"a changed value":  {strings.Replace(text, "Engineer", "Boss", 1), "After"},
		"an unknown row":   {strings.Replace(text, "R000002", "R9", 1), "R9"},
		"no plan":          {strings.Replace(text, small().Hash, "0"+small().Hash[1:]+"0", 1), "another plan"},
		"not UTF-8":        {strings.Replace(text, "Engineer", "Ing\xe9nieur", 1), "UTF-8"},
		"an unknown word":  {strings.Replace(text, "New hire,,", "New hire,,perhaps", 1), "perhaps"},
		"a plan wiped out": {strings.Replace(text, ","+small().Hash, ",", 1), "Plan"},
	} {
		_, err := ReadCSV(strings.NewReader(c.file), small())
		if core.AsProblem(err) == nil || core.AsProblem(err).Code == core.Internal || !strings.Contains(err.Error(), c.named) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadFileChoosesByName(t *testing.T) {
	p, dir := small(), t.TempDir()
	for name, file := range map[string][]byte{"a.xlsx": exported(t, p), "b.CSV": []byte(exportedCSV(t, p))} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFile(path, p); err != nil {
			t.Error(name, err)
		}
	}
	if _, err := ReadFile(filepath.Join(dir, "none.csv"), p); !core.HasCode(err, core.NotFound) {
		t.Error(err)
	}
}

// nasty draws values that spreadsheets, CSV and XML are known to trip over.
func nasty() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@'"\t\r\n,; ]{1,4}[a-z0-9_\x00-\x1f]*`), rapid.StringMatching(`(_x[0-9A-F]{4}_|_x005F_|a|_){1,4}`),
		rapid.Just("\xff\xfe"), rapid.Just("00123"), rapid.Just(strings.Repeat("long 😀", 9000)), rapid.Just("\uFFFE\uFFFF\u2028👩‍👧"))
}

func TestAnExportThatNobodyEditedDecidesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := small()
		for i := range p.Rows {
			p.Rows[i].Detail = nasty().Draw(rt, "detail")
			for k := range p.Rows[i].Cells {
				p.Rows[i].Cells[k].Before, p.Rows[i].Cells[k].After = nasty().Draw(rt, "before"), nasty().Draw(rt, "after")
			}
		}
		p.Attributes = append([]core.Attribute{{ID: "x", Label: "Comment"}, {ID: "y", Label: nasty().Draw(rt, "label")}}, made.Attributes...)
		p.Rows[0].Cells = append(p.Rows[0].Cells, core.Cell{Attribute: "x", After: "1"}, core.Cell{Attribute: "y", After: "2"})
		p = finished(*p)
		file := exported(t, p)
		d, err := ReadXLSX(bytes.NewReader(file), int64(len(file)), p)
		if err != nil || len(d.Rows)+len(d.Cells)+len(d.Comments)+len(d.Warnings) > 0 {
			rt.Fatal(d, err)
		}
		d, err = ReadCSV(strings.NewReader(exportedCSV(t, p)), p)
		if err != nil || len(d.Rows)+len(d.Cells)+len(d.Comments)+len(d.Warnings) > 0 {
			rt.Fatal(d, err)
		}
	})
}

func FuzzReadCSVNeverPanics(f *testing.F) {
	p := small()
	f.Add(exportedCSV(f, p))
	f.Add("Row;Decision\nR1;Approve")
	f.Fuzz(func(_ *testing.T, file string) { _, _ = ReadCSV(strings.NewReader(file), p) })
}

func FuzzReadXLSXGivesADecisionOrAProblem(f *testing.F) {
	p := small()
	f.Add(exported(f, p))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := ReadXLSX(bytes.NewReader(file), int64(len(file)), p); err != nil && core.AsProblem(err).Code == core.Internal {
			t.Error(err)
		}
	})
}

func TestApprovingWhatNobodyMayApproveIsSaidAndIgnored(t *testing.T) {
	p := small()
	p.Rows[1].Cells[0].Tick, p.Rows[0].Tick = core.Stopped, core.Locked
	p = finished(*p)
	f := opened(t, exported(t, p))
	for _, at := range []string{"Changes!L2", "Changes!L6", "Creates!G2", "Held!G2"} {
		sheet, cell, _ := strings.Cut(at, "!")
		set(t, f, sheet, cell, "Approve")
	}
	d, err := readBack(t, f, p)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 approved rows are held by your limit and cannot be approved one by one: R000002, R000003. Allow the limit for this plan instead.",
		"1 approved row is protected and cannot be approved: R000001.",
		"1 approved row is held or without a change, so that there is nothing to approve: R000006.",
	}
	if x := cmp.Diff(want, d.Warnings) + cmp.Diff(map[int]core.Decision{1: core.Approve}, d.Rows); x != "" {
		t.Error(x)
	}
}

func TestAPartThatIsNoSheetMayNotFillTheMemory(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, size := range map[string]int64{"xl/media/a.bin": suspicious + 1, "pad": 1 << 20} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, size); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadXLSX(bytes.NewReader(b.Bytes()), int64(b.Len()), small()); !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), "unpacks") {
		t.Error(err)
	}
}
