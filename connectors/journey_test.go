package connectors

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// journey is the built program with a home, a keychain and a directory of its own: what
// a person has who tries it with nothing but the README.
type journey struct {
	binary, folder, bus string
	people              [][]string
	target              core.Target // the directory, looked at past the program
}

// program builds the program once for both directories.
func program(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "rollcall")
	build := exec.Command("go", "build", "-tags", "headless", "-o", binary, "rollcall")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// keychain starts a D-Bus session with an unlocked keyring and gives its address.
func keychain(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing", name)
			}
			t.Skipf("%s is missing", name)
		}
	}
	home := t.TempDir()
	session := exec.Command("dbus-run-session", "--", "sh", "-c",
		`printf test-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat`)
	session.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home)
	in, err := session.StdinPipe()
	ok(t, err)
	out, err := session.StdoutPipe()
	ok(t, err)
	ok(t, session.Start())
	t.Cleanup(func() {
		_ = in.Close() // ends cat, and with it the session
		_ = session.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	ok(t, err)
	return strings.TrimSpace(address)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (j *journey) command(input string, args ...string) *exec.Cmd {
	c := exec.Command(j.binary, args...)
	c.Env = append(os.Environ(), "ROLLCALL_HOME="+filepath.Join(j.folder, "home"), "DBUS_SESSION_BUS_ADDRESS="+j.bus)
	c.Stdin = strings.NewReader(input)
	return c
}

// say runs one command line and demands its exit code.
func (j *journey) say(t *testing.T, code int, input string, args ...string) string {
	t.Helper()
	c := j.command(input, args...)
	out, _ := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("rollcall %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, last(out))
	}
	return string(out)
}

func last(out []byte) []byte { return out[max(0, len(out)-2000):] }

func (j *journey) file(name string) string { return filepath.Join(j.folder, name) }

// Columns of the journey's people.
const (
	login  = 3
	mail   = 4
	title  = 5
	status = 6
)

func makePeople(n int) [][]string {
	people := [][]string{{"Employee number", "First name", "Last name", "Login", "E-mail", "Job title", "Status", "Manager number"}}
	for i := 1; i <= n; i++ {
		boss := ""
		if i > 1 {
			boss = fmt.Sprintf("%05d", i/10+1) // a tree; most managers come in the same plan
			if i/10+1 == i {
				boss = "00001"
			}
		}
		people = append(people, []string{fmt.Sprintf("%05d", i), fmt.Sprintf("Jörg%d", i), fmt.Sprintf("O'Näs%d", i), fmt.Sprintf("user.%d", i),
			fmt.Sprintf("user.%d@corp.example", i), "Clerk", "active", boss})
	}
	return people
}

func (j *journey) write(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	for _, line := range j.people {
		b.WriteString(strings.Join(line, ",") + "\n")
	}
	ok(t, os.WriteFile(j.file("people.csv"), b.Bytes(), 0o600))
}

// nextYear makes 50 updates, 20 leavers and 5 renames.
func (j *journey) nextYear(t *testing.T) {
	t.Helper()
	for i := 1; i <= 500; i++ {
		switch {
		case i > 100 && i <= 150:
			j.people[i][title] = "Senior clerk"
		case i > 200 && i <= 220:
			j.people[i][status] = "terminated"
		case i > 300 && i <= 305:
			j.people[i][login], j.people[i][mail] = fmt.Sprintf("renamed.%d", i), fmt.Sprintf("renamed.%d@corp.example", i)
		}
	}
	j.write(t)
}

// dump gives what the directory holds, by employee number and not by what it gives
// itself: ids, and managers by theirs.
func (j *journey) dump(t *testing.T, number string) map[string]map[string]string {
	t.Helper()
	attributes, err := j.target.Attributes(t.Context())
	ok(t, err)
	byID := map[string]map[string]string{}
	for a, err := range j.target.Accounts(t.Context(), nil) {
		ok(t, err)
		values := map[string]string{"@active": a.Value(core.AccountActive)}
		for _, x := range attributes {
			if v := a.Value(x.ID); v != "" && !(x.ReadOnly && !strings.EqualFold(x.ID, "dn")) {
				values[x.ID] = v
			}
		}
		byID[a.ID()] = values
	}
	all := map[string]map[string]string{}
	for id, values := range byID {
		for _, x := range attributes {
			if boss := byID[values[x.ID]]; x.Kind == core.Reference && boss != nil {
				values[x.ID] = "account of " + boss[number]
			}
		}
		if _, twice := all[values[number]]; twice && values[number] != "" {
			t.Errorf("two accounts have the number %s", values[number])
		}
		all[values[number]+" "+map[bool]string{true: id, false: ""}[values[number] == ""]] = values
	}
	return all
}

var planLine = regexp.MustCompile(`(?m)^Plan (\w+):`)

func (j *journey) plan(t *testing.T, code int) (id, said string) {
	t.Helper()
	said = j.say(t, code, "", "plan", "--config", j.file("sync.yaml"))
	return planLine.FindStringSubmatch(said)[1], said
}

// applyKilled applies a plan and kills the program again and again, each time a little
// later, until it ends by itself. It gives how often that was.
func (j *journey) applyKilled(t *testing.T, plan string) (kills int) {
	t.Helper()
	for wait := 250 * time.Millisecond; ; wait += 150 * time.Millisecond {
		out, code := j.killed(t, wait, "apply", plan)
		if code < 0 {
			kills++
			continue
		}
		if code != 0 || kills > 0 && !strings.Contains(out, "Going on with run") {
			t.Fatalf("after %d kills: exit code %d\n%s", kills, code, last([]byte(out)))
		}
		return kills
	}
}

// killed runs one command line and kills it after that time, unless it has ended; the
// exit code is then below zero.
func (j *journey) killed(t *testing.T, wait time.Duration, args ...string) (said string, code int) {
	t.Helper()
	c := j.command("", args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	ok(t, c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-ended:
	case <-time.After(wait): // the moment of death is what is tried
		_ = c.Process.Kill() // it may have ended meanwhile
		<-ended
	}
	return out.String(), c.ProcessState.ExitCode()
}

// travel is the whole way: create, plan again, change, plan again, take back.
func (j *journey) travel(t *testing.T, number string, killed bool) (states []map[string]map[string]string) {
	t.Helper()
	j.people = makePeople(500)
	j.write(t)
	apply := func(plan string) {
		if !killed {
			j.say(t, 0, "", "apply", plan)
		} else {
			t.Logf("killed %d times", j.applyKilled(t, plan))
		}
	}
	look := func() { states = append(states, j.dump(t, number)) }
	look()
	first, said := j.plan(t, 2)
	if !strings.Contains(said, "500 created = 500 people read") {
		t.Errorf("the first plan: %s", said)
	}
	apply(first)
	look()
	if _, said := j.plan(t, 0); !strings.Contains(said, "500 unchanged = 500 people read") {
		t.Errorf("plan again: %s", said)
	}
	j.nextYear(t)
	second, said := j.plan(t, 2)
	if !strings.Contains(said, "55 updated + 20 deactivated + 425 unchanged = 500 people read") {
		t.Errorf("the second plan: %s", said)
	}
	apply(second)
	look()
	j.plan(t, 0)
	said = j.say(t, 0, "", "apply", second)
	if !strings.Contains(said, "nothing to do") {
		t.Errorf("applied again: %s", said)
	}
	j.takeBack(t, look)
	return states
}

// takeBack undoes both runs, the later one first.
func (j *journey) takeBack(t *testing.T, look func()) {
	t.Helper()
	runs := regexp.MustCompile(`(?m)^run\s+(\w+)`).FindAllStringSubmatch(j.say(t, 0, "", "runs"), -1)
	if len(runs) != 2 {
		t.Fatalf("%d runs", len(runs))
	}
	said := j.say(t, 0, "", "undo", runs[0][1])
	if !strings.Contains(said, "75 changes take the run back") || !strings.Contains(said, "done=75") {
		t.Errorf("undo: %s", said)
	}
	look()
	said = j.say(t, 0, "", "undo", runs[1][1])
	note, run := strings.Index(said, "Note: "), strings.Index(said, "Run ") // what cannot be taken back is said first
	if !strings.Contains(said, "500 changes take the run back") || note < 0 || run < note {
		t.Errorf("undo: %s", last([]byte(said)))
	}
	look()
}

// check compares the states of a quiet journey: nobody, 500, changed, 500 again, nobody.
func check(t *testing.T, states []map[string]map[string]string) {
	t.Helper()
	before, filled, changed := states[0], states[1], states[2]
	if d := cmp.Diff(filled, states[3]); d != "" {
		t.Errorf("after the first undo: %s", d)
	}
	if d := cmp.Diff(before, states[4]); d != "" {
		t.Errorf("after the second undo: %s", d)
	}
	if len(filled) != len(before)+500 || len(changed) != len(filled) {
		t.Errorf("%d, %d and %d accounts", len(before), len(filled), len(changed))
	}
	differ, disabled := 0, 0
	for key, values := range changed {
		if !maps.Equal(values, filled[key]) {
			differ++
		}
		if values["@active"] == "false" {
			disabled++
		}
	}
	if differ < 75 || disabled != 20 {
		t.Errorf("%d differ, %d are disabled", differ, disabled)
	}
}

func TestJourneyToRealDirectories(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	binary, bus := program(t), keychain(t)
	for name, d := range map[string]struct {
		start  func(t *testing.T) (connector string, options map[string]string)
		number string
		rules  string
	}{
		"LDAP": {startLDAP, "employeeNumber", ldapRules},
		"SCIM": {startSCIM, "enterprise.employeeNumber", scimRules},
	} {
		t.Run(name, func(t *testing.T) {
			var quiet []map[string]map[string]string
			for _, killed := range []bool{false, true} {
				connector, options := d.start(t)
				j := &journey{binary: binary, bus: bus, folder: t.TempDir()}
				ok(t, os.WriteFile(j.file("sync.yaml"), []byte("source: {connector: csv, options: {path: '"+j.file("people.csv")+"'}}\ntarget: {connection: Directory}\n"+d.rules+journeyRules), 0o600))
				answers, err := json.Marshal(options)
				ok(t, err)
				j.say(t, 0, string(answers), "connect", "Directory", connector, "--options", "-", "--check")
				given := core.Answers{}
				for id, v := range options {
					given[id] = core.Secret(v)
				}
				j.target, err = All().Target(connector, given, core.Env{Now: time.Now})
				ok(t, err)
				states := j.travel(t, d.number, killed)
				check(t, states)
				if !killed {
					quiet = states
				} else if d := cmp.Diff(quiet[1:3], states[1:3]); d != "" {
					t.Errorf("killed again and again, and: %s", d)
				}
				leaks(t, j.file("home"), slices.Collect(maps.Values(options)))
			}
		})
	}
}

func TestRunThatWasCutOffGoesOnAsItWasApproved(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	j := &journey{binary: program(t), bus: keychain(t), folder: t.TempDir(), people: makePeople(200)}
	j.write(t)
	service := servers.SCIMMY(t, nil)
	answers := core.Answers{"baseUrl": core.Secret(service.URL), "token": core.Secret(service.Token)}
	ok(t, os.WriteFile(j.file("sync.yaml"), []byte("source: {connector: csv, options: {path: '"+j.file("people.csv")+"'}}\ntarget: {connection: Directory}\n"+scimRules+journeyRules), 0o600))
	j.say(t, 0, fmt.Sprintf(`{"baseUrl": %q, "token": %q}`, service.URL, service.Token), "connect", "Directory", "scim", "--options", "-")
	said := j.say(t, 2, "", "plan", "--config", j.file("sync.yaml"), "--export", j.file("review.csv"))
	plan := planLine.FindStringSubmatch(said)[1]
	rejectThe190s(t, j.file("review.csv"))
	for wait := 400 * time.Millisecond; !strings.Contains(j.say(t, 0, "", "runs"), "run  "); wait += 200 * time.Millisecond {
		j.killed(t, wait, "apply", plan, "--decisions", j.file("review.csv"))
	}
	j.say(t, 0, "", "apply", plan)
	var err error
	j.target, err = All().Target("scim", answers, core.Env{Now: time.Now})
	ok(t, err)
	there := j.dump(t, "enterprise.employeeNumber")
	for i := 1; i <= 200; i++ {
		number := fmt.Sprintf("%05d ", i)
		if rejected := i >= 190 && i < 200; rejected == (there[number] != nil) {
			t.Errorf("%s: rejected is %v, an account is there: %v", number, rejected, !rejected)
		}
	}
	if runs := j.say(t, 0, "", "runs"); !strings.Contains(runs, "ended") || strings.Contains(runs, "cut off") {
		t.Errorf("%s", runs)
	}
}

func rejectThe190s(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	ok(t, err)
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	ok(t, err)
	number, decision := slices.Index(lines[0], "Employee number"), slices.Index(lines[0], "Decision")
	for _, line := range lines[1:] {
		if strings.HasPrefix(line[number], "0019") {
			line[decision] = "Reject"
		}
	}
	var out bytes.Buffer
	ok(t, csv.NewWriter(&out).WriteAll(lines))
	ok(t, os.WriteFile(path, out.Bytes(), 0o600))
}

// leaks demands that nothing of the people and no secret stands in the program's home.
func leaks(t *testing.T, home string, answers []string) {
	t.Helper()
	words := []string{"Jörg17", "O'Näs17", "user.17@", "Senior clerk", "@corp.example", "sync-secret", "scim-token"}
	for _, a := range answers {
		if strings.Contains(a, "secret") || strings.Contains(a, "token") {
			words = append(words, a)
		}
	}
	ok(t, filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		all, err := io.ReadAll(f)
		for _, w := range words {
			if bytes.Contains(all, []byte(w)) {
				t.Errorf("%q stands in %s", w, filepath.Base(path))
			}
		}
		return err
	}))
}

const journeyRules = `
modes: {create: true, update: true, deactivate: true, logins: do}
guards: {create: off, login: off, shrink: 0}
`

const ldapRules = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}
mapping:
  - {attribute: uid, field: Login}
  - {attribute: cn, expression: '{{firstName}} {{lastName}}'}
  - {attribute: givenName, field: firstName}
  - {attribute: sn, field: lastName}
  - {attribute: mail, field: email}
  - {attribute: employeeNumber, field: employeeNumber}
  - {attribute: title, field: jobTitle}
  - {attribute: manager, field: Manager number}
`

const scimRules = `
identity: {keys: [{fields: [employeeNumber], attribute: enterprise.employeeNumber}]}
mapping:
  - {attribute: userName, field: Login}
  - {attribute: externalId, field: employeeNumber}
  - {attribute: name.givenName, field: firstName}
  - {attribute: name.familyName, field: lastName}
  - {attribute: emails.work, field: email}
  - {attribute: title, field: jobTitle}
  - {attribute: enterprise.employeeNumber, field: employeeNumber}
  - {attribute: enterprise.manager, field: Manager number}
`

func startLDAP(t *testing.T) (string, map[string]string) {
	d := servers.Slapd(t)
	return "ldap", map[string]string{"host": "127.0.0.1", "port": fmt.Sprint(d.TLS), "caFile": d.CAFile, "bindDN": d.BindDN, "password": d.BindPassword, "baseDN": d.BaseDN}
}

func startSCIM(t *testing.T) (string, map[string]string) {
	s := servers.SCIMMY(t, nil)
	return "scim", map[string]string{"baseUrl": s.URL, "token": s.Token}
}
