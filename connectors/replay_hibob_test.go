package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

func TestHiBobReplayGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"serviceUserId": "SERVICE-12345", "serviceUserToken": "hJ5x"}
	lists := func(r *http.Request, _ int) string {
		return map[string]string{"/v1/people/search": "employees.1.json"}[r.URL.Path]
	}
	t.Run("with the list of fields", func(t *testing.T) {
		replayed(t, &replay{id: "hibob", lists: lists, files: map[string]string{"/v1/company/people/fields": "company-people-fields.json"}}, answers, "replay")
	})
	t.Run("without the list of fields", func(t *testing.T) {
		replayed(t, &replay{id: "hibob", lists: lists}, answers, "replay.bare")
	})
}
