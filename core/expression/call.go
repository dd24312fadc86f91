package expression

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// builder compiles a call whose arguments are not all values, such as Select($x, …).
type builder func(c *compiler, call *ast.CallNode, at int) (eval, error)

func (c *compiler) callNode(n *ast.CallNode) (eval, error) {
	at := c.unit.place(n)
	name, args := "", n.Arguments
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		name = callee.Value
	case *ast.MemberNode: // a method: the value before the point is the first argument
		property, ok := callee.Property.(*ast.StringNode)
		if !ok {
			return nil, mistake(at, "Only a function can be called.", "Write its name before ( ).")
		}
		name, args = property.Value, append([]ast.Node{callee.Node}, args...)
	}
	canonical, isFunction := strings.CutPrefix(name, "fn_")
	fn, ok := known(canonical)
	if !isFunction || !ok {
		return nil, mistake(at, "Only a function can be called.", "Write an operator before the parenthesis.")
	}
	return c.call(fn, args, at)
}

// call compiles a call of fn.
func (c *compiler) call(fn *function, args []ast.Node, at int) (eval, error) {
	if len(args) < fn.min || fn.max >= 0 && len(args) > fn.max {
		return nil, mistake(at, fmt.Sprintf("%s has %s.", fn.name, countOf(len(args), "argument")), "Write "+fn.signature+".")
	}
	c.volatile = c.volatile || fn.volatile
	for _, field := range fn.reads {
		c.fields[field] = true
	}
	if name, ok := c.literal(args, 0); ok && fn.readsNamed {
		c.fields[name.text] = true
	}
	if fn.build != nil {
		return fn.build(c, &ast.CallNode{Arguments: args}, at)
	}
	values, err := c.nodes(args)
	if err != nil {
		return nil, err
	}
	if err := c.checkPatterns(fn, args); err != nil {
		return nil, err
	}
	if fn.lazy != nil {
		return lazyCall(fn, values), nil
	}
	return eagerCall(fn, values), nil
}

func countOf(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// checkPatterns refuses a wrong regular expression that is written out, before any row.
func (c *compiler) checkPatterns(fn *function, args []ast.Node) error {
	for _, i := range fn.patterns {
		t, ok := c.literal(args, i)
		if !ok {
			continue
		}
		if _, err := pattern(t.text); err != nil {
			err.(*Error).At = t.at
			return within(err, fn.name)
		}
	}
	return nil
}

// literal gives an argument that is text written out, without holes.
func (c *compiler) literal(args []ast.Node, i int) (token, bool) {
	if i >= len(args) {
		return token{}, false
	}
	id, ok := args[i].(*ast.IdentifierNode)
	if !ok {
		return token{}, false
	}
	t, ok := c.token(id.Value)
	return t, ok && t.kind == tokText && t.pieces == nil
}

func (fn *function) available(f *frame) error {
	if fn.needs != nil && !fn.needs(&f.ctx) {
		return refuse("Use it where the plan and the target are known, as in the mapping of a target.", "it is not available here.")
	}
	return nil
}

// eagerCall evaluates all arguments, then the function.
func eagerCall(fn *function, args []eval) eval {
	return func(f *frame) (Value, error) {
		if err := fn.available(f); err != nil {
			return Value{}, within(err, fn.name)
		}
		base := len(f.stack)
		for _, arg := range args {
			v, err := arg(f)
			if err != nil {
				f.stack = f.stack[:base]
				return Value{}, err
			}
			f.work += len(v.text)
			f.stack = append(f.stack, v)
		}
		values := f.stack[base:]
		if fn.strict && values[0].IsNull() {
			f.stack = f.stack[:base]
			return Value{}, nil
		}
		v, err := fn.call(f, values)
		f.stack = f.stack[:base]
		if err == nil {
			err = f.charge(v)
		}
		if err != nil {
			return Value{}, within(err, fn.name)
		}
		return v, nil
	}
}

// lazyCall leaves it to the function which arguments are evaluated.
func lazyCall(fn *function, args []eval) eval {
	return func(f *frame) (Value, error) {
		if err := fn.available(f); err != nil {
			return Value{}, within(err, fn.name)
		}
		base := len(f.stack)
		v, err := fn.lazy(f, args)
		f.stack = f.stack[:base]
		f.work += 16
		if err == nil && f.work > maxWork {
			err = f.charge(Value{})
		}
		if err != nil {
			return Value{}, within(err, fn.name)
		}
		return v, nil
	}
}

// member compiles value[index] and LookupPerson(id).field.
func (c *compiler) member(n *ast.MemberNode) (eval, error) {
	at := c.unit.place(n)
	property, named := n.Property.(*ast.StringNode)
	if named {
		t, _ := c.token(property.Value)
		call, isCall := n.Node.(*ast.CallNode)
		if !isCall || t.kind != tokProperty {
			return nil, mistake(at, "A value has no parts.", "Write the whole path in braces, as in {{response.work.email}}.")
		}
		return c.personField(call, t.text, at)
	}
	value, err := c.node(n.Node)
	if err != nil {
		return nil, err
	}
	index, err := c.node(n.Property)
	if err != nil {
		return nil, err
	}
	return eagerCall(&function{name: "List index", strict: true, call: itemAtIndex}, []eval{value, index}), nil
}

// personField compiles LookupPerson(id).email as LookupPerson(id, "email").
func (c *compiler) personField(call *ast.CallNode, field string, at int) (eval, error) {
	callee, ok := call.Callee.(*ast.IdentifierNode)
	if !ok || callee.Value != "fn_LookupPerson" || len(call.Arguments) != 1 {
		return nil, mistake(at, "Only LookupPerson(id) has fields.", "Write LookupPerson(managerId).email, for example.")
	}
	id, err := c.node(call.Arguments[0])
	if err != nil {
		return nil, err
	}
	fn, _ := known("LookupPerson")
	return eagerCall(fn, []eval{id, constant(text(field))}), nil
}

// pattern compiles a regular expression of the RE2 kind.
func pattern(s string) (*regexp.Regexp, error) {
	if re, ok := patterns.get(s); ok {
		return re, nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return nil, explainPattern(s, err)
	}
	patterns.put(s, re)
	return re, nil
}

func explainPattern(s string, err error) error {
	for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.Contains(s, look) {
			return refuse("Write the pattern without it, for example with a group and Extract.", "look-around (%s) is not supported in regular expressions.", look)
		}
	}
	return &Error{At: -1, what: fmt.Sprintf("%s is not a regular expression that is understood.", quoted(s)), fix: "Use RE2 syntax; back-references and look-around are not supported.", cause: err}
}
