package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"rollcall/core"
)

const afasBase = "/ProfitRestServices/"

func afasRows(r *http.Request, _ int) string {
	skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
	if r.URL.Path != afasBase+"connectors/Profit_Employees" {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", skip/3+1)
}

func TestReplayOfAFAS(t *testing.T) {
	answers := core.Answers{"environment": "12345", "token": "0A1B"}
	t.Run("with chart and employers", func(t *testing.T) {
		replayed(t, &replay{id: "afas", lists: afasRows, files: map[string]string{
			afasBase + "connectors/Profit_OrganizationChart": "organization-chart.json",
			afasBase + "connectors/Profit_Employers":         "employers.json",
			afasBase + "MetaInfo/get/Profit_Employees":       "metainfo-get-profit-employees.json",
		}}, answers, "replay")
	})
	t.Run("page after page, without anything else", func(t *testing.T) {
		replayed(t, &replay{id: "afas", lists: inTurn(afasBase + "connectors/Profit_Employees")}, answers, "replay.bare")
	})
}
