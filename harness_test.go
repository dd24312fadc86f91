package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

// said is what one command line gave back.
type said struct {
	code     int
	out, err string
}

// home gives the test an empty data folder and an empty keychain.
func home(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("ROLLCALL_HOME", folder)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent") // the keychain is a mock; nobody is to look for a bus
	keyring.MockInit()
	return folder
}

// say carries out one command line in this process.
func say(t *testing.T, input string, args ...string) said {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, streams{In: strings.NewReader(input), Out: &out, ErrOut: &err})
	return said{code, out.String(), err.String()}
}

// expect is say for a command line whose exit code is known.
func expect(t *testing.T, code int, args ...string) said {
	t.Helper()
	s := say(t, "", args...)
	if s.code != code {
		t.Fatalf("rollcall %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), s.code, code, s.out, s.err)
	}
	return s
}

// has demands that the command said all these words, on either stream.
func (s said) has(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(s.out+s.err, w) {
			t.Errorf("%q was not said:\n%s%s", w, s.out, s.err)
		}
	}
}

func put(t *testing.T, path, text string) string {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// exported is a plan as --export writes it with .json.
type exported struct {
	Plan struct {
		ID, Name, Hash              string
		People, Accounts, Unmanaged int
	}
	Counts  map[string]struct{ People, Accounts, Ticked, Stopped int }
	Tripped []struct {
		Guard, What string
		Count       int
	}
	Rows []exportRow
}

type exportRow struct {
	Row, Change, Person, Number, Name, Account, Why, Detail string
	Ticked                                                  bool
	Cells                                                   []struct {
		Attribute, Before, After, Pending, Why string
		Ticked                                 bool
	}
}

func readExport(t *testing.T, path string) exported {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	var e exported
	must(t, json.Unmarshal(b, &e))
	return e
}

// of gives the row of a person by number, and fails where there is not exactly one.
func (e exported) of(t *testing.T, number string) exportRow {
	t.Helper()
	var found []exportRow
	for _, r := range e.Rows {
		if r.Number == number {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d rows of %s", len(found), number)
	}
	return found[0]
}

var sumLine = regexp.MustCompile(`(?m)^(.+) = ([\d,]+) (?:people|person) read$`)

// sums checks every “a + b = c people read” of a text and gives how many there were.
func sums(t *testing.T, text string) int {
	t.Helper()
	lines := sumLine.FindAllStringSubmatch(text, -1)
	for _, l := range lines {
		total := 0
		for term := range strings.SplitSeq(l[1], " + ") {
			total += figure(t, term)
		}
		if total != figure(t, l[2]) {
			t.Errorf("%s adds up to %d", l[0], total)
		}
	}
	return len(lines)
}

var digits = regexp.MustCompile(`[\d,]+`)

func figure(t *testing.T, words string) int {
	t.Helper()
	var n int
	must(t, json.Unmarshal([]byte(strings.ReplaceAll(digits.FindString(words), ",", "")), &n))
	return n
}

// planID finds the plan's id in what “plan” or “undo” said.
func planID(t *testing.T, s said) string { return found(t, s, `(?m)^Plan (\w+):`) }

// runID finds the run's id in what “apply” said.
func runID(t *testing.T, s said) string {
	return found(t, s, `(?m)(?:^Run|^Going on with run) (\w+)\.`)
}

func found(t *testing.T, s said, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(s.out)
	if m == nil {
		t.Fatalf("no %s in:\n%s%s", pattern, s.out, s.err)
	}
	return m[1]
}

// contents gives every file under a folder, by path.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}))
	return all
}
