package view

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rollcall/core"
)

// searchIndex holds the folded text of all rows one behind another, so that a search is one pass over memory in order.
type searchIndex struct {
	blob []byte
	at   []uint32 // where each row begins; one more for the end
	seen [256]int // how often each byte was met in a sample
}

const (
	between  = '\n' // between the values of a row; it cannot stand in a query
	longest  = 200  // of a value, in bytes: enough to find it by
	blobFull = 1<<32 - 1<<16
)

// newSearchIndex puts name and number first, so that sorting by person reads the same text.
func newSearchIndex(p *core.Plan) searchIndex {
	x := searchIndex{at: make([]uint32, 0, len(p.Rows)+1), blob: make([]byte, 0, 64*len(p.Rows))}
	b := rowTexts{plan: p, references: map[string]bool{}}
	for _, a := range p.Attributes {
		if a.Login {
			b.logins = append(b.logins, a.ID)
		}
		b.references[a.ID] = a.Kind == core.Reference
	}
	for i := range p.Rows {
		x.at = append(x.at, uint32(len(x.blob)))
		if len(x.blob) < blobFull {
			x.blob = b.append(x.blob, &p.Rows[i])
		}
	}
	x.at = append(x.at, uint32(len(x.blob)))
	x.sample()
	return x
}

// sample counts the bytes of a small part of the text.
func (x *searchIndex) sample() {
	for i := 0; i < len(x.blob); i += 61 {
		x.seen[x.blob[i]]++
	}
}

// rowTexts gives the searched values of a row, each once.
type rowTexts struct {
	plan       *core.Plan
	logins     []string
	references map[string]bool
	desired    places
	account    places
	seen       []string
}

// places are the columns of one schema that are searched.
type places struct {
	schema *core.Schema
	at     []int
}

func (p *places) of(s *core.Schema, ids ...string) []int {
	if p.schema != s || p.at == nil {
		p.schema, p.at = s, p.at[:0]
		for _, id := range ids {
			p.at = append(p.at, s.Index(id))
		}
	}
	return p.at
}

func (b *rowTexts) append(out []byte, row *core.Row) []byte {
	name, number := "", ""
	b.seen = b.seen[:0]
	if d := row.Desired; !d.IsZero() {
		at := b.desired.of(d.Schema(), append([]string{core.LabelName, core.LabelPerson, core.LabelNumber, core.LabelEmail}, b.logins...)...)
		name, number = firstOf(d.At(at[0]), d.At(at[1])), d.At(at[2])
		out = b.add(b.add(out, name), number)
		for _, i := range at[3:] {
			out = b.add(out, d.At(i))
		}
	}
	if a := row.Account; !a.IsZero() {
		at := b.account.of(a.Schema(), append([]string{core.AccountName, core.AccountID}, b.logins...)...)
		if row.Desired.IsZero() {
			out = b.add(out, firstOf(a.At(at[0]), a.At(at[1])))
		}
		for _, i := range at[2:] {
			out = b.add(out, a.At(i))
		}
	}
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Attribute == core.Enabled || c.Attribute == core.Deleted {
			continue
		}
		before, after := c.Before, c.After
		if b.references[c.Attribute] {
			before, after = firstOf(b.plan.Names[before], before), firstOf(b.plan.Names[after], after)
		}
		out = b.add(b.add(out, before), after)
	}
	return out
}

// add appends a value unless the row has it already.
func (b *rowTexts) add(out []byte, value string) []byte {
	if len(value) > longest {
		value = value[:longest]
	}
	if len(b.seen) > 0 && (value == "" || slices.Contains(b.seen, value)) {
		return out
	}
	b.seen = append(b.seen, value)
	return append(appendFold(out, value), between)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (x *searchIndex) text(row int32) []byte { return x.blob[x.at[row]:x.at[row+1]] }

// find gives the rows in which all words stand, in order. It looks for the longest word and tests the others where it stands.
func (x *searchIndex) find(words []string) []int32 {
	main, rest := split(words)
	found := make([]int32, 0, 1024)
	row, from, rows := int32(0), 0, int32(len(x.at)-1)
	next := x.finder(main)
	for row < rows {
		i := next(x.blob[from:])
		if i < 0 {
			break
		}
		row = x.rowAt(row, uint32(from+i))
		if containsAll(x.text(row), rest) {
			found = append(found, row)
		}
		row++
		from = int(x.at[row])
	}
	return found
}

// finder gives a function that finds the word in a text. Where the word has a rare byte that byte is looked for, which the
// processor does many bytes at a time; in other words bytes.Index is as good.
func (x *searchIndex) finder(word []byte) func([]byte) int {
	rare := 0
	for i, b := range word {
		if x.seen[b] < x.seen[word[rare]] {
			rare = i
		}
	}
	if len(word) < 2 || x.seen[word[rare]]*61*50 > len(x.blob) {
		return func(text []byte) int { return bytes.Index(text, word) }
	}
	return func(text []byte) int {
		for from := rare; from < len(text); from++ {
			i := bytes.IndexByte(text[from:], word[rare])
			if i < 0 {
				return -1
			}
			from += i
			if bytes.HasPrefix(text[from-rare:], word) {
				return from - rare
			}
		}
		return -1
	}
}

// rowAt gives the row of a position at or after row from: a few steps first, because hits often stand close together.
func (x *searchIndex) rowAt(from int32, position uint32) int32 {
	for range 4 {
		if x.at[from+1] > position {
			return from
		}
		from++
	}
	low, high := int(from), len(x.at)-1
	for low < high {
		middle := (low + high) / 2
		if x.at[middle+1] > position {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return int32(low)
}

// narrow gives those of the rows in which all words stand.
func (x *searchIndex) narrow(rows []int32, words []string) []int32 {
	main, rest := split(words)
	found := make([]int32, 0, len(rows)/4+16)
	for _, row := range rows {
		if text := x.text(row); bytes.Contains(text, main) && containsAll(text, rest) {
			found = append(found, row)
		}
	}
	return found
}

func split(words []string) (longest []byte, rest [][]byte) {
	at := 0
	for i, w := range words {
		if len(w) > len(words[at]) {
			at = i
		}
	}
	for i, w := range words {
		if i != at {
			rest = append(rest, []byte(w))
		}
	}
	if len(words) == 0 {
		return nil, nil
	}
	return []byte(words[at]), rest
}

func containsAll(text []byte, words [][]byte) bool {
	for _, w := range words {
		if !bytes.Contains(text, w) {
			return false
		}
	}
	return true
}

// appendFold appends a text as it is searched: in small letters, without accents, ß as ss, control characters as blanks.
func appendFold(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= utf8.RuneSelf:
			return appendFoldRunes(out, s[i:])
		case 'A' <= b && b <= 'Z':
			out = append(out, b+'a'-'A')
		case b < ' ':
			out = append(out, ' ')
		default:
			out = append(out, b)
		}
	}
	return out
}

func appendFoldRunes(out []byte, s string) []byte {
	table := latin()
	for _, r := range s {
		switch {
		case r < ' ':
			out = append(out, ' ')
		case int(r) < len(table):
			out = append(out, table[r]...)
		case unicode.Is(unicode.Mn, r):
		default:
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
	}
	return out
}

// latin is the folding of the letters of Europe's languages in Latin script.
var latin = sync.OnceValue(func() []string {
	table := make([]string, 0x250)
	special := map[rune]string{'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i"}
	for r := range table {
		low := unicode.ToLower(rune(r))
		table[r] = string(low)
		if s, ok := special[low]; ok {
			table[r] = s
		} else if parts := norm.NFD.String(string(low)); parts != "" {
			table[r] = strings.Map(withoutMarks, parts)
		}
	}
	return table
})

func withoutMarks(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}
