package connectors

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"rollcall/core"
)

func youforceLists(r *http.Request, _ int) string {
	name, page := path.Base(r.URL.Path), "1"
	if r.URL.Query().Has("nextToken") {
		page = "2"
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/extensions/"):
		return "extensions." + name + ".json"
	case name == "persons":
		return "employees." + page + ".json"
	case name == "employments":
		return "employments." + page + ".json"
	}
	return name + ".json"
}

func TestReplayOfYouforce(t *testing.T) {
	answers := core.Answers{"clientId": "isv_rostersync", "clientSecret": "s", "tenantId": "b7c0"}
	tokens := map[string]string{"/connect/token": "token.json"}
	t.Run("all lists", func(t *testing.T) {
		replayed(t, &replay{id: "youforce", lists: youforceLists, files: tokens}, answers, "replay")
	})
	t.Run("persons and employments alone", func(t *testing.T) {
		replayed(t, &replay{id: "youforce", files: tokens, lists: func(r *http.Request, n int) string {
			if file := youforceLists(r, n); strings.HasPrefix(file, "employ") {
				return file
			}
			return ""
		}}, answers, "replay.bare")
	})
}
