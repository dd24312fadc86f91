package wire

import (
	"sync/atomic"

	"rollcall/connectors/emulators/seed"
)

// Paging is how pages follow each other.
type Paging int32

// The ways of paging; all but the first are faults.
const (
	Honest    Paging = iota
	Endless          // after the last page comes the first one again, and there is always one more
	Stuck            // every page is the first one, and there is always one more
	Repeated         // the first page comes twice
	Shrinking        // after the first page somebody leaves the list, so that the others move up
)

// Pages cuts lists into pages, honestly or not.
type Pages struct{ mode atomic.Int32 }

// Set changes how pages follow each other from the next call on.
func (p *Pages) Set(mode Paging) { p.mode.Store(int32(mode)) }

// Mode is the present way of paging.
func (p *Pages) Mode() Paging { return Paging(p.mode.Load()) }

// At gives up to size people from an index on, and the number of people that the list says it has.
func (p *Pages) At(people []seed.Employee, from, size int) (rows []seed.Employee, total int) {
	return PageAt(p, people, from, size)
}

// After is At for a list that is read by a cursor: somebody leaving does not move the others.
func (p *Pages) After(people []seed.Employee, from, size int) (rows []seed.Employee, more bool) {
	return PageAfter(p, people, from, size)
}

// PageAt is Pages.At for a list of whatever a vendor keeps.
func PageAt[T any](p *Pages, list []T, from, size int) (rows []T, total int) {
	switch mode := p.Mode(); {
	case len(list) == 0:
		return nil, 0
	case mode == Endless:
		return cut(list, from%(len(list)+(size-len(list)%size)%size), size), from + 2*size
	case mode == Stuck:
		return cut(list, 0, size), from + 2*size
	case mode == Repeated && from >= size:
		return cut(list, from-size, size), len(list) + size
	case mode == Repeated:
		return cut(list, from, size), len(list) + size
	case mode == Shrinking && from > 0:
		return cut(list[1:], from, size), len(list) - 1
	}
	return cut(list, from, size), len(list)
}

// PageAfter is Pages.After for a list of whatever a vendor keeps.
func PageAfter[T any](p *Pages, list []T, from, size int) (rows []T, more bool) {
	if p.Mode() == Shrinking && from > 0 {
		return cut(list[:len(list)-1], from, size), from+size < len(list)-1
	}
	rows, total := PageAt(p, list, from, size)
	return rows, from+size < total
}

func cut[T any](list []T, from, size int) []T {
	from = min(max(from, 0), len(list))
	return list[from:min(from+size, len(list))]
}
