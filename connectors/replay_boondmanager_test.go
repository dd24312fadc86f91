package connectors

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

func boondFiles(r *http.Request, _ int) string {
	if id, ok := strings.CutPrefix(r.URL.Path, "/api/resources/"); ok {
		return "resources-" + strings.ReplaceAll(id, "/", "-") + ".json"
	}
	if r.URL.Path != "/api/resources" {
		return ""
	}
	return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
}

func TestBoondManagerReplayGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"userToken": "3132372e64656d6f", "clientToken": "64656d6f", "clientKey": "c1f2e3", "leftStates": "0", "leaveStates": "4, 5"}
	files := map[string]string{"/api/application/dictionary": "application-dictionary.json", "/api/agencies": "agencies.json", "/api/poles": "poles.json"}
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "boondmanager", lists: boondFiles, files: files}, answers, "replay")
	})
	t.Run("without contracts and lists", func(t *testing.T) {
		replayed(t, &replay{id: "boondmanager", lists: inTurn("/api/resources")}, answers, "replay.bare")
	})
}
