package manifest

import (
	"maps"
	"net/url"
	"regexp"
	"strings"
	"time"

	"rollcall/core"
)

// vars are what stands for {…} in texts.
type vars struct {
	answers core.Answers
	words   map[string]map[string]string
	own     map[string]string // today, now and what the kit itself puts in
	row     any
}

func (m *Manifest) vars(a core.Answers) vars { return vars{answers: a, words: m.Words} }

// on gives the vars of a day of reading.
func (v vars) on(now time.Time) vars {
	return v.with("today", now.Format(time.DateOnly)).with("now", now.UTC().Format(time.RFC3339))
}

// with gives vars that know one more.
func (v vars) with(name, value string) vars {
	own := maps.Clone(v.own)
	if own == nil {
		own = map[string]string{}
	}
	own[name] = value
	v.own = own
	return v
}

// of gives the vars of a person's row.
func (v vars) of(row any) vars {
	v.row = row
	return v
}

var blank = regexp.MustCompile(`\{(\.?[A-Za-z][\w.]*)\}`)

// value gives what stands for a name; fromRow says that a vendor wrote it.
func (v vars) value(name string) (text string, fromRow bool) {
	if path, ok := strings.CutPrefix(name, "."); ok {
		return TextAt(v.row, path), true
	}
	if text, ok := v.own[name]; ok {
		return text, false
	}
	text = v.answers.Get(name)
	if word, ok := v.words[name][text]; ok {
		return word, false
	}
	return text, false
}

// fill replaces {…} in a text.
func (v vars) fill(text string) string { return v.filled(text, func(s string) string { return s }) }

// path is fill for a path, in which a row's values cannot lead elsewhere.
func (v vars) path(text string) string { return v.filled(text, url.PathEscape) }

func (v vars) filled(text string, escape func(string) string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return blank.ReplaceAllStringFunc(text, func(s string) string {
		value, fromRow := v.value(s[1 : len(s)-1])
		if fromRow {
			return escape(value)
		}
		return value
	})
}

// query fills the texts of a query or a form; one that is empty then is left out.
func (v vars) query(texts map[string]string) url.Values {
	q := url.Values{}
	for name, text := range texts {
		if value := v.fill(text); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// deep fills every text inside a value; a text that is a list's name alone gives the list.
func (v vars) deep(value any) any {
	switch value := value.(type) {
	case string:
		return v.fill(value)
	case []any:
		all := make([]any, len(value))
		for i := range value {
			all[i] = v.deep(value[i])
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for name, inner := range value {
			all[name] = v.deep(inner)
		}
		return all
	}
	return value
}

// Fill replaces {option} by answers.
func Fill(text string, a core.Answers) string { return vars{answers: a}.fill(text) }
