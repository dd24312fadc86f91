package file

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"rollcall/core"
)

// book writes a workbook of rows; dated cells are given as time.Time.
func book(t *testing.T, rows [][]any) string {
	t.Helper()
	f := excelize.NewFile()
	if _, err := f.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	formats := map[string]int{}
	for _, code := range []string{"dd.mm.yyyy", "m/d/yy h:mm", `[$-407]d. mmmm yyyy;@`, "#,##0.00", `"day" 0`, "hh:mm", "000000"} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		formats[code] = id
	}
	for y, row := range rows {
		for x, v := range row {
			cell, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				t.Fatal(err)
			}
			style := 0
			if s, ok := v.(styled); ok {
				v, style = s.value, formats[s.code]
			}
			if err := errors.Join(f.SetCellValue("Sheet1", cell, v), setStyle(f, cell, style)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SetSheetRow("Other", "A1", &[]any{"id", "name"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "people.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

type styled struct {
	value any
	code  string
}

func setStyle(f *excelize.File, cell string, style int) error {
	if style == 0 {
		return nil
	}
	return f.SetCellStyle("Sheet1", cell, cell, style)
}

func TestWorkbookCellsAreReadAsAPersonMeansThem(t *testing.T) {
	day := time.Date(2020, 4, 3, 0, 0, 0, 0, time.UTC)
	path := book(t, [][]any{
		{"Staff list"},
		{},
		{"Employee ID", "Hire date", "Birth date", "End date", "Salary", "Mobile", "Share", "Code", "On site", "Shift", "Big"},
		{"007", styled{day, "dd.mm.yyyy"}, styled{day, "m/d/yy h:mm"}, styled{day, `[$-407]d. mmmm yyyy;@`}, styled{1234.5, "#,##0.00"}, 491701234567, 37.8, "1E5", true, styled{0.5, "hh:mm"}, 123456789012345678.0},
		{},
		{"008", day, nil, nil, styled{7, `"day" 0`}, "+49 171"},
	})
	all, err := people(source(t, path, nil))
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d people, %v", len(all), err)
	}
	for field, want := range map[string]string{
		"externalId": "007", "startDate": "2020-04-03", "birthDate": "2020-04-03", "endDate": "2020-04-03", "Salary": "1234.5", "Mobile": "491701234567",
		"Share": "37.8", "Code": "1E5", "Shift": "12:00", "Big": "123456789012346000", "employmentStatus": core.StatusTerminated,
	} {
		if got := all[0].Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if p := all[1]; p.ID() != "008" || p.Value("startDate") != "2020-04-03" || p.Value("Salary") != "7" || p.Value("Mobile") != "+49 171" {
		t.Errorf("got %v", p.Map())
	}
}

func TestZerosThatAPersonSeesAreKept(t *testing.T) {
	all, err := people(source(t, book(t, [][]any{{"Employee ID", "Salary"}, {styled{12, "000000"}, styled{12, "#,##0.00"}}}), nil))
	if err != nil || len(all) != 1 || all[0].ID() != "000012" || all[0].Value("Salary") != "12" {
		t.Fatalf("got %v, %v", all, err)
	}
}

func TestSheetBehindACoverIsFound(t *testing.T) {
	path := book(t, [][]any{{"Export of employees"}, {time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), "7"}})
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.SetSheetRow("Other", "A2", &[]any{"7", "Ada"}), f.Save(), f.Close()); err != nil {
		t.Fatal(err)
	}
	all, err := people(source(t, path, nil))
	if err != nil || len(all) != 1 || all[0].ID() != "7" {
		t.Fatalf("got %v, %v", all, err)
	}
	if _, err := people(source(t, path, map[string]string{"sheet": "Sheet1"})); !core.HasCode(err, core.BadData) {
		t.Errorf("the sheet that a person chose is the one that is read: %v", err)
	}
}

func TestSheetIsChosenByName(t *testing.T) {
	path := book(t, [][]any{{"id"}, {"1"}})
	s := source(t, path, map[string]string{"sheet": "other"})
	if headers, _, _, err := s.Sample(context.Background(), 1); err != nil || len(headers) != 2 {
		t.Fatalf("got %q, %v", headers, err)
	}
	_, err := source(t, path, map[string]string{"sheet": "Third"}).Check(context.Background())
	if !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), "Sheet1, Other") {
		t.Fatalf("got %v", err)
	}
}

func TestSurplusCellsOfAWorkbookAreNamed(t *testing.T) {
	_, err := people(source(t, book(t, [][]any{{"id", "name"}, {"1", "a"}, {"2", "b", "c"}}), map[string]string{"header": "1"}))
	if !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), "Row 3") {
		t.Fatalf("got %v", err)
	}
}

// bomb is a workbook whose sheet states that it unpacks to five gigabytes.
func bomb(t *testing.T, stated uint64) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: stated, CompressedSize64: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("abcd")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "p.xlsx", b.String())
}

func TestBadWorkbooksAreExplained(t *testing.T) {
	ole := string(oleHeader) + strings.Repeat("\x00", 600)
	whole, err := os.ReadFile(book(t, [][]any{{"id", "name"}, {"1", "a"}}))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, says string }{
		"password":              {write(t, "p.xlsx", ole+string(utf16Bytes("EncryptedPackage"))), "protected with a password"},
		"old format":            {write(t, "p.xlsx", ole+string(utf16Bytes("Workbook"))), "old Excel format"},
		"text":                  {write(t, "p.xlsx", "id,name\n1,a\n"), "cannot be read as an Excel workbook"},
		"torn":                  {write(t, "p.xlsx", string(whole[:len(whole)/2])), "cannot be read as an Excel workbook"},
		"packed, no workbook":   {bomb(t, 4), "cannot be read as an Excel workbook"},
		"unpacks to 5 GB":       {bomb(t, 5<<30), "unpacks to far more"},
		"unpacks to 1000 times": {bomb(t, 1<<30), "unpacks to far more"},
		"empty sheet":           {book(t, nil), "is empty"},
		"empty file":            {write(t, "p.xlsx", ""), "is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := people(source(t, c.path, nil))
			p := core.AsProblem(err)
			if p == nil || p.Code != core.BadData || !strings.Contains(p.What, c.says) || p.Fix == "" {
				t.Fatalf("got %+v", p)
			}
		})
	}
}

func TestFormatsAreToldApart(t *testing.T) {
	for code, want := range map[string]formatKind{
		"General": otherFormat, "0.00": otherFormat, "@": otherFormat, `"day" 0`: otherFormat, "[Red]0": otherFormat, "yyyy-mm-dd": dateFormat,
		"d/m/yy": dateFormat, "[h]:mm": timeFormat, "hh:mm:ss": timeFormat, `0\d`: otherFormat, "[$-409]mmm-yy": dateFormat, "0;yyyy": otherFormat,
	} {
		if got := formatOfCode(code); got != want {
			t.Errorf("%s is %v, want %v", code, got, want)
		}
	}
}

func FuzzWorkbookNeverPanics(f *testing.F) {
	const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row r="2"><c r="A2" s="1"><v>43924</v></c></row></sheetData></worksheet>`
	f.Add([]byte(sheet))
	f.Add([]byte(strings.Replace(sheet, `r="A2" s="1"`, `r="XFD2" t="s" s="-1"`, 1)))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range map[string]string{
			"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
			"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>`,
			"xl/worksheets/sheet1.xml":   string(sheet),
		} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "p.xlsx")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = people(source(t, path, nil))
	})
}
