package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// refusedMail is a text that Rollcall takes for an address and the practice directory does not.
const refusedMail = "a..b@corp.example"

func TestFailedRowsAreToldAndTriedAgainAndTheRunCountsAllTries(t *testing.T) {
	home(t)
	people := newStaff(t, 30)
	people.set(t, 3, refusedMail, 5)
	say(t, "path: "+people.path, "connect", "HR", "csv", "--options", "-")
	expect(t, exitDone, "connect", "Dir", "practice")
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir")
	s := expect(t, exitFailed, "apply", "last")
	s.has(t, "create First5 Last5: failed", "failed=1")
	s = expect(t, exitFailed, "apply", "last")
	s.has(t, "Going on with run", "1 change: failed=1")
	expect(t, exitDone, "runs").has(t, "failed=1", "done=")
	people.set(t, 3, "p5@corp.example", 5)
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir").has(t, "1 created + 29 unchanged")
	expect(t, exitDone, "apply", "last")
	expect(t, exitDone, "plan", "--source", "HR", "--target", "Dir").has(t, "30 unchanged")
}

func TestWorkThatIsStoppedSaysSoAndKeepsWhatWas(t *testing.T) {
	home(t)
	people := newStaff(t, 30)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 5)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, line := range []string{"plan --source HR --target Dir", "read sample"} {
		var out, errs bytes.Buffer
		code := run(stopped, strings.Fields(line), streams{In: strings.NewReader(""), Out: &out, ErrOut: &errs})
		if code != exitError || strings.Contains(errs.String(), "did not expect") || !strings.Contains(errs.String(), "stopped") {
			t.Errorf("%s: %d %s", line, code, errs.String())
		}
	}
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir").has(t, "1 updated + 29 unchanged")
}
