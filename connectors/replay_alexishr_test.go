package connectors

import (
	"testing"

	"rollcall/core"
)

var alexisLists = map[string]string{"/v1/company": "companies.json", "/v1/cost-center": "cost-centers.json", "/v1/department": "departments.json",
	"/v1/employee-team-reference": "employee-team-references.json", "/v1/employment-type": "employment-types.json", "/v1/employment": "employments.json",
	"/v1/leave-type": "leave-types.json", "/v1/leave": "leaves.json", "/v1/office": "offices.json", "/v1/team": "teams.json"}

func TestAlexisHRSamplesGiveTheRightPeople(t *testing.T) {
	answers := core.Answers{"accessToken": "eyJ0"}
	t.Run("with every list", func(t *testing.T) {
		replayed(t, &replay{id: "alexishr", lists: inTurn("/v1/employee"), files: alexisLists}, answers, "replay")
	})
	t.Run("without any other list", func(t *testing.T) {
		replayed(t, &replay{id: "alexishr", lists: inTurn("/v1/employee")}, answers, "replay.bare")
	})
}
