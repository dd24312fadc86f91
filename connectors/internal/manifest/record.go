package manifest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/core"
)

// At gives the value at a path of names and indexes, parted by points, as in
// work.phones.0.number or work.phones[0].number; ok is false where nothing stands there.
// A name may have points itself, as @odata.count. A * stands for every element of a list:
// teams.*.name is the list of the teams' names.
func At(v any, path string) (found any, ok bool) {
	if strings.IndexByte(path, '[') >= 0 {
		path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	}
	for path != "" {
		name, rest := path, ""
		if i := strings.IndexByte(path, '.'); i >= 0 {
			if object, isObject := v.(map[string]any); isObject {
				if whole, named := object[path]; named {
					return whole, true
				}
			}
			name, rest = path[:i], path[i+1:]
		}
		if list, isList := v.([]any); isList && name == "*" {
			return each(list, rest), true
		}
		if v, ok = step(v, name); !ok {
			return nil, false
		}
		path = rest
	}
	return v, true
}

func each(list []any, path string) []any {
	var all []any
	for _, one := range list {
		if found, ok := At(one, path); ok {
			all = append(all, found)
		}
	}
	return all
}

func step(v any, name string) (found any, ok bool) {
	switch inner := v.(type) {
	case map[string]any:
		found, ok = inner[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(inner) {
			return inner[i], true
		}
	}
	return found, ok
}

// Text gives a value as the canonical record holds it: blanks at the ends cut off, whole
// numbers without a point, several values joined with a comma and a blank.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return whole(v.String())
	case []any:
		var texts []string
		for _, one := range v {
			if t := Text(one); t != "" {
				texts = append(texts, t)
			}
		}
		return strings.Join(texts, ", ")
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(data)
	}
}

func whole(number string) string {
	if !strings.ContainsAny(number, ".eE") {
		return number
	}
	if f, err := strconv.ParseFloat(number, 64); err == nil && f == float64(int64(f)) && f < 1e15 && f > -1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	return number
}

// Day gives the calendar day that a text begins with, as it was written; no day for
// 0000-00-00. A text that does not begin with a day comes back as it is, so that the
// review shows it rather than nothing.
func Day(text string) string {
	if len(text) < 10 || strings.HasPrefix(text, "0000-00-00") {
		return strings.TrimSuffix(text[:min(len(text), 10)], "0000-00-00")
	}
	if _, err := time.Parse(time.DateOnly, text[:10]); err != nil {
		return text
	}
	return text[:10]
}

// Epoch gives the day, in UTC, of a count of milliseconds since 1970; a text that is no
// such count is read as Day reads it. OData version 2 writes them as /Date(ms)/ or
// /Date(ms+0000)/.
func Epoch(text string) string {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, "/Date("), ")/")
	if i := strings.LastIndexAny(inner, "+-"); i > 0 {
		inner = inner[:i]
	}
	ms, err := strconv.ParseInt(inner, 10, 64)
	if err != nil {
		return Day(text)
	}
	return time.UnixMilli(ms).UTC().Format(time.DateOnly)
}

// Before says that both texts are days and the first is earlier.
func Before(a, b string) bool { return isDay(a) && isDay(b) && a < b }

func isDay(s string) bool {
	if len(s) != len(time.DateOnly) {
		return false // and no error was made for nothing
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// readings are the ways of reading a text, by the word after "as:".
var readings = map[string]func(string) string{
	"":      func(s string) string { return s },
	"date":  Day,
	"epoch": Epoch,
	"html":  func(s string) string { return strings.TrimSpace(html.UnescapeString(s)) },
}

// Raw is one person as the vendor gave him, with what had to be worked out in Go.
type Raw struct {
	JSON any            // what response.<path> and the manifest's fields are read from
	Own  map[string]any // values by field, instead of the manifest's; nil means no value
}

// Maker makes people of raw records, all with one schema.
type Maker struct {
	schema  *core.Schema
	pack    *core.Packer
	table   map[string]From
	columns []column                     // where each field of the schema comes from
	names   map[string]map[string]string // by lookup: id → name
	since   string                       // leavers before this day are left out; empty: none are
}

// column is where a field comes from.
type column struct {
	id      string
	from    From
	has     bool // from is known
	manager bool // empty for somebody who is his own manager
	day     bool // a custom date, of which the day counts
}

// NewMaker makes a maker for a reading on a day: of the known fields those that are
// wanted, and every wanted response.<path>.
func NewMaker(m *Manifest, known []core.Field, want core.Want, day time.Time) *Maker {
	k := &Maker{schema: core.NewSchema(chosen(known, want.Fields)), table: m.People.Fields}
	k.pack = core.NewPacker(k.schema)
	for _, f := range k.schema.Fields() {
		c := column{id: f.ID, manager: f.ID == "managerId" || f.ID == "managerEmail", day: f.Custom && f.Kind == core.Date}
		if c.from, c.has = k.table[f.ID]; !c.has {
			if path, ok := strings.CutPrefix(f.ID, core.RawPrefix); ok {
				c.from, c.has = From{Paths: []string{path}}, true
			}
		}
		k.columns = append(k.columns, c)
	}
	if want.Leavers >= 0 {
		k.since = day.AddDate(0, 0, -want.Leavers).Format(time.DateOnly)
	}
	return k
}

func chosen(known []core.Field, wanted []string) []core.Field {
	if wanted == nil {
		return known
	}
	all := core.NewSchema(known)
	var fields []core.Field
	for _, id := range append([]string{"externalId", "employmentStatus"}, wanted...) {
		if at := all.Index(id); at >= 0 {
			fields = append(fields, known[at])
		} else if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			fields = append(fields, core.Field{ID: id, Label: path})
		}
	}
	return unique(fields)
}

func unique(fields []core.Field) []core.Field {
	seen := map[string]bool{}
	kept := fields[:0]
	for _, f := range fields {
		if !seen[f.ID] {
			seen[f.ID] = true
			kept = append(kept, f)
		}
	}
	return kept
}

// Make gives the person; keep is false for somebody who left too long ago to be wanted.
func (k *Maker) Make(r Raw) (p core.Person, keep bool) {
	id := k.value("externalId", r)
	for i, c := range k.columns {
		value, stated := k.column(c, r)
		if c.manager && value != "" {
			if k.value("managerId", r) == id {
				value = "" // somebody who is his own manager has none
			}
		}
		if c.day {
			value = Day(value)
		}
		if stated {
			k.pack.Set(i, value)
		}
	}
	if k.since == "" {
		return core.Person{Record: k.pack.Pack()}, true
	}
	status := k.value("employmentStatus", r)
	end := k.value("endDate", r)
	gone := status == core.StatusTerminated && Before(end, k.since)
	return core.Person{Record: k.pack.Pack()}, !gone
}

func (k *Maker) column(c column, r Raw) (text string, stated bool) {
	if own, ok := r.Own[c.id]; ok {
		return Text(own), true
	}
	if !c.has {
		return "", false
	}
	return k.from(c.from, r.JSON)
}

// value gives a field's text; empty where there is none.
func (k *Maker) value(id string, r Raw) string {
	if own, ok := r.Own[id]; ok {
		return Text(own)
	}
	text, _ := k.from(k.table[id], r.JSON)
	return text
}

func (k *Maker) from(f From, raw any) (text string, stated bool) {
	for _, path := range f.Paths {
		v, ok := At(raw, path)
		stated = stated || ok
		if _, object := v.(map[string]any); object {
			continue // an object is no value; what is in it has a path of its own
		}
		if f.In != "" {
			v = k.named(f.In, v)
		}
		part := Text(v)
		if f.As != "" {
			part = readings[f.As](part)
		}
		switch {
		case part == "":
		case f.Join == "":
			return part, true
		case text == "":
			text = part
		default:
			text += f.Join + part
		}
	}
	return text, stated && (f.In == "" || text != "")
}

// named gives the name for an id, or the names for a list of them.
func (k *Maker) named(lookup string, v any) any {
	list, ok := v.([]any)
	if !ok {
		return k.names[lookup][Text(v)]
	}
	var names []any
	for _, id := range list {
		names = append(names, k.named(lookup, id))
	}
	return names
}

// Value gives one field of a raw record by the manifest's table alone.
func (m *Manifest) Value(id string, raw any) string {
	k := Maker{table: m.People.Fields}
	return k.value(id, Raw{JSON: raw})
}

// Fields gives the canonical fields of the manifest's table and those that are worked
// out in Go, in the canonical order, and then the table's custom fields.
func (m *Manifest) Fields(own ...string) []core.Field {
	has := map[string]bool{"employmentStatus": true}
	for id := range m.People.Fields {
		has[id] = true
	}
	for _, id := range own {
		has[id] = true
	}
	var fields []core.Field
	for _, f := range core.Canonical {
		if has[f.ID] {
			fields = append(fields, f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.People.Fields)) {
		if key, ok := strings.CutPrefix(id, customPrefix); ok {
			fields = append(fields, core.Field{ID: id, Label: cmp.Or(m.People.Fields[id].Label, key), Custom: true})
		}
	}
	return fields
}
