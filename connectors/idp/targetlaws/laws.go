package targetlaws

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

func namesAttributes(t *testing.T, s *Subject) {
	seen := map[string]bool{}
	for _, a := range s.attributes(t) {
		if a.ID == "" || a.Label == "" || strings.HasPrefix(a.ID, "@") || seen[a.ID] {
			t.Errorf("attribute %+v is unnamed, reserved or there twice", a)
		}
		if a.ReadOnly && (a.Required || a.AtCreate) {
			t.Errorf("attribute %s cannot be written and is asked for", a.ID)
		}
		seen[a.ID] = true
	}
}

func readsBackWhatItCreates(t *testing.T, s *Subject) {
	person := s.person(t)
	a := s.read(t, s.create(t, person).Account)
	same(t, a, person)
	if !a.Active() || a.Value(core.AccountName) == "" || a.Value(core.AccountProtected) != "" {
		t.Errorf("active %v, name %q, protected %q", a.Active(), a.Value(core.AccountName), a.Value(core.AccountProtected))
	}
}

func createsDisabled(t *testing.T, s *Subject) {
	r := s.write(t, core.Write{Verb: core.Create, Set: s.person(t)})
	if s.read(t, r.Account).Active() {
		t.Error("the account should be disabled from its first moment")
	}
}

func listsEveryoneOnce(t *testing.T, s *Subject) {
	people := map[string]map[string]string{}
	for range 3 {
		p := s.person(t)
		people[s.create(t, p).Account] = p
	}
	accounts, err := collect(t.Context(), s.Target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range people {
		if _, ok := accounts[id]; !ok {
			t.Fatalf("account %s does not come", id)
		}
		same(t, accounts[id], p)
	}
}

func readsWantedOnly(t *testing.T, s *Subject) {
	login := s.login(t).ID
	p := s.person(t)
	id := s.create(t, p).Account
	accounts, err := collect(t.Context(), s.Target, []string{login})
	if err != nil {
		t.Fatal(err)
	}
	a := accounts[id]
	if n := len(a.Schema().Fields()); n != len(core.Reserved)+1 || a.Value(login) != p[login] || !a.Active() {
		t.Errorf("the record has %d fields and the login %q", n, a.Value(login))
	}
}

func updateLeavesOthers(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	for _, a := range s.attributes(t) {
		if _, writable := p[a.ID]; !writable || a.AtCreate || a.Login {
			continue
		}
		p[a.ID] = s.value(a, s.made+1000)
		r := s.write(t, core.Write{Verb: core.Update, Account: id, Set: map[string]string{a.ID: p[a.ID]}})
		got := s.read(t, r.Account)
		same(t, got, p)
		if !got.Active() {
			t.Errorf("updating %s disabled the account", a.ID)
		}
		if t.Failed() {
			t.Fatalf("after the update of %s", a.ID)
		}
	}
}

func updatesEveryAttribute(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	s.made++
	set := map[string]string{}
	for _, a := range s.attributes(t) {
		if _, writable := p[a.ID]; writable && !a.AtCreate && !a.Login {
			p[a.ID] = s.value(a, s.made)
			set[a.ID] = p[a.ID]
		}
	}
	r := s.write(t, core.Write{Verb: core.Update, Account: id, Set: set})
	same(t, s.read(t, r.Account), p)
}

func clearsValues(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	set := map[string]string{}
	for _, a := range s.attributes(t) {
		_, writable := p[a.ID]
		if writable && !a.AtCreate && !a.Required && !a.Login {
			set[a.ID], p[a.ID] = "", ""
		}
	}
	r := s.write(t, core.Write{Verb: core.Update, Account: id, Set: set})
	same(t, s.read(t, r.Account), p)
	s.write(t, core.Write{Verb: core.Update, Account: r.Account, Set: set}) // clearing what is clear
}

func switchesState(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	for _, step := range []struct {
		verb   core.Verb
		active bool
	}{{core.Deactivate, false}, {core.Deactivate, false}, {core.Reactivate, true}, {core.Reactivate, true}} {
		id = s.write(t, core.Write{Verb: step.verb, Account: id}).Account
		a := s.read(t, id)
		same(t, a, p)
		if a.Active() != step.active {
			t.Errorf("after %s the account is active: %v", step.verb, a.Active())
		}
	}
}

func refusesTakenLogin(t *testing.T, s *Subject) {
	login := s.login(t).ID
	first, second := s.person(t), s.person(t)
	s.create(t, first)
	taken := second[login]
	second[login] = first[login]
	if _, err := s.Target.Write(t.Context(), core.Write{Verb: core.Create, Set: second, Active: true}); !core.HasCode(err, core.Conflict) {
		t.Errorf("creating: got %v, want a conflict", err)
	}
	second[login] = taken
	id := s.create(t, second).Account
	rename := core.Write{Verb: core.Update, Account: id, Set: map[string]string{login: first[login]}}
	if _, err := s.Target.Write(t.Context(), rename); !core.HasCode(err, core.Conflict) {
		t.Errorf("renaming: got %v, want a conflict", err)
	}
	same(t, s.read(t, id), second)
}

func givesLoginOnce(t *testing.T, s *Subject) {
	const rivals = 6
	login := s.login(t).ID
	first := s.person(t)
	results := make(chan error, rivals)
	for range rivals {
		p := s.person(t)
		p[login] = first[login]
		go func() {
			_, err := s.Target.Write(t.Context(), core.Write{Verb: core.Create, Set: p, Active: true})
			results <- err
		}()
	}
	made := 0
	for range rivals {
		err := <-results
		if err == nil {
			made++
		} else if !core.HasCode(err, core.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
	}
	found, err := s.Target.Find(t.Context(), login, first[login], nil)
	if made != 1 || err != nil || len(found) != 1 {
		t.Errorf("%d were made and %d found, %v", made, len(found), err)
	}
}

func keepsAccountThroughRename(t *testing.T, s *Subject) {
	login := s.login(t)
	p := s.person(t)
	id := s.create(t, p).Account
	s.made++
	p[login.ID] = s.value(login, s.made)
	r := s.write(t, core.Write{Verb: core.Update, Account: id, Set: map[string]string{login.ID: p[login.ID]}})
	if r.Account != id {
		t.Errorf("the account has another id after its login changed: %s, was %s", r.Account, id)
	}
	same(t, s.read(t, id), p)
}

func knowsWhoIsNotThere(t *testing.T, s *Subject) {
	if _, err := s.Target.Account(t.Context(), s.Foreign, nil); !core.HasCode(err, core.NotFound) {
		t.Errorf("reading: got %v", err)
	}
	text := s.login(t)
	for _, verb := range []core.Verb{core.Update, core.Deactivate, core.Reactivate, core.Delete} {
		w := core.Write{Verb: verb, Account: s.Foreign}
		if verb == core.Update {
			w.Set = map[string]string{text.ID: s.value(text, 999999)}
		}
		if _, err := s.Target.Write(t.Context(), w); !core.HasCode(err, core.NotFound) {
			t.Errorf("%s: got %v, want not found", verb, err)
		}
	}
}

func keepsReferences(t *testing.T, s *Subject) {
	ref := s.reference(t).ID
	boss := s.create(t, s.person(t)).Account
	p := s.person(t)
	p[ref] = boss
	id := s.create(t, p).Account
	same(t, s.read(t, id), p)
	other := s.create(t, s.person(t)).Account
	for _, to := range []string{other, "", boss} {
		s.write(t, core.Write{Verb: core.Update, Account: id, Set: map[string]string{ref: to}})
		p[ref] = to
		same(t, s.read(t, id), p)
	}
	accounts, err := collect(t.Context(), s.Target, []string{ref})
	if err != nil {
		t.Fatal(err)
	}
	if got := accounts[id].Value(ref); got != boss {
		t.Errorf("in the list the reference is %q, want %q", got, boss)
	}
}

func followsRenamedManager(t *testing.T, s *Subject) {
	ref, login := s.reference(t).ID, s.login(t)
	boss := s.create(t, s.person(t)).Account
	p := s.person(t)
	p[ref] = boss
	id := s.create(t, p).Account
	s.made++
	s.write(t, core.Write{Verb: core.Update, Account: boss, Set: map[string]string{login.ID: s.value(login, s.made)}})
	same(t, s.read(t, id), map[string]string{ref: boss})
	late := s.person(t)
	late[ref] = boss
	same(t, s.read(t, s.create(t, late).Account), late)
}

func findsWhateverTheCase(t *testing.T, s *Subject) {
	login := s.login(t).ID
	p := s.person(t)
	id := s.create(t, p).Account
	for _, asked := range []string{p[login], strings.ToUpper(p[login])} {
		found, err := s.Target.Find(t.Context(), login, asked, nil)
		if err != nil || len(found) != 1 || found[0].ID() != id {
			t.Fatalf("asking for %q found %d accounts, %v", asked, len(found), err)
		}
		same(t, found[0], p)
	}
}

func findsNobody(t *testing.T, s *Subject) {
	for _, a := range s.attributes(t) {
		if a.Kind == core.Reference || a.Kind == core.Bool || len(a.Choices) > 0 {
			continue
		}
		found, err := s.Target.Find(t.Context(), a.ID, s.value(a, 888888)+`*"\)`, nil)
		if err != nil || len(found) != 0 {
			t.Errorf("by %s: %d found, %v", a.ID, len(found), err)
		}
	}
}

func refusesUnknownAttribute(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	for _, w := range []core.Write{
		{Verb: core.Update, Account: id, Set: map[string]string{"noSuchAttribute": "x"}},
		{Verb: core.Create, Set: map[string]string{"noSuchAttribute": "x"}},
	} {
		if _, err := s.Target.Write(t.Context(), w); !core.HasCode(err, core.Refused) {
			t.Errorf("%s: got %v, want refused", w.Verb, err)
		}
	}
	if _, err := s.Target.Find(t.Context(), "noSuchAttribute", "x", nil); !core.HasCode(err, core.Refused) {
		t.Errorf("finding: got %v, want refused", err)
	}
}

func deletesForGood(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	s.write(t, core.Write{Verb: core.Delete, Account: id})
	if a, err := s.Target.Account(t.Context(), id, nil); !core.HasCode(err, core.NotFound) && !(s.Restores && err == nil && a.Deleted() && !a.Active()) {
		t.Errorf("reading after the deletion: %v", err)
	}
	if again := s.create(t, p).Account; again == id {
		t.Error("a new account has the id of a deleted one")
	}
}

func restores(t *testing.T, s *Subject) {
	if !s.Restores {
		t.Skip("this directory brings nothing back")
	}
	p := s.person(t)
	id := s.create(t, p).Account
	s.write(t, core.Write{Verb: core.Delete, Account: id})
	accounts, err := collect(t.Context(), s.Target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, there := accounts[id]; !there || !a.Deleted() || a.Active() {
		t.Errorf("the deleted account is there: %v, deleted: %v, active: %v", there, a.Deleted(), a.Active())
	}
	s.write(t, core.Write{Verb: core.Reactivate, Account: id, Active: true, Set: map[string]string{core.Deleted: ""}})
	a := s.read(t, id)
	same(t, a, p)
	if a.Deleted() || !a.Active() {
		t.Errorf("after the return the account is deleted: %v, active: %v", a.Deleted(), a.Active())
	}
}

func keepsMembership(t *testing.T, s *Subject) {
	var choices []core.Choice
	for _, a := range s.attributes(t) {
		if a.ID == core.Groups {
			choices = a.Choices
		}
	}
	if len(choices) < 2 {
		t.Skip("this connection does not look after two groups")
	}
	first, second := choices[0].Value, choices[1].Value
	p := s.person(t)
	p[core.Groups] = first
	id := s.create(t, p).Account
	same(t, s.read(t, id), p)
	for _, groups := range [][]string{{first, second}, {second}, {second}, nil, {first}} {
		p[core.Groups] = core.JoinList(groups)
		s.write(t, core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Groups: p[core.Groups]}})
		if got := core.SplitList(s.read(t, id).Value(core.Groups)); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(groups))) {
			t.Errorf("the account is in %q, want %q", got, groups)
		}
	}
	accounts, err := collect(t.Context(), s.Target, []string{core.Groups})
	if err != nil {
		t.Fatal(err)
	}
	if got := accounts[id].Value(core.Groups); got != first {
		t.Errorf("in the list it is in %q, want %q", got, first)
	}
	if _, err := s.Target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Groups: "no such group"}}); !core.HasCode(err, core.Refused) {
		t.Errorf("a group that is not looked after: got %v, want refused", err)
	}
}

// inBatches asks of several requests in one what is asked of each by itself.
func inBatches(t *testing.T, s *Subject) {
	b, is := s.Target.(core.Batcher)
	if !is {
		t.Skip("this directory takes one at a time")
	}
	size, err := b.Batch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if size < 2 {
		t.Skip("this system offers no batches")
	}
	login := s.login(t).ID
	people := []map[string]string{s.person(t), s.person(t), s.person(t)}
	people[2][login] = people[0][login] // taken by the first, or takes it from the first
	writes := make([]core.Write, len(people))
	for i, p := range people {
		writes[i] = core.Write{Verb: core.Create, Set: p, Active: true, Key: fmt.Sprint("batch-", p[login], i)}
	}
	written := b.WriteAll(t.Context(), writes)
	if len(written) != 3 || written[1].Err != nil || (written[0].Err == nil) == (written[2].Err == nil) {
		t.Fatalf("creating three of whom two want one login gave %+v", written)
	}
	won := 0
	if written[0].Err != nil {
		won = 2
	}
	if lost := written[2-won].Err; !core.HasCode(lost, core.Conflict) {
		t.Errorf("the one who came late got %v, want a conflict", lost)
	}
	ids := []string{written[won].Receipt.Account, written[1].Receipt.Account}
	written = b.WriteAll(t.Context(), []core.Write{{Verb: core.Deactivate, Account: ids[0]}, {Verb: core.Update, Account: s.Foreign, Set: map[string]string{login: s.value(s.login(t), 777777)}}, {Verb: core.Deactivate, Account: ids[1]}})
	if written[0].Err != nil || !core.HasCode(written[1].Err, core.NotFound) || written[2].Err != nil {
		t.Errorf("disabling two and changing nobody gave %+v", written)
	}
	looked := b.Look(t.Context(), []core.Question{{ID: ids[0]}, {ID: s.Foreign}, {Attribute: login, Value: people[1][login]}, {Attribute: login, Value: "nobody@corp.example"}}, nil)
	if len(looked) != 4 {
		t.Fatalf("four questions have %d answers", len(looked))
	}
	if looked[0].Err != nil || len(looked[0].Accounts) != 1 || looked[0].Accounts[0].ID() != ids[0] || looked[0].Accounts[0].Active() {
		t.Errorf("by id: %+v", looked[0])
	}
	if !core.HasCode(looked[1].Err, core.NotFound) {
		t.Errorf("of nobody: %+v", looked[1])
	}
	if looked[2].Err != nil || len(looked[2].Accounts) != 1 || looked[2].Accounts[0].ID() != ids[1] {
		t.Errorf("by login: %+v", looked[2])
	}
	if looked[3].Err != nil || len(looked[3].Accounts) != 0 {
		t.Errorf("by a login that nobody has: %+v", looked[3])
	}
}

func holdsStaleWrites(t *testing.T, s *Subject) {
	p := s.person(t)
	id := s.create(t, p).Account
	before := s.read(t, id).Value(core.AccountVersion)
	if before == "" {
		t.Skip("this directory gives no versions")
	}
	ref := s.reference(t)
	set := map[string]string{ref.ID: s.create(t, s.person(t)).Account}
	s.write(t, core.Write{Verb: core.Update, Account: id, Set: set, Version: before})
	_, err := s.Target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{ref.ID: ""}, Version: before})
	if !core.HasCode(err, core.Stale) {
		t.Errorf("got %v, want stale", err)
	}
	same(t, s.read(t, id), set)
}

func stopsWhenCancelled(t *testing.T, s *Subject) {
	p := s.person(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := collect(ctx, s.Target, nil); !core.HasCode(err, core.Cancelled) {
		t.Errorf("listing: got %v", err)
	}
	if _, err := s.Target.Account(ctx, s.Foreign, nil); !core.HasCode(err, core.Cancelled) {
		t.Errorf("reading: got %v", err)
	}
	if _, err := s.Target.Write(ctx, core.Write{Verb: core.Create, Set: p, Active: true}); !core.HasCode(err, core.Cancelled) {
		t.Errorf("writing: got %v", err)
	}
	login := s.login(t).ID
	if found, err := s.Target.Find(t.Context(), login, p[login], nil); err != nil || len(found) != 0 {
		t.Errorf("a write that was stopped before it began made %d accounts, %v", len(found), err)
	}
}

// followsReadings changes a directory in every way after it was read, and asks for what
// it is then by following and in whole.
func followsReadings(t *testing.T, s *Subject) {
	f, is := s.Target.(core.Follower)
	if is != s.Follows {
		t.Fatalf("the target says it follows: %v, want %v", is, s.Follows)
	}
	if !is {
		t.Skip("this directory does not tell what changed")
	}
	login, ref := s.login(t), s.reference(t).ID
	var ids []string
	for range 8 {
		ids = append(ids, s.create(t, s.person(t)).Account)
	}
	s.write(t, core.Write{Verb: core.Update, Account: ids[0], Set: map[string]string{ref: ids[1]}})
	mark, err := f.Mark(t.Context())
	if err != nil || mark == "" {
		t.Fatalf("the mark is %q, %v", mark, err)
	}
	former, read := formerly(t, f, mark)
	same := func(after string) {
		t.Helper()
		got := followed(t, f, former)
		want, err := collect(t.Context(), f, nil)
		if err != nil {
			t.Fatal(err)
		}
		for id, a := range want {
			if g, there := got[id]; !there || !maps.Equal(g.Map(), a.Map()) {
				t.Fatalf("after %s, %s is followed as %v, and in whole as %v", after, id, g.Map(), a.Map())
			}
		}
		if len(got) != len(want) || *read == 0 {
			t.Fatalf("after %s, %d are followed of %d; the former reading was used %d times", after, len(got), len(want), *read)
		}
	}
	same("nothing")
	made := s.person(t)
	made[ref] = ids[2]
	s.create(t, made)
	same("a new account")
	s.made++
	s.write(t, core.Write{Verb: core.Update, Account: ids[1], Set: map[string]string{login.ID: s.value(login, s.made)}})
	same("a manager's new login")
	for _, to := range []string{ids[4], ""} {
		s.write(t, core.Write{Verb: core.Update, Account: ids[3], Set: map[string]string{ref: to}})
		same("another manager")
	}
	s.write(t, core.Write{Verb: core.Deactivate, Account: ids[5]})
	same("a deactivation")
	s.write(t, core.Write{Verb: core.Reactivate, Account: ids[5]})
	same("a return")
	if i := slices.IndexFunc(s.attributes(t), func(a core.Attribute) bool { return a.ID == core.Groups && len(a.Choices) > 1 }); i >= 0 {
		for _, group := range []string{s.attributes(t)[i].Choices[0].Value, s.attributes(t)[i].Choices[1].Value, ""} {
			s.write(t, core.Write{Verb: core.Update, Account: ids[6], Set: map[string]string{core.Groups: group}})
			same("another group")
		}
	}
	s.write(t, core.Write{Verb: core.Delete, Account: ids[7]})
	same("a deletion")
	if s.Restores {
		s.write(t, core.Write{Verb: core.Reactivate, Account: ids[7], Active: true, Set: map[string]string{core.Deleted: ""}})
		same("a restored account")
	}
}

// formerly reads in whole, and counts how often the reading is asked for.
func formerly(t *testing.T, f core.Follower, mark string) (core.Former, *int) {
	t.Helper()
	var accounts []core.Account
	for a, err := range f.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if len(accounts) > 0 && a.Schema() != accounts[0].Schema() {
			t.Fatal("the accounts of one reading are of two schemas")
		}
		accounts = append(accounts, a)
	}
	read := 0
	return core.Former{Mark: mark, Count: len(accounts), Accounts: func(yield func(core.Account, error) bool) {
		read++
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}}, &read
}

func followed(t *testing.T, f core.Follower, former core.Former) map[string]core.Account {
	t.Helper()
	all := map[string]core.Account{}
	for a, err := range f.Follow(t.Context(), former, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[a.ID()]; twice {
			t.Errorf("%s comes twice", a.ID())
		}
		all[a.ID()] = a
	}
	return all
}
