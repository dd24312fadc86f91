// Package sesamehr reads Sesame HR. Its manifest says all but one thing: which of a
// person's contracts tell the start, the end and the kind of employment.
package sesamehr

import (
	"context"
	_ "embed"
	"net/http"
	"net/url"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var description []byte

var vendor = manifest.Must(description)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes a source that reads one company.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Needs: []string{"contracts"}, Row: spans, Health: health}, a, env)
}

// spans puts the contract that began first, the one that began last and the one that
// counts on the day of reading into a row.
func spans(p manifest.Person) bool {
	contracts := manifest.Several(p.Row["contracts"])
	for i, c := range contracts {
		dated(c, "startDate", "startAt")
		dated(c, "endDate", "endAt")
		if i == 0 || start(p.Row["firstContract"]) == "" || manifest.Before(start(c), start(p.Row["firstContract"])) {
			p.Row["firstContract"] = c
		}
		if i == 0 || start(p.Row["lastContract"]) == "" || manifest.Before(start(p.Row["lastContract"]), start(c)) {
			p.Row["lastContract"] = c
		}
	}
	p.Row["contract"] = manifest.Current(contracts, "startDate", "endDate", p.Today)
	return true
}

func start(contract any) string {
	v, _ := manifest.At(contract, "startDate")
	return manifest.Day(manifest.Text(v))
}

// dated fills a date that a contract has only as a time.
func dated(contract any, date, at string) {
	if c, ok := contract.(map[string]any); ok && manifest.Text(c[date]) == "" {
		c[date] = c[at]
	}
}

// health tries the call for one person with somebody of the list, and the list that can be switched off.
func health(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
	var list any
	first := url.Values{"limit": {"1"}, "page": {"1"}}
	if _, err := c.Do(ctx, http.MethodGet, "/core/v3/employees", first, nil, &list); err != nil {
		return err
	}
	id, _ := manifest.At(list, "data.0.id")
	somebody := url.PathEscape(manifest.Text(id))
	if somebody == "" {
		return nil
	}
	for i, right := range h.Rights {
		path, query, option := "/contract/v1/contracts/"+somebody, url.Values(nil), "readContracts"
		if right.Permission.ID == "managers" {
			path, query, option = "/core/v3/employee-managers", first, "readManagers"
		} else if right.Permission.ID != "contracts" {
			continue
		}
		if a.Get(option) == "false" {
			continue
		}
		var answer any
		_, err := c.Do(ctx, http.MethodGet, path, query, nil, &answer)
		if err != nil && !manifest.Absent(err) {
			return err
		}
		if core.HasCode(err, core.MissingScope) {
			h.Rights[i].Granted, h.Rights[i].Detail = false, core.AsProblem(err).What
		}
	}
	return nil
}
