package ldap

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func write(t testing.TB, target core.Target, w core.Write) core.Receipt {
	t.Helper()
	r, err := target.Write(t.Context(), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	return r
}

func person(n int) map[string]string {
	return map[string]string{"uid": fmt.Sprintf("new.%d", n), "cn": fmt.Sprintf("New %d", n), "sn": fmt.Sprint(n), "mail": fmt.Sprintf("new.%d@corp.example", n), "employeeNumber": fmt.Sprint(5000 + n)}
}

func find(t testing.TB, target core.Target, attribute, value string) core.Account {
	t.Helper()
	found, err := target.Find(t.Context(), attribute, value, nil)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s=%s: %d found, %v", attribute, value, len(found), err)
	}
	return found[0]
}

func count(t testing.TB, target core.Target) int {
	t.Helper()
	n := 0
	for _, err := range target.Accounts(t.Context(), []string{"uid"}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestFiftyPeopleThroughTheirLives(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t)), core.Env{})
	ids := make([]string, 50)
	for n := range ids {
		set := person(n)
		if n > 0 {
			set["manager"] = ids[0]
		}
		ids[n] = write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	}
	write(t, target, core.Write{Verb: core.Update, Account: ids[1], Set: map[string]string{"title": "Welder", "sn": "Other"}})
	write(t, target, core.Write{Verb: core.Deactivate, Account: ids[2]})
	write(t, target, core.Write{Verb: core.Update, Account: ids[0], Set: map[string]string{"uid": "the.boss", "displayName": "The Boss"}})
	write(t, target, core.Write{Verb: core.Delete, Account: ids[3]})
	if n := count(t, target); n != 51 {
		t.Errorf("%d accounts, want 49 of ours and 2 of the seed", n)
	}
	reports := 0
	for a, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Value("manager") == ids[0] {
			reports++
		}
		if a.ID() == ids[2] && a.Active() {
			t.Error("the deactivated account is active")
		}
	}
	if reports != 48 {
		t.Errorf("%d report to the renamed manager, want 48", reports)
	}
}

func TestReadsMoreThanTheServersLimit(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t, servers.People(1, 1200))), core.Env{})
	if n := count(t, target); n != 1202 {
		t.Errorf("%d accounts, want 1202", n)
	}
	health, err := target.Check(t.Context())
	if err != nil || health.People != 1202 {
		t.Errorf("%d people, %v", health.People, err)
	}
}

func TestReadsInAsSmallPagesAsTheServerWants(t *testing.T) {
	target := connect(t, answers(servers.SlapdWithSmallPages(t, servers.People(1, 120))), core.Env{})
	if n := count(t, target); n != 122 {
		t.Errorf("%d accounts, want 122", n)
	}
	found, err := target.Find(t.Context(), "sn", "7", nil)
	if err != nil || len(found) != 1 {
		t.Errorf("found %d, %v", len(found), err)
	}
}

func TestStoppingHalfwayEndsTheReading(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t, servers.People(1, 600))), core.Env{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range target.Accounts(ctx, []string{"uid"}) {
		if err != nil {
			if !core.HasCode(err, core.Cancelled) {
				t.Errorf("got %v", err)
			}
			break
		}
		if n++; n == 10 {
			cancel()
		}
	}
	if n != 10 {
		t.Errorf("%d came after the stop", n-10)
	}
	for range target.Accounts(t.Context(), nil) {
		break // a reader who has enough is not called again
	}
}

func TestManagersOfTheSeedAreAccounts(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t)), core.Env{})
	ada, bo := find(t, target, "uid", "ada.berg"), find(t, target, "mail", "BO.LUND@corp.example")
	if bo.Value("manager") != ada.ID() || bo.Value(core.AccountName) != "Bo Lund" {
		t.Errorf("the manager is %q", bo.Value("manager"))
	}
	if found, err := target.Find(t.Context(), "manager", ada.ID(), nil); err != nil || len(found) != 1 || found[0].ID() != bo.ID() {
		t.Errorf("reports of Ada: %d, %v", len(found), err)
	}
}

func TestManagerWhoIsNotThereKeepsTheName(t *testing.T) {
	stray := "dn: uid=cy,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: cy\ncn: Cy\nsn: Cy\nmanager: uid=gone,ou=people,dc=corp,dc=example\n\n"
	target := connect(t, answers(servers.SlapdLoose(t, stray)), core.Env{})
	cy := find(t, target, "uid", "cy")
	if cy.Value("manager") != "uid=gone,ou=people,dc=corp,dc=example" {
		t.Errorf("the manager is %q", cy.Value("manager"))
	}
	write(t, target, core.Write{Verb: core.Update, Account: cy.ID(), Set: map[string]string{"manager": ""}})
	write(t, target, core.Write{Verb: core.Update, Account: cy.ID(), Set: map[string]string{"manager": cy.Value("manager")}}) // as an undo does
	if again := find(t, target, "uid", "cy"); again.Value("manager") != cy.Value("manager") {
		t.Errorf("after the undo the manager is %q", again.Value("manager"))
	}
}

func TestTakenValueIsNamed(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t)), core.Env{})
	for attribute, value := range map[string]string{"uid": "ada.berg", "mail": "Ada.Berg@corp.example", "employeeNumber": "1001"} {
		set := person(1)
		set[attribute] = value
		_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: set, Active: true})
		if !core.HasCode(err, core.Conflict) || !strings.Contains(err.Error(), attribute) || !strings.Contains(err.Error(), "Ada Berg") {
			t.Errorf("%s: got %v", attribute, err)
		}
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t)), core.Env{})
	ada := find(t, target, "uid", "ada.berg").ID()
	for name, c := range map[string]struct {
		w    core.Write
		says string
	}{
		"no last name":      {core.Write{Verb: core.Create, Set: map[string]string{"uid": "x", "cn": "x"}}, "Last name"},
		"clearing the name": {core.Write{Verb: core.Update, Account: ada, Set: map[string]string{"uid": ""}}, "User name"},
		"clearing a must":   {core.Write{Verb: core.Update, Account: ada, Set: map[string]string{"sn": ""}}, "Last name"},
		"bad characters":    {core.Write{Verb: core.Update, Account: ada, Set: map[string]string{"mail": "zoë@corp.example"}}, "wrong form"},
		"no such manager":   {core.Write{Verb: core.Update, Account: ada, Set: map[string]string{"manager": "6e2ff5d3-7a1b-4c1d-9d0e-3f1f1a1c0000"}}, "Manager"},
		"unchanged":         {core.Write{Verb: core.Unchanged, Account: ada}, "unchanged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := target.Write(t.Context(), c.w)
			if core.AsProblem(err).Code == core.Internal || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRenameIsTakenBackWhenTheRestIsRefused(t *testing.T) {
	target := connect(t, answers(servers.Slapd(t)), core.Env{})
	bo := find(t, target, "uid", "bo.lund")
	_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: bo.ID(), Set: map[string]string{"uid": "bo.berg", "mail": "ada.berg@corp.example"}})
	if !core.HasCode(err, core.Conflict) {
		t.Errorf("got %v", err)
	}
	find(t, target, "uid", "bo.lund")
}

func TestOtherValuesOfAnAttributeStay(t *testing.T) {
	two := "dn: uid=cy,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: cy\nuid: cyrus\ncn: Cy\nsn: Cy\nmail: cy@corp.example\nmail: cyrus@corp.example\n\n"
	d := servers.Slapd(t, two)
	target := connect(t, answers(d), core.Env{})
	cy := find(t, target, "uid", "cyrus")
	if cy.Value("uid") != "cy" || cy.Value("mail") != "cy@corp.example" {
		t.Fatalf("read %v", cy.Map())
	}
	write(t, target, core.Write{Verb: core.Update, Account: cy.ID(), Set: map[string]string{"mail": "c.y@corp.example"}})
	e, err := target.byID(t.Context(), cy.ID(), []string{"mail", "uid"})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(e.GetAttributeValues("mail"), " "); got != "c.y@corp.example cyrus@corp.example" {
		t.Errorf("the addresses are %s", got)
	}
}

// bind says whether somebody can sign in.
func bind(t testing.TB, d servers.Directory, dn, password string) bool {
	t.Helper()
	conn, err := goldap.DialURL(fmt.Sprintf("ldap://127.0.0.1:%d", d.Plain))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.Bind(dn, password) == nil
}

func TestLockedAccountCannotSignIn(t *testing.T) {
	d := servers.Slapd(t, "dn: uid=cy,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: cy\ncn: Cy\nsn: Cy\nuserPassword: cy-secret-1\n\n")
	target := connect(t, answers(d), core.Env{})
	dn := "uid=cy,ou=people,dc=corp,dc=example"
	id := find(t, target, "uid", "cy").ID()
	if !bind(t, d, dn, "cy-secret-1") {
		t.Fatal("Cy should be able to sign in at first")
	}
	write(t, target, core.Write{Verb: core.Deactivate, Account: id})
	if bind(t, d, dn, "cy-secret-1") {
		t.Error("a deactivated account signs in")
	}
	write(t, target, core.Write{Verb: core.Reactivate, Account: id})
	if !bind(t, d, dn, "cy-secret-1") {
		t.Error("a reactivated account does not sign in")
	}
}

type shelf map[string][]byte

func (s shelf) Get(bucket, key string) ([]byte, error) { return s[bucket+"/"+key], nil }
func (s shelf) Put(bucket string, values map[string][]byte) error {
	for k, v := range values {
		s[bucket+"/"+k] = bytes.Clone(v)
	}
	return nil
}
func (s shelf) All(string) iter.Seq2[core.Item, error] {
	return func(func(core.Item, error) bool) {}
}

func TestDirectoryThatLocksNobodySaysSoBefore(t *testing.T) {
	for by, missing := range map[string]bool{"lock": true, "attribute": false} {
		a := answers(servers.SlapdWithoutPolicies(t), "disableBy", by)
		if by == "attribute" {
			a["disableAttribute"], a["disabledValue"] = "employeeType", "left"
		}
		health, err := connect(t, a, core.Env{}).Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range health.Rights {
			if lacks := missing && r.ID == "people.disable"; r.Granted == lacks {
				t.Errorf("%s: %s granted %v: %s", by, r.ID, r.Granted, r.Detail)
			}
		}
	}
}

func TestDirectoryOf389KnowsItsEntriesAndLocksThemItsOwnWay(t *testing.T) {
	a := answers(servers.SlapdLike389(t))
	target, err := NewTarget(a, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	health, err := target.Check(t.Context())
	if err != nil || health.People != 2 || slices.ContainsFunc(health.Rights, func(r core.Right) bool { return !r.Granted }) {
		t.Fatalf("%+v, %v", health, err)
	}
	bo := find(t, target, "uid", "bo.lund")
	if bo.ID() != "ns-bo" || bo.Value("manager") != "ns-ada" || count(t, target) != 2 {
		t.Errorf("got %v", bo.Map())
	}
	for _, verb := range []core.Verb{core.Deactivate, core.Reactivate} {
		write(t, target, core.Write{Verb: verb, Account: "ns-bo", Set: map[string]string{"title": verb.String()}})
		if bo, err = target.Account(t.Context(), "ns-bo", nil); err != nil || bo.Active() != (verb == core.Reactivate) || bo.Value("title") != verb.String() {
			t.Errorf("after %s: %v, %v", verb, bo.Map(), err)
		}
	}
}

func TestLeaverComesBackToTheOldBranch(t *testing.T) {
	d := servers.Slapd(t, leavers, "dn: ou=sales,ou=people,dc=corp,dc=example\nobjectClass: organizationalUnit\nou: sales\n\ndn: uid=cy,ou=sales,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: cy\ncn: Cy\nsn: Cy\n\n")
	a := answers(d, "disableBy", "move", "leaverDN", "ou=leavers,dc=corp,dc=example")
	kept := shelf{}
	for _, c := range []struct {
		env  core.Env
		want string
	}{{core.Env{Shelf: kept}, "ou=sales,ou=people,dc=corp,dc=example"}, {core.Env{}, d.BaseDN}} {
		id := find(t, connect(t, a, c.env), "uid", "cy").ID()
		write(t, connect(t, a, c.env), core.Write{Verb: core.Deactivate, Account: id})
		target := connect(t, a, c.env)
		write(t, target, core.Write{Verb: core.Reactivate, Account: id})
		e, err := target.byID(t.Context(), id, []string{"uid"})
		if err != nil || normal(parent(e.DN)) != normal(c.want) {
			t.Errorf("it is in %s, %v; want %s", parent(e.DN), err, c.want)
		}
	}
}

func TestOwnAccountIsProtected(t *testing.T) {
	own := "dn: uid=robot,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: robot\ncn: Robot\nsn: Robot\nuserPassword: robot-secret\n\n"
	target := connect(t, answers(servers.Slapd(t, own), "bindDN", "UID=robot, OU=people,dc=corp,dc=example", "password", "robot-secret"), core.Env{})
	e := goldap.NewEntry("uid=robot,ou=people,dc=corp,dc=example", map[string][]string{entryUUID: {"1"}})
	p, err := target.packer(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.pack(e, nil)
	if err != nil || a.Value(core.AccountProtected) == "" {
		t.Errorf("protected: %q, %v", a.Value(core.AccountProtected), err)
	}
}

func TestWriteOutsideItsRightsNamesTheRight(t *testing.T) {
	d := servers.Slapd(t, "dn: uid=cy,ou=readonly,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: cy\ncn: Cy\nsn: Cy\n\n")
	target := connect(t, answers(d, "baseDN", "ou=readonly,dc=corp,dc=example"), core.Env{})
	id := find(t, target, "uid", "cy").ID()
	for _, w := range []core.Write{
		{Verb: core.Create, Set: person(1), Active: true},
		{Verb: core.Update, Account: id, Set: map[string]string{"title": "x"}},
		{Verb: core.Update, Account: id, Set: map[string]string{"uid": "x"}},
		{Verb: core.Deactivate, Account: id},
		{Verb: core.Delete, Account: id},
	} {
		if _, err := target.Write(t.Context(), w); !core.HasCode(err, core.MissingScope) {
			t.Errorf("%s: got %v", w.Verb, err)
		}
	}
}

func TestContinuedRunLooksBeforeItCreates(t *testing.T) {
	d := servers.Slapd(t)
	first := connect(t, answers(d), core.Env{})
	made := write(t, first, core.Write{Verb: core.Create, Set: person(1), Active: true})
	second := connect(t, answers(d), core.Env{})
	if found := find(t, second, "employeeNumber", "5001"); found.ID() != made.Account {
		t.Errorf("found %s, made %s", found.ID(), made.Account)
	}
}

func TestSourceReadsTheSeed(t *testing.T) {
	source, err := NewSource(answers(servers.Slapd(t)), core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]core.Person{}
	for p, err := range source.People(t.Context(), core.Want{}) {
		if err != nil {
			t.Fatal(err)
		}
		people[p.Value("email")] = p
	}
	ada, bo := people["ada.berg@corp.example"], people["bo.lund@corp.example"]
	if len(people) != 2 || bo.Value("managerId") != ada.ID() || ada.Value("jobTitle") != "Head of Engineering" || ada.Value("response.uid") != "ada.berg" || bo.Value("employmentStatus") != core.StatusActive {
		t.Errorf("read %v and %v", ada.Map(), bo.Map())
	}
}

func TestTemporaryLockIsNoDisabling(t *testing.T) {
	d := disabling{by: "lock"}
	for at, active := range map[string]bool{"": true, "20261122030000Z": true, "000001010000Z": false, "00000101000000Z": false} {
		e := goldap.NewEntry("uid=x", map[string][]string{lockedTime: {at}})
		if d.active(e) != active {
			t.Errorf("locked at %q: active %v", at, !active)
		}
	}
}

func TestManifestIsReadable(t *testing.T) {
	if s := Spec(); s.ID != "ldap" || !s.Source || !s.Target || s.CannotUndo["delete"] == "" {
		t.Errorf("the card is %+v", s)
	}
}
