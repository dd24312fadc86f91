package connectors

import (
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

const (
	cezannePeople = "/cezanneondemand/v7/dataservice.svc/allpeoplesearch"
	cezanneToken  = "/CezanneOnDemand/-/tidewick/OAuth/Token"
)

var cezanneAnswers = core.Answers{"subdomain": "w3", "tenant": "tidewick", "clientId": "9d1e", "clientSecret": "vB7"}

func cezannePages(r *http.Request, _ int) string {
	switch {
	case r.URL.Path != cezannePeople:
		return ""
	case strings.Contains(r.URL.Query().Get("$skiptoken"), "P1003"):
		return "employees.2.json"
	}
	return "employees.1.json"
}

func TestReplayOfCezanneHR(t *testing.T) {
	token := map[string]string{cezanneToken: "token.json"}
	t.Run("by link", func(t *testing.T) {
		replayed(t, &replay{id: "cezannehr", lists: cezannePages, files: token}, cezanneAnswers, "replay")
	})
	t.Run("page after page", func(t *testing.T) {
		replayed(t, &replay{id: "cezannehr", lists: inTurn(cezannePeople), files: token}, cezanneAnswers, "replay")
	})
	t.Run("in the envelope of OData 2", func(t *testing.T) {
		lists := func(r *http.Request, n int) string {
			if r.URL.Path != cezannePeople {
				return ""
			}
			return []string{"employees.odata-v2-shape.json", "employees.2.json"}[n]
		}
		replayed(t, &replay{id: "cezannehr", lists: lists, files: token}, cezanneAnswers, "replay.odata-v2")
	})
	t.Run("with other properties and a token address of its own", func(t *testing.T) {
		answers := core.Answers{"subdomain": "w3", "tenant": "tidewick", "clientId": "9d1e", "clientSecret": "vB7", "otherProperties": "true",
			"tokenUrl": "https://sign-on.cezanne.example/OAuth/Token"}
		replayed(t, &replay{id: "cezannehr", lists: cezannePages, files: map[string]string{"/OAuth/Token": "token.json"}}, answers, "replay.properties")
	})
	t.Run("as a user of the feed", func(t *testing.T) {
		lists := func(r *http.Request, n int) string {
			if user, password, _ := r.BasicAuth(); user != "feed" || password != "pw" {
				t.Errorf("signed in as %q", user)
			}
			return cezannePages(r, n)
		}
		replayed(t, &replay{id: "cezannehr", lists: lists}, core.Answers{"subdomain": "w3", "auth": "feed", "user": "feed", "password": "pw"}, "replay")
	})
}
