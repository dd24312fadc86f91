package config

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/core"
)

const example = `
source: {connector: csv, options: {path: people.csv}}
target: {connection: Practice}
filter:
  any: true
  conditions:
    - {field: department, operator: is, values: [Sales]}
legalEntities: [Northlake AB]
identity:
  keys:
    - {fields: [employeeNumber], attribute: employeeNumber}
mapping:
  - {attribute: userName, field: email, write: create-only}
  - {attribute: role, constant: Member}
  - {attribute: displayName, expression: 'firstName + " " + lastName', empty: default, default: Unknown}
modes: {delete: true}
guards:
  create: off
  deactivate: {percent: 10}
`

func TestWhatTheFileDoesNotSayHasOurDefaults(t *testing.T) {
	s, err := Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	modes := core.DefaultModes()
	modes.Delete = true
	guards := core.DefaultGuards()
	guards.Create, guards.Deactivate = core.Limit{}, core.Limit{Percent: 10}
	if d := cmp.Diff(modes, s.Modes) + cmp.Diff(guards, s.Guards); d != "" {
		t.Error(d)
	}
	if s.Mapping[1].Constant == nil || *s.Mapping[1].Constant != "Member" || s.Source.Options["path"] != "people.csv" || !s.Filter.Any {
		t.Errorf("%+v", s)
	}
}

func TestAFileReadsBackAsItWasWritten(t *testing.T) {
	s, err := Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
}

func TestShrinkIsSwitchedOffByItsWord(t *testing.T) {
	for _, word := range []string{"off", `"off"`, "0"} {
		s, err := Read(strings.NewReader("guards:\n  shrink: " + word + "\n  create: {percent: 12.5}\n"))
		if err != nil || s.Guards.Shrink != 0 || s.Guards.Create.Percent != 12.5 || s.Guards.PlanHours != 24 {
			t.Errorf("%s: %v %+v", word, err, s.Guards)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ file, named string }{
		"an unknown key":         {"soruce: {connector: csv}", "soruce"},
		"two ways at once":       {"mapping: [{attribute: a, field: b, expression: c}]", "attribute a"},
		"no way at all":          {"mapping: [{attribute: a}]", "attribute a"},
		"a rule of no name":      {"mapping: [{field: b}]", "without an attribute"},
		"a write rule":           {"mapping: [{attribute: a, field: b, write: sometimes}]", "sometimes"},
		"a mode":                 {"modes: {absent: explode}", "explode"},
		"an identity key":        {"identity: {keys: [{attribute: a}]}", "identity key"},
		"YAML that is not":       {"mapping: [", "mistake"},
		"a wrong kind of value":  {"modes: {create: maybe}", "[1:17]"},
		"a share that is none":   {"guards: {shrink: never}", "neither a percentage nor off"},
		"a limit's unknown part": {"guards: {create: {pct: 3}}", "pct"},
	} {
		_, err := Read(strings.NewReader(c.file))
		if !core.HasCode(err, core.BadRules) || !strings.Contains(err.Error(), c.named) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(t.TempDir() + "/none.yaml"); !core.HasCode(err, core.NotFound) {
		t.Error(err)
	}
}

func TestAnEmptyFileIsOurDefaults(t *testing.T) {
	s, err := Read(strings.NewReader(""))
	if err != nil || cmp.Diff(New(), s) != "" {
		t.Error(err, cmp.Diff(New(), s))
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add(example)
	f.Fuzz(func(_ *testing.T, file string) { _, _ = Read(strings.NewReader(file)) })
}
