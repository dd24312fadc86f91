// Package factorial reads people from Factorial. The manifest says most of it; code are
// the choices that hang on amounts: the largest share of cost centres and the length of a
// leave, the job catalogue, and custom fields of several values.
package factorial

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Needs: []string{"leaves"}, Row: complete, Status: status}, a, env)
}

func list(row any, path string) []any {
	v, _ := manifest.At(row, path)
	return manifest.Several(v)
}

func complete(p manifest.Person) bool {
	p.Row["costCenter"] = largest(list(p.Row, "costCenter"), p.Today)
	p.Row["values"] = values(list(p.Row, "values"))
	if contract, ok := p.Row["contract"].(map[string]any); ok && manifest.TextAt(contract, "job_title") == "" {
		contract["job_title"] = cmp.Or(p.Names["roles"][manifest.TextAt(contract, "job_catalog_role_id")], p.Names["nodes"][manifest.TextAt(contract, "job_catalog_tree_node_uuid")])
	}
	return true
}

// largest gives the share of a cost centre that holds today and has the highest percentage.
func largest(shares []any, today string) any {
	var best any
	most := -1.0
	for _, s := range shares {
		percent, _ := strconv.ParseFloat(manifest.TextAt(s, "percentage"), 64) // none counts as nothing
		if covers(manifest.TextAt(s, "start_date"), manifest.TextAt(s, "end_date"), today) && percent > most {
			best, most = s, percent
		}
	}
	return best
}

func covers(from, to, today string) bool {
	return !manifest.Before(today, manifest.Day(from)) && !manifest.Before(manifest.Day(to), today)
}

// keys are where the value of a custom field may stand.
var keys = []string{"value", "long_text_value", "date_value", "single_choice_value", "cents_value"}

// values makes one entry of all rows of a person's custom field; rows of other things,
// which may have the same number, are left out.
func values(rows []any) []any {
	var entries []any
	found := map[string]map[string]any{}
	for _, row := range rows {
		id := manifest.TextAt(row, "field_id")
		if kind := cmp.Or(manifest.TextAt(row, "valuable_type"), manifest.TextAt(row, "usage_group_slug")); kind != "" && !strings.Contains(strings.ToLower(kind), "employee") {
			continue
		}
		entry := found[id]
		if entry == nil {
			entry = map[string]any{"field_id": id, "label": manifest.TextAt(row, "label"), "value": []any{}}
			found[id] = entry
			entries = append(entries, entry)
		}
		for _, key := range keys {
			if v, ok := manifest.At(row, key); ok && manifest.Text(v) != "" {
				entry["value"] = append(entry["value"].([]any), v)
				break
			}
		}
	}
	return entries
}

func status(p manifest.Person) string {
	s := vendor.StatusOf(p.Row, p.Today)
	if s == core.StatusActive && slices.ContainsFunc(list(p.Row, "leaves"), func(leave any) bool { return away(p, leave) }) {
		return core.StatusOnLeave
	}
	return s
}

// away says that a leave is approved, long enough to count, and covers today; one
// without an end is long.
func away(p manifest.Person, leave any) bool {
	from, to := manifest.TextAt(leave, "start_on"), manifest.TextAt(leave, "finish_on")
	if manifest.TextAt(leave, "approved") != "true" || manifest.TextAt(leave, "deleted_at") != "" || !covers(from, to, p.Today) {
		return false
	}
	first, err1 := time.Parse(time.DateOnly, manifest.Day(from))
	last, err2 := time.Parse(time.DateOnly, manifest.Day(to))
	least, err3 := strconv.Atoi(p.Answers.Get("leaveDays"))
	return err1 != nil || err2 != nil || err3 != nil || int(last.Sub(first).Hours()/24)+1 >= least
}
