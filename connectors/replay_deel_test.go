package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"rollcall/core"
)

func deelFiles(r *http.Request, _ int) string {
	if r.URL.Path != "/rest/v2/people" {
		return ""
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	return fmt.Sprintf("employees.%d.json", offset/3+1)
}

func TestReplayOfDeelGivesTheRightPeople(t *testing.T) {
	side := map[string]string{
		"/rest/v2/legal-entities": "legal-entities.json", "/rest/v2/people/custom_fields": "people-custom-fields.json",
		"/rest/v2/people/100202/personal": "people-personal.100202.json", "/rest/v2/people/100202/custom_fields": "people-custom-fields.100202.json",
	}
	token := core.Answers{"apiToken": "deel_tok_1"}
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "deel", lists: deelFiles, files: side}, token, "replay")
	})
	t.Run("with nothing but the list", func(t *testing.T) {
		replayed(t, &replay{id: "deel", lists: inTurn("/rest/v2/people")}, token, "replay.bare")
	})
}
