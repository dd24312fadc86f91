package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"rollcall/core"
)

const remoteList = "/v1/employments"

// remoteFiles serves the list by page, and the records by the samples' numbers.
func remoteFiles(r *http.Request, _ int) string {
	if id, ok := strings.CutPrefix(r.URL.Path, remoteList+"/"); ok {
		n, _ := strconv.ParseInt(id[max(len(id)-2, 0):], 16, 0)
		return fmt.Sprintf("employments.id.%d.json", n)
	}
	if r.URL.Path != remoteList {
		return ""
	}
	return "employees." + r.URL.Query().Get("page") + ".json"
}

func TestReplayOfRemoteGivesTheRightPeople(t *testing.T) {
	const company = "6f2d0001-5b1e-4c0d-9a77-000000000001"
	token := core.Answers{"apiToken": "ra_live_1"}
	side := map[string]string{
		"/v1/companies": "companies.json", "/v1/custom-fields": "custom-fields.json",
		"/v1/companies/" + company + "/legal-entities":                     "legal-entities.json",
		"/v1/company/" + company + "/cost-center-allocations":              "cost-center-allocations.json",
		remoteList + "/6f2d0065-5b1e-4c0d-9a77-000000000065/custom-fields": "employments.id.custom-fields.json",
	}
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "remote", lists: remoteFiles, files: side}, token, "replay")
	})
	t.Run("with nothing but the list", func(t *testing.T) {
		replayed(t, &replay{id: "remote", lists: inTurn(remoteList)}, token, "replay.bare")
	})
}
