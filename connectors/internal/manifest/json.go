package manifest

import (
	"encoding/json"
	"errors"
	"strings"
	names "unique"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Tree decodes JSON that is known to be right, as an answer's is once the client gave it:
// into objects, lists and texts, with numbers as they were written.
func Tree(raw json.RawMessage) any { return treeOf(gjson.Parse(textOf(raw))) }

// Part is Tree of an object without the names that are not needed.
func Part(raw json.RawMessage, needed func(name string) bool) any {
	r := gjson.Parse(textOf(raw))
	if !r.IsObject() {
		return treeOf(r)
	}
	return objectOf(r, needed)
}

// textOf gives bytes that nobody changes any more as a text, without a copy.
func textOf(raw json.RawMessage) string { return unsafe.String(unsafe.SliceData(raw), len(raw)) }

func treeOf(r gjson.Result) any {
	switch r.Type {
	case gjson.Null:
		return nil
	case gjson.True, gjson.False:
		return r.Type == gjson.True
	case gjson.Number:
		return json.Number(strings.Clone(strings.TrimSpace(r.Raw)))
	case gjson.String:
		return strings.Clone(r.Str) // or the whole answer would be kept for it
	}
	if r.IsArray() {
		list := []any{}
		r.ForEach(func(_, one gjson.Result) bool {
			list = append(list, treeOf(one))
			return true
		})
		return list
	}
	return objectOf(r, func(string) bool { return true })
}

type member struct {
	name  string
	value any
}

// objectOf counts the members before it makes the map: one that grows costs more than all
// else. Rows have the same names, which are kept once.
func objectOf(r gjson.Result, needed func(name string) bool) map[string]any {
	var room [32]member
	members := room[:0]
	r.ForEach(func(key, one gjson.Result) bool {
		if needed(key.Str) {
			members = append(members, member{key.Str, treeOf(one)})
		}
		return true
	})
	object := make(map[string]any, len(members))
	for _, m := range members {
		object[names.Make(m.name).Value()] = m.value
	}
	return object
}

var errNoList = errors.New("no list")

// Split parts the rows at a path from the rest of an answer, without decoding them. No
// value at the path, null, is a list without rows; a path that does not exist is an error.
func Split(text json.RawMessage, path string) (rows []json.RawMessage, outside any, err error) {
	return split(gjson.Parse(textOf(text)), path)
}

func split(r gjson.Result, path string) (rows []json.RawMessage, outside any, err error) {
	if path == "" {
		if !r.IsArray() {
			return nil, nil, errNoList
		}
		r.ForEach(func(_, one gjson.Result) bool {
			rows = append(rows, unsafe.Slice(unsafe.StringData(one.Raw), len(one.Raw)))
			return true
		})
		return rows, nil, nil
	}
	if !r.IsObject() {
		return nil, nil, errNoList
	}
	name, deeper, _ := strings.Cut(path, ".")
	rest := map[string]any{}
	err = errNoList
	r.ForEach(func(key, one gjson.Result) bool {
		switch {
		case key.Str != name:
			rest[strings.Clone(key.Str)] = treeOf(one)
		case one.Type == gjson.Null:
			rows, err = nil, nil
		default:
			rows, rest[name], err = split(one, deeper)
		}
		return true
	})
	return rows, rest, err
}
