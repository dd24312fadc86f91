// Package haileyhr reads Hailey HR.
package haileyhr

import (
	"context"
	_ "embed"
	"iter"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Rows: rows, Fields: fields, Values: values}, a, env)
}

// scope is the one value beside the company's own custom fields.
const scope = "custom.scopePercentage"

func fields(context.Context, *rest.Client, core.Answers) ([]core.Field, error) {
	return []core.Field{{ID: scope, Label: "Percentage of full time", Kind: core.Number, Custom: true}}, nil
}

func values(p manifest.Person) map[string]any {
	return map[string]any{scope: p.Row["scopePercentage"]}
}

// rows reads everybody. A company without employees has no list of them, and is told
// from a wrong address by the company itself.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var people []any
		_, err := r.Client.Get(ctx, vendor.People.Get, nil, &people)
		if core.HasCode(err, core.NotFound) {
			if _, wrong := r.Client.Get(ctx, "/Company", nil, nil); wrong == nil {
				return
			}
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for _, one := range people {
			if !yield(one, nil) {
				return
			}
		}
	}
}
