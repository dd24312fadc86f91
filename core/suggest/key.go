package suggest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// KeyInput is what identifiers are proposed from.
type KeyInput struct {
	Fields     []core.Field
	People     []core.Person
	Attributes []core.Attribute
	Accounts   []core.Account
	Rules      []core.Rule // of the mapping; they tell the attribute where no account has a value yet
}

// KeyProposal is an identifier with its score.
type KeyProposal struct {
	Key   core.Key
	Score float64
	Why   string
}

// mostAccounts is the sample that is looked at, midPoint's number.
const mostAccounts = 5000

// Key proposes identifiers, the best first. The score is midPoint's: of N accounts L hit
// somebody, A of those several people; of the L′ people hit, A′ are hit several times;
// (L/N) × (1 − A/L) × (1 − A′/L′). Where no account has a value yet, the fields that the
// mapping writes as they are stand for it, scored by how full and how unique they are.
// Of nearly equal ones the employee number comes before the e-mail address, as it never
// changes.
func Key(in KeyInput) []KeyProposal {
	in.Accounts = in.Accounts[:min(len(in.Accounts), mostAccounts)]
	var out []KeyProposal
	for _, f := range in.Fields {
		if f.Kind == core.List || f.Kind == core.Date || f.Kind == core.Bool || f.Kind == core.Reference || strings.HasPrefix(f.ID, core.RawPrefix) || f.ID == "managerEmail" {
			continue
		}
		owners := in.owners(f.ID)
		for _, a := range in.Attributes {
			if a.Kind == core.List || a.Kind == core.Reference || a.Kind == core.Date || a.Kind == core.Bool {
				continue
			}
			if p, ok := in.score(f, a, owners); ok && p.Score >= Likely {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		out = in.byRules()
	}
	said := func(k core.Key) int {
		return boolInt(!slices.ContainsFunc(in.Attributes, func(a core.Attribute) bool { return a.Match && a.ID == k.Attribute }))
	}
	slices.SortStableFunc(out, func(a, b KeyProposal) int {
		return cmp.Or(cmp.Compare(said(a.Key), said(b.Key)), cmp.Compare(int(b.Score*20), int(a.Score*20)), cmp.Compare(rank(a.Key), rank(b.Key)), cmp.Compare(b.Score, a.Score))
	})
	return out
}

// steady are the fields that make good identifiers, the best first.
var steady = []string{"employeeNumber", "externalId", "email"}

// rank orders identifiers that are equally good.
func rank(k core.Key) int {
	if i := slices.Index(steady, k.Fields[0]); i >= 0 {
		return i
	}
	return len(steady)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// owners gives for each value of a field the people who have it.
func (in KeyInput) owners(field string) map[string][]int {
	m := map[string][]int{}
	for i, p := range in.People {
		if v := strings.ToLower(strings.TrimSpace(p.Value(field))); v != "" {
			m[v] = append(m[v], i)
		}
	}
	return m
}

func (in KeyInput) score(f core.Field, a core.Attribute, owners map[string][]int) (KeyProposal, bool) {
	hits, several := 0, 0
	hit := map[int]int{}
	for _, acc := range in.Accounts {
		v := strings.ToLower(strings.TrimSpace(acc.Value(a.ID)))
		people := owners[v]
		if v == "" || len(people) == 0 {
			continue
		}
		hits++
		several += boolInt(len(people) > 1)
		for _, p := range people {
			hit[p]++
		}
	}
	if hits == 0 {
		return KeyProposal{}, false
	}
	twice := 0
	for _, n := range hit {
		twice += boolInt(n > 1)
	}
	score := float64(hits) / float64(len(in.Accounts)) * (1 - float64(several)/float64(hits)) * (1 - float64(twice)/float64(len(hit)))
	return KeyProposal{Key: core.Key{Fields: []string{f.ID}, Attribute: a.ID}, Score: score,
		Why: fmt.Sprintf("%s finds a person for %d of %d accounts, and more than one for %d.", cmp.Or(f.Label, f.ID), hits, len(in.Accounts), several)}, true
}

// byRules judges the fields that the mapping copies to a unique attribute, or to one
// that is usual for it.
func (in KeyInput) byRules() []KeyProposal {
	var out []KeyProposal
	for _, r := range in.Rules {
		i := slices.IndexFunc(in.Attributes, func(a core.Attribute) bool { return a.ID == r.Attribute })
		if r.Field == "" || i < 0 || !in.Attributes[i].Unique && !slices.Contains(steady, r.Field) {
			continue
		}
		owners := in.owners(r.Field)
		filled := 0
		for _, people := range owners {
			filled += len(people)
		}
		if filled == 0 {
			continue
		}
		present, distinct := float64(filled)/float64(len(in.People)), float64(len(owners))/float64(filled)
		out = append(out, KeyProposal{Key: core.Key{Fields: []string{r.Field}, Attribute: r.Attribute}, Score: present * distinct,
			Why: fmt.Sprintf("%d of %d people have one, and %d of these are different.", filled, len(in.People), len(owners))})
	}
	return out
}
