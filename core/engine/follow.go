package engine

import (
	"context"
	"iter"
	"slices"

	"rollcall/core"
)

// reading is how the accounts were read.
type reading struct {
	accounts []core.Account
	followed bool   // from a former reading and what changed since
	mark     string // by which this one can be followed; "" where it is not to be
}

// accounts reads the accounts: of a directory that can tell what changed since a former
// reading only that, else all of them. Whatever is wrong with following, reading in whole
// does without it.
func (p *planner) accounts(ctx context.Context) (reading, error) {
	follower, is := p.Target.(core.Follower)
	if !is || p.Setup.FollowFrom < 0 {
		return p.whole(ctx, "")
	}
	if p.Former != nil {
		accounts, err := p.collect(p.follow(ctx, follower))
		if err == nil || ctx.Err() != nil {
			return reading{accounts: accounts, followed: true}, err
		}
	}
	mark := ""
	if p.Memory.Accounts >= p.Setup.FollowsFrom() {
		mark, _ = follower.Mark(ctx) // without one the next reading is a whole one too
	}
	return p.whole(ctx, mark)
}

func (p *planner) whole(ctx context.Context, mark string) (reading, error) {
	accounts, err := p.collect(p.Target.Accounts(ctx, p.wanted()))
	return reading{accounts: accounts, mark: mark}, err
}

func (p *planner) collect(accounts iter.Seq2[core.Account, error]) ([]core.Account, error) {
	var out pile[core.Account]
	for a, err := range accounts {
		if err != nil {
			return nil, err
		}
		out.add(a)
		if out.n%tellEvery == 0 {
			p.Progress(core.Progress{Phase: core.PhaseAccounts, Done: out.n, Total: -1})
		}
	}
	p.Progress(core.Progress{Phase: core.PhaseAccounts, Done: out.n, Total: out.n})
	return out.all(), nil
}

// errOtherFields says that a former reading was of other attributes.
var errOtherFields = &core.Problem{Code: core.Stale, What: "The kept reading of the accounts is of other attributes.", Fix: "Read the accounts in whole."}

// follow yields the accounts, all of the former reading's schema.
func (p *planner) follow(ctx context.Context, follower core.Follower) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		var pack *core.Packer
		former := *p.Former
		former.Accounts = func(give func(core.Account, error) bool) {
			for a, err := range p.Former.Accounts {
				if err == nil && pack == nil {
					if !p.fits(a.Schema()) {
						err = errOtherFields
					}
					pack = core.NewPacker(a.Schema())
				}
				if !give(a, err) || err != nil {
					return
				}
			}
		}
		for a, err := range follower.Follow(ctx, former, p.wanted()) {
			if err == nil && pack != nil && a.Schema() != pack.Schema() {
				a = repacked(a, pack)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// fits says whether a reading has the attributes that this one has to have.
func (p *planner) fits(s *core.Schema) bool {
	want := core.AccountSchema(p.written()).Fields()
	return len(s.Fields()) == len(want) && !slices.ContainsFunc(want, func(f core.Field) bool { return s.Index(f.ID) < 0 })
}

func repacked(a core.Account, pack *core.Packer) core.Account {
	pack.Take(a.Record)
	return core.Account{Record: pack.Pack()}
}
