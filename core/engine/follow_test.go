package engine

import (
	"context"
	"iter"
	"testing"

	"rollcall/core"
	"rollcall/core/internal/made"
)

// followable is a directory that tells what changed since the state of its mark.
type followable struct {
	*made.Directory
	wholes, marks int
	refuse        error // instead of following
	late          bool  // after the first account
}

func (d *followable) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	d.wholes++
	return d.now(ctx, want)
}

// now gives the accounts by the wanted attributes.
func (d *followable) now(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	var wanted []core.Attribute
	for _, a := range made.Attributes {
		for _, id := range want {
			if a.ID == id {
				wanted = append(wanted, a)
			}
		}
	}
	return func(yield func(core.Account, error) bool) {
		pack := core.NewPacker(core.AccountSchema(wanted))
		for a := range d.Directory.Accounts(ctx, want) {
			if !yield(repacked(a, pack), nil) {
				return
			}
		}
	}
}

func (d *followable) Mark(context.Context) (string, error) {
	d.marks++
	return "m1", nil
}

func (d *followable) Follow(ctx context.Context, former core.Former, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		known := map[string]core.Account{}
		for a, err := range former.Accounts {
			if err != nil {
				yield(a, err)
				return
			}
			known[a.ID()] = a
		}
		if d.refuse != nil && !d.late {
			yield(core.Account{}, d.refuse)
			return
		}
		for a := range d.now(ctx, want) {
			if k, was := known[a.ID()]; was && k.Value("name") == a.Value("name") {
				a = k
			}
			if !yield(a, nil) {
				return
			}
			if d.refuse != nil {
				yield(core.Account{}, d.refuse)
				return
			}
		}
	}
}

func formerOf(accounts []core.Account) *core.Former {
	return &core.Former{Mark: "m1", Count: len(accounts), Accounts: func(yield func(core.Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}}
}

func TestALargeDirectoryIsReadInWholeAndThenFollowed(t *testing.T) {
	d := &followable{Directory: made.NewDirectory("number=1 login=ada name=ada", "number=2 login=bo name=bo", "number=9 login=zoe name=zoe")}
	in := Input{Setup: fixed(), Source: made3(), Target: d, Now: now}
	in.Setup.FollowFrom = 3
	first := mustPlan(t, in)
	if first.Mark != "" || first.Memory.Accounts != 3 || d.marks != 0 {
		t.Fatalf("nothing is known of its size, and yet: %+v", first)
	}
	in.Memory = first.Memory
	second := mustPlan(t, in)
	if second.Mark != "m1" || len(second.Read) != 3 || second.Followed {
		t.Fatalf("mark %q, %d read, followed %v", second.Mark, len(second.Read), second.Followed)
	}
	in.Former = formerOf(second.Read)
	if _, err := d.Write(t.Context(), core.Write{Verb: core.Update, Account: "a2", Set: map[string]string{"name": "bea"}}); err != nil {
		t.Fatal(err)
	}
	third := mustPlan(t, in)
	in.Former = nil
	whole := mustPlan(t, in)
	if !third.Followed || third.Mark != "" || third.Plan.Hash != whole.Plan.Hash || third.Plan.Accounts != 3 {
		t.Errorf("followed %v, mark %q, %d accounts; the plans are the same: %v", third.Followed, third.Mark, third.Plan.Accounts, third.Plan.Hash == whole.Plan.Hash)
	}
	if d.wholes != 3 {
		t.Errorf("it was read in whole %d times, want 3", d.wholes)
	}
}

func TestWhatCannotBeFollowedIsReadInWhole(t *testing.T) {
	stale := &core.Problem{Code: core.Stale, What: "The mark is too old."}
	for name, change := range map[string]func(*Input, *followable){
		"the mark is too old":  func(_ *Input, d *followable) { d.refuse = stale },
		"following breaks off": func(_ *Input, d *followable) { d.refuse, d.late = stale, true },
		"other attributes": func(in *Input, _ *followable) {
			in.Setup.Mapping = append(in.Setup.Mapping, core.Rule{Attribute: "mail", Field: "firstName"})
		},
		"the setup says: never":   func(in *Input, _ *followable) { in.Setup.FollowFrom = -1 },
		"a directory that cannot": func(in *Input, d *followable) { in.Target = d.Directory },
		"nothing was kept":        func(in *Input, _ *followable) { in.Former = nil },
		"the kept one is damaged": func(in *Input, _ *followable) { in.Former = &core.Former{Mark: "m1", Accounts: broken} },
	} {
		t.Run(name, func(t *testing.T) {
			d := &followable{Directory: made.NewDirectory("number=1 login=ada name=ada", "number=2 login=bo name=bo")}
			in := Input{Setup: fixed(), Source: made3(), Target: d, Now: now, Memory: core.Memory{Accounts: 2}}
			in.Setup.FollowFrom = 2
			in.Former = formerOf(mustPlan(t, in).Read)
			change(&in, d)
			if r := mustPlan(t, in); r.Followed || r.Plan.Accounts != 2 {
				t.Errorf("followed %v, %d accounts", r.Followed, r.Plan.Accounts)
			}
		})
	}
}

func broken(yield func(core.Account, error) bool) {
	yield(core.Account{}, &core.Problem{Code: core.Internal, What: "The store is damaged."})
}

func mustPlan(t *testing.T, in Input) *Result {
	t.Helper()
	r, err := Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
