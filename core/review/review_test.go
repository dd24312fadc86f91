package review

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"rollcall/core"
	"rollcall/core/internal/made"
	"rollcall/core/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small is a plan with every kind of row.
func small() *core.Plan {
	people := made.Desired("number=1 name=Ada~Berg title=Engineer", "number=2 name=Bo~Lind mail=bo@corp.example", "number=3 name=Cy~Dahl",
		"number=4 name=Di~Ek", "number=5 name=Ed~Falk", "number=6 name=Fay~Gran")
	accounts := made.Accounts("number=1 name=Ada~Berg login=ada", "number=3 name=Cy~Dahl login=cy", "number=5 name=Ed~Falk login=ed", "number=9 name=Old~Hand login=old")
	return finished(core.Plan{
		ID: "p1", Name: "Sample company → Practice directory", Made: time.Date(2026, 5, 4, 8, 30, 0, 0, time.UTC), Attributes: made.Attributes,
		Names: map[string]string{"a3": "Cy Dahl", "new:p2": "Bo Lind"}, People: 6, Accounts: 4,
		Tripped: []core.Tripped{{Guard: "deactivate", What: "1 deactivations (25.0 %) is at or over your limit of 5 %", Count: 1}},
		Rows: []core.Row{
			{Verb: core.Create, Why: core.NewHire, Desired: people[1], Cells: []core.Cell{{Attribute: "name", After: "Bo Lind"}, {Attribute: "mail", After: "bo@corp.example"}, {Attribute: core.Enabled, After: "true"}}},
			{Verb: core.Update, Why: core.FieldsDiffer, Desired: people[0], Account: accounts[0], Cells: []core.Cell{
				{Attribute: "title", Before: "=HYPERLINK(1)", After: "Engineer"}, {Attribute: "groups", Before: "a\x1fb", After: "a"},
				{Attribute: "manager", Before: "a3", After: "new:p2", Pending: "p2"}, {Attribute: "login", Before: "ada", After: "ada.berg", Tick: core.Off, Why: core.LoginChanges}}},
			{Verb: core.Deactivate, Why: core.HasLeft, Tick: core.Stopped, Detail: "since 2026-05-01", Desired: people[2], Account: accounts[1], Cells: []core.Cell{{Attribute: core.Enabled, Before: "true", After: "false"}}},
			{Verb: core.Unchanged, Desired: people[4], Account: accounts[2]},
			{Verb: core.Skipped, Why: core.FilteredOut, Detail: "Department is Sales", Desired: people[3]},
			{Verb: core.Held, Why: core.ValueMissing, Detail: "User name", Desired: people[5]},
			{Verb: core.Held, Why: core.Absent, Account: accounts[3]},
		}})
}

func finished(p core.Plan) *core.Plan {
	p.Hash = plan.Hash(&p)
	return &p
}

func exported(t testing.TB, p *core.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, p, Options{CannotUndo: map[string]string{"create": "The number of an account is never used again.", "delete": "A new account gets a new ID."}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func exportedCSV(t testing.TB, p *core.Plan) string {
	t.Helper()
	var b strings.Builder
	if err := WriteCSV(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got = strings.ReplaceAll(got, small().Hash, "HASH") // plan has its own tests of it
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestCSVOfASmallPlan(t *testing.T) { golden(t, "small.csv", exportedCSV(t, small())) }

func TestSheetsOfASmallPlan(t *testing.T) { golden(t, "small.grid", grid(t, exported(t, small()))) }

func TestJSONOfASmallPlan(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, small()); err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Plan    struct{ Hash string }
		Counts  map[string]struct{ People, Accounts, Ticked, Stopped int }
		Tripped []json.RawMessage
		Rows    []json.RawMessage
	}
	if err := json.Unmarshal(b.Bytes(), &whole); err != nil || len(whole.Rows) != 7 || len(whole.Counts) != 8 || whole.Counts["held"].Accounts != 1 || len(whole.Tripped) != 1 || whole.Plan.Hash != small().Hash {
		t.Fatal(err, whole)
	}
	golden(t, "small.json", b.String())
}

func TestTheSumAddsUpInWords(t *testing.T) {
	if got := Sum(small()); got != "1 created + 1 updated + 1 deactivated + 1 unchanged + 1 skipped + 1 held = 6 people read" {
		t.Error(got)
	}
	if got := Accounts(small()); cmp.Diff([]string{"1 account without a person: 1 held"}, got) != "" {
		t.Error(got)
	}
}

func grid(t *testing.T, file []byte) string {
	t.Helper()
	f := opened(t, file)
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "## %s\n", name)
		for _, r := range rows {
			fmt.Fprintf(&b, "%s\n", strings.Join(r, " | "))
		}
	}
	return b.String()
}

func opened(t *testing.T, file []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestWorkbookHasNoFormulasAndOnlyTextToASecondReader(t *testing.T) {
	file := exported(t, small())
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	texts := 0
	for _, part := range z.File {
		if strings.Contains(strings.ToLower(part.Name), "vba") || strings.Contains(part.Name, "externalLink") {
			t.Errorf("%s should not be there", part.Name)
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			texts += textsOf(t, part)
		}
	}
	if texts < 100 {
		t.Errorf("only %d cells were seen", texts)
	}
}

func textsOf(t *testing.T, part *zip.File) int {
	t.Helper()
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatal(part.Name, err)
		}
		e, starts := token.(xml.StartElement)
		switch {
		case !starts:
		case e.Name.Local == "f":
			t.Errorf("%s holds a formula", part.Name)
		case e.Name.Local == "c":
			n++
			if !strings.Contains(fmt.Sprint(e.Attr), "inlineStr") {
				t.Errorf("%s has a cell that is no text: %v", part.Name, e.Attr)
			}
		}
	}
}

func TestWorkbookOpensInAnotherProgramsReader(t *testing.T) {
	// The system's Python holds the distribution's package; the first one on the path may be another.
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import openpyxl").Run() != nil {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import openpyxl").Run(); err != nil {
		if os.Getenv("ROLLCALL_REQUIRE_SERVERS") == "1" {
			t.Fatal("python3-openpyxl is missing")
		}
		t.Skip("python3-openpyxl is not installed")
	}
	path := filepath.Join(t.TempDir(), "review.xlsx")
	if err := os.WriteFile(path, exported(t, small()), 0o600); err != nil {
		t.Fatal(err)
	}
	script := `import openpyxl,sys
b=openpyxl.load_workbook(sys.argv[1])
s=b["Changes"]
print([c.data_type for c in s[2]], s["H2"].value, s.freeze_panes, s.auto_filter.ref.replace("$",""), len(s.data_validations.dataValidation))`
	out, err := exec.Command(python, "-c", script, path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "=HYPERLINK(1)") || strings.Contains(string(out), "'f'") || !strings.Contains(string(out), "C2 A1:N6 1") {
		t.Fatal(string(out), err)
	}
}

func TestAFullSheetGoesOnInTheNext(t *testing.T) {
	p := many(25)
	var b bytes.Buffer
	if err := WriteXLSX(&b, p, Options{rows: 11}); err != nil {
		t.Fatal(err)
	}
	f := opened(t, b.Bytes())
	if got := strings.Join(f.GetSheetList(), ","); got != "Summary,Changes,Changes (2),Changes (3),Creates,Held,Skipped,People,People (2),People (3)" {
		t.Error(got)
	}
	set(t, f, "Changes (3)", "L6", "reject")
	d, err := readBack(t, f, p)
	if err != nil || d.Rows[24] != core.Reject {
		t.Error(d, err)
	}
}

// many is a plan of n people whose title changes.
func many(n int) *core.Plan {
	p := core.Plan{ID: "many", Name: "A → B", Attributes: made.Attributes}
	for i := range n {
		who := fmt.Sprintf("number=%d name=Person~Number~%d login=person%d@corp.example title=Senior~Engineer~%d", i, i, i, i%97)
		p.Rows = append(p.Rows, core.Row{Verb: core.Update, Why: core.FieldsDiffer, Desired: made.Desired(who)[0], Account: made.Accounts(who)[0],
			Cells: []core.Cell{{Attribute: "title", Before: fmt.Sprint("Engineer ", i%89), After: fmt.Sprint("Senior Engineer ", i%97)}}})
	}
	return finished(p)
}

func TestFormulaBeginningsAreTextInCSVAndComeBack(t *testing.T) {
	for _, value := range []string{"=1+1", "+49 30 1", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "'quoted", "''", "'", "'=x", "＝1", "＠x", "plain", "", "a=b", " =x", "0", "ä"} {
		marked := asText(value)
		if c := []rune(marked + " ")[0]; strings.ContainsRune("=+-@\t\r\n＝＋－＠", c) {
			t.Errorf("%q is written as %q", value, marked)
		}
		if got := fromText(marked); got != value {
			t.Errorf("%q came back as %q", value, got)
		}
	}
	if asText("plain") != "plain" || asText("") != "" {
		t.Error("an ordinary value should stay as it is")
	}
}

func TestCSVLinesEndAsTheStandardSaysAndHaveOneWidth(t *testing.T) {
	text := exportedCSV(t, small())
	if !strings.HasPrefix(text, bom) || strings.Count(text, "\r\n") != strings.Count(text, "\n") {
		t.Error("byte order mark and CRLF should be there")
	}
	if _, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, bom))).ReadAll(); err != nil {
		t.Error(err)
	}
}

func TestTheSumAddsUpToWhatWasRead(t *testing.T) {
	person, account := made.Desired("number=1 name=Ada")[0], made.Accounts("number=1")[0]
	rows := func(of core.Desired, verbs ...core.Verb) (all []core.Row) {
		for _, v := range verbs {
			all = append(all, core.Row{Verb: v, Desired: of, Account: account})
		}
		return all
	}
	two, ghosts := rows(person, core.Create, core.Update), rows(core.Desired{}, core.Unchanged, core.Held, core.Held)
	thousand := make([]core.Row, 1204)
	for i := range thousand {
		thousand[i] = core.Row{Verb: core.Unchanged, Desired: person}
	}
	for name, c := range map[string]struct {
		plan     core.Plan
		sum      string
		accounts []string
	}{
		"nobody":             {core.Plan{}, "0 people read", nil},
		"one":                {core.Plan{People: 1, Rows: two[:1]}, "1 created = 1 person read", nil},
		"thousands":          {core.Plan{People: 1204, Rows: thousand}, "1,204 unchanged = 1,204 people read", nil},
		"someone is missing": {core.Plan{People: 5, Rows: two}, "1 created + 1 updated + 3 not accounted for = 5 people read", nil},
		"accounts": {core.Plan{People: 2, Rows: append(two[:2:2], ghosts...), Unmanaged: 5}, "1 created + 1 updated = 2 people read",
			[]string{"3 accounts without a person: 2 held, 1 unchanged", "5 accounts are not managed by this sync"}},
		"one account":                {core.Plan{Rows: ghosts[:1], Unmanaged: 1}, "0 people read", []string{"1 account without a person: 1 unchanged", "1 account is not managed by this sync"}},
		"undo":                       {core.Plan{Undo: "r1", Rows: rows(core.Desired{}, core.Delete, core.Update)}, "2 changes take the run back", nil},
		"undo of one, and one stays": {core.Plan{Undo: "r1", Rows: rows(core.Desired{}, core.Update, core.Held)}, "1 change takes the run back, 1 cannot be taken back", nil},
	} {
		if got := Sum(&c.plan); got != c.sum {
			t.Errorf("%s: %s", name, got)
		}
		if d := cmp.Diff(c.accounts, Accounts(&c.plan)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// full refuses every write, as a full disk does.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestAFullDiskIsReported(t *testing.T) {
	for kind, write := range map[string]func(io.Writer, *core.Plan) error{
		"CSV": WriteCSV, "JSON": WriteJSON, "XLSX": func(w io.Writer, p *core.Plan) error { return WriteXLSX(w, p, Options{}) },
	} {
		if err := write(full{}, small()); err == nil {
			t.Errorf("%s: no error", kind)
		}
	}
}

func TestWaitingSaysWhyRowsAreNotDone(t *testing.T) {
	p := small()
	p.Rows[1].Tick, p.Rows[1].Why = core.Locked, core.ProtectedAccount
	want := []string{"Held because: No longer in the source (1), Required value missing (1)", "Not ticked because: Protected account (1)"}
	got := Waiting(p)
	if cmp.Diff(want, got) != "" {
		t.Errorf("got %q", got)
	}
	if got := Waiting(&core.Plan{}); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}
