// Package planday reads Planday. Its manifest says most of it; here are the values that
// list and details write in different ways.
package planday

import (
	"context"
	_ "embed"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var description []byte

var vendor = manifest.Must(description)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes a source that reads one portal.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: tidy, Values: values, Fields: definitions}, a, env)
}

// tidy gives a row the first department where there is no primary one, the day of hiring
// that the details alone have, and the bare values of custom fields.
func tidy(p manifest.Person) bool {
	if manifest.TextAt(p.Row, "primaryDepartmentId") == "" {
		p.Row["primaryDepartmentId"], _ = manifest.At(p.Row, "departments.0")
	}
	if manifest.TextAt(p.Row, "hiredDate") == "" {
		p.Row["hiredDate"], _ = manifest.At(p.Row, "details.hiredFrom")
	}
	details, _ := p.Row["details"].(map[string]any)
	for key := range details {
		if strings.HasPrefix(key, "custom_") {
			details[key] = bare(details[key])
		}
	}
	return true
}

// bare gives the value of a custom field: a date without its time, and nothing of a file,
// which lies behind an address.
func bare(custom any) any {
	field, ok := custom.(map[string]any)
	switch {
	case !ok:
		return custom
	case manifest.TextAt(field, "url") != "":
		return nil
	case strings.EqualFold(manifest.TextAt(field, "type"), "date"):
		return manifest.Day(manifest.TextAt(field, "value"))
	}
	return field["value"]
}

func values(p manifest.Person) map[string]any {
	all := map[string]any{}
	for field, number := range map[string]string{"mobilePhone": "cellPhone", "workPhone": "phone"} {
		if n := manifest.TextAt(p.Row, number); n != "" && !strings.HasPrefix(n, "+") {
			all[field] = manifest.TextAt(p.Row, number+"CountryPrefix") + n
		}
	}
	if id := manifest.TextAt(p.Row, "details.supervisorEmployeeId"); id != "" {
		all["managerId"] = id
	}
	return all
}

var kinds = map[string]core.Kind{"numeric": core.Number, "boolean": core.Bool, "date": core.Date}

// definitions reads the custom fields out of the JSON schema of an employee.
func definitions(ctx context.Context, c *rest.Client, a core.Answers) ([]core.Field, error) {
	if a.Get("readDetails") == "false" {
		return nil, nil
	}
	var schema any
	if _, err := c.Do(ctx, http.MethodGet, "/hr/v1.0/employees/fielddefinitions", url.Values{"type": {"Put"}}, nil, &schema); err != nil {
		return nil, err
	}
	found, _ := manifest.At(schema, "data.properties")
	properties, _ := found.(map[string]any)
	var fields []core.Field
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		if !strings.HasPrefix(key, "custom_") {
			continue
		}
		f := core.Field{ID: "custom." + key, Label: manifest.TextAt(properties[key], "description"), Custom: true}
		if f.Label == "" {
			f.Label = key
		}
		ref := strings.ToLower(manifest.TextAt(properties[key], "$ref"))
		f.Kind = kinds[strings.TrimPrefix(ref[strings.LastIndex(ref, "/")+1:], "optional")]
		fields = append(fields, f)
	}
	return fields, nil
}
