// Package suggest proposes what belongs to what: columns of a file to canonical fields,
// fields to a directory's attributes, and the key by which people and accounts are
// matched. It exists so that a person begins with a mapping to check rather than with an
// empty one. It looks at names, known schemas, values and their shapes; nothing leaves
// the machine and nothing is learned.
package suggest

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hbollon/go-edlib"

	"rollcall/core"
)

// Sure is the score from which a proposal is accepted by itself; Likely that from which
// it is shown without a tick.
const (
	Sure   = 0.95
	Likely = 0.6
)

//go:embed synonyms.txt
var synonymFile string

// What is in the dictionary beside the fields: words that are known to be none of them,
// and the name that somebody signs in with.
const (
	nothing = "-"
	login   = "@login"
)

// meaning is what a text of the dictionary stands for.
type meaning struct {
	field string
	score float64
}

// dictionary finds meanings by the words written together and by the words in any order.
type dictionary struct {
	exact map[string]meaning
	loose map[string]meaning
	keys  []string // of exact, in the order of the file, for typing errors
}

var synonyms = sync.OnceValue(func() *dictionary {
	d, err := readSynonyms(synonymFile)
	if err != nil {
		panic(err) // the file is part of the program; a test reads it
	}
	return d
})

func readSynonyms(file string) (*dictionary, error) {
	d := &dictionary{exact: map[string]meaning{}, loose: map[string]meaning{}}
	line := 0
	for text := range strings.Lines(file) {
		line++
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		field, rest, _ := strings.Cut(text, " ")
		number, list, _ := strings.Cut(strings.TrimSpace(rest), " ")
		score, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return nil, fmt.Errorf("synonyms line %d: %w", line, err)
		}
		for synonym := range strings.SplitSeq(list, ";") {
			if err := d.add(synonym, meaning{field, score}); err != nil {
				return nil, fmt.Errorf("synonyms line %d: %w", line, err)
			}
		}
	}
	return d, nil
}

// add enters a synonym; one that already means another field is refused.
func (d *dictionary) add(synonym string, m meaning) error {
	words := tokens(synonym)
	if len(words) == 0 {
		return nil
	}
	joined := strings.Join(words, "")
	if old, ok := d.exact[joined]; ok {
		if old.field != m.field {
			return fmt.Errorf("%q means both %s and %s", strings.TrimSpace(synonym), old.field, m.field)
		}
		return nil
	}
	d.exact[joined] = m
	d.keys = append(d.keys, joined)
	if sorted := loose(words); strings.Contains(sorted, " ") {
		if old, ok := d.loose[sorted]; !ok || old.score < m.score {
			d.loose[sorted] = m
		}
	}
	return nil
}

// find looks the words up written together, then in any order.
func (d *dictionary) find(words []string) (meaning, bool) {
	if m, ok := d.exact[strings.Join(words, "")]; ok {
		return m, true
	}
	if len(words) > 1 {
		m, ok := d.loose[loose(words)]
		m.score *= 0.99
		return m, ok
	}
	return meaning{}, false
}

// Canonical gives the canonical field that a header names, in any of the languages of
// the dictionary, and how sure that is: from Sure on the header means nothing else. It
// gives "" and 0 where nothing is likely.
func Canonical(header string) (field string, score float64) {
	m := understand(header)
	if m.field == login {
		return "", 0
	}
	return m.field, m.score
}

// understand is Canonical that knows logins too.
func understand(header string) meaning {
	words := tokens(header)
	d := synonyms()
	outside, remark := outsideBrackets(header)
	last, group := lastPart(header)
	for _, try := range []struct {
		words  []string
		weight func(field string) float64
	}{
		{words, always(1)}, {outside, always(remark)}, {without(words, ownWords), always(0.97)}, {without(last, ownWords), group},
		{without(without(words, ownWords), describers), described(0.96)}, {without(without(words, ownWords), coders), described(0.9)},
	} {
		if len(try.words) == 0 {
			continue
		}
		if m, ok := d.find(try.words); ok && try.weight(m.field) > 0 {
			return m.weighed(try.weight(m.field))
		}
	}
	if m, ok := d.part(words); ok {
		return m.weighed(1)
	}
	return d.mistyped(strings.Join(words, "")).weighed(1)
}

func (m meaning) weighed(factor float64) meaning {
	if m.field == nothing || m.score*factor < 0.4 {
		return meaning{}
	}
	m.score *= factor
	return m
}

func always(score float64) func(string) float64 { return func(string) float64 { return score } }

// lists are the fields whose values are chosen from a list, so that a column may hold
// their codes or their descriptions.
var lists = []string{"jobTitle", "department", "division", "team", "costCenter", "legalEntity", "location", "office", "country", "region", "employmentStatus", "employmentType", "gender"}

func described(score float64) func(string) float64 {
	return func(field string) float64 {
		if slices.Contains(lists, field) || field == nothing {
			return score
		}
		return 0
	}
}

// outsideBrackets leaves out remarks, as in "Start date (DD/MM/YYYY)", and gives how sure
// the rest is by what the remark says.
func outsideBrackets(header string) (words []string, sure float64) {
	open := strings.IndexAny(header, "([{<")
	if open <= 0 || hasAny(tokens(header), otherWords) {
		return nil, 0
	}
	if remark := tokens(header[open:]); len(without(without(without(remark, ownWords), placeWords), describers)) > 0 {
		return tokens(header[:open]), 0.9
	}
	return tokens(header[:open]), 0.98
}

// lastPart gives the words after the last separator, as in worker.legalName.firstName or
// "Location Address - City", and how sure they are by what stands before them.
func lastPart(header string) (words []string, sure func(field string) float64) {
	size, i := 1, strings.LastIndexAny(header, "./>:|")
	if j := strings.LastIndex(header, " - "); j > i {
		i, size = j, len(" - ")
	}
	if i <= 0 {
		return nil, always(0)
	}
	before, words := tokens(header[:i]), tokens(header[i+size:])
	private := hasAny(before, homeWords)
	before = without(before, homeWords)
	switch {
	case hasAny(before, otherWords):
		return nil, always(0)
	case len(without(without(before, ownWords), placeWords)) > 0:
		return words, always(0.8)
	case private:
		return words, ofHome
	}
	return words, always(0.96)
}

// ofHome says which fields may be private and still be ours.
func ofHome(field string) float64 {
	if slices.Contains([]string{"personalEmail", "addressLine1", "addressLine2", "addressLine3", "postalCode", "city", "region"}, field) {
		return 0.96
	}
	return 0
}

func hasAny(words []string, of map[string]bool) bool {
	for _, w := range words {
		if of[w] {
			return true
		}
	}
	return false
}

// part finds the longest run of words that means something, where the other words do
// not speak of somebody else. It is never sure.
func (d *dictionary) part(words []string) (meaning, bool) {
	total := 0
	for _, w := range words {
		total += len(w)
	}
	for size := len(words) - 1; size > 0; size-- {
		for from := 0; from+size <= len(words); from++ {
			run := words[from : from+size]
			m, ok := d.exact[strings.Join(run, "")]
			if !ok || len(strings.Join(run, "")) < 4 || m.field == "displayName" && m.score < 1 {
				continue
			}
			rest := slices.Concat(words[:from], words[from+size:])
			f, _ := core.CanonicalField(m.field)
			if m.field == nothing || hasAny(rest, otherWords) || f.Kind != core.Date && hasAny(rest, dayWords) {
				return meaning{}, true
			}
			m.score *= 0.55 + 0.35*float64(len(strings.Join(run, "")))/float64(total)
			return m, true
		}
	}
	return meaning{}, false
}

// mistyped finds a long synonym that is one typing error away.
func (d *dictionary) mistyped(joined string) meaning {
	if len(joined) < 7 {
		return meaning{}
	}
	for _, key := range d.keys {
		if key[0] != joined[0] || len(key) < len(joined)-1 || len(key) > len(joined)+1 {
			continue
		}
		if edlib.OSADamerauLevenshteinDistance(joined, key) == 1 {
			m := d.exact[key]
			m.score *= 0.85
			return m
		}
	}
	return meaning{}
}
