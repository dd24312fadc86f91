// Package workday reads people from Workday. It is code beside a manifest because a report
// names managers by their staff numbers, and because a worker of Get_Workers is a deep tree
// of lists by type. Both become rows of the report, so that one table says what they mean.
package workday

import (
	"context"
	_ "embed"
	"encoding/json"
	"iter"
	"net/url"
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

// NewSource makes the source of one tenant, by the door that was chosen.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	own := manifest.Own{Client: reportClient, Rows: report, Needs: []string{"Manager_group", "Manager_Employee_ID"}}
	if a.Get("api") == "soap" {
		own = manifest.Own{Client: soapClient, Rows: workers}
	}
	return manifest.NewOwn(vendor, own, a, env)
}

// reportClient calls the host of the report.
func reportClient(cfg *rest.Config, a core.Answers, _ core.Env) error {
	host, _, _ := strings.Cut(strings.TrimPrefix(a.Get("reportUrl"), "https://"), "/")
	cfg.Base = "https://" + host
	return nil
}

// report reads the report, and puts the manager's id in place of his staff number. Rows
// are kept as text until they are given, for a report comes in one piece.
func report(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
	ids := owners{}
	list := rest.List[*entry]{Vendor: vendor.Name, Noun: "rows of the report",
		ID: func(e *entry) string {
			e.row = p.Row(e.raw)
			return vendor.Value("externalId", e.row)
		},
		Fetch: func(ctx context.Context, _ string) (rest.Page[*entry], error) {
			var answer json.RawMessage
			path, query := address(p.Answers.Get("reportUrl"))
			if _, err := p.Client.Get(ctx, path, query, &answer); err != nil {
				return rest.Page[*entry]{}, err
			}
			raws, _, err := manifest.Split(answer, "Report_Entry")
			if err != nil {
				return rest.Page[*entry]{}, &core.Problem{Code: core.BadData, Cause: err, What: "The answer of Workday holds no rows of a report.",
					Fix: "Copy the JSON address of the report anew: Actions, Web Service, View URLs."}
			}
			return rest.Page[*entry]{Rows: ids.entries(raws), Total: -1}, nil
		}}
	return func(yield func(any, error) bool) {
		for e, err := range list.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			row := e.row
			e.row = nil // the report is kept as text until its end, and not as trees too
			if object, ok := row.(map[string]any); ok {
				object["@Manager"] = ids[first(row, "Manager_group.0.Manager_Employee_ID", "Manager_group.Manager_Employee_ID", "Manager_Employee_ID")].id
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// entry is a row of the report, decoded while it is looked at.
type entry struct {
	raw json.RawMessage
	row any
}

// entries gives the rows of a report, and remembers whose the staff numbers in it are.
func (o owners) entries(raws []json.RawMessage) []*entry {
	named := true
	for _, raw := range raws {
		row := manifest.Part(raw, tellsOwner)
		o.know(row)
		named = named && manifest.TextAt(row, "Worker_WID") != ""
	}
	entries := make([]*entry, 0, len(raws))
	for _, raw := range raws {
		if named || !o.passed(manifest.Part(raw, tellsOwner)) {
			entries = append(entries, &entry{raw: raw})
		}
	}
	return entries
}

// tellsOwner says that a column is one of those that tell whose a staff number is.
func tellsOwner(name string) bool {
	return name == "Employee_ID" || name == "Worker_WID" || name == "Active_Status"
}

// owners are whose a staff number is.
type owners map[string]owner

type owner struct {
	id     string
	active bool
}

// know remembers whose a staff number is: of several, the first who is active.
func (o owners) know(row any) {
	number, active := manifest.TextAt(row, "Employee_ID"), yes(manifest.TextAt(row, "Active_Status"))
	if before, taken := o[number]; number != "" && (!taken || active && !before.active) {
		o[number] = owner{vendor.Value("externalId", row), active}
	}
}

// passed says that a row without a WID is of a worker who has another record, which is
// the active one.
func (o owners) passed(row any) bool {
	number := manifest.TextAt(row, "Employee_ID")
	return manifest.TextAt(row, "Worker_WID") == "" && number != "" && o[number].active && !yes(manifest.TextAt(row, "Active_Status"))
}

// address parts the prompts from the report's address.
func address(report string) (path string, query url.Values) {
	path, prompts, _ := strings.Cut(report, "?")
	query, err := url.ParseQuery(prompts)
	if err != nil {
		query = url.Values{}
	}
	query.Set("format", "json")
	return path, query
}

func first(v any, paths ...string) string {
	for _, path := range paths {
		if text := manifest.TextAt(v, path); text != "" {
			return text
		}
	}
	return ""
}

func several(v any, path string) []any {
	found, _ := manifest.At(v, path)
	return manifest.Several(found)
}

func yes(text string) bool { return text == "1" || strings.EqualFold(text, "true") }
