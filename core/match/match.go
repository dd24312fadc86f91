// Package match finds each person's account: remembered links first, then the keys in
// their order. It never takes the first of several: what is not certain is a clash.
package match

import (
	"fmt"
	"strconv"

	"rollcall/core"
)

// Input is both sides of a comparison.
type Input struct {
	Desired  []core.Desired
	People   *People                  // finds among Desired
	Out      func(desired int32) bool // people whom the filter leaves out: they claim last
	Accounts []core.Account
	Known    *Accounts // finds among Accounts
	Keys     []core.Key
	Links    []core.Link
}

// Pairs gives every desired account that is not part of a clash once, and every account
// that is nobody's once, after them.
func Pairs(in Input) ([]core.Pair, []core.Clash) {
	m := &matcher{in: in, of: make([]int32, len(in.Desired)), by: make([]int8, len(in.Desired)), owner: make([]int32, len(in.Accounts)),
		clashes: map[int32]core.Clash{}}
	for i := range m.of {
		m.of[i] = none
	}
	for i := range m.owner {
		m.owner[i] = none
	}
	for i := range in.Keys {
		m.keys = append(m.keys, m.side(i))
	}
	m.twice()
	m.links()
	for k := range m.keys {
		m.pass(k, false)
	}
	for k := range m.keys {
		m.pass(k, true)
	}
	return m.result()
}

const none = -1

type matcher struct {
	in      Input
	keys    []side
	of      []int32 // account of a desired one
	by      []int8
	owner   []int32 // desired of an account
	clashes map[int32]core.Clash
}

// side is one key: its values on the left and an index on the right.
type side struct {
	label    func(desired int32) string
	accounts *index
}

func (m *matcher) side(k int) side {
	column := m.in.People.column(core.LabelKeyBase + strconv.Itoa(k))
	return side{
		label:    func(d int32) string { return Fold(m.in.Desired[d].At(column)) },
		accounts: m.in.Known.by(m.in.Keys[k].Attribute),
	}
}

// twice finds people of one id and people of one sync key. Somebody whom the filter
// leaves out does not stand in the way of somebody it keeps.
func (m *matcher) twice() {
	m.same(core.LabelPerson, "the ID")
	if len(m.keys) > 0 {
		m.same(core.LabelKeyBase+"0", "the identifier")
	}
}

func (m *matcher) same(label, what string) {
	people := m.in.People.by(label)
	if !people.twins() {
		return
	}
	for d := range int32(len(m.in.Desired)) {
		k := people.key(d)
		first := people.first(k)
		if first < 0 || people.after(first) < 0 || m.out(d) {
			continue
		}
		for other := first; other >= 0; other = people.after(other) {
			if other != d && !m.out(other) {
				m.clash(d, core.Clash{Why: core.KeyTwice, Detail: fmt.Sprintf("%s %s also stands for %s", what, k, m.name(other))})
			}
		}
	}
}

func (m *matcher) out(d int32) bool { return m.in.Out != nil && m.in.Out(d) }

func (m *matcher) name(d int32) string {
	name, _ := core.Row{Desired: m.in.Desired[d]}.Subject()
	return name
}

// clash keeps the first reason of a person and everybody's accounts out of the game.
func (m *matcher) clash(d int32, c core.Clash) {
	if _, has := m.clashes[d]; has {
		return
	}
	c.Desired = d
	for _, k := range m.keys {
		for a := k.accounts.first(k.label(d)); a >= 0; a = k.accounts.after(a) {
			c.Accounts = append(c.Accounts, a)
		}
	}
	m.clashes[d] = c
}

func (m *matcher) links() {
	if len(m.in.Links) == 0 || len(m.in.Accounts) == 0 {
		return
	}
	accounts := m.in.Known.by(core.AccountID)
	linked := make(map[string]string, len(m.in.Links))
	for _, l := range m.in.Links {
		linked[l.Person] = l.Account
	}
	for d := range int32(len(m.in.Desired)) {
		if a := accounts.first(linked[m.in.Desired[d].Person()]); a >= 0 {
			m.claim(d, a, core.ByLink)
		}
	}
}

// pass looks up everybody who has no account yet by one key.
func (m *matcher) pass(k int, out bool) {
	for d := range int32(len(m.in.Desired)) {
		if m.of[d] != none || m.out(d) != out {
			continue
		}
		key := m.keys[k].label(d)
		a := m.keys[k].accounts.first(key)
		if a < 0 {
			continue
		}
		if m.keys[k].accounts.after(a) >= 0 {
			m.clash(d, core.Clash{Why: core.SeveralFound, Detail: fmt.Sprintf("%s is at several accounts", key)})
			continue
		}
		if k > 0 && m.belongsElsewhere(d, a) {
			continue
		}
		m.claim(d, a, int8(k))
	}
}

// belongsElsewhere refuses an account found by a lesser key whose own sync key names
// somebody else: two people are never merged into one account.
func (m *matcher) belongsElsewhere(d, a int32) bool {
	theirs := Fold(m.in.Accounts[a].Value(m.in.Keys[0].Attribute))
	if theirs == "" || theirs == m.keys[0].label(d) {
		return false
	}
	m.clash(d, core.Clash{Why: core.ClaimedTwice, Detail: fmt.Sprintf("the account %s belongs to %s", m.accountName(a), theirs)})
	return true
}

func (m *matcher) accountName(a int32) string {
	name, _ := core.Row{Account: m.in.Accounts[a]}.Subject()
	return name
}

func (m *matcher) claim(d, a int32, by int8) {
	if _, stopped := m.clashes[d]; stopped {
		return
	}
	if other := m.owner[a]; other != none {
		if !m.out(d) {
			m.clash(d, core.Clash{Why: core.ClaimedTwice, Detail: fmt.Sprintf("%s and %s both claim the account %s", m.name(d), m.name(other), m.accountName(a))})
			m.clash(other, core.Clash{Why: core.ClaimedTwice, Detail: m.clashes[d].Detail})
		}
		return
	}
	m.of[d], m.by[d], m.owner[a] = a, by, d
}

func (m *matcher) result() ([]core.Pair, []core.Clash) {
	taken := map[int32]bool{}
	var clashes []core.Clash
	pairs := make([]core.Pair, 0, len(m.in.Desired))
	for d := range int32(len(m.in.Desired)) {
		c, stopped := m.clashes[d]
		if !stopped {
			pairs = append(pairs, core.Pair{Desired: d, Account: m.of[d], By: m.by[d]})
			continue
		}
		clashes = append(clashes, c)
		if m.of[d] != none {
			taken[m.of[d]] = true
		}
		for _, a := range c.Accounts {
			taken[a] = true
		}
	}
	for a := range int32(len(m.in.Accounts)) {
		if m.owner[a] == none && !taken[a] {
			pairs = append(pairs, core.Pair{Desired: none, Account: a})
		}
	}
	return pairs, clashes
}
