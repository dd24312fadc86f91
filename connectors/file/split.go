package file

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// splitter cuts records of delimited text (RFC 4180) into the wanted cells. It works on
// bytes of UTF-8 and copies only cells with doubled quotation marks. A quotation mark
// inside a cell that does not begin with one is an ordinary character, as in Excel.
type splitter struct {
	delim   byte
	want    []int    // columns to cut out, ascending
	cells   [][]byte // what next found, one a wanted column; valid until the following next
	count   int      // cells that the last record had; trailing blank ones above limit are not counted
	limit   int      // columns that have a name; 0: any number
	scratch []byte
}

func newSplitter(delim byte, want []int, limit int) *splitter {
	return &splitter{delim: delim, want: want, cells: make([][]byte, len(want)), limit: limit}
}

var (
	tornQuote   = flaw{what: "opens a quotation mark that is never closed", fix: "Open the file in an editor, close or remove the quotation mark there, and read it again."}
	afterQuote  = flaw{what: "opens a quotation mark that is not closed where its cell ends", fix: "Open the file in an editor; quotation marks inside a cell have to be doubled (\"\")."}
	tooManyCell = flaw{what: "has more cells than there are column names", fix: "Look for a cell that holds the delimiter without quotation marks, or name every column in the header row."}
)

// next cuts the record at the beginning of b and gives its length with its line break.
// A length of 0 without a flaw says that b does not hold the whole record.
func (s *splitter) next(b []byte) (int, *flaw) {
	nl := bytes.IndexByte(b, '\n')
	if nl < 0 {
		return s.quoted(b, place{}, -1)
	}
	line := b[:nl]
	if q := bytes.IndexByte(line, '"'); q >= 0 {
		return s.quoted(b, s.run(line[:q]), nl)
	}
	line = trimCR(line)
	return nl + 1, s.finishPlain(line, s.run(line))
}

// place is how far a record has been cut: the cell that begins at byte pos.
type place struct{ pos, col, k int }

const (
	eachByte = 0x0101010101010101
	lowBits  = 0x7f * eachByte
)

// run cuts cells off text without quotation marks, eight bytes at a time, and gives the
// place of the last one, which it leaves. It stops early after the last wanted cell.
func (s *splitter) run(text []byte) place {
	var p place
	if len(s.want) == 0 {
		return p
	}
	sign, next, i := uint64(s.delim)*eachByte, s.want[0], 0
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:]) ^ sign
		for hits := ^((x&lowBits + lowBits) | x | lowBits); hits != 0; hits &= hits - 1 {
			at := i + bits.TrailingZeros64(hits)>>3
			if p.col == next {
				s.cells[p.k] = text[p.pos:at:at]
				if p.k++; p.k == len(s.want) {
					return place{at + 1, p.col + 1, p.k}
				}
				next = s.want[p.k]
			}
			p.pos = at + 1
			p.col++
		}
	}
	for ; i < len(text); i++ {
		if text[i] != s.delim {
			continue
		}
		if p.col == next {
			s.cells[p.k] = text[p.pos:i:i]
			if p.k++; p.k == len(s.want) {
				return place{i + 1, p.col + 1, p.k}
			}
			next = s.want[p.k]
		}
		p.pos = i + 1
		p.col++
	}
	return p
}

// finishPlain cuts the last cell of a record without quotation marks and counts what was
// not cut.
func (s *splitter) finishPlain(line []byte, p place) *flaw {
	rest := line[p.pos:]
	if p.k < len(s.want) {
		s.count = p.col + 1
		if s.want[p.k] == p.col {
			s.cells[p.k] = rest
			p.k++
		}
		clear(s.cells[p.k:])
		return nil
	}
	s.count = p.col + 1 + bytes.Count(rest, []byte{s.delim})
	return s.checkSurplus(rest, p.col)
}

// checkSurplus looks at the rest of a record from column col on: cells beyond the named
// columns have to be blank.
func (s *splitter) checkSurplus(rest []byte, col int) *flaw {
	if s.limit == 0 || s.count <= s.limit {
		return nil
	}
	for ; col < s.limit; col++ {
		rest = rest[bytes.IndexByte(rest, s.delim)+1:]
	}
	if !blankCells(rest, s.delim) {
		f := tooManyCell
		return &f
	}
	s.count = s.limit
	return nil
}

// blankCells says that b has only delimiters, blanks and empty quotation marks.
func blankCells(b []byte, delim byte) bool {
	for _, c := range b {
		if c != delim && c != ' ' && c != '\t' && c != '"' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

func trimCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// quoted cuts the rest of a record cell by cell, from p on; nl is the next line feed.
func (s *splitter) quoted(b []byte, p place, nl int) (int, *flaw) {
	s.scratch = s.scratch[:0]
	k, pos, surplus := p.k, p.pos, false
	for col := p.col; ; col++ {
		wanted := k < len(s.want) && s.want[k] == col
		var cell []byte
		var end int
		if pos < len(b) && b[pos] == '"' {
			var f *flaw
			if cell, end, f = s.quotedCell(b, pos, wanted); f != nil || end < 0 {
				return 0, f
			}
		} else {
			if nl < pos {
				i := bytes.IndexByte(b[pos:], '\n')
				if i < 0 {
					return 0, nil
				}
				nl = pos + i
			}
			cell, end = s.bareCell(b, pos, nl)
		}
		if wanted {
			s.cells[k] = cell
			k++
		}
		surplus = surplus || s.limit > 0 && col >= s.limit && !blankCells(b[pos:end], s.delim)
		pos = end + 1
		if b[end] == '\n' {
			s.count = col + 1
			break
		}
	}
	clear(s.cells[k:])
	if surplus {
		f := tooManyCell
		return pos, &f
	}
	if s.limit > 0 {
		s.count = min(s.count, s.limit)
	}
	return pos, nil
}

// bareCell gives the cell at pos, which does not begin with a quotation mark, and where
// the delimiter or line feed after it stands; nl is the next line feed.
func (s *splitter) bareCell(b []byte, pos, nl int) ([]byte, int) {
	if d := bytes.IndexByte(b[pos:nl], s.delim); d >= 0 {
		return b[pos : pos+d : pos+d], pos + d
	}
	return trimCR(b[pos:nl:nl]), nl
}

// quotedCell gives the cell whose quotation mark opens at pos, and where the delimiter
// or line feed after it stands; -1 where b ends before that.
func (s *splitter) quotedCell(b []byte, pos int, wanted bool) ([]byte, int, *flaw) {
	escapes := false
	for i := pos + 1; ; i += 2 {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 || i+j+1 == len(b) {
			return nil, -1, nil
		}
		i += j
		if b[i+1] == '"' {
			escapes = true
			continue
		}
		end := i + 1
		if b[end] == '\r' {
			if end+1 == len(b) {
				return nil, -1, nil
			}
			if b[end+1] == '\n' {
				end++
			}
		}
		if b[end] != s.delim && b[end] != '\n' {
			f := afterQuote
			f.at = pos
			return nil, 0, &f
		}
		inner := b[pos+1 : i : i]
		if wanted && (escapes || bytes.IndexByte(inner, '\r') >= 0) {
			inner = s.unescape(inner)
		}
		return inner, end, nil
	}
}

// unescape undoubles quotation marks and makes \r\n a line feed.
func (s *splitter) unescape(b []byte) []byte {
	start := len(s.scratch)
	for i := 0; i < len(b); i++ {
		if b[i] == '"' || b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			i++
		}
		s.scratch = append(s.scratch, b[i])
	}
	return s.scratch[start:len(s.scratch):len(s.scratch)]
}
