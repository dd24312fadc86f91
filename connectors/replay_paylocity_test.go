package connectors

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"rollcall/core"
)

func paylocityPages(r *http.Request, _ int) string {
	if !strings.EqualFold(r.URL.Path, "/coreHr/v1/companies/S2222/employees") {
		return ""
	}
	if r.URL.Query().Get("nextToken") == "" {
		return "employees.1.json"
	}
	return "employees.2.json"
}

func paylocityWebLink(r *http.Request, _ int) string {
	const list = "/api/v2/companies/S2222/employees"
	switch {
	case r.URL.Path == list && r.URL.Query().Get("pagenumber") == "0":
		return "weblink-employees.1.json"
	case strings.HasPrefix(r.URL.Path, list+"/"):
		return "weblink-employee." + path.Base(r.URL.Path) + ".json"
	case path.Base(r.URL.Path) == "costcenter1":
		return "weblink-codes.costcenter1.json"
	case r.URL.Path == "/IdentityServer/connect/token":
		return "token.json"
	case r.URL.Path == list:
		return "empty.json"
	}
	return ""
}

func TestPaylocityReplayGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"companyId": "S2222", "clientId": "abc123", "clientSecret": "s3cr3t"}
	const token = "/public/security/v1/token"
	t.Run("NextGen", func(t *testing.T) {
		files := map[string]string{token: "token.json", "/apiHub/corehr/v1/companies/S2222/costCentersAndLevels": "costCentersAndLevels.json"}
		replayed(t, &replay{id: "paylocity", lists: paylocityPages, files: files}, answers, "replay")
	})
	t.Run("NextGen without levels", func(t *testing.T) {
		replayed(t, &replay{id: "paylocity", lists: paylocityPages, files: map[string]string{token: "token.json"}}, answers, "replay.bare")
	})
	t.Run("WebLink", func(t *testing.T) {
		answers := core.Answers{"companyId": "S2222", "clientId": "abc123", "clientSecret": "s3cr3t", "apiFamily": "weblink"}
		replayed(t, &replay{id: "paylocity", lists: paylocityWebLink}, answers, "replay.weblink")
	})
}
