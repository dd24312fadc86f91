package expression

import (
	"slices"
	"strings"
)

// compileSource decides which form a source text has and compiles it.
func compileSource(source string) (*Program, error) {
	c := &compiler{fields: map[string]bool{}}
	root, err := c.source(source)
	if err != nil {
		return nil, err
	}
	return &Program{root: root, fields: sorted(c.fields), locals: c.locals, volatile: c.volatile}, nil
}

func (c *compiler) source(source string) (eval, error) {
	if strings.TrimSpace(source) == "" {
		return nil, mistake(0, "The expression is empty.", "Write a field such as {{firstName}}, or choose a function.")
	}
	tokens, err := tokensOf(source)
	switch {
	case !strings.Contains(source, "{{"), err != nil && mustBeExpression(source):
		if err != nil {
			return nil, err
		}
		return c.expression(tokens, len(source))
	case err != nil || !isExpression(source, tokens):
		return c.template(source)
	}
	if hasCall(source, tokens) {
		return c.expression(tokens, len(source))
	}
	if _, _, err := parse(tokens, len(source)); err != nil {
		return c.template(source)
	}
	return c.expression(tokens, len(source))
}

func tokensOf(source string) ([]token, error) {
	tokens, err := scan(source, 0, false)
	if err != nil {
		return nil, err
	}
	return join(tokens)
}

// isExpression is the rule that tells the two forms apart. Holes are values; what stands
// outside them decides. The text is an expression when
//
//   - it is one hole and nothing else, or
//   - it calls a function, as in Lower({{a}}), or
//   - it can be read as an expression and has quoted text, or an operator other than
//   - * / % and no words besides: {{a}} + " " + {{b}}, {{a}} ?? {{b}}, {{a}} = {{b}}.
//
// Everything else is a template: {{a}}.{{b}}@x, {{a}}-{{b}}, {{a}} {{b}}, CN={{a}}.
func isExpression(source string, tokens []token) bool {
	if hasCall(source, tokens) {
		return true
	}
	outside, texts, operators, literal := 0, false, false, false
	for i, t := range tokens {
		switch {
		case t.hole:
			literal = literal || gluedByPoint(tokens, i)
			continue
		case t.kind == tokText:
			texts = true
		case t.kind == tokOperator && slices.Contains([]string{"-", "*", "/", "%", ":", ",", "."}, t.text):
			literal = literal || t.text != ":" && t.text != ","
		case t.kind == tokOperator:
			operators = true
		case t.kind == tokField && source[t.at] != '[', t.kind == tokCall:
			literal = true
		}
		outside++
	}
	return outside == 0 && oneHole(source) || texts || operators && !literal
}

// gluedByPoint sees {{a}}.{{b}}, which must not be read as b of a.
func gluedByPoint(tokens []token, i int) bool {
	return i > 0 && tokens[i-1].is(".") && !tokens[i-1].hole
}

func oneHole(source string) bool {
	s := strings.TrimSpace(source)
	return strings.HasPrefix(s, "{{") && holeLength(s) == len(s)
}

// hasCall says that a function's name stands directly before a parenthesis, outside holes.
func hasCall(source string, tokens []token) bool {
	for i, t := range tokens {
		if t.kind == tokCall && !t.hole && i+1 < len(tokens) && glued(source, tokens[i+1].at) {
			return true
		}
	}
	return false
}

// glued says that a word ends right before that byte.
func glued(source string, at int) bool {
	return at > 0 && at <= len(source) && wordStart(source[:at]) < at
}

// mustBeExpression says that a text that cannot be read as an expression was certainly
// meant as one, so that its mistake is to be told: it begins with a function's name and
// "(", or misspells one.
func mustBeExpression(source string) bool {
	s := strings.TrimSpace(source)
	n := spanOf(s, isWordRune)
	if n == 0 || n >= len(s) || s[n] != '(' {
		return false
	}
	_, isKnown := known(s[:n])
	return isKnown || nearest(s[:n]) != ""
}

// template compiles literal text with holes.
func (c *compiler) template(source string) (eval, error) {
	var parts []part
	for at := 0; at < len(source); {
		open := strings.Index(source[at:], "{{")
		if open < 0 {
			parts = append(parts, part{literal: source[at:]})
			break
		}
		if open > 0 {
			parts = append(parts, part{literal: source[at : at+open]})
		}
		at += open
		n := holeLength(source[at:])
		if n == 0 {
			return nil, mistake(at, "The hole {{ is not closed.", "Write }} after the field.")
		}
		tokens, err := scanInside(source[at+2:at+n-2], at+2)
		if err != nil {
			return nil, err
		}
		value, err := c.inside(tokens, at+n-2)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{value: value})
		at += n
	}
	return fill(parts), nil
}

func (c *compiler) inside(tokens []token, end int) (eval, error) {
	joined, err := join(tokens)
	if err != nil {
		return nil, err
	}
	return c.expression(joined, end)
}

// part is a compiled piece of a template.
type part struct {
	literal string
	value   eval
}

// fill gives the template's text. Empty holes leave nothing; when all are empty there is
// no text to speak of, and the value is null.
func fill(parts []part) eval {
	return func(f *frame) (Value, error) {
		var buffer [128]byte
		out, filled := buffer[:0], false
		for i := range parts {
			if parts[i].value == nil {
				out = append(out, parts[i].literal...)
				continue
			}
			v, err := parts[i].value(f)
			if err != nil {
				return Value{}, err
			}
			if !v.isEmpty() {
				filled = true
				out = append(out, v.Text()...)
			}
			if len(out) > maxText {
				return Value{}, f.charge(text(string(out)))
			}
		}
		if !filled {
			return Value{}, nil
		}
		v := text(string(out))
		return v, f.charge(v)
	}
}
