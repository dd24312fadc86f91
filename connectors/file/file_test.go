package file

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"rollcall/core"
)

var today = time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func source(t *testing.T, path string, answers map[string]string) *Source {
	t.Helper()
	id := CSV
	if strings.HasSuffix(path, ".xlsx") {
		id = XLSX
	}
	a := core.Answers{"path": core.Secret(path)}
	for k, v := range answers {
		a[k] = core.Secret(v)
	}
	s, err := NewSource(id, a, core.Env{Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func people(s *Source, fields ...string) ([]core.Person, error) {
	var all []core.Person
	for p, err := range s.People(context.Background(), core.Want{Fields: fields, Leavers: -1}) {
		if err != nil {
			return all, err
		}
		all = append(all, p)
	}
	return all, nil
}

func mustRead(t *testing.T, text string, answers map[string]string) []core.Person {
	t.Helper()
	all, err := people(source(t, write(t, "people.csv", text), answers))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSpecsAreReadAndComplete(t *testing.T) {
	specs, err := Specs()
	if err != nil || len(specs) != 2 || specs[0].ID != CSV || specs[1].ID != XLSX {
		t.Fatalf("got %v, %v", specs, err)
	}
	for _, s := range specs {
		full, err := s.Complete(core.Answers{"path": "x"})
		if err != nil || full.Get("header") != "auto" || full.Get("dates") != "auto" {
			t.Errorf("%s: %v, %v", s.ID, full.Get("header"), err)
		}
	}
}

const plainText = "Employee ID,First name,Last name,Work email,Start date,Shoe size\n007,Zoë,Grünwald,zoe@corp.example,2020-01-31,38\n008,Jürgen,\"Weiß, jun.\",j@corp.example,2021-02-28,44\n"

// inEncodings is one text, written in every way that is understood.
func inEncodings(text string) map[string]string {
	wide := func(order binary.AppendByteOrder, mark string) string {
		b := []byte(mark)
		for _, u := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return map[string]string{
		"UTF-8":                         text,
		"UTF-8 with byte order mark":    "\ufeff" + text,
		"UTF-16 little endian":          wide(binary.LittleEndian, "\xff\xfe"),
		"UTF-16 big endian":             wide(binary.BigEndian, "\xfe\xff"),
		"UTF-16 little endian, no mark": wide(binary.LittleEndian, ""),
		"UTF-16 big endian, no mark":    wide(binary.BigEndian, ""),
		"Windows-1252":                  latin,
		"lines of old Macs":             strings.ReplaceAll(text, "\n", "\r"),
		"lines of Windows":              strings.ReplaceAll(text, "\n", "\r\n"),
		"semicolons":                    strings.NewReplacer(",", ";", "\"Weiß, jun.\"", "Weiß, jun.").Replace(text),
		"tabs":                          strings.NewReplacer("\"Weiß, jun.\"", "Weiß, jun.", ",", "\t").Replace(text),
		"vertical bars":                 strings.NewReplacer("\"Weiß, jun.\"", "Weiß, jun.", ",", "|").Replace(text),
		"title lines":                   "Staff list\nprinted 1.1.2025\n\n" + text,
		"blank lines":                   strings.ReplaceAll(text, "\n", "\n\n  \n,,,,,\n"),
		"delimiter named for Excel":     "sep=;\n" + strings.NewReplacer(",", ";", "\"Weiß, jun.\"", "Weiß, jun.").Replace(text),
		"no last line feed":             strings.TrimSuffix(text, "\n"),
	}
}

func TestTextIsReadHoweverItIsWritten(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(inEncodings(plainText))) {
		t.Run(name, func(t *testing.T) {
			all := mustRead(t, inEncodings(plainText)[name], nil)
			if len(all) != 2 {
				t.Fatalf("got %d people", len(all))
			}
			zoe, juergen := all[0], all[1]
			if zoe.ID() != "007" || zoe.Value("firstName") != "Zoë" || zoe.Value("Shoe size") != "38" || zoe.Value("startDate") != "2020-01-31" {
				t.Errorf("got %v", zoe.Map())
			}
			if got := juergen.Value("lastName"); got != "Weiß, jun." && got != "Weiß\t jun." && got != "Weiß| jun." && got != "Weiß; jun." {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestUmlautsLateInTheFileTurnItIntoWindows1252(t *testing.T) {
	var text strings.Builder
	text.WriteString("Employee ID,Name\n")
	for i := range 300_000 {
		text.WriteString(strings.Repeat("9", 6) + string(rune('a'+i%26)) + ",Anna\n")
	}
	text.WriteString("x1,J\xfcrgen\n")
	all := mustRead(t, text.String(), nil)
	if len(all) != 300_001 || all[300_000].Value("Name") != "Jürgen" {
		t.Fatalf("got %d people, the last %v", len(all), all[len(all)-1].Map())
	}
}

func TestDatesNumbersAndKindsAreFound(t *testing.T) {
	text := "Personalnummer;Vorname;Eintrittsdatum;Austrittsdatum;Gehalt;Handy;Privat;Firmenrad;PLZ\n" +
		"0001;Anna;03.04.2020;;1.234,50;+49 171 1234567;a@home.example;TRUE;01067\n" +
		"0002;Ben;25.12.2019;31.01.25;999,00;+49 171 7654321;b@home.example;FALSE;80331\n" +
		"0003;Eva;1. März 2021;00.00.0000;12;0171/33 44 55;;true;04109\n"
	s := source(t, write(t, "p.csv", text), nil)
	all, err := people(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{
		{"employeeNumber": "0001", "startDate": "2020-04-03", "endDate": "", "Gehalt": "1234.50", "Firmenrad": "true", "PLZ": "01067"},
		{"startDate": "2019-12-25", "endDate": "2025-01-31", "Gehalt": "999.00", "Firmenrad": "false"},
		{"startDate": "2021-03-01", "endDate": "", "Gehalt": "12"},
	} {
		for field, value := range want {
			if got := all[i].Value(field); got != value {
				t.Errorf("person %d: %s is %q, want %q", i, field, got, value)
			}
		}
	}
	fields, err := s.Fields(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]core.Kind{}
	for _, f := range fields {
		kinds[f.ID] = f.Kind
	}
	for id, want := range map[string]core.Kind{"Eintrittsdatum": core.Date, "Gehalt": core.Number, "Firmenrad": core.Bool, "Personalnummer": core.Text, "PLZ": core.Text, "startDate": core.Date, "externalId": core.Text} {
		if got, ok := kinds[id]; !ok || got != want {
			t.Errorf("%s is %v, want %v", id, got, want)
		}
	}
}

func TestDayAndMonthAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		text, answer, want, wrong string
	}{
		"own column proves month first": {"id,Hire date\n1,03/04/2020\n2,03/25/2020\n", "", "2020-03-04", ""},
		"other column proves it":        {"id,Hire date,Birth date\n1,03/04/2020,12/31/1980\n", "", "2020-03-04", ""},
		"points mean day first":         {"id,Hire date\n1,03.04.2020\n", "", "2020-04-03", ""},
		"a person chose":                {"id,Hire date\n1,03/04/2020\n", "mdy", "2020-03-04", ""},
		"both ways: day first":          {"id,Hire date\n1,03/04/2020\n", "", "2020-04-03", ""},
		"year first":                    {"id,Hire date\n1,2020/03/04\n", "", "2020-03-04", ""},
		"with a time":                   {"id,Hire date\n1,2020-03-04T00:00:00Z\n", "", "2020-03-04", ""},
		"month in letters":              {"id,Hire date\n1,04-Mar-20\n", "", "2020-03-04", ""},
		"digits alone":                  {"id,Hire date\n1,20200304\n", "", "2020-03-04", ""},
	} {
		t.Run(name, func(t *testing.T) {
			all := mustRead(t, c.text, map[string]string{"dates": c.answer})
			if got := all[0].Value("startDate"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDateThatDisprovesTheGuessStopsWithItsLine(t *testing.T) {
	text := "id,Hire date\n" + strings.Repeat("1,03/04/2020\n", sampleRows+10) + "2,12/31/2020\n"
	_, err := people(source(t, write(t, "p.csv", text), nil))
	if !core.HasCode(err, core.BadData) || !strings.Contains(err.Error(), "Line 5012") || !strings.Contains(err.Error(), "Hire date") {
		t.Fatalf("got %v", err)
	}
}

func TestStatusIsUnderstood(t *testing.T) {
	for word, want := range map[string]string{
		"Active": core.StatusActive, "aktiv": core.StatusActive, "Actif": core.StatusActive, "En activité": core.StatusActive, "In dienst": core.StatusActive,
		"Terminated": core.StatusTerminated, "ausgeschieden": core.StatusTerminated, "Sorti": core.StatusTerminated, "Uit dienst": core.StatusTerminated, "Inactivo": core.StatusTerminated,
		"On leave": core.StatusOnLeave, "Elternzeit": core.StatusOnLeave, "Congé parental": core.StatusOnLeave, "Föräldraledig": core.StatusOnLeave, "On Leave - paid": core.StatusOnLeave,
		"Pre-hire": core.StatusFuture, "Moonlighting": core.StatusUnknown, "1": core.StatusUnknown,
	} {
		if got := newStatusReader("Status").read([]byte(word)); got != want {
			t.Errorf("%s is %s, want %s", word, got, want)
		}
	}
	for _, c := range []struct{ header, cell, want string }{
		{"Active", "1", core.StatusActive}, {"Aktiv", "Nein", core.StatusTerminated}, {"Termd", "1", core.StatusTerminated}, {"Disabled", "false", core.StatusActive},
		{"Active?", "No", core.StatusTerminated}, {"Active (Y/N)", "Y", core.StatusActive},
	} {
		if got := newStatusReader(c.header).read([]byte(c.cell)); got != c.want {
			t.Errorf("%s %s is %s, want %s", c.header, c.cell, got, c.want)
		}
	}
}

func TestNoStatusWordStandsForTwoStates(t *testing.T) {
	seen := map[string]string{}
	for status, list := range statusLists {
		for word := range strings.SplitSeq(list, ";") {
			word = strings.TrimSpace(word)
			if word == "" || foldWords(word) != word {
				t.Errorf("%q is not folded", word)
			}
			if other, ok := seen[word]; ok {
				t.Errorf("%q is %s and %s", word, other, status)
			}
			seen[word] = status
		}
	}
}

// leaverText has people who left 9, 90 and 91 days before today, and others.
const leaverText = "Employee ID,Last name,Status,End date\n1,Stays,Active,\n2,Nine,Terminated,2025-06-06\n3,Ninety,ausgeschieden,2025-03-17\n4,Longer,Terminated,2025-03-16\n5,Undated,Terminated,\n" +
	"6,Came back,Active,2019-01-01\n7,Baja,Baja,2019-01-01\n8,Blank,,2019-01-01\n9,Slip,Terminated,some day\n"

func TestWhoLeftLongAgoIsLeftOut(t *testing.T) {
	var rows [][]any
	for line := range strings.Lines(leaverText) {
		var row []any
		for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	workbook := book(t, rows)
	for name, c := range map[string]struct {
		days int
		want string
	}{"all": {-1, "1 2 3 4 5 6 7 8 9"}, "today": {0, "1 5 6 9"}, "ninety days": {90, "1 2 3 5 6 9"}, "91 days": {91, "1 2 3 4 5 6 9"}} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{write(t, "people.csv", leaverText), workbook} {
				if got := idsOf(t, source(t, path, nil), core.Want{Fields: []string{"lastName"}, Leavers: c.days}); got != c.want {
					t.Errorf("%s: got %s, want %s", filepath.Ext(path), got, c.want)
				}
			}
		})
	}
}

func TestNobodyIsLeftOutWithoutAStatusAndAnEndDate(t *testing.T) {
	for _, text := range []string{"id,End date\n1,2019-01-01\n", "id,Status\n1,Terminated\n", "id,Status,Ende\n1,Terminated,2019-01-01\n"} {
		if got := idsOf(t, source(t, write(t, "people.csv", text), nil), core.Want{Leavers: 0}); got != "1" {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func idsOf(t *testing.T, s *Source, want core.Want) string {
	t.Helper()
	var ids []string
	for p, err := range s.People(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.ID())
	}
	return strings.Join(ids, " ")
}

func TestStatusComesFromDatesWhereNoWordStands(t *testing.T) {
	text := "id,Start date,End date\n1,2020-01-01,\n2,2020-01-01,2025-06-14\n3,2020-01-01,2025-06-15\n4,2025-06-16,\n5,2020-01-01,soon\n"
	all := mustRead(t, text, map[string]string{"dates": "ymd"})
	for i, want := range []string{core.StatusActive, core.StatusTerminated, core.StatusActive, core.StatusFuture, core.StatusUnknown} {
		if got := all[i].Value("employmentStatus"); got != want {
			t.Errorf("person %d is %s, want %s", i+1, got, want)
		}
	}
}

func TestWordNobodyKnowsLeavesItToTheEndDate(t *testing.T) {
	text := "id,Status,End date\n1,Baja,2025-01-31\n2,Baja,\n3,Baja,2025-12-31\n4,Active,2025-01-31\n"
	for i, want := range []string{core.StatusTerminated, core.StatusUnknown, core.StatusUnknown, core.StatusActive} {
		if got := mustRead(t, text, nil)[i].Value("employmentStatus"); got != want {
			t.Errorf("person %d is %s, want %s", i+1, got, want)
		}
	}
}

func TestCellsThatMeanNothingAreEmpty(t *testing.T) {
	for _, none := range []string{" ", "\u00a0", "-", "–", "NULL", "n/a", "00.00.0000", "31.12.9999", "9999-12-31", "99991231"} {
		text := "Employee ID;Name;Hire date;End date\n 0042 ; Ada ;01.02.2020;31.01.2025\n 0043 ; Bo ;01.02.2020;" + none + "\n"
		p := mustRead(t, text, nil)[1]
		if p.ID() != "0043" || p.Value("Name") != "Bo" || p.Value("endDate") != "" || p.Value("employmentStatus") != core.StatusActive {
			t.Errorf("%q: %v", none, p.Map())
		}
	}
}

func TestNumbersUnderAWordForPeopleAreTheirNumbers(t *testing.T) {
	p := mustRead(t, "Medewerker,Achternaam\n0042,Berg\n0043,Lund\n", nil)[0]
	if p.Value("employeeNumber") != "0042" || p.Value("displayName") != "" {
		t.Errorf("got %v", p.Map())
	}
	p = mustRead(t, "Medewerker,Personeelsnummer\nAda Berg,1\nBo Lund,2\n", nil)[0]
	if p.Value("employeeNumber") != "1" || p.Value("displayName") != "Ada Berg" {
		t.Errorf("got %v", p.Map())
	}
}

func TestFieldsAreFoundUnderEveryName(t *testing.T) {
	path := write(t, "p.csv", "Matricule,Nom de famille,Shoe size\n007,Weiß,44\n")
	all, err := people(source(t, path, nil), "lastName", "response.Shoe size", "no such column")
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{"externalId": "007", "employeeNumber": "007", "Matricule": "007", "response.Matricule": "007", "lastName": "Weiß", "Nom de famille": "Weiß", "Shoe size": "44", "response.Shoe size": "44", "no such column": ""} {
		if got := all[0].Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

func TestColumnWithAFieldsOwnNameIsThatField(t *testing.T) {
	all := mustRead(t, "Employee ID,employeeNumber,Status,employmentStatus\n1,2,Terminated,on_leave\n", nil)
	for field, want := range map[string]string{"employeeNumber": "2", "externalId": "2", "employmentStatus": core.StatusOnLeave, "Status": "Terminated"} {
		if got := all[0].Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

func TestIDColumnIsChosenOrFound(t *testing.T) {
	for name, c := range map[string]struct{ header, id, want, wrong string }{
		"chosen":              {"Badge,Employee ID,E-mail", "Badge", "a", ""},
		"chosen without case": {"Badge,Employee ID,E-mail", "badge", "a", ""},
		"own id":              {"Employee ID,External ID,x", "", "b", ""},
		"employee number":     {"x,Employee number,E-mail", "", "b", ""},
		"e-mail":              {"x,y,E-mail", "", "c", ""},
		"none":                {"x,y,z", "", "", "no column that looks like an ID"},
		"chosen, not there":   {"x,y,z", "w", "", "no column “w”"},
	} {
		t.Run(name, func(t *testing.T) {
			s := source(t, write(t, "p.csv", c.header+"\na,b,c\n"), map[string]string{"id": c.id})
			all, err := people(s)
			if _, checked := s.Check(context.Background()); (checked == nil) != (err == nil) {
				t.Errorf("check says %v, reading %v", checked, err)
			}
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil || all[0].ID() != c.want {
				t.Fatalf("got %v, %v", all, err)
			}
		})
	}
}

func TestHeadersAreMadeUnique(t *testing.T) {
	var names []string
	for _, c := range nameColumns([]string{" Name ", "Name", "", "Name (2)", "Cost\ncentre", "Name"}) {
		names = append(names, c.name)
	}
	if want := []string{"Name", "Name (3)", "Column 3", "Name (2)", "Cost centre", "Name (4)"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestTwoRowsWithOneIDAreBothRead(t *testing.T) {
	if all := mustRead(t, "id,name\n1,a\n1,b\n,c\n", nil); len(all) != 3 || all[2].ID() != "" {
		t.Fatalf("got %d people", len(all))
	}
}

func TestBadFilesAreExplained(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		path string
		code core.Code
		says string
	}{
		"empty":                 {write(t, "p.csv", ""), core.BadData, "is empty"},
		"blank":                 {write(t, "p.csv", "\n \n"), core.BadData, "is empty"},
		"a folder":              {dir, core.BadOption, "is a folder"},
		"not there":             {filepath.Join(dir, "none.csv"), core.NotFound, "is not there"},
		"torn quotation mark":   {write(t, "p.csv", "id,name\n1,a\n2,\"b\n3,c\n"), core.BadData, "Line 3 "},
		"torn in the first row": {write(t, "p.csv", "id,\"name\n1,a\n"), core.BadData, "Line 1 "},
		"torn, closed too late": {write(t, "p.csv", "id,name\n1,a\n2,\"b\n3,\"c\"\n"), core.BadData, "Line 3 "},
		"more cells than names": {write(t, "p.csv", "id,name\n1,a\n2,b,c\n"), core.BadData, "Line 3 "},
		"NUL characters":        {write(t, "p.csv", "id,name\n1,a\n2,\x00b,\n"), core.BadData, "Line 3 "},
		"a damaged letter":      {write(t, "p.csv", "id,name\n1,Zoë Müller\n2,J\xfcrgen\n"), core.BadData, "Line 3 "},
		"no column names":       {write(t, "p.csv", "1,a@corp.example\n2,b@corp.example\n"), core.BadData, "no row of column names"},
		"a workbook":            {write(t, "p.csv", "PK\x03\x04abc"), core.BadData, "Excel workbook"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := people(source(t, c.path, nil))
			p := core.AsProblem(err)
			if p == nil || p.Code != c.code || !strings.Contains(p.What, c.says) || p.Fix == "" {
				t.Fatalf("got %+v", p)
			}
		})
	}
}

func TestFileWithoutRightsIsExplained(t *testing.T) {
	if err := explainOpen("p.csv", os.ErrPermission); !core.HasCode(err, core.MissingScope) || !strings.Contains(err.Error(), "no right") {
		t.Fatalf("got %v", err)
	}
}

func TestFileChangedWhileReadingIsRefused(t *testing.T) {
	path := write(t, "p.csv", "id,name\n1,a\n2,b\n")
	var last error
	for _, err := range source(t, path, nil).People(context.Background(), core.Want{Leavers: -1}) {
		if err == nil {
			f, openErr := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if openErr != nil {
				t.Fatal(openErr)
			}
			_, writeErr := f.WriteString("3,c\n")
			if err := errors.Join(writeErr, f.Close()); err != nil {
				t.Fatal(err)
			}
		}
		last = err
	}
	if !core.HasCode(last, core.Stale) {
		t.Fatalf("got %v", last)
	}
}

func TestReadingStopsWhenItIsToldTo(t *testing.T) {
	path := write(t, "p.csv", "id,name\n"+strings.Repeat("1,somebody\n", 1_000_000))
	before := runtime.NumGoroutine()
	for range source(t, path, nil).People(context.Background(), core.Want{Leavers: -1}) {
		break
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	n, last := 0, error(nil)
	for _, err := range source(t, path, nil).People(ctx, core.Want{Leavers: -1}) {
		if n++; n == 10 {
			stop()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) || n > 999_999 {
		t.Errorf("after %d people: %v", n, last)
	}
	// Who has said that it is done is gone only a moment later.
	for try := 0; runtime.NumGoroutine() > before && try < 10_000; try++ {
		time.Sleep(time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines were left", after-before)
	}
}

func TestOrderOfRowsIsKept(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,name\n")
	for i := range 400_000 {
		text.WriteString(string(rune('a'+i%26)) + strings.Repeat("x", i%7) + ",n\n")
	}
	all := mustRead(t, text.String(), nil)
	if len(all) != 400_000 {
		t.Fatalf("got %d people", len(all))
	}
	for i, p := range all {
		if want := string(rune('a'+i%26)) + strings.Repeat("x", i%7); p.ID() != want {
			t.Fatalf("row %d is %q, want %q", i, p.ID(), want)
		}
	}
}

func TestSampleShowsRowsAndWhatWasFound(t *testing.T) {
	s := source(t, write(t, "p.csv", "List of staff\nid;Hire date\n1;03/04/2020\n2;05/06/2021\n"), nil)
	headers, rows, notes, err := s.Sample(context.Background(), 1)
	if err != nil || !slices.Equal(headers, []string{"id", "Hire date"}) || len(rows) != 1 || rows[0][1] != "03/04/2020" {
		t.Fatalf("got %q %q %v", headers, rows, err)
	}
	said := strings.Join(notes, " ")
	for _, want := range []string{"UTF-8", "semicolons", "line 2", "read both ways"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q should say %q", said, want)
		}
	}
}

func TestHeaderRowCanBeChosen(t *testing.T) {
	all := mustRead(t, "a,b\n\nid,name\n1,x\n", map[string]string{"header": "3"})
	if len(all) != 1 || all[0].ID() != "1" {
		t.Fatalf("got %v", all)
	}
}
