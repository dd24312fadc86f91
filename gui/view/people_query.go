package view

import (
	"strings"
	"unicode"

	"rollcall/core"
)

// Query is what a person typed into the power search: words, and terms such as department:Sales, -office:"New York".
type Query struct {
	Text  string
	Terms []Term
}

// Term is one condition; one without a key is a word to be found anywhere.
type Term struct {
	Key   string // folded; "" for a word
	Value string // folded
	Not   bool
}

// ParseQuery reads a query. Every text is a query; an open quotation mark ends with the text.
func ParseQuery(text string) Query {
	q := Query{Text: strings.TrimSpace(text)}
	for _, token := range tokens(q.Text) {
		t := Term{}
		if rest, not := strings.CutPrefix(token, "-"); not && strings.Contains(rest, ":") {
			t.Not, token = true, rest
		}
		if key, value, found := strings.Cut(token, ":"); found && key != "" && !strings.ContainsAny(key, " \"") {
			t.Key, token = fold(key), value
		}
		t.Value = strings.TrimSpace(fold(strings.ReplaceAll(token, `"`, "")))
		if t.Key != "" || t.Value != "" {
			q.Terms = append(q.Terms, t)
		}
	}
	return q
}

// tokens cuts at blanks outside quotation marks.
func tokens(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return unicode.IsSpace(r) && !quoted
	})
}

func fold(s string) string { return string(appendFold(nil, s)) }

// words are the terms to be found anywhere.
func (q Query) words() []string {
	var words []string
	for _, t := range q.Terms {
		if t.Key == "" {
			words = append(words, t.Value)
		}
	}
	return words
}

// holds says that one of the values holds the term's; an empty term wants no value at all.
func (t Term) holds(values []string) bool {
	empty := true
	for _, v := range values {
		if v == "" {
			continue
		}
		empty = false
		if t.Value != "" && strings.Contains(fold(v), t.Value) {
			return true
		}
	}
	return t.Value == "" && empty
}

// short are the words that a person would use for fields.
var short = map[string][]string{
	"title": {"jobTitle"}, "job": {"jobTitle"}, "office": {"office", "location", "city"}, "location": {"location", "office"}, "cost": {"costCenter"}, "costcentre": {"costCenter"},
	"status": {"employmentStatus"}, "type": {"employmentType"}, "entity": {"legalEntity"}, "company": {"legalEntity"}, "number": {"employeeNumber"}, "mail": {"email"},
	"started": {"startDate"}, "start": {"startDate"}, "left": {"endDate"}, "end": {"endDate"}, "phone": {"workPhone", "mobilePhone"}, "id": {"externalId"},
}

func knownKey(key string) bool {
	return key == "name" || key == "manager" || key == "account" || key == "tag"
}

// termFields gives the fields of the reading that a key means: a short word, a field's name, or its label without blanks.
func termFields(key string, s *core.Schema) []string {
	var ids []string
	for _, id := range short[key] {
		if s.Index(id) >= 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	for _, f := range s.Fields() {
		if fold(f.ID) == key || fold(strings.TrimPrefix(f.ID, "custom.")) == key || strings.ReplaceAll(fold(f.Label), " ", "") == key {
			return []string{f.ID}
		}
	}
	return nil
}

// TermFor writes the term that finds exactly one value of a key.
func TermFor(key, value string) string {
	if strings.ContainsAny(value, " :") {
		return key + `:"` + value + `"`
	}
	return key + ":" + value
}
