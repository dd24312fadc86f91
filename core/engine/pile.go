package engine

import "slices"

// pile collects values in pieces: growing one slice to a million would leave five times
// as much behind.
type pile[T any] struct {
	pieces [][]T
	n      int
}

const piece = 8192

func (p *pile[T]) add(v T) {
	last := len(p.pieces) - 1
	if last < 0 || len(p.pieces[last]) == piece {
		p.pieces = append(p.pieces, make([]T, 0, piece))
		last++
	}
	p.pieces[last] = append(p.pieces[last], v)
	p.n++
}

// all gives everything as one slice and empties the pile.
func (p *pile[T]) all() []T {
	all := slices.Concat(p.pieces...)
	*p = pile[T]{}
	return all
}
