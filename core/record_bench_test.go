package core

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// benchRecords is how many records each shape holds; the figures of docs/architecture.md
// are of this number.
const benchRecords = 1_000_000

// benchLine gives the 14 values of a person as a file holds them, some 140 bytes in all.
func benchLine(i int) []byte {
	return fmt.Appendf(nil, "%08d|Katarzyna|van den Berg|Katarzyna van den Berg|u%08d@nl.example|+4930%07d|+4670%07d|Senior Engineer|Customer Care|4%03d|Northlake, Berlin|%08d|2019-04-01|active",
		i, i, i, i, i%200, i/8)
}

// benchLines are the lines of a file that was read before the clock runs.
var benchLines = sync.OnceValue(func() [][]byte {
	lines := make([][]byte, benchRecords)
	for i := range lines {
		lines[i] = benchLine(i)
	}
	return lines
})

func benchSchema() *Schema {
	var fields []Field
	for _, id := range strings.Fields("externalId firstName lastName displayName workEmail workPhone mobilePhone jobTitle department costCentre legalEntity managerId startDate status") {
		fields = append(fields, Field{ID: id})
	}
	return NewSchema(fields)
}

// cutLine gives the values of a line without copying them.
func cutLine(line string, values []string) []string {
	values = values[:0]
	for {
		v, rest, more := strings.Cut(line, "|")
		values = append(values, v)
		if !more {
			return values
		}
		line = rest
	}
}

// BenchmarkRecordShapes measures what a million people cost as a map, as a slice of
// strings as encoding/csv gives it, and packed: the reason why Record is what it is. A
// shape is built from lines that are gone afterwards, so all keep copies.
func BenchmarkRecordShapes(b *testing.B) {
	schema := benchSchema()
	b.Run("map", func(b *testing.B) {
		benchShape(b, func() func(line []byte) map[string]string {
			var cut []string
			return func(line []byte) map[string]string {
				cut = cutLine(string(line), cut)
				m := make(map[string]string, len(cut))
				for i, v := range cut {
					m[schema.fields[i].ID] = v
				}
				return m
			}
		}, func(m map[string]string, i int) string { return m[schema.fields[i].ID] })
	})
	b.Run("strings", func(b *testing.B) {
		benchShape(b, func() func(line []byte) []string {
			return func(line []byte) []string { return cutLine(string(line), make([]string, 0, len(schema.fields))) }
		}, func(s []string, i int) string { return s[i] })
	})
	b.Run("packed", func(b *testing.B) {
		benchShape(b, func() func(line []byte) Record {
			p := NewPacker(schema)
			return func(line []byte) Record {
				at, field := 0, 0
				for i, c := range line {
					if c == '|' {
						p.SetBytes(field, line[at:i])
						at, field = i+1, field+1
					}
				}
				p.SetBytes(field, line[at:])
				return p.Pack()
			}
		}, Record.At)
	})
}

// benchShape builds all records with what build gives, then reads every value of each.
func benchShape[R any](b *testing.B, build func() func([]byte) R, at func(R, int) string) {
	lines := benchLines()
	var bytes, objects uint64
	var reading, building int64
	for b.Loop() {
		before := heap()
		one := build()
		records := make([]R, benchRecords)
		building -= nanotime(b)
		for i, line := range lines {
			records[i] = one(line)
		}
		building += nanotime(b)
		after := heap()
		bytes += after.HeapAlloc - before.HeapAlloc
		objects += after.HeapObjects - before.HeapObjects
		reading -= nanotime(b)
		total := 0
		for _, r := range records {
			for i := range 14 {
				total += len(at(r, i))
			}
		}
		reading += nanotime(b)
		if total == 0 {
			b.Fatal("nothing was read")
		}
		runtime.KeepAlive(records)
	}
	each := float64(b.N) * benchRecords
	b.ReportMetric(float64(bytes)/each, "B/record")
	b.ReportMetric(float64(objects)/each, "objects/record")
	b.ReportMetric(float64(building)/each, "build-ns/record")
	b.ReportMetric(float64(reading)/each, "read-ns/record")
}

func nanotime(b *testing.B) int64 { return b.Elapsed().Nanoseconds() }

func heap() runtime.MemStats {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}
