package custom

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// api is an HR system that nobody has heard of.
func api(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/token" && r.PostFormValue("client_secret") == "s3cret":
		fmt.Fprint(w, `{"access_token":"t1","expires_in":60}`)
	case r.Header.Get("Authorization") != "Bearer t1" && r.Header.Get("X-Key") != "k1":
		w.WriteHeader(401)
	case r.URL.Path != "/v1/people" || r.URL.Query().Get("all") != "yes":
		w.WriteHeader(404)
	case r.URL.Query().Get("p") == "0" || r.URL.Query().Get("c") == "" && !r.URL.Query().Has("p"):
		fmt.Fprint(w, `{"d":{"rows":[{"no":7,"n":{"f":"Ada"},"st":"EMPLOYED","from":"2020-01-01T00:00:00Z","shoe":{"size":42}},{"no":8,"st":"gone"}],"n":3,"next":"x"}}`)
	case r.URL.Query().Get("p") == "1" || r.URL.Query().Get("c") == "x":
		fmt.Fprint(w, `{"d":{"rows":[{"no":9,"st":"EMPLOYED","from":"2027-01-01"}],"n":3,"next":null}}`)
	default:
		fmt.Fprint(w, `{"d":{"rows":[],"n":3}}`)
	}
}

var truth = []map[string]string{
	{"externalId": "7", "firstName": "Ada", "startDate": "2020-01-01", "employmentStatus": "active", "custom.shoe.size": "42"},
	{"externalId": "8", "employmentStatus": "terminated"},
	{"externalId": "9", "startDate": "2027-01-01", "employmentStatus": "future"},
}

func answers(t *testing.T, base string, more core.Answers) core.Answers {
	t.Helper()
	a := core.Answers{"baseUrl": core.Secret(base + "/v1"), "listPath": "/people?all=yes", "rows": "d.rows", "idPath": "no", "totalPath": "d.n",
		"fields": "firstName: n.f\n\nstartDate: from", "statusPath": "st", "activeWords": "employed", "leftWords": "gone, sacked"}
	for id, v := range more {
		a[id] = v
	}
	full, err := Spec().Complete(a)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

func read(t *testing.T, a core.Answers) []map[string]string {
	t.Helper()
	source, err := NewSource(a, core.Env{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	for p, err := range source.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Map())
	}
	return got
}

func TestDescribedAPIIsRead(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(api))
	defer s.Close()
	for name, more := range map[string]core.Answers{
		"pages, token call": {"auth": "oauth", "tokenUrl": core.Secret(s.URL + "/token"), "clientId": "c", "clientSecret": "s3cret", "paging": "page", "pageParam": "p", "firstPage": "0"},
		"cursor, header":    {"auth": "header", "headerName": "X-Key", "headerValue": "k1", "paging": "cursor", "pageParam": "c", "nextPath": "d.next", "sizeParam": "n"},
	} {
		t.Run(name, func(t *testing.T) {
			a := answers(t, s.URL, more)
			if diff := cmp.Diff(truth, read(t, a)); diff != "" {
				t.Error(diff)
			}
			written, err := Manifest(a)
			if err != nil || strings.Contains(string(written), "s3cret") || strings.Contains(string(written), "k1") {
				t.Fatalf("the manifest holds a secret, or %v:\n%s", err, written)
			}
			elsewhere := core.Answers{"how": "manifest", "manifest": core.Secret(written)}
			for _, id := range []string{"auth", "clientId", "clientSecret", "headerValue"} {
				if v, ok := more[id]; ok {
					elsewhere[id] = v
				}
			}
			full, err := Spec().Complete(elsewhere)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(truth, read(t, full)); diff != "" {
				t.Errorf("from the exported manifest:\n%s", diff)
			}
		})
	}
}

func TestUnusableDescriptionsAreRefusedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct {
		change core.Answers
		says   string
	}{
		"field that nobody knows": {core.Answers{"fields": "forename: a"}, "forename"},
		"line without a path":     {core.Answers{"fields": "firstName"}, "Line 1"},
		"list elsewhere":          {core.Answers{"listPath": "https://evil.example/people"}, "evil.example"},
		"manifest of nothing":     {core.Answers{"how": "manifest", "manifest": "id: x"}, "description of the API"},
		"manifest of no people":   {core.Answers{"how": "manifest", "manifest": "id: x\nname: X\ncategory: hr\ncolour: '#000000'\nsource: true"}, "how people are read"},
	} {
		t.Run(name, func(t *testing.T) {
			a := answers(t, "https://hr.corp.example", core.Answers{"token": "t1"})
			for id, v := range c.change {
				a[id] = v
			}
			_, err := NewSource(a, core.Env{})
			if !core.HasCode(err, core.BadOption) || !strings.Contains(core.AsProblem(err).What, c.says) {
				t.Errorf("got %v, which should say %q", err, c.says)
			}
		})
	}
}

func FuzzManifest(f *testing.F) {
	f.Add("firstName: a.b", "data", "/people?x={today}", "https://hr.corp.example")
	f.Fuzz(func(t *testing.T, fields, rows, path, base string) {
		written, err := Manifest(core.Answers{"fields": core.Secret(fields), "rows": core.Secret(rows), "listPath": core.Secret(path), "baseUrl": core.Secret(base), "idPath": "id"})
		if err == nil {
			_, _ = manifest.Read(written) // may be refused, and must not break
		}
	})
}
