package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestAPlanFileIsAppliedOnAnotherComputer(t *testing.T) {
	s, file := newStaff(t, 12), filepath.Join(t.TempDir(), "week.plan")
	home(t)
	say(t, "path: "+s.path, "connect", "HR", "csv", "--options", "-").has(t, "Kept")
	expect(t, exitDone, "connect", "Dir", "practice")
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir", "--export", file).has(t, "Written")

	home(t) // the other computer
	expect(t, exitError, "apply", file).has(t, "Dir")
	expect(t, exitDone, "connect", "Dir", "practice")
	expect(t, exitDone, "apply", file).has(t, "done=22")
	expect(t, exitDone, "apply", file).has(t, "Going on", "nothing to do")
	expect(t, exitDone, "undo", "last").has(t, "12")
}

func TestAPlanFileThatIsNotWholeIsRefused(t *testing.T) {
	s, file := newStaff(t, 12), filepath.Join(t.TempDir(), "week.plan")
	home(t)
	s.inDirectory(t)
	expect(t, exitDone, "export", "last", file)
	whole, err := os.ReadFile(file)
	must(t, err)
	for name, content := range map[string][]byte{
		"cut off":            whole[:len(whole)-7],
		"changed":            bytes.Replace(whole, []byte("Clerk"), []byte("Chief"), 1),
		"is empty":           nil,
		"is something else":  []byte("PK\x03\x04 and more of it than the mark is long"),
		"is only the marker": []byte(planMark),
	} {
		must(t, os.WriteFile(file, content, 0o600))
		t.Log(name)
		expect(t, exitError, "apply", file).has(t, "cannot be applied", "Export the plan again")
	}
	expect(t, exitError, "apply", file+"x.plan").has(t, "There is no file")
}
