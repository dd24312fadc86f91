package localstore

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rollcall/core"
)

// fragile is a keychain that fails from the n-th change on.
type fragile struct {
	*memoryKeychain
	left  int
	again bool // it fails once, and then works
}

var errBroken = errors.New("the collection is locked")

func (k *fragile) fail() error {
	k.left--
	if k.left >= 0 {
		return nil
	}
	if k.again {
		k.left = 1000
	}
	return errBroken
}

func (k *fragile) Set(name, secret string) error {
	if err := k.fail(); err != nil {
		return err
	}
	return k.memoryKeychain.Set(name, secret)
}

func (k *fragile) Delete(name string) error {
	if err := k.fail(); err != nil {
		return err
	}
	return k.memoryKeychain.Delete(name)
}

func TestSecretIsTheOldOneOrTheNewOneWhereverTheWritingStops(t *testing.T) {
	old, fresh := core.Secret(strings.Repeat("o", 3*pieceSize)), core.Secret(strings.Repeat("n", 2*pieceSize+1))
	for stop := range 20 {
		chain := &fragile{memoryKeychain: MemoryKeychain().(*memoryKeychain), left: 1000}
		v := &vault{chain: chain, store: "s"}
		ok(t, v.set("x", old))
		chain.left = stop
		err := v.set("x", fresh)
		got := must[core.Secret](t)(v.get("x"))
		switch {
		case err != nil && got != old && got != fresh:
			t.Fatalf("stopped after %d changes: a mixture", stop)
		case err != nil:
			wantProblem(t, err, core.NoKeychain, "keychain")
		case got != fresh:
			t.Fatal("nothing failed, and it is the old one")
		}
		chain.left = 1000 // the next time it works, and leaves nothing behind
		ok(t, v.set("x", "short"))
		if got := must[core.Secret](t)(v.get("x")); got != "short" {
			t.Fatal("not the newest")
		}
		if stop == 0 || err == nil {
			if n := len(chain.secrets); n != 2 {
				t.Fatalf("after %d changes %d entries, want head and piece", stop, n)
			}
		}
		ok(t, v.delete("x"))
		ok(t, v.delete("x"))
		if _, err := v.get("x"); !errors.Is(err, ErrNoEntry) {
			t.Fatalf("deleted, and: %v", err)
		}
	}
}

func TestNoEntryIsTooLongForAnyKeychain(t *testing.T) {
	chain := MemoryKeychain().(*memoryKeychain)
	v := &vault{chain: chain, store: newID()}
	ok(t, v.set(v.secretName(newID(), "serviceAccount"), core.Secret(strings.Repeat("x", 10_000))))
	for name, secret := range chain.secrets {
		if len(name)+len(service)+len(secret) > 2000 {
			t.Errorf("%s has %d bytes", name, len(secret))
		}
	}
}

func TestTornSecretIsSaidAndCanBeReplaced(t *testing.T) {
	for name, tear := range map[string]func(map[string]string){
		"piece missing": func(m map[string]string) { delete(m, "x/1/1") },
		"piece changed": func(m map[string]string) { m["x/1/1"] = "other" },
		"head garbage":  func(m map[string]string) { m["x"] = "{" },
	} {
		t.Run(name, func(t *testing.T) {
			chain := MemoryKeychain().(*memoryKeychain)
			v := &vault{chain: chain}
			ok(t, v.set("x", core.Secret(strings.Repeat("x", 2*pieceSize))))
			tear(chain.secrets)
			_, err := v.get("x")
			wantProblem(t, err, core.BadCredentials, "secret")
			ok(t, v.set("x", "new"))
			if got := must[core.Secret](t)(v.get("x")); got != "new" {
				t.Fatal("not replaced")
			}
		})
	}
}

func TestKeychainThatDoesNotAnswerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, done := time.Now(), make(chan struct{})
		defer close(done)
		_, err := within(patience, func() (string, error) { <-done; return "late", nil })
		if time.Since(start) != patience || !errors.Is(err, errTooSlow) {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		wantProblem(t, noKeychain(err), core.NoKeychain, "locked")
	})
}

// brokenKeychain is one that is not there.
type brokenKeychain struct{}

func (brokenKeychain) Get(string) (string, error) { return "", errBroken }
func (brokenKeychain) Set(string, string) error   { return errBroken }
func (brokenKeychain) Delete(string) error        { return errBroken }

func TestStoreWithoutAKeychainIsRefusedAndNotHarmed(t *testing.T) {
	o := filled(t)
	chain := o.Keychain
	o.Keychain = brokenKeychain{}
	refused(t, o, core.NoKeychain, "this session only")
	o.Keychain = chain
	if n := len(must[[]Connection](t)(open(t, o).Connections(t.Context()))); n != 1 {
		t.Fatalf("%d connections", n)
	}
}

func TestNewStoreCanBeMadeOnceTheKeychainIsUnlocked(t *testing.T) {
	o, _ := options(t)
	chain := o.Keychain
	o.Keychain = brokenKeychain{}
	_, err := Open(t.Context(), o)
	wantProblem(t, err, core.NoKeychain, "keychain")
	o.Keychain = chain
	addConnection(t, open(t, o), "HR")
}

const keychainVariable = "ROLLCALL_TEST_KEYCHAIN"

// TestInsideASession is the inner half of the tests below: it runs with a D-Bus session
// of its own and says what it met.
func TestInsideASession(t *testing.T) {
	expected := os.Getenv(keychainVariable)
	if expected == "" {
		t.Skip("runs inside TestSystemKeychain")
	}
	o := Options{Folder: filepath.Join(t.TempDir(), "data")}
	s, err := Open(t.Context(), o)
	if expected != "unlocked" {
		wantProblem(t, err, core.NoKeychain, "keychain")
		return
	}
	ok(t, err)
	long := core.Secret(strings.Repeat("long ", 4000))
	c := must[Connection](t)(s.SaveConnection(t.Context(), Connection{Name: "HR"}, core.Answers{"key": long}))
	ok(t, s.Close())
	s = open(t, o)
	if got := must[core.Answers](t)(s.Answers(t.Context(), c.ID)); got["key"] != long {
		t.Fatal("the secret differs")
	}
	ok(t, s.Forget(t.Context(), c.ID))
	if _, err := s.vault.get(s.vault.secretName(c.ID, "key")); !errors.Is(err, ErrNoEntry) {
		t.Fatalf("forgotten, and: %v", err)
	}
}

func TestSystemKeychain(t *testing.T) {
	const inner = `"$0" -test.run='^TestInsideASession$' -test.v`
	const daemon = `gnome-keyring-daemon --components=secrets >/dev/null 2>&1; `
	for state, script := range map[string]string{
		"unlocked":     `printf test-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ` + inner,
		"locked":       daemon + inner, // no default collection, and nobody to ask for a password
		"no bus":       `DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent ` + inner,
		"no bus known": `unset DBUS_SESSION_BUS_ADDRESS; ` + inner,
	} {
		t.Run(state, func(t *testing.T) {
			needSecretService(t)
			if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil && state == "no bus known" {
				t.Skip("this user has a session bus, which is found")
			}
			home := t.TempDir()
			child := exec.Command("dbus-run-session", "--", "sh", "-c", script, os.Args[0])
			child.Env = append(os.Environ(), keychainVariable+"="+state, "HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home)
			out, err := child.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestInsideASession") {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// needSecretService skips where the programs are missing, but not in CI, which has them.
func needSecretService(t *testing.T) {
	t.Helper()
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing", program)
		}
		t.Skipf("%s is missing", program)
	}
}
