package importfile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

var ada = values{"primaryEmail": "ada@corp.example", "name.givenName": "Ada", "name.familyName": "Ek", "orgUnitPath": "/Sales"}

func plus(v values, more ...string) values {
	all := values{}
	for k, x := range v {
		all[k] = x
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

func TestGoogleTakesCreatesUpdatesSuspendsAndRenames(t *testing.T) {
	d := googleAPI()
	d.add(core.Create, "1", nil, plus(ada, "organizations.title", "Head, Sales", "phones.work", "+46 8 1\x1f+46 8 2", "addresses.work.formatted", "1 Hill \"The Oak\"\nTown"))
	d.add(core.Update, "2", plus(ada, "primaryEmail", "bo@corp.example", "organizations.title", "Clerk"), values{"organizations.department": "Ångström"})
	d.add(core.Update, "3", plus(ada, "primaryEmail", "cy@corp.example"), values{"primaryEmail": "cyd@corp.example"})
	d.add(core.Deactivate, "4", plus(ada, "primaryEmail", "di@corp.example"), values{core.Enabled: "false"})
	d.add(core.Reactivate, "5", plus(ada, "primaryEmail", "ed@corp.example", "orgUnitPath", ""), values{core.Enabled: "true"})
	d.add(core.Create, "6", nil, plus(ada, "primaryEmail", "fi@corp.example", core.Enabled, "false", "orgUnitPath", ""))
	set := d.make(t, "google")
	if len(set.Left) > 0 {
		t.Errorf("left out: %v", set.Left)
	}
	tb := validGoogle(t, set.only(t))
	for _, c := range []struct {
		row           int
		heading, want string
	}{
		{0, "Employee Title", "Head, Sales"}, {0, "Work Phone", "+46 8 1,+46 8 2"}, {0, "Work Address", "1 Hill \"The Oak\"\nTown"}, {0, "New Status [UPLOAD ONLY]", ""},
		{1, "Department", "Ångström"}, {1, "Employee Title", "Clerk"}, {1, "Password [Required]", "****"}, {1, "Org Unit Path [Required]", "/Sales"},
		{2, "Email Address [Required]", "cy@corp.example"}, {2, "New Primary Email [UPLOAD ONLY]", "cyd@corp.example"},
		{3, "New Status [UPLOAD ONLY]", "Suspended"}, {4, "New Status [UPLOAD ONLY]", "Active"}, {4, "Org Unit Path [Required]", "/"},
		{5, "New Status [UPLOAD ONLY]", "Suspended"}, {5, "Org Unit Path [Required]", "/"}, {5, "Change Password at Next Sign-In", "True"}, {3, "Change Password at Next Sign-In", ""},
	} {
		if got := tb.of(c.row, c.heading); got != c.want {
			t.Errorf("row %d, %s: %q, want %q", c.row+1, c.heading, got, c.want)
		}
	}
	if tb.has("Recovery Email") || tb.has("Cost Center") {
		t.Error("a column that nobody fills is in the file; an empty cell there might clear values")
	}
}

// A list that was downloaded from the console has the headings as attributes.
func TestHeadingsAreAttributesToo(t *testing.T) {
	for format, names := range map[string]string{
		"google":       "First Name [Required],Last Name [Required],Email Address [Required],Org Unit Path [Required],Status [READ ONLY],Employee ID,Department",
		"entra-create": "userPrincipalName,displayName,surname,givenName,jobTitle,department,usageLocation",
		"okta":         "login,firstName,lastName,email,department",
	} {
		d := with(names)
		cells := values{}
		for _, a := range d.attributes {
			cells[a.ID] = map[bool]string{true: "ada@corp.example", false: "/SE"}[strings.Contains(strings.ToLower(a.ID), "mail") || strings.Contains(strings.ToLower(a.ID), "login") || strings.Contains(a.ID, "Principal")]
		}
		delete(cells, "Status [READ ONLY]")
		if format == "entra-create" {
			cells["usageLocation"] = "SE"
		}
		d.add(core.Create, "1", nil, cells)
		if set := d.make(t, format); set.Rows() != 1 || len(set.Left) > 0 {
			t.Errorf("%s: %d rows, left out %v", format, set.Rows(), set.Left)
		}
	}
}

func TestWhatCannotBeSaidIsNamed(t *testing.T) {
	bo := plus(ada, "primaryEmail", "bo@corp.example")
	long := strings.Repeat("n", 61)
	for name, c := range map[string]struct {
		format, why string
		rows        int
		make        func() *directory
	}{
		"google deletes nobody":             {"google", "does not delete", 0, row(googleAPI, core.Delete, ada, nil)},
		"google brings nobody back":         {"google", "does not bring deleted users back", 0, row(googleAPI, core.Reactivate, ada, values{core.Deleted: "", core.Enabled: "true"})},
		"google has no column for a city":   {"google", "the addresses.work.locality: The file has no column", 1, row(googleAPI, core.Create, nil, plus(ada, "addresses.work.locality", "Oslo"))},
		"google: only such a value":         {"google", "update Person 1 (N1): the addresses.work.locality: The file has no column", 0, row(googleAPI, core.Update, ada, values{"addresses.work.locality": "Oslo"})},
		"google: a name of 61":              {"google", "more than the 60 characters", 0, row(googleAPI, core.Create, nil, plus(ada, "name.givenName", long))},
		"google: a name with a bracket":     {"google", "without < and >", 0, row(googleAPI, core.Create, nil, plus(ada, "name.givenName", "A<b"))},
		"google: a phone that is not E.164": {"google", "country code", 1, row(googleAPI, core.Create, nil, plus(ada, "recoveryPhone", "070-1"))},
		"google: a comma in a phone":        {"google", "has one in it", 1, row(googleAPI, core.Create, nil, plus(ada, "phones.work", "1,2"))},
		"google: an org unit without slash": {"google", "begin with /", 0, row(googleAPI, core.Create, nil, plus(ada, "orgUnitPath", "Sales"))},
		"google: two dots in an address":    {"google", "two dots", 0, row(googleAPI, core.Create, nil, plus(ada, "primaryEmail", "a..b@corp.example"))},
		"google: 65 before the @":           {"google", "at most 64", 0, row(googleAPI, core.Create, nil, plus(ada, "primaryEmail", strings.Repeat("a", 65)+"@corp.example"))},
		"google: a value is cleared":        {"google", "not known to clear", 0, row(googleAPI, core.Update, plus(ada, "employeeNumber", "7"), values{"employeeNumber": ""})},
		"google: no org unit was read":      {"google", "“Org Unit Path [Required]” is required of existing users too", 0, row(func() *directory { return with("primaryEmail,name.givenName,name.familyName") }, core.Deactivate, values{"primaryEmail": "a@corp.example", "name.givenName": "A", "name.familyName": "B"}, values{core.Enabled: "false"})},
		"google: a bell in a title":         {"google", "cannot be seen", 1, row(googleAPI, core.Create, nil, plus(ada, "organizations.title", "a\ab"))},
		"google: broken UTF-8":              {"google", "no UTF-8", 1, row(googleAPI, core.Create, nil, plus(ada, "organizations.title", "a\xffb"))},
		"google: a manager nobody knows":    {"google", "address is not known", 1, row(googleAPI, core.Create, nil, plus(ada, "manager", "id-9"))},
		"google: a manager who is left out": {"google", "not in the file", 1, func() *directory {
			d := googleAPI()
			d.add(core.Create, "1", nil, plus(ada, "name.givenName", long))
			d.add(core.Create, "2", nil, plus(bo, "manager", ">1"))
			return d
		}},
		"google: an unwritable value that others would clear": {"google", "might remove it", 1, func() *directory {
			d := googleAPI()
			d.add(core.Update, "1", plus(ada, "manager", "id-77"), values{"employeeNumber": "8"})
			d.add(core.Create, "2", nil, plus(bo, "manager", "boss@corp.example"))
			return d
		}},
		"entra updates nobody":        {"entra-create", "no file that changes", 0, row(entraAPI, core.Update, eva, values{"city": "Oslo"})},
		"entra blocks nobody":         {"entra-create", "no file that changes", 0, row(entraAPI, core.Deactivate, eva, values{core.Enabled: "false"})},
		"entra has no manager":        {"entra-create", "no column for the manager", 1, row(entraAPI, core.Create, nil, plus(eva, "manager", "id-2"))},
		"entra has no number":         {"entra-create", "the employeeId: The file has no column", 1, row(entraAPI, core.Create, nil, plus(eva, "employeeId", "7"))},
		"entra: a blank at the end":   {"entra-create", "begins or ends with a blank", 1, row(entraAPI, core.Create, nil, plus(eva, "city", "Oslo "))},
		"entra: a blank in the name":  {"entra-create", "begins or ends with a blank", 0, row(entraAPI, core.Create, nil, plus(eva, "userPrincipalName", " eva@corp.example"))},
		"entra: a dot before the @":   {"entra-create", "user principal name", 0, row(entraAPI, core.Create, nil, plus(eva, "userPrincipalName", "eva.@corp.example"))},
		"entra: an accent in a name":  {"entra-create", "user principal name", 0, row(entraAPI, core.Create, nil, plus(eva, "userPrincipalName", "evå@corp.example"))},
		"entra: no display name":      {"entra-create", "Name [displayName] Required” is required", 0, row(entraAPI, core.Create, nil, values{"userPrincipalName": "eva@corp.example"})},
		"entra: a country in words":   {"entra-create", "two capital letters", 1, row(entraAPI, core.Create, nil, plus(eva, "usageLocation", "Sweden"))},
		"entra: a line break":         {"entra-create", "line break", 1, row(entraAPI, core.Create, nil, plus(eva, "city", "Os\nlo"))},
		"entra: two phones":           {"entra-create", "there are several", 1, row(entraAPI, core.Create, nil, plus(eva, "businessPhones", "1\x1f2"))},
		"entra deletes only deletes":  {"entra-delete", "entra-create creates", 0, row(entraAPI, core.Create, nil, eva)},
		"entra restores no blocked":   {"entra-restore", "no file that changes", 0, row(entraAPI, core.Reactivate, eva, values{core.Enabled: "true"})},
		"entra restores by object id": {"entra-restore", "be an object id", 0, row(entraAPI, core.Reactivate, eva, values{core.Deleted: ""})},
		"okta deactivates nobody":     {"okta", "does not deactivate", 0, row(oktaAPI, core.Deactivate, ola, values{core.Enabled: "false"})},
		"okta reactivates nobody":     {"okta", "does not reactivate", 0, row(oktaAPI, core.Reactivate, ola, values{core.Enabled: "true"})},
		"okta renames nobody":         {"okta", "finds users by it", 0, row(oktaAPI, core.Update, ola, values{"login": "olav@corp.example"})},
		"okta: a disabled newcomer":   {"okta", "without the right to sign in", 0, row(oktaAPI, core.Create, nil, plus(ola, core.Enabled, "false"))},
		"okta: a short login":         {"okta", "five characters", 0, row(oktaAPI, core.Create, nil, plus(ola, "login", "ola"))},
		"okta: a list":                {"okta", "several values are written", 1, row(oktaAPI, core.Create, nil, plus(ola, "languages", "sv\x1fen"))},
		"okta: a new manager":         {"okta", "known after the import", 1, row(oktaAPI, core.Create, nil, plus(ola, "managerId", ">2"))},
	} {
		t.Run(name, func(t *testing.T) {
			set := c.make().make(t, c.format)
			said := fmt.Sprint(set.Left)
			if set.Rows() != c.rows || len(set.Left) != 1 && c.rows == 0 || !strings.Contains(said, c.why) {
				t.Errorf("%d rows, left out: %v", set.Rows(), set.Left)
			}
			for _, l := range set.Left {
				if l.Why == "" || !strings.HasSuffix(l.Why, ".") {
					t.Errorf("a reason that is no sentence: %q", l.Why)
				}
			}
			switch {
			case c.rows == 0:
			case c.format == "google":
				validGoogle(t, set.only(t))
			case c.format == "entra-create":
				validEntraCreate(t, set.only(t))
			case c.format == "okta":
				validOkta(t, set.only(t))
			}
		})
	}
}

var (
	eva = values{"userPrincipalName": "eva@corp.example", "displayName": "Eva Ek"}
	ola = values{"login": "ola@corp.example", "email": "ola@corp.example", "firstName": "Ola", "lastName": "Ek"}
)

func row(of func() *directory, verb core.Verb, now, cells values) func() *directory {
	return func() *directory {
		d := of()
		d.add(verb, "1", now, cells)
		return d
	}
}

func TestManagersAreNamedAsTheConsoleWantsThem(t *testing.T) {
	d := googleAPI()
	d.add(core.Create, "1", nil, plus(ada, "manager", ">2"))
	d.add(core.Create, "2", nil, plus(ada, "primaryEmail", "bo@corp.example", "manager", "id-3"))
	d.add(core.Unchanged, "3", plus(ada, "primaryEmail", "cy@corp.example"), nil)
	d.add(core.Update, "4", plus(ada, "primaryEmail", "di@corp.example", "manager", "id-3"), values{"employeeNumber": "4"})
	set := d.make(t, "google")
	tb := validGoogle(t, set.only(t))
	for i, want := range []string{"bo@corp.example", "cy@corp.example", "cy@corp.example"} {
		if got := tb.of(i, "Manager Email"); got != want {
			t.Errorf("row %d: %q, want %q; left out %v", i+1, got, want, set.Left)
		}
	}
	o := oktaAPI()
	o.add(core.Update, "1", ola, values{"managerId": "00u1", "badgeColour": "blue"})
	tb = validOkta(t, o.make(t, "okta").only(t))
	if tb.of(0, "managerId") != "00u1" || tb.of(0, "badgeColour") != "blue" || tb.has("languages") {
		t.Errorf("%q", tb)
	}
}

func TestEntraDeletesAndRestores(t *testing.T) {
	d := entraAPI()
	d.add(core.Delete, "1", eva, nil)
	d.add(core.Reactivate, "2", plus(eva, core.AccountID, "00aa00aa-bb11-cc22-dd33-44ee44ee44ee"), values{core.Deleted: "", core.Enabled: "true", "city": "Oslo"})
	if tb := validEntra(t, d.make(t, "entra-delete").only(t), exampleDelete); tb.rows[0][0] != "eva@corp.example" || len(tb.rows) != 1 {
		t.Errorf("%q", tb)
	}
	set := d.make(t, "entra-restore")
	if tb := validEntra(t, set.only(t), exampleRestore); tb.rows[0][0] != "00aa00aa-bb11-cc22-dd33-44ee44ee44ee" || len(tb.rows) != 1 {
		t.Errorf("%q", tb)
	}
	if said := fmt.Sprint(set.Left); !strings.Contains(said, "the city") || !strings.Contains(said, "entra-delete deletes") {
		t.Error(said)
	}
}

func TestOnlyWhatIsTickedIsWritten(t *testing.T) {
	d := googleAPI()
	d.add(core.Create, "1", nil, ada).Tick = core.Off
	d.add(core.Create, "2", nil, plus(ada, "primaryEmail", "bo@corp.example"))
	d.add(core.Create, "3", nil, plus(ada, "primaryEmail", "cy@corp.example", "employeeNumber", "3"))
	d.add(core.Skipped, "4", nil, nil)
	f, _ := Find("google")
	set, err := Make(f, d.plan(), core.Approval{Hash: "h", Rows: map[int]core.Decision{0: core.Approve, 1: core.Reject}, Cells: map[int][]string{2: {"employeeNumber"}}})
	if err != nil || set.Rows() != 2 || set.NotTicked != 1 || set.Values != 1 || len(set.Left) > 0 {
		t.Fatalf("%v: %d rows, %d not ticked, %v", err, set.Rows(), set.NotTicked, set.Left)
	}
	if tb := validGoogle(t, set.only(t)); tb.has("Employee ID") {
		t.Error("a value that a person left out is in the file")
	}
	var p *core.Problem
	if _, err := Make(f, d.plan(), core.Approval{Hash: "other"}); !errors.As(err, &p) || p.Code != core.Stale {
		t.Errorf("%v", err)
	}
	if _, err := Find("ldif"); !errors.As(err, &p) || p.Code != core.BadOption || !strings.Contains(p.Fix, "entra-create") {
		t.Errorf("%v", err)
	}
}

// A machine reads the file: what begins like a formula stays as it is.
func TestNoApostropheIsAdded(t *testing.T) {
	d := googleAPI()
	d.add(core.Create, "1", nil, plus(ada, "organizations.title", "=1+1", "phones.work", "+4681"))
	tb := validGoogle(t, d.make(t, "google").only(t))
	if tb.of(0, "Employee Title") != "=1+1" || tb.of(0, "Work Phone") != "+4681" {
		t.Errorf("%q", tb.rows[0])
	}
}

func TestPasswordsAreNobodys(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		h := nobodysHash()
		if p := clearPassword(); seen[h] || seen[p] {
			t.Fatal("a password came twice")
		} else {
			seen[h], seen[p] = true, true
		}
	}
	if f, _ := Find("entra-create"); !f.Passwords() || !strings.Contains(f.Notes[0], "delete it") {
		t.Error("whoever gets clear passwords has to be told")
	}
	for _, id := range []string{"google", "okta", "entra-delete", "entra-restore"} {
		if f, _ := Find(id); f.Passwords() {
			t.Errorf("%s has clear passwords", id)
		}
	}
}

func TestSharedRecoveryPhoneIsTold(t *testing.T) {
	d := googleAPI()
	d.add(core.Create, "1", nil, plus(ada, "recoveryPhone", "+46701234567"))
	d.add(core.Create, "2", nil, plus(ada, "primaryEmail", "bo@corp.example", "recoveryPhone", "+46701234567"))
	if said := fmt.Sprint(d.make(t, "google").Notes); !strings.Contains(said, "2 users have “+46701234567” as their Recovery Phone") {
		t.Error(said)
	}
}

func TestManyRowsAreSplitAndStayWhole(t *testing.T) {
	const many = 10_000
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"Åsa", "Łukasz", "Zoë", "王", "O’Brien", "D'Arc", "a,b", `"the"`, "x;y", " = ", "😀", "née", "-", "İ", "é"}
	word := func() string {
		s := make([]string, 1+r.IntN(4))
		for i := range s {
			s[i] = pieces[r.IntN(len(pieces))]
		}
		return strings.TrimSpace("n" + strings.Join(s, " "))
	}
	for format, c := range map[string]struct {
		of     func() *directory
		login  string
		names  []string
		free   []string
		files  int
		valid  func(*testing.T, string) table
		breaks string
	}{
		"google":       {googleAPI, "primaryEmail", []string{"name.givenName", "name.familyName"}, []string{"organizations.title", "organizations.department", "addresses.work.formatted"}, 1, validGoogle, "\r\nx\ny"},
		"entra-create": {entraAPI, "userPrincipalName", []string{"displayName"}, []string{"givenName", "surname", "department", "jobTitle", "city"}, 2, validEntraCreate, ""},
		"okta":         {oktaAPI, "login", []string{"firstName", "lastName"}, []string{"title", "department", "badgeColour"}, 1, validOkta, ""},
	} {
		t.Run(format, func(t *testing.T) {
			d := c.of()
			var want []values
			for i := range many {
				v := values{c.login: fmt.Sprintf("p%d@corp.example", i)}
				if format == "okta" {
					v["email"] = v[c.login]
				}
				for _, id := range slices.Concat(c.names, c.free) {
					v[id] = word()
				}
				v[c.free[0]] += c.breaks
				d.add(core.Create, fmt.Sprint(i), nil, v)
				want = append(want, v)
			}
			set := d.make(t, format)
			if len(set.Left) > 0 || set.Rows() != many || len(set.Files) != c.files {
				t.Fatalf("%d rows in %d files, left out %d: %v", set.Rows(), len(set.Files), len(set.Left), set.Left[:min(3, len(set.Left))])
			}
			f, i := newSources(&set.Format, d.plan()), 0
			for _, file := range set.Files {
				tb := c.valid(t, string(file.Content))
				for row := range tb.rows {
					for id, v := range want[i] {
						if got := tb.of(row, set.Format.Columns[f.column[id]].Heading); got != v {
							t.Fatalf("row %d, %s: %q, want %q", i, id, got, v)
						}
					}
					i++
				}
			}
		})
	}
}

func TestGoogleSplitsByRowsAndBytes(t *testing.T) {
	f, _ := Find("google")
	f.rows = 3
	d := googleAPI()
	for i := range 7 {
		d.add(core.Create, fmt.Sprint(i), nil, plus(ada, "primaryEmail", fmt.Sprintf("p%d@corp.example", i)))
	}
	set, err := Make(f, d.plan(), core.Approval{Hash: "h"})
	if err != nil || fmt.Sprint(set.Names("/x/users.csv")) != "[/x/users-1.csv /x/users-2.csv /x/users-3.csv]" || set.Files[2].Rows != 1 {
		t.Fatalf("%v: %v", err, set.Names("/x/users.csv"))
	}
	f.rows, f.size = 0, 700
	if set, err = Make(f, d.plan(), core.Approval{Hash: "h"}); err != nil || len(set.Files) < 3 {
		t.Fatalf("%v: %d files", err, len(set.Files))
	}
	for _, file := range set.Files {
		validGoogle(t, string(file.Content))
		if len(file.Content) > 700 {
			t.Errorf("%d bytes", len(file.Content))
		}
	}
}

// The descriptions are checked as data: every one can be chosen, names its sources, says
// of every verb that it does not take why, and has its headings once.
func TestFormatsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		if seen[f.ID] || f.Label == "" || f.System == "" || len(f.Sources) == 0 || len(f.Verbs) == 0 || len(f.Doubts) == 0 {
			t.Errorf("%s is there twice or says too little", f.ID)
		}
		seen[f.ID] = true
		for _, v := range core.Verbs() {
			if takes := slices.Contains(f.Verbs, v); v.Writes() && takes == (f.unsayable[v] != "") {
				t.Errorf("%s: %s is both taken and refused, or neither", f.ID, v)
			}
		}
		headings := map[string]bool{}
		for _, c := range f.Columns {
			if headings[c.Heading] || c.looks != nil && c.form == "" {
				t.Errorf("%s: %s", f.ID, c.Heading)
			}
			headings[c.Heading] = true
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add("a", "b,c", "\"")
	f.Add("\r", "\r\n", " ")
	f.Add("", "", "x\"\"y")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		rows, err := parse(record([]string{a, b, c}))
		if err != nil || len(rows) != 1 || !slices.Equal(rows[0], []string{a, b, c}) {
			t.Errorf("%q, %q, %q became %q: %v", a, b, c, rows, err)
		}
	})
}
