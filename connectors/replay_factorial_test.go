package connectors

import (
	"testing"

	"rollcall/core"
)

const factorialRoot = "/api/2026-07-01/resources"

var factorialLists = map[string]string{factorialRoot + "/companies/legal_entities": "companies-legal_entities.json",
	factorialRoot + "/contracts/contract_versions": "contracts-contract_versions.json", factorialRoot + "/custom_fields/fields": "custom_fields-fields.json",
	factorialRoot + "/custom_fields/values": "custom_fields-values.json", factorialRoot + "/finance/cost_centers": "finance-cost_centers.json",
	factorialRoot + "/finance/cost_center_memberships": "finance-cost_center_memberships.json", factorialRoot + "/locations/locations": "locations-locations.json",
	factorialRoot + "/teams/teams": "teams-teams.json", factorialRoot + "/timeoff/leaves": "timeoff-leaves.json"}

func TestFactorialSamplesGiveTheRightPeople(t *testing.T) {
	answers := core.Answers{"apiKey": "xxxxx.yyyyy.zzzzz"}
	t.Run("with every list of the samples", func(t *testing.T) {
		replayed(t, &replay{id: "factorial", lists: inTurn(factorialRoot + "/employees/employees"), files: factorialLists}, answers, "replay")
	})
	t.Run("without any other list", func(t *testing.T) {
		replayed(t, &replay{id: "factorial", lists: inTurn(factorialRoot + "/employees/employees")}, answers, "replay.bare")
	})
}
