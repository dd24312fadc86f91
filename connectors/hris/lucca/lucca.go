// Package lucca reads people from Lucca's directory. It is code for what the manifest
// cannot say: languages are Windows' numbers, a gender may be "Undefined", and the
// division is the top of the tree of departments.
package lucca

import (
	_ "embed"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one account from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Values: values}, a, env)
}

// locales are the languages that Lucca numbers as Windows does.
var locales = map[string]string{"1036": "fr-FR", "1033": "en-US", "2057": "en-GB", "1031": "de-DE", "1034": "es-ES", "1040": "it-IT",
	"1043": "nl-NL", "2070": "pt-PT", "2067": "nl-BE", "2060": "fr-BE", "4108": "fr-CH"}

func values(p manifest.Person) map[string]any {
	own := map[string]any{}
	if number := vendor.Value("locale", p.Row); number != "" {
		own["locale"] = locales[number]
	}
	if p.Row["gender"] == "Undefined" {
		own["gender"] = nil
	}
	if department := vendor.Value("departmentId", p.Row); department != "" && p.Names["departments"] != nil {
		own["division"] = p.Names["departments"][top(department, p.Names["parents"])]
	}
	return own
}

// top gives the topmost department above one; a tree that leads back to itself ends.
func top(department string, parents map[string]string) string {
	for range parents {
		above := parents[department]
		if above == "" {
			break
		}
		department = above
	}
	return department
}
