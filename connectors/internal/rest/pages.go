package rest

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"strconv"

	"rollcall/core"
)

// Page is one page of a list as the vendor gave it.
type Page[T any] struct {
	Rows  []T
	Total int    // how many rows the list has, as the vendor says; below zero: it does not say
	Next  string // where the next page is; empty: this was the last one
}

// List is a list that comes in pages.
type List[T any] struct {
	Vendor string
	Noun   string // what the rows are, for sentences: "employees"
	First  string // where the first page is, as Fetch understands it: an index, a cursor, a link
	Fetch  func(ctx context.Context, at string) (Page[T], error)
	ID     func(T) string // what makes a row itself
}

// emptyPages is how many pages without a row may follow each other.
const emptyPages = 20

// All yields every row of the list once. It ends with a problem, and what came before is
// then not the whole list, where pages come twice or never end (BadData), and where a row
// comes twice, the total changes to less or is not reached (Incomplete): somebody may
// have been left out between two pages. Memory grows with a few bytes a row. While the rows
// of a page are yielded, the next one is fetched.
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := walk[T]{list: l, seed: maphash.MakeSeed(), rows: map[uint64]struct{}{}, places: map[uint64]struct{}{}, total: -1}
		var none T
		ctx, cancel := context.WithCancel(ctx)
		next := w.ahead(ctx, l.First)
		defer func() {
			cancel()
			if next != nil { // nobody is at work here any more when this returns
				<-next
			}
		}()
		for next != nil {
			got := <-next
			next = nil
			if got.err != nil {
				yield(none, got.err)
				return
			}
			if got.page.Next != "" {
				next = w.ahead(ctx, got.page.Next)
			}
			for _, row := range got.page.Rows {
				if err := w.row(row); err != nil {
					yield(none, err)
					return
				}
				if !yield(row, nil) {
					return
				}
			}
		}
		if err := w.end(); err != nil {
			yield(none, err)
		}
	}
}

// walk is how far a reading has come.
type walk[T any] struct {
	list   List[T]
	seed   maphash.Seed
	rows   map[uint64]struct{} // hashes of what was seen: two words a person, not his id
	places map[uint64]struct{}
	total  int
	empty  int
}

// fetched is a page, or why there is none.
type fetched[T any] struct {
	page Page[T]
	err  error
}

// ahead fetches a page while somebody is at work on the one before. One at a time is on
// its way, so it alone touches what page looks at.
func (w *walk[T]) ahead(ctx context.Context, at string) <-chan fetched[T] {
	done := make(chan fetched[T], 1)
	go func() {
		page, err := w.page(ctx, at)
		done <- fetched[T]{page, err}
	}()
	return done
}

func (w *walk[T]) page(ctx context.Context, at string) (Page[T], error) {
	if !w.first(w.places, at) {
		return Page[T]{}, w.endless()
	}
	page, err := w.list.Fetch(ctx, at)
	if err != nil {
		return page, err
	}
	if page.Total >= 0 && page.Total < w.total {
		return page, w.changed(fmt.Sprintf("it had %d and then %d", w.total, page.Total))
	}
	w.total = max(w.total, page.Total)
	if w.empty++; len(page.Rows) > 0 {
		w.empty = 0
	}
	if w.empty > emptyPages {
		return page, w.endless()
	}
	return page, nil
}

func (w *walk[T]) row(row T) error {
	id := w.list.ID(row)
	if id == "" {
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s gave one of the %s without an id.", w.list.Vendor, w.list.Noun),
			Fix: "Check that the credentials may read the id, and send us the log if it happens twice."}
	}
	if !w.first(w.rows, id) {
		return w.changed("one of them came twice")
	}
	return nil
}

func (w *walk[T]) end() error {
	if w.total >= 0 && len(w.rows) < w.total {
		return &core.Problem{Code: core.Incomplete,
			What: fmt.Sprintf("%s announced %d %s, and only %d came.", w.list.Vendor, w.total, w.list.Noun, len(w.rows)),
			Fix:  "Read again. If it happens again, ask whether these credentials may see everybody."}
	}
	return nil
}

func (w *walk[T]) changed(how string) error {
	return &core.Problem{Code: core.Incomplete,
		What: fmt.Sprintf("The list of %s of %s does not hold together: %s, so somebody may be missing.", w.list.Noun, w.list.Vendor, how),
		Fix:  "It may have changed while it was read. Read again; if it happens again, send us the log."}
}

func (w *walk[T]) endless() error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("The list of %s of %s has no end: its pages lead back to where we were.", w.list.Noun, w.list.Vendor),
		Fix: "Try again later. If it happens again, tell the support of " + w.list.Vendor + "."}
}

// first says whether a text is met for the first time, and remembers it.
func (w *walk[T]) first(in map[uint64]struct{}, text string) bool {
	h := maphash.String(w.seed, text)
	_, seen := in[h]
	in[h] = struct{}{}
	return !seen
}

// NextOffset gives the place after so many rows of a list that is read by the index of
// the first row. The list ends where its total is reached, or with a page without rows.
func NextOffset(at string, rows, total int) string {
	next := number(at) + rows
	if rows == 0 || total >= 0 && next >= total {
		return ""
	}
	return strconv.Itoa(next)
}

// NextPage gives the number of the page after this one; the list ends with the last page
// (zero or less: not told) or with one without rows.
func NextPage(at string, rows, last int) string {
	n := number(at)
	if rows == 0 || last > 0 && n >= last {
		return ""
	}
	return strconv.Itoa(n + 1)
}

func number(at string) int {
	n, _ := strconv.Atoi(at) // our own text
	return n
}
