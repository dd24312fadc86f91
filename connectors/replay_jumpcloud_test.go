package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

func TestReplayOfJumpCloudGivesTheRightPeople(t *testing.T) {
	page := func(r *http.Request, _ int) string {
		if r.URL.Path != "/api/systemusers" || r.URL.Query().Get("skip") != "0" {
			return ""
		}
		return "systemusers.1.json"
	}
	replayed(t, &replay{id: "jumpcloud", lists: page}, core.Answers{"apiKey": "a1b2c3"}, "replay")
}
