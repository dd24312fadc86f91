package localstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"rollcall/core"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	readHandles = 4
	// checkedSize is up to which size a store is checked whole when it is opened: about
	// a tenth of a second. Beyond, damage shows where it is met: every value is sealed.
	checkedSize = 128 << 20
)

// pragmas of every connection. FULL makes each commit wait for the disk, which the
// journal needs; group commit (journal.go) pays for it.
const pragmas = `
PRAGMA busy_timeout = 5000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA journal_size_limit = 67108864;`

// forNew is for an empty file only: it has to come before the first table, and writes to
// the file, which may turn out to be one that we have to leave alone.
const forNew = "PRAGMA auto_vacuum = INCREMENTAL;"

// connector opens SQLite connections with our pragmas, without a global registration.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func newConnector(dsn, first, last string) connector {
	hook := func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(first+pragmas+last, nil)
		return err
	}
	return connector{&sqlite3.SQLiteDriver{ConnectHook: hook}, dsn}
}

// Connect opens a connection.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return conn{opened.(*sqlite3.SQLiteConn)}, nil
}

// Driver gives the driver below.
func (c connector) Driver() driver.Driver { return c.driver }

// conn says that a connection may be used again after a transaction was cancelled.
// Without these two methods database/sql closes it then, and a store in memory is gone.
type conn struct{ *sqlite3.SQLiteConn }

var (
	_ driver.SessionResetter = conn{}
	_ driver.Validator       = conn{}
)

// ResetSession has nothing to reset: no setting is changed after opening.
func (conn) ResetSession(context.Context) error { return nil }

// IsValid says that nothing spoils a connection.
func (conn) IsValid() bool { return true }

// dial opens the handles: one that writes, several that read.
func (s *Store) dial(ctx context.Context) error {
	if s.Session() {
		s.writer = sql.OpenDB(newConnector(":memory:?_txlock=immediate", forNew, ""))
		s.writer.SetMaxOpenConns(1)
		s.readers = s.writer
		return s.writer.PingContext(ctx)
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	dsn, first := fileURL(s.path), ""
	if info.Size() == 0 {
		first = forNew
	}
	s.writer = sql.OpenDB(newConnector(dsn+"?_txlock=immediate", first, ""))
	s.writer.SetMaxOpenConns(1)
	s.readers = sql.OpenDB(newConnector(dsn, "", "PRAGMA query_only = ON;"))
	s.readers.SetMaxOpenConns(readHandles)
	s.readers.SetMaxIdleConns(readHandles)
	if info.Size() > checkedSize {
		return nil
	}
	return s.checkWhole(ctx)
}

// fileURL keeps characters like ? and % of a folder's name from meaning something to SQLite.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/Users/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// checkWhole refuses a damaged file before anything is written to it.
func (s *Store) checkWhole(ctx context.Context) error {
	var found string
	if err := s.writer.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return s.damaged(fmt.Errorf("quick_check: %s", found))
	}
	return nil
}

// migrate brings the tables to this program's version.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, files)
	if err != nil {
		return err
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > known {
		return &core.Problem{Code: core.Unsupported, What: "The data at " + s.path + " was made by a newer version of Rollcall.",
			Fix: "Install the newest version of Rollcall and open it again; nothing was changed."}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// write runs f in a transaction of the one writer. Inside f nothing but tx may be asked,
// because a store in memory has no other handle. The name is put into problems of rows
// that are not there: "connection", "plan"; it may be empty.
func (s *Store) write(ctx context.Context, name string, f func(context.Context, *sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.explainRow(name, err)
	}
	if err := f(ctx, tx); err != nil {
		_ = tx.Rollback() // the error that matters is the first
		return s.explainRow(name, err)
	}
	return s.explainRow(name, tx.Commit())
}

// row reads one row; a NotFound problem that names the thing where there is none.
func (s *Store) row(ctx context.Context, name, query string, args []any, into ...any) error {
	return s.explainRow(name, s.readers.QueryRowContext(ctx, query, args...).Scan(into...))
}

// rows reads all rows before it returns, so that no reading is open while a caller works.
func rows[T any](ctx context.Context, s *Store, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	r, err := s.readers.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain(err)
	}
	defer func() { _ = r.Close() }() // Err tells what went wrong
	var all []T
	for r.Next() {
		one, err := scan(r.Scan)
		if err != nil {
			return nil, s.explain(err)
		}
		all = append(all, one)
	}
	return all, s.explain(r.Err())
}

// exec runs one statement in a transaction of its own; a NotFound problem that names the
// thing where it touched no row.
func (s *Store) exec(ctx context.Context, name, statement string, args ...any) error {
	return s.write(ctx, name, func(ctx context.Context, tx *sql.Tx) error {
		return touch(ctx, tx, statement, args...)
	})
}

func touch(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	result, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return sql.ErrNoRows
}
