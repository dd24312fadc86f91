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

func TestHumaansTakesTheRoleThatBeganLastWhereNoneHolds(t *testing.T) {
	people := readOf(t, "humaans", core.Answers{"accessToken": "P9IA"}, map[string]string{
		"/api/people": `{"total":2,"data":[{"id":"1","status":"offboarded","employmentStartDate":"2018-01-01"},{"id":"2","status":"newHire","employmentStartDate":"2035-01-01"}]}`,
		"/api/job-roles": `{"total":4,"data":[{"personId":"1","jobTitle":"Longer","effectiveDate":"2018-01-01","endDate":"2022-12-31"},{"personId":"1","jobTitle":"Last","effectiveDate":"2020-01-01","endDate":"2021-12-31"},
			{"personId":"2","jobTitle":"Second","effectiveDate":"2036-01-01"},{"personId":"2","jobTitle":"First","effectiveDate":"2035-01-01"}]}`})
	if people[0]["jobTitle"] != "Last" || people[1]["jobTitle"] != "First" {
		t.Error(people)
	}
}
