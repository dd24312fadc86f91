package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

const (
	gustoCompany = "/v1/companies/5b0c2e6a-1111-4c3d-8e11-000000000001"
	gustoList    = gustoCompany + "/employees"
)

func gustoByPage(r *http.Request, _ int) string {
	if r.URL.Path != gustoList {
		return ""
	}
	return "employees." + r.URL.Query().Get("page") + ".json"
}

func TestReplayOfGustoGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"clientId": "x1", "clientSecret": "y2", "refreshToken": "gst_refresh_1"}
	bare := map[string]string{"/oauth/token": "oauth-token.json", "/v1/token_info": "token_info.json"}
	all := map[string]string{gustoCompany: "company.json", gustoCompany + "/custom_fields": "custom_fields.json"}
	for path, file := range bare {
		all[path] = file
	}
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "gusto", lists: gustoByPage, files: all}, answers, "replay")
	})
	t.Run("page after page, without side lists", func(t *testing.T) {
		replayed(t, &replay{id: "gusto", lists: inTurn(gustoList), files: bare}, answers, "replay.bare")
	})
}
