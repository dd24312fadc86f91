package match

import "rollcall/core"

// Accounts finds accounts by attribute. It can be made while people are still being read.
type Accounts struct {
	accounts []core.Account
	tables   map[string]*index
}

// NewAccounts indexes accounts by the attributes of the keys.
func NewAccounts(accounts []core.Account, keys []core.Key) *Accounts {
	a := &Accounts{accounts: accounts, tables: map[string]*index{}}
	for _, k := range keys {
		a.by(k.Attribute)
	}
	return a
}

func (a *Accounts) by(attribute string) *index {
	if a.tables[attribute] == nil {
		column := none
		if len(a.accounts) > 0 {
			column = a.accounts[0].Schema().Index(attribute)
		}
		fold := Fold
		if attribute == core.AccountID {
			fold = func(id string) string { return id } // an id is opaque
		}
		a.tables[attribute] = newIndex(len(a.accounts), func(i int32) string { return fold(a.accounts[i].At(column)) })
	}
	return a.tables[attribute]
}

// Has says whether some account has the value, in whatever case.
func (a *Accounts) Has(attribute, value string) bool {
	return a.by(attribute).first(Fold(value)) >= 0
}
