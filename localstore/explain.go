package localstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"rollcall/core"
)

// explain makes a problem of whatever went wrong below; problems stay as they are.
func (s *Store) explain(err error) error { return s.explainRow("", err) }

// explainRow is explain where a row of that name may be missing.
func (s *Store) explainRow(name string, err error) error {
	var p *core.Problem
	var q sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, sql.ErrTxDone): // rolled back under our hands because the context ended
		return &core.Problem{Code: core.Cancelled, What: "The work was stopped before its data was stored or read.", Fix: "Start it again when you are ready.", Cause: err}
	case errors.Is(err, sql.ErrNoRows):
		return gone(name, err)
	case errors.Is(err, errUnsealed):
		return s.damaged(err)
	case isDiskFull(err):
		return diskFull(s.path, err)
	case errors.As(err, &q):
		return s.explainSQL(name, q)
	default:
		return internal(err)
	}
}

func (s *Store) explainSQL(name string, err sqlite3.Error) error {
	switch err.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrFormat:
		return s.damaged(err)
	case sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrAuth:
		return folderProblem(s.path, fmt.Errorf("%w: %w", syscall.EACCES, err))
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return &core.Problem{Code: core.InUse, What: "Another program is using Rollcall's data at " + s.path + ".",
			Fix: "Close that program (a database viewer, a backup), and try again.", Cause: err}
	case sqlite3.ErrInterrupt:
		return s.explain(fmt.Errorf("%w: %w", context.Canceled, err))
	case sqlite3.ErrIoErr:
		return &core.Problem{Code: core.Damaged, What: "The disk that holds Rollcall's data at " + s.path + " cannot be read or written.",
			Fix: "Check that the disk is connected and healthy, and try again.", Cause: err}
	}
	if err.ExtendedCode == sqlite3.ErrConstraintForeignKey {
		return gone(name, err)
	}
	return internal(err)
}

func (s *Store) damaged(cause error) error {
	return &core.Problem{Code: core.Damaged, What: "Rollcall's data at " + s.place() + " is damaged. It is left as it is.", Cause: cause,
		Fix: "Close Rollcall and copy that file to a safe place. Then put back a backup of it, or move it elsewhere to begin with an empty store."}
}

func (s *Store) place() string {
	if s.Session() {
		return "(memory)"
	}
	return s.path
}

func diskFull(path string, cause error) error {
	return &core.Problem{Code: core.DiskFull, What: "There is no room left on the disk that holds " + path + ". What was being stored was not stored.",
		Fix: "Free some room on it and try again.", Cause: cause}
}

// isDiskFull knows SQLite's own word, and the file system's where SQLite passes it on.
func isDiskFull(err error) bool {
	var q sqlite3.Error
	if errors.As(err, &q) {
		return q.Code == sqlite3.ErrFull || q.ExtendedCode == sqlite3.ErrIoErrSHMSize || q.SystemErrno == syscall.ENOSPC
	}
	return errors.Is(err, syscall.ENOSPC)
}

func gone(name string, cause error) error {
	if name == "" {
		name = "row"
	}
	return &core.Problem{Code: core.NotFound, What: "This " + name + " is not stored here, or no longer.", Fix: "Go back to the list and choose another.", Cause: cause}
}

func internal(err error) error {
	return &core.Problem{Code: core.Internal, What: "Rollcall could not store or read its data for a reason it did not expect.", Fix: "Try again, and send us the log if it happens twice.", Cause: err}
}
