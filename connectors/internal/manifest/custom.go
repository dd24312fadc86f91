package manifest

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// learn gives the custom fields that a row has.
func (p *pulling) learn(raw Raw) []core.Field {
	var fields []core.Field
	for _, c := range p.r.learnt {
		for _, v := range c.values(raw.JSON) {
			fields = append(fields, core.Field{ID: customPrefix + v.key, Label: v.label, Kind: customKinds[c.Kinds[v.kind]], Custom: true})
		}
	}
	slices.SortFunc(fields, func(a, b core.Field) int { return strings.Compare(a.ID, b.ID) })
	return fields
}

// custom gives the custom values of a row.
func (p *pulling) custom(object map[string]any) map[string]any {
	values := map[string]any{}
	if p.want.Fields != nil && !slices.ContainsFunc(p.want.Fields, func(id string) bool { return strings.HasPrefix(id, customPrefix) }) {
		return values
	}
	for _, c := range p.m.People.Custom {
		if !p.on(c.If) {
			continue
		}
		for _, v := range c.values(object) {
			value := v.value
			if customKinds[c.Kinds[v.kind]] == core.Date {
				value = Day(Text(value))
			}
			values[customPrefix+v.key] = value
		}
	}
	return values
}

// customValue is one custom value of a row.
type customValue struct {
	key, label, kind string
	value            any
}

// values gives the custom values at this place of a row.
func (c Custom) values(row any) []customValue {
	at := row
	if c.At != "" {
		at, _ = At(row, c.At)
	}
	var all []customValue
	if c.Each != nil {
		for _, entry := range Several(at) {
			v := customValue{key: TextAt(entry, c.Each.Key), label: TextAt(entry, c.Each.Label), kind: TextAt(entry, c.Kind)}
			for _, path := range c.Each.Value {
				if found, _ := At(entry, path); Text(found) != "" {
					v.value = found
					break
				}
			}
			for _, flat := range c.flat(v.key, v.value) {
				v.key, v.value = flat.key, flat.value
				all = append(all, v)
			}
		}
	} else if object, ok := at.(map[string]any); ok {
		for key, value := range object {
			if inner, ok := At(value, c.Value); ok && c.Value != "" {
				value = inner
			}
			if !c.taken[key] {
				all = append(all, c.flat(key, value)...)
			}
		}
	}
	kept := all[:0]
	for _, v := range all {
		if v.key != "" && strings.HasPrefix(v.key, c.Prefix) {
			if v.label == "" {
				v.label = v.key
			}
			kept = append(kept, v)
		}
	}
	return kept
}

// named are the keys that are no custom fields, where custom fields are the rest.
func (m *Manifest) named(c Custom) map[string]bool {
	if !c.Rest {
		return nil
	}
	taken := m.made()
	for _, from := range m.People.Fields {
		for _, path := range from.Paths {
			taken[root(path)] = true
		}
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			taken[root(path)] = true
		}
	}
	for _, name := range c.Except {
		taken[name] = true
	}
	return taken
}

func (c Custom) flat(key string, value any) []customValue {
	object, ok := value.(map[string]any)
	if !ok || !c.Flat {
		return []customValue{{key: key, value: value}}
	}
	var all []customValue
	for inner, v := range object {
		all = append(all, c.flat(fmt.Sprintf("%s.%s", key, inner), v)...)
	}
	return all
}
