// Package expression is the small language in which a person says how an attribute is
// made of a person's fields. It exists so that a rule written for Microsoft Entra or
// Okta can be pasted and mean the same, with one meaning where the two disagree.
//
// A source text is one of two forms. A template is literal text with holes, each hole a
// field or an expression: {{firstName}}.{{lastName}}@corp.example. An expression is one
// value: LCase(Left(firstName, 1) + lastName). See isExpression for how they are told apart.
//
// Parsing is done by github.com/expr-lang/expr; the tree is then turned into closures over
// Value, because null, lazy arguments and Try mean here something that its machine does
// not know. Nothing here reads a clock, a network or a log: time, randomness and the
// directory come in through Context.
package expression

import (
	"io"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// MaxLength is the number of characters a source text may have, as in Microsoft Entra.
const MaxLength = 10_000

const (
	maxText = 1 << 20 // bytes in one value
	maxList = 100_000 // values in one list
	maxWork = 64 << 20
)

// Context is what an expression may ask while it is evaluated. Only Field is needed by
// every expression; a nil function makes those that need it say that it is not available.
type Context struct {
	// Field gives the text of a field of the person. Lists are joined with
	// core.ListSeparator. present is false when the source did not give the field.
	Field func(name string) (text string, present bool)
	// Now is the moment at which the plan is made: the same for every person.
	Now time.Time
	// Random gives random bytes; the engine seeds it for a preview.
	Random io.Reader
	// Attribute is the attribute that is being made; SelectUniqueValue asks about it.
	Attribute string
	// Longest is how many characters that attribute takes; 0 is any number. Values that
	// SelectUniqueValue gives a number are shortened to it.
	Longest int
	// Taken says whether the target or this plan already has that value.
	Taken func(attribute, value string) bool
	// Current gives the value that the account has now.
	Current func(attribute string) (string, bool)
	// Previous gives the value that a field had at the last sync.
	Previous func(field string) (string, bool)
	// Lookup finds a key in a table of the configuration.
	Lookup func(table, key string) (string, bool)
	// Person gives a field of another person, found by identifier.
	Person func(id, field string) (string, bool)
	// Manager gives a field of the person's manager.
	Manager func(field string) (string, bool)
	// InGroup says whether the account is in a group. mode is id, exact, startsWith,
	// contains or regex and says how group is meant.
	InGroup func(group, mode string) bool
	// Sequence gives the next number of a named counter.
	Sequence func(name string) int64
	// DefaultDomain is the target's default domain; empty when it has none.
	DefaultDomain string
}

// Program is a compiled source text. It is immutable and may be used by many at once.
type Program struct {
	root     eval
	fields   []string
	locals   int
	volatile bool
}

// Compile reads an expression or template. Any field name is accepted. The error is an
// *Error that says where and what is wrong.
func Compile(source string) (*Program, error) {
	if utf8.RuneCountInString(source) > MaxLength {
		return nil, mistake(0, "The expression is longer than 10,000 characters.", "Shorten it, or use Lookup with a table.")
	}
	if !utf8.ValidString(source) {
		return nil, mistake(0, "The expression holds bytes that are not text.", "Type it again.")
	}
	p, err := compileSource(source)
	if err != nil {
		return nil, locate(err, source)
	}
	return p, nil
}

// Fields gives the names of the fields that the program reads, sorted.
func (p *Program) Fields() []string { return slices.Clone(p.fields) }

// Volatile says whether two evaluations may give two values (Guid, RandomString,
// RandomNum, Sequence): such a program belongs in a rule that applies only at creation.
func (p *Program) Volatile() bool { return p.volatile }

var frames = sync.Pool{New: func() any { return new(frame) }}

// Eval gives the program's value for one person. Errors are *Error.
func (p *Program) Eval(c Context) (Value, error) {
	f := frames.Get().(*frame)
	f.ctx = c
	f.reserve(p.locals)
	v, err := p.root(f)
	v = f.finish(v)
	f.release()
	frames.Put(f)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// eval gives the value of one node of the tree.
type eval func(f *frame) (Value, error)

// frame is the state of one evaluation.
type frame struct {
	ctx    Context
	stack  []Value // arguments of the calls under way
	locals []Value // $item and the like
	work   int     // bytes handled so far
	secret bool    // a value that must not be shown went into the result
}

func (f *frame) reserve(locals int) {
	f.locals = slices.Grow(f.locals[:0], locals)[:locals]
}

// finish marks the result when something secret went into it.
func (f *frame) finish(v Value) Value {
	if f.secret && !v.IsNull() {
		v.flag |= flagSecret
	}
	return v
}

// release forgets the person before the frame is used for the next.
func (f *frame) release() {
	clear(f.stack[:cap(f.stack)])
	clear(f.locals)
	*f = frame{stack: f.stack[:0], locals: f.locals[:0]}
}

// charge counts work done and refuses values and evaluations that are too big.
func (f *frame) charge(v Value) error {
	size := v.size()
	f.work += size + 16
	switch {
	case v.kind == kindText && len(v.text) > maxText:
		return mistake(-1, "The value is longer than 1 MiB.", "Shorten it with Left.")
	case v.kind == kindList && len(v.ref.list) > maxList:
		return mistake(-1, "The list has more than 100,000 values.", "Filter it with Where.")
	case f.work > maxWork:
		return mistake(-1, "The expression does too much work for one person.", "Make it simpler.")
	}
	return nil
}
