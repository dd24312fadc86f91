package importfile

import (
	"strings"
	"unicode"

	"rollcall/core"
)

// sources says which attribute of the plan fills each column, and which column each
// attribute goes to.
type sources struct {
	of     []string // by column; empty: no attribute of the plan
	column map[string]int
	kind   map[string]core.Kind
	label  map[string]string
}

// newSources looks for the attributes of each column: its heading first, as a list that was
// downloaded from the console has it, then the names that the column knows, best first.
func newSources(f *Format, p *core.Plan) *sources {
	s := &sources{of: make([]string, len(f.Columns)), column: map[string]int{}, kind: map[string]core.Kind{}, label: map[string]string{core.Enabled: "Enabled", core.Deleted: "Deleted"}}
	known := attributes(p)
	byName := map[string][]string{}
	for _, a := range known {
		s.kind[a.ID], s.label[a.ID] = a.Kind, label(a)
		for _, name := range spellings(a.ID) {
			byName[name] = append(byName[name], a.ID)
		}
	}
	for k, c := range f.Columns {
		if c.part == fixed || c.part == state || c.part == renamed {
			continue
		}
		names := spellings(c.Heading)
		for _, from := range c.From {
			names = append(names, fold(from))
		}
		for _, name := range names {
			for _, id := range byName[name] {
				if _, taken := s.column[id]; !taken && s.of[k] == "" {
					s.of[k], s.column[id] = id, k
				}
			}
		}
	}
	if f.own {
		s.addOwn(f, known)
	}
	return s
}

// addOwn makes columns of attributes that a template has under their own names.
func (s *sources) addOwn(f *Format, known []core.Attribute) {
	for _, a := range known {
		if _, taken := s.column[a.ID]; !taken && a.Kind != core.Reference && isName(a.ID) {
			f.Columns = append(f.Columns, Column{Heading: a.ID, own: true})
			s.of, s.column[a.ID] = append(s.of, a.ID), len(f.Columns)-1
		}
	}
}

// attributes are those that the plan writes, then what else stands in its rows.
func attributes(p *core.Plan) []core.Attribute {
	var all []core.Attribute
	seen := map[string]bool{core.Enabled: true, core.Deleted: true}
	add := func(a core.Attribute) {
		if !seen[a.ID] && !strings.HasPrefix(a.ID, "@") {
			seen[a.ID] = true
			all = append(all, a)
		}
	}
	for _, a := range p.Attributes {
		add(a)
	}
	for i := range p.Rows {
		if schema := p.Rows[i].Account.Schema(); schema != nil {
			for _, f := range schema.Fields() {
				add(core.Attribute{ID: f.ID, Label: f.Label, Kind: f.Kind})
			}
			break // all accounts of one reading share one schema
		}
	}
	for i := range p.Rows {
		for _, c := range p.Rows[i].Cells {
			add(core.Attribute{ID: c.Attribute})
		}
	}
	return all
}

func label(a core.Attribute) string {
	if a.Label != "" {
		return a.Label
	}
	return a.ID
}

// spellings are the forms under which a name is looked for: whole, without what stands in
// brackets, and what stands in them, as in “Name [displayName] Required”.
func spellings(name string) []string {
	all := []string{fold(name)}
	before, rest, ok := strings.Cut(name, "[")
	if !ok {
		return all
	}
	if inside, _, closed := strings.Cut(rest, "]"); closed && !strings.Contains(inside, " ") && fold(inside) != "required" {
		all = append(all, fold(inside))
	}
	return append(all, fold(before))
}

// fold leaves the letters and digits of a name, in lower case.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func isName(id string) bool {
	for i, r := range id {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return id != ""
}
