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

// readings are the whole readings of the accounts of a sync.
type readings struct {
	next localstore.Snapshot   // what the one that is about to be made is kept as
	kept []localstore.Snapshot // the newest first
}

// readings finds what is kept. A reading rests on the answers that are not secrets
// (groups, branches) and on the program that took it.
func (d *desk) readings(ctx context.Context, y localstore.Sync, to end) (readings, error) {
	basis := []string{version}
	for _, o := range to.spec.Options {
		if !o.Secret {
			basis = append(basis, o.ID, to.answers.Get(o.ID))
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(basis, "\x00")))
	next := localstore.Snapshot{Connection: to.connection.ID, Sync: y.ID, Accounts: true, Basis: hex.EncodeToString(sum[:])}
	kept, err := d.store.Snapshots(ctx)
	return readings{next, slices.DeleteFunc(kept, func(n localstore.Snapshot) bool {
		return !n.Accounts || n.Sync != next.Sync || n.Connection != next.Connection
	})}, err
}

// former gives the last whole reading of the accounts that can still be followed; nil
// where there is none.
func (d *desk) former(ctx context.Context, r readings) (*core.Former, error) {
	i := slices.IndexFunc(r.kept, func(n localstore.Snapshot) bool { return n.Basis == r.next.Basis && d.now().Sub(n.Taken) < followedFor })
	if i < 0 {
		return nil, nil
	}
	runs, err := d.store.Runs(ctx)
	if err != nil || slices.ContainsFunc(runs, func(r localstore.Run) bool { return d.now().Sub(r.Last()) < settling }) {
		return nil, err
	}
	n, records, err := d.store.OpenSnapshot(ctx, r.kept[i].ID)
	if err != nil {
		return nil, err
	}
	return &core.Former{Mark: n.Mark, Count: n.Count, Accounts: func(yield func(core.Account, error) bool) {
		for r, err := range records {
			if !yield(core.Account{Record: r}, err) {
				return
			}
		}
	}}, nil
}

// rebase keeps a whole reading that can be followed in the place of older ones.
func (d *desk) rebase(ctx context.Context, r readings, made *engine.Result) error {
	if made.Followed {
		return nil
	}
	if made.Mark != "" {
		r.next.Mark = made.Mark
		if _, err := d.store.SaveSnapshot(ctx, r.next, records(made.Read)); err != nil {
			return err
		}
	}
	for _, n := range r.kept {
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
