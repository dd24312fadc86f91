package sagepeople

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/core"
)

var answers = core.Answers{"loginHost": "https://login.salesforce.com", "auth": "password", "clientId": "c", "clientSecret": "s", "username": "u", "password": "p", "via": "api"}

// read reads from a server that signs in to an instance, and answers everything else alike.
func read(t *testing.T, instance string, status int, body string) (asked string, err error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			fmt.Fprintf(w, `{"access_token":"a","instance_url":%q}`, instance)
			return
		}
		asked = r.Header.Get("X-Forwarded-Host")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	defer s.Close()
	source, err := NewSource(answers, core.Env{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range source.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			return asked, err
		}
	}
	return asked, nil
}

func TestDataIsAskedForWhereTheSignInSays(t *testing.T) {
	if asked, err := read(t, "https://corp.my.salesforce.com", http.StatusNoContent, ""); err != nil || asked != "corp.my.salesforce.com" {
		t.Errorf("asked %q, %v", asked, err)
	}
}

func TestTokenGoesToSalesforceAlone(t *testing.T) {
	for _, instance := range []string{"", "https://salesforce.com.evil.example", "http://corp.my.salesforce.com", "https://evilsalesforce.com"} {
		if asked, err := read(t, instance, http.StatusNoContent, ""); !core.HasCode(err, core.BadData) || asked != "" {
			t.Errorf("%q: asked %q, %v", instance, asked, err)
		}
	}
}

func TestAllowanceThatIsUsedUpIsNoMissingPermission(t *testing.T) {
	_, err := read(t, "https://corp.my.salesforce.com", http.StatusForbidden, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`)
	if !core.HasCode(err, core.RateLimited) {
		t.Error(err)
	}
}

func TestStatusWordsOfACompanyMeanLeave(t *testing.T) {
	for word, want := range map[string]bool{"on leave": true, "leaver": false, "sabbatical": true, "current": false} {
		if away(word, "Career break, Sabbatical") != want {
			t.Errorf("%q means leave: %v", word, !want)
		}
	}
}
