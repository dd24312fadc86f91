// Package remote reads people from Remote. Code splits names that come only as a whole,
// and finds the cost centre with the largest share.
package remote

import (
	_ "embed"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: complete}, a, env)
}

// complete adds what a record does not say outright.
func complete(p manifest.Person) bool {
	if manifest.TextAt(p.Row, "full.personal_details.first_name")+manifest.TextAt(p.Row, "full.personal_details.last_name") == "" {
		p.Row["names"] = split(vendor.Value("displayName", p.Row))
	}
	p.Row["costs"] = map[string]any{"name": costCentre(p.Row["costs"])}
	return true
}

// split parts a name at its last blank.
func split(name string) map[string]any {
	if i := strings.LastIndexByte(name, ' '); i > 0 {
		return map[string]any{"first": name[:i], "last": name[i:]}
	}
	return map[string]any{"first": name}
}

// costCentre gives the name of the active cost centre that bears the largest share.
func costCentre(costs any) string {
	found, _ := manifest.At(costs, "cost_center_allocations")
	best, largest := "", -1.0
	for _, a := range manifest.Several(found) {
		share, _ := strconv.ParseFloat(manifest.TextAt(a, "percentage"), 64) // none counts as nothing
		if strings.EqualFold(manifest.TextAt(a, "status"), "active") && share > largest {
			best, largest = manifest.TextAt(a, "cost_center.name"), share
		}
	}
	return best
}
