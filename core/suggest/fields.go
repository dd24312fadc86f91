package suggest

import (
	"slices"
	"strings"

	"rollcall/core"
)

// Samples are values of some people, by column.
type Samples map[string][]string

// Match says which column is a canonical field.
type Match struct {
	Column string // the column's id
	Score  float64
}

// Accepted says that the match is right without a person's word.
func (m Match) Accepted() bool { return m.Score >= Sure }

// claim is one column that may be one field.
type claim struct {
	field  string
	column int
	score  float64
}

// Fields finds the canonical fields among the columns of a table, by their headers, by
// the columns beside them ("Name" beside "Vorname" is the last name) and by the shape of
// their values, where samples are given. A column is one field at most, and the other
// way round; only likely matches are given.
func Fields(columns []core.Field, samples Samples) map[string]Match {
	claims := make([]claim, len(columns))
	for i, c := range columns {
		m := understand(c.ID)
		if byLabel := understand(c.Label); byLabel.score > m.score {
			m = byLabel
		}
		if m.field == login {
			m = meaning{}
		}
		claims[i] = claim{m.field, i, m.score * fits(m.field, samples[c.ID])}
		if m.field == "displayName" && claims[i].score < m.score { // “Employee” over numbers
			claims[i].field, claims[i].score = "employeeNumber", Likely
		}
	}
	t := table{columns, samples, claims}
	for i := range claims {
		t.context(&claims[i])
	}
	return t.assign()
}

// table is what a claim is judged in.
type table struct {
	columns []core.Field
	samples Samples
	claims  []claim
}

// has says that a column is surely the field.
func (t *table) has(field string) bool {
	return slices.ContainsFunc(t.claims, func(c claim) bool { return c.field == field && c.score >= Sure })
}

// context settles headers that mean one thing or another.
func (t *table) context(c *claim) {
	values := t.samples[t.columns[c.column].ID]
	switch {
	case c.score >= Sure || c.score < 0.7:
	case c.field == "displayName" || c.field == "lastName" || c.field == "firstName":
		t.name(c, values)
	case c.field == "workPhone":
		if part, n := share(values, isPhone); n > 0 && part >= 0.9 || n == 0 && t.has("mobilePhone") {
			c.score = Sure
		}
	case c.field == "email":
		if part, n := share(values, isEmail); n > 0 && part >= 0.9 {
			c.score = Sure
		}
	case c.field == "managerId":
		t.manager(c, values)
	case c.field == "jobTitle":
		if _, n := share(values, isName); n > 0 {
			c.score = Sure
		}
	}
	if c.field == "employmentStatus" && c.score > 0 && c.score < Likely {
		if part, n := share(values, onlyOf(partTimes)); n > 0 && part > 0.5 {
			c.field, c.score = "employmentType", 0.9
		}
	}
}

// name settles a bare "Name", "Nom", "Nombre": the other half of the name beside it says
// which half it is, and blanks in its values that it is the whole.
func (t *table) name(c *claim, values []string) {
	whole, n := share(values, isName)
	first, last := t.has("firstName"), t.has("lastName")
	switch {
	case n > 0 && whole > 0.8 && !(first && t.repeats(values)):
		c.field, c.score = "displayName", 0.96
	case first && last:
		c.field = "displayName"
	case first:
		c.field, c.score = "lastName", 0.96
	case last:
		c.field, c.score = "firstName", 0.96
	}
}

// repeats says that the values are last names of several words: they do not hold the
// first names beside them.
func (t *table) repeats(values []string) bool {
	i := slices.IndexFunc(t.claims, func(c claim) bool { return c.field == "firstName" && c.score >= Sure })
	firsts := t.samples[t.columns[i].ID]
	held := 0
	for k, v := range values {
		if k < len(firsts) && firsts[k] != "" && strings.Contains(strings.ToLower(v), strings.ToLower(firsts[k])) {
			held++
		}
	}
	return held*2 < len(values)
}

// manager settles a bare "Manager": it may hold numbers, addresses or names, and a name
// finds nobody for certain.
func (t *table) manager(c *claim, values []string) {
	if part, n := share(values, isEmail); n > 0 && part > 0.8 {
		c.field, c.score = "managerEmail", 0.97
		return
	}
	if part, n := share(values, isCode); n > 0 && part > 0.8 {
		c.score = 0.97
	} else if n > 0 {
		c.score = Likely
	}
}

// assign gives fields to columns, the best claim first and the leftmost of equals.
func (t *table) assign() map[string]Match {
	slices.SortStableFunc(t.claims, func(a, b claim) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	found := map[string]Match{}
	for _, c := range t.claims {
		if _, taken := found[c.field]; !taken && c.field != "" && c.score >= Likely {
			found[c.field] = Match{t.columns[c.column].ID, c.score}
		}
	}
	return found
}
