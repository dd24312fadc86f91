package ldap

import (
	"slices"
	"strings"

	"rollcall/core"
)

// definition is one description of a directory's schema (RFC 4512 §4.1).
type definition struct {
	names    []string
	sup      []string
	syntax   string
	must     []string
	may      []string
	desc     string
	single   bool
	readOnly bool
}

// parseDefinition reads a description of an attribute type or an object class. What
// it does not know it passes over; ok is false where there is no name.
func parseDefinition(text string) (d definition, ok bool) {
	tokens := tokenise(text)
	for i := 0; i < len(tokens); i++ {
		next := func() []string {
			values, n := operand(tokens[i+1:])
			i += n
			return values
		}
		switch tokens[i] {
		case "NAME":
			d.names = next()
		case "SUP":
			d.sup = next()
		case "MUST":
			d.must = next()
		case "MAY":
			d.may = next()
		case "DESC":
			d.desc = strings.Join(next(), " ")
		case "SYNTAX":
			d.syntax, _, _ = strings.Cut(strings.Join(next(), ""), "{")
		case "SINGLE-VALUE":
			d.single = true
		case "NO-USER-MODIFICATION":
			d.readOnly = true
		}
	}
	return d, len(d.names) > 0
}

// tokenise cuts a description into words, quoted texts, and parentheses.
func tokenise(text string) []string {
	var tokens []string
	for text = strings.TrimLeft(text, " \t\r\n"); text != ""; text = strings.TrimLeft(text, " \t\r\n") {
		n := 1
		switch text[0] {
		case '(', ')', '$':
		case '\'':
			end := strings.IndexByte(text[1:], '\'')
			if end < 0 {
				return tokens
			}
			tokens = append(tokens, text[1:1+end])
			text = text[end+2:]
			continue
		default:
			if n = strings.IndexAny(text, " \t\r\n()$'"); n < 0 {
				n = len(text)
			}
		}
		tokens = append(tokens, text[:n])
		text = text[n:]
	}
	return tokens
}

// operand gives one word, or the words between parentheses, and how many tokens it took.
func operand(tokens []string) ([]string, int) {
	if len(tokens) == 0 {
		return nil, 0
	}
	if tokens[0] != "(" {
		return tokens[:1], 1
	}
	end := slices.Index(tokens, ")")
	if end < 0 {
		return nil, 0
	}
	words := slices.DeleteFunc(slices.Clone(tokens[1:end]), func(w string) bool { return w == "$" })
	return words, end + 1
}

// subschema holds a directory's attribute types and object classes by lower-case name.
type subschema struct {
	types   map[string]definition
	classes map[string]definition
}

func newSubschema(types, classes []string) subschema {
	return subschema{types: byName(types), classes: byName(classes)}
}

// has says whether there is an attribute of that name.
func (s subschema) has(name string) bool {
	_, ok := s.types[strings.ToLower(name)]
	return ok
}

func byName(texts []string) map[string]definition {
	m := map[string]definition{}
	for _, text := range texts {
		d, ok := parseDefinition(text)
		if !ok {
			continue
		}
		for _, n := range d.names {
			m[strings.ToLower(n)] = d
		}
	}
	return m
}

// allowed gives the names of the attributes that entries of the classes may and must
// have, those of the classes above them included.
func (s subschema) allowed(classes []string) (names []string, must map[string]bool) {
	must = map[string]bool{}
	seenClass, seen := map[string]bool{}, map[string]bool{}
	var walk func(string)
	walk = func(class string) {
		class = strings.ToLower(class)
		if seenClass[class] {
			return
		}
		seenClass[class] = true
		d := s.classes[class]
		for _, sup := range d.sup {
			walk(sup)
		}
		for _, n := range append(slices.Clone(d.must), d.may...) {
			if first := s.canonical(n); !seen[first] {
				seen[first] = true
				names = append(names, first)
			}
		}
		for _, n := range d.must {
			must[s.canonical(n)] = true
		}
	}
	for _, c := range classes {
		walk(c)
	}
	return names, must
}

// canonical gives the name that we use: the one of the fact sheets where the type has
// several, else its first.
func (s subschema) canonical(name string) string {
	d, ok := s.types[strings.ToLower(name)]
	if !ok {
		return name
	}
	for _, n := range d.names {
		if _, ours := labels[n]; ours {
			return n
		}
	}
	return d.names[0]
}

// syntaxOf gives the syntax of a type, from the type above it where it states none.
func (s subschema) syntaxOf(name string) string {
	for range 10 { // more levels than any schema has; a circle ends here
		d := s.types[strings.ToLower(name)]
		if d.syntax != "" || len(d.sup) == 0 {
			return d.syntax
		}
		name = d.sup[0]
	}
	return ""
}

// The syntaxes of RFC 4517 that hold text a person could read.
const syntaxRoot = "1.3.6.1.4.1.1466.115.121.1."

var kinds = map[string]core.Kind{
	"15": core.Text, "26": core.Text, "44": core.Text, "41": core.Text, "11": core.Text, "36": core.Text,
	"50": core.Phone, "22": core.Phone, "7": core.Bool, "27": core.Number, "12": core.Reference,
}

// attributesOf gives the attributes that people can have under these classes.
func (s subschema) attributesOf(classes []string, naming string, hidden ...string) []core.Attribute {
	names, must := s.allowed(classes)
	var all []core.Attribute
	for _, n := range names {
		if a, ok := s.attributeOf(n); ok && !slices.ContainsFunc(append(hidden, passedOver...), func(h string) bool { return strings.EqualFold(h, n) }) {
			a.Required = must[n] || strings.EqualFold(n, naming)
			a.Unique = strings.EqualFold(n, naming)
			a.Login = strings.EqualFold(n, "uid") || a.Unique
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b core.Attribute) int { return rank(a.ID) - rank(b.ID) })
	return all
}

func (s subschema) attributeOf(name string) (core.Attribute, bool) {
	d, known := s.types[strings.ToLower(name)]
	syntax, standard := strings.CutPrefix(s.syntaxOf(name), syntaxRoot)
	kind, readable := kinds[syntax]
	if !known || !standard || !readable || d.readOnly {
		return core.Attribute{}, false
	}
	a := core.Attribute{ID: name, Label: name, Help: d.desc, Kind: kind}
	if l, ours := labels[name]; ours {
		a.Label, a.Help = l.label, ""
		if l.kind != core.Text {
			a.Kind = l.kind
		}
	} else if !d.single && kind != core.Reference && kind != core.Bool {
		a.Kind = core.List
	}
	if kind == core.Reference && a.Label == name {
		return core.Attribute{}, false // a DN that need not be a person's
	}
	return a, true
}

// passedOver are attributes of inetOrgPerson for machines and forms of transport that
// nobody has in an HR system.
var passedOver = []string{"objectClass", "userPassword", "x121Address", "registeredAddress", "destinationIndicator", "internationalISDNNumber", "internationaliSDNNumber", "seeAlso", "labeledURI", "userClass"}

type label struct {
	place int
	label string
	kind  core.Kind
}

// labels are the attributes of people that we know: they hold one value, as far as we
// write them, whatever the schema allows.
var labels = map[string]label{
	"uid": {1, "User name", core.Text}, "cn": {2, "Full name", core.Text}, "givenName": {3, "First name", core.Text}, "sn": {4, "Last name", core.Text},
	"displayName": {5, "Display name", core.Text}, "initials": {6, "Initials", core.Text}, "mail": {7, "E-mail", core.Email},
	"employeeNumber": {8, "Employee number", core.Text}, "employeeType": {9, "Employment type", core.Text}, "title": {10, "Job title", core.Text},
	"departmentNumber": {11, "Department", core.Text}, "ou": {12, "Organisational unit", core.Text}, "businessCategory": {13, "Business category", core.Text},
	"o": {14, "Organisation", core.Text}, "manager": {15, "Manager", core.Reference}, "secretary": {16, "Assistant", core.Reference},
	"physicalDeliveryOfficeName": {17, "Office", core.Text}, "roomNumber": {18, "Room", core.Text}, "street": {19, "Street", core.Text}, "l": {20, "City", core.Text},
	"st": {21, "Region", core.Text}, "postalCode": {22, "Postal code", core.Text}, "postalAddress": {23, "Postal address", core.Text}, "postOfficeBox": {24, "Post office box", core.Text},
	"telephoneNumber": {25, "Work phone", core.Phone}, "mobile": {26, "Mobile phone", core.Phone}, "homePhone": {27, "Private phone", core.Phone},
	"facsimileTelephoneNumber": {28, "Fax", core.Phone}, "pager": {29, "Pager", core.Phone}, "homePostalAddress": {30, "Private address", core.Text},
	"preferredLanguage": {31, "Language", core.Text}, "description": {32, "Description", core.Text}, "carLicense": {33, "Number plate", core.Text},
}

func rank(id string) int {
	if l, ok := labels[id]; ok {
		return l.place
	}
	return len(labels) + 1
}

// Standard gives the attributes that we know by name, before anyone connects: those of
// inetOrgPerson, then those that Active Directory alone has. The live directory may have
// fewer or more.
func Standard() []core.Attribute {
	out := make([]core.Attribute, 0, len(labels))
	for id, l := range labels {
		out = append(out, core.Attribute{ID: id, Label: l.label, Kind: l.kind, Required: id == "uid" || id == "cn" || id == "sn", Unique: id == "uid", Login: id == "uid"})
	}
	slices.SortFunc(out, func(a, b core.Attribute) int { return rank(a.ID) - rank(b.ID) })
	for _, l := range adLabels {
		if _, common := labels[l.id]; !common {
			a := l.attribute()
			a.Required = false // in another directory there is none
			out = append(out, a)
		}
	}
	return out
}
