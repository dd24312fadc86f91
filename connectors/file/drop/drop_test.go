package drop

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const two = "Employee ID,First name\n0001,Ada\n0002,Bo\n"

// leave writes a file that is so many days old.
func leave(t *testing.T, dir, name, text string, days int) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at := noon.AddDate(0, 0, -days)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// clock does not wait, and lets somebody act while the source waits.
type clock struct{ meanwhile func() }

func (clock) Now() time.Time { return noon }

func (c clock) Sleep(ctx context.Context, _ time.Duration) error {
	if c.meanwhile != nil {
		c.meanwhile()
	}
	return ctx.Err()
}

func source(t *testing.T, a core.Answers) *Source {
	t.Helper()
	full, err := Spec().Complete(a)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(full, core.Env{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// read gives the IDs, and what went wrong.
func read(t *testing.T, s *Source, c clock) (ids string, err error) {
	t.Helper()
	for p, err := range s.People(rest.WithClock(t.Context(), c, 0), core.Want{Leavers: 90}) {
		if err != nil {
			return ids, err
		}
		ids += p.ID() + " "
	}
	return ids, nil
}

func TestNewestCompleteFileOfAFolderIsRead(t *testing.T) {
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(two)))
	for name, c := range map[string]struct {
		answers core.Answers
		leave   func(t *testing.T, dir string)
		ids     string
		code    core.Code
		says    string
	}{
		"the newest": {nil, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", "Employee ID\n9\n", 2)
			leave(t, dir, "b.csv", two, 1)
		}, "0001 0002 ", "", ""},
		"by name among files of one time": {nil, func(t *testing.T, dir string) {
			leave(t, dir, "b.csv", two, 1)
			leave(t, dir, "a.csv", "Employee ID\n9\n", 1)
		}, "0001 0002 ", "", ""},
		"none that is still being written": {nil, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 3)
			leave(t, dir, "b.csv.part", "x", 0)
			leave(t, dir, ".c.csv", "x", 0)
		}, "0001 0002 ", "", ""},
		"none that fits": {core.Answers{"pattern": "people-*.csv"}, func(t *testing.T, dir string) { leave(t, dir, "a.csv", two, 1) }, "", core.NotFound, "people-*.csv"},
		"too old":        {core.Answers{"oldest": "3"}, func(t *testing.T, dir string) { leave(t, dir, "a.csv", two, 4) }, "", core.Stale, "19 November 2026"[3:]},
		"rows as counted": {core.Answers{"complete": "rows"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 1)
			leave(t, dir, "a.csv.count", "2\r\n", 1)
		}, "0001 0002 ", "", ""},
		"fewer rows than counted": {core.Answers{"complete": "rows"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 1)
			leave(t, dir, "a.count", "3", 1)
		}, "0001 0002 ", core.Incomplete, "says 3"},
		"rows as counted, with one who left long ago": {core.Answers{"complete": "rows"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", "Employee ID,Status,End date\n0001,Active,\n0002,Terminated,2026-08-24\n0003,Terminated,2026-08-23\n", 1)
			leave(t, dir, "a.csv.count", "3", 1)
		}, "0001 0002 ", "", ""},
		"a count that is none": {core.Answers{"complete": "rows"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 1)
			leave(t, dir, "a.count", "many", 1)
		}, "", core.BadData, "number of its rows"},
		"no companion": {core.Answers{"complete": "checksum"}, func(t *testing.T, dir string) { leave(t, dir, "a.csv", two, 1) }, "", core.Incomplete, "no file that proves"},
		"right checksum": {core.Answers{"complete": "checksum"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 1)
			leave(t, dir, "a.csv.sha256", strings.ToUpper(sum)+"  a.csv\n", 1)
		}, "0001 0002 ", "", ""},
		"wrong checksum": {core.Answers{"complete": "checksum"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two+"0003,Cy\n", 1)
			leave(t, dir, "a.csv.sha256", sum, 1)
		}, "", core.Incomplete, "checksum"},
		"checksum that is none": {core.Answers{"complete": "checksum"}, func(t *testing.T, dir string) {
			leave(t, dir, "a.csv", two, 1)
			leave(t, dir, "a.csv.md5", "", 1)
		}, "", core.BadData, "SHA-256"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.leave(t, dir)
			a := core.Answers{"place": "folder", "folder": core.Secret(dir)}
			for id, v := range c.answers {
				a[id] = v
			}
			ids, err := read(t, source(t, a), clock{})
			if ids != c.ids || c.code != "" && (!core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says)) || c.code == "" && err != nil {
				t.Errorf("%q, %v", ids, err)
			}
		})
	}
}

func TestFileThatGrowsIsNotRead(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "a.csv", two, 1)
	s := source(t, core.Answers{"place": "folder", "folder": core.Secret(dir)})
	if _, err := read(t, s, clock{func() { leave(t, dir, "a.csv", two+"0003,Cy\n", 1) }}); !core.HasCode(err, core.Stale) {
		t.Errorf("got %v", err)
	}
}

func TestPatternThatIsNoneIsRefused(t *testing.T) {
	if _, err := NewSource(core.Answers{"pattern": "[a"}, core.Env{}); !core.HasCode(err, core.BadOption) {
		t.Errorf("got %v", err)
	}
}

func TestFileOfAnSFTPServerIsReadAndNotKept(t *testing.T) {
	server, dir, temp := servers.SSHD(t), t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	leave(t, dir, "people-1.csv", "Employee ID\n9\n", 2)
	leave(t, dir, "people-2.csv", two, 1)
	good := core.Answers{"host": "127.0.0.1", "port": core.Secret(strconv.Itoa(server.Port)), "user": core.Secret(server.User), "auth": "key",
		"privateKey": core.Secret(server.Key), "fingerprint": core.Secret(server.Fingerprint), "path": core.Secret(dir), "pattern": "people-*.csv"}
	with := func(id, v string) core.Answers {
		a := core.Answers{}
		for id, v := range good {
			a[id] = v
		}
		a[id] = core.Secret(v)
		return a
	}
	h, err := source(t, good).Check(rest.WithClock(t.Context(), clock{}, 0))
	if err != nil || !strings.Contains(h.Summary, "people-2.csv") {
		t.Fatalf("%+v, %v", h, err)
	}
	if fields, err := source(t, good).Fields(rest.WithClock(t.Context(), clock{}, 0)); err != nil || len(fields) < 3 {
		t.Errorf("fields %v, %v", fields, err)
	}
	if ids, err := read(t, source(t, good), clock{}); err != nil || ids != "0001 0002 " {
		t.Errorf("%q, %v", ids, err)
	}
	for name, c := range map[string]struct {
		answers core.Answers
		code    core.Code
		says    string
	}{
		"key that nobody confirmed": {with("fingerprint", ""), core.BadOption, server.Fingerprint},
		"another key":               {with("fingerprint", "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"), core.BadCredentials, "nothing was sent"},
		"wrong user":                {with("user", "nobody-of-that-name"), core.BadCredentials, "does not let"},
		"key that is none":          {with("privateKey", "hello"), core.BadOption, "private key"},
		"no folder":                 {with("path", dir+"/nowhere"), core.NotFound, "nowhere"},
		"nobody there":              {with("port", "1"), core.Unreachable, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(t, source(t, c.answers), clock{}); !core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
