package expression

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var replaceFunctions = []function{
	{name: "Replace", aliases: "String.replace", signature: "Replace(text, old, new) or Replace(text, old, pattern, group, value, field, template)", help: "With three arguments replaces every occurrence of plain text; with up to seven does what Entra does.",
		example: `Replace("Sales & Service", "&", "and")`, result: "Sales and Service", min: 3, max: 7, patterns: nil, call: replace},
	{name: "ReplaceText", signature: "ReplaceText(text, old, new)", help: "Replaces every occurrence of plain text.",
		example: `ReplaceText("a-b-c", "-", "")`, result: "abc", min: 3, max: 3, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return replacePlain(a[0].Text(), a[1].Text(), a[2].Text())
		}},
	{name: "ReplaceFirst", aliases: "String.replaceFirst", signature: "ReplaceFirst(text, old, new)", help: "Replaces the first occurrence of plain text.",
		example: `ReplaceFirst("a-b-c", "-", "")`, result: "ab-c", min: 3, max: 3, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return text(strings.Replace(a[0].Text(), a[1].Text(), a[2].Text(), 1)), nil
		}},
	{name: "ReplaceRegex", signature: "ReplaceRegex(text, pattern, new)", help: "Replaces every match of a regular expression (RE2); ${name} and $1 in new are its groups.",
		example: `ReplaceRegex("Room 12a", "[0-9]+", "#")`, result: "Room #a", min: 3, max: 3, strict: true, patterns: []int{1}, call: func(_ *frame, a []Value) (Value, error) {
			return replacePattern(a[0].Text(), a[1].Text(), a[2].Text())
		}},
	{name: "ReplaceGroup", signature: "ReplaceGroup(text, pattern, group, new)", help: "Replaces what one group of a regular expression matches; groups have a name or count from 1.",
		example: `ReplaceGroup("id-0042", "id-(0*)", 1, "")`, result: "id-42", min: 4, max: 4, strict: true, patterns: []int{1}, call: func(_ *frame, a []Value) (Value, error) {
			return replaceGroup(a[0].Text(), a[1].Text(), a[2].Text(), a[3].Text())
		}},
	{name: "ReplaceChars", signature: `ReplaceChars(text, "ö:oe,ß:ss,':")`, help: `Replaces single characters, each by any text or nothing; write \, \: and \\ for those signs.`,
		example: `ReplaceChars("Köß", "ö:oe,ß:ss")`, result: "Koess", min: 2, max: 2, strict: true, call: replaceChars},
	{name: "Matches", signature: "Matches(text, pattern)", help: "True when a regular expression (RE2) is found in the text.",
		example: `Matches("anna@corp.example", "^[a-z]+@")`, result: "true", min: 2, max: 2, patterns: []int{1}, call: matches},
	{name: "Extract", signature: "Extract(text, pattern [, group])", help: "What a regular expression, or one group of it, matches first; null without a match. Groups have a name or count from 1.",
		example: `Extract("CC 4711 Sales", "CC ([0-9]+)", 1)`, result: "4711", min: 2, max: 3, strict: true, patterns: []int{1}, call: extract},
}

func matches(_ *frame, a []Value) (Value, error) {
	if a[0].IsNull() || a[1].IsNull() {
		return boolean(false), nil
	}
	re, err := pattern(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	return boolean(re.MatchString(a[0].Text())), nil
}

func extract(_ *frame, a []Value) (Value, error) {
	re, err := pattern(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	group := 0
	if len(a) > 2 && !a[2].isEmpty() {
		if group, err = groupIndex(re, a[2].Text()); err != nil {
			return Value{}, err
		}
	}
	found := re.FindStringSubmatchIndex(a[0].Text())
	if found == nil || found[2*group] < 0 {
		return Value{}, nil
	}
	return text(a[0].Text()[found[2*group]:found[2*group+1]]), nil
}

func groupIndex(re *regexp.Regexp, group string) (int, error) {
	if n, err := parseNumber(group); err == nil && n.isInt() && n.bits >= 0 && n.bits <= int64(re.NumSubexp()) {
		return int(n.bits), nil
	}
	if i := re.SubexpIndex(group); i > 0 {
		return i, nil
	}
	return 0, refuse("Name a group that stands in the pattern as (?<name>…), or count from 1.", "the pattern has no group %s.", quoted(group))
}

func replacePlain(s, old, new string) (Value, error) {
	if old == "" {
		return text(s), nil
	}
	if n := strings.Count(s, old); n > 0 && len(s)+n*len(new) > 2*maxText {
		return Value{}, refuse("Replace by something shorter.", "the result is longer than 1 MiB.")
	}
	return text(strings.ReplaceAll(s, old, new)), nil
}

// dollars turns $1 of .NET into ${1}, because Go reads $1x as a group called 1x.
var dollars = regexp.MustCompile(`\$([0-9]+)`)

func replacePattern(s, source, new string) (Value, error) {
	re, err := pattern(source)
	if err != nil {
		return Value{}, err
	}
	new = dollars.ReplaceAllString(new, "$${$1}")
	return rebuild(s, re, func(out []byte, match []int) ([]byte, int) {
		return re.ExpandString(out, new, s, match), match[1]
	}, 0)
}

// replaceGroup replaces in every match only what the group matched.
func replaceGroup(s, source, group, new string) (Value, error) {
	re, err := pattern(source)
	if err != nil {
		return Value{}, err
	}
	g, err := groupIndex(re, group)
	if err != nil {
		return Value{}, err
	}
	return rebuild(s, re, func(out []byte, match []int) ([]byte, int) {
		return append(out, new...), match[2*g+1]
	}, g)
}

// rebuild writes s anew, with write for each match from where its group begins. The size
// is watched on the way, because a match may write many times its own length.
func rebuild(s string, re *regexp.Regexp, write func(out []byte, match []int) ([]byte, int), group int) (Value, error) {
	out, at := make([]byte, 0, len(s)), 0
	for _, match := range re.FindAllStringSubmatchIndex(s, -1) {
		start := match[2*group]
		if start < at {
			continue
		}
		out = append(out, s[at:start]...)
		out, at = write(out, match)
		if len(out) > maxText {
			return Value{}, refuse("Replace by something shorter.", "the result is longer than 1 MiB.")
		}
	}
	return text(string(append(out, s[at:]...))), nil
}

// replace is Entra's function with its five modes, chosen by which arguments are given.
func replace(_ *frame, a []Value) (Value, error) {
	arg := func(i int) Value {
		if i < len(a) {
			return a[i]
		}
		return Value{}
	}
	source, old, re, group, value, field, template := a[0], a[1], arg(2), arg(3), arg(4), arg(5), arg(6)
	switch {
	case len(a) == 3 && (source.IsNull() || re.IsNull()):
		return Value{}, nil
	case len(a) == 3:
		return replacePlain(source.Text(), old.Text(), re.Text())
	case !re.isEmpty() && !group.isEmpty() && value.IsNull():
		if !source.isEmpty() {
			return source, nil
		}
		if field.IsNull() {
			return Value{}, nil
		}
		return extract(nil, []Value{field, re, group})
	case source.IsNull():
		return Value{}, nil
	case !old.isEmpty() && !template.IsNull():
		return replacePlain(template.Text(), old.Text(), source.Text())
	case !old.isEmpty():
		return replacePlain(source.Text(), old.Text(), value.Text())
	case !re.isEmpty() && !group.isEmpty():
		return replaceGroup(source.Text(), re.Text(), group.Text(), value.Text())
	case !re.isEmpty():
		return replacePattern(source.Text(), re.Text(), value.Text())
	}
	return Value{}, refuse("Give old or pattern, and value or template.", "nothing to replace is given.")
}

func replaceChars(_ *frame, a []Value) (Value, error) {
	table := map[rune]string{}
	for _, entry := range splitEscaped(a[1].Text(), ',') {
		sides := splitEscaped(entry, ':')
		from := unescapeSigns(sides[0])
		r, n := utf8.DecodeRuneInString(from)
		if n == 0 || n != len(from) || len(sides) != 2 {
			return Value{}, refuse(`Write "ö:oe,ß:ss".`, "%s is not one character, a colon and its replacement.", quoted(entry))
		}
		table[r] = unescapeSigns(sides[1])
	}
	var out strings.Builder
	for _, r := range a[0].Text() {
		if to, ok := table[r]; ok {
			out.WriteString(to)
		} else {
			out.WriteRune(r)
		}
		if out.Len() > maxText {
			return Value{}, refuse("Replace by something shorter.", "the result is longer than 1 MiB.")
		}
	}
	return text(out.String()), nil
}

// splitEscaped splits at a sign that has no backslash before it.
func splitEscaped(s string, sign byte) []string {
	var parts []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sign:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

func unescapeSigns(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\,`, `,`, `\:`, `:`).Replace(s)
}
