package view

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/core"
)

// Refusal is everything about a row that was not done: the platform's sentence, what to do, the attributes that the
// sentence is about with what was to be written, and what the platform's own support finds the request by.
type Refusal struct {
	Name, What, Fix string
	About           []Change
	Others          int // attributes of the row that the sentence does not name
	Trace           string
	Unknown         bool // nobody can tell whether it was done
}

// Refusal gives what there is to know about an outcome with a problem.
func (f *Follow) Refusal(s Said) Refusal {
	row := &f.Plan.Rows[s.Row]
	name, _ := row.Subject()
	r := Refusal{Name: name, What: s.Problem.What, Fix: s.Problem.Fix, Trace: Trace(s.Problem), Unknown: s.Problem.Code == core.Unknown}
	about := f.about(s.Outcome)
	for _, c := range row.Cells {
		if !slices.Contains(about, c.Attribute) {
			r.Others++
			continue
		}
		ch := Change{Attribute: f.words.Label(c.Attribute), After: f.words.value(c.Attribute, c.After), Fresh: row.Verb == core.Create}
		if !ch.Fresh {
			ch.Before = f.words.value(c.Attribute, c.Before)
		}
		r.About = append(r.About, ch)
	}
	return r
}

// about gives the attributes of a row that a problem speaks of: those that it names in quotes, as targets write them, else
// those whose name stands in it as words.
func (f *Follow) about(o core.Outcome) []string {
	text := o.Problem.What + " " + o.Problem.Fix
	quoted := func(name string) bool { return strings.Contains(text, "“"+name+"”") }
	said := func(name string) bool { return len(name) > 4 && holdsPhrase(text, name) }
	for _, speaks := range []func(name string) bool{quoted, said} {
		var about []string
		for _, c := range f.Plan.Rows[o.Row].Cells {
			if !strings.HasPrefix(c.Attribute, "@") && (speaks(c.Attribute) || speaks(f.words.Label(c.Attribute))) {
				about = append(about, c.Attribute)
			}
		}
		if len(about) > 0 {
			return about
		}
	}
	return nil
}

// labels names attributes as a person reads them.
func (f *Follow) labels(attributes []string) []string {
	labels := make([]string, len(attributes))
	for i, a := range attributes {
		labels[i] = f.words.Label(a)
	}
	return labels
}

// holdsPhrase says that words stand in a text as such, not as parts of others.
func holdsPhrase(text, words string) bool {
	text, words = strings.ToLower(text), strings.ToLower(words)
	for {
		at := strings.Index(text, words)
		if at < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(words):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return true
		}
		text = text[at+len(words):]
	}
}

// traced is an error that knows what the platform's support finds a request by: its codes and the id of the request.
type traced interface {
	error
	Trace() string
}

// Trace gives what a platform's support finds a refused request by, or "".
func Trace(p *core.Problem) string {
	if t, is := errors.AsType[traced](p.Cause); is {
		return t.Trace()
	}
	return ""
}

// upperFirst begins a sentence with a name that stands within one otherwise.
func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
