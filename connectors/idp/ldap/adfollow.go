package ldap

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// standing is what a short look at an account tells.
type standing struct {
	branch string // as the attribute has it; "" where it is not asked for
	linked uint8  // the n-th bit: the n-th of the references has a value
	again  bool   // it has to be read
	told   bool
}

// following is one reading of what changed in a domain. It begins with a short look at
// everybody: who is there, where, and with which update sequence number. So nobody is
// missed who was deleted or moved away, with whatever rights; and an account whose number
// is not shown counts as changed.
type following struct {
	*adPacker
	since   int64               // the number of the mark
	count   int                 // how many there were
	in      map[string][]string // an account's id → names of groups
	links   []string            // the references that are wanted
	there   map[[16]byte]standing
	above   map[string]bool   // the branches that accounts stand in
	moved   map[string]bool   // branch → it was changed since
	sound   map[string]bool   // branches that were not, nor those above them
	texts   map[string]string // each of their names once
	changed int               // how many numbers are above the mark's
	yield   func(core.Account, error) bool
	stopped bool // nobody listens any more
}

// Follow takes from the former reading who did not change. An account's number does not
// rise with everything that Accounts shows of it, so beside the numbers it looks at
//
//   - the members of the groups, read as Accounts does: a membership is a change of the group;
//   - the branch, by the account's name now: renaming a branch changes nothing below it;
//   - whether references have a value: it goes when the account meant is deleted, and comes
//     back when that is restored, and neither is a change (MS-ADTS §3.1.1.5.5.1.1). Which
//     account is meant cannot change unseen, for references are known by objectGUID;
//   - the branches above: their rights are inherited below without a change there
//     (MS-ADTS §3.1.1.6.3), and rights decide what Rollcall's account is shown;
//   - deleted accounts, all of which are read: how long they can be brought back is a
//     setting of the forest.
//
// Nothing that is shown waits for the clock: @active is a bit of userAccountControl, and
// the last day is shown as such.
func (d *domain) Follow(ctx context.Context, former core.Former, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		f := &following{count: former.Count, there: map[[16]byte]standing{}, above: map[string]bool{}, moved: map[string]bool{}, sound: map[string]bool{}, texts: map[string]string{}, yield: yield}
		err := f.prepare(ctx, d, former.Mark, want)
		for _, step := range []func(context.Context) error{
			f.branches,
			f.look,
			func(ctx context.Context) error { return f.unmoved(ctx, slices.Sorted(maps.Keys(f.above))) },
			f.groups,
			func(context.Context) error { return f.unchanged(former.Accounts) },
			f.others,
			f.deleted,
		} {
			if err == nil && !f.stopped {
				err = step(ctx)
			}
		}
		if err != nil && !f.stopped {
			yield(core.Account{}, err)
		}
	}
}

// prepare reads what does not hang on the accounts.
func (f *following) prepare(ctx context.Context, d *domain, mark string, want []string) (err error) {
	if f.adPacker, err = d.packer(ctx, want); err != nil {
		return err
	}
	if f.since, err = d.sinceMark(ctx, f.facts, mark); err != nil {
		return err
	}
	for _, a := range f.attributes {
		if a.Kind == core.Reference {
			f.links = append(f.links, a.ID)
		}
	}
	return nil
}

// groups reads who is in the groups.
func (f *following) groups(ctx context.Context) (err error) {
	if f.wants(core.Groups) {
		f.in, err = f.domain.membership(ctx, f.facts)
	}
	return err
}

// look takes the short look at everybody.
func (f *following) look(ctx context.Context) error {
	short := append([]string{guid, changeNumber}, f.links...)
	if f.domain.leavers != "" {
		short = append(short, "userAccountControl")
	}
	err := f.domain.all(ctx, f.domain.branches(), isUser, short, nil, func(e *ldap.Entry) bool {
		return f.note(e) && !f.tooMany()
	})
	if err == nil && f.tooMany() {
		return stale("So many accounts of %s changed that reading all is quicker.", f.domain.session.host)
	}
	return err
}

const (
	changeNumber = "uSNChanged"
	birthNumber  = "uSNCreated"
)

func (f *following) note(e *ldap.Entry) bool {
	id, shown := guidBytes(idOf(e))
	if !shown {
		return f.tell(e)
	}
	s := standing{again: number(e, changeNumber) > f.since}
	if s.again {
		f.changed++
	}
	for i, name := range f.links {
		if e.GetEqualFoldAttributeValue(name) != "" {
			s.linked |= 1 << i
		}
	}
	if f.wants(branchName) {
		s.branch = f.once(f.facts.spelled(f.domain.branchOf(e)))
	}
	f.above[parent(e.DN)] = true
	f.there[id] = s
	return true
}

// number gives a sequence number; the highest there can be where none is shown.
func number(e *ldap.Entry, attribute string) int64 {
	n, err := strconv.ParseInt(e.GetEqualFoldAttributeValue(attribute), 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// once keeps one copy of a text that many accounts have.
func (f *following) once(text string) string {
	if kept, ok := f.texts[text]; ok {
		return kept
	}
	f.texts[text] = text
	return text
}

const worthAnyway = 2000 // changes that are fewer than reading in whole, whatever there is

func (f *following) tooMany() bool { return f.changed > worthAnyway && f.changed > f.count/4 }

// branches reads which branches were changed, and looks at those above everybody first:
// that is quick.
func (f *following) branches(ctx context.Context) error {
	err := f.domain.some(ctx, []string{f.facts.context}, isBranch, []string{changeNumber, birthNumber}, nil, func(e *ldap.Entry) bool {
		f.moved[normal(e.DN)] = f.raised(e)
		return true
	})
	if err != nil {
		return err
	}
	f.sound[normal(parent(f.facts.context))] = true // what is above the domain is nobody's branch
	return f.unmoved(ctx, f.domain.branches())
}

// unmoved makes sure that these branches and those above them were not changed.
func (f *following) unmoved(ctx context.Context, branches []string) (err error) {
	for _, at := range branches {
		for at = normal(at); at != "" && !f.sound[at]; at = normal(parent(at)) {
			moved, known := f.moved[at]
			if !known {
				moved, err = f.raisedAt(ctx, at)
			}
			if err == nil && moved {
				err = stale("The branch %s was changed, and with it perhaps who may see what below it.", at)
			}
			if err != nil {
				return err
			}
			f.sound[at] = true
		}
	}
	return nil
}

// raised says that a branch was changed since the mark. In one that is newer than the
// mark there is nobody who did not come into it since, which is a change.
func (f *following) raised(e *ldap.Entry) bool {
	born := number(e, birthNumber)
	return number(e, changeNumber) > f.since && (born <= f.since || born == math.MaxInt64)
}

// raisedAt asks for a branch that is none of the usual kinds. One that is not shown may
// have been changed.
func (f *following) raisedAt(ctx context.Context, dn string) (bool, error) {
	e, err := f.domain.session.entry(ctx, dn, []string{changeNumber, birthNumber})
	if err != nil {
		return true, leaveOut(err)
	}
	return f.raised(e), nil
}

// unchanged gives those of the former reading who are as they were.
func (f *following) unchanged(former iter.Seq2[core.Account, error]) error {
	first := true
	for a, err := range former {
		if err != nil {
			return err
		}
		if first {
			if first = false; !f.adopt(a.Schema()) {
				return stale("The kept reading of the accounts is of other attributes.")
			}
		}
		id, _ := guidBytes(a.ID())
		s, there := f.there[id]
		if !there || s.again || s.told {
			continue
		}
		if s.again = f.differs(a, s); !s.again {
			s.told = true
		}
		f.there[id] = s
		if s.told && !f.give(f.regrouped(a), nil) {
			return nil
		}
	}
	return nil
}

func (f *following) give(a core.Account, err error) bool {
	f.stopped = !f.yield(a, err) || err != nil
	return !f.stopped
}

// tell gives an account that was read, once.
func (f *following) tell(e *ldap.Entry) bool {
	id, _ := guidBytes(idOf(e))
	s := f.there[id]
	if s.told {
		return true
	}
	s.told = true
	f.there[id] = s
	return f.give(f.pack(e, f.in[idOf(e)]))
}

// adopt packs by the former reading's schema from now on, so that all accounts have one.
func (f *following) adopt(s *core.Schema) bool {
	same := slices.EqualFunc(s.Fields(), f.packer.Schema().Fields(), func(a, b core.Field) bool { return a.ID == b.ID })
	if same {
		f.packer = core.NewPacker(s)
	}
	return same
}

// differs says that an account changed though its number did not rise.
func (f *following) differs(a core.Account, s standing) bool {
	if a.Deleted() || f.wants(branchName) && a.Value(branchName) != s.branch {
		return true
	}
	for i, name := range f.links {
		if (a.Value(name) != "") != (s.linked&(1<<i) != 0) {
			return true
		}
	}
	return false
}

// regrouped puts the account into the groups that it is in now.
func (f *following) regrouped(a core.Account) core.Account {
	in := core.JoinList(f.in[a.ID()])
	if !f.wants(core.Groups) || a.Value(core.Groups) == in {
		return a
	}
	f.packer.Take(a.Record)
	f.packer.Put(core.Groups, in)
	return core.Account{Record: f.packer.Pack()}
}

const readAtOnce = 200

// others reads those whom the former reading did not give.
func (f *following) others(ctx context.Context) error {
	var ids [][16]byte
	for id, s := range f.there {
		if !s.told {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for some := range slices.Chunk(ids, readAtOnce) {
		var filter strings.Builder
		for _, id := range some {
			fmt.Fprintf(&filter, "(%s=%s)", guid, escapedBytes(id[:]))
		}
		err := f.domain.some(ctx, f.domain.branches(), fmt.Sprintf("(&%s(|%s))", isUser, filter.String()), f.names, names(extendedNames), f.tell)
		if err != nil || f.stopped {
			return err
		}
	}
	return nil
}

// deleted reads the accounts that can be brought back.
func (f *following) deleted(ctx context.Context) error {
	return f.domain.deleted(ctx, f.adPacker, f.domain.all, f.facts.deleted, f.tell)
}
