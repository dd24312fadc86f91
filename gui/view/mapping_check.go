package view

import (
	"context"
	"slices"
	"strings"

	"rollcall/core"
	"rollcall/core/expression"
	"rollcall/core/mapping"
)

// ProblemKind is a kind of problem over all people.
type ProblemKind string

// The kinds.
const (
	NoTrouble   ProblemKind = ""
	EmptyValue  ProblemKind = "empty"
	LongValue   ProblemKind = "long"
	BadValue    ProblemKind = "bad"
	SharedValue ProblemKind = "shared"
)

// Checker looks at all people. It is a snapshot of the rules and may be used on another
// goroutine while the board goes on changing.
type Checker struct {
	in     mapping.Input
	people []core.Person
	asked  int
}

// Report is what a Checker found.
type Report struct {
	found map[string]mapping.Problems
	asked int
}

// Checker gives one for the rules as they stand. Rules that cannot be followed are left
// out: their own rows say so.
func (b *Mapping) Checker() Checker {
	in := b.input(slices.Clone(b.setup.Fields))
	for _, r := range b.setup.Mapping {
		one := in
		one.Rules = []core.Rule{r}
		if _, err := mapping.Compile(one); err == nil {
			in.Rules = append(in.Rules, r)
		}
	}
	return Checker{in, b.Material.People, b.asked}
}

// Check looks at everybody.
func (c Checker) Check(context.Context) (Report, error) {
	r := Report{map[string]mapping.Problems{}, c.asked}
	m, err := mapping.Compile(c.in)
	if err != nil {
		return r, err
	}
	for _, p := range m.Problems(slices.Values(c.people)) {
		r.found[p.Attribute] = p
	}
	return r, nil
}

// SetReport shows what was found, unless the rules have changed since; then it says so.
func (b *Mapping) SetReport(r Report) bool {
	if r.asked != b.asked {
		return false
	}
	b.report = r.found
	return true
}

// warning says what is wrong with an attribute over all people. A value that is missing
// matters where the attribute is required, or where the person asked to be told.
func (b *Mapping) warning(r core.Rule, a core.Attribute) (string, ProblemKind) {
	p, ok := b.report[a.ID]
	_, key := FirstKey(b.setup)
	have := func(n int) string {
		if n == 1 {
			return "1 person has "
		}
		return Thousands(n) + " people have "
	}
	switch {
	case !ok:
		return "", NoTrouble
	case p.Bad.People > 0:
		return have(p.Bad.People) + "a value that cannot be written", BadValue
	case p.TooLong.People > 0:
		return have(p.TooLong.People) + "a value that is too long", LongValue
	case p.Duplicate.People > 0:
		return have(p.Duplicate.People) + "the same value as somebody else", SharedValue
	case p.Empty.People > 0 && (a.Required || a.ID == key || r.Empty == core.Error):
		return have(p.Empty.People) + "no value", EmptyValue
	}
	return "", NoTrouble
}

// Concerned lists the people whom a problem of an attribute concerns.
func (c Checker) Concerned(_ context.Context, attribute string, kind ProblemKind) ([]LeftOut, error) {
	i := slices.IndexFunc(c.in.Rules, func(r core.Rule) bool { return r.Attribute == attribute })
	if i < 0 {
		return nil, nil
	}
	one := c.in
	one.Rules = []core.Rule{c.in.Rules[i]}
	m, err := mapping.Compile(one)
	if err != nil {
		return nil, err
	}
	owners := map[string][]int{}
	var out []LeftOut
	for n, p := range c.people {
		d, flaws := m.Desired(p)
		value, why := d.At(0), ""
		bad := slices.IndexFunc(flaws, func(f core.Flaw) bool { return f.Why == core.ValueBad })
		switch {
		case kind == SharedValue && value != "":
			owners[strings.ToLower(value)] = append(owners[strings.ToLower(value)], n)
			continue
		case kind == EmptyValue && value == "" && bad < 0:
			why = "No value"
		case (kind == BadValue || kind == LongValue) && bad >= 0:
			why = flaws[bad].Detail
		default:
			continue
		}
		if out = append(out, leftOut(p, why)); len(out) == mostLeftOut {
			break
		}
	}
	if kind == SharedValue {
		out = c.shared(owners)
	}
	return out, nil
}

func (c Checker) shared(owners map[string][]int) []LeftOut {
	var places []int
	value := map[int]string{}
	for v, who := range owners {
		if len(who) > 1 {
			for _, n := range who {
				value[n] = v
			}
			places = append(places, who...)
		}
	}
	slices.SortFunc(places, func(a, b int) int { return strings.Compare(value[a], value[b]) })
	var out []LeftOut
	for _, n := range places[:min(len(places), mostLeftOut)] {
		out = append(out, leftOut(c.people[n], value[n]))
	}
	return out
}

func leftOut(p core.Person, why string) LeftOut {
	return LeftOut{p.Name(), p.Value("employeeNumber"), why}
}

// FunctionHelp is a function of the expression language, as the editor lists it.
type FunctionHelp = expression.Function

// Functions lists the functions that a search leaves.
func Functions(search string) []FunctionHelp {
	var out []FunctionHelp
	for _, f := range expression.Functions() {
		if holdsWords(search, f.Name, f.Group, f.Help, strings.Join(f.Aliases, " ")) {
			out = append(out, f)
		}
	}
	return out
}

// FindPeople gives the people that a search leaves, up to a number.
func FindPeople(people []core.Person, search string, most int) []core.Person {
	var out []core.Person
	for _, p := range people {
		if holdsWords(search, p.Name(), p.Value("employeeNumber"), p.Value("email"), p.Value("department")) {
			if out = append(out, p); len(out) == most {
				break
			}
		}
	}
	return out
}
