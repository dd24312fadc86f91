package file

import (
	"context"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

func target(t *testing.T, text string, answers map[string]string) *Target {
	t.Helper()
	a := core.Answers{"path": core.Secret(write(t, "accounts.csv", text))}
	for k, v := range answers {
		a[k] = core.Secret(v)
	}
	d, err := NewTarget(CSV, a, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func accounts(t *testing.T, d *Target, want ...string) []core.Account {
	t.Helper()
	var all []core.Account
	for a, err := range d.Accounts(context.Background(), want) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

const accountText = "userName,First name,Last name,Email,Account status,Personnel no\nzoe,Zoë,Grünwald,zoe@corp.example,Active,007\nben,Ben,,ben@corp.example,SUSPENDED,008\neva,Eva,Ek,eva@corp.example,,009\n"

func TestRowsBecomeAccounts(t *testing.T) {
	d := target(t, accountText, nil)
	all := accounts(t, d)
	for i, want := range []struct {
		id, name string
		active   bool
	}{{"zoe", "Zoë Grünwald", true}, {"ben", "Ben", false}, {"eva", "Eva Ek", true}} {
		if a := all[i]; a.ID() != want.id || a.Value(core.AccountName) != want.name || a.Active() != want.active {
			t.Errorf("got %v, want %v", a.Map(), want)
		}
	}
	attrs, err := d.Attributes(context.Background())
	if err != nil || len(attrs) != 6 || !attrs[0].Login || attrs[1].Login || attrs[3].Kind != core.Email {
		t.Fatalf("got %v, %v", attrs, err)
	}
	if some := accounts(t, d, "email", "no such"); some[0].Value("email") != "zoe@corp.example" || some[0].Value("First name") != "" || len(some[0].Schema().Fields()) != len(core.Reserved)+1 {
		t.Errorf("got %v", some[0].Map())
	}
}

func TestAccountIDIsFound(t *testing.T) {
	for header, want := range map[string]string{
		"userName,id,Email": "b", "a,Object ID,userName": "b", "Email,userName,x": "b", "x,Email,Employee number": "b", "First name,Personalnummer,x": "b",
	} {
		if all := accounts(t, target(t, header+"\na,b,c\n", nil)); all[0].ID() != want {
			t.Errorf("%s: got %q", header, all[0].ID())
		}
	}
	if all := accounts(t, target(t, "x,id\na,b\n", map[string]string{"id": "x"})); all[0].ID() != "a" {
		t.Errorf("the chosen column should win, got %q", all[0].ID())
	}
	_, err := target(t, "x,y\na,b\n", nil).Check(context.Background())
	if !core.HasCode(err, core.BadData) {
		t.Errorf("got %v", err)
	}
}

func TestAccountStateIsUnderstood(t *testing.T) {
	for _, c := range []struct {
		header, cell string
		active       bool
	}{
		{"Enabled", "true", true}, {"Enabled", "0", false}, {"Disabled", "true", false}, {"Disabled", "no", true}, {"Disabled", "", true},
		{"Status", "DEPROVISIONED", false}, {"Status", "On leave", true}, {"Status", "Terminated", false}, {"Status", "whatever", true}, {"Active", "FALSE", false},
	} {
		all := accounts(t, target(t, "id,"+c.header+"\n1,"+c.cell+"\n", nil))
		if all[0].Active() != c.active {
			t.Errorf("%s %q: active is %v", c.header, c.cell, all[0].Active())
		}
	}
}

func TestOneAccountIsFoundByIDOrValue(t *testing.T) {
	ctx, d := context.Background(), target(t, accountText, nil)
	if a, err := d.Account(ctx, "ben", nil); err != nil || a.Value("Personnel no") != "008" {
		t.Errorf("got %v, %v", a.Map(), err)
	}
	if _, err := d.Account(ctx, "nobody", nil); !core.HasCode(err, core.NotFound) {
		t.Errorf("got %v", err)
	}
	found, err := d.Find(ctx, "Email", "EVA@corp.example", []string{"userName"})
	if err != nil || len(found) != 1 || found[0].Value("userName") != "eva" {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestFilesAreNeverWritten(t *testing.T) {
	_, err := target(t, accountText, nil).Write(context.Background(), core.Write{Verb: core.Update})
	if !core.HasCode(err, core.Unsupported) || !strings.Contains(err.Error(), "accounts.csv") {
		t.Errorf("got %v", err)
	}
}

func TestHealthTellsWhatWasFound(t *testing.T) {
	h, err := target(t, accountText, nil).Check(context.Background())
	if err != nil || h.People != 3 || h.Summary != "3 rows, 6 columns" || !slices.Contains(h.Notes, "Columns are separated by commas.") {
		t.Errorf("got %+v, %v", h, err)
	}
}
