// Package boondmanager reads people from BoondManager. The manifest says where fields
// stand; code signs, keeps the names that stand beside the list, and works out the
// employment from a person's contracts.
package boondmanager

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	own := manifest.Own{Client: client, Rows: rows, Needs: []string{"administrative"}, Row: complete, Status: status, Values: names, Health: health}
	return manifest.NewOwn(vendor, own, a, env)
}

func client(cfg *rest.Config, a core.Answers, _ core.Env) error {
	if a.Get("auth") != "basic" {
		cfg.Sign = rest.Fixed(map[string]core.Secret{"X-Jwt-Client-Boondmanager": token(a)})
	}
	cfg.Explain = explain
	return nil
}

// token is a JWT (HS256) of exactly the two tokens; it has no end.
func token(a core.Answers) core.Secret {
	payload, _ := json.Marshal(map[string]string{"userToken": a.Get("userToken"), "clientToken": a.Get("clientToken")}) // texts can be written
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	sum := hmac.New(sha256.New, []byte(a.Get("clientKey")))
	sum.Write([]byte(text))
	return core.Secret(text + "." + encode(sum.Sum(nil)))
}

// explain knows a token that is not accepted, which is no 401 here.
func explain(a *rest.Answer) *core.Problem {
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), "xJwtClient") {
		return nil
	}
	return &core.Problem{Code: core.BadCredentials, What: "BoondManager refuses the user token, the client token or the client key.",
		Fix: "Copy the user token again from Configuration, Security of the own account, and the client token and key from Administration, Developer space, API / Sandbox."}
}

// answer is a page of resources, with things that stand beside them.
type answer struct {
	Meta struct {
		Totals struct {
			Rows json.Number `json:"rows"`
		} `json:"totals"`
	} `json:"meta"`
	Data     *[]map[string]any `json:"data"`
	Included []any             `json:"included"`
}

// pageSize is the largest page.
const pageSize = 500

// rows reads the resources of all states.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	came := 0
	list := rest.List[map[string]any]{Vendor: vendor.Name, Noun: "people", First: "1",
		ID: func(row map[string]any) string { return manifest.TextAt(row, "id") },
		Fetch: func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
			var a answer
			query := url.Values{"page": {at}, "maxResults": {strconv.Itoa(pageSize)}, "sort": {"lastName"}, "order": {"asc"}}
			_, err := r.Client.Get(ctx, "/resources", query, &a)
			if came%pageSize > 0 && core.HasCode(err, core.NotFound) { // there is no page after one that was not full
				return rest.Page[map[string]any]{Total: -1}, nil
			}
			if err != nil {
				return rest.Page[map[string]any]{}, err
			}
			if a.Data == nil {
				return rest.Page[map[string]any]{}, &core.Problem{Code: core.BadData, What: "An answer of BoondManager holds no list of resources.", Fix: "Try again, and send us the log if it happens twice."}
			}
			page := rest.Page[map[string]any]{Rows: *a.Data, Total: -1}
			if n, err := a.Meta.Totals.Rows.Int64(); err == nil {
				page.Total = int(n)
			}
			for _, row := range page.Rows {
				row["beside"] = map[string]any{"agency": beside(a.Included, row, "agency"), "pole": beside(a.Included, row, "pole")}
			}
			if came += len(page.Rows); page.Total < 0 || came < page.Total {
				page.Next = rest.NextPage(at, len(page.Rows), 0)
			}
			return page, nil
		}}
	return func(yield func(any, error) bool) {
		for row, err := range list.All(ctx) {
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// beside gives the name of the agency or pole that a row is in, where it stands beside the list.
func beside(included []any, row map[string]any, kind string) string {
	id := manifest.TextAt(row, "relationships."+kind+".data.id")
	i := slices.IndexFunc(included, func(one any) bool { return manifest.TextAt(one, "type") == kind && manifest.TextAt(one, "id") == id })
	if i < 0 || id == "" {
		return ""
	}
	return manifest.TextAt(included[i], "attributes.name")
}

// names gives what stands beside the list where the company's own lists do not tell it.
func names(r manifest.Person) map[string]any {
	all := map[string]any{}
	for field, of := range map[string][2]string{"legalEntity": {"agency", "agencies"}, "department": {"pole", "poles"}} {
		name := manifest.TextAt(r.Row, "beside."+of[0])
		if name != "" && r.Names[of[1]][manifest.TextAt(r.Row, "relationships."+of[0]+".data.id")] == "" {
			all[field] = name
		}
	}
	return all
}

// complete works out the employment, and leaves out a picture that is no address.
func complete(r manifest.Person) bool {
	if picture, ok := manifest.At(r.Row, "attributes"); ok && !strings.HasPrefix(manifest.TextAt(picture, "thumbnail"), "https://") {
		if object, ok := picture.(map[string]any); ok {
			object["thumbnail"] = nil
		}
	}
	included, _ := manifest.At(r.Row, "administrative.included")
	r.Row["employment"] = employment(contracts(included), r.Today)
	return true
}

// health tries the administrative tab of one person, the only proof that it may be seen.
func health(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
	for row, err := range rows(ctx, manifest.Pull{Client: c, Answers: a}) {
		if err == nil {
			_, err = c.Get(ctx, "/resources/"+url.PathEscape(manifest.TextAt(row, "id"))+"/administrative", nil, nil)
		}
		if err != nil && !manifest.Absent(err) {
			return err
		}
		for i, right := range h.Rights {
			if right.Permission.ID == "Administrative" && err != nil {
				h.Rights[i].Granted, h.Rights[i].Detail = false, core.AsProblem(err).What
			}
		}
		break
	}
	return nil
}
