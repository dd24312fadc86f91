package core

import (
	"encoding/binary"
	"unsafe"
)

// Schema is the list of fields that all records of one snapshot share.
type Schema struct {
	fields []Field
	index  map[string]int
}

// NewSchema makes a schema of these fields; of two with one id the first is found.
func NewSchema(fields []Field) *Schema {
	s := &Schema{fields: fields, index: make(map[string]int, len(fields))}
	for i, f := range fields {
		if _, taken := s.index[f.ID]; !taken {
			s.index[f.ID] = i
		}
	}
	return s
}

// Fields gives the fields in order; the slice is not to be changed.
func (s *Schema) Fields() []Field { return s.fields }

// Index gives a field's place, or -1.
func (s *Schema) Index(id string) int {
	if s == nil {
		return -1
	}
	if i, ok := s.index[id]; ok {
		return i
	}
	return -1
}

// Record is one packed value: the schema that the snapshot shares, and one text that
// holds where each value ends and then all values. A record costs two words and its bytes,
// and reading a value copies nothing.
//
// Layout of data: one byte of flags (width of an offset, whether a bit map of absent
// values follows), the bit map, one end offset a field, the values.
type Record struct {
	schema *Schema
	data   string
}

const (
	wide16    = 1
	wide32    = 2
	widthMask = 3
	absences  = 4
)

// Schema gives the schema that the record was packed with; nil for the zero record.
func (r Record) Schema() *Schema { return r.schema }

// IsZero says that there is no record.
func (r Record) IsZero() bool { return r.schema == nil }

// Size gives the packed bytes.
func (r Record) Size() int { return len(r.data) }

// At gives the value of the i-th field: "" where it is empty or absent.
func (r Record) At(i int) string {
	if i < 0 || r.schema == nil {
		return ""
	}
	n := len(r.schema.fields)
	offsets := 1
	if r.data[0]&absences != 0 {
		offsets += (n + 7) / 8
	}
	width := 1 << (r.data[0] & widthMask)
	base := offsets + n*width
	start := 0
	if i > 0 {
		start = r.offset(offsets+(i-1)*width, width)
	}
	return r.data[base+start : base+r.offset(offsets+i*width, width)]
}

func (r Record) offset(at, width int) int {
	switch width {
	case 1:
		return int(r.data[at])
	case 2:
		return int(r.data[at]) | int(r.data[at+1])<<8
	default:
		return int(r.data[at]) | int(r.data[at+1])<<8 | int(r.data[at+2])<<16 | int(r.data[at+3])<<24
	}
}

// Has says that the source stated the i-th field, be it empty. A field that was not
// stated never clears anything.
func (r Record) Has(i int) bool {
	if i < 0 || r.schema == nil {
		return false
	}
	return r.data[0]&absences == 0 || r.data[1+i/8]&(1<<(i%8)) == 0
}

// Get gives a field's value by its id; ok is false where the source did not state it.
func (r Record) Get(id string) (value string, ok bool) {
	i := r.schema.Index(id)
	return r.At(i), r.Has(i)
}

// Value gives a field's value by its id, or "".
func (r Record) Value(id string) string { return r.At(r.schema.Index(id)) }

// Map gives the values that are not empty.
func (r Record) Map() map[string]string {
	m := map[string]string{}
	if r.schema == nil {
		return m
	}
	for i, f := range r.schema.fields {
		if v := r.At(i); v != "" {
			m[f.ID] = v
		}
	}
	return m
}

// Data gives the packed bytes, for storing; Restore is its way back.
func (r Record) Data() string { return r.data }

// Restore makes a record of what Data gave. The schema must be the one it was packed
// with; data that does not fit it gives a BadData problem.
func Restore(s *Schema, data string) (Record, error) {
	damaged := &Problem{Code: Damaged, What: "A stored record does not fit its list of fields.", Fix: "Read the people again."}
	if len(data) == 0 || data[0]&widthMask > wide32 {
		return Record{}, damaged
	}
	r := Record{schema: s, data: data}
	n, offsets := len(s.fields), 1
	if data[0]&absences != 0 {
		offsets += (n + 7) / 8
	}
	width := 1 << (data[0] & widthMask)
	base := offsets + n*width
	if len(data) < base {
		return Record{}, damaged
	}
	last := 0
	for i := range n {
		end := r.offset(offsets+i*width, width)
		if end < last || base+end > len(data) {
			return Record{}, damaged
		}
		last = end
	}
	return r, nil
}

// Packer makes records of one schema. It is not safe for several goroutines. Records
// packed one after another share pieces of memory of up to 64 KB, so that a million of
// them are a few thousand allocations; whoever keeps one of many should pack it anew.
type Packer struct {
	schema *Schema
	values []string
	absent []bool
	piece  []byte // records are never changed once they stand in it
}

const largestPiece = 64 << 10

// NewPacker makes a packer whose next record has no values.
func NewPacker(s *Schema) *Packer {
	p := &Packer{schema: s, values: make([]string, len(s.fields)), absent: make([]bool, len(s.fields))}
	p.reset()
	return p
}

// Schema gives the schema that records are packed with.
func (p *Packer) Schema() *Schema { return p.schema }

// Set states the i-th value of the next record; an index below zero is passed over.
func (p *Packer) Set(i int, value string) {
	if i >= 0 {
		p.values[i], p.absent[i] = value, false
	}
}

// Put states a value by its field's id; an id outside the schema is passed over.
func (p *Packer) Put(id, value string) { p.Set(p.schema.Index(id), value) }

// Take states what another record has, by the ids of its fields.
func (p *Packer) Take(r Record) {
	for i, f := range r.schema.fields {
		if r.Has(i) {
			p.Put(f.ID, r.At(i))
		}
	}
}

// Value gives what the next record holds so far for the i-th field.
func (p *Packer) Value(i int) string { return p.values[i] }

// Pack gives the record and begins the next one. The values are copied.
func (p *Packer) Pack() Record {
	total, flags := 0, byte(0)
	for i, v := range p.values {
		total += len(v)
		if p.absent[i] {
			flags |= absences
		}
	}
	switch {
	case total > 1<<16-1:
		flags |= wide32
	case total > 1<<8-1:
		flags |= wide16
	}
	start := p.room(1 + len(p.values)/8 + 1 + 4*len(p.values) + total)
	b := append(p.piece, flags) //nolint:gocritic // back into p.piece below
	if flags&absences != 0 {
		at := len(b)
		b = append(b, make([]byte, (len(p.values)+7)/8)...)
		for i, no := range p.absent {
			if no {
				b[at+i/8] |= 1 << (i % 8)
			}
		}
	}
	end := 0
	for _, v := range p.values {
		end += len(v)
		switch flags & widthMask {
		case wide32:
			b = binary.LittleEndian.AppendUint32(b, uint32(end))
		case wide16:
			b = binary.LittleEndian.AppendUint16(b, uint16(end))
		default:
			b = append(b, byte(end))
		}
	}
	for _, v := range p.values {
		b = append(b, v...)
	}
	p.piece = b
	p.reset()
	return Record{schema: p.schema, data: unsafe.String(&b[start], len(b)-start)}
}

// room makes sure that the next record of at most n bytes fits, and gives where it begins.
func (p *Packer) room(n int) int {
	if cap(p.piece)-len(p.piece) < n {
		p.piece = make([]byte, 0, max(n, min(2*cap(p.piece), largestPiece)))
	}
	return len(p.piece)
}

func (p *Packer) reset() {
	clear(p.values)
	for i := range p.absent {
		p.absent[i] = true
	}
}

// SetBytes is Set for a value in a buffer that the caller keeps unchanged until Pack.
func (p *Packer) SetBytes(i int, value []byte) {
	p.Set(i, unsafe.String(unsafe.SliceData(value), len(value)))
}

// Alias lets a value be found under a second id, so that a label that equals an
// attribute costs no room. It is to be called before the schema is shared.
func (s *Schema) Alias(id, of string) {
	if i, ok := s.index[of]; ok {
		s.index[id] = i
	}
}

// Aliases gives the second ids and what they stand for.
func (s *Schema) Aliases() map[string]string {
	m := map[string]string{}
	for id, i := range s.index {
		if s.fields[i].ID != id {
			m[id] = s.fields[i].ID
		}
	}
	return m
}
