package manifest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rollcall/core"
)

// needs are the first names of the paths that a reading needs; nil means all.
type needs map[string]bool

func (n needs) has(name string) bool { return n == nil || n[name] }

// needs works out what wanted fields, the status and the ids need.
func (m *Manifest) needs(wanted, always []string) needs {
	if wanted == nil {
		return nil
	}
	n := needs{}
	for _, name := range always {
		n[name] = true
	}
	for _, id := range append(slices.Clone(inAnyCase), wanted...) {
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			n[root(path)] = true
		}
		for _, path := range m.People.Fields[id].Paths {
			n[root(path)] = true
		}
		if strings.HasPrefix(id, customPrefix) {
			for _, c := range m.People.Custom {
				n[root(c.At)] = true
				if key := strings.TrimPrefix(id, customPrefix); c.At == "" {
					n[root(key)] = true
				}
			}
		}
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			n[root(path)] = true
			for _, path := range m.People.Fields[path].Paths {
				n[root(path)] = true
			}
		}
	}
	return m.chosenOf(n)
}

// chosenOf adds what needed things are chosen of.
func (m *Manifest) chosenOf(n needs) needs {
	for range m.People.Choose { // what is chosen may be chosen of what was chosen
		for name, c := range m.People.Choose {
			if n[name] {
				n[root(c.From)] = true
			}
		}
	}
	return n
}

// customNeeds works out what custom fields that the rows tell of need.
func (m *Manifest) customNeeds() needs {
	n := needs{}
	for _, c := range m.People.Custom {
		n[root(c.At)] = true
	}
	return m.chosenOf(n)
}

func (r Rule) paths() []string {
	paths := []string{r.Ahead, r.Past, r.Reached, r.Given, r.Missing}
	paths = append(paths, slices.Collect(maps.Keys(r.Where))...)
	return append(paths, slices.Collect(maps.Keys(r.Has))...)
}

// selected names the fields to ask for; all that the manifest knows where nothing is said.
func (m *Manifest) selected(wanted []string) string {
	sel := m.People.Select
	if sel == nil {
		return ""
	}
	name := root
	if sel.Deep {
		name = func(path string) string { return path }
	}
	names := map[string]bool{}
	for _, path := range append(m.paths(wanted), sel.Always...) {
		names[name(path)] = true
	}
	for range m.People.Choose { // what is chosen may be chosen of what was chosen
		for made, c := range m.People.Choose {
			if slices.ContainsFunc(slices.Collect(maps.Keys(names)), func(path string) bool { return root(path) == made }) {
				names[name(c.From)] = true
			}
		}
	}
	made := m.made()
	maps.DeleteFunc(names, func(path string, _ bool) bool { return path == "" || made[root(path)] })
	return strings.Join(slices.Sorted(maps.Keys(names)), sel.Sep)
}

// inAnyCase are the fields that a reading needs whatever is wanted.
var inAnyCase = []string{"externalId", "startDate", "endDate", "managerId"}

// paths are those of the wanted fields, nil meaning all, and of what is always needed.
func (m *Manifest) paths(wanted []string) []string {
	var paths []string
	for id, from := range m.People.Fields {
		if wanted == nil || slices.Contains(wanted, id) || slices.Contains(inAnyCase, id) {
			paths = append(paths, from.Paths...)
		}
	}
	for _, id := range wanted {
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			paths = append(paths, path)
		}
		if key, ok := strings.CutPrefix(id, customPrefix); ok {
			paths = append(paths, m.customPaths(key)...)
		}
	}
	if wanted == nil {
		paths = append(paths, m.customPaths("")...)
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			if _, canonical := m.People.Fields[path]; !canonical {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// customPaths are the places where a custom field may stand.
func (m *Manifest) customPaths(key string) []string {
	var paths []string
	for _, c := range m.People.Custom {
		paths = append(paths, cmp.Or(c.At, key))
	}
	return paths
}

// made are the names that this program puts into a row itself.
func (m *Manifest) made() map[string]bool {
	all := map[string]bool{}
	for name := range m.People.Detail {
		all[name] = true
	}
	for name := range m.People.Join {
		all[name] = true
	}
	for name := range m.People.Choose {
		all[name] = true
	}
	if m.People.Group != nil {
		all[m.People.Group.Into] = true
	}
	return all
}
