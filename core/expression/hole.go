package expression

import (
	"strings"
	"unicode/utf8"
)

// holeLength gives the length of the hole at the start of s, closing braces included; 0
// when it is not closed. Braces inside quotes do not close it, and a hole may hold holes,
// as in {{Left({{firstName}}, 1)}}.
func holeLength(s string) int {
	quote, depth := byte(0), 1
	for i := 2; i < len(s); i++ {
		switch {
		case quote != 0 && s[i] == '\\':
			i++
		case quote != 0:
			if s[i] == quote {
				quote = 0
			}
		case s[i] == '"' || s[i] == '\'':
			quote = s[i]
		case strings.HasPrefix(s[i:], "{{"):
			depth++
			i++
		case strings.HasPrefix(s[i:], "}}"):
			if depth--; depth == 0 {
				return i + 2
			}
			i++
		}
	}
	if end := strings.Index(s, "}}"); end > 0 { // a lone quote: {{Manager's e-mail}}
		return end + 2
	}
	return 0
}

func (s *scanner) scanHole() error {
	n := holeLength(s.rest())
	if n == 0 {
		return s.fail("The hole {{ is not closed.", "Write }} after the field.")
	}
	tokens, err := scanInside(s.rest()[2:n-2], s.base+s.at+2)
	if err != nil {
		return err
	}
	s.tokens = append(s.tokens, tokens...)
	s.at += n
	return nil
}

// scanInside gives the tokens of what stands in a hole: one field, or an expression in
// parentheses.
func scanInside(content string, base int) ([]token, error) {
	name := strings.TrimSpace(content)
	switch {
	case name == "":
		return nil, mistake(base, "The hole {{}} names no field.", "Write a field's name between the braces.")
	case isPath(name):
		return fieldTokens(name, base, true), nil
	}
	inner, err := scan(content, base, true)
	if err != nil {
		return nil, err
	}
	tokens := append([]token{{kind: tokBracket, text: "(", at: base, hole: true}}, inner...)
	return append(tokens, token{kind: tokBracket, text: ")", at: base + len(content), hole: true}), nil
}

// isPath says that the content of a hole is the name of a field and not an expression: it
// has no quote, no operator but those that occur in names (- . / : #) and no call. A
// column called "Salary (EUR)" is a name, Trim(lastName) and Trim (lastName) are calls.
func isPath(s string) bool {
	if strings.ContainsAny(s, "\"+&?=<>!*,|$`{}") || s[0] == '[' || s[0] == '(' {
		return false
	}
	if strings.Count(s, "'")%2 == 0 && strings.Contains(s, "'") {
		return false
	}
	for i, r := range s {
		if r == '(' && isCall(s[:i]) {
			return false
		}
	}
	return true
}

// isCall says that a parenthesis after this text opens the arguments of a function.
func isCall(before string) bool {
	trimmed := strings.TrimRight(before, " \t")
	word := trimmed[wordStart(trimmed):]
	if word == "" {
		return false
	}
	if len(trimmed) == len(before) {
		return true
	}
	_, isKnown := known(word)
	return isKnown
}

// wordStart gives where the word at the end of s begins.
func wordStart(s string) int {
	start := len(s)
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:start])
		if !isWordRune(r) && r != '.' {
			break
		}
		start -= n
	}
	return start
}

// fieldTokens gives the tokens that read a field: its name without user. or source., or
// a question about the manager or the account for Manager.x and Target.x.
func fieldTokens(name string, at int, hole bool) []token {
	for _, prefix := range []string{"user.profile.", "user.", "source."} {
		if rest, found := strings.CutPrefix(name, prefix); found && rest != "" {
			return []token{{kind: tokField, text: rest, at: at, hole: hole}}
		}
	}
	for prefix, function := range map[string]string{"Manager.": "ManagerField", "Target.": "Current"} {
		if rest, found := strings.CutPrefix(name, prefix); found && rest != "" {
			return []token{
				{kind: tokCall, text: function, at: at, hole: hole}, {kind: tokBracket, text: "(", at: at, hole: hole},
				{kind: tokText, text: rest, at: at, hole: hole}, {kind: tokBracket, text: ")", at: at, hole: hole},
			}
		}
	}
	return []token{{kind: tokField, text: name, at: at, hole: hole}}
}

// join settles the names: a name before "(" is a function, a chain of names joined by
// points is one field, a name after a value and a point is a property or a method.
func join(tokens []token) ([]token, error) {
	out := make([]token, 0, len(tokens))
	for i := 0; i < len(tokens); {
		if tokens[i].kind != tokName {
			out = append(out, tokens[i])
			i++
			continue
		}
		n := chainLength(tokens[i:])
		called := i+n < len(tokens) && tokens[i+n].is("(")
		joined, err := joinChain(tokens[i:i+n], called, len(out) > 0 && out[len(out)-1].is("."))
		if err != nil {
			return nil, err
		}
		out = append(out, joined...)
		i += n
	}
	return out, nil
}

// chainLength counts the tokens of name.name.name, points included.
func chainLength(tokens []token) int {
	n := 1
	for n+1 < len(tokens) && tokens[n].is(".") && (tokens[n+1].kind == tokName || tokens[n+1].kind == tokNumber) {
		n += 2
	}
	return n
}

func joinChain(chain []token, called, afterPoint bool) ([]token, error) {
	first := chain[0]
	var name strings.Builder
	for _, t := range chain {
		name.WriteString(t.text)
	}
	last := chain[len(chain)-1]
	switch {
	case !called && afterPoint:
		return []token{{kind: tokProperty, text: name.String(), at: first.at, hole: first.hole}}, nil
	case !called:
		return fieldTokens(name.String(), first.at, first.hole), nil
	}
	if fn, ok := known(name.String()); ok {
		return []token{{kind: tokCall, text: fn.name, at: first.at, hole: first.hole}}, nil
	}
	fn, ok := known(last.text)
	if !ok || len(chain) == 1 {
		return nil, unknownFunction(last.text, last.at)
	}
	// A method: firstName.toUpperCase(). What stands before is the field.
	field, err := joinChain(chain[:len(chain)-2], false, afterPoint)
	method := token{kind: tokCall, text: fn.name, at: last.at, hole: last.hole}
	return append(field, chain[len(chain)-2], method), err
}
