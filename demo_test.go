package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestDemoCountsAddUpAndItsFilesOpen(t *testing.T) {
	folder := home(t)
	out := filepath.Join(t.TempDir(), "made", "out")
	s := expect(t, exitDone, "demo", "--out", out)
	if n := sums(t, s.out); n != 2 {
		t.Errorf("%d sums, want one of each day:\n%s", n, s.out)
	}
	s.has(t, "Day 1", "Day 8", "Synced: done=", "preview.xlsx", "preview.csv")
	if strings.Contains(s.out, "failed") || strings.Contains(s.out, "changed since") {
		t.Errorf("not everything was done:\n%s", s.out)
	}
	sheets := workbook(t, filepath.Join(out, "preview.xlsx"))
	for _, name := range []string{"Summary", "Changes", "Creates", "Held", "Skipped", "People"} {
		if len(sheets[name]) < 2 {
			t.Errorf("the sheet %s has %d lines", name, len(sheets[name]))
		}
	}
	f, err := os.Open(filepath.Join(out, "preview.csv"))
	must(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	must(t, err)
	if len(lines) < 10 || lines[0][0] != "\ufeff"+"Row" && lines[0][0] != "Row" {
		t.Errorf("%d lines, first %q", len(lines), lines[0])
	}
	if _, err := os.Stat(filepath.Join(folder, "rollcall.db")); err == nil {
		t.Error("the demo kept something in the user's store")
	}
}

// pythons are where the reader may be; the first is the one that Debian's packages serve.
var pythons = []string{"/usr/bin/python3", "python3"}

func TestAnotherReaderOpensTheWorkbook(t *testing.T) {
	const script = `import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
for sheet in book: print(sheet.title, sheet.max_row, sheet.freeze_panes or "-", len(sheet.data_validations.dataValidation))`
	python := slices.IndexFunc(pythons, func(p string) bool { return exec.Command(p, "-c", "import openpyxl").Run() == nil })
	if python < 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3-openpyxl is missing")
		}
		t.Skip("python3-openpyxl is missing")
	}
	home(t)
	out := t.TempDir()
	expect(t, exitDone, "demo", "--people", "80", "--out", out)
	file := filepath.Join(out, "preview.xlsx")
	said, err := exec.Command(pythons[python], "-c", script, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for name, rows := range workbook(t, file) {
		if name != "Summary" && !strings.Contains(string(said), fmt.Sprintf("%s %d ", name, len(rows))) {
			t.Errorf("%s has %d rows here, and there:\n%s", name, len(rows), said)
		}
	}
	for _, name := range []string{"Changes", "Creates"} {
		if !regexp.MustCompile(name + ` \d+ [A-Z]2 [1-9]`).Match(said) {
			t.Errorf("%s has no frozen header or no drop-down:\n%s", name, said)
		}
	}
}

// workbook reads all sheets of a workbook.
func workbook(t *testing.T, path string) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	must(t, err)
	defer f.Close()
	sheets := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		must(t, err)
		sheets[name] = rows
	}
	return sheets
}

func TestDemoTellsTheSameCompanyEveryTime(t *testing.T) {
	home(t)
	counts := func() []string {
		var lines []string
		for line := range strings.Lines(expect(t, exitDone, "demo", "--people", "60", "--days", "3", "--out", t.TempDir()).out) {
			if !strings.HasPrefix(line, "Written") {
				lines = append(lines, line)
			}
		}
		return lines
	}
	if a, b := counts(), counts(); !slices.Equal(a, b) {
		t.Errorf("%v\n%v", a, b)
	}
}
