// Package hibob reads people from Bob, by HiBob. The manifest says where fields stand;
// code asks for them by name, and finds the custom ones.
package hibob

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Rows: rows, Row: tidy, Fields: fields, Health: health}, a, env)
}

// mostFields is how many fields one search may ask for.
const mostFields = 400

// rows searches for everybody. Where more fields are wanted than one search may ask for,
// the answers to several are put together.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		list := rest.List[map[string]any]{Vendor: vendor.Name, Noun: "people", ID: id,
			Fetch: func(ctx context.Context, _ string) (rest.Page[map[string]any], error) {
				people, err := everybody(ctx, r)
				return rest.Page[map[string]any]{Rows: people, Total: -1}, err
			}}
		for one, err := range list.All(ctx) {
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

func id(row map[string]any) string { return manifest.Text(row["id"]) }

func everybody(ctx context.Context, r manifest.Pull) ([]map[string]any, error) {
	ids, err := asked(ctx, r)
	if err != nil {
		return nil, err
	}
	var people []map[string]any
	byID := map[string]map[string]any{}
	for part := range slices.Chunk(ids, mostFields-1) {
		found, err := search(ctx, r.Client, append([]string{"root.id"}, part...))
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			if before := byID[id(row)]; before != nil && len(ids) >= mostFields {
				merge(before, row)
				continue
			}
			byID[id(row)] = row
			people = append(people, row)
		}
	}
	return people, nil
}

func merge(into, more map[string]any) {
	for key, value := range more {
		before, nested := into[key].(map[string]any)
		inner, both := value.(map[string]any)
		if nested && both {
			merge(before, inner)
			continue
		}
		into[key] = value
	}
}

// search gives everybody's row with these fields, each under its path alone.
func search(ctx context.Context, c *rest.Client, fields []string) ([]map[string]any, error) {
	var answer struct {
		Employees *[]map[string]any `json:"employees"`
	}
	body := map[string]any{"fields": fields, "showInactive": true, "humanReadable": "APPEND"}
	if _, err := c.Do(ctx, http.MethodPost, "/people/search", nil, body, &answer, rest.Repeatable()); err != nil {
		return nil, err
	}
	if answer.Employees == nil {
		return nil, &core.Problem{Code: core.BadData, What: "An answer of HiBob holds no list of employees.", Fix: "Try again, and send us the log if it happens twice."}
	}
	for _, row := range *answer.Employees {
		unfold(row)
	}
	return *answer.Employees, nil
}

// unfold moves what stands under a name such as /work/department to its path, which is
// the same but for root.
func unfold(row map[string]any) {
	for key, copied := range maps.Clone(row) {
		if !strings.HasPrefix(key, "/") {
			continue
		}
		delete(row, key)
		at, names := row, strings.Split(strings.TrimPrefix(key[1:], "root/"), "/")
		for _, name := range names[:len(names)-1] {
			inner, ok := at[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[name] = inner
			}
			at = inner
		}
		if value, ok := manifest.At(copied, "value"); ok {
			at[names[len(names)-1]] = value
		}
	}
}

// fixed are the custom fields that every company has, by the key that we give them.
var fixed = map[string]struct{ label, path string }{
	"middleName": {"Middle name", "secondName"}, "contract": {"Contract", "payroll.employment.contract"},
	"pronouns": {"Pronouns", "personal.pronouns"}, "honorific": {"Honorific", "personal.honorific"},
}

// asked names the fields that are wanted, and those that every reading needs.
func asked(ctx context.Context, r manifest.Pull) ([]string, error) {
	wanted := r.Want.Fields
	if wanted == nil {
		wanted = slices.Collect(maps.Keys(vendor.People.Fields))
		own, err := fields(ctx, r.Client, r.Answers)
		if err != nil && !manifest.Absent(err) {
			return nil, err
		}
		for _, f := range own {
			wanted = append(wanted, f.ID)
		}
	}
	names := []string{"internal.lifecycleStatus", "internal.status"}
	for _, field := range append([]string{"startDate", "endDate", "managerId"}, wanted...) {
		for _, path := range vendor.People.Fields[field].Paths {
			names = append(names, name(path))
		}
		if path, ok := strings.CutPrefix(field, core.RawPrefix); ok {
			names = append(names, name(path))
		}
		if key, ok := strings.CutPrefix(field, custom); ok && fixed[key].path != "" {
			names = append(names, name(fixed[key].path))
		} else if ok {
			names = append(names, key)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "root.id" }), nil
}

// name gives the name of the field that stands at a path.
func name(path string) string {
	path = strings.TrimPrefix(path, "humanReadable.")
	switch {
	case strings.HasPrefix(path, "work.reportsTo."):
		return "work.reportsTo"
	case !strings.Contains(path, "."):
		return "root." + path
	}
	return path
}

const custom = "custom."

var (
	ownName = regexp.MustCompile(`(^|\.)(column|field|category)_\d+(\.|$)`)
	ownPart = regexp.MustCompile(`^(column|field)_\d+$`)
	dated   = regexp.MustCompile(`^(\d{4}-\d\d-\d\d|-{0,2}\d\d-\d\d$|\d\d:\d\d)`)
)

var kinds = map[string]core.Kind{"date": core.Date, "number": core.Number, "boolean": core.Bool}

// fields gives the company's custom fields.
func fields(ctx context.Context, c *rest.Client, _ core.Answers) ([]core.Field, error) {
	var found []core.Field
	for _, key := range slices.Sorted(maps.Keys(fixed)) {
		found = append(found, core.Field{ID: custom + key, Label: fixed[key].label, Custom: true})
	}
	var all []struct{ ID, Name, Type string }
	_, err := c.Get(ctx, "/company/people/fields", nil, &all)
	if err != nil && !manifest.Absent(err) {
		return nil, err
	}
	for _, f := range all {
		if ownName.MatchString(f.ID) {
			found = append(found, core.Field{ID: custom + f.ID, Label: f.Name, Kind: kinds[f.Type], Custom: true})
		}
	}
	return found, nil
}

// tidy gathers the custom fields of a row under their names.
func tidy(r manifest.Person) bool {
	customs := map[string]any{}
	for key, f := range fixed {
		if value, ok := manifest.At(r.Row, f.path); ok {
			customs[key] = readable(r.Row, f.path, value)
		}
	}
	for key, value := range r.Row {
		if key != "humanReadable" {
			gather(r.Row, key, value, customs)
		}
	}
	r.Row["customs"] = customs
	return true
}

func gather(row map[string]any, path string, value any, into map[string]any) {
	object, nested := value.(map[string]any)
	last := path[strings.LastIndex(path, ".")+1:]
	if nested && !ownPart.MatchString(last) {
		for key, inner := range object {
			gather(row, path+"."+key, inner, into)
		}
	} else if ownName.MatchString(path) {
		name := path
		if strings.HasPrefix(path, custom+"category_") {
			name = strings.TrimPrefix(path, custom)
		}
		into[name] = readable(row, path, value)
	}
}

// readable gives the text of a list's item; numbers, days and what is true or false stay
// as they are, for their texts are in the service user's own format.
func readable(row map[string]any, path string, value any) any {
	text, _ := manifest.At(row, "humanReadable."+path)
	raw, isText := value.(string)
	_, isList := value.([]any)
	_, isObject := value.(map[string]any)
	if manifest.Text(text) != "" && (isText && !dated.MatchString(raw) || isList || isObject) {
		return text
	}
	return value
}

// health says of which categories nothing came for anybody, which is all that a missing
// permission shows.
func health(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
	people, err := everybody(ctx, manifest.Pull{Client: c, Answers: a})
	if err != nil {
		return err
	}
	h.People, h.Summary = len(people), fmt.Sprintf("%d records visible", len(people))
	for i, right := range h.Rights {
		key := map[string]string{"root": "email"}[right.Permission.ID]
		if key == "" {
			key = right.Permission.ID
		}
		if slices.Contains([]string{"email", "work", "internal", "payroll", "home", "personal", "address"}, key) {
			h.Rights[i].Granted = slices.ContainsFunc(people, func(row map[string]any) bool { _, came := row[key]; return came })
		}
		if !h.Rights[i].Granted {
			h.Rights[i].Detail = "Nothing of it came for anybody."
		}
	}
	return nil
}
