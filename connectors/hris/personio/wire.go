package personio

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	largestPage = 100
	customKey   = "dynamic_"
)

// attribute is one entry of the attribute catalogue.
type attribute struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Type  string `json:"type"`
}

func (a attribute) custom() bool { return strings.HasPrefix(a.Key, customKey) }

// kinds are the types of custom attributes whose values are more than text, in the words
// of both versions.
var kinds = map[string]core.Kind{"date": core.Date, "integer": core.Number, "decimal": core.Number, "int": core.Number, "double": core.Number, "boolean": core.Bool}

func (a attribute) field() core.Field {
	return core.Field{ID: "custom." + a.Key, Label: a.Label, Kind: kinds[strings.ToLower(a.Type)], Custom: true}
}

func sorted(fields []core.Field) []core.Field {
	slices.SortFunc(fields, func(a, b core.Field) int { return strings.Compare(a.ID, b.ID) })
	return fields
}

// attributes reads the attribute catalogue; nil where it is not there or not allowed.
func (s *Source) attributes(ctx context.Context) ([]attribute, error) {
	var answer struct {
		Data []attribute `json:"data"`
	}
	_, err := s.client.Get(ctx, "/v1/company/employees/attributes", nil, &answer)
	if manifest.Absent(err) {
		if s.env.Log != nil {
			s.env.Log.Warn("the list of attributes cannot be read", "vendor", vendor.Name)
		}
		return nil, nil
	}
	return answer.Data, err
}

// keys gives the attributes to ask for: those of the catalogue that the wanted fields
// need, or none, which means all, where everything is wanted or a path names no attribute.
func keys(want core.Want, list []attribute) []string {
	if want.Fields == nil || list == nil {
		return nil
	}
	wanted := map[string]bool{"status": true, "hire_date": true, "termination_date": true, "contract_end_date": true}
	for _, id := range want.Fields {
		paths := vendor.People.Fields[id].Paths
		if key, ok := strings.CutPrefix(id, "custom."); ok {
			wanted[key] = true
		}
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			paths = []string{path}
		}
		if id == "costCenter" {
			wanted["cost_centers"] = true
		}
		for _, path := range paths {
			parts := strings.Split(path, ".")
			if parts[0] != "attributes" || len(parts) < 2 {
				return nil
			}
			wanted[parts[1]] = true
		}
	}
	var asked []string
	for _, a := range list {
		if wanted[a.Key] {
			asked = append(asked, a.Key)
		}
	}
	return asked
}

type envelope struct {
	Data     *[]any `json:"data"`
	Metadata struct {
		Total *int `json:"total_elements"`
	} `json:"metadata"`
}

// margin is taken off the time since which changes are asked for: clocks differ.
const margin = 5 * time.Minute

// page reads one page of everybody, or all who changed since a time: they come in one answer.
func (s *Source) page(ctx context.Context, keys []string, since time.Time, size int, at string) (rest.Page[any], error) {
	q := url.Values{"limit": {strconv.Itoa(size)}, "offset": {at}}
	if !since.IsZero() {
		q = url.Values{"updated_since": {since.Add(-margin).UTC().Format(time.RFC3339)}}
	}
	if len(keys) > 0 {
		q["attributes[]"] = keys
	}
	var answer envelope
	if _, err := s.client.Get(ctx, "/v1/company/employees", q, &answer); err != nil {
		return rest.Page[any]{}, err
	}
	if answer.Data == nil {
		return rest.Page[any]{}, &core.Problem{Code: core.BadData, What: "An answer of Personio cannot be read: it holds no list of employees.",
			Fix: "Try again, and send us the log if it happens twice."}
	}
	page := rest.Page[any]{Rows: *answer.Data, Total: -1}
	if answer.Metadata.Total != nil {
		page.Total = *answer.Metadata.Total
	}
	if since.IsZero() {
		page.Next = rest.NextOffset(at, len(page.Rows), page.Total)
	}
	return page, nil
}

// Check signs in, and reads the first employees to see which attributes come.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	page, err := s.page(ctx, nil, time.Time{}, largestPage, "0")
	if err != nil {
		return core.Health{}, err
	}
	h := core.Health{Summary: fmt.Sprintf("%d employees visible", page.Total), People: page.Total}
	missing := unseen(page.Rows)
	for _, p := range vendor.Permissions {
		switch p.ID {
		case "employees:read":
			h.Rights = append(h.Rights, core.Right{Permission: p, Granted: true})
		case "readable attributes":
			h.Rights = append(h.Rights, core.Right{Permission: p, Granted: len(missing) == 0, Detail: strings.Join(missing, ", ")})
		}
	}
	if len(missing) > 0 {
		h.Notes = append(h.Notes, "Personio gives these attributes for nobody, perhaps because the credential may not read them: "+strings.Join(missing, ", ")+".")
	}
	return h, nil
}

// unseen gives the usual attributes that are in no row at all: Personio leaves out
// without a word what was not picked in the credential.
func unseen(rows []any) []string {
	if len(rows) == 0 {
		return nil
	}
	usual := []string{"status", "hire_date", "termination_date", "contract_end_date", "cost_centers"}
	for _, from := range vendor.People.Fields {
		usual = append(usual, strings.Split(from.Paths[0], ".")[1])
	}
	slices.Sort(usual)
	return slices.DeleteFunc(slices.Compact(usual), func(key string) bool {
		return slices.ContainsFunc(rows, func(row any) bool { _, ok := manifest.At(row, "attributes."+key); return ok })
	})
}
