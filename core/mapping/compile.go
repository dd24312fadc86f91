package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hbollon/go-edlib"

	"rollcall/core"
	"rollcall/core/expression"
)

// custom is a field that a person defined: another name of a field, or a template.
type custom struct {
	field   string
	program *expression.Program
}

type compiler struct {
	*rules
	known map[string]bool   // fields of the source; nil: not known
	same  map[string]string // fields that are other names of a field
}

// Compile makes a mapper. Rules that cannot be followed give a BadRules problem that
// names the attribute: one that the target does not have or that is read-only, two rules
// for one, a field that the source does not have, an expression that cannot be read, a
// constant that the attribute does not take, and, where accounts are created, a required
// attribute without a rule.
func Compile(in Input) (*Mapper, error) {
	c := compiler{rules: &rules{in: in, place: map[string]int{}, customs: map[string]custom{}, reserved: &reservations{owner: map[reservation]string{}}}}
	if in.Fields != nil {
		c.known, c.same = map[string]bool{}, map[string]string{}
		for _, f := range in.Fields {
			c.known[f.ID], c.same[f.ID] = true, f.Same
		}
	}
	for _, stage := range []func() error{c.readCustoms, c.readRules, c.findMissing, c.readLabels} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	return newMapper(c.rules), nil
}

func wrong(fix, what string, args ...any) error {
	return &core.Problem{Code: core.BadRules, What: fmt.Sprintf(what, args...), Fix: fix}
}

// readCustoms takes the fields that a person defined. One may use those before it, so
// that none can use itself.
func (c *compiler) readCustoms() error {
	for _, in := range c.in.Custom {
		name := strings.TrimSpace(in.Name)
		if name == "" {
			return wrong("Give it a name, or remove it.", "A field of your own has no name.")
		}
		if _, twice := c.customs[name]; twice {
			return wrong("Rename one of them.", "Two fields of your own are called “%s”.", name)
		}
		if c.known[name] {
			return wrong("Give yours another name.", "Your field “%s” has the name of a field of the source.", name)
		}
		made, err := c.custom(name, strings.TrimSpace(in.Path))
		if err != nil {
			return err
		}
		c.customs[name] = made
	}
	return nil
}

func (c *compiler) custom(name, path string) (custom, error) {
	of := fmt.Sprintf("your field “%s”", name)
	if inner, ok := plainPath(path); ok {
		_, err := c.source(inner, of)
		return custom{field: inner}, err
	}
	if !strings.Contains(path, "{{") {
		_, err := c.source(path, of)
		return custom{field: path}, err
	}
	program, err := c.program(path, of)
	return custom{program: program}, err
}

// plainPath gives the field of a path like {{response.work.email}}.
func plainPath(path string) (string, bool) {
	inner, ok := strings.CutPrefix(path, "{{")
	if !ok {
		return "", false
	}
	inner, ok = strings.CutSuffix(inner, "}}")
	inner = strings.TrimSpace(inner)
	return inner, ok && inner != "" && !strings.ContainsAny(inner, "{}()\"'+&,|?: ")
}

// program compiles an expression and notes the fields that it reads.
func (c *compiler) program(source, of string) (*expression.Program, error) {
	p, err := expression.Compile(source)
	if err != nil {
		e := core.AsProblem(err)
		return nil, &core.Problem{Code: core.BadRules, What: fmt.Sprintf("The expression of %s cannot be read. %s", of, e.What), Fix: e.Fix, Cause: err}
	}
	for _, f := range p.Fields() {
		if _, err := c.source(f, of); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// source finds a field by name and gives the step that reads it, without a target.
func (c *compiler) source(name, of string) (step, error) {
	if made, ok := c.customs[name]; ok {
		if made.program != nil {
			return step{from: -1, program: made.program}, nil
		}
		return c.source(made.field, of)
	}
	if c.known != nil && !c.known[name] && !strings.HasPrefix(name, core.RawPrefix) {
		return step{}, wrong(c.nearestField(name), "The source has no field “%s”, which %s uses.", name, of)
	}
	return step{from: c.want(name)}, nil
}

// want notes a field that is read and gives its place.
func (c *compiler) want(field string) int {
	first := field
	if same := c.same[field]; same != "" {
		first = same
	}
	i, ok := c.place[first]
	if !ok {
		i = len(c.fields)
		c.place[first], c.fields = i, append(c.fields, first)
	}
	c.place[field] = i
	return i
}

func (c *compiler) nearestField(name string) string {
	names := make([]string, 0, len(c.in.Fields)+len(c.in.Custom))
	for _, f := range c.in.Fields {
		names = append(names, f.ID)
	}
	for _, f := range c.in.Custom {
		names = append(names, f.Name)
	}
	return nearest(name, names, "Choose one of the source's fields.")
}

func nearest(name string, among []string, otherwise string) string {
	best, distance := "", 1+len(name)/3
	for _, n := range among {
		if d := edlib.OSADamerauLevenshteinDistance(strings.ToLower(n), strings.ToLower(name)); d < distance {
			best, distance = n, d
		}
	}
	if best == "" {
		return otherwise
	}
	return fmt.Sprintf("Did you mean “%s”?", best)
}

func (c *compiler) readRules() error {
	made := map[string]step{}
	for _, r := range c.in.Rules {
		s, err := c.rule(r)
		if err != nil {
			return err
		}
		if _, twice := made[r.Attribute]; twice {
			return wrong("Remove one of them.", "Two rules write “%s”.", s.check.attribute.Label)
		}
		made[r.Attribute] = s
	}
	for _, a := range c.in.Attributes {
		if s, ok := made[a.ID]; ok {
			s.to = len(c.steps)
			c.attributes, c.steps = append(c.attributes, a), append(c.steps, s)
		}
	}
	return nil
}

func (c *compiler) rule(r core.Rule) (step, error) {
	a, err := c.attribute(r.Attribute)
	if err != nil {
		return step{}, err
	}
	if err := checkWords(r, a); err != nil {
		return step{}, err
	}
	s, err := c.origin(r, a)
	if err != nil {
		return step{}, err
	}
	s.check, s.rule = newCheck(a), r
	if r.Empty == core.Default {
		s.rule.Default, err = s.fixed(r.Default, "default")
		if err == nil && s.rule.Default == "" {
			err = wrong("Enter one, or choose to keep the account's value.", "The rule for “%s” has no default value.", a.Label)
		}
	}
	if err == nil && r.Constant != nil && *r.Constant != "" {
		s.constant, err = s.fixed(*r.Constant, "constant")
	}
	return s, err
}

func (c *compiler) attribute(id string) (core.Attribute, error) {
	i := slices.IndexFunc(c.in.Attributes, func(a core.Attribute) bool { return a.ID == id })
	if i < 0 {
		ids := make([]string, len(c.in.Attributes))
		for j, a := range c.in.Attributes {
			ids[j] = a.ID
		}
		return core.Attribute{}, wrong(nearest(id, ids, "Choose one of the target's attributes."), "The target has no attribute “%s”.", id)
	}
	a := c.in.Attributes[i]
	if a.Label == "" {
		a.Label = a.ID
	}
	if a.ReadOnly {
		return a, wrong("Remove the rule.", "“%s” cannot be written: the target keeps it itself.", a.Label)
	}
	return a, nil
}

func checkWords(r core.Rule, a core.Attribute) error {
	switch r.Write {
	case "", core.Always, core.CreateOnly, core.IfEmpty:
	case core.Merge:
		if a.Kind != core.List {
			return wrong("Choose another one.", "The rule for “%s” adds to a list, but the attribute holds one value.", a.Label)
		}
	default:
		return wrong("Use always, create-only, if-empty or merge.", "The rule for “%s” is to be written “%s”, which is not known.", a.Label, r.Write)
	}
	switch r.Empty {
	case "", core.Keep, core.Clear, core.Default, core.Error:
		return nil
	}
	return wrong("Use keep, clear, default or error.", "The rule for “%s” has “%s” for empty values, which is not known.", a.Label, r.Empty)
}

// origin finds out which of the three kinds a rule is.
func (c *compiler) origin(r core.Rule, a core.Attribute) (step, error) {
	kinds := 0
	for _, set := range []bool{r.Field != "", r.Constant != nil, r.Expression != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return step{}, wrong("Give it exactly one.", "The rule for “%s” has %d of field, constant and expression.", a.Label, kinds)
	}
	of := fmt.Sprintf("the rule for “%s”", a.Label)
	switch {
	case r.Field != "":
		return c.source(r.Field, of)
	case r.Expression != "":
		if inner, ok := plainPath(strings.TrimSpace(r.Expression)); ok && c.isField(inner) {
			return c.source(inner, of)
		}
		p, err := c.program(r.Expression, of)
		return step{from: -1, program: p}, err
	}
	return step{from: -1}, nil
}

// isField says that a name is a field for certain, so that {{name}} is a mere copy.
func (c *compiler) isField(name string) bool {
	_, own := c.customs[name]
	return own || c.known[name]
}

// fixed checks a value that a person typed into the rule.
func (s *step) fixed(v, word string) (string, error) {
	good, what, detail := s.check.value(v)
	if v == "" || what == 0 {
		return good, nil
	}
	fix := "Enter another one."
	if s.check.choices != nil {
		values := make([]string, len(s.check.attribute.Choices))
		for i, ch := range s.check.attribute.Choices {
			values[i] = ch.Value
		}
		fix = "Choose one of: " + strings.Join(values, ", ") + "."
	}
	return v, wrong(fix, "The %s of “%s” cannot be written: %s.", word, s.check.attribute.Label, detail)
}

func (c *compiler) findMissing() error {
	for _, a := range c.in.Attributes {
		mapped := slices.ContainsFunc(c.attributes, func(m core.Attribute) bool { return m.ID == a.ID })
		if a.Required && !a.ReadOnly && !mapped {
			c.missing = append(c.missing, a)
		}
	}
	if len(c.missing) > 0 && c.in.Create {
		labels := make([]string, len(c.missing))
		for i, a := range c.missing {
			labels[i] = a.Label
		}
		return wrong("Choose where it comes from, or switch off creating accounts.", "New accounts need a value for %s, and no rule gives one.", strings.Join(labels, ", "))
	}
	return nil
}

// labelFields are the labels that are fields of the person.
var labelFields = []struct{ label, field, title string }{
	{core.LabelPerson, "externalId", "Person"}, {core.LabelNumber, "employeeNumber", "Number"}, {core.LabelName, "displayName", "Name"},
	{core.LabelStatus, "employmentStatus", "Status"}, {core.LabelStart, "startDate", "Start date"}, {core.LabelEnd, "endDate", "End date"},
	{core.LabelEmail, "email", "E-mail"}, {core.LabelGroup, "department", "Department"},
}

// nameFields make the name to show where there is no display name.
var nameFields = []string{"firstName", "lastName", "email"}

// readLabels gives every label a place, or lets it share that of an attribute or an
// earlier label that holds the same field: a million people carry each place.
func (c *compiler) readLabels() error {
	fields := make([]core.Field, 0, len(c.steps)+len(labelFields)+len(c.in.Keys))
	for _, a := range c.attributes {
		fields = append(fields, core.Field{ID: a.ID, Label: a.Label, Kind: a.Kind})
	}
	holder := c.copies()
	alias := [][2]string{}
	for _, l := range labelFields {
		at := c.want(l.field)
		if id, ok := holder[at]; ok {
			alias = append(alias, [2]string{l.label, id})
			continue
		}
		c.labels = append(c.labels, label{to: len(fields), from: at, name: l.label == core.LabelName})
		if l.label != core.LabelName {
			holder[at] = l.label
		}
		fields = append(fields, core.Field{ID: l.label, Label: l.title})
	}
	for _, f := range nameFields {
		c.want(f)
	}
	for i, k := range c.in.Keys {
		id := core.LabelKeyBase + strconv.Itoa(i)
		from, err := c.keySteps(k)
		if err != nil {
			return err
		}
		if shared, ok := holder[from[0].from]; ok && len(from) == 1 {
			alias = append(alias, [2]string{id, shared})
			continue
		}
		c.keys = append(c.keys, keyLabel{to: len(fields), from: from})
		fields = append(fields, core.Field{ID: id, Label: "Identifier"})
	}
	c.out = core.NewSchema(fields)
	for _, a := range alias {
		c.out.Alias(a[0], a[1])
	}
	return nil
}

// copies gives the attributes that hold a field exactly as the source gives it.
func (c *compiler) copies() map[int]string {
	m := map[int]string{}
	for i := range c.steps {
		s := &c.steps[i]
		if _, taken := m[s.from]; taken || s.from < 0 || s.rule.Empty == core.Default || s.check.choices != nil {
			continue
		}
		switch s.check.attribute.Kind {
		case core.Text, core.Email, core.Phone, core.Date, core.Reference:
			m[s.from] = s.rule.Attribute
		}
	}
	return m
}

func (c *compiler) keySteps(k core.Key) ([]step, error) {
	if len(k.Fields) == 0 {
		return nil, wrong("Choose the field that finds the account.", "The identifier of “%s” names no field.", k.Attribute)
	}
	steps := make([]step, len(k.Fields))
	for i, f := range k.Fields {
		s, err := c.source(f, "the identifier")
		if err != nil {
			return nil, err
		}
		steps[i] = s
	}
	return steps, nil
}
