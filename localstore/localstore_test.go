package localstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/core"
)

// clock is a time that tests move by hand.
type clock struct{ t time.Time }

func newClock() *clock                { return &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }
func (c *clock) now() time.Time       { return c.t }
func (c *clock) pass(d time.Duration) { c.t = c.t.Add(d) }

// open opens a store in the folder, closed when the test ends.
func open(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func options(t testing.TB) (Options, *clock) {
	c := newClock()
	return Options{Folder: filepath.Join(t.TempDir(), "data"), Keychain: MemoryKeychain(), Now: c.now}, c
}

// both runs a test on a store in a file and on one for this session only.
func both(t *testing.T, f func(t *testing.T, s *Store, c *clock)) {
	t.Run("in a file", func(t *testing.T) {
		o, c := options(t)
		f(t, open(t, o), c)
	})
	t.Run("for this session", func(t *testing.T) {
		o, c := options(t)
		s, err := OpenSession(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		f(t, s, c)
	})
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("(-want +got)\n%s", d)
	}
}

// wantProblem checks the code, that both sentences are there, and that the text names
// what it is about.
func wantProblem(t testing.TB, err error, code core.Code, names string) {
	t.Helper()
	p, direct := err.(*core.Problem) //nolint:errorlint // the problem itself has to come out
	switch {
	case err == nil:
		t.Fatalf("no error; want a problem of code %s", code)
	case !direct:
		t.Fatalf("%T is not a problem: %v", err, err)
	case p.Code != code || !strings.Contains(p.Error(), names):
		t.Fatalf("got %s %q; want %s naming %q", p.Code, p.Error(), code, names)
	case !strings.HasSuffix(p.What, ".") || !strings.HasSuffix(p.Fix, "."):
		t.Fatalf("not two sentences: %q %q", p.What, p.Fix)
	case strings.Contains(strings.ToLower(p.Error()), "sql"):
		t.Fatalf("SQL is no word for a person: %q", p.Error())
	}
}

func addConnection(t testing.TB, s *Store, name string) Connection {
	t.Helper()
	return must[Connection](t)(s.SaveConnection(t.Context(), Connection{Name: name, Connector: "acmehr", Options: map[string]string{"subdomain": "northlake"}}, nil))
}

func TestStoreKeepsThingsFromOneOpeningToTheNext(t *testing.T) {
	o, _ := options(t)
	s := must[*Store](t)(Open(t.Context(), o))
	c := addConnection(t, s, "Acme HR")
	ok(t, s.Close())
	again := open(t, o)
	same(t, must[Connection](t)(again.Connection(t.Context(), c.ID)), c)
	if again.Session() || again.Path() != filepath.Join(o.Folder, fileName) {
		t.Fatal("the store should be the file")
	}
}

func TestSessionKeepsNothing(t *testing.T) {
	o, _ := options(t)
	s := must[*Store](t)(OpenSession(t.Context(), o))
	addConnection(t, s, "Acme HR")
	if !s.Session() || s.Path() != "" {
		t.Fatal("it should say that it is for this session only")
	}
	ok(t, s.Close())
	if _, err := os.Stat(o.Folder); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("something is on the disk: %v", err)
	}
	again := must[*Store](t)(OpenSession(t.Context(), o))
	defer again.Close()
	if all := must[[]Connection](t)(again.Connections(t.Context())); len(all) != 0 {
		t.Fatalf("the next session found %v", all)
	}
}

func TestFolderIsFoundByOptionThenVariableThenUser(t *testing.T) {
	t.Setenv(HomeVariable, "/elsewhere")
	if got := (Options{Folder: "/given"}).folder(); got != "/given" {
		t.Errorf("got %s", got)
	}
	if got := (Options{}).folder(); got != "/elsewhere" {
		t.Errorf("got %s", got)
	}
	t.Setenv(HomeVariable, "")
	if got := (Options{}).folder(); filepath.Base(got) != "rollcall" {
		t.Errorf("got %s", got)
	}
}

func TestFolderNamesMayHoldAnySign(t *testing.T) {
	for _, name := range []string{"a b", "50%", "what?", "a#b", "ä&ö=1"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "?") {
			continue
		}
		o, _ := options(t)
		o.Folder = filepath.Join(o.Folder, name)
		s := must[*Store](t)(Open(t.Context(), o))
		addConnection(t, s, "Acme HR")
		ok(t, s.Close())
		if _, err := os.Stat(filepath.Join(o.Folder, fileName)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyItsOwnerCanReadTheStore(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("access lists decide there")
	}
	o, _ := options(t)
	s := must[*Store](t)(Open(t.Context(), o))
	ok(t, s.Close())
	ok(t, os.Chmod(filepath.Join(o.Folder, fileName), 0o644)) // as a careless copy leaves it
	s = open(t, o)
	addConnection(t, s, "Acme HR")
	files := 0
	ok(t, filepath.WalkDir(o.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	}))
	if files < 4 { // folder, file, its log, lock
		t.Fatalf("only %d files were looked at", files)
	}
}

func TestSecondCopyIsTurnedAway(t *testing.T) {
	o, _ := options(t)
	s := must[*Store](t)(Open(t.Context(), o))
	_, err := Open(t.Context(), o)
	wantProblem(t, err, core.InUse, o.Folder)
	ok(t, s.Close())
	open(t, o)
}

func TestCancelledWorkIsCalledThat(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Connections(ctx)
		wantProblem(t, err, core.Cancelled, "stopped")
		_, err = s.SaveConnection(ctx, Connection{Name: "Acme HR"}, nil)
		wantProblem(t, err, core.Cancelled, "stopped")
	})
}

func TestCancelledWorkLosesNothingElse(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		c := addConnection(t, s, "Acme HR")
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			err := s.write(ctx, "", func(ctx context.Context, tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, "DELETE FROM connection"); err != nil {
					return err
				}
				cancel()
				return nil
			})
			wantProblem(t, err, core.Cancelled, "stopped")
			same(t, must[Connection](t)(s.Connection(t.Context(), c.ID)), c)
		}
	})
}

func TestManyGoroutinesMayUseTheStore(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		errs := make(chan error)
		for i := range 8 {
			go func() {
				_, err := s.SaveConnection(t.Context(), Connection{Name: fmt.Sprint("HR ", i)}, core.Answers{"key": "k"})
				if err == nil {
					_, err = s.Connections(t.Context())
				}
				errs <- err
			}()
		}
		for range 8 {
			ok(t, <-errs)
		}
		if all := must[[]Connection](t)(s.Connections(t.Context())); len(all) != 8 {
			t.Fatalf("%d connections", len(all))
		}
	})
}
