// Package entraid reads people and their accounts from Microsoft Entra ID, and writes
// accounts there: by Microsoft Graph one by one or in batches, and by Entra's own
// provisioning service where a tenant has an application for it.
package entraid

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// older is the same system under the name that many still know.
var older = func() *manifest.Manifest {
	m := *vendor
	m.ID, m.Name = "azuread", "Microsoft Azure AD"
	m.Description = "The older name of Microsoft Entra ID: the same system and the same connection."
	return &m
}()

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// OlderSpec gives the card under the older name.
func OlderSpec() core.Spec { return older.Spec }

// NewSource makes the source of complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) { return newSource(vendor, a, env) }

// NewOlderSource makes it under the older name.
func NewOlderSource(a core.Answers, env core.Env) (core.Source, error) {
	return newSource(older, a, env)
}

// hosts are where people sign in and where Graph is, by cloud.
var hosts = map[string]struct{ login, graph core.Secret }{
	"global": {"login.microsoftonline.com", "graph.microsoft.com"},
	"usgov":  {"login.microsoftonline.us", "graph.microsoft.us"},
	"dod":    {"login.microsoftonline.us", "dod-graph.microsoft.us"},
	"china":  {"login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"},
}

// forWriting is set in the answers of a target, for the manifest's ways of signing in.
const forWriting = "writes"

// placed adds the hosts of the cloud to the answers.
func placed(a core.Answers) core.Answers {
	a = maps.Clone(a)
	cloud := hosts[a.Get("cloud")]
	a["login"], a["graph"] = cloud.login, cloud.graph
	return a
}

func newSource(m *manifest.Manifest, a core.Answers, env core.Env) (core.Source, error) {
	own := manifest.Own{Client: client(m), Rows: rows, Row: complete, Status: statusOf, Fields: fields, Health: readingOnly}
	return manifest.NewOwn(m, own, placed(a), env)
}

// client changes what the manifest says of the client: how an application or a person
// proves itself, and what refusals mean.
func client(m *manifest.Manifest) func(*rest.Config, core.Answers, core.Env) error {
	return func(cfg *rest.Config, a core.Answers, env core.Env) error {
		cfg.Explain = explain
		switch a.Get("auth") {
		case "certificate":
			id, err := readIdentity(a.Get("certificate"), a.Get("privateKey"))
			if err != nil {
				return err
			}
			cfg.Sign = rest.Exchange(appToken(m, a, id.proof(a.Get("clientId"), tokenAddress(a))))
		case "secret":
			cfg.Sign = rest.Exchange(appToken(m, a, func(_ time.Time, form url.Values) error {
				form.Set("client_secret", a.Get("clientSecret"))
				return nil
			}))
		case "device":
			cfg.Sign = (&device{m: m, answers: a, env: env, refresh: a[rest.RefreshOption]}).signer()
		}
		return nil
	}
}

// account are the values of an account that are no field of a person.
var account = []core.Field{
	{ID: "custom.userPrincipalName", Label: "Sign-in name", Custom: true},
	{ID: "custom.accountEnabled", Label: "Account enabled", Kind: core.Bool, Custom: true},
	{ID: "custom.userType", Label: "Member or guest", Custom: true},
}

// lastSignIn comes if it is switched on.
var lastSignIn = core.Field{ID: "custom.lastSignInDateTime", Label: "Last sign-in", Custom: true}

const (
	attributes = 15 // that every tenant has, beside those of its own
	oldPrefix  = "extensionAttribute"
	extension  = "extension_"
)

// complete leaves guests out, and puts the values of account and extensions together.
func complete(p manifest.Person) bool {
	if isGuest(p.Row) && p.Answers.Get("guests") != "true" {
		return false
	}
	own := map[string]any{}
	for _, f := range account {
		name := strings.TrimPrefix(f.ID, "custom.")
		own[name] = p.Row[name]
	}
	if at, ok := manifest.At(p.Row, "signInActivity.lastSignInDateTime"); ok {
		own["lastSignInDateTime"] = at
	}
	old, _ := p.Row["onPremisesExtensionAttributes"].(map[string]any) // null is none
	for i := range attributes {
		name := fmt.Sprint(oldPrefix, i+1)
		own[name] = old[name]
	}
	for name, value := range p.Row {
		if strings.HasPrefix(name, extension) {
			own[name] = value
		}
	}
	p.Row["custom"] = own
	return true
}

func isGuest(row map[string]any) bool {
	return strings.EqualFold(manifest.Text(row["userType"]), "Guest") || strings.Contains(strings.ToUpper(manifest.Text(row["userPrincipalName"])), "#EXT#")
}

// statusOf is that of the manifest; what a disabled account means without a leave date is
// for the customer to say.
func statusOf(p manifest.Person) string {
	is := vendor.StatusOf(p.Row, p.Today)
	if is == core.StatusOnLeave {
		return p.Answers.Get("disabled")
	}
	return is
}

// fields are those of the account, the old extension attributes and the tenant's own
// extensions.
func fields(ctx context.Context, c *rest.Client, a core.Answers) ([]core.Field, error) {
	all := slices.Clone(account)
	if a.Get("signIns") == "true" {
		all = append(all, lastSignIn)
	}
	for i := range attributes {
		all = append(all, core.Field{ID: fmt.Sprint("custom.", oldPrefix, i+1), Label: fmt.Sprint("Extension attribute ", i+1), Custom: true})
	}
	defined, err := definitions(ctx, c)
	for _, d := range defined {
		label := d.Name
		if parts := strings.SplitN(d.Name, "_", 3); len(parts) == 3 {
			label = parts[2]
		}
		all = append(all, core.Field{ID: "custom." + d.Name, Label: label, Kind: d.kind(), Custom: true})
	}
	return all, err
}

// definition is how a tenant tells of an extension.
type definition struct {
	Name          string
	DataType      string
	IsMultiValued bool
	TargetObjects []string
}

func (d definition) kind() core.Kind {
	if d.IsMultiValued {
		return core.Text
	}
	return map[string]core.Kind{"Integer": core.Number, "LargeInteger": core.Number, "Boolean": core.Bool, "DateTime": core.Date}[d.DataType]
}

func definitions(ctx context.Context, c *rest.Client) ([]definition, error) {
	var answer struct{ Value []definition }
	_, err := c.Do(ctx, http.MethodPost, "/directoryObjects/getAvailableExtensionProperties", nil, map[string]any{}, &answer, rest.Repeatable())
	if unoffered(err) {
		return nil, nil
	}
	return slices.DeleteFunc(answer.Value, func(d definition) bool { return !slices.Contains(d.TargetObjects, "User") }), err
}
