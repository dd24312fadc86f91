// Package jumpcloud reads people from JumpCloud and writes accounts to it, by its APIs v1
// (people) and v2 (groups).
package jumpcloud

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

// NewSource makes the source of complete answers; the manifest says all of it.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewSource(vendor, a, env)
}
