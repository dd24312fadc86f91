package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

const hrworksList = "/v2/persons/master-data"

func hrworksByPage(r *http.Request, _ int) string {
	if r.URL.Path != hrworksList {
		return ""
	}
	return "employees." + r.URL.Query().Get("page") + ".json"
}

func TestReplayOfHRworksGivesTheRightPeople(t *testing.T) {
	token := map[string]string{"/v2/authentication": "authentication.json"}
	keys := core.Answers{"accessKey": "aBcD1234", "secretAccessKey": "eFgH5678"}
	for name, pages := range map[string]func(*http.Request, int) string{"by page": hrworksByPage, "page after page": inTurn(hrworksList)} {
		t.Run(name, func(t *testing.T) {
			replayed(t, &replay{id: "hrworks", lists: pages, files: token}, keys, "replay")
		})
	}
}
