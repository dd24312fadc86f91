package entraid

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	entra "rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// kept reads in whole with a mark from before, as the program does.
func kept(t *testing.T, ctx context.Context, target *Target, want []string) core.Former {
	t.Helper()
	mark, err := target.Mark(ctx)
	if err != nil || mark == "" {
		t.Fatalf("the mark is %q, %v", mark, err)
	}
	return formerOf(mark, slices.Collect(maps.Values(all(t, ctx, target, want))))
}

func formerOf(mark string, accounts []core.Account) core.Former {
	return core.Former{Mark: mark, Count: len(accounts), Accounts: func(yield func(core.Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}}
}

// followed gives what came before an error, and the error, after which nothing may come.
func followed(t *testing.T, ctx context.Context, target *Target, former core.Former, want []string) (map[string]core.Account, error) {
	t.Helper()
	accounts := map[string]core.Account{}
	var broke error
	for a, err := range target.Follow(ctx, former, want) {
		_, twice := accounts[a.ID()]
		switch {
		case broke != nil:
			t.Fatalf("after %v came %v, %v", broke, a, err)
		case err != nil:
			broke = err
		case twice:
			t.Errorf("%s came twice", a.ID())
		default:
			accounts[a.ID()] = a
		}
	}
	return accounts, broke
}

// stated are the values of an account, also the empty ones.
func stated(a core.Account) map[string]string {
	m := map[string]string{}
	for i, f := range a.Schema().Fields() {
		if a.Has(i) {
			m[f.ID] = a.At(i)
		}
	}
	return m
}

// asWhole fails where following does not give what another opening reads in whole.
func asWhole(t *testing.T, ctx context.Context, after string, target, other *Target, former core.Former, want []string) {
	t.Helper()
	target.deleted.forget() // others changed the directory
	got, err := followed(t, ctx, target, former, want)
	if err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	whole := all(t, ctx, other, want)
	for id, a := range whole {
		if g, there := got[id]; !there || !maps.Equal(stated(g), stated(a)) {
			t.Errorf("after %s, %s is followed as\n%v, and in whole as\n%v", after, id, g.Map(), a.Map())
		}
	}
	if len(got) != len(whole) {
		t.Errorf("after %s, %d are followed of %d", after, len(got), len(whole))
	}
}

func write(t *testing.T, ctx context.Context, target *Target, w core.Write) string {
	t.Helper()
	receipt, err := target.Write(ctx, w)
	if err != nil {
		t.Fatalf("%+v: %v", w, err)
	}
	return receipt.Account
}

// purge deletes an account for good, past the target.
func purge(t *testing.T, ctx context.Context, target *Target, id string) {
	t.Helper()
	if _, err := target.rest.Do(ctx, http.MethodDelete, "/directory/deletedItems/"+id, nil, nil, nil); err != nil {
		t.Fatal(err)
	}
}

func TestFollowingTellsOfLinksToThoseWhoLeaveAndComeBack(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := start(t, empty)
	target, other := open(t, server, core.Env{}, nil), open(t, server, core.Env{}, nil)
	var ids []string
	for _, w := range creates(6) {
		ids = append(ids, write(t, ctx, other, w))
	}
	led := func(by string, people ...string) {
		for _, id := range people {
			write(t, ctx, other, core.Write{Verb: core.Update, Account: id, Set: map[string]string{manager: by}})
		}
	}
	led(ids[0], ids[1], ids[2])
	led(ids[3], ids[4])
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: ids[3]})
	former := kept(t, ctx, target, nil)
	asWhole(t, ctx, "nothing", target, other, former, nil)
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: ids[0]})
	asWhole(t, ctx, "a manager's deletion", target, other, former, nil)
	write(t, ctx, other, core.Write{Verb: core.Reactivate, Account: ids[0], Set: map[string]string{core.Deleted: ""}})
	asWhole(t, ctx, "his return", target, other, former, nil)
	write(t, ctx, other, core.Write{Verb: core.Reactivate, Account: ids[3], Set: map[string]string{core.Deleted: ""}})
	asWhole(t, ctx, "the return of one who was gone before", target, other, former, nil)
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: ids[0]})
	purge(t, ctx, other, ids[0])
	other.deleted.forget()
	asWhole(t, ctx, "a deletion for good", target, other, former, nil)
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: write(t, ctx, other, core.Write{Verb: core.Create, Set: newcomer(77), Active: true})})
	asWhole(t, ctx, "one who came and went", target, other, former, nil)
}

func TestFollowingTellsOfGroupsAndAdministratorsOfUnchangedPeople(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := start(t, empty)
	more := map[string]string{"groups": "Staff\nConsultants"}
	target, other := open(t, server, core.Env{}, more), open(t, server, core.Env{}, more)
	id := write(t, ctx, other, core.Write{Verb: core.Create, Set: newcomer(1), Active: true})
	still := write(t, ctx, other, core.Write{Verb: core.Create, Set: newcomer(2), Active: true})
	want := []string{principalName, core.Groups}
	former := kept(t, ctx, target, want)
	for _, groups := range [][]string{{"Staff"}, {"Staff", "Consultants"}, {"Consultants"}, nil} {
		write(t, ctx, other, core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Groups: core.JoinList(groups)}})
		asWhole(t, ctx, fmt.Sprint("the groups ", groups), target, other, former, want)
	}
	for _, admins := range []map[string]bool{{still: true}, {id: true}, {}} {
		target.admins, other.admins = admins, admins
		asWhole(t, ctx, fmt.Sprint("other administrators ", admins), target, other, former, want)
	}
	got, err := followed(t, ctx, target, former, want)
	if err != nil || got[still].Schema() == nil {
		t.Fatal(err)
	}
	if n := server.Counts()["$batch: GET /v1.0/users/{id}"].Calls; n != 0 {
		t.Errorf("%d unchanged people were read", n)
	}
}

// The calls of a following reading are the arithmetic of docs/scale.md.
func TestCallsThatFollowingTakes(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := start(t, empty)
	target, other := open(t, server, core.Env{}, nil), open(t, server, core.Env{}, nil)
	want := []string{principalName, "jobTitle", manager}
	var people []core.Write
	for i, made := range other.WriteAll(ctx, creates(450)) {
		if made.Err != nil {
			t.Fatal(made.Err)
		}
		people = append(people, core.Write{Verb: core.Update, Account: made.Receipt.Account, Set: map[string]string{"jobTitle": fmt.Sprint("Juggler ", i)}})
	}
	write(t, ctx, other, core.Write{Verb: core.Update, Account: people[449].Account, Set: map[string]string{manager: people[0].Account}})
	former := kept(t, ctx, target, want)
	for _, made := range other.WriteAll(ctx, people[:420]) {
		if made.Err != nil {
			t.Fatal(made.Err)
		}
	}
	before := server.Counts()
	got, err := followed(t, ctx, target, former, want)
	if err != nil || len(got) != former.Count || got[people[7].Account].Value("jobTitle") != "Juggler 7" {
		t.Fatalf("%d of %d, %q, %v", len(got), former.Count, got[people[7].Account].Value("jobTitle"), err)
	}
	calls := map[string]int{}
	for route, n := range server.Counts() {
		if more := n.Calls - before[route].Calls; more > 0 {
			calls[route] = more
		}
	}
	expected := map[string]int{"GET /v1.0/users/delta": 3, "POST /v1.0/$batch": 21, "$batch: GET /v1.0/users/{id}": 420}
	delete(calls, "GET /v1.0/directory/deletedItems/microsoft.graph.user") // none where it was read a moment ago
	if !maps.Equal(calls, expected) {
		t.Errorf("the calls were %v, want %v", calls, expected)
	}
}

func TestMarkIsEmptyWhereNothingCanBeFollowed(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		server := start(t, empty)
		server.Fault(emulate.Fault{Kind: emulate.Refused, Status: status, On: deltaPath})
		if mark, err := open(t, server, core.Env{}, nil).Mark(ctx); mark != "" || err != nil {
			t.Errorf("%d: %q, %v", status, mark, err)
		}
	}
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Switches: map[string]bool{entra.External: true}}})
	if mark, err := open(t, server, core.Env{}, nil).Mark(ctx); mark != "" || err != nil {
		t.Errorf("of a tenant for customers: %q, %v", mark, err)
	}
	listing := standIn(t, start(t, emulate.Setup{PageCap: 50}), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		q := r.URL.Query()
		q.Del("$deltatoken")
		r.URL.RawQuery = q.Encode()
		on.ServeHTTP(w, r)
	})
	if mark, err := open(t, listing, core.Env{}, nil).Mark(ctx); mark != "" || err != nil {
		t.Errorf("of a server that knows no token for now: %q, %v", mark, err)
	}
	server = start(t, empty)
	server.Fault(emulate.Broken(0))
	if mark, err := open(t, server, core.Env{}, nil).Mark(ctx); mark != "" || err == nil {
		t.Errorf("of a broken server: %q, %v", mark, err)
	}
}

func TestLeaveDateThatMayNotBeSeenIsNotFollowed(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := start(t, emulate.Setup{Writing: empty.Writing, Hidden: []string{leaveDate}})
	target, other := open(t, server, core.Env{}, nil), open(t, server, core.Env{}, nil)
	want := []string{principalName, "jobTitle"}
	former := kept(t, ctx, target, want)
	write(t, ctx, other, creates(1)[0])
	asWhole(t, ctx, "a newcomer", target, other, former, want)
	if _, err := followed(t, ctx, target, former, append(want, leaveDate)); !core.HasCode(err, core.Stale) {
		t.Errorf("with the leave date: %v", err)
	}
}

func TestMarkThatIsOfNoUseIsStale(t *testing.T) {
	clock := newTicking()
	ctx := rest.WithClock(t.Context(), clock, 0)
	var strangers atomic.Int32
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	defer foreign.Close()
	switches := map[string]bool{}
	setup := emulate.Setup{Writing: wire.Writing{Empty: true, Clock: clock.Now, Switches: switches}}
	for name, c := range map[string]struct {
		mark func(string) string
		fail func(*emulate.Server)
	}{
		"of another host":       {mark: func(m string) string { return strings.Replace(m, "https://graph.microsoft.com", foreign.URL, 1) }},
		"of another cloud":      {mark: func(m string) string { return strings.Replace(m, "graph.microsoft.com", "graph.microsoft.us", 1) }},
		"of a file":             {mark: func(string) string { return "id file:///etc/passwd" }},
		"empty":                 {mark: func(string) string { return "" }},
		"of fewer attributes":   {mark: func(m string) string { return strings.Replace(m, "jobTitle,", "", 1) }},
		"without the manager":   {mark: func(m string) string { return strings.Replace(m, "manager,", "", 1) }},
		"unknown":               {mark: func(m string) string { return m + "xyz" }},
		"that ended":            {fail: func(*emulate.Server) { _ = clock.Sleep(ctx, 8*24*time.Hour) }},
		"after a move":          {fail: func(*emulate.Server) { switches[entra.Resync] = true }},
		"refused as malformed":  {fail: refusing(http.StatusBadRequest)},
		"refused as forbidden":  {fail: refusing(http.StatusForbidden)},
		"not found":             {fail: refusing(http.StatusNotFound)},
		"half an answer":        {fail: func(s *emulate.Server) { s.Fault(emulate.Fault{Kind: emulate.Truncated, On: deltaPath}) }},
		"pages that come again": {fail: func(s *emulate.Server) { s.Fault(emulate.Fault{Kind: emulate.StuckPage}) }},
		"pages without an end":  {fail: func(s *emulate.Server) { s.Fault(emulate.Fault{Kind: emulate.EndlessPages}) }},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, setup)
			target := open(t, server, core.Env{}, nil)
			former := kept(t, ctx, target, nil)
			write(t, ctx, target, creates(1)[0])
			if c.mark != nil {
				former.Mark = c.mark(former.Mark)
			}
			if c.fail != nil {
				c.fail(server)
			}
			defer delete(switches, entra.Resync)
			got, err := followed(t, ctx, target, former, nil)
			if !core.HasCode(err, core.Stale) || len(got) > 0 || strangers.Load() > 0 {
				t.Errorf("%d accounts, %d calls elsewhere, %v", len(got), strangers.Load(), err)
			}
			if p := core.AsProblem(err); !strings.HasSuffix(p.What, ".") || !strings.HasSuffix(p.Fix, ".") {
				t.Errorf("no whole sentences: %q %q", p.What, p.Fix)
			}
		})
	}
}

func refusing(status int) func(*emulate.Server) {
	return func(s *emulate.Server) {
		s.Fault(emulate.Fault{Kind: emulate.Refused, Status: status, On: deltaPath})
	}
}

func TestWhatBreaksWhileFollowingIsTold(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	for name, c := range map[string]struct {
		fault emulate.Fault
		late  bool
	}{
		"delta breaks":              {emulate.Fault{Kind: emulate.Refused, Status: http.StatusInternalServerError, On: deltaPath}, false},
		"credentials end":           {emulate.Fault{Kind: emulate.Refused, Status: http.StatusUnauthorized, On: deltaPath}, false},
		"the groups cannot be read": {emulate.Fault{Kind: emulate.Refused, Status: http.StatusForbidden, On: "/members"}, false},
		"the people break":          {emulate.Fault{Kind: emulate.Refused, Status: http.StatusInternalServerError, On: "/$batch"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, empty)
			target := open(t, server, core.Env{}, map[string]string{"groups": "Staff"})
			former := kept(t, ctx, target, nil)
			write(t, ctx, target, creates(1)[0])
			server.Fault(c.fault)
			got, err := followed(t, ctx, target, former, nil)
			if err == nil || core.HasCode(err, core.Stale) || (len(got) > 0) != c.late {
				t.Errorf("%d accounts, %v", len(got), err)
			}
		})
	}
	target := open(t, start(t, empty), core.Env{}, nil)
	former := kept(t, ctx, target, nil)
	lost := &core.Problem{Code: core.Damaged, What: "The kept reading is damaged.", Fix: "Read again."}
	former.Accounts = func(yield func(core.Account, error) bool) { yield(core.Account{}, lost) }
	if got, err := followed(t, ctx, target, former, nil); !core.HasCode(err, core.Damaged) || len(got) > 0 {
		t.Errorf("of a damaged reading came %d, %v", len(got), err)
	}
}

// telling is a server whose delta tells, from its second call on, what a test says, a page
// a call.
func telling(t *testing.T, pages ...[]string) *emulate.Server {
	t.Helper()
	var calls atomic.Int32
	return standIn(t, start(t, emulate.Setup{}), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		n := int(calls.Load())
		if !strings.HasSuffix(r.URL.Path, deltaPath) || calls.Add(1) == 1 {
			on.ServeHTTP(w, r)
			return
		}
		said := map[string]any{"@odata.nextLink": fmt.Sprint("https://graph.microsoft.com/v1.0/users/delta?$skiptoken=", n)}
		if n >= len(pages) {
			said = map[string]any{"@odata.deltaLink": "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=9"}
		}
		value := []any{}
		for _, id := range pages[n-1] {
			row := map[string]any{"id": strings.TrimPrefix(id, "-")}
			if strings.HasPrefix(id, "-") {
				row["@removed"] = map[string]any{"reason": "changed"}
			}
			value = append(value, row)
		}
		said["value"] = value
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(said)
	})
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("6e2ff5d3-0000-4000-8000-%012d", i)
	}
	return ids
}

func TestTooManyChangesAreBetterReadInWhole(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	for name, c := range map[string]struct {
		changes, count int
		stale          bool
	}{
		"few of few people": {fewChanges, 100, false}, "many of few people": {fewChanges + 1, 100, true},
		"a quarter of many": {2500, 10_000, false}, "more than a quarter": {2501, 10_000, true},
	} {
		ids := numbered(c.changes)
		target := open(t, telling(t, ids[:1000], ids[500:]), core.Env{}, nil)
		former := kept(t, ctx, target, nil)
		real := former.Count
		former.Count = c.count
		got, err := followed(t, ctx, target, former, nil)
		if core.HasCode(err, core.Stale) != c.stale || c.stale != (len(got) == 0) || !c.stale && (err != nil || len(got) != real) {
			t.Errorf("%s: %d accounts, %v", name, len(got), err)
		}
	}
}

func TestChangesMayComeInAnyPages(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	boss := ""
	for a := range kept(t, ctx, open(t, start(t, emulate.Setup{}), core.Env{}, nil), nil).Accounts {
		boss = max(boss, a.Value(manager))
	}
	pages := make([][]string, 40) // most of them empty
	pages[20], pages[30], pages[39] = []string{"-" + boss, boss}, []string{boss, "-" + numbered(1)[0]}, []string{boss}
	target := open(t, telling(t, pages...), core.Env{}, nil)
	former := kept(t, ctx, target, nil)
	got, err := followed(t, ctx, target, former, nil)
	if err != nil || len(got) != former.Count {
		t.Errorf("%d of %d, %v", len(got), former.Count, err)
	}
	for a := range former.Accounts {
		if !maps.Equal(stated(a), stated(got[a.ID()])) {
			t.Errorf("%s is %v, was %v", a.ID(), got[a.ID()].Map(), a.Map())
		}
	}
	nameless := open(t, telling(t, []string{""}), core.Env{}, nil)
	if _, err := followed(t, ctx, nameless, kept(t, ctx, nameless, nil), nil); !core.HasCode(err, core.Stale) {
		t.Errorf("of somebody without an id: %v", err)
	}
}

func TestWhoIsDeletedOrBackIsSeenBeforeDeltaTellsOfIt(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := telling(t, nil)
	other := open(t, server, core.Env{}, nil)
	var ids []string
	for _, w := range creates(3) {
		ids = append(ids, write(t, ctx, other, w))
	}
	write(t, ctx, other, core.Write{Verb: core.Update, Account: ids[2], Set: map[string]string{manager: ids[1]}})
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: ids[1]})
	target := open(t, server, core.Env{}, nil)
	former := kept(t, ctx, target, nil)
	write(t, ctx, other, core.Write{Verb: core.Delete, Account: ids[0]})
	write(t, ctx, other, core.Write{Verb: core.Reactivate, Account: ids[1], Set: map[string]string{core.Deleted: ""}})
	asWhole(t, ctx, "what delta does not tell", target, other, former, nil)
}

func TestWhoIsNotKnownEverywhereYetIsToldOfLater(t *testing.T) {
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 60}})
	target, other := open(t, server, core.Env{}, nil), open(t, server, core.Env{}, nil)
	early := write(t, ctx, other, creates(1)[0])
	former := kept(t, ctx, target, nil) // the list does not show the newcomer yet
	late := write(t, ctx, other, creates(2)[1])
	if got, err := followed(t, ctx, target, former, nil); err != nil || got[late].Schema() != nil {
		t.Errorf("at once: %v, %v", got[late], err)
	}
	for range 70 {
		_, _ = other.Find(ctx, employeeID, "nobody", nil)
	}
	got, err := followed(t, ctx, target, former, nil)
	if err != nil || got[early].Schema() == nil || got[late].Schema() == nil {
		t.Errorf("later: %v, %v, %v", got[early], got[late], err)
	}
	asWhole(t, ctx, "the lag", target, other, former, nil)
}

// patient is a target of a directory that shows later what was written: it lets the lag
// go by after each write.
type patient struct {
	*Target
	ctx func(context.Context) context.Context
}

func (p patient) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	ctx = p.ctx(ctx)
	receipt, err := p.Target.Write(ctx, w)
	for range 4 {
		_, _ = p.rest.Get(ctx, "/groups", nil, nil)
	}
	return receipt, err
}

func TestFollowingKeepsItsLawWhereWritesAreSeenLater(t *testing.T) {
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 3}})
	clock := newTicking()
	target := patient{open(t, server, core.Env{}, map[string]string{"groups": "Staff\nConsultants"}), func(ctx context.Context) context.Context { return rest.WithClock(ctx, clock, 0) }}
	targetlaws.Run(t, subject(target))
}
