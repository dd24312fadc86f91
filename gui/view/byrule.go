package view

import (
	"cmp"
	"slices"
	"strings"

	"rollcall/core"
	"rollcall/core/expression"
)

// ByRule is what somebody says who writes no expressions: when this field is that value, then this choice. It is kept as an
// ordinary expression, in a form that is read back; see Expression and ReadByRule.
//
// Of an attribute with one value the first rule that holds decides. Of an attribute with several all rules that hold add up.
type ByRule struct {
	Many      bool
	Rules     []WhenRule
	Otherwise []string // where no rule holds; none: no value
}

// WhenRule gives values to those whose field has a value. An empty value means those who have none, and an empty field
// everybody, where rules add up.
type WhenRule struct {
	Field, Value string
	Give         []string
}

// NewByRule gives one empty rule for an attribute.
func NewByRule(a core.Attribute) ByRule {
	return ByRule{Many: a.Kind == core.List, Rules: []WhenRule{{}}}
}

// RuleField says that rules can name a field: its name can be written into an expression.
func RuleField(id string) bool {
	if id == "" || strings.TrimSpace(id) != id || strings.Contains(id, "}}") || strings.ContainsAny(id, "\n\r\t") {
		return false
	}
	p, err := expression.Compile(hole(id))
	return err == nil && slices.Equal(p.Fields(), []string{id})
}

// RuleValue says that rules can name a value: it can be written as a text.
func RuleValue(v string) bool {
	return v != "" && !strings.Contains(v, "{{") && !strings.Contains(v, core.ListSeparator) && strings.ToValidUTF8(v, "") == v
}

func hole(field string) string { return "{{" + field + "}}" }

// Whole says that nothing is left open: every rule names a field and gives something.
func (r ByRule) Whole() bool { return len(r.Gaps()) == 0 }

// Gaps names what is still missing, rule by rule, in words for the person.
func (r ByRule) Gaps() []string {
	var gaps []string
	for i, w := range r.Rules {
		switch {
		case w.Field == "" && !r.Many:
			gaps = append(gaps, "Rule "+itoa(i+1)+": choose a field.")
		case len(w.Give) == 0:
			gaps = append(gaps, "Rule "+itoa(i+1)+": choose what it gives.")
		case w.Value != "" && !RuleValue(w.Value) || !ruleValues(w.Give):
			gaps = append(gaps, "Rule "+itoa(i+1)+" has a value that needs an expression.")
		}
	}
	if !ruleValues(r.Otherwise) {
		gaps = append(gaps, "What else is given needs an expression.")
	}
	if len(r.Rules) == 0 {
		gaps = append(gaps, "Add a rule.")
	}
	return gaps
}

func ruleValues(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !RuleValue(v) })
}

// Expression writes the rules down. A field or value that cannot be written is an error of the caller: see RuleField and
// RuleValue.
func (r ByRule) Expression() string {
	if !r.Many {
		return r.first()
	}
	parts := make([]string, len(r.Rules))
	for i, w := range r.Rules {
		if parts[i] = listText(w.Give); w.Field != "" {
			parts[i] = "IIF(" + w.condition() + ", " + parts[i] + ", null)"
		}
	}
	all := "RemoveDuplicates(Flatten(" + strings.Join(parts, ", ") + "))"
	if len(r.Otherwise) == 0 {
		return all
	}
	return "With($given, " + all + ", IIF(IsEmptyList($given), " + listText(r.Otherwise) + ", $given))"
}

func (r ByRule) first() string {
	var b strings.Builder
	b.WriteString("Cases(")
	for i, w := range r.Rules {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(w.condition() + ", " + text(strings.Join(w.Give, "")))
	}
	for _, v := range r.Otherwise {
		b.WriteString(", " + text(v))
	}
	return b.String() + ")"
}

func (w WhenRule) condition() string {
	if w.Value == "" {
		return "IsNullOrEmpty(" + hole(w.Field) + ")"
	}
	return hole(w.Field) + " = " + text(w.Value)
}

func listText(values []string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = text(v)
	}
	return "List(" + strings.Join(texts, ", ") + ")"
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func text(v string) string { return `"` + quoting.Replace(v) + `"` }

// ReadByRule reads rules that Expression has written; anything else is no such thing.
func ReadByRule(source string) (ByRule, bool) {
	source = strings.TrimSpace(source)
	s := &ruleScanner{rest: source}
	r := s.rules()
	if s.bad || s.rest != "" || !r.Whole() || r.Expression() != source {
		return ByRule{}, false
	}
	return r, true
}

// ruleScanner reads the one form in which rules are written. Once something else stands there it is bad and stays so.
type ruleScanner struct {
	rest string
	bad  bool
}

func (s *ruleScanner) rules() ByRule {
	switch {
	case s.take("Cases("):
		return s.cases()
	case s.take("With($given, "):
		r := s.several()
		s.need(", IIF(IsEmptyList($given), ")
		r.Otherwise = s.list()
		s.need(", $given))")
		return r
	}
	return s.several()
}

func (s *ruleScanner) take(words string) bool {
	rest, found := strings.CutPrefix(s.rest, words)
	if found && !s.bad {
		s.rest = rest
	}
	return found && !s.bad
}

func (s *ruleScanner) need(words string) { s.bad = !s.take(words) || s.bad }

func (s *ruleScanner) cases() ByRule {
	var r ByRule
	for !s.bad {
		if strings.HasPrefix(s.rest, `"`) {
			r.Otherwise = []string{s.text()}
			s.need(")")
			return r
		}
		w := s.condition()
		s.need(", ")
		w.Give = []string{s.text()}
		r.Rules = append(r.Rules, w)
		if s.take(")") {
			return r
		}
		s.need(", ")
	}
	return r
}

func (s *ruleScanner) several() ByRule {
	r := ByRule{Many: true}
	s.need("RemoveDuplicates(Flatten(")
	for !s.bad {
		var w WhenRule
		if s.take("IIF(") {
			w = s.condition()
			s.need(", ")
			w.Give = s.list()
			s.need(", null)")
		} else {
			w.Give = s.list()
		}
		r.Rules = append(r.Rules, w)
		if s.take("))") {
			return r
		}
		s.need(", ")
	}
	return r
}

func (s *ruleScanner) condition() WhenRule {
	if s.take("IsNullOrEmpty(") {
		w := WhenRule{Field: s.field()}
		s.need(")")
		return w
	}
	w := WhenRule{Field: s.field()}
	s.need(" = ")
	w.Value = s.text()
	s.bad = s.bad || w.Value == ""
	return w
}

func (s *ruleScanner) field() string {
	s.need("{{")
	name, rest, found := strings.Cut(s.rest, "}}")
	if s.bad = s.bad || !found || !RuleField(name); s.bad {
		return ""
	}
	s.rest = rest
	return name
}

func (s *ruleScanner) list() []string {
	var values []string
	s.need("List(")
	for !s.bad {
		values = append(values, s.text())
		if s.take(")") {
			return values
		}
		s.need(", ")
	}
	return values
}

var unquoting = map[byte]byte{'\\': '\\', '"': '"', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *ruleScanner) text() string {
	s.need(`"`)
	var b strings.Builder
	for i := 0; i < len(s.rest) && !s.bad; i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]
			s.bad = !RuleValue(b.String())
			return b.String()
		case c == '\\' && i+1 < len(s.rest) && unquoting[s.rest[i+1]] != 0:
			i++
			b.WriteByte(unquoting[s.rest[i]])
		default:
			b.WriteByte(c)
		}
	}
	s.bad = true
	return ""
}

// Summary says in a few words what the rules look at: "3 rules of Department".
func (r ByRule) Summary(label func(field string) string) string {
	var fields []string
	for _, w := range r.Rules {
		name := "everybody"
		if w.Field != "" {
			name = label(w.Field)
		}
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	words := Count(len(r.Rules), "rule", "rules") + " of "
	if len(fields) > 2 {
		return words + strings.Join(fields[:2], ", ") + " and " + itoa(len(fields)-2) + " more"
	}
	return words + listed(fields)
}

// Troubles says what is wrong with the rules of an attribute, one sentence a rule at most; "" where nothing is.
func (b *Mapping) Troubles(a core.Attribute, r ByRule) []string {
	troubles := make([]string, len(r.Rules))
	for i, w := range r.Rules {
		gone := slices.IndexFunc(w.Give, func(v string) bool { return !hasChoice(a, v) })
		same := slices.IndexFunc(r.Rules[:i], func(o WhenRule) bool { return o.Field == w.Field && o.Value == w.Value })
		switch {
		case gone >= 0:
			troubles[i] = "“" + w.Give[gone] + "” is no longer among the choices of " + cmp.Or(b.Material.Target.Name, "the target") + "."
		case w.Field != "" && !slices.ContainsFunc(b.Fields(), func(f core.Field) bool { return f.ID == w.Field }):
			troubles[i] = "The source has no field “" + w.Field + "” any more."
		case same >= 0 && !r.Many && w.Field != "":
			troubles[i] = "Rule " + itoa(same+1) + " says the same and comes first."
		}
	}
	return troubles
}

func hasChoice(a core.Attribute, v string) bool {
	return len(a.Choices) == 0 || slices.ContainsFunc(a.Choices, func(c core.Choice) bool { return c.Value == v })
}

// ChoiceLabel gives a value as the target calls it.
func ChoiceLabel(a core.Attribute, v string) string {
	for _, c := range a.Choices {
		if c.Value == v {
			return cmp.Or(c.Label, c.Value)
		}
	}
	return v
}

// ValueCount is a value that a field has, with how many people have it.
type ValueCount struct {
	Value  string
	People int
}

// mostValues is how many values of a field are offered.
const mostValues = 500

// ValuesOf lists the values that people have in a field, the most frequent first; an empty one stands for having none.
func (b *Mapping) ValuesOf(field string) []ValueCount {
	if all, known := b.values[field]; known {
		return all
	}
	defined := slices.ContainsFunc(b.setup.Fields, func(c core.Custom) bool { return c.Name == field })
	counts := map[string]int{}
	for i, p := range b.Material.People {
		switch {
		case !defined:
			counts[p.Value(field)]++
		case i < mostValues: // each takes an expression of its own
			counts[b.Value(p, field)]++
		}
	}
	all := make([]ValueCount, 0, min(len(counts), mostValues))
	for v, n := range counts {
		if v == "" || RuleValue(v) {
			all = append(all, ValueCount{v, n})
		}
	}
	slices.SortFunc(all, func(x, y ValueCount) int {
		return cmp.Or(cmp.Compare(y.People, x.People), strings.Compare(x.Value, y.Value))
	})
	all = all[:min(len(all), mostValues)]
	if !defined {
		b.values[field] = all
	}
	return all
}

// RuleFields lists the fields that rules can ask for, those that tell groups of people apart first.
func (b *Mapping) RuleFields() []core.Field {
	fields := slices.DeleteFunc(b.Fields(), func(f core.Field) bool { return !RuleField(f.ID) || f.Same != "" })
	slices.SortStableFunc(fields, func(x, y core.Field) int { return cmp.Compare(grouping(x.ID), grouping(y.ID)) })
	return fields
}

// groupingFields are what companies usually decide by.
var groupingFields = []string{"department", "division", "team", "location", "office", "city", "country", "legalEntity", "costCenter", "jobTitle", "employmentType", "employmentStatus"}

func grouping(field string) int {
	if i := slices.Index(groupingFields, field); i >= 0 {
		return i
	}
	return len(groupingFields)
}

// TakesRules says that an attribute can be given by rule.
func TakesRules(a core.Attribute) bool {
	return len(a.Choices) > 0 || a.Kind == core.Text || a.Kind == core.List
}
