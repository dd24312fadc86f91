// Package kenjo reads Kenjo.
package kenjo

import (
	"cmp"
	"context"
	_ "embed"
	"net/http"
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
	return manifest.NewOwn(vendor, manifest.Own{Client: sign, Values: values}, a, env)
}

// sign logs in with the key. The token may come with the word Bearer or without it, and
// its end is a time rather than a life in seconds.
func sign(cfg *rest.Config, a core.Answers, _ core.Env) error {
	cfg.Sign = rest.Exchange(func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		var said struct {
			Token   string
			Expires string `json:"X-Expires-After"`
		}
		_, err := c.Do(ctx, http.MethodPost, "/auth/login", nil, map[string]string{"apiKey": a.Get("apiKey")}, &said, rest.Unsigned(), rest.Repeatable())
		if err != nil {
			return rest.Token{}, vendor.SignInFailed(err)
		}
		token := rest.Token{Value: core.Secret(strings.TrimPrefix(said.Token, "Bearer "))}
		if end, err := time.Parse(time.RFC3339, said.Expires); err == nil && end.After(c.Now(ctx)) {
			token.Expires = end
		}
		return token, nil
	})
	return nil
}

// values keep the ID of a department that has no name any more.
func values(p manifest.Person) map[string]any {
	id := vendor.Value("departmentId", p.Row)
	if id == "" {
		return nil
	}
	return map[string]any{"department": cmp.Or(p.Names["departments"][id], id)}
}
