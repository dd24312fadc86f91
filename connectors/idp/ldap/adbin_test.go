package ldap

import (
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func TestDeletedAccountsComeWhereTheRecycleBinIsOn(t *testing.T) {
	d := servers.SambaWithRecycleBin(t)
	base := d.Branch(t, "Bin")
	target := connectDomain(t, domainAnswers(d, base, "groups", "Bin Readers"), core.Env{})
	boss := write(t, target, core.Write{Verb: core.Create, Set: staff("bin", 1), Active: true}).Account
	set := staff("bin", 2)
	set["manager"], set[core.Groups], set[branchName] = boss, "Bin Readers", "OU=Sales,"+base
	id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	for range 2 { // deleting what is deleted is done
		write(t, target, core.Write{Verb: core.Delete, Account: id})
	}
	one, err := target.Account(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	for how, a := range map[string]core.Account{"by id": one, "in the list": everybody(t, target, nil)[id], "by account name": find(t, target, accountName, "bin.2")} {
		until := time.Now().AddDate(0, 0, 180).Format("2006-01")
		if a.ID() != id || a.Active() || !strings.HasPrefix(a.Value(core.AccountDeleted), until[:4]) || a.Value(commonName) != "Cy Å'Ström, jr" || a.Value("manager") != boss || a.Value(branchName) != "OU=Sales,"+base {
			t.Errorf("%s: %v", how, a.Map())
		}
	}
	for verb, code := range map[core.Verb]core.Code{core.Update: core.NotFound, core.Deactivate: core.NotFound} {
		if _, err := target.Write(t.Context(), core.Write{Verb: verb, Account: id}); !core.HasCode(err, code) {
			t.Errorf("%s of a deleted account: %v", verb, err)
		}
	}
	again := write(t, target, core.Write{Verb: core.Create, Set: staff("bin", 2), Active: true}).Account
	if again == id {
		t.Error("a new account has the id of a deleted one")
	}
}

// Samba brings tombstones back, but not what is in its recycle bin, where it stumbles
// over a mark of its own (isRecycled). So this test treats tombstones as if the bin were on.
func TestDeletedAccountIsBroughtBack(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Back")
	target := connectDomain(t, domainAnswers(d, base), core.Env{})
	set := staff("back", 1)
	set[branchName] = "OU=Sales," + base
	id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	write(t, target, core.Write{Verb: core.Delete, Account: id})
	if _, err := target.Account(t.Context(), id, nil); !core.HasCode(err, core.NotFound) {
		t.Errorf("without a recycle bin: %v", err)
	}
	ad := domainOf(target)
	ad.known.bin, ad.known.days, ad.known.deleted = true, 180, "(&(isDeleted=TRUE)(objectClass=user))"
	if a, err := target.Account(t.Context(), id, nil); err != nil || !a.Deleted() {
		t.Fatalf("the tombstone: %v", err)
	}
	namesake := staff("back", 2)
	namesake[branchName], namesake[commonName] = "OU=Sales,"+base, "Bo Lund" // takes the name meanwhile
	write(t, target, core.Write{Verb: core.Create, Set: namesake, Active: true})
	write(t, target, core.Write{Verb: core.Reactivate, Account: id, Active: true, Set: map[string]string{core.Deleted: "", "displayName": "Bo Lund", "title": "Welder"}})
	a, err := target.Account(t.Context(), id, nil)
	if err != nil || a.Deleted() || !a.Active() || a.Value("title") != "Welder" || a.Value(accountName) != "back.1" || a.Value(commonName) != "Bo Lund" {
		t.Errorf("it came back as %v, %v", a.Map(), err)
	}
	if dn := raw(t, d, id).DN; dn != "CN=Bo Lund 2,OU=Sales,"+base {
		t.Errorf("it stands at %s", dn)
	}
}

func TestProtectedAccountsOfActiveDirectoryAreLeftAlone(t *testing.T) {
	d := servers.Samba(t)
	target := connectDomain(t, domainAnswers(d, d.BaseDN, "createDN", "CN=Users,"+d.BaseDN), core.Env{})
	for name, why := range map[string]string{"Administrator": "signs in with", "krbtgt": "system", "Guest": "system"} {
		a := find(t, target, accountName, name)
		if !strings.Contains(a.Value(core.AccountProtected), why) {
			t.Errorf("%s is protected because %q", name, a.Value(core.AccountProtected))
		}
		for _, verb := range []core.Verb{core.Update, core.Deactivate, core.Delete} {
			if _, err := target.Write(t.Context(), core.Write{Verb: verb, Account: a.ID()}); !core.HasCode(err, core.Refused) {
				t.Errorf("%s of %s: %v", verb, name, err)
			}
		}
	}
	attributes, err := target.Attributes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attributes {
		for _, c := range a.Choices {
			if strings.Contains(c.Value, "System") || strings.Contains(c.Value, "Domain Controllers") {
				t.Errorf("people are offered %s", c.Value)
			}
		}
	}
}

func TestAnswersThatDoNotGoWithADomainAreRefused(t *testing.T) {
	d := servers.Samba(t)
	for group, says := range map[string]string{"Domain Admins": "administrator", "Domain Users": "cannot be left", "No Such Group": "No Such Group"} {
		target := connectDomain(t, domainAnswers(d, d.BaseDN, "groups", group), core.Env{})
		if _, err := target.Check(t.Context()); !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", group, err)
		}
	}
	if _, err := connectDomain(t, domainAnswers(d, d.BaseDN, "port", "3269"), core.Env{}).Check(t.Context()); !core.HasCode(err, core.BadOption) {
		t.Errorf("the global catalogue: %v", err)
	}
	if _, err := connectDomain(t, domainAnswers(d, d.BaseDN, "disableBy", "attribute", "disableAttribute", "x", "disabledValue", "y"), core.Env{}).Check(t.Context()); !core.HasCode(err, core.BadOption) {
		t.Errorf("disabling by an attribute: %v", err)
	}
}

func TestRightsInActiveDirectoryAreRehearsed(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Rights")
	a := domainAnswers(d, base, "groups", "Rights Readers")
	target := connectDomain(t, a, core.Env{})
	reader := write(t, target, core.Write{Verb: core.Create, Set: staff("rights", 1), Active: true}).Account
	other := write(t, target, core.Write{Verb: core.Create, Set: staff("rights", 2), Active: true}).Account
	conn := d.Administer(t)
	request := goldap.NewModifyRequest("<GUID="+reader+">", nil)
	request.Replace("unicodePwd", []string{passwordValue("Read-only-1")})
	request.Replace("pwdLastSet", []string{"-1"})
	if err := conn.Modify(request); err != nil {
		t.Fatal(err)
	}
	a["bindDN"], a["password"] = `CORP\rights.1`, "Read-only-1"
	readOnly := connectDomain(t, a, core.Env{})
	for who, c := range map[string]struct {
		target  core.Target
		granted bool
	}{"administrator": {target, true}, "reader": {readOnly, false}} {
		health, err := c.target.Check(t.Context())
		if err != nil || health.People != 2 {
			t.Fatalf("%s: %d people, %v", who, health.People, err)
		}
		for _, r := range health.Rights {
			if sure := r.ID != "people.delete"; !r.Needed && (r.Unsure == sure || sure && r.Granted != c.granted) {
				t.Errorf("%s: %s granted %v, unsure %v: %s", who, r.ID, r.Granted, r.Unsure, r.Detail)
			}
		}
	}
	for _, w := range []core.Write{{Verb: core.Create, Set: staff("rights", 3)}, {Verb: core.Update, Account: other, Set: map[string]string{"title": "x"}}, {Verb: core.Deactivate, Account: other},
		{Verb: core.Delete, Account: other}, {Verb: core.Update, Account: other, Set: map[string]string{core.Groups: "Rights Readers"}}} {
		if _, err := readOnly.Write(t.Context(), w); !core.HasCode(err, core.MissingScope) {
			t.Errorf("%s %v: %v", w.Verb, w.Set, err)
		}
	}
	if a, err := readOnly.Account(t.Context(), reader, nil); err != nil || a.Value(core.AccountProtected) == "" {
		t.Errorf("Rollcall's own account is not protected: %v", err)
	}
}

// A service account that may write in one unit only, and people anywhere in the domain.
func TestRightsOfADelegatedAccount(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Delegated")
	a := domainAnswers(d, base)
	target := connectDomain(t, a, core.Env{})
	service := write(t, target, core.Write{Verb: core.Create, Set: staff("delegated", 1), Active: true}).Account
	elsewhere := staff("delegated", 2)
	elsewhere[branchName] = "OU=Research and Development," + base
	write(t, target, core.Write{Verb: core.Create, Set: elsewhere})
	inside := staff("delegated", 3)
	inside[branchName] = "OU=Sales," + base
	write(t, target, core.Write{Verb: core.Create, Set: inside})
	conn := d.Administer(t)
	password := goldap.NewModifyRequest("<GUID="+service+">", nil)
	password.Replace("unicodePwd", []string{passwordValue("Delegate-1")})
	password.Replace("pwdLastSet", []string{"-1"})
	if err := conn.Modify(password); err != nil {
		t.Fatal(err)
	}
	d.Delegate(t, "OU=Sales,"+base, "<GUID="+service+">")
	a["bindDN"], a["password"] = `CORP\delegated.1`, "Delegate-1"
	for name, c := range map[string]struct {
		createDN, base string
		create, change bool
		notes          string
	}{
		"the branch for new people was not named": {"", base, true, true, "OU=Sales"},
		"it was, and is one that may be written":  {"OU=Sales," + base, base, true, true, "cannot change accounts in OU=Research"},
		"it was, and is another":                  {"OU=Research and Development," + base, base, false, true, "cannot change"},
		"people are in another only":              {"", "OU=Research and Development," + base, false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a["baseDN"], a["createDN"] = core.Secret(c.base), core.Secret(c.createDN)
			health, err := connectDomain(t, a, core.Env{}).Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range health.Rights {
				if want, ok := map[string]bool{"people.create": c.create, "people.write": c.change}[r.ID]; ok && r.Granted != want {
					t.Errorf("%s granted %v: %s", r.ID, r.Granted, r.Detail)
				}
			}
			if !strings.Contains(strings.Join(health.Notes, " "), c.notes) {
				t.Errorf("notes %q", health.Notes)
			}
		})
	}
}

func TestNewPeopleStandAmongTheUsersWhereThePeopleAreTheWholeDomain(t *testing.T) {
	d := servers.Samba(t)
	target := connectDomain(t, domainAnswers(d, d.BaseDN, "upnSuffix", "@corp.example"), core.Env{})
	set := staff("root", 1)
	delete(set, principalName)
	id := write(t, target, core.Write{Verb: core.Create, Set: set}).Account
	if e := raw(t, d, id); e.DN != "CN=Bo Lund,CN=Users,"+d.BaseDN || e.GetAttributeValue(principalName) != "root.1@corp.example" {
		t.Errorf("it stands at %s and signs in as %s", e.DN, e.GetAttributeValue(principalName))
	}
	write(t, target, core.Write{Verb: core.Delete, Account: id})
}

func TestLeaverComesBackToTheOldUnit(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Comeback")
	target := connectDomain(t, domainAnswers(d, base, "disableBy", "move", "leaverDN", "OU=Leavers,"+base), core.Env{Shelf: shelf{}})
	set := staff("come", 1)
	set[branchName] = "OU=Sales," + base
	id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	write(t, target, core.Write{Verb: core.Deactivate, Account: id})
	a, err := target.Account(t.Context(), id, nil)
	if dn := raw(t, d, id).DN; err != nil || dn != "CN=Bo Lund,OU=Leavers,"+base || a.Value(branchName) != set[branchName] {
		t.Errorf("the leaver stands at %s and is shown in %s, %v", dn, a.Value(branchName), err)
	}
	research := "OU=Research and Development," + base
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{branchName: research}})
	write(t, target, core.Write{Verb: core.Reactivate, Account: id, Active: true})
	if e := raw(t, d, id); e.DN != "CN=Bo Lund,"+research || e.GetAttributeValue("userAccountControl") != "512" {
		t.Errorf("it came back to %s", e.DN)
	}
}

func TestDroppedConnectionToActiveDirectoryIsMadeAgain(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Dropped")
	target := connectDomain(t, domainAnswers(d, base), core.Env{})
	id := write(t, target, core.Write{Verb: core.Create, Set: staff("drop", 1), Active: true}).Account
	for range 2 {
		ad := domainOf(target)
		ad.session.conn.Close() // as the domain does after 15 idle minutes
		if _, err := target.Account(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		ad.session.conn.Close()
		write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"title": "x"}})
	}
}

func TestSourceReadsActiveDirectory(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Source")
	a := domainAnswers(d, base)
	target := connectDomain(t, a, core.Env{})
	boss := write(t, target, core.Write{Verb: core.Create, Set: staff("source", 1), Active: true}).Account
	set := staff("source", 2)
	set["manager"], set[accountExpires], set[countryLetters], set["department"] = boss, "2030-01-31", "SE", "Sales"
	write(t, target, core.Write{Verb: core.Create, Set: set})
	source, err := NewSource(a, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for p, err := range source.People(t.Context(), core.Want{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; p.Value("email") != "source.2@corp.example" {
			continue
		}
		for field, want := range map[string]string{"managerId": boss, "endDate": "2030-01-31", "country": "SE", "department": "Sales", "employmentStatus": core.StatusTerminated, "employeeNumber": "2", "lastName": "Å'Ström, jr"} {
			if got := p.Value(field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
	}
	if n != 2 {
		t.Errorf("%d people", n)
	}
}

func TestSigningInToActiveDirectory(t *testing.T) {
	d := servers.Samba(t)
	base := d.Branch(t, "Signing")
	for name, c := range map[string]struct {
		answers []string
		code    core.Code
		says    string
	}{
		"sign-in name":       {},
		"DN":                 {answers: []string{"bindDN", "cn=administrator,CN=Users," + d.BaseDN}},
		"domain and name":    {answers: []string{"bindDN", `CORP\administrator`}},
		"StartTLS":           {answers: []string{"tls", "starttls"}},
		"without encryption": {[]string{"tls", "plain"}, core.BadOption, "encrypted"},
		"wrong password":     {[]string{"password", "wrong"}, core.BadCredentials, "does not try twice"},
		"unknown authority":  {[]string{"caFile", ""}, core.Untrusted, "CA certificate"},
		"no such branch":     {[]string{"baseDN", "OU=None,DC=corp,DC=example"}, core.NotFound, "DC=corp,DC=example"},
	} {
		t.Run(name, func(t *testing.T) {
			target := connectDomain(t, domainAnswers(d, base, c.answers...), core.Env{})
			_, err := target.Check(t.Context())
			if c.code == "" && (err != nil || domainOf(target).known.own == "") {
				t.Errorf("own account %q, %v", domainOf(target).session.user, err)
			}
			if c.code != "" && (!core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}
