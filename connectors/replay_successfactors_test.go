package connectors

import (
	"net/http"
	"testing"

	"rollcall/core"
)

func TestSuccessFactorsSamplesGiveTheRightPeople(t *testing.T) {
	answers := core.Answers{"apiServer": "api12.sapsf.eu", "companyId": "QUELLBERG01", "username": "sfapi_sync", "password": "secret"}
	t.Run("employee central", func(t *testing.T) {
		replayed(t, &replay{id: "successfactors", lists: inTurn("/odata/v2/PerPerson")}, answers, "replay")
	})
	users := core.Answers{"records": "user"}
	for id, v := range answers {
		users[id] = v
	}
	t.Run("users of the platform", func(t *testing.T) {
		replayed(t, &replay{id: "successfactors", lists: func(*http.Request, int) string { return "" }, files: map[string]string{"/odata/v2/User": "User.json"}}, users, "replay.user")
	})
}
