package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rollcall/core"
	"rollcall/core/mapping"
	"rollcall/core/suggest"
)

// Mapping is the board of fields and attributes: the rules of a sync, what they give for
// one person and for all, and the way back. It belongs to the screen's thread; what
// looks at all people is done by a Checker, which is a value.
type Mapping struct {
	Material Material
	setup    core.Setup
	past     []rules
	future   []rules
	sure     map[string]suggest.Proposal // of accepted proposals, by attribute
	filled   map[string]float64          // of fields, share of people who have a value
	samples  map[string][]string         // of fields, values of the first people
	sample   core.Person
	report   map[string]mapping.Problems
	now      time.Time
	values   map[string][]ValueCount // of fields, as far as somebody asked
	asked    int                     // counts the changes, so that a late report is known
}

// rules are what undo goes back to.
type rules struct {
	rules  []core.Rule
	custom []core.Custom
}

// NewMapping opens the board on what was read. Only people whom the filter keeps belong
// into the material.
func NewMapping(m Material, setup core.Setup, now time.Time) *Mapping {
	b := &Mapping{Material: m, setup: setup, sure: map[string]suggest.Proposal{}, filled: map[string]float64{}, samples: map[string][]string{}, values: map[string][]ValueCount{}, now: now}
	b.setup.Mapping, b.setup.Fields = slices.Clone(setup.Mapping), slices.Clone(setup.Fields)
	b.measure()
	if len(m.People) > 0 {
		b.sample = m.People[0]
	}
	return b
}

const fitSample = 50

func (b *Mapping) measure() {
	for _, f := range b.Material.Fields {
		n := 0
		for _, p := range b.Material.People {
			v := p.Value(f.ID)
			if v == "" {
				continue
			}
			if n++; n <= fitSample {
				b.samples[f.ID] = append(b.samples[f.ID], v)
			}
		}
		b.filled[f.ID] = -1
		if len(b.Material.People) > 0 {
			b.filled[f.ID] = float64(n) / float64(len(b.Material.People))
		}
	}
}

// Setup gives the setup with the rules as they stand.
func (b *Mapping) Setup() core.Setup { return b.setup }

// Sample gives the person whose values are shown.
func (b *Mapping) Sample() core.Person { return b.sample }

// SetSample shows another person's values.
func (b *Mapping) SetSample(p core.Person) { b.sample = p }

// Rule gives an attribute's rule.
func (b *Mapping) Rule(attribute string) (core.Rule, bool) {
	i := slices.IndexFunc(b.setup.Mapping, func(r core.Rule) bool { return r.Attribute == attribute })
	if i < 0 {
		return core.Rule{Attribute: attribute}, false
	}
	return b.setup.Mapping[i], true
}

// Attribute gives an attribute of the target.
func (b *Mapping) Attribute(id string) core.Attribute {
	for _, a := range b.Material.Attributes {
		if a.ID == id {
			return a
		}
	}
	return core.Attribute{ID: id, Label: id}
}

// change notes what was, for undo, and does something to the rules.
func (b *Mapping) change(do func()) {
	b.past = append(b.past, rules{slices.Clone(b.setup.Mapping), slices.Clone(b.setup.Fields)})
	b.future = nil
	do()
	b.changed()
}

func (b *Mapping) changed() { b.asked++ }

// CanUndo and CanRedo say whether there is a way back, and forth.
func (b *Mapping) CanUndo() bool { return len(b.past) > 0 }

// CanRedo is the opposite of CanUndo.
func (b *Mapping) CanRedo() bool { return len(b.future) > 0 }

// Undo takes the last change back.
func (b *Mapping) Undo() { b.step(&b.past, &b.future) }

// Redo makes it again.
func (b *Mapping) Redo() { b.step(&b.future, &b.past) }

func (b *Mapping) step(from, to *[]rules) {
	if len(*from) == 0 {
		return
	}
	*to = append(*to, rules{b.setup.Mapping, b.setup.Fields})
	last := (*from)[len(*from)-1]
	*from = (*from)[:len(*from)-1]
	b.setup.Mapping, b.setup.Fields = last.rules, last.custom
	b.changed()
}

// Map gives a field to an attribute. The rules of writing stay as they are.
func (b *Mapping) Map(field, attribute string) {
	r, _ := b.Rule(attribute)
	r.Field, r.Constant, r.Expression = field, nil, ""
	b.Set(r)
}

// Set replaces an attribute's rule.
func (b *Mapping) Set(r core.Rule) {
	b.change(func() { b.put(r) })
}

func (b *Mapping) put(r core.Rule) {
	if i := slices.IndexFunc(b.setup.Mapping, func(o core.Rule) bool { return o.Attribute == r.Attribute }); i >= 0 {
		b.setup.Mapping[i] = r
		return
	}
	b.setup.Mapping = append(b.setup.Mapping, r)
}

// Clear lets nothing be written to an attribute.
func (b *Mapping) Clear(attribute string) {
	if _, ok := b.Rule(attribute); !ok {
		return
	}
	b.change(func() {
		b.setup.Mapping = slices.DeleteFunc(b.setup.Mapping, func(r core.Rule) bool { return r.Attribute == attribute })
	})
}

// SetWrite changes when an attribute is written.
func (b *Mapping) SetWrite(attribute string, w core.WriteRule) {
	if r, ok := b.Rule(attribute); ok && cmp.Or(r.Write, core.Always) != w {
		r.Write = w
		b.Set(r)
	}
}

// Smart takes the proposals for attributes that have no rule yet, those worth showing:
// the sure ones and, marked by their confidence, the likely ones. It says how many.
func (b *Mapping) Smart() int {
	var taken []suggest.Proposal
	for _, p := range suggest.Mapping(suggestInput(b.Material)) {
		if _, has := b.Rule(p.Attribute); !has {
			taken = append(taken, p)
		}
	}
	if len(taken) == 0 {
		return 0
	}
	b.change(func() {
		for _, p := range taken {
			b.put(p.Rule)
			b.sure[p.Attribute] = p
		}
	})
	return len(taken)
}

// Confidence gives how sure the proposal is that an attribute's rule came from, in
// percent, and why; 0 where a person made the rule.
func (b *Mapping) Confidence(attribute string) (percent int, why string) {
	p, ok := b.sure[attribute]
	r, has := b.Rule(attribute)
	if !ok || !has || r.Field != p.Rule.Field || r.Expression != p.Rule.Expression || (r.Constant == nil) != (p.Rule.Constant == nil) {
		return 0, ""
	}
	return int(min(p.Score, 1)*100 + 0.5), p.Why
}

// Fields gives the source's fields and those that a person defined.
func (b *Mapping) Fields() []core.Field {
	all := slices.Clone(b.Material.Fields)
	for _, c := range b.setup.Fields {
		all = append(all, core.Field{ID: c.Name, Label: c.Name, Custom: true})
	}
	return all
}

// AddField defines a field by name and path. A name that is taken gives a problem.
func (b *Mapping) AddField(name, path string) error {
	name, path = strings.TrimSpace(name), strings.TrimSpace(path)
	bad := func(what, fix string) error { return &core.Problem{Code: core.BadRules, What: what, Fix: fix} }
	switch {
	case name == "":
		return bad("The field has no name.", "Give it one, for example “Work e-mail 2”.")
	case path == "":
		return bad("The field has no path.", "Write where it stands in the record, for example {{response.work.email}}.")
	case slices.ContainsFunc(b.Fields(), func(f core.Field) bool { return f.ID == name || strings.EqualFold(f.Label, name) }):
		return bad("There is a field “"+name+"” already.", "Choose another name.")
	}
	if _, err := mapping.Compile(b.input(append(slices.Clone(b.setup.Fields), core.Custom{Name: name, Path: path}))); err != nil {
		return err
	}
	b.change(func() { b.setup.Fields = append(b.setup.Fields, core.Custom{Name: name, Path: path}) })
	return nil
}

// FieldLabel gives a field's label, or its id where it is not known.
func (b *Mapping) FieldLabel(id string) string {
	for _, f := range b.Fields() {
		if f.ID == id {
			return cmp.Or(f.Label, f.ID)
		}
	}
	return id
}

func (b *Mapping) input(custom []core.Custom) mapping.Input {
	return mapping.Input{Custom: custom, Attributes: b.Material.Attributes, Now: b.now}
}

// Value gives a field's value for a person, those that a person defined included.
func (b *Mapping) Value(p core.Person, field string) string {
	if !slices.ContainsFunc(b.setup.Fields, func(c core.Custom) bool { return c.Name == field }) {
		return core.ShowValue(p.Value(field))
	}
	in := b.input(b.setup.Fields)
	in.Attributes = []core.Attribute{{ID: "value", Label: field}}
	m, err := mapping.Compile(in)
	if err != nil {
		return ""
	}
	r, err := m.Result(p, core.Rule{Attribute: "value", Field: field})
	if err != nil {
		return ""
	}
	return core.ShowValue(r.Value)
}

// Try gives what a rule would write for the sample person: the result, or what is wrong.
func (b *Mapping) Try(r core.Rule) (result string, kept bool, err error) {
	if b.sample.IsZero() {
		return "", true, nil
	}
	m, err := mapping.Compile(b.input(b.setup.Fields))
	if err != nil {
		return "", true, err
	}
	got, err := m.Result(b.sample, r)
	if err != nil {
		return "", true, err
	}
	if got.Flaw != nil && got.Flaw.Why == core.ValueBad {
		return "", true, &core.Problem{Code: core.BadRules, What: cmp.Or(got.Flaw.Detail, got.Flaw.Why.Text())}
	}
	return constantText(b.Attribute(r.Attribute), got.Value), got.Kept, nil
}

// MappingProgress says how far the mapping is.
type MappingProgress struct{ Mapped, All, Missing int }

// Progress counts the attributes that are mapped, and the required ones that are not.
func (b *Mapping) Progress() MappingProgress {
	var p MappingProgress
	for _, a := range b.writable() {
		p.All++
		if _, ok := b.Rule(a.ID); ok {
			p.Mapped++
		} else if a.Required && b.setup.Modes.Create {
			p.Missing++
		}
	}
	return p
}

func (b *Mapping) writable() []core.Attribute {
	return slices.DeleteFunc(slices.Clone(b.Material.Attributes), func(a core.Attribute) bool { return a.ReadOnly })
}

// SuggestKey fills in the identifier of a setup that has none: the employee number where
// the target holds it, else the work e-mail, else the first field that tells people apart.
func SuggestKey(m Material, s core.Setup) core.Setup {
	if field, _ := FirstKey(s); field != "" {
		return s
	}
	for _, i := range Identifiers(m) {
		if i.Attribute != "" && i.Unique() {
			return WithKey(s, i.Field.ID, i.Attribute)
		}
	}
	return s
}
