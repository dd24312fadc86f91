package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/core"
)

func TestConnectorsAreListedForPeopleAndPrograms(t *testing.T) {
	home(t)
	var specs []core.Spec
	must(t, json.Unmarshal([]byte(expect(t, exitDone, "connectors", "--json").out), &specs))
	words := expect(t, exitDone, "connectors").out
	ids := map[string]bool{}
	for _, s := range specs {
		ids[s.ID] = true
		if !strings.Contains(words, s.ID) || !strings.Contains(words, s.Name) || !s.Source && !s.Target {
			t.Errorf("%s is not listed, or is good for nothing", s.ID)
		}
	}
	for _, id := range []string{"csv", "xlsx", "sample", "bamboohr", "personio", "officient", "practice", "scim", "ldap"} {
		if !ids[id] {
			t.Errorf("%s is missing", id)
		}
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	home(t)
	for _, command := range []string{"", "demo", "connectors", "read", "connect", "connections", "connections list", "connections export-manifest", "disconnect", "plan", "apply", "undo", "runs", "suggest", "diff"} {
		args := []string{"--help"}
		if command != "" {
			args = append(strings.Fields(command), "--help")
		}
		s := expect(t, exitDone, args...)
		if !strings.Contains(s.out, "Usage: rollcall "+command) || s.err != "" {
			t.Errorf("%s: %q %q", command, s.out, s.err)
		}
	}
	expect(t, exitDone, "--version").has(t, version)
}

func TestWhatIsNotUnderstoodIsExplained(t *testing.T) {
	home(t)
	for line, says := range map[string]string{
		"plam":                                 "plam",
		"plan --colour red":                    "--colour",
		"apply":                                "plan",
		"read":                                 "connector",
		"connect HR bamboo":                    `Did you mean "bamboohr"?`,
		"connect HR personio":                  "Client ID",
		"suggest --source x.csv --target slim": "x.csv",
		"diff a.csv":                           "right",
		"read sample --format xml":             "format",
	} {
		t.Run(line, func(t *testing.T) { expect(t, exitError, strings.Fields(line)...).has(t, says) })
	}
}

func TestConnectionsAreKeptShownAndForgotten(t *testing.T) {
	home(t)
	const secret = "papi-77d2-never-shown"
	s := say(t, `{"clientId": "papi-id", "clientSecret": "`+secret+`"}`, "connect", "People system", "personio", "--options", "-")
	s.has(t, "Kept as “People system”")
	s = expect(t, exitDone, "connections")
	s.has(t, "People system", "personio", "papi-id")
	if strings.Contains(s.out, secret) {
		t.Error("a secret is shown")
	}
	expect(t, exitDone, "disconnect", "People system").has(t, "Forgotten")
	if s := expect(t, exitDone, "connections"); s.out != "" {
		t.Errorf("still there: %s", s.out)
	}
}

func TestADescriptionIsExportedAsAManifestAndUsedElsewhere(t *testing.T) {
	folder := home(t)
	const secret = "papi-77d2-never-shown"
	say(t, `{"baseUrl": "https://hr.corp.example/v1", "token": "`+secret+`", "listPath": "/people", "idPath": "no", "rows": "d"}`, "connect", "Own HR", "custom", "--options", "-").has(t, "Kept")
	s := expect(t, exitDone, "connections", "export-manifest", "Own HR")
	s.has(t, "base: https://hr.corp.example/v1", "get: /people")
	file := filepath.Join(folder, "own-hr.yaml")
	expect(t, exitDone, "connections", "export-manifest", "Own HR", file).has(t, file)
	b, err := os.ReadFile(file)
	must(t, err)
	if string(b) != s.out || strings.Contains(s.out, secret) {
		t.Errorf("the file and the output differ, or a secret is shown:\n%s", b)
	}
	elsewhere, err := json.Marshal(map[string]string{"how": "manifest", "manifest": s.out, "token": secret})
	must(t, err)
	say(t, string(elsewhere), "connect", "Elsewhere", "custom", "--options", "-").has(t, "Kept")
	if again := expect(t, exitDone, "connections", "export-manifest", "Elsewhere"); strings.TrimSpace(again.out) != strings.TrimSpace(s.out) {
		t.Errorf("exported again it is another:\n%s", again.out)
	}
	expect(t, exitDone, "connect", "Sample", "sample")
	expect(t, exitError, "connections", "export-manifest", "Sample").has(t, "no description")
	expect(t, exitError, "connections", "export-manifest", "Nobody").has(t, "Nobody")
}
