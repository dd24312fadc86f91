// Package successfactors reads people from SAP SuccessFactors. It is code because a person
// comes as a tree of employments and job records, of which those that count today have to
// be chosen, because managers are named by their users' ids, and because one way of
// signing in sends a signed SAML assertion.
package successfactors

import (
	"context"
	_ "embed"
	"encoding/json"
	"encoding/xml"
	"iter"
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

// NewSource makes the source of one company from complete answers. A private key that
// cannot be used is a BadOption problem.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Fields: slots, Status: status,
		Rows: func(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
			return (&reading{Pull: p, log: env.Log}).rows(ctx)
		}}, a, env)
}

func client(cfg *rest.Config, a core.Answers, _ core.Env) (err error) {
	cfg.Explain = explain
	if a.Get("auth") == "saml" {
		cfg.Sign, err = assertions(a)
	}
	return err
}

// refusals are what SuccessFactors' codes mean.
var refusals = map[string]core.Problem{
	"COE_ENTITY_NOT_FOUND": {Code: core.NotFound, What: "SAP SuccessFactors has no such list, or the API user may not see it.",
		Fix: "Give the user's permission role the Employee Central APIs; if your company has no Employee Central, let people be read from users of the platform."},
	"LGN0004": {Code: core.BadOption, What: "This address of SAP SuccessFactors is for browsers and not for programs.",
		Fix: "Put the API server of your data centre into the connection; SAP has a list of them."},
	"LGN0008": {Code: core.NotFound, What: "SAP SuccessFactors does not know this company ID.",
		Fix: "Check the company ID, where capital and small letters are different: click your own picture, Show version information."},
	"LGN0009": {Code: core.MissingScope, What: "The OData API is switched off for this company in SAP SuccessFactors.",
		Fix: "Ask an administrator of SAP SuccessFactors to switch it on, then test again."},
	"LGN0010": {Code: core.MissingScope, What: "SAP SuccessFactors refuses passwords from programs, or this computer's IP address.",
		Fix: "Use an OAuth client, or let an administrator admit the IP address of this computer for the API user."},
}

func explain(a *rest.Answer) *core.Problem {
	if a.Status < 400 {
		return nil
	}
	if p, ok := refusals[said(a).Code]; ok {
		return &p
	}
	return nil
}

// refusal is SuccessFactors' error object.
type refusal struct {
	Code    string `json:"code"`
	Message struct {
		Value string `json:"value"`
	} `json:"message"`
}

func said(a *rest.Answer) refusal {
	var body struct {
		Error refusal `json:"error"`
	}
	_ = json.Unmarshal(a.Body, &body) // an answer of another form says nothing
	return body.Error
}

// slotKinds are the kinds of custom slots by the type in the metadata; others are text.
var slotKinds = map[string]core.Kind{"Edm.DateTime": core.Date, "Edm.DateTimeOffset": core.Date, "Edm.Int64": core.Number, "Edm.Double": core.Number, "Edm.Decimal": core.Number}

// slots gives the custom slots that this company has, with its own names for them.
func slots(ctx context.Context, c *rest.Client, a core.Answers) ([]core.Field, error) {
	if a.Get("labels") != "true" {
		return nil, nil
	}
	answer, err := c.Get(ctx, "/odata/v2/$metadata", nil, nil, rest.Header("Accept", "application/xml"))
	if err != nil {
		return nil, err
	}
	var metadata struct {
		Types []struct {
			Name       string `xml:"Name,attr"`
			Properties []struct {
				Name  string `xml:"Name,attr"`
				Type  string `xml:"Type,attr"`
				Label string `xml:"label,attr"`
			} `xml:"Property"`
		} `xml:"DataServices>Schema>EntityType"`
	}
	if err := xml.Unmarshal(answer.Body, &metadata); err != nil {
		return nil, &core.Problem{Code: core.BadData, Cause: err, What: "The list of custom slots of SAP SuccessFactors cannot be read.",
			Fix: "Try again later, or switch off “Read the names of custom slots” in the settings of the connection."}
	}
	var fields []core.Field
	for _, t := range metadata.Types {
		for _, p := range t.Properties {
			if id := slot(t.Name, p.Name); id != "" {
				label := p.Label
				if label == "" {
					label = id
				}
				fields = append(fields, core.Field{ID: "custom." + id, Label: label, Kind: slotKinds[p.Type], Custom: true})
			}
		}
	}
	return fields, nil
}

// slot gives the key of a custom slot, or nothing for any other property.
func slot(entity, name string) string {
	digits := strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	kind := strings.TrimSuffix(name, digits)
	switch {
	case digits == "" || strings.Trim(digits, "0123456789") != "":
	case entity == "EmpJob" && slices.Contains([]string{"customString", "customLong", "customDouble", "customDate"}, kind):
		return "empJob." + name
	case entity == "User" && kind == "custom":
		return "user." + name
	}
	return ""
}
