// Package adp reads people from ADP Workforce Now. It is code for what the manifest cannot
// say: a client certificate on every call, fields that are asked for by path, an end of the
// list without a body, custom fields in groups by kind, and ADP's own form of refusals.
package adp

import (
	"cmp"
	"context"
	_ "embed"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
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

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	certificate, err := certificateOf(a)
	if plain := strings.HasPrefix(env.Base, "http://"); err != nil && !plain { // where nobody asks for one
		return nil, err
	}
	return manifest.NewOwn(vendor, manifest.Own{
		Client: func(cfg *rest.Config, _ core.Answers, _ core.Env) error {
			cfg.Explain = explain
			if certificate.Leaf != nil {
				cfg.Certificates = append(cfg.Certificates, certificate)
			}
			return nil
		},
		Health: func(_ context.Context, _ *rest.Client, _ core.Answers, h *core.Health) error {
			if certificate.Leaf != nil {
				h.Expires = certificate.Leaf.NotAfter
			}
			return nil
		},
		Rows: rows, Row: complete, Values: values,
	}, a, env)
}

const pageSize = 100

func rows(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
	query, wanted := url.Values{"$top": {strconv.Itoa(pageSize)}, "count": {"true"}}, p.Want.Fields
	if p.Trial {
		wanted = []string{}
	}
	if p.Answers.Get("select") != "false" {
		query.Set("$select", selection(wanted))
	}
	short := false // the page before was not full
	list := rest.List[any]{Vendor: vendor.Name, Noun: "workers", First: "0",
		Fetch: func(ctx context.Context, at string) (rest.Page[any], error) {
			var answer struct {
				Workers []any `json:"workers"`
				Meta    struct {
					Total *int `json:"totalNumber"`
				} `json:"meta"`
			}
			query.Set("$skip", at)
			_, err := p.Client.Get(ctx, "/hr/v2/workers", query, &answer)
			if short && core.HasCode(err, core.NotFound) { // there is no page after the last one
				return rest.Page[any]{Total: -1}, nil
			}
			if err != nil {
				return rest.Page[any]{}, err
			}
			page := rest.Page[any]{Rows: answer.Workers, Total: -1}
			if answer.Meta.Total != nil {
				page.Total = *answer.Meta.Total
			}
			short = len(page.Rows) < pageSize
			page.Next = rest.NextOffset(at, len(page.Rows), page.Total)
			return page, nil
		},
		ID: func(row any) string { return vendor.Value("externalId", row) }}
	return list.All(ctx)
}

// always are the parts of a worker that are needed whatever is wanted.
var always = []string{"associateOID", "workerDates", "workerStatus", "workAssignments/primaryIndicator", "workAssignments/assignmentStatus",
	"workAssignments/hireDate", "workAssignments/terminationDate", "workAssignments/reportsTo"}

// customGroups are where custom fields stand; that of the assignment is called job here.
var customGroups = []string{"customFieldGroup", "person.customFieldGroup", "job.customFieldGroup"}

// selection names the parts of a worker that wanted fields need; nil means all fields.
func selection(wanted []string) string {
	var paths []string
	for id, from := range vendor.People.Fields {
		if wanted == nil || slices.Contains(wanted, id) {
			paths = append(paths, from.Paths...)
		}
	}
	for _, id := range wanted {
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			paths = append(paths, path)
		}
	}
	if wanted == nil || slices.ContainsFunc(wanted, func(id string) bool { return strings.HasPrefix(id, "custom.") }) {
		paths = append(paths, customGroups...)
	}
	parts := map[string]bool{}
	for _, part := range always {
		parts["workers/"+part] = true
	}
	for _, path := range paths {
		parts["workers/"+part(path)] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(parts)), ",")
}

// part gives ADP's own name of the part of a worker in which a path leads.
func part(path string) string {
	steps := slices.DeleteFunc(strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(".[]", r) }), func(step string) bool {
		_, err := strconv.Atoi(step)
		return err == nil // an index
	})
	if chosen, ok := vendor.People.Choose[steps[0]]; ok {
		return part(chosen.From + "." + strings.Join(steps[1:], "."))
	}
	if deep := steps[0] == "person" || steps[0] == "workAssignments"; deep && len(steps) > 1 {
		return steps[0] + "/" + steps[1]
	}
	return steps[0]
}

// kinds are the lists of a group of custom fields.
var kinds = []string{"stringFields", "codeFields", "dateFields", "indicatorFields", "numberFields", "telephoneFields"}

// complete puts all custom fields into one list.
func complete(p manifest.Person) bool {
	lists, all := kinds, []any{}
	if p.Answers.Get("money") == "true" {
		lists = append(slices.Clone(kinds), "amountFields", "percentFields")
	}
	for _, group := range customGroups {
		for _, kind := range lists {
			found, _ := manifest.At(p.Row, group+"."+kind)
			entries, _ := found.([]any)
			for _, entry := range entries {
				all = append(all, priced(entry))
			}
		}
	}
	p.Row["custom"] = all
	return true
}

// priced writes an amount of money as a text with its currency.
func priced(entry any) any {
	if object, ok := entry.(map[string]any); ok && manifest.Text(object["amountValue"]) != "" {
		object["stringValue"] = strings.TrimSpace(manifest.Text(object["amountValue"]) + " " + manifest.Text(object["currencyCode"]))
	}
	return entry
}

// values leaves out birth dates whose year is masked, and names departments of which the
// worker holds the code alone.
func values(p manifest.Person) map[string]any {
	own := map[string]any{}
	if strings.HasPrefix(vendor.Value("birthDate", p.Row), "0000") {
		own["birthDate"] = nil
	}
	if code := vendor.Value("departmentId", p.Row); code != "" && vendor.Value("department", p.Row) == code {
		own["department"] = cmp.Or(p.Names["departments"][code], code)
	}
	return own
}
