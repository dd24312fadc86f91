package main

import (
	"encoding/base64"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// Words that stand for people and secrets; each goes through everything that keeps something.
var planted = struct{ people, secrets []string }{
	[]string{"Quixotington", "zebedee.q@corp.example", "Keeper of the Swans", "@corp.example", "Zebedeea"},
	[]string{"papi-swordfish-59d7-never-on-disk"},
}

func TestNothingOfAnyoneIsLeftInTheClear(t *testing.T) {
	folder := home(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("SQLITE_TMPDIR", temp)
	work := t.TempDir() // files that the person asked for, and the source
	people := newStaff(t, 60)
	people.rows[9] = []string{"0009", "Zebedeea", "Quixotington", "zebedee.q@corp.example", "Keeper of the Swans", "Clerk", "active", ""}
	people.save(t)
	people.inDirectory(t)
	say(t, `{"clientId": "papi-id", "clientSecret": "`+planted.secrets[0]+`"}`, "connect", "People system", "personio", "--options", "-")
	server := emulator(t, "personio", "v1")
	say(t, `{"clientId": "papi-id", "clientSecret": "`+planted.secrets[0]+`"}`, "read", "personio", "--base-url", server.URL, "--options", "-")

	people.set(t, jobTitle, "Keeper of the Swans", 9, 10)
	people.set(t, status, "terminated", 11)
	config := put(t, filepath.Join(work, "sync.yaml"), "identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}\nprotected: [zebedee.q@corp.example]\n")
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir", "--config", config, "--export", filepath.Join(work, "p.xlsx"), "--export", filepath.Join(work, "p.csv"))
	s := expect(t, exitDone, "apply", "last")
	expect(t, exitDone, "undo", runID(t, s))
	say(t, "", "apply", "last")
	put(t, filepath.Join(work, "bad.yaml"), "protected: [zebedee.q@corp.example")
	expect(t, exitError, "plan", "--config", filepath.Join(work, "bad.yaml"))
	people.rows[9][6] = "Quixotington" // a status that nobody understands
	people.save(t)
	say(t, "", "plan", "--source", "HR", "--target", "Dir")

	kept := contents(t, folder)
	if kept[filepath.Join(folder, "rollcall.db")] == "" || len(kept) < 2 {
		t.Fatalf("only %d files were looked at", len(kept))
	}
	for path, text := range kept {
		clean(t, path, text)
	}
	for path, text := range contents(t, temp) {
		clean(t, path, text)
	}
}

// clean demands that a file holds no planted word.
func clean(t *testing.T, path, text string) {
	t.Helper()
	for _, what := range leaked(text) {
		t.Errorf("%s in %s", what, filepath.Base(path))
	}
}

// leaked gives the planted words that stand in a text, however they may be written.
func leaked(text string) []string {
	var found []string
	lower := strings.ToLower(text)
	for _, w := range append(planted.people, planted.secrets...) {
		for way, written := range map[string]string{"text": strings.ToLower(w), "UTF-16": strings.ToLower(wide(w)), "hexadecimal": hex.EncodeToString([]byte(w))} {
			if strings.Contains(lower, written) {
				found = append(found, w+" as "+way)
			}
		}
		for shift := range 3 { // base64 depends on what stands before
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + w))
			if len(w) > 12 && strings.Contains(text, coded[4:len(coded)-4]) {
				found = append(found, w+" as base64")
			}
		}
	}
	return found
}

func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

func TestSearchForLeaksFindsThem(t *testing.T) {
	name, secret := planted.people[0], planted.secrets[0]
	for _, text := range []string{"of " + name, strings.ToUpper(name), wide(secret), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a" + secret)), base64.StdEncoding.EncodeToString([]byte("ab" + secret))} {
		if len(leaked(text)) == 0 {
			t.Errorf("not found in %q", text)
		}
	}
	if got := leaked("the swans of the lake"); len(got) > 0 {
		t.Errorf("found what is not there: %v", got)
	}
}
