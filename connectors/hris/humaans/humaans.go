// Package humaans reads people from Humaans. It is code for what the manifest cannot say:
// who works remotely has no office, and custom values may hang on something else than the
// person.
package humaans

import (
	"context"
	_ "embed"
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

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: complete, Health: private}, a, env)
}

func complete(p manifest.Person) bool {
	last(p)
	if p.Row["locationId"] == "remote" {
		p.Row["away"] = "Remote"
	}
	if values, ok := p.Row["values"].([]any); ok {
		p.Row["values"] = slices.DeleteFunc(values, func(value any) bool {
			of, _ := manifest.At(value, "resourceId")
			return manifest.Text(of) != ""
		})
	}
	return true
}

// last puts the role that begins last in the place of the chosen one, for somebody who has
// begun and has none that holds today.
func last(p manifest.Person) {
	start := func(role any) string { return day(role, "effectiveDate") }
	chosen := p.Row["role"]
	holds := !manifest.Before(p.Today, start(chosen)) && !manifest.Before(day(chosen, "endDate"), p.Today)
	begin := vendor.Value("startDate", p.Row)
	if chosen == nil || holds || begin == "" || manifest.Before(p.Today, begin) {
		return
	}
	roles, _ := p.Row["roles"].([]any)
	p.Row["role"] = slices.MaxFunc(roles, func(a, b any) int { return strings.Compare(start(a), start(b)) })
}

func day(v any, path string) string {
	found, _ := manifest.At(v, path)
	return manifest.Day(manifest.Text(found))
}

// private finds out whether the token may see private data: without its scope they are
// missing rather than null.
func private(ctx context.Context, c *rest.Client, _ core.Answers, h *core.Health) error {
	var page struct {
		Data []map[string]any `json:"data"`
	}
	if _, err := c.Get(ctx, "/people", url.Values{"$limit": {"1"}}, &page); err != nil || len(page.Data) == 0 {
		return err
	}
	_, begins := page.Data[0]["employmentStartDate"]
	_, born := page.Data[0]["birthday"]
	for i, right := range h.Rights {
		if right.ID == "private:read" && !begins && !born {
			h.Rights[i].Granted = false
			h.Rights[i].Detail = "Start dates and birth dates are missing."
		}
	}
	return nil
}
