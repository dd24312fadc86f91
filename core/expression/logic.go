package expression

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

var logicFunctions = []function{
	{name: "IIF", aliases: "If", signature: "IIF(condition, a, b)", help: "a when the condition is true, else b; null and empty count as false.",
		example: `IIF("DE" = "DE", "Germany", "abroad")`, result: "Germany", min: 3, max: 3, lazy: func(f *frame, a []eval) (Value, error) { return choose(a[0], a[1], a[2])(f) }},
	{name: "Not", signature: "Not(condition)", help: "True when the condition is false.",
		example: `Not(1 = 2)`, result: "true", min: 1, max: 1, call: func(_ *frame, a []Value) (Value, error) {
			b, err := a[0].truth()
			return boolean(!b), err
		}},
	{name: "And", aliases: "AllOf", signature: "And(a, b, …)", help: "True when all conditions are true.",
		example: `And(1 = 1, 2 = 2)`, result: "true", min: 1, max: -1, lazy: func(f *frame, a []eval) (Value, error) { return decide(f, a, false) }},
	{name: "Or", aliases: "AnyOf", signature: "Or(a, b, …)", help: "True when one condition is true.",
		example: `Or(1 = 2, 2 = 2)`, result: "true", min: 1, max: -1, lazy: func(f *frame, a []eval) (Value, error) { return decide(f, a, true) }},
	{name: "Coalesce", signature: "Coalesce(a, b, …)", help: "The first that is not null; empty text counts as a value.",
		example: `Coalesce(null, "x")`, result: "x", min: 1, max: -1, lazy: func(f *frame, a []eval) (Value, error) { return coalesce(f, a, Value.IsNull) }},
	{name: "CoalesceNotEmpty", signature: "CoalesceNotEmpty(a, b, …)", help: "The first that is neither null nor empty.",
		example: `CoalesceNotEmpty("", "x")`, result: "x", min: 1, max: -1, lazy: func(f *frame, a []eval) (Value, error) { return coalesce(f, a, Value.isEmpty) }},
	{name: "IsNull", signature: "IsNull(value)", help: "True when there is no value.",
		example: `IsNull(null)`, result: "true", min: 1, max: 1, call: test(Value.IsNull)},
	{name: "IsNullOrEmpty", signature: "IsNullOrEmpty(value)", help: "True when there is no value or it is empty.",
		example: `IsNullOrEmpty("")`, result: "true", min: 1, max: 1, call: test(Value.isEmpty)},
	{name: "IsPresent", signature: "IsPresent(value)", help: "True when there is a value that is not empty.",
		example: `IsPresent("x")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { return !v.isEmpty() })},
	{name: "IsEmpty", signature: "IsEmpty(value)", help: "True when the value is there but empty.",
		example: `IsEmpty("")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { return !v.IsNull() && v.isEmpty() })},
	{name: "IsBlank", signature: "IsBlank(value)", help: "True for null, empty text and blanks only.",
		example: `IsBlank("  ")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { return strings.TrimSpace(v.Text()) == "" })},
	{name: "IsString", signature: "IsString(value)", help: "True when the value is text.",
		example: `IsString("x")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { return v.kind == kindText })},
	{name: "IsNumeric", signature: "IsNumeric(value)", help: "True when the value can be read as a number.",
		example: `IsNumeric("4.5")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { _, err := v.number(); return err == nil })},
	{name: "IsDate", signature: "IsDate(value)", help: "True when the value can be read as a date.",
		example: `IsDate("2026-03-10")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { _, err := v.date(); return err == nil })},
	{name: "IsGuid", signature: "IsGuid(value)", help: "True when the value is written as a GUID.",
		example: `IsGuid("0f8fad5b-d9cb-469f-a165-70867728950e")`, result: "true", min: 1, max: 1, call: test(func(v Value) bool { return isGUID(v.Text()) })},
	{name: "CBool", aliases: "ToBool", signature: "CBool(value)", help: "Reads true, yes, 1, ja, oui and the like; any number but 0 is true.",
		example: `CBool("ja")`, result: "true", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			b, err := a[0].truth()
			return boolean(b), err
		}},
	{name: "Try", signature: "Try(expression, fallback)", help: "The fallback when the expression fails.",
		example: `Try(Item(List("a"), 5), "none")`, result: "none", min: 2, max: 2, lazy: try},
	{name: "Error", signature: "Error(message)", help: "Holds the row and shows the message in the plan.",
		example: `Try(Error("no cost centre"), "held")`, result: "held", min: 1, max: 1, call: func(_ *frame, a []Value) (Value, error) {
			return Value{}, &Error{At: -1, what: sentence(a[0].Text()), cause: errAsked}
		}},
	{name: "IgnoreFlowIfNullOrEmpty", signature: "IgnoreFlowIfNullOrEmpty(value)", help: "Keeps what the account has when the value is null or empty.",
		example: `IgnoreFlowIfNullOrEmpty("x")`, result: "x", min: 1, max: 1, call: func(_ *frame, a []Value) (Value, error) {
			if a[0].isEmpty() {
				return Value{flag: flagLeaveOut}, nil
			}
			return a[0], nil
		}},
	{name: "Redact", signature: "Redact(value)", help: "The value is written, but not shown in preview, export, log or journal.",
		example: `Redact("x")`, result: "x", min: 1, max: 1, call: func(f *frame, a []Value) (Value, error) {
			f.secret = true
			return a[0], nil
		}},
}

var switchFunctions = []function{
	{name: "Switch", signature: "Switch(value, default, key1, value1, …)", help: "The value of the first key that is exactly the same; the default when none is.",
		example: `Switch("DE", "other", "FR", "France", "DE", "Germany")`, result: "Germany", min: 4, max: -1, build: buildSwitch(func(v, key string) (bool, error) { return v == key, nil })},
	{name: "SwitchIgnoreCase", signature: "SwitchIgnoreCase(value, default, key1, value1, …)", help: "As Switch; capital and small letters are the same.",
		example: `SwitchIgnoreCase("de", "other", "DE", "Germany")`, result: "Germany", min: 4, max: -1, build: buildSwitch(func(v, key string) (bool, error) { return strings.EqualFold(v, key), nil })},
	{name: "SwitchContains", aliases: "String.stringSwitch stringSwitch", signature: "SwitchContains(text, default, part1, value1, …)", help: "The value of the first part that is found in the text.",
		example: `SwitchContains("Inside Sales", "other", "Sales", "S")`, result: "S", min: 4, max: -1, build: buildSwitch(func(v, key string) (bool, error) { return strings.Contains(v, key), nil })},
	{name: "SwitchRegex", signature: "SwitchRegex(text, default, pattern1, value1, …)", help: "The value of the first regular expression (RE2) that is found in the text.",
		example: `SwitchRegex("CC4711", "other", "^CC[0-9]+$", "cost centre")`, result: "cost centre", min: 4, max: -1, build: buildSwitch(matchesKey)},
	{name: "SwitchByDomain", signature: "SwitchByDomain(address, default, domain1, value1, …)", help: "The value of the first domain that is the address's; .corp.example stands for its sub-domains.",
		example: `SwitchByDomain("anna@EU.corp.example", "x", "corp.example", "HQ", ".corp.example", "Branch")`, result: "Branch", min: 4, max: -1, build: buildSwitch(inDomain)},
	{name: "Cases", signature: "Cases(condition1, value1, condition2, value2, … [, default])", help: "The value of the first condition that is true; null when none is.",
		example: `Cases(1 = 2, "a", 1 = 1, "b")`, result: "b", min: 2, max: -1, lazy: casesOf},
}

func test(holds func(Value) bool) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) { return boolean(holds(a[0])), nil }
}

// sentence ends a person's message with a period.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "The mapping stops this row."
	}
	if strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

func isGUID(s string) bool {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}")
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (r == '-') || !dash && !isHexDigit(r) {
			return false
		}
	}
	return true
}

func decide(f *frame, a []eval, decides bool) (Value, error) {
	for _, e := range a {
		if b, err := condition(f, e); err != nil || b == decides {
			return boolean(b), err
		}
	}
	return boolean(!decides), nil
}

func coalesce(f *frame, a []eval, missing func(Value) bool) (Value, error) {
	for _, e := range a {
		if v, err := e(f); err != nil || !missing(v) {
			return v, err
		}
	}
	return Value{}, nil
}

// try gives the fallback for any failure but that of too much work, which must end.
func try(f *frame, a []eval) (Value, error) {
	base := len(f.stack)
	v, err := a[0](f)
	if err == nil || f.work > maxWork {
		return v, err
	}
	f.stack = f.stack[:base]
	return a[1](f)
}

func casesOf(f *frame, a []eval) (Value, error) {
	for len(a) > 1 {
		b, err := condition(f, a[0])
		switch {
		case err != nil:
			return Value{}, err
		case b:
			return a[1](f)
		}
		a = a[2:]
	}
	if len(a) == 1 {
		return a[0](f)
	}
	return Value{}, nil
}

// buildSwitch checks that keys come in pairs, and makes the lazy choice among them.
func buildSwitch(same func(v, key string) (bool, error)) builder {
	return func(c *compiler, call *ast.CallNode, where int) (eval, error) {
		if len(call.Arguments)%2 != 0 {
			return nil, mistake(where, "A key has no value.", "Write value, default, and then a key and a value for each case.")
		}
		a, err := c.nodes(call.Arguments)
		if err != nil {
			return nil, err
		}
		return func(f *frame) (Value, error) { return switchOf(f, a, same) }, nil
	}
}

func switchOf(f *frame, a []eval, same func(v, key string) (bool, error)) (Value, error) {
	v, err := a[0](f)
	if err != nil {
		return Value{}, err
	}
	for i := 2; i < len(a) && !v.IsNull(); i += 2 {
		key, err := a[i](f)
		if err != nil {
			return Value{}, err
		}
		hit, err := same(v.Text(), key.Text())
		switch {
		case err != nil:
			return Value{}, err
		case hit && !key.IsNull():
			return a[i+1](f)
		}
	}
	return a[1](f)
}

func matchesKey(v, key string) (bool, error) {
	re, err := pattern(key)
	if err != nil {
		return false, within(err, "SwitchRegex")
	}
	return re.MatchString(v), nil
}

func inDomain(address, domain string) (bool, error) {
	own := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	domain = strings.ToLower(strings.TrimPrefix(domain, "@"))
	if strings.HasPrefix(domain, ".") {
		return strings.HasSuffix(own, domain), nil
	}
	return own == domain, nil
}
