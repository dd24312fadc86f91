package core

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRecordGivesBackWhatWasPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "fields")
		fields := make([]Field, n)
		for i := range fields {
			fields[i].ID = string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		}
		s := NewSchema(fields)
		p := NewPacker(s)
		values := make([]*string, n)
		for i := range values {
			if rapid.Bool().Draw(t, "stated") {
				v := strings.Repeat(rapid.String().Draw(t, "value"), rapid.SampledFrom([]int{0, 1, 1, 20, 4000}).Draw(t, "times"))
				values[i] = &v
				p.Set(i, v)
			}
		}
		r, err := Restore(s, p.Pack().Data())
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			switch {
			case v == nil && (r.Has(i) || r.At(i) != ""):
				t.Fatalf("field %d was not stated and is %q", i, r.At(i))
			case v != nil && (!r.Has(i) || r.At(i) != *v):
				t.Fatalf("field %d: got %q, want %q", i, r.At(i), *v)
			}
		}
	})
}

func FuzzRestoreNeverPanics(f *testing.F) {
	s := NewSchema(Canonical)
	p := NewPacker(s)
	p.Put("firstName", "Zoë")
	f.Add(p.Pack().Data())
	f.Add("\x00")
	f.Fuzz(func(_ *testing.T, data string) {
		r, err := Restore(s, data)
		if err == nil {
			_ = r.Map()
		}
	})
}

func TestPackerBeginsAnewAfterEachRecord(t *testing.T) {
	p := NewPacker(NewSchema([]Field{{ID: "a"}, {ID: "b"}}))
	p.Put("a", "1")
	p.Put("nowhere", "passed over")
	first := p.Pack()
	p.Put("b", "2")
	second := p.Pack()
	if first.Value("a") != "1" || second.Value("a") != "" || second.Has(0) {
		t.Fatalf("first %v, second %v", first.Map(), second.Map())
	}
}

func TestZeroRecordHasNothing(t *testing.T) {
	var r Record
	if r.Value("a") != "" || r.Has(0) || len(r.Map()) != 0 || !r.IsZero() {
		t.Fatal("the zero record should be empty")
	}
}
