package review

import (
	"io"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

const benchRows = 100_000

// BenchmarkXLSX writes a review of as many changes as bare writes lines; the ratio of
// the two in one run is what design.md asks for.
func BenchmarkXLSX(b *testing.B) {
	p := many(benchRows)
	b.Run("review, Changes only", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f := excelize.NewFile()
			f.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return newZip(io.Discard) })
			k := &book{file: f, viewer: newViewer(p), limit: excelize.TotalRows}
			if err := k.styles(); err != nil {
				b.Fatal(err)
			}
			if err := k.changes(); err != nil {
				b.Fatal(err)
			}
			if _, err := f.WriteTo(io.Discard); err != nil {
				b.Fatal(err)
			}
			_ = f.Close()
		}
	})
	b.Run("review, whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := WriteXLSX(io.Discard, p, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare stream writer", func(b *testing.B) {
		b.ReportAllocs()
		v := newViewer(p)
		lines := make([][]any, benchRows)
		for i := range lines {
			lines[i] = boxed(append(v.change(nil, i, 0), v.check(i, 0)))
		}
		for b.Loop() {
			bare(b, lines)
		}
	})
}

func bare(b *testing.B, lines [][]any) {
	f := excelize.NewFile()
	defer f.Close()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i, line := range lines {
		if err := s.SetRow("A"+strconv.Itoa(i+1), line); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Write(io.Discard); err != nil {
		b.Fatal(err)
	}
}
