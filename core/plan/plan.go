// Package plan makes one ordered plan of rows, stops what the guards do not let
// through, and gives it the hash by which it is approved.
package plan

import (
	"slices"

	"rollcall/core"
)

// Input is what a plan is made of.
type Input struct {
	Plan   core.Plan // ID, name, time, setup, attributes, rows, names, counts; no hash yet
	Memory core.Memory
	Tally  core.Tally // of this reading
}

// New orders the rows, applies the guards of the setup and computes the hash.
func New(in Input) *core.Plan {
	p := in.Plan
	p.Rows = ordered(p.Rows)
	g := guards{plan: &p, in: in}
	g.check()
	p.Hash = Hash(&p)
	return &p
}

// ordered puts what is written first, kind by kind, and keeps the order within a kind.
// It moves rows in place, since there may be a million.
func ordered(rows []core.Row) []core.Row {
	if slices.IsSortedFunc(rows, byVerb) {
		return rows
	}
	var next [16]int32
	for i := range rows {
		next[rows[i].Verb+1]++
	}
	for v := 1; v < len(next); v++ {
		next[v] += next[v-1]
	}
	to := make([]int32, len(rows))
	for i := range rows {
		to[i] = next[rows[i].Verb]
		next[rows[i].Verb]++
	}
	for i := range rows {
		for to[i] != int32(i) {
			k := to[i]
			rows[i], rows[k] = rows[k], rows[i]
			to[i], to[k] = to[k], to[i]
		}
	}
	return rows
}

func byVerb(a, b core.Row) int { return int(a.Verb) - int(b.Verb) }
