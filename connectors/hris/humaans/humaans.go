// Package humaans reads people from Humaans. It is code for what the manifest cannot say:
// who works remotely has no office, and custom values may hang on something else than the
// person.
package humaans

import (
	"context"
	_ "embed"
	"net/url"
	"slices"

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
