package practice

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/idp/targetlaws"
	"rollcall/core"
)

// memory is a shelf in a map; it may be told to fail.
type memory struct {
	values map[string][]byte
	broken error
}

func (m *memory) Get(bucket, key string) ([]byte, error) { return m.values[bucket+"/"+key], nil }

func (m *memory) Put(bucket string, values map[string][]byte) error {
	if m.broken != nil {
		return m.broken
	}
	for k, v := range values {
		m.values[bucket+"/"+k] = bytes.Clone(v)
		if v == nil {
			delete(m.values, bucket+"/"+k)
		}
	}
	return nil
}

func (m *memory) All(bucket string) iter.Seq2[core.Item, error] {
	return func(yield func(core.Item, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(m.values)) {
			name, ok := strings.CutPrefix(k, bucket+"/")
			if ok && !yield(core.Item{Key: name, Value: m.values[k]}, nil) {
				return
			}
		}
	}
}

func open(t testing.TB, m *memory) core.Target {
	t.Helper()
	target, err := NewTarget(nil, core.Env{Shelf: m})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func newMemory() *memory { return &memory{values: map[string][]byte{}} }

func TestLaws(t *testing.T) {
	targetlaws.Run(t, &targetlaws.Subject{Target: open(t, newMemory()), Foreign: "acc99999999"})
}

func TestWithoutAShelfThereIsNoDirectory(t *testing.T) {
	if _, err := NewTarget(nil, core.Env{}); !core.HasCode(err, core.Unsupported) {
		t.Errorf("got %v", err)
	}
}

func TestManifestIsReadable(t *testing.T) {
	if s := Spec(); s.ID != "practice" || !s.Target || !s.Has(core.CanDelete) || s.CannotUndo["delete"] == "" {
		t.Errorf("the card is %+v", s)
	}
}

func person(n int) map[string]string {
	return map[string]string{userName: fmt.Sprintf("p%d@corp.example", n), "firstName": "P", "lastName": fmt.Sprint(n)}
}

func create(t testing.TB, target core.Target, set map[string]string) core.Receipt {
	t.Helper()
	r, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: set, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAccountsOutliveTheOpening(t *testing.T) {
	shelf := newMemory()
	r := create(t, open(t, shelf), person(1))
	a, err := open(t, shelf).Account(t.Context(), r.Account, nil)
	if err != nil || a.Value(userName) != "p1@corp.example" || a.Value(core.AccountVersion) != r.Version {
		t.Fatalf("got %v, %v", a.Map(), err)
	}
}

func TestTwoOpeningsSeeEachOther(t *testing.T) {
	shelf := newMemory()
	one, two := open(t, shelf), open(t, shelf)
	create(t, one, person(1))
	create(t, two, person(2))
	if _, err := one.Write(t.Context(), core.Write{Verb: core.Create, Set: person(2)}); !core.HasCode(err, core.Conflict) {
		t.Errorf("a name taken through another opening should be taken: %v", err)
	}
	health, err := one.Check(t.Context())
	if err != nil || health.People != 3 {
		t.Errorf("%d accounts, %v", health.People, err)
	}
}

func TestBuiltInAdministratorIsProtected(t *testing.T) {
	target := open(t, newMemory())
	found, err := target.Find(t.Context(), userName, "Administrator", nil)
	if err != nil || len(found) != 1 || found[0].Value(core.AccountProtected) == "" {
		t.Fatalf("found %d, %v", len(found), err)
	}
	for _, verb := range []core.Verb{core.Update, core.Deactivate, core.Delete} {
		_, err := target.Write(t.Context(), core.Write{Verb: verb, Account: found[0].ID(), Set: map[string]string{"title": "Nobody"}})
		if !core.HasCode(err, core.Refused) {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

func TestWritesAreRefusedLikeInADirectory(t *testing.T) {
	target := open(t, newMemory())
	taken := person(1)
	taken["email"], taken["employeeNumber"] = "ann@corp.example", "7"
	create(t, target, taken)
	for name, c := range map[string]struct {
		id, value string
		code      core.Code
		says      string
	}{
		"user name taken in other case": {userName, "P1@CORP.example", core.Conflict, "user name of P 1"},
		"e-mail taken":                  {"email", "Ann@corp.example", core.Conflict, "e-mail"},
		"number taken":                  {"employeeNumber", "7", core.Conflict, "employee number"},
		"no last name":                  {"lastName", "", core.Refused, "Last name"},
		"too long":                      {"costCenter", strings.Repeat("ü", 65), core.Refused, "65 characters; the directory keeps 64"},
		"a list with a long item":       {"groups", "a\x1f" + strings.Repeat("b", 65), core.Refused, "Groups"},
		"no date":                       {"startDate", "1.2.2024", core.Refused, "YYYY-MM-DD"},
		"no e-mail":                     {"email", "ann", core.Refused, "name@domain"},
		"no such role":                  {role, "King", core.Refused, "Administrator"},
		"no such manager":               {manager, "acc00000099", core.Refused, "Manager"},
	} {
		t.Run(name, func(t *testing.T) {
			set := person(2)
			set[c.id] = c.value
			_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: set})
			if !core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNobodyManagesThemselves(t *testing.T) {
	target := open(t, newMemory())
	id := create(t, target, person(1)).Account
	_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{manager: id}})
	if !core.HasCode(err, core.Refused) {
		t.Errorf("got %v", err)
	}
}

func TestReportsOfADeletedManagerHaveNone(t *testing.T) {
	target := open(t, newMemory())
	boss := create(t, target, person(1)).Account
	set := person(2)
	set[manager] = boss
	report := create(t, target, set)
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Delete, Account: boss}); err != nil {
		t.Fatal(err)
	}
	a, err := target.Account(t.Context(), report.Account, nil)
	if err != nil || a.Value(manager) != "" || a.Value(core.AccountVersion) == report.Version {
		t.Errorf("manager %q, version %s, %v", a.Value(manager), a.Value(core.AccountVersion), err)
	}
}

func TestRepeatedCreateGivesTheSameAccount(t *testing.T) {
	shelf := newMemory()
	w := core.Write{Verb: core.Create, Set: person(1), Key: "run-1-row-1"}
	first, err := open(t, shelf).Write(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := open(t, shelf).Write(t.Context(), w); err != nil || again != first {
		t.Errorf("got %+v, %v; want %+v", again, err, first)
	}
}

func TestFailedWriteLeavesNothingBehind(t *testing.T) {
	shelf := newMemory()
	target := open(t, shelf)
	create(t, target, person(1))
	shelf.broken = errors.New("disk is full")
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: person(2)}); err == nil {
		t.Fatal("the write should fail")
	}
	shelf.broken = nil
	if found, err := target.Find(t.Context(), userName, "p2@corp.example", nil); err != nil || len(found) != 0 {
		t.Errorf("found %d, %v", len(found), err)
	}
	create(t, target, person(2))
}

func TestDamagedShelfIsSaid(t *testing.T) {
	shelf := newMemory()
	create(t, open(t, shelf), person(1))
	shelf.values[bucket+"/acc00000002"] = []byte("{")
	if _, err := open(t, shelf).Check(t.Context()); !core.HasCode(err, core.Damaged) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkCreateAmongThousands(b *testing.B) {
	target := open(b, newMemory())
	for n := range 20000 {
		create(b, target, person(n))
	}
	n := 20000
	for b.Loop() {
		create(b, target, person(n))
		n++
	}
}
