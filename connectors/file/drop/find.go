package drop

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // some exports have no better checksum; it proves completeness, not who wrote it
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/file"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// place is where files are left.
type place interface {
	ReadDir(folder string) ([]fs.FileInfo, error)
	Stat(name string) (fs.FileInfo, error)
	Open(name string) (io.ReadCloser, error)
	Close() error
	// Here gives the name of a file on this computer, or "" where it has to be copied.
	Here(name string) string
}

// with finds the newest complete file, brings it here, and removes it afterwards.
func (s *Source) with(ctx context.Context, use func(copied) error) error {
	p, folder, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	found, err := s.newest(p, folder)
	if err != nil {
		return err
	}
	name := path.Join(folder, found.Name())
	if err := s.settled(ctx, p, name, found); err != nil {
		return err
	}
	c := copied{name: found.Name(), at: found.ModTime(), rows: -1}
	local := p.Here(name)
	if local == "" {
		dir, err := os.MkdirTemp("", "rollcall-") // of this user alone
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		if local, err = bring(ctx, p, name, dir); err != nil {
			return err
		}
	}
	if err := s.companion(p, name, local, &c); err != nil {
		return err
	}
	if c.source, err = file.NewSource(kind(c.name), core.Answers{"path": core.Secret(local), "id": s.answers["id"]}, s.env); err != nil {
		return err
	}
	return use(c)
}

func kind(name string) string {
	if strings.EqualFold(path.Ext(name), ".xlsx") || strings.EqualFold(path.Ext(name), ".xlsm") {
		return file.XLSX
	}
	return file.CSV
}

// unfinished are the endings of files that are still being written.
var unfinished = []string{".part", ".tmp", ".filepart", ".partial", ".crdownload"}

// newest gives the newest file that fits the pattern; of two of one time the one whose
// name comes last.
func (s *Source) newest(p place, folder string) (fs.FileInfo, error) {
	all, err := p.ReadDir(folder)
	if err != nil {
		return nil, explain(err, fmt.Sprintf("The folder “%s”", folder))
	}
	pattern := s.answers.Get("pattern")
	all = slices.DeleteFunc(all, func(f fs.FileInfo) bool {
		fits, err := path.Match(pattern, f.Name())
		return err != nil || !fits || f.IsDir() || strings.HasPrefix(f.Name(), ".") || slices.Contains(unfinished, strings.ToLower(path.Ext(f.Name())))
	})
	if len(all) == 0 {
		return nil, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("No file in “%s” is called like “%s”.", folder, pattern),
			Fix: "Check the folder and the name, and whether the HR system has written its file."}
	}
	newest := slices.MaxFunc(all, func(a, b fs.FileInfo) int {
		if c := a.ModTime().Compare(b.ModTime()); c != 0 {
			return c
		}
		return strings.Compare(a.Name(), b.Name())
	})
	if days := s.number("oldest"); days > 0 && s.env.Now().Sub(newest.ModTime()) > time.Duration(days)*24*time.Hour {
		return nil, &core.Problem{Code: core.Stale, What: fmt.Sprintf("The newest file, “%s”, is of %s, which is more than %d days ago.", newest.Name(), newest.ModTime().Format("2 January 2006"), days),
			Fix: "See why the HR system has written no newer one, or accept older files in the settings of the connection."}
	}
	return newest, nil
}

// settled waits, and refuses a file that is still being written.
func (s *Source) settled(ctx context.Context, p place, name string, was fs.FileInfo) error {
	if err := rest.Sleep(ctx, time.Duration(s.number("settle"))*time.Second); err != nil {
		return err
	}
	now, err := p.Stat(name)
	if err != nil {
		return explain(err, fmt.Sprintf("“%s”", was.Name()))
	}
	if now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
		return growing(was.Name())
	}
	return nil
}

func growing(name string) error {
	return &core.Problem{Code: core.Stale, What: fmt.Sprintf("“%s” is still being written.", name), Fix: "Wait until the export has finished, then read again."}
}

// bring copies a file into a folder of this computer.
func bring(ctx context.Context, p place, name, dir string) (local string, err error) {
	from, err := p.Open(name)
	if err != nil {
		return "", explain(err, fmt.Sprintf("“%s”", path.Base(name)))
	}
	defer from.Close()
	local = filepath.Join(dir, "people"+path.Ext(name))
	to, err := os.OpenFile(local, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("make a temporary file: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = p.Close() }) // the copying ends with an error then
	defer stop()
	_, err = io.Copy(to, from)
	if closing := to.Close(); err == nil {
		err = closing
	}
	if ctx.Err() != nil {
		return "", &core.Problem{Code: core.Cancelled, What: "The work was stopped before it was done.", Fix: "Start it again when you are ready.", Cause: ctx.Err()}
	}
	if err != nil {
		return "", explain(err, fmt.Sprintf("“%s”", path.Base(name)))
	}
	return local, nil
}

// companion takes from the file beside it what proves that a file is complete.
func (s *Source) companion(p place, name, local string, c *copied) error {
	switch s.answers.Get("complete") {
	case "rows":
		text, err := beside(p, name, ".count", ".rows")
		if err != nil {
			return err
		}
		if c.rows, err = strconv.Atoi(firstWord(text)); err != nil {
			return &core.Problem{Code: core.BadData, Cause: err, What: fmt.Sprintf("The file beside “%s” should hold the number of its rows, and does not.", c.name),
				Fix: "Let it hold the number of people alone, without the header row."}
		}
	case "checksum":
		return s.checksum(p, name, local)
	}
	return nil
}

func (s *Source) checksum(p place, name, local string) error {
	text, err := beside(p, name, ".sha256", ".md5")
	if err != nil {
		return err
	}
	wanted := strings.ToLower(firstWord(text))
	var sum hash.Hash
	switch len(wanted) {
	case 2 * sha256.Size:
		sum = sha256.New()
	case 2 * md5.Size:
		sum = md5.New() //nolint:gosec // as above
	default:
		return &core.Problem{Code: core.BadData, What: fmt.Sprintf("The file beside “%s” holds no SHA-256 or MD5 checksum.", path.Base(name)),
			Fix: "Let it begin with the checksum in hexadecimal, as sha256sum writes it."}
	}
	f, err := os.Open(local)
	if err != nil {
		return explain(err, fmt.Sprintf("“%s”", path.Base(name)))
	}
	defer f.Close()
	if _, err := io.Copy(sum, f); err != nil {
		return explain(err, fmt.Sprintf("“%s”", path.Base(name)))
	}
	if hex.EncodeToString(sum.Sum(nil)) != wanted {
		return &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("“%s” does not have the checksum that the file beside it names, so it is not complete.", path.Base(name)),
			Fix: "Let the HR system write both files again, the checksum last."}
	}
	return nil
}

// beside reads a small file whose name is another's with an ending more, or instead.
func beside(p place, name string, endings ...string) (string, error) {
	for _, ending := range endings {
		for _, n := range []string{name + ending, strings.TrimSuffix(name, path.Ext(name)) + ending} {
			f, err := p.Open(n)
			if err != nil {
				continue
			}
			text, err := io.ReadAll(io.LimitReader(f, 4096))
			_ = f.Close() // it was only read
			if err != nil {
				return "", explain(err, fmt.Sprintf("“%s”", path.Base(n)))
			}
			return string(bytes.TrimPrefix(text, []byte("\ufeff"))), nil
		}
	}
	return "", &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("Beside “%s” there is no file that proves that it is complete.", path.Base(name)),
		Fix: fmt.Sprintf("Wait until the HR system has written “%s”, or choose another way in the settings of the connection.", path.Base(name)+endings[0])}
}

func firstWord(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// explain says what became of a file or a folder.
func explain(err error, what string) error {
	var p *core.Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, fs.ErrNotExist):
		return &core.Problem{Code: core.NotFound, Cause: err, What: what + " is not there.", Fix: "Check the folder in the settings of the connection, and whether it was renamed."}
	case errors.Is(err, fs.ErrPermission):
		return &core.Problem{Code: core.MissingScope, Cause: err, What: what + " may not be read by this user.", Fix: "Ask whoever keeps it for the right to read it."}
	}
	return &core.Problem{Code: core.Unreachable, Cause: err, What: what + " cannot be read.", Fix: "Check the connection to the server or the network drive, then try again."}
}
