package mapping

import (
	"iter"
	"slices"

	"rollcall/core"
)

// mostExamples is how many people are named for each kind of problem.
const mostExamples = 5

// Count is how many people something holds for, and the ids of the first of them.
type Count struct {
	People   int
	Examples []string
}

func (c *Count) add(person string) {
	if c.People++; len(c.Examples) < mostExamples {
		c.Examples = append(c.Examples, person)
	}
}

// Problems is what is wrong with one attribute over all people.
type Problems struct {
	Attribute string
	Filled    int   // people who get a value
	Empty     Count // people who get none
	TooLong   Count
	Bad       Count // wrong kind, none of the choices, expression failed
	Duplicate Count // unique attributes: every one of those who share a value
}

// Problems looks at all people, in the order of the attributes. It reserves nothing
// beyond itself.
func (m *Mapper) Problems(people iter.Seq[core.Person]) []Problems {
	alone := *m.rules
	alone.reserved = &reservations{owner: map[reservation]string{}}
	look := newMapper(&alone)
	out := make([]Problems, len(m.steps))
	first := make([]map[string]*string, len(m.steps))
	for i, a := range m.attributes {
		out[i].Attribute = a.ID
		if a.Unique || a.Login {
			first[i] = map[string]*string{}
		}
	}
	for p := range people {
		look.fill(p)
		look.count(out, first)
		look.pack.Pack()
	}
	return out
}

// count adds the person under way. Of a value that people share, first holds the first
// person until the second comes, then nil.
func (m *Mapper) count(out []Problems, first []map[string]*string) {
	id := m.person.ID()
	for i := range out {
		v := m.pack.Value(i)
		if v == "" {
			if !m.failed(i) {
				out[i].Empty.add(id)
			}
			continue
		}
		out[i].Filled++
		if first[i] == nil {
			continue
		}
		before, seen := first[i][folded(v)]
		switch {
		case !seen:
			first[i][folded(v)] = &id
			continue
		case before != nil:
			out[i].Duplicate.add(*before)
			first[i][folded(v)] = nil
		}
		out[i].Duplicate.add(id)
	}
	for _, f := range m.faults {
		switch f.what {
		case tooLong:
			out[f.step.to].TooLong.add(id)
		case bad:
			out[f.step.to].Bad.add(id)
		}
	}
}

// failed says that an attribute has no value because its expression failed.
func (m *Mapper) failed(i int) bool {
	return slices.ContainsFunc(m.faults, func(f fault) bool { return f.step.to == i && f.what == bad })
}
