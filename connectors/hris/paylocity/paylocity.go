// Package paylocity reads people from Paylocity, through either of its two APIs. Their
// manifests say nearly all; code finds a person's own cost centres, supervisor and end.
package paylocity

import (
	"bytes"
	"context"
	_ "embed"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

var (
	//go:embed manifest.yaml
	nextGenYAML []byte
	//go:embed weblink.yaml
	webLinkYAML []byte
)

var (
	vendor  = manifest.Must(nextGenYAML)
	webLink = manifest.Must(bytes.Join([][]byte{card(), webLinkYAML}, nil))
)

// card is the part of the manifest that both APIs share.
func card() []byte {
	shared, _, _ := bytes.Cut(nextGenYAML, []byte("# The rest is NextGen"))
	return shared
}

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	m := vendor
	if a.Get("apiFamily") == "weblink" {
		m = webLink
	}
	own := manifest.Own{Client: client, Needs: []string{"full"}, Row: complete, Values: values, Fields: fields,
		Status: func(r manifest.Person) string { return status(r.Row, m.Value("startDate", r.Row), r.Today) }}
	return manifest.NewOwn(m, own, a, env)
}

// client makes a refusal after answers that were good into too many calls: a quota that
// is used up looks like a missing permission.
func client(cfg *rest.Config, _ core.Answers, _ core.Env) error {
	var worked atomic.Bool
	cfg.Explain = func(a *rest.Answer) *core.Problem {
		if a.Status == http.StatusOK && !bytes.Contains(a.Body, []byte(`"access_token"`)) {
			worked.Store(true)
		}
		if a.Status != http.StatusForbidden || !worked.Load() {
			return nil
		}
		return &core.Problem{Code: core.RateLimited, What: "Paylocity gave answers, and now refuses to: the quota of calls seems to be used up.",
			Fix: "Wait an hour and try again. If it happens each time, ask Paylocity to grant the client employee demographics and cost centres."}
	}
	return nil
}

// first gives the text at the first of the paths that has one.
func first(v any, paths ...string) string {
	for _, path := range paths {
		found, _ := manifest.At(v, path)
		if text := manifest.Text(found); text != "" {
			return text
		}
	}
	return ""
}

func complete(r manifest.Person) bool {
	if list, ok := r.Row["full"].([]any); ok && len(list) > 0 {
		r.Row["full"] = list[0]
	}
	if letter(r.Row) == "T" {
		r.Row["left"] = first(r.Row, "currentStatus.effectiveDate", "full.status.effectiveDate")
	}
	company := first(r.Row, "companyId", "full.companyNumber")
	other := first(r.Row, "info.supervisorCo", "full.departmentPosition.supervisorCompanyNumber")
	if company == "" || other == "" || strings.EqualFold(company, other) {
		r.Row["manager"] = first(r.Row, "info.supervisor", "full.departmentPosition.supervisorEmployeeId")
	}
	if full, ok := r.Row["full"].(map[string]any); ok {
		full["customs"] = customs(full)
	}
	r.Row["levels"] = units(r)
	for _, name := range numbers {
		delete(r.Row, "level"+name)
	}
	return true
}

// customs puts custom fields of all kinds into one list.
func customs(full map[string]any) []any {
	var all []any
	for _, kind := range []string{"customTextFields", "customBooleanFields", "customDateFields", "customDropDownFields", "customNumberFields"} {
		for _, one := range manifest.Several(full[kind]) {
			if field, ok := one.(map[string]any); ok {
				field["kind"] = kind
				all = append(all, field)
			}
		}
	}
	return all
}

// letter is the type of the status, or else the first letter of its code.
func letter(row any) string {
	text := first(row, "currentStatus.statusType", "statusType", "statusTypeCode", "currentStatus.statusCode", "statusCode", "full.status.employeeStatus")
	return strings.ToUpper(text[:min(len(text), 1)])
}

func status(row any, start, today string) string {
	switch is := letter(row); {
	case is == "A" && manifest.Before(today, start):
		return core.StatusFuture
	case is == "A":
		return core.StatusActive
	case is == "L":
		return core.StatusOnLeave
	case is == "T":
		return core.StatusTerminated
	}
	return core.StatusUnknown
}

// extra are custom fields that every company has.
var extra = map[string]string{"middleName": "Middle name", "suffix": "Suffix"}

func values(r manifest.Person) map[string]any {
	all := map[string]any{}
	for key := range extra {
		all["custom."+key] = first(r.Row, "info."+key, "full."+key)
	}
	return all
}

func fields(context.Context, *rest.Client, core.Answers) ([]core.Field, error) {
	var all []core.Field
	for _, key := range slices.Sorted(maps.Keys(extra)) {
		all = append(all, core.Field{ID: "custom." + key, Label: extra[key], Custom: true})
	}
	return all, nil
}

var numbers = []string{"1", "2", "3"}

// level is one of the up to three levels of cost centres.
type level struct {
	description string
	names       map[string]string // by code
}

// levels reads NextGen's list of levels, or WebLink's lists of codes.
func levels(row map[string]any) map[string]level {
	all := map[string]level{}
	add := func(number, description, name string, centres any) {
		l := level{description, map[string]string{}}
		for _, c := range manifest.Several(centres) {
			l.names[first(c, "code")] = first(c, name)
		}
		all[number] = l
	}
	for _, number := range numbers {
		add(number, "", "description", row["level"+number])
	}
	for i, one := range manifest.Several(row["levels"]) {
		centres, _ := manifest.At(one, "costCenters")
		number := first(one, "level")
		if number == "" {
			number = strconv.Itoa(i + 1)
		}
		add(number, strings.ToLower(first(one, "description")), "name", centres)
	}
	return all
}

// kinds are what a level may be, by the words of its description; the order is the usual one.
var kinds = []struct{ field, word string }{{"department", "department"}, {"division", "division"}, {"costCenter", "cost cent"}}

// units gives a person's department, division and cost centre.
func units(r manifest.Person) map[string]any {
	all, found := levels(r.Row), map[string]any{}
	for field, number := range places(all, r.Answers) {
		code := first(r.Row, "position.costCenter"+number, "full.departmentPosition.costCenter"+number)
		found[field] = all[number].names[code]
		switch {
		case field == "department":
			found["departmentId"] = code
		case field == "costCenter" && found[field] == "":
			found[field] = code
		}
	}
	return found
}

// places says which level is what: as a person chose, or by the description, or as usual.
func places(all map[string]level, a core.Answers) map[string]string {
	at, taken := map[string]string{}, map[string]bool{}
	for _, k := range kinds {
		at[k.field] = a.Get(k.field + "Level")
		for _, number := range numbers {
			if described := strings.Contains(all[number].description, k.word); described && (at[k.field] == "" || at[k.field] == "auto") {
				at[k.field] = number
			}
		}
		taken[at[k.field]] = true
	}
	for i, k := range kinds {
		if open := at[k.field] == "" || at[k.field] == "auto"; open && !taken[numbers[i]] {
			at[k.field] = numbers[i]
		}
	}
	return at
}
