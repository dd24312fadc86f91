package adp

import (
	"encoding/json"
	"net/http"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// refusal is the gateway's form of a refusal, and the application's.
type refusal struct {
	Response struct {
		Application struct {
			Message string `json:"message"`
		} `json:"applicationCode"`
		Correlation string `json:"adp-correlationID"`
	} `json:"response"`
	Confirm struct {
		Messages  []message `json:"processMessages"`
		Resources []struct {
			Messages []message `json:"processMessages"`
		} `json:"resourceMessages"`
	} `json:"confirmMessage"`
}

type message struct {
	User struct {
		Text string `json:"messageTxt"`
	} `json:"userMessage"`
}

func (r refusal) said() string {
	all := r.Confirm.Messages
	for _, one := range r.Confirm.Resources {
		all = append(all, one.Messages...)
	}
	for _, one := range all {
		if one.User.Text != "" {
			return one.User.Text
		}
	}
	return r.Response.Application.Message
}

var codes = map[int]core.Code{http.StatusUnauthorized: core.BadCredentials, http.StatusForbidden: core.MissingScope, http.StatusNotFound: core.NotFound}

// explain finds ADP's own words, and the correlation id for which its support asks.
func explain(a *rest.Answer) *core.Problem {
	var r refusal
	if a.Status < http.StatusBadRequest || json.Unmarshal(a.Body, &r) != nil {
		return nil //nolint:nilerr // no JSON, so ADP's gateway did not say it
	}
	said := r.said()
	asks := ""
	if r.Response.Correlation != "" {
		asks = "ADP's support asks for the correlation ID " + r.Response.Correlation
	}
	if s, ok := vendor.Errors[a.Status]; ok && asks != "" {
		return &core.Problem{Code: codes[a.Status], What: s.What + " " + asks + ".", Fix: s.Fix}
	}
	if both := strings.TrimSpace(said + " " + asks); both != "" {
		a.Body, _ = json.Marshal(map[string]string{"message": both}) // texts can always be written
	}
	return nil
}
