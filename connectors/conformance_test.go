package connectors

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/internal/conform"
	"rollcall/core"
)

var update = flag.Bool("update", false, "write testdata/people.json of each vendor from its emulator")

// extra are fields that a connector gives and its emulator's truth leaves out: the legal
// name of the account is BambooHR's only legal entity.
var extra = map[string][]string{"bamboohr": {"legalEntity"}}

func subjects(id string) []conform.Subject {
	c := All()
	spec, err := c.Spec(id)
	if err != nil {
		panic(err)
	}
	var all []conform.Subject
	for _, way := range emulate.Ways(id) {
		all = append(all, conform.Subject{ID: id, Way: way, Spec: spec, Extra: extra[id], Registered: id == "officient",
			Source: func(a core.Answers, env core.Env) (core.Source, error) { return c.Source(id, a, env) }})
	}
	return all
}

func TestConformance(t *testing.T) {
	for _, spec := range All().Specs() {
		id := spec.ID
		if len(subjects(id)) == 0 {
			continue
		}
		t.Run(id, func(t *testing.T) {
			for _, s := range subjects(id) {
				t.Run(s.Way.Name, func(t *testing.T) { conform.Sources(t, s) })
			}
			t.Run("gives the people of the golden file", func(t *testing.T) { golden(t, subjects(id)[0]) })
		})
	}
}

func TestEveryHRSystemHasAnEmulator(t *testing.T) {
	for _, s := range All().Specs() {
		if s.Category == core.HRSystem && s.ID != "sample" && s.ID != "custom" && !slices.Contains(emulate.IDs(), s.ID) {
			t.Errorf("%s has no emulator, so no law was tried on it", s.ID)
		}
	}
}

func golden(t *testing.T, s conform.Subject) {
	file := filepath.Join(folder(s.ID), "testdata", "people.json")
	got := conform.Everybody(t, s)
	if *update {
		write(t, file, got)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []map[string]string
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the golden file (-) and the reading (+) differ; look, and run with -update if the reading is right:\n%s", diff)
	}
}

// folder is where a connector stands.
func folder(id string) string {
	if spec, err := All().Spec(id); err == nil && spec.Category == core.Directory {
		return filepath.Join("idp", id)
	}
	return filepath.Join("hris", id)
}

func write(t *testing.T, file string, v any) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
