// Package googleworkspace reads people and their accounts from Google Workspace, and writes
// accounts to it. Reading is code for what the manifest cannot say: a service account signs
// its own requests for tokens, refusals that are limits, and custom fields in schemas.
package googleworkspace

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
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

// NewSource makes the source of one account from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Row: complete, Values: values, Fields: fields, Health: readingOnly}, a, env)
}

func client(cfg *rest.Config, a core.Answers, env core.Env) error {
	return sign(cfg, a, env, func(k key) rest.Signer { return (&scopes{wishes: toRead(a)}).service(k, a) }, cfg.Sign)
}

// sign makes a client sign as the service account, or by a consent, explain refusals, and
// share its pace with the others that act as the same.
func sign(cfg *rest.Config, a core.Answers, env core.Env, service func(key) rest.Signer, consent rest.Signer) error {
	cfg.Explain, cfg.Sign = explain, consent
	whom := []string{a.Get("clientId"), env.Base}
	if a.Get("auth") != "oauth" {
		k, err := readKey(a.Get("serviceAccountJson"))
		if err != nil {
			return err
		}
		cfg.Hide = append(cfg.Hide, core.Secret(k.Private))
		cfg.Sign = service(k)
		whom = []string{k.Email, a.Get("adminEmail"), env.Base}
	}
	shared(cfg, strings.Join(whom, " "))
	return nil
}

// readingOnly leaves out the rights that a source does not ask for, and asks whether
// custom fields can be seen, where they are wanted.
func readingOnly(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
	own := a.Get("customFields") != "false"
	h.Rights = slices.DeleteFunc(h.Rights, func(r core.Right) bool { return r.ID != readUsers && !(own && r.ID == readSchemas) })
	if !own {
		return nil
	}
	_, err := schemas(ctx, c, a)
	if err != nil && !withheld(err) {
		return err
	}
	for i := range h.Rights {
		if h.Rights[i].ID == readSchemas && err != nil {
			h.Rights[i].Granted, h.Rights[i].Detail = false, core.AsProblem(err).What
		}
	}
	return nil
}

// withheld says that a list beside the people may not be seen or is not there, which is no
// reason to stop.
func withheld(err error) bool {
	var f *rest.Failure
	return manifest.Absent(err) || errors.As(err, &f) && slices.Contains([]int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotImplemented}, f.Status)
}

// account are the values of an account that every customer has.
var account = []core.Field{
	{ID: "custom.orgUnitPath", Label: "Organisational unit", Custom: true},
	{ID: "custom.role", Label: "Role", Custom: true},
	{ID: "custom.status", Label: "Account status", Custom: true},
	{ID: "custom.lastLoginTime", Label: "Last sign-in", Custom: true},
}

// complete puts what is told of the account, and the fields of schemas, into one place.
func complete(p manifest.Person) bool {
	own := map[string]any{"orgUnitPath": p.Row["orgUnitPath"], "role": role(p.Row), "status": status(p.Row)}
	if last := manifest.Text(p.Row["lastLoginTime"]); !strings.HasPrefix(last, "1970-01-01") {
		own["lastLoginTime"] = last
	}
	schemas, _ := p.Row["customSchemas"].(map[string]any)
	for schema, inner := range schemas {
		values, _ := inner.(map[string]any)
		for name, value := range values {
			own[schema+"."+name] = plain(value)
		}
	}
	p.Row["custom"] = own
	return true
}

func role(row map[string]any) string {
	switch {
	case manifest.Text(row["isAdmin"]) == "true":
		return "Super administrator"
	case manifest.Text(row["isDelegatedAdmin"]) == "true":
		return "Delegated administrator"
	}
	return "User"
}

func status(row map[string]any) string {
	switch {
	case manifest.Text(row["archived"]) == "true":
		return "Archived"
	case manifest.Text(row["suspended"]) == "true":
		return "Suspended"
	}
	return "Active"
}

// plain gives the values of a field that may have several.
func plain(value any) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	var values []any
	for _, one := range list {
		if object, ok := one.(map[string]any); ok {
			one = object["value"]
		}
		values = append(values, one)
	}
	return values
}

// values leaves out the manager of somebody who is his own.
func values(p manifest.Person) map[string]any {
	own := map[string]any{}
	if strings.EqualFold(vendor.Value("managerEmail", p.Row), vendor.Value("email", p.Row)) {
		own["managerEmail"] = nil
	}
	return own
}

var kinds = map[string]core.Kind{"BOOL": core.Bool, "DATE": core.Date, "DOUBLE": core.Number, "INT64": core.Number, "EMAIL": core.Email, "PHONE": core.Phone}

// ownField is a field of one of the customer's schemas.
type ownField struct {
	schema string
	Name   string `json:"fieldName"`
	Label  string `json:"displayName"`
	Kind   string `json:"fieldType"`
	Multi  bool   `json:"multiValued"`
}

func (f ownField) label() string { return cmp.Or(f.Label, f.Name) }

// schemas gives the fields of all schemas.
func schemas(ctx context.Context, c *rest.Client, a core.Answers) ([]ownField, error) {
	var answer struct {
		Schemas []struct {
			Name   string     `json:"schemaName"`
			Fields []ownField `json:"fields"`
		} `json:"schemas"`
	}
	_, err := c.Get(ctx, "/customer/"+url.PathEscape(a.Get("customerId"))+"/schemas", nil, &answer)
	var all []ownField
	for _, s := range answer.Schemas {
		for _, f := range s.Fields {
			f.schema = s.Name
			all = append(all, f)
		}
	}
	return all, err
}

// fields are those of the account and of the customer's schemas. Where schemas may not be
// read, or are not asked for, users tell which fields there are.
func fields(ctx context.Context, c *rest.Client, a core.Answers) ([]core.Field, error) {
	if a.Get("customFields") == "false" {
		return account, &core.Problem{Code: core.MissingScope, What: "Google Workspace is not asked for custom fields.", Fix: "Switch “Ask for custom fields” on."}
	}
	own, err := schemas(ctx, c, a)
	if withheld(err) {
		err = &core.Problem{Code: core.MissingScope, Cause: err, What: "Google Workspace does not tell which custom fields there are.", Fix: permission(readSchemas).Grant}
	}
	all := append([]core.Field{}, account...)
	for _, f := range own {
		made := core.Field{ID: "custom." + f.schema + "." + f.Name, Label: f.label(), Kind: kinds[f.Kind], Custom: true}
		if f.Multi {
			made.Kind = core.Text // several values are one text
		}
		all = append(all, made)
	}
	return all, err
}

// refusal is Google's error object: older ones have errors, newer ones details (Google's
// API design guide, Errors).
type refusal struct {
	Error struct {
		Errors  []reasoned `json:"errors"`
		Details []reasoned `json:"details"`
	} `json:"error"`
}

type reasoned struct {
	Reason string `json:"reason"`
}

// newer are the words of newer error objects, with the older ones.
var newer = map[string]string{"RATE_LIMIT_EXCEEDED": "rateLimitExceeded", "SERVICE_DISABLED": "accessNotConfigured", "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "insufficientPermissions"}

// reason is why a call was refused.
func reason(body []byte) string {
	var r refusal
	if json.Unmarshal(body, &r) != nil {
		return ""
	}
	for _, e := range slices.Concat(r.Error.Errors, r.Error.Details) {
		if e.Reason != "" {
			return cmp.Or(newer[e.Reason], e.Reason)
		}
	}
	return ""
}

// explain knows a limit from a missing right, which have the same status, and an API that
// was never switched on.
func explain(a *rest.Answer) *core.Problem {
	if a.Status != http.StatusForbidden {
		return nil
	}
	switch reason(a.Body) {
	case "userRateLimitExceeded", "quotaExceeded", "rateLimitExceeded":
		a.Status = http.StatusTooManyRequests
	case "accessNotConfigured":
		return &core.Problem{Code: core.MissingScope, What: "Google Workspace's Admin SDK API is not switched on in the project of these credentials.",
			Fix: "Open console.cloud.google.com, choose the project, APIs & Services, and enable the Admin SDK API; then wait some minutes."}
	case "domainCannotUseApis":
		return &core.Problem{Code: core.MissingScope, What: "Google Workspace does not let this account's domain use its interfaces.",
			Fix: "Ask an administrator to allow API access under Security, API controls in admin.google.com."}
	}
	return nil
}
