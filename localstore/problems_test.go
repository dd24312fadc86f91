package localstore

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
	"github.com/mattn/go-sqlite3"

	"rollcall/core"
)

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// limitPages makes SQLite meet its word for a full disk.
func limitPages(t testing.TB, s *Store, pages int) {
	t.Helper()
	if _, err := s.writer.Exec(fmt.Sprint("PRAGMA max_page_count = ", pages)); err != nil {
		t.Fatal(err)
	}
}

func TestFullDiskLeavesTheStoreAsItWas(t *testing.T) {
	o, _ := options(t)
	s := open(t, o)
	before := must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, people(10)))
	limitPages(t, s, 200)
	_, err := s.SaveSnapshot(t.Context(), Snapshot{}, people(100_000))
	wantProblem(t, err, core.DiskFull, s.Path())
	same(t, must[[]Snapshot](t)(s.Snapshots(t.Context())), []Snapshot{before})
	empty(t, s, "stream WHERE done = 0")

	limitPages(t, s, 1<<30) // room was made
	must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, people(100_000)))
}

func TestRealFullDiskIsSaid(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount: %v %s", err, out)
	}
	defer func() { ok(t, exec.Command("umount", "-l", disk).Run()) }()
	o, _ := options(t)
	o.Folder = filepath.Join(disk, "data")
	s := must[*Store](t)(Open(t.Context(), o))
	c := addConnection(t, s, "HR")
	err := s.SavePlan(t.Context(), Plan{ID: "p"}, func(w io.Writer) error {
		_, err := w.Write(randomBytes(8 << 20))
		return err
	})
	wantProblem(t, err, core.DiskFull, s.Path())
	same(t, must[Connection](t)(s.Connection(t.Context(), c.ID)), c)
	ok(t, s.Close())

	s = must[*Store](t)(Open(t.Context(), o))
	same(t, must[Connection](t)(s.Connection(t.Context(), c.ID)), c)
	ok(t, s.Close())

	ok(t, exec.Command("mount", "-o", "remount,size=64m", disk).Run()) // room was made
	s = must[*Store](t)(Open(t.Context(), o))
	same(t, must[Connection](t)(s.Connection(t.Context(), c.ID)), c)
	empty(t, s, "plan", "chunk")
	ok(t, s.Close())
}

// refused opens a store that cannot be opened, and checks that it was left as it was.
func refused(t *testing.T, o Options, code core.Code, names string) {
	t.Helper()
	file := filepath.Join(o.Folder, fileName)
	before := must[[]byte](t)(os.ReadFile(file))
	s, err := Open(t.Context(), o)
	if err == nil {
		_ = s.Close()
	}
	wantProblem(t, err, code, names)
	if !bytes.Equal(before, must[[]byte](t)(os.ReadFile(file))) {
		t.Error("the file was changed")
	}
	lock := flock.New(filepath.Join(o.Folder, lockName))
	if free := must[bool](t)(lock.TryLock()); !free {
		t.Error("the lock was not given back")
	}
	ok(t, lock.Unlock())
}

func filled(t *testing.T) Options {
	t.Helper()
	o, _ := options(t)
	s := must[*Store](t)(Open(t.Context(), o))
	addConnection(t, s, "HR")
	must[Snapshot](t)(s.SaveSnapshot(t.Context(), Snapshot{}, people(20_000)))
	ok(t, s.Close())
	return o
}

func harm(t *testing.T, o Options, f func([]byte) []byte) {
	t.Helper()
	file := filepath.Join(o.Folder, fileName)
	ok(t, os.WriteFile(file, f(must[[]byte](t)(os.ReadFile(file))), 0o600))
}

func TestDamagedFileIsNotOverwritten(t *testing.T) {
	for name, f := range map[string]func([]byte) []byte{
		"garbage":        func(b []byte) []byte { return randomBytes(len(b)) },
		"another format": func([]byte) []byte { return []byte("id,name\n1,Ada\n") },
		"cut off":        func(b []byte) []byte { return b[:len(b)/2/4096*4096] },
		"pages of tables overwritten": func(b []byte) []byte {
			copy(b[4096*4:], randomBytes(4096*30))
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := filled(t)
			harm(t, o, f)
			refused(t, o, core.Damaged, filepath.Join(o.Folder, fileName))
		})
	}
}

func TestFlippedBitsAreNoticedWhereTheyAreMet(t *testing.T) {
	o := filled(t)
	harm(t, o, func(b []byte) []byte {
		b[len(b)/2/4096*4096+2000] ^= 1 // inside a sealed chunk: SQLite has no sums
		return b
	})
	s := open(t, o)
	_, seq, err := s.OpenSnapshot(t.Context(), must[[]Snapshot](t)(s.Snapshots(t.Context()))[0].ID)
	ok(t, err)
	var last error
	for _, err := range seq {
		last = err
	}
	wantProblem(t, last, core.Damaged, s.Path())
}

func TestStoreOfANewerVersionIsLeftAlone(t *testing.T) {
	o := filled(t)
	db := must[*sql.DB](t)(sql.OpenDB(newConnector(fileURL(filepath.Join(o.Folder, fileName)), "", "")), nil)
	_, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	ok(t, err)
	ok(t, db.Close())
	refused(t, o, core.Unsupported, "newer version")
}

func TestLostKeyIsSaid(t *testing.T) {
	for name, change := range map[string]func(chain *memoryKeychain, key string){
		"is missing": func(k *memoryKeychain, key string) { delete(k.secrets, key) },
		"is another": func(k *memoryKeychain, key string) {
			k.secrets[key] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
		},
		"is not a key": func(k *memoryKeychain, key string) { k.secrets[key] = "hello" },
	} {
		t.Run(name, func(t *testing.T) {
			o := filled(t)
			chain := o.Keychain.(*memoryKeychain)
			for key := range chain.secrets {
				change(chain, key)
			}
			refused(t, o, core.Damaged, name)
		})
	}
}

func TestFolderThatCannotBeUsedIsNamed(t *testing.T) {
	o, _ := options(t)
	ok(t, os.WriteFile(o.Folder, nil, 0o600)) // a file where the folder should be
	_, err := Open(t.Context(), o)
	wantProblem(t, err, core.Damaged, o.Folder)

	o, _ = options(t)
	ok(t, os.MkdirAll(filepath.Join(o.Folder, fileName), 0o700)) // a folder where the file should be
	_, err = Open(t.Context(), o)
	wantProblem(t, err, core.Damaged, o.Folder)
}

func TestEveryErrorBecomesAProblem(t *testing.T) {
	s := &Store{path: "/data/rollcall.db"}
	for err, code := range map[error]core.Code{
		errors.New("x"):             core.Internal,
		syscall.ENOSPC:              core.DiskFull,
		errUnsealed:                 core.Damaged,
		sql.ErrNoRows:               core.NotFound,
		sql.ErrTxDone:               core.Cancelled,
		fmt.Errorf("x: %w", errOld): core.InUse,

		sqlite3.Error{Code: sqlite3.ErrBusy}:                                                      core.InUse,
		sqlite3.Error{Code: sqlite3.ErrNotADB}:                                                    core.Damaged,
		sqlite3.Error{Code: sqlite3.ErrIoErr}:                                                     core.Damaged,
		sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}:                        core.DiskFull,
		sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrSHMSize}:              core.DiskFull,
		sqlite3.Error{Code: sqlite3.ErrReadonly}:                                                  core.Damaged,
		sqlite3.Error{Code: sqlite3.ErrInterrupt}:                                                 core.Cancelled,
		sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintForeignKey}: core.NotFound,
		sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}:     core.Internal,
	} {
		wantProblem(t, s.explain(err), code, "")
	}
	if s.explain(nil) != nil {
		t.Error("no error is no problem")
	}
}

var errOld = &core.Problem{Code: core.InUse, What: "Busy.", Fix: "Wait."}
