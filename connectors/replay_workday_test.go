package connectors

import (
	"fmt"
	"net/http"
	"testing"

	"rollcall/core"
)

var (
	workdayReport = core.Answers{"reportUrl": "https://wd3-impl-services1.workday.com/ccx/service/customreport2/balticworks1/ISU_Roster/Roster", "username": "ISU_Roster", "password": "w1"}
	workdaySOAP   = core.Answers{"api": "soap", "host": "wd3-impl-services1.workday.com", "tenant": "balticworks1", "username": "ISU_Roster", "password": "w1"}
)

// workdayPages serves page after page, and nothing that is asked for in between.
func workdayPages(r *http.Request, n int) string {
	if r.URL.Path != "/ccx/service/balticworks1/Human_Resources/v44.0" {
		return ""
	}
	return fmt.Sprintf("employees.%d.xml", n+1)
}

func TestReplayOfWorkday(t *testing.T) {
	t.Run("report", func(t *testing.T) {
		replayed(t, &replay{id: "workday", lists: inTurn("/ccx/service/customreport2/balticworks1/ISU_Roster/Roster")}, workdayReport, "replay")
	})
	t.Run("SOAP", func(t *testing.T) {
		replayed(t, &replay{id: "workday", lists: workdayPages}, workdaySOAP, "replay.soap")
	})
}
