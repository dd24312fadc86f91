package expression

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// compiler turns a tree into closures and notes what the program needs.
type compiler struct {
	fields   map[string]bool
	locals   int            // slots needed
	scope    map[string]int // $item -> slot
	volatile bool
	unit     unit
}

// unit is one text given to the parser. Fields, texts and names stand in it as f_3, t_4,
// fn_Left, p_5: the number is the token's, so no name can collide with the parser's words.
type unit struct {
	tokens  []token
	offsets []int // where each token begins in what the parser read
	end     int   // where the source ends
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// written gives what the parser reads for a token.
func written(i int, t token) string {
	switch t.kind {
	case tokField:
		return "f_" + strconv.Itoa(i)
	case tokText:
		return "t_" + strconv.Itoa(i)
	case tokProperty:
		return "p_" + strconv.Itoa(i)
	case tokLocal:
		return "v_" + strconv.Itoa(i)
	case tokCall:
		return "fn_" + t.text
	}
	if t.text == "&" {
		return ".." // the parser has no &; its range operator has the right rank and is not used
	}
	return t.text
}

// parse gives the tree of the tokens.
func parse(tokens []token, end int) (ast.Node, unit, error) {
	u := unit{tokens: tokens, end: end}
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && emptyArgument(tokens[i-1], t) {
			b.WriteString("nil ")
		}
		u.offsets = append(u.offsets, b.Len())
		b.WriteString(written(i, t))
		b.WriteByte(' ')
	}
	tree, err := parser.Parse(b.String())
	if err != nil {
		return nil, u, u.explain(err)
	}
	return tree.Node, u, nil
}

// emptyArgument sees the nothing between two commas, as in Replace([a], , "x").
func emptyArgument(before, after token) bool {
	return before.is(",") && (after.is(",") || after.is(")")) || before.is("(") && after.is(",")
}

// tokenAt gives the number of the token at an offset of what the parser read.
func (u unit) tokenAt(offset int) int {
	i, found := slices.BinarySearch(u.offsets, offset)
	if !found {
		i--
	}
	return i
}

func (u unit) place(n ast.Node) int {
	i := u.tokenAt(n.Location().From)
	if i < 0 || i >= len(u.tokens) {
		return u.end
	}
	return u.tokens[i].at
}

// explain puts the parser's error into words of the source.
func (u unit) explain(err error) error {
	var e *file.Error
	if !errors.As(err, &e) {
		return mistake(0, "The expression cannot be read.", "Check its parentheses and commas.")
	}
	i := u.tokenAt(e.From)
	switch {
	case strings.Contains(e.Message, "cannot be mixed"):
		return mistake(u.tokens[i].at, "?? stands beside another operator.", "Put ( ) around the part with ??.")
	case strings.Contains(e.Message, "token EOF") || strings.Contains(e.Message, "end of expression"):
		return mistake(u.end, "Something is missing at the end.", "Check that every ( has its ) and that no operator stands last.")
	case strings.Contains(e.Message, "unexpected token") && i >= 0:
		return mistake(u.tokens[i].at, "The "+u.tokens[i].shown()+" does not fit here.", "Check operators, commas and parentheses before it.")
	case i < 0:
		return mistake(0, "The expression cannot be read.", "Check its parentheses and commas.")
	}
	return mistake(u.tokens[i].at, "The expression cannot be read from here.", "Check its numbers, parentheses and commas.")
}

// shown names a token for a person.
func (t token) shown() string {
	switch t.kind {
	case tokText:
		return "text " + quoted(t.text)
	case tokField:
		return "field " + quoted(t.text)
	case tokCall:
		return "function " + t.text
	}
	return quoted(t.text)
}

// expression compiles settled tokens.
func (c *compiler) expression(tokens []token, end int) (eval, error) {
	node, u, err := parse(tokens, end)
	if err != nil {
		return nil, err
	}
	outer := c.unit
	c.unit = u
	defer func() { c.unit = outer }()
	return c.node(node)
}

func (c *compiler) node(n ast.Node) (eval, error) {
	switch n := n.(type) {
	case *ast.NilNode:
		return constant(Value{}), nil
	case *ast.BoolNode:
		return constant(boolean(n.Value)), nil
	case *ast.IntegerNode:
		return constant(integer(int64(n.Value))), nil
	case *ast.FloatNode:
		return constant(float(n.Value)), nil
	case *ast.IdentifierNode:
		return c.name(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.CallNode:
		return c.callNode(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.ArrayNode:
		return c.array(n)
	}
	return nil, mistake(c.unit.place(n), "This is not part of the language.", "Use functions and operators from the list.")
}

func constant(v Value) eval { return func(*frame) (Value, error) { return v, nil } }

// token gives the token behind a placeholder such as f_3.
func (c *compiler) token(name string) (token, bool) {
	_, number, _ := strings.Cut(name, "_")
	i, err := strconv.Atoi(number)
	if err != nil || i >= len(c.unit.tokens) {
		return token{}, false
	}
	return c.unit.tokens[i], true
}

func (c *compiler) name(n *ast.IdentifierNode) (eval, error) {
	t, ok := c.token(n.Value)
	if !ok {
		return nil, mistake(c.unit.place(n), "The function "+quoted(strings.TrimPrefix(n.Value, "fn_"))+" has no arguments.", "Write ( ) after its name.")
	}
	switch t.kind {
	case tokField:
		return c.field(t.text), nil
	case tokLocal:
		slot, known := c.scope[t.text]
		if !known {
			return nil, mistake(t.at, "The variable "+t.text+" is not known here.", "It is known inside Select, Where or With only.")
		}
		return func(f *frame) (Value, error) { return f.locals[slot], nil }, nil
	case tokText:
		return c.text(t)
	}
	return nil, mistake(t.at, "The "+t.shown()+" does not fit here.", "Check what stands before it.")
}

func (c *compiler) field(name string) eval {
	c.fields[name] = true
	return func(f *frame) (Value, error) {
		if f.ctx.Field == nil {
			return Value{}, nil
		}
		return given(f.ctx.Field(name)), nil
	}
}

func (c *compiler) text(t token) (eval, error) {
	if t.pieces == nil {
		return constant(text(t.text)), nil
	}
	var parts []part
	for _, p := range t.pieces {
		if p.tokens == nil {
			parts = append(parts, part{literal: p.literal})
			continue
		}
		value, err := c.inside(p.tokens, t.at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{value: value})
	}
	return fill(parts), nil
}

func (c *compiler) array(n *ast.ArrayNode) (eval, error) {
	items, err := c.nodes(n.Nodes)
	if err != nil {
		return nil, err
	}
	return func(f *frame) (Value, error) {
		values := make([]Value, len(items))
		for i, item := range items {
			v, err := item(f)
			if err != nil {
				return Value{}, err
			}
			values[i] = v
		}
		v := list(values)
		return v, f.charge(v)
	}, nil
}

func (c *compiler) nodes(nodes []ast.Node) ([]eval, error) {
	out := make([]eval, len(nodes))
	for i, n := range nodes {
		e, err := c.node(n)
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}
