package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rollcall/core"
)

// Hash gives the hex SHA-256 over everything that is applied: the setup, the rows with
// their ticks, cells and reasons, and the accounts as they were seen. Of a row that
// writes nothing it takes in whose it is and why.
func Hash(p *core.Plan) string {
	h := sha256.New()
	w := &writer{w: bufio.NewWriterSize(h, 1<<16)}
	w.head(p)
	w.number(len(p.Rows))
	person := -1
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.Verb.Writes() {
			w.row(r)
			continue
		}
		if person < 0 {
			person = r.Desired.Schema().Index(core.LabelPerson)
		}
		w.number(int(r.Verb))
		w.number(int(r.Why))
		w.text(r.Desired.At(person))
	}
	_ = w.w.Flush() // a hash takes every byte
	return hex.EncodeToString(h.Sum(nil))
}

// Encode writes the plan; Decode is its way back.
func Encode(out io.Writer, p *core.Plan) error {
	w := &writer{w: bufio.NewWriterSize(out, 1<<16)}
	w.head(p)
	w.text(p.Hash)
	w.rows(p)
	return w.w.Flush()
}

// head is the part of a plan that is small.
type head struct {
	Plan     core.Plan
	Desired  []core.Field
	Accounts []core.Field
	Aliases  map[string]string // of Desired
	Others   map[string]string // of Accounts
}

type writer struct {
	w   *bufio.Writer
	buf [binary.MaxVarintLen64]byte
}

func (w *writer) number(n int) {
	k := binary.PutUvarint(w.buf[:], uint64(n))
	_, _ = w.w.Write(w.buf[:k]) // bufio keeps the first error for Flush
}

func (w *writer) text(s string) {
	w.number(len(s))
	_, _ = w.w.WriteString(s)
}

func (w *writer) head(p *core.Plan) {
	h := head{Plan: *p}
	h.Plan.Rows, h.Plan.Hash = nil, ""
	for i := range p.Rows {
		if h.Desired == nil && !p.Rows[i].Desired.IsZero() {
			h.Desired, h.Aliases = p.Rows[i].Desired.Schema().Fields(), p.Rows[i].Desired.Schema().Aliases()
		}
		if h.Accounts == nil && !p.Rows[i].Account.IsZero() {
			h.Accounts, h.Others = p.Rows[i].Account.Schema().Fields(), p.Rows[i].Account.Schema().Aliases()
		}
		if h.Desired != nil && h.Accounts != nil {
			break
		}
	}
	b, err := json.Marshal(h)
	if err != nil {
		panic(fmt.Sprintf("a plan is made of plain values: %v", err))
	}
	w.text(string(b))
}

func (w *writer) rows(p *core.Plan) {
	w.number(len(p.Rows))
	for i := range p.Rows {
		w.row(&p.Rows[i])
	}
}

func (w *writer) row(r *core.Row) {
	w.number(int(r.Verb))
	w.number(int(r.Tick))
	w.number(int(r.Why))
	w.text(r.Detail)
	w.text(r.Desired.Data())
	w.text(r.Account.Data())
	w.number(len(r.Cells))
	for k := range r.Cells {
		w.cell(&r.Cells[k])
	}
}

func (w *writer) cell(c *core.Cell) {
	w.text(c.Attribute)
	w.text(c.Before)
	w.text(c.After)
	w.text(c.Pending)
	w.number(int(c.Tick))
	w.number(int(c.Why))
}

// Decode reads a plan that Encode wrote. A plan that was cut, changed or does not fit
// its own hash gives a Damaged problem.
func Decode(in io.Reader) (*core.Plan, error) {
	r := &reader{r: bufio.NewReaderSize(in, 1<<16), words: map[string]string{}}
	p := r.plan()
	if r.err == nil && Hash(p) != p.Hash {
		r.err = errors.New("hash differs")
	}
	if r.err != nil {
		return nil, &core.Problem{Code: core.Damaged, What: "The stored plan cannot be read.", Fix: "Make the plan again.", Cause: r.err}
	}
	return p, nil
}

type reader struct {
	r     *bufio.Reader
	err   error
	words map[string]string // attribute names, one copy each
	buf   []byte
}

const longestText = 1 << 28

func (r *reader) number() int {
	if r.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(r.r)
	if err != nil || n > longestText {
		r.err = errors.Join(errors.New("number"), err)
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.number()
	r.buf = r.buf[:0]
	for len(r.buf) < n && r.err == nil { // in pieces, so that a wrong length costs no memory
		piece := min(n-len(r.buf), 1<<20)
		at := len(r.buf)
		r.buf = append(r.buf, make([]byte, piece)...)
		_, r.err = io.ReadFull(r.r, r.buf[at:])
	}
	return r.buf
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) word() string {
	b := r.bytes()
	if w, known := r.words[string(b)]; known {
		return w
	}
	w := string(b)
	r.words[w] = w
	return w
}

func (r *reader) plan() *core.Plan {
	var h head
	b := r.bytes()
	if r.err == nil {
		r.err = json.Unmarshal(b, &h)
	}
	p := &h.Plan
	p.Hash = r.text()
	desired, accounts := core.NewSchema(h.Desired), core.NewSchema(h.Accounts)
	for id, of := range h.Aliases {
		desired.Alias(id, of)
	}
	for id, of := range h.Others {
		accounts.Alias(id, of)
	}
	n := r.number()
	for i := 0; i < n && r.err == nil; i++ {
		p.Rows = append(p.Rows, r.row(desired, accounts))
	}
	return p
}

func (r *reader) row(desired, accounts *core.Schema) core.Row {
	row := core.Row{Verb: core.Verb(r.number()), Tick: core.Tick(r.number()), Why: core.Reason(r.number()), Detail: r.text()}
	row.Desired = core.Desired{Record: r.record(desired)}
	row.Account = core.Account{Record: r.record(accounts)}
	n := r.number()
	for i := 0; i < n && r.err == nil; i++ {
		row.Cells = append(row.Cells, core.Cell{Attribute: r.word(), Before: r.text(), After: r.text(), Pending: r.text(),
			Tick: core.Tick(r.number()), Why: core.Reason(r.number())})
	}
	if r.err == nil && !row.Valid() {
		r.err = errors.New("row out of range")
	}
	return row
}

func (r *reader) record(s *core.Schema) core.Record {
	data := r.text()
	if data == "" || r.err != nil {
		return core.Record{}
	}
	rec, err := core.Restore(s, data)
	r.err = err
	return rec
}
