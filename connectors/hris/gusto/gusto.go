// Package gusto reads employees from Gusto. Code chooses the termination that counts, for
// those of earlier employments stay in the record.
package gusto

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

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: chooseLastDay}, a, env)
}

// chooseLastDay takes the last day that is not before the present employment began; of
// somebody who was terminated that of an active termination comes first.
func chooseLastDay(p manifest.Person) bool {
	begin, last, lastActive := vendor.Value("startDate", p.Row), "", ""
	found, _ := manifest.At(p.Row, "terminations")
	for _, t := range manifest.Several(found) {
		day := manifest.Day(manifest.TextAt(t, "effective_date"))
		if manifest.Before(day, begin) {
			continue
		}
		last = max(last, day)
		if manifest.TextAt(t, "active") == "true" {
			lastActive = max(lastActive, day)
		}
	}
	if manifest.TextAt(p.Row, "terminated") == "true" && lastActive != "" {
		last = lastActive
	}
	p.Row["lastDay"] = last
	return true
}
