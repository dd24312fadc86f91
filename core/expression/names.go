package expression

import (
	"regexp"
	"strings"
	"unicode"
)

var nameFunctions = []function{
	{name: "Initials", signature: "Initials(text)", help: "The first letter of each word, large.",
		example: `Initials("Anna Maria Lee")`, result: "AML", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return text(initials(a[0].Text())), nil }},
	{name: "NameParts", signature: "NameParts(text)", help: "A list of given names and family name; knows “Lee, Anna” and particles such as van der.",
		example: `Item(NameParts("Anna Maria van der Berg"), 2)`, result: "van der Berg", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return listOfTexts(nameParts(a[0].Text())), nil }},
	{name: "Slug", signature: "Slug(text [, max [, allowed]])", help: "Small ASCII letters and digits only, other signs become one hyphen; allowed names further signs to keep.",
		example: `Slug("Sales & Café, EMEA", 12)`, result: "sales-cafe-e", min: 1, max: 3, strict: true, call: slug},
	{name: "CleanUPN", signature: "CleanUPN(text [, locale])", help: "Makes a valid user principal name: ASCII, only letters, digits and ' . - _ before the @, at most 64 characters there.",
		example: `CleanUPN("Zoë O'Brien (ext)@corp.example")`, result: "ZoeO'Brienext@corp.example", min: 1, max: 2, strict: true, call: cleanUPN},
	{name: "EmailLocal", signature: "EmailLocal(address)", help: "What stands before the last @.",
		example: `EmailLocal("anna@corp.example")`, result: "anna", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return cutAt(a[0].Text(), "@", strings.LastIndex, false) }},
	{name: "EmailDomain", signature: "EmailDomain(address)", help: "What stands after the last @.",
		example: `EmailDomain("anna@corp.example")`, result: "corp.example", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return cutAt(a[0].Text(), "@", strings.LastIndex, true) }},
	{name: "DNComponent", signature: "DNComponent(dn, number)", help: "The value of one part of a distinguished name, counted from 1 at the left.",
		example: `DNComponent("CN=Anna Lee,OU=Sales,DC=corp,DC=example", 2)`, result: "Sales", min: 2, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return dnComponent(a, false) }},
	{name: "DNComponentRev", signature: `DNComponentRev(dn, number [, "DC"])`, help: "The same counted from 1 at the right; with DC the domain parts are skipped.",
		example: `DNComponentRev("CN=Anna Lee,OU=Sales,DC=corp,DC=example", 1, "DC")`, result: "Sales", min: 2, max: 3, strict: true, call: func(_ *frame, a []Value) (Value, error) { return dnComponent(a, true) }},
	{name: "EscapeDNComponent", signature: "EscapeDNComponent(text)", help: "Makes text safe as a part of a distinguished name.",
		example: `"CN=" + EscapeDNComponent("Lee, Anna")`, result: `CN=Lee\, Anna`, min: 1, max: 1, strict: true, call: each(escapeDN)},
	{name: "OUPath", signature: "OUPath(a, b, …)", help: "Organisational units from the innermost to the outermost, escaped; empty ones are left out.",
		example: `OUPath("Sales", "Berlin")`, result: "OU=Sales,OU=Berlin", min: 1, max: -1, call: ouPath},
}

func initials(s string) string {
	var out strings.Builder
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		out.WriteString(strings.ToUpper(head(w, 1)))
	}
	return out.String()
}

// nameParts gives given names and family name of a whole name.
func nameParts(s string) []string {
	if family, given, ok := strings.Cut(s, ","); ok {
		return []string{strings.TrimSpace(given), strings.TrimSpace(family)}
	}
	words := strings.Fields(s)
	if len(words) < 2 {
		return []string{strings.Join(words, ""), ""}
	}
	start := len(words) - 1
	for start > 1 && particles[strings.ToLower(words[start-1])] && words[start-1] != strings.ToUpper(words[start-1]) {
		start--
	}
	return []string{strings.Join(words[:start], " "), strings.Join(words[start:], " ")}
}

func slug(_ *frame, a []Value) (Value, error) {
	allowed := optional(a, 2)
	var out strings.Builder
	gap := false
	for _, r := range strings.ToLower(ascii(a[0].Text(), "")) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(allowed, r) {
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
			continue
		}
		gap = gap || r != '\''
	}
	s := out.String()
	if len(a) > 1 && !a[1].isEmpty() {
		n, err := a[1].count()
		if err != nil {
			return Value{}, err
		}
		s = strings.TrimRight(s[:min(max(n, 0), len(s))], "-")
	}
	return text(s), nil
}

var dotRuns = regexp.MustCompile(`\.{2,}`)

// cleanUPN keeps to the characters and lengths that Microsoft Entra allows.
func cleanUPN(_ *frame, a []Value) (Value, error) {
	local, domain := ascii(a[0].Text(), optional(a, 1)), ""
	if at := strings.LastIndexByte(local, '@'); at >= 0 {
		local, domain = local[:at], local[at:]
	}
	local = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("'.-_", r) {
			return r
		}
		return -1
	}, local)
	local = strings.Trim(dotRuns.ReplaceAllString(local, "."), ".")
	return text(strings.TrimRight(local[:min(64, len(local))], ".") + stripWhitespace(domain)), nil
}

// splitDN cuts a distinguished name at its commas; a backslash keeps one.
func splitDN(dn string) [][2]string {
	var parts [][2]string
	for _, p := range splitEscaped(dn, ',') {
		kind, value, _ := strings.Cut(p, "=")
		parts = append(parts, [2]string{strings.TrimSpace(kind), unescapeDN(trimDN(value))})
	}
	return parts
}

// trimDN takes blanks off both ends, but not one that a backslash keeps.
func trimDN(s string) string {
	s = strings.TrimLeft(s, " ")
	trimmed := strings.TrimRight(s, " ")
	backslashes := len(trimmed) - len(strings.TrimRight(trimmed, `\`))
	if backslashes%2 == 1 && len(trimmed) < len(s) {
		return s[:len(trimmed)+1]
	}
	return trimmed
}

func dnComponent(a []Value, reverse bool) (Value, error) {
	n, err := a[1].count()
	if err != nil {
		return Value{}, err
	}
	var values []string
	for _, p := range splitDN(a[0].Text()) {
		if !strings.EqualFold(optional(a, 2), "DC") || !strings.EqualFold(p[0], "DC") {
			values = append(values, p[1])
		}
	}
	if n < 1 || n > len(values) {
		return Value{}, nil
	}
	if reverse {
		n = len(values) + 1 - n
	}
	return text(values[n-1]), nil
}

// escapeDN follows RFC 4514 §2.4.
func escapeDN(s string) string {
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		edge := i == 0 && (c == ' ' || c == '#') || i == len(s)-1 && c == ' '
		switch {
		case c == 0:
			out.WriteString(`\00`)
			continue
		case edge || strings.IndexByte(`,+"\<>;=`, c) >= 0:
			out.WriteByte('\\')
		}
		out.WriteByte(c)
	}
	return out.String()
}

func unescapeDN(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		if i+2 < len(s) && isHexDigit(rune(s[i+1])) && isHexDigit(rune(s[i+2])) {
			out.WriteByte(hexByte(s[i+1])<<4 | hexByte(s[i+2]))
			i += 2
			continue
		}
		i++
		out.WriteByte(s[i])
	}
	return strings.ToValidUTF8(out.String(), "�")
}

func hexByte(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

func ouPath(_ *frame, a []Value) (Value, error) {
	var parts []string
	for _, v := range a {
		for _, unit := range v.texts() {
			if unit = strings.TrimSpace(unit); unit != "" {
				parts = append(parts, "OU="+escapeDN(unit))
			}
		}
	}
	if parts == nil {
		return Value{}, nil
	}
	return text(strings.Join(parts, ",")), nil
}
