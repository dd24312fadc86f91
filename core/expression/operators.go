package expression

import (
	"math"
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (c *compiler) unary(n *ast.UnaryNode) (eval, error) {
	value, err := c.node(n.Node)
	if err != nil {
		return nil, err
	}
	switch n.Operator {
	case "not", "!":
		return func(f *frame) (Value, error) {
			b, err := condition(f, value)
			return boolean(!b), err
		}, nil
	case "-":
		return func(f *frame) (Value, error) {
			v, err := value(f)
			if err != nil || v.IsNull() {
				return Value{}, err
			}
			return arithmetic("-", integer(0), v)
		}, nil
	}
	return value, nil
}

func condition(f *frame, e eval) (bool, error) {
	v, err := e(f)
	if err != nil {
		return false, err
	}
	return v.truth()
}

func (c *compiler) binary(n *ast.BinaryNode) (eval, error) {
	if chained(n) {
		return nil, mistake(c.unit.place(n), "Two comparisons stand in a row.", "Put “and” between them, as in 1 < age and age < 9.")
	}
	if e, err := c.nullTest(n); e != nil || err != nil {
		return e, err
	}
	left, err := c.node(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := c.node(n.Right)
	if err != nil {
		return nil, err
	}
	switch n.Operator {
	case "and", "&&":
		return shortCircuit(left, right, false), nil
	case "or", "||":
		return shortCircuit(left, right, true), nil
	case "??":
		return firstOf(left, right, Value.IsNull), nil
	case "matches":
		if err := c.checkPatterns(&function{name: "matches", patterns: []int{1}}, []ast.Node{n.Left, n.Right}); err != nil {
			return nil, err
		}
	}
	apply, ok := binaryOperators[n.Operator]
	if !ok {
		return nil, mistake(c.unit.place(n), "The operator "+quoted(n.Operator)+" is not part of the language.", "Use a function instead.")
	}
	at := c.unit.place(n)
	return func(f *frame) (Value, error) {
		a, err := left(f)
		if err != nil {
			return Value{}, err
		}
		b, err := right(f)
		if err != nil {
			return Value{}, err
		}
		f.work += len(a.text) + len(b.text)
		v, err := apply(a, b)
		if err == nil {
			err = f.charge(v)
		}
		if e, is := err.(*Error); is && e.At < 0 && e.Function == "" {
			e.At = at
		}
		if err != nil {
			return Value{}, err
		}
		return v, nil
	}, nil
}

// chained sees a < b < c, which the parser gives as a < b and b < c with b shared. It is
// refused: compiling what is shared twice would double the work with each nesting.
func chained(n *ast.BinaryNode) bool {
	left, isLeft := n.Left.(*ast.BinaryNode)
	right, isRight := n.Right.(*ast.BinaryNode)
	return isLeft && isRight && left.Right == right.Left
}

// nullTest compiles x = null and x <> null with the word null written out: whether there
// is a value. Any other comparison with null is false.
func (c *compiler) nullTest(n *ast.BinaryNode) (eval, error) {
	if n.Operator != "==" && n.Operator != "!=" {
		return nil, nil
	}
	other := n.Left
	if _, is := n.Left.(*ast.NilNode); is {
		other = n.Right
	} else if _, is := n.Right.(*ast.NilNode); !is {
		return nil, nil
	}
	value, err := c.node(other)
	if err != nil {
		return nil, err
	}
	wanted := n.Operator == "=="
	return func(f *frame) (Value, error) {
		v, err := value(f)
		return boolean(v.IsNull() == wanted), err
	}, nil
}

func shortCircuit(left, right eval, decides bool) eval {
	return func(f *frame) (Value, error) {
		b, err := condition(f, left)
		if err != nil || b == decides {
			return boolean(b), err
		}
		b, err = condition(f, right)
		return boolean(b), err
	}
}

// firstOf gives left unless it is missing.
func firstOf(left, right eval, missing func(Value) bool) eval {
	return func(f *frame) (Value, error) {
		v, err := left(f)
		if err != nil || !missing(v) {
			return v, err
		}
		return right(f)
	}
}

// conditional compiles c ? a : b, and a ?: b, which the parser writes as a ? a : b.
func (c *compiler) conditional(n *ast.ConditionalNode) (eval, error) {
	first, err := c.node(n.Cond)
	if err != nil {
		return nil, err
	}
	no, err := c.node(n.Exp2)
	if err != nil {
		return nil, err
	}
	if n.Exp1 == n.Cond {
		return firstOf(first, no, Value.isEmpty), nil
	}
	yes, err := c.node(n.Exp1)
	if err != nil {
		return nil, err
	}
	return choose(first, yes, no), nil
}

func choose(test, yes, no eval) eval {
	return func(f *frame) (Value, error) {
		b, err := condition(f, test)
		switch {
		case err != nil:
			return Value{}, err
		case b:
			return yes(f)
		}
		return no(f)
	}
}

var binaryOperators = map[string]func(a, b Value) (Value, error){
	"+":          plus,
	"..":         ampersand,
	"-":          func(a, b Value) (Value, error) { return arithmetic("-", a, b) },
	"*":          func(a, b Value) (Value, error) { return arithmetic("*", a, b) },
	"/":          func(a, b Value) (Value, error) { return arithmetic("/", a, b) },
	"%":          func(a, b Value) (Value, error) { return arithmetic("%", a, b) },
	"==":         func(a, b Value) (Value, error) { return boolean(!a.IsNull() && !b.IsNull() && equal(a, b)), nil },
	"!=":         func(a, b Value) (Value, error) { return boolean(!a.IsNull() && !b.IsNull() && !equal(a, b)), nil },
	"<":          func(a, b Value) (Value, error) { return ordered(a, b, func(n int) bool { return n < 0 }) },
	">":          func(a, b Value) (Value, error) { return ordered(a, b, func(n int) bool { return n > 0 }) },
	"<=":         func(a, b Value) (Value, error) { return ordered(a, b, func(n int) bool { return n <= 0 }) },
	">=":         func(a, b Value) (Value, error) { return ordered(a, b, func(n int) bool { return n >= 0 }) },
	"matches":    func(a, b Value) (Value, error) { return matches(nil, []Value{a, b}) },
	"contains":   func(a, b Value) (Value, error) { return contains(nil, []Value{a, b}) },
	"in":         func(a, b Value) (Value, error) { return listContains(nil, []Value{b, a}) },
	"startsWith": textTest(strings.HasPrefix),
	"endsWith":   textTest(strings.HasSuffix),
}

func textTest(test func(s, x string) bool) func(a, b Value) (Value, error) {
	return func(a, b Value) (Value, error) {
		return boolean(!a.IsNull() && !b.IsNull() && test(a.Text(), b.Text())), nil
	}
}

// plus adds two numbers and joins everything else as text. Null makes null.
func plus(a, b Value) (Value, error) {
	switch {
	case a.IsNull() || b.IsNull():
		return Value{}, nil
	case a.kind == kindNumber && b.kind == kindNumber:
		return arithmetic("+", a, b)
	}
	return text(a.Text() + b.Text()), nil
}

// ampersand joins as text; as in Visual Basic, null counts as empty unless both are null.
func ampersand(a, b Value) (Value, error) {
	if a.IsNull() && b.IsNull() {
		return Value{}, nil
	}
	return text(a.Text() + b.Text()), nil
}

func arithmetic(operator string, a, b Value) (Value, error) {
	if a.IsNull() || b.IsNull() {
		return Value{}, nil
	}
	x, err := a.number()
	if err != nil {
		return Value{}, hyphenHint(operator, err)
	}
	y, err := b.number()
	if err != nil {
		return Value{}, hyphenHint(operator, err)
	}
	if v, ok := wholeArithmetic(operator, x, y); ok {
		return v, nil
	}
	var result float64
	switch operator {
	case "+":
		result = x.float() + y.float()
	case "-":
		result = x.float() - y.float()
	case "*":
		result = x.float() * y.float()
	case "/":
		result = x.float() / y.float()
	case "%":
		result = math.Mod(x.float(), y.float())
	}
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return Value{}, refuse("Check for zero first, with IIF.", "%s %s %s has no result.", x.Text(), operator, y.Text())
	}
	return float(result), nil
}

// hyphenHint adds what a person who wrote a-b for text needs to know.
func hyphenHint(operator string, err error) error {
	if operator != "-" {
		return err
	}
	return refuse("To put a hyphen between texts write + \"-\" + instead.", "%s", err.(*Error).what)
}

// wholeArithmetic computes with integers where nothing is lost.
func wholeArithmetic(operator string, x, y Value) (Value, bool) {
	const safe = 1 << 62
	if !x.isInt() || !y.isInt() || x.bits > safe || x.bits < -safe || y.bits > safe || y.bits < -safe {
		return Value{}, false
	}
	switch operator {
	case "+":
		return integer(x.bits + y.bits), true
	case "-":
		return integer(x.bits - y.bits), true
	case "*":
		return integer(x.bits * y.bits), math.Abs(x.float()*y.float()) < safe
	case "%":
		if y.bits != 0 {
			return integer(x.bits % y.bits), true
		}
	}
	return Value{}, false
}

// equal compares two values that are there. Text is exact; text beside a number, a date or
// a truth value is read as one, and differs when it cannot be.
func equal(a, b Value) bool {
	if a.kind == kindText && b.kind == kindText {
		return a.text == b.text
	}
	if n, err := compare(a, b); err == nil {
		return n == 0
	}
	return false
}

func ordered(a, b Value, holds func(int) bool) (Value, error) {
	if a.IsNull() || b.IsNull() || a.kind != b.kind && (a.isEmpty() || b.isEmpty()) {
		return boolean(false), nil // nothing is neither more nor less than a number or a date
	}
	n, err := compare(a, b)
	return boolean(err == nil && holds(n)), err
}

// compare orders two values: as numbers or dates when one is such, or when both texts
// read as such; else as text.
func compare(a, b Value) (int, error) {
	switch {
	case a.kind == kindBool || b.kind == kindBool:
		x, err := a.truth()
		if err != nil {
			return 0, err
		}
		y, err := b.truth()
		return int(boolean(x).bits - boolean(y).bits), err
	case a.kind == kindDate || b.kind == kindDate:
		return compareDates(a, b)
	case a.kind == kindNumber || b.kind == kindNumber:
		return compareNumbers(a, b)
	}
	if n, err := compareNumbers(a, b); err == nil {
		return n, nil
	}
	return strings.Compare(a.Text(), b.Text()), nil
}

func compareNumbers(a, b Value) (int, error) {
	x, err := a.number()
	if err != nil {
		return 0, err
	}
	y, err := b.number()
	if err != nil {
		return 0, err
	}
	if x.isInt() && y.isInt() {
		return sign(x.bits > y.bits, x.bits < y.bits), nil
	}
	return sign(x.float() > y.float(), x.float() < y.float()), nil
}

func compareDates(a, b Value) (int, error) {
	x, err := a.date()
	if err != nil {
		return 0, err
	}
	y, err := b.date()
	if err != nil {
		return 0, err
	}
	if x.isDateOnly() != y.isDateOnly() { // a day beside an instant: compare the days
		x, y = day(x.ref.time), day(y.ref.time)
	}
	return x.ref.time.Compare(y.ref.time), nil
}

func sign(more, less bool) int {
	switch {
	case more:
		return 1
	case less:
		return -1
	}
	return 0
}
