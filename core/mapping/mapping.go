// Package mapping makes of each person the account that the person should have. It
// exists so that the engine, the mapping page and the preview of one person follow the
// same rules to the letter. It is pure: the time and the seed of random values come in.
package mapping

import (
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/core"
	"rollcall/core/expression"
)

// Input is what a mapper is made from.
type Input struct {
	Rules      []core.Rule
	Custom     []core.Custom
	Keys       []core.Key
	Attributes []core.Attribute // the target's
	Fields     []core.Field     // the source's; nil: not known, so that any field passes
	Now        time.Time        // the moment of the plan, the same for every person
	Create     bool             // accounts are created: every required attribute needs a rule
	Seed       [32]byte         // of random values; one seed gives one person the same values
	// Taken says whether the target already has a value; nil: it has none.
	Taken func(attribute, value string) bool
}

// Mapper makes desired accounts. It keeps buffers from one person to the next and is
// for one goroutine; Clone makes another for the next.
type Mapper struct {
	*rules
	schema *core.Schema // of the last person
	index  []int        // where the fields stand in it
	pack   *core.Packer
	person core.Person
	ctx    expression.Context
	absent presence // of the fields that the expression under way met, the least
	asked  bool     // it asked whether a value is taken
	dry    bool     // values are looked at, not reserved
	faults []fault
}

// presence says what a source told of a field that has no value.
type presence uint8

const (
	stated   presence = iota // it is empty
	unstated                 // nothing, for this person
	unknown                  // nothing, for anybody
)

func absence(index int) presence {
	if index < 0 {
		return unknown
	}
	return unstated
}

// rules is what the mappers of one compilation share. It does not change, apart from
// the reserved values, which have a lock of their own.
type rules struct {
	attributes []core.Attribute // with a rule, in the target's order
	steps      []step           // one an attribute
	labels     []label          // that have a place of their own
	keys       []keyLabel
	customs    map[string]custom
	fields     []string // that are read; steps name them by place
	place      map[string]int
	out        *core.Schema
	missing    []core.Attribute
	reserved   *reservations
	in         Input
}

// step makes one attribute's value.
type step struct {
	to       int // place in the schema that is made
	from     int // place among the fields; -1 for the other kinds
	constant string
	program  *expression.Program
	rule     core.Rule
	check    check
}

// label is a value for the plan beside the attributes.
type label struct {
	to, from int
	name     bool // the name to show, which may come from several fields
}

// keyLabel is a value to match by.
type keyLabel struct {
	to   int
	from []step // joined by a blank
}

// Wants gives the fields that the source has to give: those of rules, keys and labels.
func (m *Mapper) Wants() []string { return append([]string{}, m.fields...) }

// Schema gives the schema of desired accounts: the mapped attributes in the target's
// order, then the labels. A label that equals an attribute shares its place.
func (m *Mapper) Schema() *core.Schema { return m.out }

// Missing gives the required attributes that no rule makes.
func (m *Mapper) Missing() []core.Attribute { return m.missing }

// Clone makes a mapper for another goroutine. Both know of the values that either reserves.
func (m *Mapper) Clone() *Mapper { return newMapper(m.rules) }

func newMapper(r *rules) *Mapper {
	m := &Mapper{rules: r, index: make([]int, len(r.fields)), pack: core.NewPacker(r.out)}
	m.ctx = expression.Context{Field: m.field, Now: r.in.Now, Taken: m.taken}
	return m
}

// Desired gives the account that a person should have, and what is wrong with it. A
// value that the source does not give is not stated in the record, so that the
// account's own is kept, unless the rule says otherwise. A required attribute without a
// value is a ValueMissing flaw, which matters only where the account does not exist yet
// or the rule for empty values is Error.
func (m *Mapper) Desired(p core.Person) (core.Desired, []core.Flaw) {
	m.fill(p)
	return core.Desired{Record: m.pack.Pack()}, m.flaws()
}

// fill states the values of one person's account; Pack is left to the caller.
func (m *Mapper) fill(p core.Person) {
	m.look(p)
	m.faults = m.faults[:0]
	for i := range m.steps {
		s := &m.steps[i]
		if s.from < 0 {
			m.make(s)
			continue
		}
		i := m.index[s.from]
		switch v := p.At(i); {
		case !blank(v):
			m.state(s, v)
		case p.Has(i):
			m.empty(s, stated)
		default:
			m.empty(s, absence(i))
		}
	}
	m.label(p)
}

// blank says that a value is empty or of nothing but blanks, as files have them.
func blank(v string) bool {
	return v == "" || (v[0] <= ' ' || v[0] >= utf8.RuneSelf) && strings.TrimSpace(v) == ""
}

// look finds the fields in the person's schema, once a schema.
func (m *Mapper) look(p core.Person) {
	m.person = p
	if s := p.Schema(); s != m.schema || s == nil {
		m.schema = s
		for i, f := range m.fields {
			m.index[i] = s.Index(f)
		}
	}
}

func (m *Mapper) label(p core.Person) {
	for i := range m.labels {
		l := &m.labels[i]
		v := p.At(m.index[l.from])
		switch {
		case !blank(v):
			m.pack.Set(l.to, v)
		case l.name:
			m.pack.Set(l.to, p.Name())
		default:
			m.pack.Set(l.to, "")
		}
	}
	for i := range m.keys {
		m.pack.Set(m.keys[i].to, m.key(&m.keys[i]))
	}
}

// key joins the fields of a key; a person who lacks one of them has no key.
func (m *Mapper) key(k *keyLabel) string {
	joined := ""
	for i := range k.from {
		v := m.text(&k.from[i])
		if blank(v) {
			return ""
		}
		if i > 0 {
			joined += " "
		}
		joined += v
	}
	return joined
}

func (m *Mapper) text(s *step) string {
	if s.from >= 0 {
		return m.person.At(m.index[s.from])
	}
	v, err := m.eval(s)
	if err != nil {
		return ""
	}
	return v.Text()
}

// make states the value of a constant or an expression.
func (m *Mapper) make(s *step) {
	if s.program == nil {
		if s.constant == "" {
			m.empty(s, stated)
			return
		}
		m.pack.Set(s.to, s.constant)
		return
	}
	v, err := m.eval(s)
	switch {
	case err != nil:
		m.fault(s, bad, core.AsProblem(err).What)
	case v.LeaveOut():
	case blank(v.Text()):
		m.empty(s, m.absent)
	default:
		m.state(s, v.Text())
	}
}

// state checks a value and enters it. One that cannot be written is entered as it is,
// beside its flaw, so that the person at the screen sees it.
func (m *Mapper) state(s *step, value string) {
	if s.check.asks {
		good, what, detail := s.check.value(value)
		if what != 0 {
			m.fault(s, what, detail)
		} else {
			value = good
		}
	}
	m.pack.Set(s.to, value)
}

// empty follows the rule for empty values. A field that was not stated never clears; one
// that the source does not give to anybody has no default either, as it may be that a
// permission was lost.
func (m *Mapper) empty(s *step, field presence) {
	switch {
	case s.rule.Empty == core.Error:
		m.fault(s, missing, "the source gives no value")
		return
	case s.rule.Empty == core.Default && field != unknown:
		m.pack.Set(s.to, s.rule.Default)
		return
	case s.rule.Empty == core.Clear && field == stated && !s.check.attribute.Required:
		m.pack.Set(s.to, "")
		return
	}
	if s.check.attribute.Required {
		m.fault(s, missing, "the source gives no value")
	}
}
