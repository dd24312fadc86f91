package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

func haileyFiles(r *http.Request, _ int) string {
	return map[string]string{"/Employees": "employees.json"}[r.URL.Path]
}

func TestReplayOfHaileyHRGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"accessToken": "hailey_pat_1"}
	t.Run("with the company's names", func(t *testing.T) {
		replayed(t, &replay{id: "haileyhr", lists: haileyFiles, files: map[string]string{"/Company": "company.json"}}, answers, "replay")
	})
	t.Run("without the company's names", func(t *testing.T) {
		replayed(t, &replay{id: "haileyhr", lists: haileyFiles}, answers, "replay.bare")
	})
}
