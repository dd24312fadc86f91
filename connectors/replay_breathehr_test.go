package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

func TestReplayOfBreatheHR(t *testing.T) {
	answers := core.Answers{"apiKey": "prod-AbC"}
	t.Run("by page", func(t *testing.T) {
		replayed(t, &replay{id: "breathehr", lists: func(r *http.Request, _ int) string {
			if r.URL.Path != "/v1/employees" {
				return ""
			}
			return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
		}}, answers, "replay")
	})
	t.Run("page after page", func(t *testing.T) {
		replayed(t, &replay{id: "breathehr", lists: inTurn("/v1/employees")}, answers, "replay")
	})
}
