package engine

import (
	"rollcall/core"
	"rollcall/core/match"
)

// deleted counts the accounts that are not there and could be brought back.
func deleted(accounts []core.Account) (n int) {
	if len(accounts) == 0 {
		return 0
	}
	at := accounts[0].Schema().Index(core.AccountDeleted)
	for _, a := range accounts {
		if a.At(at) != "" {
			n++
		}
	}
	return n
}

// withoutTwins leaves out deleted accounts of somebody who has another one: a person's
// account is the one that is there, and among deleted ones the first that came.
func withoutTwins(accounts []core.Account, keys []core.Key) []core.Account {
	if deleted(accounts) == 0 {
		return accounts
	}
	type value struct{ attribute, folded string }
	taken := map[value]bool{}
	take := func(a core.Account) (twin bool) {
		for _, k := range keys {
			v := value{k.Attribute, match.Fold(a.Value(k.Attribute))}
			twin = twin || v.folded != "" && taken[v]
			taken[v] = true
		}
		return twin
	}
	for _, a := range accounts {
		if !a.Deleted() {
			take(a)
		}
	}
	kept := make([]core.Account, 0, len(accounts))
	for _, a := range accounts {
		if !a.Deleted() || !take(a) {
			kept = append(kept, a)
		}
	}
	return kept
}
