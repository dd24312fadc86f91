package connectors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// replay serves a vendor's sample files plainly, as somebody would who has nothing but
// the files: answers by method and path, no check of anything.
type replay struct {
	id    string
	lists func(r *http.Request, n int) string // the file of a page, by the request and how many pages came before
	files map[string]string                   // path → file

	mu    sync.Mutex
	pages int
}

func (r *replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	file := r.files[req.URL.Path]
	if file == "" {
		if file = r.lists(req, r.pages); file != "" {
			r.pages++
		}
	}
	data, err := os.ReadFile(filepath.Join(folder(r.id), "testdata", "replay", file))
	if file == "" || err != nil {
		http.NotFound(w, req)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // the client is gone: nobody is left to tell
}

func readReplay(t *testing.T, r *replay, a core.Answers, want core.Want) []map[string]string {
	t.Helper()
	server := httptest.NewServer(r)
	defer server.Close()
	source, err := All().Source(r.id, a, core.Env{Now: func() time.Time { return conform.Day }, Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	var people []map[string]string
	for p, err := range source.People(rest.WithClock(t.Context(), conform.NewClock(conform.Day), 0), want) {
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, p.Map())
	}
	return people
}

var (
	bambooAnswers    = core.Answers{"companyDomain": "alderwick", "apiKey": "59d783083f"}
	personioAnswers  = core.Answers{"clientId": "papi-1", "clientSecret": "papi-2"}
	personioAnswers2 = core.Answers{"clientId": "papi-1", "clientSecret": "papi-2", "api": "v2"}
	officientAnswers = core.Answers{"accessToken": "eyJ0"}
)

const (
	bambooData   = "/api/v2/datasets/employee/data"
	bambooFields = "/api/v1_2/datasets/employee/fields"
	bambooFirm   = "/api/v1/company_information"
	personioList = "/v1/company/employees"
)

func bambooPages(r *http.Request, _ int) string {
	var q struct{ Page int }
	if r.URL.Path != bambooData || json.NewDecoder(r.Body).Decode(&q) != nil {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", q.Page)
}

func personioByOffset(r *http.Request, _ int) string {
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	if r.URL.Path != personioList {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", offset/3+1)
}

func officientFiles(r *http.Request, _ int) string {
	if id, ok := strings.CutPrefix(r.URL.Path, "/1.0/people/"); ok && strings.HasSuffix(id, "/detail") {
		return "person-detail." + strings.TrimSuffix(id, "/detail") + ".json"
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	if r.URL.Path != "/1.0/people/list" {
		return ""
	}
	return fmt.Sprintf("employees.%d.json", page+1)
}

func personioV2Files(r *http.Request, _ int) string {
	if id, ok := strings.CutPrefix(r.URL.Path, "/v2/persons/"); ok {
		return "v2.employments." + strings.TrimSuffix(id, "/employments") + ".json"
	}
	switch {
	case r.URL.Path != "/v2/persons":
		return ""
	case r.URL.Query().Get("cursor") == "":
		return "v2.persons.1.json"
	}
	return "v2.persons.2.json"
}

func inTurn(path string) func(*http.Request, int) string {
	return func(r *http.Request, n int) string {
		if r.URL.Path != path {
			return ""
		}
		return fmt.Sprintf("employees.%d.json", n+1)
	}
}

func TestReplayOfSamplesGivesTheRightPeople(t *testing.T) {
	for name, c := range map[string]struct {
		replay  *replay
		answers core.Answers
		golden  string
	}{
		"bamboohr":                  {&replay{id: "bamboohr", lists: bambooPages, files: map[string]string{bambooFields: "dataset-fields.json", bambooFirm: "company-information.json"}}, bambooAnswers, "replay"},
		"bamboohr without any list": {&replay{id: "bamboohr", lists: bambooPages}, bambooAnswers, "replay.bare"},
		"personio":                  {&replay{id: "personio", lists: personioByOffset, files: map[string]string{"/v1/auth": "auth.json", personioList + "/attributes": "attributes.json"}}, personioAnswers, "replay"},
		"personio page after page, without attributes": {&replay{id: "personio", lists: inTurn(personioList), files: map[string]string{"/v1/auth": "auth.json"}}, personioAnswers, "replay"},
		"personio v2":                   {&replay{id: "personio", lists: personioV2Files, files: map[string]string{"/v2/auth/token": "v2.token.json", "/v2/legal-entities": "v2.legal-entities.json"}}, personioAnswers2, "replay.v2"},
		"officient":                     {&replay{id: "officient", lists: officientFiles, files: map[string]string{"/1.0/custom_fields/list": "custom-fields.json"}}, officientAnswers, "replay"},
		"officient without definitions": {&replay{id: "officient", lists: officientFiles}, officientAnswers, "replay"},
	} {
		t.Run(name, func(t *testing.T) {
			replayed(t, c.replay, c.answers, c.golden)
		})
	}
}

// replayed compares what a replay gives with a golden file, which stands for a careful
// reading of the samples by the fact sheet.
func replayed(t *testing.T, r *replay, a core.Answers, golden string) {
	t.Helper()
	got := readReplay(t, r, a, core.Want{Leavers: -1})
	file := filepath.Join(folder(r.id), "testdata", golden+".people.json")
	if *update {
		write(t, file, got)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []map[string]string
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPathsOfTheVendorsRecordCanBeWanted(t *testing.T) {
	for name, c := range map[string]struct {
		replay     *replay
		answers    core.Answers
		path, want string
	}{
		"bamboohr":                  {&replay{id: "bamboohr", lists: bambooPages}, bambooAnswers, "response.middleName", "Jan"},
		"bamboohr, whole":           {&replay{id: "bamboohr", lists: bambooPages}, bambooAnswers, "response.fields.middleName", "Jan"},
		"personio":                  {&replay{id: "personio", lists: personioByOffset, files: map[string]string{"/v1/auth": "auth.json", personioList + "/attributes": "attributes.json"}}, personioAnswers, "response.attributes.supervisor.value.attributes.first_name.value", "Anneliese"},
		"personio v2":               {&replay{id: "personio", lists: personioV2Files, files: map[string]string{"/v2/auth/token": "v2.token.json"}}, personioAnswers2, "response.created_at", "2019-01-07T08:12:44Z"},
		"officient":                 {&replay{id: "officient", lists: officientFiles}, officientAnswers, "response.team.id", "80"},
		"officient, nobody may see": {&replay{id: "officient", lists: officientFiles}, officientAnswers, "response.nationality_country_code", ""},
	} {
		t.Run(name, func(t *testing.T) {
			people := readReplay(t, c.replay, c.answers, core.Want{Fields: []string{c.path}, Leavers: -1})
			if got := people[1][c.path]; got != c.want || len(people) != 6 {
				t.Errorf("the second of %d people has %q, and should have %q", len(people), got, c.want)
			}
		})
	}
}
