package connectors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const schedules = "../docs/schedule"

// TestScheduledRunKeepsAKeychainOfItsOwn runs the scripts of docs/schedule as a scheduler does: without a session, with
// nothing but two folders and a password.
func TestScheduledRunKeepsAKeychainOfItsOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	keychain(t) // skips where there is none
	folder := t.TempDir()
	j := &journey{binary: program(t), folder: folder, people: makePeople(30)}
	j.write(t)
	ok(t, os.MkdirAll(j.file("plans"), 0o700))
	ok(t, os.WriteFile(j.file("password"), []byte("long and made up"), 0o600))
	scripts, err := filepath.Abs(schedules)
	ok(t, err)
	scheduled := func(code int, input string, args ...string) string {
		t.Helper()
		c := exec.Command(filepath.Join(scripts, "with-keyring.sh"), append([]string{j.file("password")}, args...)...)
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "XDG_RUNTIME_DIR=" + folder, "XDG_DATA_HOME=" + j.file("keyring"), "ROLLCALL_HOME=" + j.file("home"), "ROLLCALL=" + j.binary}
		c.Stdin = strings.NewReader(input)
		out, _ := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != code {
			t.Fatalf("%v: exit code %d, want %d\n%s", args, got, code, last(out))
		}
		return string(out)
	}
	sync := []string{filepath.Join(scripts, "sync.sh"), "HR", "Directory", j.file("plans")}
	scheduled(0, `{"path": "`+j.file("people.csv")+`"}`, j.binary, "connect", "HR", "csv", "--options", "-")
	scheduled(0, "", j.binary, "connect", "Directory", "practice")
	if said := scheduled(0, "", sync...); !strings.Contains(said, "30 created") || !strings.Contains(said, "done=") {
		t.Errorf("the first night: %s", said)
	}
	if said := scheduled(0, "", sync...); !strings.Contains(said, "30 unchanged") {
		t.Errorf("the second night: %s", said)
	}
	for i := 1; i <= 20; i++ {
		j.people[i][status] = "terminated"
	}
	j.write(t)
	if said := scheduled(3, "", sync...); !strings.Contains(said, "Held: ") {
		t.Errorf("most of the company is gone: %s", said)
	}
	plans, err := filepath.Glob(j.file("plans/*.plan"))
	if err != nil || len(plans) != 3 {
		t.Errorf("%d plans are kept, %v", len(plans), err)
	}
}

func TestScheduleFilesAreWellFormed(t *testing.T) {
	for _, name := range []string{"rollcall-task.xml", "example.rollcall.plist"} {
		b, err := os.ReadFile(filepath.Join(schedules, name))
		ok(t, err)
		d, tokens := xml.NewDecoder(bytes.NewReader(b)), 0
		for {
			if _, err = d.Token(); err != nil {
				break
			}
			tokens++
		}
		if !errors.Is(err, io.EOF) || tokens < 20 {
			t.Errorf("%s: %d tokens, %v", name, tokens, err)
		}
	}
	b, err := os.ReadFile(filepath.Join(schedules, "cronjob.yaml"))
	ok(t, err)
	var job struct {
		Kind string
		Spec struct{ Schedule string }
	}
	if err := yaml.Unmarshal(b, &job); err != nil || job.Kind != "CronJob" || job.Spec.Schedule == "" {
		t.Errorf("%+v, %v", job, err)
	}
}
