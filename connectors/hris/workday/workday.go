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
	own := manifest.Own{Client: reportClient, Rows: report}
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
	list := rest.List[json.RawMessage]{Vendor: vendor.Name, Noun: "rows of the report",
		ID: func(raw json.RawMessage) string { return vendor.Value("externalId", tree(raw)) },
		Fetch: func(ctx context.Context, _ string) (rest.Page[json.RawMessage], error) {
			var answer struct {
				Rows *[]json.RawMessage `json:"Report_Entry"`
			}
			path, query := address(p.Answers.Get("reportUrl"))
			if _, err := p.Client.Get(ctx, path, query, &answer); err != nil {
				return rest.Page[json.RawMessage]{}, err
			}
			if answer.Rows == nil {
				return rest.Page[json.RawMessage]{}, &core.Problem{Code: core.BadData, What: "The answer of Workday holds no rows of a report.",
					Fix: "Copy the JSON address of the report anew: Actions, Web Service, View URLs."}
			}
			for _, raw := range *answer.Rows {
				ids.know(tree(raw))
			}
			return rest.Page[json.RawMessage]{Rows: *answer.Rows, Total: -1}, nil
		}}
	return func(yield func(any, error) bool) {
		for raw, err := range list.All(ctx) {
			row := tree(raw)
			if object, ok := row.(map[string]any); ok {
				object["@Manager"] = ids[first(row, "Manager_group.0.Manager_Employee_ID", "Manager_group.Manager_Employee_ID", "Manager_Employee_ID")].id
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// owners are whose a staff number is.
type owners map[string]owner

type owner struct {
	id     string
	active bool
}

// know remembers whose a staff number is: of several, the first who is active.
func (o owners) know(row any) {
	number, active := value(row, "Employee_ID"), yes(value(row, "Active_Status"))
	if before, taken := o[number]; number != "" && (!taken || active && !before.active) {
		o[number] = owner{vendor.Value("externalId", row), active}
	}
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

func tree(raw json.RawMessage) any {
	var v any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	_ = d.Decode(&v) // it was decoded once before, as a part of the whole
	return v
}

func value(v any, path string) string {
	found, _ := manifest.At(v, path)
	return manifest.Text(found)
}

func first(v any, paths ...string) string {
	for _, path := range paths {
		if text := value(v, path); text != "" {
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
