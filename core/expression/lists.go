package expression

import (
	"encoding/csv"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

var listFunctions = []function{
	{name: "List", signature: "List(a, b, …)", help: "A list of the values; lists among them are spread.",
		example: `Count(List("a", "b"))`, result: "2", min: 0, max: -1, call: flatten},
	{name: "Split", signature: "Split(text, delimiter [, limit])", help: "Cuts text into a list and trims each part; with a limit the last part keeps the rest.",
		example: `Item(Split("Sales, Service ,IT", ","), 2)`, result: "Service", min: 2, max: 3, strict: true, call: split},
	{name: "Join", aliases: "String.join", signature: "Join(separator, a, b, …) or Join(list [, separator])", help: "Joins values and skips null and empty ones; with the list first the separator is a blank unless given.",
		example: `Join(" ", "Ann", "", "Lee")`, result: "Ann Lee", min: 1, max: -1, call: func(_ *frame, a []Value) (Value, error) { return joined(a, true) }},
	{name: "JoinAll", signature: "JoinAll(separator, a, b, …)", help: "Joins values and keeps empty ones.",
		example: `JoinAll(";", "Ann", "", "Lee")`, result: "Ann;;Lee", min: 1, max: -1, call: func(_ *frame, a []Value) (Value, error) { return joined(a, false) }},
	{name: "Count", aliases: "Arrays.size Size", signature: "Count(list)", help: "Number of values; null has 0.",
		example: `Count(Split("a,b,c", ","))`, result: "3", min: 1, max: 1, call: func(_ *frame, a []Value) (Value, error) { return integer(int64(len(a[0].items()))), nil }},
	{name: "Item", signature: "Item(list, position)", help: "One value of a list, counted from 1; an error when there is none.",
		example: `Item(List("a", "b"), 1)`, result: "a", min: 2, max: 2, strict: true, call: item},
	{name: "ItemOrNull", signature: "ItemOrNull(list, position)", help: "One value of a list, counted from 1; null when there is none.",
		example: `IsNull(ItemOrNull(List("a"), 2))`, result: "true", min: 2, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return at(a[0].items(), a[1], 1) }},
	{name: "ItemAt", aliases: "Arrays.get", signature: "ItemAt(list, position)", help: "One value of a list, counted from 0; null when there is none. Text with commas is taken as a list.",
		example: `ItemAt("a,b", 1)`, result: "b", min: 2, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return at(commaItems(a[0]), a[1], 0) }},
	{name: "ListAdd", aliases: "Arrays.add", signature: "ListAdd(list, value)", help: "The list with one value more at its end. Text with commas is taken as a list.",
		example: `Join(List("a"), "-") + Join(ListAdd(List("a"), "b"), "-")`, result: "aa-b", min: 2, max: 2, call: func(_ *frame, a []Value) (Value, error) {
			return list(append(slices.Clone(commaItems(a[0])), a[1].items()...)), nil
		}},
	{name: "ListRemove", aliases: "Arrays.remove", signature: "ListRemove(list, value)", help: "The list without that value. Text with commas is taken as a list.",
		example: `Join("-", ListRemove(List("a", "b", "c"), "b"))`, result: "a-c", min: 2, max: 2, call: listRemove},
	{name: "ListClear", aliases: "Arrays.clear", signature: "ListClear(list)", help: "A list without values.",
		example: `Count(ListClear(List("a", "b")))`, result: "0", min: 1, max: 1, call: func(*frame, []Value) (Value, error) { return list(nil), nil }},
	{name: "ListContains", aliases: "Arrays.contains", signature: "ListContains(list, value)", help: "True when the list has exactly that value.",
		example: `ListContains(List("a", "b"), "b")`, result: "true", min: 2, max: 2, call: listContains},
	{name: "Contains", signature: "Contains(list or text, find [, \"CaseInsensitive\"])", help: "True when the list has the value, or the text has the part in it. IndexOf gives the position.",
		example: `Contains("Annabel", "nab")`, result: "true", min: 2, max: 3, call: contains},
	{name: "IndexOf", signature: "IndexOf(list or text, find [, \"CaseInsensitive\"])", help: "Position of the first hit, counted from 1, 0 when there is none.",
		example: `IndexOf(List("a", "b"), "b")`, result: "2", min: 2, max: 3, strict: true, call: indexOf},
	{name: "RemoveDuplicates", signature: "RemoveDuplicates(list [, ignoreCase])", help: "Each value once; with true, capital and small letters are the same.",
		example: `Join("-", RemoveDuplicates(List("a", "b", "A"), true))`, result: "a-b", min: 1, max: 2, strict: true, call: removeDuplicates},
	{name: "Flatten", aliases: "Arrays.flatten", signature: "Flatten(a, b, …)", help: "One list of all values of several.",
		example: `Count(Flatten(List("a", "b"), "c"))`, result: "3", min: 0, max: -1, call: flatten},
	{name: "IsEmptyList", aliases: "Arrays.isEmpty", signature: "IsEmptyList(list)", help: "True for null, empty text and a list without values.",
		example: `IsEmptyList(List())`, result: "true", min: 1, max: 1, call: func(_ *frame, a []Value) (Value, error) { return boolean(len(a[0].items()) == 0), nil }},
	{name: "ToCSV", aliases: "Arrays.toCsvString", signature: "ToCSV(list)", help: "The values with commas between them, quoted where they need it.",
		example: `ToCSV(List("Lee, Ann", "b"))`, result: `"Lee, Ann",b`, min: 1, max: 1, strict: true, call: toCSV},
	{name: "Select", signature: "Select($item, list, expression)", help: "Makes a list by evaluating the expression for each value, which is $item in it.",
		example: `Join(",", Select($x, List("a", "b"), UCase($x)))`, result: "A,B", min: 3, max: 3, build: buildSelect},
	{name: "Where", signature: "Where($item, list, condition)", help: "The values for which the condition is true; each is $item in it.",
		example: `Join(",", Where($x, List("a", "b"), $x <> "a"))`, result: "b", min: 3, max: 3, build: buildWhere},
	{name: "With", signature: "With($name, value, expression)", help: "Gives a value a name to use it several times in the expression.",
		example: `With($n, "Anna", $n + "." + $n)`, result: "Anna.Anna", min: 3, max: 3, build: buildWith},
}

// commaItems takes text with commas as a list, as Okta does.
func commaItems(v Value) []Value {
	if v.kind == kindText && !v.isList() && strings.Contains(v.text, ",") {
		parts := strings.Split(v.text, ",")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return listOfTexts(parts).ref.list
	}
	return v.items()
}

func flatten(_ *frame, a []Value) (Value, error) {
	var out []Value
	for _, v := range a {
		switch {
		case v.IsNull():
		case v.isList():
			out = append(out, v.items()...)
		default:
			out = append(out, v)
		}
	}
	return list(out), nil
}

func split(_ *frame, a []Value) (Value, error) {
	limit := -1
	if len(a) > 2 && !a[2].isEmpty() {
		n, err := a[2].count()
		if err != nil {
			return Value{}, err
		}
		if n > 0 {
			limit = n
		}
	}
	s, delimiter := a[0].Text(), a[1].Text()
	if s == "" {
		return list(nil), nil
	}
	if delimiter == "" {
		return listOfTexts([]string{s}), nil
	}
	if strings.Count(s, delimiter) >= maxList {
		return Value{}, refuse("Give a limit.", "the list has more than 100,000 values.")
	}
	parts := strings.SplitN(s, delimiter, limit)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return listOfTexts(parts), nil
}

// joined is Join and JoinAll: separator first, or the list first.
func joined(a []Value, skip bool) (Value, error) {
	separator, values := a[0].Text(), a[1:]
	if len(a) == 1 || len(a) == 2 && a[0].isList() {
		separator, values = " ", a[:1]
		if len(a) == 2 {
			separator = a[1].Text()
		}
	}
	var out strings.Builder
	first := true
	add := func(s string) {
		if skip && s == "" {
			return
		}
		if !first {
			out.WriteString(separator)
		}
		first = false
		out.WriteString(s)
	}
	for _, v := range values {
		if !v.isList() {
			add(v.Text())
			continue
		}
		for _, s := range v.texts() {
			if add(s); out.Len() > maxText {
				return Value{}, refuse("Join fewer values.", "the result is longer than 1 MiB.")
			}
		}
	}
	return text(out.String()), nil
}

// at gives the value at a position counted from base; null outside.
func at(items []Value, position Value, base int) (Value, error) {
	n, err := position.count()
	if err != nil || n < base || n-base >= len(items) {
		return Value{}, err
	}
	return items[n-base], nil
}

func item(_ *frame, a []Value) (Value, error) {
	items := a[0].items()
	n, err := a[1].count()
	if err == nil && (n < 1 || n > len(items)) {
		err = refuse("Use ItemOrNull where the value may be missing.", "the list has %s, so there is no value %s.", countOf(len(items), "value"), a[1].Text())
	}
	if err != nil {
		return Value{}, err
	}
	return items[n-1], nil
}

// itemAtIndex is value[i], which counts from 0 as in Okta.
func itemAtIndex(_ *frame, a []Value) (Value, error) { return at(a[0].items(), a[1], 0) }

func listRemove(_ *frame, a []Value) (Value, error) {
	kept := slices.DeleteFunc(slices.Clone(commaItems(a[0])), func(v Value) bool { return equal(v, a[1]) })
	return list(kept), nil
}

func listContains(_ *frame, a []Value) (Value, error) {
	if a[1].IsNull() {
		return boolean(false), nil
	}
	return boolean(slices.ContainsFunc(a[0].items(), func(v Value) bool { return equal(v, a[1]) })), nil
}

func contains(_ *frame, a []Value) (Value, error) {
	if a[0].IsNull() || a[1].IsNull() {
		return boolean(false), nil
	}
	v, err := indexOf(nil, a)
	return boolean(v.bits > 0), err
}

func indexOf(_ *frame, a []Value) (Value, error) {
	if a[1].IsNull() {
		return integer(0), nil
	}
	fold := func(s string) string { return s }
	if len(a) > 2 && !a[2].isEmpty() {
		fold = strings.ToLower
	}
	find := fold(a[1].Text())
	if a[0].isList() {
		return integer(int64(slices.IndexFunc(a[0].items(), func(v Value) bool { return fold(v.Text()) == find }) + 1)), nil
	}
	s := fold(a[0].Text())
	i := strings.Index(s, find)
	if i < 0 {
		return integer(0), nil
	}
	return integer(int64(length(s[:i]) + 1)), nil
}

func removeDuplicates(_ *frame, a []Value) (Value, error) {
	fold := false
	if len(a) > 1 {
		var err error
		if fold, err = a[1].truth(); err != nil {
			return Value{}, err
		}
	}
	seen := map[string]bool{}
	var out []Value
	for _, v := range a[0].items() {
		key := v.Text()
		if fold {
			key = strings.ToLower(key)
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return list(out), nil
}

func toCSV(_ *frame, a []Value) (Value, error) {
	var out strings.Builder
	w := csv.NewWriter(&out)
	if err := w.Write(a[0].texts()); err != nil {
		return Value{}, err
	}
	w.Flush()
	return text(strings.TrimSuffix(out.String(), "\n")), nil
}

// variable opens a scope for $item while body is compiled; it gives its slot.
func (c *compiler) variable(n ast.Node, body ast.Node, where int) (int, eval, error) {
	id, ok := n.(*ast.IdentifierNode)
	var t token
	if ok {
		t, ok = c.token(id.Value)
	}
	if !ok || t.kind != tokLocal {
		return 0, nil, mistake(where, "The first argument is not a variable.", "Write a name that begins with $, such as $item.")
	}
	slot := c.locals
	c.locals++
	outer := c.scope
	c.scope = map[string]int{}
	for name, s := range outer {
		c.scope[name] = s
	}
	c.scope[t.text] = slot
	e, err := c.node(body)
	c.scope = outer
	return slot, e, err
}

// loop compiles the parts of Select and Where and runs take for each value.
func loop(c *compiler, call *ast.CallNode, where int, take func(item, result Value, out []Value) ([]Value, error)) (eval, error) {
	source, err := c.node(call.Arguments[1])
	if err != nil {
		return nil, err
	}
	slot, body, err := c.variable(call.Arguments[0], call.Arguments[2], where)
	if err != nil {
		return nil, err
	}
	return func(f *frame) (Value, error) {
		v, err := source(f)
		if err != nil || v.IsNull() {
			return Value{}, err
		}
		var out []Value
		for _, item := range v.items() {
			f.locals[slot] = item
			result, err := body(f)
			if err == nil {
				err = f.charge(result)
			}
			if err == nil {
				out, err = take(item, result, out)
			}
			if err != nil {
				return Value{}, err
			}
		}
		return list(out), f.charge(list(out))
	}, nil
}

func buildSelect(c *compiler, call *ast.CallNode, where int) (eval, error) {
	return loop(c, call, where, func(_, result Value, out []Value) ([]Value, error) { return append(out, result), nil })
}

func buildWhere(c *compiler, call *ast.CallNode, where int) (eval, error) {
	return loop(c, call, where, func(item, result Value, out []Value) ([]Value, error) {
		keep, err := result.truth()
		if keep {
			out = append(out, item)
		}
		return out, err
	})
}

func buildWith(c *compiler, call *ast.CallNode, where int) (eval, error) {
	value, err := c.node(call.Arguments[1])
	if err != nil {
		return nil, err
	}
	slot, body, err := c.variable(call.Arguments[0], call.Arguments[2], where)
	if err != nil {
		return nil, err
	}
	return func(f *frame) (Value, error) {
		v, err := value(f)
		if err != nil {
			return Value{}, err
		}
		f.locals[slot] = v
		return body(f)
	}, nil
}
