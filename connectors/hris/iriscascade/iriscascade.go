// Package iriscascade reads people from IRIS Cascade HR. The manifest says nearly all;
// code chooses the job that counts, and finds its places in the organisation tree.
package iriscascade

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	var known trees
	row := func(r manifest.Person) bool {
		choose(r)
		home(r)
		tree, _ := r.Row["tree"].([]any)
		r.Row["tree"] = places(known.of(tree), manifest.TextAt(r.Row, "job.HierarchyNodeId"), r.Answers)
		return true
	}
	return manifest.NewOwn(vendor, manifest.Own{Row: row, Needs: []string{"job"}}, a, env)
}

// choose puts the job that counts in the place of all of a person's jobs: of the active
// ones, or of all where none is, the one that begins last; of somebody who has not begun
// and has no active one, the one that begins first.
func choose(r manifest.Person) {
	all, _ := r.Row["job"].([]any)
	jobs := slices.DeleteFunc(slices.Clone(all), func(job any) bool { return !strings.EqualFold(manifest.TextAt(job, "Active"), "true") })
	ahead := manifest.Before(r.Today, vendor.Value("startDate", r.Row))
	first := len(jobs) == 0 && ahead
	if len(jobs) == 0 {
		jobs = all
	}
	slices.SortStableFunc(jobs, func(a, b any) int {
		if first {
			a, b = b, a
		}
		return strings.Compare(manifest.TextAt(b, "StartDate"), manifest.TextAt(a, "StartDate"))
	})
	delete(r.Row, "job")
	if len(jobs) > 0 {
		r.Row["job"] = jobs[0]
	}
}

// home puts the first private address with anything in it in the place of one that is empty.
func home(r manifest.Person) {
	all, _ := r.Row["Addresses"].([]any)
	for _, address := range all {
		for _, part := range []string{"Address1", "Address2", "Address3", "Address4", "Address5", "PostCode"} {
			if strings.EqualFold(manifest.TextAt(address, "Ownership"), "Personal") && manifest.TextAt(address, part) != "" {
				r.Row["home"] = address
				return
			}
		}
	}
}

// trees keeps the tree of a reading by the ids of its nodes, for it is the same for everybody.
type trees struct {
	mu    sync.Mutex
	first *any
	nodes map[string]any
}

func (t *trees) of(tree []any) map[string]any {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(tree) == 0 {
		return nil
	}
	if t.first != &tree[0] {
		t.first, t.nodes = &tree[0], map[string]any{}
		for _, node := range tree {
			t.nodes[manifest.TextAt(node, "Id")] = node
		}
	}
	return t.nodes
}

// places gives the name of a node, which is the department, and of those above it whose
// level a person named.
func places(nodes map[string]any, id string, a core.Answers) map[string]any {
	found := map[string]any{"department": manifest.TextAt(nodes[id], "Title")}
	for steps := 0; nodes[id] != nil && steps < len(nodes); steps++ {
		for _, field := range []string{"division", "location", "team", "legalEntity"} {
			if level := a.Get(field + "Level"); level != "" && level == manifest.TextAt(nodes[id], "Level") {
				found[field] = manifest.TextAt(nodes[id], "Title")
			}
		}
		id = manifest.TextAt(nodes[id], "ParentId")
	}
	return found
}
