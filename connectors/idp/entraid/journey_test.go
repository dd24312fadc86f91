package entraid

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	entra "rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// ticking is a clock by which waiting takes no time and the day goes on.
type ticking struct {
	mu  sync.Mutex
	now time.Time
}

func newTicking() *ticking { return &ticking{now: time.Now()} }

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *ticking) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
	return ctx.Err()
}

// shelf is a core.Shelf in memory.
type shelf map[string][]byte

func (s shelf) Get(bucket, key string) ([]byte, error) { return s[bucket+"/"+key], nil }

func (s shelf) Put(bucket string, values map[string][]byte) error {
	for k, v := range values {
		s[bucket+"/"+k] = v
	}
	return nil
}

func (s shelf) All(string) iter.Seq2[core.Item, error] { return func(func(core.Item, error) bool) {} }

func newcomer(n int) map[string]string {
	return map[string]string{principalName: fmt.Sprintf("new.%d@corp.example", n), "displayName": fmt.Sprint("New ", n), employeeID: fmt.Sprint(5000 + n), "department": "Sales"}
}

func creates(n int) []core.Write {
	writes := make([]core.Write, n)
	for i := range writes {
		writes[i] = core.Write{Verb: core.Create, Set: newcomer(i), Active: true, Key: fmt.Sprint("new-", i)}
	}
	return writes
}

func all(t *testing.T, ctx context.Context, target core.Target, want []string) map[string]core.Account {
	t.Helper()
	accounts := map[string]core.Account{}
	for a, err := range target.Accounts(ctx, want) {
		if err != nil {
			t.Fatal(err)
		}
		accounts[a.ID()] = a
	}
	return accounts
}

func TestNewPeopleWhoAreNotKnownEverywhereYetGetManagerAndGroups(t *testing.T) {
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 30}})
	target := open(t, server, core.Env{}, map[string]string{"groups": "Staff"})
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	boss, err := target.Write(ctx, core.Write{Verb: core.Create, Set: newcomer(1), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, written := range target.WriteAll(ctx, creates(45)[2:]) {
		if written.Err != nil {
			t.Fatalf("%d: %v", i, written.Err)
		}
		update := core.Write{Verb: core.Update, Account: written.Receipt.Account, Set: map[string]string{manager: boss.Account, core.Groups: "Staff"}}
		if _, err := target.Write(ctx, update); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		a, err := target.Account(ctx, written.Receipt.Account, nil)
		if err != nil || a.Value(manager) != boss.Account || a.Value(core.Groups) != "Staff" {
			t.Fatalf("%d has the manager %q and the groups %q, %v", i, a.Value(manager), a.Value(core.Groups), err)
		}
	}
}

func TestBatchesStayBelowTheLimits(t *testing.T) {
	clock := newTicking()
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{Real: true}, Clock: clock.Now}})
	target := open(t, server, core.Env{}, nil)
	ctx := rest.WithClock(t.Context(), clock, 0)
	began := clock.Now()
	const people = 3500
	for i, written := range target.WriteAll(ctx, creates(people)) {
		if written.Err != nil {
			t.Fatalf("%d: %v", i, written.Err)
		}
	}
	calls, refused := 0, 0
	for _, c := range server.Counts() {
		calls += c.Calls
		refused += c.Refused
	}
	if took := clock.Now().Sub(began); took > people*time.Second/19 || refused*100 > calls {
		t.Errorf("%d people took %v, %d of %d calls were refused", people, took, refused, calls)
	}
}

func TestPartsOfBatchThatWereTooManyAreSentAgain(t *testing.T) {
	clock := newTicking()
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Clock: clock.Now, Limits: wire.Limits{Named: map[string]wire.Limit{entra.Writes: {Calls: 7, Window: 10 * time.Second}}}}})
	target := open(t, server, core.Env{}, nil)
	made := target.WriteAll(rest.WithClock(t.Context(), clock, 0), creates(20))
	for i, written := range made {
		if written.Err != nil {
			t.Fatalf("%d: %v", i, written.Err)
		}
	}
	if n := len(all(t, t.Context(), target, nil)); n != 21 {
		t.Errorf("%d accounts", n)
	}
}

func TestLostAnswerOfCreateIsNotKnown(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	if _, err := target.Attributes(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Fault(emulate.Lose(http.MethodPost, "/users", 1))
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	if _, err := target.Write(ctx, creates(1)[0]); !core.HasCode(err, core.Unknown) {
		t.Fatalf("got %v", err)
	}
	found, err := target.Find(ctx, principalName, newcomer(0)[principalName], nil)
	if err != nil || len(found) != 1 {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestCreateWaitsUntilGraphIsAvailable(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	if _, err := target.Attributes(t.Context()); err != nil {
		t.Fatal(err)
	}
	fault := emulate.Fault{Kind: emulate.Refused, Status: http.StatusServiceUnavailable, Method: http.MethodPost, On: "/users", Times: 2}
	server.Fault(fault)
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	if _, err := target.Write(ctx, creates(1)[0]); err != nil {
		t.Error(err)
	}
	server.Fault(fault)
	if _, err := target.Write(ctx, creates(1)[0]); !core.HasCode(err, core.Unknown) {
		t.Errorf("of a name that is taken by then: %v", err)
	}
}

func TestAdministratorsAndGroupsThatCannotBeWrittenAreExplained(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	_, err := target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: entra.AdminID})
	if !core.HasCode(err, core.MissingScope) || !strings.Contains(err.Error(), "administrator") {
		t.Errorf("got %v", err)
	}
	for name, why := range map[string]string{"Sales, by rule": "dynamic", "Newsletter": "mail-enabled", "Nobody": "no group", entra.GroupID + "\nStaff": "named twice"} {
		_, err := open(t, server, core.Env{}, map[string]string{"groups": name}).Attributes(t.Context())
		if !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValuesThatWouldBeRefusedAreNotSent(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	for attribute, value := range map[string]string{principalName: "åsa@corp.example", "department": strings.Repeat("x", 65), "usageLocation": "Sweden", "employeeHireDate": "soon",
		employeeID: "12345678901234567", "mail": "nowhere", "displayName": "", "userType": "Guest", "nothing": "x", "businessPhones": "1\x1f2"} {
		set := newcomer(1)
		set[attribute] = value
		_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: set, Active: true})
		if !core.HasCode(err, core.Refused) {
			t.Errorf("%s: %v", attribute, err)
		}
	}
	if slices.ContainsFunc(server.Writes(), func(w emulate.Write) bool { return strings.HasSuffix(w.Path, "/users") }) {
		t.Error("something was sent")
	}
}

func TestPasswordIsInNoProblemAndEachIsAnother(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	for _, w := range creates(2) {
		if _, err := target.Write(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	var bodies []string
	for _, w := range server.Writes() {
		if strings.HasSuffix(w.Path, "/users") {
			_, password, _ := strings.Cut(w.Body, `"password":"`)
			bodies = append(bodies, password[:24])
			if !strings.Contains(w.Body, `"forceChangePasswordNextSignIn":true`) {
				t.Error("the password need not be changed")
			}
		}
	}
	if len(bodies) != 2 || bodies[0] == bodies[1] {
		t.Errorf("%d passwords, or one twice", len(bodies))
	}
}

func TestDisabledPeopleAreSignedOut(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, nil)
	made, err := target.Write(t.Context(), creates(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: made.Account}); err != nil {
		t.Fatal(err)
	}
	writes := server.Writes()
	if last := writes[len(writes)-1]; !strings.HasSuffix(last.Path, "/revokeSignInSessions") {
		t.Errorf("the last write was %s", last.Path)
	}
}

func get(t *testing.T, address string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %d", address, answer.StatusCode)
	}
}
