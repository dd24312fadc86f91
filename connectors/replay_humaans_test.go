package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"rollcall/core"
)

func humaansPages(r *http.Request, _ int) string {
	skip, _ := strconv.Atoi(r.URL.Query().Get("$skip"))
	if r.URL.Path != "/api/people" {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", skip/3+1)
}

var humaansLists = map[string]string{"/api/me": "me.json", "/api/job-roles": "job-roles.json", "/api/locations": "locations.json",
	"/api/companies": "companies.json", "/api/custom-fields": "custom-fields.json", "/api/custom-values": "custom-values.json"}

func TestReplayOfHumaans(t *testing.T) {
	replayed(t, &replay{id: "humaans", lists: humaansPages, files: humaansLists}, core.Answers{"accessToken": "P9IA"}, "replay")
}

func TestReplayOfHumaansWithoutDefinitions(t *testing.T) {
	files := map[string]string{"/api/job-roles": "job-roles.json", "/api/locations": "locations.json", "/api/companies": "companies.json", "/api/custom-values": "custom-values.json"}
	replayed(t, &replay{id: "humaans", lists: inTurn("/api/people"), files: files}, core.Answers{"accessToken": "P9IA"}, "replay")
}
