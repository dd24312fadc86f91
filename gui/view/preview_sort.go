package view

import (
	"bytes"
	"cmp"
	"slices"

	"rollcall/core"
)

// Column is a column that the rows can be ordered by; "" is the order of the plan.
type Column string

// The columns.
const (
	ByVerb   Column = "change"
	ByPerson Column = "person"
	ByWhat   Column = "what"
	ByWhy    Column = "why"
)

// SetSort orders the view.
func (r *Review) SetSort(c Column, descending bool) {
	r.sort, r.down = c, descending
	r.refilter()
}

// order gives all rows in the order of a column. It is made once a column and kept: filters only walk it.
func (r *Review) order(c Column) []int32 {
	if o := r.orders[c]; o != nil {
		return o
	}
	var o []int32
	switch c {
	case ByVerb:
		o = byByte(r.verbs)
	case ByPerson:
		o = sortTexts(len(r.verbs), r.index.text)
	case ByWhat:
		o = r.orderByTexts(r.appendWhat)
	default:
		o = r.orderByTexts(r.appendWhy)
	}
	r.orders[c] = o
	return o
}

func (r *Review) orderByTexts(of func([]byte, *core.Row) []byte) []int32 {
	at := make([]uint32, 1, len(r.verbs)+1)
	blob := make([]byte, 0, 24*len(r.verbs))
	for i := range r.Plan.Rows {
		blob = of(blob, &r.Plan.Rows[i])
		at = append(at, uint32(len(blob)))
	}
	return sortTexts(len(r.verbs), func(i int32) []byte { return blob[at[i]:at[i+1]] })
}

// appendWhat puts rows that change nothing last.
func (r *Review) appendWhat(out []byte, row *core.Row) []byte {
	if len(row.Cells) == 0 {
		return append(out, 0xff)
	}
	c := &row.Cells[0]
	out = append(appendFold(out, r.Label(c.Attribute)), ' ')
	after := c.After
	if len(after) > longest {
		after = after[:longest]
	}
	return appendFold(out, after)
}

func (r *Review) appendWhy(out []byte, row *core.Row) []byte {
	if row.Why == core.NoReason {
		return append(out, 0xff)
	}
	out = append(appendFold(out, row.Why.Text()), ' ')
	return appendFold(out, row.Detail[:min(len(row.Detail), longest)])
}

// byByte is a counting sort.
func byByte(verbs []core.Verb) []int32 {
	var start [256]int32
	for _, v := range verbs {
		start[v]++
	}
	sum := int32(0)
	for i, n := range start {
		start[i] = sum
		sum += n
	}
	order := make([]int32, len(verbs))
	for i, v := range verbs {
		order[start[v]] = int32(i)
		start[v]++
	}
	return order
}

// keyed is a row with the next eight bytes of its text.
type keyed struct {
	key uint64
	row int32
}

// sortTexts orders n texts bytewise and keeps equal ones in their order. It compares eight bytes at a time as one number:
// a radix sort where there are many, and again with the next eight where those were equal.
func sortTexts(n int, text func(int32) []byte) []int32 {
	rows := make([]keyed, n)
	for i := range rows {
		rows[i] = keyed{key: keyAt(text(int32(i)), 0), row: int32(i)}
	}
	sortKeyed(rows, make([]keyed, n), text, 0)
	order := make([]int32, n)
	for i, k := range rows {
		order[i] = k.row
	}
	return order
}

func sortKeyed(rows, spare []keyed, text func(int32) []byte, depth int) {
	if len(rows) < 96 {
		sortFew(rows, text, depth)
		return
	}
	radix(rows, spare)
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].key == rows[from].key {
			to++
		}
		if same := rows[from:to]; len(same) > 1 && same[0].key&0xff != 0 {
			for i := range same {
				same[i].key = keyAt(text(same[i].row), depth+8)
			}
			sortKeyed(same, spare[from:to], text, depth+8)
		}
		from = to
	}
}

func sortFew(rows []keyed, text func(int32) []byte, depth int) {
	slices.SortFunc(rows, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		if a.key&0xff == 0 {
			return cmp.Compare(a.row, b.row)
		}
		x, y := text(a.row), text(b.row)
		return cmp.Or(bytes.Compare(x[min(depth+8, len(x)):], y[min(depth+8, len(y)):]), cmp.Compare(a.row, b.row))
	})
}

// keyAt gives eight bytes as a number that orders like them; a text that ends is filled with zeros.
func keyAt(text []byte, from int) uint64 {
	if from+8 <= len(text) {
		b := text[from : from+8]
		return uint64(b[7]) | uint64(b[6])<<8 | uint64(b[5])<<16 | uint64(b[4])<<24 | uint64(b[3])<<32 | uint64(b[2])<<40 | uint64(b[1])<<48 | uint64(b[0])<<56
	}
	var key uint64
	for i := range 8 {
		key <<= 8
		if from+i < len(text) {
			key |= uint64(text[from+i])
		}
	}
	return key
}

// radix sorts by key, stably, one byte after another from the last; bytes that are the same in all rows cost nothing.
func radix(rows, spare []keyed) {
	var counts [8][256]int32
	for i := range rows {
		k := rows[i].key
		for d := range 8 {
			counts[d][byte(k>>(8*d))]++
		}
	}
	from, to := rows, spare[:len(rows)]
	for d := range 8 {
		c := &counts[d]
		if c[byte(rows[0].key>>(8*d))] == int32(len(rows)) {
			continue
		}
		sum := int32(0)
		for i, n := range c {
			c[i] = sum
			sum += n
		}
		for i := range from {
			digit := byte(from[i].key >> (8 * d))
			to[c[digit]] = from[i]
			c[digit]++
		}
		from, to = to, from
	}
	if len(rows) > 0 && &from[0] != &rows[0] {
		copy(rows, from)
	}
}
