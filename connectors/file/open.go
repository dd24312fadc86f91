package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rollcall/core"
)

// opened is a file being read, and what it looked like when reading began.
type opened struct {
	*os.File
	name string // without folders, for sentences
	was  fs.FileInfo
}

func open(path string) (*opened, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, explainOpen(name, err)
	}
	info, err := f.Stat()
	if err == nil {
		err = refuseIrregular(name, info)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, explainOpen(name, err)
	}
	return &opened{f, name, info}, nil
}

func refuseIrregular(name string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("“%s” is a folder, not a file.", name), Fix: "Choose the file inside it."}
	case !info.Mode().IsRegular():
		return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("“%s” is not an ordinary file.", name), Fix: "Save the table as a file and choose that."}
	case info.Size() == 0:
		return emptyFile(name)
	}
	return nil
}

func emptyFile(name string) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” is empty.", name), Fix: "Export it again, and see that it has a header row."}
}

func explainOpen(name string, err error) error {
	var p *core.Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, fs.ErrNotExist):
		return &core.Problem{Code: core.NotFound, What: fmt.Sprintf("The file “%s” is not there.", name), Fix: "Check where it was saved, or choose another file.", Cause: err}
	case errors.Is(err, fs.ErrPermission):
		return &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("You have no right to read “%s”.", name), Fix: "Ask its owner for the right to read it, or save a copy in your own folder.", Cause: err}
	default:
		return unreadable(name, err)
	}
}

func unreadable(name string, err error) error {
	return &core.Problem{Code: core.Unreachable, What: fmt.Sprintf("“%s” cannot be read.", name), Fix: "If it is on a network drive, check the connection; close other programs that use it, then try again.", Cause: err}
}

// unchanged returns a Stale problem where the file was written while it was read.
func (o *opened) unchanged(path string) error {
	now, err := o.Stat()
	if err != nil {
		return unreadable(o.name, err)
	}
	if there, err := os.Stat(path); err == nil && os.SameFile(there, now) {
		now = there
	}
	if now.Size() != o.was.Size() || !now.ModTime().Equal(o.was.ModTime()) {
		return &core.Problem{Code: core.Stale, What: fmt.Sprintf("“%s” was changed while it was being read.", o.name), Fix: "Wait until the export has finished, then read it again."}
	}
	return nil
}

// flaw is what is wrong with one row; the reader adds the file and the line.
type flaw struct {
	what string // continues "Line 7 of “people.csv” …", without the period
	fix  string
	at   int // byte of the record where it lies
}

func (f *flaw) Error() string { return f.what }

func (f *flaw) problem(name, unit string, line int) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s %d of “%s” %s.", unit, line, name, f.what), Fix: f.fix}
}

func (t *table) name() string { return filepath.Base(t.path) }
