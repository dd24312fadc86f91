package match

import "rollcall/core"

// People finds a desired account by what another person's record says of its owner: the
// person's id, the employee number or the e-mail, in this order.
type People struct {
	desired []core.Desired
	tables  map[int]*index // by column, made when first needed
}

var references = [...]string{core.LabelPerson, core.LabelNumber, core.LabelEmail}

// NewPeople looks among these desired accounts.
func NewPeople(desired []core.Desired) *People {
	return &People{desired: desired, tables: map[int]*index{}}
}

// Find gives the place of the one person meant, or -1 where there is none or several.
func (p *People) Find(reference string) int32 {
	key := Fold(reference)
	for _, label := range references {
		t := p.by(label)
		if d := t.first(key); d >= 0 && t.after(d) < 0 {
			return d
		}
	}
	return none
}

// by gives the index of a label; labels that share a column share the index.
func (p *People) by(label string) *index {
	column := p.column(label)
	if p.tables[column] == nil {
		p.tables[column] = newIndex(len(p.desired), func(d int32) string { return Fold(p.desired[d].At(column)) })
	}
	return p.tables[column]
}

func (p *People) column(label string) int {
	if len(p.desired) == 0 {
		return none
	}
	return p.desired[0].Schema().Index(label)
}
