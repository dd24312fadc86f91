package importfile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/core"
	"rollcall/core/apply"
)

// Set is what came of a plan: one file, or several where the console takes no more at
// once, and everything that is in none of them.
type Set struct {
	Format    Format
	Files     []File
	Counts    map[core.Verb]int // rows that are in the files
	Left      []Left            // in the order of the plan
	NotTicked int               // rows that would change something, not ticked or held by a guard
	Values    int               // values of ticked rows, likewise
	Notes     []string
}

// Rows gives how many people are in the files.
func (s *Set) Rows() (n int) {
	for _, f := range s.Files {
		n += f.Rows
	}
	return n
}

// Left is a ticked row, or one value of it, that is not in the files.
type Left struct {
	Row       int // its place in the plan
	Verb      core.Verb
	Who       string
	Number    string
	Attribute string // label; empty: the whole row
	Value     bool   // the row is in the file, this value alone is not
	Why       string
}

// String gives the line as a person reads it.
func (l Left) String() string {
	who := l.Who
	if l.Number != "" {
		who += " (" + l.Number + ")"
	}
	if l.Attribute != "" {
		who += ", " + l.Attribute
	}
	return fmt.Sprintf("%s %s: %s", l.Verb, who, l.Why)
}

// line is one row on its way into the file.
type line struct {
	row     int
	cells   []string
	changes int            // what it says that is not so yet
	waiting []waiting      // managers whose accounts the file makes
	unsure  map[int]string // columns where an empty cell might take something away, and why
	left    []Left
}

type waiting struct {
	column    int
	person    string
	attribute string
}

type maker struct {
	Format
	*sources
	plan     *core.Plan
	approval core.Approval
	set      *Set
	lines    []*line
	logins   map[string]string // account id → the name it signs in with
	people   map[string]*line  // person → the line that makes the account
}

// Make writes the ticked rows of a plan in a format. An approval of another plan is a
// Stale problem.
func Make(f Format, p *core.Plan, a core.Approval) (*Set, error) {
	if a.Hash != p.Hash {
		return nil, &core.Problem{Code: core.Stale, What: "The approval is for another plan than this one.", Fix: "Look at this plan and approve it."}
	}
	m := &maker{Format: f, plan: p, approval: a, set: &Set{Counts: map[core.Verb]int{}}, logins: map[string]string{}, people: map[string]*line{}}
	m.Columns = slices.Clone(f.Columns)
	m.sources = newSources(&m.Format, p)
	m.readLogins()
	for i := range p.Rows {
		m.add(i)
	}
	m.name()
	m.secure()
	m.finish()
	m.set.Format = m.Format
	return m.set, nil
}

func (m *maker) readLogins() {
	k := m.at(login)
	if k < 0 || m.of[k] == "" {
		return
	}
	for i := range m.plan.Rows {
		if a := m.plan.Rows[i].Account; !a.IsZero() {
			m.logins[a.ID()] = a.Value(m.of[k])
		}
	}
}

// add takes a row of the plan in, or says why not.
func (m *maker) add(i int) {
	row := &m.plan.Rows[i]
	cells, do := apply.Chosen(m.plan, m.approval, i)
	if !do {
		if row.Verb.Writes() {
			m.set.NotTicked++
		}
		return
	}
	if why := m.refuses(row, cells); why != "" {
		m.leave(m.leftOf(i, "", why))
		return
	}
	m.set.Values += len(row.Cells) - len(cells)
	l := &line{row: i, cells: make([]string, len(m.Columns)), unsure: map[int]string{}}
	m.fillIn(l, row)
	for _, c := range cells {
		if why := m.put(l, row, c); why != "" {
			l.left = append(l.left, m.leftOf(i, m.nameOf(c.Attribute), why))
		}
	}
	if why := m.lacks(l, row); why != "" {
		l.left = append(l.left, m.leftOf(i, "", why))
		m.drop(l)
		return
	}
	if row.Verb == core.Create {
		m.people[row.Desired.Person()] = l
	}
	m.lines = append(m.lines, l)
}

// refuses says why a row cannot be expressed at all.
func (m *maker) refuses(row *core.Row, cells []core.Cell) string {
	if !slices.Contains(m.Verbs, row.Verb) {
		return m.unsayable[row.Verb]
	}
	back := slices.ContainsFunc(cells, func(c core.Cell) bool { return c.Attribute == core.Deleted })
	switch {
	case m.restores && !back:
		return noBulkUpdate
	case back && !m.restores:
		return m.unsayables[core.Deleted]
	case row.Verb == core.Create && m.at(state) < 0 && disabled(cells):
		return "The account is to be made without the right to sign in, and the file cannot say that. Create it when the person starts."
	}
	return ""
}

func disabled(cells []core.Cell) bool {
	return slices.ContainsFunc(cells, func(c core.Cell) bool { return c.Attribute == core.Enabled && c.After == "false" })
}

// fillIn writes what the file has to say of every row: what the console wants to be told,
// and of an existing account what it has now.
func (m *maker) fillIn(l *line, row *core.Row) {
	for k, c := range m.Columns {
		switch {
		case row.Verb == core.Create && c.draw != nil:
			l.cells[k] = c.draw()
		case row.Verb == core.Create:
			l.cells[k] = c.fresh
			if c.part == state && m.whole {
				l.cells[k] = c.on
			}
		case c.part == identity:
			l.cells[k] = first(row.Account.Value(m.of[k]), row.Account.ID())
			if !c.looks.MatchString(l.cells[k]) {
				l.unsure[k] = "It has to " + c.form + "."
			}
		case c.part == fixed:
			l.cells[k] = c.kept
		case m.of[k] != "":
			var why string
			if l.cells[k], why = m.kept(k, row.Account.Value(m.of[k])); why != "" {
				l.unsure[k] = why
			}
		}
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// kept gives what an account has now as the file has it.
func (m *maker) kept(k int, now string) (text, why string) {
	c := m.Columns[k]
	if now == "" {
		return c.empty[m.of[k]], ""
	}
	if c.part == address {
		return m.addressOf(now)
	}
	if c.Several {
		return strings.Join(core.SplitList(now), ","), ""
	}
	return now, m.unwritable(now)
}

// put writes a cell of the plan; why is empty where the file says what it says.
func (m *maker) put(l *line, row *core.Row, c core.Cell) (why string) {
	switch c.Attribute {
	case core.Enabled:
		return m.putState(l, row, c)
	case core.Deleted:
		l.changes++
		return ""
	}
	k, known := m.column[c.Attribute]
	switch {
	case m.restores || row.Verb == core.Delete:
		return "This file says nothing of attributes."
	case !known:
		return first(m.unsayables[fold(c.Attribute)], "The file has no column for it.")
	case c.Pending != "":
		return m.putPending(l, k, c)
	case c.After == "" && m.Columns[k].empty[c.Attribute] == "":
		if row.Verb == core.Create {
			return ""
		}
		return "An empty cell is not known to clear a value; clear it in the console."
	}
	if m.Columns[k].part == login && row.Verb != core.Create {
		if k = m.at(renamed); k < 0 {
			return m.System + " finds users by it, so the file cannot change it; do it in the console."
		}
	}
	text, why := m.encode(k, c)
	switch {
	case why == "":
		l.cells[k] = text
		l.changes++
		delete(l.unsure, k)
	case row.Verb == core.Create:
		l.cells[k] = "" // not what stands for no value, which would be another one
	}
	return why
}

func (m *maker) putState(l *line, row *core.Row, c core.Cell) string {
	k := m.at(state)
	switch {
	case k < 0 && row.Verb == core.Create, m.restores:
		return "" // refuses has seen to it
	case k < 0:
		return "The file cannot say who may sign in."
	case c.After == "false":
		l.cells[k] = m.Columns[k].off
	case row.Verb != core.Create:
		l.cells[k] = m.Columns[k].on
	}
	l.changes++
	return ""
}

func (m *maker) putPending(l *line, k int, c core.Cell) string {
	switch m.Columns[k].part {
	case address:
		l.waiting = append(l.waiting, waiting{k, c.Pending, c.Attribute})
		l.changes++
		return ""
	case number:
		return "The manager's account is new, and its id is known after the import alone; make the plan again then."
	}
	return "The manager's account is new and cannot be named yet; make the plan again after the import."
}

// encode gives the new value as the file has it.
func (m *maker) encode(k int, c core.Cell) (text, why string) {
	column := &m.Columns[k]
	if c.After == "" {
		return column.empty[c.Attribute], ""
	}
	if column.part == address {
		return m.addressOf(c.After)
	}
	values := core.SplitList(c.After)
	switch {
	case m.kind[c.Attribute] == core.List && !column.Several:
		return "", m.System + " does not say how several values are written."
	case len(values) > 1 && !column.Several:
		return "", "The column takes one value, and there are several."
	}
	for _, v := range values {
		if why := m.wrong(column, v); why != "" {
			return "", why
		}
	}
	return strings.Join(values, ","), ""
}

// wrong says which published rule a value breaks.
func (m *maker) wrong(c *Column, v string) string {
	switch {
	case c.Max > 0 && utf8.RuneCountInString(v) > c.Max:
		return fmt.Sprintf("The value has more than the %d characters that %s takes.", c.Max, m.System)
	case c.Several && strings.Contains(v, ","):
		return "The column separates values with commas, and this value has one in it."
	case m.bare && v != strings.TrimSpace(v):
		return "The value begins or ends with a blank, which " + m.System + " refuses."
	case c.looks != nil && !c.looks.MatchString(v):
		return fmt.Sprintf("The value has to %s.", c.form)
	}
	return m.unwritable(v)
}

// unwritable says why a value cannot stand in the file at all.
func (m *maker) unwritable(v string) string {
	if !utf8.ValidString(v) {
		return "The value has characters that are no UTF-8."
	}
	for _, r := range v {
		switch {
		case (r == '\n' || r == '\r') && !m.breaks:
			return "The value has a line break, and " + m.System + " does not say how to write one."
		case r == '\ufeff' || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t':
			return "The value has a character that cannot be seen."
		}
	}
	return ""
}

// addressOf gives the name that an account signs in with; an address stays as it is.
func (m *maker) addressOf(id string) (text, why string) {
	if text = first(m.logins[id], id); !strings.Contains(text, "@") {
		return "", "The manager's address is not known to this plan."
	}
	return text, m.unwritable(text)
}

// lacks says which required column has no value.
func (m *maker) lacks(l *line, row *core.Row) string {
	for k, c := range m.Columns {
		if !c.Required || l.cells[k] != "" && l.unsure[k] == "" {
			continue
		}
		if why := l.unsure[k]; why != "" {
			return fmt.Sprintf("“%s” is required. %s", c.Heading, why)
		}
		if i := slices.IndexFunc(l.left, func(x Left) bool { return m.of[k] != "" && x.Attribute == m.nameOf(m.of[k]) }); i >= 0 {
			return fmt.Sprintf("“%s” is required.", c.Heading)
		}
		if row.Verb == core.Create || m.of[k] != "" {
			return fmt.Sprintf("“%s” is required, and there is no value for it.", c.Heading)
		}
		return fmt.Sprintf("“%s” is required of existing users too, and the plan has not read it: map an attribute to it, “only when an account is created” where it is to stay as it is.", c.Heading)
	}
	return ""
}

// name fills in the managers whose accounts the file makes.
func (m *maker) name() {
	k := m.at(login)
	for _, l := range m.lines {
		for _, w := range l.waiting {
			if boss := m.people[w.person]; boss != nil {
				l.cells[w.column] = boss.cells[k]
				delete(l.unsure, w.column)
				continue
			}
			l.changes--
			l.left = append(l.left, m.leftOf(l.row, m.nameOf(w.attribute), "The manager's account would be new, and it is not in the file."))
		}
	}
}

// secure takes out the rows where an empty cell might take away what an account has.
func (m *maker) secure() {
	used := m.used()
	m.lines = slices.DeleteFunc(m.lines, func(l *line) bool {
		for k, why := range l.unsure {
			if used[k] {
				l.left = append(l.left, m.leftOf(l.row, "", fmt.Sprintf("“%s” has a value that cannot be written, and an empty cell might remove it. %s", m.Columns[k].Heading, why)))
				m.drop(l)
				return true
			}
		}
		verb := m.plan.Rows[l.row].Verb
		if l.changes > 0 || verb == core.Create || verb == core.Delete {
			return false
		}
		m.drop(l)
		return true
	})
}

// used says which columns have a value in some row.
func (m *maker) used() []bool {
	used := make([]bool, len(m.Columns))
	for _, l := range m.lines {
		for k, c := range l.cells {
			used[k] = used[k] || c != ""
		}
	}
	return used
}

// drop leaves a line out as a whole, in one entry with all reasons.
func (m *maker) drop(l *line) {
	why := make([]string, len(l.left))
	for i, x := range l.left {
		if why[i] = x.Why; x.Attribute != "" {
			why[i] = x.Attribute + ": " + x.Why
		}
	}
	m.leave(m.leftOf(l.row, "", strings.Join(why, " ")))
	if p := m.plan.Rows[l.row].Desired.Person(); m.people[p] == l {
		delete(m.people, p)
	}
}

func (m *maker) leave(l Left) { m.set.Left = append(m.set.Left, l) }

func (m *maker) leftOf(i int, attribute, why string) Left {
	row := &m.plan.Rows[i]
	who, number := row.Subject()
	return Left{Row: i, Verb: row.Verb, Who: first(who, row.Account.ID()), Number: number, Attribute: attribute, Value: attribute != "", Why: why}
}

func (m *maker) nameOf(attribute string) string { return first(m.label[attribute], attribute) }

// finish counts, sorts and writes the files.
func (m *maker) finish() {
	for _, l := range m.lines {
		m.set.Counts[m.plan.Rows[l.row].Verb]++
		m.set.Left = append(m.set.Left, l.left...)
	}
	slices.SortStableFunc(m.set.Left, func(a, b Left) int { return a.Row - b.Row })
	m.set.Files = m.files()
	if len(m.set.Files) > 0 {
		m.set.Notes = append(slices.Clone(m.Notes), m.shared()...)
	}
}

// shared tells of values that several users have where the console wants each its own.
func (m *maker) shared() (notes []string) {
	for k, c := range m.Columns {
		seen := map[string]int{}
		for _, l := range m.lines {
			seen[l.cells[k]]++
		}
		for v, n := range seen {
			if c.alone && v != "" && n > 1 {
				notes = append(notes, fmt.Sprintf("%d users have “%s” as their %s; %s blocks a value that several users have.", n, v, strings.TrimSpace(strings.SplitN(c.Heading, "[", 2)[0]), m.System))
			}
		}
	}
	slices.Sort(notes)
	return notes
}
