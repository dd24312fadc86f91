package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

const kenjoAPI = "/api/v1"

// kenjoLists are lists of people, each in one file.
var kenjoLists = map[string]string{
	kenjoAPI + "/auth/login":                  "auth-login.json",
	kenjoAPI + "/employees/accounts":          "employees-accounts.json",
	kenjoAPI + "/employees/personals":         "employees-personals.json",
	kenjoAPI + "/employees/works":             "employees-works.json",
	kenjoAPI + "/employees/addresses":         "employees-addresses.json",
	kenjoAPI + "/employees/homes":             "employees-homes.json",
	kenjoAPI + "/companies":                   "companies.json",
	kenjoAPI + "/offices":                     "offices.json",
	kenjoAPI + "/departments":                 "departments.json",
	kenjoAPI + "/custom-fields":               "custom-fields.json",
	kenjoAPI + "/compensation/contracts":      "compensation-contracts.json",
	kenjoAPI + "/compensation/contract-types": "compensation-contract-types.json",
}

func nothingElse(*http.Request, int) string { return "" }

func TestReplayOfKenjoGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"apiKey": "f81d4fae"}
	t.Run("with all lists", func(t *testing.T) {
		replayed(t, &replay{id: "kenjo", lists: nothingElse, files: kenjoLists}, answers, "replay")
	})
	bare := map[string]string{}
	for _, path := range []string{"/auth/login", "/employees/accounts", "/employees/personals", "/employees/works"} {
		bare[kenjoAPI+path] = kenjoLists[kenjoAPI+path]
	}
	t.Run("with the needed lists alone", func(t *testing.T) {
		replayed(t, &replay{id: "kenjo", lists: nothingElse, files: bare}, answers, "replay.bare")
	})
}
