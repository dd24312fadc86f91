package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

const luccaUsers = "/api/v3/users"

func luccaPages(r *http.Request, _ int) string {
	var offset, limit int
	if _, err := fmt.Sscanf(r.URL.Query().Get("paging"), "%d,%d", &offset, &limit); err != nil || r.URL.Path != luccaUsers {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", offset/3+1)
}

func TestReplayOfLucca(t *testing.T) {
	answers := core.Answers{"baseUrl": "https://valdor.ilucca.net", "apiKey": "3f0c"}
	t.Run("by place", func(t *testing.T) {
		replayed(t, &replay{id: "lucca", lists: luccaPages}, answers, "replay")
	})
	t.Run("page after page", func(t *testing.T) {
		replayed(t, &replay{id: "lucca", lists: inTurn(luccaUsers)}, answers, "replay")
	})
	t.Run("with divisions", func(t *testing.T) {
		answers := core.Answers{"baseUrl": "https://valdor.ilucca.net/", "apiKey": "3f0c", "division": "true"}
		replayed(t, &replay{id: "lucca", lists: luccaPages, files: map[string]string{"/api/v3/departments": "departments.json"}}, answers, "replay.divisions")
	})
}
