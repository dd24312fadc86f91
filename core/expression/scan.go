package expression

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	tokField    tokenKind = iota // a field of the person; text is its name
	tokText                      // quoted text; pieces when it has holes
	tokNumber                    // digits as written
	tokName                      // a bare word; settled by join
	tokCall                      // a function's canonical name, before "("
	tokProperty                  // a name after a point, as in LookupPerson(id).email
	tokLocal                     // $item
	tokConstant                  // true, false, nil
	tokOperator                  // operators, words among them, and the comma
	tokBracket                   // ( ) [ ]
)

// token is one part of an expression and the byte at which it stands in the source.
type token struct {
	kind   tokenKind
	text   string
	at     int
	hole   bool // stands inside {{ }}
	pieces []piece
}

// piece is a part of a template: literal text, or the tokens of a hole.
type piece struct {
	literal string
	tokens  []token
}

func (t token) is(text string) bool {
	return (t.kind == tokOperator || t.kind == tokBracket) && t.text == text
}

// operand says that a value may end with this token.
func (t token) operand() bool {
	switch t.kind {
	case tokOperator, tokCall:
		return false
	case tokBracket:
		return t.text == ")" || t.text == "]"
	}
	return true
}

// scanner cuts an expression into tokens.
type scanner struct {
	source string
	at     int
	base   int // where source begins in the text the person wrote
	hole   bool
	tokens []token
}

// scan gives the tokens of an expression; names are not yet settled.
func scan(source string, base int, hole bool) ([]token, error) {
	s := &scanner{source: source, base: base, hole: hole}
	for {
		s.skipBlanks()
		if s.at >= len(source) {
			return s.tokens, nil
		}
		if err := s.next(); err != nil {
			return nil, err
		}
	}
}

func (s *scanner) skipBlanks() {
	for s.at < len(s.source) {
		r, n := utf8.DecodeRuneInString(s.source[s.at:])
		if !unicode.IsSpace(r) {
			return
		}
		s.at += n
	}
}

func (s *scanner) rest() string { return s.source[s.at:] }

func (s *scanner) emit(kind tokenKind, value string, length int) {
	s.tokens = append(s.tokens, token{kind: kind, text: value, at: s.base + s.at, hole: s.hole})
	s.at += length
}

func (s *scanner) fail(what, fix string) error { return mistake(s.base+s.at, what, fix) }

func (s *scanner) afterOperand() bool {
	return len(s.tokens) > 0 && s.tokens[len(s.tokens)-1].operand()
}

func (s *scanner) next() error {
	rest := s.rest()
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case strings.HasPrefix(rest, "{{"):
		return s.scanHole()
	case r == '"' || r == '\'':
		return s.scanText(byte(r))
	case r == '[':
		return s.scanBracket()
	case r == '{' || r == '}': // Okta's list: {1, 2, 3}
		s.emit(tokBracket, map[rune]string{'{': "[", '}': "]"}[r], 1)
	case r == '(' || r == ')' || r == ']':
		s.emit(tokBracket, rest[:1], 1)
	case r >= '0' && r <= '9':
		s.scanNumber()
	case r == '&' && isHex(rest) && !s.afterOperand():
		n := 2 + spanOf(rest[2:], isHexDigit)
		s.emit(tokNumber, "0x"+rest[2:n], n)
	case isWordRune(r):
		s.scanWord()
	default:
		return s.scanOperator()
	}
	return nil
}

func isHex(s string) bool {
	return len(s) > 2 && (s[1] == 'H' || s[1] == 'h') && isHexDigit(rune(s[2]))
}

func isHexDigit(r rune) bool { return strings.ContainsRune("0123456789abcdefABCDEF", r) }
func isWordRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// spanOf gives the number of bytes at the start of s whose runes are all in.
func spanOf(s string, in func(rune) bool) int {
	for i, r := range s {
		if !in(r) {
			return i
		}
	}
	return len(s)
}

func (s *scanner) scanNumber() {
	rest := s.rest()
	n := spanOf(rest, func(r rune) bool { return r >= '0' && r <= '9' })
	if strings.HasPrefix(rest, "0x") || strings.HasPrefix(rest, "0X") {
		n = 2 + spanOf(rest[2:], isHexDigit)
	} else if n+1 < len(rest) && rest[n] == '.' && rest[n+1] >= '0' && rest[n+1] <= '9' {
		n += 1 + spanOf(rest[n+1:], func(r rune) bool { return r >= '0' && r <= '9' })
	}
	if n < len(rest) && spanOf(rest[n:], isWordRune) > 0 { // 2nd, a column that begins with a digit
		n += spanOf(rest[n:], isWordRune)
		s.emit(tokName, rest[:n], n)
		return
	}
	s.emit(tokNumber, rest[:n], n)
}

var wordOperators = map[string]string{
	"and": "and", "or": "or", "matches": "matches", "in": "in",
	"contains": "contains", "startswith": "startsWith", "endswith": "endsWith",
}

func (s *scanner) scanWord() {
	rest := s.rest()
	n := spanOf(rest, isWordRune)
	word := rest[:n]
	lower := strings.ToLower(word)
	operator, isOperator := wordOperators[lower]
	switch {
	case s.afterPoint():
		s.emit(tokName, word, n)
	case isOperator && s.afterOperand():
		s.emit(tokOperator, operator, n)
	case lower == "not":
		s.emit(tokOperator, "not", n)
	case lower == "true" || lower == "false":
		s.emit(tokConstant, lower, n)
	case lower == "null" || lower == "nil":
		s.emit(tokConstant, "nil", n)
	case word[0] == '$':
		s.emit(tokLocal, word, n)
	default:
		s.emit(tokName, word, n)
	}
}

func (s *scanner) afterPoint() bool {
	return len(s.tokens) > 0 && s.tokens[len(s.tokens)-1].is(".")
}

// operators by length, longest first, and what each is called from here on.
var operators = []struct{ written, means string }{
	{"==", "=="}, {"!=", "!="}, {"<>", "!="}, {"<=", "<="}, {">=", ">="}, {"&&", "and"}, {"||", "or"},
	{"??", "??"}, {"?:", "?:"}, {"=", "=="}, {"<", "<"}, {">", ">"}, {"&", "&"}, {"+", "+"}, {"-", "-"},
	{"*", "*"}, {"/", "/"}, {"%", "%"}, {"!", "not"}, {"?", "?"}, {":", ":"}, {",", ","}, {".", "."},
}

func (s *scanner) scanOperator() error {
	rest := s.rest()
	for _, op := range operators {
		if strings.HasPrefix(rest, op.written) {
			s.emit(tokOperator, op.means, len(op.written))
			return nil
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return s.fail("The character "+quoted(string(r))+" means nothing here.", "Put text in quotes, and fields in {{ }} or [ ].")
}

// scanBracket reads [field], a list [1, 2], or the index of what stands before.
func (s *scanner) scanBracket() error {
	if s.afterOperand() {
		s.emit(tokBracket, "[", 1)
		return nil
	}
	end := closing(s.rest())
	if end < 0 {
		return s.fail("The bracket [ is not closed.", "Write ] after the field's name.")
	}
	name := strings.TrimSpace(s.rest()[1:end])
	if name == "" || strings.ContainsAny(name, "\"',(){}") || spanOf(name, isNumberRune) == len(name) {
		s.emit(tokBracket, "[", 1)
		return nil
	}
	s.emit(tokField, name, end+1)
	return nil
}

func isNumberRune(r rune) bool { return r >= '0' && r <= '9' || r == '.' || r == '-' }

// closing finds the bracket that closes the one at the start of s.
func closing(s string) int {
	depth := 0
	for i, r := range s {
		switch r {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// scanText reads quoted text. \" \' \\ \n \r \t are known; any other backslash stays, so
// that patterns such as "\d+" can be written as they are.
func (s *scanner) scanText(quote byte) error {
	rest := s.rest()
	var pieces []piece
	var literal strings.Builder
	for i := 1; i < len(rest); {
		switch {
		case rest[i] == quote:
			s.emit(tokText, literal.String(), i+1)
			if pieces != nil {
				t := &s.tokens[len(s.tokens)-1]
				pieces = append(pieces, piece{literal: literal.String()})
				t.pieces = pieces
			}
			return nil
		case rest[i] == '\\' && i+1 < len(rest):
			i += unescape(&literal, rest[i+1])
		case strings.HasPrefix(rest[i:], "{{") && quotedHole(rest[i:]) > 0:
			n := quotedHole(rest[i:])
			tokens, err := scanInside(rest[i+2:i+n-2], s.base+s.at+i+2)
			if err != nil {
				return err
			}
			pieces = append(pieces, piece{literal: literal.String()}, piece{tokens: tokens})
			literal.Reset()
			i += n
		default:
			literal.WriteByte(rest[i])
			i++
		}
	}
	return s.fail("The quote is not closed.", "Write "+string(quote)+" after the text.")
}

// unescape writes what a backslash and the byte after it mean; it gives the bytes read.
func unescape(b *strings.Builder, c byte) int {
	switch c {
	case '\\', '"', '\'':
		b.WriteByte(c)
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	default:
		b.WriteByte('\\')
		return 1
	}
	return 2
}

// quotedHole gives the length of the hole at the start of s when it holds no quote.
func quotedHole(s string) int {
	end := strings.Index(s, "}}")
	if end < 0 || strings.ContainsAny(s[:end], "\"'") || strings.TrimSpace(s[2:end]) == "" {
		return 0
	}
	return end + 2
}
