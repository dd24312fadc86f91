package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rollcall/core"
	"rollcall/core/suggest"
)

// Identifier is a field by which people and accounts can be matched, with how well it
// tells people apart.
type Identifier struct {
	Field       core.Field
	Different   int
	Empty       int
	Twice       int // people who share their value with somebody
	Recommended bool
	Attribute   string // of the target, that holds the same; "" where none is likely
}

// Sentence says how well it tells people apart: "250 of 250 different, 0 empty".
func (i Identifier) Sentence(people int) string {
	s := Thousands(i.Different) + " of " + Thousands(people) + " different, " + Thousands(i.Empty) + " empty"
	if i.Twice > 0 {
		s += ", " + Thousands(i.Twice) + " shared"
	}
	return s
}

// Unique says that nobody is without a value and no two people share one.
func (i Identifier) Unique() bool { return i.Empty == 0 && i.Twice == 0 }

const mostIdentifiers = 8

// Identifiers gives the fields that tell people apart: employee number and work e-mail
// always where the source has them, others only where each has a value of their own.
func Identifiers(m Material) []Identifier {
	attributes := likelyAttributes(m)
	var all []Identifier
	for _, f := range m.Fields {
		if f.Kind != core.Text && f.Kind != core.Email && f.Kind != core.Number || strings.HasPrefix(f.ID, core.RawPrefix) {
			continue
		}
		i := uniqueness(m.People, f)
		i.Recommended, i.Attribute = f.ID == "employeeNumber", attributes[f.ID]
		if usual := identifierRank(f.ID) < otherRank; usual || i.Unique() && len(m.People) > 0 {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b Identifier) int { return cmp.Compare(identifierRank(a.Field.ID), identifierRank(b.Field.ID)) })
	return all[:min(len(all), mostIdentifiers)]
}

const otherRank = 3

func identifierRank(field string) int {
	if i := slices.Index([]string{"employeeNumber", "email", "externalId"}, field); i >= 0 {
		return i
	}
	return otherRank
}

func uniqueness(people []core.Person, f core.Field) Identifier {
	i, counts := Identifier{Field: f}, map[string]int{}
	for _, p := range people {
		if v := strings.ToLower(p.Value(f.ID)); v == "" {
			i.Empty++
		} else {
			counts[v]++
		}
	}
	i.Different = len(counts)
	for _, n := range counts {
		if n > 1 {
			i.Twice += n
		}
	}
	return i
}

// likelyAttributes says for each field which attribute of the target holds the same, by
// the proposals of Smart mapping.
func likelyAttributes(m Material) map[string]string {
	found := map[string]string{}
	for _, p := range suggest.Mapping(suggestInput(m)) {
		if p.Rule.Field != "" && found[p.Rule.Field] == "" {
			found[p.Rule.Field] = p.Attribute
		}
	}
	return found
}

const suggestSample = 500

func suggestInput(m Material) suggest.Input {
	return suggest.Input{Fields: m.Fields, People: m.People[:min(len(m.People), suggestSample)], Attributes: m.Attributes}
}

// KeyAttributes are the attributes that an identifier can be compared with.
func KeyAttributes(m Material) []core.Attribute {
	var out []core.Attribute
	for _, a := range m.Attributes {
		if a.Kind == core.Text || a.Kind == core.Email || a.Kind == core.Number {
			out = append(out, a)
		}
	}
	return out
}

// FirstKey gives the identifier's field and attribute of a setup.
func FirstKey(s core.Setup) (field, attribute string) {
	if len(s.Identity.Keys) == 0 || len(s.Identity.Keys[0].Fields) == 0 {
		return "", ""
	}
	return s.Identity.Keys[0].Fields[0], s.Identity.Keys[0].Attribute
}

// WithKey gives a setup another sync key; keys that were tried after the first stay.
func WithKey(s core.Setup, field, attribute string) core.Setup {
	key := core.Key{Fields: []string{field}, Attribute: attribute}
	rest := s.Identity.Keys
	if len(rest) > 0 {
		rest = rest[1:]
	}
	s.Identity.Keys = append([]core.Key{key}, rest...)
	return s
}

// allLeavers is the word for everybody who ever left.
const allLeavers = "all"

// LeaversText is what stands in the box that asks how far back people who left are read.
func LeaversText(s core.Setup) string {
	if s.LeaverDays < 0 {
		return allLeavers
	}
	return itoa(cmp.Or(s.LeaverDays, core.UsualLeaverDays))
}

// WithLeavers gives a setup another answer from that box: a number of days from 1, or all.
// An answer that is neither changes nothing, and ok is false.
func WithLeavers(s core.Setup, text string) (_ core.Setup, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == allLeavers {
		s.LeaverDays = -1
		return s, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostLeaverDays {
		return s, false
	}
	s.LeaverDays = n
	return s, true
}

const mostLeaverDays = 36_500

// LeaversNote says what that means, and that a deletion needs longer.
func LeaversNote(s core.Setup) string {
	back := s.LeaversBack()
	if back < 0 {
		return "Everybody who ever left is read, which can take long."
	}
	if back > cmp.Or(s.LeaverDays, core.UsualLeaverDays) {
		return "They are read " + itoa(back) + " days back, so that accounts can be deleted on their day. Whoever left before counts as gone from the source."
	}
	return "Whoever left longer ago counts as gone from the source: an account that is still active then is only reported, unless you say otherwise below."
}

// ScopeProblem says what is missing on the page “What to sync”, or "".
func ScopeProblem(s core.Setup) string {
	field, attribute := FirstKey(s)
	m := s.Modes
	switch {
	case !m.Create && !m.Update && !m.Deactivate && !m.Delete:
		return "Tick at least one kind of change."
	case field == "":
		return "Choose how people and accounts are matched."
	case attribute == "":
		return "Choose the attribute that holds the identifier."
	}
	return ""
}
