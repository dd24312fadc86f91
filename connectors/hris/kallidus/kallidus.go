// Package kallidus reads people from Kallidus HR, formerly Sapling. The manifest says
// nearly all; code leaves out tables, which are no fields, and gives the employee number
// from the custom field that a person named.
package kallidus

import (
	"context"
	_ "embed"
	"maps"
	"slices"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: tidy, Values: values, Fields: fields}, a, env)
}

// places may hold objects that are read.
var places = []string{"department", "division", "location", "manager", "home_address"}

func tidy(r manifest.Person) bool {
	maps.DeleteFunc(r.Row, func(key string, value any) bool { return nested(value) && !slices.Contains(places, key) })
	return true
}

// nested says that a value is an object, or a list that holds some.
func nested(value any) bool {
	if list, ok := value.([]any); ok {
		return slices.ContainsFunc(list, nested)
	}
	_, object := value.(map[string]any)
	return object
}

const (
	number      = "employeeNumber"
	numberField = "numberField"
)

func values(r manifest.Person) map[string]any {
	value, ok := r.Row[r.Answers.Get(numberField)]
	if !ok {
		return nil
	}
	return map[string]any{number: value}
}

func fields(_ context.Context, _ *rest.Client, a core.Answers) ([]core.Field, error) {
	field, _ := core.CanonicalField(number)
	if a.Get(numberField) == "" {
		return nil, nil
	}
	return []core.Field{field}, nil
}
