package made

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"rollcall/core"
)

// Directory is a target in memory, with a hook before each write.
type Directory struct {
	mu     sync.Mutex
	next   int
	held   map[string]map[string]string
	Writes int
	Before func(core.Write) error // an error is given back instead of writing
	After  func(core.Write) error // an error is given back after writing
}

var _ core.Target = (*Directory)(nil)

// NewDirectory holds these accounts (lines as for Accounts).
func NewDirectory(lines ...string) *Directory {
	d := &Directory{held: map[string]map[string]string{}}
	for _, a := range Accounts(lines...) {
		d.held[a.ID()] = a.Map()
	}
	return d
}

// Dump gives every account as a line, sorted, without ids.
func (d *Directory) Dump() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var lines []string
	for _, values := range d.held {
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(values)) {
			if v := values[k]; v != "" && k != core.AccountID && k != core.AccountName {
				if k == "manager" {
					v = d.held[v]["number"]
				}
				fmt.Fprintf(&b, "%s=%s ", k, v)
			}
		}
		lines = append(lines, b.String())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Check says that all is well.
func (d *Directory) Check(context.Context) (core.Health, error) { return core.Health{}, nil }

// Attributes gives the small schema.
func (d *Directory) Attributes(context.Context) ([]core.Attribute, error) { return Attributes, nil }

// Accounts yields the accounts in the order of their ids.
func (d *Directory) Accounts(context.Context, []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		d.mu.Lock()
		ids := slices.Sorted(maps.Keys(d.held))
		d.mu.Unlock()
		for _, id := range ids {
			if !yield(d.account(id), nil) {
				return
			}
		}
	}
}

func (d *Directory) account(id string) core.Account {
	d.mu.Lock()
	defer d.mu.Unlock()
	pack := core.NewPacker(core.AccountSchema(Attributes))
	for k, v := range d.held[id] {
		pack.Put(k, v)
	}
	pack.Put(core.AccountID, id)
	return core.Account{Record: pack.Pack()}
}

// Account gives one account.
func (d *Directory) Account(_ context.Context, id string, _ []string) (core.Account, error) {
	d.mu.Lock()
	_, known := d.held[id]
	d.mu.Unlock()
	if !known {
		return core.Account{}, &core.Problem{Code: core.NotFound, What: "The account is gone."}
	}
	return d.account(id), nil
}

// Find compares without case.
func (d *Directory) Find(_ context.Context, attribute, value string, _ []string) ([]core.Account, error) {
	d.mu.Lock()
	var ids []string
	for id, values := range d.held {
		if strings.EqualFold(values[attribute], value) {
			ids = append(ids, id)
		}
	}
	d.mu.Unlock()
	var found []core.Account
	for _, id := range ids {
		found = append(found, d.account(id))
	}
	return found, nil
}

// Write makes the change unless a hook says otherwise.
func (d *Directory) Write(_ context.Context, w core.Write) (core.Receipt, error) {
	if d.Before != nil {
		if err := d.Before(w); err != nil {
			return core.Receipt{}, err
		}
	}
	receipt := d.write(w)
	if d.After != nil {
		if err := d.After(w); err != nil {
			return core.Receipt{}, err
		}
	}
	return receipt, nil
}

func (d *Directory) write(w core.Write) core.Receipt {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Writes++
	id := w.Account
	switch w.Verb {
	case core.Create:
		d.next++
		id = fmt.Sprintf("new%d", d.next)
		d.held[id] = map[string]string{core.AccountActive: fmt.Sprint(w.Active)}
	case core.Deactivate:
		d.held[id][core.AccountActive] = "false"
	case core.Reactivate:
		d.held[id][core.AccountActive] = "true"
	case core.Delete:
		delete(d.held, id)
		return core.Receipt{}
	}
	maps.Copy(d.held[id], w.Set)
	return core.Receipt{Account: id}
}

// Journal is a journal in memory.
type Journal struct {
	mu    sync.Mutex
	notes []core.Noted
	Fail  error // given back by Before
}

// Before writes down an open entry.
func (j *Journal) Before(e core.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Fail != nil {
		return j.Fail
	}
	j.notes = slices.DeleteFunc(j.notes, func(n core.Noted) bool { return n.Row == e.Row && n.Second == e.Second })
	j.notes = append(j.notes, core.Noted{Entry: e, Open: true})
	return nil
}

// After closes the entry, or adds a closed one where nothing was written.
func (j *Journal) After(e core.Entry, o core.Outcome) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.notes {
		if j.notes[i].Row == e.Row && j.notes[i].Second == e.Second {
			j.notes[i].Open, j.notes[i].Outcome = false, o
			return nil
		}
	}
	j.notes = append(j.notes, core.Noted{Entry: e, Outcome: o})
	return nil
}

// Entries yields what is known.
func (j *Journal) Entries() iter.Seq2[core.Noted, error] {
	j.mu.Lock()
	notes := slices.Clone(j.notes)
	j.mu.Unlock()
	return func(yield func(core.Noted, error) bool) {
		for _, n := range notes {
			if !yield(n, nil) {
				return
			}
		}
	}
}
