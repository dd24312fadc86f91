package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

func kallidusPages(r *http.Request, _ int) string {
	if r.URL.Path != "/api/v1/beta/profiles" {
		return ""
	}
	return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
}

var kallidusAnswers = core.Answers{"subdomain": "moorland", "apiKey": "8f1c2d"}

func TestKallidusReplayGivesTheRightPeople(t *testing.T) {
	for name, lists := range map[string]func(*http.Request, int) string{"by page": kallidusPages, "in turn": inTurn("/api/v1/beta/profiles")} {
		t.Run(name, func(t *testing.T) {
			replayed(t, &replay{id: "kallidus", lists: lists}, kallidusAnswers, "replay")
		})
	}
}

func TestKallidusGivesTheNumberFieldAsEmployeeNumber(t *testing.T) {
	people := readReplay(t, &replay{id: "kallidus", lists: kallidusPages},
		core.Answers{"subdomain": "moorland", "apiKey": "8f1c2d", "numberField": "badge_number"}, core.Want{Fields: []string{"employeeNumber"}, Leavers: -1})
	if n := people[1]["employeeNumber"]; n != "MB-0102" {
		t.Errorf("the employee number is %q", n)
	}
}
