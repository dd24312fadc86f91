package localstore

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rollcall/core"
)

func TestRunIsKeptWithWhoAndWhy(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		y := must[Sync](t)(s.SaveSync(t.Context(), Sync{Name: "s"}))
		savePlan(t, s, Plan{ID: "p", Name: "HR → Okta", Sync: y.ID}, "")
		a := fullApproval(c.now())
		run := must[Run](t)(s.StartRun(t.Context(), "p", a))
		want := Run{ID: run.ID, Plan: "p", Name: "HR → Okta", Sync: y.ID, Who: "Ada Sample", Allowed: a.Allowed, Started: c.now(), State: Running}
		same(t, run, want)
		c.pass(time.Minute)
		want.State, want.Ended, want.Counts = Stopped, c.now(), map[string]int{"done": 4, "failed": 1}
		ok(t, s.EndRun(t.Context(), run.ID, Stopped, want.Counts))
		same(t, must[[]Run](t)(s.Runs(t.Context())), []Run{want})

		resumed, approval, err := s.ResumeRun(t.Context(), run.ID, core.Approval{})
		ok(t, err)
		want.State, want.Ended = Running, time.Time{}
		same(t, resumed, want)
		same(t, approval, a)
		same(t, must[Run](t)(s.Run(t.Context(), run.ID)), want)

		more := core.Approval{Hash: "h", By: "Bo", Allowed: map[string]string{"create": "they are known"}}
		want.Allowed = map[string]string{"create": "they are known"}
		for guard, reason := range a.Allowed {
			want.Allowed[guard] = reason
		}
		for _, given := range []core.Approval{more, {}} {
			resumed, approval, err = s.ResumeRun(t.Context(), run.ID, given)
			ok(t, err)
			same(t, resumed, want)
			same(t, approval, more)
		}
	})
}

func TestRunsThatAreNotThereAreNamed(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		_, err := s.StartRun(t.Context(), "none", core.Approval{})
		wantProblem(t, err, core.NotFound, "plan")
		_, _, err = s.ResumeRun(t.Context(), "none", core.Approval{})
		wantProblem(t, err, core.NotFound, "run")
		wantProblem(t, s.EndRun(t.Context(), "none", Ended, nil), core.NotFound, "run")
		wantProblem(t, s.Journal("none").Before(core.Entry{}), core.NotFound, "run")
		for _, err := range s.Journal("none").Entries() {
			wantProblem(t, err, core.NotFound, "run")
		}
	})
}

func startRun(t testing.TB, s *Store) Run {
	t.Helper()
	savePlan(t, s, Plan{ID: "p"}, "")
	return must[Run](t)(s.StartRun(t.Context(), "p", core.Approval{By: "Ada"}))
}

func noted(t testing.TB, j core.Journal) []core.Noted {
	t.Helper()
	var all []core.Noted
	for n, err := range j.Entries() {
		ok(t, err)
		all = append(all, n)
	}
	return all
}

func TestJournalTellsWhatIsOpen(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		j := s.Journal(startRun(t, s).ID)
		first := core.Entry{Row: 7, Verb: core.Update, Person: "p7", Account: "a7", Name: "Ada Sample", Version: `W/"3"`,
			Cells: []core.Cell{{Attribute: "proxy", Before: "a" + core.ListSeparator + "b", After: "ü<&>", Pending: "p1", Tick: core.Off, Why: core.FieldsDiffer}}}
		second := core.Entry{Row: 7, Second: true, Verb: core.Update}
		create := core.Entry{Row: 8, Verb: core.Create}
		drifted := core.Entry{Row: 9, Verb: core.Delete}
		failed := core.Outcome{Row: 8, Verb: core.Create, State: core.Failed, Took: time.Second, Account: "a8",
			Problem: &core.Problem{Code: core.Conflict, What: "Taken.", Fix: "Choose.", Cause: errors.New("409")}}
		for _, e := range []core.Entry{first, second, create} {
			ok(t, j.Before(e))
		}
		ok(t, j.After(first, core.Outcome{Row: 7, Verb: core.Update, Person: "p7"}))
		ok(t, j.After(create, failed))
		ok(t, j.After(drifted, core.Outcome{Row: 9, Verb: core.Delete, State: core.Drifted}))
		ok(t, j.Before(create)) // a second try

		stored := failed
		stored.Problem = &core.Problem{Code: core.Conflict, What: "Taken.", Fix: "Choose."}
		same(t, noted(t, j), []core.Noted{
			{Entry: first, Outcome: core.Outcome{Row: 7, Verb: core.Update, Person: "p7"}},
			{Entry: second, Open: true},
			{Entry: create, Outcome: stored},
			{Entry: drifted, Outcome: core.Outcome{Row: 9, Verb: core.Delete, State: core.Drifted}},
			{Entry: create, Open: true},
		})
	})
}

func TestJournalServesManyWorkersAndManyRows(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		j := s.Journal(startRun(t, s).ID)
		const workers, each = 8, 150 // more than two pages
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := range each {
					e := core.Entry{Row: w*each + i}
					if err := errors.Join(j.Before(e), j.After(e, core.Outcome{Row: e.Row})); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		seen := map[int]bool{}
		for _, n := range noted(t, j) {
			if n.Open || n.Outcome.Row != n.Row || seen[n.Row] {
				t.Fatalf("%+v", n)
			}
			seen[n.Row] = true
		}
		if len(seen) != workers*each {
			t.Fatalf("%d rows", len(seen))
		}
	})
}

func TestOutcomeThatCouldNotBeStoredIsSaidByTheNextCall(t *testing.T) {
	o, _ := options(t)
	s := open(t, o)
	run := startRun(t, s)
	j := s.Journal(run.ID)
	e := core.Entry{Row: 1}
	ok(t, j.Before(e))
	limitPages(t, s, 1)
	big := core.Outcome{Row: 1, Problem: &core.Problem{Code: core.Refused, What: hex.EncodeToString(randomBytes(100_000))}}
	ok(t, j.After(e, big))
	wantProblem(t, s.EndRun(t.Context(), run.ID, Ended, nil), core.DiskFull, s.Path())

	limitPages(t, s, 1<<30)
	j = s.Journal(run.ID)
	same(t, noted(t, j), []core.Noted{{Entry: e, Open: true}})
	ok(t, j.After(e, big))
	ok(t, s.EndRun(t.Context(), run.ID, Ended, nil))
	same(t, noted(t, s.Journal(run.ID)), []core.Noted{{Entry: e, Outcome: big}})
}

// fileKeychain lets a test and the process it kills share a keychain.
type fileKeychain string

func (k fileKeychain) file(name string) string {
	return filepath.Join(string(k), fmt.Sprintf("%x", name))
}

func (k fileKeychain) Get(name string) (string, error) {
	b, err := os.ReadFile(k.file(name))
	if errors.Is(err, os.ErrNotExist) {
		err = ErrNoEntry
	}
	return string(b), err
}

func (k fileKeychain) Set(name, secret string) error {
	return os.WriteFile(k.file(name), []byte(secret), 0o600)
}

func (k fileKeychain) Delete(name string) error {
	err := os.Remove(k.file(name))
	if errors.Is(err, os.ErrNotExist) {
		err = ErrNoEntry
	}
	return err
}

const crashVariable = "ROLLCALL_TEST_CRASH"

// TestRunThatIsKilled is no test by itself: it is the process that the next one kills.
func TestRunThatIsKilled(t *testing.T) {
	folder := os.Getenv(crashVariable)
	if folder == "" {
		t.Skip("runs inside TestJournalSurvivesKill")
	}
	s := open(t, Options{Folder: filepath.Join(folder, "data"), Keychain: fileKeychain(folder)})
	j := s.Journal(startRun(t, s).ID)
	w, err := s.newStream(t.Context()) // a snapshot half stored
	ok(t, err)
	ok(t, w.put(make([]byte, 10)))
	ok(t, w.put(make([]byte, 10)))
	for i := 0; ; i++ {
		ok(t, j.Before(core.Entry{Row: i, Name: "Ada"}))
		fmt.Println(i)
		if i%2 == 0 {
			ok(t, j.After(core.Entry{Row: i}, core.Outcome{Row: i}))
		}
	}
}

func TestJournalSurvivesKill(t *testing.T) {
	folder := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestRunThatIsKilled$")
	child.Env = append(os.Environ(), crashVariable+"="+folder)
	out, err := child.StdoutPipe()
	ok(t, err)
	ok(t, child.Start())
	last := -1
	for lines := bufio.NewScanner(out); last < 200 && lines.Scan(); {
		if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
			t.Fatal(lines.Text())
		}
	}
	ok(t, child.Process.Kill())
	_ = child.Wait() // it was killed

	s := open(t, Options{Folder: filepath.Join(folder, "data"), Keychain: fileKeychain(folder)})
	cut := must[[]Run](t)(s.Unfinished(t.Context()))
	if len(cut) != 1 || cut[0].Who != "Ada" || cut[0].State != Running {
		t.Fatalf("%+v", cut)
	}
	all := noted(t, s.Journal(cut[0].ID))
	if len(all) <= last || last < 200 {
		t.Fatalf("%d rows were announced, %d are there", last+1, len(all))
	}
	for i, n := range all[:last] {
		if n.Row != i || n.Open != (i%2 == 1) {
			t.Fatalf("row %d: %+v", i, n)
		}
	}
	empty(t, s, "chunk WHERE stream NOT IN (SELECT stream FROM plan)")
	_, _, err = s.ResumeRun(t.Context(), cut[0].ID, core.Approval{})
	ok(t, err)
	if left := must[[]Run](t)(s.Unfinished(t.Context())); len(left) != 0 {
		t.Fatalf("a run that was taken up is not cut off: %+v", left)
	}
}

func TestEveryPartOfAnEntryIsStored(t *testing.T) {
	// JSON leaves out what it cannot hold; this finds a field that is added to core later.
	e := core.Entry{Row: 1, Second: true, Verb: core.Delete, Person: "p", Account: "a", Name: "n", Version: "v",
		Cells: []core.Cell{{Attribute: "a", Before: "b", After: "c", Pending: "d", Tick: core.Locked, Why: core.Undoes}}}
	b := must[[]byte](t)(json.Marshal(e))
	var back core.Entry
	ok(t, json.Unmarshal(b, &back))
	same(t, back, e)
}

// BenchmarkJournal writes a row before and after, as one worker and as eight do.
func BenchmarkJournal(b *testing.B) {
	for _, workers := range []int{1, 8} {
		b.Run(fmt.Sprint(workers, " workers"), func(b *testing.B) {
			o, _ := options(b)
			s := open(b, o)
			j := s.Journal(startRun(b, s).ID)
			var wg sync.WaitGroup
			rows := make(chan int)
			for range workers {
				wg.Go(func() {
					for i := range rows {
						e := core.Entry{Row: i, Verb: core.Update, Person: "p", Account: "a", Cells: []core.Cell{{Attribute: "mail", Before: "old", After: "new"}}}
						if err := errors.Join(j.Before(e), j.After(e, core.Outcome{Row: i})); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := 0; b.Loop(); i++ {
				rows <- i
			}
			close(rows)
			wg.Wait()
		})
	}
}

// BenchmarkOpen opens a store of 50 connections and 1,000 runs and reads both lists, as
// the window does before it is drawn.
func BenchmarkOpen(b *testing.B) {
	o, _ := options(b)
	s := must[*Store](b)(Open(b.Context(), o))
	for i := range 50 {
		must[Connection](b)(s.SaveConnection(b.Context(), Connection{Name: fmt.Sprint("HR ", i)}, nil))
	}
	savePlan(b, s, Plan{ID: "p"}, "")
	for range 1000 {
		run := must[Run](b)(s.StartRun(b.Context(), "p", core.Approval{By: "Ada"}))
		ok(b, s.EndRun(b.Context(), run.ID, Ended, map[string]int{"done": 4}))
	}
	ok(b, s.Close())
	for b.Loop() {
		s := must[*Store](b)(Open(b.Context(), o))
		connections, runs := must[[]Connection](b)(s.Connections(b.Context())), must[[]Run](b)(s.Runs(b.Context()))
		if len(connections) != 50 || len(runs) != 1000 {
			b.Fatal(len(connections), len(runs))
		}
		ok(b, s.Close())
	}
}
