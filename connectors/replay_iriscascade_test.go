package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"rollcall/core"
)

func cascadeFiles(r *http.Request, _ int) string {
	skip, _ := strconv.Atoi(r.URL.Query().Get("$skip"))
	switch r.URL.Path {
	case "/hr/v2/employees":
		return fmt.Sprintf("employees.%d.json", skip/3+1)
	case "/hr/v2/jobs":
		return fmt.Sprintf("jobs.%d.json", skip/4+1)
	}
	return ""
}

func TestIRISCascadeReplayGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"clientKey": "0oab7Xk", "clientSecret": "q9Zr"}
	const token = "/oauth2/v1/token"
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "iriscascade", lists: cascadeFiles, files: map[string]string{token: "token.json", "/hr/v2/hierarchy": "hierarchy.json"}}, answers, "replay")
	})
	t.Run("with levels of the tree", func(t *testing.T) {
		answers := core.Answers{"clientKey": "0oab7Xk", "clientSecret": "q9Zr", "divisionLevel": "2", "teamLevel": "3", "legalEntityLevel": "1"}
		replayed(t, &replay{id: "iriscascade", lists: cascadeFiles, files: map[string]string{token: "token.json", "/hr/v2/hierarchy": "hierarchy.json"}}, answers, "replay.levels")
	})
	t.Run("without jobs and tree", func(t *testing.T) {
		replayed(t, &replay{id: "iriscascade", lists: inTurn("/hr/v2/employees"), files: map[string]string{token: "token.json"}}, answers, "replay.bare")
	})
}

func TestIRISCascadeTakesTheFirstPrivateAddressWithAnythingInIt(t *testing.T) {
	people := readOf(t, "iriscascade", core.Answers{"clientKey": "0oab7Xk", "clientSecret": "q9Zr"}, map[string]string{
		"/oauth2/v1/token": `{"access_token":"x","expires_in":"3599"}`,
		"/hr/v2/employees": `{"@odata.count":1,"value":[{"Id":"1","Addresses":[{"Ownership":"Organization","Address1":"No"},{"Ownership":"Personal","Address1":null,"Address2":" "},{"Ownership":"Personal","Address4":"Leeds"}]}]}`})
	if p := people[0]; p["city"] != "Leeds" || p["addressLine1"] != "" {
		t.Error(p)
	}
}
