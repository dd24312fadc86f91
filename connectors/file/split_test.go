package file

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// theirs reads a text with encoding/csv, nil where that refuses it.
func theirs(text []byte, delim byte) [][]string {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = rune(delim), -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil
	}
	return rows
}

// ours reads a text in blocks as small as given, with our own boundaries and splitter.
func ours(text []byte, delim byte, width int) ([][]string, error) {
	var rows [][]string
	blocks := newBlocks("t.csv", bytes.NewReader(text), script{encoding: utf8Text}, delim)
	s := wideSplitter(delim, width)
	for {
		b, err := blocks.next(nil)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		for pos := 0; pos < len(b.data); {
			n, f := s.next(b.data[pos:])
			if f != nil {
				return nil, f
			}
			if n == 0 {
				return nil, errors.New("a block ends inside a record")
			}
			if record := b.data[pos : pos+n]; len(trimCR(record[:n-1])) > 0 {
				rows = append(rows, cellTexts(s.cells[:s.count]))
			}
			pos += n
		}
	}
}

func sameRows(a, b [][]string) bool {
	return slices.EqualFunc(a, b, func(x, y []string) bool { return slices.Equal(x, y) })
}

func TestSplitterGivesWhatEncodingCSVGives(t *testing.T) {
	cell := rapid.OneOf(rapid.StringMatching(`[a-zé ,;"\n\r]{0,12}`), rapid.StringMatching(`[0-9a-z]{0,30}`), rapid.Just(""))
	rapid.Check(t, func(t *rapid.T) {
		delim := rapid.SampledFrom([]byte{',', ';', '\t', '|'}).Draw(t, "delim")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 12), 1, 12).Draw(t, "rows")
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.Comma, w.UseCRLF = rune(delim), rapid.Bool().Draw(t, "crlf")
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		want := theirs(text.Bytes(), delim)
		got, err := ours(text.Bytes(), delim, 12)
		if err != nil || !sameRows(got, want) {
			t.Fatalf("%q: got %q, %v; want %q", text.String(), got, err, want)
		}
	})
}

func TestSplitterCutsOnlyTheWantedColumns(t *testing.T) {
	text := []byte("a,b,c,d,eeeeeeeeeeeeeeeee,f\n\"q\"\"1\",b2,\"c\r\n2\",d2,e2,f2\nshort,b3\n")
	s := newSplitter(',', []int{0, 2, 4}, 6)
	want := [][]string{{"a", "c", "eeeeeeeeeeeeeeeee"}, {`q"1`, "c\n2", "e2"}, {"short", "", ""}}
	for _, row := range want {
		n, f := s.next(text)
		if f != nil || !slices.Equal(cellTexts(s.cells), row) {
			t.Fatalf("got %q, %v; want %q", s.cells, f, row)
		}
		text = text[n:]
	}
}

func TestSplitterNamesRowsThatDoNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		what string
	}{
		"more cells than names":             {"a,b,c\n", tooManyCell.what},
		"more cells, quoted":                {"\"a\",b,c\n", tooManyCell.what},
		"text after a closing mark":         {"a,\"b\"c\n", afterQuote.what},
		"blank cells beyond the names":      {"a,b,,\" \",\n", ""},
		"a quotation mark inside":           {"5\" pipe,b\n", ""},
		"a quotation mark in a later cell":  {"a,5\" pipe\n", ""},
		"blank cells beyond, quoted before": {"\"a\",b,,\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSplitter(',', []int{0}, 2)
			n, f := s.next([]byte(c.text))
			if c.what == "" && (f != nil || n != len(c.text) || s.count != 2) {
				t.Fatalf("got %d cells, %v", s.count, f)
			}
			if c.what != "" && (f == nil || f.what != c.what) {
				t.Fatalf("got %v", f)
			}
		})
	}
}

func TestBlocksEndWithWholeRecords(t *testing.T) {
	row := "1,\"two\nlines, and a \"\"mark\"\"\",3\n"
	text := strings.Repeat(row, 3*blockSize/len(row))
	got, err := ours([]byte(text), ',', 3)
	if err != nil || len(got) != 3*blockSize/len(row) {
		t.Fatalf("got %d rows, %v", len(got), err)
	}
	for _, r := range got {
		if r[1] != "two\nlines, and a \"mark\"" || r[2] != "3" {
			t.Fatalf("got %q", r)
		}
	}
}

func FuzzSplitterAgreesWithEncodingCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\r\n\r\nx", "a,\"b\"c\n", "\"torn\n", "\xff\x00,\"\"\n", "a\r\r\n,\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want := theirs(text, ',')
		if want == nil || bytes.IndexByte(text, 0) >= 0 {
			_, _ = ours(text, ',', 64) // must not panic or hang
			return
		}
		width := 1
		for _, r := range want {
			width = max(width, len(r))
		}
		if letters, ok := checkUTF8(text); letters || !ok {
			return
		}
		if got, err := ours(text, ',', width); err != nil || !sameRows(got, want) {
			t.Fatalf("%q: got %q, %v; want %q", text, got, err, want)
		}
	})
}

func FuzzDatesNeverPanicAndAreValid(f *testing.F) {
	for _, seed := range []string{"2024-02-30", "1.2.24", "31/12/1999 10:00", "Mar 1, 2024", "20240229", "0000-00-00", "12-Okt-05"} {
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, style uint8) {
		n := normaliser{column: &column{dates: dateStyle(style % 4)}}
		got, _ := n.date(bytes.Clone(text))
		if len(got) > 0 && !bytes.Equal(got, text) && !isISO(got) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
