package okta

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// test is a condition on a person or a group as the API shows it.
type test func(user wire.Object) bool

// grammar is what an expression may say: filter and search differ in the properties and operators that they know.
type grammar struct {
	allows func(property, operator string) bool
	folds  bool // case makes no difference
}

var filterGrammar = grammar{allows: func(property, operator string) bool {
	if property == "lastUpdated" {
		return slices.Contains([]string{"eq", "gt", "ge", "lt", "le"}, operator)
	}
	known := []string{"status", "id", "profile.login", "profile.email", "profile.firstName", "profile.lastName"}
	return operator == "eq" && slices.Contains(known, property)
}}

// searchGrammar knows the attributes that the org has at present.
func (o *org) searchGrammar() grammar {
	return grammar{folds: true, allows: func(property, operator string) bool {
		name, inProfile := strings.CutPrefix(property, "profile.")
		if operator == "co" {
			return inProfile && slices.Contains([]string{"firstName", "lastName", "email", "login"}, name)
		}
		_, known := o.attrs[name]
		top := slices.Contains([]string{"id", "status", "created", "activated", "statusChanged", "lastUpdated", "type.id"}, property)
		return (top || inProfile && known) && slices.Contains([]string{"eq", "sw", "gt", "lt", "ge", "le", "pr"}, operator)
	}}
}

var groupGrammar = grammar{folds: true, allows: func(property, operator string) bool {
	return slices.Contains([]string{"id", "type", "profile.name", "lastUpdated", "lastMembershipUpdated"}, property) && operator != "co"
}}

var word = regexp.MustCompile(`\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)`)

// parser reads an expression word by word.
type parser struct {
	grammar
	words []string
	wrong bool
}

// parse reads an expression; ok is false if it is none.
func (g grammar) parse(expression string) (is test, ok bool) {
	p := &parser{grammar: g}
	for _, found := range word.FindAllStringSubmatch(expression, -1) {
		p.words = append(p.words, found[1])
	}
	is = p.any()
	return is, !p.wrong && len(p.words) == 0
}

func (p *parser) next() string {
	if len(p.words) == 0 {
		p.wrong = true
		return ""
	}
	first := p.words[0]
	p.words = p.words[1:]
	return first
}

func (p *parser) takes(name string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], name) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) any() test {
	is := p.all()
	for p.takes("or") {
		left, right := is, p.all()
		is = func(user wire.Object) bool { return left(user) || right(user) }
	}
	return is
}

func (p *parser) all() test {
	is := p.single()
	for p.takes("and") {
		left, right := is, p.single()
		is = func(user wire.Object) bool { return left(user) && right(user) }
	}
	return is
}

func (p *parser) single() test {
	if p.takes("(") {
		is := p.any()
		p.wrong = p.wrong || !p.takes(")")
		return is
	}
	property, operator := p.next(), strings.ToLower(p.next())
	if !p.allows(property, operator) {
		p.wrong = true
	}
	if operator == "pr" {
		return func(user wire.Object) bool { return len(values(user, property)) > 0 }
	}
	value := strings.Trim(p.next(), `"`)
	return func(user wire.Object) bool {
		return slices.ContainsFunc(values(user, property), func(is string) bool { return p.holds(is, operator, value) })
	}
}

func (g grammar) holds(is, operator, value string) bool {
	if g.folds {
		is, value = strings.ToLower(is), strings.ToLower(value)
	}
	switch operator {
	case "eq":
		return is == value
	case "sw":
		return strings.HasPrefix(is, value)
	case "co":
		return strings.Contains(is, value)
	case "gt":
		return is > value
	case "ge":
		return is >= value
	case "lt":
		return is < value
	}
	return operator == "le" && is <= value
}

// values are what stands at a property: nothing, one text, or several.
func values(user wire.Object, property string) []string {
	var at any = user
	for name := range strings.SplitSeq(property, ".") {
		object, _ := at.(wire.Object)
		at = object[name]
	}
	switch at := at.(type) {
	case nil:
		return nil
	case []string:
		return at
	case []any:
		var list []string
		for _, one := range at {
			list = append(list, fmt.Sprint(one))
		}
		return list
	}
	return []string{fmt.Sprint(at)}
}
