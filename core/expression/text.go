package expression

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

var textFunctions = []function{
	{name: "Append", aliases: "String.append", signature: "Append(text, suffix)", help: "Joins two texts; null when either is null.",
		example: `Append("anna", "@corp.example")`, result: "anna@corp.example", min: 2, max: 2, strict: true, call: appendText},
	{name: "LCase", aliases: "ToLower Lower toLowerCase String.toLowerCase", signature: "LCase(text [, culture])", help: "Makes small letters; a culture such as tr-TR is optional.",
		example: `LCase("Anna LEE")`, result: "anna lee", min: 1, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return cased(a, strings.ToLower, cases.Lower) }},
	{name: "UCase", aliases: "ToUpper Upper toUpperCase String.toUpperCase", signature: "UCase(text [, culture])", help: "Makes capital letters; a culture such as tr-TR is optional.",
		example: `UCase("Anna")`, result: "ANNA", min: 1, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return cased(a, strings.ToUpper, cases.Upper) }},
	{name: "PCase", aliases: "ProperCase TitleCase", signature: "PCase(text [, separators [, particles]])", help: "Makes the first letter of each word large and the others small; with particles true, von, de, van der stay small and Mc, O' are known.",
		example: `PCase("PINTO-DE'SILVA", " '-")`, result: "Pinto-De'Silva", min: 1, max: 3, strict: true, call: properCase},
	{name: "Trim", signature: "Trim(text)", help: "Removes blanks at both ends; of a list, of each value.",
		example: `Trim("  Anna ")`, result: "Anna", min: 1, max: 1, strict: true, call: each(strings.TrimSpace)},
	{name: "LTrim", aliases: "TrimStart", signature: "LTrim(text)", help: "Removes blanks at the start.",
		example: `LTrim("  Anna")`, result: "Anna", min: 1, max: 1, strict: true, call: each(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) })},
	{name: "RTrim", aliases: "TrimEnd", signature: "RTrim(text)", help: "Removes blanks at the end.",
		example: `RTrim("Anna  ")`, result: "Anna", min: 1, max: 1, strict: true, call: each(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) })},
	{name: "StripSpaces", aliases: "removeSpaces String.removeSpaces", signature: "StripSpaces(text)", help: "Removes every blank of the ASCII kind.",
		example: `StripSpaces("Anna B. Lee")`, result: "AnnaB.Lee", min: 1, max: 1, strict: true, call: each(func(s string) string { return strings.ReplaceAll(s, " ", "") })},
	{name: "StripWhitespace", signature: "StripWhitespace(text)", help: "Removes every blank, tab and line break, also the Unicode ones.",
		example: `StripWhitespace("Anna\t Lee")`, result: "AnnaLee", min: 1, max: 1, strict: true, call: each(stripWhitespace)},
	{name: "Len", aliases: "Length String.len", signature: "Len(text)", help: "Counts the characters a person sees.",
		example: `Len("Zoë")`, result: "3", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return integer(int64(length(a[0].Text()))), nil }},
	{name: "PadLeft", signature: "PadLeft(text, length, character)", help: "Fills up to a length at the left; longer text stays, null gives empty text.",
		example: `PadLeft("42", 5, "0")`, result: "00042", min: 2, max: 3, call: func(_ *frame, a []Value) (Value, error) { return pad(a, true) }},
	{name: "PadRight", signature: "PadRight(text, length, character)", help: "Fills up to a length at the right; longer text stays, null gives empty text.",
		example: `PadRight("42", 5, ".")`, result: "42...", min: 2, max: 3, call: func(_ *frame, a []Value) (Value, error) { return pad(a, false) }},
	{name: "NormalizeDiacritics", signature: "NormalizeDiacritics(text)", help: "Takes the accents off letters by Entra's table: ä becomes a, ø becomes oe, ß becomes ss.",
		example: `NormalizeDiacritics("Łukasz Ångström")`, result: "Lukasz Angstrom", min: 1, max: 1, strict: true, call: each(normalizeDiacritics)},
	{name: "Transliterate", signature: "Transliterate(text, locale)", help: "Writes text in plain letters as the language does: ä is ae in de, å is aa in da; Cyrillic, Greek and others too.",
		example: `Transliterate("Jörg Müller", "de")`, result: "Joerg Mueller", min: 1, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return text(transliterate(a[0].Text(), optional(a, 1))), nil
		}},
	{name: "Ascii", signature: "Ascii(text [, locale])", help: "Transliterates and drops what is still not ASCII.",
		example: `Ascii("Zoë 北")`, result: "Zoe Bei", min: 1, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return text(ascii(a[0].Text(), optional(a, 1))), nil
		}},
	{name: "CStr", aliases: "ToText ToString CRef CGuid StringFromGuid StringFromSid", signature: "CStr(value)", help: "Gives any value as text.",
		example: `CStr(42)`, result: "42", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return text(a[0].Text()), nil }},
	{name: "ContainsText", aliases: "String.stringContains", signature: "ContainsText(text, part)", help: "True when the text has the part in it; case matters.",
		example: `ContainsText("Annabel", "nab")`, result: "true", min: 2, max: 2, call: testText(strings.Contains)},
	{name: "StartsWith", aliases: "String.startsWith", signature: "StartsWith(text, start)", help: "True when the text begins so; case matters.",
		example: `StartsWith("Annabel", "Ann")`, result: "true", min: 2, max: 2, call: testText(strings.HasPrefix)},
	{name: "EndsWith", signature: "EndsWith(text, end)", help: "True when the text ends so; case matters.",
		example: `EndsWith("Annabel", "bel")`, result: "true", min: 2, max: 2, call: testText(strings.HasSuffix)},
}

// optional gives the text of an argument that may be missing.
func optional(a []Value, i int) string {
	if i >= len(a) {
		return ""
	}
	return a[i].Text()
}

// each applies fn to a text, or to each value of a list.
func each(fn func(string) string) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) {
		if !a[0].isList() {
			return text(fn(a[0].Text())), nil
		}
		texts := a[0].texts()
		for i := range texts {
			texts[i] = fn(texts[i])
		}
		return listOfTexts(texts), nil
	}
}

func testText(test func(s, x string) bool) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) { return textTest(test)(a[0], a[1]) }
}

func appendText(_ *frame, a []Value) (Value, error) {
	if a[1].IsNull() {
		return Value{}, nil
	}
	return text(a[0].Text() + a[1].Text()), nil
}

func cased(a []Value, plain func(string) string, caser func(language.Tag, ...cases.Option) cases.Caser) (Value, error) {
	if optional(a, 1) == "" {
		return each(plain)(nil, a)
	}
	tag, err := language.Parse(a[1].Text())
	if err != nil {
		return Value{}, refuse("Write a culture such as tr-TR, or leave it out.", "%s is not a culture.", quoted(a[1].Text()))
	}
	return text(caser(tag).String(a[0].Text())), nil
}

func stripWhitespace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

func pad(a []Value, left bool) (Value, error) {
	s, fill := a[0].Text(), " "
	if len(a) > 2 && !a[2].isEmpty() {
		fill = head(a[2].Text(), 1)
	}
	n, err := a[1].count()
	if err != nil {
		return Value{}, err
	}
	missing := n - length(s)
	switch {
	case a[0].IsNull():
		return text(""), nil
	case missing <= 0:
		return text(s), nil
	case missing*len(fill) > maxText:
		return Value{}, refuse("Choose a smaller length.", "the length %s is too big.", a[1].Text())
	case left:
		return text(strings.Repeat(fill, missing) + s), nil
	}
	return text(s + strings.Repeat(fill, missing)), nil
}

// particles stay small inside a family name.
var particles = map[string]bool{
	"von": true, "van": true, "der": true, "den": true, "de": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "das": true, "do": true, "du": true, "la": true, "le": true,
	"zu": true, "zur": true, "zum": true, "vom": true, "am": true, "ten": true, "ter": true, "te": true, "af": true, "av": true, "y": true, "e": true, "bin": true, "ibn": true, "al": true, "el": true,
}

func properCase(_ *frame, a []Value) (Value, error) {
	separators := optional(a, 1)
	isSeparator := func(r rune) bool { return strings.ContainsRune(separators, r) }
	if separators == "" { // as .NET: anything that is no letter, digit or apostrophe
		isSeparator = func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r != '\'' && r != '’'
		}
	}
	names := false
	if len(a) > 2 {
		var err error
		if names, err = a[2].truth(); err != nil {
			return Value{}, err
		}
	}
	var out strings.Builder
	word := []rune{}
	flush := func() {
		out.WriteString(properWord(word, names))
		word = word[:0]
	}
	for _, r := range a[0].Text() {
		if !isSeparator(r) {
			word = append(word, r)
			continue
		}
		flush()
		out.WriteRune(r)
	}
	flush()
	return text(out.String()), nil
}

// properWord makes one word's first letter large; with names it knows particles, Mc and O'.
func properWord(word []rune, names bool) string {
	if len(word) == 0 {
		return ""
	}
	lower := []rune(strings.ToLower(string(word)))
	if names && particles[string(lower)] {
		return string(lower)
	}
	lower[0] = unicode.ToTitle(lower[0])
	if names && len(lower) > 2 {
		mc := lower[0] == 'M' && lower[1] == 'c'
		irish := (lower[0] == 'O' || lower[0] == 'D') && (lower[1] == '\'' || lower[1] == '’')
		if mc || irish {
			lower[2] = unicode.ToTitle(lower[2])
		}
	}
	return string(lower)
}
