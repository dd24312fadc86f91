package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"rollcall/core"
)

func plandayLists(r *http.Request, _ int) string {
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	switch name := strings.TrimPrefix(r.URL.Path, "/hr/v1.0/"); name {
	case "employees":
		return fmt.Sprintf("employees.%d.json", offset/3+1)
	case "employees/deactivated":
		return "employees.deactivated.1.json"
	default:
		return strings.ReplaceAll(name, "/", ".") + ".json"
	}
}

func TestReplayOfPlanday(t *testing.T) {
	answers := core.Answers{"clientId": "5b1f0c2e", "refreshToken": "f3Kx"}
	tokens := map[string]string{"/connect/token": "token.json"}
	t.Run("all calls", func(t *testing.T) {
		replayed(t, &replay{id: "planday", lists: plandayLists, files: tokens}, answers, "replay")
	})
	t.Run("both lists alone, page after page", func(t *testing.T) {
		pages := map[string]int{}
		replayed(t, &replay{id: "planday", files: tokens, lists: func(r *http.Request, _ int) string {
			switch pages[r.URL.Path]++; r.URL.Path {
			case "/hr/v1.0/employees":
				return fmt.Sprintf("employees.%d.json", pages[r.URL.Path])
			case "/hr/v1.0/employees/deactivated":
				return "employees.deactivated.1.json"
			}
			return ""
		}}, answers, "replay.bare")
	})
}
