package localstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"sync"
	"time"

	"rollcall/core"
)

var _ core.Journal = (*journal)(nil)

// journal is one run's. Each commit waits for the disk; writes that come at the same
// time share one, so that a run of many workers waits about as often as one of few.
// What it takes to number and seal an entry is done before, by each worker itself.
type journal struct {
	store *Store
	run   string
	group group

	mu   sync.Mutex
	last int            // the number of the last entry
	open map[rowKey]int // the entries whose outcome is not known; nil until first needed
}

// rowKey is what an outcome is matched to its entry by.
type rowKey struct {
	row    int
	second bool
}

// outcomeBody is an outcome as it is stored. A problem's cause is for the log, not for
// the store: it may be anything.
type outcomeBody struct {
	Verb            core.Verb
	Person, Account string
	State           core.OutcomeState
	Code            core.Code
	What, Fix       string
	Took            time.Duration
	Ticket          string `json:",omitempty"`
}

// readAtOnce is how many journal rows are fetched at a time.
const readAtOnce = 500

// Journal gives a run's journal, the same one each time, for several goroutines. Its
// methods give a NotFound problem where there is no such run.
func (s *Store) Journal(run string) core.Journal {
	j, _ := s.journals.LoadOrStore(run, &journal{store: s, run: run})
	return j.(*journal)
}

const (
	insertEntry   = "INSERT INTO journal (run, n, row, second, entry, outcome) VALUES (?, ?, ?, ?, ?, ?)"
	updateOutcome = "UPDATE journal SET outcome = ? WHERE run = ? AND n = ?"
)

// Before writes down what is about to be written; it is on disk when it returns.
func (j *journal) Before(e core.Entry) error {
	if err := j.group.failure(); err != nil {
		return err
	}
	n, err := j.number(e)
	if err != nil {
		return err
	}
	return j.insert(n, e, nil)
}

// After writes down what became of the latest entry of that row. An outcome without an
// entry, of a row that was held before anything was sent, is a line of its own. It does
// not wait for the disk: what a crash takes is an entry whose outcome is not known. A
// problem that comes up later is given by the next call.
func (j *journal) After(e core.Entry, o core.Outcome) error {
	if err := j.group.failure(); err != nil {
		return err
	}
	n, known, err := j.take(e)
	if err != nil {
		return err
	}
	sealed, err := j.store.seal.sealJSON(packOutcome(o), j.place("outcome", n))
	if err != nil {
		return j.store.explain(err)
	}
	if !known {
		return j.insert(n, e, sealed)
	}
	j.group.begin(j.commit, func(ctx context.Context, tx *sql.Tx) error {
		return touch(ctx, tx, updateOutcome, sealed, j.run, n)
	})
	return nil
}

// flush waits until every outcome so far is on disk.
func (j *journal) flush() error {
	wait := j.group.do(j.commit, func(context.Context, *sql.Tx) error { return nil })
	return cmp.Or(j.group.failure(), wait)
}

// Entries yields what is known so far, in the order of writing.
func (j *journal) Entries() iter.Seq2[core.Noted, error] {
	return func(yield func(core.Noted, error) bool) {
		if _, err := j.store.Run(context.Background(), j.run); err != nil {
			yield(core.Noted{}, err)
			return
		}
		if err := j.flush(); err != nil {
			yield(core.Noted{}, err)
			return
		}
		for last := 0; ; {
			page, err := rows(context.Background(), j.store, j.scan,
				"SELECT n, entry, outcome FROM journal WHERE run = ? AND n > ? ORDER BY n LIMIT ?", j.run, last, readAtOnce)
			if err != nil {
				yield(core.Noted{}, err)
				return
			}
			for _, line := range page {
				last = line.n
				if !yield(line.Noted, nil) {
					return
				}
			}
			if len(page) < readAtOnce {
				return
			}
		}
	}
}

func (j *journal) commit(f func(context.Context, *sql.Tx) error) error {
	return j.store.write(context.Background(), "run", f)
}

// number gives the next number, 1 first, to an entry whose outcome is still to come.
func (j *journal) number(e core.Entry) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(); err != nil {
		return 0, err
	}
	j.last++
	j.open[rowKey{e.Row, e.Second}] = j.last
	return j.last, nil
}

// take gives the number of the open entry of a row, which then is not open any more, or
// a new number where there is none.
func (j *journal) take(e core.Entry) (n int, known bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(); err != nil {
		return 0, false, err
	}
	key := rowKey{e.Row, e.Second}
	if n, known = j.open[key]; known {
		delete(j.open, key)
		return n, true, nil
	}
	j.last++
	return j.last, false, nil
}

// load finds where an earlier process, that was killed, stopped.
func (j *journal) load() error {
	if j.open != nil {
		return nil
	}
	ctx, open := context.Background(), map[rowKey]int{}
	if err := j.store.row(ctx, "run", "SELECT coalesce(max(n), 0) FROM journal WHERE run = ?", []any{j.run}, &j.last); err != nil {
		return err
	}
	_, err := rows(ctx, j.store, func(scan func(...any) error) (int, error) {
		var key rowKey
		var n int
		err := scan(&key.row, &key.second, &n)
		open[key] = n
		return n, err
	}, "SELECT row, second, n FROM journal WHERE run = ? AND outcome IS NULL ORDER BY n", j.run)
	if err == nil {
		j.open = open
	}
	return err
}

func (j *journal) insert(n int, e core.Entry, outcome []byte) error {
	entry, err := j.store.seal.sealJSON(e, j.place("entry", n))
	if err != nil {
		return j.store.explain(err)
	}
	return j.group.do(j.commit, func(ctx context.Context, tx *sql.Tx) error {
		return touch(ctx, tx, insertEntry, j.run, n, e.Row, e.Second, entry, outcome)
	})
}

// line is a row of the journal with its number.
type line struct {
	core.Noted
	n int
}

func (j *journal) scan(scan func(...any) error) (line, error) {
	var l line
	var entry, outcome []byte
	if err := scan(&l.n, &entry, &outcome); err != nil {
		return l, err
	}
	if err := j.store.seal.unsealJSON(entry, j.place("entry", l.n), &l.Entry); err != nil {
		return l, err
	}
	if l.Open = outcome == nil; l.Open {
		return l, nil
	}
	var b outcomeBody
	err := j.store.seal.unsealJSON(outcome, j.place("outcome", l.n), &b)
	l.Outcome = b.outcome(l.Row, l.Second)
	return l, err
}

func (j *journal) place(column string, n int) string {
	return fmt.Sprintf("journal/%s/%d/%s", j.run, n, column)
}

func packOutcome(o core.Outcome) outcomeBody {
	b := outcomeBody{Verb: o.Verb, Person: o.Person, Account: o.Account, State: o.State, Took: o.Took, Ticket: o.Ticket}
	if o.Problem != nil {
		b.Code, b.What, b.Fix = o.Problem.Code, o.Problem.What, o.Problem.Fix
	}
	return b
}

func (b outcomeBody) outcome(row int, second bool) core.Outcome {
	o := core.Outcome{Row: row, Second: second, Verb: b.Verb, Person: b.Person, Account: b.Account, State: b.State, Took: b.Took, Ticket: b.Ticket}
	if b.Code != "" || b.What != "" {
		o.Problem = &core.Problem{Code: b.Code, What: b.What, Fix: b.Fix}
	}
	return o
}
