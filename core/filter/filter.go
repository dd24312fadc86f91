// Package filter decides which people a sync is about. It exists so that every screen,
// the command line and the engine leave out the same people, and can say in words why.
package filter

import (
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"rollcall/core"
)

const entityField = "legalEntity"

// Sieve is a compiled filter. Several goroutines may use it at once.
type Sieve struct {
	entities *condition // nil: people of every legal entity
	root     group
	fields   []string
	resolved atomic.Pointer[resolved]
}

// resolved remembers where the fields stand in the schema of the last person.
type resolved struct {
	schema *core.Schema
	index  []int
}

// group is a filter whose conditions are compiled.
type group struct {
	any, not   bool
	conditions []condition
	groups     []group
	detail     string // why a person is out who fails as a whole: any or not
}

// Compile makes a sieve of a filter and of the legal entities whose people are meant
// (none: all). Operators that speak of days count from today. A condition without a
// field, with an unknown operator or with values that do not fit gives a BadRules
// problem. Whether the fields exist is told by Check.
func Compile(f core.Filter, entities []string, today time.Time) (*Sieve, error) {
	s := &Sieve{}
	c := compiler{sieve: s, today: today}
	if len(entities) > 0 {
		only, err := c.condition(core.Condition{Field: entityField, Operator: IsOneOf, Values: entities})
		if err != nil {
			return nil, err
		}
		s.entities = &only
	}
	var err error
	s.root, err = c.group(f)
	return s, err
}

type compiler struct {
	sieve *Sieve
	today time.Time
}

func (c *compiler) group(f core.Filter) (group, error) {
	g := group{any: f.Any, not: f.Not && !f.IsZero()}
	for _, one := range f.Conditions {
		compiled, err := c.condition(one)
		if err != nil {
			return group{}, err
		}
		g.conditions = append(g.conditions, compiled)
	}
	for _, one := range f.Groups {
		inner, err := c.group(one)
		if err != nil {
			return group{}, err
		}
		g.groups = append(g.groups, inner)
	}
	switch {
	case g.not:
		g.detail = "Ruled out: " + g.text()
	case g.any:
		g.detail = "None of these holds: " + g.text()
	}
	return g, nil
}

// place gives a field's place among the fields of the sieve.
func (c *compiler) place(field string) int {
	if i := slices.Index(c.sieve.fields, field); i >= 0 {
		return i
	}
	c.sieve.fields = append(c.sieve.fields, field)
	return len(c.sieve.fields) - 1
}

// Keep says whether the sync is about a person; if not, why is WrongEntity or
// FilteredOut and detail says in words which condition failed.
func (s *Sieve) Keep(p core.Person) (ok bool, why core.Reason, detail string) {
	index := s.indexes(p.Schema())
	if s.entities != nil && !s.entities.holds(p, index) {
		return false, core.WrongEntity, s.entities.fails
	}
	if detail, ok = s.root.holds(p, index); !ok {
		return false, core.FilteredOut, detail
	}
	return true, core.NoReason, ""
}

func (s *Sieve) indexes(schema *core.Schema) []int {
	if r := s.resolved.Load(); r != nil && r.schema == schema {
		return r.index
	}
	r := &resolved{schema: schema, index: make([]int, len(s.fields))}
	for i, f := range s.fields {
		r.index[i] = schema.Index(f)
	}
	s.resolved.Store(r)
	return r.index
}

// holds says whether a group holds, and the detail where it does not.
func (g *group) holds(p core.Person, index []int) (string, bool) {
	detail, ok := g.plain(p, index)
	if g.not {
		return g.detail, !ok
	}
	return detail, ok
}

// plain leaves Not aside.
func (g *group) plain(p core.Person, index []int) (string, bool) {
	for i := range g.conditions {
		if g.conditions[i].holds(p, index) == g.any {
			return g.conditions[i].fails, g.any
		}
	}
	for i := range g.groups {
		if detail, ok := g.groups[i].holds(p, index); ok == g.any {
			return detail, g.any
		}
	}
	if len(g.conditions)+len(g.groups) == 0 {
		return "", true
	}
	return g.detail, !g.any
}

// text gives what the group asks for, in words.
func (g *group) text() string {
	var parts []string
	for i := range g.conditions {
		parts = append(parts, g.conditions[i].asks)
	}
	for i := range g.groups {
		inner := "(" + g.groups[i].text() + ")"
		if g.groups[i].not {
			inner = "not " + inner
		}
		parts = append(parts, inner)
	}
	if g.any {
		return strings.Join(parts, " or ")
	}
	return strings.Join(parts, " and ")
}

// Wants gives the fields that the sieve has to be given.
func (s *Sieve) Wants() []string { return slices.Clone(s.fields) }

func walk(f core.Filter, visit func(core.Condition)) {
	for _, c := range f.Conditions {
		visit(c)
	}
	for _, g := range f.Groups {
		walk(g, visit)
	}
}

// Kept passes on the people that the sieve keeps and tells onSkip, which may be nil, of
// the others. Errors pass through.
func Kept(people iter.Seq2[core.Person, error], s *Sieve, onSkip func(core.Person, core.Reason, string)) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		for p, err := range people {
			if err == nil {
				ok, why, detail := s.Keep(p)
				if !ok {
					if onSkip != nil {
						onSkip(p, why, detail)
					}
					continue
				}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}
