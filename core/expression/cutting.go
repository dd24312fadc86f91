package expression

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

var cuttingFunctions = []function{
	{name: "Left", signature: "Left(text, count)", help: "The first characters; a negative count gives the whole text.",
		example: `Left("Annabel", 3)`, result: "Ann", min: 2, max: 2, strict: true, call: left},
	{name: "Right", signature: "Right(text, count)", help: "The last characters; a negative count gives the whole text.",
		example: `Right("Annabel", 3)`, result: "bel", min: 2, max: 2, strict: true, call: right},
	{name: "Mid", signature: "Mid(text, start [, length])", help: "Characters from the middle; start counts from 1, too long is cut.",
		example: `Mid("Annabel", 4, 2)`, result: "ab", min: 2, max: 3, strict: true, call: mid},
	{name: "Substring", aliases: "String.substring", signature: "Substring(text, from [, to])", help: "Characters from one position up to before another; positions count from 0.",
		example: `Substring("Annabel", 0, 3)`, result: "Ann", min: 2, max: 3, strict: true, call: substring},
	{name: "InStr", signature: "InStr(text, find [, start [, compare]])", help: "Position of the first hit, counted from 1, 0 when there is none; compare is vbTextCompare (1) or vbBinaryCompare (0).",
		example: `InStr("Annabel", "na")`, result: "3", min: 2, max: 4, strict: true, call: inStr},
	{name: "InStrRev", signature: "InStrRev(text, find [, start [, compare]])", help: "Position of the last hit, counted from 1, 0 when there is none.",
		example: `InStrRev("banana", "an")`, result: "4", min: 2, max: 4, strict: true, call: inStrRev},
	{name: "After", aliases: "SubstringAfter String.substringAfter", signature: "After(text, mark)", help: "What follows the first mark; empty when there is no mark.",
		example: `After("anna@corp.example", "@")`, result: "corp.example", min: 2, max: 2, strict: true, call: around(strings.Index, true)},
	{name: "Before", aliases: "SubstringBefore String.substringBefore", signature: "Before(text, mark)", help: "What stands before the first mark; the whole text when there is no mark.",
		example: `Before("anna@corp.example", "@")`, result: "anna", min: 2, max: 2, strict: true, call: around(strings.Index, false)},
	{name: "AfterLast", signature: "AfterLast(text, mark)", help: "What follows the last mark; empty when there is no mark.",
		example: `AfterLast("Europe/Sales/Inside", "/")`, result: "Inside", min: 2, max: 2, strict: true, call: around(strings.LastIndex, true)},
	{name: "BeforeLast", signature: "BeforeLast(text, mark)", help: "What stands before the last mark; the whole text when there is no mark.",
		example: `BeforeLast("Europe/Sales/Inside", "/")`, result: "Europe/Sales", min: 2, max: 2, strict: true, call: around(strings.LastIndex, false)},
	{name: "Word", signature: "Word(text, number, delimiters)", help: "One word, counted from 1; any character of delimiters ends a word. Null or too few words give empty text.",
		example: `Word("Lee, Anna Maria", 2, ", ")`, result: "Anna", min: 2, max: 3, call: word},
	{name: "FirstWord", signature: "FirstWord(text)", help: "The first word.",
		example: `FirstWord("Anna Maria Lee")`, result: "Anna", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return nthWord(a[0], 1, "") }},
	{name: "LastWord", signature: "LastWord(text)", help: "The last word.",
		example: `LastWord("Anna Maria Lee")`, result: "Lee", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return nthWord(a[0], len(strings.Fields(a[0].Text())), "")
		}},
}

// plain says that every byte of s is a character by itself.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '\r' {
			return false
		}
	}
	return true
}

// length counts the characters a person sees (grapheme clusters).
func length(s string) int {
	if plain(s) {
		return len(s)
	}
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n++
	}
	return n
}

// offset gives the byte at which character n begins; the end when there are fewer.
func offset(s string, n int) int {
	if n <= 0 {
		return 0
	}
	if plain(s) {
		return min(n, len(s))
	}
	at := 0
	for it := graphemes.FromString(s); n > 0 && it.Next(); n-- {
		at += len(it.Value())
	}
	return at
}

func head(s string, n int) string { return s[:offset(s, n)] }

func left(_ *frame, a []Value) (Value, error) {
	n, err := a[1].count()
	s := a[0].Text()
	if err != nil || n < 0 {
		return text(s), err
	}
	return text(head(s, n)), nil
}

func right(_ *frame, a []Value) (Value, error) {
	n, err := a[1].count()
	s := a[0].Text()
	if err != nil || n < 0 {
		return text(s), err
	}
	return text(s[offset(s, length(s)-n):]), nil
}

func mid(_ *frame, a []Value) (Value, error) {
	start, err := a[1].count()
	if err != nil {
		return Value{}, err
	}
	s := a[0].Text()
	s = s[offset(s, start-1):]
	if len(a) < 3 || a[2].IsNull() {
		return text(s), nil
	}
	n, err := a[2].count()
	return text(head(s, n)), err
}

func substring(_ *frame, a []Value) (Value, error) {
	from, err := a[1].count()
	if err != nil {
		return Value{}, err
	}
	s := a[0].Text()
	start, end := offset(s, from), len(s)
	if len(a) > 2 && !a[2].IsNull() {
		to, err := a[2].count()
		if err != nil {
			return Value{}, err
		}
		end = offset(s, to)
	}
	return text(s[min(start, end):end]), nil
}

// sought prepares the arguments of InStr: both texts, folded when asked, and the start.
func sought(a []Value, start int) (s, find string, from int, err error) {
	s, find, from = a[0].Text(), a[1].Text(), start
	if len(a) > 2 && !a[2].IsNull() {
		if from, err = a[2].count(); err != nil {
			return "", "", 0, err
		}
	}
	if mode := strings.ToLower(optional(a, 3)); mode == "vbtextcompare" || mode == "1" {
		s, find = strings.ToLower(s), strings.ToLower(find)
	}
	return s, find, from, nil
}

func inStr(_ *frame, a []Value) (Value, error) {
	s, find, from, err := sought(a, 1)
	if err != nil || a[1].IsNull() {
		return Value{}, err
	}
	skip := offset(s, from-1)
	at := strings.Index(s[skip:], find)
	if at < 0 {
		return integer(0), nil
	}
	return integer(int64(length(s[:skip+at]) + 1)), nil
}

func inStrRev(_ *frame, a []Value) (Value, error) {
	s, find, from, err := sought(a, -1)
	if err != nil || a[1].IsNull() {
		return Value{}, err
	}
	if from > 0 {
		s = head(s, from)
	}
	at := strings.LastIndex(s, find)
	if at < 0 {
		return integer(0), nil
	}
	return integer(int64(length(s[:at]) + 1)), nil
}

// around cuts at a mark. An empty mark cuts nothing off.
func around(index func(s, mark string) int, after bool) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) { return cutAt(a[0].Text(), a[1].Text(), index, after) }
}

func cutAt(s, mark string, index func(s, mark string) int, after bool) (Value, error) {
	at := index(s, mark)
	switch {
	case mark == "":
		return text(s), nil
	case at < 0 && after:
		return text(""), nil
	case at < 0:
		return text(s), nil
	case after:
		return text(s[at+len(mark):]), nil
	}
	return text(s[:at]), nil
}

func word(_ *frame, a []Value) (Value, error) {
	n, err := a[1].count()
	if err != nil {
		return Value{}, err
	}
	return nthWord(a[0], n, optional(a, 2))
}

func nthWord(v Value, n int, delimiters string) (Value, error) {
	ends := unicode.IsSpace
	if delimiters != "" {
		ends = func(r rune) bool { return strings.ContainsRune(delimiters, r) }
	}
	for w := range strings.FieldsFuncSeq(v.Text(), ends) {
		if n--; n == 0 {
			return text(w), nil
		}
	}
	return text(""), nil
}
