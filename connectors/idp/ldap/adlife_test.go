package ldap

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// staff makes the n-th person of a test; of 500, two or three share a name.
func staff(prefix string, n int) map[string]string {
	lasts := []string{"Berg", "Lund", "Å'Ström, jr", "Holm", "Dahl", "Ek", "Falk", "Gran"}
	first, last := []string{"Ada", "Bo", "Cy"}[n%3], lasts[n%8]
	if n >= 24 {
		last += "-" + lasts[n/24%8]
	}
	return map[string]string{accountName: fmt.Sprintf("%s.%d", prefix, n), principalName: fmt.Sprintf("%s.%d@corp.example", prefix, n), commonName: first + " " + last,
		"givenName": first, "sn": last, "displayName": first + " " + last, mailAddress: fmt.Sprintf("%s.%d@corp.example", prefix, n), "employeeID": fmt.Sprint(n)}
}

// inParallel does something for the numbers below n, four at once, as a run does.
func inParallel(t testing.TB, n int, do func(i int) error) {
	t.Helper()
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := worker; i < n; i += 4 {
				if err := do(i); err != nil {
					t.Errorf("%d: %v", i, err)
					return
				}
			}
		})
	}
	wait.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// sharedShelf is a shelf that several writers use at once.
type sharedShelf struct {
	shelf
	mu sync.Mutex
}

func (s *sharedShelf) Get(bucket, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Get(bucket, key)
}

func (s *sharedShelf) Put(bucket string, values map[string][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Put(bucket, values)
}

func everybody(t testing.TB, target core.Target, want []string) map[string]core.Account {
	t.Helper()
	all := map[string]core.Account{}
	for a, err := range target.Accounts(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		all[a.ID()] = a
	}
	return all
}

func TestManyPeopleThroughTheirLivesInActiveDirectory(t *testing.T) {
	const people, leave = 60, 10 // the lives of a company, in connectors, are those of 200
	d := servers.Samba(t)
	base := d.Branch(t, "Life")
	target := connectDomain(t, domainAnswers(d, base, "groups", "Life Readers\nLife Writers", "disableBy", "move", "leaverDN", "OU=Leavers,"+base), core.Env{Shelf: &sharedShelf{shelf: shelf{}}})
	began := time.Now()
	step := func(what string) { t.Logf("%-12s %5.1f s", what, time.Since(began).Seconds()); began = time.Now() }
	ids := make([]string, people)
	write := func(i int, verb core.Verb, set map[string]string) error {
		r, err := target.Write(t.Context(), core.Write{Verb: verb, Account: ids[i], Set: set, Active: true})
		if verb == core.Create {
			ids[i] = r.Account
		}
		return err
	}
	inParallel(t, people, func(i int) error { return write(i, core.Create, staff("life", i)) })
	step("create")
	inParallel(t, people, func(i int) error {
		return write(i, core.Update, map[string]string{"manager": ids[i/10], core.Groups: []string{"Life Readers", "Life Writers"}[i%2]})
	})
	step("managers")
	inParallel(t, people, func(i int) error {
		return write(i, core.Update, map[string]string{commonName: fmt.Sprintf("New Name %c", 'A'+i%5), "displayName": fmt.Sprintf("New Name %c", 'A'+i%5), branchName: "OU=Sales," + base, accountName: fmt.Sprintf("new.%d", i)})
	})
	step("rename, move")
	inParallel(t, people/2, func(i int) error { return write(i, core.Deactivate, nil) })
	step("disable")
	all := everybody(t, target, nil)
	step("read")
	for i, id := range ids {
		a := all[id]
		want := map[string]string{accountName: fmt.Sprintf("new.%d", i), commonName: fmt.Sprintf("New Name %c", 'A'+i%5), "manager": ids[i/10], branchName: "OU=Sales," + base, core.Groups: []string{"Life Readers", "Life Writers"}[i%2]}
		for k, v := range want {
			if a.Value(k) != v {
				t.Fatalf("%s of %d is %q, want %q", k, i, a.Value(k), v)
			}
		}
		if a.Active() != (i >= people/2) {
			t.Fatalf("%d is active: %v", i, a.Active())
		}
	}
	inParallel(t, people/2, func(i int) error { return write(i, core.Reactivate, nil) })
	step("enable")
	inParallel(t, leave, func(i int) error { return write(i, core.Delete, nil) })
	step("delete")
	all = everybody(t, target, nil)
	gone := 0
	for i, id := range ids[leave:] {
		if !all[id].Active() {
			t.Fatalf("%d is not active", i)
		}
		if all[id].Value("manager") == "" {
			gone++
		}
	}
	if len(all) != people-leave || gone != people-leave {
		t.Errorf("%d are left, %d have lost their manager", len(all), gone)
	}
}

// domainOf gives the Active Directory behind a target.
func domainOf(target core.Target) *domain { return target.(*directory).domain }

// raw reads an entry as it stands in the directory.
func raw(t testing.TB, d servers.Domain, id string) *goldap.Entry {
	t.Helper()
	r, err := d.Administer(t).Search(goldap.NewSearchRequest("<GUID="+id+">", goldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"*"}, nil))
	if err != nil || len(r.Entries) != 1 {
		t.Fatalf("reading %s: %v", id, err)
	}
	return r.Entries[0]
}

func TestWhatStandsInActiveDirectory(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Stands")
	target := connectDomain(t, domainAnswers(d, base, "createDN", "OU=Sales,"+base), core.Env{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	set := staff("stands", 1)
	set[countryLetters], set[accountExpires], set[proxyAddresses] = "se", "2026-12-31", core.JoinList([]string{"smtp:other@corp.example"})
	id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	e := raw(t, d, id)
	for name, want := range map[string]string{"c": "SE", "co": "Sweden", "countryCode": "752", "accountExpires": "134432352000000000", "userAccountControl": "512", "pwdLastSet": "0",
		proxyAddresses: "SMTP:stands.1@corp.example smtp:other@corp.example"} {
		if got := strings.Join(e.GetAttributeValues(name), " "); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if e.DN != "CN=Bo Lund,OU=Sales,"+base {
		t.Errorf("it is %s", e.DN)
	}
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{mailAddress: "bo.lund@corp.example", countryLetters: "", accountExpires: ""}})
	e = raw(t, d, id)
	for name, want := range map[string]string{"c": "", "co": "", "countryCode": "0", "accountExpires": never,
		proxyAddresses: "SMTP:bo.lund@corp.example smtp:other@corp.example smtp:stands.1@corp.example"} {
		values := e.GetAttributeValues(name)
		slices.Sort(values)
		if got := strings.Join(values, " "); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{mailAddress: ""}})
	if got := raw(t, d, id).GetAttributeValues(proxyAddresses); slices.ContainsFunc(got, func(a string) bool { return strings.HasPrefix(a, primaryMark) }) {
		t.Errorf("without an e-mail the addresses are %s", got)
	}
}

func TestTakenNameGetsANumberThatIsNotShown(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Numbers")
	target := connectDomain(t, domainAnswers(d, base), core.Env{})
	var ids []string
	for n := range 3 {
		set := staff("number", n)
		set[commonName], set["displayName"] = "Ada Berg", "Ada Berg"
		ids = append(ids, write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account)
	}
	for n, id := range ids {
		a, err := target.Account(t.Context(), id, nil)
		if dn, want := raw(t, d, id).DN, "CN="+numbered("Ada Berg", n+1)+","+base; err != nil || dn != want || a.Value(commonName) != "Ada Berg" {
			t.Errorf("%s is shown as %s, %v; want %s", dn, a.Value(commonName), err, want)
		}
	}
	write(t, target, core.Write{Verb: core.Update, Account: ids[2], Set: map[string]string{commonName: "Ada Berg", "title": "Welder"}})
	if e := raw(t, d, ids[2]); e.DN != "CN=Ada Berg 3,"+base || e.GetAttributeValue("title") != "Welder" {
		t.Errorf("it was renamed to %s", e.DN)
	}
}

func TestRefusalsOfActiveDirectorySayWhy(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Refusals")
	target := connectDomain(t, domainAnswers(d, base, "groups", "Refusals Readers"), core.Env{})
	id := write(t, target, core.Write{Verb: core.Create, Set: staff("refused", 1), Active: true}).Account
	for name, c := range map[string]struct {
		attribute, value, says string
		code                   core.Code
	}{
		"a long account name":      {accountName, "abcdefghijklmnopqrstu", "20 characters", core.Refused},
		"a sign in the name":       {accountName, "a*b", "Account name", core.Refused},
		"a taken account name":     {accountName, "administrator", "Administrator", core.Conflict},
		"a group's account name":   {accountName, "Refusals Readers", "Refusals Readers", core.Conflict},
		"no account name":          {accountName, "", "Account name", core.Refused},
		"no name":                  {commonName, "", "Full name", core.Refused},
		"a long title":             {"title", strings.Repeat("x", 129), "Job title", core.Refused},
		"an unknown country":       {countryLetters, "XX", "Country", core.Refused},
		"a country's name":         {countryLetters, "Sweden", "Country", core.Refused},
		"no date":                  {accountExpires, "soon", "Last day", core.Refused},
		"an unknown branch":        {branchName, "OU=None," + base, "Organizational unit", core.Refused},
		"no branch":                {branchName, "", "Organizational unit", core.Refused},
		"an unknown group":         {core.Groups, "Domain Admins", "Groups", core.Refused},
		"nobody as manager":        {"manager", "6e2ff5d3-7a1b-4c1d-9d0e-3f1f1a1c0000", "Manager", core.Refused},
		"a name as manager":        {"manager", "ada", "Manager", core.Refused},
		"a taken sign-in name":     {principalName, "taken@corp.example", "Sign-in name", core.Conflict},
		"what the schema does not": {"employeeType", strings.Repeat("x", 257), "Employment type", core.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			if c.attribute == principalName {
				set := staff("taken", 1)
				set[principalName] = c.value
				write(t, target, core.Write{Verb: core.Create, Set: set})
			}
			_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{c.attribute: c.value}})
			if !core.HasCode(err, c.code) || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(c.says)) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
	if a, err := target.Account(t.Context(), id, nil); err != nil || a.Value(accountName) != "refused.1" || a.Value(commonName) != "Bo Lund" {
		t.Errorf("it has changed: %v, %v", a.Map(), err)
	}
}
