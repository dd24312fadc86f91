package jumpcloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// patient is a clock by which nobody waits, and that remembers for how long he would have.
type patient struct {
	mu     sync.Mutex
	waited []time.Duration
}

func (p *patient) Now() time.Time { return time.Now() }

func (p *patient) Sleep(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waited = append(p.waited, d)
	return ctx.Err()
}

func at(t *testing.T, clock *patient) context.Context { return rest.WithClock(t.Context(), clock, 0) }

func ada(n int) map[string]string {
	return map[string]string{"username": fmt.Sprint("ada.", n), "email": fmt.Sprintf("ada.%d@corp.example", n), "firstname": "Ada", "lastname": "Berg", "employeeIdentifier": fmt.Sprint(1000 + n)}
}

func with(set map[string]string, more ...string) map[string]string {
	for i := 0; i < len(more); i += 2 {
		set[more[i]] = more[i+1]
	}
	return set
}

func write(t *testing.T, target core.Target, w core.Write) string {
	t.Helper()
	r, err := target.Write(at(t, &patient{}), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	return r.Account
}

func made(t *testing.T, target core.Target, set map[string]string) string {
	t.Helper()
	return write(t, target, core.Write{Verb: core.Create, Set: set, Active: true})
}

func read(t *testing.T, target core.Target, id string) core.Account {
	t.Helper()
	a, err := target.Account(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// lastBody is what was sent with the last write.
func lastBody(t *testing.T, s *emulate.Server) map[string]any {
	t.Helper()
	writes := s.Writes()
	var body map[string]any
	if err := json.Unmarshal([]byte(writes[len(writes)-1].Body), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

func TestNobodyIsMailedWhereAdministratorsActivate(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, nil)
	now, later := made(t, target, ada(1)), write(t, target, core.Write{Verb: core.Create, Set: ada(2)})
	write(t, target, core.Write{Verb: core.Reactivate, Account: now})
	for _, id := range []string{now, later} {
		if a := read(t, target, id); !a.Active() || a.Value("state") != "STAGED" {
			t.Errorf("active is %v, and the state %s", a.Active(), a.Value("state"))
		}
	}
	for _, w := range s.Writes() {
		if strings.Contains(w.Body, "ACTIVATED") {
			t.Errorf("%s %s activates", w.Method, w.Path)
		}
	}
	write(t, target, core.Write{Verb: core.Deactivate, Account: now, Set: map[string]string{"jobTitle": "Clerk"}})
	if a := read(t, target, now); a.Active() || a.Value("state") != "SUSPENDED" || a.Value("jobTitle") != "Clerk" {
		t.Errorf("a suspended account is %v", a.Map())
	}
}

func TestNewAccountsAreActivatedWhereThatIsChosen(t *testing.T) {
	target := connect(t, start(t, "", wire.Writing{}), map[string]string{"activation": "activated"})
	now, later := made(t, target, ada(1)), write(t, target, core.Write{Verb: core.Create, Set: ada(2)})
	if read(t, target, now).Value("state") != "ACTIVATED" || read(t, target, later).Value("state") != "STAGED" || read(t, target, later).Active() {
		t.Error("who begins now should be activated, who begins later should be staged and disabled")
	}
	write(t, target, core.Write{Verb: core.Reactivate, Account: later})
	if a := read(t, target, later); !a.Active() || a.Value("state") != "ACTIVATED" {
		t.Errorf("on the first day the state is %s", a.Value("state"))
	}
}

func TestUpdatesSendOnlyWhatChanges(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, map[string]string{"attributes": "badge"})
	id := made(t, target, with(ada(1), "phoneNumbers.home", "1", "attributes.badge", "B-1"))
	before := len(s.Calls())
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"jobTitle": "Clerk", "department": ""}})
	if body := lastBody(t, s); len(s.Calls()) != before+1 || fmt.Sprint(body) != "map[department: jobTitle:Clerk]" {
		t.Errorf("%d calls, and %v was sent", len(s.Calls())-before, body)
	}
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"phoneNumbers.work": "2"}})
	if body := lastBody(t, s); len(body) != 1 || len(body["phoneNumbers"].([]any)) != 2 {
		t.Errorf("%v was sent", body)
	}
	if a := read(t, target, id); a.Value("phoneNumbers.home") != "1" || a.Value("phoneNumbers.work") != "2" || a.Value("attributes.badge") != "B-1" {
		t.Errorf("the account has %v", a.Map())
	}
}

func TestWhatJumpCloudWouldRefuseIsNotSent(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, map[string]string{"groups": "Engineering"})
	id := made(t, target, ada(1))
	before := len(s.Writes())
	create := func(more ...string) core.Write { return core.Write{Verb: core.Create, Set: with(ada(2), more...)} }
	update := func(attribute, value string) core.Write {
		return core.Write{Verb: core.Update, Account: id, Set: map[string]string{attribute: value}}
	}
	for name, c := range map[string]struct {
		w     core.Write
		label string
	}{
		"capitals":             {create("username", "Ada.Berg"), "Username"},
		"a blank":              {create("username", "ada berg"), "Username"},
		"no last name":         {create("lastname", ""), "Last name"},
		"a group of others":    {create("groups", "Contractors"), "Groups"},
		"another username":     {update("username", "ada.oak"), "Username"},
		"no address":           {update("email", "ada"), "Company e-mail"},
		"a private one":        {update("recoveryEmail", "ada@"), "Recovery e-mail"},
		"clearing an address":  {update("email", ""), "Company e-mail"},
		"a long description":   {update("description", strings.Repeat("ö", 1025)), "Description"},
		"the state":            {update("state", "ACTIVATED"), "State"},
		"no attribute of ours": {update("attributes.shoes", "44"), "attributes.shoes"},
	} {
		_, err := target.Write(t.Context(), c.w)
		if !core.HasCode(err, core.Refused) || !strings.Contains(fmt.Sprint(err), "“"+c.label+"”") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(s.Writes()); n != before {
		t.Errorf("%d writes were sent", n-before)
	}
}

func TestRefusalsSayWhatIsInTheWay(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, nil)
	boss := made(t, target, ada(1))
	made(t, target, with(ada(2), "manager", boss))
	for name, c := range map[string]struct {
		w    core.Write
		code core.Code
		says string
	}{
		"username":         {core.Write{Verb: core.Create, Set: with(ada(3), "username", "ada.1")}, core.Conflict, "Username “ada.1”"},
		"e-mail":           {core.Write{Verb: core.Create, Set: with(ada(3), "email", "Ada.1@corp.example")}, core.Conflict, "Company e-mail “Ada.1@corp.example”"},
		"number":           {core.Write{Verb: core.Update, Account: boss, Set: map[string]string{"employeeIdentifier": "1002", "jobTitle": "x"}}, core.Conflict, "Employee ID “1002”"},
		"no such manager":  {core.Write{Verb: core.Update, Account: boss, Set: map[string]string{"manager": foreign, "jobTitle": "x"}}, core.Refused, "“Manager”"},
		"a manager's end":  {core.Write{Verb: core.Delete, Account: boss}, core.Conflict, "another manager first"},
		"nobody":           {core.Write{Verb: core.Update, Account: foreign, Set: map[string]string{"phoneNumbers.work": "1"}}, core.NotFound, foreign},
		"nobody, no lists": {core.Write{Verb: core.Update, Account: foreign, Set: map[string]string{"jobTitle": "x"}}, core.NotFound, foreign},
	} {
		if _, err := target.Write(t.Context(), c.w); !core.HasCode(err, c.code) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: http.StatusForbidden, Method: http.MethodPut})
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: boss, Set: map[string]string{"jobTitle": "x"}}); !core.HasCode(err, core.MissingScope) {
		t.Errorf("an administrator who may not write: got %v", err)
	}
}

func TestAccountsOfAnotherDirectoryAreProtected(t *testing.T) {
	target := connect(t, start(t, "", wire.Writing{}), nil)
	for a, err := range target.Accounts(t.Context(), []string{"email"}) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Value(core.AccountProtected), "active_directory") {
			t.Errorf("%v", a.Map())
		}
	}
}

func TestWhenAnAnswerIsLost(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, map[string]string{"groups": "Engineering"})
	s.Fault(emulate.Lose(http.MethodPost, "/api/systemusers", 1))
	if _, err := target.Write(at(t, &patient{}), core.Write{Verb: core.Create, Set: ada(1)}); !core.HasCode(err, core.Unknown) {
		t.Errorf("a create: got %v", err)
	}
	found, err := target.Find(t.Context(), "username", "ada.1", nil)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	s.Fault(emulate.Lose(http.MethodPut, "/api/systemusers", 1), emulate.Lose(http.MethodPost, "/members", 1))
	write(t, target, core.Write{Verb: core.Update, Account: found[0].ID(), Set: map[string]string{"jobTitle": "Clerk", "groups": "Engineering"}})
	if a := read(t, target, found[0].ID()); a.Value("jobTitle") != "Clerk" || a.Value("groups") != "Engineering" {
		t.Errorf("%v", a.Map())
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 500, Method: http.MethodPut})
	if _, err := target.Write(at(t, &patient{}), core.Write{Verb: core.Deactivate, Account: found[0].ID()}); !core.HasCode(err, core.Unknown) {
		t.Errorf("an update: got %v", err)
	}
}

func TestTooManyCallsAreWaitedFor(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, nil)
	id := made(t, target, ada(1))
	for retryAfter, least := range map[string][]time.Duration{"": {5 * time.Second, 10 * time.Second, 20 * time.Second}, "60": {time.Minute, time.Minute, time.Minute}} {
		clock := &patient{}
		s.Fault(emulate.TooManyCalls(3, retryAfter))
		if _, err := target.Write(at(t, clock), core.Write{Verb: core.Deactivate, Account: id}); err != nil {
			t.Fatal(err)
		}
		for _, want := range least {
			if !slices.ContainsFunc(clock.waited, func(d time.Duration) bool { return d >= want && d <= want+want/4 }) {
				t.Errorf("Retry-After %q: waited %v, want about %v", retryAfter, clock.waited, least)
			}
		}
	}
}

func TestGroupsAreReadWhole(t *testing.T) {
	s := start(t, "", wire.Writing{})
	target := connect(t, s, map[string]string{"groups": "Contractors\nEngineering"})
	for n := range 101 {
		made(t, target, with(ada(n), "groups", "Engineering"))
	}
	n := 0
	for a, err := range target.Accounts(t.Context(), []string{"groups"}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Value("groups") == "Engineering" {
			n++
		}
	}
	if n != 101 {
		t.Errorf("%d of 101 are in the group", n)
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 403, On: "/members", After: 1})
	for a, err := range target.Accounts(t.Context(), []string{"groups"}) {
		if !core.HasCode(err, core.MissingScope) {
			t.Errorf("a group that breaks off gives %v, %v", a.Map(), err)
		}
	}
}

func TestGroupsOfTheConnectionHaveToBeThere(t *testing.T) {
	s := start(t, "", wire.Writing{})
	for _, groups := range []string{"No such group", "Engineering\nNo such group"} {
		target := connect(t, s, map[string]string{"groups": groups})
		if _, err := target.Check(t.Context()); !core.HasCode(err, core.BadOption) {
			t.Errorf("%q: got %v", groups, err)
		}
	}
}

func TestCheckRehearsesTheRights(t *testing.T) {
	h, err := connect(t, start(t, "", wire.Writing{}), map[string]string{"groups": "Engineering"}).Check(t.Context())
	if err != nil || h.People != 1 {
		t.Fatalf("%+v, %v", h, err)
	}
	for _, verb := range []string{"create", "update", "deactivate", "reactivate", "delete", "manager", "groups"} {
		if !slices.ContainsFunc(h.Rights, func(r core.Right) bool { return slices.Contains(r.For, verb) && r.Granted && r.Unsure }) {
			t.Errorf("nothing is said of %s", verb)
		}
	}
}

func TestCustomAttributesAreLearntFromPeople(t *testing.T) {
	s := start(t, "", wire.Writing{})
	made(t, connect(t, s, map[string]string{"attributes": "hireDate badge"}), with(ada(1), "attributes.hireDate", "2027-01-04"))
	attributes, err := connect(t, s, nil).Attributes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var custom []string
	for _, a := range attributes {
		if strings.HasPrefix(a.ID, "attributes.") {
			custom = append(custom, a.ID)
		}
	}
	if !slices.Equal(custom, []string{"attributes.hireDate"}) {
		t.Errorf("learnt %v", custom)
	}
}
