package jumpcloud_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/jumpcloud"
	"rollcall/core"
)

// TestGroupsAreReadWhereNobodyTellsThoseOfAPerson: the fact sheet knows the members of a
// group only.
func TestGroupsAreReadWhereNobodyTellsThoseOfAPerson(t *testing.T) {
	for _, status := range []int{400, 404, 405, 501} {
		s, err := emulate.Start("jumpcloud", emulate.Setup{Writing: wire.Writing{Empty: true}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		behind, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) }}
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/memberof") {
				http.Error(w, `{"message":"no such method"}`, status)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(front.Close)
		answers := core.Answers{"groups": "Engineering\nContractors"}
		for id, value := range s.Options {
			answers[id] = core.Secret(value)
		}
		target, err := jumpcloud.NewTarget(answers, core.Env{Base: front.URL})
		if err != nil {
			t.Fatal(err)
		}
		id := made(t, target, with(ada(1), core.Groups, "Engineering"))
		write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Groups: "Contractors"}})
		a, err := target.Account(t.Context(), id, nil)
		if err != nil || a.Value(core.Groups) != "Contractors" {
			t.Errorf("%d: in %q, %v", status, a.Value(core.Groups), err)
		}
	}
}
