package connectors

import (
	"encoding/json"
	"net/http"
	"testing"

	"rollcall/core"
)

// peopleHRFiles are told apart by what their bodies ask for.
func peopleHRFiles(r *http.Request, _ int) string {
	var asked struct{ Action, EmployeeID string }
	if json.NewDecoder(r.Body).Decode(&asked) != nil {
		return ""
	}
	switch asked.Action {
	case "GetAllEmployeeDetail":
		return "employees.json"
	case "GetQueryResultByQueryName":
		return "query-result.json"
	case "GetCustomScreenByEmployeeId":
		if asked.EmployeeID == "PX2" {
			return "custom-screen.PX2.json"
		}
		return "error.status-10.json"
	}
	return ""
}

func TestReplayOfPeopleHRGivesTheRightPeople(t *testing.T) {
	t.Run("as it comes", func(t *testing.T) {
		replayed(t, &replay{id: "peoplehr", lists: peopleHRFiles}, core.Answers{"apiKey": "1a2b3c4d"}, "replay")
	})
	t.Run("with cost centres, a custom screen and payroll numbers", func(t *testing.T) {
		replayed(t, &replay{id: "peoplehr", lists: peopleHRFiles}, core.Answers{"apiKey": "1a2b3c4d", "employeeNumber": "PayrollID",
			"costCentres": "true", "costCentreQuery": "Cost centres", "customScreens": "true", "screenId": "12"}, "replay.whole")
	})
	t.Run("nobody", func(t *testing.T) {
		nobody := func(*http.Request, int) string { return "error.status-10.json" }
		if got := readReplay(t, &replay{id: "peoplehr", lists: nobody}, core.Answers{"apiKey": "1a2b3c4d"}, core.Want{Leavers: -1}); len(got) != 0 {
			t.Errorf("%d people came", len(got))
		}
	})
}
