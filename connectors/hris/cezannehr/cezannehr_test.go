package cezannehr

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

func TestNextLinksLeadOnWhateverTheyName(t *testing.T) {
	const list = "/cezanneondemand/v7/dataservice.svc/allpeoplesearch"
	for name, link := range map[string]string{
		"a whole address":     "https://w3.cezanneondemand.com" + list + "?$skiptoken='P2'",
		"another host":        "https://elsewhere.example" + list + "?$skiptoken='P2'",
		"a path":              list + "?$skiptoken='P2'",
		"the set alone":       "allpeoplesearch?$skiptoken='P2'",
		"nothing but a query": "?$skiptoken='P2'",
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/OAuth/Token"):
					fmt.Fprint(w, `{"access_token":"made-up","expires_in":3600}`)
				case r.URL.Path != list:
					http.NotFound(w, r)
				case r.URL.Query().Get("$skiptoken") == "'P2'":
					fmt.Fprint(w, `{"value":[{"PERSONID":"2"}]}`)
				default:
					fmt.Fprintf(w, `{"value":[{"PERSONID":"1"}],"odata.nextLink":%q}`, link)
				}
			}))
			defer server.Close()
			source, err := NewSource(core.Answers{"subdomain": "w3", "tenant": "tidewick", "clientId": "9d1e", "clientSecret": "vB7", "scope": "API read access"},
				core.Env{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }, Base: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, err := range source.People(t.Context(), core.Want{Leavers: -1}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != 2 {
				t.Errorf("%d people came", n)
			}
		})
	}
}
