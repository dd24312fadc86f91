// Package okta reads people and their accounts from Okta.
package okta

import (
	"bytes"
	"context"
	_ "embed"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	a = maps.Clone(a)
	a["domain"] = core.Secret(orgDomain(a.Get("domain")))
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Needs: []string{"link"}, Rows: rows, Row: split, Fields: fields, Health: readingOnly}, a, env)
}

// orgDomain gives the domain of the org for what a person may have copied: the address of
// the Admin Console gives wrong answers.
func orgDomain(copied string) string {
	host := strings.TrimSuffix(strings.TrimPrefix(copied, "https://"), "/")
	org, suffix, _ := strings.Cut(host, ".")
	if strings.HasPrefix(suffix, "okta") {
		org = strings.TrimSuffix(org, "-admin")
	}
	return org + "." + suffix
}

func client(cfg *rest.Config, a core.Answers, env core.Env) error {
	cfg.Explain = heedReset
	scopes := []string{"okta.users.read", "okta.schemas.read"}
	switch a.Get("auth") {
	case "oauth":
		cfg.Sign = newBrowser(a, env, scopes)
	case "service":
		s, err := newService(a, env.Base, scopes)
		cfg.Sign = s
		return err
	}
	return nil
}

// heedReset makes Okta's own header, which says when the next minute begins, into the
// usual one. A server that stands in for Okta may say with 403 that there are too many
// requests; Okta's own refusals have a code in them.
func heedReset(a *rest.Answer) *core.Problem {
	if a.Status == http.StatusForbidden && a.Header.Get("X-RateLimit-Remaining") == "0" && !bytes.Contains(a.Body, []byte(`"errorCode"`)) {
		return &core.Problem{Code: core.RateLimited, What: "The server takes no more requests for now: its limit for these credentials is used up.", Fix: "Apply the plan again later; what is done stays done."}
	}
	reset, err := strconv.ParseInt(a.Header.Get("X-Rate-Limit-Reset"), 10, 64)
	if a.Status == http.StatusTooManyRequests && err == nil && a.Header.Get("Retry-After") == "" {
		a.Header.Set("Retry-After", time.Unix(reset+1, 0).UTC().Format(http.TimeFormat))
	}
	return nil
}

// account are the values of an account that stand beside its profile.
var account = []core.Field{
	{ID: "custom.status", Label: "Okta status", Custom: true},
	{ID: "custom.lastLogin", Label: "Last sign-in", Custom: true},
}

// canonical are the names in a profile that are no custom fields: those of the manifest,
// the manager, and what is made of other attributes.
var canonical = func() map[string]bool {
	names := map[string]bool{"managerId": true, "manager": true, "profileUrl": true, "postalAddress": true}
	for _, from := range vendor.People.Fields {
		for _, path := range from.Paths {
			names[strings.TrimPrefix(path, "profile.")] = true
		}
	}
	return names
}()

// split puts what is the company's own apart, and finds the manager of a link.
func split(p manifest.Person) bool {
	if href, ok := manifest.At(p.Row, "link.0._links.self.href"); ok {
		p.Row["managerFound"] = path.Base(manifest.Text(href))
	}
	own := map[string]any{}
	for _, f := range account {
		name := strings.TrimPrefix(f.ID, "custom.")
		own[name] = p.Row[name]
	}
	profile, _ := p.Row["profile"].(map[string]any) // null is an account without one
	for name, value := range profile {
		if !canonical[name] {
			own[name] = value
		}
	}
	p.Row["custom"] = own
	return true
}

// property is how the schema tells of an attribute.
type property struct{ Title, Type, Format string }

func (p property) kind() core.Kind {
	switch {
	case p.Format == "email":
		return core.Email
	case p.Type == "boolean":
		return core.Bool
	case p.Type == "number", p.Type == "integer":
		return core.Number
	}
	return core.Text
}

// fields are those of the account and of the schema. A schema that may not be read leaves
// the former, and what people have.
func fields(ctx context.Context, c *rest.Client, _ core.Answers) ([]core.Field, error) {
	var schema struct {
		Definitions map[string]struct{ Properties map[string]property }
	}
	_, err := c.Get(ctx, "/api/v1/meta/schemas/user/default", nil, &schema)
	all := slices.Clone(account)
	for _, part := range []string{"base", "custom"} {
		properties := schema.Definitions[part].Properties
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if p := properties[name]; !canonical[name] {
				all = append(all, core.Field{ID: "custom." + name, Label: labelled(p.Title, name), Kind: p.kind(), Custom: true})
			}
		}
	}
	return all, err
}

func labelled(title, name string) string {
	if title == "" {
		return name
	}
	return title
}
