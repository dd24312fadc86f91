package apply

import (
	"slices"

	"rollcall/core"
)

// Lack is a right that is missing for what an approved plan would write.
type Lack struct {
	core.Right
	Rows int // that need it
}

// Rehearse compares each kind of write of an approved plan with the rights that the
// target was found to have, and gives those that are missing. A right that the system
// does not tell of is taken as granted.
func Rehearse(p *core.Plan, a core.Approval, rights []core.Right) []Lack {
	rights = slices.DeleteFunc(slices.Clone(rights), func(r core.Right) bool { return r.Granted || len(r.For) == 0 })
	if len(rights) == 0 {
		return nil
	}
	rows := make([]int, len(rights))
	for i := range p.Rows {
		cells, do := Chosen(p, a, i)
		if !do {
			continue
		}
		for k, right := range rights {
			if needs(right, p.Rows[i].Verb, cells) {
				rows[k]++
			}
		}
	}
	var lacks []Lack
	for k, right := range rights {
		if rows[k] > 0 {
			lacks = append(lacks, Lack{right, rows[k]})
		}
	}
	return lacks
}

// needs says that a row needs a right: for its verb, or for an attribute that it writes.
func needs(r core.Right, v core.Verb, cells []core.Cell) bool {
	return slices.Contains(r.For, v.String()) || slices.ContainsFunc(cells, func(c core.Cell) bool {
		return v != core.Delete && c.After != c.Before && slices.Contains(r.For, c.Attribute)
	})
}
