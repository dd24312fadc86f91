package jumpcloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// search finds people by values, or by a part of a text.
func (e *emulator) search(c call) reply {
	body := c.object()
	for key := range body {
		if !known(key, "filter searchFilter limit skip sort") {
			return invalid("Unknown key: " + key)
		}
	}
	found, ok := e.filtered(e.visible(e.users), body["filter"])
	if !ok {
		return invalid("The filter is invalid.")
	}
	if asked, has := body["searchFilter"]; has {
		if found, ok = containing(found, asked); !ok {
			return invalid("The searchFilter is invalid.")
		}
	}
	return e.page(found, number(body["limit"]), number(body["skip"]), text(body["sort"]))
}

func number(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case json.Number:
		return v.String()
	}
	return "no number"
}

// condition is a key and its value; people have to have all of a group, or one.
type condition struct {
	key   string
	value any
}

// filtered gives the people who meet a filter: a list of conditions that hold together, or an object whose "or" or "and"
// is one. Values that only one person has are looked up.
func (e *emulator) filtered(all []*user, filter any) ([]*user, bool) {
	if filter == nil {
		return all, true
	}
	list, or, ok := conditions(filter)
	if !ok {
		return nil, false
	}
	if few, fast := e.few(list, or); fast {
		all = slices.DeleteFunc(few, func(u *user) bool { return u.shown >= e.asked && e.Lag > 0 })
	}
	var found []*user
	for _, u := range all {
		o := u.record()
		holds := func(c condition) bool { return c.holds(o) }
		fails := func(c condition) bool { return !c.holds(o) }
		if or && slices.ContainsFunc(list, holds) || !or && !slices.ContainsFunc(list, fails) {
			found = append(found, u)
		}
	}
	return found, true
}

func conditions(filter any) (list []condition, or, ok bool) {
	elements, isList := filter.([]any)
	if o, isObject := filter.(wire.Object); isObject {
		elements, isList = []any{o}, true
		if len(o) == 1 && (o["or"] != nil || o["and"] != nil) {
			or = o["or"] != nil
			elements, isList = o["or"].([]any)
			if !or {
				elements, isList = o["and"].([]any)
			}
		}
	}
	if !isList {
		return nil, false, false
	}
	for _, one := range elements {
		o, _ := one.(wire.Object)
		if len(o) == 0 || or && len(o) > 1 {
			return nil, false, false
		}
		for key, value := range o {
			_, isText := value.(string)
			_, isFlag := value.(bool)
			if !readable(key) || !isText && !isFlag && value != nil {
				return nil, false, false
			}
			list = append(list, condition{key, value})
		}
	}
	return list, or, true
}

// few looks up those who alone can meet the conditions, where values tell.
func (e *emulator) few(list []condition, or bool) (found []*user, fast bool) {
	for _, c := range list {
		fold, value := once[c.key], text(c.value)
		if fold == nil || value == "" {
			if or {
				return nil, false
			}
			continue
		}
		fast = true
		if u := e.unique[c.key][fold(value)]; u != nil && !slices.Contains(found, u) {
			found = append(found, u)
		}
	}
	return found, fast
}

// holds compares as values are compared that have to be unique, and all others exactly.
func (c condition) holds(o wire.Object) bool {
	if fold := once[c.key]; fold != nil {
		return fold(text(o[c.key])) == fold(text(c.value))
	}
	return o[c.key] == c.value
}

// containing gives the people with a text, whatever its case, in one of the fields.
func containing(all []*user, asked any) ([]*user, bool) {
	o, _ := asked.(wire.Object)
	term, isText := o["searchTerm"].(string)
	fields, isList := o["fields"].([]any)
	if !isText || !isList || len(o) != 2 || term == "" || len(fields) == 0 {
		return nil, false
	}
	for _, f := range fields {
		if !readable(fmt.Sprint(f)) {
			return nil, false
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(u *user) bool {
		r := u.record()
		return !slices.ContainsFunc(fields, func(f any) bool {
			return strings.Contains(strings.ToLower(text(r[text(f)])), strings.ToLower(term))
		})
	}), true
}
