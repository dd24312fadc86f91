package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

const charlieBase = "/api/v1/"

func charlieMembers(r *http.Request, _ int) string {
	if r.URL.Path != charlieBase+"team_members" {
		return ""
	}
	return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
}

func TestReplayOfCharlie(t *testing.T) {
	t.Run("as usual", func(t *testing.T) {
		replayed(t, &replay{id: "charliehr", lists: charlieMembers, files: map[string]string{charlieBase + "teams": "teams.json", charlieBase + "offices": "offices.json", charlieBase + "company": "company.json"}}, core.Answers{"clientId": "b0c1", "clientSecret": "9d8e"}, "replay")
	})
	t.Run("with salaries, leave and own fields", func(t *testing.T) {
		replayed(t, &replay{id: "charliehr", lists: charlieMembers, files: map[string]string{charlieBase + "salaries": "salaries.json", charlieBase + "leave_requests": "leave-requests.json",
			charlieBase + "team_member_note_types": "note-types.json", charlieBase + "team_members/team_member_bb22/notes": "notes.bb22.json"}}, core.Answers{"clientId": "b0c1", "clientSecret": "9d8e", "salaries": "true", "leave": "true", "notes": "true"}, "replay.all")
	})
	t.Run("team members alone, page after page", func(t *testing.T) {
		replayed(t, &replay{id: "charliehr", lists: inTurn(charlieBase + "team_members")}, core.Answers{"clientId": "b0c1", "clientSecret": "9d8e"}, "replay.bare")
	})
}
