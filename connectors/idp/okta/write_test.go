package okta

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/conform"
	"rollcall/core"
)

func somebody(n int) map[string]string {
	return map[string]string{login: fmt.Sprintf("person.%d@corp.example", n), "email": fmt.Sprintf("person.%d@corp.example", n), "firstName": "Zoë", "lastName": fmt.Sprintf("Person %d", n), byNumber: fmt.Sprintf("%05d", n)}
}

func write(t *testing.T, target core.Target, w core.Write) string {
	t.Helper()
	r, err := target.Write(t.Context(), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	return r.Account
}

func read(t *testing.T, target core.Target, id string) core.Account {
	t.Helper()
	a, err := target.Account(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheAccountThatIsUsedIsProtected(t *testing.T) {
	for _, way := range []string{"", "service"} {
		target := timed{open(t, begin(t, emulate.Setup{Way: way}), nil), conform.NewClock(time.Now())}
		for a, err := range target.Accounts(t.Context(), nil) {
			if err != nil || a.Value(core.AccountProtected) == "" {
				t.Errorf("%q is protected because %q, %v", a.Value(login), a.Value(core.AccountProtected), err)
			}
		}
	}
}

func TestLostCreateIsFound(t *testing.T) {
	s := begin(t, emulate.Setup{})
	target := timed{open(t, s, nil), conform.NewClock(time.Now())}
	s.Fault(emulate.Fault{Kind: emulate.Lost, Method: "POST", On: "/api/v1/users", Times: 1})
	id := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
	found, err := target.Find(t.Context(), login, somebody(1)[login], nil)
	if err != nil || len(found) != 1 || found[0].ID() != id {
		t.Errorf("%d are found, %v", len(found), err)
	}
}

// statusIn reads what Okta calls the status of an account.
func statusIn(t *testing.T, target timed, id string) string {
	t.Helper()
	opened, _ := target.Target.(*Target)
	status, err := opened.settled(target.in(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestWhatBecomesOfNewAccountsAndOfLeavers(t *testing.T) {
	for name, c := range map[string]struct {
		answers                             core.Answers
		made, later, begun, left, back, old string
	}{
		"an administrator activates": {nil, staged, staged, staged, deprovisioned, provisioned, ""},
		"silently":                   {core.Answers{"activation": "silent"}, provisioned, staged, provisioned, deprovisioned, provisioned, ""},
		"by mail":                    {core.Answers{"activation": "mail"}, provisioned, staged, provisioned, deprovisioned, provisioned, ""},
		"suspending":                 {core.Answers{"activation": "silent", "disable": "suspend"}, provisioned, staged, provisioned, deprovisioned, provisioned, ""},
	} {
		t.Run(name, func(t *testing.T) {
			target := timed{open(t, begin(t, emulate.Setup{Writing: wire.Writing{Lag: 3}}), c.answers), conform.NewClock(time.Now())}
			now, later := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true}), write(t, target, core.Write{Verb: core.Create, Set: somebody(2)})
			if got := statusIn(t, target, now); got != c.made {
				t.Errorf("somebody new is %s", got)
			}
			if got := statusIn(t, target, later); got != c.later || read(t, target, later).Active() {
				t.Errorf("somebody who begins later is %s", got)
			}
			write(t, target, core.Write{Verb: core.Reactivate, Account: later, Set: map[string]string{"title": "Clerk"}})
			if got := statusIn(t, target, later); got != c.begun || !read(t, target, later).Active() || read(t, target, later).Value("title") != "Clerk" {
				t.Errorf("who has begun is %s", got)
			}
			write(t, target, core.Write{Verb: core.Deactivate, Account: now, Set: map[string]string{"title": "Left"}})
			if got := statusIn(t, target, now); got != c.left {
				t.Errorf("who has left is %s", got)
			}
			write(t, target, core.Write{Verb: core.Reactivate, Account: now, Set: map[string]string{"title": "Back"}})
			if a := read(t, target, now); statusIn(t, target, now) != c.back || a.Value("title") != "Back" || !a.Active() {
				t.Errorf("who is back is %s, %s", statusIn(t, target, now), a.Value("title"))
			}
		})
	}
}

func TestSomebodyWhoUsesOktaIsSuspended(t *testing.T) {
	s := begin(t, emulate.Setup{})
	target := timed{open(t, s, core.Answers{"disable": "suspend"}), conform.NewClock(time.Now())}
	id := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
	opened, _ := target.Target.(*Target)
	for _, step := range []struct {
		at   string
		body map[string]any
	}{{"", map[string]any{"credentials": map[string]any{"password": map[string]any{"value": "made-up-Password-1"}}}}, {"/lifecycle/activate", nil}} {
		if _, err := opened.rest.Do(target.in(t.Context()), "POST", userPath(id)+step.at, nil, step.body, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		write(t, target, core.Write{Verb: core.Deactivate, Account: id})
		if got := statusIn(t, target, id); got != suspended || read(t, target, id).Active() {
			t.Errorf("the leaver is %s", got)
		}
	}
	write(t, target, core.Write{Verb: core.Reactivate, Account: id})
	if got := statusIn(t, target, id); got != active {
		t.Errorf("who is back is %s", got)
	}
}

func TestWhatOktaWouldRefuseIsRefusedBeforehand(t *testing.T) {
	s := begin(t, emulate.Setup{})
	target := timed{open(t, s, core.Answers{"groups": "Staff"}), conform.NewClock(time.Now())}
	for attribute, c := range map[string]struct{ value, label string }{
		login: {"nobody", "Username"}, "firstName": {strings.Repeat("x", 51), "First name"}, "countryCode": {"Sweden", "Country"}, "locale": {"sv-SE", "Locale"},
		"bicycles": {"two", "Bicycles"}, "onSite": {"maybe", "On site"}, "building": {"Oslo", "Building"}, "languages": {"Latin", "Languages"},
		"lastName": {"", "Last name"}, core.Groups: {"Everyone", "Groups"}, "email": {"nobody", "Primary e-mail"},
	} {
		set := somebody(1)
		set[attribute] = c.value
		if _, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: set}); !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "“"+c.label+"”") {
			t.Errorf("%s: %v", attribute, err)
		}
	}
	if n := len(s.Writes()); n != 0 {
		t.Errorf("%d writes were sent", n)
	}
}

func TestGroupsOfApplicationsAreNotLookedAfter(t *testing.T) {
	for _, name := range []string{"Directory Users", "Everyone", "No such group"} {
		target := open(t, begin(t, emulate.Setup{}), core.Answers{"groups": core.Secret(name)})
		if _, err := target.Check(t.Context()); !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManagersAreWrittenAsMostPeopleHaveThem(t *testing.T) {
	s := begin(t, emulate.Setup{Writing: wire.Writing{Lag: 3}})
	old := timed{open(t, s, core.Answers{"managerBy": "login"}), conform.NewClock(time.Now())}
	boss := write(t, old, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
	report := somebody(2)
	report[managerText] = boss
	write(t, old, core.Write{Verb: core.Create, Set: report, Active: true})
	target := open(t, s, nil)
	if by, err := target.managerBy(t.Context()); err != nil || by != byLogin {
		t.Errorf("they are written as %s, %v", by, err)
	}
	if by, err := open(t, begin(t, emulate.Setup{}), nil).managerBy(t.Context()); err != nil || by != byID {
		t.Errorf("of nobody they are written as %s, %v", by, err)
	}
}

func TestCallsOfAKindCountTogether(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v1/users": "GET /api/v1/users", "/api/v1/users/person.1@corp.example": "GET /api/v1/users/*", "/api/v1/users/00u1/lifecycle/activate": "GET /api/v1/users/*/lifecycle/activate",
		"/api/v1/groups/00g1/users/00u1": "GET /api/v1/groups/*/users/*",
	} {
		if got := bucket("GET", path); got != want {
			t.Errorf("%s is a %s", path, got)
		}
	}
}

func TestCreateThatBrokeOffLeavesWhoBeginsLaterStaged(t *testing.T) {
	target := timed{open(t, begin(t, emulate.Setup{}), nil), conform.NewClock(time.Now())}
	id := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true}) // and nobody noted for whom
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Enabled: "false"}})
	if got := statusIn(t, target, id); got != staged || read(t, target, id).Active() {
		t.Errorf("the account is %s, and enabled: %v", got, read(t, target, id).Active())
	}
	write(t, target, core.Write{Verb: core.Deactivate, Account: id})
	if got := statusIn(t, target, id); got != deprovisioned {
		t.Errorf("the account is %s", got)
	}
}
