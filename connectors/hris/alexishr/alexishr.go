// Package alexishr reads people from AlexisHR. The manifest says all but one thing: which
// leave tells that somebody is away, for its kind stands in another list.
package alexishr

import (
	_ "embed"
	"slices"

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
	return manifest.NewOwn(vendor, manifest.Own{Needs: []string{"leaves"}, Status: status}, a, env)
}

func status(p manifest.Person) string {
	s := vendor.StatusOf(p.Row, p.Today)
	if s == core.StatusActive && away(p) {
		return core.StatusOnLeave
	}
	return s
}

// away says that a leave which counts covers today; a vacation is none.
func away(p manifest.Person) bool {
	leaves, _ := manifest.At(p.Row, "leaves")
	return slices.ContainsFunc(manifest.Several(leaves), func(leave any) bool {
		said := func(path string) string {
			v, _ := manifest.At(leave, path)
			return manifest.Text(v)
		}
		approved := slices.Contains([]string{"APPROVED", "CONFIRMED"}, said("status"))
		start, end := manifest.Day(said("startDate")), manifest.Day(said("endDate"))
		return approved && p.Names["leaveTypes"][said("typeId")] != "VACATION" && start != "" && start <= p.Today && (end == "" || p.Today <= end)
	})
}
