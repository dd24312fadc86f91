package localstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

var peopleSchema = core.NewSchema([]core.Field{
	{ID: "externalId", Label: "ID"}, {ID: "displayName", Label: "Name"}, {ID: "email", Kind: core.Email},
	{ID: "jobTitle"}, {ID: "department"}, {ID: "custom.badge", Label: "Badge", Custom: true}})

// people yields n made-up people of about 150 bytes.
func people(n int) iter.Seq2[core.Record, error] {
	return func(yield func(core.Record, error) bool) {
		p := core.NewPacker(peopleSchema)
		for i := range n {
			p.Set(0, fmt.Sprint(100_000+i))
			name := strconv.FormatUint(uint64(i)*0x9e3779b97f4a7c15, 36) // does not repeat
			p.Set(1, "Ada "+name+" of the House")
			p.Set(2, "ada."+name+"@corp.example")
			p.Set(3, "Senior specialist for everything")
			if i%3 > 0 {
				p.Set(4, fmt.Sprint("Department ", i%40))
			}
			p.Set(5, strings.Repeat("x", i%20))
			if !yield(p.Pack(), nil) {
				return
			}
		}
	}
}

func records(t testing.TB, s *Store, id string) []core.Record {
	t.Helper()
	_, seq, err := s.OpenSnapshot(t.Context(), id)
	ok(t, err)
	var all []core.Record
	for r, err := range seq {
		ok(t, err)
		all = append(all, r)
	}
	return all
}

func TestSnapshotComesBackInOrder(t *testing.T) {
	for _, n := range []int{0, 1, 30_000} { // none, part of a chunk, several chunks
		t.Run(fmt.Sprint(n, " people"), func(t *testing.T) {
			both(t, func(t *testing.T, s *Store, c *clock) {
				hr := addConnection(t, s, "HR")
				kept := must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{Connection: hr.ID, Accounts: true}, people(n)))
				if kept.Count != n || !kept.Taken.Equal(c.now()) || kept.Size == 0 {
					t.Fatalf("%+v", kept)
				}
				same(t, must[[]Snapshot](t)(s.Snapshots(t.Context())), []Snapshot{kept})
				got, i := records(t, s, kept.ID), 0
				for want := range people(n) {
					if got[i].Data() != want.Data() {
						t.Fatalf("record %d differs", i)
					}
					i++
				}
				if len(got) != n || n > 0 && len(got[0].Schema().Fields()) != len(peopleSchema.Fields()) {
					t.Fatalf("%d records", len(got))
				}
				if n > 0 {
					same(t, got[0].Schema().Fields(), peopleSchema.Fields())
				}
				ok(t, s.DeleteSnapshot(t.Context(), kept.ID))
				_, _, err := s.OpenSnapshot(t.Context(), kept.ID)
				wantProblem(t, err, core.NotFound, "snapshot")
			})
		})
	}
}

func TestReadingThatEndsWithAnErrorIsNotKept(t *testing.T) {
	broken := &core.Problem{Code: core.RateLimited, What: "Too many calls.", Fix: "Wait."}
	both(t, func(t *testing.T, s *Store, _ *clock) {
		_, err := s.SaveSnapshot(t.Context(), Snapshot{}, func(yield func(core.Record, error) bool) {
			for r := range people(20_000) {
				if !yield(r, nil) {
					return
				}
			}
			yield(core.Record{}, broken)
		})
		if !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		empty(t, s, "stream", "chunk", "snapshot")
	})
}

func empty(t testing.TB, s *Store, tables ...string) {
	t.Helper()
	for _, table := range tables {
		var n int
		ok(t, s.readers.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

func TestCancelledSavingIsNotKept(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.SaveSnapshot(ctx, Snapshot{}, func(yield func(core.Record, error) bool) {
			for r := range people(40_000) {
				if r.Value("externalId") == "120000" {
					cancel()
				}
				if !yield(r, nil) {
					return
				}
			}
		})
		wantProblem(t, err, core.Cancelled, "stopped")
		empty(t, s, "stream", "chunk", "snapshot")
	})
}

func TestReadingASnapshotCanBeLeftOff(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		kept := must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, people(60_000)))
		_, seq, err := s.OpenSnapshot(t.Context(), kept.ID)
		ok(t, err)
		for range seq {
			break
		}
		if !endsSoon("(*Store).readStream") {
			t.Error("the goroutine that reads ahead goes on")
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, seq, err = s.OpenSnapshot(ctx, kept.ID)
		ok(t, err)
		var last error
		for _, err := range seq {
			cancel()
			last = err
		}
		wantProblem(t, last, core.Cancelled, "stopped")
	})
}

// endsSoon says that no goroutine is in that function, giving one that is about to end
// the time for it.
func endsSoon(function string) bool {
	stacks := make([]byte, 1<<20)
	for range 1000 {
		if !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), function) {
			return true
		}
		runtime.Gosched()
	}
	return false
}

func TestChunksCannotBeLostMovedOrChanged(t *testing.T) {
	for name, harm := range map[string]string{
		"changed":     "UPDATE chunk SET sealed = CAST(substr(sealed, 1, 99) || x'00000000000000000000' || substr(sealed, 110) AS BLOB) WHERE n = 1",
		"swapped":     "UPDATE chunk SET n = 9 WHERE n = 1; UPDATE chunk SET n = 1 WHERE n = 2; UPDATE chunk SET n = 2 WHERE n = 9",
		"end cut off": "DELETE FROM chunk WHERE n = (SELECT max(n) FROM chunk)",
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := options(t)
			s := open(t, o)
			kept := must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, people(40_000)))
			if _, err := s.writer.Exec(harm); err != nil {
				t.Fatal(err)
			}
			_, seq, err := s.OpenSnapshot(t.Context(), kept.ID)
			ok(t, err)
			var last error
			for _, err := range seq {
				last = err
			}
			wantProblem(t, last, core.Damaged, s.Path())
		})
	}
}

func TestRecordsOfTwoSchemasAreRefused(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		_, err := s.SaveSnapshot(t.Context(), Snapshot{}, func(yield func(core.Record, error) bool) {
			for range 2 {
				p := core.NewPacker(core.NewSchema([]core.Field{{ID: "a"}}))
				if !yield(p.Pack(), nil) {
					return
				}
			}
		})
		if !core.HasCode(err, core.Internal) {
			t.Fatalf("got %v", err)
		}
		empty(t, s, "stream", "chunk", "snapshot")
	})
}

func TestSnapshotNeedsLittleMemoryHoweverLongItIs(t *testing.T) {
	const limit = 24 << 20 // of 300,000 people, 48 MB packed
	o, _ := options(t)
	s := open(t, o)
	watch := func(records iter.Seq2[core.Record, error]) iter.Seq2[core.Record, error] {
		before, i := heap(), 0
		return func(yield func(core.Record, error) bool) {
			for r, err := range records {
				if i++; i%100_000 == 0 && heap() > before+limit {
					t.Errorf("%d MB more after %d people", (heap()-before)>>20, i)
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
	kept := must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, watch(people(300_000))))
	_, seq, err := s.OpenSnapshot(t.Context(), kept.ID)
	ok(t, err)
	for _, err := range watch(seq) {
		ok(t, err)
	}
}

// heap gives the bytes in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func FuzzChunkOfRecordsNeverPanics(f *testing.F) {
	for r := range people(1) {
		f.Add(appendText(nil, r.Data()))
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 7})
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = yieldChunk(peopleSchema, b, func(r core.Record, _ error) bool {
			_ = r.Map()
			return true
		})
	})
}

func savePlan(t testing.TB, s *Store, p Plan, text string) {
	t.Helper()
	ok(t, s.SavePlan(t.Context(), p, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}))
}

// BenchmarkSnapshotOfAMillion stores and reads a million people.
func BenchmarkSnapshotOfAMillion(b *testing.B) {
	o, _ := options(b)
	s := open(b, o)
	var packed []core.Record
	bytes := 0
	for r := range people(1_000_000) {
		packed = append(packed, r)
		bytes += r.Size()
	}
	for b.Loop() {
		start := time.Now()
		kept := must[Snapshot](b)(s.SaveSnapshot(b.Context(), Snapshot{}, func(yield func(core.Record, error) bool) {
			for _, r := range packed {
				if !yield(r, nil) {
					return
				}
			}
		}))
		stored := time.Now()
		n := len(records(b, s, kept.ID))
		read := time.Now()
		ok(b, s.DeleteSnapshot(b.Context(), kept.ID))
		if n != len(packed) {
			b.Fatal(n)
		}
		b.ReportMetric(stored.Sub(start).Seconds(), "s/save")
		b.ReportMetric(read.Sub(stored).Seconds(), "s/read")
		b.ReportMetric(time.Since(read).Seconds(), "s/delete")
		b.ReportMetric(float64(kept.Size)/1e6, "MB-stored")
		b.ReportMetric(float64(bytes)/1e6, "MB-packed")
	}
}
