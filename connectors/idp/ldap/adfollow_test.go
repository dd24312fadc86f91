package ldap

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// kept reads a domain in whole, as a plan does that others follow.
func kept(t testing.TB, target core.Target, want []string) core.Former {
	t.Helper()
	text, err := target.(core.Follower).Mark(t.Context())
	if err != nil || text == "" {
		t.Fatalf("the mark is %q, %v", text, err)
	}
	var accounts []core.Account
	for a, err := range target.Accounts(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		accounts = append(accounts, a)
	}
	return core.Former{Mark: text, Count: len(accounts), Accounts: func(yield func(core.Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}}
}

// follow gives what following yields by id; an error after the first account fails.
func follow(t testing.TB, target core.Target, former core.Former, want []string) (map[string]core.Account, error) {
	t.Helper()
	all := map[string]core.Account{}
	var schema *core.Schema
	for a, err := range target.(core.Follower).Follow(t.Context(), former, want) {
		if err != nil && len(all) > 0 {
			t.Fatalf("after %d accounts: %v", len(all), err)
		}
		if err != nil {
			return nil, err
		}
		if _, twice := all[a.ID()]; twice || schema != nil && a.Schema() != schema {
			t.Errorf("%s comes twice, or with another schema", a.ID())
		}
		schema, all[a.ID()] = a.Schema(), a
	}
	return all, nil
}

// sameAsWhole fails unless following gives what reading in whole gives.
func sameAsWhole(t testing.TB, target core.Target, former core.Former, want []string) {
	t.Helper()
	got, err := follow(t, target, former, want)
	if err != nil {
		t.Fatal(err)
	}
	whole := everybody(t, target, want)
	for id, a := range whole {
		if g, there := got[id]; !there || !maps.Equal(g.Map(), a.Map()) {
			t.Errorf("%s is followed as %v, and in whole as %v", id, g.Map(), a.Map())
		}
	}
	if len(got) != len(whole) {
		t.Errorf("%d are followed, and %d are there", len(got), len(whole))
	}
}

func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// company is a branch with ten people; each but the last two manages the next one, and
// the last one has an assistant. Two more stand outside the branch.
type company struct {
	servers.Domain
	base, elsewhere string
	target          core.Target
	ids             []string
	admin           *goldap.Conn
}

func newCompany(t *testing.T, d servers.Domain, name string, more ...string) *company {
	t.Helper()
	c := &company{Domain: d, base: d.Branch(t, name), elsewhere: d.Branch(t, name+" Elsewhere"), admin: d.Administer(t)}
	for i := range more {
		more[i] = strings.ReplaceAll(more[i], "{base}", c.base)
	}
	c.target = connectDomain(t, domainAnswers(d, c.base, append([]string{"groups", name + " Readers\n" + name + " Writers"}, more...)...), core.Env{Shelf: shelf{}})
	outside := connectDomain(t, domainAnswers(d, c.elsewhere), core.Env{})
	for n := range 12 {
		set, at := staff(strings.ToLower(name), n), c.target
		set[commonName] = fmt.Sprintf("Person %d", n)
		switch {
		case n >= 10:
			at = outside
		case n%2 == 0:
			set[branchName] = "OU=Sales," + c.base
		default:
			set[core.Groups] = name + " Readers"
		}
		switch {
		case n == 9:
			set["assistant"] = c.ids[3]
		case 0 < n && n < 9:
			set["manager"] = c.ids[n-1]
		}
		c.ids = append(c.ids, write(t, at, core.Write{Verb: core.Create, Set: set, Active: true}).Account)
	}
	return c
}

func (c *company) person(n int) string { return "<GUID=" + c.ids[n] + ">" }

func (c *company) modify(dn string, change func(*goldap.ModifyRequest)) error {
	request := goldap.NewModifyRequest(dn, nil)
	change(request)
	return c.admin.Modify(request)
}

func (c *company) move(dn, name, to string) error {
	return c.admin.ModifyDN(goldap.NewModifyDNRequest(dn, name, true, to))
}

func (c *company) dn(t *testing.T, n int) string { return raw(t, c.Domain, c.ids[n]).DN }

func (c *company) unit(t *testing.T, dn string) {
	t.Helper()
	request := goldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{"organizationalUnit"})
	mustDo(t, c.admin.Add(request))
}

func TestFollowingSeesWhatWasDoneBehindItsBack(t *testing.T) {
	c := newCompany(t, servers.Samba(t), "Behind", "disableBy", "move", "leaverDN", "OU=Leavers,{base}")
	readers := "CN=Behind Readers," + c.base
	former := kept(t, c.target, nil)
	narrow := []string{accountName, core.Groups}
	small := kept(t, c.target, narrow)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"somebody joins a group", func() error {
			return c.modify(readers, func(r *goldap.ModifyRequest) { r.Add("member", []string{c.dn(t, 2)}) })
		}},
		{"somebody leaves a group", func() error {
			return c.modify(readers, func(r *goldap.ModifyRequest) { r.Delete("member", []string{c.dn(t, 1)}) })
		}},
		{"an account is deleted, and is nobody's manager any more", func() error { return c.admin.Del(goldap.NewDelRequest(c.person(3), nil)) }},
		{"an account is moved out of the base", func() error { return c.move(c.person(5), "CN=Person 5", c.elsewhere) }},
		{"an account is moved into the base", func() error { return c.move(c.person(10), "CN=Person 10", "OU=Sales,"+c.base) }},
		{"a manager is renamed", func() error { return c.move(c.person(0), "CN=Somebody Else", "OU=Sales,"+c.base) }},
		{"an account is moved within the base", func() error { return c.move(c.person(2), "CN=Person 2", "OU=Research and Development,"+c.base) }},
		{"a new unit gets an account", func() error {
			c.unit(t, "OU=New,"+c.base)
			return c.move(c.person(4), "CN=Person 4", "OU=New,"+c.base)
		}},
		{"an account expires", func() error {
			return c.modify(c.person(6), func(r *goldap.ModifyRequest) { r.Replace(accountExpires, []string{"133500000000000000"}) })
		}},
		{"an account gets an administrator's mark", func() error {
			return c.modify(c.person(7), func(r *goldap.ModifyRequest) { r.Replace("adminCount", []string{"1"}) })
		}},
		{"somebody leaves", func() error {
			_, err := c.target.Write(t.Context(), core.Write{Verb: core.Deactivate, Account: c.ids[8]})
			return err
		}},
		{"a unit with nobody in it is renamed", func() error {
			return c.admin.ModifyDN(goldap.NewModifyDNRequest("OU=Sales,"+c.elsewhere, "OU=Trade", true, ""))
		}},
	} {
		t.Run(step.what, func(t *testing.T) {
			mustDo(t, step.do())
			sameAsWhole(t, c.target, former, nil)
			sameAsWhole(t, c.target, small, narrow)
		})
	}
	t.Run("where a leaver comes back to changes on this computer alone", func(t *testing.T) {
		former = kept(t, c.target, nil)
		write(t, c.target, core.Write{Verb: core.Update, Account: c.ids[8], Set: map[string]string{branchName: "OU=Research and Development," + c.base}})
		sameAsWhole(t, c.target, former, nil)
	})
	t.Run("whoever stops listening is told no more", func(t *testing.T) {
		for range c.target.(core.Follower).Follow(t.Context(), former, nil) {
			break
		}
	})
	t.Run("a reading that is ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, err := range c.target.(core.Follower).Follow(ctx, former, nil) {
			if !core.HasCode(err, core.Cancelled) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestFollowingBeginsAnewWhereItCannotKnow(t *testing.T) {
	d := servers.Samba(t)
	c := newCompany(t, d, "Anew")
	service := write(t, connectDomain(t, domainAnswers(d, c.elsewhere), core.Env{}), core.Write{Verb: core.Create, Set: staff("anewservice", 1), Active: true}).Account
	mustDo(t, c.modify("<GUID="+service+">", func(r *goldap.ModifyRequest) {
		r.Replace("unicodePwd", []string{passwordValue("Service-1")})
		r.Replace("pwdLastSet", []string{"-1"})
	}))
	a := domainAnswers(d, c.base)
	a["bindDN"], a["password"] = `CORP\anewservice.1`, "Service-1"
	connect := func(now func() time.Time) core.Target { return connectDomain(t, a, core.Env{Now: now}) }
	target := connect(nil)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"a unit is renamed", func() error { return c.move("OU=Sales,"+c.base, "OU=Trade", c.base) }},
		{"a unit with people goes below another", func() error { return c.move("OU=Trade,"+c.base, "OU=Trade", "OU=Research and Development,"+c.base) }},
		{"the base is described anew", func() error {
			return c.modify(c.base, func(r *goldap.ModifyRequest) { r.Replace("description", []string{"x"}) })
		}},
		{"rights are delegated", func() error { d.Delegate(t, c.base, "<GUID="+service+">"); return nil }},
		{"Rollcall's account gets into a group", func() error {
			return c.modify("CN=Anew Writers,"+c.base, func(r *goldap.ModifyRequest) { r.Add("member", []string{raw(t, d, service).DN}) })
		}},
	} {
		t.Run(step.what, func(t *testing.T) {
			former := kept(t, target, nil)
			if _, err := follow(t, target, former, nil); err != nil {
				t.Fatalf("before: %v", err)
			}
			mustDo(t, step.do())
			domainOf(target).session.conn.Close() // groups count from the next time it signs in
			if _, err := follow(t, target, former, nil); !core.HasCode(err, core.Stale) {
				t.Errorf("got %v", err)
			}
		})
	}
	former := kept(t, target, nil)
	t.Run("the clock is of another time zone", func(t *testing.T) {
		there := func() time.Time { return time.Now().In(time.FixedZone("there", -7*3600)) }
		if _, err := follow(t, connect(there), former, nil); !core.HasCode(err, core.Stale) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("years go by, and nothing that is shown waits for that", func(t *testing.T) {
		sameAsWhole(t, connect(func() time.Time { return time.Now().AddDate(20, 0, 0) }), former, nil)
	})
	t.Run("the kept reading is of other attributes", func(t *testing.T) {
		if _, err := follow(t, target, former, []string{accountName}); !core.HasCode(err, core.Stale) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a branch above is not shown", func(t *testing.T) {
		f := &following{adPacker: &adPacker{domain: domainOf(c.target), facts: domainOf(c.target).known}, sound: map[string]bool{normal(c.base): true}}
		if err := f.unmoved(t.Context(), []string{c.base, "OU=Not Shown," + c.base}); !core.HasCode(err, core.Stale) {
			t.Errorf("got %v", err)
		}
	})
	text := former.Mark
	for what, change := range map[string]func(*mark){
		"of another controller":        func(m *mark) { m.Controller = "dc2.corp.example" },
		"of another service":           func(m *mark) { m.Service = "CN=NTDS Settings,CN=DC2" },
		"from before a backup":         func(m *mark) { m.Invocation = "6e2ff5d3-7a1b-4c1d-9d0e-3f1f1a1c0000" },
		"later than the controller is": func(m *mark) { m.USN += 1 << 40 },
		"of another of our accounts":   func(m *mark) { m.Own = "" },
	} {
		t.Run("a mark "+what, func(t *testing.T) {
			m, ok := parseMark(text)
			if change(&m); !ok {
				t.Fatalf("the mark %q is none", text)
			}
			changed, err := json.Marshal(m)
			mustDo(t, err)
			former.Mark = string(changed)
			if _, err := follow(t, target, former, nil); !core.HasCode(err, core.Stale) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// An ordinary account sees nothing of CN=Deleted Objects.
func TestFollowingWithoutRightsOnDeletedAccounts(t *testing.T) {
	d := servers.SambaWithRecycleBin(t)
	c := newCompany(t, d, "Unseen")
	mustDo(t, c.modify(c.person(9), func(r *goldap.ModifyRequest) {
		r.Replace("unicodePwd", []string{passwordValue("Delegate-1")})
		r.Replace("pwdLastSet", []string{"-1"})
	}))
	d.Delegate(t, c.base, c.person(9))
	a := domainAnswers(d, c.base)
	a["bindDN"], a["password"] = `CORP\unseen.9`, "Delegate-1"
	delegate := connectDomain(t, a, core.Env{})
	theirs, ours := kept(t, delegate, nil), kept(t, c.target, nil)
	mustDo(t, c.admin.Del(goldap.NewDelRequest(c.person(3), nil)))
	mustDo(t, c.move(c.person(4), "CN=Person 4", c.elsewhere))
	mustDo(t, c.admin.Del(goldap.NewDelRequest(c.person(10), nil))) // was never in the base
	sameAsWhole(t, delegate, theirs, nil)
	sameAsWhole(t, c.target, ours, nil)
	if seen, err := follow(t, delegate, theirs, nil); err != nil || len(seen) != 8 {
		t.Errorf("%d accounts are shown, %v", len(seen), err)
	}
	if seen, err := follow(t, c.target, ours, nil); err != nil || len(seen) != 9 || !seen[c.ids[3]].Deleted() {
		t.Errorf("%d accounts are shown, %v; the deleted one as %v", len(seen), err, seen[c.ids[3]].Map())
	}
	again := kept(t, c.target, nil)
	mustDo(t, c.admin.Del(goldap.NewDelRequest(c.person(6), nil)))
	sameAsWhole(t, c.target, again, nil)
}

func TestAnAccountThatComesBackFromTheDeletedIsFollowed(t *testing.T) {
	c := newCompany(t, servers.Samba(t), "Return")
	mustDo(t, c.admin.Del(goldap.NewDelRequest(c.person(3), nil)))
	former := kept(t, c.target, nil)
	found, err := c.admin.Search(goldap.NewSearchRequest(c.person(3), goldap.ScopeBaseObject, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"1.1"}, names(showDeleted)))
	mustDo(t, err)
	request := goldap.NewModifyRequest(found.Entries[0].DN, names(showDeleted))
	request.Delete("isDeleted", nil)
	request.Replace("distinguishedName", []string{"CN=Person 3," + c.base})
	mustDo(t, c.admin.Modify(request))
	sameAsWhole(t, c.target, former, nil)
}

func TestADirectoryThatIsNoDomainIsNotFollowed(t *testing.T) {
	target, err := NewTarget(answers(servers.Slapd(t)), core.Env{})
	mustDo(t, err)
	if text, err := target.(core.Follower).Mark(t.Context()); text != "" || err != nil {
		t.Errorf("the mark is %q, %v", text, err)
	}
	if _, err := follow(t, target, core.Former{Accounts: target.Accounts(t.Context(), nil)}, nil); !core.HasCode(err, core.Stale) {
		t.Errorf("got %v", err)
	}
}

func TestMarksAreOfOneControllerByName(t *testing.T) {
	for host, want := range map[string]bool{"DC1.corp.example": true, "dc1.corp.example.": true, "192.0.2.7": true, "2001:db8::7": true, "corp.example": false, "dc1": false, "": false} {
		d := &domain{session: &session{host: host}}
		if got := d.namesOne("dc1.corp.example"); got != want {
			t.Errorf("%s names one controller: %v", host, got)
		}
	}
	if (&domain{session: &session{}}).namesOne("") {
		t.Error("no name names no controller")
	}
}

func TestTheShortLookCountsWhatItCannotSeeAsChanged(t *testing.T) {
	id := strings.Repeat("x", 16)
	for number, again := range map[string]bool{"7": false, "8": true, "": true, "many": true} {
		f := &following{adPacker: &adPacker{domain: &domain{}}, since: 7, there: map[[16]byte]standing{}, above: map[string]bool{}}
		f.note(goldap.NewEntry("CN=a,DC=corp,DC=example", map[string][]string{guid: {id}, changeNumber: {number}}))
		if got := f.there[[16]byte([]byte(id))].again; got != again || f.changed > 0 != again {
			t.Errorf("with the number %q it is read again: %v", number, got)
		}
	}
}

func TestAnAccountWithoutItsIDEndsTheFollowing(t *testing.T) {
	var told error
	f := &following{adPacker: &adPacker{domain: &domain{session: &session{}}}, yield: func(_ core.Account, err error) bool { told = err; return true }}
	if f.there = map[[16]byte]standing{}; f.note(goldap.NewEntry("CN=a,DC=corp,DC=example", nil)) || !core.HasCode(told, core.MissingScope) || !f.stopped {
		t.Errorf("got %v", told)
	}
}

func TestABranchThatIsOlderThanTheMarkAndChangedIsNoticed(t *testing.T) {
	for numbers, want := range map[[2]string]bool{{"5", "6"}: false, {"5", "8"}: true, {"8", "9"}: false, {"", "8"}: true, {"5", ""}: true, {"", "6"}: false} {
		e := goldap.NewEntry("OU=a,DC=corp,DC=example", map[string][]string{birthNumber: {numbers[0]}, changeNumber: {numbers[1]}})
		if got := (&following{since: 7}).raised(e); got != want {
			t.Errorf("made with %q, changed with %q: %v", numbers[0], numbers[1], got)
		}
	}
}

func TestReadingAllIsQuickerWhereAQuarterChanged(t *testing.T) {
	for _, c := range []struct {
		changed, count int
		want           bool
	}{{2000, 2000, false}, {2001, 2001, true}, {2001, 8004, false}, {2001, 8003, true}, {25_000, 100_000, false}, {25_001, 100_000, true}} {
		if got := (&following{changed: c.changed, count: c.count}).tooMany(); got != c.want {
			t.Errorf("%d of %d: %v", c.changed, c.count, got)
		}
	}
}

func TestSigningInAgainIsNoChangeOfRights(t *testing.T) {
	sid := func(parts ...byte) []byte { // MS-DTYP §2.4.2.2
		b := []byte{1, byte(len(parts)), 0, 0, 0, 0, 0, 5}
		for _, p := range parts {
			b = append(b, p, 0, 0, 0)
		}
		return b
	}
	if fingerprint([][]byte{sid(11), sid(5, 0, 77)}) != fingerprint([][]byte{sid(5, 0, 78), sid(11)}) {
		t.Error("another sign-in counts as other rights")
	}
	if fingerprint([][]byte{sid(11)}) == fingerprint([][]byte{sid(11), sid(32, 34)}) {
		t.Error("another group is not noticed")
	}
}

func TestZonesAreTheSameInSummerAndWinter(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	mustDo(t, err)
	summer, winter := time.Date(2026, 7, 1, 12, 0, 0, 0, stockholm), time.Date(2026, 12, 1, 12, 0, 0, 0, stockholm)
	if zoneOf(summer) != zoneOf(winter) || zoneOf(summer) == zoneOf(summer.UTC()) {
		t.Errorf("%s and %s, UTC %s", zoneOf(summer), zoneOf(winter), zoneOf(summer.UTC()))
	}
}

func FuzzMarks(f *testing.F) {
	for _, s := range []string{"", "{}", "null", "7", `{"service":"CN=NTDS Settings","usn":7}`, `{"service":"CN=x","usn":-1}`, `{"service":"CN=x","usn":1e99}`, `{"usn":7}`, "[]", `{"service":7}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := parseMark(s)
		if ok && (m.Service == "" || m.USN < 0) {
			t.Errorf("%q is taken for a mark: %+v", s, m)
		}
		// What is no mark is told before anything is asked of a server: this one is none.
		d := &domain{session: &session{host: "dc1.corp.example", address: net.JoinHostPort("127.0.0.1", "0")}}
		if _, err := d.sinceMark(t.Context(), &facts{}, s); !ok && !core.HasCode(err, core.Stale) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
