package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strings"
	"time"

	"rollcall/core"
	"rollcall/core/engine"
	"rollcall/localstore"
)

// followedFor is how long a whole reading of a directory serves: Microsoft's marks of
// directory objects end after seven days.
// https://learn.microsoft.com/graph/delta-query-overview#token-duration
const followedFor = 6 * 24 * time.Hour

// settling is for how long after a run a directory is read in whole: its list of changes
// can be minutes late, and a plan made then would show as open what was just done.
var settling = 15 * time.Minute

// baseOf says of which connection a reading is and what it rests on: answers that are
// not secrets (groups, branches) and the program that took it.
func baseOf(y localstore.Sync, to end) localstore.Snapshot {
	basis := []string{version}
	for _, o := range to.spec.Options {
		if !o.Secret {
			basis = append(basis, o.ID, to.answers.Get(o.ID))
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(basis, "\x00")))
	return localstore.Snapshot{Connection: to.connection.ID, Sync: y.ID, Accounts: true, Basis: hex.EncodeToString(sum[:])}
}

// former gives the last whole reading of the accounts that can still be followed; nil
// where there is none.
func (d *desk) former(ctx context.Context, base localstore.Snapshot) (*core.Former, error) {
	kept, err := d.bases(ctx, base)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	runs, err := d.store.Runs(ctx)
	if err != nil || slices.ContainsFunc(runs, func(r localstore.Run) bool { return d.now().Sub(r.Last()) < settling }) {
		return nil, err
	}
	i := slices.IndexFunc(kept, func(n localstore.Snapshot) bool { return n.Basis == base.Basis && d.now().Sub(n.Taken) < followedFor })
	if i < 0 {
		return nil, nil
	}
	n, records, err := d.store.OpenSnapshot(ctx, kept[i].ID)
	if err != nil {
		return nil, err
	}
	return &core.Former{Mark: n.Mark, Taken: n.Taken, Count: n.Count, Accounts: func(yield func(core.Account, error) bool) {
		for r, err := range records {
			if !yield(core.Account{Record: r}, err) {
				return
			}
		}
	}}, nil
}

// bases are the kept readings of the accounts of a sync, the newest first.
func (d *desk) bases(ctx context.Context, base localstore.Snapshot) ([]localstore.Snapshot, error) {
	all, err := d.store.Snapshots(ctx)
	return slices.DeleteFunc(all, func(n localstore.Snapshot) bool {
		return !n.Accounts || n.Sync != base.Sync || n.Connection != base.Connection
	}), err
}

// rebase keeps a whole reading that can be followed in the place of older ones.
func (d *desk) rebase(ctx context.Context, base localstore.Snapshot, made *engine.Result) error {
	if made.Followed {
		return nil
	}
	old, err := d.bases(ctx, base)
	if err != nil {
		return err
	}
	if base.Mark = made.Mark; made.Mark != "" {
		if _, err = d.store.SaveSnapshot(ctx, base, records(made.Read)); err != nil {
			return err
		}
	}
	for _, n := range old {
		if err := d.store.DeleteSnapshot(ctx, n.ID); err != nil {
			return err
		}
	}
	return nil
}

func records(accounts []core.Account) iter.Seq2[core.Record, error] {
	return func(yield func(core.Record, error) bool) {
		for _, a := range accounts {
			if !yield(a.Record, nil) {
				return
			}
		}
	}
}
