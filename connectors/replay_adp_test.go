package connectors

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"rollcall/core"
)

const adpWorkers = "/hr/v2/workers"

func adpPages(r *http.Request, _ int) string {
	skip, _ := strconv.Atoi(r.URL.Query().Get("$skip"))
	if r.URL.Path != adpWorkers {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", skip/3+1)
}

func TestReplayOfADP(t *testing.T) {
	answers := core.Answers{"clientId": "88a7", "clientSecret": "a130", // and a certificate, which nobody asks for over plain HTTP
		"certificate": "-----BEGIN CERTIFICATE-----", "privateKey": "-----BEGIN PRIVATE KEY-----"}
	t.Run("by place", func(t *testing.T) {
		replayed(t, &replay{id: "adp", lists: adpPages, files: map[string]string{"/auth/oauth/v2/token": "token.json",
			"/hcm/v1/validation-tables/departments": "validation-tables-departments.json"}}, answers, "replay")
	})
	t.Run("page after page, without tables", func(t *testing.T) {
		replayed(t, &replay{id: "adp", lists: inTurn(adpWorkers), files: map[string]string{"/auth/oauth/v2/token": "token.json"}}, answers, "replay")
	})
	t.Run("with nothing after the last page", func(t *testing.T) {
		lists := func(r *http.Request, n int) string {
			if n == 2 {
				return ""
			}
			return inTurn(adpWorkers)(r, n)
		}
		replayed(t, &replay{id: "adp", lists: lists, files: map[string]string{"/auth/oauth/v2/token": "token.json"}}, answers, "replay")
	})
}
