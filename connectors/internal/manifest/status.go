package manifest

import (
	"strings"

	"rollcall/core"
)

// Rule gives a status where all that it says holds; the first rule that holds counts, and
// where none does the status is unknown. Ahead and the others name a field or a path.
type Rule struct {
	Is string `yaml:"is"`
	// Where are texts at paths, compared without regard to case.
	Where map[string]Paths `yaml:"where"`
	// Has are parts of texts at paths, without regard to case.
	Has     map[string]string `yaml:"has"`
	Ahead   string            `yaml:"ahead"`   // a day after today
	Past    string            `yaml:"past"`    // a day before today
	Reached string            `yaml:"reached"` // a day that is today or before
	Given   string            `yaml:"given"`   // has a value
	Missing string            `yaml:"missing"` // has none
}

// StatusOf gives the status of a row by the manifest's rules, on a day (YYYY-MM-DD).
func (m *Manifest) StatusOf(row any, today string) string {
	for _, r := range m.People.Status {
		if m.holds(r, row, today) {
			return r.Is
		}
	}
	return core.StatusUnknown
}

func (m *Manifest) holds(r Rule, row any, today string) bool {
	for path, words := range r.Where {
		if !isOneOf(TextAt(row, path), words) {
			return false
		}
	}
	for path, part := range r.Has {
		if !strings.Contains(strings.ToLower(TextAt(row, path)), strings.ToLower(part)) {
			return false
		}
	}
	value := func(name string) string { return m.dated(name, row) }
	return (r.Ahead == "" || Before(today, value(r.Ahead))) &&
		(r.Past == "" || Before(value(r.Past), today)) &&
		(r.Reached == "" || isDay(value(r.Reached)) && value(r.Reached) <= today) &&
		(r.Given == "" || value(r.Given) != "") &&
		(r.Missing == "" || value(r.Missing) == "")
}

func isOneOf(text string, words []string) bool {
	for _, w := range words {
		if strings.EqualFold(text, w) {
			return true
		}
	}
	return false
}

// dated gives a field of the table, or what stands at a path; a day without its time.
func (m *Manifest) dated(name string, row any) string {
	if _, ok := m.People.Fields[name]; ok {
		return m.Value(name, row)
	}
	return Day(TextAt(row, name))
}

// Current gives of dated things the one that holds on a day, and has the latest start;
// else the next one ahead; else the one that ended last. Start and end are paths; a thing
// without a start holds from ever, one without an end for ever. It is nil of none.
func Current(things []any, start, end, today string) any {
	var best any
	bestRank, bestDay := -1, ""
	for _, thing := range things {
		from, to := Day(TextAt(thing, start)), ""
		if end != "" {
			to = Day(TextAt(thing, end))
		}
		rank, day := 2, from
		switch {
		case Before(today, from):
			rank = 1
		case Before(to, today):
			rank, day = 0, to
		}
		later := day > bestDay
		if rank == 1 {
			later = day < bestDay
		}
		if rank > bestRank || rank == bestRank && later {
			best, bestRank, bestDay = thing, rank, day
		}
	}
	return best
}
