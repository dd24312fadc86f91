package view

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rollcall/core"
	"rollcall/core/filter"
)

// FilterCount is what a filter does to the people who were read.
type FilterCount struct {
	Read, Kept int
	Out        []LeftOut // up to mostLeftOut of those who fall out
	More       int       // who fall out beyond those
	Problem    *core.Problem
}

// LeftOut is a person who falls out, and why.
type LeftOut struct{ Name, Number, Why string }

const mostLeftOut = 2000

// Sentence says the count: "212 of 250 people are kept".
func (c FilterCount) Sentence() string {
	verb := "are"
	if c.Kept == 1 {
		verb = "is"
	}
	return Thousands(c.Kept) + " of " + Count(c.Read, "person", "people") + " " + verb + " kept"
}

// CountFilter tries a filter on people. Conditions that are not finished yet are passed
// over, so that the count goes on while one is typed.
func CountFilter(f core.Filter, entities []string, people []core.Person, today time.Time) FilterCount {
	c := FilterCount{Read: len(people)}
	sieve, err := filter.Compile(Finished(f), entities, today)
	if err != nil {
		c.Problem, c.Kept = core.AsProblem(err), len(people)
		return c
	}
	for _, p := range people {
		ok, why, detail := sieve.Keep(p)
		switch {
		case ok:
			c.Kept++
		case len(c.Out) < mostLeftOut:
			c.Out = append(c.Out, LeftOut{p.Name(), p.Value("employeeNumber"), cmp.Or(detail, why.Text())})
		default:
			c.More++
		}
	}
	return c
}

// Meant leaves in the material the people whom a setup's filter keeps.
func Meant(m Material, s core.Setup, today time.Time) Material {
	sieve, err := filter.Compile(s.Filter, s.Entities, today)
	if err != nil {
		return m // the filter's own step says what is wrong with it
	}
	var kept []core.Person
	for _, p := range m.People {
		if ok, _, _ := sieve.Keep(p); ok {
			kept = append(kept, p)
		}
	}
	m.People = kept
	return m
}

// Finished leaves out the conditions that have no value yet, and groups left empty by
// it. The result shares nothing with the filter that a person goes on editing.
func Finished(f core.Filter) core.Filter {
	out := core.Filter{Any: f.Any, Not: f.Not}
	for _, c := range f.Conditions {
		if finished(c) {
			c.Values = slices.Clone(c.Values)
			out.Conditions = append(out.Conditions, c)
		}
	}
	for _, g := range f.Groups {
		if g = Finished(g); !g.IsZero() {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

func finished(c core.Condition) bool {
	switch n := ValuesOf(c.Operator); {
	case c.Field == "" || c.Operator == "":
		return false
	case n == filter.None:
		return true
	case n == filter.Two:
		return len(c.Values) == 2 && c.Values[0] != "" && c.Values[1] != ""
	default:
		return len(c.Values) > 0 && c.Values[0] != ""
	}
}

// ValuesOf says how many values an operator takes.
func ValuesOf(operator string) string {
	for _, kind := range []core.Kind{core.Text, core.Number, core.Date, core.List, core.Bool} {
		for _, o := range filter.Operators(kind) {
			if o.ID == operator {
				return o.Values
			}
		}
	}
	return filter.One
}

// KindOf gives the kind of a field, or text where it is not known.
func KindOf(fields []core.Field, id string) core.Kind {
	for _, f := range fields {
		if f.ID == id {
			return f.Kind
		}
	}
	return core.Text
}

// NewCondition is the condition that a press on Add begins with.
func NewCondition(fields []core.Field) core.Condition {
	field := "department"
	if !slices.ContainsFunc(fields, func(f core.Field) bool { return f.ID == field }) && len(fields) > 0 {
		field = fields[0].ID
	}
	return core.Condition{Field: field, Operator: filter.Operators(KindOf(fields, field))[0].ID}
}

// WithField gives a condition another field; an operator that makes no sense for it is
// replaced by the first that does.
func WithField(c core.Condition, fields []core.Field, id string) core.Condition {
	ops := filter.Operators(KindOf(fields, id))
	if !slices.ContainsFunc(ops, func(o filter.Operator) bool { return o.ID == c.Operator }) {
		c.Operator = ops[0].ID
	}
	return core.Condition{Field: id, Operator: c.Operator}
}

// Suggestion is a value that people have, and how many.
type Suggestion struct {
	Value  string
	People int
}

const mostSuggestions = 24

// Suggestions are the values of a field that occur most.
func Suggestions(people []core.Person, field string) []Suggestion {
	counts := map[string]int{}
	for _, p := range people {
		for _, v := range core.SplitList(p.Value(field)) {
			counts[v]++
		}
	}
	all := make([]Suggestion, 0, len(counts))
	for _, v := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, Suggestion{v, counts[v]})
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return cmp.Compare(b.People, a.People) })
	return all[:min(len(all), mostSuggestions)]
}

// LegalEntities are the legal entities of the people, the largest first.
func LegalEntities(people []core.Person) []Suggestion { return Suggestions(people, "legalEntity") }
