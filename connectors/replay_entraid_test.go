package connectors

import (
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

func entraFiles(r *http.Request, _ int) string {
	switch path := r.URL.Path; {
	case path == "/corp.example/oauth2/v2.0/token":
		return "token.json"
	case path == "/v1.0/directory/deletedItems/microsoft.graph.user":
		return "deleted.json"
	case path == "/v1.0/users" && r.URL.Query().Get("$skiptoken") != "":
		return "users.2.json"
	case path == "/v1.0/users":
		return "users.1.json"
	case strings.HasPrefix(path, "/v1.0/users/") && r.URL.Query().Get("$select") == "birthday":
		return "birthday.json"
	}
	return ""
}

func TestReplayOfEntraIDGivesTheRightPeople(t *testing.T) {
	answers := core.Answers{"tenantId": "corp.example", "clientId": "22222222-3333", "clientSecret": "xyz8Q"}
	extensions := map[string]string{"/v1.0/directoryObjects/getAvailableExtensionProperties": "extensions.json"}
	t.Run("with extensions", func(t *testing.T) {
		replayed(t, &replay{id: "entraid", lists: entraFiles, files: extensions}, answers, "replay")
	})
	t.Run("without extensions", func(t *testing.T) {
		replayed(t, &replay{id: "entraid", lists: entraFiles}, answers, "replay")
	})
	t.Run("with guests, sign-ins and birth dates", func(t *testing.T) {
		more := core.Answers{"guests": "true", "signIns": "true", "birthdays": "true", "disabled": "terminated"}
		for id, answer := range answers {
			more[id] = answer
		}
		replayed(t, &replay{id: "entraid", lists: entraFiles}, more, "replay.more")
	})
}

func TestOlderNameOfEntraIDReadsTheSame(t *testing.T) {
	answers := core.Answers{"tenantId": "corp.example", "clientId": "22222222-3333", "clientSecret": "xyz8Q"}
	source, err := All().Source("azuread", answers, core.Env{})
	if err != nil || source == nil {
		t.Fatal(err)
	}
	older, err := All().Spec("azuread")
	if err != nil || older.Name != "Microsoft Azure AD" {
		t.Errorf("%q, %v", older.Name, err)
	}
	if newer, err := All().Spec("entraid"); err != nil || newer.Name != "Microsoft Entra ID" || len(newer.Options) != len(older.Options) {
		t.Errorf("%q, %v", newer.Name, err)
	}
}
