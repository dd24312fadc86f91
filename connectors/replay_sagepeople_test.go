package connectors

import (
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

const sageEmployees = "/services/apexrest/spapi/v4/employees"

func sagePages(r *http.Request, _ int) string {
	if r.URL.Path != sageEmployees {
		return ""
	}
	switch r.URL.Query().Get("marker") {
	case "":
		return "employees.1.json"
	case "a2G7E000000Ll103UA0":
		return "employees.2.json"
	}
	return "empty.json"
}

// sageRepeats ends the list with its last page once more.
func sageRepeats(r *http.Request, n int) string {
	if r.URL.Path == sageEmployees && n > 0 {
		return "employees.2.json"
	}
	return inTurn(sageEmployees)(r, n)
}

func sageQuery(r *http.Request, n int) string {
	switch {
	case !strings.HasPrefix(r.URL.Path, "/services/data/v61.0/query"):
		return ""
	case n == 0:
		return "soql.employees.1.json"
	}
	return "soql.employees.2.json"
}

func TestSagePeopleReplayGivesTheRightPeople(t *testing.T) {
	answers := func(via string) core.Answers {
		return core.Answers{"clientId": "3MVG9", "clientSecret": "s", "username": "api@thornbridge.example", "password": "p", "via": core.Secret(via)}
	}
	files := map[string]string{"/services/oauth2/token": "token.json"}
	t.Run("by marker", func(t *testing.T) {
		replayed(t, &replay{id: "sagepeople", lists: sagePages, files: files}, answers("api"), "replay")
	})
	t.Run("where the last page repeats", func(t *testing.T) {
		replayed(t, &replay{id: "sagepeople", lists: sageRepeats, files: files}, answers("api"), "replay")
	})
	t.Run("where there is no page after the last", func(t *testing.T) {
		gone := func(r *http.Request, n int) string {
			if file := sagePages(r, n); file != "empty.json" {
				return file
			}
			return ""
		}
		replayed(t, &replay{id: "sagepeople", lists: gone, files: files}, answers("api"), "replay")
	})
	t.Run("by query", func(t *testing.T) {
		replayed(t, &replay{id: "sagepeople", lists: sageQuery, files: files}, answers("query"), "replay.query")
	})
}
