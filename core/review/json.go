package review

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"rollcall/core"
)

type planJSON struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Hash      string    `json:"hash"`
	Made      time.Time `json:"made"`
	People    int       `json:"people"`
	Accounts  int       `json:"accounts"`
	Unmanaged int       `json:"unmanaged"`
	Undo      string    `json:"undo,omitempty"` // the run that is taken back
}

type trippedJSON struct {
	Guard   string `json:"guard"`
	What    string `json:"what"`
	Count   int    `json:"count"`
	Allowed bool   `json:"allowed"`
}

type countJSON struct {
	People   int `json:"people"`
	Accounts int `json:"accounts"` // without a person
	Ticked   int `json:"ticked"`
	Stopped  int `json:"stopped"`
}

type rowJSON struct {
	Row     string     `json:"row"`
	Change  string     `json:"change"`
	Ticked  bool       `json:"ticked"`
	Person  string     `json:"person,omitempty"`
	Number  string     `json:"number,omitempty"`
	Name    string     `json:"name"`
	Account string     `json:"account,omitempty"`
	Why     string     `json:"why,omitempty"`
	Detail  string     `json:"detail,omitempty"`
	Cells   []cellJSON `json:"cells"`
}

// cellJSON holds values as the target has them, and the names that references stand for.
type cellJSON struct {
	Attribute  string `json:"attribute"`
	Before     string `json:"before"`
	After      string `json:"after"`
	BeforeName string `json:"beforeName,omitempty"`
	AfterName  string `json:"afterName,omitempty"`
	Pending    string `json:"pending,omitempty"` // the person whose account After will be
	Ticked     bool   `json:"ticked"`
	Why        string `json:"why,omitempty"`
}

// WriteJSON writes the whole plan as one object with plan, counts, tripped and rows. Rows
// are written one by one, each on a line of its own.
func WriteJSON(w io.Writer, p *core.Plan) error {
	b := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, part := range []struct {
		before string
		value  any
	}{{`{"plan":`, headJSON(p)}, {`,"counts":`, countsJSON(p)}, {`,"tripped":`, guardsJSON(p)}} {
		_, _ = b.WriteString(part.before) // bufio keeps the first error for Flush
		if err := enc.Encode(part.value); err != nil {
			return err
		}
	}
	_, _ = b.WriteString(",\"rows\":[\n")
	v := newViewer(p)
	for i := range p.Rows {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		if err := enc.Encode(v.json(i)); err != nil {
			return err
		}
	}
	_, _ = b.WriteString("]}\n")
	return b.Flush()
}

func headJSON(p *core.Plan) planJSON {
	return planJSON{ID: p.ID, Name: p.Name, Hash: p.Hash, Made: p.Made, People: p.People, Accounts: p.Accounts, Unmanaged: p.Unmanaged, Undo: p.Undo}
}

func countsJSON(p *core.Plan) map[string]countJSON {
	sum, counts := p.Count(), map[string]countJSON{}
	for _, v := range core.Verbs() {
		counts[v.String()] = countJSON{sum.People[v], sum.Accounts[v], sum.Ticked[v], sum.Stopped[v]}
	}
	return counts
}

func guardsJSON(p *core.Plan) []trippedJSON {
	guards := make([]trippedJSON, len(p.Tripped))
	for i, t := range p.Tripped {
		guards[i] = trippedJSON{t.Guard, t.What, t.Count, t.Allowed}
	}
	return guards
}

func (v *viewer) json(i int) rowJSON {
	r := &v.plan.Rows[i]
	name, employee := r.Subject()
	on := r.Verb.Writes() && r.Tick == core.On
	row := rowJSON{Row: rowID(i), Change: r.Verb.String(), Ticked: on, Person: r.Desired.Person(), Number: employee, Name: name,
		Account: r.Account.ID(), Why: r.Why.Text(), Detail: r.Detail, Cells: make([]cellJSON, len(r.Cells))}
	for k, c := range r.Cells {
		cell := cellJSON{Attribute: c.Attribute, Before: c.Before, After: c.After, Pending: c.Pending, Ticked: on && c.Tick == core.On, Why: c.Why.Text()}
		if v.kinds[c.Attribute] == core.Reference {
			cell.BeforeName, cell.AfterName = v.plan.Names[c.Before], v.plan.Names[c.After]
		}
		row.Cells[k] = cell
	}
	return row
}
