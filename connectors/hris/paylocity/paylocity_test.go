package paylocity

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/core"
)

func TestLevelsAreWhatTheirDescriptionsOrAPersonSay(t *testing.T) {
	for name, c := range map[string]struct {
		descriptions [3]string
		answers      core.Answers
		want         map[string]string
	}{
		"nothing is said":     {[3]string{}, nil, map[string]string{"department": "1", "division": "2", "costCenter": "3"}},
		"described otherwise": {[3]string{"cost center", "location", "department"}, core.Answers{"divisionLevel": "auto"}, map[string]string{"department": "3", "division": "2", "costCenter": "1"}},
		"usual one is taken":  {[3]string{"department", "cost centre", ""}, nil, map[string]string{"department": "1", "division": "", "costCenter": "2"}},
		"chosen":              {[3]string{"department", "division", ""}, core.Answers{"departmentLevel": "2", "divisionLevel": "none"}, map[string]string{"department": "2", "division": "none", "costCenter": "3"}},
	} {
		all := map[string]level{}
		for i, d := range c.descriptions {
			all[numbers[i]] = level{description: d}
		}
		if diff := cmp.Diff(c.want, places(all, c.answers)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRefusalAfterGoodAnswersIsAQuotaThatIsUsedUp(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/token"):
			fmt.Fprint(w, `{"access_token":"a","expires_in":3600}`)
		case r.URL.Query().Get("nextToken") == "" && strings.HasSuffix(r.URL.Path, "/employees"):
			fmt.Fprint(w, `{"employees":[{"id":"1"}],"nextToken":"n"}`)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer s.Close()
	source, err := NewSource(core.Answers{"companyId": "S1", "clientId": "c", "clientSecret": "s", "environment": "production"}, core.Env{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range source.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			break
		}
	}
	if !core.HasCode(err, core.RateLimited) {
		t.Error(err)
	}
}
