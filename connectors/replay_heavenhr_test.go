package connectors

import (
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

func TestHeavenHRSamplesGiveTheRightPeople(t *testing.T) {
	const root = "/api/v2"
	pages := func(r *http.Request, _ int) string {
		if id, ok := strings.CutPrefix(r.URL.Path, root+"/employees/"); ok {
			return "employee." + id + ".json"
		}
		return "employees." + r.URL.Query().Get("pageNumber") + ".json"
	}
	replayed(t, &replay{id: "heavenhr", lists: pages, files: map[string]string{root + "/oauth2/token": "oauth2-token.json"}}, core.Answers{"clientId": "kranich-api", "clientSecret": "s3cr3t"}, "replay")
}
