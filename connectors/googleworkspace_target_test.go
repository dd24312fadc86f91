package connectors

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// hasty is a clock by which waiting takes a thousandth of its time.
type hasty struct{}

func (hasty) Now() time.Time { return time.Now() }
func (hasty) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d / 1000):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func hastily(t *testing.T) context.Context { return rest.WithClock(t.Context(), hasty{}, 0) }

const googleGroups = "everybody@corp.example\nContractors"

func googleTarget(t *testing.T, setup emulate.Setup, more ...string) (*emulate.Server, core.Target) {
	t.Helper()
	s, err := emulate.Start("googleworkspace", setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, targetOf(t, s, s.URL, more...)
}

// targetOf connects to an emulator, or to what stands before it.
func targetOf(t *testing.T, s *emulate.Server, url string, more ...string) core.Target {
	t.Helper()
	answers := core.Answers{}
	for id, value := range s.Options {
		answers[id] = core.Secret(value)
	}
	for i := 0; i+1 < len(more); i += 2 {
		answers[more[i]] = core.Secret(more[i+1])
	}
	target, err := All().Target("googleworkspace", answers, core.Env{Base: url})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func googleSubject(target core.Target) *targetlaws.Subject {
	phone := func(n int) string { return fmt.Sprintf("+4685550%04d", n%10000) }
	return &targetlaws.Subject{Target: target, Foreign: "103499999999999999999", Restores: true, Values: map[string]func(int) string{
		"recoveryPhone":              phone,
		"addresses.work.countryCode": func(n int) string { return []string{"SE", "DE", "FR"}[n%3] },
		"languages.preferred":        func(n int) string { return []string{"sv", "en-GB", "pt-BR"}[n%3] },
		"emails.home":                func(n int) string { return fmt.Sprintf("person.%d@home.example", n) },
	}}
}

func TestGoogleKeepsTheLawsOfTargets(t *testing.T) {
	if at := os.Getenv("ROLLCALL_GOOGLE"); at != "" { // what stands before an emulator of this address
		t.Setenv("ROLLCALL_GOOGLE", "")
		s, err := emulate.Start("googleworkspace", emulate.Setup{Writing: wire.Writing{Empty: true}, Address: "127.0.0.1:4011"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		targetlaws.Run(t, googleSubject(targetOf(t, s, at, "groups", googleGroups)))
		return
	}
	for name, setup := range map[string]emulate.Setup{"empty": {Writing: wire.Writing{Empty: true}}, "a company": {}} {
		t.Run(name, func(t *testing.T) {
			_, target := googleTarget(t, setup, "groups", googleGroups)
			targetlaws.Run(t, googleSubject(target))
		})
	}
}

func newPerson(n int) map[string]string {
	return map[string]string{"primaryEmail": fmt.Sprintf("new.%d@corp.example", n), "name.givenName": "New", "name.familyName": fmt.Sprint(n)}
}

func mustWrite(t *testing.T, target core.Target, w core.Write) string {
	t.Helper()
	r, err := target.Write(hastily(t), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	return r.Account
}

func TestGoogleWaitsForWhoIsNotCompleteYet(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 1000}}, "groups", googleGroups)
	person := newPerson(1)
	person[core.Groups] = "Everybody"
	id := mustWrite(t, target, core.Write{Verb: core.Create, Set: person, Active: true})
	mustWrite(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"organizations.title": "Welder"}})
	for a, err := range target.Accounts(hastily(t), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if a.ID() == id && a.Value("organizations.title") == "Welder" && a.Value(core.Groups) == "Everybody" {
			return
		}
	}
	t.Error("who was made a moment ago is not among all accounts as he is")
}

func TestGoogleNamesTheScopesThatWereNotGranted(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{ReadOnly: true}}, "groups", googleGroups)
	health, err := target.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lacks := map[string]bool{}
	for _, r := range health.Rights {
		name := r.ID[strings.LastIndex(r.ID, "directory.")+len("directory."):]
		lacks[name] = !r.Granted
		if !r.Granted && !strings.Contains(r.Detail, r.ID) {
			t.Errorf("%s: %q", r.ID, r.Detail)
		}
	}
	for _, name := range []string{"user", "user.security", "group.member"} {
		if !lacks[name] {
			t.Errorf("%s was not granted, and that is not told: %v", name, lacks)
		}
	}
	for _, name := range []string{"user.readonly", "userschema.readonly", "orgunit.readonly", "domain.readonly", "group.readonly", "group.member.readonly"} {
		if lacks[name] {
			t.Errorf("%s was granted: %v", name, lacks)
		}
	}
	n := 0
	for _, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n < 100 {
		t.Errorf("%d accounts are read by the scopes of reading", n)
	}
	_, err = target.Write(t.Context(), core.Write{Verb: core.Create, Set: newPerson(1)})
	if !core.HasCode(err, core.MissingScope) || !strings.Contains(err.Error(), "auth/admin.directory.user.") || !strings.Contains(err.Error(), "Domain-wide delegation") {
		t.Errorf("writing: %v", err)
	}
}

func TestGoogleRightsAreSureForASuperAdministratorOnly(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}}, "groups", googleGroups)
	health, err := target.Check(t.Context())
	if err != nil || len(health.Rights) == 0 {
		t.Fatal(health, err)
	}
	for _, r := range health.Rights {
		if !r.Granted || r.Unsure {
			t.Errorf("%+v", r)
		}
	}
}

func TestGoogleRefusesBeforeItSends(t *testing.T) {
	s, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}}, "groups", googleGroups)
	id := mustWrite(t, target, core.Write{Verb: core.Create, Set: newPerson(1), Active: true})
	sent := len(s.Writes())
	for attribute, value := range map[string]string{
		"primaryEmail": "ada@elsewhere.example", "name.givenName": strings.Repeat("å", 61), "name.familyName": "", "orgUnitPath": "/Nowhere",
		"recoveryPhone": "+46 8 555", "addresses.work.countryCode": "Sweden", "custom.Employment.bicycles": "1.5", "custom.Employment.hireDate": "soon",
		"custom.Facilities.onSite": "yes", "manager": "103499999999999999999", "aliases": "a@corp.example", "phones.work": strings.Repeat("9", 1100),
		"emails.home": "no address", "languages.preferred": "Swedish, mostly", core.Groups: "Engineering", "gender": "robot",
	} {
		_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{attribute: value}})
		if !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "“") {
			t.Errorf("%s: %v", attribute, err)
		}
	}
	if n := len(s.Writes()); n != sent {
		t.Errorf("%d calls were sent: %v", n-sent, s.Writes()[sent:])
	}
}

func TestGoogleKeepsWhatStandsBesideTheValue(t *testing.T) {
	for _, has := range []string{"phones.mobile", "aliases"} {
		t.Run(has, func(t *testing.T) {
			s, target := googleTarget(t, emulate.Setup{})
			a := who(t, target, func(a core.Account) bool {
				return a.Value(has) != "" && a.Value(core.AccountProtected) == "" && !a.Deleted()
			})
			set := map[string]string{"phones.work": "+46 8 1", "emails.home": "new@home.example"}
			mustWrite(t, target, core.Write{Verb: core.Update, Account: a.ID(), Set: set})
			after, err := target.Account(t.Context(), a.ID(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Schema().Fields() {
				want, changed := set[f.ID]
				if !changed {
					want = a.Value(f.ID)
				}
				if got := after.Value(f.ID); got != want {
					t.Errorf("%s was %q and is %q", f.ID, a.Value(f.ID), got)
				}
			}
			if sent := s.Writes(); len(sent) != 1 || strings.Contains(sent[0].Body, "corp.example") || strings.Contains(sent[0].Body, "name") {
				t.Errorf("sent %+v", sent)
			}
		})
	}
}

// who gives the first account that is so.
func who(t *testing.T, target core.Target, is func(core.Account) bool) core.Account {
	t.Helper()
	for a, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if is(a) {
			return a
		}
	}
	t.Fatal("there is nobody like that")
	return core.Account{}
}

func TestGoogleProtectsAdministrators(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}})
	for a, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Value(core.AccountProtected) == "" {
			t.Errorf("%s is not protected", a.Value(core.AccountName))
		}
		if _, err := target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: a.ID()}); !core.HasCode(err, core.Refused) {
			t.Errorf("got %v", err)
		}
	}
}

func TestGoogleStopsCreatingWithoutALicence(t *testing.T) {
	s, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true, Seats: 2}})
	mustWrite(t, target, core.Write{Verb: core.Create, Set: newPerson(1), Active: true})
	for n := range 3 {
		_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: newPerson(2 + n), Active: true})
		if !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "licence") {
			t.Errorf("got %v", err)
		}
	}
	if n := len(s.Writes()); n != 2 {
		t.Errorf("%d creates were sent, want the one that was made and the one that was refused", n)
	}
}

func TestGoogleSaysWhoIsInTheWay(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}})
	id := mustWrite(t, target, core.Write{Verb: core.Create, Set: newPerson(1), Active: true})
	mustWrite(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"primaryEmail": "other.name@corp.example"}})
	a, err := target.Account(t.Context(), id, nil)
	if err != nil || a.Value("aliases") != "new.1@corp.example" {
		t.Errorf("aliases %q, %v", a.Value("aliases"), err)
	}
	for _, taken := range []string{"new.1@corp.example", "everybody@corp.example"} {
		person := newPerson(2)
		person["primaryEmail"] = taken
		_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: person, Active: true})
		if !core.HasCode(err, core.Conflict) || !strings.Contains(err.Error(), "alias") || !strings.Contains(err.Error(), taken) {
			t.Errorf("%s: %v", taken, err)
		}
	}
}

func TestGoogleLooksForWhomALostCreateMade(t *testing.T) {
	for name, fault := range map[string]emulate.Fault{
		"lost":    emulate.Lose("POST", "/users", 1),
		"refused": {Kind: emulate.Refused, Method: "POST", On: "/users", Times: 1, Status: http.StatusServiceUnavailable},
		"broken":  {Kind: emulate.Refused, Method: "POST", On: "/users", Times: 2, Status: http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			s, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}}, "groups", googleGroups)
			if _, err := target.Attributes(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.Fault(fault)
			person := newPerson(1)
			person[core.Groups] = "Everybody"
			id := mustWrite(t, target, core.Write{Verb: core.Create, Set: person, Active: true})
			found, err := target.Find(t.Context(), "primaryEmail", person["primaryEmail"], nil)
			if err != nil || len(found) != 1 || found[0].ID() != id || found[0].Value(core.Groups) != "Everybody" {
				t.Errorf("%d found, %v", len(found), err)
			}
		})
	}
}

func TestGoogleRestoresIntoTheUnit(t *testing.T) {
	_, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}})
	person := newPerson(1)
	person["orgUnitPath"] = "/Sales"
	id := mustWrite(t, target, core.Write{Verb: core.Create, Set: person, Active: true})
	mustWrite(t, target, core.Write{Verb: core.Deactivate, Account: id})
	mustWrite(t, target, core.Write{Verb: core.Delete, Account: id})
	a, err := target.Account(t.Context(), id, nil)
	if want := time.Now().UTC().AddDate(0, 0, 20).Format(time.DateOnly); err != nil || a.Value(core.AccountDeleted) != want {
		t.Fatalf("deleted until %q, want %q, %v", a.Value(core.AccountDeleted), want, err)
	}
	if found, err := target.Find(t.Context(), "primaryEmail", person["primaryEmail"], nil); err != nil || len(found) != 1 || !found[0].Deleted() {
		t.Errorf("%d found, %v", len(found), err)
	}
	mustWrite(t, target, core.Write{Verb: core.Reactivate, Account: id, Active: true, Set: map[string]string{core.Deleted: "", "organizations.title": "Welder"}})
	a, err = target.Account(t.Context(), id, nil)
	if err != nil || a.Value("orgUnitPath") != "/Sales" || a.Value("organizations.title") != "Welder" || !a.Active() {
		t.Errorf("in %q as %q, active: %v, %v", a.Value("orgUnitPath"), a.Value("organizations.title"), a.Active(), err)
	}
}

func TestGoogleSendsOneCallForAChangeAndNoneForNone(t *testing.T) {
	s, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true}}, "groups", googleGroups)
	person := newPerson(1)
	person["orgUnitPath"], person["organizations.title"] = "/Sales", "Welder"
	id := mustWrite(t, target, core.Write{Verb: core.Create, Set: person, Active: true})
	begun := len(s.Writes())
	mustWrite(t, target, core.Write{Verb: core.Update, Account: id, Set: person})
	if sent := s.Writes()[begun:]; len(sent) != 0 {
		t.Errorf("what is so already was sent: %+v", sent)
	}
	mustWrite(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"orgUnitPath": "", "organizations.title": "", "phones.work": "1"}})
	want := `{"orgUnitPath":"/","organizations":null,"phones":[{"type":"work","value":"1"}]}`
	if sent := s.Writes()[begun:]; len(sent) != 1 || sent[0].Method != "PUT" || sent[0].Body != want {
		t.Errorf("sent %+v", sent)
	}
	mustWrite(t, target, core.Write{Verb: core.Deactivate, Account: id})
	sent := s.Writes()[begun+1:]
	if len(sent) != 2 || sent[0].Body != `{"suspended":true}` || !strings.HasSuffix(sent[1].Path, "/signOut") {
		t.Errorf("sent %+v", sent)
	}
}

func TestGoogleWaitsWhereALimitIsMet(t *testing.T) {
	for name, limits := range map[string]wire.Limits{"the quota of a minute": {Calls: 3, Window: 20 * time.Millisecond}, "too many at once": {AtOnce: 5, Latency: time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			s, target := googleTarget(t, emulate.Setup{Writing: wire.Writing{Empty: true, Limits: limits}})
			if _, err := target.Attributes(hastily(t)); err != nil {
				t.Fatal(err)
			}
			var all errgroup.Group
			all.SetLimit(1 + 2*limits.AtOnce)
			for n := range 60 {
				all.Go(func() error {
					_, err := target.Write(hastily(t), core.Write{Verb: core.Create, Set: newPerson(n), Active: true})
					return err
				})
			}
			if err := all.Wait(); err != nil {
				t.Error(err)
			}
			refused := 0
			for _, c := range s.Counts() {
				refused += c.Refused
			}
			if refused == 0 {
				t.Error("no limit was met")
			}
		})
	}
}

// TestGoogleAsksOnceMoreForConsentToWrite: one that was given for reading is widened where
// somebody can be asked, and reading goes on where nobody can.
func TestGoogleAsksOnceMoreForConsentToWrite(t *testing.T) {
	s, err := emulate.Start("googleworkspace", emulate.Setup{Writing: wire.Writing{Empty: true}, Way: "oauth"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	answers := core.Answers{}
	for id, value := range s.Options {
		answers[id] = core.Secret(value)
	}
	opened := []string{}
	env := core.Env{Base: s.URL, Save: func(option string, value core.Secret) error { answers[option] = value; return nil }}
	asks := env
	asks.Ask.OpenURL = func(page string) error {
		opened = append(opened, page)
		go func() {
			if r, err := http.Get(page); err == nil {
				r.Body.Close()
			}
		}()
		return nil
	}
	source, err := All().Source("googleworkspace", answers, asks)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	write := func(env core.Env) error {
		target, err := All().Target("googleworkspace", answers, env)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := target.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err = target.Write(t.Context(), core.Write{Verb: core.Create, Set: newPerson(len(opened)), Active: true})
		return err
	}
	if err := write(env); !core.HasCode(err, core.MissingScope) {
		t.Errorf("by a consent to read: %v", err)
	}
	if err := write(asks); err != nil {
		t.Errorf("by a consent to write: %v", err)
	}
	if len(opened) != 2 || strings.Contains(opened[0], "directory.user+") || !strings.Contains(opened[1], "directory.user+") {
		t.Errorf("asked %d times: %v", len(opened), opened)
	}
	if _, err := source.Check(t.Context()); err != nil {
		t.Errorf("reading by the wider consent: %v", err)
	}
}

const googleLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}
mapping:
  - {attribute: primaryEmail, field: email}
  - {attribute: name.givenName, field: firstName}
  - {attribute: name.familyName, field: lastName}
  - {attribute: employeeNumber, field: employeeNumber}
  - {attribute: organizations.title, field: jobTitle}
  - {attribute: organizations.department, field: department}
  - {attribute: manager, field: Manager number}
  - {attribute: orgUnitPath, field: Place}
  - {attribute: groups, expression: 'Split(Groups, ";")'}
`
