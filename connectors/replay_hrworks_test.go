package connectors

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const hrworksList = "/v2/persons/master-data"

func hrworksByPage(r *http.Request, _ int) string {
	if r.URL.Path != hrworksList {
		return ""
	}
	return "employees." + r.URL.Query().Get("page") + ".json"
}

func TestReplayOfHRworksGivesTheRightPeople(t *testing.T) {
	token := map[string]string{"/v2/authentication": "authentication.json"}
	keys := core.Answers{"accessKey": "aBcD1234", "secretAccessKey": "eFgH5678"}
	for name, pages := range map[string]func(*http.Request, int) string{"by page": hrworksByPage, "page after page": inTurn(hrworksList)} {
		t.Run(name, func(t *testing.T) {
			replayed(t, &replay{id: "hrworks", lists: pages, files: token}, keys, "replay")
		})
	}
}

// readOf gives the people of answers by path; other paths are not found.
func readOf(t *testing.T, id string, a core.Answers, bodies map[string]string) []map[string]string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(body)) // the client is gone: nobody is left to tell
	}))
	defer server.Close()
	source, err := All().Source(id, a, core.Env{Now: func() time.Time { return conform.Day }, Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	var people []map[string]string
	for p, err := range source.People(rest.WithClock(t.Context(), conform.NewClock(conform.Day), 0), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, p.Map())
	}
	return people
}

func TestHRworksFindsSuperiorsWithoutASignInName(t *testing.T) {
	bodies := map[string]string{"/v2/authentication": `{"token":"x"}`, hrworksList: `{"persons":[{"personLicenseNumber":"1","personId":null,"personnelNumber":"07"},
		{"personLicenseNumber":"2","personId":"b","superior":{"personId":null,"personnelNumber":"07"}},{"personLicenseNumber":"3","personId":"c"},
		{"personLicenseNumber":"4","superior":{"personId":"b","personnelNumber":"07"}}]}`}
	managers := map[string]string{"1": "", "2": "1", "3": "", "4": "2"}
	for _, p := range readOf(t, "hrworks", core.Answers{"accessKey": "aBcD1234", "secretAccessKey": "eFgH5678"}, bodies) {
		if want := managers[p["externalId"]]; p["managerId"] != want {
			t.Errorf("the manager of %s is %q, and should be %q", p["externalId"], p["managerId"], want)
		}
	}
}
