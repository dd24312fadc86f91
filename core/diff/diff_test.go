package diff

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/internal/made"
	"rollcall/core/match"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func input(desired, accounts []string) Input {
	in := Input{Desired: made.Desired(desired...), Accounts: made.Accounts(accounts...), Attributes: made.Attributes, Rules: made.Rules(),
		Keys: made.Keys, Modes: core.DefaultModes(), Now: now, Flaws: map[int32][]core.Flaw{}, Out: map[int32]Left{}}
	return in
}

func rows(in Input) Result {
	in.Pairs, in.Clashes = match.Pairs(match.Input{Desired: in.Desired, People: match.NewPeople(in.Desired), Accounts: in.Accounts, Known: match.NewAccounts(in.Accounts, in.Keys), Keys: in.Keys, Links: in.Memory.Links,
		Out: func(d int32) bool { _, out := in.Out[d]; return out }})
	in.Find = match.NewPeople(in.Desired).Find
	return Rows(in)
}

// told writes a row as one line: verb, tick, reason, cells.
func told(r core.Row) string {
	ticks := []string{"", "off ", "stopped ", "locked "}
	var cells []string
	for _, c := range r.Cells {
		cells = append(cells, fmt.Sprintf("%s%s:%s→%s", ticks[c.Tick], c.Attribute, c.Before, core.ShowValue(c.After)))
	}
	return strings.TrimSpace(fmt.Sprintf("%s%s (%s) %s", ticks[r.Tick], r.Verb, r.Why.Text(), strings.Join(cells, ", ")))
}

func TestOnePersonOneAccount(t *testing.T) {
	never := func(m *core.Modes) {}
	for _, c := range []struct {
		name    string
		person  string
		account string
		modes   func(*core.Modes)
		want    string
	}{
		{"new hire is created", "number=1 login=ada", "", never, "create (New hire) login:→ada, number:→1, @active:→true"},
		{"future hire inside the window is created disabled", "number=1 status=future start=2026-11-28", "", never, "create (New hire) number:→1, @active:→false"},
		{"future hire outside the window waits", "number=1 status=future start=2026-12-28", "", never, "off held (Starts later)"},
		{"future hire without a date waits", "number=1 status=future", "", never, "off held (Starts later)"},
		{"a start date ahead counts whatever the status says", "number=1 status=active start=2027-01-01", "", never, "off held (Starts later)"},
		{"backdated hire is created enabled", "number=1 status=active start=2026-10-01", "", never, "create (New hire) number:→1, @active:→true"},
		{"leaver without an account is skipped", "number=1 status=terminated", "", never, "skipped (Left, no account)"},
		{"unknown status is never a leaver", "number=1 status=unknown", "number=1", never, "off held (Status not understood)"},
		{"nobody without an identifier is created", "person=x login=ada", "", never, "off held (No identifier)"},
		{"create switched off", "number=1", "", func(m *core.Modes) { m.Create = false }, "skipped (Switched off)"},

		{"same is unchanged", "number=1 title=CTO", "number=1 title=CTO", never, "unchanged ()"},
		{"difference is updated", "number=1 title=CTO", "number=1 title=Engineer", never, "update (Fields differ) title:Engineer→CTO"},
		{"what the source did not state stays", "number=1", "number=1 title=Engineer", never, "unchanged ()"},
		{"what the source states as empty is cleared", "number=1 title=-", "number=1 title=Engineer", never, "update (Fields differ) title:Engineer→"},
		{"a title in other case is a change", "number=1 title=cto", "number=1 title=CTO", never, "update (Fields differ) title:CTO→cto"},
		{"an address in other case is left alone", "number=1 mail=A@x.example", "number=1 mail=a@x.example", never, "unchanged (Upper and lower case differ)"},
		{"an address in other case is written on demand", "number=1 mail=A@x.example", "number=1 mail=a@x.example", func(m *core.Modes) { m.CaseOnly = true }, "update (Fields differ) mail:a@x.example→A@x.example"},
		{"composed and decomposed letters are no change", "number=1 title=Zo\u00eb", "number=1 title=Zoe\u0308", never, "unchanged ()"},
		{"lists have no order", "number=1 groups=a\x1fb", "number=1 groups=b\x1fa", never, "unchanged ()"},
		{"a login change waits for a tick", "number=1 login=new", "number=1 login=old", never, "off update (Sign-in name changes) off login:old→new"},
		{"a login change beside others waits alone", "number=1 login=new title=B", "number=1 login=old title=A", never, "update (Fields differ) off login:old→new, title:A→B"},
		{"a login change can be let through", "number=1 login=new", "number=1 login=old", func(m *core.Modes) { m.Logins = core.Do }, "update (Fields differ) login:old→new"},
		{"a login change can be left out", "number=1 login=new", "number=1 login=old", func(m *core.Modes) { m.Logins = core.Never }, "unchanged (Sign-in name changes)"},
		{"update switched off", "number=1 title=B", "number=1 title=A", func(m *core.Modes) { m.Update = false }, "skipped (Switched off)"},
		{"an account found by address only is to be confirmed", "number=1 mail=a@x.example", "id=a mail=a@x.example", never, "off update (Existing account found) number:→1"},

		{"leaver is disabled, not deleted", "number=1 status=terminated end=2020-01-01 title=B", "number=1 title=A", never, "deactivate (Has left) @active:true→false"},
		{"disabled leaver stays", "number=1 status=terminated end=2020-01-01 title=B", "number=1 title=A active=false", never, "unchanged (Has left)"},
		{"disabled leaver is deleted after the grace where deleting is on", "number=1 status=terminated end=2026-10-01", "number=1 active=false", func(m *core.Modes) { m.Delete = true }, "delete (Time to delete) number:1→"},
		{"disabled leaver is kept during the grace", "number=1 status=terminated end=2026-11-01", "number=1 active=false", func(m *core.Modes) { m.Delete = true }, "unchanged (Has left)"},
		{"leaver is never deleted while enabled", "number=1 status=terminated end=2020-01-01", "number=1", func(m *core.Modes) { m.Delete = true }, "deactivate (Has left) @active:true→false"},
		{"deactivate switched off", "number=1 status=terminated", "number=1", func(m *core.Modes) { m.Deactivate = false }, "skipped (Switched off)"},
		{"an end date ahead changes nothing", "number=1 status=active end=2026-12-31", "number=1", never, "unchanged ()"},
		{"on leave stays enabled", "number=1 status=on_leave", "number=1", never, "unchanged ()"},
		{"on leave is disabled by choice", "number=1 status=on_leave", "number=1", func(m *core.Modes) { m.OnLeave = core.Disable }, "deactivate (On leave) @active:true→false"},
		{"disabled by others is only proposed", "number=1", "number=1 active=false", never, "off reactivate (Disabled by someone else) @active:false→true"},
		{"protected account is locked", "number=1 status=terminated", "number=1 protected=administrator", never, "locked deactivate (Protected account) @active:true→false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var accounts []string
			if c.account != "" {
				accounts = []string{c.account}
			}
			in := input([]string{c.person}, accounts)
			c.modes(&in.Modes)
			got := rows(in)
			if len(got.Rows) != 1 || told(got.Rows[0]) != c.want {
				t.Errorf("got  %v\nwant %s", got.Rows, c.want)
				for _, r := range got.Rows {
					t.Log(told(r))
				}
			}
		})
	}
}

func TestRehireOfSomebodyWhomWeDisabledIsEnabled(t *testing.T) {
	in := input([]string{"number=1 title=B"}, []string{"number=1 title=A active=false"})
	in.Memory.Links = []core.Link{{Person: "p1", Account: "a1", Disabled: true}}
	if got := told(rows(in).Rows[0]); got != "reactivate (Came back) @active:false→true, title:A→B" {
		t.Error(got)
	}
}

func TestAccountsWithoutAPerson(t *testing.T) {
	absent := core.Absence{Runs: 1, First: now.Add(-30 * time.Hour), Last: now.Add(-30 * time.Hour)}
	for _, c := range []struct {
		name    string
		account string
		policy  string
		seen    map[string]core.Absence
		want    string
	}{
		{"is reported, not disabled", "number=1", core.Report, nil, "off held (No longer in the source) 1 of 2 readings"},
		{"is not disabled at the first reading", "number=1", core.Disable, nil, "off held (No longer in the source) 1 of 2 readings"},
		{"is disabled at the second, a day later", "number=1", core.Disable, map[string]core.Absence{"a1": absent}, "deactivate (No longer in the source) @active:true→false 2 of 2 readings"},
		{"is not disabled by two readings of one day", "number=1", core.Disable, map[string]core.Absence{"a1": {Runs: 1, First: now.Add(-time.Hour), Last: now.Add(-time.Hour)}}, "off held (No longer in the source) 1 of 2 readings"},
		{"is left alone when disabled", "number=1 active=false", core.Disable, map[string]core.Absence{"a1": absent}, "unchanged (No longer in the source) already disabled"},
		{"is not ours without the sync key", "id=service", core.Disable, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(nil, []string{c.account})
			in.Modes.Absent, in.Memory.Absent = c.policy, c.seen
			got, line := rows(in), ""
			for _, r := range got.Rows {
				line = told(r) + " " + r.Detail
			}
			if line != c.want {
				t.Errorf("got %q, want %q", line, c.want)
			}
			if c.want == "" && got.Unmanaged != 1 {
				t.Error("the account should be counted as unmanaged")
			}
		})
	}
}

func TestSomebodyWhomTheFilterLeavesOutKeepsTheAccount(t *testing.T) {
	in := input([]string{"number=1"}, []string{"number=1"})
	in.Out[0] = Left{core.FilteredOut, "Department is not Sales"}
	if got := told(rows(in).Rows[0]); got != "skipped (Left out by the filter)" {
		t.Error(got)
	}
	in.Modes.LeftScope = core.Disable
	if got := told(rows(in).Rows[0]); got != "deactivate (Left the filter) @active:true→false" {
		t.Error(got)
	}
}

func TestWriteRules(t *testing.T) {
	for _, c := range []struct {
		rule core.WriteRule
		has  string
		want string
	}{
		{core.CreateOnly, "title=A", "unchanged ()"},
		{core.CreateOnly, "", "unchanged ()"},
		{core.IfEmpty, "title=A", "unchanged ()"},
		{core.IfEmpty, "", "update (Fields differ) title:→B"},
		{core.Always, "title=A", "update (Fields differ) title:A→B"},
	} {
		in := input([]string{"number=1 title=B"}, []string{"number=1 " + c.has})
		in.Rules[4].Write = c.rule
		if got := told(rows(in).Rows[0]); got != c.want {
			t.Errorf("%s over %q: got %s, want %s", c.rule, c.has, got, c.want)
		}
	}
	in := input([]string{"number=1 groups=b\x1fc"}, []string{"number=1 groups=a\x1fb"})
	in.Rules[5].Write = core.Merge
	if got := told(rows(in).Rows[0]); got != "update (Fields differ) groups:a\x1fb→a, b, c" {
		t.Errorf("merge: %s", got)
	}
}

func TestManagers(t *testing.T) {
	for _, c := range []struct {
		name              string
		desired, accounts []string
		want              string // the first person's row
	}{
		{"becomes the account's id", []string{"number=1 manager=2", "number=2"}, []string{"number=1", "number=2"}, "update (Fields differ) manager:→a2"},
		{"is no change when right", []string{"number=1 manager=2", "number=2"}, []string{"number=1 manager=a2", "number=2"}, "unchanged ()"},
		{"who is made by this plan waits for the second pass", []string{"number=1 manager=p2", "number=2"}, []string{"number=1"}, "update (Fields differ) manager:→new:p2"},
		{"who is unknown leaves the attribute as it is", []string{"number=1 manager=9"}, []string{"number=1 manager=a8"}, "unchanged (Manager not found)"},
		{"who is the person stays out", []string{"number=1 manager=1"}, []string{"number=1"}, "unchanged (Manager not found)"},
		{"who left and has no account is not found", []string{"number=1 manager=2", "number=2 status=terminated"}, []string{"number=1"}, "unchanged (Manager not found)"},
		{"in a circle is held", []string{"number=1 manager=2", "number=2 manager=3", "number=3 manager=1"}, []string{"number=1", "number=2", "number=3"}, "unchanged (Managers in a circle)"},
		{"who is in a circle is still somebody's manager", []string{"number=1 manager=2", "number=2 manager=3", "number=3 manager=2"}, []string{"number=1", "number=2", "number=3"}, "update (Fields differ) manager:→a2"},
		{"of a new account that exists is written at once", []string{"number=1 manager=2", "number=2"}, []string{"number=2"}, "create (New hire) number:→1, manager:→a2, @active:→true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := rows(input(c.desired, c.accounts))
			if told(got.Rows[0]) != c.want {
				t.Errorf("got %s, want %s", told(got.Rows[0]), c.want)
			}
		})
	}
}

func TestAUniqueValueIsGivenOnce(t *testing.T) {
	for name, c := range map[string]struct{ desired, accounts []string }{
		"twice in one plan":        {[]string{"number=1 login=ada", "number=2 login=Ada"}, nil},
		"taken by another account": {[]string{"number=1 login=ada"}, []string{"id=x login=ADA"}},
	} {
		for _, r := range rows(input(c.desired, c.accounts)).Rows {
			if r.OfPerson() && r.Why != core.ValueTaken {
				t.Errorf("%s: %s", name, told(r))
			}
		}
	}
	kept := rows(input([]string{"number=1 login=ada title=B"}, []string{"number=1 login=ada title=A"})).Rows[0]
	if kept.Verb != core.Update {
		t.Errorf("an account may keep its own value: %s", told(kept))
	}
}

func TestFlawsHoldThePersonUnlessTheAccountKeepsItsValue(t *testing.T) {
	missing := []core.Flaw{{Attribute: "login", Why: core.ValueMissing}}
	for name, c := range map[string]struct {
		flaws    []core.Flaw
		accounts []string
		want     string
	}{
		"missing for a new account":       {missing, nil, "off held (Required value missing)"},
		"missing for an existing account": {missing, []string{"number=1"}, "unchanged ()"},
		"bad for an existing account":     {[]core.Flaw{{Attribute: "title", Why: core.ValueBad, Detail: "too long"}}, []string{"number=1"}, "off held (Value cannot be written)"},
	} {
		in := input([]string{"number=1"}, c.accounts)
		in.Flaws[0] = c.flaws
		if got := told(rows(in).Rows[0]); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	in := input([]string{"number=1"}, []string{"number=1"})
	in.Flaws[0], in.Rules[4].Write = []core.Flaw{{Attribute: "title", Why: core.ValueBad, Detail: "too long"}}, core.CreateOnly
	if got := told(rows(in).Rows[0]); got != "unchanged ()" {
		t.Errorf("bad in a rule for new accounts only: %s", got)
	}
}

func TestListedAccountsAreProtected(t *testing.T) {
	in := input([]string{"number=1 title=B"}, []string{"number=1 title=A mail=Boss@x.example"})
	in.Protected = map[string]bool{"boss@x.example": true}
	if got := rows(in).Rows[0]; got.Tick != core.Locked {
		t.Error(told(got))
	}
}

func TestProtectedAccountsOfTheDirectoryAreCounted(t *testing.T) {
	in := input(nil, []string{"number=1 protected=administrator", "protected=administrator", "number=2"})
	if got := rows(in); got.Protected != 2 || got.Unmanaged != 1 {
		t.Errorf("got %d protected, %d not managed", got.Protected, got.Unmanaged)
	}
}
