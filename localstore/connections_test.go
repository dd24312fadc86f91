package localstore

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

func TestConnectionComesBackWithItsSecrets(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		long := core.Secret(strings.Repeat("a service account's key, long. ", 400))
		in := Connection{Name: " Acme HR ", Connector: "acmehr", Options: map[string]string{"subdomain": "northlake"}, Base: "http://127.0.0.1:8080"}
		kept := must[Connection](t)(s.SaveConnection(t.Context(), in, core.Answers{"apiKey": "59d7", "json": long}))
		want := Connection{ID: kept.ID, Name: "Acme HR", Connector: "acmehr", Options: in.Options, Secrets: []string{"apiKey", "json"}, Base: in.Base, Created: c.now()}
		same(t, kept, want)
		same(t, must[Connection](t)(s.ConnectionNamed(t.Context(), "acme hr")), want)
		same(t, must[[]Connection](t)(s.Connections(t.Context())), []Connection{want})
		answers := must[core.Answers](t)(s.Answers(t.Context(), kept.ID))
		if len(answers) != 3 || answers.Get("subdomain") != "northlake" || answers.Get("apiKey") != "59d7" || answers["json"] != long {
			t.Fatal("the answers differ")
		}
	})
}

func TestSavingAConnectionKeepsSecretsThatWereNotGivenAgain(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		c := must[Connection](t)(s.SaveConnection(t.Context(), Connection{Name: "A"}, core.Answers{"key": "1", "old": "2"}))
		c.Name = "B"
		c = must[Connection](t)(s.SaveConnection(t.Context(), c, core.Answers{"old": ""}))
		same(t, c.Secrets, []string{"key"})
		ok(t, s.SaveSecret(t.Context(), c.ID, "refresh", "3"))
		ok(t, s.SaveSecret(t.Context(), c.ID, "key", "4"))
		answers := must[core.Answers](t)(s.Answers(t.Context(), c.ID))
		if len(answers) != 2 || answers.Get("key") != "4" || answers.Get("refresh") != "3" {
			t.Fatalf("%d answers", len(answers))
		}
	})
}

func TestOldCopyOfAConnectionDoesNotUndoWhatTheStoreNoted(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		old := addConnection(t, s, "HR")
		check := Check{At: c.now(), Summary: "412 employees visible."}
		ok(t, s.NoteCheck(t.Context(), old.ID, check))
		ok(t, s.SaveSecret(t.Context(), old.ID, "refresh", "r"))
		old.Options = map[string]string{"subdomain": "corp"}
		got := must[Connection](t)(s.SaveConnection(t.Context(), old, nil))
		want := old
		want.Check, want.Secrets = check, []string{"refresh"}
		same(t, got, want)
	})
}

func TestConnectionThatCouldNotBeKeptLeavesNoSecret(t *testing.T) {
	o, _ := options(t)
	chain := &fragile{memoryKeychain: MemoryKeychain().(*memoryKeychain), left: 1000}
	o.Keychain = chain
	s := open(t, o)
	chain.left = 3 // the first secret: piece, head, and a look for a piece too many
	chain.again = true
	_, err := s.SaveConnection(t.Context(), Connection{Name: "HR"}, core.Answers{"a": "1", "b": "2"})
	wantProblem(t, err, core.NoKeychain, "keychain")
	for name := range chain.secrets {
		if name != s.vault.keyName() {
			t.Errorf("%s is left", name)
		}
	}
	empty(t, s, "connection")
}

func TestGoneConnectionIsNotSavedAgain(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		c := addConnection(t, s, "HR")
		ok(t, s.Forget(t.Context(), c.ID))
		_, err := s.SaveConnection(t.Context(), c, core.Answers{"key": "1"})
		wantProblem(t, err, core.NotFound, "connection")
		wantProblem(t, s.SaveSecret(t.Context(), c.ID, "key", "1"), core.NotFound, "connection")
		_, err = s.SaveSync(t.Context(), Sync{ID: "gone", Name: "s"})
		wantProblem(t, err, core.NotFound, "sync")
	})
}

func TestNamesOfConnectionsAreOneOfAKind(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		addConnection(t, s, "Acme HR")
		_, err := s.SaveConnection(t.Context(), Connection{Name: "ACME hr"}, core.Answers{"key": "1"})
		wantProblem(t, err, core.Conflict, "“ACME hr”")
		_, err = s.SaveConnection(t.Context(), Connection{Name: " "}, nil)
		wantProblem(t, err, core.BadOption, "no name")
		_, err = s.ConnectionNamed(t.Context(), "Beta HR")
		wantProblem(t, err, core.NotFound, "“Beta HR”")
	})
}

func TestLastCheckIsRemembered(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		id := addConnection(t, s, "Acme HR").ID
		check := Check{At: c.now(), Code: core.MissingScope, Summary: "Not allowed to see pay.", Expires: c.now().Add(time.Hour)}
		ok(t, s.NoteCheck(t.Context(), id, check))
		same(t, must[Connection](t)(s.Connection(t.Context(), id)).Check, check)
		wantProblem(t, s.NoteCheck(t.Context(), "nobody", check), core.NotFound, "connection")
	})
}

func TestForgetLeavesNothingOfAConnection(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		ctx := t.Context()
		hr := must[Connection](t)(s.SaveConnection(ctx, Connection{Name: "HR"}, core.Answers{"key": "1"}))
		dir, other := addConnection(t, s, "Directory"), addConnection(t, s, "Other")
		y := must[Sync](t)(s.SaveSync(ctx, Sync{Name: "HR → Directory", Setup: core.Setup{
			Source: core.Side{Connection: "HR"}, Target: core.Side{Connection: "Directory"}, Mapping: []core.Rule{{Attribute: "mail", Field: "email"}}}}))
		ok(t, s.SaveMemory(ctx, y.ID, core.Memory{Links: []core.Link{{Person: "1", Account: "a"}}}))
		for _, n := range []Snapshot{{Connection: hr.ID}, {Sync: y.ID}, {Connection: other.ID}} {
			must[Snapshot](t)(s.SaveSnapshot(ctx, n, people(3)))
		}
		ok(t, s.Shelf(hr.ID).Put("b", map[string][]byte{"k": []byte("v")}))
		savePlan(t, s, Plan{ID: "p1", Source: hr.ID, Target: dir.ID, Sync: y.ID}, "rows")
		savePlan(t, s, Plan{ID: "p2", Source: other.ID}, "rows")
		run := must[Run](t)(s.StartRun(ctx, "p1", core.Approval{}))
		ok(t, s.Journal(run.ID).Before(core.Entry{}))

		wantProblem(t, s.Forget(ctx, hr.ID), core.Conflict, "going on")
		ok(t, s.EndRun(ctx, run.ID, Ended, nil))
		ok(t, s.Forget(ctx, hr.ID))

		for table, want := range map[string]int{"connection": 2, "snapshot": 1, "plan": 1, "run": 0, "journal": 0, "shelf": 0, "stream": 2} {
			var got int
			ok(t, s.readers.QueryRow("SELECT count(*) FROM "+table).Scan(&got))
			if got != want {
				t.Errorf("%d rows left in %s, want %d", got, table, want)
			}
		}
		chain := s.vault.chain
		if _, err := chain.Get(s.vault.secretName(hr.ID, "key")); !errors.Is(err, ErrNoEntry) {
			t.Errorf("the secret is still there: %v", err)
		}
		left := must[Sync](t)(s.Sync(ctx, y.ID))
		if !left.Draft || left.Setup.Source.Connection != "" || left.Setup.Target.Connection != "Directory" || len(left.Setup.Mapping) != 1 {
			t.Errorf("the sync should be a draft without its source: %+v", left)
		}
		if m := must[core.Memory](t)(s.Memory(ctx, y.ID)); len(m.Links) != 0 {
			t.Error("links are left")
		}
		wantProblem(t, s.Forget(ctx, hr.ID), core.NotFound, "connection")
	})
}
