// Package charliehr reads people from Charlie. It is code beside a manifest because Charlie
// may also refuse with status 200.
package charliehr

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
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

// NewSource makes the source of one company.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client}, a, env)
}

func client(cfg *rest.Config, _ core.Answers, _ core.Env) error {
	cfg.Explain = refusal
	return nil
}

// refusal finds an error that comes with a good status; such an answer is short.
func refusal(a *rest.Answer) *core.Problem {
	if a.Status != http.StatusOK || len(a.Body) > 4096 || !bytes.Contains(a.Body, []byte(`"success"`)) {
		return nil
	}
	var answer struct {
		Success *bool  `json:"success"`
		Message string `json:"message"`
	}
	if json.Unmarshal(a.Body, &answer) != nil || answer.Success == nil || *answer.Success {
		return nil //nolint:nilerr // no JSON, so no refusal in it
	}
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Charlie refused the call: “%s”.", strings.TrimRight(answer.Message, ".")),
		Fix: "Check the keys under Company, Integrations, API keys. If they are right, try again later, and send us the log if it lasts."}
}
