package connectors

import (
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

func TestEureciaSamplesGiveTheRightPeople(t *testing.T) {
	const root = "/eurecia/rest"
	pages := func(r *http.Request, _ int) string {
		if id, ok := strings.CutPrefix(r.URL.Path, root+"/v4/users/"); ok {
			return "user." + id + ".json"
		}
		return map[string]string{root + "/v4/users?page=0": "employees.1.json", root + "/v4/users?page=1": "employees.2.json"}[r.URL.Path+"?page="+r.URL.Query().Get("page")]
	}
	answers := core.Answers{"apiKey": "a1b2c3d4"}
	t.Run("with the trees", func(t *testing.T) {
		replayed(t, &replay{id: "eurecia", lists: pages, files: map[string]string{root + "/v1/Auth": "auth.json", root + "/v4/departments": "departments.json",
			root + "/v4/structures": "structures.json"}}, answers, "replay")
	})
	t.Run("without the trees", func(t *testing.T) {
		replayed(t, &replay{id: "eurecia", lists: pages, files: map[string]string{root + "/v1/Auth": "auth.json"}}, answers, "replay.bare")
	})
}
