package suggest

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rollcall/core"
	"rollcall/core/expression"
)

// The numbers of midPoint's mapping suggestions, and ours.
const (
	mostPairs  = 1000 // that are looked at
	leastShare = 0.05 // of them with a value on both sides, for a proposal
	leastMatch = 0.10 // quality below which nothing is proposed
	manyPairs  = 30   // from which values decide
	fewValues  = 3    // below so many different values, equality may be chance
)

// transform is a cheap way to make one text of another.
type transform struct {
	name       string // for the sentence; "" is the text as it is
	apply      func(string) string
	expression string // %s is the field
}

var transforms = []transform{
	{"", func(s string) string { return s }, ""},
	{"without blanks around it", strings.TrimSpace, "Trim(%s)"},
	{"in small letters", func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }, "LCase(Trim(%s))"},
	{"in capital letters", func(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }, "UCase(Trim(%s))"},
	{"without accents", plain, "NormalizeDiacritics(%s)"},
	{"in small letters without accents", func(s string) string { return strings.ToLower(plain(s)) }, "LCase(NormalizeDiacritics(%s))"},
	{"in capital letters without accents", func(s string) string { return strings.ToUpper(plain(s)) }, "UCase(NormalizeDiacritics(%s))"},
	{"its first letter", firstLetter, "Left(%s, 1)"},
	{"the part before the @", func(s string) string { local, _, _ := strings.Cut(s, "@"); return local }, "EmailLocal(%s)"},
	{"the part after the @", func(s string) string { _, domain, _ := strings.Cut(s, "@"); return domain }, "EmailDomain(%s)"},
}

// plain takes accents off.
func plain(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

func firstLetter(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// valueTable holds the transformed values of every field over the pairs.
type valueTable struct {
	in     Input
	pairs  []Pair
	values map[string][][]string // field → transform → pair
}

func newValueTable(in Input) *valueTable {
	t := &valueTable{in: in, pairs: in.Pairs[:min(len(in.Pairs), mostPairs)], values: map[string][][]string{}}
	if len(t.pairs) == 0 {
		return t
	}
	for _, f := range in.Fields {
		if f.Kind == core.List {
			continue
		}
		all := make([][]string, len(transforms))
		for k, tr := range transforms {
			all[k] = make([]string, len(t.pairs))
			for i, p := range t.pairs {
				if v := p.Person.Value(f.ID); v != "" && !strings.Contains(v, core.ListSeparator) {
					all[k][i] = tr.apply(v)
				}
			}
		}
		t.values[f.ID] = all
	}
	return t
}

// likeness is how well one transform of one field gives an attribute's values.
type likeness struct {
	field     string
	transform transform
	same, of  int
	different int // values among those that are the same
}

func (l likeness) quality() float64 { return float64(l.same) / float64(max(l.of, 1)) }

// weigh adds what the values of linked people say: a proposal of their own, support for
// one by name, or doubt. References are named differently on the two sides.
func (t *valueTable) weigh(a core.Attribute, byName []Proposal) []Proposal {
	if len(t.pairs) == 0 || a.Kind == core.Reference || a.Kind == core.List {
		return byName
	}
	accounts := make([]string, len(t.pairs))
	for i, p := range t.pairs {
		accounts[i] = p.Account.Value(a.ID)
	}
	for i := range byName {
		t.judge(&byName[i], accounts)
	}
	if best, ok := t.best(accounts); ok {
		p := t.proposal(a, best)
		if _, err := expression.Compile(p.Rule.Expression); p.Rule.Expression == "" || err == nil {
			byName = append(byName, p)
		}
	}
	return byName
}

// judge changes the score of a proposal by name where enough pairs speak for or against it.
func (t *valueTable) judge(p *Proposal, accounts []string) {
	if p.Rule.Field == "" {
		return
	}
	l := t.compare(p.Rule.Field, 0, accounts, strings.EqualFold)
	if l.of < manyPairs {
		return
	}
	switch {
	case l.quality() >= 0.9:
		p.Score = max(p.Score, l.quality(), Sure)
		p.Why += " " + l.sentence()
	case l.quality() < 0.5:
		p.Score = min(p.Score, 0.8)
		p.Why += fmt.Sprintf(" But it is the same for only %d of %d linked people.", l.same, l.of)
	}
}

// best finds the field and transform that give most of the values; the simpler one and
// the earlier field of equals.
func (t *valueTable) best(accounts []string) (likeness, bool) {
	var best likeness
	for k := range transforms {
		for _, f := range t.in.Fields {
			if t.values[f.ID] == nil {
				continue
			}
			if l := t.compare(f.ID, k, accounts, same); float64(l.of) >= leastShare*float64(len(t.pairs)) && l.quality() > best.quality() {
				best = l
			}
		}
	}
	return best, best.quality() >= leastMatch
}

func same(a, b string) bool { return a == b }

func (t *valueTable) compare(field string, k int, accounts []string, equal func(a, b string) bool) likeness {
	l := likeness{field: field, transform: transforms[k]}
	if t.values[field] == nil {
		return l
	}
	seen := map[string]bool{}
	for i, want := range accounts {
		got := t.values[field][k][i]
		if got == "" || want == "" {
			continue
		}
		l.of++
		if equal(got, want) {
			l.same++
			seen[got] = true
		}
	}
	l.different = len(seen)
	return l
}

func (t *valueTable) proposal(a core.Attribute, l likeness) Proposal {
	p := Proposal{Attribute: a.ID, Rule: core.Rule{Attribute: a.ID}, Score: l.quality()}
	if l.of < manyPairs || l.different < fewValues {
		p.Score = min(p.Score, 0.9)
	}
	if l.transform.expression == "" {
		p.Rule.Field, p.Column = l.field, l.field
	} else {
		p.Rule.Expression = fmt.Sprintf(l.transform.expression, name(l.field))
	}
	p.Why = fmt.Sprintf("%s%s: %s", t.in.fieldLabel(l.field), prefixed(", ", l.transform.name), l.sentence())
	return p
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

func (l likeness) sentence() string {
	return fmt.Sprintf("Same for %d of %d linked people.", l.same, l.of)
}
