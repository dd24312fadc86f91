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
	switch mode := p.Mode(); {
	case len(people) == 0:
		return nil, 0
	case mode == Endless:
		return cut(people, from%(len(people)+(size-len(people)%size)%size), size), from + 2*size
	case mode == Stuck:
		return cut(people, 0, size), from + 2*size
	case mode == Repeated && from >= size:
		return cut(people, from-size, size), len(people) + size
	case mode == Repeated:
		return cut(people, from, size), len(people) + size
	case mode == Shrinking && from > 0:
		return cut(people[1:], from, size), len(people) - 1
	}
	return cut(people, from, size), len(people)
}

// After is At for a list that is read by a cursor: somebody leaving does not move the others.
func (p *Pages) After(people []seed.Employee, from, size int) (rows []seed.Employee, more bool) {
	if p.Mode() == Shrinking && from > 0 {
		return cut(people[:len(people)-1], from, size), from+size < len(people)-1
	}
	rows, total := p.At(people, from, size)
	return rows, from+size < total
}

func cut(people []seed.Employee, from, size int) []seed.Employee {
	from = min(max(from, 0), len(people))
	return people[from:min(from+size, len(people))]
}
