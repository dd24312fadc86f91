package suggest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
	"rollcall/core/expression"
)

// Input is what proposals are made from. Only Fields and Attributes are needed.
type Input struct {
	Fields     []core.Field
	People     []core.Person // a sample
	Attributes []core.Attribute
	Pairs      []Pair // people whose account is known
}

// Pair is a person and the account that is theirs.
type Pair struct {
	Person  core.Person
	Account core.Account
}

// Proposal is a rule for an attribute, with how sure it is and why, in a sentence.
type Proposal struct {
	Attribute string
	Rule      core.Rule
	// Column is the source's own name of the field: the column behind a canonical
	// field, else the field itself; empty for an expression.
	Column   string
	Score    float64
	Accepted bool
	Why      string
}

// Mapping proposes at most one rule for each attribute, in the order of the attributes.
// Proposals below Likely are left out; Accepted holds from Sure on.
func Mapping(in Input) []Proposal {
	g := newGuesser(in)
	var all []Proposal
	for _, a := range in.Attributes {
		if !a.ReadOnly {
			all = append(all, g.candidates(a)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Proposal) int { return cmp.Compare(b.Score, a.Score) })
	return g.choose(all)
}

// choose gives each attribute its best proposal. A field that one attribute has for
// certain is not offered to another one by mere likeness.
func (g *guesser) choose(all []Proposal) []Proposal {
	chosen, used := map[string]Proposal{}, map[string]bool{}
	for _, p := range all {
		if _, done := chosen[p.Attribute]; done || p.Score < Likely || p.Score < Sure && p.Column != "" && used[p.Column] && !repeats(p.Attribute) {
			continue
		}
		p.Accepted = p.Score >= Sure
		chosen[p.Attribute] = p
		if p.Column != "" {
			used[p.Column] = true
		}
	}
	var out []Proposal
	for _, a := range g.in.Attributes {
		if p, ok := chosen[a.ID]; ok {
			out = append(out, p)
		}
	}
	return out
}

// repeats says that an attribute may hold what another one holds already.
func repeats(attribute string) bool {
	_, known := knownAttribute(attribute)
	return known || understand(attribute).field == login
}

// origin is where a canonical field comes from.
type origin struct {
	field  string // the id to put into a rule
	column string
	score  float64
}

// guesser holds what is the same for all attributes.
type guesser struct {
	in        Input
	canonical map[string]origin // by canonical field, and login
	plain     bool              // the attributes are canonical fields themselves
	samples   Samples
	values    *valueTable
}

func newGuesser(in Input) *guesser {
	g := &guesser{in: in, canonical: map[string]origin{}, samples: Samples{}}
	for _, f := range in.Fields {
		for _, p := range in.People {
			g.samples[f.ID] = append(g.samples[f.ID], p.Value(f.ID))
		}
	}
	g.plain = !slices.ContainsFunc(in.Attributes, func(a core.Attribute) bool { _, ok := core.CanonicalField(a.ID); return !ok })
	g.findCanonical()
	g.values = newValueTable(in)
	return g
}

// findCanonical finds what the source's fields mean. A file gives canonical fields
// beside the columns that it recognised: then the header says how sure that is. Columns
// that it did not recognise, and fields discovered in a live system, take the place of
// no canonical field that the source gives.
func (g *guesser) findCanonical() {
	var columns []core.Field
	given, behind := map[string]bool{}, map[string]bool{}
	for _, f := range g.in.Fields {
		if _, ok := core.CanonicalField(f.ID); ok {
			given[f.ID] = true
			continue
		}
		if strings.HasPrefix(f.ID, core.RawPrefix) {
			continue
		}
		columns = append(columns, f)
		m := understand(cmp.Or(f.Label, f.ID))
		behind[m.field] = behind[m.field] || !f.Custom
		if m.field == login && g.canonical[login].score < m.score {
			g.canonical[login] = origin{f.ID, f.ID, m.score}
		}
	}
	for field, m := range Fields(columns, g.samples) {
		switch {
		case !given[field]:
			g.canonical[field] = origin{m.Column, m.Column, m.Score}
		case behind[field] && understand(m.Column).field == field:
			g.canonical[field] = origin{field, m.Column, m.Score}
		case behind[field]:
			g.canonical[field] = origin{m.Column, m.Column, m.Score}
		}
	}
	for field := range given {
		if !behind[field] && !(g.plain && g.workedOut(field, columns)) {
			g.canonical[field] = origin{field, field, fits(field, g.samples[field])}
		}
	}
	// A call name is the first name where the source has no other: “Roepnaam”.
	if call := g.canonical["preferredName"]; !g.plain && g.canonical["firstName"].score < Sure && g.canonical["lastName"].score >= Sure && call.score >= Sure {
		g.canonical["firstName"] = call
	}
}

// workedOut says that a file gives the field without having a column of that name, as
// it does with the ID and the status. Of its own columns a file also gives the raw text.
func (g *guesser) workedOut(field string, columns []core.Field) bool {
	if len(g.in.People) == 0 {
		return false
	}
	schema := g.in.People[0].Schema()
	raw := func(id string) bool { return schema.Index(core.RawPrefix+id) >= 0 }
	return !raw(field) && slices.ContainsFunc(columns, func(c core.Field) bool { return raw(c.ID) })
}

// candidates gives every proposal for one attribute.
func (g *guesser) candidates(a core.Attribute) []Proposal {
	byName := g.byName(a)
	if p, ok := g.sameName(a); ok {
		byName = append(byName, p)
	}
	return g.values.weigh(a, byName)
}

func (g *guesser) byName(a core.Attribute) []Proposal {
	if g.plain {
		return g.direct(a, a.ID, 1, "The column's name says so.")
	}
	fields, ok := knownAttribute(a.ID)
	if !ok {
		return g.likely(a)
	}
	if a.AtCreate && slices.Contains(fields, login) { // an address may change, and such a login never does
		fields = []string{login, mailLogin, madeLogin}
	}
	for i, field := range fields {
		if g.named(a, field) {
			return nil
		}
		score := 1.0
		if i > 0 && !strings.HasPrefix(field, "@") && field != "email" && field != "managerEmail" {
			score = 0.9
		}
		if p := g.direct(a, field, score, "The usual source of this attribute."); len(p) > 0 {
			return p
		}
		if p, ok := g.made(a, field); ok {
			return []Proposal{p}
		}
	}
	return nil
}

// named says that a text holds the manager's name, as Okta's “manager” does: another
// attribute refers to the manager.
func (g *guesser) named(a core.Attribute, field string) bool {
	return field == "managerId" && a.Kind == core.Text && slices.ContainsFunc(g.in.Attributes, func(other core.Attribute) bool { return other.Kind == core.Reference })
}

// likely understands the name of an attribute of a schema that we do not know.
func (g *guesser) likely(a core.Attribute) []Proposal {
	m := understand(a.ID)
	if byLabel := understand(a.Label); byLabel.score > m.score {
		m = byLabel
	}
	if m.field == "" {
		return nil
	}
	if p := g.direct(a, m.field, m.score, "Both names mean the same."); len(p) > 0 {
		return p
	}
	if m.field == login && m.score >= Sure {
		return g.direct(a, "email", 0.9, "People often sign in with their e-mail address.")
	}
	return nil
}

func (g *guesser) direct(a core.Attribute, field string, score float64, why string) []Proposal {
	o, ok := g.canonical[field]
	if !ok || !compatible(a.Kind, field) {
		return nil
	}
	p := Proposal{Attribute: a.ID, Rule: core.Rule{Attribute: a.ID, Field: o.field}, Column: o.column, Score: score * o.score, Why: why}
	if v := g.misfit(a, o.field); v != "" {
		p.Score = min(p.Score, Likely)
		p.Why += fmt.Sprintf(" But “%s” is none of the values that the attribute takes.", v)
	}
	return []Proposal{p}
}

// misfit gives a value of the field that is none of the attribute's choices, "" where
// the attribute has none or all values that are known fit.
func (g *guesser) misfit(a core.Attribute, field string) string {
	if len(a.Choices) == 0 {
		return ""
	}
	for _, joined := range g.samples[field] {
		for _, v := range core.SplitList(joined) {
			is := func(c core.Choice) bool { return strings.EqualFold(c.Value, v) || strings.EqualFold(c.Label, v) }
			if v != "" && !slices.ContainsFunc(a.Choices, is) {
				return v
			}
		}
	}
	return ""
}

// compatible refuses what can never be written: a name into a date.
func compatible(kind core.Kind, field string) bool {
	f, _ := core.CanonicalField(field)
	switch kind {
	case core.Date, core.Email:
		return f.Kind == kind
	case core.Reference:
		return field == "managerId" || field == "managerEmail"
	case core.Bool, core.Number:
		return false
	}
	return true
}

// made proposes an expression of the person's name. Only what a directory insists on is
// accepted by itself where it is a guess.
func (g *guesser) made(a core.Attribute, what string) (Proposal, bool) {
	if what == countryCode {
		return g.inTwoLetters(a)
	}
	n, ok := g.names()
	if mail := g.canonical["email"]; mail.score >= Sure {
		n.email = name(mail.field)
	}
	if !ok && what != mailLogin {
		return Proposal{}, false
	}
	p := Proposal{Attribute: a.ID, Rule: core.Rule{Attribute: a.ID}, Score: 0.97}
	if p.Rule.Expression, p.Why = made(what, n); p.Rule.Expression == "" {
		return Proposal{}, false
	}
	if _, err := expression.Compile(p.Rule.Expression); err != nil {
		return Proposal{}, false // a header with brackets or quotes, which no expression can name
	}
	if what == madeLogin || what == shortLogin || what == mailLogin {
		p.Rule.Write = core.CreateOnly
	}
	if what != fullName && !a.Required {
		p.Score = 0.9
	}
	return p, true
}

// inTwoLetters proposes the country's code, however the source writes the country.
func (g *guesser) inTwoLetters(a core.Attribute) (Proposal, bool) {
	o, ok := g.canonical["country"]
	p := Proposal{Attribute: a.ID, Rule: core.Rule{Attribute: a.ID, Expression: "CountryAlpha2(" + name(o.field) + ")"}, Score: o.score, Why: "The country in two letters."}
	if _, err := expression.Compile(p.Rule.Expression); !ok || err != nil {
		return Proposal{}, false // a header that no expression can name
	}
	return p, true
}

// names finds what the two halves of a name are made of.
func (g *guesser) names() (names, bool) {
	first, last, whole := g.canonical["firstName"], g.canonical["lastName"], g.canonical["displayName"]
	switch {
	case first.score >= Sure && last.score >= Sure:
		return names{first: name(first.field), last: name(last.field)}, true
	case whole.score >= Sure:
		parts := "NameParts(" + name(whole.field) + ")"
		return names{first: "Item(" + parts + ", 1)", last: "Item(" + parts + ", 2)", cut: true}, true
	}
	return names{}, false
}

// sameName finds a field that is called as the attribute is, whatever that means.
func (g *guesser) sameName(a core.Attribute) (Proposal, bool) {
	if _, ok := knownAttribute(a.ID); ok || g.plain || a.Kind == core.Reference {
		return Proposal{}, false
	}
	id, title := strings.Join(tokens(a.ID), ""), strings.Join(tokens(a.Label), "")
	for _, f := range g.in.Fields {
		for _, n := range []string{strings.Join(tokens(f.ID), ""), strings.Join(tokens(f.Label), "")} {
			if n != "" && (n == id || n == title) && (f.Kind == a.Kind || a.Kind == core.Text) {
				return Proposal{Attribute: a.ID, Rule: core.Rule{Attribute: a.ID, Field: f.ID}, Column: f.ID, Score: 0.96, Why: "Both have the same name."}, true
			}
		}
	}
	return Proposal{}, false
}

// fieldLabel gives a field as a person knows it.
func (in Input) fieldLabel(id string) string {
	for _, f := range in.Fields {
		if f.ID == id && f.Label != "" {
			return f.Label
		}
	}
	return fmt.Sprintf("“%s”", id)
}
