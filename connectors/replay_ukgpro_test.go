package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

var ukgAnswers = core.Answers{"host": "service4.ultipro.com", "username": "MILL_SYNC", "password": "n8T!", "customerApiKey": "5KX2A"}

// ukgPages serves the two long lists by page.
func ukgPages(r *http.Request, _ int) string {
	page := "." + r.URL.Query().Get("page") + ".json"
	switch r.URL.Path {
	case "/personnel/v1/person-details":
		return "employees" + page
	case "/personnel/v1/employment-details":
		return "employment-details" + page
	}
	return ""
}

func TestReplayOfUKGProGivesTheRightPeople(t *testing.T) {
	side := map[string]string{ // the same at every page, as of a system that has no pages
		"/personnel/v1/employee-multi-phone-numbers": "employee-multi-phone-numbers.json", "/personnel/v1/employee-supervisor-details": "employee-supervisor-details.json",
		"/personnel/v1/user-defined-fields": "user-defined-fields.json", "/configuration/v1/org-levels": "org-levels.json",
		"/configuration/v1/locations": "locations.json", "/configuration/v1/jobs": "jobs.json",
	}
	for golden, files := range map[string]map[string]string{"replay": side, "replay.bare": nil} {
		t.Run(golden, func(t *testing.T) {
			replayed(t, &replay{id: "ukgpro", lists: ukgPages, files: files}, ukgAnswers, golden)
		})
	}
}
