// Package hrworks reads persons from HRworks. Code reads the list, for a superior is named
// by his login name, which is somebody's ID only once everybody was read.
package hrworks

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one customer from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Rows: rows}, a, env)
}

// keys are what a superior is found by: his login name, or without one his number.
var keys = []string{"personId", "personnelNumber"}

// rows yields everybody's row. Only where managers are wanted it reads everybody first.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var held []json.RawMessage
		ids := map[string]string{}
		hold := r.Want.Fields == nil || slices.Contains(r.Want.Fields, "managerId")
		for raw, err := range list(r.Client).All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			row := decoded(raw)
			if hold {
				for _, key := range keys {
					if value := manifest.TextAt(row, key); value != "" {
						ids[key+value] = manifest.TextAt(row, "personLicenseNumber")
					}
				}
				held = append(held, raw)
			} else if !yield(row, nil) {
				return
			}
		}
		for _, raw := range held {
			row := decoded(raw)
			row["managerId"] = ""
			for _, key := range keys {
				if id := ids[key+manifest.TextAt(row, "superior."+key)]; row["managerId"] == "" {
					row["managerId"] = id
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// rowsPerPage is how many persons a full page has.
const rowsPerPage = 50

// list is the list of all persons. The header Link says whether there is a next page; an
// answer without it may have lost it on the way, so the next page is asked for then, and
// need not be there, nor be another one.
func list(c *rest.Client) rest.List[json.RawMessage] {
	last, before := false, "" // by the size of a page without a header; who came first on it
	return rest.List[json.RawMessage]{Vendor: vendor.Name, Noun: "persons", First: "1",
		ID: func(raw json.RawMessage) string { return manifest.TextAt(decoded(raw), "personLicenseNumber") },
		Fetch: func(ctx context.Context, page string) (rest.Page[json.RawMessage], error) {
			var body struct {
				Persons *[]json.RawMessage `json:"persons"`
			}
			a, err := c.Get(ctx, "/persons/master-data", url.Values{"onlyActive": {"false"}, "page": {page}}, &body)
			if last && core.HasCode(err, core.NotFound) {
				return rest.Page[json.RawMessage]{Total: -1}, nil
			}
			if err == nil && body.Persons == nil {
				err = &core.Problem{Code: core.BadData, What: "An answer of HRworks has no list of persons.", Fix: "Try again, and send us the log if it happens twice."}
			}
			if err != nil {
				return rest.Page[json.RawMessage]{}, err
			}
			first := ""
			if len(*body.Persons) > 0 {
				first = manifest.TextAt(decoded((*body.Persons)[0]), "personLicenseNumber")
			}
			if last && first == before {
				return rest.Page[json.RawMessage]{Total: -1}, nil
			}
			before = first
			got := rest.Page[json.RawMessage]{Rows: *body.Persons, Total: -1, Next: rest.NextPage(page, len(*body.Persons), 0)}
			links := strings.Join(a.Header.Values("Link"), ",")
			if links != "" && !strings.Contains(links, `rel="next"`) && !strings.Contains(links, "rel=next") {
				got.Next = ""
			}
			last = links == "" && len(got.Rows) < rowsPerPage
			return got, nil
		}}
}

// decoded reads a person, who came as good JSON; numbers stay as they were written.
func decoded(raw json.RawMessage) map[string]any {
	row := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	_ = d.Decode(&row) // a row that is no object has no ID, which the list refuses
	if objective := cmp.Or(manifest.TextAt(row, "costObjective.name"), manifest.TextAt(row, "costObjective.number")); objective != "" {
		row["costObjective"] = objective
	}
	return row
}
