package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

func sageLists(r *http.Request, _ int) string {
	switch r.URL.Path {
	case "/api/employees":
		return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
	case "/api/terminated-employees":
		return fmt.Sprintf("terminated-employees.%s.json", r.URL.Query().Get("page"))
	}
	return ""
}

func TestReplayOfSageHR(t *testing.T) {
	answers := core.Answers{"subdomain": "doveridge", "apiKey": "c0ffee"}
	t.Run("with custom fields of one", func(t *testing.T) {
		replayed(t, &replay{id: "sagehr", lists: sageLists, files: map[string]string{"/api/employees/7001/custom-fields": "employees.id.custom-fields.json"}}, answers, "replay")
	})
	t.Run("without custom fields", func(t *testing.T) {
		replayed(t, &replay{id: "sagehr", lists: sageLists}, core.Answers{"subdomain": "doveridge", "apiKey": "c0ffee", "customFields": "false"}, "replay.bare")
	})
}
