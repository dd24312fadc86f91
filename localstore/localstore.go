// Package localstore keeps what outlives the program, in one SQLite file in the user's
// configuration folder: connections, syncs, what they remember, snapshots, plans, runs
// with their journals, settings, and small things that connectors keep. It exists so that
// nobody else has to know SQL, sealing or the keychain.
//
// Everything but ids and times is sealed with a key that only the operating system's
// keychain holds; secrets of connections are in the keychain alone. Each aggregate has
// one file here. Every error that comes out is a *core.Problem.
package localstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"

	"rollcall/core"
)

// HomeVariable is the environment variable that names another folder for the store.
const HomeVariable = "ROLLCALL_HOME"

const (
	fileName = "rollcall.db"
	lockName = "rollcall.lock"
)

// Options say where a store is and whom it asks.
type Options struct {
	Folder   string           // "" means $ROLLCALL_HOME, else the user's configuration folder
	Keychain Keychain         // nil means the operating system's
	Now      func() time.Time // nil means the clock
}

// Store is an open store. It is safe for several goroutines.
type Store struct {
	path    string // "" for this session only
	now     func() time.Time
	opening string // tells this opening of the store from earlier ones
	lock    *flock.Flock
	writer  *sql.DB // one connection
	readers *sql.DB // several; the writer again where the store is in memory
	seal    *sealer
	vault   *vault

	journals sync.Map // run → *journal
}

// Open opens the store and makes it where there is none. Its problems: InUse where
// another copy of the program has it, NoKeychain where the keychain is missing or locked
// (OpenSession is the way on), Damaged where file or key cannot be read, Unsupported
// where a newer Rollcall made it, DiskFull. A store that cannot be opened is left as it is.
func Open(ctx context.Context, o Options) (*Store, error) {
	folder := o.folder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, folderProblem(folder, err)
	}
	lock := flock.New(filepath.Join(folder, lockName), flock.SetPermissions(0o600))
	switch got, err := lock.TryLock(); {
	case err != nil:
		return nil, folderProblem(lock.Path(), err)
	case !got:
		return nil, &core.Problem{Code: core.InUse, What: "Rollcall is already open with the data in " + folder + ".",
			Fix: "Use the window that is open, or wait until the other run has ended, and try again."}
	}
	s := o.store(filepath.Join(folder, fileName))
	s.lock = lock
	if err := s.open(ctx, o.keychain()); err != nil {
		_ = s.release() // the error that matters is the first
		return nil, s.explain(err)
	}
	return s, nil
}

// OpenSession makes an empty store that lives in memory, key and secrets included. Close
// forgets all of it.
func OpenSession(ctx context.Context, o Options) (*Store, error) {
	s := o.store("")
	if err := s.open(ctx, MemoryKeychain()); err != nil {
		_ = s.release() // the error that matters is the first
		return nil, s.explain(err)
	}
	return s, nil
}

// Session says that the store keeps nothing beyond Close.
func (s *Store) Session() bool { return s.path == "" }

// Path gives the store's file; "" for this session only.
func (s *Store) Path() string { return s.path }

// Close stores what is pending and lets the next copy of the program in. SQLite moves its
// log into the file and removes it. Readings still going on end with a problem.
func (s *Store) Close() error {
	var pending error
	s.journals.Range(func(_, j any) bool {
		pending = cmp.Or(pending, j.(*journal).flush())
		return true
	})
	return cmp.Or(pending, s.release())
}

func (o Options) folder() string {
	return cmp.Or(o.Folder, os.Getenv(HomeVariable), filepath.Join(xdg.ConfigHome, "rollcall"))
}

func (o Options) keychain() Keychain {
	if o.Keychain == nil {
		return SystemKeychain()
	}
	return o.Keychain
}

func (o Options) store(path string) *Store {
	s := &Store{path: path, now: o.Now, opening: newID()}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

func (s *Store) open(ctx context.Context, chain Keychain) error {
	if err := s.secureFile(); err != nil {
		return err
	}
	if err := s.dial(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.unlock(ctx, chain); err != nil {
		return err
	}
	return s.sweep(ctx)
}

// secureFile makes the file before SQLite does, so that it is never readable by others,
// and closes one that has become so. SQLite gives its other files the same mode.
func (s *Store) secureFile() error {
	if s.Session() {
		return nil
	}
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return folderProblem(s.path, err)
	}
	defer f.Close()
	if runtime.GOOS == "windows" { // the folder's access list decides there
		return nil
	}
	if err := f.Chmod(0o600); err != nil {
		return folderProblem(s.path, err)
	}
	return nil
}

func (s *Store) release() error {
	var readers, writer, lock error
	if s.readers != nil && s.readers != s.writer {
		readers = s.explain(s.readers.Close())
	}
	if s.writer != nil {
		writer = s.explain(s.writer.Close())
	}
	if s.lock != nil {
		if lock = s.lock.Unlock(); lock != nil {
			lock = folderProblem(s.lock.Path(), lock)
		}
	}
	return cmp.Or(writer, readers, lock)
}

func folderProblem(path string, err error) error {
	p := &core.Problem{Code: core.Damaged, What: "Rollcall cannot keep its data at " + path + ".", Cause: err,
		Fix: "Make sure that this is an ordinary folder, or name another one in the environment variable " + HomeVariable + "."}
	switch {
	case errors.Is(err, fs.ErrPermission):
		p.What = "Rollcall is not allowed to read and write " + path + "."
		p.Fix = "Give your user account the right to read and write it, or name another folder in the environment variable " + HomeVariable + "."
	case isDiskFull(err):
		return diskFull(path, err)
	}
	return p
}

// newID makes an id that nobody can guess and that is short enough to type.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
