package engine

import (
	"iter"

	"rollcall/core"
)

// Remember brings the memory of who has which account up to date after a run: links of
// everybody whose account was written or found to be right, and which accounts Rollcall
// itself disabled.
func Remember(m core.Memory, p *core.Plan, notes iter.Seq2[core.Noted, error]) (core.Memory, error) {
	l := linker{byPerson: map[string]int{}, byAccount: map[string]int{}}
	for _, link := range m.Links {
		l.put(link)
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.Verb == core.Unchanged && r.OfPerson() && !r.Account.IsZero() {
			l.keep(r.Desired.Person(), r.Account.ID())
		}
	}
	for n, err := range notes {
		if err != nil {
			return m, err
		}
		if !n.Open && n.Outcome.State == core.Done {
			l.note(n)
		}
	}
	m.Links = l.all()
	return m, nil
}

type linker struct {
	links               []core.Link
	byPerson, byAccount map[string]int
}

func (l *linker) put(link core.Link) {
	l.byPerson[link.Person], l.byAccount[link.Account] = len(l.links), len(l.links)
	l.links = append(l.links, link)
}

// keep links the two and leaves alone what is known of them.
func (l *linker) keep(person, account string) {
	i, known := l.byPerson[person]
	if known && l.links[i].Account == account {
		return
	}
	if known {
		l.links[i] = core.Link{}
	}
	l.put(core.Link{Person: person, Account: account})
}

func (l *linker) note(n core.Noted) {
	account := n.Outcome.Account
	if account == "" {
		account = n.Account
	}
	if n.Person != "" {
		l.keep(n.Person, account)
	}
	i, known := l.byAccount[account]
	if !known {
		return
	}
	switch n.Verb {
	case core.Delete:
		l.links[i] = core.Link{}
	case core.Deactivate:
		l.links[i].Disabled = true
	case core.Reactivate:
		l.links[i].Disabled = false
	case core.Create:
		for _, c := range n.Cells {
			if c.Attribute == core.Enabled {
				l.links[i].Disabled = c.After == "false"
			}
		}
	}
}

func (l *linker) all() []core.Link {
	var links []core.Link
	for _, link := range l.links {
		if link.Account != "" {
			links = append(links, link)
		}
	}
	return links
}
