package connectors

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/core"
)

// sesamePages serves the lists by page and the calls for one person by the last three
// digits of his id, which the samples are named after.
func sesamePages(r *http.Request, _ int) string {
	one, isManagers := strings.CutSuffix(r.URL.Path, "/managers")
	one, isContracts := strings.CutPrefix(one, "/contract/v1/contracts/")
	switch {
	case r.URL.Path == "/core/v3/employees":
		return fmt.Sprintf("employees.%s.json", r.URL.Query().Get("page"))
	case isManagers:
		return fmt.Sprintf("employees.id.managers.%d.json", lastHex(one))
	case isContracts:
		return fmt.Sprintf("contracts.%d.json", lastHex(one))
	}
	return ""
}

func lastHex(id string) (n int) {
	_, _ = fmt.Sscanf(id[strings.LastIndex(id, "-")+1:], "%x", &n) // else there is no such file
	return n
}

func TestReplayOfSesameHR(t *testing.T) {
	answers := core.Answers{"apiToken": "eyJ0"}
	t.Run("all calls", func(t *testing.T) {
		replayed(t, &replay{id: "sesamehr", lists: sesamePages, files: map[string]string{
			"/core/v3/employee-department-assignations": "employee-department-assignations.json",
			"/core/v3/employee-office-assignations":     "employee-office-assignations.json",
		}}, answers, "replay")
	})
	t.Run("employees alone", func(t *testing.T) {
		replayed(t, &replay{id: "sesamehr", lists: func(r *http.Request, n int) string {
			if r.URL.Path != "/core/v3/employees" {
				return ""
			}
			return sesamePages(r, n)
		}}, answers, "replay.bare")
	})
}

func TestSesameHRSaysWhichPartsThePlanLacks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/contract/"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasSuffix(r.URL.Path, "/managers"):
			w.WriteHeader(http.StatusNotFound) // somebody without managers
		default:
			_, _ = w.Write([]byte(`{"data":[{"id":"3f6a"}],"meta":{"currentPage":1,"lastPage":1,"total":1,"perPage":1}}`))
		}
	}))
	defer server.Close()
	source, err := All().Source("sesamehr", core.Answers{"apiToken": "eyJ0"}, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	h, err := source.Check(t.Context())
	if err != nil || h.People != 1 {
		t.Fatal(h, err)
	}
	for _, r := range h.Rights {
		if r.Granted == (r.Permission.ID == "contracts") {
			t.Errorf("%s is granted: %v", r.Permission.ID, r.Granted)
		}
	}
}
