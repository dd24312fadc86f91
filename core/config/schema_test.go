package config

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"rollcall/core"
	"rollcall/core/filter"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate gives what the schema says of a file.
func validate(t *testing.T, s *jsonschema.Schema, file []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func TestTheDocumentedSchemaIsTheOneInTheProgram(t *testing.T) {
	copied, err := os.ReadFile("../../docs/config.schema.json")
	if err != nil || !bytes.Equal(copied, Schema) {
		t.Error("docs/config.schema.json should be a copy of core/config/schema.json", err)
	}
}

func TestTheExamplesAreValidAndLoad(t *testing.T) {
	files, err := filepath.Glob("../../docs/examples/*.yaml")
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	schema := compiled(t)
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, file); err != nil {
			t.Error(path, err)
		}
		if _, err := Load(path); err != nil {
			t.Error(path, err)
		}
	}
}

func TestTheSchemaTakesWhatRollcallWrites(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, New()); err != nil {
		t.Fatal(err)
	}
	if err := validate(t, compiled(t), b.Bytes()); err != nil {
		t.Error(err)
	}
	if err := validate(t, compiled(t), []byte(example)); err != nil {
		t.Error(err)
	}
}

func TestTheSchemaRefusesMistakes(t *testing.T) {
	schema := compiled(t)
	for name, file := range map[string]string{
		"an unknown key":        "soruce: {connector: csv}",
		"two ways at once":      "mapping: [{attribute: a, field: b, expression: c}]",
		"no way at all":         "mapping: [{attribute: a}]",
		"a write rule":          "mapping: [{attribute: a, field: b, write: sometimes}]",
		"an operator":           "filter: {conditions: [{field: a, operator: resembles}]}",
		"a mode":                "modes: {absent: explode}",
		"a limit's part":        "guards: {create: {pct: 3}}",
		"a limit's word":        "guards: {create: none}",
		"a key without a field": "identity: {keys: [{attribute: a, fields: []}]}",
	} {
		if validate(t, schema, []byte(file)) == nil {
			t.Errorf("%s should be refused", name)
		}
	}
}

func TestTheSchemaHasEveryKeyOfASetupAndNoOther(t *testing.T) {
	var schema node
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	defs := schema.Defs
	for name, of := range map[string]any{"": core.Setup{}, "side": core.Side{}, "filter": core.Filter{}, "condition": core.Condition{}, "identity": core.Identity{},
		"key": core.Key{}, "rule": core.Rule{}, "custom": core.Custom{}, "modes": core.Modes{}, "guards": core.Guards{}, "limit": core.Limit{}} {
		n := defs[name]
		switch name {
		case "":
			n = schema
		case "limit":
			n = n.OneOf[1]
		}
		if d := cmp.Diff(keysOf(reflect.TypeOf(of)), slices.Sorted(maps.Keys(n.Properties))); d != "" {
			t.Errorf("%q: %s", name, d)
		}
		for key, p := range n.Properties {
			if p.Description == "" && p.Ref == "" {
				t.Errorf("%q: %s should say what it is", name, key)
			}
		}
	}
	if len(defs) != 10 {
		t.Errorf("%d parts are checked here, the schema has %d", 10, len(defs))
	}
}

// node is the part of a JSON Schema that is looked at.
type node struct {
	Ref         string          `json:"$ref"`
	Description string          `json:"description"`
	Properties  map[string]node `json:"properties"`
	Defs        map[string]node `json:"$defs"`
	OneOf       []node          `json:"oneOf"`
	Enum        []any           `json:"enum"`
	Default     any             `json:"default"`
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func TestTheSchemaKnowsTheOperatorsOfTheFilter(t *testing.T) {
	var schema node
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"!=": true, "<=": true, ">=": true}
	for kind := core.Text; kind <= core.Reference; kind++ {
		for _, o := range filter.Operators(kind) {
			want[o.ID] = true
		}
	}
	got := map[string]bool{}
	for _, o := range schema.Defs["condition"].Properties["operator"].Enum {
		got[o.(string)] = true
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTheSchemaSaysOurDefaults(t *testing.T) {
	var schema node
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for part, of := range map[string]any{"modes": core.DefaultModes(), "guards": core.DefaultGuards()} {
		b, err := yaml.MarshalWithOptions(of, yaml.JSON())
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		for key, p := range schema.Defs[part].Properties {
			if _, written := want[key]; !written {
				want[key] = false // left out of YAML where it is the zero value
			}
			if d := cmp.Diff(want[key], p.Default); d != "" {
				t.Errorf("%s.%s: %s", part, key, d)
			}
		}
	}
}
