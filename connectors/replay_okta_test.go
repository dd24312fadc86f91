package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

func oktaUsers(r *http.Request, _ int) string {
	switch {
	case r.URL.Path != "/api/v1/users":
		return ""
	case r.URL.Query().Get("filter") != "":
		return "users.deprovisioned.json"
	}
	return "users.1.json"
}

func TestReplayOfOktaGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"domain": "corp-admin.okta.com", "auth": "token", "apiToken": "00QCjAl4"}
	t.Run("with the schema", func(t *testing.T) {
		schema := map[string]string{"/api/v1/meta/schemas/user/default": "schema.json"}
		replayed(t, &replay{id: "okta", lists: oktaUsers, files: schema}, answers, "replay")
	})
	t.Run("without the schema", func(t *testing.T) {
		replayed(t, &replay{id: "okta", lists: oktaUsers}, answers, "replay")
	})
}
