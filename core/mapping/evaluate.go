package mapping

import (
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rollcall/core"
	"rollcall/core/expression"
)

// eval gives an expression's value for the person under way, and reserves it where it
// had to be unique.
func (m *Mapper) eval(s *step) (expression.Value, error) {
	m.ctx.Attribute, m.ctx.Longest, m.asked, m.absent = s.rule.Attribute, s.check.attribute.MaxLength, false, stated
	m.ctx.Random = nil
	if s.program.Volatile() {
		m.ctx.Random = m.random(s.rule.Attribute)
	}
	v, err := s.program.Eval(m.ctx)
	if err == nil && m.asked && !m.dry && !v.IsNull() {
		m.Reserve(s.rule.Attribute, v.Text(), m.person.ID())
	}
	return v, err
}

// random gives bytes that are the same each time for one seed, person and attribute: a
// plan that is made again from the same input is the same plan.
func (m *Mapper) random(attribute string) *rand.ChaCha8 {
	seed := append(m.in.Seed[:len(m.in.Seed):len(m.in.Seed)], m.person.ID()+"\x00"+attribute...)
	return rand.NewChaCha8(sha256.Sum256(seed))
}

// field answers an expression: a field of the source or one that a person defined.
func (m *Mapper) field(name string) (string, bool) {
	if c, ok := m.customs[name]; ok {
		if c.program == nil {
			return m.field(c.field)
		}
		v, err := c.program.Eval(expression.Context{Field: m.field, Now: m.in.Now})
		return v.Text(), err == nil && !v.IsNull()
	}
	i := m.schema.Index(name)
	if at, ok := m.place[name]; ok {
		i = m.index[at]
	}
	if !m.person.Has(i) {
		m.absent = max(m.absent, absence(i))
		return "", false
	}
	return m.person.At(i), true
}

func (m *Mapper) taken(attribute, value string) bool {
	m.asked = true
	if m.reserved.byOther(attribute, value, m.person.ID()) {
		return true
	}
	return m.in.Taken != nil && m.in.Taken(attribute, value)
}

// Reserve notes that a value of this plan is for one person, so that the expressions of
// everybody else find it taken. Values that expressions chose because they were free
// are reserved as they are made; the order of the people decides who gets which.
func (m *Mapper) Reserve(attribute, value, person string) {
	m.reserved.mu.Lock()
	defer m.reserved.mu.Unlock()
	k := reservation{attribute, folded(value)}
	if _, held := m.reserved.owner[k]; !held {
		m.reserved.owner[k] = person
	}
}

type reservation struct{ attribute, value string }

type reservations struct {
	mu    sync.Mutex
	owner map[reservation]string
}

func (r *reservations) byOther(attribute, value, person string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	owner, held := r.owner[reservation{attribute, folded(value)}]
	return held && (owner != person || person == "")
}

// folded gives text without case, in one Unicode form.
func folded(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		}
	}
	return strings.ToLower(s)
}

// Result is what one rule gives for one person.
type Result struct {
	Value string
	Kept  bool // nothing is written: the account keeps what it has
	Flaw  *core.Flaw
}

// Result gives what a rule, which need not be one of the mapper's own, gives for one
// person. It reserves nothing. The error is a BadRules problem of the rule itself.
func (m *Mapper) Result(p core.Person, rule core.Rule) (Result, error) {
	in := m.in
	in.Rules, in.Keys, in.Create = []core.Rule{rule}, nil, false
	one, err := Compile(in)
	if err != nil {
		return Result{}, err
	}
	one.reserved, one.dry = m.reserved, true
	d, flaws := one.Desired(p)
	r := Result{Value: d.At(0), Kept: !d.Has(0)}
	if len(flaws) > 0 {
		r.Flaw = &flaws[0]
	}
	return r, nil
}
